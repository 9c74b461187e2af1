"""Causes by cost, and how much of the cost the first ones hold: a Pareto chart on one axis."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from cpc_analysis.charts.renderer import enable_renderer
from cpc_analysis.charts.theme import ACCENT, BEFORE, FONT, INK, NOT_ALLOCATED, ROSE, SIZES, plain_axis, styled
from cpc_analysis.charts.wording import amount, definition_text
from cpc_analysis.errors import InvalidInputError, listed
from cpc_analysis.schema import OTHER_WORK

__all__ = ["pareto"]

_QUANTITY = "total_cost"
#: The causes shown, the smaller ones together.
_MOST = 15
#: Where the amounts stand, beyond the last share [percent].
_MONEY = 104


def pareto(
    frame: pd.DataFrame, *, title: str | None = None, language: str = "en", size: str = "slide"
) -> alt.LayerChart:
    """Bars for the share of cost of each cause, dearest first, and dots for their shares added up.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `contact_causes`.
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
        If the frame is not of `contact_causes`.

    Notes
    -----
    More than 15 causes are drawn as the 14 dearest and the others together. Cost of no cause is grey and has no dot.
    """
    enable_renderer()
    if not {"cost", "share_of_cost", "cumulative_share"} <= set(frame):
        raise InvalidInputError(f"A Pareto chart needs a frame of contact_causes, got the columns {listed(frame)}.")
    currency = str(frame.attrs.get("currency", ""))
    rows = _rows(frame, currency, language)
    width, height = SIZES[size][0], max(24 * len(rows) + 20, 90)
    names = plain_axis(None, grid=False, labelLimit=int(width * 0.32), labelColor=INK, labelFontSize=12)
    y = alt.Y("cause:N", sort=[row["cause"] for row in rows], axis=names)
    low = min(0.0, *(row["share"] for row in rows), 0.0)
    axis = plain_axis("Share of cost (%)", values=[0, 20, 40, 60, 80, 100])
    x = alt.X("share:Q", scale=alt.Scale(domain=[low, _MONEY + 24], nice=False), axis=axis)
    base = alt.Chart(alt.Data(values=rows)).encode(y=y)
    added = base.transform_filter("datum.cumulative !== null")
    layers = [
        base.mark_bar(height={"band": 0.62}).encode(x=x, color=alt.Color("colour:N", scale=None, legend=None)),
        added.mark_line(color=ROSE, strokeWidth=1.4, opacity=0.7).encode(x=alt.X("cumulative:Q"), order="place:Q"),
        added.mark_point(filled=True, size=46, color=ROSE, opacity=1).encode(
            x=alt.X("cumulative:Q"), tooltip=["cause:N", "text:N", "added:N"]
        ),
        base.mark_text(align="right", font=FONT, fontSize=11, color=INK).encode(
            x=alt.datum(_MONEY + 22), text="text:N"
        ),
        added.mark_text(align="left", dx=8, font=FONT, fontSize=11, color=ROSE).encode(
            x=alt.X("cumulative:Q"), text="added:N"
        ),
    ]  # fmt: skip
    finding = title or _finding(rows)
    subtitle = f"Dots: shares added up. {_definition(frame)}"
    described = ", ".join(f"{row['cause']} {row['text']}" for row in rows)
    return styled(alt.layer(*layers), finding, subtitle, f"{finding}. Bars: {described}.", (int(width * 0.78), height))


def _rows(frame: pd.DataFrame, currency: str, language: str) -> list[dict[str, Any]]:
    names = frame.iloc[:, 0].astype("object").where(frame.iloc[:, 0].notna(), NOT_ALLOCATED).astype("str")
    shown = pd.DataFrame({"cause": names, "cost": frame["cost"], "share": 100 * frame["share_of_cost"]})
    without = shown["cause"].isin([NOT_ALLOCATED, OTHER_WORK])
    causes, rest = shown[~without], shown[without]
    if len(causes) > _MOST:
        small = causes.iloc[_MOST - 1 :]
        together = pd.DataFrame({"cause": [f"{len(small)} others"], "cost": [small["cost"].sum()],
                                 "share": [small["share"].sum()]})  # fmt: skip
        causes = pd.concat([causes.iloc[: _MOST - 1], together])
    added = causes["share"].cumsum()
    rows = []
    for place, row in enumerate(pd.concat([causes, rest]).itertuples()):
        cumulative = float(f"{added.iloc[place]:.8g}") if place < len(causes) else None
        rows.append({
            "cause": row.cause, "place": place, "share": float(f"{row.share:.8g}"), "cumulative": cumulative,
            "text": amount(row.cost, _QUANTITY, currency, language),
            "added": "" if cumulative is None else f"{cumulative:.0f}%",
            "colour": ACCENT if cumulative is not None else BEFORE,
        })  # fmt: skip
    return rows


def _finding(rows: list[dict[str, Any]]) -> str:
    causes = [row for row in rows if row["cumulative"] is not None]
    if not causes:
        return "No cause is known"
    # As many as it takes for half of what lies on causes.
    half = next(place for place, row in enumerate(causes, 1) if row["cumulative"] >= causes[-1]["cumulative"] / 2)
    if half == 1:
        return f"{causes[0]['cause'].capitalize()} alone takes {causes[0]['added']} of the cost"
    return f"{half} of {len(causes)} causes take {causes[half - 1]['added']} of the cost; most: {causes[0]['cause']}"


def _definition(frame: pd.DataFrame) -> str:
    text = str(frame.attrs.get("definition", ""))
    return f"{text.split('. ')[0].rstrip('.')}. {definition_text(_QUANTITY, text, str(frame.attrs.get('source', '')))}"
