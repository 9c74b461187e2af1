"""The sums that quantities are made of, each fact at its own grain, joined on the keys asked for."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cpc_analysis.cells.conditions import Conditions, matching
from cpc_analysis.cells.counting import OWN_CHANNEL
from cpc_analysis.cells.derived import CLOCK
from cpc_analysis.cells.small_groups import shown_together
from cpc_analysis.cells.spans import FISCAL_MONTH, by_days, with_periods
from cpc_analysis.cells.surveys import survey_parts
from cpc_analysis.cells.work import in_order, work_frame
from cpc_analysis.costing.coverage import complete_months, log_months
from cpc_analysis.costing.ledger import pools
from cpc_analysis.costing.shares import Allocation, costed_work, scope_keys
from cpc_analysis.costing.waiting import known_waiting
from cpc_analysis.errors import InvalidInputError, UnknownNameError, listed
from cpc_analysis.glossary import PARTS, Fact, Quantity
from cpc_analysis.measuring.calendar import days_asked, workdays_behind
from cpc_analysis.measuring.contact_parts import contact_parts, qualifying, sums_for
from cpc_analysis.measuring.shift_parts import ROSTER, schedule_parts
from cpc_analysis.money import minor_digits
from cpc_analysis.periods import FISCAL_GRAINS, GRAINS, period_of
from cpc_analysis.schema import LABOUR_TYPES, SELF_SERVED

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = ["money_masks", "part_sums", "unallocated_masks"]

_ALL = "_all"
#: Parts that every group of a period has alike.
_OF_PERIODS = ("workdays", "full_time_hours", "base_months")
_FLAGS = {"_in_ledger": "max", "_complete": "min", "_provisional": "max", "_waiting": "max", "_answered": "sum",
          "_worked": "sum"}  # fmt: skip


def part_sums(
    data: Dataset,
    records: list[Quantity],
    keys: tuple[str, ...],
    conditions: Conditions,
    base: str | None = None,
) -> pd.DataFrame:
    """Every part of some quantities, one row per group.

    Parameters
    ----------
    data : Dataset
        The dataset.
    records : list of Quantity
        What is asked for.
    keys : tuple of str
        Columns and periods to group by.
    conditions : mapping
        Column to value or values; applied after costing.
    base : str, optional
        The base of quantities per customer.

    Returns
    -------
    pandas.DataFrame
        The keys, sorted; a float column per part; `counted`; `_in_ledger`, whether the ledger reaches any month of
        the row; `_complete`, whether all its months are complete; `_provisional`, whether any may still move;
        `_waiting`, whether it is known of any what waiting cost; `_carried`, whether its contacts carry
        what is shared by time.
    """
    facts = frozenset().union(*(record.facts for record in records))
    needed = {part for record in records for part in record.parts}
    every = tuple(dict.fromkeys((*keys, *conditions)))
    frames = []
    if facts & {Fact.CONTACTS, Fact.REPEATS, Fact.MONEY, Fact.SURVEYS}:
        frames.append(_work_parts(data, needed, keys, conditions))
    if Fact.SURVEYS in facts:
        frames.append(_grouped(data, survey_parts(data, every), keys, conditions))
    if Fact.SCHEDULE in facts:
        rows = schedule_parts(data, every, "scheduled_labour_cost" in needed)
        frames.append(_with_schedule_totals(data, _grouped(data, rows, keys, conditions), rows, keys, conditions))
    if Fact.BASES in facts:
        frames.append(_base_months(data, base, keys, conditions))
    group = list(keys) or [_ALL]
    if Fact.CALENDAR in facts:
        counted_days = workdays_behind(data, frames[0], keys, conditions)
        frames.append(frames[0][group].assign(workdays=counted_days))
    joined = reduce(lambda left, right: left.merge(right, on=group, how="outer", suffixes=("", "_more")), frames)
    for flag, start in (
        ("_in_ledger", True),
        ("_complete", True),
        ("_provisional", False),
        ("_waiting", True),
        ("_carried", True),
    ):
        if flag not in joined:
            joined[flag] = start
        joined[flag] = joined[flag].astype("object").where(joined[flag].notna(), start).astype(bool)
    sums = [name for name in joined.columns if name in PARTS]
    joined[sums] = joined[sums].astype("float64")
    # What is not in a table is nothing, but a base that is not stated is not known.
    counted = [name for name in sums if PARTS[name].fact is not Fact.BASES]
    joined[counted] = joined[counted].fillna(0.0)
    joined = _with_small_groups_together(data, joined, keys, conditions)
    return joined.sort_values(group, kind="stable", na_position="last", key=in_order, ignore_index=True)


def _with_small_groups_together(
    data: Dataset, rows: pd.DataFrame, keys: tuple[str, ...], conditions: Conditions
) -> pd.DataFrame:
    """The rows of groups that are too small to be shown added up; calendars are the same for all of a period."""
    shown = shown_together(data, rows, keys, conditions)
    if shown is rows:
        return rows
    how: dict[str, Any] = {name: "first" for name in rows.columns if name not in keys}
    how |= {name: "sum" for name in rows.columns if name in PARTS and name not in _OF_PERIODS}
    how |= {flag: function for flag, function in _FLAGS.items() if flag in rows}
    return shown.groupby(list(keys), dropna=False, sort=False, as_index=False).agg(how)


def _work_parts(data: Dataset, needed: set[str], keys: tuple[str, ...], conditions: Conditions) -> pd.DataFrame:
    money = any(PARTS[part].fact is Fact.MONEY for part in needed)
    sums = sums_for(needed)
    every = tuple(dict.fromkeys((*keys, *conditions)))
    if money:
        work, allocation = costed_work(data, every, sums)
    else:
        work, allocation = work_frame(data, every, sums), None
    parts = contact_parts(data, work)
    rows = work[[*every, "month"]].assign(**parts) if "month" not in every else work[list(every)].assign(**parts)
    if allocation is not None:
        of_answers = work["rows"] * (work["outcome"] == "answered")
        rows = rows.assign(**_money_parts(data, work, allocation), _answered=of_answers, _worked=work["worked_ms"])
        rows = pd.concat([rows, _unallocated(data, work, allocation, every)], ignore_index=True)
    complete = {pd.Timestamp(month) for month in complete_months(data)}
    month = pd.to_datetime(rows["month"])
    provisional = [pd.Timestamp(text) for text in data.settings.provisional]
    rows = rows.assign(_complete=month.isin(complete), _provisional=month.isin(provisional))
    if allocation is not None:
        waiting = known_waiting(data)
        rows = rows.assign(
            _in_ledger=month.isin(pools(data).frame["month"]),
            _waiting=~month.isin(waiting.unknown_months) & (waiting.state != "unknown"),
        )
    grouped = _grouped(data, rows, keys, conditions)
    if allocation is None:
        return grouped
    return grouped.assign(_carried=~_has_untimed(data, grouped, every)).drop(
        columns=["_answered", "_worked"], errors="ignore"
    )


def _has_untimed(data: Dataset, rows: pd.DataFrame, keys: tuple[str, ...]) -> pd.Series:
    """Which groups have answered contacts and no time of any, so that they carry nothing of what is shared by time.

    Over whole months all of it is known all the same.
    """
    found = set(pools(data).frame["cost_type"])
    has_wages = data.has("agents", "hourly_wage")
    rules = (data.costing.rule(name, shifts=data.has("shifts"), wages=has_wages) for name in found)
    by_time = any(isinstance(rule, str) and rule != "contacts" for rule in rules)
    if not by_time or all(key in GRAINS[2:] for key in keys) or "_answered" not in rows:
        return pd.Series(False, index=rows.index)
    return (rows["_answered"] > 0) & (rows["_worked"] == 0)


def _money_parts(data: Dataset, work: pd.DataFrame, allocation: Allocation) -> dict[str, np.ndarray]:
    unit = 10.0 ** minor_digits(data.currency)
    total = allocation.on_cells() * np.ones(len(work))
    return {
        **{name: total * chosen / unit for name, chosen in money_masks(data, work).items()},
        "labour_cost": allocation.on_cells(LABOUR_TYPES) * np.ones(len(work)) / unit,
        "waiting_cost": sum(allocation.waiting.values(), 0.0) * np.ones(len(work)) / unit,
    }


def money_masks(data: Dataset, work: pd.DataFrame) -> dict[str, np.ndarray]:
    """Which cells of work each part of the cost takes in, boolean arrays by the name of the part."""
    self_served = (work["outcome"] == SELF_SERVED).to_numpy(dtype=bool)
    return {
        "total_cost": np.ones(len(work), dtype=bool),
        "assisted_cost": ~self_served,
        "self_service_cost": self_served,
        "call_cost": (work["channel"] == "voice").to_numpy(dtype=bool),
        "uncounted_cost": ~qualifying(data, work).to_numpy(dtype=bool),
    }


def unallocated_masks(work: pd.DataFrame, rest: pd.DataFrame) -> dict[str, np.ndarray]:
    """Which amounts that nothing can carry each part of the cost takes in: by their channel, if they name one."""
    served = work.loc[work["is_contact"]].groupby(OWN_CHANNEL)["outcome"].agg(lambda found: set(found) == {SELF_SERVED})
    alone = rest["channel"].isin(served.index[served.astype(bool)]).to_numpy()
    return {
        "total_cost": np.ones(len(rest), dtype=bool),
        "assisted_cost": ~alone,
        "self_service_cost": alone,
        "call_cost": (rest["channel"] == "voice").to_numpy(dtype=bool),
    }


def _unallocated(data: Dataset, work: pd.DataFrame, allocation: Allocation, keys: tuple[str, ...]) -> pd.DataFrame:
    """Cost that nothing can carry, at the keys that its month and scope determine."""
    rest = allocation.unallocated
    amount = rest["amount"].to_numpy(dtype="float64") / 10.0 ** minor_digits(data.currency)
    return scope_keys(data, rest, keys).assign(
        **{name: amount * chosen for name, chosen in unallocated_masks(work, rest).items()},
        labour_cost=amount * rest["cost_type"].isin(LABOUR_TYPES).to_numpy(),
    )


def _grouped(data: Dataset, rows: pd.DataFrame, keys: tuple[str, ...], conditions: Conditions) -> pd.DataFrame:
    """The rows that meet the conditions, their parts summed by the keys; one row where there is no key."""
    chosen = rows[matching(rows, conditions, data.calendar)] if conditions else rows
    parts = [name for name in rows.columns if name in PARTS]
    how: dict[str, Any] = dict.fromkeys(parts, "sum") | {
        flag: function for flag, function in _FLAGS.items() if flag in rows
    }
    if keys:
        return chosen.groupby(list(keys), dropna=False, sort=True, as_index=False).agg(how)
    if chosen.empty:
        return pd.DataFrame({_ALL: [0], **dict.fromkeys(parts, 0.0)})
    return chosen.assign(**{_ALL: 0}).groupby(_ALL, as_index=False).agg(how)


def _with_schedule_totals(
    data: Dataset, grouped: pd.DataFrame, rows: pd.DataFrame, keys: tuple[str, ...],
    conditions: Conditions,
) -> pd.DataFrame:  # fmt: skip
    """The grouped schedule with what is not a sum over agents: occupied hours and full-time hours."""
    grains = [grain for grain in GRAINS if grain in keys]
    if grains:
        days = _days_of(data, grouped[grains])
    else:
        chosen = rows[matching(rows, conditions, data.calendar)] if conditions else rows
        months = [period_of(month.date(), "month") for month in pd.to_datetime(chosen["month"]).dropna().unique()]
        dates = [day for month in months for day in pd.date_range(month.start, periods=month.days)]
        days = float(len(days_asked(data, dates, conditions)))
    weekly = data.settings.full_time_hours
    occupied = _occupied_hours(data, grouped, rows, keys, conditions)
    if set(keys) & set(CLOCK):
        # What runs on after the last shift of a day says nothing of how busy a half-hour is.
        occupied = occupied.where(grouped["productive_hours"] > 0, 0.0)
    return grouped.assign(
        occupied_hours=occupied,
        full_time_hours=weekly / 7.0 * days,
    )


def _months_of_roster(data: Dataset, keys: tuple[str, ...]) -> list[str]:
    """The month by which a roster is judged: the fiscal one where that cuts months and its periods are asked for."""
    is_fiscal = data.calendar.cuts_months and {*FISCAL_GRAINS} & {*keys}
    return [FISCAL_MONTH] if is_fiscal else ["month"]


def _occupied_hours(
    data: Dataset, grouped: pd.DataFrame, rows: pd.DataFrame, keys: tuple[str, ...], conditions: Conditions
) -> pd.Series:
    """Hours of work and waiting by group: productive hours, and what a roster works beyond them.

    One group's work beyond its roster fills nobody else's waiting, nor another month's: the larger of both is taken by
    staffing group and month, and finer only where a finer grouping is asked for. So one month has one occupancy.
    """
    chosen = rows[matching(rows, conditions, data.calendar)] if conditions else rows
    of_roster = [*keys]
    if not set(keys) & set(CLOCK):
        # On the half-hours lies work that may have come in another month.
        of_roster += _months_of_roster(data, (*keys, *conditions))
    of_roster = list(dict.fromkeys([*of_roster, ROSTER]))
    sums = chosen.groupby(of_roster, dropna=False, as_index=False)[["productive_hours", "worked_hours"]].sum()
    sums["occupied"] = sums[["productive_hours", "worked_hours"]].max(axis=1)
    if not keys:
        return pd.Series([sums["occupied"].sum()], index=grouped.index)
    together = sums.groupby(list(keys), dropna=False, as_index=False)["occupied"].sum()
    return grouped[list(keys)].merge(together, on=list(keys), how="left")["occupied"].set_axis(grouped.index)


def _days_of(data: Dataset, periods: pd.DataFrame) -> pd.Series:
    """How many days the periods of each row have in common, given as first days; missing where one is."""
    ends = periods.copy()
    for grain in periods:
        known = {start: period_of(start.date(), grain, data.calendar).end for start in periods[grain].dropna().unique()}
        ends[grain] = pd.to_datetime(periods[grain].map(known)).astype("datetime64[us]")
    days = (ends.min(axis=1) - periods.max(axis=1)).dt.days
    return days.where(periods.notna().all(axis=1)).astype("float64")


def _base_months(data: Dataset, base: str | None, keys: tuple[str, ...], conditions: Conditions) -> pd.DataFrame:
    """The base of every month of the log, added up over each group's months; missing where that of a month is.

    Where fiscal months cut months, part of a month has part of its base, by days as its cost is.
    """
    bases = data.frame("bases")
    known = sorted(bases["base"].unique())
    if base is None:
        base = "customers" if "customers" in known else known[0] if len(known) == 1 else None
    if base is None:
        raise InvalidInputError(f"Which base is meant must be said with `base`: one of {listed(known)}.")
    if base not in known:
        raise UnknownNameError("base", base, known)
    stated = bases.loc[bases["base"] == base].set_index("period")["count"].astype("float64")
    months = log_months(data)
    rows = pd.DataFrame({"month": months, "base_months": stated.reindex(months).to_numpy()})
    rows = with_periods(by_days(rows, ["base_months"], data.calendar), (*keys, *conditions), data.calendar)
    if conditions:
        rows = rows[matching(rows, conditions, data.calendar)]
    if not keys:
        return pd.DataFrame({_ALL: [0], "base_months": [rows["base_months"].sum(skipna=False)]})
    return rows.groupby(list(keys), as_index=False)["base_months"].agg(lambda counts: counts.sum(skipna=False))
