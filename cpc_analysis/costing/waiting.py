"""How far it is known what waiting cost: only shifts tell paid time that was not worked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import pandas as pd

from cpc_analysis.cells.conditions import Conditions, months_touched
from cpc_analysis.cells.shifts import agent_columns, schedule_cells
from cpc_analysis.cells.work import work_frame
from cpc_analysis.costing.ledger import pools
from cpc_analysis.language import joined, listed_said, percent, say
from cpc_analysis.periods import period_of
from cpc_analysis.schema import LABOUR_TYPES

if TYPE_CHECKING:
    from cpc_analysis.calendars import Calendar
    from cpc_analysis.dataset import Dataset

__all__ = ["KnownWaiting", "known_waiting", "waiting_in_words"]


@dataclass(frozen=True)
class KnownWaiting:
    """How far the cost of waiting is known. Made by `known_waiting`.

    Parameters
    ----------
    state : {"known", "partly", "unknown"}
        Of all months with labour; known also where there is no labour that could wait.
    unknown_months : tuple of Timestamp
        The months with labour and without shifts, in order: their waiting lies in what was used.
    unscheduled_share : float
        The share of worked time, in the other months, of staffing groups without a shift in the month: it is taken to
        wait as much as the time of the others.
    unscheduled_groups : tuple of str
        These groups, in order.
    """

    state: Literal["known", "partly", "unknown"]
    unknown_months: tuple[pd.Timestamp, ...] = ()
    unscheduled_share: float = 0.0
    unscheduled_groups: tuple[str, ...] = ()

    def within(self, conditions: Conditions, calendar: Calendar) -> KnownWaiting:
        """The same of the months that conditions ask for, whose fiscal periods are of a calendar."""
        months = pd.Series(self.unknown_months, dtype="datetime64[us]")
        kept = tuple(months[months_touched(months, conditions, calendar)])
        state = "known" if self.state == "partly" and not kept else self.state
        return replace(self, state=state, unknown_months=kept)


def known_waiting(data: Dataset) -> KnownWaiting:
    """How far the cost of waiting is known.

    Raises
    ------
    InvalidInputError
        If the dataset has no costs.
    """
    return data.once(("known waiting", data.costing), lambda: _known_waiting(data))


def _known_waiting(data: Dataset) -> KnownWaiting:
    found = pools(data).frame
    labour = found[found["cost_type"].isin(LABOUR_TYPES) & ((found["posted"] != 0) | (found["moved"] != 0))]
    months = set(labour["month"])
    if not months:
        return KnownWaiting("known")
    scheduled = _scheduled(data)
    unknown = tuple(sorted(months - set(scheduled["month"])))
    if len(unknown) == len(months):
        return KnownWaiting("unknown", unknown)
    share, groups = _without_shifts(data, scheduled)
    return KnownWaiting("partly" if unknown else "known", unknown, share, groups)


def _scheduled(data: Dataset) -> pd.DataFrame:
    """`month` and `staffing_group` with productive time in shifts."""
    cells = schedule_cells(data)
    group = agent_columns(data, cells["range"], cells["stray"], ("staffing_group",))["staffing_group"]
    frame = pd.DataFrame({"month": cells["month"], "staffing_group": group})
    return frame[cells["productive_ms"].astype("float64") > 0].drop_duplicates()


def _without_shifts(data: Dataset, scheduled: pd.DataFrame) -> tuple[float, tuple[str, ...]]:
    """The share of worked time without a shift of its group, in months with shifts of any; and the groups."""
    work = work_frame(data, (), payers=True, scopes=pools(data).scopes)
    worked = pd.DataFrame(
        {"month": work["month"], "staffing_group": work["_staffing_group"], "worked": work["worked_ms"]}
    )
    worked = worked[worked["month"].isin(scheduled["month"]) & (worked["worked"] > 0)]
    both = worked.merge(scheduled, on=["month", "staffing_group"], how="left", indicator="found")
    alone = both["found"] == "left_only"
    total = float(both["worked"].sum())
    share = float(both.loc[alone, "worked"].sum()) / total if total else 0.0
    return share, tuple(sorted(both.loc[alone, "staffing_group"].unique()))


def waiting_in_words(waiting: KnownWaiting) -> str:
    """What of waiting is not known, and what stands for it, in sentences; empty where all is known.

    Examples
    --------
    >>> waiting_in_words(KnownWaiting("unknown"))
    'Without shifts waiting is not known: used is used and waiting together.'
    >>> months = (pd.Timestamp("2025-04-01"), pd.Timestamp("2025-05-01"))
    >>> waiting_in_words(KnownWaiting("partly", months, 0.031, ("b",)))
    'Waiting is not known for 2025-04, 2025-05, without shifts: it lies in what was used. 3.1% of worked time is of \
groups without shifts (b): it is taken to wait as much as that of the others.'
    """
    if waiting.state == "unknown":
        return say("Without shifts waiting is not known: used is used and waiting together.")
    months_said = (str(period_of(month.date(), "month")) for month in waiting.unknown_months)
    partly = say(
        "Waiting is not known for {months}, without shifts: it lies in what was used.", months=listed_said(*months_said)
    ) if waiting.unknown_months else ""  # fmt: skip
    unscheduled = say(
        "{share} of worked time is of groups without shifts ({groups}): it is taken to wait as much as that of the "
        "others.",
        share=percent(waiting.unscheduled_share), groups=listed_said(*waiting.unscheduled_groups),
    ) if waiting.unscheduled_groups else ""  # fmt: skip
    return joined(partly, unscheduled)
