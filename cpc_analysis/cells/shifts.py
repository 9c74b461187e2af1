"""Cells of shifts: paid and productive time by period and agent range."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import numpy as np
import pandas as pd

from cpc_analysis.cells.derived import CLOCK
from cpc_analysis.cells.scans import (
    PERIODS_ON_ENGINE,
    Scan,
    agents_have_ranges,
    agents_table,
    cells_of,
    month_keys,
    with_local_start,
    with_range,
)
from cpc_analysis.cells.slices import sliced
from cpc_analysis.engine import milliseconds, ones
from cpc_analysis.schema import UNKNOWN

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = ["agent_columns", "inferred_shifts", "schedule_cells", "schedule_scan"]

_SUMS = ("paid_ms", "productive_ms")


def schedule_cells(data: Dataset, periods: tuple[str, ...] = ()) -> pd.DataFrame:
    """Paid and productive time [milliseconds] by month, further periods or `CLOCK`, and agent range.

    Returns
    -------
    pandas.DataFrame
        The keys of the month, the periods, `range`, `stray`, `paid_ms`, `productive_ms`. A shift lies in the period of
        its start, and on the half-hours that it lasts through.
    """
    keys = tuple(dict.fromkeys((*month_keys(data), *periods, "range", "stray")))
    if not data.has("shifts"):
        return pd.DataFrame({name: pd.Series(dtype="object") for name in (*keys, *_SUMS)})
    return cells_of(data, "shifts", lambda: schedule_scan(data, keys), keys, _SUMS, ())


def inferred_shifts(data: Dataset) -> tuple[int, int]:
    """How many shifts were inferred from contacts, and how many there are."""

    def counted() -> tuple[int, int]:
        table = data.on_engine("shifts")
        if "is_inferred" not in table.columns:
            return 0, data.prepared("shifts").accepted
        inferred = ones(table.is_inferred).sum().fill_null(0)
        row = data.engine.fetch(table.aggregate(inferred=inferred, rows=table.count())).iloc[0]
        return int(row["inferred"]), int(row["rows"])

    return data.once("inferred shifts", counted)


def schedule_scan(data: Dataset, keys: tuple[str, ...]) -> Scan:
    """The scan of shifts for some keys."""
    prepared = data.prepared("shifts")
    table = with_range(data, prepared.table, "agent_id", "starts_at")
    periods = [key for key in keys if key in PERIODS_ON_ENGINE]
    table = with_local_start(data, table, "starts_at", periods, prepared.first, prepared.last)
    length = milliseconds(table.ends_at) - milliseconds(table.starts_at)
    paid, productive = (ibis.ifelse(table[name], length, 0) for name in ("is_paid", "is_productive"))
    table = table.mutate(_length=length, paid_ms=paid, productive_ms=productive)
    if set(keys) & set(CLOCK):
        table = sliced(data, table, "shifts", "starts_at", "_length", _SUMS)
    return Scan("shifts", table, keys, {name: table[name].sum() for name in _SUMS})


def agent_columns(data: Dataset, ranges: pd.Series, strays: pd.Series, names: tuple[str, ...]) -> dict[str, np.ndarray]:
    """Columns of the agents table for cells with a range, as arrays; `agent_id` also for agents of no range.

    Text is `UNKNOWN` where nothing is known, except `agent_id`, which is None without an agent.
    """
    agents = agents_table(data)
    if agents_have_ranges(data):
        position = ranges.fillna(-1).astype("int64").to_numpy()
    else:
        position = pd.Index(agents["agent_id"]).get_indexer(pd.Index(strays.astype("object")))
    found = position >= 0
    columns = {}
    for name in names:
        if name == "agent_id":
            values = strays.astype("object").where(strays.notna(), None).to_numpy(dtype="object", copy=True)
        elif name == "loaded_wage":
            values = np.full(len(ranges), np.nan)
        else:
            values = np.full(len(ranges), None, dtype="object")
        if name in agents.columns and len(agents):
            source = agents[name].to_numpy(dtype=values.dtype)
            values[found] = source[position[found]]
        if name == "staffing_group":
            values[pd.isna(values)] = UNKNOWN
        columns[name] = values
    return columns
