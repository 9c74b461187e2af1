"""What is compared with what: two periods, a period and its budget, or two sides of one period."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cpc_analysis.calendars import CIVIL, Calendar
from cpc_analysis.cells.conditions import Conditions, conditions_as_given
from cpc_analysis.cells.log_days import covered
from cpc_analysis.costing.coverage import complete_months, contact_days, holes_in, is_complete
from cpc_analysis.errors import InvalidInputError, listed
from cpc_analysis.language import in_language, joined, listed_said, say, value_said
from cpc_analysis.models.selection import earlier, year_before
from cpc_analysis.models.wording import period_in_words
from cpc_analysis.periods import FISCAL_GRAINS, GRAINS, Period, parse_period

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset
    from cpc_analysis.settings import Settings

__all__ = ["BUDGET", "Comparison", "check_periods", "comparison_of", "covering"]

BUDGET = "budget"
_NAMED = {"previous": earlier, "last_year": year_before}


@dataclass(frozen=True)
class Comparison:
    """One comparison: the periods of its two sides, and what else tells them apart.

    `before_period` is None for the budget; `before` and `after` hold each side's own conditions.
    """

    before_period: Period | None
    after_period: Period
    before: Conditions = field(default_factory=dict)
    after: Conditions = field(default_factory=dict)

    @property
    def before_conditions(self) -> Conditions:
        """The conditions of the side before, its period among them."""
        period = self.before_period or self.after_period
        return {**self.before, period.grain: [str(period)]}

    @property
    def after_conditions(self) -> Conditions:
        """The conditions of the side after, its period among them."""
        return {**self.after, self.after_period.grain: [str(self.after_period)]}

    @property
    def is_sides(self) -> bool:
        """Whether two sides of one period are compared, between which no time passes and no amount moves."""
        return self.before_period == self.after_period

    @property
    def moves_amounts(self) -> bool:
        """Whether ledger amounts move from one side to the other; they are booked by month."""
        return not self.is_sides and self.after_period.grain not in GRAINS[:2]

    @property
    def periods(self) -> tuple[Period, ...]:
        """The periods of the sides that were; a budget was not."""
        return (self.after_period,) if self.before_period is None else (self.before_period, self.after_period)

    @property
    def names(self) -> tuple[str, str]:
        """The two sides in words."""
        if self.before_period is None:
            return say("the budget"), period_in_words(self.after_period)
        periods = (self.before_period, self.after_period)
        sides = [joined(*_values(own), period_in_words(period), by=", ")
                 for own, period in zip((self.before, self.after), periods, strict=True)]  # fmt: skip
        return sides[0], sides[1]

    def earlier(self) -> Comparison:
        """The same comparison one period earlier."""
        before = earlier(self.before_period) if self.before_period else None
        return Comparison(before, earlier(self.after_period), self.before, self.after)

    def more_workdays(self, settings: Settings) -> int:
        """How many workdays the period has more than the one before; of one period all it has."""
        here = settings.workdays(self.after_period)
        if self.before_period is None or self.is_sides:
            return here
        return here - settings.workdays(self.before_period)

    @property
    def season(self) -> int:
        """Where in its year the period lies, in periods of its grain."""
        start, grain = self.after_period.start, self.after_period.grain
        if grain in FISCAL_GRAINS:
            return self.after_period.calendar.number(start, grain)
        if grain == "week":
            return start.isocalendar().week
        return {"month": start.month, "quarter": (start.month + 2) // 3}.get(grain, 0)


def _values(conditions: Conditions) -> list[str]:
    named = conditions_as_given(conditions)
    return [listed_said(*(value_said(name, str(value)) for value in values)) for name, values in named.items()]


def comparison_of(
    before: str | Conditions, after: str | Conditions, where: Conditions, calendar: Calendar = CIVIL
) -> Comparison:
    """The comparison of two sides.

    Parameters
    ----------
    before : str or dict
        A period, ``"previous"``, ``"last_year"``, ``"budget"``, or conditions of `read_conditions`.
    after : str or dict
        A period, or conditions.
    where : dict
        Conditions of both sides; with two sides of one period it names the period.
    calendar : Calendar
        The one that fiscal periods are of.

    Raises
    ------
    InvalidInputError
        If a side has no period, or both are the same.
    """
    shared = {key: value for key, value in where.items() if key not in GRAINS}
    period = _period(where, calendar)
    own_after = {} if isinstance(after, str) else {key: value for key, value in after.items() if key not in GRAINS}
    if isinstance(after, str):
        after_period: Period | None = _named_period("after", after, calendar)
    else:
        after_period = _period(after, calendar) or period
    if after_period is None:
        raise InvalidInputError(
            "`after` must name a period: write it as 2025-04, or put it in `where`, as in where={'month': '2025-04'}."
        )
    if before == BUDGET:
        found = Comparison(None, after_period, shared, {**shared, **own_after})
        _check_one_period(found, period)
        return found
    if isinstance(before, str):
        before_period: Period | None = (
            _NAMED[before](after_period) if before in _NAMED else _named_period("before", before, calendar)
        )
        own_before = {}
    else:
        own_before = {key: value for key, value in before.items() if key not in GRAINS}
        before_period = _period(before, calendar) or period or after_period
    found = Comparison(before_period, after_period, {**shared, **own_before}, {**shared, **own_after})
    _check_one_period(found, period)
    _check_difference(found)
    return found


def _named_period(name: str, text: str, calendar: Calendar) -> Period:
    try:
        return parse_period(text, calendar)
    except InvalidInputError as error:
        words = "" if name == "after" else f"{listed((*_NAMED, BUDGET))}, "
        raise InvalidInputError(
            f"`{name}` must be {words}conditions such as {{'site': 'Aarhus'}}, or a period: {error}"
        ) from error


def _check_one_period(found: Comparison, period: Period | None) -> None:
    """Raise when the conditions of both sides name a period that one of them has not."""
    for name, own in (("before", found.before_period), ("after", found.after_period)):
        if period is not None and own not in (None, period):
            raise InvalidInputError(
                f"`where` holds for both sides and names {period}, but `{name}` is {own}: leave the period out of "
                "`where`."
            )


def _period(conditions: Conditions, calendar: Calendar) -> Period | None:
    grains = [key for key in conditions if key in GRAINS]
    if not grains:
        return None
    values = conditions[grains[0]]
    if len(grains) > 1 or len(values) != 1:
        raise InvalidInputError(
            f"A comparison has one period for each side, got {listed(grains)} with {len(values)} values."
        )
    return parse_period(str(values[0]), calendar)


def _check_difference(found: Comparison) -> None:
    first, last = found.before_period, found.after_period
    if first == last and dict(found.before) == dict(found.after):
        raise InvalidInputError(
            f"`before` and `after` are both {in_language(found.names[1], 'en')}: name two periods, the budget, or two "
            "sites."
        )
    if first is not None and first.grain != last.grain:
        raise InvalidInputError(
            f"`before` and `after` must be periods of one length, got the {first.grain} {first} and the "
            f"{last.grain} {last}."
        )


def covering(data: Dataset, needs_money: bool) -> Callable[[Period], bool]:
    """Whether the contact log covers a period, and where money is needed the ledger reaches over it too."""
    if needs_money:
        complete = complete_months(data)
        return lambda period: is_complete(period, complete)
    return covered(data).covers


def check_periods(data: Dataset, found: Comparison, needs_money: bool) -> None:
    """Raise when a side lies outside the data, or its months are not complete.

    Raises
    ------
    InvalidInputError
        Naming the side, what the data covers, and what is not complete.
    """
    first, last = contact_days(data)
    is_covered = covering(data, needs_money)
    for name, period in (("before", found.before_period), ("after", found.after_period)):
        if period is None:
            continue
        if period.end <= first or period.start > last:
            raise InvalidInputError(
                f"`{name}` must lie in the contact log, {first} to {last}, got {period}: there is nothing to explain."
            )
        if not is_covered(period):
            raise InvalidInputError(
                f"`{name}` must be a period whose contacts and ledger are complete, got {period}, which is not: "
                f"the contact log covers {first} to {last}"
                f"{_holes(data, period)}{_closed(data)}. Choose a complete period."
            )


def _holes(data: Dataset, period: Period) -> str:
    holes = holes_in(data, period)
    return f" without {listed(holes, 3)}" if holes else ""


def _closed(data: Dataset) -> str:
    closed = data.settings.closed_through
    return f" and the months are closed through {closed}" if closed else ""
