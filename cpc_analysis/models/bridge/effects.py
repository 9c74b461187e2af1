"""The arithmetic of a bridge: what each factor did to a cost per contact, segment by segment. Knows no tables.

The whole is the sum over segments of share of contacts x unit cost, and the cost of segments without contacts over
all contacts. A unit cost is labour and every other pool of cost:

    labour      = (handle time x concurrency + waiting) x availability x (wage x (1 + on-costs) + premium + rest)
    other pools = part of the pool on a contact of the segment x amount of the pool
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from cpc_analysis.metrics.decomposition import shapley

__all__ = ["LABOUR_FACTORS", "LEFT_OVER", "Side", "change_effects"]

#: The factors of labour in the order of its formula, by the names of their effects.
LABOUR_FACTORS = (
    "handle_time", "concurrency", "waiting", "availability", "payroll_rate", "on_costs", "premium",
    "ledger_minus_payroll",
)  # fmt: skip
#: The pool of labour that no worked time explains.
LEFT_OVER = "other_labour"


@dataclass(frozen=True)
class Side:
    """One side of a comparison, all arrays of shape (segments,), money in one unit.

    Parameters
    ----------
    contacts : ndarray
        Contacts that count.
    handled, worked, paid : ndarray
        Handle time; agent time on it, which simultaneous contacts share; paid time behind that [seconds].
    used, waiting : ndarray
        Labour on worked time and on waiting.
    base_pay, premium, on_costs : ndarray
        Of both: paid hours at the payroll's wage, premiums, on-costs. Without payroll `base_pay` is zero.
    pools : dict of str to ndarray
        Every other pool: its name, and what of it lies on each segment.
    totals : mapping of str to float
        The whole amount of a pool, also of what lies on no segment of the side; the sum over segments where unnamed.
    """

    contacts: np.ndarray
    handled: np.ndarray
    worked: np.ndarray
    paid: np.ndarray
    used: np.ndarray
    waiting: np.ndarray
    base_pay: np.ndarray
    premium: np.ndarray
    on_costs: np.ndarray
    pools: dict[str, np.ndarray]
    totals: Mapping[str, float] = field(default_factory=dict)

    @property
    def cost(self) -> np.ndarray:
        """All cost of each segment."""
        return self.used + self.waiting + sum(self.pools.values(), np.zeros(len(self.contacts)))

    @property
    def whole(self) -> float:
        """Cost per contact over all segments."""
        return float(self.cost.sum() / self.contacts.sum())

    @property
    def live(self) -> np.ndarray:
        """Which segments have contacts."""
        return self.contacts > 0

    @property
    def share(self) -> np.ndarray:
        """Each segment's share of the contacts."""
        return self.contacts / self.contacts.sum()

    @property
    def unit_mean(self) -> float:
        """Cost per contact of the segments that have contacts."""
        return float(self.cost[self.live].sum() / self.contacts.sum())


def change_effects(before: Side, after: Side, type_of: dict[str, str]) -> dict[str, np.ndarray]:
    """What each factor did to the cost per contact, by segment.

    Parameters
    ----------
    before, after : Side
        The two sides, on the same segments and pools.
    type_of : dict of str to str
        The cost type of each pool.

    Returns
    -------
    dict of str to ndarray of shape (segments,)
        ``mix``, the `LABOUR_FACTORS`, and ``<cost type>_spending`` and ``<cost type>_volume``; all of them together
        add up to ``after.whole - before.whole``.

    Notes
    -----
    Shapley's value of each term, which adds up over terms: a term's effects are averages over all orders in which
    its factors can change. The mix is centred on the mean unit cost. A segment that has contacts on one side only
    takes its known unit cost on the other, so that its effect is mix; its cost on the side without contacts moved
    over all contacts. A pool that one side does not have is all spending; where a side is a part of the centre,
    what its part of a pool did is volume.
    """
    timed = _is_timed(before) & _is_timed(after) & (before.live | after.live)
    before, after = _with_left_over(before, timed), _with_left_over(after, timed)
    shares = (before.share, after.share)
    labour = _labour_effects(before, after, timed, shares)
    effects = {"mix": labour[0], **dict(zip(LABOUR_FACTORS, labour[1:], strict=True))}
    for name in sorted({*before.pools, *after.pools}):
        mix, volume, spending = _pool_effects(before, after, name)
        effects["mix"] = effects["mix"] + mix
        cost_type = type_of.get(name, name)
        for effect, values in ((f"{cost_type}_spending", spending), (f"{cost_type}_volume", volume)):
            effects[effect] = effects.get(effect, 0.0) + values
    mean = (before.unit_mean + after.unit_mean) / 2.0
    effects["mix"] = effects["mix"] - (shares[1] - shares[0]) * mean
    return effects


def _is_timed(side: Side) -> np.ndarray:
    """Segments whose labour worked time explains, or that have no contacts."""
    return ~side.live | ((side.worked > 0) & (side.used > 0))


def _with_left_over(side: Side, timed: np.ndarray) -> Side:
    """The side with the labour of other segments, and of those without contacts, as a pool of its own."""
    inside = timed & side.live
    left = np.where(inside, 0.0, side.used + side.waiting)
    kept = {name: np.where(inside, getattr(side, name), 0.0) for name in ("used", "waiting")}
    own = side.pools.get(LEFT_OVER, np.zeros(len(left)))
    return Side(**{**vars(side), **kept, "pools": {**side.pools, LEFT_OVER: own + left}})


def _labour_effects(before: Side, after: Side, timed: np.ndarray, shares: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """The effects of the share and of each labour factor, shape (1 + factors, segments)."""
    # Where the payroll is known on one side only, it explains nothing of the change.
    paired = timed & (~before.live | (before.base_pay > 0)) & (~after.live | (after.base_pay > 0))
    handled = (~before.live | (before.handled > 0)) & (~after.live | (after.handled > 0))
    rows = [_labour_factors(side, timed & side.live, paired, handled) for side in (before, after)]
    rows[0] = np.where(before.live, rows[0], rows[1])
    rows[1] = np.where(after.live, rows[1], rows[0])
    return shapley(_labour_cost, np.vstack([shares[0], rows[0]]), np.vstack([shares[1], rows[1]]))


def _labour_cost(factors: np.ndarray) -> np.ndarray:
    share, handle, concurrency, waiting, availability, wage, on_costs, premium, rest = factors
    return share * (handle * concurrency + waiting) * availability * (wage * (1.0 + on_costs) + premium + rest)


def _labour_factors(side: Side, known: np.ndarray, paired: np.ndarray, handled: np.ndarray) -> np.ndarray:
    handle_time = np.where(handled, side.handled, side.worked)
    rate = _ratio(side.used, side.worked, known)
    waited = _ratio(side.waiting, rate, known)
    availability = _ratio(side.paid, side.worked, known)
    paid = (side.worked + waited) * availability
    wage = _ratio(side.base_pay, paid, known & paired)
    on_costs = _ratio(side.on_costs, side.base_pay, known & paired)
    premium = _ratio(side.premium, paid, known)
    hourly = _ratio(side.used + side.waiting, paid, known)
    return np.array(
        [
            _ratio(handle_time, side.contacts, known),
            _ratio(side.worked, handle_time, known),
            _ratio(waited, side.contacts, known),
            availability,
            wage,
            on_costs,
            premium,
            np.where(known, hourly - wage * (1.0 + on_costs) - premium, 0.0),
        ]
    )


def _ratio(numerator: np.ndarray, denominator: np.ndarray, where: np.ndarray) -> np.ndarray:
    return np.divide(numerator, denominator, out=np.zeros(len(where)), where=where & (denominator != 0))


def _pool_effects(before: Side, after: Side, name: str) -> Sequence[np.ndarray]:
    """The effects of share, volume and spending of one pool, each of shape (segments,)."""
    nothing = np.zeros(len(before.contacts))
    sides, amounts = (before, after), [side.pools.get(name, nothing) for side in (before, after)]
    sums = [float(side.totals.get(name, amount.sum())) for side, amount in zip(sides, amounts, strict=True)]
    # A pool that nets to nothing, an accrual and its reversal, has no parts: each segment's own amount moves.
    whole = all(abs(total) >= 0.5 * np.abs(amount).sum() for total, amount in zip(sums, amounts, strict=True))
    totals = [np.full(len(nothing), total) if whole else amount for total, amount in zip(sums, amounts, strict=True)]
    parts = [_ratio(amount, total, total != 0) if whole else np.ones(len(nothing))
             for amount, total in zip(amounts, totals, strict=True)]  # fmt: skip
    on_contact = [_ratio(part, side.contacts, side.live) for part, side in zip(parts, sides, strict=True)]
    on_all = [np.where(side.live, 0.0, part / side.contacts.sum()) for part, side in zip(parts, sides, strict=True)]
    known = [side.live & (total != 0) for side, total in zip(sides, totals, strict=True)]
    _copied(on_contact, known)
    _copied(on_all, [total != 0 for total in totals])
    live_totals = [total.copy() for total in totals]
    if not whole:
        _copied(live_totals, [side.live for side in sides])
        totals = [np.where(side.live, 0.0, total) for side, total in zip(sides, totals, strict=True)]
    on_live = shapley(
        lambda share, part, total: share * part * total,
        *([side.share, part, total] for side, part, total in zip(sides, on_contact, live_totals, strict=True)),
    )
    without = shapley(
        lambda part, total: part * total, *([part, total] for part, total in zip(on_all, totals, strict=True))
    )
    return on_live[0], on_live[1] + without[0], on_live[2] + without[1]


def _copied(pair: list[np.ndarray], known: list[np.ndarray]) -> None:
    """Where only one side is known, the other takes its value."""
    first, last = pair
    pair[0] = np.where(~known[0] & known[1], last, first)
    pair[1] = np.where(~known[1] & known[0], first, last)
