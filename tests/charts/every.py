"""Every kind of chart, of a small result made by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import altair as alt
import pandas as pd

from cpc_analysis import charts
from cpc_analysis.presentation import Presentation
from tests.charts.results import (
    beside,
    bridged,
    by_the_clock,
    caused,
    compared,
    defined,
    fitted,
    measured,
    monthly,
    stated,
    stepped,
    whole,
)

__all__ = ["CHANNELS", "EVERY", "Kind"]

CHANNELS = ["voice", "chat", "email"]


@dataclass(frozen=True)
class Kind:
    """A function that draws, what makes a result for it, and what else it is told."""

    function: Callable[..., alt.TopLevelMixin]
    result: Callable[[], Any]
    further: Mapping[str, Any] = field(default_factory=dict)

    def drawn(self, house: Presentation | None = None, **how: Any) -> alt.TopLevelMixin:
        """The chart, of a result of a house or of none."""
        found = self.result()
        if house and isinstance(found, pd.DataFrame):
            found.attrs["presentation"] = house
        elif house:
            found = replace(found, presentation=house)
        return self.function(found, **self.further, **how)


def _limits() -> pd.DataFrame:
    limits = whole()[["month", "cost_per_contact"]].assign(low=50.5, high=61.5, is_outside=False)
    limits.loc[0, "is_outside"] = True
    return limits


_FLAT = whole().assign(cost_per_contact=55.0)
_BEFORE = measured(CHANNELS, [42.0, 55.0, 51.0])

EVERY: dict[str, Kind] = {
    "trend": Kind(charts.trend, whole, {"budget": _FLAT, "before": _FLAT, "limits": _limits(),
                                        "events": {"2024-10": "New portal"}}),
    "trend of channels": Kind(charts.trend, lambda: monthly(CHANNELS)),
    "levels": Kind(
        charts.levels,
        lambda: measured(CHANNELS, [40.0, 60.0, 50.0], cost_per_contact_low=[35.0, 55.0, 45.0],
                         cost_per_contact_high=[45.0, 65.0, 55.0], few_contacts=[False, False, True]),
        {"last_year": _BEFORE, "budget": _BEFORE},
    ),
    "bridge": Kind(charts.bridge, lambda: bridged(4)),
    "statement": Kind(charts.statement, lambda: stated(CHANNELS)),
    "tornado": Kind(charts.tornado, lambda: stepped(["wage", "handle_time", "occupancy"])),
    "pareto": Kind(charts.pareto, lambda: caused(["late", "invoice", "(other work)"])),
    "drivers": Kind(charts.drivers, lambda: fitted("product", {"fashion": 0.0, "home": 3.0, "garden": 17.5})),
    "learning curve": Kind(
        charts.curve,
        lambda: fitted("tenure", {"24 months and more": 0.0, "0 to 1 months": 40.0, "1 to 3 months": 25.0}),
    ),
    "load curve": Kind(
        charts.curve, lambda: fitted("load", {"the load as it was": 0.0, "10 % more": -6.0}), {"driver": "load"}
    ),
    "heatmap": Kind(charts.heatmap, lambda: by_the_clock(30)),
    "definitions": Kind(charts.definitions, lambda: defined(["own", "offered", "board"])),
    "funnel": Kind(charts.funnel, lambda: compared({"ann": 1.0, "bob": 1.5, "cid": 0.9})),
    "small multiples": Kind(charts.small_multiples, lambda: monthly(CHANNELS, 4)),
    "benchmarks": Kind(charts.benchmarks, lambda: beside(CHANNELS)),
}  # fmt: skip
