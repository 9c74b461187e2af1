"""Projects: a `cpc.toml` that names the files, mappings and policies of a contact centre."""

from __future__ import annotations

from collections.abc import Mapping as Dictionary
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cpc_analysis.dataset import Dataset, Reading, Settings
from cpc_analysis.engine import Engine
from cpc_analysis.errors import InvalidInputError, MissingFileError
from cpc_analysis.periods import parse_period, zone_named
from cpc_analysis.policy import Costing, Counting, Definition
from cpc_analysis.presentation import Presentation
from cpc_analysis.schema import TABLES
from cpc_analysis.sources.files import read_files
from cpc_analysis.sources.inference import infer_shifts
from cpc_analysis.sources.locating import find_files
from cpc_analysis.sources.lookup import record_keys
from cpc_analysis.sources.mapped import MappedTable, apply_mapping, canonical_fields
from cpc_analysis.sources.mapping_files import find_mapping, mapping_from, read_toml, unknown_name
from cpc_analysis.tables.agents import as_given
from cpc_analysis.tables.quarantine import Quarantine, together

if TYPE_CHECKING:
    import ibis

__all__ = ["Project", "open_project", "overlaid", "read_project"]

PROJECT_FILE = "cpc.toml"
_SECTIONS = (
    "project",
    "rates",
    "counting",
    "costing",
    "budget",
    "definitions",
    "price_levels",
    "events",
    "presentation",
    "tables",
)
#: Settings that have a section of their own.
_OWN_SECTIONS = (
    "rates", "budget_variable", "budget_premiums", "definitions", "price_levels", "events", "presentation",
)  # fmt: skip
_PROJECT_KEYS = (
    "currency", "timezone", "memory_limit",
    *(f.name for f in fields(Settings) if f.name not in _OWN_SECTIONS),
)  # fmt: skip
_KINDS: dict[str, tuple[tuple[type, ...], str]] = {
    "full_time_hours": ((int, float), "a number"),
    "strict": ((bool,), "true or false"),
    "closing_days": ((int,), "a number of days"),
    "provisional": ((list,), "a list of months"),
    "agent_names": ((str,), "pseudonyms or as_given"),
    "smallest_group": ((int,), "a number of contacts"),
    "holidays": ((list,), "a list of days"),
}


@dataclass(frozen=True)
class Project:
    """What a project file states, its files read and mapped: the arguments of a `Dataset`.

    Parameters
    ----------
    path : Path
        The project file.
    engine : Engine
        Holds the tables.
    tables : mapping of str to table
        The canonical tables that the project has.
    currency, timezone : str
        Of all money; of days, months and times without a zone.
    counting, costing : Counting, Costing
        The policies.
    settings : Settings
        What else it states.
    reading : Reading
        Rows read per file, left out and set aside.
    """

    path: Path
    engine: Engine
    tables: Dictionary[str, ibis.Table]
    currency: str
    timezone: str
    counting: Counting = field(default_factory=Counting)
    costing: Costing = field(default_factory=Costing)
    settings: Settings = field(default_factory=Settings)
    reading: Reading = field(default_factory=Reading)


def open_project(path: str | Path = PROJECT_FILE) -> Dataset:
    """The dataset of a project file.

    Parameters
    ----------
    path : str or Path
        The `cpc.toml`, or the folder that holds it.

    Raises
    ------
    MissingFileError
        If the project file, a mapping or a source file is not there.
    UnknownNameError
        If a section, setting, table, verb or column is not known.
    InvalidInputError
        If a setting is missing or not of its kind.
    UnreadableFileError
        If a file is not what it claims to be.
    """
    project = read_project(path)
    return Dataset(
        project.engine,
        project.tables,
        project.currency,
        project.timezone,
        project.counting,
        project.costing,
        project.settings,
        project.reading,
    )


def read_project(path: str | Path = PROJECT_FILE) -> Project:
    """A project file's content, with its tables read and mapped.

    Parameters
    ----------
    path : str or Path
        The `cpc.toml`, or the folder that holds it.
    """
    path = _project_file(Path(path))
    stated = read_toml(path)
    for section in stated:
        if section not in _SECTIONS:
            raise unknown_name(path.name, "section", section, _SECTIONS)
    settings = _section(stated, "project", path)
    for name in settings:
        if name not in _PROJECT_KEYS:
            raise unknown_name(f"{path.name}, [project]", "setting", name, _PROJECT_KEYS)
    for name in ("currency", "timezone"):
        if name not in settings:
            raise InvalidInputError(f"{path.name}, [project] must state `{name}`, got none. Add it.")
    zone_named(str(settings["timezone"]))
    counting = Counting.from_mapping(_section(stated, "counting", path))
    costing = Costing.from_mapping(_section(stated, "costing", path))
    other = replace(
        _settings(settings, _section(stated, "rates", path), path),
        **_budget(_section(stated, "budget", path), path),
        definitions=_definitions(_section(stated, "definitions", path), counting, path),
        price_levels=_price_levels(_section(stated, "price_levels", path), path),
        events=_events(_section(stated, "events", path), path),
        presentation=Presentation.from_mapping(_section(stated, "presentation", path), path.parent),
    )
    engine = Engine.inside(settings.get("memory_limit"))
    with as_given(other.agent_names == "as_given"):
        tables, reading = _tables(engine, _section(stated, "tables", path), path, str(settings["timezone"]))
    if other.strict:
        _check_strict(reading)
    return Project(
        path,
        engine,
        tables,
        str(settings["currency"]),
        str(settings["timezone"]),
        counting,
        costing,
        other,
        reading,
    )


def _check_strict(reading: Reading) -> None:
    if not reading.set_aside:
        return
    first = reading.set_aside.rows.iloc[0]
    where = f"{first['table']}.{first['column']}" if first["column"] else first["table"]
    raise InvalidInputError(
        f"`{where}` {first['rule']}, got '{first['value']}' in row {first['row']}; "
        f"{len(reading.set_aside)} rows cannot be read as their columns want it. "
        "Mend them, or set strict = false to set them aside."
    )


def _project_file(path: Path) -> Path:
    path = path / PROJECT_FILE if path.is_dir() else path
    if not path.is_file():
        raise MissingFileError(
            f"There is no project file {path}. "
            f"Make one with `cpc init`, or name the folder that holds a {PROJECT_FILE}."
        )
    return path.resolve()


def _section(stated: Dictionary[str, Any], name: str, path: Path) -> dict[str, Any]:
    section = stated.get(name, {})
    if not isinstance(section, dict):
        raise InvalidInputError(f"{path.name}: `{name}` must be a section [{name}], got '{section}'.")
    return section


def _settings(stated: Dictionary[str, Any], rates: Dictionary[str, Any], path: Path) -> Settings:
    for name, (kinds, words) in _KINDS.items():
        if name in stated and not isinstance(stated[name], kinds):
            raise InvalidInputError(f"{path.name}, [project]: `{name}` must be {words}, got '{stated[name]}'.")
    for currency, rate in rates.items():
        if isinstance(rate, bool) or not isinstance(rate, (int, float)) or rate <= 0:
            raise InvalidInputError(
                f"{path.name}, [rates]: `{currency}` must be what one {currency} is worth, above 0, got '{rate}'."
            )
    names = [f.name for f in fields(Settings) if f.name in stated]
    given = {name: stated[name] for name in names}
    for name in ("closed_through", "complete_from", "complete_through"):
        if name in given:
            given[name] = str(given[name])
    for name in ("provisional", "holidays"):
        if name in given:
            given[name] = tuple(str(period) for period in given[name])
    return replace(Settings(rates=dict(rates)), **given)


def _budget(stated: Dictionary[str, Any], path: Path) -> dict[str, Any]:
    """What a project states of its budget, by the names of the settings."""
    kinds = {"variable": (dict, "shares by cost type, such as { telecom = 1.0 }"), "premiums": (bool, "true or false")}
    for name, value in stated.items():
        if name not in kinds:
            raise unknown_name(f"{path.name}, [budget]", "setting", name, kinds)
        kind, words = kinds[name]
        if not isinstance(value, kind):
            raise InvalidInputError(f"{path.name}, [budget]: `{name}` must be {words}, got '{value}'.")
    return {f"budget_{name}": value for name, value in stated.items()}


def _definitions(stated: Dictionary[str, Any], counting: Counting, path: Path) -> tuple[Definition, ...]:
    for name, settings in stated.items():
        if not isinstance(settings, dict):
            raise InvalidInputError(
                f"{path.name}: `definitions.{name}` must be a section [definitions.{name}], got '{settings}'."
            )
    return tuple(Definition.from_mapping(name, settings, counting) for name, settings in stated.items())


def _price_levels(stated: Dictionary[str, Any], path: Path) -> dict[str, dict[str, float]]:
    for currency, levels in stated.items():
        values = levels.values() if isinstance(levels, dict) else [levels]
        if not isinstance(levels, dict) or any(not isinstance(value, (int, float)) or value <= 0 for value in values):
            raise InvalidInputError(
                f"{path.name}, [price_levels]: `{currency}` must give years and how many times higher prices are now, "
                f"such as {currency} = {{ 2015 = 1.36 }}, got '{levels}'."
            )
    return {
        currency: {str(year): float(level) for year, level in levels.items()} for currency, levels in stated.items()
    }


def _events(stated: Dictionary[str, Any], path: Path) -> dict[str, str]:
    for period, words in stated.items():
        parse_period(period)
        if not isinstance(words, str):
            raise InvalidInputError(
                f'{path.name}, [events]: `{period}` must be a few words, such as "{period}" = "General raise", '
                f"got '{words}'."
            )
    return {str(period): words for period, words in stated.items()}


def _tables(
    engine: Engine, stated: Dictionary[str, Any], path: Path, zone: str
) -> tuple[dict[str, ibis.Table], Reading]:
    tables: dict[str, ibis.Table] = {}
    read: dict[str, dict[str, int]] = {}
    excluded: dict[str, dict[str, int]] = {}
    changes: dict[str, int] = {}
    people: dict[str, tuple[str, ...]] = {}
    set_aside: list[Quarantine] = []
    for name, entry in stated.items():
        if name not in TABLES:
            raise unknown_name(f"{path.name}, [tables]", "table", name, TABLES)
        if _is_inferred(name, entry, path):
            continue
        entries = entry if isinstance(entry, list) else [entry]
        read[name], excluded[name] = {}, {}
        mapped = [_mapped(engine, name, one, path, zone, read[name]) for one in entries]
        tables[name] = _union([one.table for one in mapped])
        for one in mapped:
            _add(excluded[name], one.excluded)
        changes[name] = sum(one.clock_changes for one in mapped)
        people[name] = tuple(dict.fromkeys(column for one in mapped for column in one.left_out))
        set_aside += [one.set_aside for one in mapped]
    if _is_inferred("shifts", stated.get("shifts"), path):
        tables["shifts"] = _inferred(tables, stated["shifts"], path)
    return tables, Reading(
        read=read,
        excluded={name: sum(files.values()) for name, files in excluded.items()},
        excluded_by_file=excluded,
        clock_changes=changes,
        left_out=people,
        set_aside=together(set_aside),
    )


def _add(counts: dict[str, int], further: Dictionary[str, int]) -> None:
    """Count further rows of files; two files of one name in two folders are counted together."""
    for file, rows in further.items():
        counts[file] = counts.get(file, 0) + rows


def _mapped(engine: Engine, table: str, entry: Any, path: Path, zone: str, read: dict[str, int]) -> MappedTable:
    """One source of a table: its files read, its mapping applied."""
    place = f"{path.name}, [tables.{table}]"
    if not isinstance(entry, dict) or not isinstance(entry.get("files"), (str, list)):
        raise InvalidInputError(f'{place} must state `files`, such as files = "data/{table}.csv".')
    inline = {key: value for key, value in entry.items() if key not in ("files", "mapping")}
    if "mapping" in entry:
        mapping = mapping_from(overlaid(find_mapping(entry["mapping"], path.parent), inline), entry["mapping"], table)
    else:
        mapping = replace(mapping_from(inline, place, table), is_canonical=True)
    source = read_files(engine, find_files(entry["files"], path.parent), mapping.form, table)
    if mapping.is_canonical:
        names = record_keys(engine, source) if source.is_json else list(source.columns)
        mapping = canonical_fields(mapping, source, names)
    _add(read, source.read)
    return apply_mapping(engine, mapping, source, zone, path.parent)


def overlaid(below: Dictionary[str, Any], above: Dictionary[str, Any]) -> dict[str, Any]:
    """The settings of a mapping under those of the project; columns, dimensions and joins go one by one."""
    both = dict(below)
    for key, value in above.items():
        nested = (
            isinstance(value, dict) and isinstance(both.get(key), dict) and key in ("columns", "dimensions", "joins")
        )
        if nested and key == "joins":
            both[key] = {
                **both[key],
                **{name: {**both[key].get(name, {}), **join} for name, join in value.items()},
            }
        else:
            both[key] = {**both[key], **value} if nested else value
    return both


def _union(tables: list[ibis.Table]) -> ibis.Table:
    """The rows of several sources; a column that one does not have is missing there."""
    import ibis

    types: dict[str, Any] = {}
    for table in tables:
        types |= {name: kind for name, kind in table.schema().items() if name not in types}
    aligned = [
        table.select(
            **{
                name: table[name].cast(kind) if name in table.columns else ibis.null(kind)
                for name, kind in types.items()
            }
        )
        for table in tables
    ]
    return aligned[0] if len(aligned) == 1 else ibis.union(*aligned)


def _is_inferred(name: str, entry: Any, path: Path) -> bool:
    inferred = isinstance(entry, dict) and "infer" in entry
    if inferred and name != "shifts":
        raise InvalidInputError(f"{path.name}, [tables.{name}]: only shifts can be inferred. State `files`.")
    if inferred:
        for key in entry:
            if key != "infer":
                raise unknown_name(f"{path.name}, [tables.shifts]", "setting beside `infer`", key, ("infer",))
    return inferred


def _inferred(tables: Dictionary[str, ibis.Table], entry: Any, path: Path) -> ibis.Table:
    options = entry["infer"] if isinstance(entry["infer"], dict) else {}
    for key in options:
        if key != "gap":
            raise unknown_name(f"{path.name}, [tables.shifts], `infer`", "setting", key, ("gap",))
    if "contacts" not in tables:
        raise InvalidInputError(
            f"{path.name}, [tables.shifts]: shifts are inferred from contacts, got no [tables.contacts]."
        )
    shifts: ibis.Table = infer_shifts(tables["contacts"], options.get("gap", "2h"))
    return shifts
