"""June 2025 of the sample against budget and against May, worked out from its files without the package."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

import cpc_analysis as cpc
from tests.by_hand import LABOUR, against_budget, between, budget_of, contacts_of, spent_in

#: Half a minor unit over the contacts of June.
HALF_A_CENT = 0.005 / 11_709


def by_kind(bridge: cpc.Bridge) -> pd.DataFrame:
    """Volume and spending by cost type."""
    effects = bridge.to_frame().groupby("effect")["amount"].sum()
    parts = {end: effects[effects.index.str.endswith(f"_{end}")] for end in ("volume", "spending")}
    return pd.DataFrame({end: part.rename(lambda name: name.rpartition("_")[0]) for end, part in parts.items()}).fillna(
        0.0
    )


@pytest.mark.parametrize("by", [[], ["channel"]])
def test_june_against_its_budget(sample, by):
    bridge = cpc.explain_change(sample, before="budget", after="2025-06", by=by)
    expected, found = against_budget("2025-06"), by_kind(bridge)
    assert sorted(found.index) == sorted(expected.index)
    for name in ("volume", "spending"):
        assert found[name].to_dict() == pytest.approx(expected[name].to_dict(), abs=HALF_A_CENT)
    effects = bridge.to_frame().groupby("effect")["amount"].sum()
    assert effects["mix"] == pytest.approx(expected["mix"].sum(), abs=HALF_A_CENT)
    assert effects.sum() == pytest.approx(bridge.total, abs=1e-9)
    labour = found.loc["labour"]
    assert (round(labour["volume"], 4), round(labour["spending"], 4)) == (4.1438, -2.0044)
    assert labour.sum() == pytest.approx(2.1393, abs=5e-5)


def test_june_against_a_budget_of_variable_labour(sample):
    """Budgeted labour of each channel x its contacts / those planned: 380,392."""
    variable = sample.replace(settings=replace(sample.settings, budget_variable={"labour": 1.0}))
    lines, came = budget_of("2025-06"), contacts_of("2025-06")
    planned = lines.groupby("channel")["contact_count"].sum()
    labour = lines[lines["cost_type"].isin(LABOUR)].groupby("channel")["amount"].sum()
    flexed = (labour * came / planned).sum()
    assert round(flexed) == 380_392
    bridge = cpc.explain_change(variable, before="budget", after="2025-06", by=["channel"])
    effects = bridge.to_frame().groupby("effect")["amount"].sum()
    mix_of_labour = flexed / came.sum() - labour.sum() / planned.sum()
    assert round(mix_of_labour, 4) == -0.2740
    assert effects.get("labour_volume", 0.0) == 0.0
    assert effects["mix"] == pytest.approx(mix_of_labour + against_budget("2025-06")["mix"].sum(), abs=HALF_A_CENT)
    assert round(effects["labour_spending"], 4) == 2.4133


def test_june_against_may(sample):
    """Of two periods neither is the yardstick: each effect is the mean of both orders, labour's among them."""
    bridge = cpc.explain_change(sample, before="2025-05", after="2025-06", by=[])
    expected, found = between("2025-05", "2025-06"), bridge.by_cost_type().set_index("cost_type")
    assert sorted(found.index) == sorted(expected.index)
    for name in ("volume", "spending"):
        assert found[name].to_dict() == pytest.approx(expected[name].to_dict(), abs=HALF_A_CENT)
    assert found["mix"].abs().max() < 1e-9
    assert found["amount"].sum() == pytest.approx(bridge.total, abs=1e-9)
    # The drivers of labour are the same change, taken apart otherwise.
    drivers = bridge.to_frame().groupby("effect")["amount"].sum()
    of_labour = drivers[[name for name in drivers.index if not name.endswith(("_volume", "_spending"))]].sum()
    of_labour += drivers.get("other_work_volume", 0.0) + drivers.filter(like="other_labour").sum()
    assert of_labour == pytest.approx(found.loc["labour", "amount"], abs=1e-9)


def test_june_against_its_budget_by_cost_type(sample):
    bridge = cpc.explain_change(sample, before="budget", after="2025-06", by=["channel"])
    expected, found = against_budget("2025-06"), bridge.by_cost_type().set_index("cost_type")
    for name in ("volume", "spending", "mix"):
        assert found[name].to_dict() == pytest.approx(expected[name].to_dict(), abs=HALF_A_CENT)


def test_the_files_are_read_as_the_policy_says():
    """30 days of the annual licence; April's forgotten invoice lies in April, though it was posted in June."""
    of_june = 96_000 * 30 / 365
    assert of_june == pytest.approx(7_890.41, abs=0.005)
    assert spent_in("2025-06")["licences"] == pytest.approx(13_959.77 + of_june, abs=0.005)
    assert spent_in("2025-04")["outsourcing"] - spent_in("2025-06")["outsourcing"] > 7_000
