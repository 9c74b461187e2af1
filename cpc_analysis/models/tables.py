"""Frames of numbers as tables to read: labels, units, rounded."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cpc_analysis.errors import InvalidInputError
from cpc_analysis.glossary import QUANTITIES, describe
from cpc_analysis.language import column_said, currency_sign, in_its_language, number, say, value_said
from cpc_analysis.measuring.quantities import FEW
from cpc_analysis.models.readable import Table
from cpc_analysis.models.selection import earlier, year_before
from cpc_analysis.models.service import figure_said
from cpc_analysis.models.statements import exact_sum, statement_headings
from cpc_analysis.models.wording import (
    change_in_words,
    key_in_words,
    number_in_words,
    own_period,
    period_in_words,
)
from cpc_analysis.schema import COST_TYPES

__all__ = ["comparison_table", "key_figures_table", "statement_table", "table"]

_OTHERS = ("budget", "before", "last_year")


@in_its_language
def table(frame: pd.DataFrame, *, keys_apart: bool = False, across: bool = False) -> pd.DataFrame:
    """A result of `measure` to read: a row per group, a column per quantity with its unit, rounded to text.

    A ratio over fewer than 30 contacts, or answers where the table holds their number, reads "few": it is too
    uncertain to compare.

    Parameters
    ----------
    frame : pandas.DataFrame
        From `measure`.
    keys_apart : bool
        Whether each key is a column of its own and every group is there, rather than all keys the index and groups
        left out that have no ratio and nothing counted.
    across : bool
        Whether the groups stand side by side, a row per quantity.
    """
    keys = list(frame.attrs.get("by", []))
    names = [name for name in frame if name in QUANTITIES]
    shown = frame if keys_apart else _kept(frame, _has_something(frame, names))
    columns: dict[str, list[str]] = {}
    for name in names:
        heading = _label(frame, name)
        columns[heading] = _shown(shown, name, name)
        if f"{name}_low" in shown:
            columns[say("{quantity}, interval", quantity=heading)] = _bounds(shown, name)
    if keys_apart:
        apart = {_heading([key]): [key_in_words(key, value) for value in shown[key]] for key in keys}
        return pd.DataFrame({**apart, **columns})
    rows = pd.DataFrame(columns, index=_groups(shown, keys))
    return _headed(rows.T if across else rows, _heading(keys))


@in_its_language
def comparison_table(frame: pd.DataFrame) -> pd.DataFrame:
    """A result of `compare` to read: the value, and each comparison with the change from it.

    Groups and comparisons without any value are left out: work without contacts has no cost per contact.

    Parameters
    ----------
    frame : pandas.DataFrame
        From `compare`.

    Raises
    ------
    InvalidInputError
        If nothing of it has a value.
    """
    quantity = next(name for name in frame if name in QUANTITIES)
    keys = list(frame.attrs.get("by", []))
    others = [name for name in _OTHERS if name in frame]
    headings = _headings(frame)
    shown = _kept(frame, frame[[quantity, *others]].notna().any(axis=1))
    if shown.empty:
        raise InvalidInputError(f"`{quantity}` has no value in any group, neither now nor in what stands beside it.")
    columns = {_label(frame, quantity): _shown(shown, quantity, quantity)}
    for name in others:
        if shown[name].notna().any():
            columns[headings[name]] = _shown(shown, quantity, name)
            columns[say("vs {other}", other=headings[name])] = [
                change_in_words(quantity, now, then) for now, then in zip(shown[quantity], shown[name], strict=True)
            ]
    return _headed(pd.DataFrame(columns, index=_groups(shown, keys)), _heading(keys))


@in_its_language
def key_figures_table(figures: pd.DataFrame) -> pd.DataFrame:
    """A result of `key_figures` to read: a row per quantity, each comparison with the change from it.

    Parameters
    ----------
    figures : pandas.DataFrame
        From `key_figures`.
    """
    names = list(figures["quantity"])
    headings = _headings(figures)
    columns = {headings["value"]: _each_shown(figures, "value")}
    for name in _OTHERS:
        columns[headings[name]] = _each_shown(figures, name)
        columns[say("vs {other}", other=headings[name])] = [
            change_in_words(quantity, now, then)
            for quantity, now, then in zip(names, figures["value"], figures[name], strict=True)
        ]
    thresholds, channels = figures.attrs.get("answer_thresholds"), figures.attrs.get("channels", {})
    labels = [figure_said(name, channels.get(name, ()), thresholds) for name in names]
    return _headed(pd.DataFrame(columns, index=labels))


def _label(frame: pd.DataFrame, quantity: str) -> str:
    """A quantity's label; a service level's with the thresholds of the channels that it is of."""
    thresholds = frame.attrs.get("answer_thresholds", {}) if quantity == "service_level" else {}
    return figure_said(quantity, tuple(thresholds), thresholds)


def _headings(frame: pd.DataFrame) -> dict[str, str]:
    """What the columns of a comparison stand for: the budget, and periods by their names."""
    period = own_period(frame)
    before, last_year = period_in_words(earlier(period)), period_in_words(year_before(period))
    # For a year both are the same.
    last_year = say("{period} (last year)", period=last_year) if last_year == before else last_year
    return {"value": period_in_words(period), "budget": say("budget"), "before": before, "last_year": last_year}


def _kept(frame: pd.DataFrame, rows: pd.Series) -> pd.DataFrame:
    kept = frame[rows]
    kept.attrs = frame.attrs
    return kept


def _headed(shown: pd.DataFrame, heading: str = "") -> Table:
    """A table to read, with the name of its groups in the first line of headings, not in a line of its own."""
    return Table(shown.rename_axis(index=None, columns=heading or None))


def _shown(frame: pd.DataFrame, quantity: str, column: str) -> list[str]:
    """A column's numbers in words; a ratio over few contacts is not shown."""
    currency, is_ratio = frame.attrs.get("currency", ""), not describe(quantity).additive
    few = frame["few_contacts"].to_numpy(dtype=bool) if "few_contacts" in frame else np.zeros(len(frame), dtype=bool)
    behind = next((name for name in frame if name in QUANTITIES and _stands_behind(name, quantity)), None)
    if behind is not None:
        few = (frame[behind] < FEW).to_numpy()
    return [
        say("few") if hidden and is_ratio and pd.notna(value) else number_in_words(quantity, value, currency)
        for value, hidden in zip(frame[column], few, strict=True)
    ]


def _has_something(frame: pd.DataFrame, names: list[str]) -> pd.Series:
    """Whether a group has any value; beside ratios that are all missing, a count of nothing is none."""
    ratios = [name for name in names if not describe(name).additive]
    if not ratios:
        return frame[names].notna().any(axis=1)
    counts = frame[[name for name in names if name not in ratios]]
    return frame[ratios].notna().any(axis=1) | (counts.fillna(0) != 0).any(axis=1)


def _stands_behind(name: str, ratio: str) -> bool:
    """Whether a quantity is the very count that a ratio is divided by."""
    return describe(name).additive and describe(name).numerator == describe(ratio).denominator


def _bounds(frame: pd.DataFrame, quantity: str) -> list[str]:
    lows, highs = (_shown(frame, quantity, f"{quantity}_{end}") for end in ("low", "high"))
    return [
        low if low == high else say("{low} to {high}", low=low, high=high)
        for low, high in zip(lows, highs, strict=True)
    ]


def _each_shown(figures: pd.DataFrame, column: str) -> list[str]:
    """A column of key figures in words, each number in its own quantity's unit."""
    currency = figures.attrs.get("currency", "")
    return [
        number_in_words(quantity, value, currency)
        for quantity, value in zip(figures["quantity"], figures[column], strict=True)
    ]


@in_its_language
def statement_table(statement: pd.DataFrame) -> pd.DataFrame:
    """A cost statement to read: a row per cost type or group and a total, in whole units of the currency.

    From what was posted only where something was moved between months; waiting is "not known" without shifts.

    Parameters
    ----------
    statement : pandas.DataFrame
        From `cost_statement`.
    """
    keys = list(statement.attrs.get("by", []))
    groups = _groups(statement, keys) if keys else pd.Index(statement["cost_type"])
    headings = statement_headings(statement)
    if not statement["moved"].map(bool).any():
        headings = {name: words for name, words in headings.items() if name not in ("posted", "moved")}
    sums = statement[list(headings)].groupby(groups.to_numpy(), sort=False).agg(exact_sum)
    if not keys:
        sums = sums.loc[[name for name in COST_TYPES if name in sums.index]]
        sums.index = [_capital(value_said("cost_type", name)) for name in sums.index]
    sums.loc[say("Total")] = sums.agg(exact_sum)
    sums.columns = list(headings.values())
    heading = f"{_heading(keys or ['cost_type'])} [{currency_sign(statement.attrs.get('currency', ''))}]"
    return _headed(sums.map(lambda amount: say("not known") if amount is None else number(amount)), heading)


def _groups(frame: pd.DataFrame, keys: list[str]) -> pd.Index:
    """One text per row for its keys; missing keys are what is not allocated."""
    if not keys:
        return pd.Index([say("All")] * len(frame))
    texts = [[key_in_words(key, value) for value in frame[key]] for key in keys]
    return pd.Index([", ".join(row) for row in zip(*texts, strict=True)])


def _heading(keys: list[str]) -> str:
    return _capital(", ".join(column_said(key) for key in keys))


def _capital(words: str) -> str:
    return words.replace("_", " ").capitalize()
