"""The fiscal calendar: years that begin in any month, and months of whole weeks where a pattern says so."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from cpc_analysis.errors import InvalidInputError, listed, not_one_of

__all__ = ["CIVIL", "FISCAL_GRAINS", "FULL_WEEKDAYS", "WEEKDAYS", "Calendar"]

#: The weekdays, as a project names them; Monday is 0.
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FULL_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
#: Fiscal grains, finest first.
FISCAL_GRAINS = ("fiscal_month", "fiscal_quarter", "fiscal_year")

#: How many fiscal months a period of each grain has.
_MONTHS = {"fiscal_month": 1, "fiscal_quarter": 3, "fiscal_year": 12}
_PATTERNS = ("4-4-5", "4-5-4", "5-4-4")
_NAMED_AFTER = ("end", "start")
_TEXTS = (
    ("fiscal_month", re.compile(r"FY(\d{4})-M(0[1-9]|1[0-2])")),
    ("fiscal_quarter", re.compile(r"FY(\d{4})-Q([1-4])")),
    ("fiscal_year", re.compile(r"FY(\d{4})")),
)


@dataclass(frozen=True)
class Calendar:
    """When fiscal years begin, what their months are and how the years are named.

    Parameters
    ----------
    year_starts : int
        The month in which a fiscal year begins, 1 to 12.
    pattern : {"", "4-4-5", "4-5-4", "5-4-4"}
        The weeks of the three months of each quarter; where empty, fiscal months are calendar months. The 53rd week of
        a long year belongs to its last month.
    week_starts : str
        The weekday on which weeks of a pattern begin, such as ``"mon"``. The year begins on the one nearest to the
        first of `year_starts`.
    named_after : {"end", "start"}
        Whether a fiscal year is named after the calendar year that it ends in, or the one that it starts in.

    Raises
    ------
    InvalidInputError
        If a value is none of these.

    Examples
    --------
    >>> april = Calendar(year_starts=4)
    >>> april.text(date(2024, 4, 1), "fiscal_quarter"), april.bounds(date(2025, 3, 31), "fiscal_year")
    ('FY2025-Q1', (datetime.date(2024, 4, 1), datetime.date(2025, 4, 1)))
    >>> Calendar(2, "4-5-4", "sun", "start").bounds(date(2024, 1, 31), "fiscal_month")
    (datetime.date(2023, 12, 31), datetime.date(2024, 2, 4))
    """

    year_starts: int = 1
    pattern: str = ""
    week_starts: str = "mon"
    named_after: str = "end"

    def __post_init__(self) -> None:
        month = self.year_starts
        if isinstance(month, bool) or not isinstance(month, int) or not 1 <= month <= 12:
            raise InvalidInputError(f"`year_starts` must be a month from 1 to 12, such as 4 for April, got '{month}'.")
        if self.pattern not in ("", *_PATTERNS):
            raise InvalidInputError(
                f"`pattern` must be one of {listed(_PATTERNS)}, or left out for calendar months, got '{self.pattern}'."
            )
        weekday = str(self.week_starts).strip().lower()
        if weekday not in (*WEEKDAYS, *FULL_WEEKDAYS):
            raise not_one_of("`week_starts`", WEEKDAYS, self.week_starts)
        object.__setattr__(self, "week_starts", weekday[:3])
        if self.named_after not in _NAMED_AFTER:
            raise not_one_of("`named_after`", _NAMED_AFTER, self.named_after)

    @property
    def cuts_months(self) -> bool:
        """Whether fiscal months are other stretches of days than calendar months."""
        return bool(self.pattern)

    @property
    def weekday(self) -> int:
        """The weekday on which weeks of a pattern begin, Monday 0."""
        return WEEKDAYS.index(self.week_starts)

    def bounds(self, day: date, grain: str) -> tuple[date, date]:
        """The first day of the fiscal period that a day lies in, and the first day after it.

        Parameters
        ----------
        day : date
            Any day.
        grain : {"fiscal_month", "fiscal_quarter", "fiscal_year"}
            Of the period.
        """
        year, place = self._place(day)
        first = place - place % _MONTHS[grain]
        return self._month_start(year, first), self._month_start(year, first + _MONTHS[grain])

    def text(self, day: date, grain: str) -> str:
        """The fiscal period that a day lies in, as it is written, such as ``FY2025-M01``.

        Parameters
        ----------
        day : date
            Any day.
        grain : {"fiscal_month", "fiscal_quarter", "fiscal_year"}
            Of the period.
        """
        name = f"FY{self._place(day)[0] + self._names_ahead:04d}"
        if grain == "fiscal_year":
            return name
        number = self.number(day, grain)
        return f"{name}-Q{number}" if grain == "fiscal_quarter" else f"{name}-M{number:02d}"

    def number(self, day: date, grain: str) -> int:
        """Which period of its fiscal year a day lies in, from 1 on.

        Parameters
        ----------
        day : date
            Any day.
        grain : {"fiscal_month", "fiscal_quarter", "fiscal_year"}
            Of the period.
        """
        return self._place(day)[1] // _MONTHS[grain] + 1

    def read(self, text: str) -> tuple[str, date] | None:
        """The grain and the first day of the period that a text such as ``FY2025-Q1`` names; None for another text.

        Parameters
        ----------
        text : str
            As `text` writes it.
        """
        for grain, pattern in _TEXTS:
            if match := pattern.fullmatch(text):
                name, *numbers = (int(group) for group in match.groups())
                place = (numbers[0] - 1) * _MONTHS[grain] if numbers else 0
                return grain, self._month_start(name - self._names_ahead, place)
        return None

    def year_before(self, day: date) -> date:
        """The first day of the fiscal month that has the same number, a year before that of a day.

        Parameters
        ----------
        day : date
            Any day.
        """
        year, place = self._place(day)
        return self._month_start(year - 1, place)

    @property
    def _names_ahead(self) -> int:
        """How many years the name of a fiscal year is ahead of the calendar year in which it nominally begins."""
        return int(self.named_after == "end" and self.year_starts > 1)

    def _place(self, day: date) -> tuple[int, int]:
        """The calendar year in which the fiscal year of a day nominally begins, and the day's month of it, 0 to 11."""
        year = day.year + 1
        while self._year_start(year) > day:
            year -= 1
        if not self.pattern:
            return year, (day.month - self.year_starts) % 12
        return year, next(place for place in reversed(range(12)) if self._month_start(year, place) <= day)

    def _month_start(self, year: int, place: int) -> date:
        """The first day of a month of the fiscal year that nominally begins in a calendar year; 12 is the next year."""
        if place == 12:
            return self._year_start(year + 1)
        if not self.pattern:
            months = self.year_starts - 1 + place
            return date(year + months // 12, months % 12 + 1, 1)
        weeks = [int(number) for number in self.pattern.split("-")]
        return self._year_start(year) + timedelta(weeks=13 * (place // 3) + sum(weeks[: place % 3]))

    def _year_start(self, year: int) -> date:
        """The first day of the fiscal year that nominally begins in a calendar year."""
        first = date(year, self.year_starts, 1)
        if not self.pattern:
            return first
        late = (first.weekday() - self.weekday) % 7
        return first - timedelta(days=late) if late <= 3 else first + timedelta(days=7 - late)


#: The calendar of who states none: its fiscal periods are calendar ones.
CIVIL = Calendar()
