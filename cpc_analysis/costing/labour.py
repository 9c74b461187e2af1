"""What labour on each cell is made of: payroll, premiums, on-costs, and the paid time behind the worked time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cpc_analysis.cells.payroll import payroll_hours
from cpc_analysis.costing.ledger import Pools, pools, pools_of, premium_pools
from cpc_analysis.costing.shares import SharedPool, shared_pools
from cpc_analysis.schema import LABOUR_TYPES

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = ["has_payroll", "labour_on_cells"]


def has_payroll(data: Dataset) -> bool:
    """Whether wages and the hours they were paid for are known."""
    return data.has("shifts") and bool(payroll_hours(data)["hourly_wage"].notna().any())


def labour_on_cells(data: Dataset, work: pd.DataFrame, shared: Iterable[SharedPool]) -> pd.DataFrame:
    """Labour on cells of work and its parts.

    Parameters
    ----------
    data : Dataset
        Gives payroll, shifts and the premium accounts.
    work : pandas.DataFrame
        Cells of `work_frame` with payers.
    shared : iterable of SharedPool
        The ledger on these cells.

    Returns
    -------
    pandas.DataFrame
        One row per cell: `used` and `waiting` labour, of which `base_pay` (paid hours at the payroll's wage),
        `premium` and `on_costs` [minor units]; and `paid_seconds`, what was paid to have the worked time.
        `base_pay` is zero without payroll.

    Notes
    -----
    Payroll goes the way that the ledger's salaries go, so that both lie on the same cells; the two differ by what
    the ledger holds beyond payroll.
    """
    labour = [pool for pool in shared if pool.cost_type in LABOUR_TYPES]
    none = np.zeros(len(work))
    hours = payroll_hours(data) if data.has("shifts") else None
    return pd.DataFrame(
        {
            "used": sum((pool.used for pool in labour), none),
            "waiting": sum((pool.waiting for pool in labour), none),
            "base_pay": _base_pay(data, work, hours) if hours is not None and has_payroll(data) else none,
            "premium": _together(data, premium_pools(data), work),
            "on_costs": sum((pool.used + pool.waiting for pool in labour if pool.cost_type == "on_costs"), none),
            "paid_seconds": _paid_seconds(work, hours),
        },
        index=work.index,
    )


def _together(data: Dataset, found: Pools | None, work: pd.DataFrame) -> np.ndarray:
    if found is None or found.frame.empty:
        return np.zeros(len(work))
    return sum((pool.used + pool.waiting for pool in shared_pools(data, found, work)), np.zeros(len(work)))


def _base_pay(data: Dataset, work: pd.DataFrame, hours: pd.DataFrame) -> np.ndarray:
    """Paid hours x wage: shared out with on-costs, as wages weigh, then each group's on-costs taken off."""
    wage, rate = hours["hourly_wage"], hours["on_cost_rate"].fillna(0.0)
    known = wage.notna()
    mean = np.average(wage[known], weights=hours["hours"][known]) if hours["hours"][known].sum() > 0 else 0.0
    base = hours["hours"] * wage.fillna(mean)
    paid = hours.assign(base=base, amount=base * (1.0 + rate))
    on_cells = _together(data, pools_of(data, "salaries", _with_scopes(data, paid)), work)
    return on_cells * _by_group(paid, "base", "amount", work)


def _with_scopes(data: Dataset, paid: pd.DataFrame) -> pd.DataFrame:
    """Payroll by month and the sites and teams that the ledger's salaries are booked on."""
    lines = pools(data).frame
    salaries = lines[lines["cost_type"] == "salaries"]
    scoped = paid[["month", "amount"]].copy()
    for name in ("site", "team"):
        booked = salaries[name].dropna().unique()
        scoped[name] = paid[name].where(paid[name].isin(booked)) if name in paid else None
    return scoped.groupby(["month", "site", "team"], dropna=False, as_index=False)["amount"].sum()


def _paid_seconds(work: pd.DataFrame, hours: pd.DataFrame | None) -> np.ndarray:
    worked = work["worked_ms"].to_numpy(dtype="float64") / 1000.0
    return worked if hours is None else worked * _by_group(hours, "hours", "productive_hours", work)


def _by_group(frame: pd.DataFrame, numerator: str, denominator: str, work: pd.DataFrame) -> np.ndarray:
    """The ratio of each cell's staffing group and month; its month's where the group has none, else one."""
    names = ["month", "staffing_group"]
    groups, months = (frame.groupby(keys)[[numerator, denominator]].sum() for keys in (names, names[:1]))
    cells = pd.MultiIndex.from_arrays([work["month"], work["_staffing_group"]])
    of_group = (groups[numerator] / groups[denominator].where(groups[denominator] > 0)).reindex(cells).to_numpy()
    of_month = (months[numerator] / months[denominator].where(months[denominator] > 0)).reindex(work["month"])
    ratio = np.where(np.isfinite(of_group), of_group, of_month.to_numpy())
    return np.where(np.isfinite(ratio), ratio, 1.0)
