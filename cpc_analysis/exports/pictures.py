"""Charts written as pictures."""

from __future__ import annotations

from cpc_analysis.charts.renderer import bitmap, picture
from cpc_analysis.errors import InvalidInputError
from cpc_analysis.exports.exhibits import Exhibit
from cpc_analysis.presentation import Presentation

__all__ = ["written"]


def written(exhibits: list[Exhibit], ending: str, house: Presentation, scale: float) -> list[bytes]:
    """One picture per chart.

    Raises
    ------
    InvalidInputError
        If an exhibit is no chart.
    """
    for exhibit in exhibits:
        if exhibit.specification is None:
            raise InvalidInputError(f"Only charts can be written as {ending}, got {exhibit.kind}.")
    charts = [exhibit.specification for exhibit in exhibits if exhibit.specification is not None]
    if ending == ".svg":
        return [picture(chart).encode() for chart in charts]
    return [bitmap(chart, scale) for chart in charts]
