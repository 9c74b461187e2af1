"""JSON documents and JSON lines as Arrow batches, one record as JSON text per row."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from cpc_analysis.errors import UnknownNameError, UnreadableFileError
from cpc_analysis.sources.locating import BROKEN, Part, unreadable

__all__ = ["RECORD", "JsonFile"]

#: The one column of a table of JSON records.
RECORD = "record"
_BATCH = 20_000


@dataclass(frozen=True)
class JsonFile:
    """One file of JSON records: a line each, or one document that holds them.

    Parameters
    ----------
    part : Part
        Where the bytes are.
    lines : bool
        Whether every line is a document of its own.
    records : str or None
        Where in a document the list of records is, such as ``resultSet.completedContacts``.
    encoding : str
        Any that Python knows.
    """

    part: Part
    lines: bool
    records: str | None = None
    encoding: str = "utf-8"
    ragged: list[tuple[int, str]] = field(default_factory=list)

    def columns(self) -> tuple[str, ...]:
        """The one column."""
        return (RECORD,)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The records as JSON text, in order, with the number of their line or place in the list (`_row`)."""
        numbers: list[int] = []
        texts: list[str] = []
        for number, text in self._texts():
            numbers.append(number)
            texts.append(text)
            if len(texts) == _BATCH:
                yield _batch(numbers, texts)
                numbers, texts = [], []
        if texts:
            yield _batch(numbers, texts)

    def _texts(self) -> Iterator[tuple[int, str]]:
        try:
            with self.part.open() as stream:
                text = io.TextIOWrapper(stream, encoding=self._encoding, newline=None)
                yield from self._of_lines(text) if self.lines else self._of_document(text)
        except UnicodeError as error:
            raise UnreadableFileError(
                f"`{self.part.name}` is not in the encoding {self.encoding} ({error}). "
                "Declare the right `encoding` in the mapping."
            ) from None
        except BROKEN as error:
            raise error if isinstance(error, UnreadableFileError) else unreadable(self.part, error) from None

    @property
    def _encoding(self) -> str:
        return "utf-8-sig" if self.encoding.lower().replace("_", "-") in ("utf-8", "utf8") else self.encoding

    def _of_lines(self, text: Iterator[str]) -> Iterator[tuple[int, str]]:
        for number, line in enumerate(text, 1):
            if not line.strip():
                continue
            try:
                document = json.loads(line)
            except ValueError:
                document = None
            if not isinstance(document, dict):
                self.ragged.append((number, line.rstrip("\n")))
            elif self.records is None:
                yield number, line
            else:
                for record in _listed(document, self.records, self.part.name):
                    yield number, json.dumps(record, ensure_ascii=False)

    def _of_document(self, text: io.TextIOBase) -> Iterator[tuple[int, str]]:
        try:
            document = json.loads(text.read())
        except ValueError as error:
            if isinstance(error, UnicodeError):
                raise
            raise UnreadableFileError(
                f"`{self.part.name}` is not one JSON document ({error}). "
                'Copy it again, or state format = "jsonl" when each line is a document.'
            ) from None
        found = _listed(document, self.records, self.part.name) if self.records else document
        for number, record in enumerate(found if isinstance(found, list) else [found], 1):
            yield number, json.dumps(record, ensure_ascii=False)


def _listed(document: Any, path: str, file: str) -> list[Any]:
    """The list of records at a dotted path."""
    found = document
    for name in path.split("."):
        if not isinstance(found, dict) or name not in found:
            known = list(found) if isinstance(found, dict) else []
            raise UnknownNameError(f'`records = "{path}"` in `{file}`: key', name, known)
        found = found[name]
    return found if isinstance(found, list) else [found]


def _batch(numbers: list[int], texts: list[str]) -> pa.RecordBatch:
    return pa.RecordBatch.from_pydict({"c0": pa.array(texts, pa.string()), "_row": pa.array(numbers, pa.int64())})
