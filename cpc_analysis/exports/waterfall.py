"""A waterfall as stacked bars: what carries each bar, unseen, and the bar above and below zero."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log10

__all__ = ["Bars", "Scale", "bars_of", "scale_of"]

#: A level is drawn as a line where the axis does not start at zero: as wide as this part of the axis.
_LINE = 0.006
#: From this part of the highest level on, effects are seen on an axis from zero.
_SEEN = 1 / 4


@dataclass(frozen=True)
class Scale:
    """An axis: where it begins and ends, and its step."""

    low: float
    high: float
    step: float


@dataclass(frozen=True)
class Bars:
    """The stacks of a waterfall, a value per category.

    Parameters
    ----------
    changes : tuple of float
        As they were given: levels first and last.
    starts, ends : tuple of float
        Where each bar begins and ends.
    base, above, below : tuple of float
        What carries the bar, and the bar above and below zero.
    line : float
        How wide the line of a level is; zero where levels are bars from zero.
    scale : Scale
        Of the axis of values.
    """

    changes: tuple[float, ...]
    starts: tuple[float, ...]
    ends: tuple[float, ...]
    base: tuple[float, ...]
    above: tuple[float, ...]
    below: tuple[float, ...]
    line: float
    scale: Scale


def bars_of(changes: Sequence[float]) -> Bars:
    """The stacks of a waterfall from its levels and changes.

    Parameters
    ----------
    changes : sequence of float
        The level before, the changes, the level after.

    Examples
    --------
    >>> bars = bars_of([4.0, -6.0, 3.0, 1.0])
    >>> bars.base, bars.above, bars.below
    ((0.0, 0.0, 0.0, 0.0), (4.0, 4.0, 1.0, 1.0), (0.0, -2.0, -2.0, 0.0))
    """
    changes = tuple(map(float, changes))
    levels = [changes[0]]
    for change in changes[1:-1]:
        levels.append(levels[-1] + change)
    every = [*levels, changes[-1]]
    low, high = min(every), max(every)
    is_cut = low > 0 and high - low < _SEEN * high
    line = _LINE * ((high - low) or abs(high) or 1.0) * 1.4 if is_cut else 0.0
    starts = [changes[0] - line if is_cut else 0.0, *levels[:-1], changes[-1] - line if is_cut else 0.0]
    ends = every
    pairs = [(min(pair), max(pair)) for pair in zip(starts, ends, strict=True)]
    return Bars(
        changes, tuple(starts), tuple(ends),
        base=tuple(max(least, 0.0) + min(most, 0.0) for least, most in pairs),
        above=tuple(max(most, 0.0) - max(least, 0.0) for least, most in pairs),
        below=tuple(min(least, 0.0) - min(most, 0.0) for least, most in pairs),
        line=line,
        scale=scale_of(low if is_cut else min(low, 0.0), high if is_cut else max(high, 0.0), room=0.22),
    )  # fmt: skip


def scale_of(low: float, high: float, room: float = 0.05) -> Scale:
    """An axis of round numbers around the values, with a part of their range left free beyond them.

    Examples
    --------
    >>> scale_of(0.0, 93.0)
    Scale(low=0.0, high=100.0, step=20.0)
    """
    span = (high - low) or abs(high) or 1.0
    below = low - 0.06 * span if low != 0 else 0.0
    above = high + room * span if high != 0 else 0.0
    raw = ((above - below) or 1.0) / 6
    size = 10.0 ** floor(log10(raw))
    step = size * min((nice for nice in (1, 2, 2.5, 5, 10) if nice * size >= raw), default=10)
    first, last = floor(below / step + 1e-9), max(-floor(-above / step + 1e-9), floor(below / step + 1e-9) + 1)
    return Scale(round(first * step, 10), round(last * step, 10), round(step, 10))
