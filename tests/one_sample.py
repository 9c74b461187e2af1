"""A plugin for doctests: they share one sample centre, with what it has scanned. Run by `make test`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest

import cpc_analysis


@pytest.fixture(autouse=True, scope="session")
def one_sample() -> Iterator[None]:
    """Every `load_sample()` gives the same dataset, which is frozen."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cpc_analysis, "load_sample", cache(cpc_analysis.load_sample))
        yield
