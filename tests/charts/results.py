"""Results of every kind for charts to draw, small and made by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pandas as pd

from cpc_analysis.language import period_said
from cpc_analysis.models.bridge import Bridge
from cpc_analysis.models.drivers import DriverModel

LONG = "Genhenvendelse vedrørende manglende levering"


def measured(groups: list[str], values: list[float], **columns: object) -> pd.DataFrame:
    frame = pd.DataFrame({"channel": groups, "cost_per_contact": values, "few_contacts": False, "complete": True})
    frame = frame.assign(**columns)
    definition = "Cost per contact: x. Counted are answered contacts, inbound. Costs go to work."
    frame.attrs = {"by": ["channel"], "currency": "DKK", "source": "Test centre", "definition": definition}
    return frame


def monthly(groups: list[str], months: int = 13) -> pd.DataFrame:
    periods = pd.date_range("2024-06-01", periods=months, freq="MS")
    rows = [
        {"month": period, "channel": group, "cost_per_contact": 50.0 + 3 * place + month, "complete": True}
        for place, group in enumerate(groups)
        for month, period in enumerate(periods)
    ]
    frame = pd.DataFrame(rows)
    frame.attrs = {"by": ["month", "channel"], "currency": "DKK", "source": "Test centre"}
    return frame


def whole(months: int = 13) -> pd.DataFrame:
    frame = monthly(["all"], months).drop(columns="channel")
    frame.attrs = {"by": ["month"], "currency": "DKK"}
    return frame


def stated(groups: list[object]) -> pd.DataFrame:
    rows = [
        {"channel": group, "cost_type": cost_type, "ledger": Decimal("30.00"), "used": Decimal("20.00"),
         "waiting": Decimal("10.00") if cost_type == "salaries" else Decimal(0),
         "unallocated": Decimal(0) if cost_type == "salaries" else Decimal("10.00")}
        for group in groups
        for cost_type in ("salaries", "technology")
    ]  # fmt: skip
    frame = pd.DataFrame(rows)
    frame.attrs = {"by": ["channel"], "currency": "DKK"}
    return frame


def bridged(steps: int, change: float = 1.0) -> Bridge:
    """A bridge of effects of 1, 2, 3 ... in turn up and down."""
    return bridged_by({f"{LONG} {place}": change * (place + 1) * (-1) ** place for place in range(steps)})


def bridged_by(effects: dict[str, float]) -> Bridge:
    """A bridge of some effects, the first of them out of the ordinary."""
    verdicts = ["out of the ordinary", *["within the usual"] * (len(effects) - 1)]
    totals = pd.DataFrame({"effect": list(effects), "amount": list(effects.values()), "verdict": verdicts,
                           "detectable": 2.5, "is_net": False})  # fmt: skip
    before, after = (period_said(date(2025, month, 1), "month") for month in (5, 6))
    return Bridge("cost_per_contact", 50.0, 50.0 + sum(effects.values()), (100.0, 90.0), before, after,
                  "within the usual", totals, totals, (), (), True, "DKK", "Counted are answered contacts, inbound.",
                  "Test centre")  # fmt: skip


def defined(names: list[str]) -> pd.DataFrame:
    frame = pd.DataFrame({"definition": names, "meaning": "A sentence.",
                          "cost_per_contact": [40.0 + place for place in range(len(names))]})  # fmt: skip
    frame.attrs = {"currency": "DKK", "definition": "Counted are answered contacts, inbound."}
    return frame


def stepped(steps: list[str]) -> pd.DataFrame:
    frame = pd.DataFrame({"step": steps, "cash": [-0.4, *[0.0] * (len(steps) - 1)],
                          "capacity": [0.0, *[-0.1 * place for place in range(1, len(steps))]]})  # fmt: skip
    frame.attrs = {"currency": "DKK"}
    return frame


def caused(names: list[str | None]) -> pd.DataFrame:
    cost = [100.0 * (len(names) - place) for place in range(len(names))]
    frame = pd.DataFrame({"reason": names, "cost": cost})
    frame["share_of_cost"] = frame["cost"] / frame["cost"].sum()
    frame["cumulative_share"] = frame["share_of_cost"].cumsum()
    frame.attrs = {"currency": "DKK", "definition": "Cost by reason in June 2025. Counted are answered contacts."}
    return frame


def fitted(driver: str, levels: dict[str, float], unit: str = "percent") -> DriverModel:
    """A model whose first level is the reference; every effect of 5 and more is clear."""
    reference = next(iter(levels))
    rows = [
        {"driver": driver, "level": level, "reference": reference, "contacts": 100, "effect_percent": effect,
         "low": effect - 4.0 * (level != reference), "high": effect + 4.0 * (level != reference),
         "effect_seconds": effect, "effect_money": 10 * effect, "is_clear": abs(effect) >= 5.0}
        for level, effect in levels.items()
    ]  # fmt: skip
    return DriverModel("average_handle_time", "handle time", unit, pd.DataFrame(rows), 0.95, 100 * len(rows), 0, 12,
                       ("month",), "Handle time by a driver, compared within month.", "DKK", "Test centre")  # fmt: skip


def compared(ratios: dict[str, float]) -> pd.DataFrame:
    rows = [
        {"agent_id": name, "contacts": 100 + place, "observed": 300 * ratio, "expected": 300.0, "ratio": ratio,
         "shrunk": ratio, "low": 0.8, "high": 1.2, "lowest": 0.7, "highest": 1.3,
         "verdict": "above the usual" if ratio > 1.3 else "within the usual"}
        for place, (name, ratio) in enumerate(ratios.items())
    ]  # fmt: skip
    frame = pd.DataFrame(rows)
    frame.attrs = {"definition": "The handle time of each agent_id.", "unit": "seconds", "source": "Test centre"}
    return frame


def by_the_clock(cells: int) -> pd.DataFrame:
    """Waits of some half-hours, one after the other from Monday at eight."""
    rows = [
        {"weekday": place // 20, "half_hour": 16 + place % 20, "average_wait": 5.0 + place} for place in range(cells)
    ]
    frame = pd.DataFrame(rows)
    frame.attrs = {"by": ["weekday", "half_hour"], "source": "Test centre", "where": {"month": "2025-06"}}
    return frame


def beside(channels: Sequence[str]) -> pd.DataFrame:
    """Two published figures for each channel, and the own."""
    rows = [
        {"name": f"Survey {number}", "channel": channel, "converted": 30.0 + 10 * number + place, "own": 45.0 + place,
         "year": 2015 + number}
        for place, channel in enumerate(channels)
        for number in range(2)
    ]  # fmt: skip
    frame = pd.DataFrame(rows)
    frame.attrs = {"currency": "DKK", "definition": "Counted are answered contacts, inbound.", "period": "2025-06"}
    return frame
