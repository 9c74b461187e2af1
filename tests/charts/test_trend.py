"""The trend: its finding, what it is compared with, and which of its points are hollow."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cpc_analysis.charts import trend
from cpc_analysis.charts.native import native_of
from cpc_analysis.errors import CpcError
from tests.charts.pictures import drawing, marks, texts
from tests.charts.results import measured, monthly, whole


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


def test_points_over_few_contacts_are_hollow_and_no_finding():
    frame = monthly(["voice", "social"], 4)
    frame["few_contacts"] = frame["channel"] == "social"
    spec = trend(frame).to_dict()
    points = spec["layer"][0]["data"]["values"]
    assert {point["group"]: point["firm"] for point in points} == {"voice": True, "social": False}
    assert {point["group"]: point["weak"] for point in points} == {"voice": False, "social": True}
    assert spec["title"]["text"] == ["Cost per contact was 53.00 DKK in September 2024"]
    assert " ".join(spec["title"]["subtitle"]).endswith("Hollow: few contacts.")


def test_one_point_is_a_mark():
    assert marks(drawing(trend(whole(1)))) >= 1


def test_a_share_changes_by_points():
    frame = whole().rename(columns={"cost_per_contact": "csat"}).assign(csat=[0.8] + [0.75] * 11 + [0.776])
    assert trend(frame, "csat").to_dict()["title"]["text"] == [
        "Customer satisfaction was 77.6% in June 2025, 2.4 points less than a year before"
    ]


def test_quarters_are_named_as_they_are_said():
    frame = whole(5).rename(columns={"month": "quarter"})
    frame["quarter"] = pd.date_range("2024-04-01", periods=5, freq="QS")
    frame.attrs["by"] = ["quarter"]
    said = texts(drawing(trend(frame)))
    assert [text for text in said if text.startswith("Q")] == [
        "Q2 2024", "Q3 2024", "Q4 2024", "Q1 2025", "Q2 2025",
    ]  # fmt: skip
    assert any("in Q2 2025" in text for text in said)
    danish = texts(drawing(trend(frame, language="da")))
    assert "2. kvt. 24" in danish and any("i 2. kvartal 2025" in text for text in danish)


def test_weeks_are_named_on_the_axis_as_they_are_asked_for():
    frame = whole(5).rename(columns={"month": "week"})
    frame["week"] = pd.date_range("2024-12-16", periods=5, freq="W-MON")
    frame.attrs["by"] = ["week"]
    weeks = ["2024-W51", "2024-W52", "2025-W01", "2025-W02", "2025-W03"]
    chart = trend(frame)
    said = texts(drawing(chart))
    assert [text for text in said if text.startswith("202")] == weeks and any(
        "in week 3 of 2025" in text for text in said
    )
    assert native_of(chart.to_dict())["native"]["categories"] == weeks
    assert "2024-U51" in texts(drawing(trend(frame, language="da")))


def test_an_axis_of_shares_has_plain_numbers():
    frame = whole(3).rename(columns={"cost_per_contact": "csat"}).assign(csat=[0.2, 0.5, 1.0])
    assert {"0", "20", "100"} <= set(texts(drawing(trend(frame, "csat"))))


def test_frames_without_what_is_drawn_are_refused():
    with pytest.raises(
        CpcError, match=r"^A trend needs a period, one of day, week, month, quarter, year, got the columns"
    ):
        trend(measured(["voice"], [1.0]))
    with pytest.raises(CpcError, match=r"^The frame holds no 'csat', only cost_per_contact\. Measure it first\.$"):
        trend(whole(), "csat")
