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

from cpc_analysis.engine import ROW, Engine, local_to_utc, utc_time
from cpc_analysis.errors import InvalidInputError, closest, listed
from cpc_analysis.schema import Column, Kind, Table
from cpc_analysis.tables.masking import mask_identifiers

__all__ = [
    "FILE", "QUARANTINE_COLUMNS", "Prepared", "Rule", "StandsFor", "empty_quarantine", "engine_name", "prepare",
    "stood_for",
]  # fmt: skip

#: The file that a row came from, where a reader recorded it.
FILE = "_file"
QUARANTINE_COLUMNS = ["table", "row", "column", "rule", "value"]

_ROWS_PER_UNIQUENESS_PASS = 34_000_000
_MONTH = r"^\d{4}-(0[1-9]|1[0-2])(-01( 00:00:00)?)?$"
_WITH_OFFSET = r"(Z|[+-]\d{2}(:?\d{2})?)$"
_DTYPES = {
    Kind.TEXT: "string",
    Kind.TIME: "timestamp",
    Kind.DATE: "date",
    Kind.PERIOD: "date",
    Kind.SECONDS: "int64",
    Kind.NUMBER: "float64",
    Kind.INTEGER: "int64",
    Kind.MONEY: "int64",
    Kind.FLAG: "boolean",
}


@dataclass(frozen=True)
class Rule:
    """A rule in words, the column that it is about, and the condition under which a row breaks it."""

    column: str
    words: str
    broken: ibis.Value
    value: ibis.Value


@dataclass(frozen=True)
class StandsFor:
    """What a row stands for when it is set aside: a column of contacts or money, and the columns of its date.

    Of several dates the first that is known counts.
    """

    weight: str = ""
    dates: tuple[str, ...] = ()

    def columns(self, table: ibis.Table) -> dict[str, ibis.Value]:
        """The `weight` and the `date` of each row of a typed table."""
        dates = [table[name].cast("date") for name in self.dates if name in table.columns]
        return {
            "weight": table[self.weight] if self.weight in table.columns else ibis.literal(1),
            "date": ibis.coalesce(*dates) if dates else ibis.null("date"),
        }


@dataclass(frozen=True)
class Prepared:
    """A canonical table on the engine: accepted rows, what was set aside, and how many rows there were.

    `set_aside` has the `QUARANTINE_COLUMNS`; `stood_for` has, row by row, what it stood for: `weight`, contacts or
    money, and `date`, each missing where it could not be read. `first` and `last` are the earliest and latest UTC time
    of the table's first required time column.
    """

    schema: Table
    table: ibis.Table
    read: int
    set_aside: pd.DataFrame
    stood_for: pd.DataFrame
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


def empty_quarantine() -> pd.DataFrame:
    """A quarantine without rows."""
    return pd.DataFrame({name: pd.Series(dtype="str") for name in QUARANTINE_COLUMNS})


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
    typed, type_rules = _typed(engine, schema, raw, zone)
    rules = [*type_rules, *_column_rules(schema, typed), *(table_rules(typed) if table_rules else ())]
    judged = typed.mutate(
        _broken=ibis.cases(*((rule.broken, number) for number, rule in enumerate(rules))).cast("int64")
        if rules
        else ibis.null("int64")
    )
    time_column = next((c.name for c in schema.columns if c.kind is Kind.TIME and c.required), None)
    summary = _summary(engine, judged, time_column)
    raws = [column for column in typed.columns if column.startswith("_raw_")]
    accepted, set_aside = typed.drop(*raws), empty_quarantine()
    weighed = stood_for(set_aside)
    stands_for = stands_for or StandsFor()
    if summary["broken"]:
        accepted = judged.filter(judged._broken.isnull()).drop("_broken", *raws)
        set_aside, weighed = _broken_rows(engine, schema, judged, rules, stands_for)
    accepted, repeated, repeated_weighed = _unique(engine, schema, accepted, summary, stands_for)
    if len(repeated):
        set_aside = pd.concat([set_aside, repeated], ignore_index=True)
        weighed = pd.concat([weighed, repeated_weighed], ignore_index=True)
    return Prepared(
        schema,
        accepted.select([name for name in accepted.columns if not name.startswith("_")]),
        summary["read"],
        set_aside,
        weighed,
        summary["first"],
        summary["last"],
    )


def _check_columns(schema: Table, raw: ibis.Table) -> None:
    for column in schema.columns:
        if column.required and column.name not in raw.columns:
            found = [name for name in raw.columns if not name.startswith("_")]
            near = closest(column.name, [name for name in found if name not in schema.names])
            hint = f"Is it '{near}'? Rename it." if near else f"Found are {listed(found, 20)}."
            raise InvalidInputError(f"`{schema.name}` must have a column `{column.name}` ({column.kind.value}). {hint}")


def _typed(engine: Engine, schema: Table, raw: ibis.Table, zone: str) -> tuple[ibis.Table, list[Rule]]:
    """The raw table with canonical columns, and a rule for each column that may fail to convert."""
    values: dict[str, ibis.Value] = {}
    unreadable: dict[str, tuple[Column, ibis.Value]] = {}
    for column in schema.columns:
        name = engine_name(column)
        if column.name not in raw.columns:
            continue
        given = raw[column.name]
        values[name] = _converted(engine, column, given, raw, zone)
        if column.default is not None:
            values[name] = values[name].fill_null(column.default)
        if not _always_converts(column, given):
            unreadable[name] = (column, given.cast("string").nullif(""))
            values[f"_raw_{name}"] = unreadable[name][1]
    if schema.open:
        values |= {name: raw[name] for name in raw.columns if name not in schema.names and not name.startswith("_")}
    values |= {name: raw[name] for name in (ROW, FILE) if name in raw.columns}
    typed = raw.select(**values)
    return typed, [
        Rule(
            column.name,
            f"must be {column.kind.value}",
            typed[f"_raw_{name}"].notnull() & typed[name].isnull(),
            typed[f"_raw_{name}"],
        )
        for name, (column, _) in unreadable.items()
    ]


def _always_converts(column: Column, given: ibis.Value) -> bool:
    dtype = given.type()
    return {
        Kind.TEXT: True,
        Kind.PERIOD: False,
        Kind.TIME: dtype.is_timestamp() or dtype.is_date(),
        Kind.DATE: dtype.is_timestamp() or dtype.is_date(),
        Kind.FLAG: dtype.is_boolean(),
        Kind.INTEGER: dtype.is_integer(),
        Kind.MONEY: dtype.is_integer(),
    }.get(column.kind, dtype.is_numeric()) or dtype.is_null()


def _converted(engine: Engine, column: Column, given: ibis.Value, raw: ibis.Table, zone: str) -> ibis.Value:
    dtype, kind = given.type(), column.kind
    if dtype.is_null():
        return ibis.null(_DTYPES[kind])
    if kind is Kind.PERIOD:
        month = given.cast("string")
        return ibis.ifelse(month.re_search(_MONTH), month[:7] + "-01", ibis.null("string")).try_cast("date")
    if kind is Kind.TEXT:
        # A whole number that pandas holds as a float, because others are missing, is not "17.0".
        given = given.cast("int64") if dtype.is_floating() else given
        return given.cast("string").nullif("")
    if kind is Kind.TIME:
        return _utc(engine, given, raw, zone)
    if kind is Kind.SECONDS:
        return (given.try_cast("float64") * 1000).round().try_cast("int64")
    if kind is Kind.INTEGER and not dtype.is_integer():
        number = given.try_cast("float64")
        return ibis.ifelse(number == number.round(), number.try_cast("int64"), ibis.null("int64"))
    value = given.try_cast(_DTYPES[kind])
    return value.nullif(ibis.literal(float("nan"))) if kind is Kind.NUMBER and dtype.is_floating() else value


def _utc(engine: Engine, given: ibis.Value, raw: ibis.Table, zone: str) -> ibis.Value:
    dtype = given.type()
    if dtype.is_timestamp() and dtype.timezone:
        return utc_time(engine, given)
    if dtype.is_timestamp() or dtype.is_date():
        return _from_local(engine, given.cast("timestamp"), zone)
    text = given.cast("string")
    with_offset = text.re_search(_WITH_OFFSET)
    local = ibis.ifelse(with_offset, ibis.null("string"), text).try_cast("timestamp")
    absolute = ibis.ifelse(with_offset, text, ibis.null("string")).try_cast("timestamp('UTC')")
    return absolute.cast("timestamp").fill_null(_from_local(engine, local, zone))


def _from_local(engine: Engine, local: ibis.Value, zone: str) -> ibis.Value:
    bounds = engine.connection.execute(
        ibis.expr.types.Table.aggregate(
            local.as_table(), first=local.as_table()[0].min(), last=local.as_table()[0].max()
        )
    )
    first, last = bounds["first"][0], bounds["last"][0]
    if pd.isna(first):
        return local
    return local_to_utc(local, zone, first.date(), last.date())[0]


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
        if column.least is not None:
            if column.kind is Kind.SECONDS:
                shown = (value / 1000).cast("string")
            words = "must not be negative" if column.least == 0 else f"must be at least {column.least:g}"
            yield Rule(column.name, words, value < column.least, shown)


def _summary(engine: Engine, judged: ibis.Table, time_column: str | None) -> dict[str, Any]:
    sums: dict[str, ibis.Value] = {"read": judged.count(), "broken": judged._broken.count()}
    if time_column:
        sums |= {"first": judged[time_column].min(), "last": judged[time_column].max()}
    row = engine.fetch(judged.aggregate(**sums)).iloc[0].to_dict()
    times = {name: None if pd.isna(row.get(name)) else row[name].to_pydatetime() for name in ("first", "last")}
    return {"read": int(row["read"]), "broken": int(row["broken"]), **times}


def _row_label(schema: Table, table: ibis.Table) -> ibis.Value:
    if ROW in table.columns:
        row = table[ROW].cast("string")
        return (table[FILE] + ":" + row).fill_null(row) if FILE in table.columns else row
    parts = [table[name].cast("string").fill_null("") for name in schema.key]
    label = parts[0]
    for part in parts[1:]:
        label = label + " " + part
    return label


def _broken_rows(
    engine: Engine, schema: Table, judged: ibis.Table, rules: list[Rule], stands_for: StandsFor
) -> tuple[pd.DataFrame, pd.DataFrame]:
    broken = judged.filter(judged._broken.notnull())
    shown = ibis.cases(*((judged._broken == number, rule.value) for number, rule in enumerate(rules)))
    columns: dict[str, ibis.Value] = {
        "row": _row_label(schema, judged),
        "value": shown,
        "number": judged._broken,
        **stands_for.columns(judged),
    }
    frame = engine.fetch(broken.select(**columns).order_by("number", "row"))
    frame["table"] = schema.name
    frame["column"] = frame["number"].map(lambda number: rules[int(number)].column)
    frame["rule"] = frame["number"].map(lambda number: rules[int(number)].words)
    return _quarantine(frame), stood_for(frame)


def _quarantine(frame: pd.DataFrame) -> pd.DataFrame:
    shown = frame[QUARANTINE_COLUMNS].fillna("").astype("str").reset_index(drop=True)
    return shown.assign(value=shown["value"].map(mask_identifiers).astype("str"))


def stood_for(frame: pd.DataFrame) -> pd.DataFrame:
    """What each row of a frame stood for; one where nothing else is known."""
    weight = frame["weight"] if "weight" in frame else pd.Series(1, index=frame.index)
    date = frame["date"] if "date" in frame else pd.Series(pd.NaT, index=frame.index)
    return pd.DataFrame(
        {"weight": weight.astype("Int64"), "date": pd.to_datetime(date).astype("datetime64[us]")}
    ).reset_index(drop=True)


def _unique(
    engine: Engine, schema: Table, table: ibis.Table, summary: Mapping[str, Any], stands_for: StandsFor
) -> tuple[ibis.Table, pd.DataFrame, pd.DataFrame]:
    """The table with one row per key, and the further rows set aside.

    Keys are compared by their 64-bit hashes first, a bounded number of rows at a time: when all hashes differ, all
    keys do. Of rows with one key the first in the order of all columns stays, whatever the order of the file.
    """
    columns = {engine_name(schema.column(name)): name for name in schema.key}
    key = [name for name in columns if name in table.columns]
    if _all_differ(engine, table, key, summary["read"]):
        return table, empty_quarantine(), stood_for(empty_quarantine())
    repeated = table.group_by(key).having(table.count() > 1).agg(_n=table.count()).drop("_n").cache()
    matches = [table[name].identical_to(repeated[name]) for name in key]
    order = [table[name] for name in table.columns if name != ROW] + ([table[ROW]] if ROW in table.columns else [])
    several = table.semi_join(repeated, matches).mutate(_copy=ibis.row_number().over(group_by=key, order_by=order))
    single = table.anti_join(repeated, matches)
    kept = single.union(several.filter(several._copy == 0).drop("_copy"))
    copies = several.filter(several._copy > 0)
    frame = engine.fetch(
        copies.select(
            row=_row_label(schema, copies),
            value=copies[key[0]].cast("string"),
            **stands_for.columns(copies),
        ).order_by("row")
    )
    frame["table"], frame["column"] = schema.name, schema.key[0]
    frame["rule"] = f"must be unique ({' + '.join(schema.key)})" if len(key) > 1 else "must be unique"
    return kept, _quarantine(frame), stood_for(frame)


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
