"""Intervals of drivers hold the truth as often as they say."""

from __future__ import annotations

import pytest
from scipy.stats import binom

import cpc_analysis as cpc
from tests.models.drivers.simulated import NOVICE, PRODUCTS, TEAMS, simulated

SEEDS = range(2000, 2300)
TRUTHS = {
    ("team", "south"): TEAMS["south"] / TEAMS["north"],
    ("product", "hard"): PRODUCTS["hard"] / PRODUCTS["plain"],
    ("tenure", "0 to 1 months"): NOVICE,
}


def holds(model: cpc.DriverModel, driver: str, level: str) -> bool:
    """Whether the interval of a level holds the truth, whichever of two levels is the reference."""
    rows = model.to_frame()
    rows = rows[rows["driver"] == driver]
    row = rows[rows["level"] == level].iloc[0]
    truth = TRUTHS[driver, level]
    if row["level"] == row["reference"]:
        row, truth = rows[rows["level"] != level].iloc[0], 1 / truth
    return row["low"] <= 100 * (truth - 1) <= row["high"]


@pytest.mark.slow
def test_intervals_of_95_percent_hold_the_truth_in_95_percent():
    models = [cpc.fit_drivers(simulated(seed, agents=20), ["team", "product", "tenure"]) for seed in SEEDS]
    least, most = binom.ppf([0.005, 0.995], len(models), 0.95)
    for driver, level in TRUTHS:
        held = sum(holds(model, driver, level) for model in models)
        assert least <= held <= most, f"{driver}: {held} of {len(models)}"
