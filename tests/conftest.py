"""What every test shares: how hard hypothesis looks, and the sample centre, opened once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

import cpc_analysis as cpc

settings.register_profile("quick", max_examples=6, deadline=None, derandomize=True)
settings.register_profile("thorough", max_examples=200, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


@pytest.fixture(scope="session")
def sample() -> cpc.Dataset:
    """The sample centre."""
    return cpc.load_sample()


@pytest.fixture(scope="session")
def handmade() -> cpc.Dataset:
    """The centre of ten contacts."""
    return cpc.open_project(Path(__file__).parents[1] / "examples" / "handmade")
