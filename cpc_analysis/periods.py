"""Periods in text and as dates, and the clock changes of a time zone."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cpc_analysis.calendars import CIVIL, FISCAL_GRAINS, FULL_WEEKDAYS, WEEKDAYS, Calendar
from cpc_analysis.errors import InvalidInputError, not_one_of

__all__ = [
    "CIVIL_GRAINS", "FISCAL_GRAINS", "GRAINS", "WORKWEEK", "ClockChange", "Period", "Stretch", "clock_changes",
    "days_named", "midnight", "parse_period", "period_of", "weekdays_named", "workdays", "zone_named",
]  # fmt: skip

#: Period grains, finest first: those that every calendar has, and all with those of the fiscal one.
CIVIL_GRAINS = ("day", "week", "month", "quarter", "year")
GRAINS = ("day", "week", "month", "fiscal_month", "quarter", "fiscal_quarter", "year", "fiscal_year")

#: The workdays of a week where a project states none.
WORKWEEK = WEEKDAYS[:5]

_PATTERNS = (
    ("day", re.compile(r"(\d{4})-(\d{2})-(\d{2})")),
    ("week", re.compile(r"(\d{4})-W(\d{2})")),
    ("quarter", re.compile(r"(\d{4})-Q([1-4])")),
    ("month", re.compile(r"(\d{4})-(\d{2})")),
    ("year", re.compile(r"(\d{4})")),
)


@dataclass(frozen=True, order=True)
class Period:
    """A day, ISO week, month, quarter, year or fiscal period: its first day and the first day after it.

    `calendar` is the one that a fiscal period is of.
    """

    start: date
    end: date
    grain: str
    calendar: Calendar = field(default=CIVIL, compare=False, repr=False)

    def __str__(self) -> str:
        if self.grain in FISCAL_GRAINS:
            return self.calendar.text(self.start, self.grain)
        if self.grain == "week":
            year, week, _ = self.start.isocalendar()
            return f"{year}-W{week:02d}"
        if self.grain == "quarter":
            return f"{self.start.year}-Q{(self.start.month + 2) // 3}"
        return self.start.isoformat()[: {"day": 10, "month": 7, "year": 4}[self.grain]]

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end

    @property
    def days(self) -> int:
        """Number of days in the period."""
        return (self.end - self.start).days

    @property
    def last(self) -> date:
        """The last day of the period."""
        return self.end - timedelta(days=1)


@dataclass(frozen=True, order=True)
class Stretch:
    """Days on end: the first and the last of them."""

    first: date
    last: date

    def __str__(self) -> str:
        return f"{self.first}" if self.first == self.last else f"{self.first} to {self.last}"

    @property
    def days(self) -> int:
        """Number of days."""
        return (self.last - self.first).days + 1

    @property
    def months(self) -> list[date]:
        """The first days of the months that the days lie in."""
        found = [self.first.replace(day=1)]
        while (following := period_of(found[-1], "month").end) <= self.last:
            found.append(following)
        return found

    def touches(self, period: Period) -> bool:
        """Whether any of the days lies in a period."""
        return self.first < period.end and period.start <= self.last


def parse_period(text: str, calendar: Calendar | None = None) -> Period:
    """The period that a text such as ``2025-04`` names.

    Parameters
    ----------
    text : str
        ``2025``, ``2025-Q2``, ``2025-04``, ``2025-W14`` or ``2025-04-07``; with a calendar also ``FY2025``,
        ``FY2025-Q1`` or ``FY2025-M01``.
    calendar : Calendar, optional
        The one that fiscal periods are of.

    Raises
    ------
    InvalidInputError
        If the text has none of these forms, names no day that exists, or a fiscal period without a calendar.

    Examples
    --------
    >>> parse_period("2025-Q2").start, parse_period("2025-W14").start
    (datetime.date(2025, 4, 1), datetime.date(2025, 3, 31))
    >>> parse_period("FY2025-Q1", Calendar(year_starts=4)).start
    datetime.date(2024, 4, 1)
    """
    written = str(text).strip()
    try:
        found = _read(written, calendar or CIVIL)
    except (ValueError, OverflowError):
        found = None
    if found is not None and found.grain in FISCAL_GRAINS and calendar is None:
        raise InvalidInputError(
            f"A fiscal period can only stand where the calendar of a dataset is known, got '{written}'. "
            "Write the days, months or years that it has, such as 2025-Q2."
        )
    if found is None and calendar is not None and written.startswith("FY"):
        raise InvalidInputError(f"A fiscal period must be written as FY2025, FY2025-Q1 or FY2025-M01, got '{text}'.")
    if found is None:
        raise InvalidInputError(
            f"A period must be written as 2025, 2025-Q2, 2025-04, 2025-W14 or 2025-04-07, got '{text}'."
        )
    return found


def _read(text: str, calendar: Calendar) -> Period | None:
    """The period of a text; None where it has no known form."""
    fiscal = calendar.read(text)
    if fiscal is not None:
        return period_of(fiscal[1], fiscal[0], calendar)
    for grain, pattern in _PATTERNS:
        if match := pattern.fullmatch(text):
            numbers = [int(group) for group in match.groups()]
            return period_of(_first_day(grain, numbers), grain, calendar)
    return None


def _first_day(grain: str, numbers: list[int]) -> date:
    if grain == "week":
        return date.fromisocalendar(numbers[0], numbers[1], 1)
    if grain == "quarter":
        return date(numbers[0], 3 * numbers[1] - 2, 1)
    return date(*([*numbers, 1, 1])[:3])


def period_of(day: date, grain: str, calendar: Calendar = CIVIL) -> Period:
    """The period of a grain that a day lies in.

    Parameters
    ----------
    day : date
        Any day.
    grain : str
        One of `GRAINS`.
    calendar : Calendar
        The one that fiscal periods are of; where not given, their years are calendar years.

    Examples
    --------
    >>> str(period_of(date(2024, 12, 30), "week"))
    '2025-W01'
    >>> str(period_of(date(2025, 3, 31), "fiscal_month", Calendar(year_starts=4)))
    'FY2025-M12'
    """
    if grain in FISCAL_GRAINS:
        return Period(*calendar.bounds(day, grain), grain, calendar)
    if grain == "day":
        return Period(day, day + timedelta(days=1), grain, calendar)
    if grain == "week":
        monday = day - timedelta(days=day.weekday())
        return Period(monday, monday + timedelta(days=7), grain, calendar)
    months = {"month": 1, "quarter": 3, "year": 12}[grain]
    first = day.month - (day.month - 1) % months
    start = date(day.year, first, 1)
    later = first + months
    return Period(start, date(day.year + (later - 1) // 12, (later - 1) % 12 + 1, 1), grain, calendar)


def weekdays_named(names: Iterable[str]) -> frozenset[int]:
    """The numbers of weekdays, Monday 0, by their English names: of three letters, or in full.

    Parameters
    ----------
    names : iterable of str
        Such as ``["mon", "Tuesday"]``.

    Raises
    ------
    InvalidInputError
        If there is none, or one of them is no weekday.

    Examples
    --------
    >>> sorted(weekdays_named(["sun", "Monday"]))
    [0, 6]
    """
    if isinstance(names, str):
        raise InvalidInputError(f'`workweek` must be a list of weekdays such as ["mon", "tue"], got \'{names}\'.')
    found = set()
    for name in names:
        plain = str(name).strip().lower()
        if plain not in (*WEEKDAYS, *FULL_WEEKDAYS):
            raise not_one_of("`workweek`", WEEKDAYS, str(name))
        found.add(WEEKDAYS.index(plain[:3]))
    if not found:
        raise InvalidInputError('`workweek` must name at least one weekday, such as ["mon", "tue"], got none.')
    return frozenset(found)


def days_named(texts: Iterable[str]) -> list[date]:
    """Every day of the periods that some texts name.

    Parameters
    ----------
    texts : iterable of str
        Days, or longer periods such as ``2025-W52``.

    Examples
    --------
    >>> len(days_named(["2025-12-24", "2026-W01"]))
    8
    """
    periods = [parse_period(text) for text in texts]
    return [period.start + timedelta(days=number) for period in periods for number in range(period.days)]


def workdays(period: Period, holidays: Iterable[date] = (), week: Collection[int] = range(5)) -> int:
    """The number of workdays in a period: days of the working week, without the holidays.

    Parameters
    ----------
    period : Period
        The period.
    holidays : iterable of date
        Days that are no workdays, on whatever weekday.
    week : collection of int
        The weekdays that are workdays, Monday 0; Monday to Friday where not stated.

    Examples
    --------
    >>> workdays(parse_period("2025-04"), [date(2025, 4, 18), date(2025, 4, 21)])
    20
    >>> workdays(parse_period("2025-04"), week=[6, 0, 1, 2, 3])
    22
    """
    free = set(holidays)
    days = (period.start + timedelta(days=number) for number in range(period.days))
    return sum(day.weekday() in week and day not in free for day in days)


@dataclass(frozen=True)
class ClockChange:
    """One change of a zone's offset from UTC, offsets in seconds east."""

    at: datetime
    before: int
    after: int


def zone_named(name: str) -> ZoneInfo:
    """The time zone of a name, from the system's or the tzdata package's database.

    Raises
    ------
    InvalidInputError
        If there is no such zone.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InvalidInputError(
            f"`timezone` must be a zone of the tz database such as Europe/Copenhagen, got '{name}'."
        ) from None


def midnight(day: date, zone: str) -> datetime:
    """When a local day of a zone begins, in UTC, without a zone.

    Parameters
    ----------
    day : date
        The day, or a time of it.
    zone : str
        Name in the tz database.

    Examples
    --------
    >>> midnight(date(2025, 4, 1), "Europe/Copenhagen")
    datetime.datetime(2025, 3, 31, 22, 0)
    """
    local = datetime(day.year, day.month, day.day, tzinfo=zone_named(zone))
    return local.astimezone(UTC).replace(tzinfo=None)


@lru_cache(maxsize=32)
def clock_changes(zone: str, first: date, last: date) -> tuple[int, tuple[ClockChange, ...]]:
    """The offset [seconds east of UTC] before `first`, and the clock changes from `first` to `last`.

    Parameters
    ----------
    zone : str
        Name in the tz database.
    first, last : date
        The days between which to look; a day of margin is added on both sides.

    Examples
    --------
    >>> offset, changes = clock_changes("Europe/Copenhagen", date(2025, 1, 1), date(2025, 12, 31))
    >>> offset, [str(change.at) for change in changes]
    (3600, ['2025-03-30 01:00:00+00:00', '2025-10-26 01:00:00+00:00'])
    """
    info = zone_named(zone)

    def offset(moment: datetime) -> int:
        return int(moment.astimezone(info).utcoffset().total_seconds())  # type: ignore[union-attr]

    low = datetime(first.year, first.month, first.day, tzinfo=UTC) - timedelta(days=2)
    high = datetime(last.year, last.month, last.day, tzinfo=UTC) + timedelta(days=3)
    start = before = offset(low)
    changes = []
    while low < high:
        step = min(low + timedelta(days=7), high)
        after = offset(step)
        if after != before:
            left, right = low, step
            while right - left > timedelta(seconds=1):
                middle = left + (right - left) // 2
                middle = middle.replace(microsecond=0)
                left, right = (middle, right) if offset(middle) == before else (left, middle)
            changes.append(ClockChange(right, before, after))
            before = after
        low = step
    return start, tuple(changes)
