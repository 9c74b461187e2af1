"""The centre of ten contacts: its files' raw sums, and every figure that its README works out by hand."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

import cpc_analysis as cpc
from cpc_analysis.sources.project import open_project

FOLDER = Path(__file__).parents[2] / "examples" / "handmade"


@pytest.fixture(scope="module")
def data() -> cpc.Dataset:
    return open_project(FOLDER)


@pytest.fixture(scope="module")
def contacts() -> pd.DataFrame:
    return pd.read_csv(FOLDER / "contacts.csv", dtype={"contact_id": "str"})


def test_ten_contacts_from_the_first_to_the_last_day(contacts: pd.DataFrame) -> None:
    days = contacts["started_at"].str[:10]
    assert len(contacts) == 10
    assert (days.min(), days.max()) == ("2025-04-01", "2025-04-30")


def test_raw_sums(contacts: pd.DataFrame) -> None:
    assert contacts["outcome"].value_counts().to_dict() == {"answered": 8, "abandoned": 1, "self_served": 1}
    assert contacts.groupby("channel")["handle_seconds"].sum().to_dict() == {
        "chat": 1_200, "email": 2_400, "voice": 2_400, "web": 0,
    }  # fmt: skip
    assert contacts["wait_seconds"].sum() == 140
    costs = pd.read_csv(FOLDER / "costs.csv", dtype={"amount": "str"})
    assert sum(Decimal(amount) for amount in costs["amount"]) == Decimal("1000.00")
    shifts = pd.read_csv(FOLDER / "shifts.csv", parse_dates=["starts_at", "ends_at"])
    hours = (shifts["ends_at"] - shifts["starts_at"]).dt.total_seconds() / 3600
    assert (hours.sum(), hours[shifts["is_productive"]].sum()) == (4.0, 3.0)


def test_nothing_is_set_aside(data: cpc.Dataset) -> None:
    assert data.quarantine.empty


@pytest.mark.parametrize(
    ("quantity", "figure"),
    [
        ("contacts", 8),
        ("average_handle_time", 750),
        ("total_cost", 1_000),
        ("cost_per_contact", 125),
        ("cost_per_assisted_contact", 123.75),
        ("cost_per_self_service_session", 10),
        ("waiting_cost", 350),
        ("paid_hours", 4),
        ("survey_response_rate", 3 / 4),
        ("csat", 2 / 3),
        ("repeat_rate", 1 / 6),
    ],
)
def test_the_whole_centre(data: cpc.Dataset, quantity: str, figure: float) -> None:
    assert cpc.measure(data, quantity)[quantity].tolist() == [pytest.approx(figure)]


@pytest.mark.parametrize(
    ("channel", "offered", "handle_time", "cost", "per_contact"),
    [
        ("voice", 5, 600, 1000 / 3 + 36 + 50, (1000 / 3 + 36 + 50) / 4),
        ("chat", 2, 600, 500 / 3 + 18, (500 / 3 + 18) / 2),
        ("email", 1, 1_200, 300 + 36, 168),
    ],
)
def test_channels(
    data: cpc.Dataset, channel: str, offered: int, handle_time: float, cost: float, per_contact: float
) -> None:
    quantities = ["offered_contacts", "average_handle_time", "total_cost", "cost_per_contact"]
    row = cpc.measure(data, quantities, by=["channel"]).set_index("channel").loc[channel]
    assert row[quantities].tolist() == pytest.approx([offered, handle_time, cost, per_contact])


def test_voice_waits_and_service_level(data: cpc.Dataset) -> None:
    quantities = ["average_wait", "service_level", "abandonment_rate"]
    row = cpc.measure(data, quantities, by=["channel"]).set_index("channel").loc["voice"]
    assert row[quantities].tolist() == pytest.approx([28, 0.4, 0.2])


def test_channels_without_counted_contacts_keep_their_cost(data: cpc.Dataset) -> None:
    rows = cpc.measure(data, ["total_cost", "cost_per_contact"], by=["channel"]).set_index("channel")
    assert rows.loc[["web", "social"], "total_cost"].tolist() == [10, 50]
    assert rows.loc[["web", "social"], "cost_per_contact"].isna().all()


@pytest.mark.parametrize(
    ("group", "paid", "occupancy", "availability"), [("live", 2.5, 1 / 2, 4 / 5), ("written", 1.5, 2 / 3, 2 / 3)]
)
def test_staffing_groups(data: cpc.Dataset, group: str, paid: float, occupancy: float, availability: float) -> None:
    quantities = ["paid_hours", "occupancy", "availability"]
    row = cpc.measure(data, quantities, by=["staffing_group"]).set_index("staffing_group").loc[group]
    assert row[quantities].tolist() == pytest.approx([paid, occupancy, availability])


def test_the_statement_ties_out(data: cpc.Dataset) -> None:
    sums = cpc.cost_statement(data)[["ledger", "used", "waiting", "unallocated"]].sum()
    assert sums.tolist() == [Decimal("1000.00"), Decimal("600.00"), Decimal("350.00"), Decimal("50.00")]
