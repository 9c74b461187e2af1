"""Decompositions from the literature."""

from __future__ import annotations

import numpy as np
import pytest

from cpc_analysis.metrics.decomposition import kitagawa, lmdi


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
