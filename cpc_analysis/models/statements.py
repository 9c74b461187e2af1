"""The cost statement of one report, and the line that ties it to the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

import pandas as pd

from cpc_analysis.costing.coverage import provisional_in_words
from cpc_analysis.costing.ledger import late_postings
from cpc_analysis.costing.shares import costing_in_words
from cpc_analysis.costing.statement import cost_statement
from cpc_analysis.language import in_its_language, joined, number, say
from cpc_analysis.measuring.parts import matching
from cpc_analysis.models.selection import Selection
from cpc_analysis.models.wording import amount_in_words
from cpc_analysis.money import minor_digits, to_decimal

__all__ = ["AMOUNTS", "exact_sum", "late_postings_in_words", "statement_for", "statement_sums", "tie_out"]

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

    Notes
    -----
    Grouped by the period before it is filtered, so that it ties out to the ledger of that period to the minor
    unit.
    """
    keys = tuple(dict.fromkeys((*by, *selection.now)))
    frame = cost_statement(selection.data, by=keys)
    rows = frame[matching(frame, selection.now)]
    sums = rows.groupby([*by, "cost_type"], dropna=False, sort=False, as_index=False)[list(AMOUNTS)].agg(exact_sum)
    definition = joined(costing_in_words(selection.data), provisional_in_words(selection.data, selection.period))
    sums.attrs = {**frame.attrs, "definition": definition, "by": list(by), "period": str(selection.period)}
    return sums


def statement_sums(statement: pd.DataFrame) -> dict[str, Decimal]:
    """Each amount of a statement in total, exact, and the `difference`, zero when it ties out.

    Parameters
    ----------
    statement : pandas.DataFrame
        From `cost_statement` or `statement_for`.
    """
    sums = {name: exact_sum(statement[name]) for name in AMOUNTS}
    return {**sums, "difference": sums["ledger"] - sums["used"] - sums["waiting"] - sums["unallocated"]}


@in_its_language
def tie_out(statement: pd.DataFrame) -> str:
    """The line that ties a statement to the ledger.

    Parameters
    ----------
    statement : pandas.DataFrame
        From `cost_statement` or `statement_for`.
    """
    currency, sums = statement.attrs.get("currency", ""), statement_sums(statement)
    return say(
        "Ledger {ledger} = used {used} + waiting {waiting} + unallocated {unallocated}; difference {difference}.",
        **{name: amount_in_words(amount, currency) for name, amount in sums.items()},
    )


@in_its_language
def late_postings_in_words(selection: Selection) -> str:
    """What of the ledger was posted after the books of its month had closed, account by account.

    A selection of channels or a site does not narrow it: a late line is named before it is shared out.

    Parameters
    ----------
    selection : Selection
        What the report is about.
    """
    data, period = selection.data, selection.period
    found = late_postings(data)
    inside = found[(found["month"] >= pd.Timestamp(period.start)) & (found["month"] < pd.Timestamp(period.end))]
    if inside.empty:
        return say("Nothing was posted to it after the books had closed.")
    digits = minor_digits(data.currency)
    sums = inside.groupby("account", sort=True)["posted"].sum()
    amounts = {name: number(to_decimal(int(sums[name]), digits), None) for name in sums.index}
    accounts = (say("account {name} {amount}", name=name, amount=amount) for name, amount in amounts.items())
    return say(
        "Of the whole ledger, {amount} was posted after the books had closed ({accounts})." if selection.where else
        "Of it, {amount} was posted after the books had closed ({accounts}).",
        amount=amount_in_words(to_decimal(int(sums.sum()), digits), data.currency),
        accounts=joined(*accounts, by="; "),
    )  # fmt: skip


def exact_sum(amounts: Iterable[Decimal]) -> Decimal:
    """The sum of exact amounts."""
    return sum(amounts, Decimal(0))
