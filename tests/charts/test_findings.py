"""What heat maps, small multiples, benchmarks and curves find, and what they refuse."""

from __future__ import annotations

import pandas as pd
import pytest

from cpc_analysis.charts import benchmarks, curve, heatmap, small_multiples
from cpc_analysis.errors import CpcError
from tests.charts.results import beside, by_the_clock, fitted, measured, monthly


def test_a_heat_map_says_when_most_and_least_is():
    title = heatmap(by_the_clock(40)).to_dict()["title"]
    assert " ".join(title["text"]) == "Average wait: most on Tuesday at 17:30, 44 s; least on Monday at 08:00, 5 s"


def test_a_heat_map_needs_one_row_for_each_time():
    frame = by_the_clock(2)
    with pytest.raises(CpcError, match=r"^A heat map needs the columns weekday and half_hour or hour, got the columns"):
        heatmap(frame.drop(columns="half_hour"))
    with pytest.raises(CpcError, match=r"^`half_hour` must be a whole number from 0 to 47, got 48\.$"):
        heatmap(frame.assign(half_hour=48))
    with pytest.raises(CpcError, match=r"^A heat map is drawn for one group"):
        heatmap(pd.concat([frame, frame]))


def test_small_multiples_name_what_they_leave_out():
    frame = monthly([f"group {number}" for number in range(14)])
    subtitle = " ".join(small_multiples(frame).to_dict()["title"]["subtitle"])
    assert subtitle.startswith("Not shown: group 1, group 0. All panels have the same scale: Cost per contact (DKK).")


def test_small_multiples_need_two_columns():
    with pytest.raises(CpcError, match=r"^Small multiples need a period or a second column for what each panel shows"):
        small_multiples(measured(["voice"], [1.0]))
    with pytest.raises(CpcError, match=r"^Small multiples need a column to divide by, one of channel, got 'team'\.$"):
        small_multiples(monthly(["voice"]), by="team")


def test_benchmarks_say_where_the_own_figure_lies():
    frame = beside(["voice", "email", "chat"]).assign(own=[60.0, 60.0, 35.0, 35.0, 10.0, 10.0])
    assert " ".join(benchmarks(frame).to_dict()["title"]["text"]) == (
        "Our cost per contact lies above the published figures for voice; among the published figures for email; "
        "below the published figures for chat"
    )


def test_a_curve_is_of_tenure_or_load():
    model = fitted("tenure", {"24 months and more": 0.0, "0 to 1 months": 40.0})
    with pytest.raises(CpcError, match=r"^`driver` must be one of tenure, load, got 'team'\.$"):
        curve(model, "team")
    with pytest.raises(CpcError, match=r"^The model has no driver 'load', only tenure\.$"):
        curve(model, "load")
