"""The Pareto chart: it adds up, and cost of no cause stands apart."""

from __future__ import annotations

import pytest

from cpc_analysis.charts import pareto
from cpc_analysis.errors import CpcError
from tests.charts.pictures import drawing, texts
from tests.charts.results import LONG, caused, measured


@pytest.mark.parametrize("count", [1, 2, 12, 40])
def test_a_pareto_chart_adds_up_over_any_number_of_causes(count):
    chart = pareto(caused([f"{LONG} {number}" for number in range(count)]))
    rows = chart.to_dict()["layer"][0]
    values = chart.to_dict().get("data", rows.get("data"))["values"]
    assert len(values) == min(count, 15)
    assert sum(row["share"] for row in values) == pytest.approx(100)
    assert values[-1]["cumulative"] == pytest.approx(100)
    assert (values[-1]["cause"] == "26 others") is (count == 40)


def test_a_pareto_chart_keeps_cost_of_no_cause_apart():
    chart = pareto(caused(["late", "invoice", "(other work)", None]))
    assert " ".join(chart.to_dict()["title"]["text"]) == "Late alone takes 40% of the cost"
    said = texts(drawing(chart))
    assert "70%" in said and "100%" not in said and "(other work)" in said and "not allocated" in said
    with pytest.raises(CpcError) as caught:
        pareto(measured(["voice"], [1.0]))
    assert str(caught.value) == (
        "A Pareto chart needs a frame of contact_causes, got the columns channel, cost_per_contact, few_contacts, "
        "complete."
    )
