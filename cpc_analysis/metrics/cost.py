"""Cost per contact and time-driven costing, on numbers and arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from cpc_analysis.errors import InvalidInputError

__all__ = ["TimeDrivenCosts", "cost_per_contact", "cost_per_resolution", "time_driven_costs"]


def cost_per_contact(cost: ArrayLike, contacts: ArrayLike) -> float | np.ndarray:
    """Cost per contact; missing where there are no contacts.

    Parameters
    ----------
    cost : array_like, any shape
        All costs of the period [currency].
    contacts : array_like, broadcastable with `cost`
        Contacts of the same period [contacts].

    Returns
    -------
    float or ndarray
        ``cost / contacts`` [currency per contact], NaN where `contacts` is 0; a float for two numbers.

    Raises
    ------
    InvalidInputError
        If a number of contacts is negative.

    Notes
    -----
    A ratio of sums: to join periods or channels, add costs and contacts first and divide last.

    Examples
    --------
    >>> cost_per_contact(88_600, 352)
    251.7045...
    >>> cost_per_contact([100.0, 50.0], [4, 0])
    array([25., nan])
    """
    amounts = np.asarray(cost, dtype="float64")
    counts = np.asarray(contacts, dtype="float64")
    if (counts < 0).any():
        raise InvalidInputError(f"`contacts` must not be negative, got {counts.min():g}.")
    amounts, counts = np.broadcast_arrays(amounts, counts)
    ratio = np.divide(amounts, counts, out=np.full(amounts.shape, np.nan), where=counts > 0)
    return ratio if ratio.ndim else float(ratio)


def cost_per_resolution(cost_per_contact: ArrayLike, first_contact_resolution: ArrayLike) -> float | np.ndarray:
    """Cost per resolution where each contact settles the matter with the same chance.

    Parameters
    ----------
    cost_per_contact : array_like, any shape
        Cost of a contact [currency per contact].
    first_contact_resolution : array_like, broadcastable with `cost_per_contact`
        Share of contacts that settle the matter, above 0 up to 1.

    Returns
    -------
    float or ndarray
        ``cost_per_contact / first_contact_resolution`` [currency per resolution]; a float for two numbers.

    Raises
    ------
    InvalidInputError
        If a share is not above 0 and up to 1.

    Notes
    -----
    The contacts of an issue are then geometric, with the mean ``1 / first_contact_resolution``. Where customers are
    known, `issue_costs` counts them instead.

    Examples
    --------
    >>> cost_per_resolution(5.00, 0.80)
    6.25
    """
    costs, shares = np.broadcast_arrays(
        np.asarray(cost_per_contact, dtype="float64"), np.asarray(first_contact_resolution, dtype="float64")
    )
    outside = shares[(shares <= 0) | (shares > 1)]
    if outside.size:
        raise InvalidInputError(
            f"`first_contact_resolution` must be a share above 0 and up to 1, such as 0.8, got {outside[0]:g}."
        )
    ratio = costs / shares
    return ratio if ratio.ndim else float(ratio)


@dataclass(frozen=True)
class TimeDrivenCosts:
    """The result of `time_driven_costs`.

    Parameters
    ----------
    rates : ndarray of shape (n,)
        Cost of one unit of each activity [currency per unit].
    costs : ndarray of shape (n,)
        Cost of each activity [currency].
    used, unused : float
        Cost of used and of unused capacity [currency].
    used_minutes, unused_minutes : float
        Used and unused capacity [minutes].
    """

    rates: np.ndarray
    costs: np.ndarray
    used: float
    unused: float
    used_minutes: float
    unused_minutes: float


def time_driven_costs(
    cost: float, capacity_minutes: float, units: ArrayLike, minutes_per_unit: ArrayLike
) -> TimeDrivenCosts:
    """What each activity costs by the time it takes, and what the capacity left over costs.

    Parameters
    ----------
    cost : float
        Cost of the capacity supplied [currency].
    capacity_minutes : float
        Practical capacity supplied [minutes].
    units : array_like of shape (n,)
        Units of each activity, such as contacts.
    minutes_per_unit : array_like of shape (n,)
        Time for one unit of each activity [minutes].

    Returns
    -------
    TimeDrivenCosts
        `used` + `unused` = `cost`. `unused` is negative where more time was used than supplied.

    Raises
    ------
    InvalidInputError
        If the capacity is not above zero, or units or minutes are negative or differ in shape.

    Notes
    -----
    The rate of a minute is ``cost / capacity_minutes``; the cost of unused capacity stays out of the rates.

    References
    ----------
    Kaplan and Anderson, *Time-Driven Activity-Based Costing*, Harvard Business Review, November 2004.

    Examples
    --------
    >>> result = time_driven_costs(560_000, 700_000, [49_000, 1_400, 2_500], [8, 44, 50])
    >>> result.rates, result.used, result.unused
    (array([ 6.4, 35.2, 40. ]), 462880.0, 97120.0)
    """
    count, minutes = np.asarray(units, dtype="float64"), np.asarray(minutes_per_unit, dtype="float64")
    if not capacity_minutes > 0:
        raise InvalidInputError(f"`capacity_minutes` must be above 0, got {capacity_minutes}.")
    if count.shape != minutes.shape:
        raise InvalidInputError(
            f"`units` and `minutes_per_unit` must have one shape, got {count.shape} and {minutes.shape}."
        )
    if (count < 0).any() or (minutes < 0).any():
        raise InvalidInputError("`units` and `minutes_per_unit` must not be negative.")
    # Money first: the rate of a minute alone (0.8, say) is not exact in binary.
    rates = cost * minutes / capacity_minutes
    used_minutes = float((count * minutes).sum())
    used = cost * used_minutes / capacity_minutes
    return TimeDrivenCosts(rates, rates * count, used, cost - used, used_minutes, capacity_minutes - used_minutes)
