"""The roster: how many people each half-hour needs, the shifts that cover it, and what is done in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from cpc_analysis.sources.sample_centre.demand import CHANNELS, EVENING_SHARE
from cpc_analysis.sources.sample_centre.opening import EVENING_CLOSE, HALF_HOUR, local_moment, opening, profile
from cpc_analysis.sources.sample_centre.truths import GROUPS, Group

__all__ = ["Stretch", "roster", "shifts_table"]


class Stretch(NamedTuple):
    """A part of a shift, from one second of a numbered local day to another."""

    agent_id: str
    group: str
    day: int
    activity: str
    low: int
    high: int


#: Half-hours of a shift.
_LONGEST, _SHORTEST = 10, 8
_LIVE = ("voice", "chat", "callback")
_CHATS_AT_ONCE = 1.35
#: Customers who come back, and new people who are slower.
_SURPLUS = 1.2
_OTHER_WORK = 0.16
_ABSENT = 0.3


def roster(
    rng: np.random.Generator, days: pd.DatetimeIndex, volumes: dict[str, np.ndarray], agents: pd.DataFrame
) -> list[Stretch]:
    """The stretches of every shift: available, a paid break, a meeting or training; and paid absence.

    Somebody of every group that takes calls or chats is available in every half-hour of its opening.

    Parameters
    ----------
    rng : Generator
        Draws who works and who is away.
    days : DatetimeIndex
        The local days.
    volumes : dict of str to ndarray of shape (days,)
        Expected contacts, as the planners know them: without the shocks of the months.
    agents : DataFrame
        The agents table.
    """
    stretches: list[Stretch] = []
    for group in GROUPS:
        rows = agents[agents["staffing_group"] == group.name]
        names = rows["agent_id"].to_numpy(dtype=object)
        begin = rows["valid_from"].to_numpy()
        until = rows["valid_to"].fillna(pd.Timestamp("2200-01-01")).to_numpy()
        for number, day in enumerate(days):
            first, close = _hours(group, day.weekday())
            if close <= first:
                continue
            free = rng.permutation(names[(begin <= day.to_datetime64()) & (until >= day.to_datetime64())])
            need = _need(group, day.weekday(), {name: float(values[number]) for name, values in volumes.items()})
            plans = _covering(rng, need, _is_live(group))[: len(free)]
            for agent, plan in zip(free, plans, strict=False):
                stretches += [
                    Stretch(agent, group.name, number, activity, first + low * HALF_HOUR, first + high * HALF_HOUR)
                    for activity, low, high in plan.pieces()
                ]
            if len(free) > len(plans) and rng.random() < _ABSENT:
                stretches.append(Stretch(free[len(plans)], group.name, number, "absence", first, first + 4 * 3600))
    return stretches


def _hours(group: Group, weekday: int) -> tuple[int, int]:
    start, close = opening(weekday)
    if group.in_the_evening:
        return (close, EVENING_CLOSE) if weekday < 5 else (close, close)
    return start, close


def _need(group: Group, weekday: int, volumes: dict[str, float]) -> np.ndarray:
    """People needed in each half-hour: the load in erlangs, and part of its square root for service.

    After Halfin and Whitt, Operations Research 29(3), 1981.
    """
    first, close = _hours(group, weekday)
    size = (close - first) // HALF_HOUR
    load = np.zeros(size)
    for channel, share in group.channels.items():
        work = volumes[channel] * share * CHANNELS[channel][1] * _SURPLUS / HALF_HOUR
        if channel == "voice":
            work *= EVENING_SHARE if group.in_the_evening else (1 - EVENING_SHARE if weekday < 5 else 1.0)
        if channel == "chat":
            work /= _CHATS_AT_ONCE
        flat = group.in_the_evening or channel not in _LIVE
        load += work / size if flat else work * profile(weekday)
    return np.maximum(np.rint(load + group.margin * np.sqrt(load)), group.least).astype("int64")


def _is_live(group: Group) -> bool:
    return any(channel in _LIVE for channel in group.channels)


@dataclass
class _Shift:
    """Half-hours from the opening on, and what takes the place of available time in them."""

    start: int
    end: int
    away: list[tuple[str, int, int]]

    def pieces(self) -> list[tuple[str, int, int]]:
        """(activity, first half-hour, half-hour after the last), in order."""
        parts, at = [], self.start
        for activity, low, high in sorted(self.away, key=lambda piece: piece[1]):
            if low > at:
                parts.append(("available", at, low))
            parts.append((activity, low, high))
            at = high
        return [*parts, ("available", at, self.end)] if at < self.end else parts


def _covering(rng: np.random.Generator, need: np.ndarray, live: bool) -> list[_Shift]:
    """Shifts that cover the need of each half-hour.

    Writing waits for a break to end, callers do not: their group has others there.
    """
    length = min(_LONGEST, len(need))
    spare, shifts = -need, []
    for half_hour in range(len(need)):
        while spare[half_hour] < 0:
            start = min(half_hour, len(need) - length)
            spare[start : start + length] += 1
            away = [_taken("break", spare, range(start + 3, start + 7), 1)] if length == _LONGEST else []
            for _, low, high in away:
                spare[low:high] -= 1 if live else 0
            shifts.append(_Shift(start, start + length, away))
    for shift in shifts:
        while shift.end - shift.start > _SHORTEST and spare[shift.end - 1] > 0:
            shift.end -= 1
            spare[shift.end] -= 1
        if length == _LONGEST and rng.random() < _OTHER_WORK:
            piece = _taken(str(rng.choice(["meeting", "training"])), spare, (shift.start, shift.start + 1), 2)
            inside = slice(*piece[1:])
            if not live or (spare + need)[inside].min() > 1:
                spare[inside] -= 1
                shift.away.append(piece)
    return shifts


def _taken(activity: str, spare: np.ndarray, places: Iterable[int], length: int) -> tuple[str, int, int]:
    """Where an activity of so many half-hours hurts least."""
    best = max(places, key=lambda place: spare[place : place + length].min())
    return activity, best, best + length


def shifts_table(stretches: list[Stretch], days: pd.DatetimeIndex) -> pd.DataFrame:
    """The shifts table."""
    rows = pd.DataFrame(stretches, columns=Stretch._fields)
    day = pd.Series(days.to_numpy()[rows["day"]])
    shifts = pd.DataFrame(
        {
            "agent_id": rows["agent_id"],
            "starts_at": local_moment(day, rows["low"]),
            "ends_at": local_moment(day, rows["high"]),
            "activity": rows["activity"],
            "is_paid": True,
            "is_productive": rows["activity"] == "available",
        }
    )
    return shifts.sort_values(["starts_at", "agent_id"], ignore_index=True)
