"""How far the largest of several effects goes when nothing but the usual goes on, by how heavy their tails are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

__all__ = ["TAKEN_BACK", "Ordinary", "limits", "ordinary", "surprises", "tail_of"]

SHAPES = np.linspace(0.0, 0.5, 11)
TAKEN_BACK = 0.5
_DISTANCES = np.geomspace(0.5, 200.0, 400)
_LINES = 10_000
_NOWS = 10
_SEED = 20


@dataclass(frozen=True)
class Ordinary:
    kurtosis: np.ndarray
    spread: np.ndarray
    within: np.ndarray
    lesser: np.ndarray


def surprises(effects, back):
    return effects[1:] + back * effects[:-1]


def tail_of(surprises: np.ndarray) -> np.ndarray:
    squares = surprises**2
    return np.log((squares**2).mean(axis=0) / squares.mean(axis=0) ** 2)


@lru_cache(maxsize=64)
def ordinary(rows: int) -> Ordinary:
    random = np.random.default_rng(_SEED)
    levels = random.normal(size=(_LINES, rows + 1))
    now = random.normal(size=(_LINES, _NOWS))
    found = [_of_shape(levels, now, shape) for shape in SHAPES]
    return Ordinary(*(np.array(part) for part in zip(*found, strict=True)))


def _of_shape(levels, now, shape):
    levels = levels * np.exp(shape / 2.0 * levels**2)
    now = now * np.exp(shape / 2.0 * now**2)
    effects = np.diff(levels, axis=1)
    surprises = effects[:, 1:] + TAKEN_BACK * effects[:, :-1]
    size = np.sqrt((surprises**2).mean(axis=1))[:, None]
    effect = (now - levels[:, -1:]) / size
    surprise = effect + TAKEN_BACK * effects[:, -1:] / size
    up = np.minimum(effect, surprise).ravel()
    down = np.minimum(-effect, -surprise).ravel()
    lesser = np.sort(np.concatenate([up, down]))
    beyond = 2.0 * (1.0 - np.searchsorted(lesser, _DISTANCES) / len(lesser))
    tails = tail_of(surprises.T)
    return tails.mean(), tails.std(), 1.0 - beyond, np.median(lesser)


def limits(tails, rows, level):
    kinds = [ordinary(count) for count in rows]
    likelihood = np.zeros(len(SHAPES))
    family = sum(len(t) for t in tails)
    for tail, kind in zip(tails, kinds, strict=True):
        z = (tail[:, None] - kind.kurtosis) / kind.spread
        likelihood -= (z**2 / 2.0 + np.log(kind.spread)).sum(axis=0)
    weights = np.exp(likelihood - likelihood.max())
    weights /= weights.sum()
    found = []
    for kind in kinds:
        chance = weights @ (1.0 - kind.within ** family)
        limit = np.exp(np.interp(-level, -chance, np.log(_DISTANCES)))
        found.append((limit, weights @ kind.lesser))
    return found
