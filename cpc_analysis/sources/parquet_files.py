"""Parquet files, read where they lie: columns by their position, whatever their names, and types that reading needs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import pandas as pd
import pyarrow as pa

from cpc_analysis.engine import ROW, Engine
from cpc_analysis.errors import UnreadableFileError
from cpc_analysis.sources.parts import Part, reading
from cpc_analysis.sources.source_table import SourceTable, UnitedColumns
from cpc_analysis.tables.quarantine import FILE, QUARANTINE_COLUMNS

__all__ = ["read_parquet"]

_numbers = count()
_BEGINS = b"PAR1"
#: Types that are read as they are; every other is read as text, in which nothing is lost.
_AS_IT_IS = (
    "BOOLEAN", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT",
    "FLOAT", "DOUBLE", "DECIMAL", "VARCHAR", "DATE", "TIMESTAMP", "STRUCT",
)  # fmt: skip
_NUMBERS = {
    "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "FLOAT", "DOUBLE",
}  # fmt: skip
_SECONDS_IN = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}


def read_parquet(engine: Engine, parts: Sequence[Part]) -> SourceTable:
    """The rows of Parquet files under the columns that any of them has.

    Parameters
    ----------
    engine : Engine
        A DuckDB engine.
    parts : sequence of Part
        The files.

    Raises
    ------
    UnreadableFileError
        If one is not whole, or packed.
    """
    connection: Any = engine.connection.con
    found = UnitedColumns()
    read: dict[str, int] = {}
    types: dict[str, set[str]] = {}
    alike: dict[tuple[_Column, ...], list[Part]] = {}
    for part in parts:
        with reading(part.name):
            columns, read[part.name] = _described(connection, part)
        found.add(part.name, [column.name for column in columns])
        alike.setdefault(columns, []).append(part)
        for column in columns:
            types.setdefault(column.name, set()).add(column.kind)
    unlike = {name for name, kinds in types.items() if len(kinds) > 1 and not kinds <= _NUMBERS}
    scans = [_scan(columns, found, unlike, files) for columns, files in alike.items()]
    view = f"source_{next(_numbers)}_in_place"
    with reading(parts[0].name):
        connection.execute(f"CREATE TEMP VIEW {view} AS {' UNION ALL '.join(scans)}")
        table = engine.connection.table(view)
    return SourceTable(
        parts[0].name,
        table,
        found.columns,
        read,
        pd.DataFrame(columns=QUARANTINE_COLUMNS, dtype="str"),
        is_copied=False,
        lacking=found.lacking,
        doubled=found.doubled,
    )


@dataclass(frozen=True)
class _Column:
    """A column of a file: its name, its type on the engine, and its value in SQL."""

    name: str
    kind: str
    value: str


def _described(connection: Any, part: Part) -> tuple[tuple[_Column, ...], int]:
    """The columns of a file, and the number of its rows."""
    import pyarrow.parquet as pq

    if part.member or part.is_gzip:
        raise UnreadableFileError(f"`{part.name}` must lie unpacked to be read as Parquet. Unpack it first.")
    try:
        metadata = pq.read_metadata(part.path)
        schema = metadata.schema.to_arrow_schema()
    except pa.ArrowException as error:
        raise _not_parquet(part, error) from None
    described = connection.execute(f"DESCRIBE SELECT * FROM read_parquet({_path(part)}, hive_partitioning = false)")
    columns = []
    for place, row in enumerate(described.fetchall()):
        kind = str(row[1])
        columns.append(_Column(schema.names[place], kind, _value(f"f{place}", kind, schema.types[place])))
    return tuple(columns), metadata.num_rows


def _value(column: str, kind: str, arrow: pa.DataType) -> str:
    if pa.types.is_duration(arrow):
        # The file holds a bare number, and only pandas' and Arrow's own note in it says of what.
        return f"{column} / {_SECONDS_IN[arrow.unit]}.0"
    if kind.endswith("[]") or _plain(kind) in _AS_IT_IS:
        return column
    if kind == "BLOB":
        return f"coalesce(try(decode({column})), CAST({column} AS VARCHAR))"
    return f"CAST({column} AS VARCHAR)"


def _plain(kind: str) -> str:
    """A type without its width, precision or zone."""
    return re.split(r"[ (_]", kind)[0]


def _scan(columns: tuple[_Column, ...], found: UnitedColumns, unlike: set[str], files: list[Part]) -> str:
    """The rows of files that are alike, in SQL; columns of other files are missing.

    A column that is of one type here and another there is read as text: local times and those with a zone would
    else be taken for the same.
    """
    of_file = {column.name: column.value for column in columns}
    selected = []
    for name, place in found.columns.items():
        value = of_file.get(name, "NULL")
        selected.append(f"{f'CAST({value} AS VARCHAR)' if name in unlike else value} AS {place}")
    # The path may be written with either slash, and the name of a file holds as many folders as all need.
    name = f"regexp_extract(f_path, '([^/\\\\]+[/\\\\]){{{files[0].folders}}}[^/\\\\]+$')"
    selected += [f"f_number + 1 AS {ROW}", f"replace({name}, '\\', '/') AS {FILE}"]
    own = ", ".join([*(f"f{place}" for place in range(len(columns))), "f_number", "f_path"])
    paths = ", ".join(_path(part) for part in files)
    return (
        f"SELECT {', '.join(selected)} FROM read_parquet([{paths}], filename = true, file_row_number = true, "
        f"hive_partitioning = false) AS source({own})"
    )


def _path(part: Part) -> str:
    """A path as SQL text; what would be a pattern to the engine stands for itself."""
    path = "".join(f"[{character}]" if character in "[*?" else character for character in str(part.path))
    return "'" + path.replace("'", "''") + "'"


def _not_parquet(part: Part, error: Exception) -> UnreadableFileError:
    if part.begins().startswith(_BEGINS):
        return UnreadableFileError(
            f"`{part.name}` is truncated or damaged: its Parquet footer cannot be read. Copy it again."
        )
    return UnreadableFileError(f"`{part.name}` is not a Parquet file ({error}). State its true `format`.")
