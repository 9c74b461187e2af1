"""Mappings: how the columns of an export become the canonical ones, in TOML, without free expressions.

A mapping states how its files are written, which rows to leave out, and one field per canonical column::

    table = "contacts"
    delimiter = ";"
    tz = "Europe/Copenhagen"
    exclude = [{ eq = { kind = "TEST" } }]

    [columns]
    contact_id = { path = "id", prefix = "phone:" }
    started_at = { date = "day", time = "clock", format = "%d-%m-%Y %H:%M:%S" }
    channel = { const = "voice" }
    outcome = { path = "result", map = { A = "answered", H = "abandoned" } }
    handle_seconds = { sum = ["talk", "wrap"], unit = "HH:MM:SS" }

    [dimensions]
    line = "trunk"

A text in place of a field is short for ``{ path = "…" }``. Beside those shown there are:

- ``{ file = 'calls-(\\d{4}-\\d{2})' }``: what the group of a pattern finds in the name of a row's file.
- ``names = ["id", "day", …]`` beside ``delimiter``: the columns of files without a header.
- Paths into JSON have dots between their names; a name that holds a dot stands in double quotes.
- A condition on a list (``"tags"``, ``"tags.*"``) holds where any of its values fulfils it; a join with
  ``collect = true`` makes such lists of the many rows of a key.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping as Dictionary
from datetime import date, time
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from cpc_analysis.errors import (
    InvalidInputError,
    MissingFileError,
    UnknownNameError,
    closest,
    listed,
)
from cpc_analysis.periods import zone_named
from cpc_analysis.schema import NUMERIC, TABLES, Kind, Table
from cpc_analysis.sources.files import FileFormat
from cpc_analysis.sources.mapping import Condition, Dedupe, Field, Join, Mapping, Rule
from cpc_analysis.sources.toml_files import read_toml
from cpc_analysis.tables.values import UNITS, check_form

__all__ = ["find_mapping", "mapping_from", "shipped_mappings", "unknown_name"]

_ON_UNKNOWN = ("quarantine", "keep", "error")
_CLOCK_CHANGES = ("first", "second")
_AGGREGATES = ("sum", "first", "last", "min", "max", "count")
_SOURCES = ("path", "parts", "const", "file", "date", "sum", "difference", "rules")
_FORMAT_TYPES: dict[str, tuple[type, ...]] = {
    "format": (str,), "delimiter": (str,), "quote": (str,), "encoding": (str,), "header": (int,),
    "names": (list,), "sheet": (str,), "records": (str,),
}  # fmt: skip
_SETTING_TYPES: dict[str, tuple[type, ...]] = {
    "table": (str,), **_FORMAT_TYPES, "tz": (str,), "clock_change": (str,), "decimal": (str,),
    "thousands": (str,), "null_values": (str, list), "exclude": (list,), "dedupe": (dict,), "joins": (dict,),
    "columns": (dict,), "dimensions": (dict,),
}  # fmt: skip


def unknown_name(place: str, kind: str, name: str, known: Any) -> UnknownNameError:
    """The error for a name that is not known, saying first where it stands.

    Examples
    --------
    >>> print(unknown_name("calls.toml, `started_at`", "verb", "formt", ["format", "path"]))
    calls.toml, `started_at`: there is no verb 'formt'. Did you mean 'format'?
    """
    error = UnknownNameError(kind, name, known)
    error.args = (f"{place}: there is {str(error).removeprefix('There is ')}",)
    return error


@cache
def shipped_mappings() -> dict[str, Path]:
    """The mappings in the package, by file name."""
    folder = Path(str(resources.files("cpc_analysis.sources") / "mappings"))
    return {path.name: path for path in sorted(folder.glob("*.toml"))}


def find_mapping(name: str, folder: Path) -> dict[str, Any]:
    """The content of a mapping file beside the project, or of a shipped one.

    Raises
    ------
    MissingFileError
        If there is no such file in either place.
    """
    shipped = shipped_mappings()
    for path in (folder / name, shipped.get(name), shipped.get(f"{name}.toml")):
        if path is not None and os.path.isfile(path):
            return read_toml(path)
    near = closest(name, shipped)
    hint = f"Did you mean '{near}'?" if near else f"Shipped are {listed(shipped, 20)}."
    raise MissingFileError(f"There is no mapping '{name}' in {folder}, nor among the shipped ones. {hint}")


def mapping_from(given: Dictionary[str, Any], place: str, table: str) -> Mapping:
    """The mapping that the keys of a TOML file state.

    Parameters
    ----------
    given : mapping
        The file's content; the keys are those of `Mapping` and `FileFormat`.
    place : str
        The file's name, for messages.
    table : str
        The canonical table that it must make.

    Raises
    ------
    UnknownNameError
        If a key, a verb or a column is not known.
    InvalidInputError
        If a verb's value is not of its kind.
    """
    _check_types(given, place, _SETTING_TYPES, "setting")
    schema = TABLES[table]
    if given.get("table", table) != table:
        raise InvalidInputError(f"{place} makes the table `{given['table']}`, got it for `{table}`.")
    _check_choice(place, "clock_change", given, _CLOCK_CHANGES)
    _check_zone(place, given)
    _check_separators(given, place)
    options = {name: given[name] for name in ("tz", "clock_change", "decimal", "thousands") if name in given}
    mapping = Mapping(
        place,
        schema,
        _form(given, place),
        {name: _field(value, f"{place}, `{name}`") for name, value in _columns(given, schema, place).items()},
        {name: _field(value, f"{place}, `{name}`") for name, value in _dimensions(given, schema, place).items()},
        tuple(_join(name, value, place) for name, value in given.get("joins", {}).items()),
        tuple(_condition(value, f"{place}, `exclude`") for value in given.get("exclude", [])),
        _dedupe(given["dedupe"], place) if "dedupe" in given else None,
        null_values=_texts(given.get("null_values", ())),
        **options,
    )
    for kind, field in mapping.fields().values():
        _check_numeric(kind, field)
    return mapping


def _check_numeric(kind: Kind, field: Field) -> None:
    """Raise for a sum or a difference where no number is meant."""
    if (field.sum or field.difference) and kind not in NUMERIC:
        verb = "sum" if field.sum else "difference"
        raise InvalidInputError(
            f"{field.place} is {kind.value} and cannot be a `{verb}`: only numbers and durations can."
        )
    inside = [*(rule.then for rule in field.rules), *([field.fallback] if field.fallback else [])]
    for one in inside:
        _check_numeric(kind, one)


def _columns(given: Dictionary[str, Any], schema: Table, place: str) -> Dictionary[str, Any]:
    columns: Dictionary[str, Any] = given.get("columns", {})
    for name in columns:
        if name not in schema.names:
            raise unknown_name(place, f"column of `{schema.name}`", name, schema.names)
    return columns


def _dimensions(given: Dictionary[str, Any], schema: Table, place: str) -> Dictionary[str, Any]:
    dimensions: Dictionary[str, Any] = given.get("dimensions", {})
    if dimensions and not schema.open:
        raise InvalidInputError(f"{place}: `{schema.name}` takes no dimensions, got '{next(iter(dimensions))}'.")
    for name in dimensions:
        if name in schema.names:
            raise InvalidInputError(f"{place}: '{name}' is a column of `{schema.name}`. Move it to [columns].")
        if name.startswith("_"):
            raise InvalidInputError(f"{place}: a dimension must not begin with '_', got '{name}'. Rename it.")
    return dimensions


_FIELD_TYPES: dict[str, tuple[type, ...]] = {
    "path": (str,), "parts": (list,), "separator": (str,), "const": (str, int, float, bool, date, time), "file": (str,),
    "date": (str,),
    "time": (str,), "sum": (list,), "difference": (list,), "rules": (list,), "agg": (str,), "where": (dict,),
    "value": (str,), "null_values": (list,), "map": (dict,), "on_unknown": (str,),
    "default": (str, int, float, bool, date, time), "fallback": (str, dict), "unit": (str,), "format": (str,),
    "tz": (str,), "clock_change": (str,), "decimal": (str,), "thousands": (str,), "prefix": (str,),
    "negative_when": (dict,), "hash": (bool,),
}  # fmt: skip
_WORDS = {
    str: "text",
    list: "a list",
    dict: "a table",
    bool: "true or false",
    int: "a number",
    float: "a number",
    date: "a date",
    time: "a time",
}


def _field(given: Any, place: str) -> Field:
    if isinstance(given, str):
        return Field(place, path=given)
    if not isinstance(given, dict):
        raise InvalidInputError(f"{place} must be a column's name or a table of verbs, got '{given}'.")
    _check_types(given, place, _FIELD_TYPES)
    _check_sources(given, place)
    for name, allowed in (
        ("on_unknown", _ON_UNKNOWN), ("unit", tuple(UNITS)), ("clock_change", _CLOCK_CHANGES),
        ("agg", _AGGREGATES),
    ):  # fmt: skip
        _check_choice(place, name, given, allowed)
    _check_zone(place, given)
    _check_separators(given, place)
    for key, value in given.get("map", {}).items():
        if isinstance(value, (list, dict)):
            raise InvalidInputError(f"{place}: `map` must have one value for '{key}', got {value}.")
    if "format" in given:
        check_form(given["format"], place)
    if "file" in given:
        _check_pattern(given["file"], place)
    ready: dict[str, Any] = dict(given)
    for name in ("parts", "sum", "difference"):
        ready[name] = tuple(_field(part, place) for part in given.get(name, ()))
    ready["rules"] = tuple(_rule(rule, place) for rule in given.get("rules", ()))
    if "fallback" in given:
        ready["fallback"] = _field(given["fallback"], place)
    if "negative_when" in given:
        ready["negative_when"] = _condition(given["negative_when"], place)
    if "null_values" in given:
        ready["null_values"] = _texts(given["null_values"])
    return Field(place, **ready)


def _check_sources(given: Dictionary[str, Any], place: str) -> None:
    sources = [name for name in _SOURCES if name in given]
    if len(sources) != 1:
        found = " and ".join(sources) if sources else "none"
        raise InvalidInputError(f"{place} must have exactly one of {', '.join(_SOURCES)}, got {found}.")
    for name in (*sources, "map"):
        if given.get(name) in ([], {}, ""):
            raise InvalidInputError(f"{place}: `{name}` must not be empty.")
    if ("date" in given) != ("time" in given):
        raise InvalidInputError(f"{place}: `date` and `time` go together, got only one of them.")
    if "difference" in given and len(given["difference"]) != 2:
        raise InvalidInputError(f"{place}: `difference` must have two members, got {len(given['difference'])}.")
    if ("where" in given or "value" in given) and "agg" not in given:
        raise InvalidInputError(f"{place}: `where` and `value` pick from a list and need `agg`.")
    if "*" in given.get("path", "").split(".") and "agg" not in given:
        raise InvalidInputError(f"{place}: the path '{given['path']}' has many values. State `agg`.")


def _check_pattern(pattern: str, place: str) -> None:
    """Refuse a pattern of file names that is none, or has not one group."""
    import duckdb

    try:
        groups = re.compile(pattern).groups
        duckdb.execute("SELECT regexp_extract('', ?, 1)", [pattern])
    except (re.error, duckdb.Error):
        groups = 0
    if groups != 1:
        raise InvalidInputError(
            f"{place}: `file` must be a pattern with one group, such as 'calls-(\\d{{4}}-\\d{{2}})', got '{pattern}'."
        )


def _rule(given: Any, place: str) -> Rule:
    if not isinstance(given, dict) or "then" not in given:
        raise InvalidInputError(f"{place}: each of `rules` must have `then`, got {given}.")
    then = given["then"]
    value = _field(then if isinstance(then, dict) else {"const": then}, place)
    return Rule(_condition({name: part for name, part in given.items() if name != "then"}, place), value)


_CONDITION_TYPES: dict[str, tuple[type, ...]] = {
    "eq": (dict,), "ne": (dict,), "in": (dict,), "gt": (dict,), "lt": (dict,), "present": (str, list),
    "missing": (str, list),
}  # fmt: skip


def _condition(given: Any, place: str) -> Condition:
    if not isinstance(given, dict):
        raise InvalidInputError(
            f'{place}: a condition must be a table such as {{ eq = {{ kind = "A" }} }}, got {given}.'
        )
    _check_types(given, place, _CONDITION_TYPES)
    ready = {"among" if name == "in" else name: value for name, value in given.items()}
    for name in ("present", "missing"):
        if name in ready:
            ready[name] = _texts(ready[name])
    for name in ("eq", "ne"):
        for path, value in ready.get(name, {}).items():
            if isinstance(value, (list, dict)):
                raise InvalidInputError(f"{place}: `{name}` must have one value for '{path}', got {value}. Use `in`.")
    for path, values in ready.get("among", {}).items():
        if not isinstance(values, list):
            raise InvalidInputError(f"{place}: `in` must have a list for '{path}', got '{values}'.")
    for name in ("gt", "lt"):
        for path, bound in ready.get(name, {}).items():
            if isinstance(bound, bool) or not isinstance(bound, (int, float)):
                raise InvalidInputError(f"{place}: `{name}` must have a number for '{path}', got '{bound}'.")
    return Condition(**ready)


def _dedupe(given: Any, place: str) -> Dedupe:
    _check_types(given, f"{place}, `dedupe`", {"key": (str, list), "keep_max": (str,)})
    if "key" not in given:
        raise InvalidInputError(f"{place}, `dedupe` must have `key`, the columns that make a row unique.")
    return Dedupe(_texts(given["key"]), given.get("keep_max"))


def _join(name: str, given: Any, place: str) -> Join:
    place = f"{place}, `joins.{name}`"
    kinds: dict[str, tuple[type, ...]] = {
        "files": (str, list), "on": (str, list), "key": (str, list), "collect": (bool,),
    }  # fmt: skip
    _check_types(given, place, kinds | _FORMAT_TYPES, "setting")
    for key in ("on", "key"):
        if key not in given:
            raise InvalidInputError(f"{place} must have `{key}`: `on` names columns here, `key` those in the file.")
    on, keys = _texts(given["on"]), _texts(given["key"])
    if len(on) != len(keys):
        raise InvalidInputError(f"{place}: `on` and `key` must be of one length, got {len(on)} and {len(keys)}.")
    return Join(name, on, keys, _texts(given.get("files", ())), _form(given, place), given.get("collect", False))


def _form(given: Dictionary[str, Any], place: str) -> FileFormat:
    """How the files are written."""
    for name, most in (("delimiter", (1,)), ("quote", (0, 1))):
        if name in given and (len(given[name]) not in most or not given[name].isascii()):
            raise InvalidInputError(f"{place}: `{name}` must be one ASCII character, got '{given[name]}'.")
    if given.get("header", 1) < 1:
        raise InvalidInputError(f"{place}: `header` must be the line that names the columns, got {given['header']}.")
    if "names" in given and "header" in given:
        raise InvalidInputError(f"{place}: `names` is for files without a header, got `header` beside it. Leave one.")
    form = {name: given[name] for name in _FORMAT_TYPES if name in given}
    return FileFormat(**{**form, "names": _texts(given.get("names", ()))})


def _check_separators(given: Dictionary[str, Any], place: str) -> None:
    """Refuse separators of numbers that are none, or are the same."""
    decimal, thousands = given.get("decimal", "."), given.get("thousands", "")
    for name, mark, most in (("decimal", decimal, (1,)), ("thousands", thousands, (0, 1))):
        if len(mark) not in most or mark.isalnum():
            raise InvalidInputError(f"{place}: `{name}` must be one character between digits, got '{mark}'.")
    if "decimal" in given and decimal == thousands:
        raise InvalidInputError(f"{place}: `decimal` and `thousands` must differ, got '{decimal}' for both.")


def _check_types(given: Any, place: str, known: Dictionary[str, tuple[type, ...]], word: str = "verb") -> None:
    if not isinstance(given, dict):
        raise InvalidInputError(f"{place} must be a table, got '{given}'.")
    for name, value in given.items():
        if name not in known:
            raise unknown_name(place, word, name, known)
        if not isinstance(value, known[name]) or (isinstance(value, bool) and bool not in known[name]):
            words = " or ".join(dict.fromkeys(_WORDS[kind] for kind in known[name]))
            raise InvalidInputError(f"{place}: `{name}` must be {words}, got '{value}'.")


def _check_choice(place: str, name: str, given: Dictionary[str, Any], allowed: tuple[str, ...]) -> None:
    if name in given and given[name] not in allowed:
        raise unknown_name(place, f"`{name}`", str(given[name]), allowed)


def _check_zone(place: str, given: Dictionary[str, Any]) -> None:
    try:
        zone_named(given.get("tz", "UTC"))
    except InvalidInputError as error:
        raise InvalidInputError(f"{place}: {str(error).replace('`timezone`', '`tz`')}") from None


def _texts(values: Any) -> tuple[str, ...]:
    return (values,) if isinstance(values, str) else tuple(str(value) for value in values)
