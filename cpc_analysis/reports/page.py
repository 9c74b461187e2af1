"""One page of HTML for an executed notebook: no code, everything inside, ready to print."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from cpc_analysis.reports.contents import SVG
from cpc_analysis.reports.parameters import has_tag

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = ["page_of", "write_page"]

_PRIORITY = ["text/html", "text/markdown", "image/png", "image/jpeg", "text/plain"]
_ID = re.compile(r'\bid="([^"]+)"')


def page_of(title: str, body: str) -> str:
    """A whole page around its body, with the one style of all reports.

    Parameters
    ----------
    title : str
        The title of the window, as plain text.
    body : str
        HTML.
    """
    style = Path(__file__).with_name("page.css").read_text(encoding="utf-8")
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def write_page(notebook: NotebookNode, path: Path, title: str) -> Path:
    """The path of the written page: the answer first, then the notebook's text, tables and charts.

    Parameters
    ----------
    notebook : NotebookNode
        The executed notebook, which stays as it is.
    path : Path
        Where to write.
    title : str
        The title of the window.
    """
    from nbconvert import HTMLExporter
    from traitlets.config import Config

    exporter = HTMLExporter(
        template_name="basic",
        exclude_input=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
        config=Config(
            {
                "NbConvertBase": {"display_data_priority": _PRIORITY},
                # A kernel may send what is printed in pieces.
                "CoalesceStreamsPreprocessor": {"enabled": True},
            }
        ),
    )
    shown = _for_reading(notebook)
    drawings = _drawings_out(shown)
    body, _ = exporter.from_notebook_node(shown)
    for number, svg in enumerate(drawings, start=1):
        figure = _figure(number)
        body = body.replace(figure, figure.replace("><", f">{_own_ids(svg, f'figure-{number}-')}<"))
    path.write_text(page_of(title, body), encoding="utf-8", newline="\n")
    return path


def _for_reading(notebook: NotebookNode) -> NotebookNode:
    """A copy with the answer under the title instead of its heading, and without cells that show nothing."""
    from copy import deepcopy

    copy = deepcopy(notebook)
    shown = [cell for cell in copy.cells if cell.cell_type != "code" or cell.get("outputs")]
    answers = [cell for cell in shown if has_tag(cell, "answer") and cell.cell_type == "code"]
    rest = [cell for cell in shown if not has_tag(cell, "answer")]
    copy.cells = rest[:1] + answers + rest[1:]
    return copy


def _drawings_out(notebook: NotebookNode) -> list[str]:
    """Take the drawings out of a notebook, each with a place left for it: nbconvert would rewrite them."""
    drawings: list[str] = []
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if SVG in output.get("data", {}):
                drawings.append("".join(output.data[SVG]))
                output.data = {"text/html": _figure(len(drawings))}
    return drawings


def _figure(number: int) -> str:
    return f'<figure id="figure-{number}"></figure>'


def _own_ids(svg: str, prefix: str) -> str:
    """A drawing whose ids clash with no other's on the page: a clip of one would cut another."""
    for name in set(_ID.findall(svg)):
        svg = svg.replace(f'id="{name}"', f'id="{prefix}{name}"')
        svg = svg.replace(f"url(#{name})", f"url(#{prefix}{name})")
        svg = svg.replace(f'href="#{name}"', f'href="#{prefix}{name}"')
    return svg
