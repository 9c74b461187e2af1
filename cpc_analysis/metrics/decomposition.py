"""Exact decomposition of a change: what each factor, or mix and rate, contributed; the effects always add up."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from math import factorial
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from cpc_analysis.errors import InvalidInputError

__all__ = ["MixRate", "kitagawa", "lmdi", "product_effects", "shapley"]

_MOST_FACTORS = 16


def shapley(function: Callable[..., Any], before: ArrayLike, after: ArrayLike) -> np.ndarray:
    """The effect of each factor on a function: its average over all orders in which the factors can change.

    Parameters
    ----------
    function : callable
        Of one argument per factor, or of a single argument that holds all factors along its first axis; returns a
        number, or an array with one value per segment.
    before, after : array_like of shape (factors,) or (factors, segments)
        The factors before and after.

    Returns
    -------
    ndarray of shape (factors,) or (factors, segments)
        The effects, in the unit of the function; over the factors they add up to
        ``function(after) - function(before)``.

    Raises
    ------
    InvalidInputError
        If the shapes differ, or there are no factors or more than 16.

    Notes
    -----
    Exact: the function is evaluated once for each subset of changed factors, ``2 ** factors`` times, on all segments
    together. Swapping before and after turns every sign.

    References
    ----------
    Shapley, "A Value for n-Person Games", 1953. Sun, "Accounting for changes in energy consumption and energy
    intensity", Energy Economics 20(1), 1998.

    Examples
    --------
    >>> shapley(lambda minutes, wage: minutes * wage, [5.0, 3.0], [4.0, 3.5])
    array([-3.25,  2.25])
    """
    first, last = _paired(before, after)
    factors = len(first)
    call = _caller(function, factors)
    values = []
    for subset in range(2**factors):
        changed = np.array([bool(subset >> factor & 1) for factor in range(factors)])
        shape = (factors,) + (1,) * (first.ndim - 1)
        values.append(np.asarray(call(np.where(changed.reshape(shape), last, first)), dtype="float64"))
    return _averaged(np.array(values), factors)


def product_effects(before: ArrayLike, after: ArrayLike) -> np.ndarray:
    """The effect of each factor on the product of all: `shapley` of a product, without a call for each subset.

    Parameters
    ----------
    before, after : array_like of shape (factors, segments)
        The factors before and after.

    Returns
    -------
    ndarray of shape (factors, segments)
        The effects, in the unit of the product.

    Raises
    ------
    InvalidInputError
        If the shapes differ, or there are no factors or more than 16.

    Examples
    --------
    >>> product_effects([[5.0], [3.0]], [[4.0], [3.5]])
    array([[-3.25],
           [ 2.25]])
    """
    first, last = _paired(before, after)
    factors = len(first)
    # Bit by bit, as `shapley` numbers the subsets: axis 0 holds the products of every subset of the factors so far.
    products = np.ones((1, *first.shape[1:]))
    for factor in range(factors):
        products = np.concatenate([products * first[factor], products * last[factor]])
    return _averaged(products, factors)


def _paired(before: ArrayLike, after: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    first, last = np.asarray(before, dtype="float64"), np.asarray(after, dtype="float64")
    if first.shape != last.shape or first.ndim == 0:
        raise InvalidInputError(
            f"`before` and `after` must have one shape, a row per factor, got {first.shape} and {last.shape}."
        )
    if not 1 <= len(first) <= _MOST_FACTORS:
        raise InvalidInputError(f"`shapley` takes 1 to {_MOST_FACTORS} factors, got {len(first)}.")
    return first, last


def _averaged(values: np.ndarray, factors: int) -> np.ndarray:
    """The effect of each factor from the values of all subsets of changed factors, numbered bit by bit."""
    weights = _weights(factors)
    effects = []
    for factor in range(factors):
        # Bits of lower factors, the bit of this one, bits of higher factors: what changes is the difference of the two.
        apart = values.reshape(2 ** (factors - factor - 1), 2, 2**factor, *values.shape[1:])
        steps = (apart[:, 1] - apart[:, 0]).reshape(2 ** (factors - 1), *values.shape[1:])
        effects.append(np.tensordot(weights, steps, axes=1))
    return np.array(effects)


@lru_cache
def _weights(factors: int) -> np.ndarray:
    """How much a step counts that follows each subset of the other factors, shape (2 ** (factors - 1),)."""
    sizes = [subset.bit_count() for subset in range(2 ** (factors - 1))]
    return np.array([factorial(size) * factorial(factors - size - 1) / factorial(factors) for size in sizes])


def _caller(function: Callable[..., Any], factors: int) -> Callable[[np.ndarray], Any]:
    """The function as one of the array of all factors."""
    try:
        given = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):  # some functions written in C do not say
        return lambda rows: function(*rows)
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    single = sum(one.kind in kinds and one.default is one.empty for one in given) == 1
    spread = any(one.kind is one.VAR_POSITIONAL for one in given)
    return function if single and not spread and factors > 1 else lambda rows: function(*rows)


@dataclass(frozen=True)
class MixRate:
    """The result of `kitagawa`.

    Parameters
    ----------
    mix : ndarray of shape (segments,)
        What the change of each segment's share did.
    rate : ndarray of shape (segments,)
        What the change of each segment's own rate did.
    """

    mix: np.ndarray
    rate: np.ndarray

    @property
    def total(self) -> float:
        """The change of the whole rate: all effects together."""
        return float(self.mix.sum() + self.rate.sum())


def kitagawa(
    numerator_before: ArrayLike, denominator_before: ArrayLike, numerator_after: ArrayLike, denominator_after: ArrayLike
) -> MixRate:
    """What mix and what rate did to a ratio of sums, segment by segment.

    Parameters
    ----------
    numerator_before, numerator_after : array_like of shape (segments,)
        Such as the cost of each channel [currency].
    denominator_before, denominator_after : array_like of shape (segments,)
        Such as its contacts [contacts].

    Returns
    -------
    MixRate
        Arrays over the segments, in the unit of the ratio; together they are its change.

    Raises
    ------
    InvalidInputError
        If the shapes differ, a denominator is negative, or all denominators of a side are zero.

    Notes
    -----
    With share s, rate r and whole rate R, bars for the mean of before and after: rate effect ``s̄ (r₁ - r₀)``, mix
    effect ``(s₁ - s₀)(r̄ - R̄)``. The mix is centred on the whole: a cheap segment that grows lowers it. A segment
    that is new or gone has its one known rate on both sides, so that all of its effect is mix; what has a numerator
    without a denominator is rate.

    References
    ----------
    Kitagawa, "Components of a Difference Between Two Rates", Journal of the American Statistical Association
    50(272), 1955.

    Examples
    --------
    >>> result = kitagawa([400, 1200], [40, 60], [600, 900], [50, 50])
    >>> result.mix.sum().round(10), result.rate.sum().round(10)
    (np.float64(-0.8), np.float64(-0.2))
    """
    given = [np.asarray(one, dtype="float64")
             for one in (numerator_before, denominator_before, numerator_after, denominator_after)]  # fmt: skip
    if any(one.shape != given[0].shape or one.ndim != 1 for one in given):
        shapes = ", ".join(str(one.shape) for one in given)
        raise InvalidInputError(f"`kitagawa` takes four arrays of one length, got the shapes {shapes}.")
    for name, one in (("denominator_before", given[1]), ("denominator_after", given[3])):
        if (one < 0).any():
            raise InvalidInputError(f"`{name}` must not be negative, got {one.min():g}.")
        if not one.sum() > 0:
            raise InvalidInputError(f"`{name}` must have a segment above 0: without contacts there is no rate.")
    cost_0, count_0, cost_1, count_1 = given
    share_0, share_1 = count_0 / count_0.sum(), count_1 / count_1.sum()
    known_0, known_1 = count_0 > 0, count_1 > 0
    rate_0 = np.divide(cost_0, count_0, out=np.zeros_like(cost_0), where=known_0)
    rate_1 = np.divide(cost_1, count_1, out=np.zeros_like(cost_1), where=known_1)
    rate_0, rate_1 = np.where(known_0, rate_0, rate_1), np.where(known_1, rate_1, rate_0)
    all_0, all_1 = float(count_0.sum()), float(count_1.sum())
    whole = (float(cost_0.sum()) / all_0 + float(cost_1.sum()) / all_1) / 2
    alone = cost_1 / all_1 * ~known_1 - cost_0 / all_0 * ~known_0
    return MixRate(
        mix=(share_1 - share_0) * ((rate_0 + rate_1) / 2 - whole),
        rate=(share_0 + share_1) / 2 * (rate_1 - rate_0) + alone,
    )


def lmdi(before: ArrayLike, after: ArrayLike, form: Literal["additive", "multiplicative"] = "additive") -> np.ndarray:
    """What each factor did to a sum of products, by the logarithmic mean Divisia index.

    Parameters
    ----------
    before, after : array_like of shape (segments, factors)
        A segment's value is the product of its factors; none is negative.
    form : {"additive", "multiplicative"}
        Effects that add up to the change of the sum, or indices that multiply to its ratio.

    Returns
    -------
    ndarray of shape (segments, factors)
        Effects in the unit of the values, or indices without unit.

    Raises
    ------
    InvalidInputError
        If the shapes differ, a factor is negative, or a multiplicative sum is zero on a side.

    Notes
    -----
    Effect of factor k in a segment of value V: ``L(V₁, V₀) ln(x₁ₖ / x₀ₖ)`` with the logarithmic mean
    ``L(a, b) = (a - b) / ln(a / b)``. Zeros are taken at their limit: what appears or vanishes is the effect of the
    factors that were or became zero, in equal parts.

    References
    ----------
    Ang, "The LMDI approach to decomposition analysis: a practical guide", Energy Policy 33(7), 2005. Ang and Liu,
    "Handling zero values in the logarithmic mean Divisia index decomposition approach", Energy Policy 35(1), 2007.

    Examples
    --------
    >>> before, after = [[50, 0.2, 3.0], [50, 0.8, 0.5]], [[80, 0.5, 2.0], [80, 0.5, 0.4]]
    >>> lmdi(before, after).sum(axis=0).round(3)
    array([ 32.385,  38.285, -24.67 ])
    """
    first, last = np.asarray(before, dtype="float64"), np.asarray(after, dtype="float64")
    if first.shape != last.shape or first.ndim != 2:
        raise InvalidInputError(
            "`before` and `after` must have one shape, a row per segment and a column per factor, "
            f"got {first.shape} and {last.shape}."
        )
    if (first < 0).any() or (last < 0).any():
        raise InvalidInputError(f"A factor must not be negative, got {min(first.min(), last.min()):g}.")
    if form not in ("additive", "multiplicative"):
        raise InvalidInputError(f"`form` must be additive or multiplicative, got '{form}'.")
    value_0, value_1 = first.prod(axis=1), last.prod(axis=1)
    effects = np.zeros_like(first)
    zero_0, zero_1 = first == 0, last == 0
    both = ~(zero_0.any(axis=1) | zero_1.any(axis=1))
    logs = np.log(last[both] / first[both])
    effects[both] = _logarithmic_mean(value_0[both], logs.sum(axis=1))[:, None] * logs
    change = value_1 - value_0
    for zero in (zero_0, zero_1):
        rows = zero.any(axis=1) & (change != 0)
        effects[rows] = change[rows, None] * zero[rows] / zero[rows].sum(axis=1, keepdims=True)
    if form == "additive":
        return effects
    total_0, total_1 = float(value_0.sum()), float(value_1.sum())
    if not (total_0 > 0 and total_1 > 0):
        raise InvalidInputError(f"A ratio needs a sum above 0 before and after, got {total_0:g} and {total_1:g}.")
    mean = _logarithmic_mean(np.array([total_0]), np.log([total_1 / total_0]))
    return np.exp(effects / mean)


def _logarithmic_mean(before: np.ndarray, logs: np.ndarray) -> np.ndarray:
    """``(after - before) / ln(after / before)``, whose logarithm is given; their common value where they are equal."""
    growth = np.divide(np.expm1(logs), logs, out=np.ones_like(logs), where=logs != 0)
    return before * growth
