"""The learning curve and the load curve."""

from __future__ import annotations

import pytest

from cpc_analysis.charts import curve
from cpc_analysis.errors import CpcError
from tests.charts.pictures import drawing, texts
from tests.charts.results import fitted


def test_a_learning_curve_steps_over_tenure():
    model = fitted("tenure", {"24 months and more": 0.0, "0 to 1 months": 40.0, "1 to 3 months": 25.0})
    chart = curve(model)
    steps = chart.to_dict()["data"]["values"]
    assert [(step["from"], step["to"], step["effect"]) for step in steps] == [(0, 1, 40), (1, 3, 25), (24, 36, 0)]
    assert "+40.0" in texts(drawing(chart))


def test_a_load_curve_passes_through_nought():
    chart = curve(fitted("load", {"the load as it was": 0.0, "10 % more": -6.0}), "load")
    said = texts(drawing(chart))
    assert {"0", "+10", "+20"} <= set(said) and "+0" not in said
    assert "-6.0%" in said


def test_other_drivers_have_no_curve():
    model = fitted("tenure", {"24 months and more": 0.0, "0 to 1 months": 40.0})
    with pytest.raises(CpcError) as caught:
        curve(model, "product")
    assert str(caught.value) == "`driver` must be one of tenure, load, got 'product'."
    with pytest.raises(CpcError) as caught:
        curve(model, "load")
    assert str(caught.value) == "The model has no driver 'load', only tenure."
