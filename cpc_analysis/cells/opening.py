"""Durations in opening hours: how long the centre was open between the start of a contact and a later time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import ibis
import pandas as pd

from cpc_analysis.engine import milliseconds

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = ["while_open"]

_DAY = 86_400_000
#: No duration is longer: what is, was set aside.
_LONGEST = timedelta(days=368)


def while_open(data: Dataset, table: ibis.Table, *durations: str) -> ibis.Table:
    """The table with durations from the start of each contact [milliseconds] cut to what of them lies in opening hours.

    Parameters
    ----------
    data : Dataset
        With opening hours.
    table : ibis.Table
        Contacts, with `started_at` and `channel`.
    durations : str
        The columns.
    """
    days = data.once("open days", lambda: data.engine.table(_open_days(data), "open_days"))
    hours = data.settings.opening_hours
    named = [(table.channel == channel, channel) for channel in hours.of_channels]
    table = table.mutate(_hours=ibis.cases(*named, else_="") if named else ibis.literal(""))
    start = milliseconds(table.started_at).cast("int64")
    table = _with_open_time(table.mutate(_at=start), days, "_at", "_open_at")
    for name in durations:
        table = _with_open_time(table.mutate(_later=table["_at"] + table[name]), days, "_later", "_open_later")
        table = table.mutate(**{name: table["_open_later"] - table["_open_at"]}).drop("_later", "_open_later")
    return table.drop("_hours", "_at", "_open_at")


def _with_open_time(table: ibis.Table, days: ibis.Table, at: str, name: str) -> ibis.Table:
    """The table with how long the centre had been open by a time [milliseconds], since the first of the open days."""
    joined = table.left_join(days, [table["_hours"] == days.hours, table[at] // _DAY == days.day])
    passed = days.before
    for stretch in range(_stretches_of(days)):
        start, end = days[f"from_{stretch}"], days[f"to_{stretch}"]
        passed = passed + ibis.greatest(ibis.least(table[at], end) - start, 0)
    return joined.select(*(table[column] for column in table.columns), **{name: passed})


def _stretches_of(days: ibis.Table) -> int:
    return sum(column.startswith("from_") for column in days.columns)


def _open_days(data: Dataset) -> pd.DataFrame:
    """For every set of hours and day of UTC: `before`, the time open until it, and its stretches [milliseconds].

    Where a day has fewer stretches than others, the rest of them are empty.
    """
    prepared, settings = data.prepared("contacts"), data.settings
    first = (prepared.first or datetime(2000, 1, 1)).date() - timedelta(days=2)
    last = (prepared.last or datetime(2000, 1, 1)).date() + _LONGEST
    closed = set(settings.free_days)
    frames = []
    for channel in ("", *settings.opening_hours.of_channels):
        found = settings.opening_hours.stretches(channel, data.timezone, closed, first, last)
        frames.append(_by_day(found, first, last).assign(hours=channel))
    both = pd.concat(frames, ignore_index=True)
    stretches = [name for name in both.columns if name != "hours"]
    both[stretches] = both[stretches].fillna(0).astype("int64")
    return both


def _by_day(stretches: Iterable[tuple[datetime, datetime]], first: date, last: date) -> pd.DataFrame:
    """Stretches cut at the days of UTC: a row per day from the first to the last."""
    pieces = [piece for stretch in stretches for piece in _cut(*stretch)]
    cut = pd.DataFrame(pieces, columns=["day", "from", "to"], dtype="int64")
    cut["place"] = cut.groupby("day").cumcount()
    wide = cut.pivot(index="day", columns="place", values=["from", "to"])
    wide.columns = [f"{side}_{place}" for side, place in wide.columns]
    epoch = date(1970, 1, 1)
    every = pd.RangeIndex((first - epoch).days, (last - epoch).days + 1, name="day")
    lasting = (cut["to"] - cut["from"]).groupby(cut["day"]).sum().reindex(every, fill_value=0)
    before = lasting.cumsum() - lasting
    return wide.reindex(every).assign(before=before).reset_index()


def _cut(start: datetime, end: datetime) -> list[tuple[int, int, int]]:
    """The day of UTC, start and end [milliseconds] of each piece of a stretch."""
    begins, ends = (round(moment.timestamp() * 1000) for moment in (start, end))
    borders = [begins, *range((begins // _DAY + 1) * _DAY, ends, _DAY), ends]
    return [(low // _DAY, low, high) for low, high in pairwise(borders)]
