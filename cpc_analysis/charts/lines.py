"""Lines over periods, each with its name and its last value at its end; trends and small multiples draw them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from cpc_analysis.calendars import CIVIL, Calendar
from cpc_analysis.charts.placing import LINE, apart, broken, nice, text_width
from cpc_analysis.charts.theme import colour, plain_axis, readable, tip, written
from cpc_analysis.charts.wording import (
    axis_title,
    calendar_of,
    group_said,
    of_groups,
    period_named,
    rounded,
    scale_of,
    starts_in,
    title_of,
)
from cpc_analysis.glossary import describe
from cpc_analysis.language import column_said, language_spoken
from cpc_analysis.models.wording import number_in_words
from cpc_analysis.periods import FISCAL_GRAINS, Stretch, period_of

__all__ = ["Label", "Plane", "end_labels", "far_off", "labels", "lines", "plane_of", "points_of", "records"]

_FORMATS = {
    "day": {"en": "%-d %b", "da": "%-d. %b"},
    "week": {"en": "%G-W%V", "da": "%G-U%V"},
    "month": {"en": "%b %y", "da": "%b %y"},
    "quarter": {"en": "Q%q %Y", "da": "%q. kvt. %y"},
    "year": {"en": "%Y", "da": "%Y"},
}
#: The least room of a tick's label on the axis of periods [pixels].
_TICK = {"day": 46, "week": 62, "month": 46, "quarter": 62, "year": 40, "fiscal_month": 78, "fiscal_quarter": 72,
         "fiscal_year": 52}  # fmt: skip


@dataclass(frozen=True)
class Plane:
    """What lines are drawn on: periods across and a quantity up, both of known range."""

    quantity: str
    grain: str
    column: str | None
    currency: str
    width: int
    height: int
    low: float
    high: float
    periods: tuple[pd.Timestamp, ...]
    calendar: Calendar = CIVIL

    @property
    def scale(self) -> float:
        """What a value is drawn at."""
        return scale_of(self.quantity)

    def x(self, bare: bool = False) -> alt.X:
        """The axis of periods."""
        most = max(self.width // _TICK[self.grain], 2)
        step = -(-len(self.periods) // most) if self.periods else 1
        ticks = [_day(period) for period in self.periods[::-1][::step]][::-1]
        if bare:
            ticks = [_day(period) for period in dict.fromkeys((self.periods[0], self.periods[-1]))]
        axis = plain_axis(
            None, **self._labels(), grid=False, values=ticks, labelOverlap=True, labelFlush=bare, domain=True,
            domainColor=colour("before"),
        )  # fmt: skip
        return alt.X("period:T", scale=alt.Scale(type="utc"), axis=axis)

    def _labels(self) -> dict[str, str]:
        """How the axis of periods names them: as days are written, fiscal periods one by one."""
        if self.grain not in FISCAL_GRAINS:
            return {"format": _FORMATS[self.grain][language_spoken()]}
        names = {_day(period): period_named(period, self.grain, self.calendar) for period in self.periods}
        return {"labelExpr": f"{json.dumps(names)}[utcFormat(datum.value, '%Y-%m-%d')]"}

    def named(self, period: pd.Timestamp) -> str:
        """A period under the pointer: by its first day, a fiscal one by its text."""
        return period_named(period, self.grain, self.calendar) if self.grain in FISCAL_GRAINS else _day(period)

    def y(self, title: bool = True, field: str = "value", named: bool = True) -> alt.Y:
        """The axis of the quantity, with its title or without, and with numbers or without."""
        axis = plain_axis(
            axis_title(self.quantity, self.currency) if title else None, tickCount=5 if title else 3,
            format=",~f", labels=named,
        )  # fmt: skip
        return alt.Y(f"{field}:Q", scale=alt.Scale(domain=[self.low, self.high], zero=False, nice=False), axis=axis)

    def across(self, period: pd.Timestamp) -> float:
        """Where a period stands [pixels]."""
        first, last = self.periods[0], self.periods[-1]
        return self.width / 2 if first == last else self.width * ((period - first) / (last - first))

    def down(self, value: float) -> float:
        """Where a drawn value stands, from the top [pixels]."""
        return self.height * (self.high - value) / (self.high - self.low)

    def value_at(self, down: float) -> float:
        """The drawn value of a place [pixels]."""
        return self.high - down * (self.high - self.low) / self.height


def _day(period: pd.Timestamp) -> str:
    return str(period.strftime("%Y-%m-%d"))


def plane_of(
    points: pd.DataFrame, further: Sequence[pd.Series], name: str, grain: str, column: str | None, currency: str,
    size: tuple[int, int], headroom: int = 0, calendar: Calendar = CIVIL,
) -> Plane:  # fmt: skip
    """The plane for some points and what they are compared with.

    The axis starts at zero unless every point is above half of the highest one. `headroom` [pixels] stays free at the
    top.
    """
    scale = scale_of(name)
    own = points["value"].dropna()
    zero = bool(own.empty or own.min() < own.max() / 2 or own.max() <= 0)
    every = pd.concat([own, *(series.dropna() for series in further)]) * scale
    low, high = (0.0, 1.0) if every.empty else (float(every.min()), float(every.max()))
    low, high = nice(min(low, 0.0), max(high, 0.0)) if zero else nice(low, high)
    width, height = size
    high = low + (high - low) * height / max(height - headroom, height / 2)
    periods = tuple(points["period"].drop_duplicates().sort_values())
    return Plane(name, grain, column, currency, width, height, low, float(f"{high:.8g}"), periods, calendar)


def points_of(frame: pd.DataFrame, name: str, grain: str, column: str | None) -> pd.DataFrame:
    """The points to draw: `period`, `value`, `group`, `complete`, `few`, and `weak`, whether most of a group are few.

    Groups without any value are left out, and so are periods of nothing but contacts far from all others: one row of
    1900 would stretch the axis over a century.
    """
    shown = pd.DataFrame({"period": starts_in(frame, grain), "value": frame[name].astype("float64")})
    shown["group"] = of_groups(frame[column]) if column else ""
    shown["complete"] = frame["complete"].to_numpy(dtype=bool) if "complete" in frame else True
    is_ratio = not describe(name).additive
    shown["few"] = frame["few_contacts"].to_numpy(dtype=bool) if is_ratio and "few_contacts" in frame else False
    shown = shown[~far_off(frame, name, grain)]
    shown = shown.dropna(subset=["period"]).sort_values(["group", "period"], ignore_index=True)
    shown["weak"] = shown.groupby("group")["few"].transform("mean") > 0.5
    some = shown.groupby("group")["value"].transform("count") > 0
    return shown[some].reset_index(drop=True)


def far_off(frame: pd.DataFrame, name: str, grain: str) -> np.ndarray:
    """Which rows of a result are of a period beyond the log that holds contacts far from all others and no money."""
    found = pd.Series(False, index=frame.index)
    covers, starts = frame.attrs.get("covers"), starts_in(frame, grain)
    for first, last in frame.attrs.get("far_off", ()):
        for start in starts.dropna().unique():
            period = period_of(start.date(), grain, calendar_of(frame))
            is_beyond = covers is None or period.last < covers[0] or period.start > covers[1]
            if is_beyond and Stretch(first, last).touches(period):
                found |= starts == start
    return (found & ~(describe(name).is_money & frame[name].notna())).to_numpy()


def records(points: pd.DataFrame, plane: Plane, column: str | None = None) -> list[dict[str, Any]]:
    """Points as the data of a chart on a plane, groups and values as they are read."""
    return [
        {
            "period": _day(row.period),
            "when": plane.named(row.period),  # as text: a time is told in the zone of the browser
            "group": group_said(column, row.group) if column else row.group,
            "value": rounded(row.value, plane.scale),
            "text": number_in_words(plane.quantity, row.value, plane.currency),
            "firm": bool(row.complete and not row.few),
            "weak": bool(row.weak),
        }
        for row in points.itertuples()
    ]


def lines(
    plane: Plane, points: pd.DataFrame, shades: dict[str, str], x: alt.X | None = None, y: alt.Y | None = None
) -> list[alt.Chart]:
    """A line and its points for each group in its colour, on the plane's axes or others.

    A point that is not complete, or over few contacts, is hollow; the line of a group of such points is pale.
    """
    column = plane.column
    rows = records(points, plane, column)
    named = {group_said(column, group) if column else group: shade for group, shade in shades.items()}
    for row in rows:
        row["shade"] = named[row["group"]]
        row["fill"] = row["shade"] if row["firm"] else "white"
    base = alt.Chart(alt.Data(values=rows)).encode(x=x or plane.x(), y=y or plane.y(), detail="group:N")
    tooltip = [
        tip("when:N", column_said(plane.grain)),
        tip("text:N", title_of(plane.quantity)),
        *([tip("group:N", column_said(column))] if column else []),
    ]
    shade, fill = alt.Stroke("shade:N", scale=None, legend=None), alt.Fill("fill:N", scale=None, legend=None)
    pale = alt.condition("datum.weak", alt.value(0.35), alt.value(1.0))
    return [
        base.mark_line(strokeWidth=2.4, interpolate="linear").encode(stroke=shade, strokeOpacity=pale),
        base.mark_point(size=30, opacity=1, strokeWidth=1.5).encode(
            stroke=shade, fill=fill, strokeOpacity=pale, tooltip=tooltip
        ),
    ]


@dataclass(frozen=True)
class Label:
    """The end of a line: its group, last value, and text in lines."""

    group: str
    value: float
    text: tuple[str, ...]

    @property
    def height(self) -> int:
        """How high it is [pixels]."""
        return LINE * len(self.text)


def end_labels(points: pd.DataFrame, column: str | None, name: str, currency: str, room: float) -> list[Label]:
    """What stands at the ends of lines, the highest first: the name of the group, and its last value."""
    ends = points.dropna(subset=["value"]).groupby("group", as_index=False).last().sort_values("value", ascending=False)
    found = []
    for row in ends.itertuples():
        value = number_in_words(name, row.value, currency)
        text = f"{group_said(column, row.group)} {value}" if column else value
        if text_width(text, 12) <= room:
            found.append(Label(row.group, float(row.value), (text,)))
            continue
        # A value is not torn from its unit.
        whole = text.replace(value, value.replace(" ", "\N{NO-BREAK SPACE}"))
        found.append(Label(row.group, float(row.value), tuple(broken(whole, room, 12))))
    return found


def labels(plane: Plane, chosen: Sequence[Label], shades: dict[str, str]) -> alt.Chart:
    """The labels beside the ends of their lines, moved apart where lines end close to each other."""
    wanted = [plane.down(label.value * plane.scale) for label in chosen]
    centres = apart(wanted, [label.height for label in chosen], plane.height)
    rows = [
        {
            "period": _day(plane.periods[-1]),
            "value": rounded(plane.value_at(centre - (len(label.text) - 1) * LINE / 2)),
            "text": label.text[0] if len(label.text) == 1 else list(label.text),
            "shade": readable(shades.get(label.group, colour("accent"))),
        }
        for centre, label in zip(centres, chosen, strict=True)
    ]
    texts = written(alt.Chart(alt.Data(values=rows)), align="left", dx=9, fontWeight="bold", lineHeight=LINE)
    shade = alt.Color("shade:N", scale=None, legend=None)
    return texts.encode(x=plane.x(), y=plane.y(), color=shade, text="text:N")
