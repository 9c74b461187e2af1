"""Agents or teams in a funnel of ordinary differences: fair to those with few contacts."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from cpc_analysis.charts.renderer import enable_renderer
from cpc_analysis.charts.theme import ACCENT, BEFORE, FONT, INK, QUIET, ROSE, SIZES, plain_axis, styled
from cpc_analysis.errors import InvalidInputError, listed

__all__ = ["funnel"]


def funnel(
    frame: pd.DataFrame, *, title: str | None = None, language: str = "en", size: str = "slide"
) -> alt.LayerChart:
    """Observed against expected over the work done, within limits of 95 and 99.8 percent; what lies outside is named.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `compare_agents`.
    title : str, optional
        Instead of the finding in words.
    language : {"en", "da"}
        Of numbers.
    size : {"slide", "half", "page"}
        Of the plot.

    Returns
    -------
    altair.LayerChart

    Raises
    ------
    InvalidInputError
        If the frame is not of `compare_agents`.
    """
    enable_renderer()
    if not {"ratio", "lowest", "highest", "verdict"} <= set(frame):
        raise InvalidInputError(f"A funnel needs a frame of compare_agents, got the columns {listed(frame)}.")
    name = frame.columns[0]
    hour = 3600.0 if frame.attrs.get("unit") == "seconds" else 1.0
    rows = sorted((_row(row, name, hour) for _, row in frame.dropna(subset=["ratio"]).iterrows()), key=_work)
    width, height = SIZES[size]
    data = alt.Data(values=rows)
    what = "Hours expected for the same work" if frame.attrs.get("unit") == "seconds" else "Expected number"
    x = alt.X("work:Q", axis=plain_axis(what, grid=False, tickCount=6, format=",d"), scale=alt.Scale(zero=True))
    scale = alt.Scale(zero=False, nice=True)
    y = alt.Y("ratio:Q", scale=scale, axis=plain_axis("Observed against expected (%)", tickCount=6))
    base = alt.Chart(data).encode(x=x)
    # Each has limits of its own: a line through them would have kinks.
    edges = [
        base.mark_tick(orient="horizontal", color=colour, size=11, thickness=1.6, opacity=1).encode(
            y=alt.Y(f"{edge}:Q", scale=scale)
        )
        for edge, colour in (("low", BEFORE), ("high", BEFORE), ("lowest", QUIET), ("highest", QUIET))
    ]
    ends = [
        {"work": row["work"], "edge": row[edge], "text": text}
        for row in [row for row in rows if row["highest"] is not None][-1:]
        for edge, text in (("low", "95%"), ("high", "95%"), ("lowest", "99.8%"), ("highest", "99.8%"))
    ]
    labels = alt.Chart(alt.Data(values=ends)).mark_text(align="left", dx=9, font=FONT, fontSize=11, color=QUIET)
    middle = alt.Chart(alt.Data(values=[{"ratio": 100.0}])).mark_rule(color=BEFORE).encode(y=y)
    points = base.mark_point(filled=True, size=60, opacity=0.85).encode(
        y=y, color=alt.Color("colour:N", scale=None, legend=None),
        tooltip=["name:N", alt.Tooltip("contacts:Q", format=","), alt.Tooltip("ratio:Q", format=".1f"), "verdict:N"],
    )  # fmt: skip
    named = base.transform_filter("datum.is_odd").mark_text(
        align="left", dx=8, font=FONT, fontSize=11, fontWeight="bold", color=INK
    )
    odd = [row for row in rows if row["is_odd"]]
    layers = [
        *edges,
        labels.encode(x=x, y=alt.Y("edge:Q", scale=scale), text="text:N"),
        middle,
        points,
        *([named.encode(y=y, text="name:N")] if odd else []),
    ]
    finding = title or _finding(len(rows), odd, "agent" if name == "agent_id" else name.replace("_", " "))
    subtitle = f"{frame.attrs.get('definition', '')} Ticks: the limits of each."
    source = str(frame.attrs.get("source", ""))
    described = f"{len(rows)} dots; outside the limits: {', '.join(row['name'] for row in odd) or 'none'}"
    return styled(alt.layer(*layers), finding, f"{source}. {subtitle}" if source else subtitle,
                  f"{finding}. Funnel of {described}.", (width - 90, height))  # fmt: skip


def _row(row: pd.Series, name: str, hour: float) -> dict[str, Any]:
    is_odd = row["verdict"] in ("above the usual", "below the usual")
    limits = {edge: None if pd.isna(row[edge]) else float(f"{100 * row[edge]:.8g}")
              for edge in ("low", "high", "lowest", "highest")}  # fmt: skip
    work = float(f"{row['expected'] * row['contacts'] / hour:.8g}")
    ratio = float(f"{100 * row['ratio']:.8g}")
    return {"name": str(row[name]), "contacts": int(row["contacts"]), "work": work, "ratio": ratio,
            "verdict": row["verdict"], "is_odd": is_odd, "colour": ROSE if is_odd else ACCENT, **limits}  # fmt: skip


def _work(row: dict[str, Any]) -> float:
    return float(row["work"])


def _finding(count: int, odd: list[dict[str, Any]], noun: str) -> str:
    if not count:
        return f"Too few contacts to compare any {noun}"
    if not odd:
        return f"None of {count} {noun}s lies outside ordinary differences"
    if len(odd) == 1:
        return f"One of {count} {noun}s lies outside ordinary differences: {odd[0]['name']}"
    return f"{len(odd)} of {count} {noun}s lie outside ordinary differences"
