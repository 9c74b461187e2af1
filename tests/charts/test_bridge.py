"""The bridge: what its title says of its effects, and the numbers beside its bars."""

from __future__ import annotations

import pytest

from cpc_analysis.charts import bridge
from tests.charts.pictures import drawing, texts
from tests.charts.results import LONG, bridged, bridged_by


def test_a_bridge_says_what_it_shows():
    chart = bridge(bridged(3)).to_dict()
    assert " ".join(chart["title"]["text"]) == f"Cost per contact rose 4% in June 2025; largest effect: {LONG} 2"
    said = texts(drawing(bridge(bridged(3))))
    assert "50.00 DKK" in said and "52.00 DKK" in said and "+1.00 DKK *" in said and "-2.00 DKK" in said
    assert "* out of the ordinary." in " ".join(chart["title"]["subtitle"])


@pytest.mark.parametrize(
    ("effects", "said", "danish"),
    [
        ({"a": 2.0, "b": 1.0}, "two thirds of it: a", "to tredjedele heraf: a"),
        ({"a": 5.8, "b": 4.2}, "58% of it: a", "58\xa0% heraf: a"),
        ({"a": 4.8, "b": 4.5, "c": 0.7}, "93% of it: a and b", "93\xa0% heraf: a og b"),
        ({"a": -1.0, "b": -1.0}, "nearly all of it: a and b", "næsten det hele: a og b"),
        ({"a": 4.5, "b": 1.0, "c": 1.0, "d": 1.0, "e": 1.0, "f": 1.5}, "largest effect: a", "største effekt: a"),
        ({"a": 3.0, "b": -1.0}, "largest effect: a", "største effekt: a"),
    ],
)  # fmt: skip
def test_a_bridge_says_how_much_its_largest_effects_explain(effects, said, danish):
    found = bridged_by(effects)
    assert " ".join(bridge(found).to_dict()["title"]["text"]).endswith(f"; {said}")
    assert " ".join(bridge(found, language="da").to_dict()["title"]["text"]).endswith(f"; {danish}")
