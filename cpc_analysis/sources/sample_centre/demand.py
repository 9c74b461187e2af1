"""Demand: how many contacts there are, when they come, who asks about what, and who comes back."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cpc_analysis.sources.sample_centre.opening import (
    EVENING_CLOSE,
    HALF_HOUR,
    calendar_factor,
    months_of,
    opening,
    profile,
)  # fmt: skip
from cpc_analysis.sources.sample_centre.truths import Truths

__all__ = ["CHANNELS", "EVENING_SHARE", "arrivals", "daily_volumes"]

#: Contacts on an ordinary weekday, mean handle time and its spread [seconds].
CHANNELS: dict[str, tuple[float, float, float]] = {
    "voice": (330.0, 188.0, 240.0),
    "chat": (66.0, 560.0, 380.0),
    "email": (88.0, 390.0, 330.0),
    "social": (15.0, 260.0, 200.0),
    "callback": (6.0, 240.0, 220.0),
}
#: Of a weekday's calls, those after the day's groups have gone home.
EVENING_SHARE = 0.08
_SELF_SERVICE = {"web": 42.0, "voice": 18.0}
_MOVES_TO_SELF_SERVICE = ("voice", "chat", "email")
_WRITTEN = ("email", "social")
#: What is written comes between these seconds of the day, self-service a little later as well.
_WRITTEN_HOURS = (7 * 3600, 22 * 3600)
_SELF_SERVICE_HOURS = (6 * 3600, 23.5 * 3600)
_CUSTOMERS = 60_000


def daily_volumes(days: pd.DatetimeIndex, truths: Truths, volume: float) -> dict[str, np.ndarray]:
    """Expected contacts of each kind and day: trend, season, weekday and holidays, before the shocks of the months.

    Parameters
    ----------
    days : DatetimeIndex
        The local days.
    truths : Truths
        What is planted.
    volume : float
        Factor on all of it.

    Returns
    -------
    dict of str to ndarray of shape (days,)
        By channel; self-service as ``self web`` and ``self voice``.
    """
    years = (days - days[0]).days.to_numpy() / 365.25
    shape = volume * _allowed(days, truths).sum(axis=1) * calendar_factor(days) * (1 + truths.trend) ** years
    launched = days >= pd.Timestamp(truths.self_service_launch)
    volumes, taken = {}, np.zeros(len(days))
    for channel, (base, *_) in CHANNELS.items():
        expected = base * shape
        if channel in _MOVES_TO_SELF_SERVICE:
            moved = expected * truths.self_service_share * launched
            taken += moved
            expected = expected - moved
        if channel == "social" and truths.empty_social_month:
            expected = np.where(days.strftime("%Y-%m") == truths.empty_social_month, 0.0, expected)
        volumes[channel] = expected
    for channel, base in _SELF_SERVICE.items():
        volumes[f"self {channel}"] = base * shape + (taken if channel == "web" else 0.0)
    return volumes


def arrivals(
    rng: np.random.Generator, days: pd.DatetimeIndex, truths: Truths, volumes: dict[str, np.ndarray]
) -> pd.DataFrame:
    """Who contacts the centre when: the day's number, the second of the day, channel, product, reason, customer.

    `self` marks self-service, `repeat` a contact of a customer whose first one did not settle the matter.
    """
    month = months_of(days)
    parts = []
    for name, expected in volumes.items():
        is_self = name.startswith("self ")
        shock = 1.0 if is_self else np.exp(rng.normal(0, truths.volume_shock, month.max() + 1))[month]
        day = np.repeat(np.arange(len(days)), rng.poisson(expected * shock))
        parts.append(pd.DataFrame({"day": day, "channel": name.removeprefix("self "), "self": is_self}))
    frame = pd.concat(parts, ignore_index=True)
    frame["second"] = _seconds(rng, days, frame)
    frame["product"] = rng.choice(list(truths.products), len(frame), p=[share for share, _ in truths.products.values()])
    frame["reason"] = _reasons(rng, days, frame["day"].to_numpy(), truths)
    frame["customer"] = rng.integers(0, _CUSTOMERS, len(frame))
    frame["repeat"] = False
    frame = pd.concat([frame, _repeats(rng, days, frame, truths)], ignore_index=True)
    return frame.sort_values(["day", "second", "channel", "customer"], kind="stable", ignore_index=True)


def _seconds(rng: np.random.Generator, days: pd.DatetimeIndex, frame: pd.DataFrame) -> np.ndarray:
    """The second of the local day of each arrival."""
    weekday = days.day_of_week.to_numpy()[frame["day"]]
    place, evening = rng.random(len(frame)), rng.random(len(frame))
    second = np.zeros(len(frame))
    for number in range(7):
        here = weekday == number
        start, _ = opening(number)
        marks = np.concatenate([[0.0], np.cumsum(profile(number))])
        second[here] = np.interp(place[here], marks, start + HALF_HOUR * np.arange(len(marks)))
    late = (frame["channel"] == "voice").to_numpy() & (weekday < 5) & (evening < EVENING_SHARE)
    close = opening(0)[1]
    second = np.where(late, close + place * (EVENING_CLOSE - close), second)
    for chosen, (start, end) in (
        (frame["channel"].isin(_WRITTEN).to_numpy(), _WRITTEN_HOURS),
        (frame["self"].to_numpy(), _SELF_SERVICE_HOURS),
    ):
        second = np.where(chosen, start + place * (end - start), second)
    return second.astype("int64")


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
    return again.assign(second=_seconds(rng, days, again), repeat=True)
