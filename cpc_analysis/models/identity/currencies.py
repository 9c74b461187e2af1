"""What the exchange rates of other currencies did: money booked is an amount in another currency x its rate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from cpc_analysis.costing.currencies import MEASURES

__all__ = ["NONE_FOREIGN", "Foreign", "average_rate", "currency_effect", "currency_of", "own_move", "rate_move"]

#: Rates, and amounts, that differ by less of themselves are float error.
_SAME_RATE, _SAME_AMOUNT = 1e-9, 1e-12
_AMOUNT, _BOOKED, _WORTH, _SIZE = range(len(MEASURES))


@dataclass(frozen=True)
class Foreign:
    """What of one side's money is in other currencies: by name and currency a row per `MEASURES`.

    Parameters
    ----------
    pools : mapping of pair of str to ndarray of shape (4, segments)
        By pool, as the pools of the side.
    totals : mapping of pair of str to ndarray of shape (4,)
        By pool, as the totals of the side; labour is one.
    labour : mapping of pair of str to ndarray of shape (4, units)
        ``labour``, all of it, and of it ``on_costs`` and ``premium``.
    """

    pools: Mapping[tuple[str, str], np.ndarray] = field(default_factory=dict)
    totals: Mapping[tuple[str, str], np.ndarray] = field(default_factory=dict)
    labour: Mapping[tuple[str, str], np.ndarray] = field(default_factory=dict)

    def currencies(self, name: str) -> set[str]:
        """The currencies that some of a pool is in."""
        return {currency for pool, currency in self.pools if pool == name}

    def pool(self, name: str, currency: str, segments: int) -> np.ndarray:
        """What of a pool is in a currency, shape (4, segments); nothing where none of it is."""
        return self.pools.get((name, currency), np.zeros((len(MEASURES), segments)))

    def of_labour(self, name: str, currency: str, units: int) -> np.ndarray:
        """What of labour, or of its on-costs or premiums, is in a currency, shape (4, units)."""
        return self.labour.get((name, currency), np.zeros((len(MEASURES), units)))

    def total(self, name: str, currency: str, segments: int) -> np.ndarray:
        """What of a whole pool is in a currency, shape (4, 1)."""
        of_segments = self.pool(name, currency, segments).sum(axis=1)
        return self.totals.get((name, currency), of_segments)[:, np.newaxis]


NONE_FOREIGN = Foreign()


def average_rate(money: np.ndarray) -> np.ndarray:
    """What one unit of a currency was worth on average, each at the rate that it was converted at.

    Missing without any of it, and where credit notes cancel most of it: what is left has no rate.

    Parameters
    ----------
    money : ndarray of shape (4, ...)
        A row per `MEASURES`.

    Examples
    --------
    >>> average_rate(np.array([[100.0, 0.0], [750.0, 0.0], [750.0, 0.0], [100.0, 0.0]]))
    array([7.5, nan])
    """
    known = (money[_SIZE] > 0) & (np.abs(money[_AMOUNT]) >= 0.5 * money[_SIZE])
    return np.divide(money[_WORTH], money[_AMOUNT], out=np.full(money[_WORTH].shape, np.nan), where=known)


def rate_move(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """How much of the change of what was booked another exchange rate made.

    Parameters
    ----------
    before, after : ndarray of shape (4, ...)
        A row per `MEASURES`.

    Returns
    -------
    ndarray of shape (...)
        [the dataset's currency]; zero where the rate did not move, or is known on one side only.

    Notes
    -----
    Shapley's value of a product of two factors: the change of the rate times the mean amount. What rounding to minor
    units made of it goes with it, so that nothing is left where the amount stayed.

    Examples
    --------
    A thousand at 7.40, then at 7.60; then 1,100 of it.

    >>> first = np.array([1_000.0, 7_400.0, 7_400.0, 1_000.0])
    >>> float(rate_move(first, np.array([1_000.0, 7_600.0, 7_600.0, 1_000.0])).round(9))
    200.0
    >>> float(rate_move(first, np.array([1_100.0, 8_360.0, 8_360.0, 1_100.0])).round(9))
    210.0
    """
    rates = average_rate(before), average_rate(after)
    has_moved = np.abs(rates[1] - rates[0]) > _SAME_RATE * np.abs(rates[0])
    of_amount = (rates[0] + rates[1]) / 2.0 * (after[_AMOUNT] - before[_AMOUNT])
    return np.where(has_moved, after[_BOOKED] - before[_BOOKED] - of_amount, 0.0)


def own_move(before: np.ndarray, after: np.ndarray, of_rates: Iterable[np.ndarray]) -> np.ndarray:
    """The change of amounts without what exchange rates made of it.

    Parameters
    ----------
    before, after : ndarray of shape (n,)
        The amounts.
    of_rates : iterable of ndarray of shape (n,)
        By currency, of `rate_move`.
    """
    left = after - before - sum(of_rates)
    return np.where(np.abs(left) <= _SAME_AMOUNT * np.maximum(np.abs(before), np.abs(after)), 0.0, left)


def currency_effect(cost_type: str, currency: str) -> str:
    """The name of the effect that a currency's rate has through a cost type.

    Examples
    --------
    >>> currency_effect("licences", "EUR")
    'licences_EUR'
    """
    return f"{cost_type}_{currency}"


def currency_of(effect: str) -> str:
    """The currency whose rate an effect is of; empty where it is of none. Other names have no capitals.

    Examples
    --------
    >>> currency_of("licences_EUR"), currency_of("EUR"), currency_of("licences_spending")
    ('EUR', 'EUR', '')
    """
    last = effect.rpartition("_")[2]
    return last if last.isupper() else ""
