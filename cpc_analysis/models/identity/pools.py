"""What a pool of cost did to a cost per contact: its shares, its volume, its spending, and exchange rates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from cpc_analysis.metrics.decomposition import product_effects
from cpc_analysis.models.identity.currencies import own_move, rate_move
from cpc_analysis.models.identity.sides import Side

__all__ = ["CostEffects", "added", "copied", "last_effect", "pool_effects", "ratio"]

_Rows = list[dict[str, np.ndarray]]


@dataclass(frozen=True)
class CostEffects:
    """What one cost did to a cost per contact, by segment.

    Parameters
    ----------
    mix, volume, spending : ndarray of shape (segments,)
        Other shares of the contacts, the same amount over others, another amount.
    rates : mapping of str to ndarray of shape (segments,)
        By currency, another exchange rate for the same amount; of those that moved.
    """

    mix: np.ndarray
    volume: np.ndarray
    spending: np.ndarray
    rates: Mapping[str, np.ndarray] = field(default_factory=dict)


def added(first: CostEffects, second: CostEffects) -> CostEffects:
    """What two costs did together."""
    rates = dict(first.rates)
    for currency, values in second.rates.items():
        rates[currency] = rates.get(currency, 0.0) + values
    return CostEffects(first.mix + second.mix, first.volume + second.volume, first.spending + second.spending, rates)


def pool_effects(before: Side, after: Side, name: str) -> CostEffects:
    """The effects of share, volume, spending and exchange rates of one pool.

    Parameters
    ----------
    before, after : Side
        The two sides.
    name : str
        The pool.

    Notes
    -----
    Exchange rates are a part of the spending, which is linear in the change of the amount: the orders in which share,
    volume and amount change are as they are without them (Owen's value).

    References
    ----------
    Owen, "Values of Games with a Priori Unions", in Henn and Moeschlin, *Mathematical Economics and Game Theory*, 1977.
    """
    nothing = np.zeros(len(before.contacts))
    sides, amounts = (before, after), [side.pools.get(name, nothing) for side in (before, after)]
    sums = [float(side.totals.get(name, amount.sum())) for side, amount in zip(sides, amounts, strict=True)]
    # A pool that nets to nothing, an accrual and its reversal, has no parts: each segment's own amount moves.
    whole = all(abs(total) >= 0.5 * np.abs(amount).sum() for total, amount in zip(sums, amounts, strict=True))
    totals = [np.full(len(nothing), total) if whole else amount for total, amount in zip(sums, amounts, strict=True)]
    parts = [ratio(amount, total, total != 0) if whole else np.ones(len(nothing))
             for amount, total in zip(amounts, totals, strict=True)]  # fmt: skip
    on_live = [
        {"share": side.share, "part": ratio(part, side.contacts, side.live), "total": total.copy()}
        for part, side, total in zip(parts, sides, totals, strict=True)
    ]
    on_all = [
        {"part": np.where(side.live, 0.0, part / side.contacts.sum()), "total": total}
        for part, side, total in zip(parts, sides, totals, strict=True)
    ]
    copied(on_live, "part", [side.live & (total != 0) for side, total in zip(sides, totals, strict=True)])
    copied(on_all, "part", [total != 0 for total in totals])
    if not whole:
        copied(on_live, "total", [side.live for side in sides])
        for rows, side in zip(on_all, sides, strict=True):
            rows["total"] = np.where(side.live, 0.0, rows["total"])
    mix, volume, spending = product_effects(*_stacked(on_live))
    without = product_effects(*_stacked(on_all))
    found = CostEffects(mix, volume + without[0], spending + without[1])
    moves = _rate_moves(before, after, name, whole)
    if not moves:
        return found
    everywhere = np.ones(len(nothing), dtype=bool)
    live = _spending(on_live, moves, everywhere if whole else before.live & after.live)
    all_over = _spending(on_all, moves, everywhere if whole else ~before.live & ~after.live)
    rates = {currency: live.rates[currency] + all_over.rates[currency] for currency in moves}
    return replace(found, spending=live.own + all_over.own, rates=rates)


@dataclass(frozen=True)
class _Spending:
    """What another amount did: in its own currency, and by another exchange rate."""

    own: np.ndarray
    rates: dict[str, np.ndarray]


def _spending(rows: _Rows, moves: Mapping[str, np.ndarray], here: np.ndarray) -> _Spending:
    """The spending of one term, whose last factor is the amount; rates move it where they are known on both sides."""
    before, after = _stacked(rows)
    of_rates = {currency: np.where(here, move, 0.0) for currency, move in moves.items()}
    own = own_move(before[-1], after[-1], of_rates.values())
    effects = {currency: last_effect(before, after, move) for currency, move in of_rates.items()}
    return _Spending(last_effect(before, after, own), effects)


def _stacked(rows: _Rows) -> tuple[np.ndarray, np.ndarray]:
    before, after = (np.array(list(side.values())) for side in rows)
    return before, after


def _rate_moves(before: Side, after: Side, name: str, whole: bool) -> dict[str, np.ndarray]:
    """By currency, what its rate made of the change of a pool: of the whole, or of each segment's own amount."""
    size = len(before.contacts)
    moves = {}
    for currency in sorted(before.foreign.currencies(name) & after.foreign.currencies(name)):
        money = [
            side.foreign.total(name, currency, size) if whole else side.foreign.pool(name, currency, size)
            for side in (before, after)
        ]
        move = rate_move(*money)
        if move.any():
            moves[currency] = np.broadcast_to(move, size)
    return moves


def last_effect(before: np.ndarray, after: np.ndarray, move: np.ndarray) -> np.ndarray:
    """What a part of the change of the last factor did, shape (n,).

    Parameters
    ----------
    before, after : ndarray of shape (factors, n)
        As for `product_effects`.
    move : ndarray of shape (n,)
        The part.
    """
    first, last = before.copy(), after.copy()
    first[-1], last[-1] = 0.0, move
    return product_effects(first, last)[-1]


def copied(sides: _Rows, name: str, known: list[np.ndarray]) -> None:
    """Where only one side knows a factor, the other takes its value."""
    first, last = sides[0][name], sides[1][name]
    sides[0][name] = np.where(~known[0] & known[1], last, first)
    sides[1][name] = np.where(~known[1] & known[0], first, last)


def ratio(numerator: np.ndarray, denominator: np.ndarray, where: np.ndarray) -> np.ndarray:
    """A ratio where it is asked for and has a denominator, zero elsewhere; the last axis of both is the same."""
    known = where & (denominator != 0)
    return np.divide(numerator, denominator, out=np.zeros(numerator.shape), where=known)
