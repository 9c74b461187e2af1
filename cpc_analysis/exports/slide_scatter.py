"""Native charts of dots over named places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cpc_analysis.charts.theme import colour as shade
from cpc_analysis.exports.chart_books import scatter_book
from cpc_analysis.exports.masters import Place
from cpc_analysis.exports.slide_axes import dress, fill, scale_of_native, scale_values
from cpc_analysis.exports.slide_intervals import add_intervals
from cpc_analysis.exports.slide_labels import SIZE, first_colour, text_label
from cpc_analysis.exports.waterfall import Scale
from cpc_analysis.language import say
from cpc_analysis.markup import clean

__all__ = ["draw_scatter"]


def draw_scatter(slide: Any, native: Mapping[str, Any], place: Place, font: str) -> Any:
    """The shape of a chart of dots; its series from the one with the most dots to the one with the fewest.

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
    from pptx.chart.data import XyChartData
    from pptx.enum.chart import XL_CHART_TYPE

    scale, names = scale_of_native(native), [clean(name) for name in native["categories"]]
    # LibreOffice draws nothing of a first series that is shorter than a later one.
    given = sorted(native["series"], key=lambda one: -len(one["values"]))
    blocks = [(clean(one["name"]), list(zip(one["places"], one["values"], strict=True))) for one in given]
    foot = scale.low - scale.step / 2
    # Names cannot stand at the ticks of numbers: unseen points below the axis carry them.
    blocks.append((say("room for names"), [(float(number), foot) for number in range(1, len(names) + 1)]))
    blocks = [(name, [pair for pair in pairs if None not in pair]) for name, pairs in blocks]
    data = XyChartData(number_format=native["number_format"])
    for name, pairs in blocks:
        made = data.add_series(name)
        for across, value in pairs:
            made.add_data_point(across, value)
    shape = slide.shapes.add_chart(XL_CHART_TYPE.XY_SCATTER, *place.emu, data)
    chart = shape.chart
    chart.part.chart_workbook.update_from_xlsx_blob(scatter_book(blocks, native["number_format"]))
    dress(chart, native, font, is_lying=False)
    _scale(chart, scale, native["number_format"])
    *drawn, unseen = chart.plots[0].series
    for series, one in zip(drawn, given, strict=True):
        _dot(series, first_colour(one["colour"]), is_line=len(one["values"]) == len(names))
        if None not in one["values"]:
            add_intervals(series, one)
    _name_places(chart, unseen, names)
    return shape


def _scale(chart: Any, scale: Scale, form: str) -> None:
    """The axis of values, with room for the names below it that bears no number."""
    values = chart.value_axis
    scale_values(values, Scale(scale.low - scale.step, scale.high, scale.step))
    if scale.low == 0:
        values.tick_labels.number_format = f"{form};;{form}"
    crosses = chart.category_axis._element.find("{*}crosses")
    crosses.tag = crosses.tag.replace("crosses", "crossesAt")
    crosses.set("val", repr(scale.low))


def _dot(series: Any, colour: str, is_line: bool) -> None:
    """Dots; where there is one for each name, a line across it."""
    from pptx.enum.chart import XL_MARKER_STYLE

    series.format.line.fill.background()
    series.marker.style = XL_MARKER_STYLE.DASH if is_line else XL_MARKER_STYLE.CIRCLE
    series.marker.size = 18 if is_line else 8
    fill(series.marker, colour)
    series.marker.format.line.fill.background()


def _name_places(chart: Any, unseen: Any, names: Sequence[str]) -> None:
    from pptx.enum.chart import XL_MARKER_STYLE, XL_TICK_LABEL_POSITION

    unseen.format.line.fill.background()
    unseen.marker.style = XL_MARKER_STYLE.NONE
    for number, name in enumerate(names):
        text_label(unseen.points[number], name, SIZE, shade("ink"), "CENTER")
    scale_values(chart.category_axis, Scale(0.5, len(names) + 0.5, 1.0))
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
