"""The own cost beside published figures."""

from __future__ import annotations

import pytest

from cpc_analysis.charts import benchmarks
from cpc_analysis.errors import CpcError
from tests.charts.results import beside, measured


def test_benchmarks_say_where_the_own_cost_lies():
    frame = beside(["voice", "chat", "email", "social"])
    frame.loc[frame["channel"] == "chat", "own"] = 35.0
    frame.loc[frame["channel"] == "social", "own"] = 1.0
    assert " ".join(benchmarks(frame).to_dict()["title"]["text"]) == (
        "Our cost per contact lies above the published figures for voice and email; among the published figures for "
        "chat; below the published figures for social"
    )


def test_a_frame_of_another_function_is_refused():
    with pytest.raises(CpcError, match=r"^Benchmarks need a frame of compare_benchmarks, got the columns channel"):
        benchmarks(measured(["voice"], [1.0]))
