"""A level is called clear of chance where its interval holds no zero, and nowhere else."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t

import cpc_analysis as cpc
from cpc_analysis import models
from cpc_analysis.models.drivers.effects import effects_frame, unknown_money
from cpc_analysis.models.drivers.outcomes import OUTCOMES
from cpc_analysis.models.drivers.regression import Fit
from cpc_analysis.models.drivers.terms import Term

CELLS = pd.DataFrame({"amount": [300.0, 400.0], "contacts": [3, 4]})


def framed(drivers: dict[str, list[float]], errors: list[list[float]], outcome: str, level: float) -> pd.DataFrame:
    """The effects of drivers, each with the estimates of its levels, a reference and errors by clustering."""
    terms = []
    for driver, estimates in drivers.items():
        for place in range(len(estimates) + 1):
            values = np.array([1.0, 0.0])
            terms.append(Term(driver, f"level {place}", "level 0", values, 1.0, values < 1))
    effects = np.array([estimate for estimates in drivers.values() for estimate in estimates])
    fit = Fit(effects, np.array(errors), tuple(range(12, 12 + len(errors))))
    return effects_frame(CELLS, terms, fit, unknown_money(len(terms)), OUTCOMES[outcome], level)


ESTIMATES = st.floats(-3, 3)
ERRORS = st.one_of(st.floats(0, 2), st.just(float("nan")))


@st.composite
def fits(draw: st.DrawFn) -> tuple[dict[str, list[float]], list[list[float]]]:
    some = draw(st.lists(st.lists(ESTIMATES, min_size=1, max_size=6), min_size=1, max_size=3))
    drivers = {f"driver {place}": estimates for place, estimates in enumerate(some)}
    count = sum(map(len, drivers.values()))
    errors = draw(st.lists(st.lists(ERRORS, min_size=count, max_size=count), min_size=1, max_size=2))
    return drivers, errors


@given(fits(), st.sampled_from(["average_handle_time", "csat"]), st.sampled_from([0.8, 0.95, 0.999]))
def test_verdict_and_interval_agree(fit, outcome, level):
    frame = framed(*fit, outcome, level)
    without_zero = (frame["low"] > 0) | (frame["high"] < 0)
    assert frame["is_clear"].tolist() == without_zero.tolist()
    assert not frame.loc[frame["level"] == frame["reference"], "is_clear"].any()
    # What a single cluster stands behind has no interval, and no verdict.
    assert not frame.loc[frame["low"].isna(), "is_clear"].any()


def test_intervals_are_simultaneous_over_the_levels_of_their_driver():
    """Each of three levels has the interval of 1 - 0.05 / 3, the only one of another driver that of 0.95."""
    drivers = {"team": [0.1, 0.2, -0.3], "product": [0.1]}
    frame = framed(drivers, [[0.08] * 4], "csat", 0.95)
    half = (frame["high"] - frame["low"]) / 2
    three, one = (100 * 0.08 * t.ppf(1 - 0.05 / (2 * count), 11) for count in (3, 1))
    assert half.tolist() == pytest.approx([0.0, three, three, three, 0.0, one])
    # Alone the second level, 2.5 errors off, would be clear: 2.20 errors are enough for one, 2.82 for three.
    assert frame["is_clear"].tolist() == [False, False, False, True, False, False]
    assert framed({"team": [0.2]}, [[0.08]], "csat", 0.95)["is_clear"].tolist() == [False, True]


@pytest.mark.parametrize("driver", ["hour", "reason", "tenure"])
def test_verdicts_and_intervals_of_the_sample_agree(sample: cpc.Dataset, driver: str):
    """Of the hours three had single intervals without zero, and none was clear."""
    model = cpc.fit_drivers(sample, driver, outcome="resolved", where={"month": "2025"})
    rows = model.to_frame()
    assert rows["is_clear"].equals((rows["low"] > 0) | (rows["high"] < 0))
    table = models.drivers_table(model)
    assert "simultaneous 95% interval" in table
    assert "95 percent intervals over 57 agents, for all levels of a driver together." in model.definition
