"""Native charts of slides: drawn by the presentation program from numbers that can be edited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cpc_analysis.charts.theme import colour as shade
from cpc_analysis.exports.chart_books import category_book, scatter_book, waterfall_book
from cpc_analysis.exports.masters import Place
from cpc_analysis.exports.slide_intervals import add_intervals, bounds_of, has_intervals
from cpc_analysis.exports.slide_labels import SIZE, first_colour, label, label_beside, label_steps, rgb, text_label
from cpc_analysis.exports.texts import clean
from cpc_analysis.exports.waterfall import Scale, bars_of, scale_of
from cpc_analysis.language import say

__all__ = ["can_draw", "draw"]

#: Ticks of an axis of categories.
_MOST_TICKS = 14


def can_draw(native: Mapping[str, Any] | None) -> bool:
    """Whether a presentation program can draw a chart: it has numbers, and a waterfall all of them."""
    if native is None or not native["series"]:
        return False
    values = [value for series in native["series"] for value in series["values"]]
    if native["kind"] == "scatter":
        return bool(values) and all(len(series["places"]) == len(series["values"]) for series in native["series"])
    known = [value for value in values if value is not None]
    if native["kind"] == "waterfall":
        return len(native["series"]) == 1 and len(values) > 1 and len(known) == len(values)
    return bool(known) and bool(native["categories"])


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
        return _scatter(slide, native, place, font)
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
    shape = _added(slide, kinds[kind], _category_data(names, columns, form), place)
    chart = shape.chart
    chart.part.chart_workbook.update_from_xlsx_blob(category_book(names, columns, form))
    _dress(chart, native, font, is_lying)
    scale = _scale(native)
    _scale_values(chart.value_axis, scale)
    if is_lying:
        _top_to_bottom(chart)
    plot = chart.plots[0]
    if kind != "line":
        plot.gap_width = 45
    if kind == "stacked" or has_room:
        plot.overlap = 100
    for made, one in zip(plot.series, native["series"], strict=False):
        _colour(made, one["colour"], is_line=kind == "line")
        add_intervals(made, one)
    _thin_ticks(chart, len(names), is_lying)
    if has_room:
        _hide(plot.series[-1])
        label_beside(plot.series[-1], first, form)
    else:
        label(plot, native, scale, place)
    return shape


def _beyond(one: Mapping[str, Any]) -> list[float]:
    """How far the bars and intervals of a series reach to the right."""
    pairs = zip(one["values"], one["high"], strict=True)
    return [max(0.0, *(float(end) for end in pair if end is not None)) if any(pair) else 0.0 for pair in pairs]


def _hide(series: Any) -> None:
    series.format.fill.background()
    series.format.line.fill.background()


def _added(slide: Any, kind: Any, data: Any, place: Place) -> Any:
    return slide.shapes.add_chart(kind, *place.emu, data)


def _category_data(names: Sequence[str], series: Sequence[tuple[str, Sequence[float | None]]], form: str) -> Any:
    from pptx.chart.data import CategoryChartData

    data = CategoryChartData(number_format=form)
    data.categories = list(names)
    for name, values in series:
        data.add_series(name, values)
    return data


def _dress(chart: Any, native: Mapping[str, Any], font: str, is_lying: bool) -> None:
    """Fonts, axes and legend in the look of the house."""
    from pptx.enum.chart import XL_LEGEND_POSITION, XL_TICK_MARK
    from pptx.util import Pt

    chart.has_title = False
    chart.font.size = Pt(SIZE)
    if font:
        chart.font.name = font
    chart.font.color.rgb = rgb(shade("ink"))
    chart.has_legend = len(native["series"]) > 1
    if chart.has_legend:
        chart.legend.position = XL_LEGEND_POSITION.TOP if is_lying else XL_LEGEND_POSITION.BOTTOM
        chart.legend.include_in_layout = False
    values, names = chart.value_axis, chart.category_axis
    for axis in (values, names):
        axis.major_tick_mark = XL_TICK_MARK.NONE
        axis.has_major_gridlines = axis is values
    values.major_gridlines.format.line.color.rgb = rgb(shade("grid"))
    values.format.line.fill.background()
    names.format.line.color.rgb = rgb(shade("quiet"))
    values.tick_labels.number_format, values.tick_labels.number_format_is_linked = native["number_format"], False
    values.tick_labels.font.color.rgb = rgb(shade("quiet"))
    values.tick_labels.font.size = Pt(SIZE - 1)
    _title(values, native["axis"])


def _title(axis: Any, text: str) -> None:
    from pptx.util import Pt

    axis.has_title = bool(text)
    if text:
        frame = axis.axis_title.text_frame
        frame.text = clean(text)
        font = frame.paragraphs[0].runs[0].font
        font.size, font.bold, font.color.rgb = Pt(SIZE - 1), False, rgb(shade("quiet"))


def _top_to_bottom(chart: Any) -> None:
    """The first category on top, and the values' axis below all the same."""
    from pptx.enum.chart import XL_TICK_LABEL_POSITION

    chart.category_axis.reverse_order = True
    chart.value_axis._element.find("{*}crosses").set("val", "max")
    # Names stay at the edge where bars reach below zero.
    chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW


def _scale(native: Mapping[str, Any]) -> Scale:
    """The axis of values: bars from zero; lines too, unless they are all above half of the highest."""
    kind, series = native["kind"], native["series"]
    if kind == "stacked":
        stacks = list(zip(*(one["values"] for one in series), strict=True))
        values = [sum(value for value in stack if value is not None and value > 0) for stack in stacks]
        values += [sum(value for value in stack if value is not None and value < 0) for stack in stacks]
    else:
        values = [float(value) for one in series for value in one["values"] if value is not None]
        values += [bound for one in series for bound in bounds_of(one)]
    low, high = min(values), max(values)
    if kind not in ("line", "scatter") or low < high / 2:
        low, high = min(low, 0.0), max(high, 0.0)
    return scale_of(low, high, room=0.12 if kind in ("bar", "column") else 0.06)


def _scale_values(axis: Any, scale: Scale) -> None:
    axis.minimum_scale, axis.maximum_scale, axis.major_unit = scale.low, scale.high, scale.step


def _colour(series: Any, colour: str | Sequence[str], is_line: bool) -> None:
    from pptx.enum.chart import XL_MARKER_STYLE
    from pptx.util import Pt

    if is_line:
        one = first_colour(colour)
        series.smooth = False
        series.format.line.color.rgb, series.format.line.width = rgb(one), Pt(2.25)
        series.marker.style, series.marker.size = XL_MARKER_STYLE.CIRCLE, 5
        _fill(series.marker, one)
        series.marker.format.line.color.rgb = rgb(one)
        return
    series.invert_if_negative = False
    _fill(series, first_colour(colour))
    if not isinstance(colour, str):
        for number, one in enumerate(colour):
            if one != colour[0]:
                _fill(series.points[number], one)


def _fill(part: Any, colour: str) -> None:
    part.format.fill.solid()
    part.format.fill.fore_color.rgb = rgb(colour)


def _thin_ticks(chart: Any, count: int, is_lying: bool) -> None:
    """Every name of lying bars; of others as many as stand beside each other."""
    from pptx.oxml.xmlchemy import OxmlElement

    step = 1 if is_lying else -(-count // _MOST_TICKS)
    axis = chart.category_axis._element
    for tag in ("tickLblSkip", "tickMarkSkip"):
        for old in axis.findall(f"{{*}}{tag}"):
            axis.remove(old)
        made = OxmlElement(f"c:{tag}")
        made.set("val", str(step))
        after = axis.find("{*}noMultiLvlLbl")
        after.addprevious(made) if after is not None else axis.append(made)


def _waterfall(slide: Any, native: Mapping[str, Any], place: Place, font: str) -> Any:
    from pptx.enum.chart import XL_CHART_TYPE

    given = native["series"][0]
    names, bars = [clean(name) for name in native["categories"]], bars_of(given["values"])
    room = (bars.scale.high - bars.scale.low) * 0.1
    rooms = tuple(room if max(pair) >= 0 else 0.0 for pair in zip(bars.starts, bars.ends, strict=True))
    heads = (say("base"), say("above zero"), say("below zero"), say("room for numbers"))
    columns = list(zip(heads, (bars.base, bars.above, bars.below, rooms), strict=True))
    form = native["number_format"]
    shape = _added(slide, XL_CHART_TYPE.BAR_STACKED, _category_data(names, columns, form), place)
    chart = shape.chart
    chart.part.chart_workbook.update_from_xlsx_blob(
        waterfall_book(names, columns, bars, clean(given["name"]), native["number_format"])
    )
    _dress(chart, native, font, is_lying=True)
    _top_to_bottom(chart)
    _scale_values(chart.value_axis, bars.scale)
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = 45, 100
    base, above, below, ends = plot.series
    for unseen in (base, ends):
        _hide(unseen)
    for part in (above, below):
        _colour(part, given["colour"], is_line=False)
    label_steps(base, ends, bars, form)
    return shape


def _scatter(slide: Any, native: Mapping[str, Any], place: Place, font: str) -> Any:
    from pptx.chart.data import XyChartData
    from pptx.enum.chart import XL_CHART_TYPE

    data = XyChartData(number_format=native["number_format"])
    scale, names = _scale(native), [clean(name) for name in native["categories"]]
    blocks = [(clean(one["name"]), list(zip(one["places"], one["values"], strict=True))) for one in native["series"]]
    if names:
        # Names cannot stand at the ticks of numbers: unseen points at the foot carry them.
        blocks.append((say("room for names"), [(float(number), scale.low) for number in range(1, len(names) + 1)]))
    blocks = [(name, [pair for pair in pairs if None not in pair]) for name, pairs in blocks]
    for name, pairs in blocks:
        made = data.add_series(name)
        for across, value in pairs:
            made.add_data_point(across, value)
    shape = _added(slide, XL_CHART_TYPE.XY_SCATTER, data, place)
    chart = shape.chart
    chart.part.chart_workbook.update_from_xlsx_blob(scatter_book(blocks, native["number_format"]))
    _dress(chart, native, font, is_lying=False)
    _scale_values(chart.value_axis, scale)
    drawn = list(chart.plots[0].series)
    for series, one in zip(drawn, native["series"], strict=False):
        _dot(series, first_colour(one["colour"]))
        if None not in one["values"]:
            add_intervals(series, one)
    if names:
        _name_places(chart, drawn[-1], names)
    else:
        _title_places(chart, native)
    return shape


def _dot(series: Any, colour: str) -> None:
    from pptx.enum.chart import XL_MARKER_STYLE

    series.format.line.fill.background()
    series.marker.style, series.marker.size = XL_MARKER_STYLE.CIRCLE, 8
    _fill(series.marker, colour)
    series.marker.format.line.fill.background()


def _name_places(chart: Any, foot: Any, names: Sequence[str]) -> None:
    from pptx.enum.chart import XL_MARKER_STYLE, XL_TICK_LABEL_POSITION

    foot.format.line.fill.background()
    foot.marker.style = XL_MARKER_STYLE.NONE
    for number, name in enumerate(names):
        text_label(foot.points[number], name, SIZE, shade("ink"), "ABOVE")
    _scale_values(chart.category_axis, Scale(0.5, len(names) + 0.5, 1.0))
    chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.NONE
    _leave_out_of_legend(chart, len(chart.plots[0].series) - 1)


def _leave_out_of_legend(chart: Any, number: int) -> None:
    from pptx.oxml.xmlchemy import OxmlElement

    if not chart.has_legend:
        return
    entry = OxmlElement("c:legendEntry")
    for tag, value in (("c:idx", str(number)), ("c:delete", "1")):
        part = OxmlElement(tag)
        part.set("val", value)
        entry.append(part)
    chart.legend._element.find("{*}legendPos").addnext(entry)


def _title_places(chart: Any, native: Mapping[str, Any]) -> None:
    axis = chart.category_axis
    axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = "#,##0", False
    _title(axis, native.get("places_axis") or "")
