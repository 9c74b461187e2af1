"""How much of a budget follows the volume, where the ledger's invoices are spread over their service."""

from __future__ import annotations

import pandas as pd
import pytest

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
    assert (row["contacts"], row["variable_cost"], row["fixed_cost"]) == (0, 0, 140)


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
