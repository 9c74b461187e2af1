"""Charts by their whole specification, as it was when somebody last looked at the picture.

`CPC_GOLDEN=write pytest tests/charts/test_golden.py` writes the specifications again: look at the pictures first.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import altair as alt
import pytest

from cpc_analysis import charts
from tests.charts.results import (
    beside,
    bridged,
    by_the_clock,
    caused,
    compared,
    defined,
    fitted,
    measured,
    monthly,
    stated,
    stepped,
    whole,
)

GOLDEN = Path(__file__).parent / "golden"
#: Of a line of a golden file, where what stands in it can be broken [characters].
WIDTH = 200
CHANNELS = ["voice", "chat", "email"]


def trend(**how: Any) -> alt.TopLevelMixin:
    frame = whole()
    limits = frame[["month", "cost_per_contact"]].assign(low=50.5, high=61.5, is_outside=False)
    limits.loc[0, "is_outside"] = True
    flat = frame.assign(cost_per_contact=55.0)
    return charts.trend(frame, budget=flat, before=flat, limits=limits, events={"2024-10": "New portal"}, **how)


def levels(**how: Any) -> alt.TopLevelMixin:
    frame = measured(CHANNELS, [40.0, 60.0, 50.0], cost_per_contact_low=[35.0, 55.0, 45.0],
                     cost_per_contact_high=[45.0, 65.0, 55.0], few_contacts=[False, False, True])  # fmt: skip
    before = measured(CHANNELS, [42.0, 55.0, 51.0])
    return charts.levels(frame, last_year=before, budget=before, **how)


CHARTS: dict[str, Callable[..., alt.TopLevelMixin]] = {
    "trend": trend,
    "trend of channels": lambda **how: charts.trend(monthly(CHANNELS), **how),
    "levels": levels,
    "bridge": lambda **how: charts.bridge(bridged(4), **how),
    "statement": lambda **how: charts.statement(stated(CHANNELS), **how),
    "tornado": lambda **how: charts.tornado(stepped(["wage", "handle_time", "occupancy"]), **how),
    "pareto": lambda **how: charts.pareto(caused(["late", "invoice", "(other work)"]), **how),
    "drivers": lambda **how: charts.drivers(fitted("product", {"fashion": 0.0, "home": 3.0, "garden": 17.5}), **how),
    "learning curve": lambda **how: charts.curve(
        fitted("tenure", {"24 months and more": 0.0, "0 to 1 months": 40.0, "1 to 3 months": 25.0}), **how
    ),
    "load curve": lambda **how: charts.curve(
        fitted("load", {"the load as it was": 0.0, "10 % more": -6.0}), "load", **how
    ),
    "heatmap": lambda **how: charts.heatmap(by_the_clock(30), **how),
    "definitions": lambda **how: charts.definitions(defined(["own", "offered", "board"]), **how),
    "funnel": lambda **how: charts.funnel(compared({"ann": 1.0, "bob": 1.5, "cid": 0.9}), **how),
    "small multiples": lambda **how: charts.small_multiples(monthly(CHANNELS, 4), **how),
    "benchmarks": lambda **how: charts.benchmarks(beside(CHANNELS), **how),
}
DANISH = ["trend", "levels", "bridge", "statement", "heatmap", "benchmarks"]


def assert_golden(name: str, found: Any) -> None:
    path = GOLDEN / f"{name.replace(' ', '-')}.json"
    if os.environ.get("CPC_GOLDEN") == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"{compact(found)}\n", encoding="utf-8")
    known = json.loads(path.read_text(encoding="utf-8"))
    if found != known:
        pytest.fail(f"{name}: {'; '.join(differences(found, known))}", pytrace=False)


def compact(found: Any, indent: str = "") -> str:
    """JSON with a line for whatever fits in one, so that a change of a chart is a change of few lines."""
    line = json.dumps(found, ensure_ascii=False, sort_keys=True)
    if len(indent) + len(line) <= WIDTH or not isinstance(found, dict | list):
        return line
    inner, marks = f"{indent} ", "{}" if isinstance(found, dict) else "[]"
    if isinstance(found, dict):
        parts = [f"{json.dumps(key)}: {compact(value, inner)}" for key, value in sorted(found.items())]
    else:
        parts = [compact(value, inner) for value in found]
    lines = ",\n".join(inner + part for part in parts)
    return f"{marks[0]}\n{lines}\n{indent}{marks[1]}"


def differences(found: Any, known: Any, where: str = "") -> list[str]:
    """The first places where two specifications differ."""
    if isinstance(found, dict) and isinstance(known, dict):
        keys = sorted(set(found) | set(known))
        return [text for key in keys for text in differences(found.get(key), known.get(key), f"{where}.{key}")][:5]
    if isinstance(found, list) and isinstance(known, list) and len(found) == len(known):
        pairs = enumerate(zip(found, known, strict=True))
        return [text for place, pair in pairs for text in differences(*pair, f"{where}[{place}]")][:5]
    return [] if found == known else [f"{where}: {found!r} was {known!r}"]


def specification(chart: alt.TopLevelMixin) -> dict[str, Any]:
    """The specification without the look, which is the same for all."""
    found = json.loads(json.dumps(chart.to_dict()))
    return {key: value for key, value in found.items() if key not in ("$schema", "config")}


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_is_as_it_was(name: str) -> None:
    assert_golden(name, specification(CHARTS[name]()))


@pytest.mark.parametrize("name", DANISH)
def test_a_danish_chart_is_as_it_was(name: str) -> None:
    assert_golden(f"{name} in Danish", specification(CHARTS[name](language="da")))


def test_all_have_one_look() -> None:
    assert_golden("look", {"config": CHARTS["levels"]().to_dict()["config"]})
    looks = {json.dumps(draw().to_dict()["config"], sort_keys=True) for draw in CHARTS.values()}
    assert len(looks) <= 2


def test_a_difference_is_named() -> None:
    assert differences({"a": [1, {"b": 2}]}, {"a": [1, {"b": 3}]}) == [".a[1].b: 2 was 3"]


def test_a_compact_file_holds_the_same() -> None:
    found = specification(CHARTS["levels"]())
    assert json.loads(compact(found)) == found
    assert compact({"b": list(range(80)), "a": [1, {"c": None}]}).splitlines()[:2] == ["{", ' "a": [1, {"c": null}],']
