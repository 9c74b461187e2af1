"""Generated centres for tests of truth: with month shocks and nothing planted, or with what a test plants."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

import cpc_analysis as cpc
from cpc_analysis.sources.sample_centre import generate_centre
from cpc_analysis.sources.sample_centre.truths import Truths
from tests.centres import ZONE

#: Nothing happens here but chance: shocks of the months, people who come, learn and go.
NOTHING = Truths(
    wage_raise=0.0, overtime=0.0, cost_step=1.0, self_service_launch="2099-01", appears_in="2099-01",
    removed_in="2099-01", late_posting=0.0, accrual=0.0, accrual_invoice=0.0, empty_social_month=None,
)  # fmt: skip
LAST = "2025-06"
_HOLIDAYS = tuple(
    f"{year}-{day}" for year in (2023, 2024, 2025) for day in ("01-01", "12-24", "12-25", "12-26", "12-31")
)


def tables_of(seed: int, **planted: object) -> dict[str, pd.DataFrame]:
    """The tables of a centre of 30 months to June 2025, a third of the sample's size."""
    return generate_centre(seed=seed, volume=0.3, truths=replace(NOTHING, **planted)).tables


def centre_of(tables: dict[str, pd.DataFrame]) -> cpc.Dataset:
    """The dataset of such tables, with the policy of the sample centre."""
    costing = cpc.Costing(spread_accounts=("6340",), premium_accounts=("5110", "5120"))
    settings = cpc.Settings(holidays=_HOLIDAYS)
    return cpc.Dataset.from_frames(**tables, currency="DKK", timezone=ZONE, costing=costing, settings=settings)


def in_last_month(frame: pd.DataFrame, column: str) -> np.ndarray:
    """Which rows lie in the last month, by a column of time or date."""
    return pd.to_datetime(frame[column], utc=True).dt.strftime("%Y-%m").eq(LAST).to_numpy()


def cries_out(data: cpc.Dataset, before: str = "previous") -> set[str]:
    """The effects of the last month that a bridge calls out of the ordinary."""
    totals = cpc.explain_change(data, before=before, after=LAST).totals
    return set(totals.loc[totals["verdict"] == "out of the ordinary", "effect"])
