"""Published intervals of shares, and a published variance of a share of clusters."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm, t

from cpc_analysis.glossary import describe
from cpc_analysis.measuring.intervals import clustered_interval, design_effect, wilson_interval


@pytest.mark.parametrize(("satisfied", "answers", "low", "high"), [
    (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0000, 0.1611), (1, 29, 0.0061, 0.1718),
])  # fmt: skip
def test_wilson(satisfied: int, answers: int, low: float, high: float):
    """Newcombe, "Two-sided confidence intervals for the single proportion: comparison of seven methods", Statistics in
    Medicine 17, 1998, table I, method 3 (Wilson's score, no correction), at 95 percent."""
    found = wilson_interval(np.array([satisfied / answers]), np.array([float(answers)]), norm.ppf(0.975))
    assert (found[0][0], found[1][0]) == pytest.approx((low, high), abs=5e-5)


#: Cochran, *Sampling Techniques*, 3rd ed., 1977, section 3.12, table 3.5: the persons of thirty households of
#: Baltimore, and those among them who had seen a doctor in the last twelve months.
PERSONS = np.array([5, 6, 3, 3, 2, 3, 3, 3, 4, 4, 3, 2, 7, 4, 3, 5, 4, 4, 3, 3, 4, 3, 3, 1, 2, 4, 3, 4, 2, 4.0])
DOCTOR = np.array([5, 0, 2, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 1, 2, 0, 0, 1, 3, 2, 0, 0, 0, 2, 2, 0, 2, 0, 1.0])
#: What the section gives: the variance of the share among clusters, and that of 104 independent persons.
CLUSTERED, BINOMIAL = 0.00520, 0.00197


def test_the_ratio_of_clusters():
    days = pd.DataFrame({"day": range(30), "satisfied": DOCTOR, "csat_answers": PERSONS})
    record = replace(describe("csat"), unit="seconds")
    low, high = clustered_interval(days, (), record, 0.95, pd.DataFrame(index=[0]))
    assert (low[0] + high[0]) / 2 == pytest.approx(30 / 104)
    assert ((high[0] - low[0]) / 2 / t.ppf(0.975, 29)) ** 2 == pytest.approx(CLUSTERED, rel=0.002)


def test_the_design_effect_of_clusters():
    """Korn and Graubard, "Confidence intervals for proportions with small expected number of positive counts estimated
    from survey data", Survey Methodology 24(2), 1998: answers over the design effect are as many as the variance is
    worth. Ours counts households by their size where Cochran counts each as one, so half a percent apart."""
    share, answers = 30 / 104, 104.0
    assert share * (1 - share) / answers == pytest.approx(BINOMIAL, rel=0.002)
    spread = ((DOCTOR - share * PERSONS) ** 2).sum()
    effect = design_effect(*(np.array([value]) for value in (share, answers, spread, (PERSONS**2).sum())))
    assert effect[0] == pytest.approx(CLUSTERED / BINOMIAL, rel=0.01)
    assert share * (1 - share) / (answers / effect[0]) == pytest.approx(CLUSTERED, rel=0.01)
