"""The answers of the reports on what drives the cost: levels of drivers, agents side by side, wages."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cpc_analysis.language import (
    column_said,
    currency_sign,
    in_its_language,
    joined,
    listed_said,
    money,
    number,
    percent,
    plural_said,
    say,
    term,
)
from cpc_analysis.models.drivers import DriverModel, columns_said, level_said
from cpc_analysis.models.explanations import whole_wages
from cpc_analysis.models.wages import WAGE_EFFECTS
from cpc_analysis.models.wording import (
    number_in_words,
    period_in_words,
    wage_effect_in_words,
)
from cpc_analysis.periods import parse_period, period_of

__all__ = ["agents_in_words", "answer_drivers", "answer_wages"]

_RATIO = "cost_per_contact"
#: An amount that two digits show as nothing is none.
_SHOWN = 0.005
#: The verdicts of `compare_agents` on who is outside ordinary differences, and on who cannot be judged.
_OUTSIDE = (term("below the usual"), term("above the usual"))
_UNJUDGED = {
    "too few contacts": term("{count} with too few contacts to tell"),
    "too little history": term("{count} in too few months to tell"),
    "nothing to compare with": term("{count} whose work nobody else does"),
}


@in_its_language
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
    found = joined(
        say("Over {period} {finding}, on like work", period=period, finding=f"{finding[:1].lower()}{finding[1:]}"),
        _until_when_slower(model) if driver == "tenure" else "", by="",
    )  # fmt: skip
    if rows.empty or rows["effect_money"].isna().any():
        return say("{found}; within the same {columns}.", found=found, columns=columns_said(model.within))
    beyond = rows[["cash", "released_capacity"]].sum()
    is_beyond = beyond.sum() > 0
    return say(
        "{found}. Over all levels of {driver}, clear of chance or not, time beyond the pace of {references} was worth "
        "{worth}." if is_beyond else
        "{found}. Over all levels of {driver}, clear of chance or not, time below the pace of {references} was worth "
        "{worth}.",
        found=found, driver=column_said(driver),
        worth=_worth_in_words(beyond if is_beyond else -beyond, model.currency),
        references=listed_said(*(level_said(driver, level) for level in rows["reference"].unique())),
    )  # fmt: skip


def _worth_in_words(worth: pd.Series, currency: str) -> str:
    """What becomes of time that is no longer needed."""
    released = money(worth["released_capacity"], currency, 0)
    if worth["cash"] == 0:
        return say("{released} of released capacity, not cash", released=released)
    cash = money(worth["cash"], currency, 0)
    return say("{released} of released capacity and {cash} of cash", released=released, cash=cash)


def _until_when_slower(model: DriverModel) -> str:
    """Up to which tenure every step of the learning curve is clearly slower."""
    curve = model.curve
    steps = curve[curve["is_clear"] & (curve["effect_percent"] > 0)]
    first = steps[(steps.index == np.arange(len(steps)))]
    if first.empty:
        return ""
    return say("; new people are clearly slower up to {months} months of tenure",
               months=number(first["to_month"].iloc[-1]))  # fmt: skip


@in_its_language
def agents_in_words(frame: pd.DataFrame) -> str:
    """Who lies outside ordinary differences, and by how much.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `compare_agents`.
    """
    verdicts = frame["verdict"].value_counts()
    judged = int(verdicts.reindex([*_OUTSIDE, "within the usual"]).sum())
    said = []
    for verdict in _OUTSIDE:
        rows = frame[frame["verdict"] == verdict]
        names = [f"{row.iloc[0]} ({percent(row['ratio'] - 1, 0, signed=True)})" for _, row in rows.iterrows()]
        said += [f"{say(verdict)}: {', '.join(names)}"] if names else []
    text = "; ".join(said)
    found, nouns = f"{text[:1].upper()}{text[1:]}", plural_said(str(frame.columns[0]))
    if not judged:
        found = say("No {nouns} can be judged", nouns=nouns)
    elif not found:
        found = say("None of {count} {nouns} lies outside ordinary differences", count=judged, nouns=nouns)
    left = [say(words, count=verdicts[verdict]) for verdict, words in _UNJUDGED.items() if verdict in verdicts]
    if not left:
        return joined(found, ".", by="")
    return say("{found}. Not judged: {left}.", found=found, left=", ".join(left))


@in_its_language
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
    parts = ", ".join(f"{wage_effect_in_words(name)} {number(whole[name], 2, signed=True)}" for name in others)
    raised = say(
        "the general raise of {months} did {change} and cost {cost} in the month",
        months=listed_said(*_raises(frame)), change=number(whole["general_raise"], 2, signed=True),
        cost=money(whole["raise_cost"], currency, 0),
    ) if abs(whole["general_raise"]) >= _SHOWN else say("there was no general raise")  # fmt: skip
    moved = say(
        "In {now} an hour was paid {wage} on average, {change} on {since}: {raised}; {parts}.",
        now=now,
        since=since,
        wage=money(whole["average_wage"], currency),
        change=number(whole["change"], 2, signed=True),
        raised=raised,
        parts=parts,
    )
    return joined(moved, _worth_of_a_wage(steps, currency))


def _worth_of_a_wage(steps: pd.DataFrame, currency: str) -> str:
    """What a higher wage adds to the cost per contact; nothing where no handle times tell who works on what."""
    cash = steps.loc[steps["step"] == "wage", "cash"]
    if cash.empty:
        return ""
    return say(
        "One {currency} more an hour adds {cash} to the cost per contact.",
        currency=currency_sign(currency), cash=number_in_words(_RATIO, -cash.iloc[0], currency),
    )  # fmt: skip


def _raises(frame: pd.DataFrame) -> list[str]:
    """The months in which the general raise moved, in words."""
    groups = [name for name in frame.attrs["by"] if name in frame]
    steps = frame.sort_values("month").groupby(groups)["general_raise"].diff().fillna(frame["general_raise"])
    months = frame.loc[steps.abs() >= _SHOWN, "month"].drop_duplicates().sort_values()
    return [period_in_words(period_of(month.date(), "month")) for month in months]
