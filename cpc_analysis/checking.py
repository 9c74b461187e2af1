"""The check of a dataset: what was read, accepted and set aside, and what to know before trusting a figure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from cpc_analysis.cells.contacts import contact_cells
from cpc_analysis.cells.log_days import covered
from cpc_analysis.cells.work import column_of_scope, raw_keys, with_dimensions
from cpc_analysis.costing.coverage import complete_months
from cpc_analysis.costing.coverage_notes import log_notes
from cpc_analysis.costing.duration_notes import duration_notes
from cpc_analysis.costing.ledger import late_postings, pools
from cpc_analysis.costing.set_aside import exact_weight, in_money
from cpc_analysis.identifiers import mask_identifiers
from cpc_analysis.money import minor_digits, to_decimal
from cpc_analysis.overview import report_html
from cpc_analysis.periods import period_of
from cpc_analysis.tables.preparing import all_set_aside

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = ["CheckReport", "check"]

#: So many characters of a value are shown.
_SHOWN = 60


@dataclass(frozen=True)
class CheckReport:
    """What a check found. Printing it shows all of it; `to_frame` the rows set aside by table and rule.

    Parameters
    ----------
    read, accepted, set_aside, excluded : dict of str to int
        Rows by table: read = accepted + set aside + excluded.
    files : pandas.DataFrame
        Rows by `table` and `file`: `read`, `set_aside`, `excluded`, `accepted`.
    rules : pandas.DataFrame
        `table`, `rule`, `rows`, what those rows stand for - `contacts` or `amount` [currency] - and an `example`.
    months : pandas.DataFrame
        `month`, `contacts`, `amount` [currency], `complete`.
    notes : tuple of str
        Sentences about what may surprise: contacts without handle time, scopes that match no contact, clock changes.
    currency : str
        Of the amounts.
    """

    read: dict[str, int]
    accepted: dict[str, int]
    set_aside: dict[str, int]
    excluded: dict[str, int]
    files: pd.DataFrame
    rules: pd.DataFrame
    months: pd.DataFrame
    notes: tuple[str, ...]
    currency: str

    @property
    def ok(self) -> bool:
        """Whether nothing was set aside."""
        return not any(self.set_aside.values())

    def to_frame(self) -> pd.DataFrame:
        """The rules that rows broke: `table`, `rule`, `rows`."""
        return self.rules[["table", "rule", "rows"]].copy()

    def __str__(self) -> str:
        lines = ["Table      read      accepted  set aside  excluded"]
        lines += [
            f"{name:<10} {self.read[name]:<9,} {self.accepted[name]:<9,} {self.set_aside[name]:<10,} "
            f"{self.excluded.get(name, 0):,}"
            for name in self.read
        ]
        if len(self.files):
            lines += ["", "Files", *_indented(self.files.to_string(index=False))]
        if len(self.rules):
            lines += ["", "Set aside", *_indented(_blank(self.rules).to_string(index=False))]
        if len(self.months):
            lines += ["", "Months", *_indented(_blank(self.months).to_string(index=False))]
        lines += ["", *self.notes] if self.notes else []
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        return report_html(self)


def _blank(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows as they print: what is missing is blank."""
    return rows.astype("object").where(rows.notna(), "")


def _indented(text: str) -> list[str]:
    return [f"  {line}" for line in text.splitlines()]


def check(data: Dataset) -> CheckReport:
    """The check report of a dataset."""
    prepared = {name: data.prepared(name) for name in data.tables}
    reading, broken = data.reading, data.set_aside
    set_aside = {name: broken.count(name) for name in prepared}
    excluded = {name: int(reading.excluded.get(name, 0)) for name in prepared}
    read = {
        name: sum(reading.read[name].values()) if name in reading.read else table.read
        for name, table in prepared.items()
    }
    return CheckReport(
        read,
        {name: table.accepted for name, table in prepared.items()},
        set_aside,
        excluded,
        _files(data),
        _rules(data),
        _months(data),
        tuple(_notes(data)),
        data.currency,
    )


def _files(data: Dataset) -> pd.DataFrame:
    rows = [
        {"table": table, "file": file, "read": count}
        for table, files in data.reading.read.items()
        for file, count in files.items()
    ]
    frame = pd.DataFrame(rows, columns=["table", "file", "read"])
    if frame.empty:
        return frame
    counts = data.set_aside.counts.groupby(["table", "file"])["rows"].sum()
    index = pd.MultiIndex.from_frame(frame[["table", "file"]])
    frame["set_aside"] = counts.reindex(index).fillna(0).astype("int64").to_numpy()
    excluded = pd.Series(
        {
            (table, file): count
            for table, files in data.reading.excluded_by_file.items()
            for file, count in files.items()
        },
        dtype="int64",
    )
    frame["excluded"] = excluded.reindex(index).fillna(0).astype("int64").to_numpy() if len(excluded) else 0
    frame["accepted"] = frame["read"] - frame["set_aside"] - frame["excluded"]
    return frame.assign(file=[mask_identifiers(file, doubt=False) for file in frame["file"]])


def _rules(data: Dataset) -> pd.DataFrame:
    """The rules that rows broke, with what those rows stood for and one of them."""
    digits, broken = minor_digits(data.currency), data.set_aside
    rows = []
    for (table, column, words), group in broken.counts.groupby(["table", "column", "rule"], sort=False):
        row: dict[str, object] = {"table": table, "rule": f"`{column}` {words}", "rows": int(group["rows"].sum())}
        # An amount that could not be read is not known, not zero.
        if table == "contacts" and group["weight"].notna().any():
            row["contacts"] = int(group["weight"].sum())
        if table == "costs":
            row["amount"] = exact_weight(in_money(data, group)["weight"], digits)
        row["example"] = _example(broken.rows, str(table), str(column), str(words))
        rows.append(row)
    return pd.DataFrame(rows, columns=["table", "rule", "rows", "contacts", "amount", "example"])


def _example(rows: pd.DataFrame, table: str, column: str, words: str) -> str:
    """The first row that broke a rule, and the value that did."""
    of_rule = rows[(rows["table"] == table) & (rows["column"] == column) & (rows["rule"] == words)]
    if of_rule.empty:
        return ""
    row, value = of_rule.iloc[0][["row", "value"]]
    shown = value if len(value) <= _SHOWN else f"{value[:_SHOWN]}…"
    return f"'{shown}' in row {row}"


def _months(data: Dataset) -> pd.DataFrame:
    """What each month holds; what its log or its ledger does not know is missing, not 0."""
    cells = contact_cells(data, (), workers=False)
    frame = cells.groupby("month")["rows"].sum().rename("contacts").to_frame()
    known = covered(data)
    holes = [hole.months for hole in known.holes]
    frame = frame.reindex(frame.index.union(pd.DatetimeIndex([day for months in holes for day in months])))
    if _has_ledger(data):
        found = pools(data)
        ledger = found.frame.groupby("month")["posted"].sum().reindex(found.months)
        frame = frame.join(ledger, how="outer")
        digits = minor_digits(data.currency)
        posted = frame.pop("posted")
        frame["amount"] = [None if pd.isna(value) else to_decimal(int(value), digits) for value in posted]
    for month in frame.index[frame["contacts"].isna()]:
        if known.knows(period_of(month.date(), "month")):
            frame.loc[month, "contacts"] = 0
    frame["contacts"] = frame["contacts"].astype("Int64" if frame["contacts"].isna().any() else "int64")
    complete = complete_months(data)
    frame["complete"] = [month.date() in complete for month in frame.index]
    return frame.rename_axis("month").reset_index().assign(month=lambda rows: rows["month"].dt.strftime("%Y-%m"))


def _notes(data: Dataset) -> list[str]:
    notes = [sentence for name in data.tables if (sentence := all_set_aside(data, name))]
    cells = contact_cells(data, (), workers=False)
    answered = cells[cells["outcome"] == "answered"]
    missing = int(answered["rows"].sum() - answered["measured"].sum())
    if missing:
        notes.append(
            f"{missing:,} of {int(answered['rows'].sum()):,} answered contacts have no handle time: "
            "time-weighted cost passes them by."
        )
    notes += duration_notes(data)
    notes += log_notes(data)
    for table, count in data.reading.clock_changes.items():
        if count:
            notes.append(
                f"{count:,} times in `{table}` do not exist or exist twice at a clock change: "
                "read by the declared rule."
            )
    notes += _left_out(data)
    if _has_ledger(data):
        notes += _unknown_accounts(data) + _idle_scopes(data) + _late(data)
    return notes


def _has_ledger(data: Dataset) -> bool:
    """Whether there is any line of a ledger to look at."""
    return data.has("costs") and data.prepared("costs").accepted > 0


def _left_out(data: Dataset) -> list[str]:
    """Columns that the readers left out."""
    return [
        f"Left out of `{table}`, because their names say that they hold people: "
        f"{', '.join(mask_identifiers(name) for name in names)}. One that holds none can come under another name."
        for table, names in data.reading.left_out.items()
        if names
    ]


def _unknown_accounts(data: Dataset) -> list[str]:
    """Accounts that the costing policy names and the ledger does not have."""
    in_ledger = set(data.frame("costs")["account"])
    notes = []
    for setting in ("spread_accounts", "premium_accounts", "piece_accounts"):
        unknown = [account for account in getattr(data.costing, setting) if account not in in_ledger]
        if unknown:
            notes.append(f"`{setting}` names accounts that the ledger does not have: {', '.join(unknown)}.")
    return notes


def _late(data: Dataset) -> list[str]:
    """What was posted to closed months after their books had closed, month by month."""
    digits = minor_digits(data.currency)
    return [
        f"Late postings to {month:%Y-%m}, after its books had closed: "
        f"{to_decimal(int(lines['posted'].sum()), digits):,} {data.currency} in {len(lines)} line(s)."
        for month, lines in late_postings(data).groupby("month")
    ]


def _idle_scopes(data: Dataset) -> list[str]:
    """Months in which a scope of the ledger matches no contact."""
    found = pools(data)
    if not found.scopes:
        return []
    raw, by_agent = raw_keys(data, found.scopes)
    cells = with_dimensions(data, contact_cells(data, raw, by_agent), found.scopes)
    notes = []
    frame = found.frame
    for scope, lines in frame.groupby(["channel", "site", "team"], dropna=False, sort=True):
        limits = {
            name: value for name, value in zip(("channel", "site", "team"), scope, strict=True) if pd.notna(value)
        }
        if not limits:
            continue
        inside = pd.Series(True, index=cells.index)
        for name, value in limits.items():
            inside &= cells[column_of_scope(name)] == value
        months = sorted(set(lines["month"]) - set(cells.loc[inside, "month"]))
        if months:
            words = ", ".join(f"{name} = {value}" for name, value in limits.items())
            notes.append(
                f"Costs scoped to {words} match no contact in {len(months)} month(s), first {months[0]:%Y-%m}: "
                "unallocated there."
            )
    return notes
