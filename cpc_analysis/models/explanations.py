"""What the reports that explain ask for, as a deck does: the bridge, drivers, benchmarks and wages of a selection."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cpc_analysis.cells.payroll import payroll_hours
from cpc_analysis.errors import InvalidInputError
from cpc_analysis.models.bridge import Bridge, explain_change
from cpc_analysis.models.bridge.comparing import BUDGET
from cpc_analysis.models.drivers import DriverModel, fit_drivers
from cpc_analysis.models.selection import Selection, year_before
from cpc_analysis.models.wages import WAGE_EFFECTS, wage_effect
from cpc_analysis.periods import period_of

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = ["bridge_of_month", "complexity_of", "counted_as_published", "productivity_of", "wages_of", "whole_wages"]


def bridge_of_month(selection: Selection) -> Bridge:
    """The bridge to the selection's period: from its budget where that can say, else from the period before.

    Parameters
    ----------
    selection : Selection
        What the report is about.
    """
    period, where = str(selection.period), selection.where
    try:
        return explain_change(selection.data, before=BUDGET, after=period, by=["channel"], where=where)
    except InvalidInputError:
        return explain_change(selection.data, before="previous", after=period, by=["channel"], where=where)


def productivity_of(selection: Selection, beside: Sequence[str] = ()) -> DriverModel:
    """What tenure goes together with, and what else is asked for beside it, over the periods of the trend.

    Parameters
    ----------
    selection : Selection
        What the report is about.
    beside : sequence of str
        Further drivers, such as ``"load"`` or a column of agents; the team, where agents have one, when empty.
    """
    usual = ["team"] if selection.data.has("agents", "team") else []
    return fit_drivers(selection.data, ["tenure", *(beside or usual)], where=selection.history)


def complexity_of(selection: Selection, column: str = "product") -> DriverModel:
    """What a column of contacts goes together with, such as the product, over the periods of the trend.

    Parameters
    ----------
    selection : Selection
        What the report is about.
    column : str
        The column.
    """
    return fit_drivers(selection.data, [column], where=selection.history)


def counted_as_published(data: Dataset) -> Dataset:
    """The data with the contacts counted that most published figures count: answered and inbound ones.

    Parameters
    ----------
    data : Dataset
        Its own counting holds in everything else.
    """
    return data.replace(counting=replace(data.counting, directions=("in",), outcomes=("answered",)))


def wages_of(selection: Selection, since: str = "", by: str = "staffing_group") -> pd.DataFrame:
    """The wage effects up to the last month of the selection's period.

    Parameters
    ----------
    selection : Selection
        What the report is about.
    since : str
        The month to compare with; the same month two years before when empty, or the first with payroll.
    by : {"staffing_group", "site", "team"}
        The groups.
    """
    until = period_of(selection.period.end - timedelta(days=1), "month")
    if not since:
        first = payroll_hours(selection.data)["month"].min() if selection.data.has("shifts") else pd.NaT
        before = pd.Timestamp(year_before(year_before(until)).start)
        since = f"{max(first, before) if pd.notna(first) else before:%Y-%m}"
    return wage_effect(selection.data, since, str(until), by)


def whole_wages(frame: pd.DataFrame) -> pd.Series:
    """The last month of `wage_effect` over all groups: averages weighted by its paid hours, money added up.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `wage_effect`. Groups without a wage to compare with are left out of the change and its parts.
    """
    last = frame[frame["month"] == frame["month"].max()]
    parts = ["change", *WAGE_EFFECTS]
    known, paid = last[last["change"].notna()], last[last["average_wage"].notna()]
    means = {name: np.average(known[name], weights=known["paid_hours"]) for name in parts} if len(known) else {}
    return pd.Series({
        "paid_hours": paid["paid_hours"].sum(),
        "average_wage": np.average(paid["average_wage"], weights=paid["paid_hours"]),
        **dict.fromkeys(parts, np.nan), **means,
        "raise_cost": last["raise_cost"].sum(min_count=1), "premium_cost": last["premium_cost"].sum(min_count=1),
    })  # fmt: skip
