"""How much of a budget follows the volume, where the ledger's invoices are spread over their service."""

from __future__ import annotations

import pandas as pd
import pytest

import cpc_analysis as cpc
from tests.centres import contacts, costs, dataset


@pytest.mark.parametrize(("accounts", "variable"), [(("6340",), 100 / (100 + 1200 * 30 / 365)), ((), 1.0)])
def test_spread_invoices_keep_their_behaviour(accounts, variable):
    """April has 100 of variable licences and a month of a fixed invoice of March; its contacts double the budget's."""
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
