"""What one step of each driver does, largest first: a tornado."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from cpc_analysis.charts.drawing import drawn
from cpc_analysis.charts.finishing import finished
from cpc_analysis.charts.native import Native, Series
from cpc_analysis.charts.placing import Names
from cpc_analysis.charts.theme import SIZES, colour, plain_axis, tip, written
from cpc_analysis.charts.wording import as_spoken, definition_line, number_format, rounded
from cpc_analysis.errors import InvalidInputError, listed
from cpc_analysis.language import currency_sign, say
from cpc_analysis.models.wording import number_in_words, step_in_words

__all__ = ["tornado"]

_QUANTITY = "cost_per_contact"


@drawn
def tornado(
    frame: pd.DataFrame, *, title: str | None = None, language: str | None = None, size: str = "slide"
) -> alt.LayerChart:
    """Bars for what one step of each driver does to the cost per contact, cash and released capacity in two colours.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `sensitivity`, one row per step.
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
        If the frame is not of `sensitivity`, or has several rows of a step.
    """
    if not {"step", "cash", "released_capacity"} <= set(frame):
        raise InvalidInputError(f"A tornado needs a frame of sensitivity, got the columns {listed(frame)}.")
    if frame["step"].duplicated().any():
        raise InvalidInputError("A tornado is drawn for one group: filter the frame to one row for each step.")
    currency = str(frame.attrs.get("currency", ""))
    known = frame.dropna(subset=["cash", "released_capacity"]).itertuples()
    rows = sorted((_row(row, currency) for row in known), key=lambda row: float(row["value"]))
    order = [row["step"] for row in rows]
    names, width = Names(order, size, 30, 0.4), SIZES[size][0]
    axis = say("Change of the cost per contact ({currency})", currency=currency_sign(currency))
    if title or not rows:
        finding = title or say("No step to show")
    else:
        finding = say("The step that does most is {step}: {value}", step=rows[0]["step"], value=rows[0]["worth"])
    legend = say("Dark: cash; light: released capacity, which becomes cash when the roster follows.")
    described = ", ".join(f"{row['step']} {row['worth']}" for row in rows)
    alt_text = say("{finding}. Bars: {values}.", finding=finding, values=described)
    bars = Series(axis, [row["value"] for row in rows], [row["colour"] for row in rows])
    native = Native("bar", order, [bars], axis, number_format(_QUANTITY))
    return finished(alt.layer(*_layers(rows, names, axis, size)), frame, finding,
                    f"{legend} {definition_line(frame, _QUANTITY)}", alt_text, size,
                    (int(width * 0.66), names.height), native)  # fmt: skip


def _layers(rows: list[dict[str, Any]], names: Names, axis: str, size: str) -> list[alt.Chart]:
    y = alt.Y("step:N", sort=names.order, axis=names.axis())
    x = alt.X("value:Q", scale=alt.Scale(domain=_domain(rows, size), nice=False),
              axis=plain_axis(axis, tickCount=6 if size != "half" else 4))  # fmt: skip
    base = alt.Chart(alt.Data(values=rows)).encode(y=y, x=x)
    tooltip = [tip("step:N", say("step")), tip("worth:N", say("change"))]
    layers = [
        base.mark_bar(height={"band": 0.62}).encode(
            color=alt.Color("colour:N", scale=None, legend=None), tooltip=tooltip
        )
    ]
    for side, align, shift in (("<=", "right", -6), (">", "left", 6)):
        texts = written(base.transform_filter(f"datum.value {side} 0"), align=align, dx=shift)
        layers.append(texts.encode(text="text:N"))
    return layers


def _domain(rows: list[dict[str, Any]], size: str) -> list[float]:
    """From the longest bar to zero, with room for the numbers beside the bars."""
    values = [row["value"] for row in rows] or [-1.0]
    low, high = min([0.0, *values]), max([0.0, *values])
    reach = (high - low) or 1.0
    room = reach * (0.35 if size != "half" else 1.1)
    return [low - room, high + room if high > 0 else 0.0]


def _row(row: Any, currency: str) -> dict[str, Any]:
    step = as_spoken(step_in_words(row.step, currency))
    if row.cash:
        text = say("{value} cash", value=number_in_words(_QUANTITY, row.cash, currency))
        return {"step": step, "value": rounded(row.cash), "text": text, "worth": text, "colour": colour("accent")}
    value = number_in_words(_QUANTITY, row.released_capacity, currency)
    return {
        "step": step,
        "value": rounded(row.released_capacity),
        # Beside a bar there is room for one word; the legend has the other.
        "text": say("{value} released", value=value),
        "worth": say("{value} released capacity", value=value),
        "colour": colour("fell"),
    }
