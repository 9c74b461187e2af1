"""What of the ledger is in other currencies whose rates move: in that currency, and as it was booked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cpc_analysis.costing.ledger import SCOPES, ledger_lines, spread_over_service
from cpc_analysis.costing.shares import SharedPool
from cpc_analysis.money import minor_digits, rate_of
from cpc_analysis.schema import LABOUR_TYPES

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = ["MEASURES", "foreign_of_pool", "foreign_pools"]

#: What is known of money in another currency: how much of it, what it was booked as and what it was worth before it
#: was rounded to whole minor units, and its size, which credit notes do not lower when they are at another rate.
MEASURES = ("amount", "booked", "worth", "size")
_KEYS = ["month", "cost_type", *SCOPES, "currency"]


def foreign_pools(data: Dataset, premiums: bool = False) -> pd.DataFrame:
    """What of the pools is in other currencies whose rates move.

    A line is converted at the rate of the month that it is booked on; that rate goes with it to every month that it is
    spread over.

    Parameters
    ----------
    data : Dataset
        With costs; its settings state the rates.
    premiums : bool
        Of the accounts that pay premiums only, as `premium_pools`.

    Returns
    -------
    pandas.DataFrame
        A row per `month`, `cost_type`, `channel`, `site`, `team` and `currency`: `amount` and `size` [that currency],
        `booked` and `worth` [the dataset's]. Empty where no line is in a currency that has more than one rate.
    """
    moving = [name for name, stated in data.settings.rates.items() if isinstance(stated, Mapping)]
    if not moving or not data.has("costs", "currency"):
        return pd.DataFrame(columns=[*_KEYS, *MEASURES])
    return data.once(
        ("pools of other currencies", data.costing, premiums), lambda: _foreign_pools(data, moving, premiums)
    )


def _foreign_pools(data: Dataset, stated_by_month: list[str], premiums: bool) -> pd.DataFrame:
    lines = ledger_lines(data)
    chosen = lines["currency"].isin(set(stated_by_month) - {data.currency})
    rate = _rates(data, lines[chosen])
    by_currency = rate.groupby(lines["currency"][chosen]).nunique()
    chosen &= lines["currency"].isin(by_currency.index[by_currency > 1])
    if premiums:
        chosen &= lines["account"].isin(data.costing.premium_accounts) & lines["cost_type"].isin(LABOUR_TYPES)
    given = _as_given(data, lines["line_id"].where(chosen))
    spread = spread_over_service(data, lines)
    spread = spread[chosen.to_numpy()[spread["line"]]]
    line = spread["line"].to_numpy()
    spread = spread.assign(
        currency=lines["currency"].to_numpy()[line],
        rate=rate.reindex(lines.index).to_numpy()[line],
        amount=given.to_numpy()[line] * spread["part"],
        booked=spread["posted"] + spread["moved"],
    )
    by_rate = spread.groupby([*_KEYS, "rate"], dropna=False, as_index=False)[["amount", "booked"]].sum()
    by_rate = by_rate.assign(
        booked=by_rate["booked"] / 10 ** minor_digits(data.currency),
        worth=by_rate["amount"] * by_rate["rate"],
        size=by_rate["amount"].abs(),
    )
    return by_rate.groupby(_KEYS, dropna=False, as_index=False)[list(MEASURES)].sum()


def _as_given(data: Dataset, line_ids: pd.Series) -> pd.Series:
    """The amounts of lines in their own currencies, in the order of their ids."""
    costs = data.on_engine("costs")
    found = costs.filter(costs.currency.notnull()).select("line_id", "amount").to_pandas().set_index("line_id")
    return line_ids.map(found["amount"]).astype("float64")


def _rates(data: Dataset, lines: pd.DataFrame) -> pd.Series:
    """The rate that each line was converted at."""
    pairs = lines[["currency", "month"]].drop_duplicates()
    known = {pair: rate_of(data.settings.rates, *pair) for pair in pairs.itertuples(index=False, name=None)}
    found = [known[pair] for pair in zip(lines["currency"], lines["month"], strict=True)]
    return pd.Series(found, index=lines.index).astype("float64")


def foreign_of_pool(
    foreign: pd.DataFrame, pool: SharedPool, work: pd.DataFrame
) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """What of a pool is in each other currency, as the pool itself is shared out.

    Parameters
    ----------
    foreign : pandas.DataFrame
        Of `foreign_pools`.
    pool : SharedPool
        Of the same lines.
    work : pandas.DataFrame
        The cells that it is shared out over.

    Yields
    ------
    tuple of str, ndarray and ndarray
        The currency; a row per `MEASURES` on the cells, and one on what nothing can carry.
    """
    chosen = foreign["cost_type"] == pool.cost_type
    for name in SCOPES:
        own = pool.scope.get(name)
        chosen &= foreign[name].isna() if own is None else foreign[name] == own
    for currency, rows in foreign[chosen].groupby("currency"):
        by_month = rows.set_index("month")[list(MEASURES)]
        on_cells, on_nothing = (
            by_month.reindex(pd.DatetimeIndex(months)).fillna(0.0).to_numpy().T
            for months in (work["month"], pool.unallocated["month"])
        )
        yield str(currency), on_cells * pool.share, on_nothing * pool.left
