"""The people: when they came and left, the groups and teams they were in, and their wages."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import numpy as np
import pandas as pd

from cpc_analysis.sources.sample_centre.opening import DAYS_A_MONTH
from cpc_analysis.sources.sample_centre.truths import GROUPS, Group, Truths

__all__ = ["hire"]

_ON_COSTS = 0.28
_CONTRACTED_HOURS = 14.0
_DAYS_BETWEEN_MOVES = 75


@dataclass
class _Person:
    """Someone in a place of a group, from a day to another; a move takes them to a group on a day."""

    group: Group
    place: int
    hired: pd.Timestamp
    left: pd.Timestamp | None
    wage: float
    moved: pd.Timestamp | None = None
    moved_to: Group | None = None

    def works(self, day: pd.Timestamp) -> bool:
        """Whether employed on a day."""
        return self.hired <= day and (self.left is None or day <= self.left)


def hire(rng: np.random.Generator, days: pd.DatetimeIndex, truths: Truths) -> pd.DataFrame:
    """The agents table: one row per agent and validity range.

    A place that becomes free is filled at once. The raise, a step of seniority and a change of team each begin a
    new range.
    """
    people, end = [], days[-1] + pd.Timedelta(days=1)
    for group in GROUPS:
        for place in range(group.people):
            start = days[0] - pd.Timedelta(days=int(rng.integers(20, 1500)))
            while start < end:
                stay = int(60 + rng.exponential(330)) + max((days[0] - start).days, 0)
                left = start + pd.Timedelta(days=stay)
                wage = round(float(np.clip(rng.normal(163, 4), 155, 172)), 2)
                people.append(_Person(group, place, start, left if left < end else None, wage))
                start = left + pd.Timedelta(days=1)
    _move(rng, days, people)
    rows = [
        (f"agent-{number:03d}", *row)
        for number, person in enumerate(people, 1)
        for row in _ranges(person, days[0], truths)
    ]
    columns = ["agent_id", "valid_from", "valid_to", "team", "site", "staffing_group", "hired_on", "left_on",
               "hourly_wage"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns).assign(on_cost_rate=_ON_COSTS, contracted_hours=_CONTRACTED_HOURS)


def _move(rng: np.random.Generator, days: pd.DatetimeIndex, people: list[_Person]) -> None:
    """Now and then somebody settled in the first group changes to its other team, every third time to another group."""
    first, other = GROUPS[0], GROUPS[2]
    every = pd.Timedelta(days=_DAYS_BETWEEN_MOVES)
    for number, day in enumerate(pd.date_range(days[0] + every, days[-1], freq=every)):
        settled = day - pd.Timedelta(days=90)
        there = [
            person
            for person in people
            if person.group is first and person.moved is None and person.works(settled) and person.works(day)
        ]
        if there:
            person = there[int(rng.integers(len(there)))]
            person.moved, person.moved_to = day, other if number % 3 == 2 else first


def _ranges(person: _Person, first: pd.Timestamp, truths: Truths) -> list[tuple]:
    """The validity ranges of a person; the first one begins with the contract, though it may be before the log."""
    raised = pd.Timestamp(truths.wage_raise_from)
    steps = [
        (person.hired + pd.Timedelta(days=round(months * DAYS_A_MONTH)), share) for months, share in truths.wage_steps
    ]
    changes = {raised, *(day for day, _ in steps), *([person.moved] if person.moved else [])}
    starts = [person.hired, *sorted(day for day in changes if day > max(person.hired, first) and person.works(day))]
    ends = [*(day - pd.Timedelta(days=1) for day in starts[1:]), person.left]
    rows = []
    for start, end in zip(starts, ends, strict=True):
        at = max(start, first)
        wage = person.wage * prod(1 + share for day, share in steps if day <= at)
        wage *= 1 + truths.wage_raise if at >= raised else 1.0
        moved = person.moved is not None and person.moved <= at
        group = person.moved_to if moved and person.moved_to else person.group
        team = f"{group.name} {'AB'[(person.place % 2 == 1) != moved]}"
        rows.append((start, end, team, group.site, group.name, person.hired, person.left, round(wage, 2)))
    return rows
