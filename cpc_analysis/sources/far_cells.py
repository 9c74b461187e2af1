"""Cells far off from the table of a sheet, as a stray space makes them: workbooks without them.

A sheet is held as the whole rectangle that its cells span, and one space in the last cell that Excel has would take
half a terabyte. Cells without a value take no room.
"""

from __future__ import annotations

import io
import re
import zipfile

__all__ = ["without_far_cells"]

#: As many cells are held whatever they are: a million rows of twenty columns.
_MOST_CELLS = 20_000_000
#: Columns after more empty ones than this in the header are not of the table.
_GAP = 100
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_DIMENSION = re.compile(rb'<dimension ref="[A-Z]+\d+:([A-Z]+)(\d+)"')
_VALUE = re.compile(rb'<c r="([A-Z]+)(\d+)"[^>/]*>')
_CELL = re.compile(rb'<c r="([A-Z]+)\d+"(?:[^>/]*/>|[^>]*>.*?</c>)', re.DOTALL)


def without_far_cells(book: bytes, header: int) -> bytes:
    """A workbook (.xlsx) without cells to the right of its tables, where its sheets span too many.

    Parameters
    ----------
    book : bytes
        The file; one that is no zip file comes back as it is.
    header : int
        The row that names the columns.
    """
    if not zipfile.is_zipfile(io.BytesIO(book)):
        return book
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        sheets = [name for name in archive.namelist() if _SHEET.fullmatch(name)]
        mended = {name: _mended(archive, name, header) for name in sheets}
        if not any(mended.values()):
            return book
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w") as copy:
            for name in archive.namelist():
                copy.writestr(name, mended.get(name) or archive.read(name))
    return written.getvalue()


def _mended(archive: zipfile.ZipFile, name: str, header: int) -> bytes | None:
    """A sheet without its far cells; None where it spans no more than is fine."""
    with archive.open(name) as stream:
        dimension = _DIMENSION.search(stream.read(4096))
    if dimension and column_number(dimension[1]) * int(dimension[2]) <= _MOST_CELLS:
        return None
    sheet = archive.read(name)
    last_column = last_row = 0
    in_header: list[int] = []
    for cell in _VALUE.finditer(sheet):
        column, row = column_number(cell[1]), int(cell[2])
        last_column, last_row = max(last_column, column), max(last_row, row)
        if row == header:
            in_header.append(column)
    if last_column * last_row <= _MOST_CELLS:
        return None
    width = 0
    for column in sorted(in_header):
        if column - width <= _GAP:
            width = column
    return _CELL.sub(lambda cell: cell[0] if column_number(cell[1]) <= width else b"", sheet)


def column_number(letters: bytes) -> int:
    """The number of a column of a sheet, the first being 1.

    Examples
    --------
    >>> column_number(b"A"), column_number(b"XFD")
    (1, 16384)
    """
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number
