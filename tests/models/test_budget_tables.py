"""The budget as tables to read: how it flexes, and what lies beneath the spending on labour."""

from __future__ import annotations

import pandas as pd
import pytest

import cpc_analysis as cpc
from cpc_analysis import models
from cpc_analysis.errors import InvalidInputError
from cpc_analysis.language import speaking
from tests.centres import contacts, costs, dataset, shift


@pytest.fixture(scope="module")
def april() -> cpc.Dataset:
    """Two calls for one that was planned: 100 of labour, 60 of telecom, of which 20 stand still, and 40 of rent."""
    rows = contacts([{"started_at": "2025-04-01 10:00"}, {"started_at": "2025-04-30 10:00"}])
    budget = pd.DataFrame(
        {"cost_type": ["salaries", "telecom", "telecom", "facilities"], "amount": [100.0, 40.0, 20.0, 40.0],
         "behaviour": [None, "variable", "fixed", None], "paid_hours": [0.5, None, None, None],
         "contact_count": [1, None, None, None]}
    ).assign(period="2025-04", channel="voice")  # fmt: skip
    shifts = pd.DataFrame([shift("ann", "2025-04-07 08:00", 1)])
    return dataset(rows, costs(("salaries", 150.0), ("telecom", 90.0)), budget=budget, shifts=shifts)


def test_the_flexed_budget_says_who_told_it(april):
    table = models.flexed_table(cpc.flexed_lines(april, {"month": "2025-04"}))
    assert table.to_dict("index") == {
        "facilities": {"budget [DKK]": "40", "variable": "0.0%", "flexed budget [DKK]": "40",
                       "who says so": "nobody: it stands still"},
        "salaries": {"budget [DKK]": "100", "variable": "0.0%", "flexed budget [DKK]": "100",
                     "who says so": "a roster stands still"},
        "telecom": {"budget [DKK]": "60", "variable": "66.7%", "flexed budget [DKK]": "100",
                    "who says so": "the budget"},
        "all": {"budget [DKK]": "200", "variable": "20.0%", "flexed budget [DKK]": "240", "who says so": ""},
    }  # fmt: skip
    with speaking("da"):
        danish = models.flexed_table(cpc.flexed_lines(april, {"month": "2025-04"}))
    assert list(danish) == ["budget [kr.]", "variabel", "fleksibelt budget [kr.]", "hvem siger det"]


def test_what_lies_beneath_the_spending_on_labour(april):
    """Half an hour more than planned at 200, and an hour 50 cheaper."""
    bridge = cpc.explain_change(april, before="budget", after="2025-04")
    table = models.labour_table(bridge)
    assert table.to_dict("index") == {
        "labour [DKK]": {"budget": "100", "flexed budget": "100", "April 2025": "150", "spending [DKK]": "+50",
                         "a contact [DKK]": "+25.00"},
        "paid hours [h]": {"budget": "1", "flexed budget": "1", "April 2025": "1", "spending [DKK]": "+100",
                           "a contact [DKK]": "+50.00"},
        "cost of a paid hour [DKK]": {"budget": "200.00", "flexed budget": "200.00", "April 2025": "150.00",
                                      "spending [DKK]": "-50", "a contact [DKK]": "-25.00"},
    }  # fmt: skip
    assert table._repr_html_() in models.bridge_html(bridge)


def test_a_bridge_without_a_budget_has_no_such_table(sample):
    bridge = cpc.explain_change(sample, before="2025-05", after="2025-06", by=[])
    with pytest.raises(InvalidInputError) as caught:
        models.labour_table(bridge)
    assert str(caught.value) == (
        "The bridge compares no labour with a budget: explain a change with before='budget', from a budget that names "
        "its cost types."
    )
