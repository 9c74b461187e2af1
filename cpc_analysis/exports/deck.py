"""The month's deck: page one, the trend, why it moved, what moves it, where the money went, and what it all means."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cpc_analysis import charts, models
from cpc_analysis.costing.coverage import last_closed_month
from cpc_analysis.errors import CpcError
from cpc_analysis.exports.exhibits import exhibits_of, with_numbers
from cpc_analysis.language import in_its_language, say
from cpc_analysis.measuring import measure
from cpc_analysis.models.benchmarking import compare_benchmarks
from cpc_analysis.models.causes import contact_causes
from cpc_analysis.models.definitions import compare_definitions
from cpc_analysis.models.limits import process_limits
from cpc_analysis.models.pack import monthly_pack
from cpc_analysis.models.selection import Selection, checked_period
from cpc_analysis.models.sensitivity import sensitivity
from cpc_analysis.models.wording import period_in_words
from cpc_analysis.periods import parse_period

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = ["Deck", "deck"]

_RATIO = "cost_per_contact"


@dataclass(frozen=True)
class Deck:
    """What a month's deck shows. Made by `deck`.

    Parameters
    ----------
    items : tuple
        For `export`, in order.
    left_out : tuple of str
        What the data cannot give, a sentence each.
    """

    items: tuple[object, ...]
    left_out: tuple[str, ...]


@in_its_language
def deck(data: Dataset, period: str = "", *, language: str | None = None) -> Deck:
    """The month's deck; what the data cannot give is left out, and named.

    Parameters
    ----------
    data : Dataset
        The dataset.
    period : str
        Such as ``"2025-06"`` or ``"2025-Q2"``; the last closed month when empty.
    language : {"en", "da"}, optional
        Of titles and numbers; the dataset's own when None.

    Raises
    ------
    InvalidInputError
        If the period is not in the data, or shorter than a month.
    """
    chosen = checked_period(data, parse_period(period, data.calendar)) if period else last_closed_month(data)
    selection = Selection(data, chosen, "month", {})
    *page_one, meanings = exhibits_of(monthly_pack(data, str(chosen)))
    items: list[object] = list(page_one)
    left_out = []
    for name, made in _PARTS.items():
        try:
            items += made(selection)
        except CpcError as error:
            left_out.append(f"Left out: {name}. {error}")
    return Deck((*items, meanings), tuple(left_out))


def _trend(selection: Selection) -> Sequence[object]:
    data = selection.data
    frame = measure(data, [_RATIO, "contacts", "total_cost"], by=["month"], where=selection.history)
    budget = models.budget_for(data, _RATIO, by=["month"], where=selection.history)
    limits, events = process_limits(data, _RATIO), data.settings.events
    return [with_numbers(charts.trend(frame, _RATIO, budget=budget, limits=limits, events=events), frame)]


def _bridge(selection: Selection) -> Sequence[object]:
    return [models.bridge_of_month(selection)]


def _levers(selection: Selection) -> Sequence[object]:
    steps = sensitivity(selection.data, where=selection.now)
    return [with_numbers(charts.tornado(steps), steps)]


def _drivers(selection: Selection) -> Sequence[object]:
    return [models.productivity_of(selection)]


def _statement(selection: Selection) -> Sequence[object]:
    statement = models.statement_for(selection, by=["channel"])
    return [with_numbers(charts.statement(statement), statement)]


def _levels(selection: Selection) -> Sequence[object]:
    data, by = selection.data, ["channel"]
    frame = measure(data, [_RATIO, "contacts", "total_cost"], by=by, where=selection.now)
    drawn = charts.levels(
        frame, _RATIO,
        last_year=models.measure_last_year(selection, _RATIO, by=by),
        budget=models.budget_for(data, _RATIO, by=by, where=selection.now),
    )  # fmt: skip
    return [with_numbers(drawn, frame)]


def _causes(selection: Selection) -> Sequence[object]:
    causes = contact_causes(selection.data, "reason", str(selection.period))
    return [with_numbers(charts.pareto(causes), causes)]


def _definitions(selection: Selection) -> Sequence[object]:
    frame = compare_definitions(selection.data, where=selection.now)
    table = models.definitions_table(frame)
    period = period_in_words(selection.period)
    table.attrs["title"] = say("The same data under each definition: {period}", period=period)
    return [with_numbers(charts.definitions(frame), frame), table]


def _benchmarks(selection: Selection) -> Sequence[object]:
    frame = compare_benchmarks(models.counted_as_published(selection.data), str(selection.period))
    return [with_numbers(charts.benchmarks(frame), frame)]


#: The pages after page one, by what each is about.
_PARTS: dict[str, Callable[[Selection], Sequence[object]]] = {
    "the trend": _trend,
    "the bridge": _bridge,
    "what moves the cost": _levers,
    "what drives handle time": _drivers,
    "the statement": _statement,
    "channels": _levels,
    "causes of contact": _causes,
    "definitions": _definitions,
    "benchmarks": _benchmarks,
}
