"""The monthly pack: page one of the month, every figure against budget, flexed budget, last month and last year."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cpc_analysis.costing.coverage import (
    complete_months,
    contact_days,
    holes_in,
    holes_in_words,
    is_complete,
    last_closed_month,
    provisional_in_words,
)
from cpc_analysis.errors import InvalidInputError
from cpc_analysis.language import in_its_language, joined, money, say
from cpc_analysis.models.budgeting import budget_for, cuts_budget, months_without_budget
from cpc_analysis.models.flexing import FLEXED, flexed_budget
from cpc_analysis.models.readable import html_of
from cpc_analysis.models.selection import Selection, checked_period, earlier, year_before
from cpc_analysis.models.service import channels_shown, measure_shown
from cpc_analysis.models.statements import late_postings_in_words, tie_out_for
from cpc_analysis.models.wording import period_in_words
from cpc_analysis.periods import FISCAL_GRAINS, GRAINS, Period, parse_period, period_of
from cpc_analysis.presentation import Presentation

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = ["MonthlyPack", "monthly_pack"]

#: Page one, in its order.
FIGURES = (
    "total_cost", "assisted_contacts", "assisted_contacts_per_workday", "cost_per_contact",
    "cost_per_assisted_contact", "paid_hours", "fte", "hourly_cost", "average_handle_time", "occupancy",
    "service_level", "abandonment_rate", "average_first_response", "first_contact_resolution", "csat", "survey_answers",
    "csat_response_rate",
)  # fmt: skip
FOOTER = ("self_service_sessions", "cost_per_self_service_session", "uncounted_cost")


@dataclass(frozen=True, eq=False)
class MonthlyPack:
    """Page one of a month. Made by `monthly_pack`.

    Parameters
    ----------
    period : Period
        The period.
    figures : pandas.DataFrame
        As `to_frame` gives it.
    tie_out, late_postings, provisional : str
        How the cost ties out, or why there is none; what was posted late; the stamp of a provisional or
        incomplete period, or nothing.
    definition : str
        Of the figures.
    joins : str
        How the costs of a contact on the page join: budget, flexed budget, actual, and that of assisted contacts.
    presentation : Presentation
        The language and the look of what is said of it.
    """

    period: Period
    figures: pd.DataFrame
    tie_out: str
    late_postings: str
    provisional: str
    definition: str
    joins: str = ""
    presentation: Presentation = field(default_factory=Presentation)

    def to_frame(self) -> pd.DataFrame:
        """Page one and its footer, a row per quantity.

        Columns `quantity`, `channels`, those that a figure of service is of (all where empty), `value`, `budget`,
        `flexed_budget`, `before` (the period before), `last_year`, `year_to_date` [unit of the quantity], missing where
        there is none, and `part` (``page`` or ``footer``).
        """
        frame = self.figures.copy()
        frame.attrs = dict(self.figures.attrs)
        return frame

    @in_its_language
    def __str__(self) -> str:
        return joined(self.tie_out, self.late_postings, self.provisional)

    def _repr_html_(self) -> str:
        return html_of(self)


@in_its_language
def monthly_pack(data: Dataset, period: str = "") -> MonthlyPack:
    """Page one of the month: cost, volume, staff, service and quality, each against what it compares with.

    Parameters
    ----------
    data : Dataset
        The dataset; figures whose tables it has not are missing.
    period : str
        Such as ``"2025-06"``, ``"2025-Q2"`` or ``"FY2025-Q1"``; the last closed month when empty.

    Returns
    -------
    MonthlyPack
        The figures as a frame, and its tie-out, late postings and provisional stamp in words.

    Raises
    ------
    InvalidInputError
        If the period is not in the data, or shorter than a month.

    Notes
    -----
    The flexed budget is the budget at the contacts that came (see `flexed_budget`). Year to date runs from January
    to the end of the period, of a fiscal period from the start of its fiscal year. First-contact resolution judges
    closed windows only. Comparisons with periods that the contact log does not cover, or in which it has a hole, are
    missing; of a period that is not complete ratios of money are.
    """
    chosen = checked_period(data, parse_period(period, data.calendar)) if period else last_closed_month(data)
    if chosen.grain in GRAINS[:2]:
        raise InvalidInputError(f"A pack is of a month, a quarter or a year, got the {chosen.grain} {chosen}.")
    selection = Selection(data, chosen, chosen.grain, {})
    figures = pd.concat(
        [_figures(selection, FIGURES).assign(part="page"), _figures(selection, FOOTER).assign(part="footer")],
        ignore_index=True,
    )
    attrs = measure_shown(data, FIGURES, selection.now).attrs
    definition, thresholds = attrs["definition"], attrs["answer_thresholds"]
    figures.attrs = {**data.stamp, "period": str(chosen), "definition": definition, "answer_thresholds": thresholds}
    return MonthlyPack(
        period=chosen,
        figures=figures,
        tie_out=tie_out_for(selection),
        late_postings=late_postings_in_words(selection),
        provisional=_stamp(data, chosen),
        definition=definition,
        joins=_joins(figures),
        presentation=data.presentation,
    )


def _joins(figures: pd.DataFrame) -> str:
    """How the costs of a contact join; what is missing has no part in it."""
    rows, currency = figures.set_index("quantity"), figures.attrs["currency"]
    cost, assisted = rows.loc["cost_per_contact"], rows.loc["cost_per_assisted_contact", "value"]
    budgets = ""
    if np.isfinite(cost[["value", "budget", "flexed_budget"]].astype("float64")).all():
        budgets = say(
            "From {budget} a contact in the budget, other volume and mix than planned ({moved}) lead to {flexed} in "
            "the flexed budget, and spending ({spent}) to {actual}.",
            budget=money(cost["budget"], currency), flexed=money(cost["flexed_budget"], currency),
            moved=money(cost["flexed_budget"] - cost["budget"], currency, signed=True),
            spent=money(cost["value"] - cost["flexed_budget"], currency, signed=True),
            actual=money(cost["value"], currency),
        )  # fmt: skip
    without = ""
    if np.isfinite(assisted) and money(assisted, currency) != money(cost["value"], currency):
        without = say("Without the cost of self-service an assisted contact cost {cost}.",
                      cost=money(assisted, currency))  # fmt: skip
    return joined(budgets, without)


def _stamp(data: Dataset, period: Period) -> str:
    """That figures of the period may still move, or are not all there; empty where neither."""
    part = "" if is_complete(period, complete_months(data)) else say(
        "{period} is not complete, so that its ratios of money are missing.", period=period_in_words(period)
    )  # fmt: skip
    to_date, _ = _to_date(period)
    compared = (earlier(period), year_before(period), to_date)
    holes = {hole for other in compared for hole in holes_in(data, other)}
    left_out = say("What is compared with periods that it touches is missing.") if holes else ""
    is_cut = data.has("budget") and cuts_budget(data, (period.grain,))
    no_budget = ""
    if is_cut:
        said = period_in_words(period)
        no_budget = say("The budget is of calendar months, which fiscal months cut: {period} has none.", period=said)
    return joined(provisional_in_words(data, period), part, holes_in_words(holes), left_out, no_budget)


def _figures(selection: Selection, quantities: tuple[str, ...]) -> pd.DataFrame:
    data, period = selection.data, selection.period
    channels = channels_shown(data, quantities)
    columns: dict[str, list[str] | list[float]] = {
        "quantity": list(quantities),
        "channels": [", ".join(channels.get(name, ())) for name in quantities],
        "value": _measured(data, quantities, selection.now),
    }
    columns["budget"] = [_budgeted(data, name, selection.now) for name in quantities]
    columns["flexed_budget"] = _flexed(data, quantities, selection.now)
    for name, other in (("before", earlier(period)), ("last_year", year_before(period))):
        columns[name] = _covered(data, quantities, other, {other.grain: [str(other)]})
    columns["year_to_date"] = _covered(data, quantities, *_to_date(period))
    return pd.DataFrame(columns)


def _covered(data: Dataset, quantities: tuple[str, ...], period: Period, where: dict[str, list[str]]) -> list[float]:
    """The figures of what was; missing where the contact log begins later, or has a hole."""
    if period.start < contact_days(data)[0] or holes_in(data, period):
        return [np.nan] * len(quantities)
    return _measured(data, quantities, where)


def _measured(data: Dataset, quantities: tuple[str, ...], where: dict[str, list[str]]) -> list[float]:
    frame = measure_shown(data, quantities, where)
    return [float(frame[name].iloc[0]) if len(frame) else np.nan for name in quantities]


def _budgeted(data: Dataset, quantity: str, where: dict[str, list[str]]) -> float:
    frame = budget_for(data, quantity, (), where)
    return float(frame.iloc[0, 0]) if len(frame) else np.nan


def _flexed(data: Dataset, quantities: tuple[str, ...], where: dict[str, list[str]]) -> list[float]:
    if not data.has("budget") or cuts_budget(data, where) or months_without_budget(data, where):
        return [np.nan] * len(quantities)
    row = flexed_budget(data, where).iloc[0]
    return [float(row[name]) if name in FLEXED else np.nan for name in quantities]


def _to_date(period: Period) -> tuple[Period, dict[str, list[str]]]:
    """The year of a period up to its end, and the months of it, as conditions."""
    fiscal = "fiscal_" if period.grain in FISCAL_GRAINS else ""
    year = period_of(period.start, f"{fiscal}year", period.calendar)
    months = [period_of(year.start, f"{fiscal}month", period.calendar)]
    while months[-1].end < period.end:
        months.append(period_of(months[-1].end, f"{fiscal}month", period.calendar))
    to_date = Period(year.start, period.end, year.grain, period.calendar)
    return to_date, {months[0].grain: [str(month) for month in months]}
