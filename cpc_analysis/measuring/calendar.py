"""The days behind the rows of a result: those asked for, those that the tables know, and which rows are complete."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cpc_analysis.cells.conditions import Conditions, matching, months_touched
from cpc_analysis.cells.derived import CLOCK
from cpc_analysis.cells.log_days import covered, log_days
from cpc_analysis.cells.shifts import schedule_cells
from cpc_analysis.cells.spans import starts_of
from cpc_analysis.cells.work import in_order
from cpc_analysis.costing.coverage import complete_months, is_complete
from cpc_analysis.costing.ledger import pools
from cpc_analysis.glossary import PARTS, Fact, Quantity
from cpc_analysis.periods import GRAINS, Stretch, period_of, weekdays_named

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = ["complete_rows", "days_asked", "not_in_log", "uncut_rows", "with_what_is_not_known", "workdays_behind"]

#: Facts that only the contact log tells, and parts of a schedule that it tells too.
_OF_THE_LOG = {Fact.CONTACTS, Fact.REPEATS, Fact.SURVEYS, Fact.CALENDAR}
_HANDLED = {"handled_hours", "handled_contacts", "worked_hours", "occupied_hours"}


def days_asked(data: Dataset, days: Iterable[pd.Timestamp], conditions: Conditions) -> pd.DatetimeIndex:
    """The days that lie in the periods asked for."""
    frame = pd.DataFrame({"day": pd.DatetimeIndex(days).as_unit("us")})
    asked = {key: value for key, value in conditions.items() if key in GRAINS}
    for grain in asked:
        frame[grain] = starts_of(pd.DatetimeIndex(frame["day"]), grain, data.calendar)
    return pd.DatetimeIndex(frame.loc[matching(frame, asked, data.calendar), "day"])


def _grains(keys: tuple[str, ...]) -> list[str]:
    """The grains among the keys, finest first."""
    return [grain for grain in GRAINS if grain in keys]


def _periods_of(data: Dataset, days: pd.DatetimeIndex, grains: list[str]) -> pd.DataFrame:
    """The periods of some grains that each day lies in, as their first days."""
    return pd.DataFrame({grain: starts_of(days, grain, data.calendar) for grain in grains})


def workdays_behind(data: Dataset, frame: pd.DataFrame, keys: tuple[str, ...], conditions: Conditions) -> np.ndarray:
    """How many workdays that the contact log covers lie in each row's period; without one, in the periods asked for."""
    days = days_asked(data, covered(data).days, conditions)
    is_workday = np.isin(days.day_of_week, list(weekdays_named(data.settings.workweek)))
    days = days[is_workday & ~days.isin(pd.DatetimeIndex(data.settings.free_days))]
    grains = _grains(keys)
    if not grains:
        return np.full(len(frame), float(len(days)))
    counts = _periods_of(data, days, grains).value_counts().rename("_days").reset_index()
    found = frame[grains].merge(counts, on=grains, how="left")["_days"].to_numpy(dtype="float64")
    return np.where(frame[grains].notna().all(axis=1), np.nan_to_num(found), np.nan)


def with_what_is_not_known(
    data: Dataset,
    records: list[Quantity],
    frame: pd.DataFrame,
    keys: tuple[str, ...],
    conditions: Conditions,
) -> pd.DataFrame:
    """The sums of parts, missing where their table has nothing of the period; what a hole swallowed as rows of its own.

    Parameters
    ----------
    data : Dataset
        The dataset.
    records : list of Quantity
        What is asked for.
    frame : pandas.DataFrame
        As of `part_sums`.
    keys : tuple of str
        Columns and periods that it is grouped by.
    conditions : mapping
        Column to value or values.
    """
    facts = frozenset().union(*(record.facts for record in records))
    if facts & _OF_THE_LOG:
        frame = _with_swallowed(data, frame, keys, conditions)
    of_the_log = [name for name in frame if name in PARTS and (PARTS[name].fact in _OF_THE_LOG or name in _HANDLED)]
    frame.loc[not_in_log(data, frame, keys, conditions), of_the_log] = np.nan
    if Fact.MONEY in facts and not _grains(keys):
        frame["_in_ledger"] &= months_touched(pd.Series(pools(data).frame["month"]), conditions, data.calendar).any()
    if Fact.SCHEDULE in facts:
        of_schedules = [name for name in frame if name in PARTS and PARTS[name].fact is Fact.SCHEDULE]
        frame.loc[_beyond(data, frame, keys, conditions, _shift_days(data)), of_schedules] = np.nan
    return frame


def not_in_log(data: Dataset, frame: pd.DataFrame, keys: tuple[str, ...], conditions: Conditions) -> np.ndarray:
    """Which rows are of periods that the contact log covers no day of, and has no contacts in."""
    return _beyond(data, frame, keys, conditions, _known_days(data))


def _known_days(data: Dataset) -> pd.DatetimeIndex:
    """The days that the log covers or has contacts on, those far from all others among them."""
    return covered(data).known.union(_days_of(found.days for found in log_days(data).far))


def _shift_days(data: Dataset) -> pd.DatetimeIndex:
    """Every day of the months with shifts."""
    months = [period_of(month.date(), "month") for month in schedule_cells(data)["month"].unique()]
    return _days_of(Stretch(month.start, month.last) for month in months)


def _days_of(stretches: Iterable[Stretch]) -> pd.DatetimeIndex:
    days = [pd.date_range(stretch.first, stretch.last, unit="us").to_numpy() for stretch in stretches]
    return pd.DatetimeIndex(np.concatenate([np.array([], dtype="datetime64[us]"), *days]))


def _beyond(
    data: Dataset, frame: pd.DataFrame, keys: tuple[str, ...], conditions: Conditions, known: pd.DatetimeIndex
) -> np.ndarray:
    """Which rows are of periods without any day that is known; cost that nothing can carry has no contacts anyhow."""
    grains = _grains(keys)
    asked = days_asked(data, known, conditions)
    if not grains:
        is_beyond = bool(set(conditions) & set(GRAINS)) and not len(asked)
        return np.full(len(frame), is_beyond)
    there = pd.MultiIndex.from_frame(_periods_of(data, asked, grains).drop_duplicates())
    is_there = pd.MultiIndex.from_frame(frame[grains]).isin(there)
    return (frame[list(keys)].notna().all(axis=1) & ~is_there).to_numpy(dtype=bool)


def _with_swallowed(data: Dataset, frame: pd.DataFrame, keys: tuple[str, ...], conditions: Conditions) -> pd.DataFrame:
    """The frame with a row of every group for each period that lies wholly inside of a hole: no line joins over it.

    A log of a few days with contacts does not tell its empty days and weeks from holes; an empty month it does.
    """
    grains = _grains(keys)
    if {*grains} & {*GRAINS[:2]} and not covered(data).can_tell:
        return frame
    hole_days = days_asked(data, _days_of(covered(data).holes), conditions)
    if not grains or set(keys) & set(CLOCK) or not len(hole_days):
        return frame
    known = days_asked(data, _known_days(data), conditions)
    periods = _periods_of(data, hole_days, grains).drop_duplicates()
    of_known = pd.MultiIndex.from_frame(_periods_of(data, known, grains))
    periods = periods[~pd.MultiIndex.from_frame(periods).isin(of_known)]
    others = [key for key in keys if key not in GRAINS]
    groups = frame[others].dropna().drop_duplicates()
    wanted = periods.merge(groups, how="cross") if others else periods
    there = pd.MultiIndex.from_frame(frame[list(keys)])
    added = wanted[~pd.MultiIndex.from_frame(wanted[list(keys)]).isin(there)]
    if added.empty:
        return frame
    flags = dict.fromkeys(("_in_ledger", "_complete", "_provisional", "_waiting"), False)
    parts = {name: np.nan for name in frame if name in PARTS}
    both = pd.concat([frame, added.assign(**parts, **flags)], ignore_index=True)
    return both.sort_values(list(keys), kind="stable", na_position="last", key=in_order, ignore_index=True)


def complete_rows(data: Dataset, frame: pd.DataFrame, keys: tuple[str, ...], conditions: Conditions) -> np.ndarray:
    """Whether each row's period is complete; without a period, every month that it holds and all that was asked for."""
    complete = frame["_complete"].to_numpy(dtype=bool).copy()
    grains = _grains(keys)
    if not grains:
        holes = days_asked(data, _days_of(covered(data).holes), conditions)
        known = days_asked(data, _known_days(data), conditions)
        return complete & (len(holes) == 0) & (len(known) > 0)
    months = complete_months(data)
    starts = frame[grains[0]]
    known_starts = {
        start: is_complete(period_of(start.date(), grains[0], data.calendar), months)
        for start in starts.dropna().unique()
    }
    return np.where(starts.notna(), starts.map(known_starts).fillna(False).astype(bool), complete)


def uncut_rows(data: Dataset, frame: pd.DataFrame, keys: tuple[str, ...], conditions: Conditions) -> np.ndarray:
    """Whether the conditions leave each row's period whole: a month cuts the weeks at its ends."""
    grain = next(iter(_grains(keys)), "")
    starts = frame[grain].dropna().unique() if grain else []
    if not len(starts) or not any(key in GRAINS and key != grain for key in conditions):
        return np.ones(len(frame), dtype=bool)
    periods = [period_of(pd.Timestamp(start).date(), grain, data.calendar) for start in starts]
    days = pd.date_range(min(period.start for period in periods), max(period.end for period in periods))
    asked = Counter(start.date() for start in starts_of(days_asked(data, days, conditions), grain, data.calendar))
    cut = [pd.Timestamp(period.start) for period in periods if asked[period.start] < period.days]
    return ~frame[grain].isin(cut).to_numpy()
