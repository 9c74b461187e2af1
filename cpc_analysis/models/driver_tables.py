"""What drives the cost as tables to read: wages, steps of each driver, levels of drivers, agents side by side."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cpc_analysis.language import (
    MISSING,
    column_said,
    currency_sign,
    in_its_language,
    money,
    number,
    percent,
    say,
    value_said,
)
from cpc_analysis.models.drivers import DriverModel, level_said
from cpc_analysis.models.drivers.model import level_in_words
from cpc_analysis.models.explanations import whole_wages
from cpc_analysis.models.readable import Table, groups_of, signed, table_of, whole_numbers
from cpc_analysis.models.wages import WAGE_EFFECTS
from cpc_analysis.models.wording import period_in_words, step_in_words, wage_effect_in_words
from cpc_analysis.periods import parse_period

__all__ = ["agents_table", "drivers_table", "sensitivity_table", "wage_table"]


@in_its_language
def wage_table(frame: pd.DataFrame) -> Table:
    """The last month of `wage_effect` to read: average wage, its change and what that is made of, and money.

    The last row is of all groups: averages weighted by paid hours, money added up.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `wage_effect`.
    """
    unit = currency_sign(frame.attrs.get("currency", ""))
    last = frame[frame["month"] == frame["month"].max()]
    groups = [*groups_of(last), say("all")]
    last = pd.concat([last, whole_wages(frame).to_frame().T.infer_objects()], ignore_index=True)
    since = period_in_words(parse_period(frame.attrs["since"]))
    columns = {say("paid hours"): whole_numbers(last["paid_hours"]),
               say("wage [{unit}/h]", unit=unit): whole_numbers(last["average_wage"], 2)}  # fmt: skip
    columns |= {wage_effect_in_words(name): [signed(value) for value in last[name]] for name in WAGE_EFFECTS}
    columns[say("change since {since}", since=since)] = [signed(value) for value in last["change"]]
    columns[say("raise cost [{unit}]", unit=unit)] = whole_numbers(last["raise_cost"])
    if last["premium_cost"].notna().any():
        columns[say("premiums [{unit}]", unit=unit)] = whole_numbers(last["premium_cost"])
    return table_of(columns, groups)


@in_its_language
def sensitivity_table(frame: pd.DataFrame) -> Table:
    """One step of each driver to read: from what level, and what it does per contact, cash and released capacity apart.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `sensitivity`.
    """
    currency = frame.attrs.get("currency", "")
    keys = list(frame.attrs.get("by", []))
    unit = currency_sign(currency)
    names = [", ".join([*(value_said(key, str(row[key])) for key in keys), step_in_words(row["step"], currency)])
             for _, row in frame.iterrows()]  # fmt: skip
    return table_of({
        say("now"): [_level(*pair, currency) for pair in zip(frame["step"], frame["level"], strict=True)],
        say("cash [{unit}]", unit=unit): [signed(value) for value in frame["cash"]],
        say("released capacity [{unit}]", unit=unit): [signed(value) for value in frame["released_capacity"]],
    }, names)  # fmt: skip


def _level(step: str, value: float, currency: str) -> str:
    """What a driver stands at before its step."""
    if not np.isfinite(value):
        return MISSING
    if step == "wage":
        return say("{wage}/h", wage=money(value, currency))
    return say("{number} s", number=number(value)) if step == "handle_time" else percent(value)


@in_its_language
def drivers_table(model: DriverModel) -> Table:
    """Drivers to read: each level against its reference, in percent, seconds and money, and whether it is clear.

    The intervals of a driver's levels hold together; a level is clear where its own holds no zero. Where there is
    money, each driver ends with a row for all its levels.

    Parameters
    ----------
    model : DriverModel
        Of `fit_drivers`.
    """
    frame = model.to_frame()
    compared = frame[frame["level"] != frame["reference"]]
    parts = [_levels(model, rows) for _, rows in compared.groupby("driver", sort=False)]
    unit = "%" if model.unit == "percent" else say("points")
    headings = {
        "level": say("level"), "reference": say("against"), "contacts": say("contacts"),
        "effect": say("effect [{unit}]", unit=unit),
        "interval": say("simultaneous {level}% interval", level=level_in_words(model.level)), "seconds": say("seconds"),
        "cash": say("cash [{unit}]", unit=currency_sign(model.currency)),
        "released_capacity": say("released capacity [{unit}]", unit=currency_sign(model.currency)),
        "clear": say("clear of chance"),
    }  # fmt: skip
    if not compared["cash"].fillna(0.0).any():
        # Nothing here is bought by the piece.
        del headings["cash"]
    rows = pd.concat(parts)
    shown = {headings[name]: rows[name] for name in headings if (rows[name] != "").any()}
    return table_of(shown, rows.index, words=[headings[name] for name in ("level", "reference", "clear")])


def _levels(model: DriverModel, rows: pd.DataFrame) -> pd.DataFrame:
    """The texts of one driver's levels, and of all of them together where they have money."""
    driver = rows["driver"].iloc[0]
    texts = pd.DataFrame({
        "level": [level_said(driver, level) for level in rows["level"]],
        "reference": [level_said(driver, level) for level in rows["reference"]],
        "contacts": whole_numbers(rows["contacts"]),
        "effect": [signed(value, 1) for value in rows["effect_percent"]],
        "interval": [say("{low} to {high}", low=number(low, 1, signed=True), high=number(high, 1, signed=True))
                     for low, high in zip(rows["low"], rows["high"], strict=True)],
        "seconds": ["" if pd.isna(value) else signed(value, 0) for value in rows["effect_seconds"]],
        "cash": [_known(value) for value in rows["cash"]],
        "released_capacity": [_known(value) for value in rows["released_capacity"]],
        "clear": [say("yes") if is_clear else say("no") for is_clear in rows["is_clear"]],
    })  # fmt: skip
    if rows["effect_money"].notna().any():
        totals = [signed(rows[name].sum(), 0) for name in ("cash", "released_capacity")]
        texts.loc["all"] = [say("all levels"), "", *whole_numbers([rows["contacts"].sum()]), "", "", "", *totals, ""]
    texts.index = [column_said(driver)] * len(texts)
    return texts


def _known(amount: float) -> str:
    return "" if pd.isna(amount) else signed(amount, 0)


@in_its_language
def agents_table(frame: pd.DataFrame) -> Table:
    """Agents or teams to read: observed and expected, their ratio, shrunk, and the verdict.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `compare_agents`.
    """
    is_time = frame.attrs.get("unit") == "seconds"

    def each(name: str, in_percent: bool) -> list[str]:
        if in_percent:
            return [percent(value) for value in frame[name]]
        return [MISSING if pd.isna(value) else say("{number} s", number=number(value, 1)) for value in frame[name]]

    columns = {say("contacts"): whole_numbers(frame["contacts"]),
               say("observed"): each("observed", not is_time), say("expected"): each("expected", not is_time),
               say("ratio"): each("ratio", True), say("shrunk"): each("shrunk", True),
               say("verdict"): [say(verdict) for verdict in frame["verdict"]]}  # fmt: skip
    return table_of(columns, frame.iloc[:, 0], words=[say("verdict")])
