"""What becomes of cost that is no longer needed: it is cash, avoided later, released capacity, or it stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cpc_analysis.costing.labour import time_on_cells
from cpc_analysis.costing.ledger import Pools, pools_by
from cpc_analysis.costing.shares import shared_pools
from cpc_analysis.money import minor_digits
from cpc_analysis.schema import COST_TYPES, LABOUR_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cpc_analysis.dataset import Dataset

__all__ = ["WORTH", "pools_by_worth", "released_hours_on_cells", "worth_of_lines", "worth_on_cells"]

#: What becomes of cost that is no longer needed.
WORTH = ("cash", "avoided", "released_capacity", "stays")

#: The same of cost other than labour, by the behaviour of its line.
_BY_BEHAVIOUR = {"variable": "cash", "step": "avoided", "fixed": "stays"}


def worth_of_lines(lines: pd.DataFrame, piece_accounts: Iterable[str] = ()) -> pd.Series:
    """What becomes of each line of a ledger when the work that it lies on is no longer needed.

    Parameters
    ----------
    lines : pandas.DataFrame
        `account`, `cost_type` and, where any line says it, `behaviour`.
    piece_accounts : iterable of str
        The accounts of what is bought by the piece, as `Costing` names them.

    Returns
    -------
    pandas.Series
        ``cash``: money that leaves the ledger; ``avoided``: money that will not have to be spent later;
        ``released_capacity``: paid time set free; ``stays``: what is paid all the same.

    Notes
    -----
    Lines of piece accounts are cash. Other labour - salaries and on-costs - is paid for being on a roster, whatever
    behaviour its line has: time is set free, and money only when the roster follows. Cost other than labour goes by its
    behaviour: variable cost is a price per contact and cash, step cost goes at the next step, fixed cost stays. Where a
    line says none, outsourcing is taken to be bought by the piece, and every other cost to be fixed.

    Examples
    --------
    >>> lines = pd.DataFrame({"account": ["5010", "5130", "7410", "6310", "7110"],
    ...                       "cost_type": ["salaries", "salaries", "outsourcing", "licences", "facilities"],
    ...                       "behaviour": ["variable", "variable", None, "step", "fixed"]})
    >>> worth_of_lines(lines, piece_accounts=["5130"]).tolist()
    ['released_capacity', 'cash', 'cash', 'avoided', 'stays']
    """
    # A line that does not say how it behaves goes by what is usual for its type.
    worth = pd.Series(np.where(lines["cost_type"] == "outsourcing", "cash", "stays"), index=lines.index)
    if "behaviour" in lines:
        said = lines["behaviour"].map(_BY_BEHAVIOUR)
        worth = said.where(said.notna(), worth)
    worth = worth.mask(lines["cost_type"].isin(LABOUR_TYPES), "released_capacity")
    return worth.mask(lines["account"].isin(list(piece_accounts)), "cash")


def pools_by_worth(data: Dataset) -> Pools:
    """The pools of a dataset, each by what becomes of its lines when they are no longer needed."""
    return pools_by(data, "worth", lambda lines: worth_of_lines(lines, data.costing.piece_accounts))


def worth_on_cells(data: Dataset, work: pd.DataFrame, cost_types: tuple[str, ...] = COST_TYPES) -> pd.DataFrame:
    """What would become of the cost of each cell of work if the work were not needed.

    Parameters
    ----------
    data : Dataset
        With costs.
    work : pandas.DataFrame
        Cells of `work_frame` with payers and the scopes of the ledger.
    cost_types : tuple of str
        The cost types to look at.

    Returns
    -------
    pandas.DataFrame
        One row per cell: `cash`, `avoided`, `released_capacity` and `stays` [currency], which add up to its cost;
        missing in a month beyond the ledger.

    Notes
    -----
    Waiting is paid for being there: fewer contacts do not shorten it, so it stays, whoever is paid for it. Without
    shifts all labour is used.
    """
    found = pools_by_worth(data)
    worth = {name: np.zeros(len(work)) for name in WORTH}
    for pool in shared_pools(data, found, work):
        if pool.cost_type in cost_types:
            worth[pool.kind] += pool.used
            worth["stays"] += pool.waiting
    frame = pd.DataFrame(worth, index=work.index) / 10.0 ** minor_digits(data.currency)
    # A month beyond the ledger has costs that are not known, not none.
    return frame[work["month"].isin(found.frame["month"].unique())].reindex(work.index)


def released_hours_on_cells(data: Dataset, work: pd.DataFrame) -> np.ndarray:
    """The paid time that would be released if the work of each cell were not needed [hours].

    Parameters
    ----------
    data, work
        As for `worth_on_cells`.

    Returns
    -------
    numpy.ndarray of shape (cells,)
        Missing beyond the ledger, without labour cost, and where labour is bought by the piece: what hours its
        accounts pay for is not known.

    Notes
    -----
    The paid hours of a cell lie in the kinds that its labour lies in, each hour in one: breaks, meetings and paid
    absence go with the time that is worked, and what is paid for waiting stays.
    """
    labour = worth_on_cells(data, work, LABOUR_TYPES)
    hours = time_on_cells(data, work)["paid"].to_numpy() / 3600.0
    together = labour.sum(axis=1, min_count=len(WORTH)).to_numpy()
    is_known = (together != 0) & (labour["cash"] == 0).to_numpy()
    share = np.divide(labour["released_capacity"].to_numpy(), together, out=np.full(len(work), np.nan), where=is_known)
    return np.where(hours == 0, 0.0, hours * share)
