"""Charts by their whole specification, as it was when somebody last looked at the picture.

`CPC_GOLDEN=write pytest tests/charts/test_golden.py` writes the specifications again: look at the pictures first.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import altair as alt
import pytest

from tests.charts.every import EVERY

GOLDEN = Path(__file__).parent / "golden"
#: Of a line of a golden file, where what stands in it can be broken [characters].
WIDTH = 200
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


@pytest.mark.parametrize("name", EVERY)
def test_a_chart_is_as_it_was(name: str) -> None:
    assert_golden(name, specification(EVERY[name].drawn()))


@pytest.mark.parametrize("name", DANISH)
def test_a_danish_chart_is_as_it_was(name: str) -> None:
    assert_golden(f"{name} in Danish", specification(EVERY[name].drawn(language="da")))


def test_all_have_one_look() -> None:
    assert_golden("look", {"config": EVERY["levels"].drawn().to_dict()["config"]})
    looks = {json.dumps(kind.drawn().to_dict()["config"], sort_keys=True) for kind in EVERY.values()}
    assert len(looks) <= 2


def test_a_difference_is_named() -> None:
    assert differences({"a": [1, {"b": 2}]}, {"a": [1, {"b": 3}]}) == [".a[1].b: 2 was 3"]


def test_a_compact_file_holds_the_same() -> None:
    found = specification(EVERY["levels"].drawn())
    assert json.loads(compact(found)) == found
    assert compact({"b": list(range(80)), "a": [1, {"c": None}]}).splitlines()[:2] == ["{", ' "a": [1, {"c": null}],']
