"""Reading files into tables of text on the engine: nothing is interpreted, every row knows its origin."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import ibis
import pandas as pd
import pyarrow as pa

from cpc_analysis.engine import ROW, Engine
from cpc_analysis.errors import InvalidInputError, UnreadableFileError, listed
from cpc_analysis.sources.locating import Part, format_of, named_apart, parts_of
from cpc_analysis.tables.masking import mask_identifiers
from cpc_analysis.tables.quarantine import FILE, QUARANTINE_COLUMNS

__all__ = ["FileFormat", "SourceTable", "read_files"]

_numbers = count()


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
    sheet : str or None
        Sheet of a workbook; the first when None.
    records : str or None
        Where in a JSON document the list of records is.
    """

    format: str | None = None
    delimiter: str | None = None
    quote: str = '"'
    encoding: str = "utf-8"
    header: int = 1
    sheet: str | None = None
    records: str | None = None


@dataclass(frozen=True)
class SourceTable:
    """The rows of some files as one table on the engine.

    Parameters
    ----------
    name : str
        The file's name, for messages; the first one's when there are several.
    table : ibis.Table
        The columns under plain names, and the provenance: `_file` (name) and `_row` (line or record number as
        an editor shows it; the header is 1).
    columns : dict of str to str
        The column's name in the file to its name in `table`.
    read : dict of str to int
        Records in each file, those set aside included.
    quarantine : pandas.DataFrame
        Records that could not be read at all.
    is_json : bool
        Whether the one column holds JSON records.
    is_copied : bool
        Whether the rows were copied onto the engine; Parquet files are read where they lie.
    """

    name: str
    table: ibis.Table
    columns: dict[str, str]
    read: dict[str, int]
    quarantine: pd.DataFrame = field(repr=False)
    is_json: bool = False
    is_copied: bool = True


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
    """The rows of files of one kind and one header, as text on the engine.

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
        If the files have different columns, or the engine is not DuckDB.
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
    if kind == "parquet":
        return _read_parquet(engine, parts)
    return _read_text(engine, [_reader(part, kind, form) for part in parts], kind, table)


def _reader(part: Part, kind: str, form: FileFormat) -> _Reader:
    if kind in ("csv", "tsv"):
        from cpc_analysis.sources.delimited import DelimitedFile

        delimiter = form.delimiter or ("\t" if kind == "tsv" else ",")
        return DelimitedFile(part, delimiter, form.quote, form.encoding, form.header)
    if kind == "excel":
        from cpc_analysis.sources.spreadsheet import Spreadsheet

        return Spreadsheet(part, form.sheet, form.header)
    from cpc_analysis.sources.json_records import JsonFile

    return JsonFile(part, kind == "jsonl", form.records, form.encoding)


def _read_text(engine: Engine, readers: list[_Reader], kind: str, table: str) -> SourceTable:
    connection: Any = engine.connection.con
    names = readers[0].columns()
    target = f"source_{next(_numbers)}"
    width = ", ".join(f"c{number} VARCHAR" for number in range(len(names)))
    connection.execute(f"CREATE TEMP TABLE {target} ({width}, {ROW} BIGINT, {FILE} VARCHAR)")
    read: dict[str, int] = {}
    broken: list[pd.DataFrame] = []
    for reader in readers:
        order = _order(names, reader.columns(), readers[0].part.name, reader.part.name)
        rows = 0
        for batch in reader.batches():
            connection.register("arriving", batch)
            connection.execute(f"INSERT INTO {target} SELECT {order}, {ROW}, ? FROM arriving", [reader.part.name])
            connection.unregister("arriving")
            rows += batch.num_rows
        set_aside = _unread(reader, names, kind, table)
        broken.append(set_aside)
        read[reader.part.name] = rows + len(set_aside)
    return SourceTable(
        readers[0].part.name,
        engine.connection.table(target),
        {name: f"c{number}" for number, name in enumerate(names)},
        read,
        pd.concat(broken, ignore_index=True),
        is_json=kind in ("jsonl", "json"),
    )


def _order(names: tuple[str, ...], given: tuple[str, ...], first: str, other: str) -> str:
    """The columns of a further file in the order of the first one's."""
    missing = [name for name in names if name not in given]
    further = [name for name in given if name not in names]
    if missing or further:
        found = [f"{word} {listed(which)}" for word, which in (("without", missing), ("with", further)) if which]
        raise InvalidInputError(
            f"`{other}` must have the columns of `{first}`, got it {' and '.join(found)}. "
            "Make two sources of them, each with its own mapping."
        )
    return ", ".join(f"c{given.index(name)}" for name in names)


def _unread(reader: _Reader, names: tuple[str, ...], kind: str, table: str) -> pd.DataFrame:
    """The records that are not rows at all, for the quarantine."""
    rule = "must be a JSON object" if kind == "jsonl" else f"must have {len(names)} fields"
    rows = [(number, text) for number, text in reader.ragged if text.strip()]
    frame = pd.DataFrame(
        {
            "table": table,
            "row": [f"{reader.part.name}:{number}" for number, _ in rows],
            "column": "",
            "rule": rule,
            "value": [mask_identifiers(text) for _, text in rows],
        },
        columns=QUARANTINE_COLUMNS,
    )
    return frame.astype("str")


def _read_parquet(engine: Engine, parts: list[Part]) -> SourceTable:
    import pyarrow.parquet as pq

    read: dict[str, int] = {}
    names: tuple[str, ...] = ()
    for part in parts:
        if part.member or part.path.suffix.lower() == ".gz":
            raise InvalidInputError(f"`{part.name}` must lie unpacked to be read as Parquet. Unpack it first.")
        try:
            metadata = pq.read_metadata(part.path)
        except (pa.ArrowInvalid, OSError) as error:
            raise _not_parquet(part, error) from None
        here = tuple(metadata.schema.to_arrow_schema().names)
        names = names or here
        _order(names, here, parts[0].name, part.name)
        read[part.name] = metadata.num_rows
    paths = [str(part.path) for part in parts]
    table = engine.connection.read_parquet(
        paths,
        table_name=f"source_{next(_numbers)}",
        union_by_name=True,
        filename="_path",
        file_row_number=True,
    )
    provenance = {
        ROW: table.file_row_number.cast("int64") + 1,
        FILE: table["_path"].re_extract(rf"([^/\\]+[/\\]){{{parts[0].folders}}}[^/\\]+$", 0).replace("\\", "/"),
    }
    table = table.select(*names, **provenance)
    return SourceTable(parts[0].name, table, {name: name for name in names}, read, _nothing(), is_copied=False)


def _not_parquet(part: Part, error: Exception) -> UnreadableFileError:
    with part.path.open("rb") as stream:
        begins = stream.read(4) == b"PAR1"
    if begins:
        return UnreadableFileError(f"`{part.name}` is truncated: its Parquet footer is missing. Copy it again.")
    return UnreadableFileError(f"`{part.name}` is not a Parquet file. State its true `format`.")


def _nothing() -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype="str") for name in QUARANTINE_COLUMNS})
