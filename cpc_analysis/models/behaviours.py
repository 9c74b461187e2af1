"""How much of each line of the budget follows the contacts, and who says so: never the spending that is judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cpc_analysis.costing.ledger import pools_before
from cpc_analysis.schema import LABOUR, LABOUR_TYPES

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = ["BUDGET", "LEDGER", "NOBODY", "PROJECT", "ROSTER", "variable_shares"]

#: Who says how much of a line follows the contacts: the line itself; the project; that labour is rostered; the ledger
#: of the twelve months before; or nobody, so that the line stands still.
BUDGET, PROJECT, ROSTER, LEDGER, NOBODY = "budget", "project", "roster", "ledger", "nobody"


def variable_shares(data: Dataset, money: pd.DataFrame, first: pd.Timestamp) -> pd.DataFrame:
    """The variable share of each line of the budget, and who says so.

    Parameters
    ----------
    data : Dataset
        Gives the ledger and the shares that the project states.
    money : pandas.DataFrame
        Lines of the budget: `cost_type`, `channel` and `behaviour`, missing where none is named.
    first : Timestamp
        The first month that is judged; the ledger is asked up to the month before it.

    Returns
    -------
    pandas.DataFrame
        On the lines' own index: `variable_share`, from 0 to 1, and `told_by`.

    Notes
    -----
    The first that says it decides: the line's `behaviour` (step cost stands still within a month), the project's share
    of its cost type, and for cost other than labour the ledger of the twelve months before `first`: variable over all
    cost of the type, of the channel's own lines where there are any. Labour on a roster stands still, whatever its
    ledger lines say, and so does what nobody speaks of.
    """
    by_type, by_channel = _in_ledger(data, first)
    told = [
        _told(data, by_type, by_channel, str(cost_type), channel, behaviour)
        for cost_type, channel, behaviour in zip(money["cost_type"], money["channel"], money["behaviour"], strict=True)
    ]
    return pd.DataFrame(told, columns=["variable_share", "told_by"], index=money.index).astype(
        {"variable_share": "float64", "told_by": "object"}
    )


def _told(
    data: Dataset, by_type: pd.Series, by_channel: pd.Series, cost_type: str, channel: object, behaviour: object
) -> tuple[float, str]:
    if isinstance(behaviour, str):
        return float(behaviour == "variable"), BUDGET
    stated, is_labour = data.settings.budget_variable, cost_type in LABOUR_TYPES
    if cost_type in stated:
        return float(stated[cost_type]), PROJECT
    if is_labour and LABOUR in stated:
        return float(stated[LABOUR]), PROJECT
    if is_labour:
        return 0.0, ROSTER
    if (cost_type, channel) in by_channel.index:
        return float(by_channel[cost_type, channel]), LEDGER
    if cost_type in by_type.index:
        return float(by_type[cost_type]), LEDGER
    return 0.0, NOBODY


def _in_ledger(data: Dataset, first: pd.Timestamp) -> tuple[pd.Series, pd.Series]:
    """The variable share of each cost type, and of each channel's own lines, where the ledger names a behaviour."""
    if not data.has("costs") or data.frame("costs").empty:
        return pd.Series(dtype="float64"), pd.Series(dtype="float64", index=pd.MultiIndex.from_arrays([[], []]))
    frame = pools_before(data, first).frame
    inside = (frame["month"] >= first - pd.DateOffset(months=12)) & (frame["month"] < first)
    lines = frame[inside & ~frame["cost_type"].isin(LABOUR_TYPES)]
    lines = lines.assign(amount=(lines["posted"] + lines["moved"]).astype("float64"))
    lines["variable"] = lines["amount"].where(lines["behaviour"] == "variable", 0.0)
    lines["is_told"] = lines["behaviour"].notna()
    scoped = lines[lines["channel"].notna()]
    return _share(lines, ["cost_type"]), _share(scoped, ["cost_type", "channel"])


def _share(lines: pd.DataFrame, keys: list[str]) -> pd.Series:
    """Variable over all cost of each group; of none that names no behaviour, or that credits outweigh."""
    sums = lines.groupby(keys).agg({"amount": "sum", "variable": "sum", "is_told": "any"})
    known = sums[sums["is_told"] & (sums["amount"] > 0)]
    return pd.Series(np.clip(known["variable"] / known["amount"], 0.0, 1.0), index=known.index)
