"""What drivers go together with: dots with intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd

from cpc_analysis.charts.drawing import drawn
from cpc_analysis.charts.finishing import finished
from cpc_analysis.charts.native import Native, Series
from cpc_analysis.charts.placing import Names
from cpc_analysis.charts.theme import SIZES, colour, plain_axis, tip, written
from cpc_analysis.charts.wording import as_spoken, capital, rounded, stated
from cpc_analysis.errors import InvalidInputError, listed
from cpc_analysis.language import MISSING, column_said, number, percent, say
from cpc_analysis.models.drivers import level_said
from cpc_analysis.models.wording import scope_in_words

if TYPE_CHECKING:
    from cpc_analysis.models.drivers import DriverModel

__all__ = ["drivers", "effect_axis", "effect_said", "model_definition"]


@drawn
def drivers(
    model: DriverModel, driver: str | None = None, *, title: str | None = None, language: str | None = None,
    size: str = "slide",
) -> alt.LayerChart:  # fmt: skip
    """Dots with intervals for the levels of one driver against their reference.

    Parameters
    ----------
    model : DriverModel
        Of `fit_drivers`.
    driver : str, optional
        Which driver; the model's first when None.
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
        If the model has no such driver.

    Notes
    -----
    The intervals are simultaneous over the levels of the driver. One that holds zero, whose level is not clear of
    chance, is drawn light; a reference stands at zero, hollow.
    """
    frame = model.to_frame()
    name = frame["driver"].iloc[0] if driver is None else driver
    frame = frame[frame["driver"] == name]
    if frame.empty:
        raise InvalidInputError(
            f"The model has no driver '{name}', only {listed(model.to_frame()['driver'].unique())}."
        )
    rows = [_row(row, model.unit) for row in frame.itertuples()]
    order = [row["level"] for row in rows]
    names, width = Names(order, size, 24), SIZES[size][0]
    finding = title or as_spoken(model.finding(name))
    described = ", ".join(f"{row['level']} {row['text']}" for row in rows)
    alt_text = say("{finding}. Dots with intervals: {values}.", finding=finding, values=described)
    layers = _layers(rows, names, effect_axis(model), size, column_said(name))
    return finished(alt.layer(*layers), model, finding, model_definition(model), alt_text, size,
                    (int(width * 0.72), names.height), _native(model, rows))  # fmt: skip


def _layers(rows: list[dict[str, Any]], names: Names, title: str, size: str, column: str) -> list[alt.Chart]:
    y = alt.Y("level:N", sort=names.order, axis=names.axis())
    axis = plain_axis(title, tickCount=6 if size != "half" else 4)
    x = alt.X("effect:Q", axis=axis, scale=alt.Scale(domain=_domain(rows, size), nice=False))
    base = alt.Chart(alt.Data(values=rows)).encode(y=y)
    faint = alt.condition("datum.is_clear", alt.value(1.0), alt.value(0.35))
    zero = alt.Chart(alt.Data(values=[{"effect": 0.0}])).mark_rule(color=colour("before"), strokeDash=[4, 3])
    compared = base.transform_filter("!datum.is_reference")
    tooltip = [tip("level:N", column), tip("reference:N", say("reference")), tip("text:N", say("effect")),
               tip("count:N", say("contacts"))]  # fmt: skip
    return [
        zero.encode(x=x),
        compared.mark_rule(strokeWidth=2.2, color=colour("accent")).encode(
            x=alt.X("low:Q"), x2="high:Q", opacity=faint
        ),
        compared.mark_point(filled=True, size=95, color=colour("accent")).encode(x=x, opacity=faint, tooltip=tooltip),
        base.transform_filter("datum.is_reference").mark_point(size=80, color=colour("ink"), opacity=1).encode(x=x),
        written(base, align="left", dx=10).encode(x=alt.X("right:Q"), text="text:N"),
    ]


def _row(row: Any, unit: str) -> dict[str, Any]:
    effect, low, high = rounded(row.effect_percent), rounded(row.low), rounded(row.high)
    is_reference = row.level == row.reference
    return {
        "level": level_said(row.driver, row.level), "reference": level_said(row.driver, row.reference),
        "effect": effect, "low": low, "high": high,
        "right": max(effect or 0.0, high or 0.0), "count": number(row.contacts),
        "text": say("reference") if is_reference else effect_said(row.effect_percent, unit),
        "is_reference": is_reference, "is_clear": bool(row.is_clear),
    }  # fmt: skip


def _domain(rows: list[dict[str, Any]], size: str) -> list[float]:
    ends = [row[name] or 0.0 for row in rows for name in ("effect", "low", "high")]
    low, high = min(*ends, 0.0), max(*ends, 0.0)
    room = (high - low) or 1.0
    return [low - 0.05 * room, high + (0.25 if size != "half" else 0.55) * room]


def effect_said(effect: float, unit: str) -> str:
    """An effect with its sign and unit."""
    if pd.isna(effect):
        return MISSING
    if unit == "percent":
        return percent(effect / 100, 1, signed=True)
    return say("{number} points", number=number(effect, 1, signed=True))


def effect_axis(model: DriverModel) -> str:
    """The title of an axis of effects."""
    unit = "%" if model.unit == "percent" else say("points")
    return say("{outcome} against the reference ({unit})", outcome=capital(as_spoken(model.outcome_in_words)),
               unit=unit)  # fmt: skip


def model_definition(model: DriverModel) -> str:
    """What is compared with what, from when to when, and the source."""
    return stated(as_spoken(model.definition), scope_in_words(model.effects), model.source)


def _native(model: DriverModel, rows: list[dict[str, Any]]) -> Native:
    shades = [colour("accent") if row["is_clear"] else colour("before") for row in rows]
    effects = Series(effect_axis(model), [row["effect"] for row in rows], shades, (),
                     [None if row["is_reference"] else row["low"] for row in rows],
                     [None if row["is_reference"] else row["high"] for row in rows])  # fmt: skip
    return Native("bar", [row["level"] for row in rows], [effects], effect_axis(model), "#,##0.0")
