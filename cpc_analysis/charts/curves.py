"""Curves of drivers: the handle time over months of tenure, and an outcome over the load."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt
import numpy as np

from cpc_analysis.charts.drawing import drawn
from cpc_analysis.charts.drivers import effect_axis, effect_said, model_definition
from cpc_analysis.charts.finishing import finished
from cpc_analysis.charts.placing import LINE, free_places, nice, text_width
from cpc_analysis.charts.theme import SIZES, colour, plain_axis, tip, written
from cpc_analysis.charts.wording import as_spoken, rounded
from cpc_analysis.errors import InvalidInputError, listed
from cpc_analysis.language import column_said, number, percent, say
from cpc_analysis.models.drivers import level_said

if TYPE_CHECKING:
    from cpc_analysis.models.drivers import DriverModel

__all__ = ["curve"]

#: The loads of a load curve, against the usual one.
_LOADS = np.round(np.arange(-0.2, 0.201, 0.02), 2)
#: The step that the effect of load is of.
_STEP = 0.1


@drawn
def curve(
    model: DriverModel, driver: str = "tenure", *, title: str | None = None, language: str | None = None,
    size: str = "slide",
) -> alt.LayerChart:  # fmt: skip
    """The learning curve, steps over months of tenure, or the load curve, each with its intervals as a band.

    Parameters
    ----------
    model : DriverModel
        Of `fit_drivers`, with the driver that is asked for.
    driver : {"tenure", "load"}
        Which curve.
    title : str, optional
        Instead of the finding in words.
    language : {"en", "da"}, optional
        Of texts and numbers; the model's own when None.
    size : {"slide", "half", "page"}
        Of the plot.

    Returns
    -------
    altair.LayerChart

    Raises
    ------
    InvalidInputError
        If the driver is another one, or not in the model.

    Notes
    -----
    The model's effect of load is per 10 percent more of it and the same at every load; the curve draws it from 20
    percent less to 20 percent more.
    """
    if driver not in ("tenure", "load"):
        raise InvalidInputError(f"`driver` must be one of tenure, load, got '{driver}'.")
    width, height = SIZES[size]
    plot = (width - 90, height)
    layers, described = _learning(model, *plot) if driver == "tenure" else _load(model, height)
    finding = title or as_spoken(model.finding(driver))
    if driver == "tenure":
        alt_text = say("{finding}. Steps: {values}.", finding=finding, values=described)
    else:
        alt_text = say("{finding}. A line with its interval: {values}.", finding=finding, values=described)
    return finished(alt.layer(*layers), model, finding, model_definition(model), alt_text, size, plot)


def _learning(model: DriverModel, width: int, height: int) -> tuple[list[alt.Chart], str]:
    rows = model.curve
    end = 1.5 * max(rows["from_month"].max(), 1)
    steps: list[dict[str, Any]] = [
        {
            "from": float(row.from_month), "to": float(min(row.to_month, end)),
            "level": level_said(row.driver, row.level), "text": number(row.effect_percent, 1, signed=True),
            "effect": rounded(row.effect_percent), "low": rounded(row.low), "high": rounded(row.high),
        }
        for row in rows.itertuples()
    ]  # fmt: skip
    ends = [step[name] for step in steps for name in ("effect", "low", "high") if step[name] is not None]
    low, high = _with_headroom(*nice(min([0.0, *ends]), max([0.0, *ends])), height)
    _place_texts(steps, width / end, low, high, height)
    x = alt.X("from:Q", axis=plain_axis(say("Months since hired"), grid=False, values=[step["from"] for step in steps],
              labelOverlap="greedy"), scale=alt.Scale(domain=[0, end], nice=False))  # fmt: skip
    base = alt.Chart(alt.Data(values=steps)).encode(x=x)
    tooltip = [tip("level:N", column_said("tenure")), tip("text:N", say("effect"))]
    layers = [
        base.mark_rect(color=colour("accent"), opacity=0.16).encode(
            x2="to:Q", y=_up("low", model, low, high), y2="high:Q"
        ),
        base.mark_rule(color=colour("accent"), strokeWidth=3).encode(
            x2="to:Q", y=_up("effect", model, low, high), tooltip=tooltip
        ),
        *(
            written(base, fontWeight="bold", align="left", dx=3, **halo).encode(
                y=_up("at", model, low, high), text="text:N"
            )
            for halo in ({"stroke": "white", "strokeWidth": 3}, {})
        ),
    ]
    return layers, ", ".join(f"{step['level']} {step['text']}" for step in steps)


def _with_headroom(low: float, high: float, height: int) -> tuple[float, float]:
    """A range with room for two lines of text at its upper end."""
    return low, low + (high - low) * height / (height - 2 * LINE)


def _place_texts(steps: list[dict[str, Any]], pixels: float, low: float, high: float, height: int) -> None:
    """Say where the text of each step stands: above its line, and above texts that it would touch."""
    known = [step for step in steps if step["effect"] is not None]
    scale = height / (high - low)
    boxes = [(step["from"] * pixels, step["from"] * pixels + text_width(step["text"], 13) + 3,
              (high - step["effect"]) * scale - 9) for step in known]  # fmt: skip
    for step, place in zip(known, free_places(boxes), strict=True):
        step["at"] = rounded(high - place / scale)


def _up(field: str, model: DriverModel, low: float, high: float) -> alt.Y:
    axis = plain_axis(effect_axis(model), tickCount=5)
    return alt.Y(f"{field}:Q", axis=axis, scale=alt.Scale(domain=[low, high], nice=False, zero=False))


def _load(model: DriverModel, height: int) -> tuple[list[alt.Chart], str]:
    rows = model.to_frame()
    rows = rows[(rows["driver"] == "load") & (rows["level"] != rows["reference"])]
    if rows.empty:
        raise InvalidInputError(f"The model has no driver 'load', only {listed(model.to_frame()['driver'].unique())}.")
    effect, low, high = (_at_loads(float(rows[name].iloc[0]), model.unit) for name in ("effect_percent", "low", "high"))
    points: list[dict[str, Any]] = [
        {"load": 100 * load, "effect": rounded(effect[place]), "low": rounded(min(low[place], high[place])),
         "high": rounded(max(low[place], high[place])), "text": effect_said(effect[place], model.unit),
         "more": percent(load, 0, signed=True)}
        for place, load in enumerate(_LOADS.tolist())
    ]  # fmt: skip
    ends = [point[name] for point in points for name in ("effect", "low", "high") if point[name] is not None]
    bottom, top = _with_headroom(*nice(min([0.0, *ends]), max([0.0, *ends])), height)
    x = alt.X("load:Q", axis=plain_axis(say("Load against the usual (%)"), grid=False, tickCount=5, format="+d",
              labelExpr="datum.value === 0 ? '0' : datum.label"),
              scale=alt.Scale(domain=[-20, 20], nice=False))  # fmt: skip
    base = alt.Chart(alt.Data(values=points)).encode(x=x)
    tooltip = [tip("more:N", column_said("load")), tip("text:N", say("effect"))]
    named = base.transform_filter("datum.load === -10 || datum.load === 10")
    layers = [
        base.mark_area(color=colour("accent"), opacity=0.16).encode(y=_up("low", model, bottom, top), y2="high:Q"),
        base.mark_line(color=colour("accent"), strokeWidth=3).encode(y=_up("effect", model, bottom, top)),
        named.mark_point(filled=True, size=70, color=colour("accent"), opacity=1).encode(
            y=_up("effect", model, bottom, top), tooltip=tooltip
        ),
        written(named, fontWeight="bold", dy=-12).encode(y=_up("effect", model, bottom, top), text="text:N"),
    ]
    told = ", ".join(f"{point['more']}: {point['text']}" for point in points if abs(point["load"]) in (10, 20))
    return layers, told


def _at_loads(effect: float, unit: str) -> np.ndarray:
    """The effect of one step of load, at every load of the curve: steps add up in logarithms of the load."""
    steps = np.log1p(_LOADS) / np.log1p(_STEP)
    return 100 * ((1 + effect / 100) ** steps - 1) if unit == "percent" else effect * steps
