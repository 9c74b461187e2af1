"""One figure under many definitions, as dots on one axis."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from cpc_analysis.charts.drawing import drawn
from cpc_analysis.charts.finishing import finished
from cpc_analysis.charts.native import Native, Series
from cpc_analysis.charts.placing import Names
from cpc_analysis.charts.theme import SIZES, colour, plain_axis, tip, written
from cpc_analysis.charts.wording import (
    as_spoken,
    axis_title,
    definition_line,
    number_format,
    rounded,
    title_of,
)
from cpc_analysis.errors import InvalidInputError, listed
from cpc_analysis.language import say
from cpc_analysis.models.definitions import OWN, definition_said
from cpc_analysis.models.wording import number_in_words

__all__ = ["definitions"]

_QUANTITY = "cost_per_contact"


@drawn
def definitions(
    frame: pd.DataFrame, *, title: str | None = None, language: str | None = None, size: str = "slide"
) -> alt.LayerChart:
    """Dots for the cost per contact under each definition, beside the project's own.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `compare_definitions`, one row per definition.
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
        If the frame is not of `compare_definitions`, or has several rows of a definition.
    """
    if not {"definition", _QUANTITY} <= set(frame):
        raise InvalidInputError(f"Definitions need a frame of compare_definitions, got the columns {listed(frame)}.")
    if frame["definition"].duplicated().any():
        raise InvalidInputError("Definitions are drawn for one group: filter the frame to one row for each definition.")
    currency = str(frame.attrs.get("currency", ""))
    known = frame.dropna(subset=[_QUANTITY]).sort_values(_QUANTITY, ascending=False, kind="stable")
    rows = [_row(row, currency) for row in known.itertuples()]
    order = [row["definition"] for row in rows]
    names, width = Names(order, size, 26), SIZES[size][0]
    y = alt.Y("definition:N", sort=order, axis=names.axis())
    axis = plain_axis(axis_title(_QUANTITY, currency), tickCount=6 if size != "half" else 4)
    x = alt.X("value:Q", scale=alt.Scale(domain=_domain(rows), nice=False), axis=axis)
    finding = title or _finding(rows)
    subtitle = " ".join((say("Dashed: the project's own definition."), definition_line(frame, _QUANTITY)))
    described = ", ".join(f"{row['definition']} {row['text']}" for row in rows)
    alt_text = say("{finding}. Dots: {values}.", finding=finding, values=described)
    native = Native("bar", order, [Series(title_of(_QUANTITY), [row["value"] for row in rows],
                    [row["colour"] for row in rows])], axis_title(_QUANTITY, currency),
                    number_format(_QUANTITY))  # fmt: skip
    plot = (int(width * 0.74), names.height)
    return finished(alt.layer(*_layers(rows, x, y)), frame, finding, subtitle, alt_text, size, plot, native)


def _row(row: Any, currency: str) -> dict[str, Any]:
    is_own = row.definition == OWN
    return {
        "definition": definition_said(row.definition), "meaning": as_spoken(row.meaning),
        "value": rounded(row.cost_per_contact), "text": number_in_words(_QUANTITY, row.cost_per_contact, currency),
        "is_own": is_own, "colour": colour("accent") if is_own else colour("ink"),
    }  # fmt: skip


def _domain(rows: list[dict[str, Any]]) -> list[float]:
    values = [row["value"] for row in rows] or [1.0]
    low, high = min(0.0, *values), max(0.0, *values)
    # Room on the right for the numbers beside the dots.
    return [1.1 * low, high + 0.18 * ((high - low) or 1.0)]


def _layers(rows: list[dict[str, Any]], x: Any, y: Any) -> list[alt.Chart]:
    base = alt.Chart(alt.Data(values=rows)).encode(y=y, x=x)
    tooltip = [tip("definition:N", say("definition")), tip("meaning:N", say("meaning")),
               tip("text:N", title_of(_QUANTITY))]  # fmt: skip
    layers = [
        base.mark_rule(color=colour("grid"), strokeWidth=2).encode(x2=alt.datum(0)),
        base.mark_point(size=130, filled=True, opacity=1).encode(
            color=alt.Color("colour:N", scale=None, legend=None), tooltip=tooltip
        ),
        # A white edge, so that the dashed line does not run through the numbers.
        written(base, align="left", dx=12, stroke="white", strokeWidth=5).encode(text="text:N"),
        written(base, align="left", dx=12).encode(text="text:N"),
    ]
    own = next((row["value"] for row in rows if row["is_own"]), None)
    if own is None:
        return layers
    rule = alt.Chart(alt.Data(values=[{"value": own}])).mark_rule(color=colour("before"), strokeDash=[4, 3])
    return [rule.encode(x=x), *layers]


def _finding(rows: list[dict[str, Any]]) -> str:
    if not rows:
        return say("No definition has a cost per contact")
    most, least = rows[0], rows[-1]
    if len(rows) == 1:
        return say("{value} a contact ({definition})", value=most["text"], definition=most["definition"])
    return say(
        "The same data: {low} a contact ({low_definition}) to {high} ({high_definition})", low=least["text"],
        low_definition=least["definition"], high=most["text"], high_definition=most["definition"],
    )  # fmt: skip
