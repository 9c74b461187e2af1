"""Charts of drivers and of agents by their specifications, and drawn."""

from __future__ import annotations

import pandas as pd
import pytest
import vl_convert

from cpc_analysis.charts import curve, drivers, funnel
from cpc_analysis.errors import CpcError
from tests.charts.results import compared, fitted


def texts(chart: object) -> str:
    return vl_convert.vegalite_to_svg(chart.to_dict())


@pytest.mark.parametrize("count", [2, 12, 40])
@pytest.mark.parametrize("size", ["slide", "half", "page"])
def test_drivers_draw_any_number_of_levels(count, size):
    model = fitted("product", {f"product {number}": 0.7 * number for number in range(count)})
    chart = drivers(model, size=size)
    svg = texts(chart)
    assert svg.count("%<") >= count - 1 and ">reference<" in svg
    assert chart.to_dict()["description"].startswith("Handle time is" if count > 8 else "No clear difference")


def test_a_driver_says_its_largest_clear_effect():
    model = fitted("product", {"fashion": 0.0, "home": 3.0, "electronics": 58.5})
    title = drivers(model).to_dict()["title"]
    assert " ".join(title["text"]) == "Handle time is 58.5% higher with product electronics than with fashion"
    assert " ".join(title["subtitle"]) == "Handle time by a driver, compared within month. Source: Test centre."
    points = fitted("team", {"north": 0.0, "south": -6.0}, "percentage points")
    assert points.finding("team") == "The handle time is 6.0 points lower with team south than with north"
    assert "-6.0 points" in texts(drivers(points))
    assert "58,5\xa0%" in texts(drivers(model, language="da"))
    with pytest.raises(CpcError) as caught:
        drivers(model, "team")
    assert str(caught.value) == "The model has no driver 'team', only product."


def test_a_learning_curve_steps_over_tenure():
    model = fitted("tenure", {"24 months and more": 0.0, "0 to 1 months": 40.0, "1 to 3 months": 25.0})
    chart = curve(model)
    steps = chart.to_dict()["data"]["values"]
    assert [(step["from"], step["to"], step["effect"]) for step in steps] == [(0, 1, 40), (1, 3, 25), (24, 36, 0)]
    assert "+40.0" in texts(chart)


def test_a_funnel_names_only_who_lies_outside():
    chart = funnel(compared({"a": 1.0, "b": 1.5, "c": 0.9}))
    svg = texts(chart)
    assert ">b<" in svg and ">a<" not in svg
    title = chart.to_dict()["title"]
    assert " ".join(title["text"]) == "One of 3 agents lies outside ordinary differences: b"
    assert "Ticks: the limits of each." in " ".join(title["subtitle"])
    usual = funnel(compared({f"agent {number}": 1.0 for number in range(40)}), size="half")
    assert " ".join(usual.to_dict()["title"]["text"]) == "None of 40 agents lies outside ordinary differences"
    hours = chart.to_dict()["layer"][0]["data"]["values"][0]["work"]
    assert hours == pytest.approx(100 * 300 / 3600)
    with pytest.raises(CpcError) as caught:
        funnel(pd.DataFrame({"team": ["a"]}))
    assert str(caught.value) == "A funnel needs a frame of compare_agents, got the columns team."
