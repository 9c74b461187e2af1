"""Drivers: dots with intervals, and the largest clear effect in words."""

from __future__ import annotations

import pytest

from cpc_analysis.charts import drivers
from cpc_analysis.errors import CpcError
from tests.charts.pictures import drawing, texts
from tests.charts.results import fitted


@pytest.mark.parametrize("count", [2, 12, 40])
@pytest.mark.parametrize("size", ["slide", "half", "page"])
def test_drivers_draw_any_number_of_levels(count, size):
    model = fitted("product", {f"product {number}": 0.7 * number for number in range(count)})
    chart = drivers(model, size=size)
    said = texts(drawing(chart))
    assert sum(text.endswith("%") for text in said) == count - 1 and "reference" in said
    assert chart.to_dict()["description"].startswith("Handle time is" if count > 8 else "No clear difference")


def test_a_driver_says_its_largest_clear_effect():
    model = fitted("product", {"fashion": 0.0, "home": 3.0, "electronics": 58.5})
    title = drivers(model).to_dict()["title"]
    assert " ".join(title["text"]) == "Handle time is 58.5% higher with product electronics than with fashion"
    assert " ".join(title["subtitle"]) == "Handle time by a driver, compared within month. Source: Test centre."
    points = fitted("team", {"north": 0.0, "south": -6.0}, "percentage points")
    assert points.finding("team") == "The handle time is 6.0 points lower with team south than with north"
    assert "-6.0 points" in texts(drawing(drivers(points)))
    assert "+58,5\xa0%" in texts(drawing(drivers(model, language="da")))
    with pytest.raises(CpcError) as caught:
        drivers(model, "team")
    assert str(caught.value) == "The model has no driver 'team', only product."
