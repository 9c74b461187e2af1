"""Cells: one scan of each large table at its own grain, kept, so that the next question answers at once.

A cell is a combination of period, dimensions and agent range with the sums of its rows. Everything after a cell is
small, exact and in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import ibis
import pandas as pd

from cpc_analysis.cells.derived import with_derived
from cpc_analysis.cells.spans import FISCAL_MONTH
from cpc_analysis.engine import Engine, fiscal_start, local_time, period_start
from cpc_analysis.errors import InvalidInputError
from cpc_analysis.periods import midnight
from cpc_analysis.tables.naming import as_given
from cpc_analysis.tables.preparing import agent_ranges

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = [
    "MOST_CELLS",
    "PERIODS_ON_ENGINE",
    "Scan",
    "agents_have_ranges",
    "agents_table",
    "cells_of",
    "keyed_contacts",
    "month_keys",
    "with_local_start",
    "with_range",
]

MOST_CELLS = 5_000_000
_SOME_TIME = datetime(2000, 1, 1)
PERIODS_ON_ENGINE = ("day", "week", "month", FISCAL_MONTH)


@dataclass(frozen=True)
class Scan:
    """One aggregate query: a table with its key columns, and the sums it can give.

    `signature` names everything beside the keys that changes the sums.
    """

    name: str
    table: ibis.Table
    keys: tuple[str, ...]
    sums: dict[str, ibis.Value]
    signature: tuple[Any, ...] = ()

    @property
    def query(self) -> ibis.Table:
        """The aggregate query."""
        return self.table.group_by(list(self.keys)).agg(**self.sums)


def cells_of(data: Dataset, name: str, make: Callable[[], Scan], keys: tuple[str, ...],
             sums: Iterable[str], signature: tuple[Any, ...]) -> pd.DataFrame:  # fmt: skip
    """The cells of a scan, from kept ones where they hold all that is asked.

    Parameters
    ----------
    data : Dataset
        Keeps the cells.
    name : str
        The table that is scanned.
    make : callable
        Makes the scan when it has to run.
    keys : tuple of str
        Key columns asked for.
    sums : iterable of str
        Sums asked for.
    signature : tuple
        What else changes the sums; hashable.

    Returns
    -------
    pandas.DataFrame
        One row per combination of keys, sorted by them, with at least the sums asked for.

    Raises
    ------
    InvalidInputError
        If there are more than 5 million cells.
    """
    kept: list[tuple[Any, frozenset[str], pd.DataFrame]] = data.once(("cells", name), list)
    wanted = set(sums)
    for known_signature, known_keys, frame in kept:
        if known_signature == signature and known_keys >= set(keys) and wanted <= set(frame.columns):
            if known_keys == set(keys):
                return frame
            coarser = frame.groupby(list(keys), dropna=False, sort=True, as_index=False)[
                [column for column in frame.columns if column not in known_keys]
            ].sum()
            kept.append((signature, frozenset(keys), coarser))
            return coarser
    scan = make()
    frame = _fetch(data.engine, scan)
    kept.append((signature, frozenset(keys), frame))
    return frame


def _fetch(engine: Engine, scan: Scan) -> pd.DataFrame:
    frame = engine.fetch(scan.query.limit(MOST_CELLS + 1))
    if len(frame) > MOST_CELLS:
        widest = max(scan.keys, key=lambda key: frame[key].nunique())
        raise InvalidInputError(
            f"This question makes more than {MOST_CELLS:,} cells; `{as_given(widest)}` alone has "
            f"{frame[widest].nunique():,} different values. Group by fewer columns, or by a coarser one."
        )
    for name in PERIODS_ON_ENGINE:
        if name in frame.columns:
            frame[name] = pd.to_datetime(frame[name]).astype("datetime64[us]")
    for name in scan.sums:
        frame[name] = frame[name].fillna(0).astype("int64")
    return frame.sort_values(list(scan.keys), kind="stable", ignore_index=True)


def keyed_contacts(data: Dataset, contacts: ibis.Table, keys: Iterable[str]) -> ibis.Table:
    """The contacts with what the keys name: periods of their start, the range of their agent, derived keys."""
    prepared = data.prepared("contacts")
    contacts = with_derived(data, contacts, keys)
    if "range" in keys:
        contacts = with_range(data, contacts, "agent_id", "started_at")
    periods = [key for key in keys if key in PERIODS_ON_ENGINE]
    return with_local_start(data, contacts, "started_at", periods, prepared.first, prepared.last)


def with_local_start(data: Dataset, table: ibis.Table, column: str, periods: Iterable[str],
                     first: datetime | None, last: datetime | None) -> ibis.Table:  # fmt: skip
    """The table with the first days of the periods in which a UTC time column lies, in the dataset's zone."""
    start, end = (first or _SOME_TIME).date(), (last or _SOME_TIME).date()
    local = local_time(table[column], data.timezone, start, end)
    found = {period: period_start(local, period) for period in periods if period != FISCAL_MONTH}
    if FISCAL_MONTH in periods:
        found[FISCAL_MONTH] = fiscal_start(local, FISCAL_MONTH, data.calendar, start, end)
    return table.mutate(**found)


def month_keys(data: Dataset) -> tuple[str, ...]:
    """The keys of every scan that tell its month: the fiscal month too, where fiscal months cut calendar months.

    Raises
    ------
    InvalidInputError
        If they cut months, but rows of the contacts stand for a whole month.
    """
    if not data.calendar.cuts_months:
        return ("month",)
    if data.once("rows of months", lambda: _has_rows_of_months(data)):
        raise InvalidInputError(
            "`contacts.covers` says that rows stand for a whole month, which the fiscal months of `calendar.pattern` "
            f"'{data.calendar.pattern}' cut. Leave `pattern` out, so that fiscal months are calendar months."
        )
    return ("month", FISCAL_MONTH)


def _has_rows_of_months(data: Dataset) -> bool:
    if not data.has("contacts", "covers"):
        return False
    contacts = data.on_engine("contacts")
    return len(data.engine.fetch(contacts.filter(contacts.covers == "month").select("covers").limit(1))) > 0


def agents_table(data: Dataset) -> pd.DataFrame:
    """The agents' ranges with `range` (0, 1, ...), their UTC bounds and `loaded_wage`; kept."""
    return data.once("agent ranges", lambda: _ranges(data))


def _ranges(data: Dataset) -> pd.DataFrame:
    frame = agent_ranges(data.frame("agents"))
    frame["range"] = range(len(frame))
    for side in ("from", "to"):
        frame[f"{side}_utc"] = [midnight(day, data.timezone) for day in frame[f"{side}_day"]]
    rate = pd.to_numeric(frame["on_cost_rate"]).fillna(0.0)
    frame["loaded_wage"] = pd.to_numeric(frame["hourly_wage"]) * (1.0 + rate)
    return frame


def agents_have_ranges(data: Dataset) -> bool:
    """Whether what is known of an agent depends on the time."""
    agents = data.frame("agents")
    dated = agents["valid_from"].notna().any() or agents["valid_to"].notna().any()
    return bool(dated or agents["agent_id"].duplicated().any())


def with_range(
    data: Dataset, table: ibis.Table, agent: str, at: str, name: str = "range", stray: str = "stray"
) -> ibis.Table:
    """The table with the agent's validity range at a time, or the agent's own name where no range holds.

    A join by range never multiplies rows: ranges of one agent do not overlap. Agents without dates need no join;
    they keep their names.
    """
    if agent not in table.columns:
        return table.mutate(**{name: ibis.null("int64"), stray: ibis.null("string")})
    if not agents_have_ranges(data):
        return table.mutate(**{name: ibis.null("int64"), stray: table[agent]})
    frame = agents_table(data)[["agent_id", "range", "from_utc", "to_utc"]]
    ranges = data.engine.table(frame.rename(columns={"agent_id": "_agent", "range": "_range"}), "agent_ranges")
    joined = table.left_join(
        ranges,
        [table[agent] == ranges["_agent"], table[at] >= ranges.from_utc, table[at] < ranges.to_utc],
    )
    found = joined["_range"]
    return joined.select(
        *(table[column] for column in table.columns),
        **{name: found, stray: ibis.ifelse(found.isnull(), table[agent], ibis.null("string"))},
    )
