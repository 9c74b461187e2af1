"""What happened: thin rules across a trend, each with a few words at its top."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from textwrap import shorten
from typing import Any

import altair as alt
import pandas as pd

from cpc_analysis.charts.lines import Plane
from cpc_analysis.charts.placing import LINE, lanes, text_width
from cpc_analysis.charts.theme import colour, written
from cpc_analysis.charts.wording import as_spoken, rounded
from cpc_analysis.errors import InvalidInputError, listed
from cpc_analysis.language import period_said, say
from cpc_analysis.periods import parse_period, period_of

__all__ = ["Event", "event_layers", "events_in_words", "events_of", "room_for"]

#: Between a rule and its text [pixels].
_GAP = 4


@dataclass(frozen=True)
class Event:
    """What happened, in a few words, and the first day of the period of the trend in which it did."""

    period: pd.Timestamp
    text: str


def events_of(events: Mapping[Any, str] | pd.DataFrame | None, grain: str, points: pd.DataFrame) -> list[Event]:
    """The events within the periods of a trend, in order; those of one period together.

    Raises
    ------
    InvalidInputError
        If a frame of events has not two columns, or a period is not written as one.
    """
    if events is None or points.empty:
        return []
    if isinstance(events, pd.DataFrame):
        if len(events.columns) < 2:
            raise InvalidInputError(
                "Events need a frame of two columns, a period and what happened, got the columns "
                f"{listed(events.columns)}."
            )
        pairs = list(zip(events.iloc[:, 0], events.iloc[:, 1], strict=True))
    else:
        pairs = list(events.items())
    first, last = points["period"].min(), points["period"].max()
    found: dict[pd.Timestamp, list[str]] = {}
    for when, text in pairs:
        day = parse_period(when).start if isinstance(when, str) else pd.Timestamp(when).date()
        period = pd.Timestamp(period_of(day, grain).start)
        if first <= period <= last:
            found.setdefault(period, []).append(as_spoken(text))
    return [Event(period, ", ".join(texts)) for period, texts in sorted(found.items())]


def _laid_out(events: list[Event], places: list[float], width: float) -> list[tuple[str, bool, float, float]]:
    """Of each event its text, whether it stands right of its rule, and from where to where it reaches [pixels]."""
    most = int((width - 2 * _GAP) / text_width("x"))
    found = []
    for event, place in zip(events, places, strict=True):
        text = shorten(event.text, max(most, 8), placeholder=" …")
        wide = text_width(text) + 2 * _GAP
        to_right = place + wide <= width or place < wide
        found.append((text, to_right, place if to_right else place - wide, place + wide if to_right else place))
    return found


def _lanes(events: list[Event], places: list[float], width: float) -> tuple[list[tuple[str, bool]], list[int]]:
    laid = _laid_out(events, places, width)
    order = sorted(range(len(laid)), key=lambda number: laid[number][2])
    taken = lanes([(laid[number][2], laid[number][3]) for number in order])
    lane_of = dict(zip(order, taken, strict=True))
    return [(text, to_right) for text, to_right, _, _ in laid], [lane_of[number] for number in range(len(laid))]


def _places(events: list[Event], periods: list[pd.Timestamp], width: float) -> list[float]:
    first, last = periods[0], periods[-1]
    return [width / 2 if first == last else width * ((event.period - first) / (last - first)) for event in events]


def room_for(events: list[Event], points: pd.DataFrame, width: int) -> int:
    """How much the texts need at the top of the plot [pixels]."""
    if not events:
        return 0
    periods = sorted(points["period"].unique())
    _, taken = _lanes(events, _places(events, periods, width), width)
    return (max(taken) + 1) * (LINE + 1) + 6


def event_layers(events: list[Event], plane: Plane) -> list[alt.Chart]:
    """The rules and the texts; no text touches another or leaves the plot."""
    if not events:
        return []
    texts, taken = _lanes(events, [plane.across(event.period) for event in events], plane.width)
    rows = [
        {
            "period": f"{event.period:%Y-%m-%d}", "text": text, "to_right": to_right,
            "value": rounded(plane.value_at(lane * (LINE + 1) + LINE / 2)), "foot": plane.low, "top": plane.high,
        }
        for event, (text, to_right), lane in zip(events, texts, taken, strict=True)
    ]  # fmt: skip
    base = alt.Chart(alt.Data(values=rows)).encode(x=plane.x())
    layers = [
        base.mark_rule(color=colour("quiet"), strokeWidth=1, strokeDash=[2, 2]).encode(
            y=plane.y(field="foot"), y2="top:Q"
        )
    ]
    for to_right, align, shift in ((True, "left", _GAP), (False, "right", -_GAP)):
        if any(row["to_right"] is to_right for row in rows):
            chosen = base.transform_filter(f"datum.to_right === {'true' if to_right else 'false'}")
            for halo in ({"stroke": "white", "strokeWidth": 4}, {}):
                layers.append(
                    written(chosen, align=align, dx=shift, color=colour("quiet"), **halo).encode(
                        y=plane.y(), text="text:N"
                    )
                )
    return layers


def events_in_words(events: list[Event], grain: str) -> str:
    """The events as a sentence; empty without any."""
    if not events:
        return ""
    said = "; ".join(f"{period_said(event.period.date(), grain)}: {event.text}" for event in events)
    return say("Events: {events}.", events=said)
