"""Tables broken to pages: widths, lines and heights by measure, headings again on every page."""

from __future__ import annotations

from dataclasses import dataclass

from cpc_analysis.exports.cells import Cells
from cpc_analysis.exports.fitting import LINE, text_width, wrapped

__all__ = ["PADDING", "Grid", "grids"]

#: Left and right of a cell's text, and above and below it [points].
PADDING = (6.0, 3.0)
_LEGIBLE = 12.0
_SIZES = (13.0, 12.0, 11.0, 10.0, 9.0)
#: Programs break lines a little sooner or later than measured [points].
_SPARE = 5.0
#: No column of words needs more to be read, as long as others need the room [points].
_WIDEST = 320.0


@dataclass(frozen=True)
class Grid:
    """One page of a table: the text of every cell in lines.

    Parameters
    ----------
    rows : tuple
        Rows of cells of lines; the first row is the headings.
    widths, heights : tuple of float
        Of columns and rows [points].
    size : float
        Of the font [points].
    left : frozenset of int
        The columns that stand to the left.
    """

    rows: tuple[tuple[tuple[str, ...], ...], ...]
    widths: tuple[float, ...]
    heights: tuple[float, ...]
    size: float
    left: frozenset[int]


def grids(cells: Cells, width: float, height: float, family: str = "") -> list[Grid]:
    """The pages of a table in a place [points]: as large as fits the width, else in parts side by side.

    Parameters
    ----------
    cells : Cells
        The table.
    width, height : float
        Of the place.
    family : str
        The font.
    """
    widths: list[float] = []
    several: list[Grid] = []
    for size in _SIZES:
        widths = _widths(cells, size, width, family)
        if sum(widths) <= width:
            pages = _paged(cells, widths, size, height, family)
            if len(pages) == 1:
                return pages
            # What needs several pages anyway need not be small.
            several = several if several and several[0].size <= _LEGIBLE else pages
    if several:
        return several
    if len(cells.heads) <= 2:
        widths = [given * width / sum(widths) for given in widths]
        return _paged(cells, widths, _SIZES[-1], height, family)
    return [page for part in _parts(cells, width, family) for page in grids(part, width, height, family)]


def _widths(cells: Cells, size: float, width: float, family: str) -> list[float]:
    """What each column needs; columns of words give way, down to their longest word, where the table is too wide."""
    wanted, least = [], []
    for place in range(len(cells.heads)):
        texts = [cells.heads[place], *(row[place] for row in cells.rows)]
        words = [word for text in texts[:1] if place not in cells.left for word in text.split()]
        words += [word for text in texts if place in cells.left for word in text.split()]
        numbers = [] if place in cells.left else texts[1:]
        least.append(_widest([*words, *numbers], size, family))
        wanted.append(max(min(_widest(texts, size, family), _WIDEST), least[-1]))
    wanted = _with_spare(cells, wanted, size, width, family)
    excess = sum(wanted) - width
    slack = [want - low for want, low in zip(wanted, least, strict=True)]
    if excess > 0 and sum(slack) > 0:
        part = min(excess / sum(slack), 1.0)
        wanted = [want - part * spare for want, spare in zip(wanted, slack, strict=True)]
    return wanted


def _with_spare(cells: Cells, wanted: list[float], size: float, width: float, family: str) -> list[float]:
    """The widths with the room that is left over, shared among the columns whose texts are broken to lines."""
    whole = [_widest([row[place] for row in cells.rows], size, family, most=width) for place in range(len(wanted))]
    lacking = [max(full - want, 0.0) if place in cells.left else 0.0
               for place, (full, want) in enumerate(zip(whole, wanted, strict=True))]  # fmt: skip
    spare = width - sum(wanted)
    if spare <= 0 or not any(lacking):
        return wanted
    part = min(spare / sum(lacking), 1.0)
    return [want + part * lack for want, lack in zip(wanted, lacking, strict=True)]


def _widest(texts: list[str], size: float, family: str, most: float = _WIDEST) -> float:
    widths = [text_width(text, size, family, bold=True) for text in texts]
    return min(max(widths, default=0.0), most) + 2 * PADDING[0] + _SPARE


def _paged(cells: Cells, widths: list[float], size: float, height: float, family: str) -> list[Grid]:
    head = _lines(cells.heads, widths, size, family, bold=True)
    top = _height(head, size)
    most = max(int((height - top - 2 * PADDING[1]) / (size * LINE)), 1)
    rows = [tuple(_cut(text, most) for text in _lines(row, widths, size, family)) for row in cells.rows]
    talls = [_height(row, size) for row in rows]
    pages = _split(talls, height - top)
    even = -(-len(rows) // len(pages))
    evenly = [range(first, min(first + even, len(rows))) for first in range(0, len(rows), even or 1)]
    if all(sum(talls[number] for number in page) <= height - top for page in evenly):
        pages = evenly or pages
    return [
        Grid((head, *(rows[number] for number in page)), tuple(widths),
             (top, *(talls[number] for number in page)), size, cells.left)
        for page in pages
    ]  # fmt: skip


def _split(talls: list[float], height: float) -> list[range]:
    """The rows of each page, as many as it holds."""
    pages, first, used = [], 0, 0.0
    for number, tall in enumerate(talls):
        if number > first and used + tall > height:
            pages.append(range(first, number))
            first, used = number, 0.0
        used += tall
    return [*pages, range(first, len(talls))]


def _lines(
    row: tuple[str, ...], widths: list[float], size: float, family: str, bold: bool = False
) -> tuple[tuple[str, ...], ...]:
    rooms = [width - 2 * PADDING[0] - _SPARE / 2 for width in widths]
    return tuple(wrapped(text, room, size, family, bold) for text, room in zip(row, rooms, strict=True))


def _cut(lines: tuple[str, ...], most: int) -> tuple[str, ...]:
    """A cell's lines; what no page could hold is left out, and says so."""
    return lines if len(lines) <= most else (*lines[: most - 1], "…")


def _height(lines: tuple[tuple[str, ...], ...], size: float) -> float:
    return max(map(len, lines), default=1) * size * LINE + 2 * PADDING[1]


def _parts(cells: Cells, width: float, family: str) -> list[Cells]:
    """The table in parts that fit side by side, each beginning with the first column."""
    widths = _widths(cells, _SIZES[-1], width, family)
    parts: list[list[int]] = [[]]
    used = widths[0]
    for place in range(1, len(widths)):
        if parts[-1] and used + widths[place] > width:
            parts.append([])
            used = widths[0]
        parts[-1].append(place)
        used += widths[place]
    return [_columns(cells, [0, *places]) for places in parts]


def _columns(cells: Cells, places: list[int]) -> Cells:
    return Cells(
        tuple(cells.heads[place] for place in places),
        tuple(tuple(row[place] for place in places) for row in cells.rows),
        frozenset(number for number, place in enumerate(places) if place in cells.left),
    )
