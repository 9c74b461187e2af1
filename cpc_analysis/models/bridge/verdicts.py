"""Whether the effects of a change are out of the ordinary, judged against the same comparison in earlier periods."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cpc_analysis.models.bridge.ordinary import TAKEN_BACK, ordinary_reach, tail_of, unforeseen

__all__ = ["FEWEST_PERIODS", "LEVEL", "OUT", "TOO_LITTLE", "WITHIN", "History", "Judgement", "judge", "verdicts"]

OUT, WITHIN, TOO_LITTLE = "out of the ordinary", "within the usual", "too little history"
#: With fewer earlier periods the usual variation is not known.
FEWEST_PERIODS = 12
#: The chance that an ordinary change is called out of the ordinary, all effects of a bridge together.
LEVEL = 0.05

#: Effects are adjusted for their mean and for workdays where these are so many standard errors off nothing, and for
#: the season where it leaves so much less of their size; less may be chance.
_SURE = 3.0
_SEASON_SHOWS = 0.7
#: Workdays that differ by less are rounding.
_SAME = 1e-9


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
        `OUT`, `WITHIN` or `TOO_LITTLE` for each effect.
    detectable : ndarray of shape (effects,)
        The smallest change that would be called out of the ordinary in half of all cases [unit of the effects];
        zero where nothing ever moved, missing with too little history.
    """

    verdicts: list[str]
    detectable: np.ndarray


@dataclass(frozen=True)
class _Lines:
    """Effects less what is usual, those of one number of earlier periods.

    Parameters
    ----------
    places : ndarray of shape (lines,)
        Which of the effects they are.
    deviations : ndarray of shape (periods + 1, lines)
        How far each effect was from the usual; the one to judge in the last row, of the same spread.
    fitted : ndarray of shape (lines,)
        How many coefficients say what is usual.
    spread : ndarray of shape (lines,)
        What the deviation to judge was divided by, so that it is of the same spread.
    """

    places: np.ndarray
    deviations: np.ndarray
    fitted: np.ndarray
    spread: np.ndarray

    def __len__(self) -> int:
        return len(self.deviations) - 1

    def those(self, which: np.ndarray) -> _Lines:
        return _Lines(self.places[which], self.deviations[:, which], self.fitted[which], self.spread[which])

    def sizes(self, periods: int) -> np.ndarray:
        """The size of the deviations in so many of the latest earlier periods."""
        return _sizes(self.deviations[:-1][-periods:], self.fitted)


def verdicts(history: History, scale: float) -> list[str]:
    """A verdict for each effect of the last comparison, as `judge` gives it."""
    return judge(history, scale).verdicts


def judge(history: History, scale: float) -> Judgement:
    """A verdict for each effect of the last comparison, all of them together, and what they would have found.

    Parameters
    ----------
    history : History
        What to judge against, and what to judge.
    scale : float
        The size of the whole; what is a billionth of it counts as no effect.

    Notes
    -----
    Invoices are heavy-tailed: once in a while an ordinary one is far larger than its usual variation suggests. So each
    effect is divided by its own root mean square in earlier periods, the shape of the tails is estimated over all
    effects together, and an effect is out of the ordinary where it lies beyond what the largest of so many ordinary
    effects of that shape reaches in 5 of 100 simulated bridges. An effect that moves for the first time is so too.
    Of bridges of 20 lines with nothing but noise, 0 to 7 in 100 cry out at 13 to 28 earlier periods, most of them where
    tails are lognormal or a few lines have far heavier ones than the others (`benchmarks/verdicts.py`).

    What is usual is no effect; or the mean, and what the workdays make, where these are three standard errors off
    nothing; or the same season of earlier years, with at least twelve periods that have one, where that leaves under
    seven tenths of the size. And because an odd month shifts two comparisons - it comes and it goes - an effect must
    also be out of the ordinary in what it does not take back of the one before; the part that is taken back, at most
    a half, is estimated over all effects.

    References
    ----------
    Tukey, *Exploratory Data Analysis*, 1977, and Hoaglin, "Summarizing Shape Numerically: The g-and-h Distributions",
    in Hoaglin, Mosteller and Tukey, *Exploring Data Tables, Trends, and Shapes*, 1985 (the shapes of tails). Westfall
    and Young, *Resampling-Based Multiple Testing*, 1993 (the largest of a family).

    Examples
    --------
    >>> random = np.random.default_rng(1)
    >>> levels = random.normal(size=(26, 4))
    >>> levels[-1, 2] += 9.0
    >>> history = History(np.diff(levels, axis=0), workdays=np.zeros(25), season=np.arange(25) % 12)
    >>> judge(history, scale=100.0).verdicts[2]
    'out of the ordinary'
    """
    count = history.effects.shape[1]
    if len(history) < FEWEST_PERIODS:
        return Judgement([TOO_LITTLE] * count, np.full(count, np.nan))
    is_out, detectable = np.zeros(count, dtype=bool), np.zeros(count)
    least = 1e-9 * scale
    moving = []
    for lines in _against_usual(history):
        moved = lines.sizes(len(lines)) > least
        still = lines.those(~moved)
        is_out[still.places] = np.abs(still.deviations[-1]) > least
        if moved.any():
            moving.append(lines.those(moved))
    if moving:
        _judge_together(moving, is_out, detectable)
    return Judgement([OUT if out else WITHIN for out in is_out], detectable)


def _judge_together(moving: list[_Lines], is_out: np.ndarray, detectable: np.ndarray) -> None:
    """Fill in, at the places of lines that moved before, the verdict and the smallest change found."""
    taken_back = _taken_back(moving)
    surprises = [unforeseen(lines.deviations, taken_back) for lines in moving]
    tails = [tail_of(surprise[:-1]) for surprise in surprises]
    reaches = ordinary_reach(tails, [len(lines) for lines in moving], LEVEL)
    for lines, surprise, reach in zip(moving, surprises, reaches, strict=True):
        size = _sizes(surprise[:-1], lines.fitted)
        effect, rest = lines.deviations[-1], surprise[-1]
        beyond = np.minimum(np.abs(effect), np.abs(rest)) > reach.limit * size
        is_out[lines.places] = beyond & (effect * rest > 0)
        detectable[lines.places] = (reach.limit - reach.median) * size * lines.spread


def _taken_back(moving: list[_Lines]) -> float:
    """The part of an effect that the next one takes back, over all lines, each of size one."""
    products = squares = 0.0
    for lines in moving:
        past = lines.deviations[:-1] / lines.sizes(len(lines))
        products += float((past[1:] * past[:-1]).sum())
        squares += float((past[:-1] ** 2).sum())
    return float(np.clip(-products / squares, 0.0, TAKEN_BACK))


def _against_usual(history: History) -> list[_Lines]:
    """Effects less what is usual: in all periods, and in the same season where that leaves far less."""
    workdays = history.workdays - history.workdays[:-1].mean()
    plain = _adjusted(_adjusted(_as_they_are(history.effects, 1.0), np.ones(len(workdays))), workdays)
    effects, workdays, spread = _against_season(history)
    periods = len(effects) - 1
    if periods < FEWEST_PERIODS:
        return [plain]
    seasonal = _adjusted(_as_they_are(effects, spread), workdays)
    shows = seasonal.sizes(periods) < _SEASON_SHOWS * plain.sizes(periods)
    return [plain.those(~shows), seasonal.those(shows)]


def _as_they_are(effects: np.ndarray, spread: float) -> _Lines:
    lines = effects.shape[1]
    return _Lines(np.arange(lines), effects, np.zeros(lines), np.full(lines, spread))


def _adjusted(lines: _Lines, column: np.ndarray) -> _Lines:
    """Deviations less what a column says of them, where it surely says something.

    Columns that are adjusted for one after the other are orthogonal over the earlier periods.
    """
    past = column[:-1]
    squares = past @ past
    if squares < _SAME:
        return lines
    slope = past @ lines.deviations[:-1] / squares
    left = lines.deviations - np.outer(column, slope)
    error = _sizes(left[:-1], lines.fitted + 1) / np.sqrt(squares)
    shows = np.abs(slope) > _SURE * error
    # What is judged was no part of the fit, and lies off by its error too.
    spread = np.sqrt(1.0 + column[-1] ** 2 / squares)
    left[-1] /= spread
    return _Lines(
        places=lines.places,
        deviations=np.where(shows, left, lines.deviations),
        fitted=lines.fitted + shows,
        spread=np.where(shows, lines.spread * spread, lines.spread),
    )


def _against_season(history: History) -> tuple[np.ndarray, np.ndarray, float]:
    """Each effect and workdays less their mean in the same season of earlier years, and what the last was divided by.

    All are divided so that they are of equal spread; empty where the season to judge had none.
    """
    effects, workdays, spread = [], [], 1.0
    for place, season in enumerate(history.season):
        earlier = np.flatnonzero(history.season[:place] == season)
        if len(earlier):
            spread = float(np.sqrt(1.0 + 1.0 / len(earlier)))
            effects.append((history.effects[place] - history.effects[earlier].mean(axis=0)) / spread)
            workdays.append((history.workdays[place] - history.workdays[earlier].mean()) / spread)
    if not (history.season[:-1] == history.season[-1]).any():
        return history.effects[:0], history.workdays[:0], 1.0
    return np.array(effects), np.array(workdays), spread


def _sizes(deviations: np.ndarray, fitted: np.ndarray) -> np.ndarray:
    """The root mean square of each line, less what was fitted."""
    freedom = np.maximum(len(deviations) - fitted, 1)
    return np.sqrt((deviations**2).sum(axis=0) / freedom)
