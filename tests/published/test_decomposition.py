"""Decompositions from the literature."""

from __future__ import annotations

import numpy as np
import pytest

from cpc_analysis.metrics.decomposition import kitagawa, lmdi, shapley


def test_mix_and_rate_of_kitagawa():
    """Kitagawa, Components of a Difference Between Two Rates, Journal of the American Statistical Association, 1955."""
    result = kitagawa([400, 1200], [40, 60], [600, 900], [50, 50])
    assert (result.mix.sum(), result.rate.sum()) == (pytest.approx(-0.8), pytest.approx(-0.2))
    assert result.total == pytest.approx(15 - 16)


def test_activity_structure_and_intensity_by_lmdi():
    """Ang, The LMDI approach to decomposition analysis: a practical guide, Energy Policy 33(7), 2005.

    Energy of two industries 30, 20, then 80, 16, with an activity of 10, 40, then 40, 40.
    """
    energy, activity = np.array([[30.0, 20.0], [80.0, 16.0]]), np.array([[10.0, 40.0], [40.0, 40.0]])
    before, after = (
        np.column_stack([np.full(2, act.sum()), act / act.sum(), used / act])
        for used, act in zip(energy, activity, strict=True)
    )
    effects = lmdi(before, after).sum(axis=0)
    np.testing.assert_allclose(effects, [32.385, 38.285, -24.670], atol=5e-4)
    assert effects.sum() == pytest.approx(46)
    ratios = lmdi(before, after, form="multiplicative").prod(axis=0)
    np.testing.assert_allclose(ratios, [1.5829, 1.7210, 0.7048], atol=5e-5)
    assert ratios.prod() == pytest.approx(1.92)


def test_structure_and_rate_of_das_gupta():
    """Das Gupta, Standardization and Decomposition of Rates, US Bureau of the Census, P23-186, 1993, example 5.1.

    Household headship per 100 by age, 15-19 to 75 and over, United States 1970 and 1985.
    """
    size = np.array([
        [12.9, 10.9, 9.5, 8.0, 7.8, 8.4, 8.6, 7.8, 7.0, 5.9, 4.7, 3.6, 4.9],
        [10.1, 11.2, 11.6, 10.9, 9.4, 7.7, 6.3, 6.0, 6.3, 5.9, 5.1, 4.0, 5.5],
    ])  # fmt: skip
    rate = np.array([
        [1.9, 25.8, 45.7, 49.6, 51.2, 51.6, 51.8, 54.9, 58.7, 60.4, 62.8, 66.6, 66.8],
        [2.2, 24.3, 45.8, 52.5, 56.1, 55.6, 56.0, 57.4, 57.2, 61.2, 63.9, 68.6, 72.2],
    ])  # fmt: skip
    np.testing.assert_allclose((size * rate).sum(axis=1) / 100, [44.7268, 47.6940], atol=5e-5)
    result = kitagawa(size[0] * rate[0], size[0], size[1] * rate[1], size[1])
    np.testing.assert_allclose([result.mix.sum(), result.rate.sum()], [1.2269, 1.7403], atol=5e-5)
    sides = [np.array([size[side] / 100, rate[side]]) for side in (0, 1)]
    effects = shapley(lambda share, height: (share * height).sum(), *sides)
    np.testing.assert_allclose(effects, [1.2269, 1.7403], atol=5e-5)
