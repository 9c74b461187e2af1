"""Where a mapping's paths lead: columns of a file, of a joined file, or values inside JSON records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.datatypes as dt

from cpc_analysis.engine import Engine
from cpc_analysis.errors import InvalidInputError
from cpc_analysis.sources.files import SourceTable
from cpc_analysis.sources.mapping_files import unknown_name
from cpc_analysis.tables.values import as_text

__all__ = ["Lookup", "define_macros", "record_keys"]

_TEXTS = dt.Array(dt.String())
# Macros of our own: sqlglot rewrites DuckDB's JSON functions into operators that lose the list.
_MACROS = (
    "cpc_one(record, path) AS json_extract_string(record, path)",
    "cpc_many(record, path) AS json_extract_string(record, path)",
    "cpc_picked(record, path, key, wanted, value) AS list_transform(list_filter(json_extract(record, path), "
    "lambda m: json_extract_string(m, key) = wanted), lambda m: json_extract_string(m, value))",
    "cpc_numbers(texts) AS list_transform(texts, lambda t: try_cast(t AS DOUBLE))",
)


@ibis.udf.scalar.builtin(name="cpc_one", signature=((dt.String(), dt.String()), dt.String()))
def _one(record, path):  # type: ignore[no-untyped-def]
    """The value at a path of a JSON record, as text."""


@ibis.udf.scalar.builtin(name="cpc_many", signature=((dt.String(), dt.String()), _TEXTS))
def _many(record, path):  # type: ignore[no-untyped-def]
    """Every value at a path with wildcards, as text."""


@ibis.udf.scalar.builtin(name="cpc_picked", signature=((dt.String(),) * 5, _TEXTS))
def _picked(record, path, key, wanted, value):  # type: ignore[no-untyped-def]
    """A value of each object at a path whose key has the wanted value."""


@ibis.udf.scalar.builtin(name="cpc_numbers", signature=((_TEXTS,), dt.Array(dt.Float64())))
def _numbers(texts):  # type: ignore[no-untyped-def]
    """Texts as numbers."""


def define_macros(engine: Engine) -> None:
    """Give the engine the functions that paths into JSON need."""
    connection: Any = engine.connection.con
    for macro in _MACROS:
        connection.execute(f"CREATE OR REPLACE TEMP MACRO {macro}")


def record_keys(engine: Engine, source: SourceTable) -> list[str]:
    """The keys of JSON records at their top, sorted."""
    connection: Any = engine.connection.con
    query = f"SELECT DISTINCT unnest(json_keys(c0)) AS key FROM {source.table.get_name()} ORDER BY key"
    return [str(row[0]) for row in connection.execute(query).fetchall()]


@dataclass(frozen=True)
class Lookup:
    """The values of a table by the names that its user knows.

    Parameters
    ----------
    table : ibis.Table
        The rows.
    names : mapping of str to str
        User's name to the table's.
    json : mapping of str to str
        Prefix of the paths (empty for the main file, ``"name."`` for a join) to the column of JSON records.
    file : str
        For messages.
    """

    table: ibis.Table
    names: Mapping[str, str]
    json: Mapping[str, str]
    file: str

    def value(self, path: str, place: str) -> ibis.Value:
        """The values at a path, of the type that the file has.

        Raises
        ------
        UnknownNameError
            If the file has no such column.
        """
        if path in self.names:
            return self.table[self.names[path]]
        for prefix in sorted(self.json, key=len, reverse=True):
            if path.startswith(prefix):
                return _one(self.table[self.json[prefix]], _json_path(path.removeprefix(prefix)))
        if "." in path and (inside := self._inside(path)) is not None:
            return inside
        raise unknown_name(place, f"column of `{self.file}`", path, self.names)

    def _inside(self, path: str) -> ibis.Value | None:
        """A value inside a struct column, as Parquet has them."""
        first, *rest = path.split(".")
        if first not in self.names:
            return None
        value = self.table[self.names[first]]
        for name in rest:
            if not value.type().is_struct() or name not in value.type().names:
                return None
            value = value[name]
        return value

    def text(self, path: str, place: str) -> ibis.Value:
        """The values at a path as text; empty text is missing."""
        return as_text(self.value(path, place))

    def aggregated(self, path: str, agg: str, where: Mapping[str, str], value: str | None, place: str) -> ibis.Value:
        """One text out of the many values at a path with wildcards in JSON records.

        Raises
        ------
        InvalidInputError
            If the file is not JSON, or `where` has not exactly one key.
        """
        prefix = next((p for p in sorted(self.json, key=len, reverse=True) if path.startswith(p)), None)
        if prefix is None:
            raise InvalidInputError(f"{place}: `agg` needs records of JSON, and `{self.file}` is not.")
        record, inside = self.table[self.json[prefix]], path.removeprefix(prefix)
        if where:
            if len(where) != 1 or value is None:
                raise InvalidInputError(f"{place}: `where` must have one key, and `value` must name what to take.")
            key, wanted = next(iter(where.items()))
            found = _picked(record, _json_path(inside), _json_path(key), str(wanted), _json_path(value))
        else:
            found = _many(record, _json_path(f"{inside}.{value}" if value else inside))
        return _aggregate(found, agg)


def _aggregate(found: ibis.Value, agg: str) -> ibis.Value:
    if agg == "first":
        return found[0]
    if agg == "last":
        return found[-1]
    if agg == "count":
        return found.length().cast("string")
    numbers = _numbers(found)
    return {"sum": numbers.sums, "min": numbers.mins, "max": numbers.maxs}[agg]().cast("string")


def _json_path(path: str) -> str:
    """A dotted path as JSONPath.

    Examples
    --------
    >>> _json_path("participants.*.sessions.0.mediaType")
    '$."participants"[*]."sessions"[0]."mediaType"'
    """
    steps = []
    for name in path.split("."):
        quoted = name.replace('"', '\\"')
        steps.append("[*]" if name == "*" else f"[{name}]" if name.isdigit() else f'."{quoted}"')
    return "$" + "".join(steps)
