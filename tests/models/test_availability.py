import pytest

from cpc_analysis.dataset import Dataset
from cpc_analysis.models.availability import is_available, measure_available

from .conftest import contacts


@pytest.mark.parametrize(
    ("quantity", "available"),
    [
        ("cost_per_contact", True),
        ("average_handle_time", True),
        ("csat", False),
        ("occupancy", False),
        ("cost_per_customer", False),
        ("first_contact_resolution", False),
        ("cost_per_resolution", False),
    ],
)
def test_a_quantity_is_available_when_its_tables_are_there(data: Dataset, quantity: str, available: bool) -> None:
    assert is_available(data, quantity) is available


def test_money_is_not_available_without_costs() -> None:
    data = Dataset.from_frames(contacts=contacts(), costs=None, currency="DKK", timezone="Europe/Copenhagen")
    assert not is_available(data, "total_cost")


def test_what_is_not_available_is_missing_and_in_its_place(data: Dataset) -> None:
    frame = measure_available(data, ["csat", "contacts"], by=["channel"], where={"month": "2025-06"})
    assert frame.columns.tolist() == ["channel", "csat", "contacts", "few_contacts", "complete"]
    assert frame["csat"].isna().all()
    assert frame["contacts"].tolist() == [40.0, 60.0]
    assert frame.attrs["quantities"] == ["csat", "contacts"]


def test_nothing_available_is_a_frame_of_missing_values(data: Dataset) -> None:
    frame = measure_available(data, ["csat"], where={"month": "2025-06"})
    assert frame.columns.tolist() == ["csat", "few_contacts", "complete"]
    assert frame["csat"].isna().all()
