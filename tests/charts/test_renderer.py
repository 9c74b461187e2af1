"""Charts as pictures and files: the same everywhere, without a network."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import altair as alt
import pytest
import vl_convert

import cpc_analysis as cpc
from cpc_analysis.charts import bridge, definitions, levels, statement, tornado, trend
from cpc_analysis.charts.renderer import offline_bundle, picture
from cpc_analysis.errors import CpcError
from tests.charts.results import bridged, defined, measured, monthly, stated, stepped, whole


def shapes(chart: alt.TopLevelMixin, version: str) -> list[str | None]:
    svg = ElementTree.fromstring(vl_convert.vegalite_to_svg(chart.to_dict(), vl_version=version))
    return [node.get("d") for node in svg.iter() if node.tag.endswith("}path") and node.get("aria-roledescription")]


def test_jupyterlab_draws_the_same_with_an_older_vega_lite():
    one, other = measured(["voice", "chat"], [60.0, 40.0]), measured(["voice", "chat"], [50.0, 45.0])
    whole_year = whole()
    for chart in (
        levels(one, last_year=other, budget=other),
        statement(stated(["voice", "chat"])),
        trend(whole_year, budget=whole_year, before=whole_year),
        trend(monthly(["voice", "chat"])),
        bridge(bridged(4)),
        definitions(defined(["own", "labour only"])),
        tornado(stepped(["wage", "occupancy"])),
    ):
        # JupyterLab 4 carries 5.6; 5.8 is the oldest here.
        assert shapes(chart, "5.8") == shapes(chart, "6.4")


def test_drawing_twice_gives_the_same_bytes():
    frame = measured(["chat", "voice"], [40.0, 60.0])
    first, second = (picture(levels(frame).to_dict()) for _ in range(2))
    assert first == second


def test_charts_show_without_a_network():
    bundle = offline_bundle(levels(measured(["voice"], [1.0])).to_dict())
    assert set(bundle) == {"application/vnd.vegalite.v5+json", "image/svg+xml", "text/plain"}
    assert "http" not in re.sub(r"http://www\.w3\.org/\S+", "", bundle["image/svg+xml"])


def test_export_writes_by_the_ending(tmp_path):
    chart = levels(measured(["voice"], [1.0]))
    written = cpc.export([chart, chart], tmp_path / "new" / "october.png")
    assert [path.name for path in written] == ["october-1.png", "october-2.png"]
    assert written[0].read_bytes().startswith(b"\x89PNG")
    with pytest.raises(
        CpcError,
        match=r"^A chart can be written as \.png, \.svg, \.pdf, \.pptx, \.xlsx, \.html, got 'october\.pnq'\. "
        r"Did you mean \.png\?$",
    ):
        cpc.export(chart, tmp_path / "october.pnq")
    with pytest.raises(CpcError, match=r"^There is no chart to write to 'october\.svg'\.$"):
        cpc.export([], tmp_path / "october.svg")
