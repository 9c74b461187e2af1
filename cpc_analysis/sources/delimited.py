"""Delimited text files (CSV, TSV) as Arrow batches of text, with the number of every record."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from cpc_analysis.errors import InvalidInputError, UnreadableFileError
from cpc_analysis.sources.locating import BROKEN, Part, unreadable

__all__ = ["DelimitedFile"]

_BLOCK = 1 << 23
_BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


@dataclass(frozen=True)
class DelimitedFile:
    """One delimited text file: its columns, its records in batches, and those with too few or many fields.

    Parameters
    ----------
    part : Part
        Where the bytes are.
    delimiter, quote : str
        The character between fields, and the one around fields that hold it.
    encoding : str
        Any that Python knows; a byte-order mark in the file wins.
    header : int
        The line that names the columns, the first being 1.
    """

    part: Part
    delimiter: str = ","
    quote: str = '"'
    encoding: str = "utf-8"
    header: int = 1
    ragged: list[tuple[int, str]] = field(default_factory=list)

    def columns(self) -> tuple[str, ...]:
        """The names of the columns; one without a name is called by its position, such as ``column_5``.

        Raises
        ------
        UnreadableFileError
            If the file is empty or not of its encoding.
        InvalidInputError
            If it names a column twice.
        """
        names, _ = self._header()
        if not any(name.strip() for name in names):
            raise UnreadableFileError(
                f"`{self.part.name}` is empty: it has no header in line {self.header}. Export it again."
            )
        header = tuple(name.strip() or f"column_{number}" for number, name in enumerate(names, 1))
        for name in header:
            if header.count(name) > 1:
                raise InvalidInputError(
                    f"`{self.part.name}` must name each column once, got '{name}' {header.count(name)} times."
                )
        return header

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The records as text, in order, with their number in the file (`_row`, header included)."""
        names = [f"c{number}" for number in range(len(self.columns()))]
        if not self._header()[1]:
            return
        next_number = self.header + 1
        try:
            with self.part.open() as stream:
                for batch in self._reader(stream, names):
                    numbers = self._numbers(next_number, batch.num_rows)
                    next_number = int(numbers[-1]) + 1 if len(numbers) else next_number
                    yield _without_blank(batch.append_column("_row", pa.array(numbers)))
        except (pa.ArrowInvalid, UnicodeError, *BROKEN) as error:
            raise self._explained(error) from None

    def _reader(self, stream: object, names: list[str]) -> pyarrow.csv.CSVStreamingReader:
        def set_aside(row: pyarrow.csv.InvalidRow) -> str:
            self.ragged.append((row.number, row.text))
            return "skip"

        encoding = self._encoding()
        return pyarrow.csv.open_csv(
            stream,
            pyarrow.csv.ReadOptions(
                use_threads=False,  # only then does Arrow know the number of an invalid record
                block_size=_BLOCK,
                column_names=names,
                skip_rows=self.header - 1,
                skip_rows_after_names=1,
                encoding="utf8" if encoding == "utf-8" else encoding,
            ),
            pyarrow.csv.ParseOptions(
                delimiter=self.delimiter,
                quote_char=self.quote or False,
                newlines_in_values=self._has_line_breaks(encoding),
                ignore_empty_lines=False,
                invalid_row_handler=set_aside,
            ),
            pyarrow.csv.ConvertOptions(column_types={name: pa.string() for name in names}, strings_can_be_null=False),
        )

    def _numbers(self, first: int, count: int) -> np.ndarray:
        """The numbers of `count` accepted records from `first` on, leaving out those set aside."""
        skipped = np.array([number for number, _ in self.ragged if number >= first], dtype=np.int64)
        numbers = np.arange(first, first + count + len(skipped), dtype=np.int64)
        return numbers[~np.isin(numbers, skipped)][:count]

    def _encoding(self) -> str:
        with self.part.open() as stream:
            start = stream.read(4)
        for mark, encoding in _BYTE_ORDER_MARKS.items():
            if start.startswith(mark):
                return encoding
        try:
            return codecs.lookup(self.encoding).name
        except LookupError:
            raise InvalidInputError(
                f"`encoding` must be one that Python knows, such as utf-8 or cp1252, got '{self.encoding}'."
            ) from None

    def _header(self) -> tuple[list[str], bool]:
        """The names as they stand in the header, and whether anything comes after it."""
        encoding = self._encoding()
        try:
            with self.part.open() as stream:
                text = io.TextIOWrapper(stream, encoding="utf-8-sig" if encoding == "utf-8" else encoding, newline="")
                for _ in range(self.header - 1):
                    text.readline()
                reader = csv.reader(
                    text,
                    delimiter=self.delimiter,
                    quotechar=self.quote or None,
                    quoting=csv.QUOTE_MINIMAL if self.quote else csv.QUOTE_NONE,
                )
                return next(reader, []), text.read(1) != ""
        except (UnicodeError, csv.Error, *BROKEN) as error:
            raise self._explained(error) from None

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
            return UnreadableFileError(
                f"`{self.part.name}` has a record of more than {_BLOCK >> 20} MB: "
                "a quote is opened and never closed, or `quote` is not the file's."
            )
        return unreadable(self.part, error)

    def _not_of_encoding(self) -> UnreadableFileError:
        encoding = self._encoding()
        place = "it holds bytes of another"
        if not encoding.startswith(("utf-16", "utf-32")):
            with self.part.open() as stream:
                for number, line in enumerate(io.BufferedReader(stream), 1):  # type: ignore[type-var]
                    try:
                        line.decode(encoding)
                    except UnicodeDecodeError as error:
                        place = f"line {number} holds the byte 0x{line[error.start]:02X}"
                        break
        return UnreadableFileError(
            f"`{self.part.name}` is not in the encoding {encoding}: {place}. "
            'Declare the right `encoding` in the mapping, such as "cp1252" or "utf-16".'
        )


def _without_blank(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The batch without records whose fields are all empty: blank lines, and the tail of a spreadsheet."""
    filled = None
    for column in batch.columns[:-1]:
        here = pc.not_equal(column, "")
        filled = here if filled is None else pc.or_(filled, here)
        if pc.all(filled).as_py():
            return batch
    return batch.filter(filled)
