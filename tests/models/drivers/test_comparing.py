"""Agents side by side: standardised for their work, shrunk toward the whole, judged by a funnel."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import cpc_analysis as cpc
from cpc_analysis.errors import CpcError
from tests.centres import build
from tests.models.drivers.simulated import simulated, simulated_tables
from tests.models.drivers.test_fitting import novices_and_experts


def test_expected_is_what_the_same_work_takes_over_everybody():
    tables = novices_and_experts()
    frame = cpc.compare_agents(build(tables), within=["reason"]).set_index("agent_id")
    easy, hard = (18 * 100 + 2 * 80) / 20, (2 * 300 + 18 * 240) / 20
    assert set(frame["verdict"]) == {"too few contacts"} and frame["ratio"].isna().all()
    months = [
        tables["contacts"].assign(
            contact_id=tables["contacts"]["contact_id"] + f"-{place}", started_at=f"2025-{month}-10"
        )
        for place, month in enumerate(("03", "03", "04", "04", "05", "05"))
    ]
    more = build(tables | {"contacts": pd.concat(months)})
    frame = cpc.compare_agents(more, within=["reason"]).set_index("agent_id")
    assert frame.loc["n0", "expected"] == pytest.approx((18 * easy + 2 * hard) / 20)
    assert frame.loc["x0", "observed"] == pytest.approx(224.0)
    alone = cpc.compare_agents(build(tables | {"contacts": pd.concat(months[:2])}), within=["reason"])
    assert set(alone["verdict"]) == {"too little history"} and alone["ratio"].notna().all()
    assert alone[["shrunk", "low", "highest"]].isna().all(axis=None)


def test_chance_is_shrunk_away_and_real_differences_stay():
    alike = cpc.compare_agents(simulated(seed=11, agents=40, spread=0.0, months=6), within=["product", "month", "team"])
    apart = cpc.compare_agents(simulated(seed=11, agents=40, spread=0.3, months=6), within=["product", "month", "team"])
    assert alike["shrunk"].std() < 0.5 * alike["ratio"].std()
    assert apart["shrunk"].std() > 0.9 * apart["ratio"].std()
    between = (apart["shrunk"] - apart["ratio"]).abs()
    mean = apart["ratio"].mean()
    toward = (apart["shrunk"] - mean).abs() <= (apart["ratio"] - mean).abs() + 1e-3
    assert toward.all() and between.gt(0).all()
    assert list(apart["agent_id"]) == sorted(apart["agent_id"])


def test_a_funnel_cries_out_for_the_one_who_is_unlike_and_not_for_ordinary_differences():
    tables = simulated_tables(seed=12, agents=40, spread=0.05, months=6)
    slow = tables["contacts"]["agent_id"] == "agent 07"
    tables["contacts"]["handle_seconds"] *= np.where(slow, 1.6, 1.0)
    found = cpc.compare_agents(build(tables), within=["product", "month", "team"]).set_index("agent_id")
    assert list(found.index[found["verdict"] == "above the usual"]) == ["agent 07"]
    assert not (found["verdict"] == "below the usual").any()


def test_unknown_columns_are_named():
    with pytest.raises(CpcError) as caught:
        cpc.compare_agents(simulated(seed=1), by="teem")
    assert str(caught.value).startswith("There is no column of agents 'teem'. Did you mean 'team'?")
