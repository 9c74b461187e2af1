"""The cost statement of one report, and the line that ties it to the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

import pandas as pd

from cpc_analysis.costing.basis import Basis, basis_in_words, basis_of, labour_in_words, no_costs_in_words
from cpc_analysis.costing.coverage import provisional_in_words
from cpc_analysis.costing.ledger import late_postings
from cpc_analysis.costing.set_aside import set_aside_in_words
from cpc_analysis.costing.shares import costing_in_words
from cpc_analysis.costing.statement import cost_statement
from cpc_analysis.costing.waiting import waiting_in_words
from cpc_analysis.language import in_its_language, joined, number, say
from cpc_analysis.models.selection import Selection
from cpc_analysis.models.wording import amount_in_words
from cpc_analysis.money import minor_digits, to_decimal
from cpc_analysis.schema import LABOUR_TYPES

__all__ = [
    "AMOUNTS", "exact_sum", "has_ledger", "is_of_ledger", "late_postings_in_words", "statement_for",
    "statement_headings", "statement_sums", "tie_out", "tie_out_for",
]  # fmt: skip

AMOUNTS = ("posted", "moved", "ledger", "used", "waiting", "unallocated")


@in_its_language
def statement_for(selection: Selection, by: Sequence[str] = ()) -> pd.DataFrame:
    """The cost statement of the selection: the `by` columns, `cost_type` and the exact amounts.

    Parameters
    ----------
    selection : Selection
        What the report is about.
    by : sequence of str
        Columns to group by; not periods.
    """
    frame = cost_statement(selection.data, by=by, where=selection.now)
    definition = joined(costing_in_words(selection.data), provisional_in_words(selection.data, selection.period))
    frame.attrs |= {"definition": definition, "period": str(selection.period)}
    return frame


def exact_sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """The exact sum of the amounts that are known; None where none of several is."""
    every = list(amounts)
    known = [amount for amount in every if amount is not None]
    return sum(known, Decimal(0)) if known or not every else None


def statement_sums(statement: pd.DataFrame) -> dict[str, Decimal]:
    """Each amount of a statement in total, exact, and the `difference`, zero when it ties out.

    Parameters
    ----------
    statement : pandas.DataFrame
        From `cost_statement` or `statement_for`. Where waiting is not known of any row there is no sum of it: it lies
        in what was used.
    """
    every = {name: exact_sum(statement[name]) for name in AMOUNTS}
    sums = {name: amount for name, amount in every.items() if amount is not None}
    parts = (sums[name] for name in ("used", "waiting", "unallocated") if name in sums)
    return {**sums, "difference": sums["ledger"] - sum(parts, Decimal(0))}


@in_its_language
def statement_headings(statement: pd.DataFrame) -> dict[str, str]:
    """What the amounts of a statement are called: cost where it is not a ledger, used and waiting where they are one.

    Parameters
    ----------
    statement : pandas.DataFrame
        From `cost_statement` or `statement_for`.
    """
    is_known = "waiting" in statement_sums(statement)
    return {
        "posted": say("Posted"),
        "moved": say("Moved"),
        "ledger": say("Ledger") if is_of_ledger(statement) else say("Cost"),
        "used": say("Used") if is_known else say("Used and waiting"),
        "waiting": say("Waiting"),
        "unallocated": say("Unallocated"),
    }


def is_of_ledger(statement: pd.DataFrame) -> bool:
    """Whether all costs of a statement are of a ledger."""
    basis: Basis | None = statement.attrs.get("basis")
    return basis is None or basis.is_ledger


@in_its_language
def tie_out(statement: pd.DataFrame) -> str:
    """How a statement ties out: from what was posted to what was used, and beside it what was set aside or left out.

    Parameters
    ----------
    statement : pandas.DataFrame
        From `cost_statement` or `statement_for`.
    """
    attrs, sums = statement.attrs, statement_sums(statement)
    currency = attrs.get("currency", "")
    said = {name: amount_in_words(amount, currency) for name, amount in sums.items()}
    ties = say(
        "{way} = used {used} + waiting {waiting} + unallocated {unallocated}; difference {difference}."
        if "waiting" in sums else
        "{way} = used and waiting {used} + unallocated {unallocated}; difference {difference}.",
        way=_way(statement, said), **said,
    )  # fmt: skip
    waiting, set_aside = attrs.get("waiting"), attrs.get("set_aside")
    return joined(
        ties,
        basis_in_words(attrs.get("basis"), money=False),
        waiting_in_words(waiting) if waiting else "",
        _left_out(statement),
        set_aside_in_words(set_aside, currency) if set_aside and has_ledger(statement) else "",
    )


def _left_out(statement: pd.DataFrame) -> str:
    """What the conditions of a statement leave out of the cost of its periods; empty where they leave out nothing."""
    amount = statement.attrs.get("left_out")
    if not amount:
        return ""
    words = amount_in_words(amount, statement.attrs.get("currency", ""))
    return say("Of the same periods, and left out by the conditions: {amount}.", amount=words)


def has_ledger(statement: pd.DataFrame) -> bool:
    """Whether any costs of a statement may be of a ledger."""
    basis: Basis | None = statement.attrs.get("basis")
    return basis is None or basis.has_ledger


def _way(statement: pd.DataFrame, said: dict[str, str]) -> str:
    """From what was posted, and what labour was generated, to the cost of the periods."""
    if is_of_ledger(statement):
        return say("Posted in the ledger {posted}, moved between months {moved}: ledger {ledger}", **said)
    basis: Basis = statement.attrs["basis"]
    labour = labour_in_words(basis)
    if not basis.has_ledger:
        return say("Labour by {labour}: cost {ledger}", labour=labour, **said)
    is_generated = statement["cost_type"].isin(LABOUR_TYPES)
    currency = statement.attrs.get("currency", "")
    of_ledger = exact_sum(statement.loc[~is_generated, "posted"]) or Decimal(0)
    generated = exact_sum(statement.loc[is_generated, "posted"]) or Decimal(0)
    return say(
        "Posted in the ledger {of_ledger}, labour by {labour} {generated}, moved between months {moved}: cost {ledger}",
        labour=labour,
        of_ledger=amount_in_words(of_ledger, currency),
        generated=amount_in_words(generated, currency),
        **said,
    )


@in_its_language
def tie_out_for(selection: Selection) -> str:
    """How the costs of the selection tie out; where there are none, why.

    Parameters
    ----------
    selection : Selection
        What the report is about.
    """
    if not basis_of(selection.data).has_costs:
        return no_costs_in_words()
    return tie_out(statement_for(selection))


@in_its_language
def late_postings_in_words(selection: Selection) -> str:
    """What of the ledger was posted after the books of its month had closed, account by account; empty without one.

    A selection of channels or a site does not narrow it: a late line is named before it is shared out.

    Parameters
    ----------
    selection : Selection
        What the report is about.
    """
    data, period = selection.data, selection.period
    if not data.has("costs"):
        return ""
    found = late_postings(data)
    inside = found[(found["month"] >= pd.Timestamp(period.start)) & (found["month"] < pd.Timestamp(period.end))]
    if inside.empty:
        return say("Nothing was posted after the books had closed.")
    digits = minor_digits(data.currency)
    sums = inside.groupby("account", sort=True)["posted"].sum()
    amounts = {name: number(to_decimal(int(sums[name]), digits), None) for name in sums.index}
    accounts = (say("account {name} {amount}", name=name, amount=amount) for name, amount in amounts.items())
    return say(
        "Of the whole ledger, {amount} was posted after the books had closed ({accounts})." if selection.where else
        "Of the ledger of the period, {amount} was posted after the books had closed ({accounts}).",
        amount=amount_in_words(to_decimal(int(sums.sum()), digits), data.currency),
        accounts=joined(*accounts, by="; "),
    )  # fmt: skip
