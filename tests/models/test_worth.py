"""What becomes of cost that is no longer needed: one line of each kind by hand, and any ledger without a rest."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cpc_analysis as cpc
from cpc_analysis.cells.work import work_frame
from cpc_analysis.costing.labour import time_on_cells
from cpc_analysis.costing.ledger import pools
from cpc_analysis.costing.shares import costed_work
from cpc_analysis.costing.worth import WORTH, released_hours_on_cells, worth_of_lines, worth_on_cells
from cpc_analysis.schema import LABOUR_TYPES
from tests.centres import build, centres, contacts, costs, dataset, shift

ONE_OF_EACH = [
    ("5010", "salaries", 1200.0, "variable"),  # wages of the roster, whatever the ledger calls them
    ("5130", "salaries", 200.0, "variable"),  # an agency, by the hour
    ("7410", "outsourcing", 50.0, None),
    ("6310", "licences", 40.0, "step"),
    ("6320", "licences", 20.0, "variable"),  # a price per contact
    ("7110", "facilities", 100.0, "fixed"),
    ("7910", "other", 10.0, None),
]


def ledger(lines: list[tuple[str, str, float, str | None]]) -> pd.DataFrame:
    frame = costs(*((cost_type, amount) for _, cost_type, amount, _ in lines))
    return frame.assign(account=[line[0] for line in lines], behaviour=[line[3] for line in lines])


def centre(pieces: tuple[str, ...] = ("5130",), worked: float = 5.0, available: float = 10.0, meeting: float = 2.0):
    """Ann works half of ten available hours, three fifths of that on late deliveries; two more are a paid meeting."""
    seconds = worked * 3600
    rows = contacts([
        {"reason": reason, "handle_seconds": share * seconds, "agent_id": "ann", "started_at": f"2025-04-{day} 09:00"}
        for reason, share, day in (("late", 0.3, "01"), ("late", 0.3, "07"), ("invoice", 0.2, "08"),
                                   ("invoice", 0.2, "30"))
    ])  # fmt: skip
    agents = pd.DataFrame({"agent_id": ["ann"], "staffing_group": ["g"], "hourly_wage": [100.0]})
    shifts = [shift("ann", "2025-04-07 08:00", available), shift("ann", "2025-04-08 08:00", meeting, "meeting")]
    return dataset(rows, ledger(ONE_OF_EACH), agents=agents, shifts=pd.DataFrame(shifts),
                   costing=cpc.Costing(piece_accounts=pieces))  # fmt: skip


def test_one_line_of_each_kind_by_hand():
    """Three fifths of every line lie on late deliveries; half of the labour is waiting, which stays."""
    frame = cpc.value_of_removal(centre(), period="2025-04").set_index("reason")
    late = frame.loc["late"]
    assert late["cash"] == pytest.approx(0.6 * (100 + 50 + 20))  # agency, outsourcing, licence per contact
    assert late["avoided"] == pytest.approx(0.6 * 40)
    assert late["released_capacity"] == pytest.approx(0.6 * 600)
    assert late["stays"] == pytest.approx(0.6 * (600 + 100 + 100 + 10))  # waiting, rent, what says nothing
    assert frame[[*WORTH]].to_numpy().sum() == pytest.approx(1620.0)


def test_paid_time_of_the_roster_is_told_in_hours():
    """Five of ten available hours are worked, and two hours of meeting go with all of them: six of twelve paid."""
    frame = cpc.value_of_removal(centre(pieces=()), period="2025-04").set_index("reason")
    assert frame["released_hours"].to_dict() == pytest.approx({"late": 3.6, "invoice": 2.4})
    assert frame["released_capacity"].to_dict() == pytest.approx({"late": 420.0, "invoice": 280.0})


def test_hours_are_not_told_where_labour_is_bought_by_the_piece():
    assert cpc.value_of_removal(centre(), period="2025-04")["released_hours"].isna().all()


def test_labour_is_released_without_shifts_too():
    """Nothing is known of waiting: all of the five hours worked."""
    data = dataset(centre().tables["contacts"], ledger(ONE_OF_EACH[:1]))
    late = cpc.value_of_removal(data, period="2025-04").set_index("reason").loc["late"]
    assert late[[*WORTH, "released_hours"]].tolist() == pytest.approx([0, 0, 720, 0, 3.0])


@pytest.mark.parametrize("behaviour", ["variable", "step", "fixed", None])
@pytest.mark.parametrize("cost_type", LABOUR_TYPES)
def test_no_behaviour_makes_money_of_a_roster(cost_type, behaviour):
    lines = pd.DataFrame({"account": ["5010"], "cost_type": [cost_type], "behaviour": [behaviour]})
    assert worth_of_lines(lines).tolist() == ["released_capacity"]
    assert worth_of_lines(lines, ["5010"]).tolist() == ["cash"]


@pytest.mark.parametrize(
    ("cost_type", "behaviour", "worth"),
    [
        ("outsourcing", None, "cash"),
        ("outsourcing", "variable", "cash"),
        ("outsourcing", "step", "avoided"),
        ("outsourcing", "fixed", "stays"),  # a retainer is paid whatever comes
        ("technology", None, "stays"),
        ("technology", "variable", "cash"),
        ("technology", "step", "avoided"),
        ("technology", "fixed", "stays"),
    ],
)
def test_other_cost_goes_by_its_behaviour(cost_type, behaviour, worth):
    lines = pd.DataFrame({"account": ["7410"], "cost_type": [cost_type], "behaviour": [behaviour]})
    assert worth_of_lines(lines).tolist() == [worth]


def test_a_ledger_without_behaviours_is_told_too():
    lines = pd.DataFrame({"account": ["1", "2", "3"], "cost_type": ["salaries", "outsourcing", "technology"]})
    assert worth_of_lines(lines).tolist() == ["released_capacity", "cash", "stays"]


def test_what_is_spread_over_its_service_is_bought_by_the_piece_in_every_month():
    rows = contacts([{"started_at": f"2025-{month}-{day} 10:00"} for month in ("03", "04") for day in ("01", "30")])
    invoice = costs(("salaries", 610.0), month="2025-03").assign(
        account="5130", service_from="2025-03-01", service_to="2025-04-30"
    )
    wages = costs(("salaries", 50.0), month="2025-04")
    policy = cpc.Costing(spread_accounts=("5130",), piece_accounts=("5130",))
    data = dataset(rows.assign(reason="late"), pd.concat([invoice, wages]), costing=policy)
    frame = cpc.value_of_removal(data, period="2025-04")
    assert frame.loc[0, [*WORTH]].tolist() == pytest.approx([300.0, 0.0, 50.0, 0.0])


def test_wages_from_payroll_are_of_a_roster():
    data = centre()
    generated = dataset(data.tables["contacts"], None, agents=data.tables["agents"], shifts=data.tables["shifts"],
                        costing=cpc.Costing(wages_from="payroll"))  # fmt: skip
    frame = cpc.value_of_removal(generated, period="2025-04")
    assert frame[["released_capacity", "stays"]].sum().tolist() == pytest.approx([600.0, 600.0])


@given(centres(), st.data())
def test_the_kinds_add_up_to_the_cost_of_every_cell(tables, data):
    size = len(tables["costs"])
    each = st.tuples(st.sampled_from(["variable", "step", "fixed", None]), st.sampled_from(["4000", "5130"]))
    drawn = data.draw(st.lists(each, min_size=size, max_size=size))
    tables["costs"] = tables["costs"].assign(behaviour=[pair[0] for pair in drawn], account=[pair[1] for pair in drawn])
    made = build(tables).replace(costing=cpc.Costing(piece_accounts=["5130"]))
    work, allocation = costed_work(made, ())
    worth = worth_on_cells(made, work)
    in_ledger = work["month"].isin(pools(made).frame["month"].unique()).to_numpy()
    scale = max(1.0, float(tables["costs"]["amount"].astype("float64").abs().sum()))
    on_cells = np.asarray(allocation.on_cells() * np.ones(len(work))) / 100
    assert worth[in_ledger].sum(axis=1).to_numpy() == pytest.approx(on_cells[in_ledger], abs=1e-9 * scale)
    assert worth[~in_ledger].isna().all(axis=None)


QUARTERS = st.integers(1, 48)


@given(worked=QUARTERS, available=QUARTERS, meeting=QUARTERS)
def test_every_paid_hour_lies_in_one_kind(worked, available, meeting):
    """Released is what is worked of the available time, with the meetings that go with it; the rest waits."""
    made = centre((), worked / 4, available / 4, meeting / 4)
    work = work_frame(made, (), payers=True, scopes=pools(made).scopes)
    released = released_hours_on_cells(made, work).sum()
    paid = time_on_cells(made, work)["paid"].sum() / 3600
    assert paid == pytest.approx((available + meeting) / 4)
    assert released == pytest.approx(min(worked / available, 1.0) * paid, rel=1e-6)
    labour = worth_on_cells(made, work, LABOUR_TYPES).sum()
    assert released / paid == pytest.approx(labour["released_capacity"] / labour.sum())


def test_accounts_that_the_ledger_does_not_have_are_told():
    named = cpc.Costing(piece_accounts=["5130", "5131"], premium_accounts="5110", spread_accounts=("6310",))
    notes = centre().replace(costing=named).check().notes
    assert "`piece_accounts` names accounts that the ledger does not have: 5131." in notes
    assert "`premium_accounts` names accounts that the ledger does not have: 5110." in notes
    assert not any("spread_accounts" in note for note in notes)
