"""Charts by their specifications: findings, numbers, order, and what they refuse."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import altair as alt
import numpy as np
import pytest
import vl_convert

import cpc_analysis as cpc
from cpc_analysis.charts import CHANNEL_COLOURS, bridge, definitions, levels, pareto, statement, tornado, trend
from cpc_analysis.charts.renderer import offline_bundle, picture
from cpc_analysis.errors import CpcError
from tests.charts.pictures import drawing, marks, texts
from tests.charts.results import LONG, bridged, caused, defined, measured, monthly, stated, stepped, whole


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


def test_a_bridge_says_what_it_shows():
    chart = bridge(bridged(3)).to_dict()
    assert " ".join(chart["title"]["text"]) == f"Cost per contact rose 4% in June 2025; largest effect: {LONG} 2"
    said = texts(drawing(bridge(bridged(3))))
    assert "50.00 DKK" in said and "52.00 DKK" in said and "+1.00 DKK *" in said and "-2.00 DKK" in said
    assert "* out of the ordinary." in " ".join(chart["title"]["subtitle"])


def test_frames_of_other_functions_are_refused():
    with pytest.raises(CpcError) as caught:
        definitions(measured(["voice"], [1.0]))
    assert str(caught.value) == (
        "Definitions need a frame of compare_definitions, got the columns channel, cost_per_contact, few_contacts, "
        "complete."
    )
    with pytest.raises(CpcError) as caught:
        tornado(stepped(["wage", "wage"]))
    assert str(caught.value) == "A tornado is drawn for one group: filter the frame to one row for each step."
    with pytest.raises(CpcError) as caught:
        definitions(defined(["own", "own"]))
    assert str(caught.value) == (
        "Definitions are drawn for one group: filter the frame to one row for each definition."
    )


def test_a_trend_states_its_finding_and_keeps_the_numbers():
    frame = whole()
    spec = trend(frame).to_dict()
    assert spec["title"]["text"] == ["Cost per contact was 62.00 DKK in June 2025, 24% more than a year before"]
    drawn = next(layer for layer in spec["layer"] if layer["mark"]["type"] == "line")
    values = [point["value"] for point in drawn["data"]["values"]]
    assert values == frame["cost_per_contact"].tolist()
    assert drawn["encoding"]["y"]["axis"]["title"] == "Cost per contact (DKK)"
    assert drawn["encoding"]["y"]["scale"]["zero"] is False


def test_a_trend_shows_what_it_is_compared_with():
    frame = whole()
    chart = trend(frame, budget=frame.assign(cost_per_contact=55.0), before=frame.assign(cost_per_contact=62.0))
    spec = chart.to_dict()
    assert " ".join(spec["title"]["subtitle"]).endswith("Grey: a year before; dashed: budget.")
    assert spec["title"]["text"] == ["Cost per contact was 62.00 DKK in June 2025, as a year before"]
    assert len(spec["layer"]) == 5
    assert len(trend(frame, budget=frame.iloc[:0]).to_dict()["layer"]) == 3


def test_an_incomplete_period_is_hollow_and_missing_values_break_the_line():
    frame = whole(4)
    frame["complete"] = [True, True, True, False]
    frame.loc[1, "cost_per_contact"] = np.nan
    spec = trend(frame).to_dict()
    points = spec["layer"][0]["data"]["values"]
    assert [point["value"] for point in points][1] is None
    assert [point["firm"] for point in points] == [True, True, True, False]
    assert "August 2024" in spec["title"]["text"][0]
    assert marks(drawing(trend(frame))) >= 4


def test_one_point_only_and_negative_values():
    assert marks(drawing(trend(whole(1)))) >= 1
    frame = measured(["voice", "chat"], [-5.0, 10.0])
    assert "-5.00 DKK" in texts(drawing(levels(frame)))


def test_levels_keep_order_colours_and_unknown_cost_apart():
    frame = measured(["chat", "voice", None], [40.0, 60.0, 20.0])
    rows = levels(frame).to_dict()["layer"][0]["data"]["values"]
    assert [row["group"] for row in rows] == ["voice", "chat", "not allocated"]
    assert [row["colour"] for row in rows] == [CHANNEL_COLOURS[row["group"]] for row in rows]
    few = levels(measured(["chat", "voice"], [40.0, 60.0], few_contacts=[True, False]))
    assert "40.00 DKK" not in texts(drawing(few))


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


def test_a_share_changes_by_points():
    frame = whole().rename(columns={"cost_per_contact": "csat"}).assign(csat=[0.8] + [0.75] * 11 + [0.776])
    assert trend(frame, "csat").to_dict()["title"]["text"] == [
        "Customer satisfaction was 77.6% in June 2025, 2.4 points less than a year before"
    ]


def test_the_statement_ties_out_in_its_subtitle():
    spec = statement(stated(["voice", None])).to_dict()
    assert " ".join(spec["title"]["subtitle"]) == (
        "Ledger 120.00 DKK = used 80.00 + waiting 20.00 + unallocated 20.00."
    )
    assert spec["title"]["text"] == ["Voice takes 50% of the cost; 17% pays for waiting"]


def test_charts_in_danish_write_numbers_the_danish_way():
    assert "1.234,50\xa0kr." in texts(drawing(levels(measured(["voice"], [1234.5]), language="da")))


def test_drawing_twice_gives_the_same_bytes():
    frame = measured(["chat", "voice"], [40.0, 60.0])
    first, second = (picture(levels(frame).to_dict()) for _ in range(2))
    assert first == second


def test_charts_show_without_a_network():
    bundle = offline_bundle(levels(measured(["voice"], [1.0])).to_dict())
    assert set(bundle) == {"application/vnd.vegalite.v5+json", "image/svg+xml", "text/plain"}
    assert "http" not in re.sub(r"http://www\.w3\.org/\S+", "", bundle["image/svg+xml"])


def test_frames_that_cannot_be_drawn():
    with pytest.raises(
        CpcError, match=r"^A trend needs a period, one of day, week, month, quarter, year, got the columns"
    ):
        trend(measured(["voice"], [1.0]))
    with pytest.raises(CpcError, match=r"^Levels need a column to compare by"):
        levels(whole())
    with pytest.raises(CpcError, match=r"^The frame holds no 'csat', only cost_per_contact\. Measure it first\.$"):
        levels(measured(["voice"], [1.0]), "csat")
    with pytest.raises(CpcError, match=r"^A statement needs the frame of cost_statement; `cost_type` is missing"):
        statement(whole())


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


@pytest.mark.parametrize("count", [1, 2, 12, 40])
def test_a_pareto_chart_adds_up_over_any_number_of_causes(count):
    chart = pareto(caused([f"{LONG} {number}" for number in range(count)]))
    rows = chart.to_dict()["layer"][0]
    values = chart.to_dict().get("data", rows.get("data"))["values"]
    assert len(values) == min(count, 15)
    assert sum(row["share"] for row in values) == pytest.approx(100)
    assert values[-1]["cumulative"] == pytest.approx(100)
    assert (values[-1]["cause"] == "26 others") is (count == 40)


def test_a_pareto_chart_keeps_cost_of_no_cause_apart():
    chart = pareto(caused(["late", "invoice", "(other work)", None]))
    assert " ".join(chart.to_dict()["title"]["text"]) == "Late alone takes 40% of the cost"
    said = texts(drawing(chart))
    assert "70%" in said and "100%" not in said and "(other work)" in said and "not allocated" in said
    with pytest.raises(CpcError) as caught:
        pareto(measured(["voice"], [1.0]))
    assert str(caught.value) == (
        "A Pareto chart needs a frame of contact_causes, got the columns channel, cost_per_contact, few_contacts, "
        "complete."
    )
