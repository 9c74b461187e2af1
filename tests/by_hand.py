"""The sample centre worked out from its files alone, as a controller would with a spreadsheet: none of the package."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd

FILES = Path(__file__).parents[1] / "data" / "samples"
#: The annual licence, which the project spreads over the days that it serves.
SPREAD = (6340,)
LABOUR = ("salaries", "on_costs")


@cache
def conversations() -> pd.DataFrame:
    """Counted contacts: conversations with an answered contact, where and when the first of them began."""
    columns = ["contact_id", "started_at", "channel", "outcome", "parent_contact_id"]
    log = pd.read_parquet(FILES / "contacts.parquet", columns=columns).set_index("contact_id")
    first = log["parent_contact_id"].fillna(log.index.to_series())
    assert log.loc[first.unique(), "parent_contact_id"].isna().all(), "a callback goes back to a call of its own"
    counted = log.loc[first[log["outcome"] == "answered"].unique()]
    return counted.assign(month=counted["started_at"].dt.tz_convert("Europe/Copenhagen").dt.strftime("%Y-%m"))


def contacts_of(month: str) -> pd.Series:
    """Counted contacts of a month by channel."""
    counted = conversations()
    return counted[counted["month"] == month].groupby("channel", observed=True).size()


@cache
def ledger() -> tuple[pd.DataFrame, pd.DataFrame]:
    """The lines of the ledger, and those whose invoices serve many months."""
    lines = pd.read_csv(FILES / "costs.csv")
    is_spread = lines["account"].isin(SPREAD) & lines["service_from"].notna()
    return lines[~is_spread], lines[is_spread]


def spent_in(month: str) -> pd.Series:
    """The ledger of a month by cost type [currency]: by accounting period, however late it was posted."""
    lines, spread = ledger()
    booked = lines[lines["period"] == month].groupby("cost_type")["amount"].sum()
    served = spread.assign(amount=[_served(line, month) for line in spread.itertuples()])
    amounts = booked.add(served.groupby("cost_type")["amount"].sum(), fill_value=0.0)
    return amounts.groupby({name: "labour" if name in LABOUR else name for name in amounts.index}).sum()


def _served(line: object, month: str) -> float:
    """What of an invoice its service days of a month carry, in whole minor units."""
    days = pd.date_range(line.service_from, line.service_to)  # type: ignore[attr-defined]
    inside = (days.strftime("%Y-%m") == month).sum()
    return round(line.amount * inside / len(days), 2)  # type: ignore[attr-defined]


def budget_of(month: str) -> pd.DataFrame:
    """The lines of the budget of a month."""
    lines = pd.read_csv(FILES / "budget.csv")
    return lines[lines["period"] == month]


def variable_before(month: str) -> tuple[pd.Series, pd.Series]:
    """Of the twelve months before one, how much of a cost type was variable, and of a channel's own lines of it."""
    lines, invoices = ledger()
    months = [str(pd.Period(month, "M") - back) for back in range(12, 0, -1)]
    parts = [lines[lines["period"].isin(months)]]
    known = invoices[invoices["period"] < month]
    parts += [known.assign(amount=[_served(line, one) for line in known.itertuples()]) for one in months]
    rows = pd.concat(parts)
    rows = rows[~rows["cost_type"].isin(LABOUR)].assign(variable=lambda frame: frame["behaviour"].eq("variable"))
    by_type, by_channel = (
        rows.groupby(keys).apply(lambda group: group.loc[group["variable"], "amount"].sum() / group["amount"].sum())
        for keys in (["cost_type"], ["cost_type", "channel"])
    )
    return by_type, by_channel


def against_budget(month: str) -> pd.DataFrame:
    """Volume, mix and spending per contact by cost type; rostered labour stands still."""
    lines, came, spent = budget_of(month), contacts_of(month), spent_in(month)
    planned = lines.groupby("channel")["contact_count"].sum()
    both = 1 / came.sum(), 1 / planned.sum()
    by_type, by_channel = variable_before(month)
    found: dict[str, dict[str, float]] = {}
    for line in lines.itertuples():
        kind = "labour" if line.cost_type in LABOUR else line.cost_type
        share = 0.0
        if kind != "labour":
            share = by_channel.get((line.cost_type, line.channel), by_type[line.cost_type])
        times = came.get(line.channel, 0) / planned[line.channel] if planned[line.channel] else came.sum() * both[1]
        parts = found.setdefault(kind, {"volume": 0.0, "mix": 0.0, "spending": spent[kind] * both[0]})
        parts["volume"] += line.amount * (1 - share) * (both[0] - both[1])
        parts["mix"] += line.amount * share * (times * both[0] - both[1])
        parts["spending"] -= line.amount * (1 - share + share * times) * both[0]
    return pd.DataFrame(found).T


def between(before: str, after: str) -> pd.DataFrame:
    """Volume and spending per contact by cost type over all segments, the mean of both orders to change them in."""
    counts = contacts_of(before).sum(), contacts_of(after).sum()
    amounts = spent_in(before), spent_in(after)
    return pd.DataFrame({
        "volume": (amounts[0] + amounts[1]) / 2 * (1 / counts[1] - 1 / counts[0]),
        "spending": (amounts[1] - amounts[0]) * (1 / counts[0] + 1 / counts[1]) / 2,
    })  # fmt: skip
