"""The charts of an executed notebook as PNG and SVG files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cpc_analysis.atomic import write_file
from cpc_analysis.reports.contents import SVG, VEGA_LITE, pictures_of

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = ["draw_charts", "write_pictures"]

_SCALE = 2  # pixels per point: sharp on a slide


def draw_charts(notebook: NotebookNode) -> None:
    """Add a drawing to each chart that has only its Vega-Lite description."""
    from cpc_analysis.charts.renderer import picture

    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            described = [data[kind] for kind in data if VEGA_LITE.fullmatch(kind)]
            if described and SVG not in data:
                data[SVG] = picture(described[0])


def write_pictures(notebook: NotebookNode, folder: Path, name: str) -> tuple[Path, ...]:
    """The paths of the written pictures, ``<name>-<chart>.svg`` and ``.png`` for each chart.

    Parameters
    ----------
    notebook : NotebookNode
        The executed notebook.
    folder : Path
        Where to write.
    name : str
        The notebook's name.
    """
    import vl_convert

    paths = []
    for picture in pictures_of(notebook):
        path = folder / f"{name}-{picture.name}.svg"
        paths.append(write_file(path, picture.svg))
        paths.append(write_file(path.with_suffix(".png"), vl_convert.svg_to_png(picture.svg, scale=_SCALE)))
    return tuple(paths)
