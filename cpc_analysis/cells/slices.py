"""Time cut at the quarters of an hour: work and shifts lie on the half-hours that they last through."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

import ibis

from cpc_analysis.cells.derived import CLOCK, clock_of
from cpc_analysis.engine import local_time, milliseconds, whole_seconds

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = ["sliced"]

#: Every zone's clock differs from UTC by whole quarters of an hour [seconds].
_SLICE = 900
#: Nobody works at one thing for longer [milliseconds]: such a length is a span of days, not of work.
_LONGEST = 86_400_000


def sliced(data: Dataset, table: ibis.Table, name: str, start: str, length: str, amounts: Iterable[str]) -> ibis.Table:
    """The rows of a table once for each quarter of an hour that they last through, with its `CLOCK` in local time.

    Parameters
    ----------
    data : Dataset
        Whose zone the clock is of.
    table : ibis.Table
        Rows with a start and a length.
    name : str
        The canonical table whose first and last day the rows lie between.
    start, length : str
        Columns: a UTC time, and milliseconds. Rows without a length, or longer than a day, stay at their start.
    amounts : iterable of str
        Columns of whole numbers, which are shared over the quarters evenly and without remainder.
    """
    prepared, width = data.prepared(name), _SLICE * 1000
    lasting = ibis.ifelse((table[length] > 0) & (table[length] <= _LONGEST), table[length], 0).fill_null(0)
    table = table.mutate(_begin=milliseconds(table[start]), _lasting=lasting)
    last = table["_begin"] + ibis.ifelse(table["_lasting"] > 0, table["_lasting"] - 1, 0)
    table = table.mutate(
        _slice=ibis.range((table["_begin"] // width).cast("int64"), (last // width).cast("int64") + 1).unnest()
    )
    whole, since = table["_lasting"], ibis.greatest(table["_slice"] * width - table["_begin"], 0)
    until = ibis.least((table["_slice"] + 1) * width - table["_begin"], whole)
    # From share to share of what is done: rounding leaves nothing over.
    shares = {
        amount: ibis.ifelse(
            whole > 0,
            (table[amount] * until // whole.nullif(0)).cast("int64")
            - (table[amount] * since // whole.nullif(0)).cast("int64"),
            table[amount],
        )
        for amount in amounts
    }
    moment = table[start] + (table["_slice"] * _SLICE - whole_seconds(table[start])).as_interval("s")
    first, final = (day.date() if day else day for day in (prepared.first, prepared.last))
    local = local_time(moment, data.timezone, first, final + timedelta(days=2)) if first and final else moment
    clock = clock_of(local)
    return table.mutate(**shares, **{key: clock[key] for key in CLOCK}).drop("_begin", "_lasting", "_slice")
