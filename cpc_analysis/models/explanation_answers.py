"""The answers of the reports that explain, each in one sentence written from its numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from cpc_analysis.errors import listed
from cpc_analysis.glossary import describe
from cpc_analysis.models.bridge import Bridge
from cpc_analysis.models.drivers import DriverModel
from cpc_analysis.models.explanations import whole_wages
from cpc_analysis.models.pack import MonthlyPack
from cpc_analysis.models.selection import year_before
from cpc_analysis.models.wages import WAGE_EFFECTS
from cpc_analysis.models.wording import change_in_words, growth_in_words, number_in_words, period_in_words
from cpc_analysis.periods import Period, parse_period, period_of

__all__ = [
    "agents_in_words", "answer_benchmarks", "answer_causes", "answer_change", "answer_definitions", "answer_drivers",
    "answer_pack", "answer_resolution", "answer_wages", "limits_in_words",
]  # fmt: skip

_RATIO = "cost_per_contact"
#: An amount that two digits show as nothing is none.
_SHOWN = 0.005


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
    own = known.loc[known["definition"] == "own", _RATIO]
    least, most = known.iloc[0], known.iloc[-1]
    stated = f"a contact cost {number_in_words(_RATIO, own.iloc[0], currency)} by the project's own definition; " if (
        len(own)
    ) else "nothing counts by the project's own definition; "  # fmt: skip
    return (
        f"In {period} {stated}fair definitions of the same data give from "
        f"{number_in_words(_RATIO, least[_RATIO], currency)} ({least['definition']}) to "
        f"{number_in_words(_RATIO, most[_RATIO], currency)} ({most['definition']})."
    )


def answer_drivers(model: DriverModel, driver: str, period: str) -> str:
    """What a driver goes together with, and what the time beyond the reference's pace is worth over all its levels.

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
    rows = frame[(frame["driver"] == driver) & (frame["level"] != frame["reference"])]
    finding = model.finding(driver)
    found = f"Over {period} {finding[:1].lower()}{finding[1:]}, on like work"
    slow = _until_when_slower(model) if driver == "tenure" else ""
    if rows.empty or rows["effect_money"].isna().any():
        return f"{found}{slow}; within the same {listed(model.within)}."
    money, name = rows["effect_money"].sum(), driver.replace("_", " ")
    than = "beyond" if money > 0 else "below"
    references = listed(rows["reference"].unique())
    return (
        f"{found}{slow}. Over all levels of {name}, clear of chance or not, time {than} the pace of {references} was "
        f"worth {abs(money):,.0f} {model.currency}: capacity, not cash."
    )


def _until_when_slower(model: DriverModel) -> str:
    """Up to which tenure every step of the learning curve is clearly slower."""
    curve = model.curve
    steps = curve[curve["is_clear"] & (curve["effect_percent"] > 0)]
    first = steps[(steps.index == np.arange(len(steps)))]
    return (
        f"; new people are clearly slower up to {first['to_month'].iloc[-1]:.0f} months of tenure" if len(first) else ""
    )


def agents_in_words(frame: pd.DataFrame) -> str:
    """Who lies outside ordinary differences, and by how much.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `compare_agents`.
    """
    noun = "agent" if frame.columns[0] == "agent_id" else str(frame.columns[0]).replace("_", " ")
    verdicts = frame["verdict"].value_counts()
    judged = int(verdicts.reindex(["below the usual", "within the usual", "above the usual"]).sum())
    said = []
    for verdict in ("below the usual", "above the usual"):
        rows = frame[frame["verdict"] == verdict]
        names = [f"{row.iloc[0]} ({100 * (row['ratio'] - 1):+.0f}%)" for _, row in rows.iterrows()]
        said += [f"{verdict}: {', '.join(names)}"] if names else []
    text = "; ".join(said)
    found = f"{text[:1].upper()}{text[1:]}" if said else f"None of {judged} {noun}s lies outside ordinary differences"
    unjudged = {
        "too few contacts": "with too few contacts to tell",
        "too little history": "in too few months to tell",
        "nothing to compare with": "whose work nobody else does",
    }
    left = [f"{verdicts[verdict]} {words}" for verdict, words in unjudged.items() if verdict in verdicts]
    return f"{found}. Not judged: {', '.join(left)}." if left else f"{found}."


def answer_resolution(frame: pd.DataFrame, resolved: pd.DataFrame, kept: pd.DataFrame, period: str) -> str:
    """What a contact, a resolution and an issue cost, what repeats take of it, and whether self-service keeps people.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `issue_costs`, one row.
    resolved : pandas.DataFrame
        Of `cost_of_resolution`, one row.
    kept : pandas.DataFrame
        Of `containment`, one row.
    period : str
        The period in words.
    """
    row, other, currency = frame.iloc[0], resolved.iloc[0], frame.attrs.get("currency", "")
    is_marked = resolved.attrs["quantity"] == "cost_per_resolution"
    figures = [
        ("a contact cost", other[_RATIO], describe(_RATIO).formula),
        ("a resolution", other["cost_of_resolution"] if is_marked else np.nan, describe("cost_per_resolution").formula),
        ("a closed issue", row["cost_per_closed_issue"], "the costs on closed issues / these issues"),
    ]
    said = [f"{name} {number_in_words(_RATIO, value, currency)} ({formula.replace(' / ', ' over ')})"
            for name, value, formula in figures if np.isfinite(value)]  # fmt: skip
    if not said:
        return f"For {period} there is no cost per resolution: contacts or ledger do not reach its end."
    share = row["cost_of_repeats"] / row["total_cost"]
    return (
        f"In {period} {', '.join(said)}; repeats took {row['cost_of_repeats']:,.0f} {currency}, "
        f"{share:.1%} of all costs. {_containment_in_words(kept.iloc[0], currency)}"
    )


def _containment_in_words(row: pd.Series, currency: str) -> str:
    if not row["sessions"]:
        return "There was no self-service."
    ended = f"Self-service ended {row['sessions']:,.0f} sessions (gross)"
    if not row["judged"]:
        return f"{ended}; of none of them it is known yet whether the customer came back."
    return (
        f"{ended}; of the {row['judged']:,.0f} whose customer is known and whose window has closed, "
        f"{row['net_containment']:.1%} were not followed by a contact with an agent (net containment), and the "
        f"contacts after the others cost {row['cost_of_failed_containment']:,.0f} {currency}."
    )


def answer_causes(causes: pd.DataFrame, removed: pd.DataFrame, share: float, period: str) -> str:
    """Which cause costs most and which grows most, and what removing a share of the dearest would be worth.

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
        f"{share:.0%} of it {top['cash']:,.0f} {currency} of variable cost would be saved in cash, "
        f"{top['avoided']:,.0f} {currency} of step cost avoided later, and capacity for "
        f"{top['released_capacity']:,.0f} {currency} of fixed cost set free.{_growth_in_words(causes)}"
    )


def _growth_in_words(causes: pd.DataFrame) -> str:
    """The causes that are new, and the one that grew most, on the same period a year before."""
    before = period_in_words(year_before(parse_period(causes.attrs["period"])))
    said = [f"{row.iloc[0]} ({row['contacts']:,.0f} contacts)"
            for _, row in causes[np.isinf(causes["growth"])].iterrows()]  # fmt: skip
    new = [f"new since {before}: {', '.join(said)}"] if said else []
    grown = causes[np.isfinite(causes["growth"]) & (causes["growth"] > 0)].nlargest(1, "growth")
    new += [f"most growth on {before}: {row.iloc[0]} ({growth_in_words(row['growth'])})" for _, row in grown.iterrows()]
    text = "; ".join(new)
    return f" {text[:1].upper()}{text[1:]}." if new else ""


def answer_wages(frame: pd.DataFrame, steps: pd.DataFrame) -> str:
    """What moved the average wage up to the last month, what the raise cost in it, and what an hour's pay is worth.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `wage_effect`.
    steps : pandas.DataFrame
        Of `sensitivity`, one row per step.
    """
    currency = frame.attrs.get("currency", "")
    last, whole = frame["month"].max(), whole_wages(frame)
    now, since = period_in_words(period_of(last.date(), "month")), period_in_words(parse_period(frame.attrs["since"]))
    others = sorted((name for name in WAGE_EFFECTS if name != "general_raise"), key=lambda name: -abs(whole[name]))
    parts = ", ".join(f"{name} {whole[name]:+,.2f}" for name in others)
    raised = (
        f"the general raise of {listed(_raises(frame))} did {whole['general_raise']:+,.2f} and cost "
        f"{whole['raise_cost']:,.0f} {currency} in the month"
        if abs(whole["general_raise"]) >= _SHOWN
        else "there was no general raise"
    )
    cash = -steps.loc[steps["step"] == "wage", "cash"].iloc[0]
    return (
        f"In {now} an hour was paid {whole['average_wage']:,.2f} {currency} on average, {whole['change']:+,.2f} on "
        f"{since}: {raised}; {parts}. One {currency} more an hour adds {number_in_words(_RATIO, cash, currency)} to "
        "the cost per contact."
    )


def _raises(frame: pd.DataFrame) -> list[str]:
    """The months in which the general raise moved, in words."""
    groups = [name for name in frame.attrs["by"] if name in frame]
    steps = frame.sort_values("month").groupby(groups)["general_raise"].diff().fillna(frame["general_raise"])
    months = frame.loc[steps.abs() >= _SHOWN, "month"].drop_duplicates().sort_values()
    return [period_in_words(period_of(month.date(), "month")) for month in months]


def limits_in_words(limits: pd.DataFrame, periods: Sequence[Period]) -> str:
    """Which of some periods lie outside the usual limits of a figure.

    Parameters
    ----------
    limits : pandas.DataFrame
        Of `process_limits`.
    periods : sequence of Period
        The periods to look at.
    """
    starts = {pd.Timestamp(period.start): period for period in periods}
    rows = limits[limits.iloc[:, 0].isin(list(starts))]
    if not rows["low"].notna().any():
        return "There are too few complete periods for usual limits."
    said = [f"{period_in_words(starts[row.iloc[0]])} ({'above' if row['centre'] < row.iloc[1] else 'below'})"
            for _, row in rows[rows["is_outside"]].iterrows()]  # fmt: skip
    return f"Outside the usual limits: {', '.join(said)}." if said else "Every period lies within the usual limits."


def answer_benchmarks(frame: pd.DataFrame, period: str) -> str:
    """How the own figure lies beside the published ones that count alike, channel by channel.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `compare_benchmarks`.
    period : str
        The period in words.
    """
    currency = frame.attrs.get("currency", "")
    channels = [_beside_published(channel, rows, currency) for channel, rows in frame.groupby("channel", sort=False)]
    left, strange = (len(frame.attrs.get(name, ())) for name in ("left_out", "other_channels"))
    return (
        f"In {period} {'; '.join(channels)}. {_prices_in_words(frame)} Left out: {left} figures that count other "
        f"contacts or do not say which, {strange} of channels without a cost here. An average of others is no target."
    )


def _beside_published(channel: str, rows: pd.DataFrame, currency: str) -> str:
    above, least, most = int((rows["difference"] > 0).sum()), rows["converted"].min(), rows["converted"].max()
    where = "below" if not above else "above" if above == len(rows) else f"above {above} of"
    many = f"{len(rows)} published figures" if len(rows) > 1 else "the one published figure"
    between = f"{least:,.2f} to {most:,.2f}" if len(rows) > 1 else f"{most:,.2f}"
    return f"{channel} cost {rows['own'].iloc[0]:,.2f} {currency}, {where} {many} ({between})"


def _prices_in_words(frame: pd.DataFrame) -> str:
    years = frame.loc[~frame["price_adjusted"], "year"].dropna()
    if years.empty:
        return "All are at the prices of the period."
    many = f"All {len(frame)}" if len(years) == len(frame) else f"{len(years)} of {len(frame)}"
    return f"{many} are at the prices of their years, {years.min()} to {years.max()}, not raised to those of today."
