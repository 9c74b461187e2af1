"""What a fiscal year is, in words: said once in the definition of what is grouped or filtered by fiscal periods."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from cpc_analysis.cells.conditions import Conditions
from cpc_analysis.language import day_of_year_said, joined, month_said, say, weekday_said
from cpc_analysis.periods import FISCAL_GRAINS, GRAINS, parse_period

if TYPE_CHECKING:
    from cpc_analysis.calendars import Calendar
    from cpc_analysis.dataset import Dataset

__all__ = ["calendar_in_words", "fiscal_in_words"]


def fiscal_in_words(data: Dataset, keys: Iterable[str], conditions: Conditions) -> str:
    """What the fiscal calendar is, where any key or condition is of it; else empty.

    Parameters
    ----------
    data : Dataset
        Whose calendar it is.
    keys : iterable of str
        Columns and periods that a result is grouped by.
    conditions : dict
        Of `read_conditions`.
    """
    grains = {*keys, *conditions}
    for key in {*GRAINS} & {*conditions}:
        grains |= {parse_period(value, data.calendar).grain for value in conditions[key]}
    return calendar_in_words(data.calendar) if grains & {*FISCAL_GRAINS} else ""


def calendar_in_words(calendar: Calendar) -> str:
    """When fiscal years begin, how they are named and what their months are.

    Examples
    --------
    >>> from cpc_analysis.calendars import Calendar
    >>> calendar_in_words(Calendar(year_starts=4))
    'Fiscal years begin in April and are named after the year in which they end.'
    >>> print(calendar_in_words(Calendar(pattern="4-4-5")).split(". ")[0])
    Fiscal years begin on the Monday nearest to 1 January
    """
    if not calendar.cuts_months:
        return _of_months(calendar)
    return joined(
        _of_weeks(calendar),
        say("The months of a fiscal quarter have {pattern} weeks; a 53rd week belongs to the last month of its year.",
            pattern=calendar.pattern),
    )  # fmt: skip


def _of_months(calendar: Calendar) -> str:
    month = month_said(calendar.year_starts)
    if calendar.year_starts == 1:
        return say("Fiscal years are calendar years.")
    if calendar.named_after == "start":
        return say("Fiscal years begin in {month} and are named after the year in which they begin.", month=month)
    return say("Fiscal years begin in {month} and are named after the year in which they end.", month=month)


def _of_weeks(calendar: Calendar) -> str:
    said = {"weekday": weekday_said(calendar.weekday), "day": day_of_year_said(calendar.year_starts, 1)}
    if calendar.year_starts == 1:
        return say("Fiscal years begin on the {weekday} nearest to {day}.", **said)
    if calendar.named_after == "start":
        return say(
            "Fiscal years begin on the {weekday} nearest to {day} and are named after the year in which they begin.",
            **said,
        )
    return say(
        "Fiscal years begin on the {weekday} nearest to {day} and are named after the year in which they end.", **said
    )
