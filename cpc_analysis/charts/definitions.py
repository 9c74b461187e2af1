"""One figure under many definitions, as dots on one axis."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from cpc_analysis.charts.renderer import enable_renderer
from cpc_analysis.charts.theme import ACCENT, BEFORE, FONT, GRID, INK, SIZES, plain_axis, styled
from cpc_analysis.charts.wording import amount, axis_title, definition_text
from cpc_analysis.errors import InvalidInputError, listed

__all__ = ["definitions"]

_QUANTITY = "cost_per_contact"


def definitions(
    frame: pd.DataFrame, *, title: str | None = None, language: str = "en", size: str = "slide"
) -> alt.LayerChart:
    """Dots for the cost per contact under each definition, beside the project's own.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `compare_definitions`, one row per definition.
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
        If the frame is not of `compare_definitions`, or has several rows of a definition.
    """
    enable_renderer()
    if not {"definition", _QUANTITY} <= set(frame):
        raise InvalidInputError(f"Definitions need a frame of compare_definitions, got the columns {listed(frame)}.")
    if frame["definition"].duplicated().any():
        raise InvalidInputError("Definitions are drawn for one group: filter the frame to one row for each definition.")
    currency = str(frame.attrs.get("currency", ""))
    known = frame.dropna(subset=[_QUANTITY]).sort_values(_QUANTITY, ascending=False, kind="stable")
    rows = [_row(row, currency, language) for row in known.itertuples()]
    own = next((row["value"] for row in rows if row["is_own"]), None)
    width, height = SIZES[size][0], max(26 * len(rows) + 20, 90)
    names = plain_axis(None, grid=False, labelLimit=int(width * 0.32), labelColor=INK, labelFontSize=12)
    y = alt.Y("definition:N", sort=[row["definition"] for row in rows], axis=names)
    reach = max([row["value"] for row in rows], default=1.0)
    axis = plain_axis(axis_title(_QUANTITY, currency, language), tickCount=6)
    x = alt.X("value:Q", scale=alt.Scale(domain=[0.0, 1.18 * reach], nice=False), axis=axis)
    base = alt.Chart(alt.Data(values=rows)).encode(y=y, x=x)
    layers = [
        base.mark_rule(color=GRID, strokeWidth=2).encode(x2=alt.datum(0)),
        base.mark_point(size=130, filled=True, opacity=1).encode(
            color=alt.Color("colour:N", scale=None, legend=None),
            tooltip=["definition:N", "meaning:N", alt.Tooltip("value:Q", format=",.2f")],
        ),
        # A white edge, so that the dashed line does not run through the numbers.
        base.mark_text(align="left", dx=12, font=FONT, fontSize=11, stroke="white", strokeWidth=5).encode(
            text="text:N"
        ),
        base.mark_text(align="left", dx=12, font=FONT, fontSize=11, color=INK).encode(text="text:N"),
    ]
    if own is not None:
        rule = alt.Chart(alt.Data(values=[{"value": own}])).mark_rule(color=BEFORE, strokeDash=[4, 3])
        layers.insert(0, rule.encode(x=x))
    finding = title or _finding(rows, currency)
    subtitle = definition_text(_QUANTITY, str(frame.attrs.get("definition", "")), str(frame.attrs.get("source", "")))
    described = ", ".join(f"{row['definition']} {row['text']}" for row in rows)
    return styled(alt.layer(*layers), finding, f"Dashed: the project's own definition. {subtitle}",
                  f"{finding}. Dots: {described}.", (int(width * 0.74), height))  # fmt: skip


def _row(row: Any, currency: str, language: str) -> dict[str, Any]:
    is_own = row.definition == "own"
    return {
        "definition": row.definition, "meaning": row.meaning, "value": float(f"{row.cost_per_contact:.8g}"),
        "text": amount(row.cost_per_contact, _QUANTITY, currency, language), "is_own": is_own,
        "colour": ACCENT if is_own else INK,
    }  # fmt: skip


def _finding(rows: list[dict[str, Any]], currency: str) -> str:
    if not rows:
        return "No definition has a cost per contact"
    most, least = rows[0], rows[-1]
    return (
        f"The same data: {least['text']} a contact ({least['definition']}) to {most['text']} ({most['definition']})"
        if len(rows) > 1
        else f"{most['text']} a contact ({most['definition']})"
    )
