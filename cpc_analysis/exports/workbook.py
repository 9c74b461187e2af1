"""Results as a workbook: a sheet each, ratios as formulas over their sums, what reconciles them, and definitions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from math import fsum
from typing import TYPE_CHECKING, Any

from cpc_analysis.exports.columns import Column, columns_of
from cpc_analysis.exports.exhibits import Exhibit
from cpc_analysis.exports.proofs import write_definitions, write_reconciliation
from cpc_analysis.exports.sheets import (
    MOST_TEXT,
    NARROWEST,
    WIDEST,
    Sheet,
    cell,
    height_of,
    plain_sheet,
    sheet_name,
    write_value,
)
from cpc_analysis.language import say
from cpc_analysis.markup import clean
from cpc_analysis.presentation import Presentation

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

__all__ = ["written"]

_SETTINGS = {
    "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
}  # fmt: skip


def written(exhibits: list[Exhibit], ending: str, house: Presentation, scale: float) -> list[bytes]:
    """One workbook."""
    import xlsxwriter

    target = BytesIO()
    book = xlsxwriter.Workbook(target, _SETTINGS)
    book.set_properties({"title": clean(exhibits[0].title)})
    taken: list[str] = []
    sheets = [sheet for exhibit in exhibits if (sheet := _sheet(book, exhibit, taken)) is not None]
    write_reconciliation(book, sheets, taken)
    write_definitions(book, sheets, taken)
    book.close()
    return [target.getvalue()]


def _sheet(book: Workbook, exhibit: Exhibit, taken: list[str]) -> Sheet | None:
    if exhibit.numbers is not None:
        sheet = Sheet(sheet_name(exhibit.title, taken), exhibit, columns_of(exhibit.numbers))
        page = book.add_worksheet(sheet.name)
        _write_table(book, page, sheet)
        if exhibit.specification is not None:
            _insert_picture(page, exhibit, 1, len(sheet.columns) + 1)
        return sheet
    if exhibit.specification is not None:
        return _chart_sheet(book, exhibit, taken)
    if exhibit.texts:
        plain_sheet(book, sheet_name(exhibit.title, taken), [exhibit.title], [[text] for text in exhibit.texts])
    return None


def _chart_sheet(book: Workbook, exhibit: Exhibit, taken: list[str]) -> Sheet:
    """The numbers of a chart beside its picture; of one that has none, the picture."""
    sheet = Sheet(sheet_name(exhibit.title, taken), exhibit, _columns_of_chart(exhibit))
    page = book.add_worksheet(sheet.name)
    if sheet.columns:
        _write_table(book, page, sheet)
    _insert_picture(page, exhibit, 1, len(sheet.columns) + 1 if sheet.columns else 0)
    return sheet


def _columns_of_chart(exhibit: Exhibit) -> list[Column]:
    native = exhibit.native
    if native is None or native["kind"] == "scatter" or not native["categories"]:
        return []
    names = tuple(clean(name) for name in native["categories"])
    form = (native["number_format"],) * len(names)
    head = Column("category", " ", names, ("",) * len(names))
    return [
        head,
        *(Column(f"series {place}", clean(series["name"]) or " ", tuple(series["values"]), form)
          for place, series in enumerate(native["series"])),
    ]  # fmt: skip


def _insert_picture(page: Worksheet, exhibit: Exhibit, row: int, column: int) -> None:
    from cpc_analysis.charts.renderer import bitmap

    assert exhibit.specification is not None
    image = BytesIO(bitmap(exhibit.specification, 2.0))
    page.insert_image(row, column, "chart.png", {
        "image_data": image, "x_scale": 0.5, "y_scale": 0.5, "description": clean(exhibit.alt)[:MOST_TEXT],
    })  # fmt: skip


def _write_table(book: Workbook, page: Worksheet, sheet: Sheet) -> None:
    columns, rows = sheet.columns, sheet.rows
    headings = _unique(column.heading for column in columns)
    has_total = rows > 1 and any(column.is_summed for column in columns)
    formats = _Formats(book)
    if rows:
        page.add_table(0, 0, rows + has_total, len(columns) - 1, {
            "style": "Table Style Light 1", "total_row": has_total,
            "columns": [
                {"header": heading, "header_format": formats.heading(column)}
                for column, heading in zip(columns, headings, strict=True)
            ],
        })  # fmt: skip
        # A narrow column breaks its heading to lines, which not every program makes room for.
        page.set_row(0, max((height_of([text], _width(column, text) - 3) for column, text in
                             zip(columns, headings, strict=True)), default=None))  # fmt: skip
    for place, (column, heading) in enumerate(zip(columns, headings, strict=True)):
        if not rows:
            page.write_string(0, place, heading, formats.heading(column))
        page.set_column(place, place, _width(column, heading))
        for row in range(rows):
            _write_cell(page, sheet, column, row, place, formats)
    if has_total:
        _write_totals(page, sheet, formats)
    page.freeze_panes(1, 0)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)


@dataclass
class _Formats:
    """The formats of a workbook, made when first asked for."""

    book: Workbook
    made: dict[tuple[str, bool], Any] = field(default_factory=dict)

    def of(self, number: str, bold: bool = False) -> Any:
        if (number, bold) not in self.made:
            # A text keeps off the number before it.
            settings: dict[str, Any] = {"bold": bold, "valign": "top"}
            settings |= {"num_format": number} if number else {"indent": 1}
            self.made[number, bold] = self.book.add_format(settings)
        return self.made[number, bold]

    def heading(self, column: Column) -> Any:
        """Bold, on the side of the column's values."""
        side = "right" if any(column.formats) else "left"
        settings = {"bold": True, "text_wrap": True, "valign": "top", "align": side}
        return self.book.add_format(settings | ({} if side == "right" else {"indent": 1}))


def _write_cell(page: Worksheet, sheet: Sheet, column: Column, row: int, place: int, formats: _Formats) -> None:
    value, form = column.values[row], formats.of(column.formats[row])
    if column.ratio is not None and column.ratio.rows[row] and value is not None:
        page.write_formula(row + 1, place, _division(sheet, column, row + 1), form, value)
    else:
        write_value(page, row + 1, place, value, form)


def _division(sheet: Sheet, column: Column, row: int) -> str:
    assert column.ratio is not None
    above, below = (sheet.place(key) for key in (column.ratio.numerator, column.ratio.denominator))
    assert above is not None
    assert below is not None
    division = f"{cell(row, above)}/{cell(row, below)}"
    return f'=IF({cell(row, below)}>0,{"1-" if column.ratio.is_complement else ""}{division},"")'


def _write_totals(page: Worksheet, sheet: Sheet, formats: _Formats) -> None:
    """The last row: sums of what adds up, and ratios of these sums."""
    last = sheet.rows + 1
    totals: dict[str, float] = {}
    for column in sheet.columns:
        if column.is_summed:
            totals[column.key] = fsum(value for value in column.values if isinstance(value, float))
    for place, column in enumerate(sheet.columns):
        form = formats.of(next((form for form in column.formats if form), ""), bold=True)
        if column.is_summed:
            formula = f"=SUBTOTAL(109,{cell(1, place)}:{cell(sheet.rows, place)})"
            page.write_formula(last, place, formula, form, totals[column.key])
        elif column.ratio is not None and column.ratio.has_total and totals.get(column.ratio.denominator):
            ratio = totals[column.ratio.numerator] / totals[column.ratio.denominator]
            value = 1 - ratio if column.ratio.is_complement else ratio
            page.write_formula(last, place, _division(sheet, column, last), form, value)
        elif place == 0:
            page.write_string(last, place, say("Total"), form)


def _width(column: Column, heading: str) -> float:
    longest = max((len(_shown(value)) for value in column.values), default=0)
    words = max((len(word) for word in heading.split()), default=0)
    return float(min(max(longest, words, len(heading) / 3, NARROWEST), WIDEST)) + 2


def _shown(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.2f}"
    return "31. dec 2025" if isinstance(value, date) else str(value or "")


def _unique(headings: Iterable[str]) -> list[str]:
    """Headings of which no two are the same, as tables of workbooks need them."""
    found: list[str] = []
    taken: set[str] = set()
    for heading in headings:
        stem = clean(heading)[:240] or " "
        name, number = stem, 1
        while name.casefold() in taken:
            number += 1
            name = f"{stem} {number}"
        taken.add(name.casefold())
        found.append(name)
    return found
