"""How often verdicts cry out where only chance went on, and what they find."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from benchmarks.verdicts import SCALE, SHIFTED, cries, family_maximum, history_of, normal, seasonal, student_3
from cpc_analysis.models.bridge.verdicts import FEWEST_PERIODS, OUT, TOO_LITTLE, WITHIN, History, judge, verdicts

BRIDGES = 200
EFFECTS = 20


def history(levels: np.ndarray, lag: int, periods: int) -> History:
    """The bridges of levels, each with the one `lag` months before it; the number of workdays says nothing."""
    effects = (levels[lag:] - levels[:-lag])[-(periods + 1) :]
    month = np.arange(len(levels))[-(periods + 1) :] % 12
    days = np.random.default_rng(len(levels)).integers(-3, 4, len(effects)).astype(float)
    return History(effects, days, month)


@pytest.mark.parametrize("seasonal", [0.0, 3.0])
@pytest.mark.parametrize(
    "periods", [12, 17, pytest.param(28, marks=pytest.mark.slow), pytest.param(40, marks=pytest.mark.slow)]
)
@pytest.mark.parametrize("lag", [1, 12])
def test_at_most_five_percent_of_ordinary_bridges_cry_out(lag, periods, seasonal):
    random = np.random.default_rng(20 * periods + lag)
    count = periods + 1 + lag
    cries = 0
    for _ in range(BRIDGES):
        season = seasonal * random.normal(size=(12, EFFECTS))
        levels = random.normal(size=(count, EFFECTS)) + season[np.arange(count) % 12]
        cries += OUT in verdicts(history(levels, lag, periods), scale=100.0)
    assert cries <= binom.ppf(0.995, BRIDGES, 0.05)


def test_a_jump_of_eight_standard_deviations_is_found_and_the_others_are_not_blamed():
    levels = np.random.default_rng(4).normal(size=(31, EFFECTS))
    levels[-1, 7] += 8.0
    found = verdicts(history(levels, 1, 29), scale=100.0)
    assert [place for place, verdict in enumerate(found) if verdict == OUT] == [7]


def test_what_comes_every_december_is_usual_in_december():
    """Overtime of ten each December, of three years before and of this one; an eleventh month would be odd."""
    random = np.random.default_rng(7)
    levels = random.normal(0, 0.1, size=(48, 1))
    levels[11::12] += 10.0
    assert verdicts(history(levels, 1, 40), scale=100.0) == [WITHIN]
    assert verdicts(history(np.delete(levels, 46, axis=0), 1, 40), scale=100.0) == [OUT]


def test_an_earlier_event_does_not_hide_a_later_one():
    """One jump of 20 standard deviations a year ago leaves the usual variation as it was."""
    levels = np.random.default_rng(11).normal(size=(30, 1))
    levels[-1] += 9.0
    levels[12] += 20.0
    assert verdicts(history(levels, 1, 28), scale=100.0) == [OUT]


@pytest.mark.parametrize(("periods", "said"), [(FEWEST_PERIODS - 1, TOO_LITTLE), (FEWEST_PERIODS, OUT)])
def test_twelve_periods_are_needed(periods, said):
    levels = np.random.default_rng(2).normal(size=(periods + 2, 1))
    levels[-1] += 50.0
    assert verdicts(history(levels, 1, periods), scale=100.0) == [said]


def test_what_never_moved_and_moves_now_is_out_of_the_ordinary():
    effects = np.zeros((14, 2))
    effects[-1, 0] = 0.01
    assert verdicts(History(effects, np.zeros(14), np.arange(14)), scale=50.0) == [OUT, WITHIN]
    # A billionth of the whole is rounding.
    effects[-1, 0] = 1e-8
    assert verdicts(History(effects, np.zeros(14), np.arange(14)), scale=50.0) == [WITHIN, WITHIN]


@pytest.mark.parametrize("noise", ["Student t3", "lognormal 0.8", "5 of 20 lognormal"])
def test_heavy_tails_do_not_cry_out_more_often(noise):
    """At most 8 percent of 100 bridges at thirteen earlier ones, give or take what chance does in one of 200 tables."""
    alarms = cries(family_maximum, noise, periods=13, bridges=100).any(axis=1).sum()
    assert alarms <= binom.ppf(0.995, 100, 0.08)


def test_heavy_tails_hide_less_than_half_of_what_normal_ones_show():
    """Of shifts of six standard deviations; heavier tails need a larger limit, which is the price of the alarms."""
    found = {
        noise: cries(family_maximum, noise, periods=13, bridges=100, shift=6.0)[:, SHIFTED].mean()
        for noise in ("normal", "Student t3", "lognormal 0.8")
    }
    assert found["normal"] > found["Student t3"] > found["lognormal 0.8"] > 0.1
    assert found["normal"] > 0.45


def test_one_line_alone_cries_out_in_five_percent():
    """Without the other lines nothing is estimated but its size: the chance is what it says, neither more nor less."""
    random = np.random.default_rng(3)
    levels = random.normal(size=(400, 30, 1))
    alarms = sum(OUT in verdicts(history_of(one, random), SCALE) for one in levels)
    assert binom.ppf(0.005, 400, 0.05) <= alarms <= binom.ppf(0.995, 400, 0.05)


@pytest.mark.parametrize(("noise", "periods"), [(normal, 13), (normal, 28), (student_3, 28), (seasonal, 28)])
def test_half_of_all_changes_of_the_detectable_size_are_found(noise, periods):
    """What each of 300 bridges prints for its first line is done to that line, up or down."""
    random = np.random.default_rng([5, periods])
    found = 0
    for _ in range(300):
        history = history_of(noise(random, periods + 2, 20), random)
        history.effects[-1, 0] += random.choice([-1.0, 1.0]) * judge(history, SCALE).detectable[0]
        found += verdicts(history, SCALE)[0] == OUT
    assert binom.ppf(0.005, 300, 0.5) <= found <= binom.ppf(0.995, 300, 0.5)


def test_the_way_back_from_an_odd_month_is_usual_and_so_is_staying():
    """A month of 9 too much is odd when it comes; neither its end nor its lasting is news."""
    levels = np.random.default_rng(8).normal(size=(30, EFFECTS))
    comes, goes, lasts = levels.copy(), levels.copy(), levels.copy()
    comes[-1, 0] += 12.0
    goes[-2, 0] += 12.0
    lasts[-2:, 0] += 12.0
    assert [verdicts(history(case, 1, 28), scale=100.0)[0] for case in (comes, goes, lasts)] == [OUT, WITHIN, WITHIN]


def test_an_event_in_one_line_hides_nothing_in_the_others():
    """The invoice of 60 a year ago says that its own line has such invoices, not that all lines have."""
    levels = np.random.default_rng(12).normal(size=(30, EFFECTS))
    calm = judge(history(levels, 1, 28), scale=100.0).detectable
    levels[14, 0] += 60.0
    after = judge(history(levels, 1, 28), scale=100.0).detectable
    assert after[0] > 3.0 * calm[0]
    assert after[1:] == pytest.approx(calm[1:], rel=0.02)


def test_what_the_workdays_make_is_usual():
    """Two more workdays bring 20 more, as they always did; the same without them is odd."""
    random = np.random.default_rng(6)
    workdays = np.tile([0.0, 1.0, -1.0, 2.0, -2.0], 5)[:20]
    workdays[-1] = 2.0
    effects = 10.0 * workdays[:, None] + np.diff(random.normal(size=(21, 3)), axis=0)
    assert verdicts(History(effects, workdays, np.arange(20)), scale=100.0) == [WITHIN] * 3
    effects[-1] -= 20.0
    assert verdicts(History(effects, workdays, np.arange(20)), scale=100.0) == [OUT] * 3


def test_too_little_history_finds_nothing_and_what_never_moved_anything():
    effects = np.zeros((FEWEST_PERIODS + 1, 2))
    effects[:, 1] = np.random.default_rng(1).normal(size=len(effects))
    whole = History(effects, np.zeros(len(effects)), np.arange(len(effects)))
    least = judge(whole, scale=50.0).detectable
    assert least[0] == 0.0 and least[1] > 0.0
    short = History(effects[1:], np.zeros(FEWEST_PERIODS), np.arange(FEWEST_PERIODS))
    assert np.isnan(judge(short, scale=50.0).detectable).all()


@settings(max_examples=30, deadline=None)
@given(st.permutations(range(6)), st.lists(st.sampled_from([-4.0, -0.5, 0.25, 2.0, 64.0]), min_size=6, max_size=6))
def test_neither_the_unit_nor_the_order_nor_the_sign_of_lines_matters(order, factors):
    random = np.random.default_rng(15)
    levels = random.standard_t(3.0, size=(27, 6))
    levels[-1, 2] += 15.0
    workdays = np.zeros(26)
    one = judge(History(np.diff(levels, axis=0), workdays, np.arange(26) % 12), scale=1.0)
    other = judge(History(np.diff(levels * factors, axis=0)[:, order], workdays, np.arange(26) % 12), scale=1.0)
    assert other.verdicts == [one.verdicts[place] for place in order]
    assert other.detectable == pytest.approx((one.detectable * np.abs(factors))[list(order)])


def test_nothing_that_is_judged_is_changed():
    levels = np.random.default_rng(2).normal(size=(30, 4))
    given_history = history(levels, 1, 28)
    before = given_history.effects.copy()
    judge(given_history, scale=100.0)
    assert (given_history.effects == before).all()
