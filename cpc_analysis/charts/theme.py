"""One look for every chart: fonts, sizes, colours that hold for colour-blind readers and in greyscale."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import altair as alt

from cpc_analysis.presentation import Presentation

__all__ = [
    "CHANNEL_COLOURS", "NOT_ALLOCATED", "SIZES", "colour", "dressed", "font", "group_colour", "group_colours", "house",
    "paler", "plain_axis", "readable", "tip", "written",
]  # fmt: skip

NOT_ALLOCATED = "not allocated"

#: Width and height of a chart's plotting area [pixels] for a 16:9 slide, half a slide and a page.
SIZES = {"slide": (760, 330), "half": (330, 300), "page": (560, 300)}

#: One colour per channel everywhere, after Okabe and Ito (2008), ordered so that the lightness of neighbours differs.
CHANNEL_COLOURS = {
    "voice": "#00578A",
    "chat": "#E69F00",
    "email": "#009E73",
    "messaging": "#8FCBEE",
    "sms": "#7A5C2E",
    "social": "#CC79A7",
    "callback": "#B94A00",
    "web": "#9C8AD1",
    "task": "#2C4C30",
    "other": "#808080",
    "(other work)": "#5B6975",
    "(unknown)": "#9AA5AE",
    NOT_ALLOCATED: "#C9CFD4",
}
_FURTHER = tuple(CHANNEL_COLOURS.values())[:10]

_FONT = "Helvetica Neue, Helvetica, Arial, Liberation Sans, sans-serif"
#: The parts of the theme. `rose` is what raises a cost and `fell` what lowers it; their lightness differs too.
_PARTS = {
    "accent": "#00578A", "ink": "#22303C", "quiet": "#5B6975", "rose": "#D55E00", "fell": "#56B4E9",
    "grid": "#E3E7EA", "before": "#A9B4BD",
}  # fmt: skip

_HOUSE: ContextVar[Presentation | None] = ContextVar("house", default=None)


@contextmanager
def dressed(presentation: Presentation) -> Iterator[None]:
    """Draw with the fonts and colours of a house, inside a ``with``."""
    before = _HOUSE.set(presentation)
    try:
        yield
    finally:
        _HOUSE.reset(before)


def house() -> Presentation:
    """The presentation that charts are drawn in."""
    return _HOUSE.get() or Presentation()


def colour(part: str) -> str:
    """The colour of a part of the theme: the house's, else the theme's own.

    Parameters
    ----------
    part : {"accent", "ink", "quiet", "rose", "fell", "grid", "before"}
        Which.

    Examples
    --------
    >>> colour("accent")
    '#00578A'
    >>> with dressed(Presentation(colours={"accent": "#003366"})):
    ...     print(colour("accent"))
    #003366
    """
    return house().colours.get(part, _PARTS[part])


def font() -> str:
    """The fonts of all texts, the first that a reader's machine has: the house's, then the theme's own."""
    return ", ".join(part for part in (house().font, _FONT) if part)


def group_colours(groups: Sequence[str], column: str = "channel") -> dict[str, str]:
    """A colour for each group: channels in their own, others in the order of the palette; a house's colours first.

    Examples
    --------
    >>> group_colours(["chat", "voice"]), group_colours(["returns", "billing"], "reason")
    ({'chat': '#E69F00', 'voice': '#00578A'}, {'returns': '#00578A', 'billing': '#E69F00'})
    """
    if column == "channel" and all(group in CHANNEL_COLOURS for group in groups):
        found = {group: CHANNEL_COLOURS[group] for group in groups}
    else:
        found = {group: _FURTHER[place % len(_FURTHER)] for place, group in enumerate(groups)}
    return found | {group: house().colours[group] for group in groups if group in house().colours}


def group_colour(group: str, column: str) -> str:
    """The colour of a group on its own: a channel's or the house's, else the accent."""
    own = CHANNEL_COLOURS.get(group) if column == "channel" else None
    return house().colours.get(group) or own or colour("accent")


def paler(colour: str, part: float) -> str:
    """A colour mixed with white, which is a part of the mixture.

    Examples
    --------
    >>> paler("#00578A", 0.5), paler("#00578A", 1.0)
    ('#80ABC4', '#FFFFFF')
    """
    parts = [int(colour[place : place + 2], 16) for place in (1, 3, 5)]
    return "#" + "".join(f"{round(shade + part * (255 - shade)):02X}" for shade in parts)


def readable(colour: str) -> str:
    """A colour dark enough for text on white: contrast 4.5 to 1, as WCAG asks for.

    Examples
    --------
    >>> readable("#00578A"), readable("#E69F00")
    ('#00578A', '#A06C00')
    """
    parts = [int(colour[place : place + 2], 16) for place in (1, 3, 5)]
    while 1.05 / (_luminance(parts) + 0.05) < 4.5:
        parts = [int(0.98 * part) for part in parts]
    return "#" + "".join(f"{part:02X}" for part in parts)


def _luminance(parts: list[int]) -> float:
    linear = [part / 3294.6 if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def plain_axis(title: str | None = None, **settings: Any) -> alt.Axis:
    """An axis in the theme: quiet grid, no frame."""
    defaults: dict[str, Any] = {
        "title": title, "labelFont": font(), "titleFont": font(), "labelFontSize": 11, "titleFontSize": 11,
        "labelColor": colour("quiet"), "titleColor": colour("quiet"), "titleFontWeight": "normal", "domain": False,
        "ticks": False, "gridColor": colour("grid"), "labelPadding": 6,
    }  # fmt: skip
    return alt.Axis(**(defaults | settings))


def written(base: alt.Chart, **settings: Any) -> alt.Chart:
    """Text marks in the theme."""
    return base.mark_text(**({"font": font(), "fontSize": 11, "color": colour("ink")} | settings))


def tip(field: str, title: str) -> alt.Tooltip:
    """One line of what is shown under the pointer, a text.

    Numbers and days are texts by then, so that they are written as everywhere else, and the same in every time zone.
    """
    return alt.Tooltip(field, title=title)
