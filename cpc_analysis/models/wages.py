"""What wages did: a raise by group and month; seniority, turnover, hours and premiums in the average wage."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cpc_analysis.cells.payroll import payroll_hours
from cpc_analysis.costing.labour import has_payroll, premiums_of
from cpc_analysis.costing.ledger import pools
from cpc_analysis.errors import InvalidInputError, UnknownNameError
from cpc_analysis.periods import Period, parse_period
from cpc_analysis.schema import UNKNOWN

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = ["WAGE_EFFECTS", "wage_effect"]

#: What moves an average wage; together they are its change.
WAGE_EFFECTS = ("general_raise", "seniority", "turnover", "hours")
_GROUPS = ("staffing_group", "site", "team")


def wage_effect(data: Dataset, since: str, until: str = "", by: str = "staffing_group") -> pd.DataFrame:
    """What a raise cost and what else moved the average wage, by group and month.

    From the payroll's own identity, wage x paid hours: a wage is not regressed on a cost that contains it.

    Parameters
    ----------
    data : Dataset
        With shifts and `agents.hourly_wage`.
    since : str
        The month to compare with, such as ``"2024-02"``.
    until : str
        The last month; the last one with payroll when empty.
    by : {"staffing_group", "site", "team"}
        The groups.

    Returns
    -------
    pandas.DataFrame
        `month`, the group, `paid_hours` [hours], `average_wage` [currency an hour], `change`, how much more that is
        than in the month `since`, and what it is made of: `general_raise`, `seniority`, `turnover` and `hours`
        [currency an hour]; `raise_cost`, the general raise on this month's paid hours with on-costs [currency];
        `premium_per_hour` [currency an hour] and `premium_cost` [currency], from the ledger's premium accounts,
        missing where the policy names none and beyond the ledger. A group that was not paid in the month `since` has
        no wage to compare with: its change, what that is made of and its raise cost are missing. Premiums that lie on
        a group without wages, or on nobody (a missing group), have a row without hours, so that the premiums of a month
        add up to the ledger's by any group.

    Raises
    ------
    InvalidInputError
        If there is no payroll, or the months are not in order or have none.
    UnknownNameError
        If there is no such group column.

    Notes
    -----
    Month by month, then added up. The general raise is the median growth of the wages of those who are paid in both
    months, on everybody's wage; `seniority` is what single people got beyond it; `turnover` compares those who come
    with those who leave; `hours` is who works more and who less. All are centred on the mean wage and add up to
    `change`. Premiums are no wage: overtime in the ledger leaves the average wage as it is.

    Examples
    --------
    >>> from cpc_analysis import load_sample
    >>> frame = wage_effect(load_sample(), since="2024-02", until="2024-03")
    >>> round(float(frame.loc[0, "general_raise"] / (frame.loc[0, "average_wage"] - frame.loc[0, "change"])), 3)
    0.035
    """
    if by not in _GROUPS:
        raise UnknownNameError("group of wages", by, _GROUPS)
    if not has_payroll(data):
        raise InvalidInputError(
            "`wage_effect` needs `shifts` and `agents.hourly_wage`, the hours that people are paid for and at what "
            "wage; the dataset has not both."
        )
    pay = _pay(data, by)
    first, last = _months(pay, since, until)
    months = pd.date_range(first.start, last.start, freq="MS")
    parts = [_one_group(group, rows, months) for group, rows in pay.groupby(by, sort=True)]
    frame = pd.concat(parts, ignore_index=True).rename(columns={"group": by})
    frame = _with_premiums(data, frame, by, months[1:])
    frame = frame.sort_values(["month", by], ignore_index=True)
    covers = (first.start, last.end - timedelta(days=1))
    frame.attrs = {**data.stamp, "covers": covers, "since": since, "by": [by]}
    return frame[["month", by, "paid_hours", "average_wage", "change", *WAGE_EFFECTS, "raise_cost",
                  "premium_per_hour", "premium_cost"]]  # fmt: skip


def _pay(data: Dataset, by: str) -> pd.DataFrame:
    """Hours and wages by month, group and agent; people without a wage are left out."""
    hours = payroll_hours(data)
    known = hours[hours["hourly_wage"].notna() & (hours["hours"] > 0)]
    known = known.assign(
        **{by: known[by].where(known[by].notna(), UNKNOWN)},
        pay=known["hours"] * known["hourly_wage"],
        on_costs=known["hours"] * known["hourly_wage"] * known["on_cost_rate"].fillna(0.0),
    )
    sums = known.groupby(["month", by, "agent_id"], as_index=False)[["hours", "pay", "on_costs"]].sum()
    return sums.assign(wage=sums["pay"] / sums["hours"])


def _months(pay: pd.DataFrame, since: str, until: str) -> tuple[Period, Period]:
    first = parse_period(since)
    last = parse_period(until or f"{pay['month'].max():%Y-%m}")
    for name, period in (("since", first), ("until", last)):
        if period.grain != "month" or pd.Timestamp(period.start) not in set(pay["month"]):
            raise InvalidInputError(
                f"`{name}` must be a month with payroll, {pay['month'].min():%Y-%m} to {pay['month'].max():%Y-%m}, "
                f"got '{period}'."
            )
    if last.start <= first.start:
        raise InvalidInputError(f"`until` must be later than `since`, got {last} and {first}.")
    return first, last


def _one_group(group: object, pay: pd.DataFrame, months: pd.DatetimeIndex) -> pd.DataFrame:
    """The rows of one group after the first month, effects added up since then; missing if it was not paid then."""
    of_month = {month: rows.set_index("agent_id") for month, rows in pay.groupby("month")}
    before = of_month.get(months[0])
    rows, total = [], dict.fromkeys(WAGE_EFFECTS, np.nan if before is None else 0.0)
    for month in months[1:]:
        now = of_month.get(month)
        if now is None:
            continue
        if before is not None:
            for name, effect in _effects(before, now).items():
                total[name] += effect
            before = now
        paid, rate = now["hours"].sum(), now["on_costs"].sum() / now["pay"].sum()
        rows.append({
            "month": month, "group": group, "paid_hours": paid, "average_wage": now["pay"].sum() / paid,
            "change": sum(total.values()), **total,
            "raise_cost": total["general_raise"] * paid * (1.0 + rate),
        })  # fmt: skip
    columns = ["month", "group", "paid_hours", "average_wage", "change", *WAGE_EFFECTS, "raise_cost"]
    return pd.DataFrame(rows, columns=columns)


def _effects(before: pd.DataFrame, now: pd.DataFrame) -> dict[str, float]:
    """What the general raise, seniority, turnover and hours did to the average wage of a group in a month."""
    people = before.index.union(now.index)
    hours = [frame["hours"].reindex(people).fillna(0.0).to_numpy() for frame in (before, now)]
    wages = [frame["wage"].reindex(people).to_numpy() for frame in (before, now)]
    stayed = (hours[0] > 0) & (hours[1] > 0)
    growth = _median(wages[1][stayed] / wages[0][stayed], (hours[0] + hours[1])[stayed])
    shares = [hour / hour.sum() for hour in hours]
    # Wages of now without the raise, so that who comes is compared with who leaves at one level.
    real = [np.nan_to_num(wages[0]), np.nan_to_num(wages[1]) / growth]
    means = [float(share @ wage) for share, wage in zip(shares, real, strict=True)]
    centre = (means[0] + means[1]) / 2.0
    level = (1.0 + growth) / 2.0
    share, change = shares[1] - shares[0], real[1] - real[0]
    turnover = shares[1] * (real[1] - centre) * (hours[0] == 0) - shares[0] * (real[0] - centre) * (hours[1] == 0)
    return {
        "general_raise": (growth - 1.0) * centre,
        "seniority": level * float(((shares[0] + shares[1]) / 2.0 * change)[stayed].sum()),
        "turnover": level * float(turnover.sum()),
        "hours": level * float((share * ((real[0] + real[1]) / 2.0 - centre))[stayed].sum()),
    }


def _median(values: np.ndarray, weights: np.ndarray) -> float:
    """The weighted median; one where there is nothing."""
    if not len(values):
        return 1.0
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(reached, reached[-1] / 2.0)])


def _with_premiums(data: Dataset, frame: pd.DataFrame, by: str, months: pd.DatetimeIndex) -> pd.DataFrame:
    if not data.costing.premium_accounts:
        return frame.assign(premium_per_hour=np.nan, premium_cost=np.nan)
    premiums = premiums_of(data, by)
    frame = frame.merge(premiums[premiums["month"].isin(months)], on=["month", by], how="outer")
    in_ledger = frame["month"].isin(pools(data).frame["month"])
    frame["premium_cost"] = frame["premium_cost"].fillna(0.0).where(in_ledger)
    return frame.assign(premium_per_hour=frame["premium_cost"] / frame["paid_hours"])
