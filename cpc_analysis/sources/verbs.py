"""The verbs of a mapping as expressions on the engine: each field is a value and the ways it can be wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

import ibis

from cpc_analysis.errors import listed
from cpc_analysis.schema import NUMERIC, Kind
from cpc_analysis.sources.lookup import Lookup, is_many
from cpc_analysis.sources.mapping import Condition, Field, Mapping
from cpc_analysis.tables.pseudonyms import hashed
from cpc_analysis.tables.quarantine import Rule
from cpc_analysis.tables.values import MONEY, Clock, Written, as_text, read_as, rule_for, seconds_of

__all__ = ["Evaluated", "Verbs"]

#: What the fields of a kind are held as until the table is canonical.
_TYPES = {
    Kind.TEXT: "string",
    Kind.TIME: "timestamp('UTC')",
    Kind.DATE: "date",
    Kind.PERIOD: "date",
    Kind.SECONDS: "float64",
    Kind.NUMBER: "float64",
    Kind.INTEGER: "float64",
    Kind.MONEY: MONEY,
    Kind.FLAG: "boolean",
}
#: Columns whose own unit is the hour; every other duration is in seconds.
_HOURS = ("hours", "contracted_hours")


@dataclass(frozen=True)
class Evaluated:
    """The value of a field on every row, and the rules that it can break."""

    value: ibis.Value
    rules: tuple[Rule, ...] = ()

    def where(self, condition: ibis.Value) -> Evaluated:
        """The same value, its rules broken only where a condition holds."""
        return Evaluated(self.value, tuple(replace(rule, broken=rule.broken & condition) for rule in self.rules))


class Verbs:
    """Evaluates the fields of one mapping on one table."""

    def __init__(self, mapping: Mapping, lookup: Lookup, clock: Clock) -> None:
        self.mapping, self.lookup, self.clock = mapping, lookup, clock
        #: How the columns of the file are read as numbers, by their paths.
        self.read_by = _numbers_read(mapping)

    def column(self, name: str, kind: Kind, field: Field) -> Evaluated:
        """A canonical column or dimension, in its own unit, and customers under a pseudonym."""
        result = self._field(field, kind, is_customer=name == "customer_id")
        value, rules = result.value, result.rules
        if name in _HOURS and field.unit:
            value = value / 3600
        if kind is Kind.INTEGER:
            whole = read_as(kind, value, Written(), self.clock)
            is_part = value.notnull() & whole.isnull()
            rules += (Rule("", rule_for(kind, Written()), is_part, value.cast("string")),)
            value = whole
        return Evaluated(value, tuple(replace(rule, column=name) for rule in rules))

    def condition(self, condition: Condition, place: str) -> ibis.Value:
        """Where every comparison of a condition holds; a missing value fulfils only `missing` and `ne`.

        Of a list, one value that fulfils a comparison is enough; `ne` and `missing` hold where none does the opposite.
        """

        def any_of(path: str, test: Callable[[ibis.Value], ibis.Value]) -> ibis.Value:
            return self.lookup.any_of(path, place, test)

        def equal(path: str, value: Any) -> Callable[[ibis.Value], ibis.Value]:
            return lambda text: self._equals(text, value, path)

        def above(path: str, bound: float) -> Callable[[ibis.Value], ibis.Value]:
            return lambda text: (self._number(text, path) > bound).fill_null(False)

        def below(path: str, bound: float) -> Callable[[ibis.Value], ibis.Value]:
            return lambda text: (self._number(text, path) < bound).fill_null(False)

        def known(text: ibis.Value) -> ibis.Value:
            return self._known(text).notnull()

        holds: list[ibis.Value] = []
        holds += [any_of(path, equal(path, value)) for path, value in condition.eq.items()]
        holds += [~any_of(path, equal(path, value)) for path, value in condition.ne.items()]
        for path, values in condition.among.items():
            among = [any_of(path, equal(path, value)) for value in values]
            holds.append(reduce(lambda a, b: a | b, among, ibis.literal(False)))
        holds += [any_of(path, above(path, bound)) for path, bound in condition.gt.items()]
        holds += [any_of(path, below(path, bound)) for path, bound in condition.lt.items()]
        holds += [any_of(path, known) for path in condition.present]
        holds += [~any_of(path, known) for path in condition.missing]
        return reduce(lambda a, b: a & b, holds) if holds else ibis.literal(True)

    def _equals(self, text: ibis.Value, value: Any, path: str) -> ibis.Value:
        if isinstance(value, bool):
            return (text.lower() == str(value).lower()).fill_null(False)
        if isinstance(value, (int, float)):
            return (self._number(text, path) == value).fill_null(False)
        return (text == str(value)).fill_null(False)

    def _number(self, text: ibis.Value, path: str) -> ibis.Value:
        """A text as the number that its column is read as, such as the seconds of ``00:03:20``."""
        kind, field = self.read_by.get(path, (Kind.NUMBER, Field("")))
        return self._typed(self._known(text, field), kind, field).cast("float64")

    def _not_compared(self, condition: Condition, place: str) -> tuple[Rule, ...]:
        """What breaks a condition that compares numbers: a text that its column does not read as one."""

        def unread(path: str) -> ibis.Value:
            def test(text: ibis.Value) -> ibis.Value:
                return self._known(text).notnull() & self._number(text, path).isnull()

            return self.lookup.any_of(path, place, test)

        return tuple(
            Rule("", f"must be a number in `{path}` to be compared", unread(path), self.lookup.text(path, place))
            for path in dict.fromkeys((*condition.gt, *condition.lt))
            if not is_many(path)
        )

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
        value, rules = result.value, result.rules
        if field.negative_when is not None:
            value = ibis.ifelse(self.condition(field.negative_when, field.place), -value, value)
        if kind is Kind.TEXT:
            value = hashed(value) if field.hash or (is_customer and field.hash is None) else value
            value = field.prefix + value if field.prefix else value
        if field.fallback is not None:
            other = self._field(field.fallback, kind, is_customer).where(value.isnull())
            value, rules = value.fill_null(other.value), rules + other.rules
        if field.default is not None:
            value = value.fill_null(self._typed(ibis.literal(_plain(field.default)), kind, field))
        return Evaluated(value, rules)

    def _rules(self, field: Field, kind: Kind) -> Evaluated:
        branches: list[tuple[ibis.Value, ibis.Value]] = []
        rules: tuple[Rule, ...] = ()
        before: ibis.Value = ibis.literal(False)
        for rule in field.rules:
            holds = self.condition(rule.when, field.place)
            result = self._field(rule.then, kind).where(holds & ~before)
            compared = Evaluated(holds, self._not_compared(rule.when, field.place)).where(~before)
            branches.append((holds, result.value))
            rules += compared.rules + result.rules
            before = before | holds
        return Evaluated(ibis.cases(*branches, else_=ibis.null(_TYPES[kind])), rules)

    def _of_numbers(self, field: Field, kind: Kind) -> Evaluated:
        """The sum or difference of numbers; a missing one counts as nothing, unless all are missing."""
        members = [self._field(_inheriting(member, field), kind) for member in field.sum or field.difference]
        values = [member.value.fill_null(0) for member in members]
        total = reduce(lambda a, b: a + b if field.sum else a - b, values).cast(_TYPES[kind])
        some = reduce(lambda a, b: a | b, [member.value.notnull() for member in members])
        return Evaluated(
            ibis.ifelse(some, total, ibis.null(_TYPES[kind])),
            tuple(rule for member in members for rule in member.rules),
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
        return Evaluated(elapsed / 1000, later.rules + earlier.rules)

    def _single(self, field: Field, kind: Kind) -> Evaluated:
        native = self._native(field)
        if native is not None:
            value = self._typed(native, kind, field)
            return Evaluated(value, (self._unread(field, kind, native.notnull() & value.isnull(), as_text(native)),))
        joined = self._parts(field) if field.parts else Evaluated(self._text(field))
        raw = self._known(joined.value, field)
        text, rules = self._mapped(field, raw)
        rules = (*joined.rules, *rules)
        if kind is Kind.TEXT:
            return Evaluated(text, rules)
        value = self._typed(text, kind, field)
        return Evaluated(value, (*rules, self._unread(field, kind, text.notnull() & value.isnull(), raw)))

    def _unread(self, field: Field, kind: Kind, is_broken: ibis.Value, raw: ibis.Value) -> Rule:
        return Rule("", rule_for(kind, self._written(field)), is_broken, raw)

    def _native(self, field: Field) -> ibis.Value | None:
        """The column as the file types it, where no verb needs its text."""
        if field.path is None or field.agg or field.map is not None or field.format:
            return None
        if field.null_values or self.mapping.null_values:
            return None
        value = self.lookup.value(field.path, field.place)
        return None if value.type().is_string() else value

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
        rules = tuple(rule for part in parts for rule in part.rules)
        return Evaluated(ibis.ifelse(some, joined, ibis.null("string")), rules)

    def _mapped(self, field: Field, raw: ibis.Value) -> tuple[ibis.Value, tuple[Rule, ...]]:
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
        return text, (Rule("", words, raw.notnull() & raw.notin(known), raw, fatal),)

    def _typed(self, given: ibis.Value, kind: Kind, field: Field) -> ibis.Value:
        written = self._written(field)
        if kind in (Kind.NUMBER, Kind.INTEGER) and field.unit:
            return seconds_of(given, written)
        # Whether a number is whole is judged when all verbs are done.
        value = read_as(Kind.NUMBER if kind is Kind.INTEGER else kind, given, written, self.clock)
        return value.cast(_TYPES[kind]) if kind is Kind.TIME else value

    def _written(self, field: Field) -> Written:
        mapping = self.mapping
        return Written(
            format=field.format,
            unit=field.unit,
            decimal=field.decimal or mapping.decimal,
            thousands=mapping.thousands if field.thousands is None else field.thousands,
            zone=field.tz or mapping.tz,
            change=field.clock_change or mapping.clock_change,
        )


def _numbers_read(mapping: Mapping) -> dict[str, tuple[Kind, Field]]:
    """The fields that read a column of the file as a number, by its path; the first of several."""
    found: dict[str, tuple[Kind, Field]] = {}
    for kind, field in mapping.fields().values():
        if kind not in NUMERIC:
            continue
        waiting = [field]
        while waiting:
            one = waiting.pop(0)
            if one.path is not None and one.map is None:
                found.setdefault(one.path, (kind, one))
            waiting += [_inheriting(member, one) for member in (*one.sum, *one.difference)]
            waiting += [rule.then for rule in one.rules] + ([one.fallback] if one.fallback else [])
    return found


def _plain(value: Any) -> str:
    """A value of TOML as a file would write it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _inheriting(member: Field, field: Field) -> Field:
    """A member of a sum or difference, read as its field says where it does not say itself."""
    verbs = ("unit", "format", "tz", "clock_change", "decimal", "thousands", "null_values")
    return replace(member, **{name: getattr(field, name) for name in verbs if getattr(member, name) is None})
