"""Small multiples: one scale, the highest first, at most twelve."""

from __future__ import annotations

import pytest

from cpc_analysis.charts import small_multiples
from cpc_analysis.errors import CpcError
from tests.charts.results import measured, monthly


def test_panels_stand_in_order_on_one_scale():
    spec = small_multiples(monthly(["voice", "chat", "email"], 4)).to_dict()
    headings = [panel["layer"][-1]["data"]["values"][0]["text"] for panel in spec["concat"]]
    assert headings == [["email 59.00 DKK"], ["chat 56.00 DKK"], ["voice 53.00 DKK"]]
    scales = [panel["layer"][0]["encoding"]["y"]["scale"]["domain"] for panel in spec["concat"]]
    assert scales[0] == scales[1] == scales[2]


def test_what_has_no_room_is_counted():
    spec = small_multiples(monthly([f"group {number}" for number in range(17)], 2)).to_dict()
    assert len(spec["concat"]) == 12
    assert "Not shown: group 4, group 3, group 2 and 2 more." in " ".join(spec["title"]["subtitle"])


def test_frames_that_fill_no_panel_are_refused():
    with pytest.raises(CpcError, match=r"^Small multiples need a column to divide by, one of channel, got 'site'\.$"):
        small_multiples(monthly(["voice"]), by="site")
    with pytest.raises(CpcError, match=r"^Small multiples need a period or a second column for what each panel shows"):
        small_multiples(measured(["voice"], [1.0]))
    twice = monthly(["voice", "voice"])
    with pytest.raises(CpcError, match=r"^Small multiples need one row for each channel and month: filter or measure"):
        small_multiples(twice)
