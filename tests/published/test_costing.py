"""Numbers from the literature."""

from __future__ import annotations

import numpy as np
import pytest

from cpc_analysis.errors import InvalidInputError
from cpc_analysis.metrics.cost import cost_per_contact, cost_per_resolution, time_driven_costs


def test_time_driven_costing_of_kaplan_and_anderson():
    """Kaplan and Anderson, Time-Driven Activity-Based Costing, Harvard Business Review, November 2004."""
    result = time_driven_costs(560_000, 700_000, [49_000, 1_400, 2_500], [8, 44, 50])
    np.testing.assert_allclose(result.rates, [6.40, 35.20, 40.00], rtol=1e-12)
    np.testing.assert_allclose(result.costs, [313_600, 49_280, 100_000], rtol=1e-12)
    assert (result.used, result.unused) == (462_880.0, 97_120.0)
    assert (result.used_minutes, result.unused_minutes) == (578_600.0, 121_400.0)


def test_the_ratio_of_sums_is_not_the_mean_of_ratios():
    """88,600 s over 352 calls is 252 s, whatever the mean of the daily averages says."""
    assert round(cost_per_contact(88_600, 352)) == 252
    seconds, calls = np.array([80_000.0, 8_600.0]), np.array([320, 32])
    assert cost_per_contact(seconds.sum(), calls.sum()) != pytest.approx(np.mean(cost_per_contact(seconds, calls)))


def test_cost_per_resolution_of_80_percent_at_five():
    """5.00 a contact, of which 80 percent settle the matter: 6.25 a resolution, as 1 / 0.8 contacts are needed."""
    assert cost_per_resolution(5.00, 0.80) == 6.25
    chances = np.array([0.8 * 0.2**number for number in range(60)])
    assert cost_per_resolution(5.0, 0.8) == pytest.approx(5 * float(chances @ np.arange(1, 61)))
    with pytest.raises(InvalidInputError) as caught:
        cost_per_resolution(5.0, [0.8, 0.0])
    assert str(caught.value) == "`first_contact_resolution` must be a share above 0 and up to 1, such as 0.8, got 0."


def test_arithmetic_refuses_what_it_cannot_mean():
    assert np.isnan(cost_per_contact(10, 0))
    with pytest.raises(InvalidInputError, match=r"^`contacts` must not be negative, got -1\.$"):
        cost_per_contact(10, -1)
    with pytest.raises(InvalidInputError, match=r"^`capacity_minutes` must be above 0, got 0\.$"):
        time_driven_costs(1, 0, [1], [1])
    with pytest.raises(InvalidInputError, match=r"must have one shape, got \(2,\) and \(1,\)\.$"):
        time_driven_costs(1, 1, [1, 2], [1])
