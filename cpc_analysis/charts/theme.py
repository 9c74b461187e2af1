"""One look for every chart: fonts, sizes, colours that hold for colour-blind readers and in greyscale."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from textwrap import wrap
from typing import Any

import altair as alt

from cpc_analysis.charts.figure import figure_of
from cpc_analysis.charts.native import Native, meta_of
from cpc_analysis.language import language_spoken
from cpc_analysis.presentation import Presentation

__all__ = [
    "ACCENT", "BUDGET", "CHANNEL_COLOURS", "FELL", "INK", "NOT_ALLOCATED", "QUIET", "ROSE", "SIZES", "colour_scale",
    "heading", "plain_axis", "styled",
]  # fmt: skip

FONT = "Helvetica Neue, Helvetica, Arial, Liberation Sans, sans-serif"
INK, QUIET, GRID = "#22303C", "#5B6975", "#E3E7EA"
ACCENT, BUDGET, BEFORE = "#00578A", "#22303C", "#A9B4BD"
#: What raises a cost, and what lowers it; their lightness differs too.
ROSE, FELL = "#D55E00", "#56B4E9"
NOT_ALLOCATED = "not allocated"

#: Width and height of a chart's plotting area [pixels] for a 16:9 slide, half a slide and a page.
SIZES = {"slide": (760, 330), "half": (330, 300), "page": (560, 300)}

#: One colour per channel everywhere, after Okabe and Ito (2008), ordered so that lightness differs too.
CHANNEL_COLOURS = {
    "voice": "#00578A",
    "chat": "#E69F00",
    "email": "#009E73",
    "messaging": "#56B4E9",
    "sms": "#7A5C2E",
    "social": "#CC79A7",
    "callback": "#D55E00",
    "web": "#7E6BB5",
    "task": "#6B8E23",
    "other": "#8A8A8A",
    "(other work)": "#5B6975",
    "(unknown)": "#9AA5AE",
    NOT_ALLOCATED: "#C9CFD4",
}
_FURTHER = (
    "#00578A",
    "#E69F00",
    "#009E73",
    "#CC79A7",
    "#D55E00",
    "#56B4E9",
    "#7E6BB5",
    "#7A5C2E",
    "#6B8E23",
    "#5B6975",
)


_HOUSE: ContextVar[Presentation | None] = ContextVar("house", default=None)


@contextmanager
def dressed(presentation: Presentation) -> Iterator[None]:
    """Draw with the fonts and colours of a house, inside a ``with``."""
    before = _HOUSE.set(presentation)
    try:
        yield
    finally:
        _HOUSE.reset(before)


def colour_scale(groups: list[str]) -> alt.Scale:
    """Channels in their own colours, other groups in the order of the palette."""
    if all(group in CHANNEL_COLOURS for group in groups):
        colours = [CHANNEL_COLOURS[group] for group in groups]
    else:
        colours = [_FURTHER[place % len(_FURTHER)] for place in range(len(groups))]
    return alt.Scale(domain=groups, range=colours)


def heading(title: str, subtitle: str, width: int) -> alt.TitleParams:
    """A title that states the finding, and the definition below it, broken to the chart's width."""
    return alt.TitleParams(
        text=wrap(title, max(int(width / 7.6), 20), break_on_hyphens=False) or [""],
        subtitle=wrap(subtitle, max(int(width / 5.2), 28), break_on_hyphens=False, max_lines=3, placeholder=" …")
        or [""],
        anchor="start",
        frame="group",
        font=FONT,
        fontSize=16,
        fontWeight="bold",
        color=INK,
        subtitleFont=FONT,
        subtitleFontSize=11,
        subtitleColor=QUIET,
        subtitlePadding=6,
        offset=16,
    )


def plain_axis(title: str | None = None, **settings: Any) -> alt.Axis:
    """An axis in the theme: quiet grid, no frame."""
    defaults: dict[str, Any] = {
        "title": title, "labelFont": FONT, "titleFont": FONT, "labelFontSize": 11, "titleFontSize": 11,
        "labelColor": QUIET, "titleColor": QUIET, "titleFontWeight": "normal", "domain": False, "ticks": False,
        "gridColor": GRID, "labelPadding": 6,
    }  # fmt: skip
    return alt.Axis(**(defaults | settings))


def styled(
    chart: alt.LayerChart, title: str, subtitle: str, description: str, size: tuple[int, int],
    native: Native | None = None, definition: str = "", source: str = "",
) -> alt.LayerChart:  # fmt: skip
    """The chart with its size, heading, alt text and an empty frame, and what presentation programs need of it."""
    width, height = size
    house, language = _HOUSE.get() or Presentation(), language_spoken()
    return figure_of(chart).properties(
        width=width,
        height=height,
        title=heading(title, subtitle, width),
        description=description,
        view=alt.ViewBackground(stroke=None),
        usermeta=meta_of(
            native, title=title, subtitle=subtitle, alt=description, definition=definition, source=source,
            language=language, font=house.font, logo=house.logo, template=house.template,
        ),
    )  # fmt: skip
