"""Names, columns and shapes that callers rely on."""

from __future__ import annotations

import inspect

import ibis
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import cpc_analysis as cpc
from cpc_analysis.glossary import PARTS, QUANTITIES, label
from tests.centres import contacts, costs, dataset, shift

NAMES = [
    "contacts", "assisted_contacts", "self_service_sessions", "offered_contacts", "answered_contacts",
    "abandonment_rate", "average_handle_time", "average_wait", "average_first_response", "service_level",
    "transfer_rate", "repeat_rate", "first_contact_resolution", "csat", "survey_response_rate", "total_cost",
    "cost_per_contact", "cost_per_assisted_contact", "cost_per_self_service_session", "cost_per_call",
    "cost_per_resolution", "cost_per_customer", "contact_rate", "cost_per_handled_minute",
    "labour_cost_per_contact", "waiting_cost", "hourly_cost", "paid_hours", "fte", "contacts_per_paid_hour",
    "occupancy", "availability", "shrinkage", "handled_share_of_paid", "uncounted_cost", "survey_answers",
    "assisted_contacts_per_workday", "identified_share", "reported_resolution", "surveyed_resolution",
    "average_speed_of_answer", "average_time_to_abandon", "average_hold_time", "average_wrap_time",
    "average_verification_time", "reopen_rate", "nps", "ces", "csat_response_rate", "nps_response_rate",
    "ces_response_rate", "resolution_response_rate",
]  # fmt: skip


def test_the_glossary_holds_every_quantity_once():
    assert sorted(QUANTITIES) == sorted(NAMES)
    for quantity in QUANTITIES.values():
        assert quantity.unit
        assert quantity.meaning.endswith(".")
        assert quantity.source
        assert set(quantity.parts) <= set(PARTS)
        assert label(quantity.name) != label(quantity.name, "da")
    parts = {part for quantity in QUANTITIES.values() for part in quantity.parts}
    said = {part for quantity in QUANTITIES.values() if quantity.recorded
            for part in (quantity.recorded, quantity.recorded_of)}  # fmt: skip
    assert parts | said == set(PARTS)


def test_every_public_name_is_there():
    for name in cpc.__all__:
        assert getattr(cpc, name) is not None
    assert set(dir(cpc)) >= set(cpc.__all__)
    with pytest.raises(AttributeError, match="module 'cpc_analysis' has no attribute 'nothing'"):
        _ = cpc.nothing


@pytest.mark.parametrize("kind", ["pandas", "arrow", "polars", "ibis"])
def test_frames_of_every_kind_give_the_same(kind):
    frame = contacts([{"agent_id": "ann"}, {"channel": "chat", "agent_id": None, "handle_seconds": 180}])
    lines = costs(("technology", 100.0), ("telecom", 20.0))
    made = {
        "pandas": lambda table: table,
        "arrow": lambda table: pa.Table.from_pandas(table, preserve_index=False),
        "polars": pl.from_pandas,
        "ibis": lambda table: connection.create_table(f"t{table.shape[1]}", table),
    }[kind]
    connection = ibis.duckdb.connect()
    data = dataset(made(frame), made(lines))
    rows = cpc.measure(data, ["contacts", "total_cost"], by=["channel"])
    assert rows["total_cost"].tolist() == pytest.approx([85.0, 35.0])
    assert cpc.measure(data, "contacts", by=["week"])["week"].tolist() == [pd.Timestamp("2025-03-31")]


def test_the_columns_of_measure():
    data = dataset(contacts([{}] * 3), costs(("technology", 3.0)))
    frame = cpc.measure(data, ["contacts", "average_handle_time"], by=["month", "channel"])
    assert list(frame.columns) == [
        "month", "channel", "contacts", "average_handle_time", "few_contacts", "complete",
    ]  # fmt: skip
    assert frame["month"].dtype.kind == "M"
    assert frame["contacts"].dtype == np.float64
    assert frame["few_contacts"].dtype == bool
    assert frame["complete"].dtype == bool
    assert frame["few_contacts"].tolist() == [True]
    assert frame.attrs["definition"] == (
        "Contacts: counted contacts. Average handle time: handle time of counted contacts [seconds] / counted contacts "
        "with a measured handle time. Counted are answered contacts of every direction, one per conversation."
    )


def test_the_columns_of_the_statement():
    frame = cpc.cost_statement(dataset(contacts([{}]), costs(("technology", 3.0))), by=["month"])
    assert list(frame.columns) == [
        "month", "cost_type", "posted", "moved", "ledger", "used", "waiting", "unallocated",
    ]  # fmt: skip


def test_an_interval_is_clustered_by_day():
    days = pd.date_range("2025-04-01", periods=10)
    rows = [
        {"started_at": f"{day:%Y-%m-%d} {hour}:00", "handle_seconds": 100 + 20 * (place % 5)}
        for place, day in enumerate(days)
        for hour in (10, 12, 14)
    ]
    data = dataset(contacts(rows), costs(("technology", 3.0)))
    row = cpc.measure(data, "average_handle_time", interval=0.95).iloc[0]
    means = np.array([100 + 20 * (place % 5) for place in range(10)])
    half = 2.2621571628 * means.std(ddof=1) / np.sqrt(10)  # Student's t, 9 degrees of freedom
    assert row["average_handle_time"] == pytest.approx(means.mean())
    assert row["average_handle_time_low"] == pytest.approx(means.mean() - half)
    assert row["average_handle_time_high"] == pytest.approx(means.mean() + half)
    few = dataset(contacts(rows[:12]), costs(("technology", 3.0)))
    assert np.isnan(cpc.measure(few, "average_handle_time", interval=0.95)["average_handle_time_low"].iloc[0])


def test_the_query_runs_as_it_is_shown():
    data = dataset(contacts([{}, {"channel": "chat"}]), costs(("technology", 3.0)))
    text = cpc.show_query(data, "average_handle_time", by=["month"])
    assert text.startswith("-- contacts\nSELECT")
    rows = data.engine.connection.con.execute(text).fetchall()
    assert len(rows) == 2


def test_schedule_quantities_by_agent_and_period():
    data = dataset(
        contacts([{"agent_id": "ann", "handle_seconds": 1800}]),
        costs(("salaries", 300.0)),
        shifts=pd.DataFrame([shift("ann", "2025-04-01 08:00", 1), shift("ann", "2025-04-01 12:00", 0.5, "break")]),
    )
    asked = ["paid_hours", "occupancy", "availability", "shrinkage", "hourly_cost", "fte", "contacts_per_paid_hour"]
    row = cpc.measure(data, asked, by=["month"]).iloc[0]
    assert row[asked].tolist() == pytest.approx([1.5, 0.5, 2 / 3, 1 / 3, 300.0, 1.5 / (37 / 7 * 30), 1 / 1.5])
    assert cpc.measure(data, "paid_hours", by=["agent_id", "day"])["paid_hours"].tolist() == [1.5]


def test_customers_and_contact_rate():
    bases = pd.DataFrame({"period": ["2025-04"], "base": ["customers"], "count": [50]})
    data = dataset(contacts([{}] * 10), costs(("technology", 100.0)), bases=bases)
    row = cpc.measure(data, ["contact_rate", "cost_per_customer"], by=["month"]).iloc[0]
    assert row["contact_rate"] == pytest.approx(0.2)
    assert row["cost_per_customer"] == pytest.approx(2.0)


def test_a_second_question_needs_no_scan(monkeypatch):
    data = dataset(contacts([{"site": "A"}, {"site": "B"}]), costs(("technology", 3.0)))
    cpc.measure(data, "cost_per_contact", by=["month", "site"])
    scans = []
    monkeypatch.setattr(type(data.engine), "fetch", lambda *_: scans.append(1))
    cpc.measure(data, ["contacts", "average_handle_time"], by=["quarter"])
    assert scans == []


def test_handmade_figures_are_the_readme_s(handmade):
    row = cpc.measure(handmade, ["contacts", "cost_per_contact", "cost_per_assisted_contact", "csat"]).iloc[0]
    assert row[["contacts", "cost_per_contact", "cost_per_assisted_contact", "csat"]].tolist() == pytest.approx(
        [8, 125.00, 123.75, 2 / 3]
    )
    by_channel = cpc.measure(handmade, "total_cost", by=["channel"]).set_index("channel")["total_cost"]
    assert by_channel.to_dict() == pytest.approx(
        {"voice": 1258 / 3, "chat": 554 / 3, "email": 336.0, "web": 10.0, "social": 50.0}
    )
    occupancy = cpc.measure(handmade, ["occupancy", "hourly_cost"], by=["staffing_group"]).set_index("staffing_group")
    assert occupancy["occupancy"].to_dict() == pytest.approx({"live": 0.5, "written": 2 / 3})
    assert occupancy["hourly_cost"].to_dict() == pytest.approx({"live": 250.0, "written": 300.0})


def test_the_signature_of_from_frames_is_as_stated() -> None:
    names = {name: given.default for name, given in inspect.signature(cpc.Dataset.from_frames).parameters.items()}
    tables = ["contacts", "costs", "agents", "shifts", "surveys", "legs", "hours", "budget", "bases", "tariffs"]
    assert list(names)[: len(tables)] == tables
    assert (names["currency"], names["timezone"]) == ("DKK", "Europe/Copenhagen")
    assert {"counting", "costing"} <= set(names)
