"""Payroll: paid hours with the wage they are paid at, by agent range and month."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from cpc_analysis.cells.log_days import log_days
from cpc_analysis.cells.scans import agents_table
from cpc_analysis.cells.shifts import agent_columns, schedule_cells

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = ["payroll_hours"]

_WAGES = ("hourly_wage", "on_cost_rate")
_KNOWN = ("agent_id", "staffing_group", "site", "team", *_WAGES)


def payroll_hours(data: Dataset) -> pd.DataFrame:
    """Paid hours by agent range and month: from the shifts, else from contracted hours by days.

    Returns
    -------
    pandas.DataFrame
        `month`, `agent_id`, `staffing_group`, `site`, `team`, `hours`, `productive_hours` (missing without shifts),
        and `hourly_wage` [currency an hour] and `on_cost_rate`, missing where not known.
    """
    if data.has("shifts"):
        cells = schedule_cells(data)
        known = agent_columns(data, cells["range"], cells["stray"], _KNOWN)
        hours = {
            "hours": cells["paid_ms"].astype("float64") / 3.6e6,
            "productive_hours": cells["productive_ms"].astype("float64") / 3.6e6,
        }
        frame = pd.DataFrame({"month": cells["month"], **hours, **known})
    else:
        frame = _contracted(data)
    return frame.assign(**{name: pd.to_numeric(frame[name]).astype("float64") for name in _WAGES})


def _contracted(data: Dataset) -> pd.DataFrame:
    agents = agents_table(data)
    ends = log_days(data).ends
    months = [] if ends is None else pd.period_range(*ends, freq="M")
    weekly = pd.to_numeric(agents["contracted_hours"]).fillna(0.0)
    known = agents[list(_KNOWN)]
    parts = [known.iloc[:0].assign(month=pd.Series(dtype="datetime64[us]"), hours=0.0, productive_hours=0.0)]
    for month in months:
        start, end = month.start_time, (month + 1).start_time
        days = (agents["to_day"].clip(upper=end) - agents["from_day"].clip(lower=start)).dt.days.clip(lower=0)
        parts.append(known.assign(month=start, hours=weekly * days / 7, productive_hours=float("nan")))
    return pd.concat(parts, ignore_index=True)
