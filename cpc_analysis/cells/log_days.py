"""The local days with contacts: which lie so far from all others that their date is in doubt, which the log covers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import ibis
import numpy as np
import pandas as pd

from cpc_analysis.cells.covered_days import CoveredDays, covered_days
from cpc_analysis.engine import local_time, period_start
from cpc_analysis.periods import Stretch, midnight, period_of, weekdays_named

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = ["FarOff", "LogDays", "covered", "log_days", "near_and_far", "without_far"]

#: So many days without contacts part the log: a quarter.
_APART = 92
#: What is parted from the log is far off where it has so few days against it ...
_FEW = 20
#: ... or few days at all, so many years away: dates of 1900, 1970 or 2052 are slips whatever the length of the log.
_FEW_DAYS, _FAR = 3, 5 * 365


@dataclass(frozen=True)
class FarOff:
    """Days with contacts that lie far from all others, and how many contacts they have."""

    days: Stretch
    contacts: int


@dataclass(frozen=True, eq=False)
class LogDays:
    """The days with contacts.

    Parameters
    ----------
    near : pandas.DataFrame
        By local day, in order: `rows` of the log, and how many `contacts` they stand for. A row that covers a week or
        a month is on each of its days.
    far : tuple of FarOff
        What lies far from all others, and is not in `near`.
    """

    near: pd.DataFrame
    far: tuple[FarOff, ...]

    @property
    def ends(self) -> tuple[date, date] | None:
        """The first and the last day, far ones left out; None without contacts."""
        if self.near.empty:
            return None
        return self.near.index[0].date(), self.near.index[-1].date()


def log_days(data: Dataset) -> LogDays:
    """The days with contacts of a dataset, by its accepted rows; kept."""
    stated = data.settings.stated_days
    whole = Stretch(stated["complete_from"], stated["complete_through"]) if len(stated) == 2 else None
    return data.once("log days", lambda: near_and_far(_days_with_contacts(data), whole))


def covered(data: Dataset) -> CoveredDays:
    """The days that the contact log covers, by its accepted rows; kept."""
    stated = data.settings.stated_days
    return data.once(
        "covered days",
        lambda: covered_days(
            log_days(data).near,
            weekdays_named(data.settings.workweek),
            data.settings.free_days,
            stated.get("complete_from"),
            stated.get("complete_through"),
        ),
    )


def without_far(data: Dataset, contacts: ibis.Table) -> ibis.Table:
    """The contacts of a table that do not lie far from all others."""
    found = log_days(data)
    if not found.far or found.ends is None:
        return contacts
    first, last = found.ends
    start, end = (midnight(day, data.timezone) for day in (first, last + timedelta(days=1)))
    return contacts.filter(contacts.started_at >= ibis.timestamp(start), contacts.started_at < ibis.timestamp(end))


def near_and_far(days: pd.DataFrame, whole: Stretch | None = None) -> LogDays:
    """Days with contacts, parted from those that lie far from all others.

    Parameters
    ----------
    days : pandas.DataFrame
        `rows` and `contacts` by day, in order.
    whole : Stretch, optional
        The days in which the log is stated to be whole: there nothing is far off.

    Notes
    -----
    More than a quarter without contacts parts the log. The part with the most days is the log; another is far off when
    it has not a twentieth of those days, or no more than three and lies more than five years away. What is longer is
    no slip: the log has a hole.

    Examples
    --------
    >>> days = pd.DatetimeIndex(["1900-01-01", *pd.date_range("2025-04-01", "2025-04-30")])
    >>> found = near_and_far(pd.DataFrame({"rows": 5, "contacts": 5}, index=days))
    >>> len(found.near), str(found.far[0].days), found.far[0].contacts
    (30, '1900-01-01', 5)
    """
    if days.empty:
        return LogDays(days, ())
    number = np.cumsum(days.index.to_series().diff().dt.days.to_numpy() > _APART)
    parts = [part for _, part in days.groupby(number)]
    main = max(parts, key=lambda part: (len(part), part["rows"].sum(), part.index[0]))
    is_far = [_is_far(part, main) and not _is_in(part, whole) for part in parts]
    near = [part for part, far in zip(parts, is_far, strict=True) if not far]
    far_off = [part for part, far in zip(parts, is_far, strict=True) if far]
    return LogDays(pd.concat(near), tuple(_far_off(part) for part in far_off))


def _is_far(part: pd.DataFrame, main: pd.DataFrame) -> bool:
    if part is main:
        return False
    away = max(part.index[0] - main.index[-1], main.index[0] - part.index[-1]).days
    return len(part) * _FEW <= len(main) or (len(part) <= _FEW_DAYS and away > _FAR)


def _is_in(part: pd.DataFrame, whole: Stretch | None) -> bool:
    return whole is not None and whole.first <= part.index[0].date() and part.index[-1].date() <= whole.last


def _far_off(part: pd.DataFrame) -> FarOff:
    days = Stretch(part.index[0].date(), part.index[-1].date())
    return FarOff(days, int(part["contacts"].sum()))


def _days_with_contacts(data: Dataset) -> pd.DataFrame:
    prepared = data.prepared("contacts")
    table = prepared.table
    if prepared.first is None or prepared.last is None:
        table = table.mutate(day=table.started_at.cast("date"))
    else:
        local = local_time(table.started_at, data.timezone, prepared.first.date(), prepared.last.date())
        table = table.mutate(day=period_start(local, "day"))
    keys = [name for name in ("day", "covers") if name in table.columns]
    contacts = table.contact_count.fill_null(1).sum() if "contact_count" in table.columns else table.count()
    frame = data.engine.fetch(table.group_by(keys).agg(rows=table.count(), contacts=contacts))
    frame["day"] = pd.to_datetime(frame["day"]).astype("datetime64[us]")
    frame[["rows", "contacts"]] = frame[["rows", "contacts"]].astype("int64")
    if "covers" in frame:
        longer = frame["covers"].isin(["week", "month"])
        frame = pd.concat([frame[~longer], *(_on_each_day(row) for row in frame[longer].itertuples())])
    return frame.groupby("day")[["rows", "contacts"]].sum().sort_index()


def _on_each_day(row) -> pd.DataFrame:  # type: ignore[no-untyped-def]
    """A row that stands for a period, on each of its days; its contacts on the first, so that none counts twice."""
    period = period_of(row.day.date(), row.covers)
    days = pd.date_range(period.start, periods=period.days, unit="us")
    contacts = np.zeros(len(days), dtype="int64")
    contacts[0] = row.contacts
    return pd.DataFrame({"day": days, "rows": row.rows, "contacts": contacts})
