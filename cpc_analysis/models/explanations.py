"""What the reports that explain ask for: the bridge of a month, and wages of a period, for one selection."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd

from cpc_analysis.cells.payroll import payroll_hours
from cpc_analysis.errors import InvalidInputError
from cpc_analysis.models.bridge import Bridge, explain_change
from cpc_analysis.models.bridge.comparing import BUDGET
from cpc_analysis.models.selection import Selection, year_before
from cpc_analysis.models.wages import WAGE_EFFECTS, wage_effect
from cpc_analysis.periods import period_of

__all__ = ["bridge_of_month", "wages_of", "whole_wages"]


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
