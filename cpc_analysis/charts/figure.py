"""The kinds of chart that all functions return: Altair charts that know their language and can stand in others."""

from __future__ import annotations

from typing import Any

import altair as alt

from cpc_analysis.charts.native import native_of
from cpc_analysis.charts.renderer import printable
from cpc_analysis.language import chart_locale

__all__ = ["Figure", "Panels", "figure_of", "in_locale", "panels_of"]


class _Whole:
    """A chart in its own language; as a part of another it leaves behind what only a whole chart may have."""

    def to_dict(
        self,
        validate: bool = True,
        *,
        format: str = "vega-lite",
        ignore: list[str] | None = None,
        context: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        """The Vega-Lite specification, as of every Altair chart."""
        chart: Any = self
        if context and not context.get("top_level", True):
            chart = chart.copy(deep=False)
            chart.usermeta = alt.Undefined
        made: dict[str, Any] = super(_Whole, chart).to_dict(  # type: ignore[misc]
            validate, format=format, ignore=ignore, context=context
        )
        if context is None or context.get("top_level", True):
            made = printable(made)
        language = native_of(made).get("language", "en")
        return made if language == "en" else in_locale(made, language)


class Figure(_Whole, alt.LayerChart):  # type: ignore[misc]  # altair is not followed
    """A layered chart in its own language that can stand in another chart."""


class Panels(_Whole, alt.ConcatChart):  # type: ignore[misc]  # altair is not followed
    """Several small charts as one, in its own language."""


def in_locale(specification: dict[str, Any], language: str) -> dict[str, Any]:
    """A whole specification whose axes write numbers and dates as a language does."""
    config = specification.get("config", {})
    return {**specification, "config": {**config, "locale": chart_locale(language)}}


def figure_of(chart: alt.LayerChart) -> Figure:
    """A layered chart as a `Figure`."""
    return Figure(**_stated(chart))


def panels_of(chart: alt.ConcatChart) -> Panels:
    """Charts beside each other as `Panels`."""
    return Panels(**_stated(chart))


def _stated(chart: Any) -> dict[str, Any]:
    return {name: value for name, value in chart._kwds.items() if value is not alt.Undefined}
