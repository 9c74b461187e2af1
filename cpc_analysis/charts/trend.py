"""The trend of a quantity over periods, against budget and the year before."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from cpc_analysis.charts.renderer import enable_renderer
from cpc_analysis.charts.theme import (
    ACCENT,
    BEFORE,
    BUDGET,
    FONT,
    NOT_ALLOCATED,
    ROSE,
    SIZES,
    colour_scale,
    plain_axis,
    styled,
)
from cpc_analysis.charts.wording import (
    amount,
    axis_title,
    definition_line,
    grain_of,
    group_columns,
    period_name,
    quantity_of,
)
from cpc_analysis.glossary import describe, label

__all__ = ["trend"]


def trend(
    frame: pd.DataFrame,
    quantity: str | None = None,
    *,
    budget: pd.DataFrame | None = None,
    before: pd.DataFrame | None = None,
    limits: pd.DataFrame | None = None,
    title: str | None = None,
    language: str = "en",
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
    title : str, optional
        Instead of the finding in words.
    language : {"en", "da"}
        Of labels.
    size : {"slide", "half", "page"}
        Of the plot.

    Returns
    -------
    altair.LayerChart

    Raises
    ------
    InvalidInputError
        If the frame holds no period or no quantity.

    Notes
    -----
    The axis starts at zero unless every value is above half of the highest one. A period that is not complete is a
    hollow point; one outside the band has a ring, and stands in the subtitle.
    """
    enable_renderer()
    name, grain = quantity_of(frame, quantity), grain_of(frame)
    currency = str(frame.attrs.get("currency", ""))
    groups = group_columns(frame)[:1]
    points = _points(frame, name, grain, groups)
    scale = 100.0 if describe(name).unit == "share" else 1.0
    width, height = SIZES[size]
    finding = title or _finding(points, name, grain, groups, currency, before, language)
    outside = _outside(limits, grain, points)
    named = ", ".join(period_name(period, grain, language) for period in outside["period"])
    references = {
        "band: usual limits": _band(limits, grain, scale, points),
        f"ringed: outside of them, {named}": _rings(outside, scale),
        "grey: a year before": _reference(before, name, grain, scale, BEFORE, [1, 0], points),
        "dashed: budget": _reference(budget, name, grain, scale, BUDGET, [5, 4], points),
    }
    drawn = [text for text, layers in references.items() if layers]
    legend = "; ".join(drawn)
    subtitle = definition_line(frame, name) + (f" {legend[:1].upper()}{legend[1:]}." if drawn else "")
    lines = _lines(points, name, grain, groups, scale, currency, language, height)
    chart = alt.layer(*(layer for layers in references.values() for layer in layers), *lines)
    alt_text = _alt(points, name, grain, groups, currency, finding)
    return styled(chart, finding, subtitle, alt_text, (width - 90, height))


def _points(frame: pd.DataFrame, name: str, grain: str, groups: list[str]) -> pd.DataFrame:
    shown = pd.DataFrame({"period": pd.to_datetime(frame[grain]), "value": frame[name].astype("float64")})
    shown["group"] = (
        frame[groups[0]].astype("object").where(frame[groups[0]].notna(), NOT_ALLOCATED).astype("str") if groups else ""
    )
    shown["complete"] = frame["complete"].to_numpy() if "complete" in frame else True
    shown = shown.dropna(subset=["period"]).sort_values(["group", "period"], ignore_index=True)
    some = shown.groupby("group")["value"].transform("count") > 0
    return shown[some].reset_index(drop=True)


def _records(points: pd.DataFrame, scale: float) -> list[dict[str, Any]]:
    return [
        {
            "period": row.period.strftime("%Y-%m-%d"),
            "group": row.group,
            "value": None if pd.isna(row.value) else float(f"{row.value * scale:.8g}"),
            "complete": bool(row.complete),
        }
        for row in points.itertuples()
    ]


def _axes(points: pd.DataFrame, name: str, grain: str, scale: float, currency: str, language: str) -> tuple[Any, Any]:
    values = points["value"].dropna()
    zero = bool(values.empty or values.min() < values.max() / 2 or values.max() <= 0)
    formats = {"day": "%-d %b", "week": "%-d %b %y", "month": "%b %y", "quarter": "%b %y", "year": "%Y"}
    periods = points["period"].drop_duplicates().sort_values()
    step = -(-len(periods) // 14) if len(periods) else 1
    ticks = [period.strftime("%Y-%m-%d") for period in periods[::-1][::step]][::-1]
    x = alt.X(
        "period:T",
        scale=alt.Scale(type="utc"),
        axis=plain_axis(None, format=formats[grain], grid=False, values=ticks, labelOverlap=True,
            labelFlush=False, domain=True,
                        domainColor=BEFORE),
    )  # fmt: skip
    y = alt.Y(
        "value:Q",
        scale=alt.Scale(zero=zero, nice=True),
        axis=plain_axis(axis_title(name, currency, language), tickCount=5, format=",~g" if scale == 100 else ",~f"),
    )
    return x, y


def _lines(
    points: pd.DataFrame, name: str, grain: str, groups: list[str], scale: float, currency: str, language: str,
    height: int,
) -> list[alt.Chart]:  # fmt: skip
    x, y = _axes(points, name, grain, scale, currency, language)
    data = alt.Data(values=_records(points, scale))
    names = sorted(points["group"].unique())
    colour: Any = alt.Color("group:N", scale=colour_scale(names), legend=None) if groups else alt.value(ACCENT)
    base = alt.Chart(data).encode(x=x, y=y, color=colour)
    tooltip = [
        alt.Tooltip("period:T", title=grain, format="%Y-%m-%d"),
        alt.Tooltip("value:Q", title=label(name, language), format=",.2f"),
        *([alt.Tooltip("group:N", title=groups[0])] if groups else []),
    ]
    hollow = alt.condition("datum.complete", alt.value(1.0), alt.value(0.0))
    return [
        base.mark_line(strokeWidth=2.4, interpolate="linear"),
        base.mark_point(size=34, filled=True, opacity=1).encode(
            tooltip=tooltip, fillOpacity=hollow, strokeOpacity=alt.value(1)
        ),
        _labels(points, name, groups, scale, currency, language, height, x, y, colour),
    ]


def _labels(
    points: pd.DataFrame, name: str, groups: list[str], scale: float, currency: str, language: str, height: int,
    x: Any, y: Any, colour: Any,
) -> alt.Chart:  # fmt: skip
    """The last value of each line beside its end, moved apart where lines end close to each other."""
    ends = points.dropna(subset=["value"]).groupby("group", as_index=False).last().sort_values("value", ascending=False)
    last = points["period"].max()
    low, high = points["value"].min(), points["value"].max()
    low = min(low, 0.0) if low < high / 2 else low
    apart = (high - low) * 14 / height if high > low else 0.0
    places: list[float] = []
    for value in ends["value"]:
        places.append(value if not places else min(value, places[-1] - apart))
    texts = [
        f"{f'{row.group} ' if groups else ''}{amount(row.value, name, currency, language)}" for row in ends.itertuples()
    ]
    values = [
        {"period": last.strftime("%Y-%m-%d"), "value": float(f"{place * scale:.8g}"), "group": group, "text": text}
        for place, group, text in zip(places, ends["group"], texts, strict=True)
    ]
    return (
        alt.Chart(alt.Data(values=values))
        .mark_text(align="left", dx=9, font=FONT, fontSize=11, fontWeight="bold")
        .encode(x=x, y=y, color=colour, text="text:N")
    )


def _reference(
    frame: pd.DataFrame | None,
    name: str,
    grain: str,
    scale: float,
    colour: str,
    dash: list[int],
    points: pd.DataFrame,
) -> list[alt.Chart]:
    """What to compare with, as a thin line over the same periods; nothing where there is nothing."""
    if frame is None or name not in frame.columns or grain not in frame.columns:
        return []
    shown = pd.DataFrame({"period": pd.to_datetime(frame[grain]), "value": frame[name].astype("float64")}).dropna()
    shown = shown[shown["period"].isin(points["period"])].sort_values("period").assign(group="", complete=True)
    if shown.empty:
        return []
    line = alt.Chart(alt.Data(values=_records(shown, scale))).mark_line(color=colour, strokeDash=dash, strokeWidth=1.6)
    return [line.encode(x=alt.X("period:T", scale=alt.Scale(type="utc")), y=alt.Y("value:Q"))]


def _band(limits: pd.DataFrame | None, grain: str, scale: float, points: pd.DataFrame) -> list[alt.Chart]:
    """The process limits as a pale band behind the lines; nothing where there are none."""
    if limits is None or not {grain, "low", "high"} <= set(limits):
        return []
    shown = pd.DataFrame(
        {"period": pd.to_datetime(limits[grain]), "low": limits["low"], "high": limits["high"]}
    ).dropna()
    shown = shown[shown["period"].isin(points["period"])]
    if shown.empty:
        return []
    values = [
        {"period": row.period.strftime("%Y-%m-%d"), "low": float(f"{row.low * scale:.8g}"),
         "high": float(f"{row.high * scale:.8g}")}
        for row in shown.itertuples()
    ]  # fmt: skip
    band = alt.Chart(alt.Data(values=values)).mark_area(color=BEFORE, opacity=0.25)
    return [band.encode(x=alt.X("period:T", scale=alt.Scale(type="utc")), y=alt.Y("low:Q"), y2="high:Q")]


def _outside(limits: pd.DataFrame | None, grain: str, points: pd.DataFrame) -> pd.DataFrame:
    """The points that lie outside the process limits."""
    if limits is None or not {grain, "is_outside"} <= set(limits):
        return points.iloc[:0]
    return points[points["period"].isin(pd.to_datetime(limits.loc[limits["is_outside"], grain]))]


def _rings(outside: pd.DataFrame, scale: float) -> list[alt.Chart]:
    if outside.empty:
        return []
    rings = alt.Chart(alt.Data(values=_records(outside, scale))).mark_point(color=ROSE, size=190, strokeWidth=2.2)
    return [rings.encode(x=alt.X("period:T", scale=alt.Scale(type="utc")), y=alt.Y("value:Q"))]


def _finding(
    points: pd.DataFrame, name: str, grain: str, groups: list[str], currency: str, before: pd.DataFrame | None,
    language: str,
) -> str:  # fmt: skip
    known = points[points["complete"]].dropna(subset=["value"])
    if known.empty:
        return f"{label(name, language)}: no complete period"
    last = known["period"].max()
    now = known[known["period"] == last]
    where = period_name(last, grain, language)
    if groups and now["group"].nunique() > 1:
        top = now.loc[now["value"].idxmax()]
        text = amount(top["value"], name, currency, language)
        return f"{label(name, language)} {_was(name)} highest for {top['group']} in {where}, {text}"
    value = float(now["value"].iloc[0])
    stem = f"{label(name, language)} {_was(name)} {amount(value, name, currency, language)} in {where}"
    earlier = _earlier(known, before, name, grain, last)
    if earlier is None or earlier == 0:
        return stem
    change = value - earlier
    if abs(change) < 0.005 * abs(earlier):
        return f"{stem}, as a year before"
    is_share = describe(name).unit == "share"
    size = f"{100 * abs(change):.1f} points" if is_share else f"{100 * abs(change / earlier):.0f}%"
    return f"{stem}, {size} {'more' if change > 0 else 'less'} than a year before"


def _was(name: str) -> str:
    return "were" if label(name).endswith("s") else "was"


def _earlier(
    known: pd.DataFrame, before: pd.DataFrame | None, name: str, grain: str, last: pd.Timestamp
) -> float | None:
    if before is not None and name in before.columns and grain in before.columns:
        same = before.loc[pd.to_datetime(before[grain]) == last, name].dropna()
        return float(same.iloc[0]) if len(same) else None
    same = known.loc[known["period"] == last - pd.DateOffset(years=1), "value"]
    return float(same.iloc[0]) if len(same) and grain != "week" else None


def _alt(points: pd.DataFrame, name: str, grain: str, groups: list[str], currency: str, finding: str) -> str:
    known = points.dropna(subset=["value"])
    if known.empty:
        return f"{finding}."
    first, last = known["period"].min(), known["period"].max()
    lines = f"{known['group'].nunique()} lines by {groups[0]}" if groups else "one line"
    return (
        f"{finding}. Line chart of {label(name).lower()}, {lines}, {period_name(first, grain)} to "
        f"{period_name(last, grain)}, between {amount(known['value'].min(), name, currency)} and "
        f"{amount(known['value'].max(), name, currency)}."
    )
