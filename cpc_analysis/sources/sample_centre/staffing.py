"""Agents, their validity ranges and wages, their shifts, and their hours outside the contact log."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cpc_analysis.sources.sample_centre.truths import GROUPS, Truths

__all__ = ["BREAK", "Staffing", "hire", "opening", "schedule"]

_PER_GROUP = 9
_SHIFT_MINUTES = 300
#: A paid break, in minutes from the start of a shift.
BREAK = (150, 180)
#: Opening hours by weekday, Monday first, in minutes of the day.
_OPEN = ((480, 1080),) * 5 + ((600, 900), (600, 840))


def opening(weekday: int) -> tuple[int, int]:
    """The minutes of the day at which the centre opens and closes."""
    return _OPEN[weekday]


@dataclass(frozen=True)
class Staffing:
    """Who works when: `duty` has one row per agent and shift on the phones, minutes of the local day."""

    shifts: pd.DataFrame
    duty: pd.DataFrame


def hire(rng: np.random.Generator, days: pd.DatetimeIndex, truths: Truths) -> pd.DataFrame:
    """The agents table: about 120 people over the whole time, nine at once in each group.

    One row per agent and validity range; the raise begins a new range, so does a change of team.
    """
    rows, number = [], 0
    end = days[-1] + pd.Timedelta(days=1)
    for group in GROUPS:
        for place in range(_PER_GROUP):
            team = f"{group.name} {'A' if place < 5 else 'B'}"
            start = days[0] - pd.Timedelta(days=int(rng.integers(60, 1500)))
            while start < end:
                stay = int(60 + rng.exponential(330)) + (max((days[0] - start).days, 0))
                left = start + pd.Timedelta(days=stay)
                number += 1
                rows.append((f"agent-{number:03d}", team, group.site, group.name, start, left if left < end else None,
                             float(np.round(rng.normal(171, 6), 2))))  # fmt: skip
                start = left + pd.Timedelta(days=1)
    people = pd.DataFrame(
        rows, columns=["agent_id", "team", "site", "staffing_group", "hired_on", "left_on", "hourly_wage"]
    )
    people["hourly_wage"] = people["hourly_wage"].clip(155, 190)
    return _ranges(people, truths)


def _ranges(people: pd.DataFrame, truths: Truths) -> pd.DataFrame:
    raised = pd.Timestamp(truths.wage_raise_from)
    before = people[people["hired_on"] < raised].assign(valid_from=lambda rows: rows["hired_on"])
    ends = before["left_on"].notna() & (before["left_on"] < raised)
    before["valid_to"] = before["left_on"].where(ends, raised - pd.Timedelta(days=1))
    after = people[people["left_on"].isna() | (people["left_on"] >= raised)].copy()
    after["valid_from"] = after["hired_on"].where(after["hired_on"] >= raised, raised)
    after["valid_to"] = after["left_on"]
    after["hourly_wage"] = (after["hourly_wage"] * (1 + truths.wage_raise)).round(2)
    # A few old hands change team with the raise; their group stays.
    movers = after.index[(after["valid_from"] == raised)][::12]
    after.loc[movers, "team"] = after.loc[movers, "staffing_group"] + " B"
    agents = pd.concat([before, after]).sort_values(["agent_id", "valid_from"], ignore_index=True)
    agents["on_cost_rate"] = 0.28
    agents["contracted_hours"] = 8.0
    columns = ["agent_id", "valid_from", "valid_to", "team", "site", "staffing_group", "hired_on", "left_on",
               "hourly_wage", "on_cost_rate", "contracted_hours"]  # fmt: skip
    return agents[columns]


def schedule(
    rng: np.random.Generator, agents: pd.DataFrame, days: pd.DatetimeIndex, load: dict[str, np.ndarray]
) -> Staffing:
    """Shifts of five hours, early and late, as many as the expected work of a group needs, never fewer than two.

    Parameters
    ----------
    rng : Generator
        Draws who works.
    agents : DataFrame
        The agents table.
    days : DatetimeIndex
        The local days.
    load : dict of str to ndarray of shape (days,)
        Expected handling of each group [hours].
    """
    people = agents.drop_duplicates("agent_id")
    duty, away = [], []
    for group in GROUPS:
        crew = people[people["staffing_group"] == group.name]
        names = crew["agent_id"].to_numpy(dtype=object)
        hired = crew["hired_on"].to_numpy()
        left = crew["left_on"].fillna(pd.Timestamp("2200-01-01")).to_numpy()
        for position, day in enumerate(days):
            start, close = opening(day.weekday())
            free = names[(hired <= day.to_datetime64()) & (left >= day.to_datetime64())]
            slots = [start, close - _SHIFT_MINUTES] if close - start > _SHIFT_MINUTES else [start]
            wanted = max(len(slots), round(load[group.name][position] / (0.62 * 4.3)))
            chosen = rng.permutation(free)[: wanted + 1]
            for place, agent in enumerate(chosen[:wanted]):
                duty.append((agent, group.name, group.site, day, slots[place % len(slots)]))
            if len(chosen) > wanted and rng.random() < 0.35:
                away.append((chosen[wanted], day, slots[0]))
    frame = pd.DataFrame(duty, columns=["agent_id", "staffing_group", "site", "day", "start"])
    frame["end"] = frame["start"] + _SHIFT_MINUTES
    frame.loc[frame["day"].dt.day_of_week == 6, "end"] = frame["start"] + 240
    activity = rng.choice(["available", "training", "meeting"], len(frame), p=[0.84, 0.08, 0.08])
    frame["last"] = np.where(activity == "available", frame["end"], frame["end"] - 60)
    frame["activity"] = activity
    return Staffing(_stretches(frame, away), frame)


def _stretches(duty: pd.DataFrame, away: list[tuple[str, pd.Timestamp, int]]) -> pd.DataFrame:
    """Each shift as stretches: available, a paid break, available, and an hour of training or a meeting for some."""
    first, second = BREAK
    parts = [
        duty.assign(low=duty["start"], high=duty["start"] + first, activity="available"),
        duty.assign(low=duty["start"] + first, high=duty["start"] + second, activity="break"),
        duty.assign(low=duty["start"] + second, high=duty["last"], activity="available"),
        duty[duty["last"] < duty["end"]].assign(low=lambda rows: rows["last"], high=lambda rows: rows["end"]),
    ]
    gone = pd.DataFrame(away, columns=["agent_id", "day", "low"])
    parts.append(gone.assign(high=gone["low"] + 240, activity="absence"))
    rows = pd.concat(parts, ignore_index=True)
    shifts = pd.DataFrame(
        {
            "agent_id": rows["agent_id"],
            "starts_at": local_moment(rows["day"], rows["low"] * 60),
            "ends_at": local_moment(rows["day"], rows["high"] * 60),
            "activity": rows["activity"],
            "is_paid": True,
            "is_productive": rows["activity"] == "available",
        }
    )
    return shifts.sort_values(["starts_at", "agent_id"], ignore_index=True)


def local_moment(day: pd.Series, seconds: pd.Series | np.ndarray) -> pd.Series:
    """Local seconds of a day as UTC. The centre is closed at the hours when the clocks change."""
    local = pd.to_datetime(day) + pd.to_timedelta(np.asarray(seconds), unit="s")
    return local.dt.tz_localize("Europe/Copenhagen").dt.tz_convert("UTC").astype("datetime64[s, UTC]")
