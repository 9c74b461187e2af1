"""The funnel: only who lies outside is named."""

from __future__ import annotations

import pandas as pd
import pytest

from cpc_analysis.charts import funnel
from cpc_analysis.errors import CpcError
from tests.charts.pictures import drawing, texts
from tests.charts.results import compared


def test_a_funnel_names_only_who_lies_outside():
    chart = funnel(compared({"a": 1.0, "b": 1.5, "c": 0.9}))
    said = texts(drawing(chart))
    assert "b" in said and "a" not in said
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
