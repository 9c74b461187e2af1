"""Excel and OpenDocument sheets as Arrow batches of text, read by calamine."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import islice
from typing import Any

import pyarrow as pa
import python_calamine

from cpc_analysis.errors import CpcError, UnknownNameError, UnreadableFileError
from cpc_analysis.sources.far_cells import without_far_cells
from cpc_analysis.sources.headers import check_header, check_names, filled, named
from cpc_analysis.sources.parts import Part, check_unpacked, reading

__all__ = ["Spreadsheet"]

_BATCH = 50_000
#: The stream of a workbook that a password locks, as the container of the file names it.
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True)
class Spreadsheet:
    """One sheet of a workbook: the declared one, else the first that is shown.

    Parameters
    ----------
    part : Part
        The workbook.
    sheet : str or None
        Name of the sheet; the first one shown when None.
    header : int
        The row that names the columns, the first being 1.
    names : tuple of str
        The names of the columns of a sheet without a header.
    """

    part: Part
    sheet: str | None = None
    header: int = 1
    names: tuple[str, ...] = ()

    @property
    def ragged(self) -> list[tuple[int, str]]:
        """No row of a sheet has too many or too few cells."""
        return []

    def columns(self) -> tuple[str, ...]:
        """The names of the columns; one without a name is called by its position, such as ``column_5``.

        Raises
        ------
        UnreadableFileError
            If the file is not a workbook, or the sheet has no header.
        InvalidInputError
            If the row does not name the columns.
        UnknownNameError
            If there is no sheet of the declared name.
        """
        top = [(number, [cell_text(cell) for cell in row]) for number, row in islice(self._rows(), self._start + 50)]
        below = top[self._start :]
        if self.names:
            check_names(self.part.name, self.names, max((row for _, row in below), key=filled, default=[]))
            return named(self.names)
        names = top[self._start - 1][1] if len(top) >= self._start else []
        check_header(self.part.name, names, self.header, below, "row", is_fixed=False)
        return named(names[: filled(names)])

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The rows as text, in order, with their number in the sheet (`_row`)."""
        width = len(self.columns())
        body = ((number, row[:width]) for number, row in islice(self._rows(), self._start, None))
        rows = ((number, row) for number, row in body if any(cell != "" for cell in row))
        while chunk := list(islice(rows, _BATCH)):
            texts = [[cell_text(cell) for cell in row] + [""] * (width - len(row)) for _, row in chunk]
            columns = {f"c{place}": pa.array([row[place] for row in texts], pa.string()) for place in range(width)}
            columns["_row"] = pa.array([number for number, _ in chunk], pa.int64())
            yield pa.RecordBatch.from_pydict(columns)

    @property
    def _start(self) -> int:
        """How many rows come before the first of the table."""
        return 0 if self.names else self.header

    def _rows(self) -> Iterator[tuple[int, list[Any]]]:
        """Every row from the first on, with its number; cells left of the table are empty."""
        sheet = self._sheet
        if sheet.start is None:
            return
        left = [""] * sheet.start[1]
        for number, row in enumerate(sheet.iter_rows(), 1):
            yield number, left + row

    @cached_property
    def _sheet(self) -> python_calamine.CalamineSheet:
        with reading(self.part.name):
            with self.part.open() as stream:
                book = stream.read()
            if zipfile.is_zipfile(io.BytesIO(book)):
                check_unpacked(self.part.name, zipfile.ZipFile(io.BytesIO(book)))
            book = without_far_cells(book, self.header)
        if _ENCRYPTED in book:
            raise UnreadableFileError(f"`{self.part.name}` is locked by a password. Save it without one.")
        try:
            opened = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(book))
            return opened.get_sheet_by_name(self._chosen(opened))
        except (python_calamine.CalamineError, OSError, ValueError, IndexError) as error:
            if isinstance(error, CpcError):
                raise
            raise UnreadableFileError(
                f"`{self.part.name}` is not an Excel file that can be read ({error}). "
                "Open it and save it as .xlsx, or state its true `format`."
            ) from None

    def _chosen(self, book: python_calamine.CalamineWorkbook) -> str:
        """The declared sheet, else the first that is shown and holds cells rather than a chart."""
        if self.sheet is not None:
            if self.sheet not in book.sheet_names:
                raise UnknownNameError(f"sheet of `{self.part.name}`", self.sheet, book.sheet_names)
            return self.sheet
        shown = [
            sheet.name
            for sheet in book.sheets_metadata
            if sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
            and sheet.visible == python_calamine.SheetVisibleEnum.Visible
        ]
        return (shown or book.sheet_names)[0]


def cell_text(cell: object) -> str:
    """A cell as text that loses nothing: whole numbers without a point, dates and times as ISO 8601.

    Examples
    --------
    >>> cell_text(17.0), cell_text(datetime(2025, 4, 1, 9, 30)), cell_text(timedelta(hours=25))
    ('17', '2025-04-01 09:30:00', '25:00:00')
    """
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 2**53 else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        seconds = cell.total_seconds()
        sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
        minutes, rest = divmod(seconds, 60)
        hours, minutes = divmod(int(minutes), 60)
        return f"{sign}{hours}:{minutes:02d}:{rest:02g}" if rest % 1 else f"{sign}{hours}:{minutes:02d}:{int(rest):02d}"
    return str(cell)
