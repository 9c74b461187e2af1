"""Excel and OpenDocument sheets as Arrow batches of text, read by calamine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import pyarrow as pa
import python_calamine

from cpc_analysis.errors import InvalidInputError, UnknownNameError, UnreadableFileError
from cpc_analysis.sources.locating import Part

__all__ = ["Spreadsheet"]

_BATCH = 50_000


@dataclass(frozen=True)
class Spreadsheet:
    """One sheet of a workbook: the declared one, else the first.

    Parameters
    ----------
    part : Part
        The workbook.
    sheet : str or None
        Name of the sheet.
    header : int
        The row that names the columns, the first being 1.
    """

    part: Part
    sheet: str | None = None
    header: int = 1

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
        UnknownNameError
            If there is no sheet of the declared name.
        """
        return _names(self._rows(), self.part.name, self.header)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The rows as text, in order, with their number in the sheet (`_row`)."""
        rows = self._rows()
        width = len(_names(rows, self.part.name, self.header))
        body = [
            ([cell_text(cell) for cell in row[:width]] + [""] * (width - len(row)), number)
            for number, row in enumerate(rows[self.header :], self.header + 1)
            if any(cell != "" for cell in row)
        ]
        for start in range(0, len(body), _BATCH):
            chunk = body[start : start + _BATCH]
            columns = {f"c{i}": pa.array([cells[i] for cells, _ in chunk], pa.string()) for i in range(width)}
            columns["_row"] = pa.array([number for _, number in chunk], pa.int64())
            yield pa.RecordBatch.from_pydict(columns)

    def _rows(self) -> list[list[Any]]:
        try:
            book = python_calamine.CalamineWorkbook.from_path(str(self.part.path))
            if self.sheet is not None and self.sheet not in book.sheet_names:
                raise UnknownNameError(f"sheet of `{self.part.name}`", self.sheet, book.sheet_names)
            sheet = self.sheet or book.sheet_names[0]
            return book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        except (python_calamine.CalamineError, OSError, ValueError, IndexError) as error:
            if isinstance(error, UnknownNameError):
                raise
            raise UnreadableFileError(
                f"`{self.part.name}` is not an Excel file that can be read ({error}). "
                "Open it and save it as .xlsx, or state its true `format`."
            ) from None


def _names(rows: list[list[Any]], file: str, header: int) -> tuple[str, ...]:
    names = [cell_text(cell).strip() for cell in rows[header - 1]] if len(rows) >= header else []
    while names and not names[-1]:
        names.pop()
    if not names:
        raise UnreadableFileError(f"`{file}` is empty: it has no header in row {header}. Export it again.")
    named = tuple(name or f"column_{number}" for number, name in enumerate(names, 1))
    for name in named:
        if named.count(name) > 1:
            raise InvalidInputError(f"`{file}` must name each column once, got '{name}' {named.count(name)} times.")
    return named


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
