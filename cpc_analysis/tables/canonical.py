"""From a table as it comes to a canonical one: typed columns, and the rows that break a rule set aside with a reason.

Every rule is a condition on the engine, so a table is judged by one scan however large it is. When no row breaks a
rule, the accepted table is the table itself and later scans pay nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import ibis
import pandas as pd

from cpc_analysis.engine import ROW, Engine
from cpc_analysis.errors import InvalidInputError, closest, listed
from cpc_analysis.schema import LAST_YEAR, Column, Kind, Table
from cpc_analysis.tables.naming import as_given, is_held
from cpc_analysis.tables.quarantine import FILE, Quarantine, Rule, StandsFor, together
from cpc_analysis.tables.values import Clock, Written, read_as, rule_for

__all__ = ["Prepared", "engine_name", "prepare"]

#: How many rows the hashes of a key are held of at once.
_ROWS_PER_UNIQUENESS_PASS = 34_000_000
#: How frames write values, where they write them as text.
_PLAIN = Written()
#: What of seconds is a whole number of milliseconds in 64 bits.
_MOST_SECONDS = 9e15
#: A duration of more, for one contact, is one in another unit.
_LONGEST_DAYS = 366


@dataclass(frozen=True)
class Prepared:
    """A canonical table on the engine: accepted rows, what was set aside, and how many rows there were.

    `first` and `last` are the earliest and latest UTC time of the accepted rows in the table's first required time
    column.
    """

    schema: Table
    table: ibis.Table
    read: int
    set_aside: Quarantine
    first: datetime | None = None
    last: datetime | None = None

    @property
    def accepted(self) -> int:
        """The number of accepted rows."""
        return self.read - len(self.set_aside)


def engine_name(column: Column) -> str:
    """The name of a column on the engine, where durations are whole milliseconds.

    Examples
    --------
    >>> engine_name(Column("handle_seconds", Kind.SECONDS))
    'handle_ms'
    """
    return column.name.removesuffix("_seconds") + "_ms" if column.kind is Kind.SECONDS else column.name


def prepare(
    engine: Engine,
    schema: Table,
    raw: ibis.Table,
    zone: str,
    table_rules: Any = None,
    stands_for: StandsFor | None = None,
) -> Prepared:
    """The canonical table of a raw one: converted, judged by every rule, its keys unique.

    Parameters
    ----------
    engine : Engine
        Where the raw table is.
    schema : Table
        The canonical table that it is meant to be.
    raw : ibis.Table
        The table as it comes, its columns named as the canonical ones.
    zone : str
        Time zone of times without one.
    table_rules : callable, optional
        From the typed table to further `Rule` records.
    stands_for : StandsFor, optional
        What a row stands for.

    Raises
    ------
    InvalidInputError
        If a required column is not there.
    """
    _check_columns(schema, raw)
    stands_for = stands_for or StandsFor()
    typed, type_rules = _typed(engine, schema, raw, zone)
    rules = [*type_rules, *_column_rules(schema, typed), *(table_rules(typed) if table_rules else ())]
    judged = typed.mutate(
        _broken=ibis.cases(*((rule.broken, number) for number, rule in enumerate(rules))).cast("int64")
        if rules
        else ibis.null("int64")
    )
    time_column = next((c.name for c in schema.columns if c.kind is Kind.TIME and c.required), None)
    summary = _summary(engine, judged, time_column)
    notes = [column for column in typed.columns if column.startswith(("_raw_", "_given_"))]
    accepted, set_aside = typed.drop(*notes), Quarantine.empty()
    if summary["broken"]:
        accepted = judged.filter(judged._broken.isnull()).drop("_broken", *notes)
        shown = ibis.cases(*((judged._broken == number, rule.value) for number, rule in enumerate(rules)))
        broken = judged.mutate(_label=_row_label(schema, judged), _value=shown).filter(judged._broken.notnull())
        set_aside = Quarantine.of(engine, schema.name, broken, rules, stands_for)
    accepted, repeated = _unique(engine, schema, accepted, summary["read"], stands_for)
    if len(repeated):
        set_aside = together([set_aside, repeated])
        summary |= _first_and_last(engine, accepted, time_column)
    return Prepared(
        schema,
        engine.view(accepted.select([name for name in accepted.columns if not name.startswith("_")]), schema.name),
        summary["read"],
        set_aside,
        summary["first"],
        summary["last"],
    )


def _check_columns(schema: Table, raw: ibis.Table) -> None:
    for column in schema.columns:
        if column.required and column.name not in raw.columns:
            found = [as_given(name) for name in raw.columns if not name.startswith("_")]
            near = closest(column.name, [name for name in found if name not in schema.names])
            hint = f"Is it '{near}'? Rename it." if near else f"Found are {listed(found, 20)}."
            raise InvalidInputError(f"`{schema.name}` must have a column `{column.name}` ({column.kind.value}). {hint}")


def _typed(engine: Engine, schema: Table, raw: ibis.Table, zone: str) -> tuple[ibis.Table, list[Rule]]:
    """The raw table with canonical columns, and a rule for each column that may fail to convert."""
    given = {column: raw[column.name] for column in schema.columns if column.name in raw.columns}
    trial = Clock(engine, zone)
    for column, values in given.items():
        if column.kind is Kind.TIME:
            read_as(Kind.TIME, values, _PLAIN, trial)
    clock = trial.over(raw)
    columns: dict[str, ibis.Value] = {}
    may_fail: dict[str, Column] = {}
    for column, values in given.items():
        name = engine_name(column)
        is_given = values.nullif("").notnull() if values.type().is_string() else values.notnull()
        read = read_as(column.kind, values, _PLAIN, clock)
        value = _bounded(column, read)
        # What cannot be read is no default.
        columns[name] = value if column.default is None else ibis.ifelse(is_given, value, column.default)
        if column.kind is not Kind.TEXT and not values.type().is_null():
            may_fail[name] = column
            columns[f"_fails_{name}"] = is_given & (read if column.open_ended else value).isnull()
            columns[f"_raw_{name}"] = values.cast("string")
    if schema.open:
        further = set(schema.known) - set(schema.names)
        columns |= {name: raw[name] for name in raw.columns if is_held(name) or name in further}
    columns |= {name: raw[name] for name in (ROW, FILE) if name in raw.columns}
    typed = engine.view(raw.select(**columns), f"{schema.name}_typed")
    rules = [
        Rule(
            column.name,
            rule_for(column.kind, _PLAIN, column.first_year),
            typed[f"_fails_{name}"],
            typed[f"_raw_{name}"],
        )
        for name, column in may_fail.items()
    ]
    return typed, rules


def _bounded(column: Column, value: ibis.Value) -> ibis.Value:
    """A value as the engine holds it, missing where nothing can be of it: durations in whole milliseconds."""
    if column.kind is Kind.SECONDS:
        return (ibis.ifelse(value.abs() < _MOST_SECONDS, value, ibis.null("float64")) * 1000).round()
    if column.kind in (Kind.DATE, Kind.PERIOD):
        is_of_age = (value >= ibis.date(column.first_year, 1, 1)) & (value <= ibis.date(LAST_YEAR, 12, 31))
        return ibis.ifelse(is_of_age, value, ibis.null("date"))
    return value


def _column_rules(schema: Table, typed: ibis.Table) -> Iterator[Rule]:
    for column in schema.columns:
        name = engine_name(column)
        if name not in typed.columns:
            continue
        value = typed[name]
        shown = value.cast("string")
        if column.required:
            yield Rule(column.name, "must be there", value.isnull(), ibis.literal(""))
        if column.choices:
            yield Rule(column.name, f"must be one of {listed(column.choices, 20)}",
                       value.notin(column.choices), shown)  # fmt: skip
        if column.kind is Kind.SECONDS:
            shown = (value / 1000).cast("string")
        if column.least is not None:
            words = "must not be negative" if column.least == 0 else f"must be at least {column.least:g}"
            yield Rule(column.name, words, value < column.least, shown)
        if column.kind is Kind.SECONDS:
            number = typed.contact_count if "contact_count" in typed.columns else 1
            yield Rule(
                column.name,
                f"must be at most {_LONGEST_DAYS} days for each contact",
                value > _LONGEST_DAYS * 86_400_000 * number,
                shown,
            )


def _summary(engine: Engine, judged: ibis.Table, time_column: str | None) -> dict[str, Any]:
    sums: dict[str, ibis.Value] = {"read": judged.count(), "broken": judged._broken.count()}
    if time_column:
        sums |= _ends(judged[time_column], judged._broken.isnull())
    row = engine.fetch(judged.aggregate(**sums)).iloc[0].to_dict()
    return {"read": int(row["read"]), "broken": int(row["broken"]), **_as_times(row)}


def _first_and_last(engine: Engine, accepted: ibis.Table, time_column: str | None) -> dict[str, Any]:
    if time_column is None:
        return _as_times({})
    return _as_times(engine.fetch(accepted.aggregate(**_ends(accepted[time_column]))).iloc[0].to_dict())


def _ends(moment: ibis.Value, where: ibis.Value | None = None) -> dict[str, ibis.Value]:
    return {"first": moment.min(where=where), "last": moment.max(where=where)}


def _as_times(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: None if pd.isna(row.get(name)) else row[name].to_pydatetime() for name in ("first", "last")}


def _row_label(schema: Table, table: ibis.Table) -> ibis.Value:
    if ROW in table.columns:
        row = table[ROW].cast("string")
        return (table[FILE] + ":" + row).fill_null(row) if FILE in table.columns else row
    parts = [table[name].cast("string").fill_null("") for name in schema.key]
    label = parts[0]
    for part in parts[1:]:
        label = label + " " + part
    return label


def _unique(
    engine: Engine, schema: Table, table: ibis.Table, rows: int, stands_for: StandsFor
) -> tuple[ibis.Table, Quarantine]:
    """The table with one row per key, and the further rows set aside.

    Keys are compared by their 64-bit hashes first, a bounded number of rows at a time: when all hashes differ, all
    keys do. Of rows with one key the first in the order of all columns stays, whatever the order of the file.
    """
    columns = {engine_name(schema.column(name)): name for name in schema.key}
    key = [name for name in columns if name in table.columns]
    if _all_differ(engine, table, key, rows):
        return table, Quarantine.empty()
    repeated = table.group_by(key).having(table.count() > 1).agg(_n=table.count()).drop("_n").cache()
    matches = [table[name].identical_to(repeated[name]) for name in key]
    order = [table[name] for name in table.columns if name != ROW] + ([table[ROW]] if ROW in table.columns else [])
    several = table.semi_join(repeated, matches).mutate(_copy=ibis.row_number().over(group_by=key, order_by=order))
    single = table.anti_join(repeated, matches)
    kept = single.union(several.filter(several._copy == 0).drop("_copy"))
    copies = several.filter(several._copy > 0)
    words = f"must be unique ({' + '.join(schema.key)})" if len(key) > 1 else "must be unique"
    rule = Rule(schema.key[0], words, ibis.literal(True), copies[key[0]].cast("string"))
    broken = copies.mutate(_broken=ibis.literal(0), _label=_row_label(schema, copies), _value=rule.value)
    return kept, Quarantine.of(engine, schema.name, broken, [rule], stands_for)


def _all_differ(engine: Engine, table: ibis.Table, key: list[str], rows: int) -> bool:
    text = table[key[0]].cast("string")
    for name in key[1:]:
        text = text + "\x1f" + table[name].cast("string").fill_null("\x1e")
    hashes = table.select(_hash=text.hash())
    passes = -(-max(rows, 1) // _ROWS_PER_UNIQUENESS_PASS)
    for number in range(passes):
        part = hashes if passes == 1 else hashes.filter(hashes._hash.abs() % passes == number)
        row = engine.fetch(part.aggregate(rows=part.count(), keys=part._hash.nunique())).iloc[0]
        if row["rows"] != row["keys"]:
            return False
    return True
