"""Tiny notebooks to run."""

from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

PARAMETERS = """\
period: str = "2025-06"  # the period to report
months: int = 13  # points of the trend
share: float = 0.5
rounded: bool = True
channels: list[str] = []  # empty: all"""

DRAWING = """\
from IPython.display import display
svg = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><clipPath id="clip0"><rect width="9" \
height="9"/></clipPath><rect width="20" height="20" clip-path="url(#clip0)"/></svg>'
display({"image/svg+xml": svg, "text/plain": "a chart"}, raw=True)"""

#: Source, or source and tag, of each cell after the heading and the parameters.
CELLS = ((DRAWING, "levels"), (DRAWING,), ('print(f"In {period} all was well.")', "answer"))

Write = Callable[..., Path]


def notebook_of(*cells: tuple[str, ...], parameters: str = PARAMETERS) -> nbformat.NotebookNode:
    made = [nbformat.v4.new_markdown_cell("# A tiny report\n\nIs all well?")]
    if parameters:
        made.append(nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]}))
    made += [nbformat.v4.new_code_cell(cell[0], metadata={"tags": list(cell[1:])}) for cell in cells]
    return nbformat.v4.new_notebook(cells=made)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a notebook of cells under a name, and give its path."""

    def write_notebook(name: str, *cells: tuple[str, ...], parameters: str = PARAMETERS) -> Path:
        path = tmp_path / f"{name}.ipynb"
        nbformat.write(notebook_of(*cells, parameters=parameters), path)
        return path

    return write_notebook
