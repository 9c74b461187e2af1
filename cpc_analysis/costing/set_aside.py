"""What of the ledger was set aside: its lines, counted and in money, by the months that they are of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

import pandas as pd

from cpc_analysis.cells.conditions import months_touched, read_conditions
from cpc_analysis.language import joined, money, number, say
from cpc_analysis.money import in_currency, minor_digits, to_decimal
from cpc_analysis.tables.quarantine import together

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = ["SetAside", "costs_set_aside", "exact_weight", "in_money", "set_aside_in_words"]


@dataclass(frozen=True)
class SetAside:
    """The lines of the ledger that were set aside. Made by `costs_set_aside`.

    Parameters
    ----------
    lines : int
        Lines of the periods asked for.
    amount : Decimal
        Of those of them whose amount could be read [currency].
    unread : int
        Those of them whose amount could not be read: what they cost is not known.
    undated : int
        Further lines whose month could not be read: they may be of any period.
    undated_amount : Decimal
        Of those of them whose amount could be read [currency].
    undated_unread : int
        Those of them whose amount could not be read either.
    """

    lines: int = 0
    amount: Decimal = Decimal(0)
    unread: int = 0
    undated: int = 0
    undated_amount: Decimal = Decimal(0)
    undated_unread: int = 0


def costs_set_aside(data: Dataset, where: Mapping[str, object] | None = None) -> SetAside:
    """The lines of the ledger that were set aside, counted and in money.

    Parameters
    ----------
    data : Dataset
        The dataset.
    where : mapping, optional
        As for `measure`; only its periods are heeded: a line that broke a rule was never shared out. A line counts when
        its month lies in one of them, or holds it.
    """
    lines = data.once("costs set aside", lambda: in_money(data, _of_costs(data)))
    is_dated = lines["month"].notna()
    conditions = read_conditions(data, where)
    inside = lines[is_dated & months_touched(lines["month"], conditions, data.calendar)]
    undated, digits = lines[~is_dated], minor_digits(data.currency)
    return SetAside(
        lines=int(inside["rows"].sum()),
        amount=_sum(inside, digits),
        unread=int(inside["unread"].sum()),
        undated=int(undated["rows"].sum()),
        undated_amount=_sum(undated, digits),
        undated_unread=int(undated["unread"].sum()),
    )


def _of_costs(data: Dataset) -> pd.DataFrame:
    every = [] if data.reading.set_aside is None else [data.reading.set_aside]
    if data.has("costs"):
        every.append(data.prepared("costs").set_aside)
    counts = together(every).counts
    return counts[counts["table"] == "costs"]


def in_money(data: Dataset, counts: pd.DataFrame) -> pd.DataFrame:
    """The counts of cost lines set aside with their weight in the dataset's currency.

    Parameters
    ----------
    data : Dataset
        Whose rates convert it.
    counts : pandas.DataFrame
        Those of a `Quarantine`, of costs. Lines without a rate are `unread`.
    """
    rates = data.settings.rates
    weight = in_currency(counts["weight"], counts["currency"], counts["month"], data.currency, rates)
    unread = counts["unread"].where(weight.notna(), counts["rows"])
    return counts.assign(weight=weight, unread=unread)


def _sum(lines: pd.DataFrame, digits: int) -> Decimal:
    return exact_weight(lines["weight"], digits) or to_decimal(0, digits)


def exact_weight(weights: pd.Series, digits: int) -> Decimal | None:
    """The sum of amounts in whole minor units; None where none of them is known."""
    known = [weight for weight in weights if not pd.isna(weight)]
    return sum(known, Decimal(0)).quantize(to_decimal(1, digits), ROUND_HALF_UP) if known else None


def set_aside_in_words(found: SetAside, currency: str) -> str:
    """What was set aside beside a tie-out, in sentences.

    Examples
    --------
    >>> set_aside_in_words(SetAside(), "DKK")
    'No cost line was set aside.'
    >>> set_aside_in_words(SetAside(lines=3, amount=Decimal("1200.50"), unread=1), "DKK")
    'Set aside, and in none of these figures: 3 cost lines, of which 2 amount to 1,200.50 DKK and the cost of 1 is not \
known.'
    """
    inside = _lines_said(found.lines, found.amount, found.unread, currency)
    undated = _lines_said(found.undated, found.undated_amount, found.undated_unread, currency)
    if not inside and not undated:
        return say("No cost line was set aside.")
    return joined(
        say("Set aside, and in none of these figures: {lines}.", lines=inside) if inside else "",
        say("Set aside, of no month that could be read: {lines}.", lines=undated) if undated else "",
    )


def _lines_said(lines: int, amount: Decimal, unread: int, currency: str) -> str:
    """Some lines and their money; empty where there are none."""
    if not lines:
        return ""
    counted = say("1 cost line") if lines == 1 else say("{count} cost lines", count=number(lines))
    if unread == lines:
        return say("{lines} whose cost is not known", lines=counted)
    of_known = money(amount, currency, None)
    if not unread:
        return say("{lines} of {amount}", lines=counted, amount=of_known)
    return say(
        "{lines}, of which {known} amount to {amount} and the cost of {unread} is not known",
        lines=counted, known=number(lines - unread), amount=of_known, unread=number(unread),
    )  # fmt: skip
