"""Where a mapping's paths lead: columns of a file, of a joined file, or values inside JSON records."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import ibis
import ibis.expr.datatypes as dt

from cpc_analysis.engine import Engine
from cpc_analysis.errors import InvalidInputError
from cpc_analysis.sources.mapping_files import unknown_name
from cpc_analysis.sources.source_table import SourceTable
from cpc_analysis.tables.quarantine import FILE
from cpc_analysis.tables.values import as_text

__all__ = ["Lookup", "define_macros", "is_many", "key_path", "record_keys"]

_STEP = re.compile(r'(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<plain>[^.]+))(?:[.]|$)')
_TEXTS = dt.Array(dt.String())
# Macros of our own: sqlglot rewrites DuckDB's JSON functions into operators that lose the list.
_MACROS = (
    "cpc_one(record, path) AS json_extract_string(record, path)",
    "cpc_many(record, path) AS json_extract_string(record, path)",
    "cpc_picked(record, path, key, wanted, value) AS list_transform(list_filter(json_extract(record, path), "
    "lambda m: json_extract_string(m, key) = wanted), lambda m: json_extract_string(m, value))",
    "cpc_listed(text) AS CASE WHEN json_valid(text) THEN json_extract_string(text, '$[*]') ELSE [text] END",
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


@ibis.udf.scalar.builtin(name="cpc_listed", signature=((dt.String(),), _TEXTS))
def _listed(text):  # type: ignore[no-untyped-def]
    """The values of a text that is a list of JSON, else the text alone."""


@ibis.udf.scalar.builtin(name="cpc_numbers", signature=((_TEXTS,), dt.Array(dt.Float64())))
def _numbers(texts):  # type: ignore[no-untyped-def]
    """Texts as numbers."""


def define_macros(engine: Engine) -> None:
    """Give the engine the functions that paths into JSON need."""
    connection: Any = engine.connection.con
    for macro in _MACROS:
        connection.execute(f"CREATE OR REPLACE TEMP MACRO {macro}")


def record_keys(engine: Engine, source: SourceTable) -> list[str]:
    """The keys of JSON records at their top, sorted; those that no path can name are left out."""
    connection: Any = engine.connection.con
    query = f"SELECT DISTINCT unnest(json_keys(c0)) AS key FROM {source.table.get_name()} "
    query += "WHERE c0 IS NOT NULL ORDER BY key"
    return [str(row[0]) for row in connection.execute(query).fetchall() if row[0] not in ("", "*")]


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
    doubled : mapping of str to str
        Names that several columns of a file have, and the file.
    """

    table: ibis.Table
    names: Mapping[str, str]
    json: Mapping[str, str]
    file: str
    doubled: Mapping[str, str] = field(default_factory=dict)

    def value(self, path: str, place: str) -> ibis.Value:
        """The values at a path, of the type that the file has.

        Raises
        ------
        UnknownNameError
            If the file has no such column.
        InvalidInputError
            If it has several of that name, or the path leads to many values.
        """
        if path in self.doubled:
            raise InvalidInputError(
                f"{place}: `{self.doubled[path]}` must name the column '{path}' once, got it several times. "
                "Name them apart in the export."
            )
        if path in self.names:
            return self.table[self.names[path]]
        if (prefix := self._prefix(path)) is not None:
            if is_many(path):
                raise InvalidInputError(f"{place}: the path '{path}' has many values. Name one of them, such as .0.")
            return _one(self.table[self.json[prefix]], _json_path(path.removeprefix(prefix), place))
        if "." in path and (inside := self._inside(path)) is not None:
            return inside
        raise unknown_name(place, f"column of `{self.file}`", path, self.names)

    def _prefix(self, path: str) -> str | None:
        """The prefix of the JSON records that a path leads into."""
        return next((prefix for prefix in sorted(self.json, key=len, reverse=True) if path.startswith(prefix)), None)

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

    def any_of(self, path: str, place: str, test: Callable[[ibis.Value], ibis.Value]) -> ibis.Value:
        """Where a test of a text holds for the value at a path, or for any where it leads to a list."""
        prefix = None if path in self.names else self._prefix(path)
        if prefix is None:
            value = self.value(path, place)
            return _any(value.cast(_TEXTS), test) if value.type().is_array() else test(as_text(value))
        if is_many(path):
            return _any(_many(self.table[self.json[prefix]], _json_path(path.removeprefix(prefix), place)), test)
        text = self.text(path, place)
        # Nearly no value is a list, and taking lists apart is slow.
        return ibis.ifelse(text.startswith("["), _any(_listed(text), test), test(text))

    def of_file(self, pattern: str) -> ibis.Value:
        """What the group of a pattern finds in the name of each row's file, missing where it finds nothing."""
        return self.table[FILE].re_extract(pattern, 1).nullif("")

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
        prefix = self._prefix(path)
        if prefix is None:
            raise InvalidInputError(f"{place}: `agg` needs records of JSON, and `{self.file}` is not.")
        record, inside = self.table[self.json[prefix]], path.removeprefix(prefix)
        if where:
            if len(where) != 1 or value is None:
                raise InvalidInputError(f"{place}: `where` must have one key, and `value` must name what to take.")
            key, wanted = next(iter(where.items()))
            of_each = (_json_path(key, place), str(wanted), _json_path(value, place))
            found = _picked(record, _json_path(inside, place), *of_each)
        else:
            found = _many(record, _json_path(f"{inside}.{value}" if value else inside, place))
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


def _any(texts: ibis.Value, test: Callable[[ibis.Value], ibis.Value]) -> ibis.Value:
    return texts.map(test).anys().fill_null(False)


def is_many(path: str) -> bool:
    """Whether a path leads to many values of one record."""
    return "*" in path.split(".")


def _json_path(path: str, place: str) -> str:
    """A dotted path as JSONPath; a name that holds a dot, or is a number, stands in double quotes.

    Examples
    --------
    >>> print(_json_path("participants.*.sessions.0.mediaType", "calls.toml"))
    $."participants"[*]."sessions"[0]."mediaType"
    >>> print(_json_path('fields."via.channel"."7"', "calls.toml"))
    $."fields"."via.channel"."7"
    """
    steps = []
    at = 0
    while match := _STEP.match(path, at):
        at = match.end()
        quoted, plain = match["quoted"], match["plain"]
        if quoted is None and plain == "*":
            steps.append("[*]")
        elif quoted is None and plain.isdigit():
            steps.append(f"[{plain}]")
        elif quoted is None:
            steps.append('."' + plain.replace('"', '\\"') + '"')
        else:
            steps.append(f'."{quoted}"')
    if at < len(path) or not steps or path.endswith(".") or '."*"' in steps:
        raise InvalidInputError(
            f"{place}: the path '{path}' must be names with dots between them, a name that holds a dot in double "
            'quotes, such as fields."via.channel".'
        )
    return "$" + "".join(steps)


def key_path(key: str) -> str:
    """The path to a key at the top of a record, in quotes where it would not be one name.

    Examples
    --------
    >>> key_path("status"), key_path("via.channel"), key_path("7")
    ('status', '"via.channel"', '"7"')
    """
    if "." in key or key == "*" or key.isdigit() or key.startswith('"'):
        return '"' + key.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return key
