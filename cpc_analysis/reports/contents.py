"""What an executed notebook holds: its answer, why it stopped, and its charts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING

from cpc_analysis import errors
from cpc_analysis.reports.parameters import has_tag

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = [
    "SVG", "VEGA_LITE", "Picture", "answer_of", "changed_of", "description_of", "fingerprint_of", "note_problem",
    "pictures_of", "problem_of", "refusal_in", "refusal_of", "traceback_of",
]  # fmt: skip

SVG = "image/svg+xml"
VEGA_LITE = re.compile(r"application/vnd\.vegalite\.v\d+(\.\d+)*\+json")
_COLOUR = re.compile("\x1b\\[[0-9;]*m")
#: Where a notebook's metadata say why its report is not whole.
_NOTED = "cpc_problem"
_FINGERPRINT = re.compile(r'<dl class="stamp"[^>]* data-inputs="([^"]*)"')
_CHANGED = re.compile(r'<dl class="stamp"[^>]* data-changed="([^"]*)"')
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

    An error of the package is a sentence already; of any other the kind is told too. What stopped a notebook from
    outside of its cells, such as a time limit, is written in its metadata by `note_problem`.
    """
    if noted := str(notebook.metadata.get(_NOTED, "")):
        return noted
    for cell, place in _stopped(notebook):
        output = _errors(cell)[0]
        said = _said(output) if _is_own(str(output.ename)) else f"{output.ename}: {_said(output)}"
        return f"Notebook '{name}' stopped in cell {place}. {said}"
    return ""


def note_problem(notebook: NotebookNode, problem: str) -> None:
    """Write into a notebook why its report is not whole."""
    notebook.metadata[_NOTED] = problem


def refusal_of(notebook: NotebookNode) -> str:
    """The sentence in which the package refused what the notebook asked for; empty when it did not."""
    return next((said for cell, _ in _stopped(notebook) if (said := refusal_in(cell))), "")


def refusal_in(cell: NotebookNode) -> str:
    """The sentence in which the package refused what a cell asked for; empty without one, or for a file at fault."""
    return next((_said(output) for output in _errors(cell) if _is_refusal(str(output.ename))), "")


def _is_refusal(kind: str) -> bool:
    """Whether an error says that the data or the parameters do not hold what was asked for."""
    return _is_own(kind) and not issubclass(getattr(errors, kind), OSError)


def _is_own(kind: str) -> bool:
    """Whether an error is one of the package's."""
    known = getattr(errors, kind) if kind in errors.__all__ else None
    return isinstance(known, type) and issubclass(known, errors.CpcError)


def _said(output: NotebookNode) -> str:
    return " ".join(str(output.evalue).split())


def traceback_of(notebook: NotebookNode) -> str:
    """The traceback of the cell that stopped, as plain text; empty when none did."""
    lines = [line for cell, _ in _stopped(notebook) for output in _errors(cell) for line in output.traceback]
    return "\n".join(_COLOUR.sub("", line) for line in lines)


def _stopped(notebook: NotebookNode) -> Iterator[tuple[NotebookNode, int]]:
    """The cells that stopped, each with the number that it has on its left."""
    for number, cell in enumerate(notebook.cells, start=1):
        if _errors(cell):
            yield cell, cell.get("execution_count") or number


def _errors(cell: NotebookNode) -> list[NotebookNode]:
    return [output for output in cell.get("outputs", []) if output.output_type == "error"]


def fingerprint_of(notebook: NotebookNode) -> str:
    """The fingerprint of the files that a report was made from; empty where its stamp has none."""
    return _stamped(notebook, _FINGERPRINT)


def changed_of(notebook: NotebookNode) -> str:
    """The names of the files that changed while a report was made; empty when none did."""
    return _stamped(notebook, _CHANGED)


def _stamped(notebook: NotebookNode, mark: re.Pattern[str]) -> str:
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    texts = ("".join(output.get("data", {}).get("text/html", "")) for output in outputs)
    return next((unescape(found[1]) for text in texts if (found := mark.search(text))), "")


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
