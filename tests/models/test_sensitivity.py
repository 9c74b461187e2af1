"""One step of each driver, checked by hand and against a centre that really took the step."""

from __future__ import annotations

import pandas as pd
import pytest

import cpc_analysis as cpc
from cpc_analysis.errors import InvalidInputError
from tests.centres import contacts, costs, dataset, shift


def centre(seconds: float = 180.0, **more: object) -> cpc.Dataset:
    """A hundred calls on 10 available and 2.5 other paid hours at 200 with a quarter of on-costs: 3,125 in all."""
    rows = [{"agent_id": "ann", "handle_seconds": seconds} | more for _ in range(100)]
    agents = pd.DataFrame(
        {"agent_id": ["ann"], "staffing_group": ["g"], "hourly_wage": [200.0], "on_cost_rate": [0.25]}
    )
    shifts = [shift("ann", "2025-04-07 08:00", 10), shift("ann", "2025-04-08 08:00", 2.5, "training")]
    ledger = costs(("salaries", 2500), ("on_costs", 625))
    return dataset(contacts(rows), ledger, agents=agents, shifts=pd.DataFrame(shifts))


def steps(data: cpc.Dataset) -> pd.DataFrame:
    return cpc.sensitivity(data, where={"month": "2025-04"}).set_index("step")


def test_each_step_by_hand():
    """31.25 a call; 5 hours are handled, 10 productive, 12.5 paid."""
    found = steps(centre())
    assert found.loc["wage", "cash"] == pytest.approx(-12.5 * 1.25 / 100)
    assert found.loc["handle_time", "capacity"] == pytest.approx(-10 * 15.625 / 180)  # half of 31.25 is handling
    assert found.loc["availability", "capacity"] == pytest.approx(-31.25 * (1 - 0.80 / 0.81))
    assert found.loc["occupancy", "capacity"] == pytest.approx(-31.25 * (1 - 0.50 / 0.51))
    assert found["level"].to_dict() == pytest.approx(
        {"wage": 200.0, "handle_time": 180.0, "availability": 0.8, "occupancy": 0.5}
    )


def test_cash_and_capacity_are_apart():
    found = steps(centre())
    assert (found.loc[found.index != "wage", "cash"] == 0).all() and found.loc["wage", "capacity"] == 0


def test_a_resolved_first_contact_spares_its_repeat():
    """90 first calls, 10 of them with a repeat: a point more spares 0.9 of 100 calls."""
    names = [f"k{number}" for number in range(90)] + [f"k{number}" for number in range(10)]
    data = centre()
    rows = [{"agent_id": "ann", "handle_seconds": 180.0, "customer_id": name,
             "started_at": f"2025-04-{10 + (number >= 90)} 10:00"} for number, name in enumerate(names)]  # fmt: skip
    ends = [{"agent_id": "ann", "handle_seconds": 0.0, "customer_id": f"end{day}", "started_at": f"2025-04-{day} 10:00"}
            for day in ("01", "30")]  # fmt: skip
    again = dataset(contacts(rows + ends), data.tables["costs"], agents=data.tables["agents"],
                    shifts=data.tables["shifts"])  # fmt: skip
    found = steps(again).loc["first_contact_resolution"]
    assert found["level"] == pytest.approx(80 / 90)
    used = 3125 * 0.5 / 102
    assert found["capacity"] == pytest.approx(-(0.01 * 92 * (10 / (92 * 10 / 90)) / 102) * used)


def test_ten_seconds_are_what_a_centre_with_shorter_calls_uses_less():
    """The labour used falls by what the step says; the rest of the paid time becomes waiting."""
    before, after = (
        cpc.measure(data, ["total_cost", "waiting_cost"]).iloc[0] for data in (centre(180.0), centre(170.0))
    )
    freed = (after["waiting_cost"] - before["waiting_cost"]) / 100
    assert steps(centre()).loc["handle_time", "capacity"] == pytest.approx(-freed)


def test_by_channel_weighs_up_to_the_whole(sample):
    where = {"month": "2025-06"}
    by = cpc.sensitivity(sample, by=["channel"], where=where)
    counts = cpc.measure(sample, "contacts", by=["channel"], where=where).set_index("channel")["contacts"]
    wage = by[by["step"] == "handle_time"].set_index("channel")["capacity"]
    whole = cpc.sensitivity(sample, where=where).set_index("step").loc["handle_time", "capacity"]
    assert (wage * counts).sum() / counts.sum() == pytest.approx(whole, rel=0.1)


def test_what_the_data_cannot_tell_is_left_out():
    data = dataset(contacts([{}, {}]), costs(("salaries", 10)))
    assert list(cpc.sensitivity(data)["step"]) == ["wage", "handle_time"]


def test_periods_belong_in_where(sample):
    with pytest.raises(InvalidInputError) as caught:
        cpc.sensitivity(sample, by=["month"])
    assert str(caught.value) == "`by` names columns other than periods; name the period in `where`."
