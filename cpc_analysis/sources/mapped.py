"""A mapping applied to the rows of its files: a canonical table, and what was set aside or left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import count
from pathlib import Path
from typing import Any

import ibis
import pandas as pd

from cpc_analysis.engine import ROW, Engine
from cpc_analysis.errors import not_one_of
from cpc_analysis.identifiers import mask_identifiers
from cpc_analysis.sources.joins import joined
from cpc_analysis.sources.lacking import check_lacking
from cpc_analysis.sources.lookup import Lookup, define_macros, key_path
from cpc_analysis.sources.mapping import Field, Mapping, every_field, paths_of
from cpc_analysis.sources.mapping_files import unknown_name
from cpc_analysis.sources.source_table import SourceTable
from cpc_analysis.sources.verbs import Evaluated, Verbs
from cpc_analysis.tables.masking import left_out, masked
from cpc_analysis.tables.pseudonyms import project_salt, use_salt
from cpc_analysis.tables.quarantine import FILE, STANDS_FOR, Quarantine, Rule, StandsFor, together, without_weight
from cpc_analysis.tables.values import Clock

__all__ = ["MappedTable", "apply_mapping", "canonical_fields"]

_numbers = count()


@dataclass(frozen=True)
class MappedTable:
    """A canonical table made of files.

    Parameters
    ----------
    table : ibis.Table
        Canonical columns and dimensions, times in UTC, with `_file` and `_row`.
    set_aside : Quarantine
        Rows that the files break or that cannot be read as their columns want it.
    excluded : dict of str to int
        Rows left out because the mapping says so, by file.
    clock_changes : int
        Rows with a local time that does not exist exactly once.
    left_out : tuple of str
        Columns of the files left out, because their names say that they hold people.
    """

    table: ibis.Table
    set_aside: Quarantine
    excluded: dict[str, int]
    clock_changes: int
    left_out: tuple[str, ...] = ()


def apply_mapping(engine: Engine, mapping: Mapping, source: SourceTable, zone: str, folder: Path) -> MappedTable:
    """The canonical table that a mapping makes of a source.

    Parameters
    ----------
    engine : Engine
        Where the source is.
    mapping : Mapping
        What to do.
    source : SourceTable
        The rows of the files.
    zone : str
        Zone of times for which the mapping states none.
    folder : Path
        Where the files of joins are, and the salt of the project.

    Raises
    ------
    UnknownNameError
        If the mapping names a column that the file does not have.
    InvalidInputError
        If a join would multiply rows, a file lacks a column that is required, or a value is unknown where the mapping
        makes that an error.
    """
    define_macros(engine)
    check_lacking(mapping, source)
    lookup = joined(engine, mapping, source, folder)
    kept, excluded = _kept(engine, mapping, lookup)
    if "customer_id" in mapping.columns or any(field.hash for field in every_field(mapping)):
        use_salt(engine, project_salt(folder))
    clock = _clock(engine, mapping, kept, zone)
    verbs = Verbs(mapping, kept, clock)
    results = {name: verbs.column(name, kind, field) for name, (kind, field) in mapping.fields().items()}
    rules = [rule for result in results.values() for rule in result.rules]
    judged = _judged(kept.table, results, rules, clock)
    if source.is_copied:
        judged = engine.connection.create_table(f"mapped_{next(_numbers)}", judged, temp=True)
        engine.connection.drop_table(source.table.get_name())
    found = _found(engine, judged)
    set_aside = Quarantine.empty()
    if found["broken"]:
        broken = judged.filter(judged._broken.notnull())
        _refuse_unknown(engine, mapping, broken, rules)
        broken = broken.mutate(_label=broken[FILE] + ":" + broken[ROW].cast("string"))
        name = mapping.table.name
        set_aside = Quarantine.of(engine, name, broken, rules, STANDS_FOR.get(name, StandsFor()))
    accepted = judged.filter(judged._broken.isnull()) if found["broken"] else judged
    accepted = accepted.drop("_broken", "_value", "_unusual")
    accepted = masked(engine, mapping.table, accepted, lambda: project_salt(folder), _hashed_already(mapping))
    return MappedTable(
        accepted,
        together([without_weight(source.quarantine), set_aside]),
        excluded,
        int(found["unusual"]),
        mapping.left_out,
    )


def canonical_fields(mapping: Mapping, source: SourceTable, names: Sequence[str]) -> Mapping:
    """A mapping in which every column of a file that bears a canonical name is that column.

    Further columns that no field reads become dimensions where the table takes them and the mapping states no columns:
    one that does takes along what it names. A column whose name says that it holds people is left out. A name that is
    all but canonical raises.

    Parameters
    ----------
    mapping : Mapping
        What is stated beside; it wins.
    source : SourceTable
        The files.
    names : sequence of str
        Their columns.

    Raises
    ------
    UnknownNameError
        If a column is very nearly the name of a canonical one that is not there.
    """
    schema, place = mapping.table, mapping.place
    columns: dict[str, Field] = {}
    dimensions: dict[str, Field] = {}
    used = paths_of(mapping)
    for name in schema.names:
        if name in source.doubled and name not in mapping.columns:
            columns[name] = Field(f"{place}, `{name}`", path=name)
    absent = [name for name in schema.names if name not in names and name not in mapping.columns]
    takes_all = schema.open and not mapping.columns
    people = tuple(name for name in left_out(schema, names) if name not in used) if takes_all else ()
    for name in names:
        field = Field(f"{place}, `{name}`", path=key_path(name) if source.is_json else name)
        if name in schema.names:
            columns[name] = field
        elif name in used or name in people:
            continue
        elif any(SequenceMatcher(None, name.lower(), other).ratio() > 0.85 for other in absent):
            raise unknown_name(f"{place}, `{source.name}`", f"column of `{schema.name}`", name, absent)
        elif takes_all and not name.startswith("_"):
            dimensions[name] = field
    return replace(
        mapping,
        columns=columns | dict(mapping.columns),
        dimensions=dimensions | dict(mapping.dimensions),
        left_out=people,
    )


def _kept(engine: Engine, mapping: Mapping, lookup: Lookup) -> tuple[Lookup, dict[str, int]]:
    """The rows not excluded, one per key where the mapping says so, and how many each file left out."""
    if not mapping.exclude and mapping.dedupe is None:
        return lookup, {}
    verbs = Verbs(mapping, lookup, Clock(engine, "UTC"))
    table = lookup.table
    if mapping.exclude:
        place = f"{mapping.place}, `exclude`"
        table = table.filter([~verbs.condition(condition, place) for condition in mapping.exclude])
    if mapping.dedupe is not None:
        table = _single_rows(mapping, replace(lookup, table=table))
    before, after = _rows_by_file(engine, lookup.table), _rows_by_file(engine, table)
    return replace(lookup, table=table), {file: rows - after.get(file, 0) for file, rows in before.items()}


def _rows_by_file(engine: Engine, table: ibis.Table) -> dict[str, int]:
    counts = engine.fetch(table.group_by(FILE).agg(rows=table.count()))
    return {str(file): int(rows) for file, rows in zip(counts[FILE], counts["rows"], strict=True)}


def _single_rows(mapping: Mapping, lookup: Lookup) -> ibis.Table:
    place = f"{mapping.place}, `dedupe`"
    dedupe, table = mapping.dedupe, lookup.table
    assert dedupe is not None
    keys = {f"_key_{n}": lookup.text(path, place) for n, path in enumerate(dedupe.key)}
    order: list[ibis.Value] = []
    if dedupe.keep_max is not None:
        latest = lookup.text(dedupe.keep_max, place)
        order = [latest.try_cast("float64").desc(nulls_first=False), latest.desc(nulls_first=False)]
    order += [table[FILE], table[ROW]]
    numbered = table.mutate(**keys, _copy=ibis.row_number().over(group_by=list(keys.values()), order_by=order))
    without_key = [numbered[key].isnull() for key in keys]
    anonymous = without_key[0]
    for further in without_key[1:]:
        anonymous = anonymous & further
    return numbered.filter((numbered._copy == 0) | anonymous).drop(*keys, "_copy")


def _clock(engine: Engine, mapping: Mapping, lookup: Lookup, zone: str) -> Clock:
    """The clock for the days that the local times of the source lie in."""
    trial = Clock(engine, zone)
    verbs = Verbs(mapping, lookup, trial)
    for name, (kind, field) in mapping.fields().items():
        verbs.column(name, kind, field)
    return trial.over(lookup.table)


def _judged(table: ibis.Table, results: dict[str, Evaluated], rules: list[Rule], clock: Clock) -> ibis.Table:
    """The values with the first rule that each row breaks, the raw text, and whether a time was not unique."""
    unusual: ibis.Value = ibis.literal(False)
    for met in clock.unusual:
        unusual = unusual | met
    numbered = [(rule.broken, number) for number, rule in enumerate(rules)]
    raws = [(rule.broken, rule.value) for rule in rules]
    return table.select(
        **{name: result.value for name, result in results.items()},
        **{ROW: table[ROW], FILE: table[FILE]},
        _broken=ibis.cases(*numbered).cast("int64") if numbered else ibis.null("int64"),
        _value=ibis.cases(*raws) if raws else ibis.null("string"),
        _unusual=unusual,
    )


def _found(engine: Engine, judged: ibis.Table) -> dict[str, Any]:
    """What one scan tells: rows with a problem, and with an unusual time."""
    sums = {"broken": judged._broken.count(), "unusual": judged._unusual.sum().fill_null(0)}
    row = engine.fetch(judged.aggregate(**sums)).iloc[0]
    return {str(key): False if pd.isna(value) else value for key, value in row.items()}


def _hashed_already(mapping: Mapping) -> list[str]:
    """The columns whose fields hash them: customers, unless their field says that it does not."""
    return [
        name
        for name, (_, field) in mapping.fields().items()
        if field.hash or (name == "customer_id" and field.hash is not False)
    ]


def _refuse_unknown(engine: Engine, mapping: Mapping, broken: ibis.Table, rules: Sequence[Rule]) -> None:
    """Raise for a value that a map does not know, where the mapping makes that an error."""
    fatal = [number for number, rule in enumerate(rules) if rule.choices]
    if not fatal:
        return
    rows = broken.filter(broken._broken.isin(fatal))
    counts = rows.group_by("_broken", "_value").agg(rows=rows.count()).order_by("_broken", "_value")
    first = rows.order_by("_broken", FILE, ROW).select("_broken", "_value", FILE, ROW).limit(1)
    found = engine.fetch(first)
    if found.empty:
        return
    row = found.iloc[0]
    of_value = counts.filter((counts._broken == int(row["_broken"])) & (counts._value == row["_value"]))
    number = int(engine.fetch(of_value).iloc[0]["rows"])
    place = f"in {number} row{'s' if number > 1 else ''} (first: {row[FILE]}:{row[ROW]})"
    rule = rules[int(row["_broken"])]
    column = f"`{mapping.table.name}.{rule.column}`"
    raise not_one_of(column, rule.choices, mask_identifiers(row["_value"]), place)
