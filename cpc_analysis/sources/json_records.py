"""JSON documents and JSON lines as Arrow batches, one record as JSON text per row."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from cpc_analysis.errors import CpcError, UnknownNameError, UnreadableFileError
from cpc_analysis.sources.parts import BROKEN, Part, unreadable
from cpc_analysis.sources.signatures import BYTE_ORDER_MARKS

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
        encoding = self._encoding
        try:
            with io.TextIOWrapper(self.part.open(), encoding=encoding, newline=None) as text:
                yield from self._of_lines(text) if self.lines else self._of_document(text)
        except UnicodeError as error:
            raise UnreadableFileError(
                f"`{self.part.name}` is not in the encoding {self.encoding} ({error}). "
                "Declare the right `encoding` in the mapping."
            ) from None
        except BROKEN as error:
            raise error if isinstance(error, CpcError) else unreadable(self.part.name, error) from None

    @property
    def _encoding(self) -> str:
        """The encoding that the file's byte-order mark states, else the declared one."""
        start = self.part.begins()
        stated = next((name for mark, name in BYTE_ORDER_MARKS.items() if start.startswith(mark)), self.encoding)
        return "utf-8-sig" if stated.lower().replace("_", "-") in ("utf-8", "utf8") else stated

    def _of_lines(self, text: Iterator[str]) -> Iterator[tuple[int, str]]:
        for number, line in enumerate(text, 1):
            if not line.strip():
                continue
            try:
                document = json.loads(line)
            except (ValueError, RecursionError):
                document = None
            if not isinstance(document, dict):
                self.ragged.append((number, line.rstrip("\n")))
            elif self.records is not None:
                for record in _listed(document, self.records, self.part.name):
                    yield from self._of_record(number, record)
            else:
                # Half of a character that JSON writes as two is no text for the engine.
                yield number, _written(document) if "\\ud" in line.lower() else line

    def _of_document(self, text: io.TextIOBase) -> Iterator[tuple[int, str]]:
        try:
            document = json.loads(text.read())
        except ValueError as error:
            if isinstance(error, (UnicodeError, CpcError)):
                raise
            raise UnreadableFileError(
                f"`{self.part.name}` is not one JSON document ({error}). "
                'Copy it again, or state format = "jsonl" when each line is a document.'
            ) from None
        found = _listed(document, self.records, self.part.name) if self.records else document
        for number, record in enumerate(found if isinstance(found, list) else [found], 1):
            yield from self._of_record(number, record)

    def _of_record(self, number: int, record: Any) -> Iterator[tuple[int, str]]:
        if isinstance(record, dict):
            yield number, _written(record)
        else:
            self.ragged.append((number, json.dumps(record)))


def _written(record: Any) -> str:
    """A record as JSON text; half of a character that JSON writes as two becomes a question mark."""
    return json.dumps(record, ensure_ascii=False).encode("utf-8", "replace").decode("utf-8")


def _listed(document: Any, path: str, file: str) -> list[Any]:
    """The list of records at a dotted path."""
    found = document
    for name in path.split("."):
        if not isinstance(found, dict) or name not in found:
            known = list(found) if isinstance(found, dict) else []
            raise UnknownNameError(f'`records = "{path}"` in `{file}`: key', name, known)
        found = found[name]
    return found if isinstance(found, list) else [] if found is None else [found]


def _batch(numbers: list[int], texts: list[str]) -> pa.RecordBatch:
    return pa.RecordBatch.from_pydict({"c0": pa.array(texts, pa.string()), "_row": pa.array(numbers, pa.int64())})
