"""The arithmetic of a change: what each factor of the identity did to a cost per contact. Knows no tables.

The whole is the sum over segments of share of contacts x unit cost, and the cost of segments without contacts over
all contacts. A unit cost is labour and every other pool of cost:

    labour      = (handle time x concurrency + other work + waiting - beyond the roster) / availability
                  x (wage x (1 + on-costs) + premium + rest)
    other pools = part of the pool on a contact of the segment x amount of the pool

Labour is worked out by staffing group and channel inside of each segment: a roster is a group's, and a handle time a
channel's. What one of them does says nothing of the wages, the breaks or the calls of another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from cpc_analysis.metrics.decomposition import product_effects
from cpc_analysis.schema import LABOUR

__all__ = [
    "LABOUR_FACTORS", "LEFT_OVER", "OTHER_WORK_VOLUME", "CostEffects", "Labour", "Side", "change_effects",
    "cost_effects",
]  # fmt: skip

#: The factors of labour in the order of its formula, by the names of their effects.
LABOUR_FACTORS = (
    "handle_time", "concurrency", "other_work", "waiting", "beyond_roster", "availability", "payroll_rate", "on_costs",
    "premium", "ledger_minus_payroll",
)  # fmt: skip
#: What other contacts made of the same hours of work outside of the contact log.
OTHER_WORK_VOLUME = "other_work_volume"
#: The pool of labour that no worked time explains.
LEFT_OVER = "other_labour"

#: The identity as a sum of products: each kind of time, and each kind of pay for an hour of it.
_TIMES = (("mix", "handle_time", "concurrency"), ("mix", "waiting"), ("mix", "beyond_roster"),
          ("other_work", OTHER_WORK_VOLUME))  # fmt: skip
_PAYS = (("payroll_rate",), ("payroll_rate", "on_costs"), ("premium",), ("ledger_minus_payroll",))
#: What is known of a roster and its pay also where no contact was counted.
_RATES = ("availability", "payroll_rate", "on_costs", "premium", "ledger_minus_payroll")
#: Time per contact.
_PER_CONTACT = ("handle_time", "waiting", "beyond_roster")


@dataclass(frozen=True)
class Labour:
    """Labour and the paid time behind it, by staffing group and channel of each segment; arrays of shape (units,).

    Parameters
    ----------
    segment : ndarray of int
        The segment of each unit.
    contacts, measured : ndarray
        Contacts that count, and those of them with a measured handle time.
    handled, worked : ndarray
        Handle time, and agent time on it, which simultaneous contacts share [seconds].
    other_work, waiting, beyond_roster, paid : ndarray
        As of `time_on_cells` [seconds].
    cost, base_pay, premium, on_costs : ndarray
        All labour; of it paid hours at the payroll's wage, premiums and on-costs. Without payroll `base_pay` is zero.
    """

    segment: np.ndarray
    contacts: np.ndarray
    measured: np.ndarray
    handled: np.ndarray
    worked: np.ndarray
    other_work: np.ndarray
    waiting: np.ndarray
    beyond_roster: np.ndarray
    paid: np.ndarray
    cost: np.ndarray
    base_pay: np.ndarray
    premium: np.ndarray
    on_costs: np.ndarray

    @property
    def productive(self) -> np.ndarray:
        """The time that the roster holds for work [seconds]."""
        return self.worked + self.other_work + self.waiting - self.beyond_roster

    @property
    def occupied(self) -> np.ndarray:
        """Work and waiting [seconds]."""
        return self.worked + self.other_work + self.waiting


@dataclass(frozen=True)
class Side:
    """One side of a comparison, money in one unit.

    Parameters
    ----------
    contacts : ndarray of shape (segments,)
        Contacts that count.
    labour : Labour
        Labour by staffing group and channel of each segment.
    pools : dict of str to ndarray of shape (segments,)
        Every other pool: its name, and what of it lies on each segment.
    totals : mapping of str to float
        The whole amount of a pool, also of what lies on no segment of the side; the sum over segments where unnamed.
    """

    contacts: np.ndarray
    labour: Labour
    pools: dict[str, np.ndarray]
    totals: Mapping[str, float] = field(default_factory=dict)

    def by_segment(self, values: np.ndarray) -> np.ndarray:
        """Values of units summed by segment."""
        return np.bincount(self.labour.segment, values, len(self.contacts))

    @property
    def labour_cost(self) -> np.ndarray:
        """The labour of each segment, also what no worked time explains."""
        return self.by_segment(self.labour.cost) + self.pools.get(LEFT_OVER, 0.0)

    @property
    def cost(self) -> np.ndarray:
        """All cost of each segment."""
        return self.by_segment(self.labour.cost) + sum(self.pools.values(), np.zeros(len(self.contacts)))

    @property
    def whole(self) -> float:
        """Cost per contact over all segments."""
        return float(self.cost.sum()) / float(self.contacts.sum())

    @property
    def live(self) -> np.ndarray:
        """Which segments have contacts."""
        return self.contacts > 0

    @property
    def share(self) -> np.ndarray:
        """Each segment's share of the contacts."""
        return self.contacts / self.contacts.sum()


def change_effects(before: Side, after: Side, type_of: Mapping[str, str]) -> dict[str, np.ndarray]:
    """What each factor did to the cost per contact, by segment.

    Parameters
    ----------
    before, after : Side
        The two sides, on the same segments, units and pools.
    type_of : mapping of str to str
        The cost type of each pool.

    Returns
    -------
    dict of str to ndarray of shape (segments,)
        ``mix``, the `LABOUR_FACTORS`, ``other_work_volume``, and ``<cost type>_spending`` and ``<cost type>_volume``;
        all of them together add up to ``after.whole - before.whole``.

    Notes
    -----
    Shapley's value of each term, which adds up over terms: a term's effects are averages over all orders in which its
    factors can change. The mix is of segments, and of the staffing groups and channels within one; it is centred on the
    mean unit cost. A segment or unit that has contacts on one side only takes its known unit cost on the other, so that
    its effect is mix; its cost on the side without contacts moved over all contacts. Work outside of the contact log is
    an amount of hours: what other contacts made of the same hours is volume. A pool that one side does not have is all
    spending; where a side is a part of the centre, what its part of a pool did is volume.
    """
    before, after, effects = _labour_effects(before, after)
    for name in sorted({*before.pools, *after.pools}):
        found = _pool_effects(before, after, name)
        effects["mix"] = effects["mix"] + found.mix
        cost_type = type_of.get(name, name)
        for effect, values in ((f"{cost_type}_spending", found.spending), (f"{cost_type}_volume", found.volume)):
            effects[effect] = effects.get(effect, 0.0) + values
    means = [side.cost[side.live].sum() / side.contacts.sum() for side in (before, after)]
    effects["mix"] = effects["mix"] - (after.share - before.share) * np.mean(means)
    return effects


@dataclass(frozen=True)
class CostEffects:
    """What one cost did to a cost per contact, by segment: the mix, the same amount over others, other amounts."""

    mix: np.ndarray
    volume: np.ndarray
    spending: np.ndarray


def cost_effects(before: Side, after: Side, type_of: Mapping[str, str]) -> dict[str, CostEffects]:
    """What each cost type did to the cost per contact, as finance reads it: volume, spending and mix.

    Parameters
    ----------
    before, after, type_of
        As for `change_effects`.

    Returns
    -------
    dict of str to CostEffects
        By cost type, salaries and on-costs together as ``labour``; all of them add up to
        ``after.whole - before.whole``.

    Notes
    -----
    ``volume`` is the mean of both amounts times the change of one over the contacts, ``spending`` the change of the
    amount times the mean of one over the contacts; with segments the same of each part, and what their shares did is
    ``mix``, centred on the mean unit cost.
    """
    sides = (_with_labour_as_pool(before), _with_labour_as_pool(after))
    found: dict[str, CostEffects] = {}
    for name in sorted({*sides[0].pools, *sides[1].pools}):
        own = _pool_effects(sides[0], sides[1], name)
        means = [side.pools.get(name, 0.0 * side.contacts)[side.live].sum() / side.contacts.sum() for side in sides]
        own = replace(own, mix=own.mix - (after.share - before.share) * np.mean(means))
        cost_type = type_of.get(name, name)
        found[cost_type] = _added(found[cost_type], own) if cost_type in found else own
    return found


def _with_labour_as_pool(side: Side) -> Side:
    others = {name: pool for name, pool in side.pools.items() if name != LEFT_OVER}
    return replace(side, pools={**others, LABOUR: side.labour_cost})


def _added(first: CostEffects, second: CostEffects) -> CostEffects:
    return CostEffects(first.mix + second.mix, first.volume + second.volume, first.spending + second.spending)


def _labour_effects(before: Side, after: Side) -> tuple[Side, Side, dict[str, np.ndarray]]:
    """The effects of labour by segment, and the sides with the labour that no worked time explains as a pool."""
    sides = (before, after)
    own = (before.labour.contacts > 0) | (after.labour.contacts > 0)
    inside = _explained(sides, own)
    factors = _factors(sides, own, inside)
    effects = {name: np.zeros(len(before.contacts)) for name in ("mix", *LABOUR_FACTORS, OTHER_WORK_VOLUME)}
    for time in _TIMES:
        for pay in _PAYS:
            names = (*time, "availability", *pay)
            found = product_effects(*(np.array([rows[name] for name in names]) for rows in factors))
            for name, values in zip(names, found, strict=True):
                effects[name] = effects[name] + before.by_segment(values)
    first, last = (_with_left_over(side, here) for side, here in zip(sides, inside, strict=True))
    return first, last, effects


def _explained(sides: tuple[Side, Side], own: np.ndarray) -> list[np.ndarray]:
    """On which side the time of each unit explains its labour: on both, or on the only one that it is present on."""
    # A unit with contacts is where these are; one without any, where it costs something.
    present = [np.where(own, side.labour.contacts > 0, side.labour.cost != 0) for side in sides]
    known = [(side.labour.productive > 0) & (side.labour.paid > 0) & (side.labour.cost > 0) for side in sides]
    timed = (known[0] | ~present[0]) & (known[1] | ~present[1])
    return [timed & here for here in present]


def _factors(sides: tuple[Side, Side], own: np.ndarray, inside: list[np.ndarray]) -> list[dict[str, np.ndarray]]:
    """The factors of labour by unit, of both sides."""
    both = list(zip(sides, inside, strict=True))
    # Where one side knows no handle time or no payroll, neither explains anything of the change.
    untimed = np.logical_or(*(here & (side.labour.handled <= 0) & (side.labour.worked > 0) for side, here in both))
    unpaid = np.logical_or(*(here & (side.labour.base_pay <= 0) for side, here in both))
    labours = [
        replace(
            side.labour,
            handled=np.where(untimed, side.labour.worked, side.labour.handled),
            base_pay=np.where(unpaid, 0.0, side.labour.base_pay),
        )
        for side in sides
    ]
    with_segment = sides[0].live & sides[1].live
    rows = [
        _labour_factors(labour, _bases(side, own, with_segment), float(side.contacts.sum()), here)
        for labour, (side, here) in zip(labours, both, strict=True)
    ]
    for name in _RATES:
        _copied(rows, name, inside)
    _copied(rows, "concurrency", [here & (labour.handled > 0) for labour, here in zip(labours, inside, strict=True)])
    for name in _PER_CONTACT:
        # Where no contacts are counted there is no time on one of them, rather than the time of the other side.
        _copied(rows, name, [here | ~own for here in inside])
    return rows


def _bases(side: Side, own: np.ndarray, with_segment: np.ndarray) -> np.ndarray:
    """The contacts that each unit's time is over: its own; where it has none on either side, its segment's, or all."""
    segment = side.labour.segment
    of_segment = np.where(with_segment[segment], side.contacts[segment], side.contacts.sum())
    return np.where(own, side.labour.contacts, of_segment)


def _labour_factors(labour: Labour, base: np.ndarray, everyone: float, inside: np.ndarray) -> dict[str, np.ndarray]:
    wage = _ratio(labour.base_pay, labour.paid, inside)
    on_costs = _ratio(labour.on_costs, labour.base_pay, inside)
    premium = _ratio(labour.premium, labour.paid, inside)
    return {
        "mix": base / everyone,
        "handle_time": _ratio(labour.handled, base, inside),
        "concurrency": _ratio(labour.worked, labour.handled, inside),
        "other_work": np.where(inside, labour.other_work, 0.0),
        OTHER_WORK_VOLUME: np.full(len(base), 1.0 / everyone),
        "waiting": _ratio(labour.waiting, base, inside),
        "beyond_roster": -_ratio(labour.beyond_roster, base, inside),
        "availability": _ratio(labour.paid, labour.productive, inside),
        "payroll_rate": wage,
        "on_costs": on_costs,
        "premium": premium,
        "ledger_minus_payroll": _ratio(labour.cost, labour.paid, inside) - wage * (1.0 + on_costs) - premium,
    }


def _with_left_over(side: Side, inside: np.ndarray) -> Side:
    left = side.by_segment(np.where(inside, 0.0, side.labour.cost))
    labour = replace(side.labour, cost=np.where(inside, side.labour.cost, 0.0))
    own = side.pools.get(LEFT_OVER, np.zeros(len(left)))
    return replace(side, labour=labour, pools={**side.pools, LEFT_OVER: own + left})


def _ratio(numerator: np.ndarray, denominator: np.ndarray, where: np.ndarray) -> np.ndarray:
    return np.divide(numerator, denominator, out=np.zeros(len(where)), where=where & (denominator != 0))


def _pool_effects(before: Side, after: Side, name: str) -> CostEffects:
    """The effects of share, volume and spending of one pool."""
    nothing = np.zeros(len(before.contacts))
    sides, amounts = (before, after), [side.pools.get(name, nothing) for side in (before, after)]
    sums = [float(side.totals.get(name, amount.sum())) for side, amount in zip(sides, amounts, strict=True)]
    # A pool that nets to nothing, an accrual and its reversal, has no parts: each segment's own amount moves.
    whole = all(abs(total) >= 0.5 * np.abs(amount).sum() for total, amount in zip(sums, amounts, strict=True))
    totals = [np.full(len(nothing), total) if whole else amount for total, amount in zip(sums, amounts, strict=True)]
    parts = [_ratio(amount, total, total != 0) if whole else np.ones(len(nothing))
             for amount, total in zip(amounts, totals, strict=True)]  # fmt: skip
    on_live = [
        {"share": side.share, "part": _ratio(part, side.contacts, side.live), "total": total.copy()}
        for part, side, total in zip(parts, sides, totals, strict=True)
    ]
    on_all = [
        {"part": np.where(side.live, 0.0, part / side.contacts.sum()), "total": total}
        for part, side, total in zip(parts, sides, totals, strict=True)
    ]
    _copied(on_live, "part", [side.live & (total != 0) for side, total in zip(sides, totals, strict=True)])
    _copied(on_all, "part", [total != 0 for total in totals])
    if not whole:
        _copied(on_live, "total", [side.live for side in sides])
        for rows, side in zip(on_all, sides, strict=True):
            rows["total"] = np.where(side.live, 0.0, rows["total"])
    mix, volume, spending = product_effects(*(np.array(list(rows.values())) for rows in on_live))
    without = product_effects(*(np.array(list(rows.values())) for rows in on_all))
    return CostEffects(mix, volume + without[0], spending + without[1])


def _copied(sides: list[dict[str, np.ndarray]], name: str, known: list[np.ndarray]) -> None:
    """Where only one side knows a factor, the other takes its value."""
    first, last = sides[0][name], sides[1][name]
    sides[0][name] = np.where(~known[0] & known[1], last, first)
    sides[1][name] = np.where(~known[1] & known[0], first, last)
