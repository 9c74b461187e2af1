"""The ledger of the sample centre: about forty accounts a month, its budget and its bases."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cpc_analysis.sources.sample_centre.truths import Truths

__all__ = ["bases", "budget", "hours", "ledger"]

#: Account: name, cost type, amount a month, scope, behaviour.
_ACCOUNTS: dict[str, tuple[str, str, float, dict[str, str], str]] = {
    "5110": ("Overtime premiums", "salaries", 7_400, {}, "variable"),
    "5120": ("Evening and weekend premiums", "salaries", 9_800, {}, "variable"),
    "5210": ("Team leads", "management", 31_000, {}, "fixed"),
    "5220": ("Workforce planning", "management", 14_500, {}, "fixed"),
    "5230": ("Quality and knowledge", "management", 9_700, {}, "fixed"),
    "5310": ("Pension", "on_costs", 0, {}, "variable"),
    "5320": ("Holiday pay", "on_costs", 0, {}, "variable"),
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
    "6340": ("Workforce management, annual licence", "licences", 0, {}, "fixed"),
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
_ANNUAL_LICENCE = 96_000.00
_ACCRUAL = 18_500.00


def ledger(
    rng: np.random.Generator,
    months: pd.DatetimeIndex,
    agents: pd.DataFrame,
    shifts: pd.DataFrame,
    truths: Truths,
) -> pd.DataFrame:
    """The costs table."""
    pay = _pay(agents, shifts)
    winter = np.array([1.35, 1.25, 1.1, 1.0, 0.85, 0.8, 0.8, 0.8, 0.9, 1.0, 1.15, 1.25])
    lines: list[dict[str, object]] = []

    def post(month: pd.Timestamp, account: str, name: str, cost_type: str, amount: float, behaviour: str,
             **scope: object) -> None:  # fmt: skip
        lines.append(
            {"posted_on": month + pd.offsets.MonthEnd(0), "account": account, "account_name": name,
             "cost_type": cost_type, "amount": round(float(amount), 2), "behaviour": behaviour, **scope}
        )  # fmt: skip

    for place, month in enumerate(months):
        growth = 1.0 + 0.002 * place
        total = 0.0
        for number, site in enumerate(("Aarhus", "Odense", "Malmö")):
            amount = pay.get((month, site), 0.0) * rng.normal(1.004, 0.002)
            total += amount
            post(month, f"50{number + 1}0", f"Wages {site}", "salaries", amount, "variable", site=site)
        for account, (name, cost_type, amount, scope, behaviour) in _ACCOUNTS.items():
            value = amount * growth * rng.normal(1.0, 0.01 if behaviour == "fixed" else 0.06)
            value *= winter[month.month - 1] if account == "7140" else 1.0
            if account == truths.cost_step_account and month >= pd.Timestamp(truths.cost_step_month):
                value *= truths.cost_step
            value += total * {"5310": 0.14, "5320": 0.105}.get(account, 0.0)
            if account != "6340":
                post(month, account, name, cost_type, value, behaviour, **scope)
        if month.month == 7 or place == 0:
            until = pd.Timestamp(month.year + (month.month > 6), 6, 30)
            share = ((until.year - month.year) * 12 + until.month - month.month + 1) / 12
            post(month, "6340", "Workforce management, annual licence", "licences", _ANNUAL_LICENCE * share, "fixed",
                 service_from=month, service_to=until)  # fmt: skip
        if place == 20:
            post(month, "7920", "Consultants, accrued", "other", _ACCRUAL, "step")
        if place == 21:
            post(month, "7920", "Consultants, accrual reversed", "other", -_ACCRUAL, "step")
            post(month, "7920", "Consultants, invoice", "other", _ACCRUAL + 1_250.00, "step")
        if month.month in (3, 9):
            post(month, "6410", "Chat platform, credit note", "chat", -1_150.00, "fixed", channel="chat")
    frame = pd.DataFrame(lines)
    frame.insert(0, "line_id", [f"L{number:05d}" for number in range(1, len(frame) + 1)])
    frame["period"] = frame["posted_on"].dt.strftime("%Y-%m")
    columns = ["line_id", "posted_on", "period", "account", "account_name", "cost_type", "amount", "channel", "site",
               "service_from", "service_to", "behaviour"]  # fmt: skip
    return frame[columns]


def _pay(agents: pd.DataFrame, shifts: pd.DataFrame) -> dict[tuple[pd.Timestamp, str], float]:
    """Paid hours times wage, by month and site [DKK]."""
    local = shifts["starts_at"].dt.tz_convert("Europe/Copenhagen").dt.tz_localize(None)
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


def hours(rng: np.random.Generator, months: pd.DatetimeIndex, groups: list[str]) -> pd.DataFrame:
    """Back-office hours of each staffing group, month by month."""
    return pd.DataFrame(
        [
            {"period": f"{month:%Y-%m}", "staffing_group": group, "activity": "back_office",
             "hours": round(float(rng.normal(18, 2)), 2)}
            for month in months
            for group in groups
        ]
    )  # fmt: skip


def budget(costs: pd.DataFrame, contacts: pd.DataFrame, months: pd.DatetimeIndex) -> pd.DataFrame:
    """A budget set from the plan: each cost type and, by channel, contacts and handle time.

    Fitted on the centre's own average month with the season of the contacts, and two percent of growth a year.
    """
    month_of = contacts["started_at"].dt.tz_convert("Europe/Copenhagen").dt.strftime("%Y-%m")
    answered = contacts[contacts["outcome"] == "answered"]
    first_year = month_of[answered.index].str[:4] == months[0].strftime("%Y")
    rows: list[dict[str, object]] = []
    yearly = costs[costs["period"].str[:4] == months[0].strftime("%Y")].groupby("cost_type")["amount"].sum() / 12
    base = answered[first_year].groupby("channel").agg(count=("contact_id", "size"), time=("handle_seconds", "mean"))
    season = np.array([1.14, 0.96, 0.95, 0.96, 0.97, 0.96, 0.88, 0.93, 0.97, 1.0, 1.12, 1.2])
    for month in months:
        growth = 1.02 ** ((month.year - months[0].year) + 0.5)
        for cost_type, amount in yearly.items():
            rows.append(
                {
                    "period": f"{month:%Y-%m}",
                    "cost_type": cost_type,
                    "amount": round(float(amount * growth), -1),
                }
            )
        for channel, plan in base.iterrows():
            rows.append(
                {"period": f"{month:%Y-%m}", "channel": channel,
                 "contact_count": round(float(plan["count"]) / 12 * growth * season[month.month - 1]),
                 "average_handle_time": round(float(plan["time"]))}
            )  # fmt: skip
    columns = ["period", "cost_type", "channel", "amount", "contact_count", "average_handle_time"]
    return pd.DataFrame(rows)[columns]


def bases(rng: np.random.Generator, months: pd.DatetimeIndex) -> pd.DataFrame:
    """Customers at hand and orders placed, month by month."""
    rows = []
    for place, month in enumerate(months):
        rows.append({"period": f"{month:%Y-%m}", "base": "customers", "count": 52_000 + 310 * place})
        orders = 24_000 * (1 + 0.004 * place) * (1.35 if month.month in (11, 12) else 1.0) * rng.normal(1, 0.03)
        rows.append({"period": f"{month:%Y-%m}", "base": "orders", "count": int(orders)})
    return pd.DataFrame(rows)
