"""Many groups without a tangle: a small trend or a few bars for each, all on one scale."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import altair as alt
import pandas as pd

from cpc_analysis.charts.drawing import drawn
from cpc_analysis.charts.figure import panels_of
from cpc_analysis.charts.finishing import headed
from cpc_analysis.charts.lines import lines, plane_of, points_of
from cpc_analysis.charts.placing import LINE, Names, broken, nice
from cpc_analysis.charts.theme import (
    SIZES,
    colour,
    group_colour,
    plain_axis,
    readable,
    tip,
    written,
)
from cpc_analysis.charts.wording import (
    axis_title,
    calendar_of,
    definition_line,
    finding_of_groups,
    group_columns,
    group_said,
    has_name,
    of_groups,
    quantity_of,
    rounded,
    scale_of,
    title_of,
)
from cpc_analysis.errors import InvalidInputError, listed
from cpc_analysis.language import column_said, listed_said, say
from cpc_analysis.models.wording import number_in_words
from cpc_analysis.periods import GRAINS

__all__ = ["small_multiples"]

_MOST = 12
#: How many of those that are not shown are named.
_NAMED = 3
_COLUMNS = {"slide": 4, "half": 2, "page": 3}
#: Between panels, and of a panel with a trend [pixels].
_GAP, _HEIGHT = 22, 84


@drawn
def small_multiples(
    frame: pd.DataFrame, quantity: str | None = None, by: str | None = None, *, title: str | None = None,
    language: str | None = None, size: str = "slide",
) -> alt.ConcatChart:  # fmt: skip
    """A panel for each value of a column, on one scale: a trend where the frame has periods, else bars.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `measure`, by a column and a period, or by two columns.
    quantity : str, optional
        Which quantity; the frame's first when None.
    by : str, optional
        The column whose values have a panel each; the frame's first that is no period when None.
    title : str, optional
        Instead of the finding in words.
    language : {"en", "da"}, optional
        Of texts and numbers; the frame's own when None.
    size : {"slide", "half", "page"}
        Of all panels together.

    Returns
    -------
    altair.ConcatChart

    Raises
    ------
    InvalidInputError
        If the frame has no such column, nothing to draw in a panel, or several values of one place.

    Notes
    -----
    Twelve panels at most, those with the highest last value or the longest bar; the subtitle names the others.
    """
    name, groups = quantity_of(frame, quantity), group_columns(frame)
    column = by or next(iter(groups), None)
    if column not in groups:
        raise InvalidInputError(f"Small multiples need a column to divide by, one of {listed(groups)}, got '{column}'.")
    grain = next((grain for grain in GRAINS if grain in frame.columns), None)
    other = next((other for other in groups if other != column), None)
    inside = grain or other
    if inside is None:
        raise InvalidInputError(
            f"Small multiples need a period or a second column for what each panel shows, got only '{column}'. "
            f'Measure with by=["{column}", "month"], for example.'
        )
    if frame.duplicated([column, inside]).any():
        raise InvalidInputError(
            f"Small multiples need one row for each {column} and {inside}: filter or measure without further columns."
        )
    panels = _trends(frame, name, column, inside, size) if grain else _bars(frame, name, column, inside, size)
    shown, left = panels.ends[:_MOST], panels.ends[_MOST:]
    columns = min(_COLUMNS[size], max(len(shown), 1))
    made = [alt.layer(*panels.draw(end.group, place % columns == 0), _heading(end, column, panels.width))
            .properties(width=panels.width, height=panels.height)
            for place, end in enumerate(shown)]  # fmt: skip
    chart = alt.concat(*(made or [alt.Chart(alt.Data(values=[])).mark_point()]), columns=columns, spacing=_GAP)
    named = [end for end in panels.ends if has_name(end.group)] or panels.ends
    finding = title or finding_of_groups(name, [(end.said, end.text) for end in named])
    legend = say("All panels have the same scale: {axis}.", axis=axis_title(name, str(frame.attrs.get("currency", ""))))
    if left:
        legend = (
            f"{say('Not shown: {names}.', names=listed_said(*(end.group_said for end in left), most=_NAMED))} {legend}"
        )
    alt_text = say("{finding}. {count} panels by {column}: {values}.", finding=finding, count=len(shown),
                   column=column_said(column), values=", ".join(f"{end.said} {end.text}" for end in shown))  # fmt: skip
    top = headed(frame, finding, f"{legend} {definition_line(frame, name)}", alt_text, size)
    chart = chart.resolve_scale(color="independent").configure_view(stroke=None)
    return panels_of(chart).properties(**top)


@dataclass(frozen=True)
class _End:
    """What a panel comes to: its group, what is said of it, its value, and the value as a text."""

    group: str
    group_said: str
    said: str
    value: float
    text: str


@dataclass(frozen=True)
class _Panels:
    """What each panel comes to, the highest first, and how the panel of a group is drawn."""

    ends: list[_End]
    draw: Callable[[str, bool], list[alt.Chart]]
    width: int
    height: int


def _width(size: str) -> int:
    count = _COLUMNS[size]
    return int((SIZES[size][0] - 50 - (count - 1) * _GAP) / count)


def _heading(end: _End, column: str, width: int) -> alt.Chart:
    """The heading of a panel, by what stands at its end; in one place above every panel, whatever axes it has."""
    shade = readable(group_colour(end.group, column)) if column == "channel" else colour("ink")
    lines = broken(f"{end.group_said} {end.text}" if end.said == end.group_said else end.group_said, width, 12)
    text = written(alt.Chart(alt.Data(values=[{"text": lines}])), align="left", color=shade, fontWeight="bold",
                   lineHeight=LINE)  # fmt: skip
    return text.encode(x=alt.value(0), y=alt.value(-12 - LINE * (len(lines) - 1)), text="text:N")


def _trends(frame: pd.DataFrame, name: str, column: str, grain: str, size: str) -> _Panels:
    currency, width = str(frame.attrs.get("currency", "")), _width(size)
    points = points_of(frame, name, grain, column)
    last = points.dropna(subset=["value"]).groupby("group", as_index=False).last()
    last = last.sort_values("value", ascending=False, kind="stable")
    ends = [_End(row.group, group_said(column, row.group), group_said(column, row.group), float(row.value),
                 number_in_words(name, row.value, currency)) for row in last.itertuples()]  # fmt: skip
    plane = plane_of(points, [], name, grain, column, currency, (width, _HEIGHT), calendar=calendar_of(frame))

    def draw(group: str, first: bool) -> list[alt.Chart]:
        here = points[points["group"] == group]
        shades = {group: group_colour(group, column)}
        return lines(plane, here, shades, plane.x(bare=True), plane.y(title=False, named=first))

    return _Panels(ends, draw, width, _HEIGHT)


def _bars(frame: pd.DataFrame, name: str, column: str, inside: str, size: str) -> _Panels:
    """Bars by a second column, in the same order in every panel."""
    currency, scale = str(frame.attrs.get("currency", "")), scale_of(name)
    shown = pd.DataFrame({"group": of_groups(frame[column]), "inside": of_groups(frame[inside]),
                          "value": frame[name].astype("float64")}).dropna()  # fmt: skip
    shown["said"] = [group_said(inside, value) for value in shown["inside"]]
    shown["text"] = [number_in_words(name, value, currency) for value in shown["value"]]
    top = shown.sort_values("value", ascending=False, kind="stable").drop_duplicates("group")
    ends = [_End(row.group, group_said(column, row.group), f"{group_said(column, row.group)}, {row.said}",
                 float(row.value), row.text) for row in top.itertuples()]  # fmt: skip
    order = list(shown.groupby("said")["value"].max().sort_values(ascending=False, kind="stable").index)
    names = Names(order, "half", 20)
    low, high = nice(min([0.0, *shown["value"] * scale]), max([0.0, *shown["value"] * scale]), 3)
    # Room for the names at the left, and for the numbers beside the bars.
    width = _width(size) - (20 if size == "slide" else 40)
    x = alt.X("value:Q", axis=plain_axis(None, tickCount=3, labels=False),
              scale=alt.Scale(domain=[low, high + 0.7 * (high - low)], nice=False))  # fmt: skip

    def draw(group: str, first: bool) -> list[alt.Chart]:
        rows = [{"name": row.said, "value": rounded(row.value, scale), "end": rounded(max(row.value, 0.0), scale),
                 "text": row.text} for row in shown[shown["group"] == group].itertuples()]  # fmt: skip
        axis = names.axis() if first else plain_axis(None, grid=False, labels=False)
        y = alt.Y("name:N", scale=alt.Scale(domain=order), axis=axis)
        base = alt.Chart(alt.Data(values=rows)).encode(y=y)
        bars = base.mark_bar(height={"band": 0.62}, color=group_colour(group, column))
        tooltip = [tip("name:N", column_said(inside)), tip("text:N", title_of(name))]
        texts = written(base, align="left", dx=5).encode(x=alt.X("end:Q"), text="text:N")
        return [bars.encode(x=x, tooltip=tooltip), texts]

    return _Panels(ends, draw, width, names.height)
