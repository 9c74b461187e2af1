"""One page of HTML for an executed notebook: no code, everything inside, ready to print."""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import replace
from html import escape, unescape
from pathlib import Path
from typing import TYPE_CHECKING

from cpc_analysis.atomic import write_file
from cpc_analysis.language import say, speaking
from cpc_analysis.markup import logo_html
from cpc_analysis.presentation import Presentation
from cpc_analysis.reports.about import Making, about
from cpc_analysis.reports.contents import SVG, description_of
from cpc_analysis.reports.parameters import has_tag
from cpc_analysis.reports.sections import contents_of, with_anchors
from cpc_analysis.reports.stamp import STAMP

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = ["page_of", "write_page", "write_stopped_page"]

_PRIORITY = ["text/html", "text/markdown", "image/png", "image/jpeg", "text/plain"]
_ID = re.compile(r'\bid="([^"]+)"')
_TABLE_PART = re.compile(r"<(thead|tbody)\b.*?</\1>", re.DOTALL)
_PLAIN_HEAD = re.compile(r"<th(?![^>]*\bscope=)(?=[\s>])")
_PLAIN_CELL = re.compile(r"<td>[^<]*</td>")
_BEFORE_UNIT = re.compile(r"(?<=\d) (?=[^\W\d]{1,3}\b)")
#: pandas styles each of its frames, but the page has one style for all; cells that a run adds have ids by chance.
_NEEDLESS = re.compile(r'<style scoped.*?</style>\s*| id="cell-id=[^"]*"', re.DOTALL)
_PROVISIONAL = re.compile(r'<dl class="stamp" data-provisional="([^"]*)"')
_NO_FONT = re.compile(r"[^\w ,.'-]")


def page_of(title: str, body: str, house: Presentation) -> str:
    """A whole page around its body, with the one style of all reports in the fonts and colours of the house.

    Parameters
    ----------
    title : str
        The title of the window, as plain text.
    body : str
        HTML.
    house : Presentation
        Its language is the page's.
    """
    style = Path(__file__).with_name("page.css").read_text(encoding="utf-8")
    return (
        f'<!DOCTYPE html>\n<html lang="{house.language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>\n{style}{_look_of(house)}</style>\n</head>\n"
        f'<body>\n<div class="report">\n{body}\n</div>\n</body>\n</html>\n'
    )


def _look_of(house: Presentation) -> str:
    looks = [f"--{name}: {house.colours[name]};" for name in ("accent", "ink", "quiet") if name in house.colours]
    if font := _NO_FONT.sub("", house.font):
        looks.append(f"--font: {font};")
    return f":root {{ {' '.join(looks)} }}\n" if looks else ""


def write_page(notebook: NotebookNode, path: Path, title: str, making: Making | None = None) -> Path:
    """The path of the written page: title, answer and contents, then the notebook's text, tables and charts.

    Parameters
    ----------
    notebook : NotebookNode
        The executed notebook, which stays as it is.
    path : Path
        Where to write.
    title : str
        The title of the window, and of a page whose notebook has no heading.
    making : Making, optional
        How the report was made, for its last section.
    """
    making = making or Making()
    with speaking(making.presentation.language):
        text = page_of(title, _body(notebook, title, making), making.presentation)
    return write_file(path, text)


def write_stopped_page(
    notebook: NotebookNode, path: Path, title: str, problem: str, making: Making | None = None
) -> Path:
    """The path of the written page of a report that could not be made: its title and the reason, no figures.

    Parameters
    ----------
    notebook, path, title, making
        As for `write_page`.
    problem : str
        Why, in one sentence.
    """
    making = making or Making()
    shown = deepcopy(notebook)
    shown.cells = [cell for cell in notebook.cells[:1] if cell.cell_type == "markdown"]
    shown.cells += [cell for cell in notebook.cells if has_tag(cell, STAMP)]
    with speaking(making.presentation.language):
        notices = (say("This report could not be made."), problem)
        text = page_of(title, _body(shown, title, replace(making, notices=notices)), making.presentation)
    return write_file(path, text)


def _body(notebook: NotebookNode, title: str, making: Making) -> str:
    shown = _for_reading(notebook)
    drawings = _drawings_out(shown)
    lead = [cell for cell in shown.cells if has_tag(cell, "answer") and cell.cell_type == "code"]
    stamp = [cell for cell in shown.cells if has_tag(cell, STAMP)]
    rest = [cell for cell in shown.cells if not has_tag(cell, "answer") and not has_tag(cell, STAMP)]
    if rest and rest[0].cell_type == "markdown":
        lead.insert(0, rest.pop(0))
    head, main, rests_on = (_html(shown, cells) for cells in (lead, rest, stamp))
    if "<h1" not in head:
        head = f"<h1>{escape(title)}</h1>\n{head}"
    head = f"<header>\n{logo_html(making.presentation.logo)}{head}{_notices(making, rests_on)}</header>\n"
    place = "<!-- contents -->"
    body, sections = with_anchors(f"{head}{place}\n<main>\n{main}\n{about(making, rests_on)}\n</main>")
    return _drawn(body.replace(place, contents_of(sections), 1), drawings)


def _html(notebook: NotebookNode, cells: list[NotebookNode]) -> str:
    """Some cells of a notebook as HTML."""
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
    part = deepcopy(notebook)
    part.cells = cells
    body, _ = exporter.from_notebook_node(part)
    return _TABLE_PART.sub(_readable_part, _NEEDLESS.sub("", str(body))) if cells else ""


def _readable_part(part: re.Match[str]) -> str:
    """The head or body of a table: its headings say of what they are, its numbers keep their units."""
    scoped = _PLAIN_HEAD.sub(f'<th scope="{"col" if part[1] == "thead" else "row"}"', part[0])
    return _PLAIN_CELL.sub(lambda cell: _BEFORE_UNIT.sub("\N{NO-BREAK SPACE}", cell[0]), scoped)


def _for_reading(notebook: NotebookNode) -> NotebookNode:
    """A copy without cells that show nothing, whose pictures have a description."""
    copy = deepcopy(notebook)
    copy.cells = [cell for cell in copy.cells if cell.cell_type != "code" or cell.get("outputs")]
    for cell in copy.cells:
        for output in cell.get("outputs", []):
            for kind in ("image/png", "image/jpeg"):
                if kind in output.get("data", {}):
                    output.metadata.setdefault(kind, {}).setdefault("alt", description_of(output))
    return copy


def _drawings_out(notebook: NotebookNode) -> list[tuple[str, str]]:
    """Take the drawings and their descriptions out of a notebook, a place left for each: nbconvert rewrites them."""
    drawings: list[tuple[str, str]] = []
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if SVG in output.get("data", {}):
                drawings.append(("".join(output.data[SVG]), description_of(output)))
                output.data = {"text/html": _figure(len(drawings))}
    return drawings


def _figure(number: int) -> str:
    return f'<figure id="figure-{number}"></figure>'


def _drawn(body: str, drawings: list[tuple[str, str]]) -> str:
    for number, (svg, description) in enumerate(drawings, start=1):
        drawing = f'<div role="img" aria-label="{escape(description)}">{_own_ids(svg, f"figure-{number}-")}</div>'
        body = body.replace(_figure(number), _figure(number).replace("><", f">{drawing}<"))
    return body


def _own_ids(svg: str, prefix: str) -> str:
    """A drawing whose ids clash with no other's on the page: a clip of one would cut another."""
    for name in set(_ID.findall(svg)):
        svg = svg.replace(f'id="{name}"', f'id="{prefix}{name}"')
        svg = svg.replace(f"url(#{name})", f"url(#{prefix}{name})")
        svg = svg.replace(f'href="#{name}"', f'href="#{prefix}{name}"')
    return svg


def _notices(making: Making, stamp: str) -> str:
    """What a reader must know first, to stand under the title; last of it that figures may still move."""
    stopping = "".join(f'<p class="stopped">{escape(notice)}</p>\n' for notice in making.notices)
    found = _PROVISIONAL.search(stamp)
    return stopping + (f'<p class="notice">{escape(unescape(found[1]))}</p>\n' if found else "")
