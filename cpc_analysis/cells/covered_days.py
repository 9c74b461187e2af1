"""Which days a contact log covers: those with contacts, and those on which none is no surprise, or as stated."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from cpc_analysis.periods import Period, Stretch, period_of

__all__ = ["CoveredDays", "covered_days"]

#: So many runs between days with contacts, and so many weeks, tell what is usual; fewer tell nothing.
_ENOUGH_RUNS, _ENOUGH_WEEKS = 20, 4
#: Days without contacts are usual when at most one run in twenty is longer.
_USUAL = 0.95
#: A log has a rhythm of weekdays when it has contacts on nearly all days of one. The centre is open on a weekday when
#: it has on most of them; on a workday of the project unless it has hardly any: not a tenth of the busiest weekday's.
_NEARLY_ALL, _MOST, _HARDLY_ANY = 0.8, 2 / 3, 0.1
#: Inside of the log, a run is unusual so many times as far beyond the quantile as that is from the median.
_FENCE = 2
#: What may come by chance: one log in twenty that is whole is doubted.
_CHANCE = 0.05
#: Counts that come one by one vary by as much as their mean; those of the same size every day do not.
_BY_CHANCE = 0.5


@dataclass(frozen=True, eq=False)
class CoveredDays:
    """The days that a contact log covers.

    Parameters
    ----------
    days : pandas.DatetimeIndex
        The days that it covers, in order.
    known : pandas.DatetimeIndex
        These, and days with contacts that it does not cover: far from all others, or beyond what is stated.
    holes : tuple of Stretch
        What it does not cover between the first day that it covers and the last.
    doubted : tuple of Stretch
        What would be holes, or beyond its ends, were the days not stated to be covered.
    can_tell : bool
        Whether there are enough days with contacts to tell which runs without contacts are usual.
    """

    days: pd.DatetimeIndex
    known: pd.DatetimeIndex
    holes: tuple[Stretch, ...] = ()
    doubted: tuple[Stretch, ...] = ()
    can_tell: bool = True

    @property
    def ends(self) -> tuple[date, date] | None:
        """The first and the last day that the log covers; None where it covers none."""
        return (self.days[0].date(), self.days[-1].date()) if len(self.days) else None

    def covers(self, period: Period) -> bool:
        """Whether the log covers every day of a period."""
        return self._number(self.days, period) == period.days

    def knows(self, period: Period) -> bool:
        """Whether the log covers any day of a period, or has contacts in it."""
        return self._number(self.known, period) > 0

    def _number(self, days: pd.DatetimeIndex, period: Period) -> int:
        start, end = days.searchsorted([pd.Timestamp(period.start), pd.Timestamp(period.end)])
        return int(end - start)


def covered_days(
    days: pd.DataFrame,
    week: Collection[int],
    holidays: Iterable[date] = (),
    stated_first: date | None = None,
    stated_last: date | None = None,
) -> CoveredDays:
    """The days that a log with contacts on some days covers.

    Parameters
    ----------
    days : pandas.DataFrame
        `rows` of the log by day with contacts, in order, as of `near_and_far`.
    week : collection of int
        The project's working week, Monday 0.
    holidays : iterable of date
        Days on which the centre may be closed.
    stated_first, stated_last : date, optional
        The first and the last day that the log is stated to cover.

    Notes
    -----
    A day without contacts is covered when the centre is not open on it: on a holiday, and on a weekday that the log
    has no contacts on as a rule. Otherwise it is covered in a run between days with contacts that is usual. In a log
    in which contacts come one by one, that is a run as long as chance leaves, one log in twenty: at six contacts a day
    one day, at thirty none. In any log it is one that no more than one run in twenty exceeds, in open days; inside of
    the log, where many runs are judged, twice as far again beyond the median, so that the longest of many is no hole,
    but never one that chance would not leave. With fewer than twenty runs none is usual.

    A log reaches to the ends of its first and last month, where it covers the days up to there.

    Both ends stated say that the log is whole between them; one says it of that end.

    Examples
    --------
    >>> weekdays = pd.bdate_range("2025-05-01", "2025-06-18")
    >>> found = covered_days(pd.DataFrame({"rows": 5}, index=weekdays), week=range(5))
    >>> found.covers(period_of(date(2025, 5, 1), "month")), found.ends[1]
    (True, datetime.date(2025, 6, 18))
    """
    if days.empty:
        return CoveredDays(days.index, days.index, can_tell=False)
    calendar = _calendar(days.index, stated_first, stated_last)
    known = _known(days, calendar, week, holidays)
    holes, is_beyond = _holes(known)
    is_covered = ~(holes | is_beyond)
    is_stated = _stated(calendar, stated_first, stated_last)
    if stated_first is not None and stated_last is not None:
        is_covered = is_stated
    else:
        at_stated_end = is_beyond & _stated_ends(calendar, days.index, stated_first, stated_last)
        is_covered = (is_covered | at_stated_end) & is_stated
    covered = calendar[is_covered]
    inside = ~is_covered
    if len(covered):
        inside &= (calendar > covered[0]) & (calendar < covered[-1])
    return CoveredDays(
        days=covered,
        known=calendar[is_covered | known.has],
        holes=_stretches(calendar, inside),
        doubted=_stretches(calendar, (holes | is_beyond) & is_covered),
        can_tell=len(days) > _ENOUGH_RUNS,
    )


def _calendar(days: pd.DatetimeIndex, stated_first: date | None, stated_last: date | None) -> pd.DatetimeIndex:
    """Every day of the months from the first day with contacts to the last, and of what is stated."""
    first = min(days[0].date(), stated_first or date.max)
    last = max(days[-1].date(), stated_last or date.min)
    month, end = period_of(first, "month").start, period_of(last, "month").end
    return pd.date_range(month, end, inclusive="left", unit="us")


def _stated(calendar: pd.DatetimeIndex, first: date | None, last: date | None) -> np.ndarray:
    """Which days lie between the ends that are stated."""
    stated = np.ones(len(calendar), dtype=bool)
    if first is not None:
        stated &= calendar >= pd.Timestamp(first)
    if last is not None:
        stated &= calendar <= pd.Timestamp(last)
    return stated


def _stated_ends(
    calendar: pd.DatetimeIndex, days: pd.DatetimeIndex, first: date | None, last: date | None
) -> np.ndarray:
    """Which days lie beyond the contacts at an end that is stated."""
    before = (calendar < days[0]) & (first is not None)
    after = (calendar > days[-1]) & (last is not None)
    return before | after


@dataclass(frozen=True, eq=False)
class _Calendar:
    """What is known of each day: its weekday, its rows, and whether the centre is open on it by rule.

    `judged` are the days between the first contact and the last in weeks with contacts, holidays apart: they tell what
    is usual.
    """

    weekday: np.ndarray
    rows: np.ndarray
    judged: np.ndarray
    is_open: np.ndarray

    @property
    def has(self) -> np.ndarray:
        """Which days have contacts."""
        return self.rows > 0

    def expected(self) -> np.ndarray:
        """How many rows come on each day as a rule: the mean of its weekday, none where the centre is closed."""
        chosen = self.judged & self.is_open
        sums = np.bincount(self.weekday[chosen], self.rows[chosen], minlength=7)
        times = np.bincount(self.weekday[chosen], minlength=7)
        return np.where(self.is_open, (sums / np.maximum(times, 1))[self.weekday], 0.0)


def _known(
    days: pd.DataFrame, calendar: pd.DatetimeIndex, week: Collection[int], holidays: Iterable[date]
) -> _Calendar:
    """The calendar of a log: it is open on the weekdays that it has contacts on, else on those of the project."""
    weekday = calendar.day_of_week.to_numpy()
    rows = days["rows"].reindex(calendar).fillna(0).to_numpy(dtype="float64")
    is_holiday = calendar.isin(pd.DatetimeIndex(sorted(holidays)).as_unit("us"))
    number = np.cumsum(weekday == 0)
    at = np.flatnonzero(rows)
    weeks = np.unique(number[at])
    judged = np.isin(number, weeks) & ~is_holiday
    judged[: at[0]] = False
    judged[at[-1] + 1 :] = False
    times = np.bincount(weekday[judged], minlength=7)
    share = np.bincount(weekday[judged & (rows > 0)], minlength=7) / np.maximum(times, 1)
    own = np.isin(np.arange(7), list(week))
    # Without a rhythm of weekdays a log of few contacts has them on any day.
    if len(weeks) >= _ENOUGH_WEEKS and share.max() >= _NEARLY_ALL:
        mean = np.bincount(weekday[judged], rows[judged], minlength=7) / np.maximum(times, 1)
        is_open = np.where(own, mean >= _HARDLY_ANY * mean.max(), share >= _MOST)
    else:
        is_open = own | (share > 0)
    return _Calendar(weekday, rows, judged, is_open[weekday] & ~is_holiday)


def _holes(known: _Calendar) -> tuple[np.ndarray, np.ndarray]:
    """Which days lie in runs longer than usual between days with contacts, and which beyond the ends of the log.

    Closed days at the edges of a hole are no part of it: they would be empty whatever became of the log.
    """
    at = np.flatnonzero(known.has)
    starts, stops = np.concatenate([[0], at + 1]), np.concatenate([at, [len(known.rows)]])
    waited, expected = (_sums(values, starts, stops) for values in (known.is_open, known.expected()))
    is_usual = np.ones(len(starts), dtype=bool)
    is_usual[1:-1] = _usual(known, waited[1:-1], expected[1:-1], waited[1:-1], _FENCE)
    ends = [0, -1]
    is_usual[ends] = _usual(known, waited[ends], expected[ends], waited[1:-1], 0)
    holes, is_beyond = np.zeros(len(known.rows), dtype=bool), np.zeros(len(known.rows), dtype=bool)
    for start, stop in zip(starts[1:-1][~is_usual[1:-1]], stops[1:-1][~is_usual[1:-1]], strict=True):
        open_days = start + np.flatnonzero(known.is_open[start:stop])
        holes[open_days[0] : open_days[-1] + 1] = True
    for end in ends:
        is_beyond[starts[end] : stops[end]] = not is_usual[end]
    return holes, is_beyond


def _sums(values: np.ndarray, starts: np.ndarray, stops: np.ndarray) -> np.ndarray:
    """The sum of values over each run, `stops` not included."""
    total = np.concatenate([[0], np.cumsum(values)])
    return total[stops] - total[starts]


def _usual(known: _Calendar, waited: np.ndarray, expected: np.ndarray, runs: np.ndarray, fence: int) -> np.ndarray:
    """Whether runs without contacts are usual, by their open days and the rows expected on them.

    They are, as far as chance leaves days without where rows come one by one; and up to the quantile of all `runs` and
    so many times as far again beyond their median, unless no chance would leave so many rows out.
    """
    if len(runs) < _ENOUGH_RUNS:
        return waited == 0
    tries = len(runs) if fence else 1
    most = math.log(tries / _CHANCE)
    quantile, middle = np.quantile(runs, [_USUAL, 0.5], method="inverted_cdf")
    limit = quantile + fence * (quantile - middle)
    usual = (waited <= limit) & (expected / _clumping(known) <= most)
    if _comes_one_by_one(known):
        usual |= expected <= most
    return usual | (waited == 0)


def _comes_one_by_one(known: _Calendar) -> bool:
    """Whether days with contacts differ as chance has it: what is the same every day is no chance."""
    rows = known.rows[known.judged & known.has]
    return bool(rows.var() >= _BY_CHANCE * rows.mean())


def _clumping(known: _Calendar) -> float:
    """How many rows come together: the variance of open days over that of rows that come one by one."""
    chosen = known.judged & known.is_open
    rows, expected = known.rows[chosen], known.expected()[chosen]
    if not expected.any():
        return 1.0
    return max(1.0, float(np.square(rows - expected).mean() / expected.mean()))


def _stretches(calendar: pd.DatetimeIndex, chosen: np.ndarray) -> tuple[Stretch, ...]:
    """The days chosen as stretches of days on end."""
    edges = np.diff(np.concatenate([[False], chosen, [False]]).astype("int8"))
    starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1) - 1
    return tuple(Stretch(calendar[start].date(), calendar[end].date()) for start, end in zip(starts, ends, strict=True))
