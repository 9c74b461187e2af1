"""What drivers go together with: dots with intervals, and the learning curve."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt
import numpy as np
import pandas as pd

from cpc_analysis.charts.renderer import enable_renderer
from cpc_analysis.charts.theme import ACCENT, BEFORE, FONT, INK, SIZES, plain_axis, styled
from cpc_analysis.errors import InvalidInputError, listed

if TYPE_CHECKING:
    from cpc_analysis.models.drivers import DriverModel

__all__ = ["curve", "drivers"]


def drivers(
    model: DriverModel, driver: str | None = None, *, title: str | None = None, language: str = "en",
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
    language : {"en", "da"}
        Of numbers.
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
    A level that is not clear of chance is drawn light; a reference stands at zero, hollow.
    """
    enable_renderer()
    frame = model.to_frame()
    name = frame["driver"].iloc[0] if driver is None else driver
    frame = frame[frame["driver"] == name]
    if frame.empty:
        raise InvalidInputError(
            f"The model has no driver '{name}', only {listed(model.to_frame()['driver'].unique())}."
        )
    rows = [_row(row, _unit(model), language) for row in frame.itertuples()]
    width, height = SIZES[size][0], max(24 * len(rows) + 20, 90)
    names = plain_axis(None, grid=False, labelLimit=int(width * 0.32), labelColor=INK, labelFontSize=12)
    y = alt.Y("level:N", sort=[row["level"] for row in rows], axis=names)
    x = alt.X("effect:Q", axis=plain_axis(_axis(model), tickCount=6), scale=alt.Scale(domain=_domain(rows), nice=False))
    base = alt.Chart(alt.Data(values=rows)).encode(y=y)
    faint = alt.condition("datum.is_clear", alt.value(1.0), alt.value(0.35))
    zero = alt.Chart(alt.Data(values=[{"effect": 0.0}])).mark_rule(color=BEFORE, strokeDash=[4, 3]).encode(x=x)
    compared = base.transform_filter("!datum.is_reference")
    layers = [
        zero,
        compared.mark_rule(strokeWidth=2.2, color=ACCENT).encode(x=alt.X("low:Q"), x2="high:Q", opacity=faint),
        compared.mark_point(filled=True, size=95, color=ACCENT).encode(
            x=x, opacity=faint, tooltip=["level:N", "reference:N", "text:N", alt.Tooltip("contacts:Q", format=",")]
        ),
        base.transform_filter("datum.is_reference").mark_point(size=80, color=INK, opacity=1).encode(x=x),
        base.mark_text(align="left", dx=10, font=FONT, fontSize=11, color=INK).encode(
            x=alt.X("right:Q"), text="text:N"
        ),
    ]
    finding = title or model.finding(name)
    described = ", ".join(f"{row['level']} {row['text']}" for row in rows)
    return styled(alt.layer(*layers), finding, _subtitle(model), f"{finding}. Dots with intervals: {described}.",
                  (int(width * 0.72), height))  # fmt: skip


def curve(model: DriverModel, *, title: str | None = None, language: str = "en", size: str = "slide") -> alt.LayerChart:
    """The learning curve: steps over months of tenure, with their intervals as a band.

    Parameters
    ----------
    model : DriverModel
        Of `fit_drivers`, with the driver ``"tenure"``.
    title : str, optional
        Instead of the finding in words.
    language : {"en", "da"}
        Of numbers.
    size : {"slide", "half", "page"}
        Of the plot.

    Returns
    -------
    altair.LayerChart

    Raises
    ------
    InvalidInputError
        If tenure is not among the drivers.
    """
    enable_renderer()
    rows = model.curve
    width, height = SIZES[size]
    end = 1.5 * rows["from_month"].max()
    steps = [
        {
            "from": float(row.from_month), "to": float(min(row.to_month, end)), "level": row.level,
            "text": _signed(row.effect_percent, language), "effect": _number(row.effect_percent),
            "low": _number(row.low), "high": _number(row.high),
        }
        for row in rows.itertuples()
    ]  # fmt: skip
    base = alt.Chart(alt.Data(values=steps))
    x = alt.X("from:Q", axis=plain_axis("Months since hired", grid=False, values=[step["from"] for step in steps]),
              scale=alt.Scale(domain=[0, end], nice=False))  # fmt: skip
    axis = plain_axis(_axis(model), tickCount=5)
    layers = [
        base.mark_rect(color=ACCENT, opacity=0.16).encode(x=x, x2="to:Q", y=alt.Y("low:Q", axis=axis), y2="high:Q"),
        base.mark_rule(color=ACCENT, strokeWidth=3).encode(x=x, x2="to:Q", y=alt.Y("effect:Q", axis=axis),
            tooltip=["level:N", "text:N"]),
        base.mark_text(font=FONT, fontSize=11, fontWeight="bold", color=INK, align="left", dx=3, dy=-8).encode(
            x=x, y=alt.Y("effect:Q"), text="text:N"
        ),
    ]  # fmt: skip
    finding = title or model.finding("tenure")
    described = ", ".join(f"{step['level']} {step['text']}" for step in steps)
    return styled(
        alt.layer(*layers), finding, _subtitle(model), f"{finding}. Steps: {described}.", (width - 90, height)
    )


def _row(row: Any, unit: str, language: str) -> dict[str, Any]:
    low, high = _number(row.low), _number(row.high)
    is_reference = row.level == row.reference
    text = (
        "reference"
        if is_reference
        else f"{_signed(row.effect_percent, language)}{'' if unit == '%' and language != 'da' else ' '}{unit}"
    )
    return {
        "level": row.level, "reference": row.reference, "effect": _number(row.effect_percent), "low": low, "high": high,
        "right": max(_number(row.effect_percent) or 0.0, high or 0.0), "contacts": int(row.contacts), "text": text,
        "is_reference": is_reference, "is_clear": bool(row.is_clear),
    }  # fmt: skip


def _number(value: float) -> float | None:
    return None if pd.isna(value) else float(f"{value:.8g}")


def _domain(rows: list[dict[str, Any]]) -> list[float]:
    ends = [row[name] or 0.0 for row in rows for name in ("effect", "low", "high")]
    low, high = min(*ends, 0.0), max(*ends, 0.0)
    room = (high - low) or 1.0
    return [low - 0.05 * room, high + 0.25 * room]


def _unit(model: DriverModel) -> str:
    return "%" if model.unit == "percent" else "points"


def _axis(model: DriverModel) -> str:
    name = model.outcome_in_words
    return f"{name[:1].upper()}{name[1:]} against the reference ({_unit(model)})"


def _signed(value: float, language: str) -> str:
    if not np.isfinite(value):
        return "–"
    text = f"{value:+.1f}" if abs(value) >= 0.05 else "0.0"
    return text.replace(".", ",") if language == "da" else text


def _subtitle(model: DriverModel) -> str:
    return " ".join(part for part in (f"{model.source}." if model.source else "", model.definition) if part)
