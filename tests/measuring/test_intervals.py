"""Intervals of shares and averages by days: by hand, where all agree, over unequal days, and how often they hold."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm, t

import cpc_analysis as cpc
from benchmarks.coverage import AS_AVERAGE, AS_SHARE, ASKED, EVEN, TOLERANCE, WEEKLY, Cell, coverage
from cpc_analysis.glossary import QUANTITIES, Fact
from cpc_analysis.measuring.intervals import clustered_interval, design_effect, wilson_interval
from tests.centres import build, contacts


def interval(satisfied: list[float], answers: list[float], level: float = 0.95, record=AS_SHARE) -> tuple[float, float]:
    """The interval of a share from its answers by day."""
    days = pd.DataFrame({"day": range(len(answers)), "satisfied": satisfied, "csat_answers": answers})
    low, high = clustered_interval(days, (), record, level, pd.DataFrame(index=[0]))
    return low[0], high[0]


def surveyed(scores: list[list[float]]) -> cpc.Dataset:
    """A centre with the scores of each day's contacts, from 1 to 5."""
    rows = [{"started_at": f"2025-04-{day:02d} {8 + place % 10}:00"} for day, of_day in enumerate(scores, 1)
            for place in range(len(of_day))]  # fmt: skip
    frame = contacts(rows)
    surveys = pd.DataFrame({"survey_id": frame["contact_id"], "contact_id": frame["contact_id"], "kind": "csat",
                            "score": [score for of_day in scores for score in of_day],
                            "scale_min": 1, "scale_max": 5})  # fmt: skip
    return build({"contacts": frame, "surveys": surveys})


@pytest.mark.parametrize("days", [5, 10, 25])
def test_fifty_of_fifty_is_no_certainty(days: int):
    """Nothing speaks for more than independent answers: 50 / (50 + 1.96 squared)."""
    row = cpc.measure(surveyed([[5.0] * (50 // days)] * days), "csat", interval=0.95).iloc[0]
    assert (row["csat"], row["csat_high"]) == (1.0, 1.0)
    assert row["csat_low"] == pytest.approx(50 / (50 + norm.ppf(0.975) ** 2)) == pytest.approx(0.9287, abs=5e-5)
    none = cpc.measure(surveyed([[1.0] * (50 // days)] * days), "csat", interval=0.95).iloc[0]
    assert (none["csat_low"], none["csat_high"]) == pytest.approx((0.0, 1 - row["csat_low"]))


def test_a_share_by_hand():
    """Four answers a day for six days, of which 1, 2, 3, 4, 4 and 4 are satisfied: 18 of 24.

    The days lie -2, -1, 0, 1, 1 and 1 from three, so their squares add up to 8. Of independent answers they would to
    24 - 6 x 16 / 24 = 20 times the variance of one, which is estimated as 24 / 23 x 3/4 x 1/4. The design effect is
    8 / 20 / (9 / 46) = 92 / 45, and Student's t has five degrees of freedom.
    """
    effect, quantile = 92 / 45, t.ppf(0.975, 5)
    assert quantile == pytest.approx(2.570582)
    answers = 24 / effect
    squared = quantile**2
    centre = (0.75 + squared / (2 * answers)) / (1 + squared / answers)
    half = quantile * np.sqrt(0.1875 / answers + squared / (4 * answers**2)) / (1 + squared / answers)
    days = [[5.0] * good + [2.0] * (4 - good) for good in (1, 2, 3, 4, 4, 4)]
    row = cpc.measure(surveyed(days), "csat", interval=0.95).iloc[0]
    assert row["csat"] == 0.75
    assert (row["csat_low"], row["csat_high"]) == pytest.approx((centre - half, centre + half))


def test_each_row_has_its_own_interval_and_under_five_days_none():
    scores = [[5.0, 5.0, 2.0, 5.0], [5.0, 2.0, 2.0]] * 3
    data = surveyed(scores)
    whole = cpc.measure(data, "csat", interval=0.9).iloc[0]
    by_channel = cpc.measure(data, "csat", by=["channel"], interval=0.9).iloc[0]
    assert by_channel["csat_low"] == whole["csat_low"] == pytest.approx(interval([3, 1] * 3, [4, 3] * 3, 0.9)[0])
    by_day = cpc.measure(data, "csat", by=["day"], interval=0.9)
    assert by_day["csat"].notna().all() and by_day[["csat_low", "csat_high"]].isna().all(axis=None)
    assert np.isnan(interval([1, 2, 1, 2], [3, 3, 3, 3])).all()
    # A day without answers is none.
    assert np.isnan(interval([1, 2, 1, 2, 0], [3, 3, 3, 3, 0])).all()


def test_averages_keep_the_symmetric_interval():
    low, high = interval([100.0, 200, 300, 200, 100, 300], [1.0] * 6, record=AS_AVERAGE)
    half = t.ppf(0.975, 5) * np.std([1, 2, 3, 2, 1, 3], ddof=1) * 100 / np.sqrt(6)
    assert (low, high) == pytest.approx((200 - half, 200 + half))


def test_a_complement_has_the_interval_of_its_share_from_the_other_side():
    satisfied, answers = [3, 2, 4, 1, 4, 3], [4, 4, 5, 3, 4, 4]
    low, high = interval(satisfied, answers)
    assert interval(satisfied, answers, record=replace(AS_SHARE, complement=True)) == pytest.approx((1 - high, 1 - low))


def test_days_that_agree_by_chance_are_no_certainty():
    """Ten days with one of two satisfied: the spread between the days is nothing, but an interval is not."""
    low, high = interval([1] * 10, [2] * 10)
    assert low < 0.40 and high > 0.60
    # Independent answers would have reached 0.26 to 0.74 with the same nine degrees of freedom.
    alone = wilson_interval(np.array([0.5]), np.array([20.0]), t.ppf(0.975, 9))
    assert low > alone[0][0] and high < alone[1][0]


def test_one_answer_a_day_has_no_design_effect():
    satisfied = np.array([1.0, 0, 1, 1, 1, 0, 1, 1, 1])
    spread = ((satisfied - 7 / 9) ** 2).sum()
    effect = design_effect(*(np.array([value]) for value in (7 / 9, 9.0, spread, 9.0)))
    assert effect[0] == pytest.approx(1.0)


def test_days_that_are_each_all_or_nothing_are_worth_one_answer_each():
    """Twenty days of ten equal answers: 200 answers are worth 19.1, the days' degrees of freedom times 200 / 199."""
    satisfied, answers = np.tile([10.0, 0.0], 10), np.full(20, 10.0)
    spread = ((satisfied - 5) ** 2).sum()
    effect = design_effect(*(np.array([value]) for value in (0.5, 200.0, spread, (answers**2).sum())))
    assert 200 / effect[0] == pytest.approx(19 * 200 / 199)


def test_few_days_with_most_answers_widen_the_interval():
    """The same share and design effect, but of few days: less is known of their spread."""
    even = interval([8, 6] * 10, [10, 10] * 10)
    uneven = interval([80, 60, *[1, 0] * 9], [100, 100, *[1, 1] * 9])
    assert uneven[1] - uneven[0] > even[1] - even[0]


DAYS = st.lists(st.tuples(st.integers(0, 30), st.floats(0, 1)), min_size=5, max_size=30)


@given(DAYS, st.sampled_from([0.5, 0.9, 0.95, 0.99]))
def test_the_interval_of_a_share_holds_it_and_has_a_width(days, level):
    answers = np.array([count + 1 for count, _ in days], dtype="float64")
    satisfied = np.round([part * count for count, (_, part) in zip(answers, days, strict=True)])
    share = satisfied.sum() / answers.sum()
    low, high = interval(satisfied, answers, level)
    assert 0 <= low <= share <= high <= 1 and low < high
    # What is not satisfied has the same interval from the other side.
    others = interval(answers - satisfied, answers, level)
    assert (low, high) == pytest.approx((1 - others[1], 1 - others[0]), abs=1e-12)
    narrower = interval(satisfied, answers, level - 0.1)
    assert low <= narrower[0] and narrower[1] <= high


def test_shares_are_what_has_the_interval_of_a_share():
    sampled = {name for name, record in QUANTITIES.items()
               if record.is_share and record.facts <= {Fact.CONTACTS, Fact.REPEATS, Fact.SURVEYS}}  # fmt: skip
    assert {"csat", "abandonment_rate", "service_level", "first_contact_resolution", "transfer_rate"} <= sampled
    assert not sampled & {"average_handle_time", "average_wait", "contacts", "occupancy", "cost_per_contact"}
    assert QUANTITIES["occupancy"].is_share and not QUANTITIES["contact_rate"].is_share


@pytest.mark.parametrize("cell", [
    Cell(0.97, 50, 20, 0.0, EVEN), Cell(0.97, 1_000, 20, 0.05, WEEKLY), Cell(0.6, 100, 30, 0.02, WEEKLY),
    Cell(0.9, 200, 20, 0.05, EVEN),
], ids=str)  # fmt: skip
def test_intervals_hold_as_often_as_they_say(cell: Cell):
    """A slice of `benchmarks/coverage.py`: its seeds are fixed, so this fails always or never."""
    found = coverage(cell, runs=2_000)
    assert ASKED[0] - TOLERANCE <= found["after"] <= ASKED[1] + TOLERANCE


def test_the_symmetric_interval_does_not_hold_high_shares():
    """Of a sample of fifty with a share of 0.97 every fifth is all satisfied, which made [1, 1] of it."""
    assert coverage(Cell(0.97, 50, 20, 0.0, EVEN), runs=2_000)["before"] < 0.8
