"""Lines of native charts: what is told stands out, and what it is compared with is drawn as its legend says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cpc_analysis.charts.theme import colour as shade
from cpc_analysis.exports.slide_axes import fill
from cpc_analysis.exports.slide_labels import first_colour, rgb
from cpc_analysis.language import say

__all__ = ["draw_lines"]


def draw_lines(plot: Any, native: Mapping[str, Any]) -> None:
    """The look of each line, and rings around the values outside of the usual limits.

    Parameters
    ----------
    plot : pptx.chart.plot.Plot
        The chart's plot.
    native : mapping
        The fields of `charts.native.Native`.
    """
    for made, one in zip(plot.series, native["series"], strict=True):
        _draw(made, first_colour(one["colour"]))
    for number in _outside(native):
        _ring(plot.series[0].points[number])


def _draw(series: Any, colour: str) -> None:
    """A line with its values; references are plain, the budget is dashed."""
    from pptx.enum.chart import XL_MARKER_STYLE
    from pptx.enum.dml import MSO_LINE_DASH_STYLE
    from pptx.util import Pt

    is_reference = colour in (shade("before"), shade("quiet"), shade("ink"))
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
