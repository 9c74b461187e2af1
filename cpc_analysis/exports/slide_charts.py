"""Native charts of slides: drawn by the presentation program from numbers that can be edited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cpc_analysis.charts.theme import colour as shade
from cpc_analysis.exports.chart_books import category_book, waterfall_book
from cpc_analysis.exports.masters import Place
from cpc_analysis.exports.slide_axes import dress, fill, hide, scale_of_native, scale_values, thin_ticks, top_to_bottom
from cpc_analysis.exports.slide_intervals import add_intervals, has_intervals
from cpc_analysis.exports.slide_labels import label, label_beside, label_steps
from cpc_analysis.exports.slide_lines import draw_lines
from cpc_analysis.exports.slide_scatter import draw_scatter
from cpc_analysis.exports.waterfall import bars_of
from cpc_analysis.language import say
from cpc_analysis.markup import clean

__all__ = ["can_draw", "draw"]


def can_draw(native: Mapping[str, Any] | None) -> bool:
    """Whether a presentation program can draw a chart: it has names and numbers, and a waterfall all of them.

    Dots over numbers are left to a picture: what they are judged by, such as the limits of a funnel, is not in them.
    """
    if native is None or not native["series"] or not native["categories"]:
        return False
    values = [value for series in native["series"] for value in series["values"]]
    known = [value for value in values if value is not None]
    if native["kind"] == "waterfall":
        return len(native["series"]) == 1 and len(values) > 1 and len(known) == len(values)
    return bool(known)


def draw(slide: Any, native: Mapping[str, Any], place: Place, font: str) -> Any:
    """The shape of a native chart, put on a slide.

    Parameters
    ----------
    slide : pptx.slide.Slide
        The slide.
    native : mapping
        The fields of `charts.native.Native`.
    place : Place
        Where.
    font : str
        The font of the texts; the template's own when empty.
    """
    kind = native["kind"]
    if kind == "scatter":
        return draw_scatter(slide, native, place, font)
    if kind == "waterfall":
        return _waterfall(slide, native, place, font)
    return _by_categories(slide, native, place, font)


def _by_categories(slide: Any, native: Mapping[str, Any], place: Place, font: str) -> Any:
    from pptx.enum.chart import XL_CHART_TYPE

    kinds = {
        "line": XL_CHART_TYPE.LINE_MARKERS, "column": XL_CHART_TYPE.COLUMN_CLUSTERED,
        "bar": XL_CHART_TYPE.BAR_CLUSTERED, "stacked": XL_CHART_TYPE.BAR_STACKED,
    }  # fmt: skip
    kind, form = native["kind"], native["number_format"]
    names = [clean(name) for name in native["categories"]]
    columns = [(clean(one["name"]), list(one["values"])) for one in native["series"]]
    is_lying, first = kind in ("bar", "stacked"), native["series"][0]
    has_room = kind == "bar" and len(columns) == 1 and has_intervals(first)
    if has_room:
        columns.append((say("room for numbers"), _beyond(first)))
    shape = slide.shapes.add_chart(kinds[kind], *place.emu, _category_data(names, columns, form))
    chart = shape.chart
    chart.part.chart_workbook.update_from_xlsx_blob(category_book(names, columns, form))
    dress(chart, native, font, is_lying)
    scale = scale_of_native(native)
    scale_values(chart.value_axis, scale)
    if is_lying:
        top_to_bottom(chart)
    plot = chart.plots[0]
    if kind == "line":
        draw_lines(plot, native, scale)
    else:
        _draw_bars(plot, native["series"], is_together=kind == "stacked" or has_room)
    for made, one in zip(plot.series, native["series"], strict=False):
        add_intervals(made, one)
    thin_ticks(chart, len(names), is_lying)
    if has_room:
        hide(plot.series[-1])
        label_beside(plot.series[-1], first, form)
    elif kind != "line":
        label(plot, native, scale, place)
    return shape


def _draw_bars(plot: Any, series: Sequence[Mapping[str, Any]], is_together: bool) -> None:
    plot.gap_width = 45
    if is_together:
        plot.overlap = 100
    for made, one in zip(plot.series, series, strict=False):
        # A legend has one colour for each series.
        has_many = len(series) > 1 and not isinstance(one["colour"], str)
        _colour(made, shade("accent") if has_many else one["colour"])


def _beyond(one: Mapping[str, Any]) -> list[float]:
    """How far the bars and intervals of a series reach to the right."""
    pairs = zip(one["values"], one["high"], strict=True)
    return [max(0.0, *(float(end) for end in pair if end is not None)) if any(pair) else 0.0 for pair in pairs]


def _category_data(names: Sequence[str], series: Sequence[tuple[str, Sequence[float | None]]], form: str) -> Any:
    from pptx.chart.data import CategoryChartData

    data = CategoryChartData(number_format=form)
    data.categories = list(names)
    for name, values in series:
        data.add_series(name, values)
    return data


def _waterfall(slide: Any, native: Mapping[str, Any], place: Place, font: str) -> Any:
    from pptx.enum.chart import XL_CHART_TYPE

    given = native["series"][0]
    names, bars = [clean(name) for name in native["categories"]], bars_of(given["values"])
    room = (bars.scale.high - bars.scale.low) * 0.1
    rooms = tuple(room if max(pair) >= 0 else 0.0 for pair in zip(bars.starts, bars.ends, strict=True))
    heads = (say("base"), say("above zero"), say("below zero"), say("room for numbers"))
    columns = list(zip(heads, (bars.base, bars.above, bars.below, rooms), strict=True))
    form = native["number_format"]
    shape = slide.shapes.add_chart(XL_CHART_TYPE.BAR_STACKED, *place.emu, _category_data(names, columns, form))
    chart = shape.chart
    chart.part.chart_workbook.update_from_xlsx_blob(
        waterfall_book(names, columns, bars, clean(given["name"]), native["number_format"])
    )
    dress(chart, native, font, is_lying=True)
    top_to_bottom(chart)
    scale_values(chart.value_axis, bars.scale)
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = 45, 100
    base, above, below, ends = plot.series
    for unseen in (base, ends):
        hide(unseen)
    for part in (above, below):
        _colour(part, given["colour"])
    label_steps(base, ends, bars, form)
    return shape


def _colour(series: Any, colour: str | Sequence[str]) -> None:
    series.invert_if_negative = False
    first = colour if isinstance(colour, str) else colour[0]
    fill(series, first)
    for number, one in enumerate(() if isinstance(colour, str) else colour):
        if one != first:
            fill(series.points[number], one)
