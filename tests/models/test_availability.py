import pytest

from cpc_analysis.dataset import Dataset
from cpc_analysis.errors import InvalidInputError
from cpc_analysis.measuring import measure
from cpc_analysis.models import Selection, compare, comparison_table
from cpc_analysis.models.availability import is_available, measure_available, measure_known
from cpc_analysis.periods import parse_period

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


def test_what_is_known_is_as_measured(data: Dataset) -> None:
    where = {"month": "2025-06"}
    known = measure_known(data, "contacts", ["channel"], where)
    assert known.equals(measure(data, "contacts", ["channel"], where))


def test_nothing_known_is_refused_with_what_is_missing(data: Dataset) -> None:
    with pytest.raises(InvalidInputError, match=r"^`csat` needs the table `surveys`; the dataset has none\.$"):
        measure_known(data, "csat", ["month"])
    waits = contacts().assign(wait_seconds=None)
    without = Dataset.from_frames(contacts=waits, costs=None, currency="DKK", timezone="Europe/Copenhagen")
    with pytest.raises(InvalidInputError) as refused:
        measure_known(without, "average_wait", ["month"])
    assert str(refused.value) == (
        "`average_wait` has no value here: what it needs is not recorded there, or no period of it is complete."
    )


def test_a_table_of_nothing_is_refused() -> None:
    data = Dataset.from_frames(contacts=contacts(), costs=None, currency="DKK", timezone="Europe/Copenhagen")
    frame = compare(Selection(data, parse_period("2025-06"), "month", {}), "cost_per_contact", by=["channel"])
    with pytest.raises(InvalidInputError) as refused:
        comparison_table(frame)
    assert str(refused.value) == (
        "`cost_per_contact` has no value in any group, neither now nor in what stands beside it."
    )
