"""The answer of a report in one sentence, written from its numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cpc_analysis.models.availability import measure_available
from cpc_analysis.models.comparison import compare
from cpc_analysis.models.selection import Selection, year_before
from cpc_analysis.models.statements import statement_sums
from cpc_analysis.models.wording import amount_in_words, number_in_words, period_in_words

__all__ = ["answer_cost", "answer_service", "answer_statement"]


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
        return f"For {when} there is no cost per contact: contacts or ledger do not reach its end."
    said = f"In {when} a contact cost {number_in_words(quantity, whole[quantity], currency)}"
    changes = [
        f"{_change(whole[quantity], whole['last_year'])} in {period_in_words(year_before(selection.period))}",
        f"{_change(whole[quantity], whole['budget'])} budgeted",
    ]
    known = [text for text, name in zip(changes, ("last_year", "budget"), strict=True) if np.isfinite(whole[name])]
    said = ", ".join([said, " and ".join(known)]) if known else said
    channels = measure_available(selection.data, [quantity], by=["channel"], where=selection.now)
    return f"{said}{_extremes(channels, quantity, currency)}."


def _change(now: float, then: float) -> str:
    change = round(100 * (now / then - 1), 1)
    return "as much as" if change == 0 else f"{abs(change):.1f}% {'more' if change > 0 else 'less'} than"


def _extremes(channels: pd.DataFrame, quantity: str, currency: str) -> str:
    shown = channels[channels["channel"].notna() & channels[quantity].notna() & ~channels["few_contacts"]]
    if len(shown) < 2:
        return ""
    ordered = shown.sort_values(quantity, kind="stable")
    least, most = ordered.iloc[0], ordered.iloc[-1]
    return (
        f"; {most['channel']} cost most ({number_in_words(quantity, most[quantity], currency)}), "
        f"{least['channel']} least ({number_in_words(quantity, least[quantity], currency)})"
    )


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
    if not sums["ledger"]:
        return f"For {when} the ledger has no cost."
    share = {name: f"{sums[name] / sums['ledger']:.1%}" for name in ("used", "waiting", "unallocated")}
    return (
        f"Of {amount_in_words(sums['ledger'], currency)} of the ledger for {when}, "
        f"{share['used']} was used on work, "
        f"{share['waiting']} paid for waiting and {share['unallocated']} could not be allocated; "
        f"the difference is {amount_in_words(sums['difference'], currency)}."
    )


def answer_service(selection: Selection) -> str:
    """What a contact cost and what service it bought.

    Parameters
    ----------
    selection : Selection
        What the report is about.
    """
    names = ("cost_per_contact", "service_level", "first_contact_resolution", "csat", "survey_response_rate")
    phrases = (
        "a contact cost {}",
        "{} of contacts were answered in time",
        "{} of first contacts needed no second",
        "{} of those who answered a survey were satisfied",
        "{} of surveys were answered",
    )
    frame = measure_available(selection.data, names, where=selection.now).iloc[0]
    said = [
        phrase.format(number_in_words(name, frame[name], selection.data.currency))
        for name, phrase in zip(names, phrases, strict=True)
        if np.isfinite(frame[name])
    ]
    when = selection.title
    if not said:
        return f"For {when} neither cost nor service can be measured."
    return f"In {when} {', '.join(said[:-1])}{' and ' if said[1:] else ''}{said[-1]}."
