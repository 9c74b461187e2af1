"""What drives the cost as tables to read: wages, steps of each driver, levels of drivers, agents side by side."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cpc_analysis.models.drivers import DriverModel
from cpc_analysis.models.explanations import whole_wages
from cpc_analysis.models.readable import Table, groups_of, signed, table_of, whole_numbers
from cpc_analysis.models.wages import WAGE_EFFECTS
from cpc_analysis.models.wording import period_in_words, step_in_words
from cpc_analysis.periods import parse_period

__all__ = ["agents_table", "drivers_table", "sensitivity_table", "wage_table"]


def wage_table(frame: pd.DataFrame) -> Table:
    """The last month of `wage_effect` to read: average wage, its change and what that is made of, and money.

    The last row is of all groups: averages weighted by paid hours, money added up.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `wage_effect`.
    """
    currency = frame.attrs.get("currency", "")
    last = frame[frame["month"] == frame["month"].max()]
    groups = [*groups_of(last), "all"]
    last = pd.concat([last, whole_wages(frame).to_frame().T.infer_objects()], ignore_index=True)
    since = period_in_words(parse_period(frame.attrs["since"]))
    columns = {"paid hours": whole_numbers(last["paid_hours"]),
               f"wage [{currency}/h]": whole_numbers(last["average_wage"], 2)}  # fmt: skip
    columns |= {name.replace("_", " "): [signed(value) for value in last[name]] for name in WAGE_EFFECTS}
    columns[f"change since {since}"] = [signed(value) for value in last["change"]]
    columns[f"raise cost [{currency}]"] = whole_numbers(last["raise_cost"])
    if last["premium_cost"].notna().any():
        columns[f"premiums [{currency}]"] = whole_numbers(last["premium_cost"])
    return table_of(columns, groups)


def sensitivity_table(frame: pd.DataFrame) -> Table:
    """One step of each driver to read: from what level, and what it does per contact, cash and capacity apart.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `sensitivity`.
    """
    currency = frame.attrs.get("currency", "")
    keys = list(frame.attrs.get("by", []))
    names = [", ".join([*(str(row[key]) for key in keys), step_in_words(row["step"], currency)])
             for _, row in frame.iterrows()]  # fmt: skip
    return table_of({
        "now": [_level(*pair, currency) for pair in zip(frame["step"], frame["level"], strict=True)],
        f"cash [{currency}]": [signed(value) for value in frame["cash"]],
        f"capacity [{currency}]": [signed(value) for value in frame["capacity"]],
    }, names)  # fmt: skip


def _level(step: str, value: float, currency: str) -> str:
    """What a driver stands at before its step."""
    if not np.isfinite(value):
        return "-"
    return {"wage": f"{value:,.2f} {currency}/h", "handle_time": f"{value:,.0f} s"}.get(step, f"{value:.1%}")


def drivers_table(model: DriverModel) -> Table:
    """Drivers to read: each level against its reference, in percent, seconds and money, and whether it is clear.

    Where there is money, each driver ends with a row for all its levels.

    Parameters
    ----------
    model : DriverModel
        Of `fit_drivers`.
    """
    frame = model.to_frame()
    compared = frame[frame["level"] != frame["reference"]]
    parts = [_levels(model, rows) for _, rows in compared.groupby("driver", sort=False)]
    unit = "%" if model.unit == "percent" else "points"
    headings = {
        "level": "level", "reference": "against", "contacts": "contacts", "effect": f"effect [{unit}]",
        "interval": f"{100 * model.level:g}% interval", "seconds": "seconds",
        "money": f"capacity [{model.currency}]", "clear": "clear of chance",
    }  # fmt: skip
    rows = pd.concat(parts)
    shown = {headings[name]: rows[name] for name in headings if (rows[name] != "").any()}
    return table_of(shown, rows.index, words=["level", "against", "clear of chance"])


def _levels(model: DriverModel, rows: pd.DataFrame) -> pd.DataFrame:
    """The texts of one driver's levels, and of all of them together where they have money."""
    texts = pd.DataFrame({
        "level": rows["level"], "reference": rows["reference"], "contacts": whole_numbers(rows["contacts"]),
        "effect": [signed(value, 1) for value in rows["effect_percent"]],
        "interval": [f"{low:+.1f} to {high:+.1f}" for low, high in zip(rows["low"], rows["high"], strict=True)],
        "seconds": ["" if pd.isna(value) else signed(value, 0) for value in rows["effect_seconds"]],
        "money": ["" if pd.isna(value) else signed(value, 0) for value in rows["effect_money"]],
        "clear": np.where(rows["is_clear"], "yes", "no"),
    })  # fmt: skip
    if rows["effect_money"].notna().any():
        total = signed(rows["effect_money"].sum(), 0)
        texts.loc["all"] = ["all levels", "", *whole_numbers([rows["contacts"].sum()]), "", "", "", total, ""]
    texts.index = [rows["driver"].iloc[0].replace("_", " ")] * len(texts)
    return texts


def agents_table(frame: pd.DataFrame) -> Table:
    """Agents or teams to read: observed and expected, their ratio, shrunk, and the verdict.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `compare_agents`.
    """
    is_time = frame.attrs.get("unit") == "seconds"

    def each(name: str, percent: bool) -> list[str]:
        values = frame[name] * (100 if percent else 1)
        return ["-" if pd.isna(value) else f"{value:,.1f}{'%' if percent else ' s'}" for value in values]

    columns = {"contacts": whole_numbers(frame["contacts"])}
    columns |= {name: each(name, not is_time) for name in ("observed", "expected")}
    columns |= {name: each(name, True) for name in ("ratio", "shrunk")}
    return table_of(columns | {"verdict": list(frame["verdict"])}, frame.iloc[:, 0], words=["verdict"])
