"""The answers of the reports that explain, each in one sentence written from its numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cpc_analysis.errors import listed
from cpc_analysis.models.bridge import Bridge
from cpc_analysis.models.drivers import DriverModel
from cpc_analysis.models.pack import MonthlyPack
from cpc_analysis.models.wording import change_in_words, number_in_words, period_in_words
from cpc_analysis.periods import period_of

__all__ = [
    "agents_in_words", "answer_benchmarks", "answer_causes", "answer_change", "answer_definitions", "answer_drivers",
    "answer_pack", "answer_resolution", "answer_wages",
]  # fmt: skip

_RATIO = "cost_per_contact"


def answer_pack(pack: MonthlyPack) -> str:
    """What an assisted contact cost, against the flexed budget and last year, and what service it bought.

    Parameters
    ----------
    pack : MonthlyPack
        Of `monthly_pack`.
    """
    frame = pack.to_frame()
    rows, currency = frame.set_index("quantity"), frame.attrs.get("currency", "")
    name = "cost_per_assisted_contact"
    cost, period = rows.loc[name], period_in_words(pack.period)
    if not np.isfinite(cost["value"]):
        return f"For {period} there is no cost per contact: contacts or ledger do not reach its end."
    parts = [f"In {period} an assisted contact cost {number_in_words(name, cost['value'], currency)}"]
    for column, words in (("flexed_budget", "the flexed budget"), ("last_year", "a year before")):
        if np.isfinite(cost[column]):
            parts.append(f"{change_in_words(name, cost['value'], cost[column])} on {words}")
    quality = [f"{label} {number_in_words(quantity, rows.loc[quantity, 'value'])}"
               for quantity, label in (("service_level", "service level"), ("csat", "satisfaction"))
               if np.isfinite(rows.loc[quantity, "value"])]  # fmt: skip
    return f"{', '.join([*parts, *quality])}."


def answer_change(bridge: Bridge) -> str:
    """How much the figure changed, what did most of it, and whether that is out of the ordinary.

    Parameters
    ----------
    bridge : Bridge
        Of `explain_change`.
    """
    return bridge.answer()


def answer_definitions(frame: pd.DataFrame, period: str) -> str:
    """How far apart fair definitions of the same data lie.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `compare_definitions`, one row per definition.
    period : str
        The period in words.
    """
    currency = frame.attrs.get("currency", "")
    known = frame.dropna(subset=[_RATIO]).sort_values(_RATIO, kind="stable")
    if known.empty:
        return f"For {period} no definition has a cost per contact: contacts or ledger do not reach its end."
    own = known.loc[known["definition"] == "own", _RATIO].iloc[0]
    least, most = known.iloc[0], known.iloc[-1]
    return (
        f"In {period} a contact cost {number_in_words(_RATIO, own, currency)} by the project's own definition; fair "
        f"definitions of the same data give from {number_in_words(_RATIO, least[_RATIO], currency)} "
        f"({least['definition']}) to {number_in_words(_RATIO, most[_RATIO], currency)} ({most['definition']})."
    )


def answer_drivers(model: DriverModel, driver: str, period: str) -> str:
    """What a driver goes together with, and what the time beyond the reference's pace is worth.

    Parameters
    ----------
    model : DriverModel
        Of `fit_drivers`.
    driver : str
        Which driver.
    period : str
        The period in words.
    """
    frame = model.to_frame()
    money = frame.loc[(frame["driver"] == driver) & frame["is_clear"], "effect_money"]
    found = f"Over {period}: {model.finding(driver)[:1].lower()}{model.finding(driver)[1:]}"
    if money.empty or money.isna().any():
        return f"{found}; within the same {listed(model.within)}."
    than = "beyond" if money.sum() > 0 else "below"
    return (
        f"{found} on like work; time {than} the pace of {frame.loc[money.index[0], 'reference']} was worth "
        f"{abs(money.sum()):,.0f} {model.currency}, capacity and not cash."
    )


def agents_in_words(frame: pd.DataFrame) -> str:
    """Who lies outside ordinary differences, and by how much.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `compare_agents`.
    """
    noun = "agent" if frame.columns[0] == "agent_id" else str(frame.columns[0]).replace("_", " ")
    said = []
    for verdict in ("below the usual", "above the usual"):
        rows = frame[frame["verdict"] == verdict]
        names = [f"{row.iloc[0]} ({100 * (row['ratio'] - 1):+.0f}%)" for _, row in rows.iterrows()]
        said += [f"{verdict}: {listed(names)}"] if names else []
    few = int((frame["verdict"] == "too few contacts").sum())
    left = f" {few} more have too few contacts to tell." if few else ""
    judged = int(frame["verdict"].isin(["below the usual", "within the usual", "above the usual"]).sum())
    text = "; ".join(said)
    found = f"{text[:1].upper()}{text[1:]}" if said else f"None of {judged} {noun}s lies outside ordinary differences"
    return f"{found}.{left}"


def answer_resolution(frame: pd.DataFrame, resolved: pd.DataFrame, period: str) -> str:
    """What an issue costs against a contact, and what repeats take of it.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `issue_costs`, one row.
    resolved : pandas.DataFrame
        Of `cost_of_resolution`, one row.
    period : str
        The period in words.
    """
    row, other, currency = frame.iloc[0], resolved.iloc[0], frame.attrs.get("currency", "")
    name = "a resolution" if resolved.attrs["quantity"] == "cost_per_resolution" else "a closed issue"
    value = other["cost_of_resolution"]
    if not np.isfinite(value):
        return f"For {period} there is no cost per resolution: contacts or ledger do not reach its end."
    share = row["cost_of_repeats"] / row["total_cost"]
    return (
        f"In {period} {name} cost {number_in_words(_RATIO, value, currency)}, a contact "
        f"{number_in_words(_RATIO, other[_RATIO], currency)}; repeats took {row['cost_of_repeats']:,.0f} {currency}, "
        f"{share:.1%} of the cost."
    )


def answer_causes(causes: pd.DataFrame, removed: pd.DataFrame, share: float, period: str) -> str:
    """Which cause costs most, and what removing a share of it would be worth.

    Parameters
    ----------
    causes : pandas.DataFrame
        Of `contact_causes`.
    removed : pandas.DataFrame
        Of `value_of_removal` with that share of every cause.
    share : float
        The share that goes.
    period : str
        The period in words.
    """
    currency = causes.attrs.get("currency", "")
    if removed.empty or not np.isfinite(causes["share_of_cost"].iloc[0]):
        return f"For {period} there is no cost of any cause."
    top = removed.iloc[0]
    name = str(top.iloc[0])
    row = causes[causes.iloc[:, 0] == name].iloc[0]
    return (
        f"In {period} {name} cost most, {row['cost']:,.0f} {currency} or {row['share_of_cost']:.1%} of all; without "
        f"{share:.0%} of it {top['cash']:,.0f} {currency} would be saved in cash, {top['avoided']:,.0f} avoided later, "
        f"and capacity for {top['released_capacity']:,.0f} set free."
    )


def answer_wages(frame: pd.DataFrame) -> str:
    """What the raise cost in the last month, and what else moved the average wage.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `wage_effect`.
    """
    currency = frame.attrs.get("currency", "")
    month = frame["month"].max()
    last = frame[frame["month"] == month]
    hours = last["paid_hours"] / last["paid_hours"].sum()
    change, general = float((hours * last["change"]).sum()), float((hours * last["general_raise"]).sum())
    other = {name: float((hours * last[name]).sum()) for name in ("seniority", "turnover", "hours")}
    largest = max(other, key=lambda name: abs(other[name]))
    said = period_in_words(period_of(month.date(), "month"))
    raised = (
        f"a general raise did {general:+,.2f} and cost {last['raise_cost'].sum():,.0f} {currency} in the month"
        if abs(general) >= 0.005
        else "there was no general raise"
    )
    return (
        f"In {said} an hour was paid {change:+,.2f} {currency} against {frame.attrs['since']}: {raised}, "
        f"{largest} did {other[largest]:+,.2f}."
    )


def answer_benchmarks(frame: pd.DataFrame, period: str) -> str:
    """How the own figure lies beside the published ones that count alike.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `compare_benchmarks`.
    period : str
        The period in words.
    """
    currency = frame.attrs.get("currency", "")
    above = int((frame["difference"] > 0).sum())
    left = len(frame.attrs.get("left_out", ()))
    return (
        f"In {period} the own cost lies above {above} of {len(frame)} published figures, which run from "
        f"{frame['converted'].min():,.2f} to {frame['converted'].max():,.2f} {currency}; {left} more "
        "count otherwise or say nothing of how they count: an average of others is no target."
    )
