"""Cells of a notebook that are left out, each with its reason: what they ask for is not in the data."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from cpc_analysis.language import say
from cpc_analysis.reports.contents import refusal_in
from cpc_analysis.reports.parameters import has_tag
from cpc_analysis.reports.stamp import STAMP

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = ["LEFT_OUT", "Cells", "reasons_of"]

#: The tag of a cell that was left out.
LEFT_OUT = "left-out"
_NO_RESULT = ("parameters", "injected-parameters", STAMP, LEFT_OUT)


@dataclass(frozen=True)
class _LeftOut:
    """A cell that was left out, and whether its section says why."""

    cell: NotebookNode
    reason: str
    is_told: bool


class Cells:
    """The cells of a notebook as they run: which are left out, as they ask for what is not in the data.

    A cell that the package refuses is left out whole, and so is every cell that reads a name which it would have
    given. What was asked for by hand is not left out: it is refused.

    Parameters
    ----------
    notebook : NotebookNode
        The notebook; the outputs of its cells tell what was refused.
    given : collection of str
        The parameters whose values were asked for.
    """

    def __init__(self, notebook: NotebookNode, given: Collection[str] = ()) -> None:
        self._notebook = notebook
        self._asked_for = set(given)
        self._missing: dict[str, str] = {}
        self._left_out: list[_LeftOut] = []
        self._told: set[tuple[str, bool]] = set()

    def enter(self, cell: NotebookNode) -> bool:
        """Whether a cell is to run; one that reads a missing name is left out."""
        if cell.cell_type != "code":
            if any(line.startswith("#") for line in cell.source.splitlines()):
                self._told = set()
            return False
        reason = next((self._missing[name] for name in _read(cell.source) if name in self._missing), "")
        if reason:
            self._leave_out(cell, reason)
        return not reason

    def leave(self, cell: NotebookNode) -> bool:
        """Whether the notebook goes on after a cell that ran: it went well, or was refused and is left out."""
        if not any(output.output_type == "error" for output in cell.outputs):
            for name in _given(cell.source):
                self._missing.pop(name, None)
            return True
        reason = refusal_in(cell)
        if not reason or self._asked_for & set(_read(cell.source)):
            return False
        self._leave_out(cell, reason)
        return True

    def _leave_out(self, cell: NotebookNode, reason: str) -> None:
        # The answer stands at the top of the page, away from its section.
        telling = (reason, has_tag(cell, "answer"))
        self._left_out.append(_LeftOut(cell, reason, telling not in self._told))
        self._told.add(telling)
        self._missing |= dict.fromkeys(_given(cell.source), reason)

    def close(self, is_whole: bool) -> None:
        """Say in the notebook what was left out, once in each section.

        Where it went on to its end and nothing else is left, the first refusal stays as it is: the notebook as a whole
        was refused.

        Parameters
        ----------
        is_whole : bool
            Whether the notebook went on to its end.
        """
        for left_out in self._left_out:
            left_out.cell.metadata["tags"] = [*left_out.cell.metadata.get("tags", []), LEFT_OUT]
        if is_whole and not any(map(_has_result, self._notebook.cells)):
            return
        for left_out in self._left_out:
            left_out.cell.outputs = [_sentence(left_out)] if left_out.is_told else []
        answers = [cell for cell in self._notebook.cells if has_tag(cell, "answer") and cell.cell_type == "code"]
        if any(map(_has_result, answers)):
            for cell in answers:
                cell.outputs = [] if has_tag(cell, LEFT_OUT) else cell.outputs


def reasons_of(notebook: NotebookNode) -> tuple[str, ...]:
    """Why sections of an executed notebook were left out, each reason once."""
    outputs = [output for cell in notebook.cells if has_tag(cell, LEFT_OUT) for output in cell.get("outputs", [])]
    found = [output.get("metadata", {}).get(LEFT_OUT, "") for output in outputs]
    return tuple(dict.fromkeys(filter(None, found)))


def _has_result(cell: NotebookNode) -> bool:
    return bool(cell.get("outputs")) and not any(has_tag(cell, tag) for tag in _NO_RESULT)


def _sentence(left_out: _LeftOut) -> NotebookNode:
    import nbformat

    reason = left_out.reason
    text = say("Left out: {reason}", reason=reason)
    if has_tag(left_out.cell, "answer"):
        text = say("There is no answer: {reason}", reason=reason)
    data = {"text/html": f'<p class="{LEFT_OUT}">{escape(text)}</p>', "text/plain": text}
    return nbformat.v4.new_output("display_data", data=data, metadata={LEFT_OUT: reason})


def _read(source: str) -> Iterator[str]:
    """The names that a cell reads and does not give itself before."""
    bound: set[str] = set()
    for statement in _statements(source):
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id not in bound:
                yield node.id
        bound.update(_bound(statement))


def _given(source: str) -> Iterator[str]:
    """The names that a cell gives to those after it."""
    for statement in _statements(source):
        yield from _bound(statement)


def _bound(statement: ast.stmt) -> Iterator[str]:
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.alias):
            yield (node.asname or node.name).split(".")[0]


def _statements(source: str) -> list[ast.stmt]:
    try:
        return ast.parse(source).body
    except SyntaxError:
        # A notebook of a user's own may have commands of IPython, which are no Python.
        return []
