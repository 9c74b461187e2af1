"""The heat map of a week: its extremes in words, and what it refuses."""

from __future__ import annotations

import pytest

from cpc_analysis.charts import heatmap
from cpc_analysis.errors import CpcError
from tests.charts.results import by_the_clock, measured


def test_a_heat_map_says_when_most_and_least_are():
    frame = by_the_clock(30)
    assert " ".join(heatmap(frame).to_dict()["title"]["text"]) == (
        "Average wait: highest on Tuesday at 12:30, 34 s; lowest on Monday at 08:00, 5 s"
    )
    few = frame.assign(few_contacts=frame["average_wait"] > 30)
    assert "at 10:30, 30 s; lowest" in " ".join(heatmap(few).to_dict()["title"]["text"])


def test_frames_of_no_week_are_refused():
    with pytest.raises(CpcError, match=r"^A heat map needs the columns weekday and half_hour or hour, got the columns"):
        heatmap(measured(["voice"], [1.0]))
    with pytest.raises(CpcError, match=r"^A heat map is drawn for one group: filter the frame"):
        heatmap(by_the_clock(2).assign(half_hour=16))
    with pytest.raises(CpcError, match=r"^`weekday` must be a whole number from 0 to 6, got 7\.$"):
        heatmap(by_the_clock(1).assign(weekday=7))
