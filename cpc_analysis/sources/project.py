"""Projects: a `cpc.toml` that names the files, mappings and policies of a contact centre."""

from __future__ import annotations

import os
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from cpc_analysis.calendars import Calendar
from cpc_analysis.dataset import Dataset, Reading
from cpc_analysis.engine import Engine
from cpc_analysis.errors import InvalidInputError, MissingFileError, placed
from cpc_analysis.periods import zone_named
from cpc_analysis.policy import Costing, Counting, Definition
from cpc_analysis.policy.settings import currency, known_settings, text
from cpc_analysis.presentation import Presentation
from cpc_analysis.schema import TABLES
from cpc_analysis.settings import CHECKS, Settings
from cpc_analysis.sources.files import read_files
from cpc_analysis.sources.fingerprints import InputFile, check_unchanged, input_files
from cpc_analysis.sources.inference import infer_shifts
from cpc_analysis.sources.locating import find_files
from cpc_analysis.sources.lookup import record_keys
from cpc_analysis.sources.mapped import MappedTable, apply_mapping, canonical_fields
from cpc_analysis.sources.mapping_files import find_mapping, mapping_from, unknown_name
from cpc_analysis.sources.parts import reading
from cpc_analysis.sources.toml_files import read_toml
from cpc_analysis.tables.agents import agents_as_given
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
    "opening_hours",
    "price_levels",
    "events",
    "calendar",
    "presentation",
    "tables",
)
#: Settings that have a section of their own.
_OWN_SECTIONS = (
    "rates", "opening_hours", "budget_variable", "budget_premiums", "definitions", "price_levels", "events", "calendar",
    "presentation",
)  # fmt: skip
_PROJECT_KEYS = (
    "currency", "timezone", "memory_limit",
    *(f.name for f in fields(Settings) if f.name not in _OWN_SECTIONS),
)  # fmt: skip
_BUDGET = ("variable", "premiums")


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
    files = list(input_files([path]))
    stated = read_toml(path)
    for section in stated:
        if section not in _SECTIONS:
            raise unknown_name(path.name, "section", section, _SECTIONS)
    project = _section(stated, "project", path)
    for name in project:
        if name not in _PROJECT_KEYS:
            raise unknown_name(f"{path.name}, [project]", "setting", name, _PROJECT_KEYS)
    for name in ("currency", "timezone"):
        if name not in project:
            raise InvalidInputError(f"{path.name}, [project] must state `{name}`, got none. Add it.")
    with placed(f"{path.name}, [counting]"):
        counting = Counting.from_mapping(_section(stated, "counting", path))
    with placed(f"{path.name}, [costing]"):
        costing = Costing.from_mapping(_section(stated, "costing", path))
    other = _settings(stated, counting, path)
    engine = _engine(project, path)
    with agents_as_given(other.agent_names == "as_given"):
        tables, reading = _tables(engine, _section(stated, "tables", path), path, project["timezone"], files)
    if other.strict:
        _check_strict(reading)
    return Project(
        path,
        engine,
        tables,
        project["currency"],
        project["timezone"],
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
    path = path / PROJECT_FILE if os.path.isdir(path) else path
    if not os.path.isfile(path):
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


def _engine(project: Dictionary[str, Any], path: Path) -> Engine:
    """The engine of a project, once what else its first section states is known to be right."""
    with placed(f"{path.name}, [project]"):
        currency("currency", project["currency"])
        zone_named(text("timezone", project["timezone"]))
        limit = project.get("memory_limit")
        try:
            return Engine.inside(limit)
        except (duckdb.Error, TypeError):
            raise InvalidInputError(f"`memory_limit` must be written as 4GB or 500MB, got '{limit}'.") from None


def _settings(stated: Dictionary[str, Any], counting: Counting, path: Path) -> Settings:
    """What a project states beside its tables and policies; each section's errors say that it is theirs."""
    settings = Settings()
    own = _section(stated, "project", path)
    given: dict[str, dict[str, Any]] = {
        "project": {f.name: own[f.name] for f in fields(Settings) if f.name in own},
        "budget": _budget(_section(stated, "budget", path), path),
    }
    for name in ("rates", "opening_hours", "price_levels", "events"):
        given[name] = {name: _section(stated, name, path)}
    for name, values in given.items():
        with placed(f"{path.name}, [{name}]"):
            settings = replace(settings, **values)
    with placed(f"{path.name}, [calendar]"):
        calendar = Calendar(**known_settings(_section(stated, "calendar", path), Calendar))
    with placed(f"{path.name}, [presentation]"):
        presentation = Presentation.from_mapping(_section(stated, "presentation", path), path.parent)
    definitions = _definitions(_section(stated, "definitions", path), counting, path)
    return replace(settings, calendar=calendar, presentation=presentation, definitions=definitions)


def _budget(stated: Dictionary[str, Any], path: Path) -> dict[str, Any]:
    """What a project states of its budget, by the names of the settings."""
    place = f"{path.name}, [budget]"
    found = {}
    for name, value in stated.items():
        if name not in _BUDGET:
            raise unknown_name(place, "setting", name, _BUDGET)
        with placed(place):
            found[f"budget_{name}"] = CHECKS[f"budget_{name}"](name, value)
    return found


def _definitions(stated: Dictionary[str, Any], counting: Counting, path: Path) -> tuple[Definition, ...]:
    found = []
    for name, settings in stated.items():
        if not isinstance(settings, dict):
            raise InvalidInputError(
                f"{path.name}: `definitions.{name}` must be a section [definitions.{name}], got '{settings}'."
            )
        with placed(f"{path.name}, [definitions.{name}]"):
            found.append(Definition.from_mapping(name, settings, counting))
    return tuple(found)


def _tables(
    engine: Engine, stated: Dictionary[str, Any], path: Path, zone: str, files: list[InputFile]
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
        mapped = [_mapped(engine, name, one, path, zone, read[name], files) for one in entries]
        tables[name] = _union([one.table for one in mapped])
        for one in mapped:
            _add(excluded[name], one.excluded)
        changes[name] = sum(one.clock_changes for one in mapped)
        people[name] = tuple(dict.fromkeys(column for one in mapped for column in one.left_out))
        set_aside += [one.set_aside for one in mapped]
    if _is_inferred("shifts", stated.get("shifts"), path):
        tables["shifts"] = _inferred(tables, stated["shifts"], path)
    check_unchanged(files)
    return tables, Reading(
        read=read,
        excluded={name: sum(files.values()) for name, files in excluded.items()},
        excluded_by_file=excluded,
        clock_changes=changes,
        left_out=people,
        set_aside=together(set_aside),
        files=tuple(files),
    )


def _add(counts: dict[str, int], further: Dictionary[str, int]) -> None:
    """Count further rows of files; two files of one name in two folders are counted together."""
    for file, rows in further.items():
        counts[file] = counts.get(file, 0) + rows


def _mapped(
    engine: Engine, table: str, entry: Any, path: Path, zone: str, read: dict[str, int], files: list[InputFile]
) -> MappedTable:
    """One source of a table: its files read, its mapping applied."""
    place = f"{path.name}, [tables.{table}]"
    named = entry.get("files") if isinstance(entry, dict) else None
    if not named or not isinstance(named, (str, list)) or any(not isinstance(file, str) for file in named):
        raise InvalidInputError(f'{place} must state `files`, such as files = "data/{table}.csv".')
    if not isinstance(entry.get("mapping", ""), str):
        raise InvalidInputError(f"{place}: `mapping` must be the name of a file, got '{entry['mapping']}'.")
    inline = {key: value for key, value in entry.items() if key not in ("files", "mapping")}
    if "mapping" in entry:
        files += input_files(own for own in [path.parent / entry["mapping"]] if os.path.isfile(own))
        mapping = mapping_from(overlaid(find_mapping(entry["mapping"], path.parent), inline), entry["mapping"], table)
    else:
        mapping = replace(mapping_from(inline, place, table), is_canonical=True)
    found = find_files(entry["files"], path.parent)
    files += input_files(found)
    for join in mapping.joins:
        files += input_files(find_files(list(join.files), path.parent))
    source = read_files(engine, found, mapping.form, table)
    with reading(source.said):
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
            for name, join in value.items():
                known = both[key].get(name)
                of_both = isinstance(known, dict) and isinstance(join, dict)
                both[key] = {**both[key], name: {**known, **join} if of_both else join}
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
    with placed(f"{path.name}, [tables.shifts], `infer`"):
        shifts: ibis.Table = infer_shifts(tables["contacts"], options.get("gap", "2h"))
    return shifts
