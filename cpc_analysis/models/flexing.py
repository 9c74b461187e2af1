"""The flexed budget: what the budget would have allowed for the contacts that came."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cpc_analysis.cells.conditions import Conditions, matching, read_conditions
from cpc_analysis.cells.spans import with_periods
from cpc_analysis.errors import InvalidInputError, listed
from cpc_analysis.measuring import measure
from cpc_analysis.models.behaviours import variable_shares
from cpc_analysis.models.budgeting import (
    check_not_cut,
    months_without_budget,
    planned_money,
    planned_work,
    self_service_channels,
)
from cpc_analysis.periods import GRAINS

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = ["FLEXED", "contacts_that_came", "flexed_budget", "flexed_lines", "flexed_money"]

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
    a line is variable says its `behaviour`, else the project, else - but never for labour, which is rostered - the
    ledger of the twelve months before the period asked for; what nobody speaks of stays (`flexed_lines` shows who says
    it). What was spent in the period has no part in it. The handle time is the budgeted one of each channel at the
    actual mix.
    """
    conditions = _conditions(data, where)
    lines = _chosen_lines(data, conditions)
    work, came = _chosen_work(data, conditions)
    variable = lines["amount"] * lines["variable_share"] * lines["volume"]
    fixed = lines["amount"] * (1.0 - lines["variable_share"])
    total = float(lines["flexed"].sum()) if len(lines) else np.nan
    contacts, helped = float(came["contacts"].sum()), float(came["assisted_contacts"].sum())
    assisted = ~lines["channel"].isin(self_service_channels(data))
    frame = pd.DataFrame({
        "contacts": [contacts],
        "total_cost": [total],
        "cost_per_contact": [total / contacts if contacts else np.nan],
        "cost_per_assisted_contact": [lines.loc[assisted, "flexed"].sum() / helped if helped else np.nan],
        "average_handle_time": [_handle_time(came, work)],
        "variable_cost": [float(variable.sum())],
        "fixed_cost": [float(fixed.sum())],
    })  # fmt: skip
    frame.attrs = data.stamp
    return frame


def flexed_lines(data: Dataset, where: Mapping[str, object] | None = None) -> pd.DataFrame:
    """The lines of the flexed budget: what each was, what it allows, how much of it is variable, and who says so.

    Parameters
    ----------
    data : Dataset
        With a budget.
    where : mapping, optional
        A period and channels, as for `measure`.

    Returns
    -------
    pandas.DataFrame
        A row per `channel` (missing where the budget names none), `cost_type`, `variable_share` and `told_by`:
        ``"budget"`` (the line's `behaviour`), ``"project"``, ``"roster"`` (labour, of which neither speaks),
        ``"ledger"`` (of the twelve months before) or ``"nobody"``; `budget` and `flexed` [currency], which add
        up to the budget and to the total of `flexed_budget`.

    Raises
    ------
    InvalidInputError
        As for `flexed_budget`.
    """
    lines = _chosen_lines(data, _conditions(data, where)).rename(columns={"amount": "budget"})
    keys = ["channel", "cost_type", "variable_share", "told_by"]
    frame = lines.groupby(keys, dropna=False, as_index=False)[["budget", "flexed"]].sum()
    frame.attrs = data.stamp
    return frame


def flexed_money(data: Dataset, first: pd.Timestamp) -> pd.DataFrame:
    """Every line of the budget with its money at the contacts that came.

    Parameters
    ----------
    data : Dataset
        With a budget.
    first : Timestamp
        The first month that is judged; see `variable_shares`.

    Returns
    -------
    pandas.DataFrame
        As `planned_money` gives it, with `variable_share`, `told_by`, `volume` (how many times the planned contacts
        came) and `flexed` [currency].
    """
    money = planned_money(data)
    money = money.join(variable_shares(data, money, first))
    money["volume"] = _volumes(money, planned_work(data), contacts_that_came(data))
    money["flexed"] = money["amount"] * (1.0 - money["variable_share"] + money["variable_share"] * money["volume"])
    return money


def contacts_that_came(data: Dataset) -> pd.DataFrame:
    """By `month` and `channel` the `contacts` that count, `assisted_contacts`, and the `volume` that money follows."""
    names = ["contacts", "assisted_contacts", "self_service_sessions"]
    frame = measure(data, names, by=["month", "channel"])
    frame = frame.loc[frame["channel"].notna(), ["month", "channel", *names]].reset_index(drop=True)
    alone = frame["channel"].isin(self_service_channels(data))
    return frame.assign(volume=frame["self_service_sessions"].where(alone, frame["contacts"]))


def _conditions(data: Dataset, where: Mapping[str, object] | None) -> Conditions:
    """What `where` asks for, of what a budget knows."""
    known = ("channel", *GRAINS[2:])
    for key in where or ():
        if key not in known:
            offered = [name for name in known if name == "channel" or name in data.settings.grains]
            raise InvalidInputError(f"A flexed budget knows {listed(offered)}, got `where` with '{key}'.")
    check_not_cut(data, "A flexed budget", where or ())
    return read_conditions(data, where)


def _chosen_lines(data: Dataset, conditions: Conditions) -> pd.DataFrame:
    if not data.has("budget") or data.frame("budget").empty:
        raise InvalidInputError("A flexed budget needs the table `budget`; the dataset has none.")
    if missing := months_without_budget(data, conditions):
        raise InvalidInputError(
            f"A flexed budget needs the budget of each month asked for, and none is there of {listed(missing)}."
        )
    periods = {key: value for key, value in conditions.items() if key in GRAINS}
    months = _matched(data, planned_work(data), periods)["month"]
    first = months.min() if len(months) else pd.to_datetime(data.frame("budget")["period"]).min()
    return _matched(data, flexed_money(data, first), conditions)


def _chosen_work(data: Dataset, conditions: Conditions) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Planned work and contacts as they came, of the months that the budget is about."""
    work = _matched(data, planned_work(data), conditions)
    came = _matched(data, contacts_that_came(data), conditions)
    periods = {key: value for key, value in conditions.items() if key in GRAINS}
    budgeted = _matched(data, planned_work(data), periods)["month"]
    return work, came[came["month"].isin(budgeted)]


def _matched(data: Dataset, rows: pd.DataFrame, conditions: Conditions) -> pd.DataFrame:
    rows = with_periods(rows.copy(), conditions, data.calendar)
    return rows[matching(rows, conditions, data.calendar)]


def _volumes(money: pd.DataFrame, work: pd.DataFrame, came: pd.DataFrame) -> np.ndarray:
    """How many times the planned contacts came, for each line: of its channel, else of all in its month."""
    keys = ["month", "channel"]
    planned = work.groupby(keys)["volume"].sum()
    actual = came.groupby(keys)["volume"].sum()
    by_channel = actual.reindex(planned.index).fillna(0.0) / planned.where(planned > 0)
    whole = work.groupby("month")["contacts"].sum()
    counted = came.groupby("month")["contacts"].sum()
    by_month = counted.reindex(whole.index).fillna(0.0) / whole.where(whole > 0)
    own = by_channel.reindex(pd.MultiIndex.from_frame(money[keys])).to_numpy()
    of_all = by_month.reindex(money["month"]).to_numpy()
    # A month that plans no contacts has nothing to follow.
    return np.where(np.isfinite(own), own, np.where(np.isfinite(of_all), of_all, 1.0))


def _handle_time(came: pd.DataFrame, work: pd.DataFrame) -> float:
    """The budgeted handle time of each channel at the contacts that came; at those planned where none is named."""
    stated = work[(work["contacts"] > 0) & (work["seconds"] > 0)]
    weights = stated["contacts"]
    if stated["channel"].notna().all():
        keys = ["month", "channel"]
        weights = stated[keys].merge(came, on=keys, how="left")["contacts"].fillna(0.0).set_axis(stated.index)
    times = stated["seconds"] / stated["contacts"]
    return float((times * weights).sum() / weights.sum()) if weights.sum() > 0 else np.nan
