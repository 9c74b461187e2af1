"""What an executed notebook holds: its answer, why it stopped, and its charts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cpc_analysis import errors
from cpc_analysis.reports.parameters import has_tag

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = ["SVG", "VEGA_LITE", "Picture", "answer_of", "description_of", "pictures_of", "problem_of", "refusal_of",
           "traceback_of"]  # fmt: skip

SVG = "image/svg+xml"
VEGA_LITE = re.compile(r"application/vnd\.vegalite\.v\d+(\.\d+)*\+json")
_COLOUR = re.compile("\x1b\\[[0-9;]*m")
_NOT_NAMES = ("parameters", "injected-parameters", "answer")


@dataclass(frozen=True)
class Picture:
    """One chart of a notebook: a short name and its drawing."""

    name: str
    svg: str


def answer_of(notebook: NotebookNode) -> str:
    """The text of the cell tagged ``answer``, on one line; empty without one."""
    cells = [cell for cell in notebook.cells if has_tag(cell, "answer")]
    return " ".join(" ".join(_texts(cell)) for cell in cells).strip()


def _texts(cell: NotebookNode) -> Iterator[str]:
    for output in cell.get("outputs", []):
        text = output.get("text") or output.get("data", {}).get("text/plain", "")
        yield " ".join("".join(text).split())


def problem_of(notebook: NotebookNode, name: str) -> str:
    """Why a notebook stopped, in one sentence; empty when it did not.

    An error of the package is a sentence already; of any other the kind is told too.
    """
    for output, place in _errors(notebook):
        said = refusal_of(notebook) or f"{output.ename}: {_said(output)}"
        return f"Notebook '{name}' stopped in cell {place}. {said}"
    return ""


def refusal_of(notebook: NotebookNode) -> str:
    """The sentence in which the package refused what the notebook asked for; empty when it did not."""
    known = {kind for kind in errors.__all__ if kind.endswith("Error")}
    return next((_said(output) for output, _ in _errors(notebook) if output.ename in known), "")


def _said(output: NotebookNode) -> str:
    return " ".join(str(output.evalue).split())


def traceback_of(notebook: NotebookNode) -> str:
    """The traceback of the cell that stopped, as plain text; empty when none did."""
    return "\n".join(_COLOUR.sub("", line) for output, _ in _errors(notebook) for line in output.traceback)


def _errors(notebook: NotebookNode) -> Iterator[tuple[NotebookNode, int]]:
    for number, cell in enumerate(notebook.cells, start=1):
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                yield output, cell.get("execution_count") or number


def description_of(output: NotebookNode) -> str:
    """What a picture shows, on one line: the description of its chart, or else its text."""
    data = output.get("data", {})
    described = [data[kind].get("description", "") for kind in data if VEGA_LITE.fullmatch(kind)]
    return " ".join("".join(next(filter(None, described), data.get("text/plain", ""))).split())


def pictures_of(notebook: NotebookNode) -> tuple[Picture, ...]:
    """The drawings among the outputs, in order, named by the tag of their cell or else by number."""
    found: list[Picture] = []
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if SVG in output.get("data", {}):
                taken = {picture.name for picture in found}
                name = _free_name(_tag_name(cell) or str(len(found) + 1), taken)
                found.append(Picture(name, "".join(output.data[SVG])))
    return tuple(found)


def _tag_name(cell: NotebookNode) -> str:
    tags = [tag for tag in cell.metadata.get("tags", []) if tag not in _NOT_NAMES and not tag.startswith("nbval")]
    return re.sub(r"[^a-z0-9]+", "-", tags[0].casefold()).strip("-") if tags else ""


def _free_name(name: str, taken: set[str]) -> str:
    candidates = (name, *(f"{name}-{number}" for number in range(2, len(taken) + 3)))
    return next(candidate for candidate in candidates if candidate not in taken)
