"""How often verdicts cry out where only chance went on, and what they find."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from cpc_analysis.models.bridge.verdicts import FEWEST_PERIODS, OUT, TOO_LITTLE, WITHIN, History, verdicts

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
