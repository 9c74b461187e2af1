"""Workbooks read from their parts: the formulas, and what stands in each cell."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

from python_calamine import CalamineWorkbook

SPACE = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
Cell = str | float | bool | date | datetime


@dataclass(frozen=True)
class Book:
    """A workbook.

    Parameters
    ----------
    rows : dict
        The rows of each sheet, in the order of the sheets; cells from ``A1`` on.
    formulas : dict
        The formulas of each sheet, by row and column from zero.
    """

    rows: dict[str, list[list[Cell]]]
    formulas: dict[str, dict[tuple[int, int], str]]

    def column(self, sheet: str, heading: str) -> list[Cell]:
        """The cells below a heading."""
        place = self.rows[sheet][0].index(heading)
        return [row[place] for row in self.rows[sheet][1:]]


def opened(path: Path) -> Book:
    """A workbook that was written."""
    book = CalamineWorkbook.from_path(str(path))
    rows = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
    return Book(rows, dict(zip(rows, _formulas(path), strict=True)))


def _formulas(path: Path) -> list[dict[tuple[int, int], str]]:
    found = []
    with ZipFile(path) as parts:
        count = sum(name.startswith("xl/worksheets/sheet") for name in parts.namelist())
        for number in range(1, count + 1):
            root = ElementTree.fromstring(parts.read(f"xl/worksheets/sheet{number}.xml"))
            cells = [(cell.get("r"), cell.find("x:f", SPACE)) for cell in root.iterfind(".//x:c", SPACE)]
            found.append({place(where): formula.text for where, formula in cells if formula is not None})
    return found


def place(reference: str) -> tuple[int, int]:
    """The row and column of a cell such as ``B3``, from zero."""
    letters, digits = re.fullmatch(r"([A-Z]+)(\d+)", reference).groups()
    column = 0
    for letter in letters:
        column = 26 * column + ord(letter) - ord("A") + 1
    return int(digits) - 1, column - 1


def parts(path: Path, beginning: str) -> list[str]:
    """The parts of a file whose names begin alike."""
    with ZipFile(path) as every:
        names = sorted(
            (name for name in every.namelist() if name.startswith(beginning)), key=lambda name: (len(name), name)
        )
        return [every.read(name).decode("utf-8") for name in names]
