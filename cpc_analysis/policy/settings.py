"""Settings as their users write them: each checked when a record is made, in the form that the record keeps.

Every check takes the name of the setting and its value, returns the value, and raises one sentence about it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from math import isfinite
from numbers import Real
from typing import Any

from cpc_analysis.errors import InvalidInputError, UnknownNameError, listed, not_one_of
from cpc_analysis.periods import parse_period
from cpc_analysis.policy.durations import parse_duration

__all__ = [
    "check_one_of", "checked", "chosen_of", "currency", "days", "duration", "flag", "known_settings", "number",
    "numbers", "period", "periods", "table", "text", "texts", "whole_number",
]  # fmt: skip

Check = Callable[[str, Any], Any]


def known_settings(settings: Mapping[str, Any], record: type) -> dict[str, Any]:
    """The settings of a table as fields of a record, lists as tuples; raises for a name that the record has not."""
    names = [f.name for f in fields(record)]
    for name in settings:
        if name not in names:
            raise UnknownNameError("setting", name, names)
    return {name: tuple(value) if isinstance(value, list) else value for name, value in settings.items()}


def checked(record: Any, checks: Mapping[str, Check]) -> None:
    """Check the settings of a frozen record, and keep them in the form that it wants."""
    for name, check in checks.items():
        object.__setattr__(record, name, check(name, getattr(record, name)))


def _refused(name: str, words: str, found: object) -> InvalidInputError:
    return InvalidInputError(f"`{name}` must be {words}, got '{found}'.")


def number(
    name: str, value: Any, *, above: float | None = None, least: float | None = None, most: float | None = None
) -> float:
    """A number within bounds; neither a text that looks like one, nor one without end.

    Examples
    --------
    >>> number("hourly_cost", 300, above=0)
    300
    """
    words = "a number"
    if above is not None:
        words = f"a number above {above:g}"
    elif least is not None:
        words = f"a number from {least:g} on" if most is None else f"a number from {least:g} to {most:g}"
    is_number = isinstance(value, (Real, Decimal)) and not isinstance(value, bool) and isfinite(value)
    if not is_number:
        raise _refused(name, words, value)
    is_low = (above is not None and not value > above) or (least is not None and value < least)
    if is_low or (most is not None and value > most):
        raise _refused(name, words, value)
    return value  # type: ignore[no-any-return]


def whole_number(name: str, value: Any) -> int:
    """A whole number from 0 on."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise _refused(name, "a whole number from 0 on", value)
    return value


def numbers(name: str, value: Any, *, known: Iterable[str], above: float | None = None) -> dict[str, float]:
    """Numbers by a name that is one of those known."""
    found = table(name, value, "numbers by name")
    for key, one in found.items():
        check_one_of(name, key, known)
        number(f"{name}.{key}", one, above=above, least=0 if above is None else None)
    return found


def flag(name: str, value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise _refused(name, "true or false", value)
    return value


def text(name: str, value: Any) -> str:
    """A text."""
    if not isinstance(value, str):
        raise _refused(name, "a text", value)
    return value


def texts(name: str, values: Any) -> tuple[str, ...]:
    """One text or several as a tuple; a whole number, such as that of an account, is its digits."""
    found = (values,) if isinstance(values, (str, int)) else values
    if not isinstance(found, (tuple, list, set, frozenset)):
        raise _refused(name, "a text or a list of texts", values)
    for one in found:
        if isinstance(one, bool) or not isinstance(one, (str, int)):
            raise _refused(name, "a text or a list of texts", one)
    return tuple(str(one) for one in found)


def table(name: str, value: Any, words: str) -> dict[str, Any]:
    """Values by name."""
    if not isinstance(value, Mapping):
        raise _refused(name, words, value)
    return {str(key): one for key, one in value.items()}


def duration(name: str, value: Any) -> str | timedelta:
    """A duration as it is written, such as ``7d``."""
    words = "a duration above 0, written as 7d, 2h, 30min or 90s"
    try:
        if not parse_duration(value) > timedelta(0):
            raise _refused(name, words, value)
    except (InvalidInputError, OverflowError):
        raise _refused(name, words, value) from None
    return value  # type: ignore[no-any-return]


def period(name: str, value: Any, grains: tuple[str, ...] = (), words: str = "") -> str:
    """A period as it is written, such as ``2025-05``; a date is that day.

    Examples
    --------
    >>> period("complete_from", date(2025, 4, 1))
    '2025-04-01'
    """
    words = words or "a day, month or other period such as 2025-05-31 or 2025-05"
    if isinstance(value, datetime) and value.time() == time(0):
        value = value.date()
    if isinstance(value, date) and not isinstance(value, datetime):
        value = value.isoformat()
    if not isinstance(value, str):
        raise _refused(name, words, value)
    try:
        found = parse_period(value)
    except InvalidInputError:
        raise _refused(name, words, value) from None
    if grains and found.grain not in grains:
        raise _refused(name, words, value)
    return str(found)


def periods(name: str, values: Any, grains: tuple[str, ...], words: str) -> tuple[str, ...]:
    """Periods of some grains, as they are written."""
    if not isinstance(values, (tuple, list, set, frozenset)):
        raise _refused(name, f"a list of {words}", values)
    return tuple(period(name, value, grains, words) for value in values)


def days(name: str, values: Any) -> tuple[str, ...]:
    """Days, or weeks of them, as they are written.

    Examples
    --------
    >>> days("holidays", [date(2025, 12, 25), "2025-12-26"])
    ('2025-12-25', '2025-12-26')
    """
    return periods(name, values, ("day", "week"), "days that exist, such as 2025-12-25")


def currency(name: str, value: Any) -> str:
    """The code of a currency."""
    if not (isinstance(value, str) and len(value) == 3 and value.isalpha() and value.isascii() and value.isupper()):
        raise _refused(name, "a code of three capital letters such as DKK", value)
    return value


def chosen_of(name: str, values: Any, known: tuple[str, ...]) -> tuple[str, ...]:
    """At least one text, each of them known; raises otherwise."""
    chosen = texts(name, values)
    if not chosen:
        raise InvalidInputError(f"`{name}` must name at least one of {listed(known)}.")
    for value in chosen:
        check_one_of(name, value, known)
    return chosen


def check_one_of(name: str, value: Any, known: Iterable[str]) -> None:
    """Raise for a value that is not one of those known."""
    allowed = tuple(known)
    if value not in allowed:
        raise not_one_of(f"`{name}`", allowed, value)
