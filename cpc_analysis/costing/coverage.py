"""Coverage: which days the contact log covers, and which months are complete in the log and the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from cpc_analysis.cells.log_days import covered, log_days
from cpc_analysis.costing.ledger import pools
from cpc_analysis.errors import CpcError
from cpc_analysis.language import listed_said, period_said, say
from cpc_analysis.periods import Period, Stretch, parse_period, period_of

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = [
    "complete_months", "contact_days", "holes_in", "holes_in_words", "is_complete", "last_closed_month",
    "log_months", "provisional_in_words", "windows_in_words",
]  # fmt: skip


def contact_days(data: Dataset) -> tuple[date, date]:
    """The first and last local day that the contact log covers, stated or worked out.

    Without contacts the first lies after the last.

    Notes
    -----
    Days that lie far from all others are not among them. Where the log covers no day at all, as one of a few contacts
    may, these are its first and last day with contacts.
    """
    return covered(data).ends or log_days(data).ends or (date.max, date.min)


def log_months(data: Dataset) -> pd.DatetimeIndex:
    """The first days of the months that the log covers any day of, or has contacts in; far ones left out."""
    months = covered(data).known.to_period("M").unique()
    return pd.DatetimeIndex(months.start_time).as_unit("us")


def holes_in(data: Dataset, period: Period) -> tuple[Stretch, ...]:
    """What the contact log does not cover, between its first day and its last, of the days of a period or touching it.

    Parameters
    ----------
    data : Dataset
        The dataset.
    period : Period
        The period.
    """
    return tuple(hole for hole in covered(data).holes if hole.touches(period))


def holes_in_words(holes: Iterable[Stretch]) -> str:
    """That the contact log has some holes; empty without any."""
    days = [_days_said(hole) for hole in sorted(holes)]
    if not days:
        return ""
    return say("The contact log has a hole where it has no contacts: {days}.", days=listed_said(*days))


def _days_said(hole: Stretch) -> str:
    first, last = period_said(hole.first, "day"), period_said(hole.last, "day")
    return say("{first} to {last}", first=first, last=last) if hole.days > 1 else first


def windows_in_words(data: Dataset) -> str:
    """That windows which run into a hole of the log say nothing; empty where it has no hole."""
    if not covered(data).holes:
        return ""
    return say(
        "A window that runs into a hole of the contact log has not closed; a first contact within one window after a "
        "hole is not judged."
    )


def complete_months(data: Dataset) -> set[date]:
    """The first days of the months that the log covers every day of, that the ledger has, and that are not open."""
    log = covered(data)
    try:
        months = [month.date() for month in pools(data).months]
    except CpcError:
        months = [month.date() for month in log_months(data)]
    closed, provisional = data.settings.closed_through, set(data.settings.provisional)
    complete = set()
    for start in months:
        month = period_of(start, "month")
        is_open = closed is not None and month.end > parse_period(closed).end and str(month) not in provisional
        if log.covers(month) and not is_open:
            complete.add(month.start)
    return complete


def is_complete(period: Period, complete: set[date]) -> bool:
    """Whether every month that a period lies in or touches is complete."""
    day = period_of(period.start, "month").start
    while day < period.end:
        if day not in complete:
            return False
        day = period_of(day, "month").end
    return True


def provisional_in_words(data: Dataset, period: Period | None = None) -> str:
    """The stamp of figures that may still move: the provisional months of a period, or of all; empty without any."""
    months = [parse_period(text) for text in data.settings.provisional]
    if period is not None:
        months = [month for month in months if period.start < month.end and month.start < period.end]
    if not months:
        return ""
    return say("Provisional, figures may still move: {months}.", months=listed_said(*(str(month) for month in months)))


def last_closed_month(data: Dataset) -> Period:
    """The last complete month, or the last month with contacts when none is complete."""
    complete = complete_months(data)
    last = contact_days(data)[1]
    return period_of(max(complete), "month") if complete else period_of(last, "month")
