"""What a chart is to a presentation program: its kind, categories and series, to be drawn there and edited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

__all__ = ["META", "Native", "Series", "native_of"]

#: Under which name a specification carries it, in its ``usermeta``, which Vega-Lite leaves alone.
META = "cpc_analysis"
Kind = Literal["line", "column", "bar", "stacked", "waterfall", "scatter"]


@dataclass(frozen=True)
class Series:
    """One series: a value per category, or, to be scattered, a place on the horizontal axis for each value as well.

    Parameters
    ----------
    name : str
        As a reader sees it.
    values : sequence of float or None
        In the units of the axis; None where there is none.
    colour : str or sequence of str
        Of the series, or of each of its values.
    places : sequence of float
        On the horizontal axis, of a scatter only.
    low, high : sequence of float or None
        The interval of each value, to be drawn as error bars; empty, or all None, where there is none.
    """

    name: str
    values: Sequence[float | None]
    colour: str | Sequence[str]
    places: Sequence[float] = ()
    low: Sequence[float | None] = ()
    high: Sequence[float | None] = ()


@dataclass(frozen=True)
class Native:
    """A chart for a presentation program.

    Parameters
    ----------
    kind : {"line", "column", "bar", "stacked", "waterfall", "scatter"}
        Bars lie, columns stand; ``stacked`` are lying bars of parts. A ``waterfall`` has one series of changes, whose
        first and last categories are the levels before and after.
    categories : sequence of str
        In the order in which a reader meets them, top to bottom or left to right. Of a scatter either none, or the
        names of the places 1, 2, ... on the horizontal axis.
    series : sequence of Series
        In the same order.
    axis : str
        The title of the axis of values, with its unit.
    number_format : str
        Of the values, as spreadsheets write it, such as ``"#,##0.00"``.
    places_axis : str
        The title of the horizontal axis of a scatter, with its unit.
    """

    kind: Kind
    categories: Sequence[str]
    series: Sequence[Series]
    axis: str
    number_format: str
    places_axis: str = ""


def native_of(specification: Mapping[str, Any]) -> dict[str, Any]:
    """What a specification carries for presentation programs; empty for a chart of another making.

    Keys `title`, `subtitle`, `alt`, `definition`, `source`, `language`, `font`, `logo`, `template`, and `native`, the
    fields of `Native` or None.
    """
    found = specification.get("usermeta", {}).get(META, {})
    return dict(found)


def meta_of(native: Native | None, **texts: str) -> dict[str, Any]:
    """The ``usermeta`` of a chart."""
    return {META: {**texts, "native": asdict(native) if native else None}}
