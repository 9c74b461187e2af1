"""How far effects go when nothing but the usual goes on, by how heavy their tails are: simulated, once for a length."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

__all__ = ["TAKEN_BACK", "Reach", "ordinary_reach", "tail_of", "unforeseen"]

#: Of an effect that shares its period with the next one, the part that the next one takes back on average: that of
#: levels without memory.
TAKEN_BACK = 0.5

#: Shapes of tails, as h of Tukey's h distribution: 0 is normal, a third near Student's t with 3 degrees of freedom.
_SHAPES = np.linspace(0.0, 0.5, 11)
#: What is known of the shape before a line is seen: invoices are seldom normal.
_USUAL_SHAPE, _SHAPE_SPREAD = 0.2, 0.2
#: A line whose tail lies so many standard deviations beyond the heaviest shape has had an event, which tells of it
#: alone; its own size holds it, and the shape is estimated without it.
_EVENT = 1.5

_SEED, _HISTORIES = 3, 4_000
#: Distances that chances are known for, in sizes of a line: near ones for the median, then those of limits.
_DISTANCES = np.concatenate([np.linspace(-0.5, 0.0, 6), np.geomspace(1.5, 100.0, 40)])
#: A chance that is none.
_NEVER = 1e-300
#: Where the table of normal chances stands; beyond it there is nothing.
_NORMAL = np.linspace(-9.0, 9.0, 1_801)


@dataclass(frozen=True)
class Reach:
    """How far ordinary effects reach, in sizes of their line.

    Parameters
    ----------
    limit : float
        The largest of the family lies beyond it with the chance asked for.
    median : float
        The median of what is compared with it: half of all shifts by `limit` - `median` go beyond.
    """

    limit: float
    median: float


@dataclass(frozen=True)
class _Ordinary:
    """Simulated lines of one length; rows are shapes.

    Parameters
    ----------
    tail, spread : ndarray of shape (shapes,)
        Mean and standard deviation of `tail_of` over the lines that had no event.
    event : float
        From which `tail_of` on a line has had one.
    above : ndarray of shape (shapes, distances)
        The chance that a line's next effect, and what of it was not foreseen, lie above each distance.
    """

    tail: np.ndarray
    spread: np.ndarray
    event: float
    above: np.ndarray


def unforeseen(effects: np.ndarray, taken_back: float) -> np.ndarray:
    """Each effect without what it takes back of the one before; the first has none before and is left out.

    Parameters
    ----------
    effects : ndarray of shape (rows, lines)
        Effects of comparisons that follow each other.
    taken_back : float
        The part that is taken back on average.
    """
    return effects[1:] + taken_back * effects[:-1]


def tail_of(effects: np.ndarray) -> np.ndarray:
    """How heavy the tail of each line is: the logarithm of its kurtosis about zero; missing where all is zero.

    Parameters
    ----------
    effects : ndarray of shape (rows, lines)
        Earlier effects.
    """
    squares = effects**2
    with np.errstate(invalid="ignore"):
        return np.log((squares**2).mean(axis=0) / squares.mean(axis=0) ** 2)


def ordinary_reach(tails: Sequence[np.ndarray], periods: Sequence[int], chance: float) -> list[Reach]:
    """How far the largest effect of a family reaches, for each group of its lines.

    Parameters
    ----------
    tails : sequence of ndarray
        `tail_of` the lines of each group; a missing one tells nothing, but is one of the family.
    periods : sequence of int
        How many earlier effects the lines of each group have.
    chance : float
        Of one ordinary effect beyond the limit, all lines together.

    Notes
    -----
    All lines have one shape, known by the posterior of their tails; the largest of `n` independent lines lies within a
    distance with the chance of one to the power of `n`, averaged over the shapes. Lines that depend on each other lie
    beyond it less often.
    """
    kinds = [_ordinary(count) for count in periods]
    shapes = _posterior(tails, kinds)
    family = sum(len(tail) for tail in tails)
    found = []
    for kind in kinds:
        # Tails are symmetric: below is as likely as above.
        within = np.clip(1.0 - 2.0 * kind.above, 0.0, 1.0) ** family
        beyond = np.maximum(shapes @ (1.0 - within), _NEVER)
        # Chances fall by orders of magnitude from one distance to the next, their logarithms evenly.
        limit = np.interp(-np.log(chance), -np.log(beyond), _DISTANCES)
        median = np.interp(-0.5, -(shapes @ kind.above), _DISTANCES)
        found.append(Reach(limit=float(limit), median=float(median)))
    return found


def _posterior(tails: Sequence[np.ndarray], kinds: Sequence[_Ordinary]) -> np.ndarray:
    """The weight of each shape, by the tails of the lines that had no event."""
    weight = -0.5 * ((_SHAPES - _USUAL_SHAPE) / _SHAPE_SPREAD) ** 2
    for tail, kind in zip(tails, kinds, strict=True):
        of_shape = tail[tail <= kind.event, None]
        off = (of_shape - kind.tail) / kind.spread
        weight = weight - (0.5 * off**2 + np.log(kind.spread)).sum(axis=0)
    likely = np.exp(weight - np.max(weight))
    return likely / likely.sum()


@lru_cache(maxsize=64)
def _ordinary(periods: int) -> _Ordinary:
    """Lines of so many earlier effects, of levels without memory, for each shape of tail."""
    # The same numbers for all shapes, so that what differs between them is no chance.
    normal = np.random.default_rng(_SEED).normal(size=(periods + 1, _HISTORIES))
    chances = np.array([math.erfc(place / math.sqrt(2.0)) / 2.0 for place in _NORMAL])
    simulated = [_of_shape(normal, shape, chances) for shape in _SHAPES]
    heaviest = simulated[-1][0]
    event = float(heaviest.mean() + _EVENT * heaviest.std())
    calm = [tail[tail <= event] for tail, _ in simulated]
    return _Ordinary(
        tail=np.array([tail.mean() for tail in calm]),
        spread=np.array([tail.std() for tail in calm]),
        event=event,
        above=np.array([above for _, above in simulated]),
    )


def _of_shape(normal: np.ndarray, shape: float, chances: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The tail of each history, and the chance that the next effect lies above each distance, over all histories.

    `chances` are those of a normal number above each of `_NORMAL`.
    """
    levels = _heavier(normal, shape)
    effects = np.diff(levels, axis=0)
    past = unforeseen(effects, TAKEN_BACK)
    size = np.sqrt((past**2).mean(axis=0))
    # The next effect and what of it was not foreseen are above a distance where its level is above both by as much.
    foreseen = levels[-1] - TAKEN_BACK * effects[-1]
    start = np.maximum(levels[-1], foreseen)
    places = _heavier(_NORMAL, shape)
    above = [np.interp(start + distance * size, places, chances).mean() for distance in _DISTANCES]
    return tail_of(past), np.array(above)


def _heavier(normal: np.ndarray, shape: float) -> np.ndarray:
    """Tukey's h distribution of normal numbers."""
    return normal * np.exp(0.5 * shape * normal**2)
