"""Opening hours: when a centre answers, by weekday, in all channels or in some."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from cpc_analysis.errors import InvalidInputError
from cpc_analysis.language import joined, say, spoken, value_said, weekdays
from cpc_analysis.periods import weekdays_named, zone_named
from cpc_analysis.schema import CHANNELS

__all__ = ["OpeningHours"]

#: Of each weekday, Monday first: the stretches in which it is open [minutes from midnight].
_Week = tuple[tuple[tuple[int, int], ...], ...]

_STRETCH = re.compile(r"\s*(\d{1,2}):([0-5]\d)\s*[-\u2013]\s*(\d{1,2}):([0-5]\d)\s*")
_CLOSED = "closed"
_DAY = 24 * 60
_WORDS = '"08:00-18:00", a list of such stretches, or "closed"'


@dataclass(frozen=True)
class OpeningHours:
    """When a centre is open: in all channels, and in channels with hours of their own.

    Parameters
    ----------
    of_all : tuple of 7 tuples, or None
        Of each weekday, Monday first: stretches of minutes from midnight, those past midnight above 1440. None:
        channels without hours of their own are open around the clock.
    of_channels : mapping of str to such a tuple
        Hours of some channels, instead of those of all.

    Examples
    --------
    >>> hours = OpeningHours.from_mapping({"mon-fri": "08:00-18:00", "voice": {"sat": "09:00-13:00"}})
    >>> print(hours.in_words())
    Mon-Fri 08:00-18:00; voice Sat 09:00-13:00
    """

    of_all: _Week | None = None
    of_channels: Mapping[str, _Week] = field(default_factory=dict)

    @classmethod
    def from_mapping(cls, stated: Mapping[str, Any]) -> OpeningHours:
        """Opening hours as a project states them.

        Parameters
        ----------
        stated : mapping
            Weekdays such as ``"sat"``, or some on end such as ``"mon-fri"``, to ``"08:00-18:00"``, to a list of such
            stretches or to ``"closed"``; channels to such a mapping of their own. Weekdays not named are closed.

        Raises
        ------
        InvalidInputError
            If a key is neither weekdays nor a channel, or the hours are not written so.
        """
        of_all = {name: value for name, value in stated.items() if not isinstance(value, Mapping)}
        of_channels = {}
        for channel, week in stated.items():
            if not isinstance(week, Mapping):
                continue
            if channel not in CHANNELS:
                raise _no_key(channel)
            of_channels[channel] = _week(week, f"{channel}.")
        return cls(_week(of_all) if of_all else None, of_channels)

    def __bool__(self) -> bool:
        return self.of_all is not None or bool(self.of_channels)

    def stretches(self, channel: str, zone: str, closed: Collection[date], first: date, last: date) -> list[Stretch]:
        """The stretches in which a channel is open, none of which touches another.

        Parameters
        ----------
        channel : str
            The channel.
        zone : str
            Of the hours, as of the tz database.
        closed : collection of date
            Days on which no stretch begins, whatever their weekday.
        first, last : date
            The days between which they begin.

        Returns
        -------
        list of tuple of datetime
            When each begins and ends, in UTC; one of all days for a channel that is open around the clock.

        Examples
        --------
        >>> hours = OpeningHours.from_mapping({"sun": "08:00-18:00"})
        >>> [(start, end)] = hours.stretches("voice", "Europe/Copenhagen", (), date(2025, 3, 29), date(2025, 4, 4))
        >>> print(start)
        2025-03-30 06:00:00+00:00
        """
        week = self.of_channels.get(channel, self.of_all)
        if week is None:
            return [(_moment(first, 0, zone), _moment(last, _DAY, zone))]
        days = (first + timedelta(days=number) for number in range((last - first).days + 1))
        found: list[Stretch] = []
        for day in days:
            if day in closed:
                continue
            for start, end in week[day.weekday()]:
                opens, closes = _moment(day, start, zone), _moment(day, end, zone)
                if found and opens <= found[-1][1]:
                    opens, closes = found[-1][0], max(closes, found.pop()[1])
                found.append((opens, closes))
        return found

    @spoken
    def in_words(self) -> str:
        """The hours in words, in the language spoken."""
        named = [] if self.of_all is None else [_week_in_words(self.of_all)]
        for channel, week in self.of_channels.items():
            named.append(joined(value_said("channel", channel), _week_in_words(week)))
        return joined(*named, by="; ")


#: When something begins and ends.
Stretch = tuple[datetime, datetime]


def _no_key(key: str) -> InvalidInputError:
    return InvalidInputError(
        "`opening_hours` must name weekdays such as mon or mon-fri, or a channel with weekdays of its own, "
        f"got '{key}'."
    )


def _week(stated: Mapping[str, Any], place: str = "") -> _Week:
    week: list[tuple[tuple[int, int], ...]] = [()] * 7
    named: set[int] = set()
    for key, value in stated.items():
        hours = _hours(f"{place}{key}", value)
        for day in _days(str(key), f"{place}{key}"):
            if day in named:
                raise InvalidInputError(
                    f"`opening_hours` must name each weekday once, got '{place}{key}' beside others."
                )
            named.add(day)
            week[day] = hours
    return tuple(week)


def _days(key: str, place: str) -> list[int]:
    """The weekdays of ``mon`` or ``mon-fri``; ``fri-mon`` goes over Sunday."""
    try:
        found = [next(iter(weekdays_named([name]))) for name in key.split("-")]
    except InvalidInputError:
        raise _no_key(place) from None
    if len(found) > 2:
        raise _no_key(place)
    first, last = found[0], found[-1]
    return [(first + number) % 7 for number in range((last - first) % 7 + 1)]


def _hours(place: str, value: Any) -> tuple[tuple[int, int], ...]:
    texts = list(value) if isinstance(value, (list, tuple)) else [value]
    if texts == [_CLOSED]:
        return ()
    return tuple(sorted(_stretch(place, text) for text in texts))


def _stretch(place: str, text: Any) -> tuple[int, int]:
    """A stretch [minutes from midnight]; one that ends before it begins lasts into the next day."""
    match = _STRETCH.fullmatch(text) if isinstance(text, str) else None
    if match:
        numbers = [int(part) for part in match.groups()]
        start, end = 60 * numbers[0] + numbers[1], 60 * numbers[2] + numbers[3]
        if start < _DAY and end <= _DAY and start != end:
            return start, end if end > start else end + _DAY
    raise InvalidInputError(f"`opening_hours.{place}` must be written as {_WORDS}, got '{text}'.")


def _moment(day: date, minutes: int, zone: str) -> datetime:
    """A time of a local day in UTC."""
    later, rest = divmod(minutes, _DAY)
    local = datetime.combine(day + timedelta(days=later), time(rest // 60, rest % 60), zone_named(zone))
    return local.astimezone(UTC)


def _week_in_words(week: _Week) -> str:
    return ", ".join(_days_in_words(first, last, week[first]) for first, last in _alike(week)) or say("closed")


def _alike(week: _Week) -> Iterator[tuple[int, int]]:
    """The first and last of the weekdays on end that have the same hours, those that are closed left out."""
    first = 0
    for day in range(7):
        if day == 6 or week[day + 1] != week[first]:
            if week[first]:
                yield first, day
            first = day + 1


def _days_in_words(first: int, last: int, hours: tuple[tuple[int, int], ...]) -> str:
    names = weekdays()
    days = names[first] if first == last else f"{names[first]}-{names[last]}"
    return f"{days} {' + '.join(f'{_clock(start)}-{_clock(end)}' for start, end in hours)}"


def _clock(minutes: int) -> str:
    minutes = minutes if minutes <= _DAY else minutes - _DAY
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
