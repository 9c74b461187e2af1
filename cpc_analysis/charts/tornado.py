"""What one step of each driver does, largest first: a tornado."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from cpc_analysis.charts.renderer import enable_renderer
from cpc_analysis.charts.theme import ACCENT, FELL, FONT, INK, SIZES, plain_axis, styled
from cpc_analysis.charts.wording import amount, definition_text
from cpc_analysis.errors import InvalidInputError, listed
from cpc_analysis.models.wording import step_in_words

__all__ = ["tornado"]

_QUANTITY = "cost_per_contact"


def tornado(
    frame: pd.DataFrame, *, title: str | None = None, language: str = "en", size: str = "slide"
) -> alt.LayerChart:
    """Bars for what one step of each driver does to the cost per contact, cash and capacity in two colours.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `sensitivity`, one row per step.
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
        If the frame is not of `sensitivity`, or has several rows of a step.
    """
    enable_renderer()
    if not {"step", "cash", "capacity"} <= set(frame):
        raise InvalidInputError(f"A tornado needs a frame of sensitivity, got the columns {listed(frame)}.")
    if frame["step"].duplicated().any():
        raise InvalidInputError("A tornado is drawn for one group: filter the frame to one row for each step.")
    currency = str(frame.attrs.get("currency", ""))
    rows = sorted(
        (_row(row, currency, language) for row in frame.dropna(subset=["cash", "capacity"]).itertuples()),
        key=lambda row: row["value"],
    )
    width, height = SIZES[size][0], max(30 * len(rows) + 20, 90)
    reach = max([abs(row["value"]) for row in rows], default=1.0) or 1.0
    names = plain_axis(None, grid=False, labelLimit=int(width * 0.4), labelColor=INK, labelFontSize=12)
    y = alt.Y("step:N", sort=[row["step"] for row in rows], axis=names)
    x = alt.X("value:Q", scale=alt.Scale(domain=[-1.35 * reach, 0.0], nice=False),
              axis=plain_axis(f"Change of the cost per contact ({currency})", tickCount=6))  # fmt: skip
    base = alt.Chart(alt.Data(values=rows)).encode(y=y, x=x)
    layers = [
        base.mark_bar(height={"band": 0.62}).encode(color=alt.Color("colour:N", scale=None, legend=None)),
        base.mark_text(align="right", dx=-6, font=FONT, fontSize=11, color=INK).encode(text="text:N"),
    ]
    finding = title or (
        f"The step that does most is {rows[0]['step']}: {rows[0]['text']}" if rows else "No step to show"
    )
    subtitle = definition_text(_QUANTITY, str(frame.attrs.get("definition", "")), str(frame.attrs.get("source", "")))
    legend = "Dark: cash; light: capacity, which becomes cash when the roster follows."
    described = ", ".join(f"{row['step']} {row['text']}" for row in rows)
    return styled(alt.layer(*layers), finding, f"{legend} {subtitle}",
                  f"{finding}. Bars: {described}.", (int(width * 0.66), height))  # fmt: skip


def _row(row: Any, currency: str, language: str) -> dict[str, Any]:
    value, kind = (row.cash, "cash") if row.cash else (row.capacity, "capacity")
    return {
        "step": step_in_words(row.step, currency), "value": float(f"{value:.8g}"),
        "text": f"{amount(value, _QUANTITY, currency, language)} {kind}",
        "colour": ACCENT if kind == "cash" else FELL,
    }  # fmt: skip
