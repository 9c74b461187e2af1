"""What of a breakdown is in other currencies whose rates move, on its rows and by period."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cpc_analysis.calendars import CIVIL, Calendar
from cpc_analysis.cells.conditions import Conditions, matching
from cpc_analysis.cells.spans import by_days, with_periods
from cpc_analysis.costing.currencies import MEASURES, foreign_of_pool, foreign_pools
from cpc_analysis.costing.ledger import SCOPES, premium_pools
from cpc_analysis.costing.shares import SharedPool, shared_pools
from cpc_analysis.measuring.parts import money_masks, unallocated_masks
from cpc_analysis.models.identity.currencies import NONE_FOREIGN, Foreign
from cpc_analysis.models.identity.sides import LEFT_OVER
from cpc_analysis.schema import LABOUR, LABOUR_TYPES

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = ["ForeignRows", "foreign_rows", "pool_of"]

_Money = dict[tuple[str, str], np.ndarray]


@dataclass(frozen=True)
class ForeignRows:
    """What of the rows of a breakdown is in other currencies: by name and currency a row per `MEASURES`.

    Parameters
    ----------
    pools, labour : dict of pair of str to ndarray of shape (4, rows)
        As in `Foreign`, on the rows of the breakdown.
    totals : pandas.DataFrame
        The whole of each pool by `month`, and by the quarter and year asked for: `pool`, `currency` and `MEASURES`.
    calendar : Calendar
        The one that fiscal periods are of.
    """

    pools: _Money = field(default_factory=dict)
    labour: _Money = field(default_factory=dict)
    totals: pd.DataFrame = field(default_factory=pd.DataFrame)
    calendar: Calendar = CIVIL

    def side(self, periods: Conditions, chosen: np.ndarray, segment: np.ndarray, unit: np.ndarray) -> Foreign:
        """What of one side is in other currencies.

        Parameters
        ----------
        periods : dict
            The period of the side.
        chosen : ndarray of bool, shape (rows,)
            Its rows.
        segment, unit : ndarray of int, shape (rows,)
            Of each row.
        """
        if self.totals.empty:
            return NONE_FOREIGN
        segments, units = int(segment.max()) + 1, int(unit.max()) + 1
        of_period = self.totals[matching(self.totals, periods, self.calendar)]
        sums = of_period.groupby(["pool", "currency"])[list(MEASURES)].sum()
        return Foreign(
            pools={name: _placed(money[:, chosen], segment[chosen], segments) for name, money in self.pools.items()},
            labour={name: _placed(money[:, chosen], unit[chosen], units) for name, money in self.labour.items()},
            totals={(str(pool), str(currency)): row.to_numpy() for (pool, currency), row in sums.iterrows()},
        )


def foreign_rows(
    data: Dataset,
    numerator: str,
    work: pd.DataFrame,
    shared: list[SharedPool],
    code: np.ndarray,
    periods: tuple[str, ...],
) -> ForeignRows:
    """What of a breakdown is in other currencies; empty where no line is in one whose rate moves.

    Parameters
    ----------
    data : Dataset
        Gives the ledger and the rates.
    numerator : str
        The money of the quantity.
    work : pandas.DataFrame
        The cells of work.
    shared : list of SharedPool
        The ledger on them.
    code : ndarray of int
        The row of the breakdown of each cell, then of what nothing can carry of each pool.
    periods : tuple of str
        The periods of the breakdown.
    """
    foreign = foreign_pools(data)
    if foreign.empty:
        return ForeignRows()
    size, start = int(code.max(initial=-1)) + 1, len(work)
    on_cells = code[:start]
    chosen = money_masks(data, work).get(numerator, np.ones(start, dtype=bool))
    pools: _Money = {}
    labour: _Money = {}
    for pool in shared:
        on_nothing = code[start : start + len(pool.unallocated)]
        start += len(on_nothing)
        taken_in = unallocated_masks(work, pool.unallocated).get(numerator, np.ones(len(on_nothing), dtype=bool))
        name = pool_of(pool.cost_type, pool.scope.values())
        for currency, carried, left in foreign_of_pool(foreign, pool, work):
            worked = _placed(carried * chosen, on_cells, size)
            stranded = _placed(left * taken_in, on_nothing, size)
            if name != LABOUR:
                _add(pools, (name, currency), worked + stranded)
                continue
            _add(pools, (LEFT_OVER, currency), stranded)
            _add(labour, (LABOUR, currency), worked)
            if pool.cost_type == "on_costs":
                _add(labour, ("on_costs", currency), worked)
    for currency, carried in _premiums(data, work):
        _add(labour, ("premium", currency), _placed(carried * chosen, on_cells, size))
    names = {pool_of(pool.cost_type, pool.scope.values()) for pool in shared}
    return ForeignRows(pools, labour, _totals(foreign, names, periods, data.calendar), data.calendar)


def pool_of(cost_type: str, scope: Iterable[str]) -> str:
    """The name of a pool in a breakdown: its cost type and whatever it is limited to; all labour is one.

    Examples
    --------
    >>> pool_of("technology", ["chat"]), pool_of("on_costs", [])
    ('technology chat', 'labour')
    """
    return LABOUR if cost_type in LABOUR_TYPES else " ".join((cost_type, *scope))


def _premiums(data: Dataset, work: pd.DataFrame) -> Iterator[tuple[str, np.ndarray]]:
    """By currency a row per `MEASURES` of premiums on the cells of work."""
    foreign, found = foreign_pools(data, premiums=True), premium_pools(data)
    if foreign.empty or found is None:
        return
    for pool in shared_pools(data, found, work):
        for currency, carried, _ in foreign_of_pool(foreign, pool, work):
            yield currency, carried


def _totals(foreign: pd.DataFrame, names: set[str], periods: tuple[str, ...], calendar: Calendar) -> pd.DataFrame:
    """By period the whole of some pools, on work or on nothing."""
    scopes = [[name for name in scope if pd.notna(name)] for scope in foreign[SCOPES].to_numpy()]
    pools = [pool_of(str(cost_type), scope) for cost_type, scope in zip(foreign["cost_type"], scopes, strict=True)]
    of_months = foreign[["month", "currency", *MEASURES]].assign(pool=pools)
    frame = with_periods(by_days(of_months, MEASURES, calendar), periods, calendar)
    return frame[frame["pool"].isin(names)]


def _placed(money: np.ndarray, places: np.ndarray, size: int) -> np.ndarray:
    """Columns of money summed by their places, shape (4, size)."""
    return np.array([np.bincount(places, row, size) for row in money])


def _add(store: _Money, name: tuple[str, str], money: np.ndarray) -> None:
    store[name] = store.get(name, 0.0) + money
