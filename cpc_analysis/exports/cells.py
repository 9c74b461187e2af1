"""Frames as tables of texts, to read on a slide or a page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from numbers import Integral, Real

import pandas as pd

from cpc_analysis.exports.headings import heading_of, is_money, is_share, text_said
from cpc_analysis.glossary import QUANTITIES
from cpc_analysis.language import MISSING, currency_sign, number, percent, period_said, say
from cpc_analysis.models.readable import Table
from cpc_analysis.models.statements import AMOUNTS
from cpc_analysis.models.tables import statement_table, table
from cpc_analysis.models.wording import number_in_words
from cpc_analysis.periods import GRAINS

__all__ = ["Cells", "cells_of", "flat", "is_measured", "is_statement"]


@dataclass(frozen=True)
class Cells:
    """A table of texts.

    Parameters
    ----------
    heads : tuple of str
        The headings.
    rows : tuple of tuple of str
        The cells.
    left : frozenset of int
        The columns of words, which stand to the left; numbers stand to the right.
    """

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    left: frozenset[int]


def is_measured(frame: pd.DataFrame) -> bool:
    """Whether a frame is a result of `measure`, with a quantity left in it."""
    asked = frame.attrs.get("quantities") or ()
    return "by" in frame.attrs and any(name in frame for name in asked)


def is_statement(frame: pd.DataFrame | None) -> bool:
    """Whether a frame is a result of `cost_statement`."""
    return frame is not None and {"cost_type", *AMOUNTS} <= set(frame)


def cells_of(frame: pd.DataFrame) -> Cells:
    """A frame to read: a result as the package words it, any other by its columns.

    Parameters
    ----------
    frame : pandas.DataFrame
        A result, a table of texts, or any frame.
    """
    if isinstance(frame, Table):
        return _of_texts(frame, set(frame.attrs.get("words", ())))
    if is_statement(frame) and not frame.empty:
        return _of_texts(statement_table(frame), set())
    if is_measured(frame):
        keys = [name for name in frame.attrs["by"] if name in frame]
        return _of_texts(table(frame, keys_apart=True), set(range(len(keys))), with_index=False)
    return _of_values(frame)


def _of_texts(frame: pd.DataFrame, words: set[object], with_index: bool = True) -> Cells:
    """A frame of texts; its words are columns by name or by place."""
    heads = [str(name) for name in frame.columns]
    left = {place for place, name in enumerate(frame.columns) if name in words or place in words}
    rows = [[str(cell) for cell in row] for row in frame.to_numpy()]
    if with_index:
        heads = [str(frame.columns.name or ""), *heads]
        rows = [[str(name), *row] for name, row in zip(frame.index, rows, strict=True)]
        left = {0, *(place + 1 for place in left)}
    return Cells(tuple(heads), tuple(map(tuple, rows)), frozenset(left))


def _of_values(frame: pd.DataFrame) -> Cells:
    shown = flat(frame)
    quantities = list(frame["quantity"]) if "quantity" in frame else [""] * len(frame)
    currency = str(frame.attrs.get("currency", ""))
    columns = [
        [
            value_in_words(name, value, quantity, currency)
            for value, quantity in zip(shown.iloc[:, place], quantities, strict=True)
        ]
        for place, name in enumerate(shown)
    ]
    left = {place for place, kind in enumerate(shown.dtypes) if not pd.api.types.is_numeric_dtype(kind)}
    unit = f" ({currency_sign(currency)})" if currency else ""
    heads = tuple(f"{heading_of(str(name))}{unit if is_money(str(name)) else ''}" for name in shown)
    return Cells(heads, tuple(zip(*columns, strict=True)), frozenset(left))


def flat(frame: pd.DataFrame) -> pd.DataFrame:
    """A frame whose rows are numbered and whose columns are texts: an index that says something is columns first."""
    shown = frame.copy()
    shown.attrs = {}
    shown.columns = [" ".join(map(str, name)) if isinstance(name, tuple) else str(name) for name in frame.columns]
    if isinstance(frame.index, pd.RangeIndex):
        return shown.reset_index(drop=True)
    names = [str(name) if name is not None else " " * place for place, name in enumerate(frame.index.names)]
    index = frame.index.to_frame(index=False)
    index.columns = names
    return pd.concat([index, shown.reset_index(drop=True)], axis=1)


def value_in_words(column: str, value: object, quantity: str = "", currency: str = "") -> str:
    """A cell to read, by the quantity that its column or its row is of."""
    if value is None or value is pd.NaT or (isinstance(value, Real) and pd.isna(value)):
        return MISSING
    if isinstance(value, bool) or type(value).__name__ == "bool":
        return say("yes") if value else say("no")
    if isinstance(value, date):
        return period_said(value, column if column in GRAINS else "day")
    if isinstance(value, Real) or type(value).__name__ == "Decimal":
        of = column if column in QUANTITIES else quantity
        if of in QUANTITIES:
            return number_in_words(of, float(value), currency)  # type: ignore[arg-type]
        if column == "year":
            return f"{value:.0f}"
        if is_share(column):
            return percent(float(value))  # type: ignore[arg-type]
        return number(value, 0 if isinstance(value, Integral) else 2)  # type: ignore[arg-type]
    return text_said(column, str(value), currency)
