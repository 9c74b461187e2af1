"""Verdicts: how often they cry out where only chance went on, and what they find, beside moving ranges with Holm.

Prints, for each noise and history, in how many of 400 bridges of 20 lines any line is called out of the ordinary, and
how often a shift of one line in the last month is, by its size in standard deviations of the monthly level. The noise
is of monthly levels; the effects are the differences from month to month, so that neighbours share a level. The seeds
were fixed before the first run.

    python benchmarks/verdicts.py              all noises, some minutes
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.stats import t as student

from cpc_analysis.models.bridge.verdicts import OUT, History, verdicts

BRIDGES, LINES = 400, 20
HISTORIES = (13, 21, 28)
SHIFTS = (4.0, 6.0, 8.0)
#: The lines with heavy tails among normal ones, and the line that is shifted: a normal one where there are any.
HEAVY = 5
SHIFTED = LINES - 1
SCALE = 100.0

Noise = Callable[[np.random.Generator, int, int], np.ndarray]
Method = Callable[[History], np.ndarray]


def normal(random: np.random.Generator, months: int, lines: int) -> np.ndarray:
    return random.normal(size=(months, lines))


def autoregressive(random: np.random.Generator, months: int, lines: int) -> np.ndarray:
    """AR(1) with 0.5, of standard deviation 1 from the first month on."""
    levels = random.normal(size=(months, lines))
    for month in range(1, months):
        levels[month] = 0.5 * levels[month - 1] + np.sqrt(0.75) * levels[month]
    return levels


def seasonal(random: np.random.Generator, months: int, lines: int) -> np.ndarray:
    """A season of 3 standard deviations of what is left beside it, by calendar month."""
    season = 3.0 * random.normal(size=(12, lines))
    return random.normal(size=(months, lines)) + season[np.arange(months) % 12]


def student_3(random: np.random.Generator, months: int, lines: int) -> np.ndarray:
    return random.standard_t(3.0, size=(months, lines)) / np.sqrt(3.0)


def lognormal(random: np.random.Generator, months: int, lines: int) -> np.ndarray:
    variance = 0.8**2
    deviation = np.sqrt((np.exp(variance) - 1.0) * np.exp(variance))
    return random.lognormal(sigma=0.8, size=(months, lines)) / deviation


def _heavy_among_normal(heavy: Noise) -> Noise:
    def levels(random: np.random.Generator, months: int, lines: int) -> np.ndarray:
        return np.hstack([heavy(random, months, HEAVY), normal(random, months, lines - HEAVY)])

    return levels


NOISES: dict[str, Noise] = {
    "normal": normal,
    "AR(1) 0.5": autoregressive,
    "season of 3": seasonal,
    "Student t3": student_3,
    "lognormal 0.8": lognormal,
    "5 of 20 t3": _heavy_among_normal(student_3),
    "5 of 20 lognormal": _heavy_among_normal(lognormal),
}


def history_of(levels: np.ndarray, random: np.random.Generator) -> History:
    """The bridges from month to month of levels; the number of workdays says nothing."""
    effects = np.diff(levels, axis=0)
    workdays = random.integers(-3, 4, len(effects)).astype(float)
    return History(effects, workdays, np.arange(1, len(levels)) % 12)


def cries(method: Method, noise: str, periods: int, bridges: int = BRIDGES, shift: float = 0.0) -> np.ndarray:
    """Which lines a method calls out of the ordinary, bridges by lines, with the last line shifted in the last month.

    The seed is of the noise and the history only: all methods and shifts meet the same chance.
    """
    random = np.random.default_rng([list(NOISES).index(noise), periods])
    found = []
    for _ in range(bridges):
        levels = NOISES[noise](random, periods + 2, LINES)
        levels[-1, SHIFTED] += shift
        found.append(method(history_of(levels, random)))
    return np.array(found)


def family_maximum(history: History) -> np.ndarray:
    """The verdicts of this package."""
    return np.array([verdict == OUT for verdict in verdicts(history, SCALE)])


def moving_ranges(history: History) -> np.ndarray:
    """The peer: mean moving ranges as the spread of normal numbers, Student's t, Holm's correction at 5 percent."""
    chances = np.array([_chance(history, series) for series in history.effects.T])
    rejected = np.zeros(len(chances), dtype=bool)
    for rank, place in enumerate(np.argsort(chances, kind="stable")):
        if chances[place] > 0.05 / (len(chances) - rank):
            break
        rejected[place] = True
    return rejected


def _chance(history: History, series: np.ndarray) -> float:
    design = np.column_stack([np.ones(len(series)), history.workdays])
    rows = _against_season(history, series)
    if rows is not None and _sizes(*rows).mean() < 0.7 * _sizes(series, design).mean():
        return _prediction(*rows, 0.3)
    return _prediction(series, design, 0.6)


def _against_season(history: History, series: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
    effects, days = [], []
    for place, season in enumerate(history.season):
        earlier = np.flatnonzero(history.season[:place] == season)
        if len(earlier):
            size = np.sqrt(1.0 + 1.0 / len(earlier))
            effects.append((series[place] - series[earlier].mean()) / size)
            days.append((history.workdays[place] - history.workdays[earlier].mean()) / size)
    return (np.array(effects), np.array(days)[:, None]) if len(effects) > 10 else None


def _sizes(series: np.ndarray, design: np.ndarray) -> np.ndarray:
    past, rows = series[:-1], design[:-1]
    return np.abs(past - rows @ np.linalg.lstsq(rows, past, rcond=None)[0])


def _prediction(series: np.ndarray, design: np.ndarray, efficiency: float) -> float:
    size = _sizes(series, design)
    kept = size <= 3.267 * size.mean()
    past, rows, now = series[:-1][kept], design[:-1][kept], design[-1]
    fit, _, rank, _ = np.linalg.lstsq(rows, past, rcond=None)
    off, mean = abs(series[-1] - now @ fit), np.abs(past - rows @ fit).mean()
    freedom = max(len(past) - int(rank), 1)
    spread = np.sqrt(np.pi / 2.0) * mean * np.sqrt(len(past) / freedom)
    leverage = float(now @ np.linalg.pinv(rows.T @ rows) @ now)
    return float(2.0 * student.sf(off / (spread * np.sqrt(1.0 + leverage)), efficiency * freedom))


METHODS: dict[str, Method] = {"moving ranges, Student t, Holm": moving_ranges, "family maximum": family_maximum}


def main() -> None:
    for name, method in METHODS.items():
        print(f"\n{name}")
        print(f"{'':20}{'false alarms of ' + str(BRIDGES):>24}   found, of shifts of {SHIFTS} standard deviations")
        print(f"{'history':20}" + "".join(f"{periods:8}" for periods in HISTORIES)
              + "".join(f"{f'{shift:.0f} at {periods}':>10}" for periods in HISTORIES for shift in SHIFTS))  # fmt: skip
        for noise in NOISES:
            alarms = [int(cries(method, noise, periods).any(axis=1).sum()) for periods in HISTORIES]
            power = [cries(method, noise, periods, shift=shift)[:, SHIFTED].mean()
                     for periods in HISTORIES for shift in SHIFTS]  # fmt: skip
            print(f"{noise:20}" + "".join(f"{count:8}" for count in alarms)
                  + "".join(f"{share:10.3f}" for share in power), flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
