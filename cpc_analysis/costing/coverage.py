"""Coverage: which months the contact log and the ledger reach the end of."""

from __future__ import annotations

from datetime import UTC, date, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pandas as pd

from cpc_analysis.cells.scans import with_local_start
from cpc_analysis.costing.ledger import pools
from cpc_analysis.errors import CpcError
from cpc_analysis.language import listed_said, say
from cpc_analysis.periods import Period, parse_period, period_of

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = [
    "complete_months", "contact_days", "is_complete", "last_closed_month", "log_months", "provisional_in_words",
]  # fmt: skip

_SHORTEST_LOG_TO_JUDGE = timedelta(days=28)


def contact_days(data: Dataset) -> tuple[date, date]:
    """The first and last local day that the contact log covers.

    Notes
    -----
    Stated in the settings, or worked out: a log reaches the end of a month when the days without contacts up to
    that end are no more than the longest stretch of such days inside the log - a weekend, a holiday. A log of
    less than four weeks is too short to tell and taken to cover its months.
    """
    stated = data.settings
    first, last = data.once("contact days", lambda: _covered(data))
    return (
        parse_period(stated.complete_from).start if stated.complete_from else first,
        parse_period(stated.complete_through).end - timedelta(days=1) if stated.complete_through else last,
    )


def log_months(data: Dataset) -> pd.DatetimeIndex:
    """The first days of the months from the log's first contact, or the first day that it covers, to its last."""
    first, last = contact_days(data)
    start, end = _first_and_last(data)
    if start > end:
        return pd.DatetimeIndex([], dtype="datetime64[us]")
    return pd.date_range(period_of(min(first, start), "month").start, max(last, end), freq="MS", unit="us")


def _first_and_last(data: Dataset) -> tuple[date, date]:
    """The local days of the first and of the last contact."""
    prepared = data.prepared("contacts")
    if prepared.first is None or prepared.last is None:
        return date.max, date.min
    zone = ZoneInfo(data.timezone)
    first, last = (at.replace(tzinfo=UTC).astimezone(zone).date() for at in (prepared.first, prepared.last))
    return first, last


def _covered(data: Dataset) -> tuple[date, date]:
    first, last = _first_and_last(data)
    if first > last:
        return first, last
    month_start, month_end = period_of(first, "month").start, period_of(last, "month").end
    if (first - month_start).days <= 1 and (month_end - last).days <= 2:
        return month_start, month_end - timedelta(days=1)
    days = _days_with_contacts(data)
    first = days.index[0].date()
    end = (days.index + pd.to_timedelta(days, unit="D")).max().date()
    if end - first < _SHORTEST_LOG_TO_JUDGE:
        return month_start, month_end - timedelta(days=1)
    gaps = days.index.to_series().diff().dt.days.iloc[1:].to_numpy() - days.to_numpy()[:-1]
    longest = max(int(gaps.max(initial=0)), 1)
    return (
        month_start if (first - month_start).days <= longest else first,
        month_end - timedelta(days=1) if (month_end - end).days <= longest else end - timedelta(days=1),
    )


def _days_with_contacts(data: Dataset) -> pd.Series:
    """The local days with contacts, in order, each with how many days its rows stand for."""
    prepared = data.prepared("contacts")
    table = with_local_start(data, prepared.table, "started_at", ("day",), prepared.first, prepared.last)
    columns = ["day", "covers"] if "covers" in table.columns else ["day"]
    frame = data.engine.fetch(table.select(*columns).distinct())
    frame["day"] = pd.to_datetime(frame["day"])
    if "covers" in frame:
        frame["length"] = [
            period_of(day.date(), covers).days - (day.date() - period_of(day.date(), covers).start).days
            if isinstance(covers, str)
            else 1
            for day, covers in zip(frame["day"], frame["covers"], strict=True)
        ]
        return frame.groupby("day")["length"].max().sort_index()
    return pd.Series(1, index=pd.DatetimeIndex(frame["day"]).sort_values())


def complete_months(data: Dataset) -> set[date]:
    """The first days of the months that both the contacts and the ledger reach the end of, and that are not open."""
    first, last = contact_days(data)
    try:
        months = [month.date() for month in pools(data).months]
    except CpcError:
        months = [month.date() for month in pd.period_range(first, last, freq="M").start_time] if first <= last else []
    closed, provisional = data.settings.closed_through, set(data.settings.provisional)
    complete = set()
    for start in months:
        month = period_of(start, "month")
        reached = first <= month.start and month.end - timedelta(days=1) <= last
        is_open = closed is not None and month.end > parse_period(closed).end and str(month) not in provisional
        if reached and not is_open:
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
