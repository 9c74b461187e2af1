"""Contacts: who calls about what and when, who answers, how long it takes; and the surveys after."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cpc_analysis.sources.sample_centre.staffing import BREAK, Staffing, local_moment, opening
from cpc_analysis.sources.sample_centre.truths import GROUPS, Truths

__all__ = ["contacts", "expected_load", "monthly_volumes", "surveys"]

#: Contacts on an ordinary weekday, mean handle time and its spread [seconds], agent's parallel contacts.
CHANNELS: dict[str, tuple[float, float, float, float]] = {
    "voice": (190.0, 188.0, 240.0, 1.0),
    "chat": (52.0, 560.0, 380.0, 1.8),
    "email": (58.0, 390.0, 330.0, 1.0),
    "social": (12.0, 260.0, 200.0, 1.0),
    "callback": (5.0, 240.0, 220.0, 1.0),
}
_SELF_SERVICE = {"web": 34.0, "voice": 14.0}
_WEEKDAY = np.array([1.18, 1.05, 1.0, 0.97, 0.95, 0.42, 0.24])
_SEASON = np.array([1.14, 0.96, 0.95, 0.96, 0.97, 0.96, 0.88, 0.93, 0.97, 1.0, 1.12, 1.2])
_HOLIDAYS = {(1, 1), (12, 24), (12, 25), (12, 26), (12, 31)}
_PATIENCE = 210.0


def monthly_volumes(
    rng: np.random.Generator, days: pd.DatetimeIndex, truths: Truths, volume: float
) -> dict[str, np.ndarray]:
    """Expected contacts of each channel and day: trend, season, weekday, holidays and a shock for each month."""
    month = (days.year - days[0].year) * 12 + days.month - days[0].month
    years = (days - days[0]).days.to_numpy() / 365.25
    quiet = np.array([0.15 if (day.month, day.day) in _HOLIDAYS else 1.0 for day in days])
    shape = (
        volume
        * _allowed(days, truths).sum(axis=1)
        * _WEEKDAY[days.day_of_week]
        * _SEASON[days.month - 1]
        * (1 + truths.trend) ** years
        * quiet
    )
    launched = days >= pd.Timestamp(truths.self_service_launch)
    volumes = {}
    taken = np.zeros(len(days))
    for channel, (base, *_) in CHANNELS.items():
        shock = np.exp(rng.normal(0, truths.volume_shock, month.max() + 1))[month]
        expected = base * shape * shock
        if channel in ("voice", "chat", "email"):
            moved = expected * truths.self_service_share * launched
            taken += moved
            expected = expected - moved
        if channel == "social" and truths.empty_social_month:
            expected = np.where(days.strftime("%Y-%m") == truths.empty_social_month, 0.0, expected)
        volumes[channel] = expected
    for channel, base in _SELF_SERVICE.items():
        extra = taken if channel == "web" else 0.0
        volumes[f"self {channel}"] = base * shape + extra
    return volumes


def expected_load(volumes: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The expected handling of each group [hours a day]."""
    return {
        group.name: sum(
            (volumes[channel] * share * CHANNELS[channel][1] / CHANNELS[channel][3] / 3600 * 1.12
             for channel, share in group.channels.items()),
            np.zeros(1),
        )
        for group in GROUPS
    }  # fmt: skip


def contacts(
    rng: np.random.Generator, days: pd.DatetimeIndex, truths: Truths, volumes: dict[str, np.ndarray],
    staffing: Staffing, agents: pd.DataFrame,
) -> pd.DataFrame:  # fmt: skip
    """The contacts table."""
    parts = []
    for name, expected in volumes.items():
        count = rng.poisson(expected)
        day = np.repeat(np.arange(len(days)), count)
        parts.append(pd.DataFrame({"day": day, "kind": name}))
    frame = pd.concat(parts, ignore_index=True)
    frame["self"] = frame["kind"].str.startswith("self ")
    frame["channel"] = frame["kind"].str.removeprefix("self ")
    frame["second"] = _seconds_of_day(rng, days, frame["day"].to_numpy(), frame["self"].to_numpy())
    frame["product"] = rng.choice(list(truths.products), len(frame), p=[share for share, _ in truths.products.values()])
    frame["reason"] = _reasons(rng, days, frame["day"].to_numpy(), truths)
    frame["customer"] = rng.integers(0, 45_000, len(frame))
    frame["repeat"] = False
    frame = pd.concat([frame, _repeats(rng, days, frame, truths)], ignore_index=True)
    frame = frame.sort_values(["day", "second", "kind", "customer"], ignore_index=True)
    return _table(_served(rng, days, frame, truths, staffing, agents), rng, days)


def _seconds_of_day(
    rng: np.random.Generator, days: pd.DatetimeIndex, day: np.ndarray, round_the_clock: np.ndarray
) -> np.ndarray:
    """Arrival within opening hours by half-hours with a peak before noon and a lower one after; any hour for web."""
    bounds = np.array([opening(weekday) for weekday in range(7)])[days.day_of_week.to_numpy()[day]]
    place = rng.random(len(day))
    half_hours = 20
    middle = (np.arange(half_hours) + 0.5) / half_hours
    profile = 0.55 + np.exp(-(((middle - 0.28) / 0.16) ** 2)) + 0.7 * np.exp(-(((middle - 0.68) / 0.15) ** 2))
    cumulative = np.concatenate([[0], np.cumsum(profile) / profile.sum()])
    inside = np.interp(place, cumulative, np.linspace(0, 1, half_hours + 1))
    opened = bounds[:, 0] * 60 + inside * (bounds[:, 1] - bounds[:, 0]) * 60
    anywhere = 6 * 3600 + place * 17.5 * 3600
    return np.where(round_the_clock, anywhere, opened).astype("int64")


def _allowed(days: pd.DatetimeIndex, truths: Truths) -> np.ndarray:
    """The weight of each cause on each day: a cause that is not there brings no contacts, and no others instead."""
    names = list(truths.causes)
    weights = np.tile([weight for weight, *_ in truths.causes.values()], (len(days), 1))
    if truths.appearing_cause in names:
        weights[days < pd.Timestamp(truths.appears_in), names.index(truths.appearing_cause)] = 0.0
    if truths.removed_cause in names:
        weights[days >= pd.Timestamp(truths.removed_in), names.index(truths.removed_cause)] = 0.0
    return weights


def _reasons(rng: np.random.Generator, days: pd.DatetimeIndex, day: np.ndarray, truths: Truths) -> np.ndarray:
    names = np.array(list(truths.causes), dtype=object)
    cumulative = _allowed(days, truths).cumsum(axis=1)
    place = rng.random(len(day)) * cumulative[day, -1]
    return names[(cumulative[day] <= place[:, None]).sum(axis=1)]


def _repeats(rng: np.random.Generator, days: pd.DatetimeIndex, frame: pd.DataFrame, truths: Truths) -> pd.DataFrame:
    """A second contact of the same customer and reason, one to six days after some assisted ones."""
    chance = frame["reason"].map({name: repeat for name, (_, _, repeat) in truths.causes.items()}).to_numpy()
    again = frame[(rng.random(len(frame)) < chance) & ~frame["self"]].copy()
    again["day"] += rng.integers(1, 7, len(again))
    again = again[again["day"] < len(days)]
    gone = days.to_numpy()[again["day"]] >= np.datetime64(f"{truths.removed_in}-01")
    again = again[~(gone & (again["reason"] == truths.removed_cause).to_numpy())]
    if truths.empty_social_month:
        month = days.strftime("%Y-%m").to_numpy()[again["day"]]
        again = again[~((again["channel"] == "social") & (month == truths.empty_social_month))]
    return again.assign(
        second=_seconds_of_day(rng, days, again["day"].to_numpy(), np.zeros(len(again), dtype=bool)),
        repeat=True,
    )


def _served(
    rng: np.random.Generator, days: pd.DatetimeIndex, frame: pd.DataFrame, truths: Truths,
    staffing: Staffing, agents: pd.DataFrame,
) -> pd.DataFrame:  # fmt: skip
    """Each contact with the agent who had it, its wait and its handle time."""
    size = len(frame)
    group = np.full(size, -1)
    place = rng.random(size)
    for channel in CHANNELS:
        here = ((frame["channel"] == channel) & ~frame["self"]).to_numpy()
        shares = np.array([entry.channels.get(channel, 0.0) for entry in GROUPS])
        group[here] = np.searchsorted(np.cumsum(shares), place[here] * shares.sum(), side="right")
    frame["group"] = group
    frame["agent"] = _assigned(rng, frame, staffing, days)
    frame["wait"] = _waits(rng, frame)
    live = frame["channel"].isin(["voice", "chat"]) & ~frame["self"]
    patience = rng.exponential(_PATIENCE, size).astype("int64")
    frame["abandoned"] = live & ((frame["wait"] > patience) | frame["agent"].isna())
    frame["wait"] = np.where(frame["abandoned"], np.minimum(frame["wait"], patience), frame["wait"])
    frame["handle"] = _handle_times(rng, days, frame, truths, agents)
    return frame


def _assigned(rng: np.random.Generator, frame: pd.DataFrame, staffing: Staffing, days: pd.DatetimeIndex) -> np.ndarray:
    """One of the group's agents on shift at the moment, or nobody while all are away."""
    result = np.empty(len(frame), dtype=object)
    result[:] = None
    duty = staffing.duty.assign(
        number=((staffing.duty["day"] - days[0]).dt.days), group=staffing.duty["staffing_group"].map(
            {entry.name: position for position, entry in enumerate(GROUPS)})
    )  # fmt: skip
    on_duty = {key: rows[["agent_id", "start", "last"]].to_numpy() for key, rows in duty.groupby(["number", "group"])}
    assisted = frame[~frame["self"]]
    written = frame["channel"].isin(["email", "social"]).to_numpy()
    for key, rows in assisted.groupby(["day", "group"]).indices.items():
        crew = on_duty.get(key)
        if crew is None:
            continue
        places = assisted.index.to_numpy()[rows]
        second = frame["second"].to_numpy()[places]
        low, high = crew[:, 1].astype("int64") * 60, crew[:, 2].astype("int64") * 60
        there = (second[:, None] >= low) & (second[:, None] < high)
        pause = (second[:, None] >= low + BREAK[0] * 60) & (second[:, None] < low + BREAK[1] * 60)
        score = np.where(there, rng.random(there.shape) - pause, -2.0)
        best = score.argmax(axis=1)
        # What is written waits until somebody is there.
        found = there.any(axis=1) | written[places]
        result[places[found]] = crew[best[found], 0]
    return result


def _waits(rng: np.random.Generator, frame: pd.DataFrame) -> np.ndarray:
    """Time in the queue: grows with the contacts per agent in the half-hour. None for writing and self-service."""
    half_hour = frame["second"] // 1800
    key = [frame["day"], frame["group"], half_hour]
    assisted = frame[~frame["self"]]
    pressure = assisted.groupby([assisted["day"], assisted["group"], assisted["second"] // 1800])["second"].size()
    offered = pressure.reindex(pd.MultiIndex.from_arrays(key)).fillna(0).to_numpy()
    mean = 6.0 * (1 + offered / 6.0) ** 2
    wait = np.where(rng.random(len(frame)) < 0.45, 0, rng.exponential(mean)).astype("int64")
    return np.where(frame["channel"].isin(["voice", "chat", "callback"]), wait, 0)


def _handle_times(
    rng: np.random.Generator,
    days: pd.DatetimeIndex,
    frame: pd.DataFrame,
    truths: Truths,
    agents: pd.DataFrame,
) -> np.ndarray:
    mean = frame["channel"].map({name: values[1] for name, values in CHANNELS.items()}).fillna(1.0).to_numpy()
    spread = frame["channel"].map({name: values[2] for name, values in CHANNELS.items()}).fillna(1.0).to_numpy()
    variance = np.log1p((spread / mean) ** 2)
    # Factors below average about 1.12 over all; the mean of the lognormal part makes up for it.
    base = rng.lognormal(np.log(mean / 1.12) - variance / 2, np.sqrt(variance * 0.92))
    month = (days.year - days[0].year) * 12 + days.month - days[0].month
    shock = np.exp(rng.normal(0, truths.handle_time_shock, month.max() + 1))[month.to_numpy()[frame["day"]]]
    hired = agents.drop_duplicates("agent_id").set_index("agent_id")["hired_on"]
    start = pd.to_datetime(frame["agent"].map(hired)).to_numpy()
    tenure = (days.to_numpy()[frame["day"]] - start) / np.timedelta64(1, "D") / 30.44
    learning = 1 + truths.learning_size * np.exp(-np.nan_to_num(tenure, nan=1e9) / truths.learning_months)
    product = frame["product"].map({name: factor for name, (_, factor) in truths.products.items()}).to_numpy()
    cause = frame["reason"].map({name: factor for name, (_, factor, _) in truths.causes.items()}).to_numpy()
    return np.maximum(np.round(base * shock * learning * product * cause), 5)


def _table(frame: pd.DataFrame, rng: np.random.Generator, days: pd.DatetimeIndex) -> pd.DataFrame:
    size = len(frame)
    self_served = frame["self"].to_numpy()
    abandoned = frame["abandoned"].to_numpy()
    answered = ~self_served & ~abandoned & frame["agent"].notna().to_numpy()
    outcome = np.where(
        self_served, "self_served", np.where(abandoned, "abandoned", np.where(answered, "answered", "missed"))
    )
    handle = pd.Series(np.where(answered, frame["handle"], np.nan)).astype("Int32")
    wrap = (handle * rng.uniform(0.08, 0.22, size)).round().astype("Int32")
    hold = (handle * np.where(rng.random(size) < 0.2, rng.uniform(0.05, 0.3, size), 0)).round().astype("Int32")
    voice = frame["channel"].isin(["voice", "callback"]).to_numpy()
    queued = frame["channel"].isin(["voice", "chat", "callback"]).to_numpy() & ~self_served
    written = frame["channel"].isin(["email", "social"]).to_numpy() & answered
    group_site = [entry.site for entry in GROUPS] + [None]
    usual = np.where(frame["channel"] == "social", 40 * 60, 4 * 3600)
    response = pd.Series(np.where(written, np.round(rng.lognormal(np.log(usual), 0.8)), np.nan))
    # A customer is known or not, the same at every contact: 17 of 20 are.
    known = frame["customer"] * 7919 % 20 < 17
    resolved = answered & (rng.random(size) < np.where(frame["repeat"], 0.85, 0.78))
    table = pd.DataFrame(
        {
            "contact_id": [f"c{number:06d}" for number in range(1, size + 1)],
            "started_at": local_moment(pd.Series(days.to_numpy()[frame["day"]]), frame["second"].to_numpy()),
            "channel": frame["channel"],
            "direction": np.where(frame["channel"] == "callback", "out", "in"),
            "outcome": outcome,
            "queue": [None if at < 0 else GROUPS[at].name for at in frame["group"]],
            "reason": frame["reason"],
            "product": frame["product"],
            "site": [group_site[at] for at in frame["group"]],
            "agent_id": frame["agent"].where(answered, None),
            "customer_id": ("k" + frame["customer"].astype("str").str.zfill(5)).where(known, None),
            "handle_seconds": handle,
            "talk_seconds": (handle - wrap - hold).where(voice),
            "hold_seconds": hold.where(voice),
            "wrap_seconds": wrap.where(voice),
            "wait_seconds": frame["wait"].where(queued).astype("Int32"),
            "first_response_seconds": response.astype("Int32"),
            "concurrency": np.where(
                (frame["channel"] == "chat") & answered, np.where(rng.random(size) < 0.8, 2.0, 1.0), np.nan
            ),
            "resolved": pd.Series(resolved).where(answered).astype("boolean"),
            "transfers": pd.Series(np.where(rng.random(size) < 0.07, 1, 0)).where(answered).astype("Int32"),
            "reopens": pd.Series(np.where(written & (rng.random(size) < 0.1), 1, 0)).where(written).astype("Int32"),
        }
    )
    return _with_parents(table)


def _with_parents(table: pd.DataFrame) -> pd.DataFrame:
    """One callback in ten belongs to an abandoned call of the same day."""
    calls = table[(table["outcome"] == "abandoned") & (table["channel"] == "voice")]
    backs = table[table["channel"] == "callback"]
    day = table["started_at"].dt.date
    order = calls.groupby(day[calls.index]).cumcount(), backs.groupby(day[backs.index]).cumcount()
    left = pd.DataFrame({"day": day[backs.index], "place": order[1], "back": backs.index})
    right = pd.DataFrame({"day": day[calls.index], "place": order[0], "call": calls.index})
    pairs = left.merge(right, on=["day", "place"])
    # Few, so that a callback by itself stays a contact of its own in most cases.
    pairs = pairs[pairs["back"] > pairs["call"]].iloc[::10]
    parent = pd.Series(None, index=table.index, dtype="object")
    parent.loc[pairs["back"]] = table["contact_id"].to_numpy()[pairs["call"]]
    for column in ("customer_id", "reason", "product"):
        table.loc[pairs["back"], column] = table[column].to_numpy()[pairs["call"]]
    return table.assign(parent_contact_id=parent)


def surveys(rng: np.random.Generator, contacts: pd.DataFrame) -> pd.DataFrame:
    """Surveys sent after one answered contact in eight; about a quarter are answered.

    The score falls mildly with the wait and rises with a resolution.
    """
    chosen = contacts[(contacts["outcome"] == "answered") & (rng.random(len(contacts)) < 0.125)]
    size = len(chosen)
    mood = (
        3.75 + 0.7 * chosen["resolved"].astype("float64") - 0.004 * chosen["wait_seconds"].fillna(0).astype("float64")
    )
    csat = np.clip(np.round(mood + rng.normal(0, 1.0, size)), 1, 5)
    is_nps = rng.random(size) < 0.25
    score = np.where(is_nps, np.clip(np.round((csat - 1) * 2.5 + rng.normal(0, 1, size)), 0, 10), csat)
    replied = rng.random(size) < 0.25
    sent = chosen["started_at"] + pd.Timedelta(hours=1)
    replies = sent + pd.to_timedelta(rng.integers(300, 90_000, size), unit="s")
    return pd.DataFrame(
        {
            "survey_id": [f"s{number:05d}" for number in range(1, size + 1)],
            "contact_id": chosen["contact_id"],
            "sent_at": sent.astype("datetime64[s, UTC]"),
            "answered_at": replies.where(replied).astype("datetime64[s, UTC]"),
            "kind": np.where(is_nps, "nps", "csat"),
            "score": pd.Series(np.where(replied, score, np.nan), index=chosen.index).astype("Int8"),
            "scale_min": np.where(is_nps, 0, 1).astype("int8"),
            "scale_max": np.where(is_nps, 10, 5).astype("int8"),
        }
    )
