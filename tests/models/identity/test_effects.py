"""The effects of a bridge close, turn their sign, and do not depend on how segments are cut."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpc_analysis.models.identity import Labour, Side, currency_of
from cpc_analysis.models.identity.currencies import Foreign
from cpc_analysis.models.identity.effects import LABOUR_FACTORS, change_effects, cost_effects
from cpc_analysis.models.identity.sides import LEFT_OVER

POOLS = ("rent", "tool", "accrual")
COUNTS = st.sampled_from([0, 0, 1, 40, 1300])
TIMES = st.one_of(st.just(0.0), st.floats(1, 5000))
MONEY = st.one_of(st.just(0.0), st.floats(-500, 5000))
LABOUR = st.one_of(st.just(0.0), st.floats(1, 9000))


def row(draw: st.DrawFn, values: st.SearchStrategy, size: int) -> np.ndarray:
    return np.array(draw(st.lists(values, min_size=size, max_size=size)), dtype="float64")


@st.composite
def sides(draw: st.DrawFn) -> tuple[Side, Side]:
    """Two sides of the same segments and units, with zeros, new and vanished ones, and pools of one side only."""
    size = draw(st.integers(1, 4))
    # One unit for each segment, and more of any of them.
    segment = np.array([*range(size), *draw(st.lists(st.integers(0, size - 1), max_size=3))])
    units = len(segment)
    made = []
    for _ in range(2):
        contacts = row(draw, COUNTS, units)
        contacts[draw(st.integers(0, size - 1))] = 7
        handled = row(draw, TIMES, units)
        worked = np.where(handled > 0, handled * draw(st.sampled_from([1.0, 0.5])), row(draw, TIMES, units))
        other, waiting = row(draw, TIMES, units), row(draw, TIMES, units)
        beyond = np.minimum(row(draw, TIMES, units), (worked + other + waiting) / 2)
        cost, base_pay = row(draw, LABOUR, units), row(draw, LABOUR, units)
        labour = Labour(segment, contacts, contacts, handled, worked, other, waiting, beyond, worked * 1.3, cost,
                        base_pay, row(draw, MONEY, units), row(draw, LABOUR, units))  # fmt: skip
        pools = {name: row(draw, MONEY, size) for name in draw(st.sets(st.sampled_from(POOLS)))}
        elsewhere = draw(st.sampled_from([0.0, 0.0, 700.0]))
        amounts = {name: float(pool.sum()) + elsewhere for name, pool in pools.items()}
        made.append(Side(np.bincount(segment, contacts, size), labour, pools, amounts))
    return made[0], made[1]


def scale(*both: Side) -> float:
    return 1.0 + sum(float(np.abs(side.cost).sum() / side.contacts.sum()) for side in both)


@given(sides())
def test_effects_add_up_to_the_change(both):
    before, after = both
    effects = change_effects(before, after, {})
    change = after.whole - before.whole
    size = scale(before, after) + sum(float(np.abs(values).sum()) for values in effects.values())
    assert sum(float(values.sum()) for values in effects.values()) == pytest.approx(change, abs=1e-9 * size)


@given(sides())
def test_before_and_after_swapped_turn_every_sign(both):
    before, after = both
    there, back = change_effects(before, after, {}), change_effects(after, before, {})
    assert set(there) == set(back)
    for name, values in there.items():
        size = scale(before, after) + float(np.abs(values).sum())
        np.testing.assert_allclose(back[name], -values, atol=1e-9 * size)


@given(sides())
def test_cost_types_add_up_to_the_change(both):
    before, after = both
    effects = cost_effects(before, after, {}).values()
    parts = [part for own in effects for part in (own.mix, own.volume, own.spending)]
    size = scale(before, after) + sum(float(np.abs(part).sum()) for part in parts)
    assert sum(float(part.sum()) for part in parts) == pytest.approx(after.whole - before.whole, abs=1e-9 * size)


@given(sides())
def test_two_identical_halves_are_one_segment(both):
    def halved(side: Side) -> Side:
        size = len(side.contacts)
        labour = {name: np.tile(value, 2) / 2 for name, value in vars(side.labour).items()}
        labour["segment"] = np.concatenate([side.labour.segment, side.labour.segment + size])
        return replace(side, contacts=np.tile(side.contacts, 2) / 2, labour=Labour(**labour),
                       pools={name: np.tile(value, 2) / 2 for name, value in side.pools.items()})  # fmt: skip

    whole = change_effects(*both, {})
    halves = change_effects(*(halved(side) for side in both), {})
    for name, values in whole.items():
        size = scale(*both) + float(np.abs(values).sum())
        together = halves[name].reshape(2, -1).sum(axis=0)
        np.testing.assert_allclose(together, values, atol=1e-9 * size)


def side(contacts, *, seconds=60.0, rate=1 / 60, waiting=0.0, pools=None, **more) -> Side:
    """Segments with contacts of a length, at a rate a second, with some waiting seconds and other pools."""
    contacts = np.array(contacts, dtype="float64")
    worked, none = contacts * seconds, np.zeros(len(contacts))
    waited = none + waiting
    labour = {"other_work": none, "beyond_roster": none, "base_pay": none, "premium": none, "on_costs": none,
              "cost": (worked + waited) * rate, "paid": worked + waited, **more}  # fmt: skip
    own = Labour(np.arange(len(contacts)), contacts, contacts, worked, worked, waiting=waited, **labour)
    return Side(contacts, own, {name: np.array(value, dtype="float64") for name, value in (pools or {}).items()})


def totals(before: Side, after: Side) -> dict[str, float]:
    return {name: round(float(values.sum()), 9) for name, values in change_effects(before, after, {}).items()}


def test_a_cheap_channel_that_grows_lowers_the_whole():
    """Chat at 20 grows from 20 to 30 percent beside phone at 45: a mix effect of 0.1 x (20 - 45) = -2.50."""
    before = side([20, 80], rate=np.array([20, 45]) / 60)
    after = side([30, 70], rate=np.array([20, 45]) / 60)
    found = totals(before, after)
    assert found["mix"] == -2.5
    assert all(found[name] == 0 for name in LABOUR_FACTORS)
    by_segment = change_effects(before, after, {})["mix"]
    # Centred on the mean of 38.75: both a cheap one that grows and a dear one that shrinks lower the whole.
    np.testing.assert_allclose(by_segment, [0.1 * (20 - 38.75), -0.1 * (45 - 38.75)])


def test_rent_over_more_contacts_is_volume():
    """1,000 of rent over 100, then 110 contacts: 10.00 to 9.09, none of it spending."""
    found = totals(side([100], pools={"rent": [1000]}), side([110], pools={"rent": [1000]}))
    assert found["rent_volume"] == pytest.approx(1000 / 110 - 10)
    assert found["rent_spending"] == found["mix"] == found["handle_time"] == 0


def test_another_part_of_the_same_rent_is_volume():
    """Of an unchanged 1,000 the chosen contacts carry 400, then 500: nothing more was spent."""
    before = replace(side([100], pools={"rent": [400]}), totals={"rent": 1000.0})
    after = replace(side([100], pools={"rent": [500]}), totals={"rent": 1000.0})
    found = totals(before, after)
    assert found["rent_volume"] == pytest.approx(1.0)
    assert found["rent_spending"] == 0


def test_an_amount_that_moves_is_spending():
    found = totals(side([100], pools={"rent": [1000]}), side([100], pools={"rent": [1200]}))
    assert found["rent_spending"] == pytest.approx(2.0)
    assert found["rent_volume"] == 0


def test_rent_that_only_moves_between_segments_is_not_spending():
    """The same rent by handle time, and chat takes more of it: nothing was spent."""
    before = side([50, 50], pools={"rent": [200, 800]})
    after = side([50, 50], pools={"rent": [400, 600]})
    effects = change_effects(before, after, {})
    np.testing.assert_allclose(effects["rent_spending"], 0.0, atol=1e-12)
    np.testing.assert_allclose(effects["rent_volume"], [2.0, -2.0])


def test_handle_time_and_waiting_cancel_on_a_fixed_roster():
    """100 contacts of 5, then 4.5 minutes on a roster of 600 paid minutes at 1 a minute: 50 minutes go to waiting."""
    before = side([100], seconds=300, rate=1 / 60, waiting=6000)
    after = side([100], seconds=270, rate=1 / 60, waiting=9000)
    found = totals(before, after)
    assert found["handle_time"] == pytest.approx(-0.5)
    assert found["waiting"] == pytest.approx(0.5)
    assert sum(found.values()) == pytest.approx(0.0, abs=1e-12)


def test_a_raise_of_all_wages_covers_waiting_too():
    """Ten percent on 6.00 a contact, 5 of work and 1 of waiting: 0.60, all of it the rate."""
    before = side([100], seconds=300, rate=1 / 60, waiting=6000)
    after = side([100], seconds=300, rate=1.1 / 60, waiting=6000)
    found = totals(before, after)
    assert found["ledger_minus_payroll"] == pytest.approx(0.6)
    assert found["waiting"] == pytest.approx(0.0, abs=1e-12)


def test_a_premium_is_not_a_raise():
    """300 of overtime in the ledger, the payroll as before: premium 3.00 a contact, wages 0."""
    pay = {"base_pay": np.array([400.0]), "on_costs": np.array([100.0])}
    before = side([100], seconds=300, **pay)
    after = side([100], seconds=300, **pay, cost=np.array([800.0]), premium=np.array([300.0]))
    found = totals(before, after)
    assert found["premium"] == pytest.approx(3.0)
    assert found["payroll_rate"] == found["on_costs"] == pytest.approx(0.0, abs=1e-12)
    assert found["ledger_minus_payroll"] == pytest.approx(0.0, abs=1e-12)


def test_the_same_back_office_over_more_contacts_is_volume():
    """Ten hours of back office at 60 an hour, over 100, then 120 contacts: 6.00 to 5.00, none of it more work."""
    before, after = (side([count], other_work=np.array([36_000.0]), cost=np.array([100.0 * count / 100 + 600]),
                          paid=np.array([60.0 * count + 36_000])) for count in (100, 120))  # fmt: skip
    found = totals(before, after)
    assert found["other_work_volume"] == pytest.approx(-1.0)
    assert sum(abs(value) for value in found.values()) == pytest.approx(1.0)


def test_work_that_no_roster_covers_lowers_the_cost():
    """100 contacts of an hour on 80 paid hours at 60: the twenty hours beyond them cost nothing, 0.20 x 60 = 12."""
    before = side([100], seconds=3600)
    after = side([100], seconds=3600, beyond_roster=np.array([72_000.0]), paid=np.array([288_000.0]),
                 cost=np.array([4800.0]))  # fmt: skip
    found = totals(before, after)
    assert found["beyond_roster"] == pytest.approx(-12.0)
    assert sum(abs(value) for value in found.values()) == pytest.approx(12.0)


def test_two_groups_of_one_channel_are_told_apart():
    """Half of the contacts each, at 20 and 40; the dear group answers more of them: mix, not wages."""

    def both(counts: tuple[int, int]) -> Side:
        parts = side(counts, rate=np.array([20, 40]) / 60)
        return Side(np.array([sum(counts)], dtype="float64"), replace(parts.labour, segment=np.array([0, 0])), {})

    found = totals(both((50, 50)), both((30, 70)))
    assert found["mix"] == pytest.approx(4.0)
    assert sum(abs(value) for value in found.values()) == pytest.approx(4.0)


def test_labour_as_finance_reads_it():
    """3,000 over 100, then 2,700 over 90: 300 less spent, the rest over fewer contacts; per contact nothing moved."""
    before, after = side([100], seconds=1800), side([90], seconds=1800)
    found = cost_effects(before, after, {})["labour"]
    mean_share = (1 / 100 + 1 / 90) / 2
    assert found.spending.sum() == pytest.approx(-300 * mean_share)
    assert found.volume.sum() == pytest.approx(2850 * (1 / 90 - 1 / 100))
    assert found.spending.sum() + found.volume.sum() == pytest.approx(0.0, abs=1e-12)


def test_a_new_segment_is_mix():
    """Chat appears at 20 beside phone at 45."""
    before = side([0, 100], rate=np.array([20, 45]) / 60)
    after = side([20, 80], rate=np.array([20, 45]) / 60)
    found = totals(before, after)
    assert found["mix"] == pytest.approx(-5.0)
    assert found["ledger_minus_payroll"] == 0


def test_an_accrual_and_its_reversal_are_spending():
    """A pool that nets to nothing on one side has no parts: each segment's own amount moves."""
    before = side([50, 50], pools={"accrual": [100, -100]})
    after = side([50, 50], pools={"accrual": [0, 0]})
    effects = change_effects(before, after, {})
    np.testing.assert_allclose(effects["accrual_spending"], [-1.0, 1.0])


def test_ten_factors_over_a_thousand_segments_close():
    rng = np.random.default_rng(1)
    made = []
    for _ in range(2):
        size = 1000
        contacts, worked = rng.integers(1, 500, size).astype("float64"), rng.uniform(1e3, 1e5, size)
        cost = rng.uniform(1e2, 1e4, size)
        labour = Labour(np.arange(size), contacts, contacts, worked * 1.5, worked, worked * 0.1, worked * 0.3,
                        worked * 0.05, worked * 1.6, cost, cost * 0.8, cost * 0.05, cost * 0.2)  # fmt: skip
        made.append(Side(contacts, labour, {name: rng.uniform(0, 900, size) for name in POOLS}))
    before, after = made
    effects = change_effects(before, after, {})
    total = sum(values.sum() for values in effects.values())
    assert total == pytest.approx(after.whole - before.whole, rel=1e-9)


LEDGER = ("rent", "tool", "accrual", LEFT_OVER)
RATES = st.floats(0.05, 12.0)


@st.composite
def foreign_sides(draw: st.DrawFn) -> tuple[Side, Side]:
    """Sides of which some of every pool, and of labour, is in one or two other currencies, credit notes among it."""
    both = draw(sides())
    segments, units = len(both[0].contacts), len(both[0].labour.segment)
    currencies = draw(st.sampled_from([("EUR",), ("EUR", "SEK")]))

    def money(size: int) -> np.ndarray:
        amount, rate = row(draw, MONEY, size), draw(RATES)
        cancelled = draw(st.sampled_from([1.0, 1.0, 3.0]))
        return np.array([amount, amount * rate + 0.004, amount * rate, np.abs(amount) * cancelled])

    return tuple(
        replace(side, foreign=Foreign(
            pools={(name, currency): money(segments) for name in LEDGER for currency in currencies},
            totals={(name, currency): money(1)[:, 0] for name in side.totals for currency in currencies},
            labour={(name, currency): money(units) for name in ("labour", "on_costs", "premium")
                    for currency in currencies},
        ))
        for side in both
    )  # fmt: skip


@given(foreign_sides())
def test_exchange_rates_are_a_part_of_spending_and_of_labour(both):
    """Whatever is in other currencies, everything else is as without them, and the whole is the same change."""
    plain = [replace(side, foreign=Foreign()) for side in both]
    without, found = change_effects(*plain, {}), change_effects(*both, {})
    size = scale(*both) + sum(float(np.abs(values).sum()) for values in found.values())
    together = {name: found[name].copy() for name in without}
    for name, values in found.items():
        if name.startswith("labour_"):
            assert currency_of(name)
        elif currency_of(name):
            together[f"{name.rpartition('_')[0]}_spending"] += values
    pay = ("on_costs", "premium", "ledger_minus_payroll", "other_labour_spending")
    for name in set(without) - set(pay):
        np.testing.assert_allclose(together[name], without[name], atol=1e-9 * size)
    of_labour = sum(found[name] for name in found if name in pay or name.startswith("labour_"))
    np.testing.assert_allclose(of_labour, sum(without[name] for name in pay), atol=1e-9 * size)
    for name in ("mix", "handle_time", "rent_volume", "payroll_rate"):
        if name in without:
            np.testing.assert_array_equal(found[name], without[name])


@given(foreign_sides())
def test_exchange_rates_swapped_turn_every_sign(both):
    there, back = change_effects(*both, {}), change_effects(*both[::-1], {})
    assert set(there) == set(back)
    size = scale(*both) + sum(float(np.abs(values).sum()) for values in there.values())
    for name, values in there.items():
        np.testing.assert_allclose(back[name], -values, atol=1e-9 * size)


@given(foreign_sides())
def test_cost_types_with_exchange_rates_add_up_to_the_change(both):
    parts = [part for own in cost_effects(*both, {}).values()
             for part in (own.mix, own.volume, own.spending, *own.rates.values())]  # fmt: skip
    size = scale(*both) + sum(float(np.abs(part).sum()) for part in parts)
    assert sum(float(part.sum()) for part in parts) == pytest.approx(both[1].whole - both[0].whole, abs=1e-9 * size)


def in_euros(contacts: float, amount: float, rate: float) -> Side:
    """One segment that pays an amount of euros for a tool."""
    money = np.array([[amount], [amount * rate], [amount * rate], [abs(amount)]])
    found = side([contacts], pools={"tool": [amount * rate]})
    return replace(found, foreign=Foreign(pools={("tool", "EUR"): money}))


def test_a_rate_and_an_amount_that_move_share_the_change_by_their_means():
    """1,000 EUR at 7.40 and 1,100 at 7.60 over 100: 0.20 x 1,050 and 7.50 x 100."""
    found = totals(in_euros(100, 1000, 7.40), in_euros(100, 1100, 7.60))
    assert (found["tool_EUR"], found["tool_spending"], found["tool_volume"]) == (2.1, 7.5, 0.0)


def test_an_amount_that_turns_into_a_credit_has_its_rate():
    """1,000 EUR at 7.40, then a credit of 200 at 7.60: 0.20 x 400, and 7.50 x -1,200."""
    found = totals(in_euros(100, 1000, 7.40), in_euros(100, -200, 7.60))
    assert (found["tool_EUR"], found["tool_spending"]) == (0.8, -90.0)


@pytest.mark.parametrize(("amount", "rate"), [(0.0, 7.60), (1100.0, 7.40), (1100.0, 7.40 * (1 + 1e-12))])
def test_without_two_rates_that_differ_there_is_none(amount, rate):
    assert not any(map(currency_of, totals(in_euros(100, 1000, 7.40), in_euros(100, amount, rate))))
