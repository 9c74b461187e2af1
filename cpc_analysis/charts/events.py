"""What happened: thin rules across a trend, each with a few words at its top."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from cpc_analysis.calendars import CIVIL, Calendar
from cpc_analysis.charts.lines import Plane
from cpc_analysis.charts.placing import LINE, broken, lanes, text_width
from cpc_analysis.charts.theme import colour, written
from cpc_analysis.charts.wording import as_spoken, period_named, rounded
from cpc_analysis.errors import InvalidInputError, listed
from cpc_analysis.language import say
from cpc_analysis.periods import parse_period, period_of

__all__ = ["Event", "event_layers", "events_in_words", "events_of", "room_for"]

#: Between a rule and its text [pixels].
_GAP = 4


@dataclass(frozen=True)
class Event:
    """What happened, in a few words, and the first day of the period of the trend in which it did."""

    period: pd.Timestamp
    text: str


def events_of(
    events: Mapping[Any, str] | pd.DataFrame | None, grain: str, points: pd.DataFrame, calendar: Calendar = CIVIL
) -> list[Event]:
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
        day = parse_period(when, calendar).start if isinstance(when, str) else pd.Timestamp(when).date()
        period = pd.Timestamp(period_of(day, grain, calendar).start)
        if first <= period <= last:
            found.setdefault(period, []).append(as_spoken(text))
    return [Event(period, ", ".join(texts)) for period, texts in sorted(found.items())]


@dataclass
class _Note:
    """The text of an event: its lines, whether it stands right of its rule, how far it reaches, and its lane."""

    lines: list[str]
    to_right: bool
    start: float
    end: float
    lane: int = 0


def _notes(events: list[Event], places: list[float], width: float) -> list[_Note]:
    """Where the text of each event stands: beside its rule, in a lane where it touches no other."""
    found = []
    for place, event in zip(places, events, strict=True):
        # On the side with more room, over which no line of it reaches.
        room = max(place, width - place)
        lines = broken(event.text, room - 2 * _GAP)
        wide = max(map(text_width, lines)) + 2 * _GAP
        to_right = place + wide <= width or place < width / 2
        found.append(_Note(lines, to_right, place if to_right else place - wide, place + wide if to_right else place))
    order = sorted(found, key=lambda note: note.start)
    for note, lane in zip(order, lanes([(note.start, note.end) for note in order]), strict=True):
        note.lane = lane
    return found


def _lane_height(notes: list[_Note]) -> int:
    return max(len(note.lines) for note in notes) * LINE + 1


def _places(events: list[Event], periods: list[pd.Timestamp], width: float) -> list[float]:
    first, last = periods[0], periods[-1]
    return [width / 2 if first == last else width * ((event.period - first) / (last - first)) for event in events]


def room_for(events: list[Event], points: pd.DataFrame, width: int) -> int:
    """How much the texts need at the top of the plot [pixels]."""
    if not events:
        return 0
    periods = sorted(points["period"].unique())
    notes = _notes(events, _places(events, periods, width), width)
    return (max(note.lane for note in notes) + 1) * _lane_height(notes) + 6


def event_layers(events: list[Event], plane: Plane) -> list[alt.Chart]:
    """The rules and the texts; no text touches another or leaves the plot."""
    if not events:
        return []
    notes = _notes(events, [plane.across(event.period) for event in events], plane.width)
    height = _lane_height(notes)
    rows = [
        {
            "period": f"{event.period:%Y-%m-%d}", "text": note.lines[0] if len(note.lines) == 1 else note.lines,
            "to_right": note.to_right, "value": rounded(plane.value_at(note.lane * height + LINE / 2)),
            "foot": plane.low, "top": plane.high,
        }
        for event, note in zip(events, notes, strict=True)
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
                    written(chosen, align=align, dx=shift, color=colour("quiet"), lineHeight=LINE, **halo).encode(
                        y=plane.y(), text="text:N"
                    )
                )
    return layers


def events_in_words(events: list[Event], grain: str, calendar: Calendar = CIVIL) -> str:
    """The events as a sentence; empty without any."""
    if not events:
        return ""
    said = "; ".join(f"{period_named(event.period, grain, calendar)}: {event.text}" for event in events)
    return say("Events: {events}.", events=said)
