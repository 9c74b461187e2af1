"""The ledger: about forty accounts a month; and the hours beside the contact log and the bases."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from cpc_analysis.sources.sample_centre.opening import ZONE
from cpc_analysis.sources.sample_centre.truths import GROUPS, Truths

__all__ = ["bases_table", "costs_table", "hours_table"]

#: Account: name, cost type, amount a month, scope, behaviour.
_ACCOUNTS: dict[str, tuple[str, str, float, dict[str, Any], str]] = {
    "5110": ("Overtime premiums", "salaries", 4_200, {}, "variable"),
    "5120": ("Evening and weekend premiums", "salaries", 9_800, {}, "variable"),
    "5210": ("Team leads", "management", 31_000, {}, "fixed"),
    "5220": ("Workforce planning", "management", 14_500, {}, "fixed"),
    "5230": ("Quality and knowledge", "management", 9_700, {}, "fixed"),
    "5310": ("Pension", "on_costs", 0, {}, "step"),
    "5320": ("Holiday pay", "on_costs", 0, {}, "step"),
    "5330": ("Insurance of staff", "on_costs", 2_300, {}, "fixed"),
    "5410": ("Onboarding courses", "training", 5_600, {}, "step"),
    "5420": ("E-learning", "training", 1_900, {}, "fixed"),
    "5430": ("Recruitment", "training", 3_800, {}, "step"),
    "6110": ("Telephony platform", "technology", 11_500, {"channel": "voice"}, "fixed"),
    "6120": ("Call recording", "technology", 2_600, {"channel": "voice"}, "fixed"),
    "6130": ("Callback and IVR", "technology", 3_100, {"channel": "voice"}, "fixed"),
    "6210": ("Customer service platform", "technology", 13_400, {}, "fixed"),
    "6220": ("Integrations and hosting", "technology", 4_700, {}, "fixed"),
    "6230": ("Self-service portal", "technology", 5_200, {"channel": "web"}, "fixed"),
    "6240": ("Social media tool", "technology", 2_400, {"channel": "social"}, "fixed"),
    "6250": ("Data warehouse", "technology", 2_900, {}, "fixed"),
    "6310": ("Seat licences", "licences", 8_900, {}, "step"),
    "6320": ("Quality monitoring licences", "licences", 2_100, {}, "step"),
    "6330": ("Office licences", "licences", 2_700, {}, "step"),
    "6410": ("Chat platform", "chat", 6_200, {"channel": "chat"}, "fixed"),
    "6420": ("Chat translation", "chat", 1_200, {"channel": "chat"}, "variable"),
    "6510": ("Inbound minutes", "telecom", 4_300, {"channel": "voice"}, "variable"),
    "6520": ("Lines and numbers", "telecom", 1_800, {"channel": "voice"}, "fixed"),
    "6530": ("Text messages", "telecom", 900, {}, "variable"),
    "7110": ("Rent Aarhus", "facilities", 12_600, {"site": "Aarhus"}, "fixed"),
    "7120": ("Rent Odense", "facilities", 10_900, {"site": "Odense"}, "fixed"),
    "7130": ("Rent Malmö", "facilities", 8_700, {"site": "Malmö"}, "fixed"),
    "7140": ("Power and heating", "facilities", 3_600, {}, "variable"),
    "7150": ("Cleaning and canteen", "facilities", 4_100, {}, "fixed"),
    "7210": ("Computers and headsets", "equipment", 4_800, {}, "step"),
    "7220": ("Desks and chairs", "equipment", 1_500, {}, "step"),
    "7310": ("Payroll tax", "tax", 6_900, {}, "variable"),
    "7320": ("Property tax", "tax", 1_400, {}, "fixed"),
    "7410": ("Overflow partner", "outsourcing", 5_500, {"channel": "voice"}, "variable"),
    "7910": ("Travel between sites", "other", 1_600, {}, "variable"),
    "7920": ("Consultants", "other", 2_200, {}, "step"),
}
_HEATING = np.array([1.35, 1.25, 1.1, 1.0, 0.85, 0.8, 0.8, 0.8, 0.9, 1.0, 1.15, 1.25])
_ON_WAGES = {"5310": 0.14, "5320": 0.105}
_CREDIT_NOTE = -1_150.00
_DAYS_TO_LATE = 51


def costs_table(
    rng: np.random.Generator, months: pd.DatetimeIndex, agents: pd.DataFrame, shifts: pd.DataFrame, truths: Truths
) -> pd.DataFrame:
    """The costs table.

    Parameters
    ----------
    rng : Generator
        Draws how much each account differs from month to month.
    months : DatetimeIndex
        The first days of the months.
    agents, shifts : DataFrame
        The wages, and the hours that they are paid for.
    truths : Truths
        What is planted.
    """
    pay = _pay(agents, shifts)
    lines: list[dict[str, object]] = []
    for place, month in enumerate(months):
        wages = {site: pay.get((month, site), 0.0) * rng.normal(1.004, 0.002) for site in ("Aarhus", "Odense", "Malmö")}
        for number, (site, amount) in enumerate(wages.items()):
            lines.append(_line(month, f"50{number + 1}0", f"Wages {site}", "salaries", amount, "step", site=site))
        for account, (name, cost_type, amount, scope, behaviour) in _ACCOUNTS.items():
            value = amount * (1.0 + 0.002 * place) * rng.normal(1.0, 0.01 if behaviour == "fixed" else 0.06)
            value *= _HEATING[month.month - 1] if account == "7140" else 1.0
            if account == truths.cost_step_account and month >= pd.Timestamp(truths.cost_step_month):
                value *= truths.cost_step
            value += sum(wages.values()) * _ON_WAGES.get(account, 0.0)
            lines.append(_line(month, account, name, cost_type, value, behaviour, **scope))
        lines += _planted(month, place == 0, truths)
    frame = pd.DataFrame(lines)
    frame.insert(0, "line_id", [f"L{number:05d}" for number in range(1, len(frame) + 1)])
    columns = ["line_id", "posted_on", "period", "account", "account_name", "cost_type", "amount", "channel", "site",
               "service_from", "service_to", "behaviour"]  # fmt: skip
    return frame.reindex(columns=columns)


def _line(
    month: pd.Timestamp, account: str, name: str, cost_type: str, amount: float, behaviour: str, *, days: int = 0,
    **more: object,
) -> dict[str, object]:  # fmt: skip
    """A line of a month, posted so many days after its end."""
    posted = month + pd.offsets.MonthEnd(0) + pd.Timedelta(days=days)
    return {"posted_on": posted, "period": f"{month:%Y-%m}", "account": account, "account_name": name,
            "cost_type": cost_type, "amount": round(float(amount), 2), "behaviour": behaviour, **more}  # fmt: skip


def _planted(month: pd.Timestamp, is_first: bool, truths: Truths) -> list[dict[str, object]]:
    """The lines of a month that are there once, or once a year."""
    lines = []
    accrued = pd.Timestamp(truths.accrual_month)
    if month.month == 7 or is_first:
        until = pd.Timestamp(month.year + (month.month > 6), 6, 30)
        share = ((until.year - month.year) * 12 + until.month - month.month + 1) / 12
        lines.append(_line(month, "6340", "Workforce management, annual licence", "licences",
                           truths.annual_licence * share, "fixed", service_from=month, service_to=until))  # fmt: skip
    if month == accrued:
        lines.append(_line(month, "7920", "Consultants, accrued", "other", truths.accrual, "step"))
    if month == accrued + pd.DateOffset(months=1):
        lines.append(_line(month, "7920", "Consultants, accrual reversed", "other", -truths.accrual, "step"))
        lines.append(_line(month, "7920", "Consultants, invoice", "other", truths.accrual_invoice, "step"))
    if month == pd.Timestamp(truths.overtime_month):
        lines.append(_line(month, "5110", "Overtime premiums, Christmas", "salaries", truths.overtime, "variable"))
    if month == pd.Timestamp(truths.late_posting_month):
        lines.append(_line(month, "7410", "Overflow partner, forgotten invoice", "outsourcing", truths.late_posting,
                           "variable", days=_DAYS_TO_LATE, channel="voice"))  # fmt: skip
    if month.month in (3, 9):
        lines.append(_line(month, "6410", "Chat platform, credit note", "chat", _CREDIT_NOTE, "fixed", channel="chat"))
    return lines


def _pay(agents: pd.DataFrame, shifts: pd.DataFrame) -> dict[tuple[pd.Timestamp, str], float]:
    """Paid hours times wage, by month and site [DKK]."""
    local = shifts["starts_at"].dt.tz_convert(ZONE).dt.tz_localize(None)
    rows = pd.DataFrame(
        {
            "agent_id": shifts["agent_id"],
            "at": local.dt.normalize().astype("datetime64[ns]"),
            "month": local.dt.to_period("M").dt.start_time,
            "hours": (shifts["ends_at"] - shifts["starts_at"]).dt.total_seconds() / 3600,
        }
    ).sort_values("at")
    wages = agents[["agent_id", "valid_from", "hourly_wage", "site"]].sort_values("valid_from")
    wages["valid_from"] = wages["valid_from"].astype("datetime64[ns]")
    paid = pd.merge_asof(rows, wages, left_on="at", right_on="valid_from", by="agent_id")
    sums = (paid["hours"] * paid["hourly_wage"]).groupby([paid["month"], paid["site"]]).sum()
    return {(month, site): float(value) for (month, site), value in sums.items()}


def hours_table(rng: np.random.Generator, months: pd.DatetimeIndex, truths: Truths) -> pd.DataFrame:
    """Back-office hours of each staffing group, month by month."""
    return pd.DataFrame(
        [
            {"period": f"{month:%Y-%m}", "staffing_group": group.name, "activity": "back_office",
             "hours": round(float(rng.normal(truths.back_office_hours, truths.back_office_hours / 9)), 2)}
            for month in months
            for group in GROUPS
        ]
    )  # fmt: skip


def bases_table(rng: np.random.Generator, months: pd.DatetimeIndex) -> pd.DataFrame:
    """Customers at hand and orders placed, month by month."""
    rows = []
    for place, month in enumerate(months):
        rows.append({"period": f"{month:%Y-%m}", "base": "customers", "count": 68_000 + 310 * place})
        orders = 36_000 * (1 + 0.004 * place) * (1.35 if month.month in (11, 12) else 1.0) * rng.normal(1, 0.03)
        rows.append({"period": f"{month:%Y-%m}", "base": "orders", "count": int(orders)})
    return pd.DataFrame(rows)
