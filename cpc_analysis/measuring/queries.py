"""The SQL that runs for a question, to read or to paste elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cpc_analysis.cells.contacts import BASE_KEYS, base_keys, contact_scan, sums_of
from cpc_analysis.cells.scans import Scan, month_keys
from cpc_analysis.cells.shifts import schedule_scan
from cpc_analysis.cells.surveys import survey_scan
from cpc_analysis.cells.work import asked_keys, raw_keys
from cpc_analysis.glossary import Fact, describe
from cpc_analysis.measuring.contact_parts import sums_for

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = ["show_query"]


def show_query(data: Dataset, quantity: str | Sequence[str], by: str | Sequence[str] = ()) -> str:
    """The SQL of the aggregate queries behind `measure`, in the engine's dialect.

    Parameters
    ----------
    data : Dataset
        The dataset.
    quantity, by
        As in `measure`.

    Returns
    -------
    str
        One query per large table, each after a comment that names the table.

    Examples
    --------
    >>> import pandas as pd
    >>> from cpc_analysis.dataset import Dataset
    >>> contacts = pd.DataFrame({
    ...     "contact_id": ["a"], "started_at": pd.to_datetime(["2025-04-01 09:00"]), "channel": ["voice"],
    ...     "direction": "in", "outcome": "answered"})
    >>> data = Dataset.from_frames(contacts=contacts, costs=None, currency="DKK", timezone="Europe/Copenhagen")
    >>> print(show_query(data, "contacts", by=["month"]).splitlines()[0])
    -- contacts
    """
    names = (quantity,) if isinstance(quantity, str) else tuple(quantity)
    keys = asked_keys(data, by)
    facts = frozenset().union(*(describe(name).facts for name in names))
    needed = {part for name in names for part in describe(name).parts}
    scans = []
    if facts & {Fact.CONTACTS, Fact.REPEATS, Fact.MONEY, Fact.SCHEDULE}:
        scans.append(_contacts(data, facts, needed, keys))
    if Fact.SURVEYS in facts and data.has("surveys"):
        raw, by_agent = raw_keys(data, keys)
        agents = ("range", "stray") if by_agent else ()
        scans.append(survey_scan(data, (*BASE_KEYS, *month_keys(data)[1:], *_periods(keys), *raw, *agents)))
    if facts & {Fact.MONEY, Fact.SCHEDULE} and data.has("shifts"):
        scans.append(schedule_scan(data, (*month_keys(data), "range", "stray")))
    return "\n\n".join(f"-- {scan.name}\n{data.engine.sql(scan.query)};" for scan in scans)


def _periods(keys: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(key for key in keys if key in ("day", "week"))


def _contacts(data: Dataset, facts: frozenset[Fact], needed: set[str], keys: tuple[str, ...]) -> Scan:
    raw, by_agent = raw_keys(data, keys)
    workers = bool(facts & {Fact.MONEY, Fact.SCHEDULE}) or by_agent
    every = tuple(dict.fromkeys((*base_keys(data), *_periods(keys), *raw, *(("range", "stray") if workers else ()))))
    return contact_scan(data, every, sums_of(data, sums_for(needed)))
