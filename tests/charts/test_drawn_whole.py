"""Every chart drawn: it has marks, and nothing of it is cut off, whatever it holds and however large it is."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree

import altair as alt
import numpy as np
import pandas as pd
import pytest
import vl_convert

from cpc_analysis import charts
from cpc_analysis.charts import SIZES
from tests.charts.pictures import ink_outside, marks, texts
from tests.charts.results import (
    LONG,
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

CHANNELS = ["voice", "email", "chat", "social", "self-service", "callback", "messaging", "sms", "web", "task", "other"]
TENURE = ["24 months and more", *(f"{span} months" for span in ("0 to 1", "1 to 3", "3 to 6", "6 to 12", "12 to 24"))]


def names(count: int) -> list[str]:
    return [f"{LONG} {number}" for number in range(count)]


def rising(count: int) -> list[float]:
    return [60.0 + 7 * place for place in range(count)]


def compared_trend(count: int, **options: str) -> alt.TopLevelMixin:
    frame = whole(min(count, 13))
    limits = frame[["month", "cost_per_contact"]].assign(low=45.0, high=55.0, is_outside=frame["cost_per_contact"] > 55)
    events = {f"2024-{6 + place:02d}": LONG for place in range(min(count, 6))}
    before = frame.assign(cost_per_contact=50.0)
    return charts.trend(frame, budget=before, before=before, limits=limits, events=events, **options)


#: How each kind of chart is drawn for a number of groups, and how many of them at most have a mark of their own.
KINDS: dict[str, tuple[Callable[..., alt.TopLevelMixin], int]] = {
    "trend": (lambda count, **how: charts.trend(monthly(names(count)), **how), 40),
    "compared trend": (compared_trend, 13),
    "levels": (lambda count, **how: charts.levels(measured(names(count), rising(count)), **how), 40),
    "compared levels": (
        lambda count, **how: charts.levels(measured(names(count), rising(count), cost_per_contact_low=50.0,
                                                    cost_per_contact_high=400.0),
                                           last_year=measured(names(count), rising(count)[::-1]),
                                           budget=measured(names(count), [90.0] * count), **how), 40),
    "bridge": (lambda count, **how: charts.bridge(bridged(count), **how), 9),
    "statement": (lambda count, **how: charts.statement(stated(names(count)), **how), 40),
    "tornado": (lambda count, **how: charts.tornado(stepped(names(count)), **how), 40),
    "pareto": (lambda count, **how: charts.pareto(caused(names(count)), **how), 15),
    "drivers": (lambda count, **how: charts.drivers(
        fitted("product", dict(zip(names(count), rising(count), strict=True))), **how), 40),
    "learning curve": (lambda count, **how: charts.curve(
        fitted("tenure", {level: 8.0 * place for place, level in enumerate(TENURE[: max(count, 1)])}), **how), 6),
    "load curve": (lambda count, **how: charts.curve(
        fitted("load", {"the load as it was": 0.0, "10 % more": 2.0 * count}), "load", **how), 1),
    "heatmap": (lambda count, **how: charts.heatmap(by_the_clock(count), **how), 40),
    "definitions": (lambda count, **how: charts.definitions(defined(["own", *names(count)[1:]]), **how), 40),
    "funnel": (lambda count, **how: charts.funnel(
        compared({name: 1.0 + 0.02 * place for place, name in enumerate(names(count))}), **how), 40),
    "small multiples": (lambda count, **how: charts.small_multiples(monthly(names(count)), **how), 12),
    "small bars": (lambda count, **how: charts.small_multiples(two_ways(names(count)), by="channel", **how), 12),
    "benchmarks": (lambda count, **how: charts.benchmarks(beside(CHANNELS[:count]), **how), 11),
}  # fmt: skip


def two_ways(groups: list[str]) -> pd.DataFrame:
    frame = pd.concat([measured(groups, rising(len(groups))).assign(site=site) for site in ("København", "Malmö")])
    frame.attrs = {"by": ["channel", "site"], "currency": "DKK", "source": "Test centre"}
    return frame.reset_index(drop=True)


def assert_whole(chart: alt.TopLevelMixin, least: int) -> None:
    specification = chart.to_dict()
    svg = vl_convert.vegalite_to_svg(specification)
    drawn = ElementTree.fromstring(svg)
    assert marks(drawn) >= least
    assert not [text for text in texts(drawn) if "…" in text or "undefined" in text or "NaN" in text]
    assert specification["description"]
    assert ink_outside(svg) == 0


# Sizes and counts in pairs: each of both with each kind, not each with each other.
@pytest.mark.parametrize(("size", "count"), [("slide", 40), ("half", 12), ("half", 1), ("page", 2)])
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_cut_off(kind: str, size: str, count: int) -> None:
    draw, most = KINDS[kind]
    assert_whole(draw(count, size=size, language="da"), min(count, most))


@pytest.mark.parametrize("size", SIZES)
def test_missing_and_negative_values_and_long_amounts_are_whole(size: str) -> None:
    groups = names(3)
    frame = monthly(groups)
    frame.loc[frame.index[::4], "cost_per_contact"] = np.nan
    odd = measured([*groups, None], [-123456.78, 0.0, np.nan, 9876543.21])
    for chart, least in (
        (charts.trend(frame, size=size), 3),
        (charts.trend(frame.assign(cost_per_contact=-frame["cost_per_contact"]), size=size), 3),
        (charts.trend(frame.assign(cost_per_contact=np.nan), size=size), 0),
        (charts.trend(frame.assign(cost_per_contact=1e6 * frame["cost_per_contact"]), size=size), 3),
        (charts.levels(odd, size=size), 3),
        (charts.levels(odd.assign(cost_per_contact=np.nan), size=size), 0),
        (charts.small_multiples(frame, size=size), 3),
        (charts.bridge(bridged(5, -123456.78), size=size), 5),
        (charts.statement(stated([*groups, None]), size=size), 4),
        (charts.tornado(stepped(groups).assign(cash=[-1234.5, 250.0, 0.0]), size=size), 3),
        (charts.pareto(caused([*groups, "(other work)", None]), size=size), 4),
        (charts.drivers(fitted("product", {"a": 0.0, LONG: -88.8}), size=size), 2),
        (charts.heatmap(by_the_clock(7).assign(average_wait=np.nan), size=size), 0),
        (charts.definitions(defined(["own", *groups]).assign(cost_per_contact=[1.0, np.nan, 2.0, 3.0]), size=size), 2),
    ):
        assert_whole(chart, least)


@pytest.mark.parametrize("size", SIZES)
def test_one_point_is_drawn(size: str) -> None:
    for chart in (
        charts.trend(whole(1), size=size),
        charts.trend(monthly(["voice"], 1), size=size),
        charts.small_multiples(monthly(["voice"], 1), size=size),
        charts.funnel(compared({"ann": 2.0}), size=size),
    ):
        assert_whole(chart, 1)


def test_what_is_cut_off_is_found() -> None:
    base = alt.Chart(alt.Data(values=[{"x": 1}])).properties(width=100, height=60)
    for start, found in ((0, False), (90, True)):
        chart = base.mark_text(text="Genhenvendelse", align="left", dx=start - 50)
        svg = vl_convert.vegalite_to_svg(chart.properties(autosize="none").to_dict())
        assert (ink_outside(svg) > 0) is found
