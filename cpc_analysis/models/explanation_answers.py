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

__all__ = ["answer_benchmarks", "answer_change", "answer_definitions", "answer_drivers", "answer_pack", "answer_wages"]

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
