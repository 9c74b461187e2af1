"""Causes by cost, and how much of the cost the first ones hold: a Pareto chart on one axis."""

from __future__ import annotations

import re
from typing import Any

import altair as alt
import pandas as pd

from cpc_analysis.charts.drawing import drawn
from cpc_analysis.charts.finishing import finished
from cpc_analysis.charts.native import Native, Series
from cpc_analysis.charts.placing import Names
from cpc_analysis.charts.theme import NOT_ALLOCATED, SIZES, colour, plain_axis, readable, tip, written
from cpc_analysis.charts.wording import as_spoken, capital, definition_text, group_said, of_groups, rounded
from cpc_analysis.errors import InvalidInputError, listed
from cpc_analysis.language import column_said, percent, say
from cpc_analysis.models.wording import conditions_in_words, number_in_words
from cpc_analysis.schema import OTHER_WORK

__all__ = ["pareto"]

_QUANTITY = "total_cost"
#: The causes shown, the smaller ones together.
_MOST = 15
#: Where the amounts begin, beyond the last share and its number [percent].
_MONEY = {"slide": 112, "half": 124, "page": 114}
#: How much room the amounts take [percent].
_ROOM = {"slide": 18, "half": 40, "page": 24}


@drawn
def pareto(
    frame: pd.DataFrame, *, title: str | None = None, language: str | None = None, size: str = "slide"
) -> alt.LayerChart:
    """Bars for the share of cost of each cause, dearest first, and dots for their shares added up.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `contact_causes`.
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
        If the frame is not of `contact_causes`.

    Notes
    -----
    More than 15 causes are drawn as the 14 dearest and the others together. Cost of no cause is grey and has no dot.
    """
    if not {"cost", "share_of_cost", "cumulative_share"} <= set(frame):
        raise InvalidInputError(f"A Pareto chart needs a frame of contact_causes, got the columns {listed(frame)}.")
    rows = _rows(frame, str(frame.attrs.get("currency", "")))
    order = [row["cause"] for row in rows]
    names, width = Names(order, size, 24), SIZES[size][0]
    finding = title or _finding(rows)
    subtitle = f"{say('Dots: shares added up.')} {_definition(frame)}"
    described = ", ".join(f"{row['cause']} {row['text']}" for row in rows)
    alt_text = say("{finding}. Bars: {values}.", finding=finding, values=described)
    bars = Series(say("Share of cost (%)"), [row["share"] for row in rows], [row["colour"] for row in rows])
    native = Native("bar", order, [bars], say("Share of cost (%)"), "#,##0.0")
    column = column_said(str(frame.columns[0]))
    return finished(alt.layer(*_layers(rows, names, size, column)), frame, finding, subtitle, alt_text, size,
                    (int(width * 0.78), names.height), native)  # fmt: skip


def _layers(rows: list[dict[str, Any]], names: Names, size: str, column: str) -> list[alt.Chart]:
    y = alt.Y("cause:N", sort=names.order, axis=names.axis())
    low = min([0.0, *(row["share"] for row in rows)])
    money = _MONEY[size] + _ROOM[size]
    axis = plain_axis(say("Share of cost (%)"), values=[0, 20, 40, 60, 80, 100])
    x = alt.X("share:Q", scale=alt.Scale(domain=[low, money], nice=False), axis=axis)
    base = alt.Chart(alt.Data(values=rows)).encode(y=y)
    added = base.transform_filter("datum.cumulative !== null")
    rose, so_far = colour("rose"), alt.X("cumulative:Q")
    tooltip = [tip("cause:N", column), tip("text:N", say("cost")), tip("added:N", say("added up"))]
    return [
        base.mark_bar(height={"band": 0.62}).encode(x=x, color=alt.Color("colour:N", scale=None, legend=None)),
        added.mark_line(color=rose, strokeWidth=1.4, opacity=0.7).encode(x=so_far, order="place:Q"),
        added.mark_point(filled=True, size=46, color=rose, opacity=1).encode(x=so_far, tooltip=tooltip),
        written(base, align="right").encode(x=alt.datum(money), text="text:N"),
        # A white edge, so that neither the line nor a bar runs through the numbers.
        written(added, align="left", dx=8, stroke="white", strokeWidth=4).encode(x=so_far, text="added:N"),
        written(added, align="left", dx=8, color=readable(rose)).encode(x=so_far, text="added:N"),
    ]  # fmt: skip


def _rows(frame: pd.DataFrame, currency: str) -> list[dict[str, Any]]:
    column = str(frame.columns[0])
    shown = pd.DataFrame({"cause": of_groups(frame.iloc[:, 0]), "cost": frame["cost"],
                          "share": 100 * frame["share_of_cost"]})  # fmt: skip
    without = shown["cause"].isin([NOT_ALLOCATED, OTHER_WORK])
    shown["cause"] = [group_said(column, cause) for cause in shown["cause"]]
    causes, rest = shown[~without], shown[without]
    if len(causes) > _MOST:
        small = causes.iloc[_MOST - 1 :]
        together = pd.DataFrame({"cause": [say("{count} others", count=len(small))], "cost": [small["cost"].sum()],
                                 "share": [small["share"].sum()]})  # fmt: skip
        causes = pd.concat([causes.iloc[: _MOST - 1], together])
    added = causes["share"].cumsum()
    rows = []
    for place, row in enumerate(pd.concat([causes, rest]).itertuples()):
        cumulative = rounded(added.iloc[place]) if place < len(causes) else None
        rows.append({
            "cause": str(row.cause), "place": place, "share": rounded(row.share), "cumulative": cumulative,
            "text": number_in_words(_QUANTITY, row.cost, currency),
            "added": "" if cumulative is None else percent(cumulative / 100, 0),
            "colour": colour("accent") if cumulative is not None else colour("before"),
        })  # fmt: skip
    return rows


def _finding(rows: list[dict[str, Any]]) -> str:
    causes = [row for row in rows if row["cumulative"] is not None]
    if not causes:
        return say("No cause is known")
    # As many as it takes for half of what lies on causes.
    half = next(place for place, row in enumerate(causes, 1) if row["cumulative"] >= causes[-1]["cumulative"] / 2)
    first, share = causes[0]["cause"], causes[half - 1]["added"]
    if half == 1:
        return say("{cause} alone takes {share} of the cost", cause=capital(first), share=share)
    return say("{some} of {all} causes take {share} of the cost; most: {cause}", some=half, all=len(causes),
               share=share, cause=first)  # fmt: skip


def _definition(frame: pd.DataFrame) -> str:
    text = as_spoken(frame.attrs.get("definition"))
    # The full stop of an ordinal, as in "2. kvartal", ends no sentence.
    first = f"{re.split(r'[.] (?=[A-ZÆØÅ])', text)[0].rstrip('.')}. " if text else ""
    conditions = conditions_in_words(frame.attrs.get("where") or {})
    attrs = frame.attrs
    rest = definition_text(_QUANTITY, attrs.get("definition"), attrs.get("source"), conditions, attrs.get("basis"))
    return f"{first}{rest}"
