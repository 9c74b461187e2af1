"""The verbs of a mapping as expressions on the engine: each field is a value and the ways it can be wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

import ibis

from cpc_analysis.errors import listed
from cpc_analysis.schema import Kind
from cpc_analysis.sources.lookup import Lookup, as_text
from cpc_analysis.sources.mapping import Condition, Field, Mapping
from cpc_analysis.sources.parsing import (
    UNITS,
    Clock,
    in_seconds,
    parse_date,
    parse_flag,
    parse_number,
    parse_period,
    parse_seconds,
    parse_time,
    words_for,
)
from cpc_analysis.sources.pseudonyms import hashed

__all__ = ["Evaluated", "Problem", "Verbs"]

_NUMERIC = (Kind.SECONDS, Kind.NUMBER, Kind.INTEGER, Kind.MONEY)
_TYPES = {
    Kind.TEXT: "string",
    Kind.TIME: "timestamp('UTC')",
    Kind.DATE: "date",
    Kind.PERIOD: "string",
    Kind.SECONDS: "float64",
    Kind.NUMBER: "float64",
    Kind.INTEGER: "float64",
    Kind.MONEY: "decimal(38, 6)",
    Kind.FLAG: "boolean",
}
#: Columns whose own unit is the hour; every other duration is in seconds.
_HOURS = ("hours", "contracted_hours")


@dataclass(frozen=True)
class Problem:
    """A way in which a field can be wrong: the rule in words, where it is broken, and the text that broke it.

    `choices` are the values that a map knows, where the mapping makes any other an error.
    """

    words: str
    broken: ibis.Value
    raw: ibis.Value
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Evaluated:
    """The value of a field on every row, and its problems."""

    value: ibis.Value
    problems: tuple[Problem, ...] = ()

    def where(self, condition: ibis.Value) -> Evaluated:
        """The same value, its problems counting only where a condition holds."""
        return Evaluated(
            self.value, tuple(Problem(p.words, p.broken & condition, p.raw, p.choices) for p in self.problems)
        )


class Verbs:
    """Evaluates the fields of one mapping on one table."""

    def __init__(self, mapping: Mapping, lookup: Lookup, clock: Clock) -> None:
        self.mapping, self.lookup, self.clock = mapping, lookup, clock

    def column(self, name: str, kind: Kind, field: Field) -> Evaluated:
        """A canonical column or dimension, in its own unit, and customers under a pseudonym."""
        result = self._field(field, kind, is_customer=name == "customer_id")
        value, problems = result.value, result.problems
        if name in _HOURS and field.unit:
            value = value / 3600
        if kind is Kind.INTEGER:
            whole = ibis.ifelse(value == value.round(), value, ibis.null("float64"))
            problems += (Problem("must be a whole number", value.notnull() & whole.isnull(), value.cast("string")),)
            value = whole.try_cast("int64")
        if kind is Kind.MONEY:
            value = value.cast("string")
        return Evaluated(value, problems)

    def condition(self, condition: Condition, place: str) -> ibis.Value:
        """Where every comparison of a condition holds; a missing value fulfils only `missing` and `ne`.

        Of a list, one value that fulfils a comparison is enough; `ne` and `missing` hold where none does the opposite.
        """

        def number(text: ibis.Value) -> ibis.Value:
            return parse_number(text, self.mapping.decimal, self.mapping.thousands)

        def any_of(path: str, test: Callable[[ibis.Value], ibis.Value]) -> ibis.Value:
            several = self.lookup.texts(path, place)
            if several is None:
                return test(self.lookup.text(path, place))
            return several.map(test).anys().fill_null(False)

        def equal(path: str, values: Sequence[Any]) -> ibis.Value:
            tests = [any_of(path, lambda text, value=value: self._equals(text, value)) for value in values]
            return reduce(lambda a, b: a | b, tests, ibis.literal(False))

        def known(path: str) -> ibis.Value:
            return any_of(path, lambda text: self._known(text).notnull())

        holds: list[ibis.Value] = []
        holds += [equal(path, [value]) for path, value in condition.eq.items()]
        holds += [~equal(path, [value]) for path, value in condition.ne.items()]
        holds += [equal(path, values) for path, values in condition.among.items()]
        for path, bound in condition.gt.items():
            holds.append(any_of(path, lambda text, bound=bound: (number(text) > bound).fill_null(False)))
        for path, bound in condition.lt.items():
            holds.append(any_of(path, lambda text, bound=bound: (number(text) < bound).fill_null(False)))
        holds += [known(path) for path in condition.present]
        holds += [~known(path) for path in condition.missing]
        return reduce(lambda a, b: a & b, holds) if holds else ibis.literal(True)

    def _equals(self, text: ibis.Value, value: Any) -> ibis.Value:
        if isinstance(value, bool):
            return (text.lower() == str(value).lower()).fill_null(False)
        if isinstance(value, (int, float)):
            return (parse_number(text, self.mapping.decimal, self.mapping.thousands) == value).fill_null(False)
        return (text == str(value)).fill_null(False)

    def _known(self, text: ibis.Value, field: Field | None = None) -> ibis.Value:
        """A text, missing where it is one of the null values."""
        nulls = self.mapping.null_values
        if field is not None and field.null_values is not None:
            nulls = field.null_values
        return ibis.ifelse(text.isin(nulls), ibis.null("string"), text) if nulls else text

    def _field(self, field: Field, kind: Kind, is_customer: bool = False) -> Evaluated:
        if field.rules:
            result = self._rules(field, kind)
        elif field.sum or (field.difference and not self._of_times(field)):
            result = self._of_numbers(field, kind)
        elif field.difference:
            result = self._elapsed(field)
        else:
            result = self._single(field, kind)
        value, problems = result.value, result.problems
        if field.negative_when is not None:
            value = ibis.ifelse(self.condition(field.negative_when, field.place), -value, value)
        if kind is Kind.TEXT:
            value = hashed(value) if field.hash or (is_customer and field.hash is None) else value
            value = field.prefix + value if field.prefix else value
        if field.fallback is not None:
            other = self._field(field.fallback, kind, is_customer).where(value.isnull())
            value, problems = value.fill_null(other.value), problems + other.problems
        if field.default is not None:
            value = value.fill_null(self._typed(ibis.literal(_plain(field.default)), kind, field))
        return Evaluated(value, problems)

    def _rules(self, field: Field, kind: Kind) -> Evaluated:
        branches: list[tuple[ibis.Value, ibis.Value]] = []
        problems: tuple[Problem, ...] = ()
        before: ibis.Value = ibis.literal(False)
        for rule in field.rules:
            holds = self.condition(rule.when, field.place)
            result = self._field(rule.then, kind).where(holds & ~before)
            branches.append((holds, result.value))
            problems += result.problems
            before = before | holds
        return Evaluated(ibis.cases(*branches, else_=ibis.null(_TYPES[kind])), problems)

    def _of_numbers(self, field: Field, kind: Kind) -> Evaluated:
        """The sum or difference of numbers; a missing one counts as nothing, unless all are missing."""
        members = [self._field(_inheriting(member, field), kind) for member in field.sum or field.difference]
        values = [member.value.fill_null(0) for member in members]
        total = reduce(lambda a, b: a + b if field.sum else a - b, values).cast(_TYPES[kind])
        some = reduce(lambda a, b: a | b, [member.value.notnull() for member in members])
        return Evaluated(
            ibis.ifelse(some, total, ibis.null(_TYPES[kind])),
            tuple(problem for member in members for problem in member.problems),
        )

    def _of_times(self, field: Field) -> bool:
        if any(member.format or member.date for member in (field, *field.difference)):
            return True
        paths = [member.path for member in field.difference if member.path is not None]
        return any(self.lookup.value(path, field.place).type().is_timestamp() for path in paths)

    def _elapsed(self, field: Field) -> Evaluated:
        """Seconds from the second point in time to the first."""
        later, earlier = (self._field(_inheriting(member, field), Kind.TIME) for member in field.difference)
        elapsed = later.value.cast("timestamp").delta(earlier.value.cast("timestamp"), unit="ms")
        return Evaluated(elapsed / 1000, later.problems + earlier.problems)

    def _single(self, field: Field, kind: Kind) -> Evaluated:
        native = self._native(field, kind)
        if native is not None:
            return Evaluated(native)
        joined = self._parts(field) if field.parts else Evaluated(self._text(field))
        raw = self._known(joined.value, field)
        text, problems = self._mapped(field, raw)
        problems = (*joined.problems, *problems)
        if kind is Kind.TEXT:
            return Evaluated(text, problems)
        value = self._typed(text, kind, field)
        unread = Problem(words_for(kind, field.format, field.unit), text.notnull() & value.isnull(), raw)
        return Evaluated(value, (*problems, unread))

    def _native(self, field: Field, kind: Kind) -> ibis.Value | None:
        """The column as the file types it, where that is the kind already and no verb needs text."""
        if field.path is None or field.agg or field.map is not None or field.format:
            return None
        if field.null_values or self.mapping.null_values:
            return None
        value = self.lookup.value(field.path, field.place)
        dtype = value.type()
        if kind in (Kind.SECONDS, Kind.NUMBER, Kind.INTEGER) and dtype.is_numeric():
            if isinstance(UNITS.get(field.unit or "s"), str):
                return None
            return in_seconds(value.cast("float64"), field.unit or "s")
        if kind is Kind.MONEY and (dtype.is_integer() or dtype.is_decimal()):
            return value.cast(_TYPES[kind])
        if kind is Kind.FLAG and dtype.is_boolean():
            return value
        if kind is Kind.DATE and (dtype.is_date() or dtype.is_timestamp()):
            return value.cast("date")
        if kind is Kind.TIME and dtype.is_timestamp():
            return value.cast(_TYPES[kind]) if dtype.timezone else self._local(value.cast("timestamp"), field)
        return None

    def _local(self, moment: ibis.Value, field: Field) -> ibis.Value:
        change = field.clock_change or self.mapping.clock_change
        return self.clock.utc(moment, field.tz or self.mapping.tz, change)

    def _text(self, field: Field) -> ibis.Value:
        if field.const is not None:
            return ibis.literal(_plain(field.const))
        if field.file is not None:
            return self.lookup.of_file(field.file)
        if field.date is not None and field.time is not None:
            day, clock = (self.lookup.text(path, field.place) for path in (field.date, field.time))
            return day + " " + clock
        path = str(field.path)
        if field.agg:
            return self.lookup.aggregated(path, field.agg, field.where, field.value, field.place)
        return as_text(self.lookup.value(path, field.place))

    def _parts(self, field: Field) -> Evaluated:
        """The parts joined by the separator; a missing one is empty, unless all are missing."""
        parts = [self._field(part, Kind.TEXT) for part in field.parts]
        some = reduce(lambda a, b: a | b, [part.value.notnull() for part in parts])
        joined = reduce(lambda a, b: a + field.separator + b, [part.value.fill_null("") for part in parts])
        problems = tuple(problem for part in parts for problem in part.problems)
        return Evaluated(ibis.ifelse(some, joined, ibis.null("string")), problems)

    def _mapped(self, field: Field, raw: ibis.Value) -> tuple[ibis.Value, tuple[Problem, ...]]:
        if field.map is None:
            return raw, ()
        keep = field.on_unknown == "keep" and field.default is None
        branches = [(raw == key, _plain(value)) for key, value in field.map.items()]
        text = ibis.cases(*branches, else_=raw if keep else ibis.null("string"))
        if keep or field.default is not None:
            return text, ()
        known = tuple(field.map)
        words = f"must be one of {listed(known, 20)}"
        fatal = known if field.on_unknown == "error" else ()
        return text, (Problem(words, raw.notnull() & raw.notin(known), raw, fatal),)

    def _typed(self, text: ibis.Value, kind: Kind, field: Field) -> ibis.Value:
        decimal = field.decimal or self.mapping.decimal
        thousands = self.mapping.thousands if field.thousands is None else field.thousands
        if kind is Kind.TIME:
            change = field.clock_change or self.mapping.clock_change
            return parse_time(text, field.format, field.tz or self.mapping.tz, change, self.clock)
        if kind is Kind.DATE:
            return parse_date(text, field.format)
        if kind is Kind.PERIOD:
            return parse_period(text, field.format)
        if kind is Kind.FLAG:
            return parse_flag(text)
        if kind in _NUMERIC and field.unit:
            return parse_seconds(text, field.unit, decimal, thousands)
        if kind in _NUMERIC:
            return parse_number(text, decimal, thousands, _TYPES[kind])
        return text


def _plain(value: Any) -> str:
    """A value of TOML as a file would write it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _inheriting(member: Field, field: Field) -> Field:
    """A member of a sum or difference, read as its field says where it does not say itself."""
    verbs = ("unit", "format", "tz", "clock_change", "decimal", "thousands", "null_values")
    return replace(member, **{name: getattr(field, name) for name in verbs if getattr(member, name) is None})
