"""The arithmetic of a comparison with a budget, as finance reads it. Knows no tables.

The budget is the yardstick, and first moved to the contacts that came:

    budget / planned contacts --(volume, mix)--> flexed budget / contacts --(spending)--> spent / contacts
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

__all__ = ["HoursVariances", "Variances", "budget_variances", "hours_variances"]


@dataclass(frozen=True)
class Variances:
    """What moved a cost per contact from budget to actual, each of the shape of its amounts [currency per contact].

    Parameters
    ----------
    volume : ndarray
        Cost that stands still over other contacts than planned.
    mix : ndarray
        Cost that follows the contacts: other channels, sessions or months than planned.
    spending : ndarray
        What was spent beyond the flexed budget.
    """

    volume: np.ndarray
    mix: np.ndarray
    spending: np.ndarray

    @property
    def rates(self) -> dict[str, np.ndarray]:
        """By currency what exchange rates did: none, as a budget states no rate."""
        return {}


def budget_variances(
    standing: np.ndarray,
    moving: np.ndarray,
    moved: np.ndarray,
    actual: np.ndarray,
    planned_contacts: float,
    contacts: float,
) -> Variances:
    """The variances of volume, mix and spending of budgeted amounts; together they are the whole change.

    Parameters
    ----------
    standing : ndarray
        Budgeted cost that stands still [currency].
    moving : ndarray
        Budgeted cost that follows the contacts, at those planned [currency].
    moved : ndarray
        The same at the contacts that came [currency].
    actual : ndarray
        What was spent [currency].
    planned_contacts, contacts : float
        All contacts that were planned, and that came.

    Returns
    -------
    Variances
        Of the shape of the amounts.

    Notes
    -----
    ``volume = standing x (1 / contacts - 1 / planned contacts)``, ``mix = moved / contacts - moving / planned
    contacts``, ``spending = (actual - standing - moved) / contacts``. Not symmetric, as a change between two periods
    is: what was spent is judged at the contacts that came.

    References
    ----------
    Horngren, Datar and Rajan, *Cost Accounting: A Managerial Emphasis*, 14th edition, 2012, chapter "Flexible Budgets,
    Direct-Cost Variances, and Management Control".

    Examples
    --------
    >>> found = budget_variances(np.array([432_120.0]), np.zeros(1), np.zeros(1), np.array([408_650.0]), 13_190, 11_709)
    >>> [round(float(part[0]), 4) for part in (found.volume, found.mix, found.spending)]
    [4.1438, 0.0, -2.0044]
    """
    return Variances(
        volume=standing * (1.0 / contacts - 1.0 / planned_contacts),
        mix=moved / contacts - moving / planned_contacts,
        spending=(actual - standing - moved) / contacts,
    )


@dataclass(frozen=True)
class HoursVariances:
    """What the spending on labour beyond its flexed budget is made of [currency].

    Parameters
    ----------
    hours : float
        Other paid hours than budgeted, at the budgeted cost of an hour.
    wages : float
        Another cost of an hour than budgeted.
    premiums : float
        Premiums where the budget holds none; else zero, and in `wages`.
    """

    hours: float
    wages: float
    premiums: float


def hours_variances(
    budgeted_cost: float, budgeted_hours: float, cost: float, hours: float, premiums: float = 0.0
) -> HoursVariances:
    """Spending on labour beyond its budget by hours, wages and premiums; together they are ``cost - budgeted cost``.

    Parameters
    ----------
    budgeted_cost : float
        The flexed budget of labour [currency].
    budgeted_hours : float
        The paid hours that it allows, above 0 [hours].
    cost : float
        Labour as it was [currency].
    hours : float
        Paid hours as they were [hours].
    premiums : float
        The part of `cost` that is premiums, where the budget holds none [currency].

    Notes
    -----
    ``hours = (hours - budgeted hours) x budgeted cost / budgeted hours``; `wages` is the rest but premiums.

    References
    ----------
    As for `budget_variances`: the efficiency and the price variance of labour.

    Examples
    --------
    >>> hours_variances(budgeted_cost=1_000.0, budgeted_hours=10.0, cost=1_020.0, hours=9.0, premiums=50.0)
    HoursVariances(hours=-100.0, wages=70.0, premiums=50.0)
    """
    by_hours = (hours - budgeted_hours) * budgeted_cost / budgeted_hours
    return HoursVariances(by_hours, cost - premiums - budgeted_cost - by_hours, premiums)
