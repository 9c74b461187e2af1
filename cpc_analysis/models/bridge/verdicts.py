"""Whether the effects of a change are out of the ordinary, judged against the same comparison in earlier periods."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

__all__ = ["FEWEST_PERIODS", "LEVEL", "OUT", "RANGE_LIMIT", "TOO_LITTLE", "WITHIN", "History", "verdicts"]

OUT, WITHIN, TOO_LITTLE = "out of the ordinary", "within the usual", "too little history"
#: With fewer earlier periods the usual variation is not known.
FEWEST_PERIODS = 12
#: The chance that an ordinary change is called out of the ordinary, all effects of a bridge together.
LEVEL = 0.05

_SEASONS_TO_COMPARE = 10
#: Only where it leaves so much less of the deviation does the season show; less may be chance.
_SEASON_SHOWS = 0.7
#: Mean absolute deviation to standard deviation, of normal numbers.
_DEVIATION = np.sqrt(np.pi / 2.0)
#: What the mean range knows of the spread, against the standard deviation: ranges share their periods, those against
#: the mean of few earlier years still more.
_EFFICIENCY, _SEASONAL_EFFICIENCY = 0.6, 0.3
#: Upper limit of a moving range of two, in mean moving ranges.
RANGE_LIMIT = 3.267


@dataclass(frozen=True)
class History:
    """The same comparison in earlier periods, oldest first, and now last.

    Parameters
    ----------
    effects : ndarray of shape (periods + 1, effects)
        The effects of each comparison, the one to judge in the last row.
    workdays : ndarray of shape (periods + 1,)
        How many workdays more the period had than what it is compared with.
    season : ndarray of shape (periods + 1,)
        The season of the year that each period lies in, such as the number of its month.
    """

    effects: np.ndarray
    workdays: np.ndarray
    season: np.ndarray

    def __len__(self) -> int:
        return len(self.effects) - 1


def verdicts(history: History, scale: float) -> list[str]:
    """A verdict for each effect of the last comparison, all of them together.

    Parameters
    ----------
    history : History
        What to judge against, and what to judge.
    scale : float
        The size of the whole; what is a billionth of it counts as no effect.

    Notes
    -----
    From one period to the next the effects are the moving ranges of their factor's contribution. Adjusted for
    workdays, and by the same season of earlier years where that leaves under seven tenths of the deviation, their
    mean size gives the usual variation; a range beyond its own limit (3.267 means) is left out of it once. An effect
    farther off than that explains - Student's t, Holm's correction over all effects at 5 percent - is out of the
    ordinary.

    References
    ----------
    Wheeler, *Understanding Variation*, 1993 (moving-range limits). Holm, "A simple sequentially rejective multiple
    test procedure", Scandinavian Journal of Statistics 6(2), 1979. Cryer and Ryan, "The Estimation of Sigma for an X
    Chart", Journal of Quality Technology 22(3), 1990 (the mean moving range knows about 0.6 of what the standard
    deviation does).
    """
    if len(history) < FEWEST_PERIODS:
        return [TOO_LITTLE] * history.effects.shape[1]
    least = 1e-9 * scale
    chances = np.array([_chance(history, series, least) for series in history.effects.T])
    moving = (np.abs(history.effects) > least).any(axis=0)
    return [OUT if rejected else WITHIN for rejected in _holm(np.where(moving, chances, 1.0), int(moving.sum()))]


def _holm(chances: np.ndarray, family: int) -> np.ndarray:
    rejected = np.zeros(len(chances), dtype=bool)
    for rank, place in enumerate(np.argsort(chances, kind="stable")[:family]):
        if chances[place] > LEVEL / (family - rank):
            break
        rejected[place] = True
    return rejected


def _chance(history: History, series: np.ndarray, least: float) -> float:
    """The chance of an effect as far off as the last one, if nothing but the usual went on."""
    level = np.column_stack([np.ones(len(series)), history.workdays])
    rows = _against_season(history, series)
    if rows is not None and _sizes(*rows).mean() < _SEASON_SHOWS * _sizes(series, level).mean():
        return _prediction(*rows, least, _SEASONAL_EFFICIENCY)
    return _prediction(series, level, least, _EFFICIENCY)


def _against_season(history: History, series: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
    """Each effect and workdays less their mean in the same season of earlier years, of equal spread."""
    effects, days = [], []
    for place, season in enumerate(history.season):
        earlier = np.flatnonzero(history.season[:place] == season)
        if len(earlier):
            size = np.sqrt(1.0 + 1.0 / len(earlier))
            effects.append((series[place] - series[earlier].mean()) / size)
            days.append((history.workdays[place] - history.workdays[earlier].mean()) / size)
        elif place == len(series) - 1:
            return None
    if len(effects) <= _SEASONS_TO_COMPARE:
        return None
    return np.array(effects), np.array(days)[:, None]


def _sizes(series: np.ndarray, design: np.ndarray) -> np.ndarray:
    """How far each effect but the last is from what the design explains."""
    past, rows = series[:-1], design[:-1]
    return np.abs(past - rows @ np.linalg.lstsq(rows, past, rcond=None)[0])


def _prediction(series: np.ndarray, design: np.ndarray, least: float, efficiency: float) -> float:
    """The chance that the last effect is as far as it is from what the design and the others say."""
    from scipy.stats import t as student

    size = _sizes(series, design)
    kept = size <= max(RANGE_LIMIT * size.mean(), least)
    past, rows, now = series[:-1][kept], design[:-1][kept], design[-1]
    fit, _, rank, _ = np.linalg.lstsq(rows, past, rcond=None)
    off, mean = abs(series[-1] - now @ fit), np.abs(past - rows @ fit).mean()
    if mean <= least:
        return 0.0 if off > least else 1.0
    freedom = max(len(past) - int(rank), 1)
    spread = _DEVIATION * mean * np.sqrt(len(past) / freedom)
    leverage = float(now @ np.linalg.pinv(rows.T @ rows) @ now)
    return float(2.0 * student.sf(off / (spread * np.sqrt(1.0 + leverage)), efficiency * freedom))
