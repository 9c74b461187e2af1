"""The levels of a quantity side by side, against the year before and the budget."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from cpc_analysis.charts.renderer import enable_renderer
from cpc_analysis.charts.theme import (
    ACCENT,
    BEFORE,
    BUDGET,
    CHANNEL_COLOURS,
    FONT,
    INK,
    NOT_ALLOCATED,
    SIZES,
    plain_axis,
    styled,
)
from cpc_analysis.charts.wording import amount, axis_title, definition_line, group_columns, quantity_of
from cpc_analysis.errors import InvalidInputError, listed
from cpc_analysis.glossary import describe, label

__all__ = ["levels"]

#: Between the bars, as a part of the room of one.
_GAP = 0.28


def levels(
    frame: pd.DataFrame,
    quantity: str | None = None,
    *,
    last_year: pd.DataFrame | None = None,
    budget: pd.DataFrame | None = None,
    title: str | None = None,
    language: str = "en",
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
    language : {"en", "da"}
        Of labels.
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
    enable_renderer()
    name = quantity_of(frame, quantity)
    groups = group_columns(frame)
    if not groups:
        raise InvalidInputError(
            f"Levels need a column to compare by, got the columns {listed(frame.columns)}. "
            'Measure with by=["channel"], for example.'
        )
    currency = str(frame.attrs.get("currency", ""))
    rows = _rows(frame, name, groups[0], currency, language)
    width, height = SIZES[size][0], max(22 * len(rows) + 20, 90)
    order = [row["group"] for row in rows]
    axis_y = plain_axis(None, grid=False, labelLimit=int(width * 0.32), labelColor=INK, labelFontSize=12)
    y = alt.Y("group:N", sort=order, axis=axis_y, scale=alt.Scale(paddingInner=_GAP))
    x = alt.X("value:Q", axis=plain_axis(axis_title(name, currency, language), tickCount=6), scale=alt.Scale(zero=True))
    band = (1 - _GAP) * height / max(len(rows), 1)
    marks = {
        "grey tick: a year before": _marks(last_year, name, groups[0], order, x, y, "a year before", band),
        "dark tick: budget": _marks(budget, name, groups[0], order, x, y, "budget", band),
    }
    bars = _bars(rows, x, y, _compared([last_year, budget], name, groups[0]))
    layers = [*bars, *(layer for layers in marks.values() for layer in layers)]
    finding = title or _finding(rows, name, groups[0], currency, language)
    drawn = [text for text, layers in marks.items() if layers]
    subtitle = definition_line(frame, name) + (f" {'; '.join(drawn).capitalize()}." if drawn else "")
    described = ", ".join(f"{row['group']} {row['text'] or 'few contacts'}" for row in rows[:12])
    return styled(alt.layer(*layers), finding, subtitle, f"{finding}. Bars of {label(name).lower()}: {described}.",
                  (int(width * 0.78), height))  # fmt: skip


def _rows(frame: pd.DataFrame, name: str, group: str, currency: str, language: str) -> list[dict[str, Any]]:
    scale = 100.0 if describe(name).unit == "share" else 1.0
    ratio = not describe(name).additive
    shown = frame.dropna(subset=[name]).sort_values([name], ascending=False, kind="stable")
    rows = []
    for _, row in shown.iterrows():
        few = ratio and bool(row.get("few_contacts", False))
        key = NOT_ALLOCATED if pd.isna(row[group]) else str(row[group])
        rows.append(
            {
                "group": key,
                "value": float(f"{row[name] * scale:.8g}"),
                "low": _bound(row.get(f"{name}_low"), scale),
                "high": _bound(row.get(f"{name}_high"), scale),
                "text": "" if few else amount(row[name], name, currency, language),
                "few": few,
                "colour": CHANNEL_COLOURS.get(key, ACCENT) if group == "channel" else ACCENT,
            }
        )
    return rows


def _bound(value: Any, scale: float) -> float | None:
    return None if value is None or pd.isna(value) else float(f"{value * scale:.8g}")


def _compared(frames: list[pd.DataFrame | None], name: str, group: str) -> dict[str, float]:
    """The farthest mark of each group, so that the labels can stand beyond it."""
    scale = 100.0 if describe(name).unit == "share" else 1.0
    farthest: dict[str, float] = {}
    for frame in frames:
        if frame is not None and name in frame.columns and group in frame.columns:
            for key, value in zip(frame[group], frame[name], strict=True):
                if pd.notna(value) and pd.notna(key):
                    farthest[str(key)] = max(farthest.get(str(key), 0.0), float(value) * scale)
    return farthest


def _bars(rows: list[dict[str, Any]], x: Any, y: Any, farthest: dict[str, float]) -> list[alt.Chart]:
    data = alt.Data(values=rows)
    base = alt.Chart(data).encode(y=y)
    faint = alt.condition("datum.few", alt.value(0.35), alt.value(1.0))
    layers = [
        base.mark_bar(height={"band": 0.62}, cornerRadiusEnd=1).encode(
            x=x, color=alt.Color("colour:N", scale=None, legend=None), opacity=faint
        )
    ]
    if any(row["low"] is not None for row in rows):
        layers.append(base.mark_rule(color=INK, strokeWidth=1.4).encode(x=alt.X("low:Q"), x2="high:Q"))
    end = alt.X("end:Q")
    ends = {row["group"]: max(row["value"], row["high"] or row["value"], 0.0) for row in rows}
    # Beside marks to compare with, the numbers stand in one column: a number next to a mark would seem to be its own.
    column = max([*ends.values(), *farthest.values()], default=0.0) if farthest else None
    labelled = [row | {"end": ends[row["group"]] if column is None else column} for row in rows]
    layers.append(
        alt.Chart(alt.Data(values=labelled))
        .mark_text(align="left", dx=10, font=FONT, fontSize=11, color=INK)
        .encode(y=y, x=end, text="text:N")
    )
    return layers


def _marks(
    frame: pd.DataFrame | None, name: str, group: str, order: list[str], x: Any, y: Any, what: str, band: float
) -> list[alt.Chart]:
    """What to compare with, as a tick across each bar of a height in pixels; nothing where there is nothing."""
    if frame is None or name not in frame.columns or group not in frame.columns:
        return []
    scale = 100.0 if describe(name).unit == "share" else 1.0
    shown = frame.dropna(subset=[name, group])
    values = [
        {"group": str(key), "value": float(f"{value * scale:.8g}"), "what": what}
        for key, value in zip(shown[group], shown[name], strict=True)
        if str(key) in order
    ]
    if not values:
        return []
    colour, thickness, part = (BUDGET, 2, 0.8) if what == "budget" else (BEFORE, 4, 0.98)
    # In pixels: JupyterLab's Vega-Lite 5.6 draws no tick whose height is a part of the band.
    tick = alt.Chart(alt.Data(values=values)).mark_tick(color=colour, thickness=thickness, size=round(part * band, 1))
    return [tick.encode(x=x, y=y, tooltip=["what:N", "group:N", alt.Tooltip("value:Q", format=",.2f")])]


def _finding(rows: list[dict[str, Any]], name: str, group: str, currency: str, language: str) -> str:
    known = [row for row in rows if row["text"] and row["group"] != NOT_ALLOCATED]
    if not known:
        return f"{label(name, language)}: nothing to show"
    if len(known) == 1:
        return f"{label(name, language)}: {known[0]['group']} {known[0]['text']}"
    return (
        f"{label(name, language)}: most for {known[0]['group']}, {known[0]['text']}; "
        f"least for {known[-1]['group']}, {known[-1]['text']}"
    )
