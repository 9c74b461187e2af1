"""Durations: as settings write them, and as they are said."""

from __future__ import annotations

import re
from datetime import timedelta

from cpc_analysis.errors import InvalidInputError
from cpc_analysis.language import (
    language_spoken,
    say,
    separators,
    spoken,
    term,
)

__all__ = ["duration_in_words", "parse_duration"]

_ONE = {"day": term("{number} day"), "hour": term("{number} hour"), "minute": term("{number} minute"),
        "second": term("{number} second")}  # fmt: skip
_MANY = {"day": term("{number} days"), "hour": term("{number} hours"), "minute": term("{number} minutes"),
         "second": term("{number} seconds")}  # fmt: skip


_DURATION = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(s|min|h|d|w)\s*")
_SECONDS = {"s": 1, "min": 60, "h": 3600, "d": 86_400, "w": 604_800}


def parse_duration(text: str | timedelta) -> timedelta:
    """The duration that a text such as ``7d``, ``2h``, ``30min`` or ``90s`` names.

    Examples
    --------
    >>> parse_duration("7d")
    datetime.timedelta(days=7)
    """
    if isinstance(text, timedelta):
        return text
    if match := _DURATION.fullmatch(str(text)):
        return timedelta(seconds=float(match[1]) * _SECONDS[match[2]])
    raise InvalidInputError(f"A duration must be written as 7d, 2h, 30min or 90s, got '{text}'.")


@spoken
def duration_in_words(text: str | timedelta) -> str:
    """A duration as it is said, in the largest unit up to days that it fills.

    Examples
    --------
    >>> [duration_in_words(text) for text in ("7d", "1w", "24h", "90min", "1.5s")]
    ['7 days', '7 days', '1 day', '90 minutes', '1.5 seconds']
    """
    seconds = parse_duration(text).total_seconds()
    units = {"day": 86_400, "hour": 3600, "minute": 60, "second": 1}
    unit = next((unit for unit, size in units.items() if seconds >= size and seconds % size == 0), "second")
    number = seconds / units[unit]
    decimals = separators(language_spoken())[1]
    return say((_ONE if number == 1 else _MANY)[unit], number=f"{number:g}".replace(".", decimals))
