"""How much of a budget follows the volume, where the ledger's invoices are spread over their service."""

from __future__ import annotations

import hypothesis.strategies as st
import pandas as pd
import pytest
from hypothesis import given, settings

import cpc_analysis as cpc
from cpc_analysis.errors import InvalidInputError
from cpc_analysis.models.budgeting import budget_for
from tests.centres import contacts, costs, dataset


@pytest.mark.parametrize(("accounts", "variable"), [(("6340",), 100 / (100 + 1200 * 31 / 365)), ((), 100 / 1300)])
def test_spread_invoices_keep_their_behaviour(accounts, variable):
    """March had 100 of variable licences and its month of a fixed invoice; April's contacts double the budget's."""
    monthly = [costs(("licences", 100.0), month=month, behaviour="variable") for month in ("2025-03", "2025-04")]
    invoice = costs(("licences", 1200.0), month="2025-03", behaviour="fixed").assign(
        line_id="year", account="6340", service_from="2025-03-01", service_to="2026-02-28")  # fmt: skip
    rows = contacts([{"started_at": f"2025-{month}-{day} 10:00"} for month in ("03", "04") for day in ("01", "30")])
    budget = pd.DataFrame({"period": ["2025-04"], "channel": ["voice"], "cost_type": ["licences"], "amount": [200.0],
                           "contact_count": [1]})  # fmt: skip
    data = dataset(rows, pd.concat([*monthly, invoice]), budget=budget,
                   costing=cpc.Costing(spread_accounts=accounts))  # fmt: skip
    row = cpc.flexed_budget(data, {"month": "2025-04"}).iloc[0]
    found = [row["variable_cost"], row["fixed_cost"]]
    assert found == pytest.approx([200 * variable * 2, 200 * (1 - variable)], abs=0.01)


def two_channels(months: tuple[str, ...] = ("2025-04",), **counting: object) -> cpc.Dataset:
    """Budgeted each month: 10 calls with 100 of variable licences, 20 web sessions with 40; came: 5 and 30 in April."""
    calls, sessions = [{"channel": "voice"}] * 5, [{"channel": "web", "outcome": "self_served"}] * 30
    ledger = costs(("licences", 50.0), ("licences", 60.0)).assign(channel=["voice", "web"])
    budget = pd.concat([
        pd.DataFrame({"period": [month] * 2, "channel": ["voice", "web"], "cost_type": ["licences"] * 2,
                      "amount": [100.0, 40.0], "contact_count": [10, 20], "behaviour": "variable"}) for month in months
    ])  # fmt: skip
    return dataset(contacts(calls + sessions), ledger, budget=budget, **counting)


def test_self_service_flexes_with_its_sessions():
    """Half the calls, half again the sessions: 100 / 2 + 40 x 1.5; budgeted and flexed contacts are calls."""
    data = two_channels()
    assert budget_for(data, "contacts")["contacts"][0] == 10
    assert budget_for(data, "cost_per_contact")["cost_per_contact"][0] == 14
    row = cpc.flexed_budget(data, {"month": "2025-04"}).iloc[0]
    assert (row["contacts"], row["total_cost"], row["cost_per_contact"]) == (5, 110, 22)
    assert row["cost_per_assisted_contact"] == 10
    counted = two_channels(counting=cpc.Counting(outcomes=("answered", "self_served")))
    assert budget_for(counted, "contacts")["contacts"][0] == 30
    row = cpc.flexed_budget(counted, {"month": "2025-04"}).iloc[0]
    assert (row["contacts"], row["total_cost"], row["cost_per_assisted_contact"]) == (35, 110, 10)


def test_a_month_without_contacts_flexes_to_nothing():
    data = two_channels(("2025-04", "2025-05"))
    row = cpc.flexed_budget(data, {"month": "2025-05"}).iloc[0]
    assert (row["contacts"], row["variable_cost"], row["fixed_cost"]) == (0, 0, 0)


def test_a_quarter_with_a_budget_of_one_month_has_none():
    data = two_channels()
    assert budget_for(data, "total_cost", where={"quarter": "2025-Q2"}).empty
    assert budget_for(data, "total_cost", by=["quarter"]).empty
    assert cpc.monthly_pack(data, "2025-Q2").to_frame()[["budget", "flexed_budget"]].isna().all(axis=None)
    with pytest.raises(InvalidInputError) as caught:
        cpc.flexed_budget(data, {"quarter": "2025-Q2"})
    assert str(caught.value) == (
        "A flexed budget needs the budget of each month asked for, and none is there of 2025-05, 2025-06."
    )


def test_what_a_budget_does_not_know_is_refused():
    with pytest.raises(InvalidInputError) as caught:
        cpc.flexed_budget(two_channels(), {"site": "Aarhus"})
    assert str(caught.value) == "A flexed budget knows channel, month, quarter, year, got `where` with 'site'."


def planned(*lines: tuple, columns: str = "cost_type channel amount contact_count behaviour") -> pd.DataFrame:
    """Lines of the budget of April."""
    return pd.DataFrame(lines, columns=columns.split()).assign(period="2025-04")


def calls(count: int, channel: str = "voice") -> list[dict]:
    """Contacts of April, in one row."""
    return [{"channel": channel, "contact_count": count, "covers": "month", "handle_seconds": 60.0 * count}]


@pytest.mark.parametrize("consultants", [0.01, 500.0, 4_500.0])
def test_an_overspend_does_not_lower_its_own_yardstick(consultants):
    """500 for twice the contacts, and 500 that stand still, whatever was spent."""
    budget = planned(("other", "voice", 500.0, 100, "variable"), ("other", "voice", 500.0, None, "fixed"))
    ledger = costs(("other", 500.0), ("other", consultants)).assign(behaviour=["variable", "fixed"])
    data = dataset(contacts(calls(200)), ledger, budget=budget)
    assert data.check().ok
    assert cpc.flexed_budget(data, {"month": "2025-04"})["total_cost"].tolist() == [1500.0]
    assert budget_for(data, "contacts")["contacts"].tolist() == [100]


AMOUNTS = st.integers(-5_000, 50_000).filter(bool)
LINES = st.lists(
    st.tuples(
        st.sampled_from(["salaries", "telecom", "other", "technology"]), st.sampled_from(["voice", "chat", None]),
        AMOUNTS, st.sampled_from(["fixed", "step", "variable", None]),
    ),
    max_size=8,
)  # fmt: skip


def booked(lines: list[tuple], month: str) -> pd.DataFrame:
    frame = pd.DataFrame(lines, columns=["cost_type", "channel", "amount", "behaviour"])
    frame["line_id"] = [f"{month}-{number}" for number in range(len(frame))]
    return frame.assign(posted_on=f"{month}-28", account="4000")


@settings(max_examples=5)
@given(before=LINES, spent=LINES, more=LINES)
def test_the_flexed_budget_is_the_same_under_any_spending(before, spent, more):
    """The ledger of the twelve months before speaks of the behaviours; that of the quarter never does."""
    budget = planned(
        ("telecom", "voice", 300.0, 10, None),
        ("other", "chat", 200.0, 5, None),
        ("salaries", "voice", 900.0, None, None),
        ("technology", None, 50.0, None, "variable"),
    )
    months = [budget.assign(period=month) for month in ("2025-04", "2025-05", "2025-06")]
    rows = contacts([*calls(17), *calls(9, "chat")], started_at="2025-04-01 09:00")
    flexed = []
    for lines in (spent, more):
        invoice = booked([("telecom", "voice", 700, "fixed")], "2025-05").assign(
            account="6340", line_id="year", service_from="2025-01-01", service_to="2025-12-31")  # fmt: skip
        ledger = [booked(before, "2025-03"), booked(lines, "2025-04"), booked(lines, "2025-06"), invoice]
        data = dataset(rows, pd.concat(ledger, ignore_index=True), budget=pd.concat(months),
                       costing=cpc.Costing(spread_accounts=("6340",)))  # fmt: skip
        asked = ({"month": "2025-04"}, {"quarter": "2025-Q2"})
        flexed.append([cpc.flexed_budget(data, where)["total_cost"][0] for where in asked])
    assert flexed[0] == flexed[1]


def told(budget: pd.DataFrame, ledger: pd.DataFrame, **shares: float) -> dict[str, tuple[float, str]]:
    data = dataset(contacts(calls(20)), ledger, budget=budget, settings=cpc.Settings(budget_variable=shares))
    lines = cpc.flexed_lines(data, {"month": "2025-04"})
    return {line.cost_type: (line.variable_share, line.told_by) for line in lines.itertuples()}


def test_who_says_how_much_of_a_line_is_variable():
    """The line, else the project, else the ledger of the twelve months before, but never the ledger for labour."""
    names = ["salaries", "on_costs", "telecom", "technology", "tax", "facilities"]
    budget = planned(*((name, "voice", 100.0, 10, None) for name in names))
    old = costs(("telecom", 900.0), ("tax", 900.0), month="2024-03").assign(behaviour="variable", line_id=["o1", "o2"])
    year = costs(("salaries", 500.0), ("on_costs", 100.0), ("telecom", 30.0), ("telecom", 70.0), ("facilities", 9.0),
                 month="2024-04")  # fmt: skip
    year["behaviour"] = ["variable", "variable", "variable", "fixed", None]
    # The month itself is judged.
    now = costs(("technology", 50.0), ("telecom", 900.0)).assign(behaviour="variable")
    ledger = pd.concat([old, year, now], ignore_index=True)
    assert told(budget, ledger) == {
        "salaries": (0.0, "roster"), "on_costs": (0.0, "roster"), "telecom": (pytest.approx(0.3), "ledger"),
        "technology": (0.0, "nobody"), "tax": (0.0, "nobody"), "facilities": (0.0, "nobody"),
    }  # fmt: skip
    stated = told(budget, ledger, labour=0.4, on_costs=0.1, telecom=1.0)
    assert stated["salaries"] == (0.4, "project") and stated["on_costs"] == (0.1, "project")
    assert stated["telecom"] == (1.0, "project")
    own = told(budget.assign(behaviour=["variable", "step", "fixed", "variable", None, None]), ledger, labour=0.4)
    assert [own[name] for name in names[:4]] == [(share, "budget") for share in (1.0, 0.0, 0.0, 1.0)]


def test_the_ledger_s_lines_of_a_channel_speak_for_that_channel():
    budget = planned(("telecom", "voice", 100.0, 10, None), ("telecom", "chat", 100.0, 10, None))
    ledger = costs(("telecom", 60.0), ("telecom", 40.0), ("telecom", 100.0), month="2025-03").assign(
        channel=["voice", "voice", None], behaviour=["variable", "fixed", "fixed"])  # fmt: skip
    data = dataset(contacts(calls(20)), ledger, budget=budget)
    lines = cpc.flexed_lines(data, {"month": "2025-04"}).set_index("channel")
    assert lines["variable_share"].to_dict() == pytest.approx({"voice": 0.6, "chat": 0.3})
    assert lines["flexed"].to_dict() == pytest.approx({"voice": 40 + 60 * 2, "chat": 70.0})
    whole = cpc.flexed_budget(data, {"month": "2025-04"})
    assert lines["flexed"].sum() == pytest.approx(whole["total_cost"][0])


def test_money_of_no_cost_type_stands_still():
    data = dataset(contacts(calls(20)), costs(("telecom", 60.0), month="2025-03").assign(behaviour="variable"),
                   budget=planned((None, "voice", 100.0, 10, None)))  # fmt: skip
    assert cpc.flexed_lines(data, {"month": "2025-04"})[["told_by", "flexed"]].to_numpy().tolist() == [
        ["nobody", 100.0]
    ]


def test_contacts_planned_in_total_drive_money_without_a_channel():
    """Ten contacts planned for the month, and the money of two cost types on channels: twice as many came."""
    budget = planned(("telecom", "voice", 100.0, None, "variable"), (None, None, None, 10, None))
    data = dataset(contacts(calls(20)), costs(("telecom", 1.0)), budget=budget)
    row = cpc.flexed_budget(data, {"month": "2025-04"}).iloc[0]
    assert (row["variable_cost"], row["fixed_cost"]) == (200.0, 0.0)
    bridge = cpc.explain_change(data, before="budget", after="2025-04", by=[])
    assert (bridge.before, bridge.after) == (10.0, 0.05)


def test_calls_follow_calls_where_some_are_served_by_a_menu():
    """The budget plans calls that agents answer; those that a menu serves are no part of them."""
    rows = contacts([*calls(20), {"outcome": "self_served"}, {"outcome": "self_served"}])
    data = dataset(rows, costs(("telecom", 1.0)), budget=planned(("telecom", "voice", 100.0, 10, "variable")))
    assert cpc.flexed_budget(data, {"month": "2025-04"})["variable_cost"].tolist() == [200.0]


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        ({"labor": 0.5}, "There is no cost type of the budget 'labor'. Did you mean 'labour'?"),
        ({"telecom": 1.4}, "`budget_variable.telecom` must be a number from 0 to 1, got '1.4'."),
        ({"telecom": "all"}, "`budget_variable.telecom` must be a number from 0 to 1, got 'all'."),
    ],
)
def test_shares_that_are_none(shares, said):
    with pytest.raises(cpc.CpcError) as caught:
        cpc.Settings(budget_variable=shares)
    assert str(caught.value) == said


def test_a_line_of_the_budget_is_one_of_its_behaviour():
    budget = planned(("other", "voice", 500.0, 100, "variable"), ("other", "voice", 400.0, None, "variable"),
                     ("other", "voice", 300.0, None, "sometimes"))  # fmt: skip
    report = dataset(contacts(calls(20)), costs(("other", 1.0)), budget=budget).check()
    assert report.to_frame()["rule"].tolist() == [
        "`behaviour` must be one of fixed, step, variable",
        "`period` must be unique (period + cost_type + channel + behaviour)",
    ]
