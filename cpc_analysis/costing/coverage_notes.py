"""What the check says of the days that the contact log covers: its ends, its holes, and dates far from all others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cpc_analysis.cells.log_days import FarOff, covered, log_days
from cpc_analysis.errors import listed
from cpc_analysis.periods import Stretch

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = ["log_notes"]

#: So many holes, the longest, are named one by one.
_NAMED = 6


def log_notes(data: Dataset) -> list[str]:
    """Sentences of the check about the days that the contact log covers; English."""
    log = covered(data)
    if log.ends is None:
        return ["The contact log covers no day: it has no contact that was accepted."]
    first, last = log.ends
    if log.holes and not log.can_tell:
        return [
            f"The contact log has contacts on {len(log_days(data).near)} days from {first} to {last}, too few to tell "
            "which days without contacts it covers: state `complete_from` and `complete_through` if it is whole.",
            *_dates_far_off(data),
        ]
    notes = [f"The contact log covers {first} to {last}."]
    if log.holes:
        named, rest = _longest(log.holes)
        notes += [f"It has no contacts {_on(hole)}: {_not_complete(hole)}." for hole in named]
        notes += [f"So it is {rest}."] if rest else []
        notes.append(
            "Where the centre was closed, state the days as `holidays`; where the log is whole, state `complete_from` "
            "and `complete_through`."
        )
    if log.can_tell:
        named, rest = _longest(log.doubted)
        notes += [f"It has no contacts {_on(hole)}, days that {_settings(data)} to be covered." for hole in named]
        notes += [f"So it is {rest}."] if rest else []
    return notes + _dates_far_off(data)


def _dates_far_off(data: Dataset) -> list[str]:
    far = log_days(data).far
    left = sum(found.contacts for found in far[_NAMED:])
    return [_far(found) for found in far[:_NAMED]] + ([f"So do {left:,} contacts of other dates."] if left else [])


def _longest(holes: tuple[Stretch, ...]) -> tuple[list[Stretch], str]:
    """The longest of some holes, in order, and how many further ones there are in words."""
    named = sorted(sorted(holes, key=lambda hole: -hole.days)[:_NAMED])
    left = [hole for hole in holes if hole not in named]
    days = sum(hole.days for hole in left)
    return named, f"on {days:,} further days in {len(left):,} shorter stretches" if left else ""


def _on(hole: Stretch) -> str:
    return f"on {hole}" if hole.days == 1 else f"from {hole}"


def _not_complete(hole: Stretch) -> str:
    months = [f"{month:%Y-%m}" for month in hole.months]
    return f"{listed(months)} {'is' if len(months) == 1 else 'are'} not complete"


def _settings(data: Dataset) -> str:
    names = [f"`{name}`" for name in data.settings.stated_days]
    return f"{' and '.join(names)} {'states' if len(names) == 1 else 'state'}"


def _far(found: FarOff) -> str:
    if found.contacts == 1:
        return (
            f"1 contact of {found.days} lies far from all others: its month is not complete. Mend its date, or leave "
            "it out."
        )
    return (
        f"{found.contacts:,} contacts of {found.days} lie far from all others: their months are not complete. Mend "
        "their dates, or leave them out."
    )
