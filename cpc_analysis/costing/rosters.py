"""Rosters: the paid time of groups and agents beside their work, and how it lies on that work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cpc_analysis.cells.shifts import agent_columns, schedule_cells
from cpc_analysis.cells.spans import Spans, spans_of

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = ["PAYERS", "Roster", "paid_time", "paid_time_on_cells", "roster_of"]

#: The rules by which labour follows who is paid, and the column of work that names them.
PAYERS = {"group_time": "_staffing_group", "agent_time": "_agent_id"}
#: What is known of paid time, by month and agent range.
_AMOUNTS = ("paid_ms", "productive_ms", "base_pay")


@dataclass(frozen=True)
class Roster:
    """Paid time of one kind of payer, aligned with the cells of work: months, or their spans, x payers as flat arrays.

    `code` is the payer-month of each cell, `group_code` its group-month; `group_of` maps payer-months to group-months,
    `month_of` to months. `paid` has a row for each month and agent range, with `_code`, its payer-month.
    """

    code: np.ndarray
    size: int
    month_of: np.ndarray
    paid: pd.DataFrame
    productive: np.ndarray
    worked: np.ndarray
    group_code: np.ndarray
    group_of: np.ndarray
    groups: int

    @property
    def used_fraction(self) -> np.ndarray:
        """The part of a payer's productive time that is worked; one where nothing was scheduled."""
        busy = np.divide(self.worked, self.productive, out=np.ones(self.size), where=self.productive > 0)
        return np.minimum(busy, 1.0)

    def of_payers(self, amounts: np.ndarray) -> np.ndarray:
        """Amounts of the rows of paid time, summed by payer and month."""
        return np.bincount(self.paid["_code"].to_numpy(), amounts, self.size)


def roster_of(work: pd.DataFrame, paid: pd.DataFrame, months: Spans, payer: str) -> Roster:
    """Paid and worked time by payer and month, or span of one, the payers of cells and of shifts under one code.

    Parameters
    ----------
    work : pandas.DataFrame
        Cells of `work_frame` with payers.
    paid : pandas.DataFrame
        Of `paid_time`.
    months : Spans
        Every month, or span of one, in order.
    payer : str
        The column that names who is paid, one of the values of `PAYERS`.
    """
    names = pd.concat([work[payer], paid[payer]], ignore_index=True)
    groups = pd.concat([work["_staffing_group"], paid["_staffing_group"]], ignore_index=True)
    # One agent in two groups in a month is two payers: the time in each group lies on that group's work.
    payers, _ = pd.factorize(pd.MultiIndex.from_arrays([names.fillna(""), groups.fillna("")]))
    group_numbers, _ = pd.factorize(groups.fillna(""))
    width, group_width = payers.max(initial=0) + 1, group_numbers.max(initial=0) + 1
    month = np.concatenate([months.places(work), paid["_month"].to_numpy()])
    code, group_code = month * width + payers, month * group_width + group_numbers
    size, count = len(months) * width, len(work)
    group_of = np.zeros(size, dtype="int64")
    group_of[code] = group_code
    return Roster(
        code=code[:count],
        size=size,
        month_of=np.arange(size) // width,
        paid=paid.assign(_code=code[count:]),
        productive=np.bincount(code[count:], paid["productive_ms"].to_numpy(dtype="float64"), size),
        worked=np.bincount(code[:count], work["worked_ms"].to_numpy(dtype="float64"), size),
        group_code=group_code[:count],
        group_of=group_of,
        groups=len(months) * group_width,
    )


def paid_time(data: Dataset, months: Spans) -> pd.DataFrame:
    """Paid and productive time by month, or span of one, and agent range, with who is paid and what for an hour.

    Parameters
    ----------
    data : Dataset
        Gives shifts and agents.
    months : Spans
        The months, or spans of them, in order; shifts of others are left out.

    Returns
    -------
    pandas.DataFrame
        `paid_ms`, `productive_ms` [milliseconds], `base_pay` [currency], `_month`, its place in `months`; `_agent_id`,
        `_staffing_group`, `_site`, `_team`; `_wage`, the loaded wage [currency an hour]. A wage that is not known is
        the mean of the others.
    """
    cells = schedule_cells(data)
    if len(cells):
        cells = cells[months.places(cells) >= 0].reset_index(drop=True)
    names = ("agent_id", "staffing_group", "site", "team", "loaded_wage", "hourly_wage")
    known = agent_columns(data, cells["range"], cells["stray"], names)
    paid = (
        cells[["paid_ms", "productive_ms"]]
        .astype("float64")
        .assign(
            _month=months.places(cells),
            **{f"_{name}": known[name] for name in names[:4]},
        )
    )
    hours = paid["paid_ms"].to_numpy()
    loaded = _filled(pd.to_numeric(known["loaded_wage"]), hours, 1.0)
    wage = _filled(pd.to_numeric(known["hourly_wage"]), hours, 0.0)
    return paid.assign(_wage=loaded, base_pay=hours / 3.6e6 * wage)


def _filled(wage: np.ndarray, hours: np.ndarray, otherwise: float) -> np.ndarray:
    """Wages [currency an hour], a missing one as the mean by hours; another number where none is known."""
    wage = wage.astype("float64")
    known = np.isfinite(wage)
    mean = np.average(wage[known], weights=hours[known]) if hours[known].sum() > 0 else otherwise
    return np.where(known, wage, mean)


def paid_time_on_cells(data: Dataset, work: pd.DataFrame) -> pd.DataFrame:
    """Paid time, its productive part and its pay at the payroll's wage, on cells of work the way that salaries go.

    Parameters
    ----------
    data : Dataset
        With shifts.
    work : pandas.DataFrame
        Cells of `work_frame` with payers.

    Returns
    -------
    pandas.DataFrame
        One row per cell: `paid_ms`, `productive_ms`, of it `pooled_ms`, that of people who had no work of their own
        [milliseconds, unrounded]; and `base_pay` [currency, unrounded], zero where no wage is known.

    Notes
    -----
    Where salaries follow who is paid, the time of each lies on their own work, and that of idle people on the work of
    their group; of a group without any work it lies nowhere. Work without a shift is done in the paid time of its
    group; that of a group without any shift was paid too, as scheduled work of its month is. Other rules know no
    payers: the time of a month lies on all its work.
    """
    months = spans_of(work["month"].unique(), data.calendar)
    paid = paid_time(data, months)
    amounts = {name: paid[name].to_numpy(dtype="float64") for name in _AMOUNTS}
    has_wages = bool(np.isfinite(work["_loaded_wage"].to_numpy(dtype="float64")).any())
    rule = data.costing.rule("salaries", shifts=True, wages=has_wages)
    if isinstance(rule, str) and rule in PAYERS:
        spread = _on_payers(roster_of(work, paid, months, PAYERS[rule]), work, amounts, len(months))
    else:
        spread = _on_months(work, paid, months, amounts)
    return pd.DataFrame(spread, index=work.index)


def _on_months(
    work: pd.DataFrame, paid: pd.DataFrame, months: Spans, amounts: Mapping[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Amounts of paid time on all work of their month."""
    month = months.places(work)
    worked = work["worked_ms"].to_numpy(dtype="float64")
    whole = np.bincount(month, worked, len(months))
    spread = {"pooled_ms": np.zeros(len(work))}
    for name, values in amounts.items():
        of_month = np.bincount(paid["_month"].to_numpy(), values, len(months))
        spread[name] = np.divide(of_month, whole, out=np.zeros(len(months)), where=whole > 0)[month] * worked
    return spread


def _on_payers(
    roster: Roster, work: pd.DataFrame, amounts: Mapping[str, np.ndarray], months: int
) -> dict[str, np.ndarray]:
    """Amounts of paid time on the work of who is paid; of idle people on that of their group."""
    worked, here = work["worked_ms"].to_numpy(dtype="float64"), roster.worked
    group_here = np.bincount(roster.group_code, worked, roster.groups)
    scheduled = (roster.of_payers(amounts["paid_ms"]) > 0) & (here > 0)
    load = np.bincount(roster.month_of, np.where(scheduled, here, 0.0), months)
    spread = {}
    for name, values in amounts.items():
        of_payer = roster.of_payers(values)
        on_work = np.where(here > 0, of_payer, 0.0)
        of_month = np.bincount(roster.month_of, on_work, months)
        usual = np.divide(of_month, load, out=np.zeros(months), where=load > 0)
        own = np.where(scheduled | (here == 0), on_work, here * usual[roster.month_of])
        # Who works without a shift in a group that has some does so in the paid time of the group.
        of_group, taken = (np.bincount(roster.group_of, part, roster.groups) for part in (on_work, own))
        own = own * np.divide(of_group, taken, out=np.ones(roster.groups), where=of_group > 0)[roster.group_of]
        rate = np.divide(own, here, out=np.zeros(roster.size), where=here > 0)
        idle = np.bincount(roster.group_of, np.where(here > 0, 0.0, of_payer), roster.groups)
        carried = np.divide(idle, group_here, out=np.zeros(roster.groups), where=group_here > 0)
        pooled = carried[roster.group_code] * worked
        spread[name] = rate[roster.code] * worked + pooled
        if name == "productive_ms":
            spread["pooled_ms"] = pooled
    return spread
