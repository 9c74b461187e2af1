"""Sheets of a workbook: their names, their cells, and how other sheets refer to them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from cpc_analysis.exports.columns import Column
from cpc_analysis.exports.exhibits import Exhibit
from cpc_analysis.language import say
from cpc_analysis.markup import clean

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

__all__ = ["MOST_TEXT", "NARROWEST", "WIDEST", "Sheet", "cell", "height_of", "plain_sheet", "sheet_name", "write_value"]

#: Letters in a cell, and letters across a column.
MOST_TEXT = 32_000
WIDEST, NARROWEST = 60, 8
_WIDEST_ALONE = 110
#: The height of a line, and the most of a row [points].
_LINE, _HIGHEST = 15.0, 400.0
#: Letters in the name of a sheet.
_MOST_NAME = 31


@dataclass
class Sheet:
    """A sheet that holds a result: its name and columns, for the sheets that refer to it.

    Parameters
    ----------
    name : str
        Of the sheet.
    exhibit : Exhibit
        What it shows.
    columns : list of Column
        From the first one on; the headings stand in the first row.
    """

    name: str
    exhibit: Exhibit
    columns: list[Column] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """How many rows it has below its headings."""
        return len(self.columns[0].values) if self.columns else 0

    def place(self, key: str) -> int | None:
        """The number of a column."""
        return next((place for place, column in enumerate(self.columns) if column.key == key), None)

    def range_of(self, place: int) -> str:
        """The cells of a column, as other sheets refer to them."""
        quoted = self.name.replace("'", "''")
        return f"'{quoted}'!{cell(1, place, fixed=True)}:{cell(self.rows, place, fixed=True)}"


def write_value(page: Worksheet, row: int, place: int, value: object, form: Any) -> None:
    """One cell by its kind; a text stays a text, whatever it begins with."""
    if value is None:
        page.write_blank(row, place, None, form)
    elif isinstance(value, (int, float)):
        page.write_number(row, place, value, form)
    elif isinstance(value, date):
        page.write_datetime(row, place, value, form)
    else:
        page.write_string(row, place, clean(value)[:MOST_TEXT], form)


def plain_sheet(book: Workbook, name: str, headings: list[str], rows: list[list[str]]) -> None:
    """A sheet of texts, wrapped."""
    page = book.add_worksheet(name)
    heading = book.add_format({"bold": True, "valign": "top"})
    words = book.add_format({"text_wrap": True, "valign": "top"})
    widest = WIDEST if len(headings) > 1 else _WIDEST_ALONE
    for place, text in enumerate(headings):
        page.write_string(0, place, clean(text), heading)
        longest = max([len(text), *(len(row[place]) for row in rows)], default=0)
        page.set_column(place, place, min(max(longest, NARROWEST), widest) + 2)
        for number, row in enumerate(rows, start=1):
            page.write_string(number, place, clean(row[place])[:MOST_TEXT], words)
    for number, row in enumerate(rows, start=1):
        page.set_row(number, height_of(row, widest))
    page.freeze_panes(1, 0)
    page.set_landscape()
    page.fit_to_pages(1, 0)


def height_of(texts: Sequence[str], letters: float) -> float:
    """The height of a row of wrapped texts in columns of so many letters [points]: not every program finds it."""
    lines = max(sum(-(-max(len(line), 1) // int(letters)) for line in text.split("\n")) for text in texts)
    return min(_LINE * max(lines, 1), _HIGHEST)


def sheet_name(title: str, taken: list[str]) -> str:
    """A name that workbooks allow, and that no other sheet has; it is taken by then.

    Examples
    --------
    >>> taken = []
    >>> [sheet_name(title, taken) for title in ("Cost/contact [DKK]", "cost contact DKK", "")]
    ['Cost contact DKK', 'cost contact DKK 2', 'Sheet']
    """
    stem = " ".join(re.sub(r"[\[\]:*?/\\]", " ", clean(title)).split()).strip("' ")
    if stem.casefold() in ("", "history"):
        stem = f"{stem} {say('Sheet')}".strip()
    short = stem if len(stem) <= _MOST_NAME else f"{stem[: _MOST_NAME - 1].rstrip()}…"
    name, number = short, 1
    while name.casefold() in taken:
        number += 1
        name = f"{short[: _MOST_NAME - len(str(number)) - 1].rstrip()} {number}"
    taken.append(name.casefold())
    return name


def cell(row: int, column: int, fixed: bool = False) -> str:
    """A cell by its numbers from zero, such as ``B3``."""
    from xlsxwriter.utility import xl_rowcol_to_cell

    return str(xl_rowcol_to_cell(row, column, row_abs=fixed, col_abs=fixed))
