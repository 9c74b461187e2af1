"""The words of a notebook in the language of its report: headings, paragraphs and what parameters mean."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import TYPE_CHECKING

from cpc_analysis.language import LANGUAGES, notebook_catalogue

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = ["passages_of", "translated", "translated_words"]

# What stands between passages: blocks of code, empty lines, and the ends of lines before a heading or a list.
_BETWEEN = re.compile(
    r"((?:^|(?<=\n))(?:```|~~~).*?\n(?:```|~~~)[^\n]*|\n[ \t]*\n|\n(?=[ \t]*(?:#{1,6}|[-*+]|\d+\.)[ \t]))", re.DOTALL
)
_MARK = re.compile(r"\s*(?:(?:#{1,6}|[-*+>]|\d+\.)[ \t]+)?")


def passages_of(source: str) -> list[str]:
    """The passages of a text in Markdown, each on one line: headings, paragraphs and entries of lists; no code.

    Examples
    --------
    >>> passages_of("## By channel\\n\\nA dash: nothing is\\ncounted there.\\n\\n```toml\\na = 1\\n```")
    ['By channel', 'A dash: nothing is counted there.']
    """
    words = (_in_one_line(part[_mark_of(part) :]) for part in _BETWEEN.split(source)[::2])
    return [text for text in words if text]


def translated_words(text: str, language: str) -> str:
    """A passage, or the help of a parameter, in a language; as it is where the catalogue of notebooks lacks it."""
    return text if language == LANGUAGES[0] else notebook_catalogue(language).get(_in_one_line(text)) or text


def translated(notebook: NotebookNode, language: str) -> NotebookNode:
    """A copy of a notebook whose texts are in a language; its code, and texts of a user's own, stay as they are.

    Parameters
    ----------
    notebook : NotebookNode
        With texts in English.
    language : {"en", "da"}
        Which.
    """
    copy = deepcopy(notebook)
    for cell in copy.cells:
        if cell.cell_type == "markdown":
            parts = _BETWEEN.split(cell.source)
            parts[::2] = [_passage_translated(part, language) for part in parts[::2]]
            cell.source = "".join(parts)
    return copy


def _passage_translated(part: str, language: str) -> str:
    place = _mark_of(part)
    return part[:place] + translated_words(part[place:], language)


def _mark_of(part: str) -> int:
    found = _MARK.match(part)
    return found.end() if found else 0


def _in_one_line(text: str) -> str:
    return " ".join(text.split())
