"""Service: contacts queue first come, first served for the people of their group, and give up or are answered.

One call at a time or two chats; what is written is done between chats, in order, and carried over when the day ends.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from math import exp

import numpy as np
import pandas as pd

from cpc_analysis.sources.sample_centre.demand import CHANNELS
from cpc_analysis.sources.sample_centre.opening import DAY, DAYS_A_MONTH, months_of, opening
from cpc_analysis.sources.sample_centre.roster import Stretch
from cpc_analysis.sources.sample_centre.truths import GROUPS, Truths

__all__ = ["served"]

_AT_ONCE = {"voice": 1, "callback": 1, "chat": 2}
_SHORTEST = 5
#: Mean of all factors on handle time, and the part of its spread that they do not bring.
_MEAN_FACTOR, _OWN_VARIANCE = 1.09, 0.91


@dataclass
class _Agent:
    """One agent on one day: in the group since when, available when, when each place is free, busy when."""

    name: str
    since: int
    pace: float
    stretches: list[tuple[int, int]] = field(default_factory=list)
    free: list[int] = field(default_factory=list)
    busy: list[tuple[int, int]] = field(default_factory=list)

    def start(self, moment: int) -> int | None:
        """The first second from a moment on at which a live contact can begin."""
        ready = max(moment, min(self.free))
        for low, high in self.stretches:
            if ready < high:
                return max(ready, low)
        return None

    def handling(self, work: float) -> int:
        """The seconds that work takes at this agent's pace."""
        return max(round(work * self.pace), _SHORTEST)

    def take(self, start: int, work: float) -> int:
        """The seconds of handling of a live contact, begun at a moment."""
        handle = self.handling(work)
        self.free[self.free.index(min(self.free))] = start + handle
        self.busy.append((start, start + handle))
        return handle

    def gaps(self) -> list[list[int]]:
        """Available time without a live contact, as [first second, second after the last]."""
        result = []
        for low, high in self.stretches:
            at = low
            for start, end in sorted(self.busy):
                if end > at and start < high:
                    if start > at:
                        result.append([at, start])
                    at = max(at, end)
            if at < high:
                result.append([at, high])
        return result


@dataclass
class _Answers:
    """What became of each contact, by its row: -1 is none."""

    agent: list[str | None]
    wait: np.ndarray
    handle: np.ndarray
    response: np.ndarray

    @classmethod
    def of(cls, size: int) -> _Answers:
        empty = np.full(size, -1, dtype="int64")
        return cls([None] * size, empty, empty.copy(), empty.copy())


def served(
    rng: np.random.Generator, days: pd.DatetimeIndex, frame: pd.DataFrame, stretches: list[Stretch],
    agents: pd.DataFrame, truths: Truths,
) -> pd.DataFrame:  # fmt: skip
    """The arrivals with `group`, `agent`, `wait`, `handle` and `response` [seconds; -1 for none].

    Parameters
    ----------
    rng : Generator
        Draws the work, the patience and who is quick.
    days : DatetimeIndex
        The local days.
    frame : DataFrame
        Arrivals, in order.
    stretches : list of Stretch
        The roster.
    agents : DataFrame
        The agents table.
    truths : Truths
        What is planted.
    """
    group = _groups(rng, days, frame)
    work = _work(rng, days, frame, truths)
    patience = np.maximum(np.rint(rng.exponential(truths.patience, len(frame))), 1).astype("int64")
    patience[(frame["channel"] == "callback").to_numpy()] = DAY
    crews = _crews(rng, days, stretches, agents, truths)
    answers = _Answers.of(len(frame))
    live = frame["channel"].isin(list(_AT_ONCE)).to_numpy()
    second, day = frame["second"].to_numpy(), frame["day"].to_numpy()
    rows_of = frame.groupby([day, group], sort=False).indices
    for place, entry in enumerate(GROUPS):
        at_once = max(_AT_ONCE.get(channel, 1) for channel in entry.channels)
        waiting: list[int] = []
        for number in range(len(days)):
            rows = rows_of.get((number, place), np.array([], dtype="int64"))
            crew = crews.get((number, entry.name), [])
            for agent in crew:
                agent.free = [0] * at_once
            _answer_live(rows[live[rows]], crew, second, work, patience, answers)
            waiting += rows[~live[rows]].tolist()
            waiting = _write(waiting, crew, number, day, second, work, answers, number == len(days) - 1)
    return frame.assign(
        group=group, agent=answers.agent, wait=answers.wait, handle=answers.handle, response=answers.response
    )


def _groups(rng: np.random.Generator, days: pd.DatetimeIndex, frame: pd.DataFrame) -> np.ndarray:
    """The group of each contact; -1 for self-service."""
    close = np.array([opening(weekday)[1] for weekday in range(7)])[days.day_of_week.to_numpy()[frame["day"]]]
    evening = frame["second"].to_numpy() >= close
    place = rng.random(len(frame))
    result = np.full(len(frame), -1)
    for channel in CHANNELS:
        for late in (False, True):
            shares = np.cumsum([
                entry.channels.get(channel, 0.0) * (channel != "voice" or entry.in_the_evening == late)
                for entry in GROUPS
            ])  # fmt: skip
            here = ((frame["channel"] == channel) & ~frame["self"]).to_numpy() & (evening == late)
            result[here] = np.searchsorted(shares, place[here] * shares[-1], side="right")
    return result


def _work(rng: np.random.Generator, days: pd.DatetimeIndex, frame: pd.DataFrame, truths: Truths) -> np.ndarray:
    """Seconds of handling that each contact takes an experienced agent of ordinary pace."""
    mean = frame["channel"].map({name: mean for name, (_, mean, _) in CHANNELS.items()}).fillna(1.0).to_numpy()
    spread = frame["channel"].map({name: spread for name, (*_, spread) in CHANNELS.items()}).fillna(1.0).to_numpy()
    variance = np.log1p((spread / mean) ** 2)
    drawn = rng.lognormal(np.log(mean / _MEAN_FACTOR) - variance / 2, np.sqrt(variance * _OWN_VARIANCE))
    month = months_of(days)
    shock = np.exp(rng.normal(0, truths.handle_time_shock, month.max() + 1))[month[frame["day"]]]
    product = frame["product"].map({name: factor for name, (_, factor) in truths.products.items()}).to_numpy()
    cause = frame["reason"].map({name: factor for name, (_, factor, _) in truths.causes.items()}).to_numpy()
    return drawn * shock * product * cause


def _crews(
    rng: np.random.Generator, days: pd.DatetimeIndex, stretches: list[Stretch], agents: pd.DataFrame, truths: Truths
) -> dict[tuple[int, str], list[_Agent]]:
    """The agents of each day and group, with their pace: their own factor, and the learning curve."""
    people = agents.drop_duplicates("agent_id").set_index("agent_id")
    own = dict(zip(people.index, np.exp(rng.normal(0, truths.agent_spread, len(people))), strict=True))
    hired = ((people["hired_on"] - days[0]).dt.days / DAYS_A_MONTH).to_dict()
    since = agents.groupby(["agent_id", "staffing_group"])["valid_from"].min().sub(days[0]).dt.days.to_dict()
    crews: dict[tuple[int, str], dict[str, _Agent]] = defaultdict(dict)
    for name, group, day, activity, low, high in stretches:
        if activity == "available":
            tenure = day / DAYS_A_MONTH - hired[name]
            pace = own[name] * (1 + truths.learning_size * exp(-tenure / truths.learning_months))
            crews[day, group].setdefault(name, _Agent(name, since[name, group], pace)).stretches.append((low, high))
    return {key: list(crew.values()) for key, crew in crews.items()}


def _answer_live(
    rows: np.ndarray, crew: list[_Agent], second: np.ndarray, work: np.ndarray, patience: np.ndarray, answers: _Answers
) -> None:
    """Give each call or chat to whoever is free first, the longest idle before others, unless patience ends before."""
    for row in rows:
        moment = int(second[row])
        starts = [(start, sum(at > start for at in agent.free), max(agent.free), place)
                  for place, agent in enumerate(crew) if (start := agent.start(moment)) is not None]  # fmt: skip
        start, *_, place = min(starts, default=(moment + DAY, -1))
        answers.wait[row] = min(start - moment, patience[row])
        if start - moment <= patience[row] and place >= 0:
            answers.agent[row] = crew[place].name
            answers.handle[row] = crew[place].take(start, work[row])


def _write(
    waiting: list[int], crew: list[_Agent], number: int, day: np.ndarray, second: np.ndarray, work: np.ndarray,
    answers: _Answers, is_last: bool,
) -> list[int]:  # fmt: skip
    """Answer what is written in the gaps between live contacts; what is left is for the next day, save on the last."""
    desks = [(agent, agent.gaps()) for agent in crew]
    left = []
    for row in waiting:
        moment = int(second[row]) if day[row] == number else 0
        best = min(
            (
                (start, place)
                for place, (agent, gaps) in enumerate(desks)
                # Nobody answers for a time before they were there: their group then could not be told.
                if agent.since <= day[row]
                and (start := _first_gap(gaps, moment, agent.handling(work[row]))) is not None
            ),
            default=None,
        )
        if best is None and not (is_last and crew):
            left.append(row)
            continue
        agent, gaps = desks[best[1] if best else row % len(crew)]
        handle = agent.handling(work[row])
        done = _fill(gaps, moment, handle) if best else max(moment, agent.stretches[-1][1]) + handle
        answers.agent[row], answers.handle[row] = agent.name, handle
        answers.response[row] = (number - day[row]) * DAY + done - second[row]
    return left


def _first_gap(gaps: list[list[int]], moment: int, needed: int) -> int | None:
    """The first free second from a moment on, where the gaps from then on hold what is needed."""
    first, held = None, 0
    for low, high in gaps:
        if high > moment:
            first = max(low, moment) if first is None else first
            held += high - max(low, moment)
            if held >= needed:
                return first
    return None


def _fill(gaps: list[list[int]], moment: int, needed: int) -> int:
    """Use up the gaps from a moment on; the second after the last that was used."""
    at = moment
    while needed > 0:
        place = next(place for place, (_, high) in enumerate(gaps) if high > moment)
        low, high = gaps[place]
        start = max(low, moment)
        used = min(high - start, needed)
        needed -= used
        at = start + used
        # What lies before the moment is still free, for what was carried over or comes earlier from others.
        gaps[place : place + 1] = [piece for piece in ([low, start], [at, high]) if piece[1] > piece[0]]
    return at
