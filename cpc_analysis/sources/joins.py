"""Joins: further files whose columns come to the rows of a source, many to one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import ibis

from cpc_analysis.engine import ROW, Engine
from cpc_analysis.errors import InvalidInputError
from cpc_analysis.sources.files import read_files
from cpc_analysis.sources.lacking import check_columns
from cpc_analysis.sources.locating import find_files
from cpc_analysis.sources.lookup import Lookup
from cpc_analysis.sources.mapping import Join, Mapping
from cpc_analysis.sources.source_table import SourceTable

__all__ = ["joined"]


def joined(engine: Engine, mapping: Mapping, source: SourceTable, folder: Path) -> Lookup:
    """The values of a source and of every file that a mapping joins to it, by their names.

    Parameters
    ----------
    engine : Engine
        Where the source is.
    mapping : Mapping
        Names the joins.
    source : SourceTable
        The rows; a join adds columns, never rows.
    folder : Path
        Where the files of joins are.

    Raises
    ------
    InvalidInputError
        If a join would multiply rows, or its file is not stated.
    """
    json = {"": source.columns["record"]} if source.is_json else {}
    names = {} if source.is_json else dict(source.columns)
    lookup = Lookup(source.table, names, json, source.name, source.doubled)
    for join in mapping.joins:
        lookup = _join(engine, mapping, lookup, join, folder)
    return lookup


def _join(engine: Engine, mapping: Mapping, lookup: Lookup, join: Join, folder: Path) -> Lookup:
    place = f"{mapping.place}, `joins.{join.name}`"
    if not join.files:
        raise InvalidInputError(
            f"{place}: no file is stated. Name it in cpc.toml: "
            f'[tables.{mapping.table.name}.joins.{join.name}] files = "…".'
        )
    other = read_files(engine, find_files(list(join.files), folder), join.form, mapping.table.name)
    json = {"": other.columns["record"]} if other.is_json else {}
    there = Lookup(other.table, {} if other.is_json else other.columns, json, other.name, other.doubled)
    check_columns(place, other, join.key)
    keys = {f"_key_{n}": there.text(path, place) for n, path in enumerate(join.key)}
    prefix = f"{join.name}_"
    columns = {f"{prefix}{name}": other.table[name] for name in other.columns.values()}
    right = other.table.select(**keys, **columns, _at=other.table[ROW])
    right = right.filter([right[key].notnull() for key in keys])
    if join.collect and other.is_json:
        raise InvalidInputError(f"{place}: `collect` is for files of columns, and `{other.name}` is JSON.")
    if join.collect:
        right = right.group_by(list(keys)).agg(**{name: right[name].collect() for name in columns}, _at=right._at.min())
    else:
        _check_single(engine, right, list(keys), other.name, join)
    here = [lookup.text(path, place) == right[key] for path, key in zip(join.on, keys, strict=True)]
    table = lookup.table.left_join(right, here).drop(*keys, "_at")
    if other.is_json:
        json = {**lookup.json, f"{join.name}.": f"{prefix}{other.columns['record']}"}
        return replace(lookup, table=table, json=json)
    names = {f"{join.name}.{name}": f"{prefix}{column}" for name, column in other.columns.items()}
    doubled = {f"{join.name}.{name}": file for name, file in other.doubled.items()}
    return replace(lookup, table=table, names={**lookup.names, **names}, doubled={**lookup.doubled, **doubled})


def _check_single(engine: Engine, right: ibis.Table, keys: list[str], file: str, join: Join) -> None:
    repeated = right.group_by(keys).agg(rows=right.count(), first=right._at.min(), last=right._at.max())
    repeated = repeated.filter(repeated.rows > 1).order_by("first").limit(1)
    found = engine.fetch(repeated)
    if len(found):
        row = found.iloc[0]
        value = " ".join(str(row[key]) for key in keys)
        names = " and ".join(f"`{key}`" for key in join.key)
        raise InvalidInputError(
            f"`{file}` must have one row per {names}, got {row['rows']} rows with "
            f"'{value}' (rows {row['first']} and {row['last']}): the join `{join.name}` would multiply rows. "
            "Leave only one of them."
        )
