"""How often an interval of 95 percent holds a share: as an average over days, and as the share that it is.

Answers of a day are alike to a degree: each day has a share of its own, and the days' shares have a beta
distribution. Every cell of the tables stands on runs of its own seed, fixed beforehand. Prints for each number of days,
correlation within days and number of answers the two coverages for each share: "before" by the symmetric interval of a
ratio, "after" by `measure`.

    python benchmarks/coverage.py              10,000 runs each; some minutes
    python benchmarks/coverage.py --runs 1000
"""

from __future__ import annotations

import argparse
import itertools
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from cpc_analysis.glossary import describe
from cpc_analysis.measuring.intervals import clustered_interval

LEVEL = 0.95
SEED = 13
RUNS = 10_000
SHARES = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.97)
ANSWERS = (50, 100, 200, 500, 1_000)
#: What must hold, and what is only reported.
DAYS, FEWER_DAYS = (20, 30, 60), (5, 7, 10, 14)
CORRELATIONS, MORE_CORRELATED = (0.0, 0.01, 0.02, 0.05), (0.1, 0.2)
#: How answers lie on the days of a week from Monday on: the same each day, or by chance and few at weekends.
EVEN, WEEKLY = "equal days", "days as they come, few at weekends"
WEIGHTS = (1.3, 1.2, 1.1, 1.0, 0.9, 0.3, 0.2)
#: The coverage that is asked for, and the tolerance on either side.
ASKED, TOLERANCE = (0.93, 0.97), 0.005

#: A share as it is, and as any other ratio.
AS_SHARE = describe("csat")
AS_AVERAGE = replace(AS_SHARE, unit="seconds")


@dataclass(frozen=True)
class Cell:
    """One kind of sample: the true share, how many answers on how many days, how alike within one, how spread."""

    share: float
    answers: int
    days: int
    correlation: float
    spread: str


def demanded() -> list[Cell]:
    """The samples for which the coverage must hold."""
    return _cells(DAYS, CORRELATIONS, (EVEN, WEEKLY))


def reported() -> list[Cell]:
    """Samples of fewer days, or more alike within a day."""
    fewer = _cells(FEWER_DAYS, CORRELATIONS[::3], (EVEN,))
    return fewer + _cells(DAYS[:2], MORE_CORRELATED, (EVEN,))


def _cells(days: tuple[int, ...], correlations: tuple[float, ...], spreads: tuple[str, ...]) -> list[Cell]:
    every = itertools.product(spreads, days, correlations, ANSWERS, SHARES)
    return [Cell(share, answers, day, correlation, spread) for spread, day, correlation, answers, share in every]


def drawn(cell: Cell, runs: int) -> pd.DataFrame:
    """Answers and satisfied ones of every run and day."""
    random = np.random.default_rng(
        [SEED, round(1000 * cell.share), cell.answers, cell.days, round(1000 * cell.correlation), cell.spread == EVEN]
    )
    if cell.spread == EVEN:
        answers = np.full(cell.days, cell.answers // cell.days)
        answers[: cell.answers % cell.days] += 1
        answers = np.tile(answers, (runs, 1))
    else:
        weights = np.resize(WEIGHTS, cell.days)
        answers = random.multinomial(cell.answers, weights / weights.sum(), size=runs)
    if cell.correlation:
        alike = 1 / cell.correlation - 1
        share = random.beta(cell.share * alike, (1 - cell.share) * alike, size=answers.shape)
    else:
        share = np.full(answers.shape, cell.share)
    satisfied = random.binomial(answers, share)
    run = np.repeat(np.arange(runs), cell.days)
    return pd.DataFrame({"run": run, "satisfied": satisfied.ravel(), "csat_answers": answers.ravel()})


def coverage(cell: Cell, runs: int = RUNS) -> dict[str, float]:
    """How many of the intervals hold the share, before and after."""
    days = drawn(cell, runs)
    rows = pd.DataFrame({"run": np.arange(runs)})
    found = {}
    for name, record in (("before", AS_AVERAGE), ("after", AS_SHARE)):
        low, high = clustered_interval(days, ("run",), record, LEVEL, rows)
        # Rounding decides nothing where an end is the share itself.
        found[name] = float(np.mean((low <= cell.share + 1e-12) & (high >= cell.share - 1e-12)))
    return found


def table(cells: list[Cell], runs: int = RUNS) -> pd.DataFrame:
    """The coverages of many cells, one row each."""
    return pd.DataFrame([vars(cell) | coverage(cell, runs) for cell in cells])


def _print(frame: pd.DataFrame) -> None:
    keys = ["spread", "days", "correlation", "answers"]
    wide = frame.pivot(index=keys, columns="share", values=["before", "after"]).swaplevel(axis=1)
    wide = wide.reindex(columns=pd.MultiIndex.from_product([SHARES, ["before", "after"]]))
    for spread, rows in wide.groupby(level="spread", sort=False):
        print(f"\n{spread}")
        print(rows.droplevel("spread").to_string(float_format="{:.3f}".format))


def _summary(frame: pd.DataFrame) -> None:
    low, high = ASKED
    for name in ("before", "after"):
        found = frame[name]
        outside = ~found.between(low, high)
        beyond = ~found.between(low - TOLERANCE, high + TOLERANCE)
        print(f"{name:>6}: {found.min():.4f} to {found.max():.4f}, mean {found.mean():.4f}; outside {low} to {high} "
              f"{outside.sum()}, also with the tolerance of {TOLERANCE} {beyond.sum()} of {len(frame)}")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS)
    options = parser.parse_args()
    for title, cells in (("What must hold", demanded()), ("What is only reported", reported())):
        print(f"\n{title}: coverage of an interval of {LEVEL:.0%}, {options.runs:,} runs each")
        frame = table(cells, options.runs)
        _print(frame)
        _summary(frame)


if __name__ == "__main__":
    main()
