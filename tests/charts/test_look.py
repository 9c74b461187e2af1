"""The look: a house's own, one colour for each channel, and colours that everybody can tell apart."""

from __future__ import annotations

import json
from itertools import combinations, pairwise

import numpy as np
import pytest

from cpc_analysis import charts
from cpc_analysis.charts import CHANNEL_COLOURS
from cpc_analysis.charts.native import native_of
from cpc_analysis.presentation import Presentation
from tests.charts.results import bridged, measured, monthly, stated, whole

#: What the eye of a deuteranope and of a protanope makes of linear light (Viénot, Brettel and Mollon 1999).
DEUTERANOPE = [[0.29275, 0.70725, 0.0], [0.29275, 0.70725, 0.0], [-0.02234, 0.02234, 1.0]]
PROTANOPE = [[0.11238, 0.88762, 0.0], [0.11238, 0.88762, 0.0], [0.00401, -0.00401, 1.0]]
MAIN = ["voice", "chat", "email", "social", "callback"]


def lab(colour: str, seen: list[list[float]] | None = None) -> np.ndarray:
    """A colour in CIELAB, as it is or as an eye sees it."""
    code = np.array([int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)])
    light = np.where(code <= 0.04045, code / 12.92, ((code + 0.055) / 1.055) ** 2.4)
    if seen is not None:
        light = np.clip(np.array(seen) @ light, 0, 1)
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    ratio = to_xyz @ light / [0.9505, 1.0, 1.089]
    f = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("seen", [None, DEUTERANOPE, PROTANOPE], ids=["all", "deuteranope", "protanope"])
def test_colours_of_channels_can_be_told_apart(seen):
    for one, other in combinations(MAIN, 2):
        distance = np.linalg.norm(lab(CHANNEL_COLOURS[one], seen) - lab(CHANNEL_COLOURS[other], seen))
        # Ten is plain to see side by side; the just noticeable difference is about two.
        assert distance > 10, (one, other)


def test_rise_and_fall_differ_in_greyscale():
    rows = charts.bridge(bridged(4)).to_dict()["data"]["values"]
    shades = {row["colour"] for row in rows if row["is_effect"]}
    lightness = sorted(float(lab(shade)[0]) for shade in shades)
    assert len(lightness) == 2 and lightness[1] - lightness[0] > 15


def test_parts_of_a_statement_differ_in_greyscale():
    native = native_of(charts.statement(stated(["voice"])).to_dict())["native"]
    shades = [series["colour"] for series in native["series"]]
    lightness = [float(lab(shade)[0]) for shade in shades]
    assert all(abs(one - other) > 8 for one, other in pairwise(lightness))


def test_a_channel_has_one_colour_in_every_chart():
    bars = charts.levels(measured(MAIN, [1.0, 2.0, 3.0, 4.0, 5.0])).to_dict()["layer"][0]["data"]["values"]
    trend = charts.trend(monthly(MAIN[::-1])).to_dict()["layer"][0]["data"]["values"]
    panels = charts.small_multiples(monthly(MAIN)).to_dict()["concat"]
    for name in MAIN:
        colour = CHANNEL_COLOURS[name]
        assert {row["colour"] for row in bars if row["group"] == name} == {colour}
        assert {row["shade"] for row in trend if row["group"] == name} == {colour}
        assert any(colour in json.dumps(panel) and f'"{name}' in json.dumps(panel) for panel in panels)


def test_a_house_has_its_own_look():
    frame = whole()
    house = Presentation(font="Georgia", colours={"accent": "#123456", "voice": "#654321"})
    frame.attrs["presentation"] = house
    text = json.dumps(charts.trend(frame).to_dict())
    assert "Georgia" in text and "#123456" in text and "#00578A" not in text
    levels = measured(["voice", "chat"], [1.0, 2.0])
    levels.attrs["presentation"] = house
    rows = charts.levels(levels).to_dict()["layer"][0]["data"]["values"]
    assert {row["group"]: row["colour"] for row in rows} == {"voice": "#654321", "chat": CHANNEL_COLOURS["chat"]}
    # A chart drawn after it has the usual look again.
    assert "Georgia" not in json.dumps(charts.trend(whole()).to_dict())


def test_presentation_programs_get_the_numbers_in_order():
    frame = monthly(["voice", "chat"], 4)
    native = native_of(charts.trend(frame).to_dict())["native"]
    assert (native["kind"], native["categories"]) == ("line", ["Jun 24", "Jul 24", "Aug 24", "Sep 24"])
    for series in native["series"]:
        assert series["values"] == frame.loc[frame["channel"] == series["name"], "cost_per_contact"].tolist()
    amounts = measured(["voice", "chat"], [12345678.91, 40.0])
    native = native_of(charts.levels(amounts).to_dict())["native"]
    assert (native["kind"], native["categories"]) == ("bar", ["voice", "chat"])
    assert native["series"][0]["values"] == [12345678.91, 40.0]
    bridge = bridged(3)
    native = native_of(charts.bridge(bridge).to_dict())["native"]
    assert native["kind"] == "waterfall"
    assert native["series"][0]["values"] == [bridge.before, *bridge.steps()["amount"], bridge.after]
