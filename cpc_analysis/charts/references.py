"""What a trend is compared with: the year before, the budget, and the limits of what is usual."""

from __future__ import annotations

import altair as alt
import pandas as pd

from cpc_analysis.charts.lines import Plane, records
from cpc_analysis.charts.native import Series
from cpc_analysis.charts.theme import colour
from cpc_analysis.charts.wording import rounded, starts_in
from cpc_analysis.language import say

__all__ = ["References", "values_at"]


class References:
    """The references of a trend over the periods of its points.

    Parameters
    ----------
    points : pandas.DataFrame
        Of the trend.
    name, grain : str
        The quantity and the period.
    budget, before, limits : pandas.DataFrame or None
        As for `trend`.
    """

    def __init__(
        self, points: pd.DataFrame, name: str, grain: str, budget: pd.DataFrame | None, before: pd.DataFrame | None,
        limits: pd.DataFrame | None,
    ) -> None:  # fmt: skip
        self.before = _values(before, name, grain, points)
        self.budget = _values(budget, name, grain, points)
        self.band = _band_values(limits, grain, points)
        self.outside = _outside(limits, grain, points)

    @property
    def values(self) -> list[pd.Series]:
        """All that the axis has to reach."""
        return [self.before["value"], self.budget["value"], self.band["low"], self.band["high"]]

    def layers(self, plane: Plane) -> list[alt.Chart]:
        """The marks, in the order in which they lie on each other."""
        found = []
        if len(self.band):
            rows = [{"period": f"{row.period:%Y-%m-%d}", "low": rounded(row.low, plane.scale),
                     "high": rounded(row.high, plane.scale)} for row in self.band.itertuples()]  # fmt: skip
            area = alt.Chart(alt.Data(values=rows)).mark_area(color=colour("before"), opacity=0.25)
            found.append(area.encode(x=plane.x(), y=plane.y(field="low"), y2="high:Q"))
        if len(self.outside):
            rings = alt.Chart(alt.Data(values=records(self.outside, plane)))
            rings = rings.mark_point(color=colour("rose"), size=190, strokeWidth=2.2)
            found.append(rings.encode(x=plane.x(), y=plane.y()))
        for points, shade, dash in ((self.before, "before", [1, 0]), (self.budget, "ink", [5, 4])):
            if len(points):
                line = alt.Chart(alt.Data(values=records(points, plane)))
                line = line.mark_line(color=colour(shade), strokeDash=dash, strokeWidth=1.6)
                found.append(line.encode(x=plane.x(), y=plane.y()))
        return found

    def legend(self, outside: str) -> list[str]:
        """What the marks mean; `outside` names the periods that have a ring."""
        texts = (
            (self.band, say("band: usual limits")),
            (self.outside, say("ringed: outside of them, {periods}", periods=outside)),
            (self.before, say("grey: a year before")),
            (self.budget, say("dashed: budget")),
        )
        return [text for points, text in texts if len(points)]

    def series(self, plane: Plane) -> list[Series]:
        """The same for presentation programs."""
        bounds = [(say("usual limits, lower"), self.band.rename(columns={"low": "value"}), "before"),
                  (say("usual limits, upper"), self.band.rename(columns={"high": "value"}), "before")]  # fmt: skip
        lines = [(say("a year before"), self.before, "quiet"), (say("budget"), self.budget, "ink"), *bounds]
        return [Series(text, values_at(points, plane), colour(shade)) for text, points, shade in lines if len(points)]


def values_at(points: pd.DataFrame, plane: Plane) -> list[float | None]:
    """The values of some points at the periods of a plane, as they are drawn."""
    known = dict(zip(points["period"], points["value"], strict=True))
    return [rounded(known.get(period), plane.scale) for period in plane.periods]


def _values(frame: pd.DataFrame | None, name: str, grain: str, points: pd.DataFrame) -> pd.DataFrame:
    """The quantity of another frame at the same periods; empty where there is nothing."""
    empty = points.iloc[:0]
    if frame is None or name not in frame.columns or grain not in frame.columns:
        return empty
    shown = pd.DataFrame({"period": starts_in(frame, grain), "value": frame[name].astype("float64")}).dropna()
    shown = shown[shown["period"].isin(points["period"])]
    return shown.sort_values("period", ignore_index=True).assign(group="", complete=True, few=False, weak=False)


def _band_values(limits: pd.DataFrame | None, grain: str, points: pd.DataFrame) -> pd.DataFrame:
    if limits is None or not {grain, "low", "high"} <= set(limits):
        return pd.DataFrame({"period": points["period"].iloc[:0], "low": [], "high": []})
    names = {"period": starts_in(limits, grain), "low": limits["low"], "high": limits["high"]}
    shown = pd.DataFrame(names).dropna()
    return shown[shown["period"].isin(points["period"])].reset_index(drop=True)


def _outside(limits: pd.DataFrame | None, grain: str, points: pd.DataFrame) -> pd.DataFrame:
    """The points that lie outside the process limits."""
    if limits is None or not {grain, "is_outside"} <= set(limits):
        return points.iloc[:0]
    return points[points["period"].isin(starts_in(limits, grain)[limits["is_outside"]])]
