"""The workbooks inside slides, in which the numbers of their charts are edited; a text in them stays a text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any

from cpc_analysis.exports.waterfall import Bars
from cpc_analysis.language import say

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

__all__ = ["category_book", "scatter_book", "waterfall_book"]

_SETTINGS = {
    "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
}  # fmt: skip
_NamedValues = Sequence[tuple[str, Sequence[float | None]]]


def _book(form: str, write: Callable[[Worksheet, Any], None]) -> bytes:
    import xlsxwriter

    target = BytesIO()
    book = xlsxwriter.Workbook(target, _SETTINGS)
    # Charts of slides refer to their numbers on a sheet of this name.
    page = book.add_worksheet("Sheet1")
    page.set_column(0, 0, 32)
    page.set_column(1, 12, 16)
    write(page, book.add_format({"num_format": form}))
    book.close()
    return target.getvalue()


def category_book(names: Sequence[str], series: _NamedValues, form: str) -> bytes:
    """Categories in the first column, and a column per series."""

    def write(page: Worksheet, number: Any) -> None:
        _write_categories(page, names, series, number)

    return _book(form, write)


def _write_categories(page: Worksheet, names: Sequence[str], series: _NamedValues, number: Any) -> None:
    for row, name in enumerate(names, start=1):
        page.write_string(row, 0, name)
    for column, (heading, values) in enumerate(series, start=1):
        page.write_string(0, column, heading)
        for row, value in enumerate(values, start=1):
            if value is not None:
                page.write_number(row, column, value, number)


def scatter_book(series: Sequence[tuple[str, Sequence[tuple[float, float]]]], form: str) -> bytes:
    """A block per series: its places in the first column, its values in the second."""

    def write(page: Worksheet, number: Any) -> None:
        row = 0
        for name, pairs in series:
            page.write_string(row, 1, name)
            for across, value in pairs:
                row += 1
                page.write_number(row, 0, across)
                page.write_number(row, 1, value, number)
            row += 2

    return _book(form, write)


def waterfall_book(names: Sequence[str], columns: _NamedValues, bars: Bars, heading: str, form: str) -> bytes:
    """The changes, and the stacks as formulas of them: who edits a change sees every bar move."""

    def write(page: Worksheet, number: Any) -> None:
        _write_categories(page, names, columns, number)
        for column, text in enumerate((heading, say("start"), say("end")), start=6):
            page.write_string(0, column, text)
        last = len(names) - 1
        for place, (start, end) in enumerate(zip(bars.starts, bars.ends, strict=True)):
            row = place + 2
            page.write_number(place + 1, 6, bars.changes[place], number)
            is_level = place in (0, last)
            before = (f"=I{row}-{bars.line!r}" if bars.line else "=0") if is_level else f"=I{row - 1}"
            after = f"=G{row}" if is_level else f"=H{row}+G{row}"
            page.write_formula(place + 1, 7, before, number, start)
            page.write_formula(place + 1, 8, after, number, end)
            _write_stacks(page, place, number, columns)

    return _book(form, write)


def _write_stacks(page: Worksheet, place: int, number: Any, columns: _NamedValues) -> None:
    least, most = f"MIN(H{place + 2},I{place + 2})", f"MAX(H{place + 2},I{place + 2})"
    formulas = (
        f"=MAX({least},0)+MIN({most},0)", f"=MAX({most},0)-MAX({least},0)", f"=MIN({least},0)-MIN({most},0)",
    )  # fmt: skip
    for column, formula in enumerate(formulas, start=1):
        page.write_formula(place + 1, column, formula, number, columns[column - 1][1][place])
