"""What a project states beside its tables and policies."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import partial
from typing import Any

from cpc_analysis.calendars import CIVIL, Calendar
from cpc_analysis.errors import InvalidInputError, UnknownNameError
from cpc_analysis.money import Rates
from cpc_analysis.periods import (
    CIVIL_GRAINS,
    GRAINS,
    WORKWEEK,
    Period,
    days_named,
    parse_period,
    weekdays_named,
    workdays,
)
from cpc_analysis.policy import Definition, OpeningHours
from cpc_analysis.policy.settings import (
    check_one_of,
    checked,
    currency,
    days,
    flag,
    number,
    period,
    periods,
    table,
    text,
    texts,
    whole_number,
)
from cpc_analysis.presentation import Presentation
from cpc_analysis.schema import COST_TYPES, LABOUR

__all__ = ["CHECKS", "Settings"]


def _rates(name: str, value: Any) -> Rates:
    """What one unit of each other currency is worth, always or by month."""
    found = table(name, value, "what one unit of another currency is worth, such as { EUR = 7.46 }")
    for code, rate in found.items():
        place = f"{name}.{currency(name, code)}"
        for month, one in rate.items() if isinstance(rate, Mapping) else (("", rate),):
            if month:
                period(place, month, ("month",), "rates by month such as { 2025-04 = 7.46 }")
            number(place, one, above=0)
    return found


def _price_levels(name: str, value: Any) -> dict[str, dict[str, float]]:
    """By currency and year, how many times higher prices are now."""
    words = "years and how many times higher prices are now, such as USD = { 2015 = 1.36 }"
    found = table(name, value, words)
    for code, levels in found.items():
        place = f"{name}.{currency(name, code)}"
        found[code] = table(place, levels, words)
        for year, level in found[code].items():
            if not re.fullmatch(r"\d{4}", year):
                raise InvalidInputError(f"`{place}` must give {words}, got the year '{year}'.")
            number(f"{place}.{year}", level, above=0)
    return found


def _shares(name: str, value: Any) -> dict[str, float]:
    """The variable share of each cost type in the budget."""
    found = table(name, value, "shares by cost type, such as { telecom = 1.0 }")
    known = (LABOUR, *COST_TYPES)
    for cost_type, share in found.items():
        if cost_type not in known:
            raise UnknownNameError("cost type of the budget", cost_type, known)
        number(f"{name}.{cost_type}", share, least=0, most=1)
    return found


def _events(name: str, value: Any) -> dict[str, str]:
    """What happened, by its period."""
    found = table(name, value, "a few words by period")
    for when, words in found.items():
        period(name, when)
        if not isinstance(words, str):
            raise InvalidInputError(
                f'`{name}.{when}` must be a few words, such as "{when}" = "General raise", got \'{words}\'.'
            )
    return found


def _workweek(name: str, value: Any) -> tuple[str, ...]:
    """The weekdays that are workdays."""
    weekdays_named(value)
    return texts(name, value)


def _opening_hours(name: str, value: Any) -> OpeningHours:
    """When the centre is open, as it is stated or as it was read before."""
    if isinstance(value, OpeningHours):
        return value
    return OpeningHours.from_mapping(table(name, value, 'hours by weekday, such as { "mon-fri" = "08:00-18:00" }'))


def _definitions(name: str, value: Any) -> tuple[Definition, ...]:
    if not isinstance(value, (tuple, list)) or not all(isinstance(one, Definition) for one in value):
        raise InvalidInputError(f"`{name}` must be a tuple of Definition, got '{value}'.")
    return tuple(value)


def _presentation(name: str, value: Any) -> Presentation:
    if not isinstance(value, Presentation):
        raise InvalidInputError(f"`{name}` must be a Presentation, got '{value}'.")
    return value


def _calendar(name: str, value: Any) -> Calendar:
    if not isinstance(value, Calendar):
        raise InvalidInputError(f"`{name}` must be a Calendar, such as Calendar(year_starts=4), got '{value}'.")
    return value


def _agent_names(name: str, value: Any) -> str:
    """How names of agents stand in what is shared."""
    check_one_of(name, value, ("pseudonyms", "as_given"))
    return str(value)


def _period_or_none(name: str, value: Any) -> str | None:
    return None if value is None else period(name, value)


#: How each setting is checked, by its name.
CHECKS: dict[str, Any] = {
    "name": text,
    "full_time_hours": partial(number, above=0),
    "strict": flag,
    "rates": _rates,
    "price_levels": _price_levels,
    "closed_through": _period_or_none,
    "closing_days": whole_number,
    "provisional": partial(periods, grains=("month",), words="months such as 2025-05"),
    "holidays": days,
    "workweek": _workweek,
    "opening_hours": _opening_hours,
    "budget_variable": _shares,
    "budget_premiums": flag,
    "definitions": _definitions,
    "complete_from": _period_or_none,
    "complete_through": _period_or_none,
    "events": _events,
    "presentation": _presentation,
    "calendar": _calendar,
    "agent_names": _agent_names,
    "smallest_group": whole_number,
}


#: What is made of figures, and changes none of what they are made of.
_OF_RESULTS = (
    "name", "full_time_hours", "price_levels", "closed_through", "closing_days", "provisional", "budget_variable",
    "budget_premiums", "definitions", "events", "presentation", "smallest_group",
)  # fmt: skip


@dataclass(frozen=True)
class Settings:
    """What a project states beside its tables and policies.

    Parameters
    ----------
    name : str
        The centre's name, shown in reports.
    full_time_hours : float
        Hours a week of one full-time equivalent.
    strict : bool
        Make any row that would be set aside an error.
    rates : mapping of str to float
        What one unit of another currency is worth in the dataset's: ``{"EUR": 7.46}``, or by month, such as ``{"EUR":
        {"2025-05": 7.46}}``. A line is converted at the rate of the month that it is booked on.
    price_levels : mapping of str to mapping of str to float
        By currency and year, how many times higher its prices are now, such as ``{"USD": {"2015": 1.36}}``.
    closed_through : str or None
        The last closed month, such as ``"2025-05"``. Later months are open, and not complete.
    closing_days : int
        Days after its end when the books of a month close; what is posted to it after that is a late posting.
    provisional : tuple of str
        Months with figures that may still move.
    holidays : tuple of str
        Days that are no workdays, such as ``"2025-12-25"``, or weeks of them; volumes are adjusted for workdays.
    workweek : tuple of str
        The weekdays that are workdays, such as ``("sun", "mon", "tue", "wed", "thu")``. On others, and on holidays, the
        centre counts as closed unless the log has contacts on nearly all of them.
    opening_hours : OpeningHours, or mapping
        When the centre is open, such as ``{"mon-fri": "08:00-18:00", "chat": {"mon-sun": "08:00-22:00"}}``, in local
        time; on holidays it is closed. A response in writing is timed in them.
    budget_variable : mapping of str to float
        Which share of a cost type is budgeted as variable, such as ``{"labour": 0.4, "telecom": 1.0}``; ``"labour"``
        is salaries and on-costs. A line of the budget with a `behaviour` of its own says it itself.
    budget_premiums : bool
        Whether labour in the budget holds premiums; where it does not, those paid are a variance of their own.
    definitions : tuple of Definition
        Definitions of cost per contact that the project has given names.
    complete_from, complete_through : str or None
        First and last day that the contact log covers; worked out from the log where not stated. Stated both, they say
        that the log is whole between them.
    events : mapping of str to str
        What happened, in a few words, by its period, such as ``{"2024-03": "General raise"}``; trends show it.
    presentation : Presentation
        The language, fonts, colours, logo and slide template of all results.
    calendar : Calendar
        When fiscal years begin and what their months are; calendar years where not stated.
    agent_names : {"pseudonyms", "as_given"}
        How names of agents stand in reports and files; a notebook of your own shows them as given.
    smallest_group : int
        Groups of fewer contacts are shown together in every result; 0 for none.
    """

    name: str = ""
    full_time_hours: float = 37.0
    strict: bool = False
    rates: Rates = field(default_factory=dict)
    price_levels: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    closed_through: str | None = None
    closing_days: int = 15
    provisional: tuple[str, ...] = ()
    holidays: tuple[str, ...] = ()
    workweek: tuple[str, ...] = WORKWEEK
    opening_hours: OpeningHours = field(default_factory=OpeningHours)
    budget_variable: Mapping[str, float] = field(default_factory=dict)
    budget_premiums: bool = True
    definitions: tuple[Definition, ...] = ()
    complete_from: str | None = None
    complete_through: str | None = None
    events: Mapping[str, str] = field(default_factory=dict)
    presentation: Presentation = field(default_factory=Presentation)
    calendar: Calendar = CIVIL
    agent_names: str = "pseudonyms"
    smallest_group: int = 0

    def __post_init__(self) -> None:
        checked(self, CHECKS)
        if len(self.stated_days) == 2 and self.stated_days["complete_from"] > self.stated_days["complete_through"]:
            raise InvalidInputError(
                f"`complete_from` must not lie after `complete_through`, got {self.complete_from} and "
                f"{self.complete_through}."
            )

    def reads_as(self, other: Settings) -> bool:
        """Whether data read and counted under these settings are those of others: only what is made of them differs.

        Parameters
        ----------
        other : Settings
            The others.

        Examples
        --------
        >>> Settings(closed_through="2025-05").reads_as(Settings()), Settings(workweek=("sun",)).reads_as(Settings())
        (True, False)
        """
        return replace(other, **{name: getattr(self, name) for name in _OF_RESULTS}) == self

    @property
    def stated_days(self) -> dict[str, date]:
        """The first and the last day that the log is stated to cover, by the name of the setting."""
        stated = {}
        if self.complete_from:
            stated["complete_from"] = parse_period(self.complete_from).start
        if self.complete_through:
            stated["complete_through"] = parse_period(self.complete_through).end - timedelta(days=1)
        return stated

    @property
    def grains(self) -> tuple[str, ...]:
        """The periods that are offered, finest first: fiscal ones where a calendar is stated."""
        return CIVIL_GRAINS if self.calendar == CIVIL else GRAINS

    @property
    def free_days(self) -> list[date]:
        """The holidays as dates."""
        return days_named(self.holidays)

    def workdays(self, period: Period) -> int:
        """The number of workdays in a period: days of the working week that are no holidays.

        Parameters
        ----------
        period : Period
            The period.

        Examples
        --------
        >>> Settings(workweek=("sat", "sun")).workdays(parse_period("2025-04"))
        8
        """
        return workdays(period, self.free_days, weekdays_named(self.workweek))
