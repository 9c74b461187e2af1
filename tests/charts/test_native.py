"""What charts carry for presentation programs: the numbers of their results, in the order in which they are drawn."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cpc_analysis import charts
from cpc_analysis.charts.native import native_of
from tests.charts.every import CHANNELS, EVERY
from tests.charts.results import bridged, compared, measured, monthly, whole

#: Charts that presentation programs have no kind of.
PICTURES = {"learning curve", "load curve", "heatmap", "small multiples"}


def carried(name: str) -> dict[str, Any]:
    return dict(native_of(EVERY[name].drawn().to_dict())["native"])


def numbers(native: dict[str, Any]) -> list[list[float]]:
    return [list(series["values"]) for series in native["series"]]


@pytest.mark.parametrize("name", EVERY)
def test_every_chart_carries_what_presentation_programs_need(name):
    made = EVERY[name].drawn().to_dict()
    carried = native_of(made)
    assert carried["title"] == " ".join(made["title"]["text"])
    assert carried["alt"] == made["description"] and carried["language"] == "en"
    assert " ".join(made["title"]["subtitle"]) == carried["subtitle"]
    native = carried["native"]
    assert (native is None) is (name in PICTURES)
    if native is None:
        return
    assert native["axis"] and native["number_format"].startswith("#,##0")
    for series in json.loads(json.dumps(native))["series"]:
        count = len(series["values"])
        assert count == len(series["places"]) if native["kind"] == "scatter" else count == len(native["categories"])
        assert isinstance(series["colour"], str) or len(series["colour"]) == count
        assert len(series["low"]) in (0, count) and len(series["high"]) in (0, count)


def test_a_trend_and_what_it_is_compared_with():
    native = carried("trend")
    assert native["kind"] == "line" and native["categories"][0] == "Jun 24"
    names = [series["name"] for series in native["series"]]
    assert names == ["Cost per contact", "a year before", "budget", "usual limits, lower", "usual limits, upper"]
    flat = [[value] * 13 for value in (55.0, 55.0, 50.5, 61.5)]
    assert numbers(native) == [whole()["cost_per_contact"].tolist(), *flat]


def test_a_trend_of_groups_and_missing_values():
    frame = monthly(["voice", "chat"], 4)
    frame.loc[0, "cost_per_contact"] = None
    native = native_of(charts.trend(frame).to_dict())["native"]
    assert native["categories"] == ["Jun 24", "Jul 24", "Aug 24", "Sep 24"]
    values = {series["name"]: series["values"] for series in native["series"]}
    assert values == {"chat": [53.0, 54.0, 55.0, 56.0], "voice": [None, 51.0, 52.0, 53.0]}


def test_levels_with_intervals_and_what_they_are_compared_with():
    native = carried("levels")
    assert (native["kind"], native["categories"]) == ("bar", ["chat", "email", "voice"])
    assert numbers(native) == [[60.0, 50.0, 40.0], [55.0, 51.0, 42.0], [55.0, 51.0, 42.0]]
    assert (native["series"][0]["low"], native["series"][0]["high"]) == ([55.0, 45.0, 35.0], [65.0, 55.0, 45.0])
    partly = charts.levels(measured(["voice", "chat"], [12345678.91, 40.0]), budget=measured(["chat"], [50.0]))
    assert numbers(native_of(partly.to_dict())["native"]) == [[12345678.91, 40.0], [None, 50.0]]


def test_a_bridge_is_levels_and_changes():
    native, bridge = carried("bridge"), bridged(4)
    assert native["kind"] == "waterfall"
    assert numbers(native) == [[bridge.before, *bridge.steps()["amount"], bridge.after]]
    assert native["categories"] == ["May 2025", *bridge.steps()["words"], "June 2025"]


def test_a_statement_is_parts_of_the_ledger():
    native = carried("statement")
    assert (native["kind"], native["categories"]) == ("stacked", CHANNELS)
    assert {series["name"]: series["values"] for series in native["series"]} == {
        "labour used": [20.0] * 3, "labour waiting": [10.0] * 3, "other costs": [20.0] * 3, "unallocated": [10.0] * 3,
    }  # fmt: skip


def test_a_tornado_is_steps_from_the_largest():
    native = carried("tornado")
    assert native["categories"][0] == "hourly wage, 1 DKK less"
    assert numbers(native) == [[-0.4, -0.2, -0.1]]


def test_a_pareto_chart_is_shares():
    native = carried("pareto")
    assert native["categories"] == ["late", "invoice", "(other work)"]
    assert numbers(native) == [pytest.approx([50.0, 100 / 3, 50 / 3])]


def test_drivers_are_effects_with_intervals():
    native = carried("drivers")
    assert native["categories"] == ["fashion", "home", "garden"]
    assert numbers(native) == [[0.0, 3.0, 17.5]]
    assert (native["series"][0]["low"], native["series"][0]["high"]) == ([None, -1.0, 13.5], [None, 7.0, 21.5])


def test_definitions_are_levels_from_the_highest():
    native = carried("definitions")
    assert (native["categories"], numbers(native)) == (["board", "offered", "own"], [[42.0, 41.0, 40.0]])


def test_a_funnel_is_dots_within_and_outside_of_the_limits():
    native, frame = carried("funnel"), compared({"ann": 1.0, "bob": 1.5, "cid": 0.9})
    hours = (frame["expected"] * frame["contacts"] / 3600).tolist()
    within, outside = native["series"]
    assert (within["name"], outside["name"]) == ("within the limits", "outside the limits")
    assert numbers(native) == [[100.0, 90.0], [150.0]]
    assert within["places"] == pytest.approx([hours[0], hours[2]]) and outside["places"] == pytest.approx([hours[1]])


def test_benchmarks_are_dots_above_their_channels():
    native = carried("benchmarks")
    assert native["categories"] == CHANNELS
    assert numbers(native) == [[45.0, 46.0, 47.0], [30.0, 40.0, 31.0, 41.0, 32.0, 42.0]]
    assert [series["places"] for series in native["series"]] == [[1.0, 2.0, 3.0], [1.0, 1.0, 2.0, 2.0, 3.0, 3.0]]
