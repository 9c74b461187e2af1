"""Decomposition closes exactly, is what brute force says, and means what it should."""

from __future__ import annotations

from itertools import permutations
from math import factorial, prod

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpc_analysis.errors import InvalidInputError
from cpc_analysis.metrics.decomposition import kitagawa, lmdi, shapley

NUMBERS = st.floats(-50, 50).map(lambda number: round(number, 3))
AMOUNTS = st.one_of(st.just(0.0), st.floats(0.01, 1000).map(lambda number: round(number, 2)))


def product(rows: np.ndarray) -> np.ndarray:
    return np.prod(rows, axis=0)


@st.composite
def sides(draw: st.DrawFn, values: st.SearchStrategy[float], fewest: int, most: int) -> list[np.ndarray]:
    """Two tables of one shape."""
    shape = (draw(st.integers(fewest, most)), draw(st.integers(1, 4)))
    rows = st.lists(values, min_size=prod(shape), max_size=prod(shape))
    return [np.array(draw(rows)).reshape(shape) for _ in range(2)]


@given(sides(NUMBERS, 2, 6))
def test_shapley_is_the_mean_over_all_orders(tables):
    before, after = tables
    factors = len(before)
    expected = np.zeros_like(before)
    for order in permutations(range(factors)):
        now = before.copy()
        for factor in order:
            earlier = product(now)
            now[factor] = after[factor]
            expected[factor] += (product(now) - earlier) / factorial(factors)
    scale = np.abs(expected).sum() + 1
    np.testing.assert_allclose(shapley(product, before, after), expected, atol=1e-9 * scale)


@given(sides(NUMBERS, 2, 6))
def test_shapley_closes_and_turns_its_sign(tables):
    before, after = tables
    effects = shapley(product, before, after)
    scale = np.abs(effects).sum() + 1
    np.testing.assert_allclose(effects.sum(axis=0), product(after) - product(before), atol=1e-9 * scale)
    np.testing.assert_allclose(shapley(product, after, before), -effects, atol=1e-9 * scale)


def test_shapley_takes_factors_one_by_one_or_together():
    before, after = [5.0, 3.0, 2.0], [4.0, 3.5, 2.0]
    apart = shapley(lambda minutes, wage, count: minutes * wage * count, before, after)
    together = shapley(lambda factors: factors[0] * factors[1] * factors[2], before, after)
    np.testing.assert_array_equal(apart, together)
    np.testing.assert_array_equal(shapley(lambda *factors: prod(factors), before, after), apart)
    assert apart[2] == 0.0
    np.testing.assert_array_equal(shapley(lambda wage: 2 * wage, [1.0], [3.0]), [4.0])


@st.composite
def ratios(draw: st.DrawFn) -> list[np.ndarray]:
    size = draw(st.integers(1, 6))
    tables = [np.array(draw(st.lists(AMOUNTS, min_size=size, max_size=size))) for _ in range(4)]
    for place in (1, 3):
        if tables[place].sum() == 0:
            tables[place] = tables[place] + 1.0
    return tables


@given(ratios())
def test_mix_and_rate_close_with_new_and_vanished_segments(tables):
    cost_0, count_0, cost_1, count_1 = tables
    result = kitagawa(*tables)
    change = cost_1.sum() / count_1.sum() - cost_0.sum() / count_0.sum()
    scale = np.abs(result.mix).sum() + np.abs(result.rate).sum() + 1
    assert result.total == pytest.approx(change, abs=1e-9 * scale)
    turned = kitagawa(cost_1, count_1, cost_0, count_0)
    np.testing.assert_allclose(turned.mix, -result.mix, atol=1e-9 * scale)
    np.testing.assert_allclose(turned.rate, -result.rate, atol=1e-9 * scale)


@given(ratios())
def test_two_identical_halves_are_the_whole_segment(tables):
    whole = kitagawa(*tables)
    halves = kitagawa(*(np.concatenate([[table[0] / 2, table[0] / 2], table[1:]]) for table in tables))
    scale = np.abs(whole.mix).sum() + np.abs(whole.rate).sum() + 1
    assert halves.mix[:2].sum() == pytest.approx(whole.mix[0], abs=1e-9 * scale)
    assert halves.rate[:2].sum() == pytest.approx(whole.rate[0], abs=1e-9 * scale)


def test_a_cheap_channel_that_grows_lowers_the_cost():
    """Chat at 20 from 20 to 30 % of the contacts, beside phone at 45."""
    result = kitagawa([20 * 20, 45 * 80], [20, 80], [20 * 30, 45 * 70], [30, 70])
    np.testing.assert_allclose(result.mix, [0.1 * (20 - 38.75), -0.1 * (45 - 38.75)])
    assert (result.mix < 0).all()
    np.testing.assert_allclose(result.rate, 0, atol=1e-12)


def test_a_new_segment_is_mix_and_cost_without_contacts_is_rate():
    new = kitagawa([100, 0], [10, 0], [100, 60], [10, 2])
    np.testing.assert_allclose(new.rate, [0, 0], atol=1e-12)
    assert new.total == pytest.approx(160 / 12 - 10)
    idle = kitagawa([100, 5], [10, 0], [100, 0], [10, 0])
    np.testing.assert_allclose((idle.mix, idle.rate), ([0, 0], [0, -0.5]), atol=1e-12)


@given(sides(AMOUNTS, 1, 5))
def test_lmdi_closes_in_every_segment_also_with_zeros(tables):
    before, after = tables
    effects = lmdi(before, after)
    value_0, value_1 = before.prod(axis=1), after.prod(axis=1)
    np.testing.assert_allclose(effects.sum(axis=1), value_1 - value_0, atol=1e-9 * (value_0 + value_1).max() + 1e-12)
    np.testing.assert_allclose(lmdi(after, before), -effects, rtol=1e-9, atol=1e-9 * np.abs(effects).max() + 1e-12)
    if value_0.sum() > 0 and value_1.sum() > 0:
        ratio = lmdi(before, after, form="multiplicative").prod()
        assert ratio == pytest.approx(value_1.sum() / value_0.sum(), rel=1e-9)


def test_what_appears_is_the_effect_of_what_was_zero():
    np.testing.assert_allclose(lmdi([[0.0, 2.0]], [[5.0, 3.0]]), [[15.0, 0.0]])
    np.testing.assert_allclose(lmdi([[5.0, 3.0]], [[0.0, 0.0]]), [[-7.5, -7.5]])
    np.testing.assert_array_equal(lmdi([[0.0, 2.0]], [[4.0, 0.0]]), [[0.0, 0.0]])


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: shapley(product, [1.0, 2.0], [1.0]),
         "`before` and `after` must have one shape, a row per factor, got (2,) and (1,)."),
        (lambda: shapley(product, np.ones(17), np.ones(17)), "`shapley` takes 1 to 16 factors, got 17."),
        (lambda: kitagawa([1], [1], [1], [1, 2]),
         "`kitagawa` takes four arrays of one length, got the shapes (1,), (1,), (1,), (2,)."),
        (lambda: kitagawa([1], [-1], [1], [1]), "`denominator_before` must not be negative, got -1."),
        (lambda: kitagawa([1], [1], [1], [0]),
         "`denominator_after` must have a segment above 0: without contacts there is no rate."),
        (lambda: lmdi([1.0], [1.0]),
         "`before` and `after` must have one shape, a row per segment and a column per factor, got (1,) and (1,)."),
        (lambda: lmdi([[-1.0]], [[1.0]]), "A factor must not be negative, got -1."),
        (lambda: lmdi([[1.0]], [[1.0]], form="both"), "`form` must be additive or multiplicative, got 'both'."),
        (lambda: lmdi([[0.0]], [[1.0]], form="multiplicative"),
         "A ratio needs a sum above 0 before and after, got 0 and 1."),
    ],
)  # fmt: skip
def test_bad_input_is_refused(call, said):
    with pytest.raises(InvalidInputError) as raised:
        call()
    assert str(raised.value) == said
