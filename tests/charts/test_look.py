"""The look: a house's own, one colour for each channel, and colours that everybody can tell apart."""

from __future__ import annotations

import json
from itertools import combinations, pairwise
from typing import Any

import numpy as np
import pytest

from cpc_analysis import charts
from cpc_analysis.charts import CHANNEL_COLOURS
from cpc_analysis.charts.native import native_of
from cpc_analysis.charts.theme import colour
from cpc_analysis.presentation import Presentation
from tests.charts.every import EVERY
from tests.charts.results import bridged, measured, monthly, stated

#: What the eye of a deuteranope and of a protanope makes of linear light (Viénot, Brettel and Mollon 1999).
DEUTERANOPE = [[0.29275, 0.70725, 0.0], [0.29275, 0.70725, 0.0], [-0.02234, 0.02234, 1.0]]
PROTANOPE = [[0.11238, 0.88762, 0.0], [0.11238, 0.88762, 0.0], [0.00401, -0.00401, 1.0]]
MAIN = ["voice", "chat", "email", "social", "callback"]
#: The ways of contact, without what is grey because it is no channel.
PALETTE = list(CHANNEL_COLOURS)[:10]
#: Fields of a mark, an axis or a heading that name a font.
FONTS = {"font", "labelFont", "titleFont", "subtitleFont"}


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
    for one, other in combinations(PALETTE, 2):
        distance = np.linalg.norm(lab(CHANNEL_COLOURS[one], seen) - lab(CHANNEL_COLOURS[other], seen))
        # Ten is plain to see side by side; the just noticeable difference is about two.
        assert distance > 10, (one, other)


def test_neighbours_in_the_palette_differ_in_greyscale():
    lightness = {name: float(lab(CHANNEL_COLOURS[name])[0]) for name in PALETTE}
    # Two greys side by side that differ by ten are told apart at once.
    assert all(abs(lightness[one] - lightness[other]) > 10 for one, other in pairwise(PALETTE))


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


def values(found: Any, names: set[str]) -> set[str]:
    """All values of some fields, wherever in a specification they are."""
    if isinstance(found, dict):
        own = {str(value) for name, value in found.items() if name in names}
        return own.union(*(values(value, names) for value in found.values()))
    return set().union(*(values(value, names) for value in found)) if isinstance(found, list) else set()


@pytest.mark.parametrize("name", EVERY)
def test_the_look_of_a_house_reaches_every_chart(name):
    usual, own = colour("accent"), "#123456"
    house = Presentation(font="Georgia", colours={"accent": own, "voice": "#654321", "ink": "#222222"})
    made = json.loads(json.dumps(EVERY[name].drawn(house).to_dict()))
    assert all(font.startswith("Georgia, ") for font in values(made, FONTS) - {"Georgia"})
    assert native_of(made)["font"] == "Georgia"
    text = json.dumps(made)
    # The colour of voice is that of the accent in the usual look.
    assert usual not in text and "#22303C" not in text
    assert own in text or "#654321" in text or name == "bridge"
    # A chart drawn after it has the usual look again.
    assert "Georgia" not in json.dumps(EVERY[name].drawn().to_dict())


def test_a_house_has_colours_for_channels():
    levels = measured(["voice", "chat"], [1.0, 2.0])
    levels.attrs["presentation"] = Presentation(colours={"voice": "#654321"})
    rows = charts.levels(levels).to_dict()["layer"][0]["data"]["values"]
    assert {row["group"]: row["colour"] for row in rows} == {"voice": "#654321", "chat": CHANNEL_COLOURS["chat"]}
