"""Whether the effects of a change are out of the ordinary, judged against the same comparison in earlier periods."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cpc_analysis.models.bridge.ordinary import TAKEN_BACK, limits, surprises, tail_of

__all__ = ["FEWEST_PERIODS", "LEVEL", "OUT", "TOO_LITTLE", "WITHIN", "History", "Judgement", "judge", "verdicts"]

OUT, WITHIN, TOO_LITTLE = "out of the ordinary", "within the usual", "too little history"
#: With fewer earlier periods the usual variation is not known.
FEWEST_PERIODS = 12
#: The chance that an ordinary change is called out of the ordinary, all effects of a bridge together.
LEVEL = 0.05

#: Only what leaves so much less of the deviation is adjusted for; less may be chance.
_SHOWS = 0.7


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


@dataclass(frozen=True)
class Judgement:
    """What is said of each effect of the last comparison.

    Parameters
    ----------
    verdicts : list of str
        One of `OUT`, `WITHIN` and `TOO_LITTLE` for each effect.
    detectable : ndarray of shape (effects,)
        The smallest change that would be called out of the ordinary in half of all cases [unit of the effects];
        missing with too little history.
    """

    verdicts: list[str]
    detectable: np.ndarray


@dataclass(frozen=True)
class _Deviations:
    """How far effects were from what was usual, of equal spread, and are now in the last row.

    Parameters
    ----------
    effects : ndarray of shape (rows + 1, effects)
        The deviations.
    fitted : ndarray of shape (effects,)
        How many coefficients the usual was fitted with.
    """

    effects: np.ndarray
    fitted: np.ndarray

    def __len__(self) -> int:
        return len(self.effects) - 1

    def sizes(self, rows: int) -> np.ndarray:
        """The root mean square of each effect over so many of the latest earlier rows."""
        squares = (self.effects[:-1][-rows:] ** 2).sum(axis=0)
        return np.sqrt(squares / np.maximum(rows - self.fitted, 1))

    def of(self, which: np.ndarray) -> _Deviations:
        return _Deviations(self.effects[:, which], self.fitted[which])


def verdicts(history: History, scale: float) -> list[str]:
    return judge(history, scale).verdicts


def judge(history: History, scale: float) -> Judgement:
    """..."""
    count = history.effects.shape[1]
    if len(history) < FEWEST_PERIODS:
        return Judgement([TOO_LITTLE] * count, np.full(count, np.nan))
    least = 1e-9 * scale
    groups = _deviations(history)
    # Nothing but what never moved is left where nothing deviates: any move of it is out of the ordinary.
    is_out, detectable = np.zeros(count, dtype=bool), np.zeros(count)
    moved = [places[found.sizes(len(found)) > least] for places, found in groups]
    for places, found in groups:
        is_out[places] = np.abs(found.effects[-1]) > least
    groups = [(places, found.of(found.sizes(len(found)) > least)) for places, found in groups]
    groups = [(places, found) for places, (_, found) in zip(moved, groups, strict=True) if len(places)]
    if groups:
        back = _taken_back([found for _, found in groups])
        unforeseen = [surprises(found.effects, back) for _, found in groups]
        reach = limits([tail_of(each[:-1]) for each in unforeseen], [len(found) for _, found in groups], LEVEL)
        for (places, found), each, (limit, lesser) in zip(groups, unforeseen, reach, strict=True):
            size = np.sqrt((each[:-1] ** 2).sum(axis=0) / np.maximum(len(each) - 1 - found.fitted, 1))
            far = np.minimum(np.abs(found.effects[-1]), np.abs(each[-1]))
            is_same = found.effects[-1] * each[-1] > 0
            is_out[places] = is_same & (far > limit * size)
            detectable[places] = (limit - lesser) * size
    return Judgement([OUT if out else WITHIN for out in is_out], detectable)


def _taken_back(groups: Sequence[_Deviations]) -> float:
    products = squares = 0.0
    for found in groups:
        past = found.effects[:-1] / found.sizes(len(found))
        products += float((past[1:] * past[:-1]).sum())
        squares += float((past[:-1] ** 2).sum())
    return float(np.clip(-products / squares, 0.0, TAKEN_BACK))


def _deviations(history: History) -> list[tuple[np.ndarray, _Deviations]]:
    ones = np.ones(len(history.effects))
    plain = _least([
        _from_usual(history.effects, np.empty((len(ones), 0))),
        _from_usual(history.effects, ones[:, None]),
        _from_usual(history.effects, np.column_stack([ones, history.workdays])),
    ])  # fmt: skip
    everywhere = np.arange(history.effects.shape[1])
    rows = _against_season(history)
    if rows is None or len(rows[0]) <= FEWEST_PERIODS:
        return [(everywhere, plain)]
    effects, days = rows
    seasonal = _least([_from_usual(effects, np.empty((len(days), 0))), _from_usual(effects, days[:, None])])
    count = len(seasonal)
    shows = seasonal.sizes(count) < _SHOWS * plain.sizes(count)
    return [(everywhere[~shows], plain.of(~shows)), (everywhere[shows], seasonal.of(shows))]


def _least(choices: Sequence[_Deviations]) -> _Deviations:
    best = choices[0]
    count = len(best)
    for other in choices[1:]:
        shows = other.sizes(count) < _SHOWS * best.sizes(count)
        best = _Deviations(np.where(shows, other.effects, best.effects), np.where(shows, other.fitted, best.fitted))
    return best


def _from_usual(effects: np.ndarray, design: np.ndarray) -> _Deviations:
    past, now = design[:-1], design[-1]
    fit = np.linalg.lstsq(past, effects[:-1], rcond=None)[0]
    deviations = effects - design @ fit
    leverage = float(now @ np.linalg.pinv(past.T @ past) @ now) if design.shape[1] else 0.0
    deviations[-1] /= np.sqrt(1.0 + leverage)
    return _Deviations(deviations, np.full(effects.shape[1], design.shape[1]))


def _against_season(history: History) -> tuple[np.ndarray, np.ndarray] | None:
    """Each effect and workdays less their mean in the same season of earlier years, of equal spread."""
    effects, days = [], []
    for place, season in enumerate(history.season):
        earlier = np.flatnonzero(history.season[:place] == season)
        if len(earlier):
            size = np.sqrt(1.0 + 1.0 / len(earlier))
            effects.append((history.effects[place] - history.effects[earlier].mean(axis=0)) / size)
            days.append((history.workdays[place] - history.workdays[earlier].mean()) / size)
        elif place == len(history):
            return None
    return np.array(effects), np.array(days)
