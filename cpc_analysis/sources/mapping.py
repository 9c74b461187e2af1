"""What a mapping is made of: fields, conditions and joins as frozen records."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass, field
from typing import Any

from cpc_analysis.schema import Kind, Table
from cpc_analysis.sources.files import FileFormat
from cpc_analysis.tables.naming import held_names

__all__ = ["Condition", "Dedupe", "Field", "Join", "Mapping", "Rule", "every_field", "paths_of"]


@dataclass(frozen=True)
class Condition:
    """What must hold for a row: every comparison of every verb, on the values as the file has them."""

    eq: Dictionary[str, Any] = field(default_factory=dict)
    ne: Dictionary[str, Any] = field(default_factory=dict)
    among: Dictionary[str, list[Any]] = field(default_factory=dict)
    gt: Dictionary[str, float] = field(default_factory=dict)
    lt: Dictionary[str, float] = field(default_factory=dict)
    present: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rule:
    """A condition and the field that then holds; the last rule may be without a condition."""

    when: Condition
    then: Field


@dataclass(frozen=True)
class Field:
    """One canonical column: where its value comes from, and how it is read. `place` names it in errors."""

    place: str
    path: str | None = None
    parts: tuple[Field, ...] = ()
    separator: str = "-"
    const: Any = None
    file: str | None = None
    date: str | None = None
    time: str | None = None
    sum: tuple[Field, ...] = ()
    difference: tuple[Field, ...] = ()
    rules: tuple[Rule, ...] = ()
    agg: str | None = None
    where: Dictionary[str, str] = field(default_factory=dict)
    value: str | None = None
    null_values: tuple[str, ...] | None = None
    map: Dictionary[str, Any] | None = None
    on_unknown: str = "quarantine"
    default: Any = None
    fallback: Field | None = None
    unit: str | None = None
    format: str | None = None
    tz: str | None = None
    clock_change: str | None = None
    decimal: str | None = None
    thousands: str | None = None
    prefix: str = ""
    negative_when: Condition | None = None
    hash: bool | None = None


@dataclass(frozen=True)
class Dedupe:
    """One row per key: the one with the greatest value of a column, else the first."""

    key: tuple[str, ...]
    keep_max: str | None = None


@dataclass(frozen=True)
class Join:
    """A further file, joined many to one: its columns are then named ``name.column``.

    With `collect`, the file may have many rows per key: each column is then a list, for conditions on any of it.
    """

    name: str
    on: tuple[str, ...]
    key: tuple[str, ...]
    files: tuple[str, ...] = ()
    form: FileFormat = field(default_factory=FileFormat)
    collect: bool = False


@dataclass(frozen=True)
class Mapping:
    """How files become one canonical table. `place` names the mapping in errors."""

    place: str
    table: Table
    form: FileFormat = field(default_factory=FileFormat)
    columns: Dictionary[str, Field] = field(default_factory=dict)
    dimensions: Dictionary[str, Field] = field(default_factory=dict)
    joins: tuple[Join, ...] = ()
    exclude: tuple[Condition, ...] = ()
    dedupe: Dedupe | None = None
    tz: str | None = None
    clock_change: str = "first"
    decimal: str = "."
    thousands: str = ""
    null_values: tuple[str, ...] = ()
    is_canonical: bool = False
    left_out: tuple[str, ...] = ()

    def fields(self) -> dict[str, tuple[Kind, Field]]:
        """Every column of the result with its kind and field; dimensions last, as they are held."""
        found = {name: (self.table.column(name).kind, field) for name, field in self.columns.items()}
        own = held_names(self.dimensions, self.table.known)
        return found | {name: (Kind.TEXT, field) for name, field in zip(own, self.dimensions.values(), strict=True)}


def every_field(mapping: Mapping) -> Iterator[Field]:
    """The fields of a mapping and those inside them."""
    waiting = [*mapping.columns.values(), *mapping.dimensions.values()]
    while waiting:
        one = waiting.pop()
        yield one
        waiting += [*one.parts, *one.sum, *one.difference, *(rule.then for rule in one.rules)]
        waiting += [one.fallback] if one.fallback is not None else []


def paths_of(mapping: Mapping) -> set[str]:
    """Every column of the files that a field of the mapping reads."""
    found: set[str] = set()
    for one in every_field(mapping):
        found |= {path for path in (one.path, one.date, one.time) if path is not None}
        for rule in one.rules:
            when = rule.when
            found |= {*when.eq, *when.ne, *when.among, *when.gt, *when.lt, *when.present, *when.missing}
    return found
