"""What native charts of every kind have in common: fonts, axes, scales, legend and fills in the look of the house."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cpc_analysis.charts.theme import colour as shade
from cpc_analysis.exports.slide_intervals import bounds_of
from cpc_analysis.exports.slide_labels import SIZE, rgb
from cpc_analysis.exports.waterfall import Scale, scale_of
from cpc_analysis.markup import clean

__all__ = ["dress", "fill", "hide", "scale_of_native", "scale_values", "thin_ticks", "top_to_bottom"]

#: Ticks of an axis of categories.
_MOST_TICKS = 14


def dress(chart: Any, native: Mapping[str, Any], font: str, is_lying: bool) -> None:
    """Fonts, axes and legend in the look of the house.

    Parameters
    ----------
    chart : pptx.chart.chart.Chart
        As it was made.
    native : mapping
        The fields of `charts.native.Native`.
    font : str
        The font of the texts; the template's own when empty.
    is_lying : bool
        Whether the bars lie, so that values go across.
    """
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


def scale_of_native(native: Mapping[str, Any]) -> Scale:
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


def scale_values(axis: Any, scale: Scale) -> None:
    """Where an axis begins and ends, and its step."""
    axis.minimum_scale, axis.maximum_scale, axis.major_unit = scale.low, scale.high, scale.step


def top_to_bottom(chart: Any) -> None:
    """The first category on top, and the values' axis below all the same."""
    from pptx.enum.chart import XL_TICK_LABEL_POSITION

    chart.category_axis.reverse_order = True
    chart.value_axis._element.find("{*}crosses").set("val", "max")
    # Names stay at the edge where bars reach below zero.
    chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW


def thin_ticks(chart: Any, count: int, is_lying: bool) -> None:
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


def fill(part: Any, colour: str) -> None:
    """One colour for a series, a value or a marker."""
    part.format.fill.solid()
    part.format.fill.fore_color.rgb = rgb(colour)


def hide(series: Any) -> None:
    """Leave a series where it is, unseen."""
    series.format.fill.background()
    series.format.line.fill.background()
