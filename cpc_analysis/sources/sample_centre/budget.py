"""The budget: money by month, channel and cost type, and the contacts and handle times that it reckons with."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cpc_analysis.schema import LABOUR_TYPES
from cpc_analysis.sources.sample_centre.opening import SEASON, ZONE

__all__ = ["budget_table"]

_GROWTH = 1.02


def budget_table(costs: pd.DataFrame, contacts: pd.DataFrame, months: pd.DatetimeIndex) -> pd.DataFrame:
    """The budget table: each year as the year before it and two percent, the first one as itself.

    Money lies on channels by their scope, what has none by the channels' handling; variable money follows the season,
    and so does the roster, which is planned by it.
    One row of each month and channel carries its contacts, which follow it too, and its handle time.
    """
    plans = {}
    for year in sorted({month.year for month in months}):
        known = max(year - 1, months[0].year)
        plans[year] = _average_month(costs, contacts, known, sum(month.year == known for month in months))
    season = SEASON / SEASON.mean()
    parts = []
    for month in months:
        money, work = plans[month.year]
        busy = season[month.month - 1]
        counts = work.assign(contact_count=(work["contact_count"] * _GROWTH * busy).round())
        on_roster = money["cost_type"].isin(LABOUR_TYPES) & (money["behaviour"] == "step")
        follows = on_roster | (money["behaviour"] == "variable")
        seasonal = money["amount"] * np.where(follows, busy, 1.0) * _GROWTH
        rows = seasonal.groupby([money["channel"], money["cost_type"]]).sum().round(-1).rename("amount").reset_index()
        rows = rows[rows["amount"] != 0].merge(counts, on="channel", how="left")
        rows.loc[rows["channel"].duplicated(), ["contact_count", "average_handle_time"]] = None
        parts.append(rows.assign(period=f"{month:%Y-%m}"))
    columns = ["period", "channel", "cost_type", "amount", "contact_count", "average_handle_time"]
    return pd.concat(parts, ignore_index=True)[columns]


def _average_month(
    costs: pd.DataFrame, contacts: pd.DataFrame, year: int, months: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Of the average month of a year: amount by channel, cost type and behaviour; contacts, handle time by channel."""
    in_year = contacts["started_at"].dt.tz_convert(ZONE).dt.year == year
    answered = contacts[in_year & (contacts["outcome"] == "answered")]
    engaged = answered["handle_seconds"].astype("float64") / answered["concurrency"].fillna(1.0)
    share = engaged.groupby(answered["channel"]).sum()
    share = (share / share.sum()).rename("share").reset_index()
    lines = costs[costs["period"].str[:4] == str(year)]
    sums = lines.groupby(["channel", "cost_type", "behaviour"], dropna=False, as_index=False)["amount"].sum()
    rest = sums[sums["channel"].isna()].drop(columns="channel").merge(share, how="cross")
    money = pd.concat([sums.dropna(subset="channel"), rest.assign(amount=rest["amount"] * rest["share"])])
    work = answered.groupby("channel", as_index=False).agg(
        contact_count=("contact_id", "size"), average_handle_time=("handle_seconds", "mean")
    )
    work["contact_count"] /= months
    work["average_handle_time"] = work["average_handle_time"].astype("float64").round()
    return money.assign(amount=money["amount"] / months), work
