"""The answer of a report in one sentence, written from its numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cpc_analysis.costing.basis import basis_of, why_no_ratio
from cpc_analysis.language import enumerated, in_its_language, percent, rounded_half_away, say, term, value_said
from cpc_analysis.measuring.service_words import thresholds_in_words
from cpc_analysis.models.availability import measure_available
from cpc_analysis.models.comparison import compare
from cpc_analysis.models.selection import Selection, year_before
from cpc_analysis.models.service import measure_shown
from cpc_analysis.models.statements import statement_sums
from cpc_analysis.models.wording import amount_in_words, number_in_words, period_in_words

__all__ = ["answer_cost", "answer_service", "answer_statement"]


#: What a contact cost and what service it bought, one phrase per quantity.
_SERVICE = {
    "cost_per_contact": term("a contact cost {value}"),
    "service_level": term("{value} of offered contacts were answered in time{thresholds}"),
    "first_contact_resolution": term("{value} of first contacts needed no second"),
    "csat": term("{value} of those who answered a survey were satisfied"),
    "csat_response_rate": term("{value} of satisfaction surveys were answered"),
}


@in_its_language
def answer_cost(selection: Selection) -> str:
    """What a contact cost, against last year and budget, and which channel costs most and least.

    Parameters
    ----------
    selection : Selection
        What the report is about.
    """
    quantity, currency = "cost_per_contact", selection.data.currency
    whole = compare(selection, quantity).iloc[0]
    when = selection.title
    if np.isnan(whole[quantity]):
        why = why_no_ratio(basis_of(selection.data))
        return say("For {when} there is no cost per contact: {why}.", when=when, why=why)
    cost = number_in_words(quantity, whole[quantity], currency)
    last_year = period_in_words(year_before(selection.period))
    changes = {
        "last_year": say("{compared} in {period}", compared=_compared(whole, "last_year"), period=last_year),
        "budget": say("{compared} budgeted", compared=_compared(whole, "budget")),
    }
    known = enumerated(*(text for name, text in changes.items() if np.isfinite(whole[name])))
    channels = measure_available(selection.data, [quantity], by=["channel"], where=selection.now)
    return say(
        "In {when} a contact cost {cost}, {changes}{extremes}." if known else
        "In {when} a contact cost {cost}{extremes}.",
        when=when, cost=cost, changes=known, extremes=_extremes(channels, quantity, currency),
    )  # fmt: skip


def _compared(whole: pd.Series, other: str) -> str:
    change = 100 * (whole["cost_per_contact"] / whole[other] - 1)
    if np.isnan(change) or rounded_half_away(change, 1) == 0:
        return say("as much as")
    return say("{change} more than" if change > 0 else "{change} less than", change=percent(abs(change) / 100))


def _extremes(channels: pd.DataFrame, quantity: str, currency: str) -> str:
    shown = channels[channels["channel"].notna() & channels[quantity].notna() & ~channels["few_contacts"]]
    if len(shown) < 2:
        return ""
    ordered = shown.sort_values(quantity, kind="stable")
    least, most = ordered.iloc[0], ordered.iloc[-1]
    return say(
        "; {most} cost most ({most_cost}), {least} least ({least_cost})",
        most=value_said("channel", most["channel"]),
        most_cost=number_in_words(quantity, most[quantity], currency),
        least=value_said("channel", least["channel"]),
        least_cost=number_in_words(quantity, least[quantity], currency),
    )


@in_its_language
def answer_statement(selection: Selection, statement: pd.DataFrame) -> str:
    """Where the ledger went, and that it ties out.

    Parameters
    ----------
    selection : Selection
        What the report is about.
    statement : pandas.DataFrame
        From `cost_statement`, the rows of the selection's period.
    """
    currency = selection.data.currency
    sums = statement_sums(statement)
    when = selection.title
    ledger, is_ledger = sums["ledger"], basis_of(selection.data).is_ledger
    if not ledger:
        return say("For {when} the ledger has no cost.", when=when) if is_ledger else say(
            "For {when} there is no cost.", when=when
        )  # fmt: skip
    total = amount_in_words(ledger, currency)
    shares = {name: percent(sums[name] / ledger) for name in ("used", "waiting", "unallocated") if name in sums}
    return say(
        "Of {total} for {when}, {used} was used on work, {waiting} paid for waiting and {unallocated} could not be "
        "allocated; the difference is {difference}." if "waiting" in shares else
        "Of {total} for {when}, {used} was used on work or paid for waiting, which is not known without shifts, and "
        "{unallocated} could not be allocated; the difference is {difference}.",
        total=say("{amount} of the ledger", amount=total) if is_ledger else say("{amount} of cost", amount=total),
        when=when, difference=amount_in_words(sums["difference"], currency), **shares,
    )  # fmt: skip


@in_its_language
def answer_service(selection: Selection) -> str:
    """What a contact cost and what service it bought.

    Parameters
    ----------
    selection : Selection
        What the report is about.
    """
    frame = measure_shown(selection.data, list(_SERVICE), selection.now)
    row, thresholds = frame.iloc[0], thresholds_in_words(frame.attrs.get("answer_thresholds", {}))
    said = [
        say(phrase, value=number_in_words(name, row[name], selection.data.currency), thresholds=f" ({thresholds})")
        for name, phrase in _SERVICE.items()
        if np.isfinite(row[name])
    ]
    when = selection.title
    if not said:
        return say("For {when} neither cost nor service can be measured.", when=when)
    return say("In {when} {findings}.", when=when, findings=enumerated(*said))
