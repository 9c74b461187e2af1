"""The flexed budget: what the budget would have allowed for the contacts that came."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cpc_analysis.costing.ledger import pools_by_behaviour
from cpc_analysis.errors import InvalidInputError, listed
from cpc_analysis.measuring import measure
from cpc_analysis.measuring.parts import matching
from cpc_analysis.models.budgeting import months_without_budget, plan_lines, self_service_channels
from cpc_analysis.periods import GRAINS, period_of

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = ["FLEXED", "flexed_budget"]

#: What a flexed budget states.
FLEXED = ("contacts", "total_cost", "cost_per_contact", "cost_per_assisted_contact", "average_handle_time")


def flexed_budget(data: Dataset, where: Mapping[str, object] | None = None) -> pd.DataFrame:
    """The budget at the actual volume and mix, one row.

    Parameters
    ----------
    data : Dataset
        With a budget.
    where : mapping, optional
        A period and channels, as for `measure`.

    Returns
    -------
    pandas.DataFrame
        `contacts` as they came, `total_cost` [currency], `cost_per_contact` and `cost_per_assisted_contact`
        [currency per contact], `average_handle_time` [seconds], and `variable_cost` and `fixed_cost`, which add up to
        the total [currency].

    Raises
    ------
    InvalidInputError
        If the dataset has no budget, not of all months asked for, or `where` names what a budget does not know.

    Notes
    -----
    Variable cost of a channel follows its contacts, ``budgeted x actual / budgeted contacts``, that of self-service its
    sessions; variable cost without a channel follows all contacts that count. Fixed and step cost stay. How much of
    a cost type is variable is read from the `behaviour` of its ledger lines in the same months, by channel where they
    name one; lines without one count as fixed, and what is spread over a service period keeps its line's. The handle
    time is the budgeted one of each channel at the actual mix.
    """
    if not data.has("budget") or data.frame("budget").empty:
        raise InvalidInputError("A flexed budget needs the table `budget`; the dataset has none.")
    conditions = dict(where or {})
    _check_conditions(data, conditions)
    plan = plan_lines(data)
    for grain in {*GRAINS} & {*conditions}:
        plan[grain] = [pd.Timestamp(period_of(day.date(), grain).start) for day in plan["month"]]
    plan = plan[matching(plan, conditions)]
    months = pd.DatetimeIndex(plan["month"].unique())
    came = _came(data, months, conditions)
    work = plan[plan["cost_type"].isna()]
    budgeted = work.groupby(["month", "channel"], dropna=False)[["contacts", "seconds", "volume"]].sum()
    money = plan[plan["cost_type"].notna()]
    share = _variable_share(data, money)
    volume = np.array([_volume(came, budgeted, month, channel)
                       for month, channel in zip(money["month"], money["channel"], strict=True)])  # fmt: skip
    variable, fixed = money["amount"] * share * volume, money["amount"] * (1.0 - share)
    total = float((variable + fixed).sum()) if len(money) else np.nan
    contacts, helped = float(came["contacts"].sum()), float(came["assisted_contacts"].sum())
    assisted = ~money["channel"].isin(self_service_channels(data))
    frame = pd.DataFrame({
        "contacts": [contacts],
        "total_cost": [total],
        "cost_per_contact": [total / contacts if contacts else np.nan],
        "cost_per_assisted_contact": [(variable + fixed)[assisted].sum() / helped if helped else np.nan],
        "average_handle_time": [_handle_time(came["contacts"], budgeted)],
        "variable_cost": [float(variable.sum())],
        "fixed_cost": [float(fixed.sum())],
    })  # fmt: skip
    frame.attrs = data.stamp
    return frame


def _check_conditions(data: Dataset, conditions: dict[str, object]) -> None:
    known = ("channel", *GRAINS[2:])
    for key in conditions:
        if key not in known:
            raise InvalidInputError(f"A flexed budget knows {listed(known)}, got `where` with '{key}'.")
    if missing := months_without_budget(data, conditions):
        raise InvalidInputError(
            f"A flexed budget needs the budget of each month asked for, and none is there of {listed(missing)}."
        )


def _came(data: Dataset, months: pd.DatetimeIndex, conditions: dict[str, object]) -> pd.DataFrame:
    """By month and channel the contacts that count, those with an agent, and sessions that count or not."""
    asked = {**conditions, "month": list(months)}
    frame = measure(data, ["contacts", "assisted_contacts", "self_service_sessions"], by=["month", "channel"],
                    where=asked)  # fmt: skip
    frame = frame[frame["channel"].notna()].set_index(["month", "channel"])
    return frame.assign(volume=frame["assisted_contacts"] + frame["self_service_sessions"])


def _volume(came: pd.DataFrame, budgeted: pd.DataFrame, month: pd.Timestamp, channel: object) -> float:
    """Actual over budgeted contacts of a month and channel; of all channels where none is named or budgeted."""
    if isinstance(channel, str) and (month, channel) in budgeted.index:
        planned = budgeted.loc[(month, channel), "volume"]
        if planned > 0:
            return float(came["volume"].get((month, channel), 0.0) / planned)
    in_month = budgeted.index.get_level_values("month") == month
    whole = budgeted.loc[in_month, "contacts"].sum()
    actual = came.loc[came.index.get_level_values("month") == month, "contacts"].sum()
    return float(actual / whole) if whole > 0 else 1.0


def _variable_share(data: Dataset, money: pd.DataFrame) -> np.ndarray:
    """Of each line of the budget, how much of its cost type is variable in the ledger of these months."""
    frame = pools_by_behaviour(data).frame
    frame = frame[frame["month"].isin(money["month"].unique())]
    frame = frame.assign(amount=frame["posted"] + frame["moved"])
    frame["variable"] = frame["amount"].where(frame["behaviour"] == "variable", 0)
    by_type = frame.groupby("cost_type")[["amount", "variable"]].sum()
    scoped = frame[frame["channel"].notna()].groupby(["cost_type", "channel"])[["amount", "variable"]].sum()
    shares = []
    for cost_type, channel in zip(money["cost_type"], money["channel"], strict=True):
        found = scoped.loc[(cost_type, channel)] if (cost_type, channel) in scoped.index else (
            by_type.loc[cost_type] if cost_type in by_type.index else frame[["amount", "variable"]].sum()
        )  # fmt: skip
        shares.append(np.clip(found["variable"] / found["amount"], 0.0, 1.0) if found["amount"] else 0.0)
    return np.array(shares, dtype="float64")


def _handle_time(came: pd.Series, budgeted: pd.DataFrame) -> float:
    stated = budgeted[(budgeted["contacts"] > 0) & (budgeted["seconds"] > 0)]
    weights = came.reindex(stated.index).fillna(0.0) if stated.index.get_level_values("channel").notna().all() else (
        stated["contacts"]
    )  # fmt: skip
    times = stated["seconds"] / stated["contacts"]
    return float((times * weights).sum() / weights.sum()) if weights.sum() > 0 else np.nan
