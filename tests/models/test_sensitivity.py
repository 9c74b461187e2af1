"""One step of each driver, checked by hand and against a centre that really took the step."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import cpc_analysis as cpc
from cpc_analysis.cells.work import work_frame
from cpc_analysis.costing.labour import time_on_cells
from cpc_analysis.costing.ledger import pools
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
    assert found.loc["handle_time", "released_capacity"] == pytest.approx(
        -10 * 15.625 / 180
    )  # half of 31.25 is handling
    assert found.loc["availability", "released_capacity"] == pytest.approx(-31.25 * (1 - 0.80 / 0.81))
    assert found.loc["occupancy", "released_capacity"] == pytest.approx(-31.25 * (1 - 0.50 / 0.51))
    assert found["level"].to_dict() == pytest.approx(
        {"wage": 200.0, "handle_time": 180.0, "availability": 0.8, "occupancy": 0.5}
    )


def test_cash_and_released_capacity_are_apart():
    found = steps(centre())
    assert (found.loc[found.index != "wage", "cash"] == 0).all() and found.loc["wage", "released_capacity"] == 0


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
    assert found["released_capacity"] == pytest.approx(-(0.01 * 92 * (10 / (92 * 10 / 90)) / 102) * used)


def test_ten_seconds_are_what_a_centre_with_shorter_calls_uses_less():
    """The labour used falls by what the step says; the rest of the paid time becomes waiting."""
    before, after = (
        cpc.measure(data, ["total_cost", "waiting_cost"]).iloc[0] for data in (centre(180.0), centre(170.0))
    )
    freed = (after["waiting_cost"] - before["waiting_cost"]) / 100
    assert steps(centre()).loc["handle_time", "released_capacity"] == pytest.approx(-freed)


def test_by_channel_weighs_up_to_the_whole(sample):
    where = {"month": "2025-06"}
    by = cpc.sensitivity(sample, by=["channel"], where=where)
    counts = cpc.measure(sample, "contacts", by=["channel"], where=where).set_index("channel")["contacts"]
    wage = by[by["step"] == "handle_time"].set_index("channel")["released_capacity"]
    whole = cpc.sensitivity(sample, where=where).set_index("step").loc["handle_time", "released_capacity"]
    assert (wage * counts).sum() / counts.sum() == pytest.approx(whole, rel=1e-9)


def test_levels_are_the_figures_of_measure(sample):
    where = {"month": "2025-06"}
    found = cpc.sensitivity(sample, by=["staffing_group"], where=where)
    steps = {"occupancy": "occupancy", "availability": "availability", "handle_time": "average_handle_time",
             "first_contact_resolution": "first_contact_resolution"}  # fmt: skip
    for step, name in steps.items():
        levels = found[found["step"] == step].set_index("staffing_group")["level"]
        figures = cpc.measure(sample, name, by=["staffing_group"], where=where).set_index("staffing_group")[name]
        pd.testing.assert_series_equal(levels, figures.reindex(levels.index), check_names=False, rtol=1e-12)


def test_back_office_has_no_handle_time_to_save():
    """Ten hours of back office beside five of calls on ten productive ones, where nobody waits any more."""
    data = centre()
    hours = pd.DataFrame({"period": ["2025-04"], "staffing_group": ["g"], "activity": ["back_office"], "hours": [5.0]})
    found = steps(dataset(data.tables["contacts"], data.tables["costs"], agents=data.tables["agents"],
                          shifts=data.tables["shifts"], hours=hours))  # fmt: skip
    # 3,125 over ten occupied hours: ten seconds of a hundred calls.
    assert found.loc["handle_time", "released_capacity"] == pytest.approx(-10 * 312.5 / 3600)
    assert found.loc["handle_time", "level"] == pytest.approx(180.0)
    assert found.loc["occupancy", ["released_capacity", "level"]].tolist() == [0.0, 1.0]


def test_labour_by_the_piece_is_cash():
    """Of 3,125 of labour 500 are paid to an agency: so is that part of what ten seconds are worth."""
    agency = costs(("salaries", 2000), ("salaries", 500), ("on_costs", 625)).assign(account=["5010", "5130", "5210"])
    data = centre()
    bought = dataset(data.tables["contacts"], agency, agents=data.tables["agents"], shifts=data.tables["shifts"],
                     costing=cpc.Costing(piece_accounts=("5130",)))  # fmt: skip
    step = steps(bought).loc["handle_time"]
    freed = 10 * 100 * 312.5 / 3600 / 100
    assert step[["cash", "released_capacity"]].tolist() == pytest.approx([-0.16 * freed, -0.84 * freed])


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(seconds=st.integers(60, 300), other=st.sampled_from([0.0, 1.5]), training=st.sampled_from([0.5, 2.5]))
def test_steps_are_finite_differences_of_the_identity(seconds, other, training):
    """A centre that really took the step: what it uses less, or what it needs less paid time for the same work."""

    def centre_with(seconds: float, available: float, wage: float) -> cpc.Dataset:
        rows = [{"agent_id": "ann", "handle_seconds": seconds} for _ in range(100)]
        agents = pd.DataFrame({"agent_id": ["ann"], "staffing_group": ["g"], "hourly_wage": [wage]})
        shifts = [shift("ann", "2025-04-07 08:00", available), shift("ann", "2025-04-08 08:00", training, "training")]
        tables = {"agents": agents, "shifts": pd.DataFrame(shifts)}
        if other:
            tables["hours"] = pd.DataFrame({"period": ["2025-04"], "staffing_group": ["g"], "activity": ["post"],
                                            "hours": [other]})  # fmt: skip
        return dataset(contacts(rows), costs(("salaries", wage * (available + training))), **tables)

    base = centre_with(seconds, 12.0, 200.0)
    found = steps(base)
    now = cpc.measure(base, ["total_cost", "waiting_cost", "cost_per_contact"]).iloc[0]
    shorter = cpc.measure(centre_with(seconds - 10, 12.0, 200.0), ["waiting_cost"]).iloc[0]
    assert found.loc["handle_time", "released_capacity"] == pytest.approx(
        -(shorter["waiting_cost"] - now["waiting_cost"]) / 100
    )
    cheaper = cpc.measure(centre_with(seconds, 12.0, 199.0), ["cost_per_contact"]).iloc[0]
    assert found.loc["wage", "cash"] == pytest.approx(cheaper["cost_per_contact"] - now["cost_per_contact"])
    # A point more of the hours are worked: the same work, waiting and training loaded in proportion.
    worked = seconds * 100 / 3600 + other
    level = worked / 12.0
    needed = worked / (level + 0.01)
    share = now["cost_per_contact"] * (1 - needed / 12.0)
    assert found.loc["occupancy", "released_capacity"] == pytest.approx(-share)


def test_what_the_data_cannot_tell_is_left_out():
    data = dataset(contacts([{}, {}]), costs(("salaries", 10)))
    assert list(cpc.sensitivity(data)["step"]) == ["wage", "handle_time"]


def test_periods_belong_in_where(sample):
    with pytest.raises(InvalidInputError) as caught:
        cpc.sensitivity(sample, by=["month"])
    assert str(caught.value) == "`by` names columns other than periods; name the period in `where`."


def test_the_step_of_the_wage_prices_every_paid_hour(sample):
    """Groups that wait unlike each other, work outside the contact log, and an agent who works beyond the roster."""
    june = {"month": "2025-06"}
    wage = cpc.sensitivity(sample, where=june).set_index("step").loc["wage"]
    facts = cpc.measure(sample, ["paid_hours", "contacts"], where=june).iloc[0]
    lines = cpc.cost_statement(sample, by=["month"])
    on_costs = lines[(lines["month"] == "2025-06-01") & (lines["cost_type"] == "on_costs")]["ledger"].sum()
    pay = float(wage["level"]) * facts["paid_hours"]
    assert facts["paid_hours"] == 1833.5
    hours = -wage["cash"] * facts["contacts"] / (1.0 + float(on_costs) / pay)
    assert hours == pytest.approx(1833.5, rel=1e-9)


@pytest.mark.parametrize("rule", ["group_time", "agent_time", "wage_time", "handle_time"])
def test_paid_hours_are_all_there_by_any_rule(sample, rule):
    """By agent, one who works without a shift that month is taken to be paid as the others are: 2 in a million."""
    data = sample.replace(costing=cpc.Costing(salaries=rule))
    work = work_frame(data, (), payers=True, scopes=pools(data).scopes)
    hours = time_on_cells(data, work)["paid"][work["month"] == "2025-06-01"].sum() / 3600
    assert hours == pytest.approx(1833.5, rel=2e-6)


def test_what_works_beyond_the_roster_is_paid_once():
    """Five hours are handled in one scheduled: the payroll paid 3.5."""
    rows = [{"agent_id": "ann", "handle_seconds": 180.0} for _ in range(100)]
    agents = pd.DataFrame({"agent_id": ["ann"], "staffing_group": ["g"], "hourly_wage": [200.0]})
    shifts = [shift("ann", "2025-04-07 08:00", 1), shift("ann", "2025-04-08 08:00", 2.5, "training")]
    found = steps(dataset(contacts(rows), costs(("salaries", 700)), agents=agents, shifts=pd.DataFrame(shifts)))
    assert found.loc["wage", ["cash", "level"]].tolist() == pytest.approx([-3.5 / 100, 200.0])
    assert found.loc["occupancy", ["released_capacity", "level"]].tolist() == [0.0, 1.0]


def test_a_share_of_all_has_no_point_left():
    """Eight minutes in ten are handled, every paid one is available; half a point is left of 99.5 percent."""
    agents = pd.DataFrame({"agent_id": ["ann"], "staffing_group": ["g"], "hourly_wage": [200.0]})
    rows = contacts([{"agent_id": "ann", "handle_seconds": 288.0} for _ in range(100)])
    shifts = [shift("ann", "2025-04-07 08:00", 10)]
    found = steps(dataset(rows, costs(("salaries", 2000)), agents=agents, shifts=pd.DataFrame(shifts)))
    assert found.loc["availability", ["released_capacity", "level"]].tolist() == [0.0, 1.0]
    assert found.loc["occupancy", "released_capacity"] == pytest.approx(-20 * (1 - 0.80 / 0.81))
    shifts = [shift("ann", "2025-04-07 08:00", 9.95), shift("ann", "2025-04-08 08:00", 0.05, "training")]
    found = steps(dataset(rows, costs(("salaries", 2000)), agents=agents, shifts=pd.DataFrame(shifts)))
    assert found.loc["availability", "released_capacity"] == pytest.approx(-20 * 0.005)


def test_what_is_not_known_of_a_group_is_missing(sample):
    """No window of a callback has been judged: its resolution is not known, and so is what a point would do."""
    frame = cpc.sensitivity(sample, by="channel", where={"month": "2025-06"})
    rows = frame[frame["step"] == "first_contact_resolution"].set_index("channel")
    assert rows.loc["callback", ["released_capacity", "level"]].isna().all()
    assert rows.drop(index="callback")[["released_capacity", "level"]].notna().all(axis=None)


def test_a_resolution_that_nothing_tells_is_left_out():
    """The customers came on the last day: no window has closed."""
    frame = cpc.sensitivity(dataset(contacts([{"customer_id": "k", "started_at": "2025-04-30 10:00"}]),
                                    costs(("salaries", 10))))  # fmt: skip
    assert list(frame["step"]) == ["wage", "handle_time"]
