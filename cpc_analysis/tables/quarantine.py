"""Rows set aside: counted by rule, file and month, with what they stood for, and the first of them as they came."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import ibis
import pandas as pd

from cpc_analysis.engine import Engine
from cpc_analysis.identifiers import mask_identifiers

__all__ = ["FILE", "QUARANTINE_COLUMNS", "Quarantine", "STANDS_FOR", "Rule", "StandsFor", "together", "without_weight"]

#: The file that a row came from, where it came from one.
FILE = "_file"
QUARANTINE_COLUMNS = ["table", "row", "column", "rule", "value"]
_COUNTED_BY = ["table", "column", "rule", "file", "month", "currency"]
_COUNTS = [*_COUNTED_BY, "rows", "weight", "unread"]
#: So many rows of each rule are fetched, and of all rules together.
_OF_EACH, _OF_ALL = 1_000, 10_000


@dataclass(frozen=True)
class Rule:
    """A rule in words, the column that it is about, the rows that break it, and the value that breaks it, as text.

    `choices` are the values that a map knows, where a mapping makes any other an error.
    """

    column: str
    words: str
    broken: ibis.Value
    value: ibis.Value
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class StandsFor:
    """What a row stands for when it is set aside: a column of contacts or money, and the columns of its date.

    Of several dates the first that is known counts. Where there is no column of the weight, a row stands for one.
    """

    weight: str = ""
    dates: tuple[str, ...] = ()
    currency: str = ""

    def columns(self, table: ibis.Table) -> dict[str, ibis.Value]:
        """The `weight`, the `month` and the `currency` of each row of a typed table; null where not known."""
        dates = [table[name].cast("date") for name in self.dates if name in table.columns]
        return {
            "weight": table[self.weight] if self.weight in table.columns else ibis.literal(1),
            "month": ibis.coalesce(*dates).truncate("M") if dates else ibis.null("date"),
            "currency": table[self.currency] if self.currency in table.columns else ibis.null("string"),
        }


#: What the rows of each table stand for; those of the others stand for one each.
STANDS_FOR = {
    "contacts": StandsFor("contact_count", ("started_at",)),
    "costs": StandsFor("amount", ("period", "posted_on"), "currency"),
}


@dataclass(frozen=True)
class Quarantine:
    """Rows set aside.

    Parameters
    ----------
    counts : pandas.DataFrame
        By `table`, `column`, `rule`, `file`, `month` and `currency`: `rows`, the `weight` that they stood for -
        contacts, or money [`currency`], as far as it is known - and in how many of them it is `unread`.
    rows : pandas.DataFrame
        The first of them, by rule: `QUARANTINE_COLUMNS`.
    """

    counts: pd.DataFrame
    rows: pd.DataFrame

    def __len__(self) -> int:
        return int(self.counts["rows"].sum())

    def count(self, table: str) -> int:
        """How many rows of one table."""
        return int(self.counts.loc[self.counts["table"] == table, "rows"].sum())

    @classmethod
    def empty(cls) -> Quarantine:
        """No row."""
        counts = pd.DataFrame({name: pd.Series(dtype="object") for name in _COUNTS})
        counts = counts.astype({"month": "datetime64[us]", "rows": "int64", "unread": "int64"})
        return cls(counts, pd.DataFrame({name: pd.Series(dtype="str") for name in QUARANTINE_COLUMNS}))

    @classmethod
    def of(
        cls, engine: Engine, name: str, broken: ibis.Table, rules: Sequence[Rule], stands_for: StandsFor
    ) -> Quarantine:
        """The rows of a table that break rules, counted on the engine.

        Parameters
        ----------
        engine : Engine
            Where the rows are.
        name : str
            The canonical table that they were meant for.
        broken : ibis.Table
            Those rows: `_broken`, the number of the rule that each breaks, `_label`, which row it is, `_value`, what
            breaks the rule, and what `stands_for` names.
        rules : sequence of Rule
            In the order of their numbers.
        stands_for : StandsFor
            What a row stands for.
        """
        seen = broken.select(
            number=broken["_broken"],
            row=broken["_label"],
            value=broken["_value"],
            file=broken[FILE] if FILE in broken.columns else ibis.literal(""),
            **stands_for.columns(broken),
        )
        counts = engine.fetch(
            seen.group_by("number", "file", "month", "currency").agg(
                rows=seen.count(), weight=seen.weight.sum(), unread=seen.weight.isnull().sum()
            )
        )
        if counts.empty:
            return cls.empty()
        placed = seen.mutate(place=ibis.row_number().over(group_by="number", order_by=seen.row))
        first = placed.filter(placed.place < _OF_EACH).select("number", "row", "value")
        counted = _told(name, counts.sort_values(["number", "file", "month"]), rules)
        rows = _told(name, engine.fetch(first.order_by("number", "row").limit(_OF_ALL)), rules)
        return cls(counted[_COUNTS].reset_index(drop=True), _as_text(rows[QUARANTINE_COLUMNS]))


def _told(name: str, frame: pd.DataFrame, rules: Sequence[Rule]) -> pd.DataFrame:
    """The frame with the table and with the column and words of the rule that each `number` is of."""
    broken = [rules[int(number)] for number in frame["number"]]
    told = frame.assign(table=name, column=[rule.column for rule in broken], rule=[rule.words for rule in broken])
    return told.assign(month=pd.to_datetime(told["month"]).astype("datetime64[us]")) if "month" in told else told


def _as_text(rows: pd.DataFrame) -> pd.DataFrame:
    shown = rows.fillna("").astype("str").reset_index(drop=True)
    rows_said = shown["row"].map(lambda row: mask_identifiers(row, doubt=False))
    return shown.assign(row=rows_said.astype("str"), value=shown["value"].map(mask_identifiers).astype("str"))


def without_weight(rows: pd.DataFrame) -> Quarantine:
    """Rows of which nothing is known but that they were there: lines of a file that are no rows.

    Parameters
    ----------
    rows : pandas.DataFrame
        `QUARANTINE_COLUMNS`, `row` as ``file:line``.
    """
    if rows.empty:
        return Quarantine.empty()
    keys = rows.assign(file=rows["row"].str.rsplit(":", n=1).str[0], month=pd.NaT, currency=None)
    counts = keys.groupby(["table", "column", "rule", "file"], as_index=False, sort=False).size()
    counts = counts.rename(columns={"size": "rows"}).assign(month=pd.NaT, currency=None, weight=None)
    counts = counts.assign(unread=counts["rows"]).astype({"month": "datetime64[us]"})
    return Quarantine(counts[_COUNTS], _as_text(rows[QUARANTINE_COLUMNS]))


def together(parts: Iterable[Quarantine]) -> Quarantine:
    """The rows of several quarantines, in their order."""
    every = [part for part in parts if len(part)]
    if not every:
        return Quarantine.empty()
    if len(every) == 1:
        return every[0]
    return Quarantine(
        pd.concat(
            [part.counts.astype({"weight": "object", "currency": "object"}) for part in every], ignore_index=True
        ),
        pd.concat([part.rows for part in every], ignore_index=True),
    )
