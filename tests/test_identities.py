"""What must hold for any centre: everything ties out, and grouping changes nothing."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import cpc_analysis as cpc
from cpc_analysis.models.statements import exact_sum
from tests.centres import build, centres, contacts, costs, dataset, ledger_of

GROUPINGS = [[], ["month"], ["week"], ["channel"], ["site", "month"], ["agent_id"], ["quarter", "direction"], ["day"]]
slowly = settings(deadline=None, suppress_health_check=list(HealthCheck))


@slowly
@given(centres(), st.sampled_from(GROUPINGS))
def test_used_waiting_and_unallocated_are_the_ledger_to_the_minor_unit(tables, by):
    data = build(tables)
    frame = cpc.cost_statement(data, by=by)
    # Waiting is None where nothing tells it: it lies in what was used.
    parts = frame["used"] + frame["waiting"].map(lambda amount: amount or Decimal(0)) + frame["unallocated"]
    assert (parts == frame["ledger"]).all()
    assert sum(frame["ledger"], Decimal(0)) == ledger_of(tables)
    assert (frame["posted"] + frame["moved"] == frame["ledger"]).all()
    for cost_type, rows in frame.groupby("cost_type"):
        lines = tables["costs"]
        given_amount = sum(lines.loc[lines["cost_type"] == cost_type, "amount"], Decimal(0))
        assert sum(rows["ledger"], Decimal(0)) == given_amount


@slowly
@given(centres(), st.sampled_from([["channel"], ["site", "direction"], ["agent_id"], ["week"], ["channel", "site"]]))
def test_the_statement_is_the_same_by_whatever_it_is_asked_for(tables, by):
    data = build(tables)
    parts = ["used", "waiting", "unallocated"]
    for period in ([], ["month"]):
        whole = cpc.cost_statement(data, by=period).set_index([*period, "cost_type"])[parts]
        split = cpc.cost_statement(data, by=[*period, *by])
        for place, row in whole.iterrows():
            rows = split[(split[[*period, "cost_type"]] == np.atleast_1d(np.array(place, dtype=object))).all(axis=1)]
            assert [exact_sum(rows[part]) for part in parts] == row.tolist()


@slowly
@given(centres(), st.sampled_from(GROUPINGS))
def test_total_cost_over_any_grouping_is_the_ledger(tables, by):
    data = build(tables)
    total = cpc.measure(data, "total_cost", by=by)["total_cost"].sum()
    assert total == pytest.approx(float(ledger_of(tables)), rel=1e-9, abs=1e-6)


@slowly
@given(centres(), st.sampled_from(["group_time", "agent_time", "wage_time", "handle_time", "contacts", "headcount"]))
def test_every_rule_carries_the_whole_ledger(tables, rule):
    data = build(tables)
    other = data.replace(costing=cpc.Costing(salaries=rule, technology=rule, facilities={"voice": 0.7, "chat": 0.3}))
    total = cpc.measure(other, "total_cost", by=["channel", "month"])["total_cost"].sum()
    assert total == pytest.approx(float(ledger_of(tables)), rel=1e-9, abs=1e-6)


@slowly
@given(centres(), st.integers(2, 9))
def test_money_times_k_is_every_cost_times_k(tables, factor):
    data = build(tables)
    lines = tables["costs"]
    larger = build(tables | {"costs": lines.assign(amount=[amount * factor for amount in lines["amount"]])})
    by = ["month", "channel"]
    before, after = (cpc.measure(one, "total_cost", by=by)["total_cost"].to_numpy() for one in (data, larger))
    np.testing.assert_allclose(after, before * factor, rtol=1e-9, atol=1e-6)


@slowly
@given(centres(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_bit(tables, random):
    data = build(tables)
    shuffled = {
        name: frame.sample(frac=1, random_state=random.randint(0, 999)).reset_index(drop=True)
        for name, frame in tables.items()
    }
    other = build(shuffled)
    asked = ["total_cost", "contacts", "average_handle_time", "waiting_cost"]
    for by in (["month", "channel"], ["week"], ["agent_id"]):
        pd.testing.assert_frame_equal(
            cpc.measure(data, asked, by=by), cpc.measure(other, asked, by=by), check_exact=True
        )


@slowly
@given(centres())
def test_finer_parts_add_up_to_the_coarser_number(tables):
    data = build(tables)
    asked = ["total_cost", "contacts", "offered_contacts", "waiting_cost"]
    whole = cpc.measure(data, asked)
    for by in (["month"], ["week"], ["channel", "site"], ["day", "channel"]):
        # Of no part it is known what waiting cost where it is not of the whole.
        parts = cpc.measure(data, asked, by=by)[asked].sum(min_count=1)
        np.testing.assert_allclose(parts.to_numpy(), whole[asked].to_numpy()[0], rtol=1e-9, atol=1e-6)


@slowly
@given(centres())
def test_kept_cells_answer_as_a_fresh_scan_does(tables):
    data = build(tables)
    cpc.measure(data, ["total_cost", "average_handle_time"], by=["day", "channel", "site"])
    kept = cpc.measure(data, ["total_cost", "average_handle_time"], by=["quarter", "channel"])
    scanned = cpc.measure(build(tables), ["total_cost", "average_handle_time"], by=["quarter", "channel"])
    numbers = ["total_cost", "average_handle_time"]
    np.testing.assert_allclose(kept[numbers].to_numpy(), scanned[numbers].to_numpy(), rtol=1e-9, atol=1e-6)


def test_filters_apply_after_costing():
    data = dataset(
        contacts([{"channel": "voice", "handle_seconds": 100}, {"channel": "chat", "handle_seconds": 300}]),
        costs(("technology", 400.0)),
    )
    voice = cpc.measure(data, "total_cost", where={"channel": "voice"})["total_cost"].iloc[0]
    assert voice == pytest.approx(100.0)


def test_weeks_that_straddle_months_add_up_to_the_months():
    frame = contacts(
        [{"started_at": f"2025-{month:02d}-{day:02d} 12:00"} for month in (3, 4) for day in (1, 15, 28, 29, 30)]
    )
    lines = pd.concat([costs(("technology", 500.0), month="2025-03"), costs(("technology", 700.0), month="2025-04")])
    data = dataset(frame, lines)
    weeks = cpc.measure(data, "total_cost", by=["week"])
    straddling = weeks.loc[weeks["week"] == "2025-03-31"]
    assert weeks["total_cost"].sum() == pytest.approx(1200.0)
    assert len(straddling) == 1  # Tuesday 1 April lies in the ISO week of Monday 31 March
    assert straddling["total_cost"].iloc[0] == pytest.approx(140.0)
