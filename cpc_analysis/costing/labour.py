"""What labour on each cell is made of: payroll, premiums, on-costs, and the paid time behind the worked time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cpc_analysis.cells.payroll import payroll_hours
from cpc_analysis.cells.shifts import agent_columns
from cpc_analysis.cells.work import work_frame
from cpc_analysis.costing.ledger import Pools, pools, pools_of, premium_pools
from cpc_analysis.costing.shares import SharedPool, shared_pools
from cpc_analysis.money import minor_digits
from cpc_analysis.schema import LABOUR_TYPES, UNKNOWN

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = ["has_payroll", "labour_on_cells", "paid_hours_on_cells", "premiums_of"]


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


def paid_hours_on_cells(data: Dataset, work: pd.DataFrame) -> np.ndarray:
    """Paid hours behind work and waiting, by cell [hours]; worked hours without shifts.

    Parameters
    ----------
    data : Dataset
        Gives payroll and shifts.
    work : pandas.DataFrame
        Cells of `work_frame` with payers.

    Notes
    -----
    They go the way that the ledger's salaries go: those of people whose group has no work lie on no cell where salaries
    follow who is paid. The others add up to the hours of the payroll.
    """
    if not data.has("shifts"):
        return work["worked_ms"].to_numpy(dtype="float64") / 3.6e6
    hours = payroll_hours(data)
    loaded = hours["hourly_wage"] * (1.0 + hours["on_cost_rate"].fillna(0.0))
    known = loaded.notna() & (hours["hours"] > 0)
    mean = np.average(loaded[known], weights=hours["hours"][known]) if known.any() else 1.0
    # Where salaries follow who is paid they are weighed by wages: hours go out as money, and each group's money is made
    # hours again. Other rules know no groups, and hours go out as they are.
    rule = data.costing.rule("salaries", shifts=True, wages=bool(known.any()))
    weight = loaded.fillna(mean) if rule in ("group_time", "agent_time") else 1.0
    paid = hours.assign(amount=hours["hours"] * weight)
    on_cells = _together(data, pools_of(data, "salaries", _with_scopes(data, paid)), work)
    return on_cells / 10 ** minor_digits(data.currency) * _by_group(paid, "hours", "amount", work)


def premiums_of(data: Dataset, by: str) -> pd.DataFrame:
    """Premiums by month and group of the people that they were paid to, from the ledger's premium accounts.

    Parameters
    ----------
    data : Dataset
        With premium accounts in its costing policy.
    by : {"staffing_group", "site", "team"}
        The groups.

    Returns
    -------
    pandas.DataFrame
        `month`, the group, missing for what nobody's work can carry, and `premium_cost` [currency]. Each month adds up
        to the ledger's premiums.

    Notes
    -----
    The group is that of who worked, not of the contact. Work outside the contact log names a staffing group only: its
    premiums go to the sites or teams of that group by their paid hours.
    """
    found = premium_pools(data)
    if found is None or found.frame.empty:
        return pd.DataFrame({"month": pd.Series(dtype="datetime64[us]"), by: [], "premium_cost": []})
    work = work_frame(data, (), payers=True, scopes=found.scopes)
    shared = list(shared_pools(data, found, work))
    rest = pd.concat([pool.unallocated[["month", "amount"]] for pool in shared]).assign(**{by: None})
    rows = pd.concat([_on_people(data, work, shared, by), rest], ignore_index=True)
    frame = rows.groupby(["month", by], dropna=False, as_index=False)["amount"].sum()
    frame[by] = frame[by].astype("object").where(frame[by].notna(), None)
    frame["premium_cost"] = frame.pop("amount") / 10**found.digits
    return frame[frame["premium_cost"] != 0].reset_index(drop=True)


def _on_people(data: Dataset, work: pd.DataFrame, shared: Iterable[SharedPool], by: str) -> pd.DataFrame:
    """What lies on cells of work, by month and group of who worked [minor units]."""
    amount = sum((pool.used + pool.waiting for pool in shared), np.zeros(len(work)))
    rows = pd.DataFrame({"month": work["month"], "staffing_group": work["_staffing_group"], "amount": amount})
    if by == "staffing_group":
        return rows
    is_contact = work["is_contact"].to_numpy(dtype=bool)
    rows[by] = agent_columns(data, work["worker"], work["stray_worker"], (by,))[by]
    divided = _by_paid_hours(data, rows[~is_contact].drop(columns=by), by)
    return pd.concat([rows[is_contact], divided]).assign(**{by: lambda frame: frame[by].fillna(UNKNOWN)})


def _by_paid_hours(data: Dataset, amounts: pd.DataFrame, by: str) -> pd.DataFrame:
    """Amounts of staffing groups on their sites or teams, by paid hours of the month."""
    hours = payroll_hours(data).assign(**{by: lambda frame: frame[by].fillna(UNKNOWN)})
    sums = hours.groupby(["month", "staffing_group", by], as_index=False)["hours"].sum()
    sums = sums[sums["hours"] > 0]
    sums["share"] = sums["hours"] / sums.groupby(["month", "staffing_group"])["hours"].transform("sum")
    divided = amounts.merge(sums, on=["month", "staffing_group"], how="left")
    return divided.assign(amount=divided["amount"] * divided["share"].fillna(1.0))


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
