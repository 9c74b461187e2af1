"""Charts, tables and texts as a PDF, drawn with lines and letters, a page each."""

from __future__ import annotations

from html import escape
from io import BytesIO
from math import inf
from typing import TYPE_CHECKING, Any

from cpc_analysis.charts.renderer import document, document_of_svg
from cpc_analysis.charts.theme import colour as shade
from cpc_analysis.charts.theme import font as fonts
from cpc_analysis.exports.exhibits import Exhibit
from cpc_analysis.exports.fitting import LINE, Fitted, fitted
from cpc_analysis.exports.grids import PADDING, Grid, grids
from cpc_analysis.exports.texts import text_pages
from cpc_analysis.markup import clean
from cpc_analysis.presentation import Presentation

if TYPE_CHECKING:
    from pypdf import PageObject

__all__ = ["written"]

#: A page [points], as wide to its height as a slide, and its margin.
_PAGE = (960.0, 540.0)
_MARGIN = 40.0
_WIDTH = _PAGE[0] - 2 * _MARGIN
#: Between a table and the texts below it [points].
_APART = 14.0
#: The largest font of texts below a table [points].
_SMALL = 12.0


def written(exhibits: list[Exhibit], ending: str, house: Presentation, scale: float) -> list[bytes]:
    """One PDF. Of a single chart it is as large as the chart, to be set into other documents."""
    from pypdf import PdfWriter

    writer = PdfWriter()
    if len(exhibits) == 1 and exhibits[0].specification is not None and exhibits[0].cells is None:
        writer.add_page(_read(document(exhibits[0].specification)))
    else:
        for exhibit in exhibits:
            for page in _pages(exhibit, house):
                writer.add_page(page)
    writer.add_metadata({"/Title": clean(exhibits[0].title)})
    writer.root_object.update(_language(house.language))
    writer.compress_identical_objects()
    target = BytesIO()
    writer.write(target)
    return [target.getvalue()]


def _language(language: str) -> dict[Any, Any]:
    from pypdf.generic import NameObject, TextStringObject

    return {NameObject("/Lang"): TextStringObject(language)}


def _read(content: bytes) -> PageObject:
    from pypdf import PdfReader

    return PdfReader(BytesIO(content)).pages[0]


def _pages(exhibit: Exhibit, house: Presentation) -> list[PageObject]:
    pages = [_placed(document(exhibit.specification))] if exhibit.specification is not None else []
    drawings, top = ([], None) if exhibit.cells is None else _tables(exhibit, house.font)
    if exhibit.texts:
        below = [] if top is None else _texts(exhibit, top, house.font, largest=_SMALL)
        if len(below) == 1:
            drawings[-1] += below[0]
        else:
            head, top = _heading(exhibit, house.font, "")
            drawings += [head + body for body in _texts(exhibit, top, house.font)]
    return [*pages, *(_read(_drawn(body)) for body in drawings)]


def _placed(content: bytes) -> PageObject:
    """A chart in the middle of a page, as large as fits."""
    from pypdf import PageObject, Transformation

    chart = _read(content)
    wide, high = float(chart.mediabox.width), float(chart.mediabox.height)
    scale = min(_WIDTH / wide, (_PAGE[1] - 2 * _MARGIN) / high)
    page = PageObject.create_blank_page(width=_PAGE[0], height=_PAGE[1])
    place = ((_PAGE[0] - wide * scale) / 2, (_PAGE[1] - high * scale) / 2)
    page.merge_transformed_page(chart, Transformation().scale(scale).translate(*place))
    return page


def _drawn(body: str) -> bytes:
    wide, high = _PAGE
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}" viewBox="0 0 {wide} {high}">'
    return document_of_svg(f"{svg}{body}</svg>")


def _heading(exhibit: Exhibit, font: str, subtitle: str) -> tuple[str, float]:
    """The title and the line below it, and how far down they reach."""
    title = fitted(clean(exhibit.title), _WIDTH, 70, (24, 21, 18, 16), font, bold=True)
    below = fitted(clean(subtitle), _WIDTH, 42, (11, 10, 9), font) if subtitle else Fitted(1, ())
    top = _MARGIN
    body = _lines(title, _MARGIN, top, shade("ink"), font, bold=True)
    body += _lines(below, _MARGIN, top + title.height + 6, shade("quiet"), font)
    return body, top + title.height + 6 + below.height + 14


def _tables(exhibit: Exhibit, font: str) -> tuple[list[str], float]:
    """The pages of a table, and where what follows the last one may begin."""
    assert exhibit.cells is not None
    head, top = _heading(exhibit, font, exhibit.subtitle)
    pages = grids(exhibit.cells, _WIDTH, _PAGE[1] - top - _MARGIN, font)
    return [head + _grid(page, top, font) for page in pages], top + sum(pages[-1].heights) + _APART


def _grid(grid: Grid, top: float, font: str) -> str:
    parts, y = [], top
    for number, (row, tall) in enumerate(zip(grid.rows, grid.heights, strict=True)):
        x = _MARGIN
        for place, (lines, width) in enumerate(zip(row, grid.widths, strict=True)):
            is_left = place in grid.left
            at = x + PADDING[0] if is_left else x + width - PADDING[0]
            parts.append(_lines(Fitted(grid.size, lines), at, y + PADDING[1], shade("ink"), font, number == 0, is_left))
            x += width
        y += tall
        parts.append(
            f'<line x1="{_MARGIN}" x2="{x:.2f}" y1="{y:.2f}" y2="{y:.2f}" '
            f'stroke="{shade("quiet") if number == 0 else shade("grid")}" stroke-width="{1 if number == 0 else 0.6}"/>'
        )
    return "".join(parts)


def _texts(exhibit: Exhibit, top: float, font: str, largest: float = inf) -> list[str]:
    bodies = []
    for size, paragraphs in text_pages(exhibit.texts, _WIDTH, _PAGE[1] - top - _MARGIN, font, largest):
        y, parts = top, []
        for lines in paragraphs:
            parts.append(_lines(Fitted(size, lines), _MARGIN, y, shade("ink"), font))
            y += (len(lines) + 0.6) * size * LINE
        bodies.append("".join(parts))
    return bodies


def _lines(text: Fitted, x: float, top: float, colour: str, font: str, bold: bool = False, is_left: bool = True) -> str:
    weight, anchor = "bold" if bold else "normal", "start" if is_left else "end"
    look = (
        f'font-family="{escape(font or fonts())}" font-size="{text.size}" fill="{colour}" font-weight="{weight}" '
        f'text-anchor="{anchor}"'
    )
    return "".join(
        f'<text x="{x:.2f}" y="{top + (number + 0.8) * text.size * LINE:.2f}" {look}>{escape(line)}</text>'
        for number, line in enumerate(text.lines)
    )
