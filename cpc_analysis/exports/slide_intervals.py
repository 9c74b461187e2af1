"""The intervals of values on native charts, as error bars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cpc_analysis.charts.theme import colour as shade

__all__ = ["add_intervals", "bounds_of", "has_intervals"]

_CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
#: Error bars stand before these in a series.
_AFTER = ("cat", "val", "xVal", "yVal", "smooth", "shape", "extLst")


def bounds_of(one: Mapping[str, Any]) -> list[float]:
    """The known ends of a series' intervals."""
    return [float(value) for name in ("low", "high") for value in one.get(name) or () if value is not None]


def has_intervals(one: Mapping[str, Any]) -> bool:
    """Whether any value of a series has an interval."""
    return bool(bounds_of(one))


def add_intervals(series: Any, one: Mapping[str, Any]) -> None:
    """Draw the intervals of a series that has any.

    Parameters
    ----------
    series : pptx.chart.series
        As it was made.
    one : mapping
        The fields of `charts.native.Series`.
    """
    from pptx.oxml import parse_xml

    if not has_intervals(one):
        return
    more = _lengths(one["values"], one["high"], 1)
    less = _lengths(one["values"], one["low"], -1)
    across = '<c:errDir val="y"/>' if series._element.find("{*}xVal") is not None else ""
    bars = parse_xml(
        f'<c:errBars xmlns:c="{_CHART}" xmlns:a="{_DRAWING}">{across}<c:errBarType val="both"/>'
        f'<c:errValType val="cust"/><c:noEndCap val="1"/><c:plus>{_literal(more)}</c:plus>'
        f'<c:minus>{_literal(less)}</c:minus><c:spPr><a:ln w="15875"><a:solidFill>'
        f'<a:srgbClr val="{shade("ink")[1:]}"/></a:solidFill></a:ln></c:spPr></c:errBars>'
    )
    after = next(child for child in series._element if child.tag.split("}")[1] in _AFTER)
    after.addprevious(bars)


def _lengths(values: Sequence[float | None], ends: Sequence[float | None], side: int) -> list[float]:
    return [
        0.0 if value is None or end is None else max(side * (end - value), 0.0)
        for value, end in zip(values, ends, strict=True)
    ]


def _literal(lengths: Sequence[float]) -> str:
    points = "".join(f'<c:pt idx="{number}"><c:v>{length!r}</c:v></c:pt>' for number, length in enumerate(lengths))
    return f'<c:numLit><c:formatCode>General</c:formatCode><c:ptCount val="{len(lengths)}"/>{points}</c:numLit>'
