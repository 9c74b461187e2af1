"""Intervals of drivers hold the truth as often as they say."""

from __future__ import annotations

import pytest
from scipy.stats import binom

import cpc_analysis as cpc
from tests.models.drivers.simulated import NOVICE, PRODUCTS, TEAMS, simulated

SEEDS = range(2000, 2300)
#: How long each level of a driver takes, up to a factor.
TRUTHS = {
    "team": TEAMS,
    "product": PRODUCTS,
    "tenure": {"0 to 1 months": NOVICE, "1 to 3 months": 1.0, "3 to 6 months": 1.0, "24 months and more": 1.0},
}


def holds(model: cpc.DriverModel, driver: str) -> bool:
    """Whether the intervals of all levels of a driver hold the truth, whichever level is the reference."""
    rows = model.to_frame()
    rows = rows[(rows["driver"] == driver) & (rows["level"] != rows["reference"])]
    times = TRUTHS[driver]
    assert len(rows) == len(times) - 1
    truth = 100 * (rows["level"].map(times) / rows["reference"].map(times) - 1)
    return bool(((rows["low"] <= truth) & (truth <= rows["high"])).all())


@pytest.mark.slow
def test_intervals_of_95_percent_hold_the_truth_of_all_levels_in_95_percent():
    models = [cpc.fit_drivers(simulated(seed, agents=20), ["team", "product", "tenure"]) for seed in SEEDS]
    least, most = binom.ppf([0.005, 0.995], len(models), 0.95)
    for driver in TRUTHS:
        held = sum(holds(model, driver) for model in models)
        print(f"\n{driver}: {held} of {len(models)} hold (between {least:.0f} and {most:.0f})")
        assert least <= held <= most, f"{driver}: {held} of {len(models)}"
