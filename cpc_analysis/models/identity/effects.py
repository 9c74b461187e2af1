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
from dataclasses import replace

import numpy as np

from cpc_analysis.metrics.decomposition import product_effects
from cpc_analysis.models.identity.currencies import Foreign, average_rate, currency_effect, own_move, rate_move
from cpc_analysis.models.identity.pools import CostEffects, added, copied, last_effect, pool_effects, ratio
from cpc_analysis.models.identity.sides import LEFT_OVER, Labour, Side
from cpc_analysis.schema import LABOUR

__all__ = ["LABOUR_FACTORS", "OTHER_WORK_VOLUME", "change_effects", "cost_effects", "rates_of"]

#: The factors of labour in the order of its formula, by the names of their effects.
LABOUR_FACTORS = (
    "handle_time", "concurrency", "other_work", "waiting", "beyond_roster", "availability", "payroll_rate", "on_costs",
    "premium", "ledger_minus_payroll",
)  # fmt: skip
#: What other contacts made of the same hours of work outside of the contact log.
OTHER_WORK_VOLUME = "other_work_volume"

#: The identity as a sum of products: each kind of time, and each kind of pay for an hour of it.
_TIMES = (("mix", "handle_time", "concurrency"), ("mix", "waiting"), ("mix", "beyond_roster"),
          ("other_work", OTHER_WORK_VOLUME))  # fmt: skip
_PAYS = (("payroll_rate",), ("payroll_rate", "on_costs"), ("premium",), ("ledger_minus_payroll",))
#: What is known of a roster and its pay also where no contact was counted.
_RATES = ("availability", "payroll_rate", "on_costs", "premium", "ledger_minus_payroll")
#: Time per contact.
_PER_CONTACT = ("handle_time", "waiting", "beyond_roster")


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
        where an exchange rate moved, ``<cost type>_<currency>``, of all labour as ``labour``. All of them together add
        up to ``after.whole - before.whole``.

    Notes
    -----
    Shapley's value of each term, which adds up over terms: a term's effects are averages over all orders in which its
    factors can change. The mix is of segments, and of the staffing groups and channels within one; it is centred on the
    mean unit cost. A segment or unit that has contacts on one side only takes its known unit cost on the other, so that
    its effect is mix; its cost on the side without contacts moved over all contacts. Work outside of the contact log is
    an amount of hours: what other contacts made of the same hours is volume. A pool that one side does not have is all
    spending; where a side is a part of the centre, what its part of a pool did is volume. An exchange rate is a part of
    the spending, and of what the ledger holds of labour, that it moved; payroll is in the dataset's currency.
    """
    before, after, effects = _labour_effects(before, after)
    for name in sorted({*before.pools, *after.pools}):
        found = pool_effects(before, after, name)
        effects["mix"] = effects["mix"] + found.mix
        cost_type = type_of.get(name, name)
        named = {f"{cost_type}_spending": found.spending, f"{cost_type}_volume": found.volume}
        for currency, values in found.rates.items():
            named[currency_effect(LABOUR if name == LEFT_OVER else cost_type, currency)] = values
        for effect, values in named.items():
            effects[effect] = effects.get(effect, 0.0) + values
    means = [side.cost[side.live].sum() / side.contacts.sum() for side in (before, after)]
    effects["mix"] = effects["mix"] - (after.share - before.share) * np.mean(means)
    return effects


def cost_effects(before: Side, after: Side, type_of: Mapping[str, str]) -> dict[str, CostEffects]:
    """What each cost type did to the cost per contact, as finance reads it: volume, spending, exchange rates and mix.

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
    amount times the mean of one over the contacts, without what exchange rates made of it; with segments the same of
    each part, and what their shares did is ``mix``, centred on the mean unit cost.
    """
    sides = (_with_labour_as_pool(before), _with_labour_as_pool(after))
    found: dict[str, CostEffects] = {}
    for name in sorted({*sides[0].pools, *sides[1].pools}):
        own = pool_effects(sides[0], sides[1], name)
        means = [side.pools.get(name, 0.0 * side.contacts)[side.live].sum() / side.contacts.sum() for side in sides]
        own = replace(own, mix=own.mix - (after.share - before.share) * np.mean(means))
        cost_type = type_of.get(name, name)
        found[cost_type] = added(found[cost_type], own) if cost_type in found else own
    return found


def rates_of(before: Side, after: Side, type_of: Mapping[str, str]) -> dict[str, tuple[float, float]]:
    """The average exchange rates of both sides, by the effect of a cost type's currency and by currency.

    Parameters
    ----------
    before, after, type_of
        As for `change_effects`.
    """
    averages = []
    for side in (before, after):
        sums: dict[str, np.ndarray] = {}
        for (name, currency), money in side.foreign.totals.items():
            for effect in (currency_effect(type_of.get(name, name), currency), currency):
                sums[effect] = sums.get(effect, 0.0) + money
        averages.append({effect: float(average_rate(money)) for effect, money in sums.items()})
    return {effect: (rate, averages[1][effect]) for effect, rate in averages[0].items() if effect in averages[1]}


def _with_labour_as_pool(side: Side) -> Side:
    others = {name: pool for name, pool in side.pools.items() if name != LEFT_OVER}
    return replace(side, pools={**others, LABOUR: side.labour_cost}, foreign=_foreign_labour_as(side, LABOUR))


def _foreign_labour_as(side: Side, name: str, inside: np.ndarray | bool = False) -> Foreign:
    """The labour in other currencies that lies outside of some units, or on none, as what of a pool is in them."""
    foreign, segments = side.foreign, len(side.contacts)
    pools = {own: money for own, money in foreign.pools.items() if own[0] != LEFT_OVER}
    for currency in sorted(foreign.currencies(LEFT_OVER) | {currency for _, currency in foreign.labour}):
        outside = np.where(inside, 0.0, foreign.of_labour(LABOUR, currency, len(side.labour.segment)))
        on_units = np.array([side.by_segment(row) for row in outside])
        pools[name, currency] = on_units + foreign.pool(LEFT_OVER, currency, segments)
    return replace(foreign, pools=pools)


def _labour_effects(before: Side, after: Side) -> tuple[Side, Side, dict[str, np.ndarray]]:
    """The effects of labour by segment, and the sides with the labour that no worked time explains as a pool."""
    sides = (before, after)
    own = (before.labour.contacts > 0) | (after.labour.contacts > 0)
    inside = _explained(sides, own)
    factors, moves = _factors(sides, own, inside), _rate_moves(sides, inside)
    effects = {name: np.zeros(len(before.contacts)) for name in ("mix", *LABOUR_FACTORS, OTHER_WORK_VOLUME)}
    for time in _TIMES:
        for pay in _PAYS:
            names = (*time, "availability", *pay)
            first, last = (np.array([side[name] for name in names]) for side in factors)
            found = dict(zip(names, product_effects(first, last), strict=True))
            if pay[-1] in moves:
                of_rates = moves[pay[-1]]
                left = own_move(first[-1], last[-1], of_rates.values())
                found[pay[-1]] = last_effect(first, last, left)
                found |= {
                    currency_effect(LABOUR, name): last_effect(first, last, move) for name, move in of_rates.items()
                }
            for name, values in found.items():
                effects[name] = effects.get(name, 0.0) + before.by_segment(values)
    without = [_with_left_over(side, here) for side, here in zip(sides, inside, strict=True)]
    return without[0], without[1], effects


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
        copied(rows, name, inside)
    copied(rows, "concurrency", [here & (labour.handled > 0) for labour, here in zip(labours, inside, strict=True)])
    for name in _PER_CONTACT:
        # Where no contacts are counted there is no time on one of them, rather than the time of the other side.
        copied(rows, name, [here | ~own for here in inside])
    return rows


def _bases(side: Side, own: np.ndarray, with_segment: np.ndarray) -> np.ndarray:
    """The contacts that each unit's time is over: its own; where it has none on either side, its segment's, or all."""
    segment = side.labour.segment
    of_segment = np.where(with_segment[segment], side.contacts[segment], side.contacts.sum())
    return np.where(own, side.labour.contacts, of_segment)


def _labour_factors(labour: Labour, base: np.ndarray, everyone: float, inside: np.ndarray) -> dict[str, np.ndarray]:
    wage = ratio(labour.base_pay, labour.paid, inside)
    on_costs = ratio(labour.on_costs, labour.base_pay, inside)
    premium = ratio(labour.premium, labour.paid, inside)
    return {
        "mix": base / everyone,
        "handle_time": ratio(labour.handled, base, inside),
        "concurrency": ratio(labour.worked, labour.handled, inside),
        "other_work": np.where(inside, labour.other_work, 0.0),
        OTHER_WORK_VOLUME: np.full(len(base), 1.0 / everyone),
        "waiting": ratio(labour.waiting, base, inside),
        "beyond_roster": -ratio(labour.beyond_roster, base, inside),
        "availability": ratio(labour.paid, labour.productive, inside),
        "payroll_rate": wage,
        "on_costs": on_costs,
        "premium": premium,
        "ledger_minus_payroll": ratio(labour.cost, labour.paid, inside) - wage * (1.0 + on_costs) - premium,
    }


def _rate_moves(sides: tuple[Side, Side], inside: list[np.ndarray]) -> dict[str, dict[str, np.ndarray]]:
    """By factor of pay and currency, what the rate made of the change of the factor, by unit."""
    of_labour = [{currency for _, currency in side.foreign.labour} for side in sides]
    both = inside[0] & inside[1]
    has_payroll = both & (sides[0].labour.base_pay > 0) & (sides[1].labour.base_pay > 0)
    moves: dict[str, dict[str, np.ndarray]] = {}
    for currency in sorted(of_labour[0] & of_labour[1]):
        before, after = (_foreign_pay(side, currency, both, has_payroll) for side in sides)
        for factor, money in before.items():
            move = rate_move(money, after[factor])
            if move.any():
                moves.setdefault(factor, {})[currency] = move
    return moves


def _foreign_pay(side: Side, currency: str, here: np.ndarray, has_payroll: np.ndarray) -> dict[str, np.ndarray]:
    """What of the pay for an hour is in a currency, by factor, each over what the factor is over."""
    labour, units = side.labour, len(side.labour.segment)
    whole, on_costs, premium = (
        side.foreign.of_labour(name, currency, units) for name in (LABOUR, "on_costs", "premium")
    )
    # Without payroll on-costs are a part of what the ledger holds.
    on_costs = np.where(has_payroll, on_costs, 0.0)
    return {
        "on_costs": ratio(on_costs, labour.base_pay, has_payroll),
        "premium": ratio(premium, labour.paid, here),
        "ledger_minus_payroll": ratio(whole - on_costs - premium, labour.paid, here),
    }


def _with_left_over(side: Side, inside: np.ndarray) -> Side:
    left = side.by_segment(np.where(inside, 0.0, side.labour.cost))
    labour = replace(side.labour, cost=np.where(inside, side.labour.cost, 0.0))
    own = side.pools.get(LEFT_OVER, np.zeros(len(left)))
    pools = {**side.pools, LEFT_OVER: own + left}
    return replace(side, labour=labour, pools=pools, foreign=_foreign_labour_as(side, LEFT_OVER, inside))
