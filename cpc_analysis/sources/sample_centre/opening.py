"""When the centre is open, how busy its seasons and half-hours are, and local times as UTC."""

from __future__ import annotations

import numpy as np
import pandas as pd

__all__ = [
    "DAY", "DAYS_A_MONTH", "EVENING_CLOSE", "HALF_HOUR", "SEASON", "WEEKDAY", "ZONE", "calendar_factor", "local_moment",
    "months_of", "opening", "profile",
]  # fmt: skip

ZONE = "Europe/Copenhagen"
#: Seconds.
HALF_HOUR, DAY = 1800, 86_400
DAYS_A_MONTH = 30.44
#: Opening hours by weekday, Monday first [seconds of the local day].
_OPEN = ((8 * 3600, 18 * 3600),) * 5 + ((10 * 3600, 15 * 3600), (10 * 3600, 14 * 3600))
#: On weekdays calls are taken until then [seconds of the local day].
EVENING_CLOSE = 21 * 3600
WEEKDAY = np.array([1.18, 1.05, 1.0, 0.97, 0.95, 0.42, 0.24])
SEASON = np.array([1.14, 0.96, 0.95, 0.96, 0.97, 0.96, 0.88, 0.93, 0.97, 1.0, 1.12, 1.2])
_HOLIDAYS = {(1, 1), (12, 24), (12, 25), (12, 26), (12, 31)}


def opening(weekday: int) -> tuple[int, int]:
    """The seconds of the day at which the centre opens and closes."""
    return _OPEN[weekday]


def profile(weekday: int) -> np.ndarray:
    """The share of a day's live contacts in each half-hour of its opening: a peak before noon, a lower one after."""
    start, close = opening(weekday)
    half_hours = (close - start) // HALF_HOUR
    middle = (np.arange(half_hours) + 0.5) / half_hours
    weight = 0.55 + np.exp(-(((middle - 0.28) / 0.16) ** 2)) + 0.7 * np.exp(-(((middle - 0.68) / 0.15) ** 2))
    return weight / weight.sum()


def calendar_factor(days: pd.DatetimeIndex) -> np.ndarray:
    """How busy each day is by its weekday, its month and the holidays, against an ordinary weekday."""
    quiet = np.array([0.15 if (day.month, day.day) in _HOLIDAYS else 1.0 for day in days])
    return WEEKDAY[days.day_of_week] * SEASON[days.month - 1] * quiet


def months_of(days: pd.DatetimeIndex) -> np.ndarray:
    """The number of the month of each day, counted from the first."""
    return ((days.year - days[0].year) * 12 + days.month - days[0].month).to_numpy()


def local_moment(day: pd.Series, seconds: pd.Series | np.ndarray) -> pd.Series:
    """Local seconds of a day as UTC. Nothing happens at the hours when the clocks change."""
    local = pd.to_datetime(day) + pd.to_timedelta(np.asarray(seconds), unit="s")
    return local.dt.tz_localize(ZONE).dt.tz_convert("UTC").astype("datetime64[s, UTC]")
