"""Days and periods as they are said, and the words that charts need for their axes of time."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from cpc_analysis.language.numbers import separators
from cpc_analysis.language.texts import language_spoken, say, spoken

__all__ = ["chart_locale", "day_of_year_said", "month_said", "period_said", "weekday_said", "weekdays"]

_DAYS = {"en": "d MMMM y", "da": "d. MMMM y"}


@spoken
def period_said(start: date, grain: str) -> str:
    """A period by its first day.

    Parameters
    ----------
    start : date
        Its first day.
    grain : {"day", "week", "month", "quarter", "year"}
        How long it is.

    Examples
    --------
    >>> from cpc_analysis.language import in_language
    >>> said = [period_said(date(2025, 4, 7), grain) for grain in ("day", "week", "month", "quarter", "year")]
    >>> said
    ['7 April 2025', 'week 15 of 2025', 'April 2025', 'Q2 2025', '2025']
    >>> [in_language(text, "da") for text in said]
    ['7. april 2025', 'uge 15 i 2025', 'april 2025', '2. kvartal 2025', '2025']
    """
    from babel.dates import format_date

    language = language_spoken()
    if grain == "week":
        year, week, _ = start.isocalendar()
        return say("week {week} of {year}", week=week, year=year)
    if grain == "quarter":
        return say("Q{quarter} {year}", quarter=(start.month + 2) // 3, year=start.year)
    return format_date(start, {"day": _DAYS[language], "month": "MMMM y"}.get(grain, "y"), locale=language)


@spoken
def month_said(month: int) -> str:
    """The name of a month, 1 to 12.

    Examples
    --------
    >>> month_said(4)
    'April'
    """
    from babel.dates import get_month_names

    return str(get_month_names("wide", context="stand-alone", locale=language_spoken())[month])


@spoken
def weekday_said(weekday: int) -> str:
    """The name of a weekday, Monday 0.

    Examples
    --------
    >>> weekday_said(6)
    'Sunday'
    """
    from babel.dates import get_day_names

    return str(get_day_names("wide", locale=language_spoken())[weekday])


@spoken
def day_of_year_said(month: int, day: int) -> str:
    """A day of every year.

    Examples
    --------
    >>> from cpc_analysis.language import in_language
    >>> day_of_year_said(4, 1), in_language(day_of_year_said(4, 1), "da")
    ('1 April', '1. april')
    """
    from babel.dates import format_date

    language = language_spoken()
    return str(format_date(date(2000, month, day), _DAYS[language].removesuffix(" y"), locale=language))


def weekdays() -> list[str]:
    """The days of the week in short, Monday first, in the language spoken."""
    from babel.dates import get_day_names

    names = get_day_names("abbreviated", locale=language_spoken())
    return [str(names[day]) for day in range(7)]


@cache
def chart_locale(language: str) -> dict[str, Any]:
    """The names and separators that a chart's own axes use, as Vega takes them in its configuration."""
    from babel.dates import get_day_names, get_month_names

    thousands, decimals = separators(language)
    sunday_first = [6, *range(6)]
    days = {width: get_day_names(width, locale=language) for width in ("wide", "abbreviated")}
    months = {width: get_month_names(width, locale=language) for width in ("wide", "abbreviated")}
    return {
        "number": {"decimal": decimals, "thousands": thousands, "grouping": [3], "currency": ["", ""]},
        "time": {
            "dateTime": "%x %X", "date": "%d.%m.%Y", "time": "%H:%M:%S", "periods": ["AM", "PM"],
            "days": [days["wide"][day] for day in sunday_first],
            "shortDays": [days["abbreviated"][day] for day in sunday_first],
            "months": [months["wide"][month] for month in range(1, 13)],
            "shortMonths": [months["abbreviated"][month] for month in range(1, 13)],
        },
    }  # fmt: skip
