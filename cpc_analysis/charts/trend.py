"""The trend of a quantity over periods, against budget, the year before and the usual limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import altair as alt
import pandas as pd

from cpc_analysis.charts.drawing import drawn
from cpc_analysis.charts.events import event_layers, events_in_words, events_of, room_for
from cpc_analysis.charts.finishing import finished
from cpc_analysis.charts.lines import Label, Plane, end_labels, far_off, labels, lines, plane_of, points_of, records
from cpc_analysis.charts.native import Native, Series
from cpc_analysis.charts.references import References, values_at
from cpc_analysis.charts.theme import SIZES, colour, group_colours
from cpc_analysis.charts.wording import (
    axis_title,
    calendar_of,
    capital,
    definition_line,
    grain_of,
    group_columns,
    group_said,
    has_name,
    number_format,
    period_named,
    period_short,
    quantity_of,
    starts_in,
    title_of,
    when_said,
)
from cpc_analysis.glossary import describe, label
from cpc_analysis.language import column_said, listed_said, number, percent, say
from cpc_analysis.models.selection import year_before
from cpc_analysis.models.wording import number_in_words
from cpc_analysis.periods import FISCAL_GRAINS, period_of

__all__ = ["trend"]

#: Lines in colours of their own; further ones are grey.
_MOST = 10
#: So many grey lines are named, more are counted.
_NAMED = 3


@drawn
def trend(
    frame: pd.DataFrame,
    quantity: str | None = None,
    *,
    budget: pd.DataFrame | None = None,
    before: pd.DataFrame | None = None,
    limits: pd.DataFrame | None = None,
    events: Mapping[str | date, str] | pd.DataFrame | None = None,
    title: str | None = None,
    language: str | None = None,
    size: str = "slide",
) -> alt.LayerChart:
    """A line over periods: one for the whole, or one per group in its own colour.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `measure`, by a period and at most one more column.
    quantity : str, optional
        Which quantity; the frame's first when None.
    budget, before : pandas.DataFrame, optional
        The same quantity by the same periods, from the budget and from a year earlier (at this year's periods).
    limits : pandas.DataFrame, optional
        Of `process_limits`: the band in which the quantity moves when nothing but the usual goes on.
    events : mapping or pandas.DataFrame, optional
        What happened, in a few words, by its period or day, such as ``{"2024-03": "General raise"}``; of a frame the
        first two columns. Events outside of the periods are left out.
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
        If the frame holds no period or no quantity, or the period of an event is not written as one.

    Notes
    -----
    The axis starts at zero unless every value is above half of the highest one. A point is hollow where its period is
    not complete, or a ratio stands on few contacts; one outside the band has a ring, and stands in the subtitle. Of
    many lines the ten that end highest, as far as their names have room, are in colour.
    """
    name, grain = quantity_of(frame, quantity), grain_of(frame)
    currency = str(frame.attrs.get("currency", ""))
    column = next(iter(group_columns(frame)), None)
    points = points_of(frame, name, grain, column)
    references = References(points, name, grain, budget, before, limits)
    width, height = SIZES[size][0] - 90, SIZES[size][1]
    calendar = calendar_of(frame)
    happened = events_of(events, grain, points, calendar)
    plane = plane_of(points, references.values, name, grain, column, currency, (width, height),
                     room_for(happened, points, width), calendar)  # fmt: skip
    every = end_labels(points, column, name, currency, max(0.3 * SIZES[size][0], 150.0))
    chosen = _chosen(every, height)
    shades = _shades(points, chosen, column)
    layers = [*references.layers(plane), *_lines(points, plane, chosen, shades), *event_layers(happened, plane)]
    finding = title or _finding(points, plane, before)
    outside = ", ".join(period_named(period, grain, calendar) for period in references.outside["period"])
    legend = "; ".join(
        [
            *references.legend(outside),
            *_hollow(points),
            *_left_grey(every, chosen, column),
            *_left_out(frame, name, grain),
        ]
    )
    subtitle = definition_line(frame, name) + (f" {capital(legend)}." if legend else "")
    alt_text = " ".join(
        part for part in (_alt(points, plane, finding), events_in_words(happened, grain, calendar)) if part
    )
    series = [*_series(points, plane, shades), *references.series(plane)]
    native = Native("line", [period_short(period, grain, calendar) for period in plane.periods], series,
                    axis_title(name, currency), number_format(name))  # fmt: skip
    return finished(alt.layer(*layers), frame, finding, subtitle, alt_text, size, (width, height), native)


def _chosen(every: Sequence[Label], height: int) -> list[Label]:
    """The labels that have room, from the highest on."""
    found: list[Label] = []
    for end in every[:_MOST]:
        if found and sum(other.height for other in found) + end.height > height:
            break
        found.append(end)
    return found


def _shades(points: pd.DataFrame, chosen: Sequence[Label], column: str | None) -> dict[str, str]:
    groups = [group for group in sorted(points["group"].unique()) if group in {end.group for end in chosen}]
    return group_colours(groups, column) if column else dict.fromkeys(groups, colour("accent"))


def _lines(points: pd.DataFrame, plane: Plane, chosen: Sequence[Label], shades: dict[str, str]) -> list[alt.Chart]:
    if points.empty:
        return [alt.Chart(alt.Data(values=[])).mark_point().encode(y=plane.y())]
    others = points[~points["group"].isin(shades)]
    layers = []
    if len(others):
        grey = alt.Chart(alt.Data(values=records(others, plane, plane.column)))
        grey = grey.mark_line(color=colour("before"), strokeWidth=1)
        layers.append(grey.encode(x=plane.x(), y=plane.y(), detail="group:N"))
    coloured = points[points["group"].isin(shades)]
    return [*layers, *lines(plane, coloured, shades), labels(plane, chosen, shades)]


def _hollow(points: pd.DataFrame) -> list[str]:
    known = points.dropna(subset=["value"])
    texts = ((say("hollow: not complete"), ~known["complete"]), (say("hollow: few contacts"), known["few"]))
    return [text for text, is_hollow in texts if is_hollow.any()]


def _left_grey(every: Sequence[Label], chosen: Sequence[Label], column: str | None) -> list[str]:
    left = [group_said(column, end.group) for end in every[len(chosen) :] if column]
    if len(left) > _NAMED:
        return [say("grey: {count} others", count=len(left))]
    return [say("grey: {names}", names=", ".join(left))] if left else []


def _left_out(frame: pd.DataFrame, name: str, grain: str) -> list[str]:
    periods = sorted(starts_in(frame, grain)[far_off(frame, name, grain)].unique())
    said = listed_said(*(period_named(start, grain, calendar_of(frame)) for start in periods))
    return [say("left out, far from all other contacts: {periods}", periods=said)] if periods else []


def _series(points: pd.DataFrame, plane: Plane, shades: dict[str, str]) -> list[Series]:
    return [
        Series(group_said(plane.column, group) if plane.column else title_of(plane.quantity), values_at(rows, plane),
               shades.get(group, colour("before")))
        for group, rows in points.groupby("group")
    ]  # fmt: skip


def _finding(points: pd.DataFrame, plane: Plane, before: pd.DataFrame | None) -> str:
    name, quantity = plane.quantity, title_of(plane.quantity)
    known = points[points["complete"]].dropna(subset=["value"])
    known = known[~known["few"]] if not known["few"].all() else known
    if known.empty:
        return say("{quantity}: no complete period", quantity=quantity)
    last = known["period"].max()
    now = known[known["period"] == last]
    when, many = when_said(last, plane.grain, plane.calendar), label(name).endswith("s")
    if plane.column and now["group"].nunique() > 1:
        named = now[now["group"].map(has_name)]
        top = now.loc[(named if len(named) else now)["value"].idxmax()]
        values = {"quantity": quantity, "group": group_said(plane.column, top["group"]), "when": when,
                  "value": number_in_words(name, top["value"], plane.currency)}  # fmt: skip
        if many:
            return say("{quantity} were highest for {group} {when}, {value}", **values)
        return say("{quantity} was highest for {group} {when}, {value}", **values)
    value = float(now["value"].iloc[0])
    values = {"quantity": quantity, "value": number_in_words(name, value, plane.currency), "when": when}
    stem = say("{quantity} were {value} {when}", **values) if many else say("{quantity} was {value} {when}", **values)
    return _against(stem, value, _earlier(known, before, plane, last), name)


def _against(stem: str, value: float, earlier: float | None, name: str) -> str:
    record = describe(name)
    if earlier is None or (earlier == 0 and not record.changes_in_points):
        return stem
    change = value - earlier
    if abs(change) <= 0.005 * abs(earlier):
        return say("{finding}, as a year before", finding=stem)
    if record.is_share:
        difference = say("{number} points", number=number(100 * abs(change), 1))
    elif record.changes_in_points:
        difference = say("{number} score points", number=number(abs(change), 1))
    else:
        difference = percent(abs(change / earlier), 0)
    if change > 0:
        return say("{finding}, {difference} more than a year before", finding=stem, difference=difference)
    return say("{finding}, {difference} less than a year before", finding=stem, difference=difference)


def _earlier(known: pd.DataFrame, before: pd.DataFrame | None, plane: Plane, last: pd.Timestamp) -> float | None:
    name, grain = plane.quantity, plane.grain
    if before is not None and name in before.columns and grain in before.columns:
        same = before.loc[starts_in(before, grain) == last, name].dropna()
        return float(same.iloc[0]) if len(same) else None
    a_year_ago = last - pd.DateOffset(years=1)
    if grain in FISCAL_GRAINS:
        a_year_ago = pd.Timestamp(year_before(period_of(last.date(), grain, plane.calendar)).start)
    same = known.loc[known["period"] == a_year_ago, "value"]
    return float(same.iloc[0]) if len(same) and grain != "week" else None


def _alt(points: pd.DataFrame, plane: Plane, finding: str) -> str:
    known = points.dropna(subset=["value"])
    if known.empty:
        return f"{finding}."
    many = (
        say("{count} lines by {column}", count=int(known["group"].nunique()), column=column_said(plane.column))
        if plane.column
        else say("one line")
    )
    first, last = (
        period_named(day, plane.grain, plane.calendar) for day in (known["period"].min(), known["period"].max())
    )
    bounds = (known["value"].min(), known["value"].max())
    low, high = (number_in_words(plane.quantity, value, plane.currency) for value in bounds)
    return say(
        "{finding}. Line chart of {quantity}, {lines}, {first} to {last}, between {low} and {high}.", finding=finding,
        quantity=title_of(plane.quantity).lower(), lines=many, first=first, last=last, low=low, high=high,
    )  # fmt: skip
