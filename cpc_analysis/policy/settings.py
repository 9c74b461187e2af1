"""Settings of a policy as its users write them: names that are known, texts, choices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from cpc_analysis.errors import InvalidInputError, UnknownNameError, listed, not_one_of

__all__ = ["check_one_of", "chosen_of", "known_settings", "texts"]


def known_settings(where: str, settings: Mapping[str, Any], record: type) -> dict[str, Any]:
    """The settings of a table as fields of a record, lists as tuples; raises for a name that the record has not."""
    names = [f.name for f in fields(record)]
    for name in settings:
        if name not in names:
            raise UnknownNameError(f"setting in {where}", name, names)
    return {name: tuple(value) if isinstance(value, list) else value for name, value in settings.items()}


def texts(values: str | Iterable[str]) -> tuple[str, ...]:
    """One text or several as a tuple."""
    return (values,) if isinstance(values, str) else tuple(str(value) for value in values)


def chosen_of(name: str, values: str | Iterable[str], known: tuple[str, ...]) -> tuple[str, ...]:
    """At least one text, each of them known; raises otherwise."""
    chosen = texts(values)
    if not chosen:
        raise InvalidInputError(f"`{name}` must name at least one of {listed(known)}.")
    for value in chosen:
        check_one_of(name, value, known)
    return chosen


def check_one_of(name: str, value: str, known: Iterable[str]) -> None:
    """Raise for a value that is not one of those known."""
    if value not in known:
        raise not_one_of(f"`{name}`", known, value)
