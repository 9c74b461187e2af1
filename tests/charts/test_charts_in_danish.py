"""No English word of the package is left in a Danish chart."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from string import Formatter
from typing import Any

import pytest

import cpc_analysis as cpc
from cpc_analysis import charts, models
from cpc_analysis.language import LANGUAGES, catalogue
from tests.charts.pictures import drawing, texts

# It measures and fits all that the reports show.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("charts in Danish")]

WORD = re.compile(r"[^\W\d_]{2,}")
#: Fields of a specification that a reader sees.
SEEN = {"title", "text", "subtitle", "description", "alt", "definition", "axis", "places_axis", "name", "categories"}


def words(text: str) -> set[str]:
    """The words of a text, small; without what stands in braces, and names of the code in backquotes."""
    without = "".join(part for part, *_ in Formatter().parse(text)) if "{" in text else text
    without = re.sub("`[^`]*`", "", without)
    return {word.lower() for word in WORD.findall(without)}


@pytest.fixture(scope="module")
def english() -> set[str]:
    """The words that are said in English only: of no translation."""
    known = catalogue(LANGUAGES[1])
    danish = set().union(*(words(text) for text in known.values()))
    return set().union(*(words(text) for text in known)) - danish


def seen(found: Any, key: str = "") -> Iterator[str]:
    """Every text of a specification that a reader sees: titles, labels of marks and tooltips, and the alt text."""
    if isinstance(found, dict):
        for name, value in found.items():
            yield from seen(value, name)
    elif isinstance(found, list):
        for value in found:
            yield from seen(value, key)
    elif isinstance(found, str) and key in SEEN:
        yield found


@pytest.fixture(scope="module")
def drawn() -> dict[str, Any]:
    """Every chart of the sample centre, in Danish because its project says so."""
    selection = models.select("", "2025-06", language="da")
    data, now, history, name = selection.data, selection.now, selection.history, "cost_per_contact"
    by_month = {"by": ["month"], "where": history}
    model = cpc.fit_drivers(data, ["tenure", "product"], where=history)
    inbound = data.replace(counting=cpc.Counting(directions=("in",)))
    clock = cpc.measure(data, ["contacts", "average_wait"], by=["weekday", "half_hour"], where=now)
    few = cpc.measure(data, ["csat", "average_handle_time"], by=["channel"], where=now, interval=0.95)
    return {
        "trend": charts.trend(
            cpc.measure(data, name, **by_month), budget=models.budget_for(data, name, **by_month),
            before=models.last_year(selection, name), limits=cpc.process_limits(data, name),
        ),
        "trend of channels": charts.trend(cpc.measure(data, "csat", by=["month", "channel"], where=history)),
        "levels": charts.levels(
            cpc.measure(data, name, by=["channel"], where=now),
            budget=models.budget_for(data, name, by=["channel"], where=now),
            last_year=models.measure_last_year(selection, name, by=["channel"]),
        ),
        "satisfaction": charts.levels(few, "csat"), "handle time": charts.levels(few, "average_handle_time"),
        "bridge": charts.bridge(cpc.explain_change(data, before="2025-03", after="2025-04", by=["channel"])),
        "bridge from budget": charts.bridge(models.bridge_of_month(selection)),
        "statement": charts.statement(models.statement_for(selection, by=["channel"])),
        "tornado": charts.tornado(cpc.sensitivity(data, where=now)),
        "pareto": charts.pareto(cpc.contact_causes(data, "reason", "2025-06")),
        "drivers": charts.drivers(model, "product"), "curve": charts.curve(model),
        "load": charts.curve(cpc.fit_drivers(data, "load", where=history, within=["channel", "reason"]), "load"),
        "volume": charts.heatmap(clock, "contacts"), "wait": charts.heatmap(clock, "average_wait"),
        "definitions": charts.definitions(cpc.compare_definitions(data, where=now)),
        "funnel": charts.funnel(cpc.compare_agents(data, where=history)),
        "small multiples": charts.small_multiples(cpc.measure(data, name, by=["month", "channel"], where=history)),
        "benchmarks": charts.benchmarks(cpc.compare_benchmarks(inbound, "2025-06")),
    }  # fmt: skip


@pytest.fixture(scope="module")
def names(sample: cpc.Dataset) -> set[str]:
    """Words of the data: names of reasons, products and agents, of the centre, and of published figures."""
    found = [sample.settings.name, "as-published", *cpc.benchmarks()["name"]]
    for column in ("reason", "product", "site", "agent_id"):
        found += [str(text) for text in cpc.measure(sample, "contacts", by=[column])[column].dropna()]
    return set().union(*map(words, found))


def test_every_text_is_danish(drawn, english, names) -> None:
    for kind, chart in drawn.items():
        specification = json.loads(json.dumps(chart.to_dict()))
        every = [*seen(specification), *texts(drawing(chart))]
        left = {word for text in every for word in words(text)} & english - names
        assert not left, kind
        assert re.search(r"[æøåÆØÅ]|henvendelse", " ".join(every)), kind


def test_an_english_word_would_be_found(english, sample) -> None:
    assert {"wages", "counted", "contacts", "rose", "budgeted"} <= english
    chart = charts.levels(cpc.measure(sample, "cost_per_contact", by=["channel"], where={"month": "2025-06"}))
    assert {word for text in seen(chart.to_dict()) for word in words(text)} & english
