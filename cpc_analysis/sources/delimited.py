"""Delimited text files (CSV, TSV) as Arrow batches of text, with the number of every record."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import chain, islice
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from cpc_analysis.errors import CpcError, InvalidInputError, UnreadableFileError
from cpc_analysis.sources.headers import check_header, check_names, filled, named
from cpc_analysis.sources.parts import BROKEN, Part, unreadable
from cpc_analysis.sources.signatures import BYTE_ORDER_MARKS

__all__ = ["DelimitedFile"]

_BLOCK = 1 << 23
#: Records looked at to judge the header and the delimiter.
_LOOKED_AT = 50
#: A header of more lines than this has a quote that is never closed.
_SPANNED = 20
_DELIMITERS = (";", "\t", "|", ",")
#: Excel's own first line that names the delimiter.
_SEP_LINE = re.compile(r'"?sep=(.)"?[;,\t|]*\s*', re.IGNORECASE)


@dataclass(frozen=True)
class _Top:
    """The first records of a file: names as they stand, the line they are in, how many fields records have."""

    names: tuple[str, ...]
    line: int
    delimiter: str
    width: int
    has_rows: bool


@dataclass(frozen=True)
class DelimitedFile:
    """One delimited text file: its columns, its records in batches, and those with too few or many fields.

    Fields beyond the header that are empty are none: a delimiter at the end of every line makes no column.

    Parameters
    ----------
    part : Part
        Where the bytes are.
    delimiter : str or None
        The character between fields; `usual` when None, and then a file that another one fits better raises.
        A first line such as ``sep=;`` states it too.
    usual : str
        The character between fields that is expected where none is stated.
    quote : str
        The character around fields that hold the delimiter.
    encoding : str
        Any that Python knows; a byte-order mark in the file wins.
    header : int
        The line that names the columns, the first being 1.
    names : tuple of str
        The names of the columns of a file without a header.
    """

    part: Part
    delimiter: str | None = None
    usual: str = ","
    quote: str = '"'
    encoding: str = "utf-8"
    header: int = 1
    names: tuple[str, ...] = ()
    ragged: list[tuple[int, str]] = field(default_factory=list)
    _mended: list[tuple[int, list[str]]] = field(default_factory=list)

    def columns(self) -> tuple[str, ...]:
        """The names of the columns; one without a name is called by its position, such as ``column_5``.

        Raises
        ------
        UnreadableFileError
            If the file is empty or not of its encoding.
        InvalidInputError
            If the line does not name the columns, or the delimiter is another.
        """
        return named(self._top.names)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The records as text, in order, with their number in the file (`_row`, header included)."""
        top = self._top
        if not top.has_rows:
            return
        columns = len(top.names)
        next_number = top.line + 1
        last: tuple[int, list[str]] = (0, [])
        try:
            with self.part.open() as stream:
                for batch in self._reader(stream, [f"c{number}" for number in range(top.width)]):
                    numbers = self._numbers(next_number, batch.num_rows)
                    next_number = int(numbers[-1]) + 1 if len(numbers) else next_number
                    if len(numbers):
                        last = (int(numbers[-1]), list(batch.slice(len(numbers) - 1).to_pylist()[0].values()))
                    batch = self._without_overfull(batch.append_column("_row", pa.array(numbers)), columns)
                    yield _without_blank(batch)
                self._check_closed(last)
                if self._mended:
                    yield self._of_mended(columns)
        except BROKEN as error:
            raise self._explained(error) from None

    def _reader(self, stream: object, names: list[str]) -> pyarrow.csv.CSVStreamingReader:
        encoding = self._encoding
        return pyarrow.csv.open_csv(
            stream,
            pyarrow.csv.ReadOptions(
                use_threads=False,  # only then does Arrow know the number of an invalid record
                block_size=_BLOCK,
                column_names=names,
                skip_rows=max(self._top.line - 1, 0),
                skip_rows_after_names=1 if self._top.line else 0,
                encoding="utf8" if encoding == "utf-8" else encoding,
            ),
            pyarrow.csv.ParseOptions(
                delimiter=self._top.delimiter,
                quote_char=self.quote or False,
                newlines_in_values=self._has_line_breaks(encoding),
                ignore_empty_lines=False,
                invalid_row_handler=self._odd,
            ),
            pyarrow.csv.ConvertOptions(column_types={name: pa.string() for name in names}, strings_can_be_null=False),
        )

    def _odd(self, row: pyarrow.csv.InvalidRow) -> str:
        """Keep a record of another width: mended where only empty fields make it so, else set aside."""
        columns = len(self._top.names)
        fields = next(csv.reader([row.text], **self._dialect(self._top.delimiter)), [])
        unnamed = all(not name.strip() for name in self._top.names[len(fields) :])
        if fields and filled(fields) <= columns and (len(fields) >= columns or unnamed):
            self._mended.append((row.number, (fields + [""] * columns)[:columns]))
        else:
            self.ragged.append((row.number, row.text))
        return "skip"

    def _check_closed(self, last: tuple[int, list[str]]) -> None:
        """Refuse a file whose last record has swallowed the lines below a quote that is never closed."""
        number, fields = max([last, *((number, [text]) for number, text in self.ragged[-1:])])
        if not self.quote or not any("\n" in text for text in fields):
            return
        with self.part.open() as stream:
            quotes = sum(block.count(self.quote.encode()) for block in iter(partial(stream.read, _BLOCK), b""))
        if quotes % 2:
            raise self._quote_open(f"has a last record of many lines, which begins in line {number}")

    def _without_overfull(self, batch: pa.RecordBatch, columns: int) -> pa.RecordBatch:
        """The batch with the named columns only, without records that hold something beyond them."""
        for place in range(columns, batch.num_columns - 1):
            beyond = pc.not_equal(batch.column(place), "")
            if pc.any(beyond).as_py():
                for record in batch.filter(beyond).to_pylist():
                    number = record.pop("_row")
                    self.ragged.append((number, self._top.delimiter.join(record.values())))
                batch = batch.filter(pc.invert(beyond))
        return batch.select([*range(columns), batch.num_columns - 1])

    def _of_mended(self, columns: int) -> pa.RecordBatch:
        texts = {
            f"c{place}": pa.array([fields[place] for _, fields in self._mended], pa.string())
            for place in range(columns)
        }
        numbers = pa.array([number for number, _ in self._mended], pa.int64())
        return _without_blank(pa.RecordBatch.from_pydict(texts | {"_row": numbers}))

    def _numbers(self, first: int, count: int) -> np.ndarray:
        """The numbers of `count` accepted records from `first` on, leaving out those set aside."""
        skipped = np.array(
            [number for number, _ in (*self.ragged, *self._mended) if number >= first],
            dtype=np.int64,
        )
        numbers = np.arange(first, first + count + len(skipped), dtype=np.int64)
        return numbers[~np.isin(numbers, skipped)][:count]

    @cached_property
    def _encoding(self) -> str:
        start = self.part.begins()
        for mark, encoding in BYTE_ORDER_MARKS.items():
            if start.startswith(mark):
                return encoding
        try:
            return codecs.lookup(self.encoding).name
        except LookupError:
            raise InvalidInputError(
                f"`encoding` must be one that Python knows, such as utf-8 or cp1252, got '{self.encoding}'."
            ) from None

    def _dialect(self, delimiter: str) -> dict[str, Any]:
        quoting = csv.QUOTE_MINIMAL if self.quote else csv.QUOTE_NONE
        return {"delimiter": delimiter, "quotechar": self.quote or None, "quoting": quoting}

    @cached_property
    def _top(self) -> _Top:
        lines, line, stated = self._first_lines()
        delimiter = stated or self.delimiter or self.usual
        rows = self._records(lines, line, delimiter)
        if not stated:
            self._check_delimiter(lines, delimiter)
        if self.names:
            names, line = self.names, line - 1
            check_names(self.part.name, names, _usual(rows))
        else:
            names = tuple(rows.pop(0)[1]) if rows else ()
            check_header(self.part.name, names, line, rows, "line", is_fixed=True)
        width = len(_usual(rows)) or len(names)
        # Empty fields at the end of the header alone, or of the records alone, are no columns.
        names = names[:width] if not any(name.strip() for name in names[width:]) else names
        return _Top(names, line, delimiter, max(width, len(names)), bool(rows))

    def _first_lines(self) -> tuple[list[str], int, str | None]:
        """Some lines from the header on, the number of the first of them, and the delimiter that the file states."""
        encoding = "utf-8-sig" if self._encoding == "utf-8" else self._encoding
        try:
            with io.TextIOWrapper(self.part.open(), encoding=encoding, newline="") as text:
                first = text.readline(_BLOCK)
                stated = _SEP_LINE.fullmatch(first)
                line = 2 if stated and self.header == 1 else 1 if self.names else self.header
                # A file without line ends is not to be read whole.
                lines = chain([first], iter(partial(text.readline, _BLOCK), ""))
                for _ in range(line - 1):
                    next(lines, "")
                return list(islice(lines, _LOOKED_AT)), line, stated[1] if stated else None
        except BROKEN as error:
            raise self._explained(error) from None

    def _records(self, lines: list[str], line: int, delimiter: str) -> list[tuple[int, list[str]]]:
        """The records in some lines, each with the number of the line it begins in."""
        reader = csv.reader(lines, **self._dialect(delimiter))
        found: list[tuple[int, list[str]]] = []
        begins = line
        try:
            for fields in reader:
                found.append((begins, fields))
                begins = line + reader.line_num
        except csv.Error as error:
            if not found:
                raise self._explained(error) from None
        if len(found) == 1 and len(lines) > _SPANNED:
            raise self._quote_open()
        return found

    def _check_delimiter(self, lines: list[str], delimiter: str) -> None:
        """Refuse a file whose lines another delimiter divides better."""
        own = self._divided(lines, delimiter)
        for other in _DELIMITERS:
            head, usual = self._divided(lines, other)
            is_one = own[1] <= 1 and usual >= (3 if self.delimiter else 2)
            is_less = not self.delimiter and usual > 1 and own[0] < head
            if other != delimiter and (is_one or is_less):
                here, there = (own[1], usual) if is_one else (own[0], head)
                written = "\\t" if other == "\t" else other
                raise InvalidInputError(
                    f"`{self.part.name}` has {here} column{'s' if here > 1 else ''} when it is read with the "
                    f"delimiter '{delimiter}', and {there} with '{written}'. State delimiter = \"{written}\"."
                )

    def _divided(self, lines: list[str], delimiter: str) -> tuple[int, int]:
        """How many fields the header has, and how many most records have."""
        rows = self._records(lines, 1, delimiter)
        return (len(rows[0][1]), len(_usual(rows))) if rows else (0, 0)

    def _has_line_breaks(self, encoding: str) -> bool:
        """Whether a quoted field may hold a line break; reading is several times faster when none does."""
        if not self.quote:
            return False
        if encoding.startswith(("utf-16", "utf-32")):
            return True
        quote, inside = self.quote.encode("ascii", "replace"), 0
        with self.part.open() as stream:
            while block := stream.read(_BLOCK):
                if inside == 0 and quote not in block:
                    continue
                characters = np.frombuffer(block, dtype=np.uint8)
                depth = (inside + np.cumsum(characters == quote[0])) % 2
                if depth[characters == ord("\n")].any():
                    return True
                inside = int(depth[-1])
        return False

    def _explained(self, error: Exception) -> Exception:
        text = str(error)
        if isinstance(error, UnicodeError) or "invalid UTF8" in text:
            return self._not_of_encoding()
        if "straddling" in text or "field larger" in text:
            return self._quote_open(f"has a record of more than {_BLOCK >> 20} MB")
        return error if isinstance(error, CpcError) else unreadable(self.part.name, error)

    def _quote_open(self, what: str = "has a header of many lines") -> UnreadableFileError:
        return UnreadableFileError(
            f"`{self.part.name}` {what}: a quote is opened and never closed, or `quote` is not the file's."
        )

    def _not_of_encoding(self) -> UnreadableFileError:
        encoding = self._encoding
        place = "it holds bytes of another"
        if not encoding.startswith(("utf-16", "utf-32")):
            with self.part.open() as stream:
                for number, line in enumerate(stream, 1):
                    try:
                        line.decode(encoding)
                    except UnicodeDecodeError as error:
                        place = f"line {number} holds the byte 0x{line[error.start]:02X}"
                        break
        return UnreadableFileError(
            f"`{self.part.name}` is not in the encoding {encoding}: {place}. "
            'Declare the right `encoding` in the mapping, such as "cp1252" or "utf-16".'
        )


def _usual(rows: list[tuple[int, list[str]]]) -> list[str]:
    """The first record that has as many fields as most have."""
    widths = Counter(len(fields) for _, fields in rows if filled(fields))
    if not widths:
        return []
    width = widths.most_common(1)[0][0]
    return next(fields for _, fields in rows if len(fields) == width)


def _without_blank(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The batch without records whose fields are all empty: blank lines, and the tail of a spreadsheet."""
    filled = None
    for column in batch.columns[:-1]:
        here = pc.not_equal(column, "")
        filled = here if filled is None else pc.or_(filled, here)
        if pc.all(filled).as_py():
            return batch
    return batch.filter(filled)
