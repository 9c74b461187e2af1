"""What every test of a file shares: a result, and the month's deck of the sample centre."""

from __future__ import annotations

import pandas as pd
import pytest

import cpc_analysis as cpc
from cpc_analysis.exports.deck import Deck, deck


@pytest.fixture(scope="session")
def frame(sample: cpc.Dataset) -> pd.DataFrame:
    """Cost per contact by channel in June 2025, with what it divides."""
    return cpc.measure(
        sample, ["cost_per_contact", "contacts", "total_cost"], by=["channel"], where={"month": "2025-06"}
    )


@pytest.fixture(scope="session")
def month(sample: cpc.Dataset) -> Deck:
    """The deck of June 2025."""
    return deck(sample, "2025-06")
