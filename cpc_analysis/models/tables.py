"""Frames of numbers as tables to read: labels, units, rounded."""

from __future__ import annotations

import pandas as pd

from cpc_analysis.glossary import QUANTITIES, describe, label
from cpc_analysis.models.wording import change_in_words, number_in_words
from cpc_analysis.periods import GRAINS, period_of
from cpc_analysis.schema import COST_TYPES

__all__ = ["comparison_table", "key_figures_table", "statement_table", "table"]

_HEADINGS = {"budget": "Budget", "before": "Period before", "last_year": "Last year"}
_AMOUNTS = ["ledger", "used", "waiting", "unallocated"]


def table(frame: pd.DataFrame, *, keys_apart: bool = False) -> pd.DataFrame:
    """A result of `measure` to read: a row per group, a column per quantity with its unit, rounded to text.

    A ratio over fewer than 30 contacts reads "few": it is too uncertain to compare.

    Parameters
    ----------
    frame : pandas.DataFrame
        From `measure`.
    keys_apart : bool
        Whether each key is a column of its own rather than all of them the index.
    """
    keys = list(frame.attrs.get("by", []))
    names = [name for name in frame if name in QUANTITIES]
    columns: dict[str, list[str]] = {}
    for name in names:
        columns[label(name)] = _shown(frame, name, name)
        if f"{name}_low" in frame:
            lows, highs = _shown(frame, name, f"{name}_low"), _shown(frame, name, f"{name}_high")
            columns[f"{label(name)}, interval"] = [
                low if low == high else f"{low} to {high}" for low, high in zip(lows, highs, strict=True)
            ]
    if keys_apart:
        apart = {_words(key): [_key_text(key, value) for value in frame[key]] for key in keys}
        return pd.DataFrame({**apart, **columns})
    return pd.DataFrame(columns, index=_groups(frame, keys))


def comparison_table(frame: pd.DataFrame) -> pd.DataFrame:
    """A result of `compare` to read: the value, and each comparison with the change from it in percent.

    Groups and comparisons without any value are left out: work without contacts has no cost per contact.

    Parameters
    ----------
    frame : pandas.DataFrame
        From `compare`.
    """
    quantity = next(name for name in frame if name in QUANTITIES)
    others = [name for name in _HEADINGS if name in frame]
    known = frame[frame[[quantity, *others]].notna().any(axis=1)]
    known = known.drop(columns=[name for name in others if known[name].isna().all()])
    known.attrs = frame.attrs
    return _compared(known, quantity, _groups(known, list(frame.attrs.get("by", []))), label(quantity))


def key_figures_table(frames: list[pd.DataFrame]) -> pd.DataFrame:
    """Several results of `compare` for the whole to read, one row each.

    Parameters
    ----------
    frames : list of pandas.DataFrame
        From `compare` without groups.
    """
    rows = []
    for frame in frames:
        quantity = next(name for name in frame if name in QUANTITIES)
        rows.append(_compared(frame, quantity, pd.Index([label(quantity)]), "This period"))
    return pd.concat(rows)


def _compared(frame: pd.DataFrame, quantity: str, groups: pd.Index, heading: str) -> pd.DataFrame:
    columns = {heading: _shown(frame, quantity, quantity)}
    for name in (name for name in _HEADINGS if name in frame):
        columns[_HEADINGS[name]] = _shown(frame, quantity, name)
        columns[f"vs {_HEADINGS[name].lower()}"] = [
            change_in_words(now, then) for now, then in zip(frame[quantity], frame[name], strict=True)
        ]
    return pd.DataFrame(columns, index=groups)


def _shown(frame: pd.DataFrame, quantity: str, column: str) -> list[str]:
    """A column's numbers in words; a ratio over few contacts is not shown."""
    currency, is_ratio = frame.attrs.get("currency", ""), not describe(quantity).additive
    few = frame["few_contacts"] if "few_contacts" in frame else [False] * len(frame)
    return [
        "few" if hidden and is_ratio and pd.notna(value) else number_in_words(quantity, value, currency)
        for value, hidden in zip(frame[column], few, strict=True)
    ]


def statement_table(statement: pd.DataFrame) -> pd.DataFrame:
    """A cost statement to read: a row per cost type or group and a total, in whole units of the currency.

    Parameters
    ----------
    statement : pandas.DataFrame
        From `cost_statement`.
    """
    keys = list(statement.attrs.get("by", []))
    groups = _groups(statement, keys) if keys else pd.Index(statement["cost_type"], name="Cost type")
    sums = statement[_AMOUNTS].astype("float64").groupby(groups.to_numpy(), sort=False).sum()
    if not keys:
        sums = sums.loc[[name for name in COST_TYPES if name in sums.index]].rename(index=_words)
    sums.loc["Total"] = sums.sum()
    heading = f"{groups.name} [{statement.attrs.get('currency', '')}]"
    return sums.map("{:,.0f}".format).rename(columns=str.capitalize).rename_axis(index=heading)


def _groups(frame: pd.DataFrame, keys: list[str]) -> pd.Index:
    """One text per row for its keys; missing keys are what is not allocated."""
    if not keys:
        return pd.Index(["All"] * len(frame))
    texts = [[_key_text(key, value) for value in frame[key]] for key in keys]
    return pd.Index([", ".join(row) for row in zip(*texts, strict=True)], name=_words(", ".join(keys)))


def _key_text(key: str, value: object) -> str:
    if pd.isna(value):  # type: ignore[call-overload]
        return "not allocated"
    return str(period_of(value.date(), key)) if key in GRAINS else str(value)  # type: ignore[attr-defined]


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()
