"""What costs and paid hours rest on: a ledger, payroll or a stated hourly cost; recorded shifts or inferred ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from cpc_analysis.cells.shifts import inferred_shifts
from cpc_analysis.language import joined, money, say

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = ["Basis", "basis_in_words", "basis_of", "labour_in_words", "no_costs_in_words", "why_no_ratio"]


@dataclass(frozen=True)
class Basis:
    """What costs and paid hours rest on, as every result carries it. Made by `basis_of`.

    Parameters
    ----------
    has_ledger : bool
        Whether there is a ledger.
    labour : {"ledger", "payroll", "hourly_cost", "none"}
        Where labour comes from: the ledger, paid hours at the wages of the payroll, or a stated cost of an hour; none
        where there are no costs at all.
    hourly_cost : float or None
        The stated cost of an hour [currency].
    currency : str
        Of the stated cost.
    hours : {"recorded", "inferred", "partly_inferred", "none"}
        Whether paid hours are recorded shifts, or were inferred from contacts; none without shifts.
    """

    has_ledger: bool
    labour: Literal["ledger", "payroll", "hourly_cost", "none"]
    hourly_cost: float | None
    currency: str
    hours: Literal["recorded", "inferred", "partly_inferred", "none"]

    @property
    def has_costs(self) -> bool:
        """Whether there are any costs."""
        return self.labour != "none"

    @property
    def is_ledger(self) -> bool:
        """Whether all costs are of a ledger."""
        return self.labour == "ledger"


def basis_of(data: Dataset) -> Basis:
    """What the costs and the paid hours of a dataset rest on."""
    costing, has_ledger = data.costing, data.has("costs")
    labour: Literal["ledger", "payroll", "hourly_cost", "none"] = "ledger" if has_ledger else "none"
    if costing.wages_from == "payroll":
        labour = "payroll"
    elif costing.hourly_cost is not None:
        labour = "hourly_cost"
    return Basis(has_ledger, labour, costing.hourly_cost, data.currency, _hours(data))


def _hours(data: Dataset) -> Literal["recorded", "inferred", "partly_inferred", "none"]:
    if not data.has("shifts"):
        return "none"
    inferred, rows = inferred_shifts(data)
    if not inferred:
        return "recorded"
    return "inferred" if inferred == rows else "partly_inferred"


def basis_in_words(basis: Basis | None, *, money: bool = True, hours: bool = True) -> str:
    """What figures rest on, where that is not a ledger and recorded hours; else empty.

    Parameters
    ----------
    basis : Basis or None
        As a result carries it; None where it does not.
    money, hours : bool
        Whether the figures are of cost, and of paid hours.

    Examples
    --------
    >>> basis_in_words(Basis(False, "hourly_cost", 300.0, "DKK", "none"))
    'Labour is a stated hourly cost of 300.00 DKK on every worked hour.'
    >>> basis_in_words(Basis(True, "payroll", None, "DKK", "inferred"))
    'Labour is paid hours at the wages of the payroll. Paid hours are inferred, from the first to the last contact of \
each agent: time before and after is not seen.'
    """
    if basis is None:
        return ""
    return joined(_labour_sentence(basis) if money else "", _hours_sentence(basis) if hours or money else "")


def _labour_sentence(basis: Basis) -> str:
    if basis.labour == "none":
        return no_costs_in_words()
    if basis.labour == "payroll":
        return say("Labour is paid hours at the wages of the payroll.")
    if basis.labour == "hourly_cost":
        cost = money(basis.hourly_cost or 0.0, basis.currency)
        return say(
            "Labour is a stated hourly cost of {cost} on every worked hour." if basis.hours == "none" else
            "Labour is a stated hourly cost of {cost} on every paid hour.",
            cost=cost,
        )  # fmt: skip
    return ""


def _hours_sentence(basis: Basis) -> str:
    if basis.hours == "inferred":
        return say(
            "Paid hours are inferred, from the first to the last contact of each agent: time before and after is not "
            "seen."
        )
    if basis.hours == "partly_inferred":
        return say(
            "Some paid hours are inferred, from the first to the last contact of an agent: time before and after is "
            "not seen."
        )
    return ""


def labour_in_words(basis: Basis) -> str:
    """Where labour that is not of a ledger comes from, as a noun; empty where it is of the ledger.

    Examples
    --------
    >>> labour_in_words(Basis(False, "hourly_cost", 300.0, "DKK", "none"))
    'stated hourly cost of 300.00 DKK'
    """
    if basis.labour == "payroll":
        return say("payroll")
    if basis.labour == "hourly_cost":
        return say("stated hourly cost of {cost}", cost=money(basis.hourly_cost or 0.0, basis.currency))
    return ""


def why_no_ratio(basis: Basis | None) -> str:
    """Why a period has no ratio of money, as the end of a sentence.

    Examples
    --------
    >>> why_no_ratio(Basis(False, "hourly_cost", 300.0, "DKK", "none"))
    'the contacts do not reach its end'
    """
    if basis is None or basis.has_ledger:
        return say("contacts or ledger do not reach its end")
    if basis.has_costs:
        return say("the contacts do not reach its end")
    return say("there is no ledger, no payroll and no stated hourly cost")


def no_costs_in_words() -> str:
    """Why figures of cost are missing where there are no costs at all."""
    return say("There is no ledger, no payroll and no stated hourly cost, so that figures of cost are missing.")
