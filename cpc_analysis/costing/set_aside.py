"""What of the ledger was set aside: its lines, counted and in money, by the months that they are of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import pandas as pd

from cpc_analysis.cells.work import months_touched
from cpc_analysis.language import joined, money, number, say
from cpc_analysis.money import minor_digits, to_decimal, to_minor_units

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = ["SetAside", "costs_set_aside", "set_aside_in_words"]


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
    lines = data.once("costs set aside", lambda: _lines(data))
    is_dated = lines["month"].notna()
    inside = lines[is_dated & months_touched(lines["month"], where or {})]
    undated, digits = lines[~is_dated], minor_digits(data.currency)
    return SetAside(
        lines=len(inside),
        amount=_sum(inside, digits),
        unread=int(inside["amount"].isna().sum()),
        undated=len(undated),
        undated_amount=_sum(undated, digits),
        undated_unread=int(undated["amount"].isna().sum()),
    )


def _sum(lines: pd.DataFrame, digits: int) -> Decimal:
    return to_decimal(int(lines["amount"].sum()), digits)


def _lines(data: Dataset) -> pd.DataFrame:
    """`month` and `amount` [minor units] of every line set aside, each missing where it could not be read."""
    parts = []
    if data.has("costs"):
        stood_for = data.prepared("costs").stood_for
        parts.append(pd.DataFrame({"month": stood_for["date"], "amount": stood_for["weight"]}))
    early = data.reading.costs_set_aside
    if early is not None and len(early):
        parts.append(pd.DataFrame({"month": pd.to_datetime(early["date"]), "amount": _in_minor_units(data, early)}))
    if not parts:
        return pd.DataFrame({"month": pd.Series(dtype="datetime64[us]"), "amount": pd.Series(dtype="Int64")})
    lines = pd.concat(parts, ignore_index=True)
    return lines.assign(month=lines["month"].dt.to_period("M").dt.start_time.astype("datetime64[us]"))


def _in_minor_units(data: Dataset, lines: pd.DataFrame) -> pd.Series:
    """Amounts in the dataset's currency; missing where the amount, or the rate to its currency, is not known."""
    known = [data.currency, *data.settings.rates]
    readable = lines["amount"].where(lines["currency"].isna() | lines["currency"].isin(known))
    currencies = lines["currency"].where(lines["currency"].isin(known))
    minor = to_minor_units(readable, currencies, data.currency, data.settings.rates)
    return pd.to_numeric(minor, errors="coerce").astype("Int64")


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
