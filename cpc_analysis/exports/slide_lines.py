"""Lines of native charts: what is told stands out, and what it is compared with is drawn as its legend says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cpc_analysis.charts.theme import colour as shade
from cpc_analysis.charts.theme import readable
from cpc_analysis.exports.number_formats import formatted
from cpc_analysis.exports.slide_axes import fill
from cpc_analysis.exports.slide_labels import SIZE, first_colour, rgb, text_label
from cpc_analysis.exports.waterfall import Scale
from cpc_analysis.language import say

__all__ = ["draw_lines"]

#: Between two labels, as a part of the axis.
_APART = 0.06


def draw_lines(plot: Any, native: Mapping[str, Any], scale: Scale) -> None:
    """The look of each line, its last value where there is room, and rings around what is outside the usual limits.

    Parameters
    ----------
    plot : pptx.chart.plot.Plot
        The chart's plot.
    native : mapping
        The fields of `charts.native.Native`.
    scale : Scale
        Of the axis of values.
    """
    for made, one in zip(plot.series, native["series"], strict=True):
        _draw(made, first_colour(one["colour"]))
    for number in _outside(native):
        _ring(plot.series[0].points[number])
    _label_ends(plot, native, scale)


def _is_reference(colour: str) -> bool:
    """Whether a line is what others are compared with: the theme's own colours, which no group has."""
    return colour in (shade("before"), shade("quiet"), shade("ink"))


def _label_ends(plot: Any, native: Mapping[str, Any], scale: Scale) -> None:
    """The last values of the lines that are told, from the highest down, none on another."""
    ends = []
    for made, one in zip(plot.series, native["series"], strict=True):
        colour, known = first_colour(one["colour"]), [n for n, value in enumerate(one["values"]) if value is not None]
        if known and not _is_reference(colour):
            ends.append((one["values"][known[-1]], made.points[known[-1]], colour))
    free = scale.high
    for value, point, colour in sorted(ends, key=lambda end: -end[0]):
        if value <= free:
            text = formatted(value, native["number_format"])
            text_label(point, text, SIZE, readable(colour), "RIGHT", bold=True)
            free = value - _APART * (scale.high - scale.low)


def _draw(series: Any, colour: str) -> None:
    """A line with its values; references are plain, the budget is dashed."""
    from pptx.enum.chart import XL_MARKER_STYLE
    from pptx.enum.dml import MSO_LINE_DASH_STYLE
    from pptx.util import Pt

    is_reference = _is_reference(colour)
    series.smooth = False
    line = series.format.line
    line.color.rgb, line.width = rgb(colour), Pt(1.25 if is_reference else 2.25)
    if colour == shade("ink"):
        line.dash_style = MSO_LINE_DASH_STYLE.DASH
    if is_reference:
        series.marker.style = XL_MARKER_STYLE.NONE
        return
    series.marker.style, series.marker.size = XL_MARKER_STYLE.CIRCLE, 5
    fill(series.marker, colour)
    series.marker.format.line.color.rgb = rgb(colour)


def _outside(native: Mapping[str, Any]) -> list[int]:
    """The places of the first line that lie outside of the usual limits."""
    found = {one["name"]: one["values"] for one in native["series"]}
    lower, upper = found.get(say("usual limits, lower")), found.get(say("usual limits, upper"))
    if lower is None or upper is None:
        return []
    every = enumerate(zip(native["series"][0]["values"], lower, upper, strict=True))
    return [number for number, (value, low, high) in every
            if None not in (value, low, high) and not low <= value <= high]  # fmt: skip


def _ring(point: Any) -> None:
    from pptx.enum.chart import XL_MARKER_STYLE
    from pptx.util import Pt

    marker = point.marker
    marker.style, marker.size = XL_MARKER_STYLE.CIRCLE, 11
    fill(marker, "#FFFFFF")
    marker.format.line.color.rgb, marker.format.line.width = rgb(shade("rose")), Pt(2)
