"""The levels side by side: order, colours, intervals, and where their numbers stand."""

from __future__ import annotations

import pytest

from cpc_analysis.charts import CHANNEL_COLOURS, levels
from cpc_analysis.errors import CpcError
from tests.charts.pictures import drawing, texts
from tests.charts.results import measured, whole


def test_levels_keep_order_colours_and_unknown_cost_apart():
    frame = measured(["chat", "voice", None], [40.0, 60.0, 20.0])
    rows = levels(frame).to_dict()["layer"][0]["data"]["values"]
    assert [row["group"] for row in rows] == ["voice", "chat", "not allocated"]
    assert [row["colour"] for row in rows] == [CHANNEL_COLOURS[row["group"]] for row in rows]
    few = levels(measured(["chat", "voice"], [40.0, 60.0], few_contacts=[True, False]))
    assert "40.00 DKK" not in texts(drawing(few))
    alone = levels(measured(["chat", "voice"], [40.0, 60.0], few_contacts=[True, True]))
    assert alone.to_dict()["title"]["text"] == ["Cost per contact: too few contacts to compare"]


def test_ratios_are_highest_and_counts_are_most():
    frame = measured(["chat", "voice"], [40.0, 60.0])
    assert levels(frame).to_dict()["title"]["text"] == [
        "Cost per contact: highest for voice, 60.00 DKK; lowest for chat, 40.00 DKK"
    ]
    counts = levels(frame.rename(columns={"cost_per_contact": "contacts"}))
    assert counts.to_dict()["title"]["text"] == ["Contacts: most for voice, 60; least for chat, 40"]


def test_levels_below_zero_have_their_numbers():
    assert "-5.00 DKK" in texts(drawing(levels(measured(["voice", "chat"], [-5.0, 10.0]))))


def test_levels_draw_intervals_and_last_year():
    frame = measured(["chat", "voice"], [40.0, 60.0], cost_per_contact_low=[35.0, 55.0],
                     cost_per_contact_high=[45.0, 65.0])  # fmt: skip
    kinds = [layer["mark"]["type"] for layer in levels(frame, last_year=frame).to_dict()["layer"]]
    assert kinds == ["bar", "rule", "rule", "text", "tick"]


def test_numbers_stand_in_one_column_beside_marks_to_compare_with():
    frame, before = measured(["chat", "voice"], [40.0, 60.0]), measured(["chat", "voice"], [90.0, 50.0])
    ends = [
        [row["end"] for row in layer["data"]["values"]]
        for chart in (levels(frame), levels(frame, last_year=before))
        for layer in chart.to_dict()["layer"]
        if layer["mark"]["type"] == "text"
    ]
    assert ends == [[60.0, 40.0], [90.0, 90.0]]


def test_levels_in_danish_write_numbers_the_danish_way():
    assert "1.234,50\xa0kr." in texts(drawing(levels(measured(["voice"], [1234.5]), language="da")))


def test_a_frame_without_groups_is_refused():
    with pytest.raises(CpcError, match=r"^Levels need a column to compare by"):
        levels(whole())
