"""The identity of labour: what its money on each cell is made of, and the paid time behind it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cpc_analysis.cells.payroll import payroll_hours
from cpc_analysis.cells.shifts import agent_columns
from cpc_analysis.cells.work import work_frame
from cpc_analysis.costing.ledger import premium_pools
from cpc_analysis.costing.rosters import paid_time_on_cells
from cpc_analysis.costing.shares import SharedPool, shared_pools
from cpc_analysis.money import minor_digits
from cpc_analysis.schema import LABOUR_TYPES, UNKNOWN

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = ["has_payroll", "labour_on_cells", "premiums_of", "time_on_cells"]


def has_payroll(data: Dataset) -> bool:
    """Whether wages and the hours they were paid for are known."""
    return data.has("shifts") and bool(payroll_hours(data)["hourly_wage"].notna().any())


def labour_on_cells(data: Dataset, work: pd.DataFrame, shared: Iterable[SharedPool]) -> pd.DataFrame:
    """The identity of labour on cells of work: its money, and the paid time behind it.

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
        One row per cell: `labour`, of which `base_pay` (paid hours at the payroll's wage), `premium` and `on_costs`
        [minor units]; and the time of `time_on_cells` [seconds]. `base_pay` is zero without payroll.

    Notes
    -----
    ``labour = productive / availability x (wage x (1 + on-cost rate) + premium + what the ledger holds besides)``
    with ``productive = worked + other_work + waiting - beyond_roster``, ``availability = productive / paid`` and
    ``wage = base_pay / paid``. Payroll goes the way that the ledger's salaries go: both lie on the same cells.
    """
    labour = [pool for pool in shared if pool.cost_type in LABOUR_TYPES]
    frame = pd.DataFrame({
        "labour": _together(labour, work),
        "base_pay": np.zeros(len(work)),
        "premium": _premium(data, work),
        "on_costs": _together([pool for pool in labour if pool.cost_type == "on_costs"], work),
    }, index=work.index)  # fmt: skip
    paid = _paid(data, work)
    if paid is not None:
        frame["base_pay"] = paid["base_pay"] * 10 ** minor_digits(data.currency)
    return frame.join(_times(work, paid))


def time_on_cells(data: Dataset, work: pd.DataFrame) -> pd.DataFrame:
    """What paid time on cells of work is made of: paid, productive, worked, other work, waiting, beyond the roster.

    Parameters
    ----------
    data : Dataset
        Gives the shifts.
    work : pandas.DataFrame
        Cells of `work_frame` with payers.

    Returns
    -------
    pandas.DataFrame
        One row per cell [seconds]: `worked`, time on contacts; `other_work`, outside of the contact log; `waiting`,
        productive time in which nobody worked; `beyond_roster`, work that no productive time covers; `productive`,
        which is worked + other work + waiting - beyond the roster; and `paid`, which holds the productive time and all
        that loads it: breaks, meetings, training, absence. Without shifts all paid time is worked.
    """
    return _times(work, _paid(data, work))


def _paid(data: Dataset, work: pd.DataFrame) -> pd.DataFrame | None:
    """Paid time on cells of work; None without shifts."""
    return paid_time_on_cells(data, work) if data.has("shifts") else None


def _times(work: pd.DataFrame, found: pd.DataFrame | None) -> pd.DataFrame:
    """As `time_on_cells` gives it, from paid time on the same cells."""
    every = work["worked_ms"].to_numpy(dtype="float64") / 1000.0
    on_contacts = work["is_contact"].to_numpy(dtype=bool)
    frame = pd.DataFrame({
        "worked": np.where(on_contacts, every, 0.0),
        "other_work": np.where(on_contacts, 0.0, every),
        "waiting": 0.0, "beyond_roster": 0.0, "productive": every, "paid": every,
    }, index=work.index)  # fmt: skip
    if found is None:
        return frame
    productive, pooled, paid = (found[f"{name}_ms"].to_numpy() / 1000.0 for name in ("productive", "pooled", "paid"))
    left = productive - pooled - every
    # What float error makes of work that just fills the roster is neither waiting nor beyond it.
    left[np.abs(left) <= 1e-9 * every] = 0.0
    return frame.assign(
        waiting=np.maximum(left, 0.0) + pooled, beyond_roster=np.maximum(-left, 0.0), productive=productive, paid=paid
    )


def _premium(data: Dataset, work: pd.DataFrame) -> np.ndarray:
    found = premium_pools(data)
    if found is None or found.frame.empty:
        return np.zeros(len(work))
    return _together(shared_pools(data, found, work), work)


def _together(shared: Iterable[SharedPool], work: pd.DataFrame) -> np.ndarray:
    return sum((pool.used + pool.waiting for pool in shared), np.zeros(len(work)))


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
    amount = _together(shared, work)
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
