"""Native charts of slides: drawn by the presentation program from numbers that can be edited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cpc_analysis.charts.theme import GRID, INK, QUIET
from cpc_analysis.exports.chart_books import category_book, scatter_book, waterfall_book
from cpc_analysis.exports.fitting import text_width
from cpc_analysis.exports.masters import Place
from cpc_analysis.exports.number_formats import formatted
from cpc_analysis.exports.texts import clean
from cpc_analysis.exports.waterfall import Bars, Scale, bars_of, scale_of
from cpc_analysis.language import say

__all__ = ["can_draw", "draw"]

_SIZE = 12.0
#: As many labels as stand beside each other without touching.
_MOST_LABELS = 26
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
    kind = native["kind"]
    names = [clean(name) for name in native["categories"]]
    series = [(clean(one["name"]), list(one["values"])) for one in native["series"]]
    shape = _added(slide, kinds[kind], _category_data(names, series, native["number_format"]), place)
    chart = shape.chart
    chart.part.chart_workbook.update_from_xlsx_blob(category_book(names, series, native["number_format"]))
    is_lying = kind in ("bar", "stacked")
    _dress(chart, native, font, is_lying)
    _scale_values(chart.value_axis, _scale(native))
    if is_lying:
        _top_to_bottom(chart)
    plot = chart.plots[0]
    if kind != "line":
        plot.gap_width = 45
    if kind == "stacked":
        plot.overlap = 100
    for made, one in zip(plot.series, native["series"], strict=True):
        _colour(made, one["colour"], is_line=kind == "line")
    _thin_ticks(chart, len(names), is_lying)
    _label(plot, native, names, place)
    return shape


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
    chart.font.size = Pt(_SIZE)
    if font:
        chart.font.name = font
    chart.font.color.rgb = _rgb(INK)
    chart.has_legend = len(native["series"]) > 1
    if chart.has_legend:
        chart.legend.position = XL_LEGEND_POSITION.TOP if is_lying else XL_LEGEND_POSITION.BOTTOM
        chart.legend.include_in_layout = False
    values, names = chart.value_axis, chart.category_axis
    for axis in (values, names):
        axis.major_tick_mark = XL_TICK_MARK.NONE
        axis.has_major_gridlines = axis is values
    values.major_gridlines.format.line.color.rgb = _rgb(GRID)
    values.format.line.fill.background()
    names.format.line.color.rgb = _rgb(QUIET)
    values.tick_labels.number_format, values.tick_labels.number_format_is_linked = native["number_format"], False
    values.tick_labels.font.color.rgb = _rgb(QUIET)
    values.tick_labels.font.size = Pt(_SIZE - 1)
    values.has_title = bool(native["axis"])
    if native["axis"]:
        frame = values.axis_title.text_frame
        frame.text = clean(native["axis"])
        run = frame.paragraphs[0].runs[0].font
        run.size, run.bold, run.color.rgb = Pt(_SIZE - 1), False, _rgb(QUIET)


def _rgb(colour: str) -> Any:
    from pptx.dml.color import RGBColor

    return RGBColor.from_string(colour.lstrip("#").upper())


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
    low, high = min(values), max(values)
    if kind != "line" or low < high / 2:
        low, high = min(low, 0.0), max(high, 0.0)
    return scale_of(low, high, room=0.12 if kind in ("bar", "column") else 0.06)


def _scale_values(axis: Any, scale: Scale) -> None:
    axis.minimum_scale, axis.maximum_scale, axis.major_unit = scale.low, scale.high, scale.step


def _colour(series: Any, colour: str | Sequence[str], is_line: bool) -> None:
    from pptx.enum.chart import XL_MARKER_STYLE
    from pptx.util import Pt

    if is_line:
        one = colour if isinstance(colour, str) else colour[0]
        series.smooth = False
        series.format.line.color.rgb, series.format.line.width = _rgb(one), Pt(2.25)
        series.marker.style, series.marker.size = XL_MARKER_STYLE.CIRCLE, 5
        for part in (series.marker.format.fill,):
            part.solid()
            part.fore_color.rgb = _rgb(one)
        series.marker.format.line.color.rgb = _rgb(one)
        return
    series.invert_if_negative = False
    _fill(series, colour if isinstance(colour, str) else colour[0])
    if not isinstance(colour, str):
        for number, one in enumerate(colour):
            if one != colour[0]:
                _fill(series.points[number], one)


def _fill(part: Any, colour: str) -> None:
    part.format.fill.solid()
    part.format.fill.fore_color.rgb = _rgb(colour)


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


def _label(plot: Any, native: Mapping[str, Any], names: Sequence[str], place: Place) -> None:
    """Numbers where they fit: beside bars, inside parts of stacks, and at the ends of lines."""
    from pptx.enum.chart import XL_LABEL_POSITION
    from pptx.util import Pt

    kind, series, form = native["kind"], native["series"], native["number_format"]
    if kind == "stacked":
        _label_stacks(plot, native, place)
    elif kind == "line":
        _label_ends(plot, native)
    else:
        known = [value for one in series for value in one["values"] if value is not None]
        width = max(text_width(formatted(value, form), _SIZE - 1) for value in known)
        room = place.width * 0.85 / max(len(names) * len(series), 1)
        fits = len(known) <= _MOST_LABELS if kind == "bar" else width < room
        if fits:
            plot.has_data_labels = True
            labels = plot.data_labels
            labels.show_value, labels.position = True, XL_LABEL_POSITION.OUTSIDE_END
            labels.number_format, labels.number_format_is_linked = form, False
            labels.font.size = Pt(_SIZE - 1)


def _label_stacks(plot: Any, native: Mapping[str, Any], place: Place) -> None:
    scale, form = _scale(native), native["number_format"]
    for made, one in zip(plot.series, native["series"], strict=True):
        for number, value in enumerate(one["values"]):
            colour = one["colour"] if isinstance(one["colour"], str) else one["colour"][number]
            text = "" if value is None else formatted(value, form)
            room = 0.0 if value is None else abs(value) / (scale.high - scale.low) * place.width * 0.7
            if text and text_width(text, _SIZE - 2) + 6 < room:
                _text_label(made.points[number], text, _SIZE - 2, "#FFFFFF" if _is_dark(colour) else INK, "CENTER")


def _label_ends(plot: Any, native: Mapping[str, Any]) -> None:
    """The last value of the first line, or of few lines each its own."""
    for made, one in list(zip(plot.series, native["series"], strict=True))[:1]:
        known = [number for number, value in enumerate(one["values"]) if value is not None]
        if known:
            colour = one["colour"] if isinstance(one["colour"], str) else one["colour"][0]
            text = formatted(one["values"][known[-1]], native["number_format"])
            _text_label(made.points[known[-1]], text, _SIZE, colour, "ABOVE", bold=True)


def _is_dark(colour: str) -> bool:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue < 150


def _text_label(point: Any, text: str, size: float, colour: str, position: str, bold: bool = False) -> None:
    from pptx.enum.chart import XL_LABEL_POSITION
    from pptx.util import Pt

    label = point.data_label
    label.text_frame.text = text
    font = label.text_frame.paragraphs[0].runs[0].font
    font.size, font.bold, font.color.rgb = Pt(size), bold, _rgb(colour)
    label.position = getattr(XL_LABEL_POSITION, position)


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
        unseen.format.fill.background()
        unseen.format.line.fill.background()
    for part in (above, below):
        _colour(part, given["colour"], is_line=False)
    _label_steps(base, ends, bars, form)
    return shape


def _label_steps(base: Any, ends: Any, bars: Bars, form: str) -> None:
    """Levels and changes beside their bars: stacked bars have no place for them, so that unseen ones carry them."""
    last = len(bars.changes) - 1
    for number, change in enumerate(bars.changes):
        is_level = number in (0, last)
        text = formatted(change, form, signed=not is_level)
        is_below = max(bars.starts[number], bars.ends[number]) < 0
        point = (base if is_below else ends).points[number]
        _text_label(point, text, _SIZE - 1, INK, "INSIDE_END" if is_below else "INSIDE_BASE", bold=is_level)


def _scatter(slide: Any, native: Mapping[str, Any], place: Place, font: str) -> Any:
    from pptx.chart.data import XyChartData
    from pptx.enum.chart import XL_CHART_TYPE, XL_MARKER_STYLE

    data = XyChartData(number_format=native["number_format"])
    kept = []
    for one in native["series"]:
        pairs = [pair for pair in zip(one["places"], one["values"], strict=True) if None not in pair]
        kept.append((clean(one["name"]), pairs))
        made = data.add_series(kept[-1][0])
        for across, value in pairs:
            made.add_data_point(across, value)
    shape = _added(slide, XL_CHART_TYPE.XY_SCATTER, data, place)
    chart = shape.chart
    chart.part.chart_workbook.update_from_xlsx_blob(scatter_book(kept, native["number_format"]))
    _dress(chart, native, font, is_lying=False)
    chart.category_axis.tick_labels.number_format = "#,##0"
    chart.category_axis.tick_labels.number_format_is_linked = False
    for series, one in zip(chart.plots[0].series, native["series"], strict=True):
        colour = one["colour"] if isinstance(one["colour"], str) else one["colour"][0]
        series.format.line.fill.background()
        series.marker.style, series.marker.size = XL_MARKER_STYLE.CIRCLE, 8
        _fill(series.marker, colour)
        series.marker.format.line.fill.background()
    return shape
