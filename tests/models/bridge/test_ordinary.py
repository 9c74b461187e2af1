"""How far ordinary effects reach, against hand work and a plain count."""

from __future__ import annotations

import numpy as np
import pytest

from cpc_analysis.models.bridge.ordinary import ordinary_reach, tail_of, unforeseen


def test_the_tail_of_four_numbers():
    """Kurtosis: the mean fourth power over the squared mean square. 1, -1, 1, -1: 1. 0, 0, 0, 2: 4 / 1 ** 2."""
    effects = np.array([[1.0, 0.0], [-1.0, 0.0], [1.0, 0.0], [-1.0, 2.0]])
    assert tail_of(effects) == pytest.approx([0.0, np.log(4.0)])


def test_what_an_odd_month_moves_is_foreseen_to_come_back():
    """Up by 10 and back by 8: half of the 10 was to be expected back, so that 3 of the 8 were not foreseen."""
    assert unforeseen(np.array([[10.0], [-8.0]]), taken_back=0.5).tolist() == [[-3.0]]


def test_the_limit_is_what_a_plain_count_of_bridges_gives():
    """Ten normal lines of fifteen effects, 20,000 times: the largest is beyond the limit in about 5 of 100."""
    random = np.random.default_rng(4)
    levels = random.normal(size=(17, 20_000, 10))
    effects = np.diff(levels, axis=0)
    past = unforeseen(effects, 0.5)
    size = np.sqrt((past[:-1] ** 2).mean(axis=0))
    is_same = effects[-1] * past[-1] > 0
    far = np.where(is_same, np.minimum(np.abs(effects[-1]), np.abs(past[-1])), 0.0) / size
    limits = [
        ordinary_reach([tails], [15], chance=0.05)[0].limit for tails in tail_of(past[:-1])[:400]
    ]  # fmt: skip
    exact = float(np.quantile(far.max(axis=1), 0.95))
    # The shape is not known to be normal, so that the limit lies farther off, and never nearer than chance makes it.
    assert exact < np.mean(limits) < 1.25 * exact
    assert min(limits) > 0.95 * exact


def test_heavier_tails_more_lines_and_fewer_periods_reach_farther():
    def limit(tail: float, lines: int, periods: int) -> float:
        return ordinary_reach([np.full(lines, tail)], [periods], chance=0.05)[0].limit

    assert limit(1.0, 20, 20) < limit(1.2, 20, 20) < limit(1.4, 20, 20)
    assert limit(1.0, 5, 20) < limit(1.0, 20, 20) < limit(1.0, 60, 20)
    assert limit(0.95, 20, 40) < limit(0.95, 20, 12)


def test_groups_of_lines_share_one_shape():
    """Two groups of one length are one family: apart or together, the limit is the same."""
    tails = np.array([0.8, 1.0, 1.3, 1.1])
    together = ordinary_reach([tails], [20], chance=0.05)[0]
    apart = ordinary_reach([tails[:1], tails[1:]], [20, 20], chance=0.05)
    assert [reach.limit for reach in apart] == pytest.approx([together.limit] * 2)
