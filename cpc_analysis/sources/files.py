"""Reading files into tables of text on the engine: nothing is interpreted, every row knows its origin."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import pandas as pd
import pyarrow as pa

from cpc_analysis.engine import ROW, Engine
from cpc_analysis.errors import InvalidInputError, listed
from cpc_analysis.identifiers import mask_identifiers
from cpc_analysis.sources.locating import format_of
from cpc_analysis.sources.parquet_files import read_parquet
from cpc_analysis.sources.parts import Part, named_apart, parts_of, reading
from cpc_analysis.sources.signatures import check_signature
from cpc_analysis.sources.source_table import SourceTable, UnitedColumns
from cpc_analysis.tables.quarantine import FILE, QUARANTINE_COLUMNS

__all__ = ["FileFormat", "read_files"]

_numbers = count()
#: Characters of a record that is no row, in the quarantine: one may hold all lines of its file.
_SHOWN = 1_000


@dataclass(frozen=True)
class FileFormat:
    """How files are written; what is None follows from their ending.

    Parameters
    ----------
    format : str or None
        ``csv``, ``tsv``, ``excel``, ``parquet``, ``jsonl`` or ``json``.
    delimiter, quote, encoding : str
        Of delimited text; the delimiter defaults to the comma, for ``tsv`` to the tab.
    header : int
        The line that names the columns, the first being 1.
    names : tuple of str
        The names of the columns of delimited text or a sheet without a header: every line is then a row.
    sheet : str or None
        Sheet of a workbook; the first one shown when None.
    records : str or None
        Where in a JSON document the list of records is.
    """

    format: str | None = None
    delimiter: str | None = None
    quote: str = '"'
    encoding: str = "utf-8"
    header: int = 1
    names: tuple[str, ...] = ()
    sheet: str | None = None
    records: str | None = None


class _Reader(Protocol):
    @property
    def part(self) -> Part: ...
    @property
    def ragged(self) -> list[tuple[int, str]]: ...
    def columns(self) -> tuple[str, ...]: ...
    def batches(self) -> Iterator[pa.RecordBatch]: ...


def read_files(
    engine: Engine, paths: Sequence[Path], form: FileFormat | None = None, table: str = "contacts"
) -> SourceTable:
    """The rows of files of one kind, as text on the engine.

    A column that some of the files do not have is missing in their rows.

    Parameters
    ----------
    engine : Engine
        A DuckDB engine: files are always read inside, into what may then be sent elsewhere.
    paths : sequence of Path
        The files, such as `find_files` names.
    form : FileFormat, optional
        How they are written.
    table : str
        The canonical table they are meant for, named in the quarantine.

    Raises
    ------
    UnreadableFileError
        If a file is empty, truncated, of another format or in another encoding.
    InvalidInputError
        If no line names the columns, or the engine is not DuckDB.
    """
    form = form or FileFormat()
    if engine.connection.name != "duckdb":
        raise InvalidInputError(
            f"Files are read by DuckDB, inside; the engine is {engine.connection.name}. "
            "Load them there first and pass the tables."
        )
    parts = named_apart(part for path in paths for part in parts_of(path))
    kinds = {format_of(part.name, form.format) for part in parts}
    if len(kinds) > 1:
        raise InvalidInputError(
            f"The files of one source must be of one format, got {listed(sorted(kinds))}. Make two sources of them."
        )
    kind = kinds.pop()
    if form.names and kind not in ("csv", "tsv", "excel"):
        raise InvalidInputError(f"`names` is for delimited text and sheets without a header, got it for {kind}.")
    for part in parts:
        with reading(part.name):
            check_signature(part, kind, form.encoding)
    if kind == "parquet":
        return read_parquet(engine, parts)
    return _read_text(engine, parts, kind, form, table)


def _reader(part: Part, kind: str, form: FileFormat) -> _Reader:
    if kind in ("csv", "tsv"):
        from cpc_analysis.sources.delimited import DelimitedFile

        usual = "\t" if kind == "tsv" else ","
        return DelimitedFile(part, form.delimiter, usual, form.quote, form.encoding, form.header, form.names)
    if kind == "excel":
        from cpc_analysis.sources.spreadsheet import Spreadsheet

        return Spreadsheet(part, form.sheet, form.header, form.names)
    from cpc_analysis.sources.json_records import JsonFile

    return JsonFile(part, kind == "jsonl", form.records, form.encoding)


def _read_text(engine: Engine, parts: Sequence[Part], kind: str, form: FileFormat, table: str) -> SourceTable:
    connection: Any = engine.connection.con
    target = f"source_{next(_numbers)}"
    connection.execute(f"CREATE TEMP TABLE {target} ({ROW} BIGINT, {FILE} VARCHAR)")
    found = UnitedColumns()
    read: dict[str, int] = {}
    broken: list[pd.DataFrame] = []
    for part in parts:
        reader = _reader(part, kind, form)
        rows = 0
        with reading(part.name):
            places, new = found.add(part.name, reader.columns())
            for place in new:
                connection.execute(f"ALTER TABLE {target} ADD COLUMN c{place} VARCHAR")
            into = ", ".join([*(f"c{place}" for place in places), ROW, FILE])
            values = ", ".join([*(f"c{own}" for own in places.values()), ROW, "?"])
            for batch in reader.batches():
                connection.register("arriving", batch)
                connection.execute(f"INSERT INTO {target} ({into}) SELECT {values} FROM arriving", [part.name])
                connection.unregister("arriving")
                rows += batch.num_rows
        set_aside = _unread(reader, kind, table)
        broken.append(set_aside)
        read[part.name] = rows + len(set_aside)
    return SourceTable(
        parts[0].name,
        engine.connection.table(target),
        found.columns,
        read,
        pd.concat(broken, ignore_index=True),
        is_json=kind in ("jsonl", "json"),
        lacking=found.lacking,
        doubled=found.doubled,
    )


def _unread(reader: _Reader, kind: str, table: str) -> pd.DataFrame:
    """The records that are not rows at all, for the quarantine."""
    rule = "must be a JSON object" if kind in ("json", "jsonl") else f"must have {len(reader.columns())} fields"
    rows = [(number, text) for number, text in reader.ragged if text.strip()]
    frame = pd.DataFrame(
        {
            "table": table,
            "row": [f"{reader.part.name}:{number}" for number, _ in rows],
            "column": "",
            "rule": rule,
            "value": [mask_identifiers(text[:_SHOWN]) for _, text in rows],
        },
        columns=QUARANTINE_COLUMNS,
    )
    return frame.astype("str")
