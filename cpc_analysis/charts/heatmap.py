"""A week at a glance: a quantity by weekday and time of day."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from cpc_analysis.charts.drawing import drawn
from cpc_analysis.charts.finishing import finished
from cpc_analysis.charts.theme import SIZES, colour, font, paler, plain_axis, tip
from cpc_analysis.charts.wording import (
    axis_title,
    definition_line,
    quantity_of,
    rounded,
    scale_of,
    title_of,
)
from cpc_analysis.errors import InvalidInputError, listed
from cpc_analysis.glossary import describe
from cpc_analysis.language import chart_locale, column_said, language_spoken, say, weekdays
from cpc_analysis.models.wording import number_in_words

__all__ = ["heatmap"]

#: How much white is in the palest shade, of the lowest value.
_PALE = 0.91


@drawn
def heatmap(
    frame: pd.DataFrame, quantity: str | None = None, *, title: str | None = None, language: str | None = None,
    size: str = "slide",
) -> alt.LayerChart:  # fmt: skip
    """Weekdays down and half-hours or hours across, the darker the more.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `measure`, by ``weekday`` (0 to 6, Monday 0) and ``half_hour`` (0 to 47), or with a column ``hour`` (0 to 23)
        instead.
    quantity : str, optional
        Which quantity; the frame's first when None.
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
        If a column is missing, a time is none, or a time has several rows.

    Notes
    -----
    Times without a value stay white; work whose time is not known is left out. The title names no ratio over few
    contacts.
    """
    name = quantity_of(frame, quantity)
    time = next((column for column in ("half_hour", "hour") if column in frame.columns), None)
    if time is None or "weekday" not in frame.columns:
        raise InvalidInputError(
            "A heat map needs the columns weekday and half_hour or hour, got the columns "
            f'{listed(frame.columns)}. Measure with by=["weekday", "half_hour"], for example.'
        )
    currency = str(frame.attrs.get("currency", ""))
    cells = _cells(frame, name, time, currency)
    width, height = SIZES[size][0] - 90, 7 * (30 if size != "half" else 24)
    finding = title or _finding(cells, name)
    alt_text = _alt(cells, name, time, finding)
    layers = _layers(cells, name, currency, time, width)
    return finished(alt.layer(*layers), frame, finding, definition_line(frame, name), alt_text, size, (width, height))


def _cells(frame: pd.DataFrame, name: str, time: str, currency: str) -> list[dict[str, Any]]:
    shown = pd.DataFrame({
        "weekday": pd.to_numeric(frame["weekday"], errors="coerce"),
        "time": pd.to_numeric(frame[time], errors="coerce"), "value": frame[name].astype("float64"),
        "few": frame["few_contacts"] if "few_contacts" in frame and not describe(name).additive else False,
    }).dropna().sort_values(["weekday", "time"])  # fmt: skip
    most = 48 if time == "half_hour" else 24
    for column, end in (("weekday", 7), ("time", most)):
        wrong = shown.loc[~shown[column].isin(range(end)), column]
        if len(wrong):
            raise InvalidInputError(
                f"`{column if column == 'weekday' else time}` must be a whole number from 0 to {end - 1}, "
                f"got {wrong.iloc[0]:g}."
            )
    if shown.duplicated(["weekday", "time"]).any():
        raise InvalidInputError("A heat map is drawn for one group: filter the frame to one row for each time.")
    days = weekdays()
    return [
        {
            "day": days[int(row.weekday)], "weekday": int(row.weekday), "time": int(row.time),
            "clock": _clock(int(row.time), time), "value": rounded(row.value, scale_of(name)),
            "text": number_in_words(name, row.value, currency), "few": bool(row.few),
        }
        for row in shown.itertuples()
    ]  # fmt: skip


def _clock(number: int, time: str) -> str:
    hour, half = divmod(number, 2) if time == "half_hour" else (number, 0)
    return f"{hour:02d}:{30 * half:02d}"


def _layers(cells: list[dict[str, Any]], name: str, currency: str, time: str, width: int) -> list[alt.Chart]:
    times = [cell["time"] for cell in cells] or [0]
    every = list(range(min(times), max(times) + 1))
    an_hour = 2 if time == "half_hour" else 1
    # As many full hours as have room for their names.
    step = next(hours for hours in (1, 2, 3, 4, 6, 12) if len(every) / an_hour / hours * 44 <= width or hours == 12)
    ticks = [_clock(place, time) for place in every if place % (an_hour * step) == 0]
    x = alt.X("clock:O", sort=None, scale=alt.Scale(domain=[_clock(place, time) for place in every]),
              axis=plain_axis(None, grid=False, values=ticks, labelAngle=0))  # fmt: skip
    y = alt.Y("day:O", scale=alt.Scale(domain=weekdays()), axis=plain_axis(None, grid=False, labelColor=colour("ink"),
              labelFontSize=12))  # fmt: skip
    legend = alt.Legend(title=axis_title(name, currency), orient="right", titleFont=font(), labelFont=font(),
                        titleFontSize=11, labelFontSize=11, titleColor=colour("quiet"), labelColor=colour("quiet"),
                        titleFontWeight="normal", gradientLength=150, titleLimit=0, titleOrient="right",
                        format=",~f", tickCount=4)  # fmt: skip
    scale = alt.Scale(range=[paler(colour("accent"), _PALE), colour("accent")], interpolate="lab")
    shade = alt.Color("value:Q", legend=legend if cells else None, scale=scale)
    tooltip = [tip("day:N", say("weekday")), tip("clock:N", column_said(time)), tip("text:N", title_of(name))]
    rects = alt.Chart(alt.Data(values=cells)).mark_rect(stroke="white", strokeWidth=1)
    return [rects.encode(x=x, y=y, color=shade, tooltip=tooltip)]


def _when(cell: dict[str, Any]) -> str:
    sunday_first = chart_locale(language_spoken())["time"]["days"]
    return say("{weekday} at {time}", weekday=sunday_first[(cell["weekday"] + 1) % 7], time=cell["clock"])


def _finding(cells: list[dict[str, Any]], name: str) -> str:
    quantity = title_of(name)
    if not cells:
        return say("{quantity}: nothing to show", quantity=quantity)
    firm = [cell for cell in cells if not cell["few"]] or cells
    most, least = (choose(firm, key=lambda cell: float(cell["value"])) for choose in (max, min))
    values = {"quantity": quantity, "most": _when(most), "most_value": most["text"], "least": _when(least),
              "least_value": least["text"]}  # fmt: skip
    if describe(name).additive:
        return say("{quantity}: most on {most}, {most_value}; least on {least}, {least_value}", **values)
    return say("{quantity}: highest on {most}, {most_value}; lowest on {least}, {least_value}", **values)


def _alt(cells: list[dict[str, Any]], name: str, time: str, finding: str) -> str:
    return say("{finding}. Heat map of {quantity} by weekday and {time}, {count} cells.", finding=finding,
               quantity=title_of(name).lower(), time=column_said(time), count=len(cells))  # fmt: skip
