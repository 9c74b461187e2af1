"""Agents or teams in a funnel of ordinary differences: fair to those with few contacts."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from cpc_analysis.charts.drawing import drawn
from cpc_analysis.charts.finishing import finished
from cpc_analysis.charts.native import Native, Series
from cpc_analysis.charts.placing import free_places, nice, text_width
from cpc_analysis.charts.theme import SIZES, colour, plain_axis, tip, written
from cpc_analysis.charts.wording import as_spoken, rounded, stated
from cpc_analysis.errors import InvalidInputError, listed
from cpc_analysis.language import column_said, listed_said, number, percent, plural_said, say, term
from cpc_analysis.models.wording import scope_in_words

__all__ = ["funnel"]

_EDGES = ("low", "high", "lowest", "highest")
_ABOVE, _BELOW = term("above the usual"), term("below the usual")
#: The other verdicts of `compare_agents`.
_OTHERS = (term("within the usual"), term("too little history"), term("too few contacts"),
           term("nothing to compare with"))  # fmt: skip


@drawn
def funnel(
    frame: pd.DataFrame, *, title: str | None = None, language: str | None = None, size: str = "slide"
) -> alt.LayerChart:
    """Observed against expected over the work done, within limits of 95 and 99.8 percent; what lies outside is named.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `compare_agents`.
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
        If the frame is not of `compare_agents`.
    """
    if not {"ratio", "lowest", "highest", "verdict"} <= set(frame):
        raise InvalidInputError(f"A funnel needs a frame of compare_agents, got the columns {listed(frame)}.")
    name, in_seconds = str(frame.columns[0]), frame.attrs.get("unit") == "seconds"
    known = frame.dropna(subset=["ratio"])
    rows = [_row(row, name, 3600.0 if in_seconds else 1.0) for _, row in known.iterrows()]
    rows.sort(key=lambda row: float(row["work"]))
    width, height = SIZES[size][0] - 90, SIZES[size][1]
    reach = max([row["work"] for row in rows], default=1.0) or 1.0
    ratios = [row[edge] for row in rows for edge in ("ratio", *_EDGES) if row[edge] is not None]
    ends = nice(min([100.0, *ratios]), max([100.0, *ratios]))
    what = say("Hours expected for the same work") if in_seconds else say("Expected number")
    across = plain_axis(what, grid=False, tickCount=6 if size != "half" else 4, format=",d")
    x = alt.X("work:Q", axis=across, scale=alt.Scale(domain=[0.0, reach], nice=False))
    named = _named(rows, width / reach, width, height, ends)
    finding = title or _finding(len(rows), named, name)
    subtitle = stated(f"{as_spoken(frame.attrs.get('definition'))} {say('Ticks: the limits of each.')}".strip(),
                      scope_in_words(frame), frame.attrs.get("source"))  # fmt: skip
    outside = listed_said(*(row["name"] for row in named)) or say("none")
    alt_text = say("{finding}. Funnel of {count} dots; outside the limits: {names}.", finding=finding, count=len(rows),
                   names=outside)  # fmt: skip
    layers = [*_limits(rows, x, ends, height), *_points(rows, named, x, ends, name)]
    return finished(alt.layer(*layers), frame, finding, subtitle, alt_text, size, (width, height), _native(rows, what))


def _row(row: pd.Series, name: str, hour: float) -> dict[str, Any]:
    is_odd = row["verdict"] in (_ABOVE, _BELOW)
    return {
        "name": str(row[name]), "count": number(row["contacts"]), "text": number(100 * row["ratio"], 1),
        "work": rounded(row["expected"] * row["contacts"] / hour), "ratio": rounded(row["ratio"], 100.0),
        "verdict": say(row["verdict"]), "is_odd": is_odd, "colour": colour("rose") if is_odd else colour("accent"),
        **{edge: rounded(row[edge], 100.0) for edge in _EDGES},
    }  # fmt: skip


def _up(field: str, ends: tuple[float, float]) -> alt.Y:
    axis = plain_axis(say("Observed against expected (%)"), tickCount=6)
    return alt.Y(f"{field}:Q", axis=axis, scale=alt.Scale(domain=list(ends), nice=False, zero=False))


def _limits(rows: list[dict[str, Any]], x: alt.X, ends: tuple[float, float], height: int) -> list[alt.Chart]:
    """A tick for each limit of each: a line through them would have kinks; the last ones are named."""
    base = alt.Chart(alt.Data(values=rows)).encode(x=x)
    ticks = [
        base.mark_tick(orient="horizontal", color=colour(shade), size=11, thickness=1.6, opacity=1).encode(
            y=_up(edge, ends)
        )
        for edge, shade in (("low", "before"), ("high", "before"), ("lowest", "quiet"), ("highest", "quiet"))
    ]
    last = [row for row in rows if row["highest"] is not None][-1:]
    texts = {"low": percent(0.95, 0), "high": percent(0.95, 0), "lowest": percent(0.998), "highest": percent(0.998)}
    pixels = height / (ends[1] - ends[0])
    found = []
    for row in last:
        order = sorted(_EDGES, key=lambda edge: row[edge])
        places = free_places([(0.0, 1.0, (ends[1] - row[edge]) * pixels) for edge in order])
        found = [{"work": row["work"], "edge": rounded(ends[1] - place / pixels), "text": texts[edge]}
                 for edge, place in zip(order, places, strict=True)]  # fmt: skip
    labels = written(alt.Chart(alt.Data(values=found)), align="left", dx=9, color=colour("quiet"))
    return [*ticks, labels.encode(x=x, y=_up("edge", ends), text="text:N")]


def _named(
    rows: list[dict[str, Any]], pixels: float, width: int, height: int, ends: tuple[float, float]
) -> list[dict[str, Any]]:
    """Those outside the limits, with the side on which their name stands and its place; none where it has no room."""
    odd = [dict(row) for row in rows if row["is_odd"]]
    boxes = []
    for row in odd:
        place, wide = row["work"] * pixels, text_width(row["name"], 13) + 8
        row["to_right"] = place + wide <= width
        left = place if row["to_right"] else place - wide
        boxes.append((left, left + wide, (ends[1] - row["ratio"]) * height / (ends[1] - ends[0])))
    for row, (left, _, _), centre in zip(odd, boxes, free_places(boxes), strict=True):
        has_room = centre >= 0 and left >= 0
        row["at"] = rounded(ends[1] - centre * (ends[1] - ends[0]) / height) if has_room else None
    return odd


def _points(
    rows: list[dict[str, Any]], named: list[dict[str, Any]], x: alt.X, ends: tuple[float, float], name: str
) -> list[alt.Chart]:
    up = _up("ratio", ends)
    middle = alt.Chart(alt.Data(values=[{"ratio": 100.0}])).mark_rule(color=colour("before")).encode(y=up)
    tooltip = [tip("name:N", column_said(name)), tip("count:N", say("contacts")),
               tip("text:N", say("observed against expected (%)")),
               tip("verdict:N", say("verdict"))]  # fmt: skip
    points = alt.Chart(alt.Data(values=rows)).mark_point(filled=True, size=60, opacity=0.85)
    layers = [
        middle,
        points.encode(x=x, y=up, color=alt.Color("colour:N", scale=None, legend=None), tooltip=tooltip),
    ]
    for to_right, align, shift in ((True, "left", 8), (False, "right", -8)):
        here = [row for row in named if row["to_right"] is to_right and row["at"] is not None]
        if here:
            texts = written(alt.Chart(alt.Data(values=here)), align=align, dx=shift, fontWeight="bold")
            layers.append(texts.encode(x=x, y=_up("at", ends), text="name:N"))
    return layers


def _finding(count: int, odd: list[dict[str, Any]], name: str) -> str:
    nouns = plural_said(name)
    if not count:
        return say("Too few contacts to compare any {noun}", noun=column_said(name))
    if not odd:
        return say("None of {count} {nouns} lies outside ordinary differences", count=count, nouns=nouns)
    if len(odd) == 1:
        return say("One of {count} {nouns} lies outside ordinary differences: {name}", count=count, nouns=nouns,
                   name=odd[0]["name"])  # fmt: skip
    return say("{odd} of {count} {nouns} lie outside ordinary differences", odd=len(odd), count=count, nouns=nouns)


def _native(rows: list[dict[str, Any]], what: str) -> Native:
    kinds = ((say("within the limits"), False, "accent"), (say("outside the limits"), True, "rose"))
    series = []
    for name, is_odd, shade in kinds:
        here = [row for row in rows if row["is_odd"] is is_odd]
        if here:
            series.append(Series(name, [row["ratio"] for row in here], colour(shade), [row["work"] for row in here]))
    return Native("scatter", (), series, say("Observed against expected (%)"), "#,##0", what)
