"""The answers of the reports that explain a figure, each in one sentence written from its numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from cpc_analysis.costing.basis import why_no_ratio
from cpc_analysis.glossary import describe
from cpc_analysis.language import (
    in_its_language,
    joined,
    money,
    number,
    percent,
    say,
    term,
    value_said,
)
from cpc_analysis.measuring.service_words import thresholds_in_words
from cpc_analysis.models.bridge import Bridge
from cpc_analysis.models.definitions import definition_said
from cpc_analysis.models.pack import MonthlyPack
from cpc_analysis.models.selection import year_before
from cpc_analysis.models.wording import (
    change_in_words,
    growth_in_words,
    held_as,
    number_in_words,
    own_period,
    period_in_words,
    share_in_words,
)
from cpc_analysis.periods import Period

__all__ = [
    "answer_benchmarks", "answer_causes", "answer_change", "answer_definitions", "answer_pack", "answer_resolution",
    "limits_in_words",
]  # fmt: skip

_RATIO = "cost_per_contact"

#: What a contact's cost is compared with, and the service that it bought.
_COMPARED = {"flexed_budget": term("{change} on the flexed budget"), "last_year": term("{change} on a year before")}
_BOUGHT = {"service_level": term("service level {value}{thresholds}"), "csat": term("satisfaction {value}")}


@in_its_language
def answer_pack(pack: MonthlyPack) -> str:
    """What a contact cost, against the flexed budget and last year, what service it bought, and how the figures join.

    Parameters
    ----------
    pack : MonthlyPack
        Of `monthly_pack`.
    """
    frame = pack.to_frame()
    rows, currency = frame.set_index("quantity"), frame.attrs.get("currency", "")
    thresholds = f" ({thresholds_in_words(frame.attrs.get('answer_thresholds', {}))})"
    cost, period = rows.loc[_RATIO], period_in_words(pack.period)
    if not np.isfinite(cost["value"]):
        why = why_no_ratio(frame.attrs.get("basis"))
        return say("For {when} there is no cost per contact: {why}.", when=period, why=why)
    parts = [
        say("In {when} a contact cost {cost}", when=period, cost=number_in_words(_RATIO, cost["value"], currency)),
        *(say(words, change=change_in_words(_RATIO, cost["value"], cost[column]))
          for column, words in _COMPARED.items() if np.isfinite(cost[column])),
        *(say(words, value=number_in_words(quantity, rows.loc[quantity, "value"]), thresholds=thresholds)
          for quantity, words in _BOUGHT.items() if np.isfinite(rows.loc[quantity, "value"])),
    ]  # fmt: skip
    return joined(joined(joined(*parts, by=", "), ".", by=""), pack.joins)


@in_its_language
def answer_change(bridge: Bridge) -> str:
    """How much the figure changed, what did most of it, and whether that is out of the ordinary.

    Parameters
    ----------
    bridge : Bridge
        Of `explain_change`.
    """
    return bridge.answer()


@in_its_language
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
        why = why_no_ratio(frame.attrs.get("basis"))
        return say("For {when} no definition has a cost per contact: {why}.", when=period, why=why)
    own = known.loc[known["definition"] == "own", _RATIO]
    ends = {}
    for end, row in (("least", known.iloc[0]), ("most", known.iloc[-1])):
        cost = number_in_words(_RATIO, row[_RATIO], currency)
        ends[end] = say("{cost} ({definition})", cost=cost, definition=definition_said(row["definition"]))
    if not len(own):
        return say(
            "In {when} nothing counts by the project's own definition; fair definitions of the same data give from "
            "{least} to {most}.",
            when=period, **ends,
        )  # fmt: skip
    return say(
        "In {when} a contact cost {cost} by the project's own definition; fair definitions of the same data give from "
        "{least} to {most}.",
        when=period, cost=number_in_words(_RATIO, own.iloc[0], currency), **ends,
    )  # fmt: skip


@in_its_language
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
        (term("a contact cost {cost} ({formula})"), other[_RATIO], describe(_RATIO).formula),
        (term("a resolution {cost} ({formula})"), other["cost_of_resolution"] if is_marked else np.nan,
         describe("cost_per_resolution").formula),
        (term("a closed issue {cost} ({formula})"), row["cost_per_closed_issue"],
         say("the costs on closed issues / these issues")),
    ]  # fmt: skip
    said = [
        say(words, cost=number_in_words(_RATIO, value, currency), formula=formula.replace(" / ", f" {say('over')} "))
        for words, value, formula in figures
        if np.isfinite(value)
    ]
    if not said:
        why = why_no_ratio(frame.attrs.get("basis"))
        return say("For {when} there is no cost per resolution: {why}.", when=period, why=why)
    return say(
        "In {when} {figures}; repeats took {repeats}, {share} of all costs. {containment}",
        when=period, figures=", ".join(said), repeats=money(row["cost_of_repeats"], currency, 0),
        share=percent(row["cost_of_repeats"] / row["total_cost"]),
        containment=_containment_in_words(kept.iloc[0], currency),
    )  # fmt: skip


def _containment_in_words(row: pd.Series, currency: str) -> str:
    if not row["sessions"]:
        return say("There was no self-service.")
    ended = say("Self-service ended {sessions} sessions (gross)", sessions=number(row["sessions"]))
    if not row["judged"]:
        return say("{ended}; of none of them it is known yet whether the customer came back.", ended=ended)
    return say(
        "{ended}; of the {judged} whose customer is known and whose window has closed, {share} were not followed by a "
        "contact with an agent (net containment), and the contacts after the other {returns} cost {cost}.",
        ended=ended, judged=number(row["judged"]), share=percent(row["net_containment"]),
        returns=number(row["returns"]),
        cost=money(row["cost_of_failed_containment"], currency, 0),
    )  # fmt: skip


@in_its_language
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
        return say("For {when} there is no cost of any cause.", when=period)
    top = removed.iloc[0]
    name, column = str(top.iloc[0]), str(causes.columns[0])
    row = causes[causes[column] == name].iloc[0]
    dearest = say(
        "In {when} {cause} cost most, {cost} or {share_of_cost} of all.",
        when=period, cause=value_said(column, name), cost=money(row["cost"], currency, 0),
        share_of_cost=percent(row["share_of_cost"]),
    )  # fmt: skip
    return joined(dearest, _worth_in_words(top, share, currency), _growth_in_words(causes))


def _worth_in_words(removed: pd.Series, share: float, currency: str) -> str:
    """What removing a share of one cause is worth, in each kind; the hours behind paid time where they are known."""
    paid_time = money(removed["released_capacity"], currency, 0)
    if np.isfinite(removed["released_hours"]):
        hours = number(removed["released_hours"])
        released = say("{amount} of paid time ({hours} hours)", amount=paid_time, hours=hours)
    else:
        released = say("{amount} of paid time", amount=paid_time)
    return say(
        "Without {share} of it {cash} would leave the ledger as cash, {avoided} would be avoided later, and {released} "
        "would be released for other work; {stays} would stay.",
        share=share_in_words(share), cash=money(removed["cash"], currency, 0),
        avoided=money(removed["avoided"], currency, 0), released=released, stays=money(removed["stays"], currency, 0),
    )  # fmt: skip


def _growth_in_words(causes: pd.DataFrame) -> str:
    """The causes that are new, and the one that grew most, on the same period a year before."""
    before, column = period_in_words(year_before(own_period(causes))), str(causes.columns[0])
    said = [
        say("{cause} ({count} contacts)", cause=value_said(column, row[column]), count=number(row["contacts"]))
        for _, row in causes[np.isinf(causes["growth"])].iterrows()
    ]
    new = [say("new since {before}: {causes}", before=before, causes=", ".join(said))] if said else []
    grown = causes[np.isfinite(causes["growth"]) & (causes["growth"] > 0)].nlargest(1, "growth")
    new += [
        say("most growth on {before}: {cause} ({growth})", before=before, cause=value_said(column, row[column]),
            growth=growth_in_words(row["growth"]))
        for _, row in grown.iterrows()
    ]  # fmt: skip
    text = "; ".join(new)
    return f"{text[:1].upper()}{text[1:]}." if new else ""


@in_its_language
def limits_in_words(limits: pd.DataFrame, periods: Sequence[Period]) -> str:
    """Which of some periods lie outside the usual limits of a figure.

    Parameters
    ----------
    limits : pandas.DataFrame
        Of `process_limits`.
    periods : sequence of Period
        The periods to look at.
    """
    starts = {held_as(period): period for period in periods}
    rows = limits[limits.iloc[:, 0].isin(list(starts))]
    if not rows["low"].notna().any():
        return say("There are too few complete periods for usual limits.")
    said = [
        say("{period} (above)" if row["centre"] < row.iloc[1] else "{period} (below)",
            period=period_in_words(starts[row.iloc[0]]))
        for _, row in rows[rows["is_outside"]].iterrows()
    ]  # fmt: skip
    if not said:
        return say("Every period lies within the usual limits.")
    return say("Outside the usual limits: {periods}.", periods=", ".join(said))


@in_its_language
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
    return say(
        "In {when} {channels}. {prices} Left out: {left} figures that count other contacts or do not say which, "
        "{strange} of channels without a cost here. An average of others is no target.",
        when=period, channels="; ".join(channels), prices=_prices_in_words(frame), left=left, strange=strange,
    )  # fmt: skip


def _beside_published(channel: str, rows: pd.DataFrame, currency: str) -> str:
    above, least, most = int((rows["difference"] > 0).sum()), rows["converted"].min(), rows["converted"].max()
    many = say("{count} published figures", count=len(rows)) if len(rows) > 1 else say("the one published figure")
    between = say("{low} to {high}", low=number(least, 2), high=number(most, 2)) if len(rows) > 1 else number(most, 2)
    where = {0: term("{channel} cost {own}, below {many} ({between})"),
             len(rows): term("{channel} cost {own}, above {many} ({between})")}  # fmt: skip
    return say(
        where.get(above, term("{channel} cost {own}, above {above} of {many} ({between})")),
        channel=value_said("channel", channel), own=money(rows["own"].iloc[0], currency), many=many, between=between,
        above=above,
    )  # fmt: skip


def _prices_in_words(frame: pd.DataFrame) -> str:
    years = frame.loc[~frame["price_adjusted"], "year"].dropna()
    if years.empty:
        return say("All are at the prices of the period.")
    return say(
        "All {count} are at the prices of their years, {first} to {last}, not raised to those of today."
        if len(years) == len(frame) else
        "{some} of {count} are at the prices of their years, {first} to {last}, not raised to those of today.",
        some=len(years), count=len(frame), first=years.min(), last=years.max(),
    )  # fmt: skip
