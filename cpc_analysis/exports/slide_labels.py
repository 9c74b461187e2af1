"""Numbers on native charts, where they fit: beside bars, and inside parts of stacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cpc_analysis.charts.theme import colour as shade
from cpc_analysis.exports.fitting import text_width
from cpc_analysis.exports.masters import Place
from cpc_analysis.exports.number_formats import formatted
from cpc_analysis.exports.waterfall import Bars, Scale

__all__ = ["SIZE", "first_colour", "label", "label_beside", "label_steps", "rgb", "text_label"]

#: Of the texts of charts [points].
SIZE = 12.0
#: As many labels as stand beside each other without touching.
_MOST_LABELS = 26


def rgb(colour: str) -> Any:
    """A colour as presentation programs take it."""
    from pptx.dml.color import RGBColor

    return RGBColor.from_string(colour.lstrip("#").upper())


def first_colour(colour: str | Sequence[str], number: int = 0) -> str:
    """The colour of a value: its own, or that of its series."""
    return colour if isinstance(colour, str) else colour[number]


def label(plot: Any, native: Mapping[str, Any], scale: Scale, place: Place) -> None:
    """Write the numbers of bars and columns, where they fit.

    Parameters
    ----------
    plot : pptx.chart.plot.Plot
        The chart's plot.
    native : mapping
        The fields of `charts.native.Native`.
    scale : Scale
        Of the axis of values.
    place : Place
        The room of the chart.
    """
    from pptx.enum.chart import XL_LABEL_POSITION
    from pptx.util import Pt

    kind, series, form = native["kind"], native["series"], native["number_format"]
    if kind == "stacked":
        _label_stacks(plot, native, scale, place)
    else:
        known = [value for one in series for value in one["values"] if value is not None]
        width = max(text_width(formatted(value, form), SIZE - 1) for value in known)
        room = place.width * 0.85 / max(len(native["categories"]) * len(series), 1)
        fits = len(known) <= _MOST_LABELS if kind == "bar" else width < room
        if fits:
            plot.has_data_labels = True
            labels = plot.data_labels
            labels.show_value, labels.position = True, XL_LABEL_POSITION.OUTSIDE_END
            labels.number_format, labels.number_format_is_linked = form, False
            labels.font.size = Pt(SIZE - 1)


def _label_stacks(plot: Any, native: Mapping[str, Any], scale: Scale, place: Place) -> None:
    form = native["number_format"]
    for made, one in zip(plot.series, native["series"], strict=True):
        for number, value in enumerate(one["values"]):
            text = "" if value is None else formatted(value, form)
            room = 0.0 if value is None else abs(value) / (scale.high - scale.low) * place.width * 0.7
            if text and text_width(text, SIZE - 2) + 6 < room:
                ink = "#FFFFFF" if _is_dark(first_colour(one["colour"], number)) else shade("ink")
                text_label(made.points[number], text, SIZE - 2, ink, "CENTER")


def _is_dark(colour: str) -> bool:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue < 150


def label_beside(room: Any, one: Mapping[str, Any], form: str) -> None:
    """Numbers beyond the intervals of bars: an unseen series as long as these carries them."""
    for number, value in enumerate(one["values"]):
        if value is not None:
            text_label(room.points[number], formatted(value, form), SIZE - 1, shade("ink"), "OUTSIDE_END")


def label_steps(base: Any, ends: Any, bars: Bars, form: str) -> None:
    """Levels and changes beside their bars: stacked bars have no place for them, so that unseen ones carry them."""
    last = len(bars.changes) - 1
    for number, change in enumerate(bars.changes):
        is_level = number in (0, last)
        is_below = max(bars.starts[number], bars.ends[number]) < 0
        text_label(
            (base if is_below else ends).points[number], formatted(change, form, signed=not is_level), SIZE - 1,
            shade("ink"), "INSIDE_END" if is_below else "INSIDE_BASE", bold=is_level,
        )  # fmt: skip


def text_label(point: Any, text: str, size: float, colour: str, position: str, bold: bool = False) -> None:
    """A text at a value."""
    from pptx.enum.chart import XL_LABEL_POSITION
    from pptx.util import Pt

    made = point.data_label
    made.text_frame.text = text
    font = made.text_frame.paragraphs[0].runs[0].font
    font.size, font.bold, font.color.rgb = Pt(size), bold, rgb(colour)
    made.position = getattr(XL_LABEL_POSITION, position)
