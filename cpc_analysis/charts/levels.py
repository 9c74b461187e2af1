"""The levels of a quantity side by side, against the year before and the budget."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from cpc_analysis.charts.drawing import drawn
from cpc_analysis.charts.finishing import finished
from cpc_analysis.charts.native import Native, Series
from cpc_analysis.charts.placing import Names
from cpc_analysis.charts.theme import SIZES, colour, group_colour, plain_axis, tip, written
from cpc_analysis.charts.wording import (
    axis_title,
    capital,
    definition_line,
    finding_of_groups,
    group_columns,
    group_said,
    has_name,
    number_format,
    of_groups,
    quantity_of,
    rounded,
    scale_of,
    title_of,
)
from cpc_analysis.errors import InvalidInputError, listed
from cpc_analysis.glossary import describe
from cpc_analysis.language import column_said, say
from cpc_analysis.models.wording import number_in_words

__all__ = ["levels"]

#: Between the bars, as a part of the room of one.
_GAP = 0.28


@drawn
def levels(
    frame: pd.DataFrame,
    quantity: str | None = None,
    *,
    last_year: pd.DataFrame | None = None,
    budget: pd.DataFrame | None = None,
    title: str | None = None,
    language: str | None = None,
    size: str = "slide",
) -> alt.LayerChart:
    """Horizontal bars, largest first, with values, intervals where the frame holds them, and what to compare with.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `measure`, by one column that is not a period.
    quantity : str, optional
        Which quantity; the frame's first when None.
    last_year, budget : pandas.DataFrame, optional
        The same quantity by the same column.
    title : str, optional
        Instead of the finding in words.
    language : {"en", "da"}, optional
        Of texts and numbers; the frame's own when None.
    size : {"slide", "half", "page"}
        Of the plot.

    Returns
    -------
    altair.LayerChart

    Raises
    ------
    InvalidInputError
        If the frame is not grouped by a column, or holds no quantity.

    Notes
    -----
    Groups without a value are left out. A ratio over few contacts is drawn light, without its number.
    """
    name = quantity_of(frame, quantity)
    groups = group_columns(frame)
    if not groups:
        raise InvalidInputError(
            f"Levels need a column to compare by, got the columns {listed(frame.columns)}. "
            'Measure with by=["channel"], for example.'
        )
    column, currency = groups[0], str(frame.attrs.get("currency", ""))
    rows = _rows(frame, name, column, currency)
    order = [row["group"] for row in rows]
    names, width = Names(order, size), SIZES[size][0]
    y = alt.Y("group:N", sort=order, axis=names.axis(), scale=alt.Scale(paddingInner=_GAP))
    axis = plain_axis(axis_title(name, currency), tickCount=6 if size != "half" else 4)
    x = alt.X("value:Q", axis=axis, scale=alt.Scale(zero=True))
    marks = {
        "last_year": _compared(last_year, name, column, order),
        "budget": _compared(budget, name, column, order),
    }
    band = (1 - _GAP) * names.height / max(len(rows), 1)
    ticks = [_ticks(values, what, x, y, column, band, name, currency) for what, values in marks.items() if values]
    finding = title or _finding(rows, name)
    legend = _legend(marks)
    subtitle = definition_line(frame, name) + (f" {legend}" if legend else "")
    described = ", ".join(f"{row['group']} {row['text'] or say('few contacts')}" for row in rows[:12])
    alt_text = say("{finding}. Bars of {quantity}: {values}.", finding=finding, quantity=title_of(name).lower(),
                   values=described)  # fmt: skip
    return finished(alt.layer(*_bars(rows, x, y, marks), *ticks), frame, finding, subtitle, alt_text, size,
                    (int(width * 0.78), names.height), _native(rows, marks, name, currency))  # fmt: skip


def _legend(marks: dict[str, dict[str, float]]) -> str:
    texts = {"last_year": say("grey tick: a year before"), "budget": say("dark tick: budget")}
    drawn = [texts[what] for what, values in marks.items() if values]
    return f"{capital('; '.join(drawn))}." if drawn else ""


def _rows(frame: pd.DataFrame, name: str, column: str, currency: str) -> list[dict[str, Any]]:
    scale, ratio = scale_of(name), not describe(name).additive
    shown = frame.dropna(subset=[name]).sort_values([name], ascending=False, kind="stable")
    rows = []
    for key, (_, row) in zip(of_groups(shown[column]), shown.iterrows(), strict=True):
        few = ratio and bool(row.get("few_contacts", False))
        rows.append(
            {
                "group": group_said(column, key),
                "value": rounded(row[name], scale),
                "low": rounded(row.get(f"{name}_low"), scale),
                "high": rounded(row.get(f"{name}_high"), scale),
                "text": "" if few else number_in_words(name, row[name], currency),
                "few": few,
                "is_named": has_name(key),
                "colour": group_colour(key, column),
            }
        )
    return rows


def _compared(frame: pd.DataFrame | None, name: str, column: str, order: list[str]) -> dict[str, float]:
    """What to compare each group with, by its name as it is read; empty where there is nothing."""
    if frame is None or name not in frame.columns or column not in frame.columns:
        return {}
    shown = frame.dropna(subset=[name, column])
    found = {group_said(column, str(key)): rounded(value, scale_of(name))
             for key, value in zip(shown[column], shown[name], strict=True)}  # fmt: skip
    return {group: value for group, value in found.items() if group in order and value is not None}


def _bars(rows: list[dict[str, Any]], x: Any, y: Any, marks: dict[str, dict[str, float]]) -> list[alt.Chart]:
    data = alt.Data(values=rows)
    base = alt.Chart(data).encode(y=y)
    faint = alt.condition("datum.few", alt.value(0.35), alt.value(1.0))
    layers = [
        base.mark_bar(height={"band": 0.62}, cornerRadiusEnd=1).encode(
            x=x, color=alt.Color("colour:N", scale=None, legend=None), opacity=faint
        )
    ]
    if any(row["low"] is not None for row in rows):
        # A white edge, so that an interval is seen on a dark bar.
        layers += [base.mark_rule(color=shade, strokeWidth=width).encode(x=alt.X("low:Q"), x2="high:Q")
                   for shade, width in (("white", 3.4), (colour("ink"), 1.4))]  # fmt: skip
    ends = {row["group"]: max(row["value"], row["high"] or row["value"], 0.0) for row in rows}
    # Beside marks to compare with, the numbers stand in one column: a number next to a mark would seem to be its own.
    farthest = [value for values in marks.values() for value in values.values()]
    column = max([*ends.values(), *farthest], default=0.0) if farthest else None
    labelled = [row | {"end": ends[row["group"]] if column is None else column} for row in rows]
    texts = written(alt.Chart(alt.Data(values=labelled)), align="left", dx=10)
    layers.append(texts.encode(y=y, x=alt.X("end:Q"), text="text:N"))
    return layers


def _ticks(
    values: dict[str, float], what: str, x: Any, y: Any, column: str, band: float, name: str, currency: str
) -> alt.Chart:
    """What to compare with, as a tick across each bar of a height in pixels."""
    shade, thickness, part = (colour("ink"), 3, 0.8) if what == "budget" else (colour("before"), 5, 0.98)
    said = say("budget") if what == "budget" else say("a year before")
    rows = [
        {"group": group, "value": value, "text": number_in_words(name, value / scale_of(name), currency)}
        for group, value in values.items()
    ]
    # In pixels: JupyterLab's Vega-Lite 5.6 draws no tick whose height is a part of the band.
    # The white edge shows a dark tick on a dark bar.
    tick = alt.Chart(alt.Data(values=rows)).mark_tick(
        color=shade, thickness=thickness, size=round(part * band, 1), stroke="white", strokeWidth=1, opacity=1
    )
    return tick.encode(x=x, y=y, tooltip=[tip("group:N", column_said(column)), tip("text:N", said)])


def _finding(rows: list[dict[str, Any]], name: str) -> str:
    known = [row for row in rows if row["text"]]
    if rows and not known:
        return say("{quantity}: too few contacts to compare", quantity=title_of(name))
    known = [row for row in known if row["is_named"]] or known
    return finding_of_groups(name, [(row["group"], row["text"]) for row in known])


def _native(rows: list[dict[str, Any]], marks: dict[str, dict[str, float]], name: str, currency: str) -> Native:
    said = {"last_year": (say("a year before"), colour("before")), "budget": (say("budget"), colour("ink"))}
    order = [row["group"] for row in rows]
    own = Series(title_of(name), [row["value"] for row in rows], [row["colour"] for row in rows],
                 low=[row["low"] for row in rows], high=[row["high"] for row in rows])  # fmt: skip
    others = [Series(said[what][0], [values.get(group) for group in order], said[what][1])
              for what, values in marks.items() if values]  # fmt: skip
    return Native("bar", order, [own, *others], axis_title(name, currency), number_format(name))
