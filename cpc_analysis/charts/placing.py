"""Where things stand in a chart, so that nothing is cut off and nothing covers another."""

from __future__ import annotations

import json
from collections.abc import Sequence
from math import ceil, floor, log10
from textwrap import wrap

import altair as alt

from cpc_analysis.charts.theme import SIZES, colour, plain_axis

__all__ = ["LINE", "Names", "apart", "broken", "free_places", "lanes", "nice", "text_width"]

#: From one line of a text of eleven pixels to the next [pixels].
LINE = 13
#: The mean width of a character, in sizes of its font; on the safe side, because fonts differ from reader to reader.
_CHARACTER = 0.56
_MOST_LINES = 3


def text_width(text: str, size: int = 11) -> float:
    """About how wide a text is [pixels]."""
    return _CHARACTER * size * len(text)


def broken(text: str, width: float, size: int = 11) -> list[str]:
    """A text in lines that are not wider than some pixels; no value is torn from its unit."""
    characters = max(int(width / (_CHARACTER * size)), 8)
    return wrap(text, characters, break_on_hyphens=False) or [""]


class Names:
    """The names of groups beside rows of bars or dots: broken into lines, and each row as high as they need.

    Parameters
    ----------
    names : sequence of str
        In the order of the rows.
    size : {"slide", "half", "page"}
        Of the plot.
    pitch : int
        Height of a row whose name is one line [pixels].
    part : float
        The part of the plot's nominal width that names may take.
    """

    def __init__(self, names: Sequence[str], size: str, pitch: int = 22, part: float = 0.32) -> None:
        room = max(part * SIZES[size][0], 165.0)
        characters = int(room / (_CHARACTER * 12))
        self._broken = {name: _lines(name, characters) for name in names if len(name) > characters}
        most = max((len(lines) for lines in self._broken.values()), default=1)
        self.order = list(names)
        self.height = max(max(pitch, (LINE + 1) * most + 6) * len(names) + 20, 90)

    def axis(self) -> alt.Axis:
        """The axis that bears the names."""
        settings: dict[str, object] = {"grid": False, "labelLimit": 0, "labelColor": colour("ink"), "labelFontSize": 12}
        if self._broken:
            offsets = {name: -(len(lines) - 1) * (LINE + 1) / 2 for name, lines in self._broken.items()}
            settings |= {
                "labelExpr": f"{_looked_up(self._broken)} || datum.value",
                "labelOffset": {"expr": f"{_looked_up(offsets)} || 0"},
                "labelLineHeight": LINE + 1,
            }
        return plain_axis(None, **settings)


def _lines(name: str, characters: int) -> list[str]:
    return wrap(name, characters, max_lines=_MOST_LINES, placeholder=" …", break_on_hyphens=False)


def _looked_up(values: dict[str, object] | dict[str, list[str]] | dict[str, float]) -> str:
    return f"{json.dumps(values, ensure_ascii=False)}[datum.value]"


def nice(low: float, high: float, ticks: int = 5) -> tuple[float, float]:
    """A range of round numbers around two values.

    Examples
    --------
    >>> nice(0, 67.5), nice(58.2, 66.1), nice(3, 3), nice(99.99999999999999, 100.0)
    ((0.0, 80.0), (58.0, 68.0), (2.0, 4.0), (99.0, 101.0))
    """
    # Values that differ by rounding alone are one.
    if not high - low > 1e-9 * max(abs(low), abs(high)):
        room = abs(high) / 2 or 1.0
        low, high = high - min(room, 1.0), high + min(room, 1.0)
    raw = (high - low) / ticks
    magnitude = 10.0 ** floor(log10(raw))
    step = magnitude * next(factor for factor in (1, 2, 5, 10) if factor * magnitude >= raw * (1 - 1e-9))
    return float(f"{floor(low / step) * step:.12g}"), float(f"{ceil(high / step) * step:.12g}")


def apart(places: Sequence[float], heights: Sequence[float], end: float) -> list[float]:
    """Centres near the places wanted [pixels], so that things of some heights do not touch and stay from 0 to `end`.

    Parameters
    ----------
    places, heights : sequence of float
        From top to bottom.
    end : float
        The lower end.

    Examples
    --------
    >>> apart([10, 12, 99], [10, 10, 10], 100)
    [10, 20.0, 95.0]
    """
    found: list[float] = []
    edge = 0.0
    for place, height in zip(places, heights, strict=True):
        found.append(max(place, edge + height / 2))
        edge = found[-1] + height / 2
    edge = max(end, sum(heights))
    for position in range(len(found) - 1, -1, -1):
        found[position] = min(found[position], edge - heights[position] / 2)
        edge = found[position] - heights[position] / 2
    return found


def lanes(spans: Sequence[tuple[float, float]]) -> list[int]:
    """For each span from left to right, the first lane in which it touches no earlier one.

    Examples
    --------
    >>> lanes([(0, 50), (40, 90), (60, 80)])
    [0, 1, 0]
    """
    ends: list[float] = []
    found = []
    for start, end in spans:
        lane = next((number for number, taken in enumerate(ends) if taken <= start), len(ends))
        ends[lane : lane + 1] = [end]
        found.append(lane)
    return found


def free_places(boxes: Sequence[tuple[float, float, float]], height: float = LINE) -> list[float]:
    """For each text from left to right, its centre moved up until it touches no earlier text.

    Parameters
    ----------
    boxes : sequence of tuple of float
        Left end, right end and the wanted centre of each, counted down from the top [pixels].
    height : float
        Of a text [pixels].

    Examples
    --------
    >>> free_places([(0, 30, 50), (20, 50, 55), (60, 90, 55)])
    [50, 37, 55]
    """
    found: list[float] = []
    for place, (left, right, centre) in enumerate(boxes):
        beside = [found[other] for other in range(place) if boxes[other][0] < right and boxes[other][1] > left]
        for taken in sorted(beside, reverse=True):
            if abs(taken - centre) < height:
                centre = taken - height
        found.append(centre)
    return found
