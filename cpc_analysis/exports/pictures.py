"""Charts written as pictures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cpc_analysis.charts.renderer import picture
from cpc_analysis.errors import InvalidInputError, closest, listed

__all__ = ["export"]

_ENDINGS = (".png", ".svg")


def export(items: Any, path: str | Path, *, scale: float = 2.0) -> list[Path]:
    """The paths written: one chart, or several numbered ones.

    Parameters
    ----------
    items : altair chart or sequence of them
        What to write.
    path : path
        Ends in ``.png`` or ``.svg``; its folder is made where it is not there.
    scale : float
        Pixels of a PNG per pixel of the chart.

    Raises
    ------
    InvalidInputError
        If the ending is another one, or an item is no chart.

    Examples
    --------
    >>> import altair as alt, tempfile
    >>> chart = alt.Chart(alt.Data(values=[{"x": 1}])).mark_point().encode(x="x:Q")
    >>> [written.name for written in export([chart, chart], tempfile.mkdtemp() + "/october.svg")]
    ['october-1.svg', 'october-2.svg']
    """
    target = Path(path)
    ending = target.suffix.lower()
    if ending not in _ENDINGS:
        near = closest(ending, _ENDINGS)
        hint = f" Did you mean {near}?" if near else ""
        raise InvalidInputError(f"A chart can be written as {listed(_ENDINGS)}, got '{target.name}'.{hint}")
    charts = list(items) if isinstance(items, Sequence) else [items]
    if not charts:
        raise InvalidInputError(f"There is no chart to write to '{target.name}'.")
    target.parent.mkdir(parents=True, exist_ok=True)
    paths = []
    for number, chart in enumerate(charts, start=1):
        if not hasattr(chart, "to_dict"):
            raise InvalidInputError(f"Only charts can be written as {ending}, got {type(chart).__name__}.")
        place = target if len(charts) == 1 else target.with_stem(f"{target.stem}-{number}")
        _write(chart.to_dict(), place, scale)
        paths.append(place)
    return paths


def _write(spec: dict[str, Any], path: Path, scale: float) -> None:
    if path.suffix.lower() == ".svg":
        path.write_text(picture(spec), encoding="utf-8")
    else:
        import vl_convert

        path.write_bytes(vl_convert.vegalite_to_png(spec, scale=scale))
