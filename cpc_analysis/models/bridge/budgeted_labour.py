"""Beneath the spending on labour against a budget: paid hours, the cost of an hour, premiums, as far as is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cpc_analysis.cells.conditions import matching
from cpc_analysis.costing.ledger import premium_pools
from cpc_analysis.language import joined, money, number, say, spoken
from cpc_analysis.measuring import measure
from cpc_analysis.models.bridge.budgeted import BudgetedBreakdown
from cpc_analysis.models.bridge.comparing import Comparison
from cpc_analysis.models.bridge.variances import HoursVariances, hours_variances
from cpc_analysis.money import minor_digits
from cpc_analysis.schema import LABOUR, LABOUR_TYPES

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = ["FIGURES", "budgeted_labour", "labour_in_words"]

#: What stands beneath the spending on labour: the whole, and its parts.
FIGURES = ("labour_cost", "paid_hours", "cost_per_paid_hour", "premiums")


def budgeted_labour(data: Dataset, found: BudgetedBreakdown, compared: Comparison) -> pd.DataFrame | None:
    """What is known of the spending on labour against the budget.

    Parameters
    ----------
    data : Dataset
        Gives shifts, premium accounts and what the project states of its budget.
    found : BudgetedBreakdown
        Budget and actual.
    compared : Comparison
        The period, and the channels asked for.

    Returns
    -------
    pandas.DataFrame or None
        A row per `figure`: ``labour_cost`` [currency], ``paid_hours`` [hours], ``cost_per_paid_hour`` [currency an
        hour] and, where the costing policy names premium accounts, ``premiums`` [currency]; `budget`, `flexed_budget`
        and `actual`; `variance`, what the difference to the flexed budget cost [currency], and `per_contact` [currency
        per contact]. Missing is what is not known. The variances of the parts add up to that of labour where the
        budget states paid hours, the shifts tell those that were paid, and all channels are asked for. None where
        neither side has labour, or the budget names no types of cost.

    Notes
    -----
    See `hours_variances`. Hours are flexed as the lines are that pay for them. Premiums are in the cost of an hour, as
    they are in the budget's, unless the project says that the budget holds none.
    """
    lines = found.lines[matching(found.lines, compared.after_conditions, data.calendar)]
    labour = lines[lines["kind"] == LABOUR]
    after = found.actual(compared)
    if labour.empty and LABOUR not in after.amounts:
        return None
    whole, flexed = float(labour["amount"].sum()), float(labour["flexed"].sum())
    spent = float(after.amounts.get(LABOUR, np.zeros(1)).sum())
    is_whole = not compared.after
    planned, allowed = _budgeted_hours(data, labour) if is_whole else (np.nan, np.nan)
    hours = _paid_hours(data, compared) if is_whole else np.nan
    premiums = _premiums(data, compared) if is_whole else np.nan
    parts, none, apart = HoursVariances(np.nan, np.nan, np.nan), np.nan, 0.0
    if allowed > 0 and np.isfinite(hours):
        is_apart = np.isfinite(premiums) and not data.settings.budget_premiums
        none, apart = (0.0, premiums) if is_apart else (np.nan, 0.0)
        parts = hours_variances(flexed, allowed, spent, hours, apart)
    rates = _ratio(whole, planned), _ratio(flexed, allowed), _ratio(spent - apart, hours)
    rows = {
        "labour_cost": (whole, flexed, spent, spent - flexed),
        "paid_hours": (planned, allowed, hours, parts.hours),
        "cost_per_paid_hour": (*rates, parts.wages),
    }
    if np.isfinite(premiums):
        rows["premiums"] = (none, none, premiums, parts.premiums if apart else np.nan)
    frame = pd.DataFrame(rows.values(), columns=["budget", "flexed_budget", "actual", "variance"])
    frame.insert(0, "figure", list(rows))
    frame["per_contact"] = frame["variance"] / after.contacts.sum()
    budget = data.frame("budget")
    states_hours = budget.loc[_in_period(pd.to_datetime(budget["period"]), compared), "paid_hours"].notna().any()
    frame.attrs = {"currency": data.currency, "has_shifts": data.has("shifts"), "is_whole": is_whole,
                   "states_hours": bool(states_hours)}  # fmt: skip
    return frame


def _ratio(amount: float, hours: float) -> float:
    return amount / hours if hours > 0 else np.nan


def _paid_hours(data: Dataset, compared: Comparison) -> float:
    """The hours that were paid; missing without shifts."""
    if not data.has("shifts"):
        return np.nan
    return float(measure(data, "paid_hours", where=compared.after_conditions)["paid_hours"].sum())


def _premiums(data: Dataset, compared: Comparison) -> float:
    """The premiums of the ledger [currency]; missing where no accounts are named."""
    found = premium_pools(data)
    if found is None:
        return np.nan
    rows = found.frame[_in_period(found.frame["month"], compared)]
    return float((rows["posted"] + rows["moved"]).sum()) / 10 ** minor_digits(data.currency)


def _in_period(months: pd.Series, compared: Comparison) -> pd.Series:
    period = compared.after_period
    return (months >= pd.Timestamp(period.start)) & (months < pd.Timestamp(period.end))


def _budgeted_hours(data: Dataset, labour: pd.DataFrame) -> tuple[float, float]:
    """Paid hours of the budget, and those that its flexed labour allows; missing where some labour states none.

    Salaries and on-costs pay for the same hours: those of one of them count. Hours that stand on no line of labour are
    those of their month, or of their month's channels, and flex as its labour does.
    """
    flex = 1.0 - labour["variable_share"] + labour["variable_share"] * labour["volume"]
    for cost_type in LABOUR_TYPES:
        own = labour["cost_type"] == cost_type
        hours = labour.loc[own, "paid_hours"]
        if own.any() and hours.notna().all():
            return float(hours.sum()), float((hours * flex[own]).sum())
    by_month = labour.groupby("month")[["amount", "flexed"]].sum()
    stated = _hours_of_months(data, labour).reindex(by_month.index)
    if stated.isna().any() or (by_month["amount"] == 0).any():
        return np.nan, np.nan
    return float(stated.sum()), float((stated * by_month["flexed"] / by_month["amount"]).sum())


def _hours_of_months(data: Dataset, labour: pd.DataFrame) -> pd.Series:
    """Paid hours by month from lines that hold no labour: the month's own, else those of all channels with labour."""
    budget = data.frame("budget")
    is_labour = budget["cost_type"].isin(LABOUR_TYPES) & budget["amount"].notna()
    stated = budget[budget["paid_hours"].notna() & ~is_labour]
    stated = stated.assign(month=pd.to_datetime(stated["period"]), paid_hours=stated["paid_hours"].astype("float64"))
    whole = stated[stated["channel"].isna()].groupby("month")["paid_hours"].max()
    needed = labour.groupby("month")["channel"].agg(lambda names: set(names))
    channels = stated[stated["channel"].notna()].groupby(["month", "channel"])["paid_hours"].max().reset_index()
    by_channel = channels.groupby("month").agg({"paid_hours": "sum", "channel": set})
    is_full = [needed.get(month, {None}) <= names for month, names in by_channel["channel"].items()]
    return whole.combine_first(by_channel.loc[is_full, "paid_hours"])


@spoken
def labour_in_words(frame: pd.DataFrame, per_contact: str) -> str:
    """What is known of the spending on labour, in words.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `budgeted_labour`.
    per_contact : str
        The spending on labour per contact, in words.
    """
    rows, currency = frame.set_index("figure"), frame.attrs["currency"]
    cost, hours, rate = (rows.loc[name] for name in FIGURES[:3])
    whole = {
        "actual": money(cost["actual"], currency, 0), "budget": money(cost["flexed_budget"], currency, 0),
        "change": money(cost["variance"], currency, 0, signed=True), "per_contact": per_contact,
    }  # fmt: skip
    is_flexed = cost["flexed_budget"] != cost["budget"]
    if np.isfinite(hours["variance"]):
        return _split_in_words(rows, whole, currency, is_flexed)
    lead = say(
        "Labour was {actual} against {budget} in the flexed budget: {change} ({per_contact} a contact)."
        if is_flexed
        else "Labour was {actual} against {budget} in the budget: {change} ({per_contact} a contact).",
        **whole,
    )
    if not frame.attrs["is_whole"]:
        return joined(lead, say("Hours are paid by people, not by channel: beneath that nothing is known."))
    if not frame.attrs["has_shifts"]:
        return joined(lead, say("Paid hours are not known without shifts: beneath that nothing is known."))
    paid = say("{hours} hours were paid at {rate} on average.", hours=number(hours["actual"]),
               rate=money(rate["actual"], currency))  # fmt: skip
    rest = say(
        "The budget states paid hours for a part of its labour only: hours and wages cannot be told apart."
        if frame.attrs["states_hours"]
        else "The budget states no paid hours: hours and wages cannot be told apart."
    )
    return joined(lead, paid, _premiums_in_words(rows, currency), rest)


def _split_in_words(rows: pd.DataFrame, whole: dict[str, str], currency: str, is_flexed: bool) -> str:
    hours, rate = rows.loc["paid_hours"], rows.loc["cost_per_paid_hour"]
    lead = say(
        "Labour was {actual} against {budget} in the flexed budget, {change} ({per_contact} a contact): {by_hours} by "
        "hours ({hours} paid, {planned} allowed) and {by_rate} by the cost of an hour ({rate} against {planned_rate})."
        if is_flexed else
        "Labour was {actual} against {budget} in the budget, {change} ({per_contact} a contact): {by_hours} by hours "
        "({hours} paid, {planned} planned) and {by_rate} by the cost of an hour ({rate} against {planned_rate}).",
        **whole, by_hours=money(hours["variance"], currency, 0, signed=True), hours=number(hours["actual"]),
        planned=number(hours["flexed_budget"]), by_rate=money(rate["variance"], currency, 0, signed=True),
        rate=money(rate["actual"], currency), planned_rate=money(rate["flexed_budget"], currency),
    )  # fmt: skip
    return joined(lead, _premiums_in_words(rows, currency))


def _premiums_in_words(rows: pd.DataFrame, currency: str) -> str:
    if "premiums" not in rows.index:
        return ""
    row = rows.loc["premiums"]
    if np.isfinite(row["variance"]):
        return say("Premiums, of which the budget holds none, are the other {premiums}.",
                   premiums=money(row["actual"], currency, 0, signed=True))  # fmt: skip
    return say("Of it {premiums} are premiums.", premiums=money(row["actual"], currency, 0))
