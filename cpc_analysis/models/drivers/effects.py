"""Effects as rows to read: in percent with intervals, in seconds, and in the money of worked time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cpc_analysis.cells.counting import OWN_CHANNEL
from cpc_analysis.cells.work import work_frame
from cpc_analysis.costing.ledger import pools
from cpc_analysis.costing.worth import worth_on_cells
from cpc_analysis.models.drivers.regression import dependent_columns, time_ratios
from cpc_analysis.models.drivers.terms import LOAD
from cpc_analysis.schema import LABOUR_TYPES

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset
    from cpc_analysis.models.drivers.outcomes import Outcome
    from cpc_analysis.models.drivers.regression import Fit
    from cpc_analysis.models.drivers.terms import Term

__all__ = ["effects_frame", "money_of", "unknown_money"]

#: What becomes of worked time that is no longer needed.
_OF_TIME = ("cash", "released_capacity")


def effects_frame(
    cells: pd.DataFrame, terms: list[Term], fit: Fit, money: pd.DataFrame, outcome: Outcome, level: float
) -> pd.DataFrame:
    """One row per level, as `DriverModel.to_frame` gives it; `money` is that of `money_of`."""
    compared = np.array([not term.is_reference for term in terms])
    drivers = np.array([term.driver for term in terms])
    effects, halves = np.zeros(len(terms)), np.zeros(len(terms))
    effects[compared] = fit.effects
    halves[compared] = fit.half_widths(_single_levels(drivers[compared], level))
    # The verdict and the interval are one: clear is what the interval leaves no zero in.
    clear = np.abs(effects) > halves
    amount, contacts = (cells[name].to_numpy(dtype="float64") for name in ("amount", "contacts"))
    rows = []
    for place, term in enumerate(terms):
        estimates = term.step * (effects[place] + halves[place] * np.array([0.0, -1.0, 1.0]))
        percent = 100 * (np.expm1(estimates) if outcome.is_time else estimates)
        mean = amount[term.base].sum() / contacts[term.base].sum()
        rows.append(
            {
                "driver": term.driver,
                "level": term.level,
                "reference": term.reference,
                "contacts": int(contacts[_at(term)].sum()),
                "effect_percent": percent[0],
                "low": percent[1],
                "high": percent[2],
                "effect_seconds": mean * percent[0] / 100 if outcome.is_time else np.nan,
                "effect_money": money.loc[place].sum(skipna=False),
                **money.loc[place],
                "is_clear": bool(clear[place]),
            }
        )
    return pd.DataFrame(rows)


def _at(term: Term) -> np.ndarray:
    """The cells at the level; of load, all."""
    return term.base if term.driver == LOAD else term.values > 0


def _single_levels(drivers: np.ndarray, level: float) -> np.ndarray:
    """The level of each interval alone, with which those of a driver hold together at `level` (Bonferroni)."""
    _, place, counts = np.unique(drivers, return_inverse=True, return_counts=True)
    return 1 - (1 - level) / counts[place]


def money_of(data: Dataset, cells: pd.DataFrame, terms: list[Term], strata: np.ndarray, fit: Fit) -> pd.DataFrame:
    """What the worked time of each level beyond the reference's pace is worth; missing where it is not known.

    Returns
    -------
    pandas.DataFrame
        One row per level: `cash` and `released_capacity` [currency].

    Notes
    -----
    Simultaneous contacts share an agent's seconds, so worked and handle seconds differ in ratio where concurrency does.
    The pace is that of worked seconds, by the same regression within the same strata.
    """
    worth, pace = _worth(data, cells), _pace(cells, terms, strata, fit)
    if worth is None or pace is None:
        return unknown_money(len(terms))
    money = pd.DataFrame(0.0, index=range(len(terms)), columns=[*_OF_TIME])
    compared = [place for place, term in enumerate(terms) if not term.is_reference]
    for place, effect in zip(compared, pace, strict=True):
        term = terms[place]
        # The cost is at the level that is compared; only of load is it at the reference.
        change = np.expm1(term.step * effect) if term.driver == LOAD else -np.expm1(-effect)
        money.loc[place] = worth[_at(term)].sum() * change
    return money


def unknown_money(levels: int) -> pd.DataFrame:
    """Money that is not known of any level, as `money_of` gives it."""
    return pd.DataFrame(np.nan, index=range(levels), columns=[*_OF_TIME])


def _pace(cells: pd.DataFrame, terms: list[Term], strata: np.ndarray, fit: Fit) -> np.ndarray | None:
    """The effects on worked seconds as logarithms of ratios; None where a level has none to compare."""
    worked, timed = (cells[name].to_numpy(dtype="float64") for name in ("worked_seconds", "timed"))
    same_contacts = np.array_equal(timed, cells["contacts"].to_numpy(dtype="float64"))
    if same_contacts and np.allclose(worked, cells["amount"], rtol=1e-9, atol=0):
        return fit.effects
    live = (np.bincount(strata, worked)[strata] > 0) & (timed > 0)
    if not live.any():
        return None
    strata = pd.factorize(strata[live])[0]
    worked, timed = worked[live], timed[live]
    for term in terms:
        at = _at(term)[live]
        inside = np.bincount(strata, at)
        shared = (inside > 0) & (inside < np.bincount(strata))
        # Where a level has no worked time beside others, there is no ratio to it.
        if not at.any() or (term.driver != LOAD and shared.any() and worked[at & shared[strata]].sum() <= 0):
            return None
    matrix = np.stack([term.values[live] for term in terms if not term.is_reference], axis=1)
    return None if dependent_columns(matrix, timed, strata) else time_ratios(worked, timed, matrix, strata)


def _worth(data: Dataset, cells: pd.DataFrame) -> pd.DataFrame | None:
    """What becomes of the worked time of each cell, at the labour per worked second of its month and channel."""
    costing = data.costing
    if data.frame("costs").empty and costing.hourly_cost is None and costing.wages_from != "payroll":
        return None
    found = pools(data)
    if not found.frame["cost_type"].isin(LABOUR_TYPES).any():
        return None
    work = work_frame(data, (), payers=True, scopes=found.scopes)
    labour = worth_on_cells(data, work, LABOUR_TYPES)[[*_OF_TIME]]
    # The pace is that of a channel's own contacts, wherever their conversation counts.
    keys = work[["month", OWN_CHANNEL]].rename(columns={OWN_CHANNEL: "channel"})
    rows = pd.concat([keys, labour], axis=1).assign(seconds=work["worked_ms"] / 1000)
    sums = rows[work["is_contact"]].groupby(["month", "channel"]).sum()
    rates = sums[[*_OF_TIME]].div(sums["seconds"].where(sums["seconds"] > 0), axis=0).fillna(0.0)
    of_cells = rates.reindex(pd.MultiIndex.from_frame(cells[["month", "channel"]])).fillna(0.0)
    return of_cells.set_index(cells.index).mul(cells["worked_seconds"], axis=0)
