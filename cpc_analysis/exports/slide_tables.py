"""Native tables of slides."""

from __future__ import annotations

from typing import Any

from cpc_analysis.charts.theme import colour as shade
from cpc_analysis.exports.grids import PADDING, Grid
from cpc_analysis.exports.masters import EMU, Place
from cpc_analysis.markup import clean

__all__ = ["place_table"]

#: No style and no grid, as presentation programs name it: every program draws the rules below the rows alike.
_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"


def place_table(slide: Any, grid: Grid, room: Place, alt: str, font: str) -> Any:
    """The shape of one page of a table, put on a slide.

    Parameters
    ----------
    slide : pptx.slide.Slide
        The slide.
    grid : Grid
        The page.
    room : Place
        Where.
    alt : str
        What it shows.
    font : str
        The font; the template's own when empty.
    """
    place = Place(room.left, room.top, sum(grid.widths), sum(grid.heights))
    shape = slide.shapes.add_table(len(grid.rows), len(grid.widths), *place.emu)
    shape._element.xpath(".//p:cNvPr")[0].set("descr", clean(alt))
    table = shape.table
    shape._element.find(".//{*}tableStyleId").text = _STYLE
    for column, width in zip(table.columns, grid.widths, strict=True):
        column.width = round(width * EMU)
    for row, height in zip(table.rows, grid.heights, strict=True):
        row.height = round(height * EMU)
    for number, row in enumerate(grid.rows):
        for place_of, lines in enumerate(row):
            cell = table.cell(number, place_of)
            _write(cell, " ".join(lines), grid, is_left=place_of in grid.left, is_head=number == 0, font=font)
    return shape


def _write(cell: Any, text: str, grid: Grid, is_left: bool, is_head: bool, font: str) -> None:
    from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
    from pptx.util import Pt

    cell.margin_left = cell.margin_right = round(PADDING[0] * EMU)
    cell.margin_top = cell.margin_bottom = round(PADDING[1] * EMU)
    cell.vertical_anchor = MSO_ANCHOR.BOTTOM if is_head else MSO_ANCHOR.TOP
    _rule(cell, shade("quiet") if is_head else shade("grid"), 1.0 if is_head else 0.75)
    paragraph = cell.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.LEFT if is_left else PP_ALIGN.RIGHT
    # An empty cell is as high as its font, too.
    paragraph._p.get_or_add_endParaRPr().set("sz", str(round(100 * grid.size)))
    if not text:
        return
    run = paragraph.add_run()
    run.text = clean(text)
    run.font.size, run.font.bold = Pt(grid.size), is_head
    if font:
        run.font.name = font


def _rule(cell: Any, colour: str, width: float) -> None:
    """A line below a cell, of a width in points."""
    from pptx.oxml import parse_xml

    line = parse_xml(
        f'<a:lnB xmlns:a="{_DRAWING}" w="{round(width * EMU)}"><a:solidFill><a:srgbClr val="{colour[1:]}"/>'
        "</a:solidFill></a:lnB>"
    )
    cell._tc.get_or_add_tcPr().insert(0, line)
