"""The words of a notebook in the language of its report: headings, paragraphs and what parameters mean."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import TYPE_CHECKING

from cpc_analysis.language import LANGUAGES, notebook_catalogue

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = ["passages_of", "translated", "translated_words"]

# A block of code; or a heading, which ends with its line; or a paragraph or an entry of a list, which ends before
# an empty line, a heading, another entry or a block of code.
_PASSAGE = re.compile(
    r"^(?:```|~~~).*?^(?:```|~~~)[^\n]*"
    r"|^[ \t]*#{1,6}[ \t]+(?P<heading>[^\n]+)"
    r"|^[ \t]*(?:(?:[-*+>]|\d+\.)[ \t]+)?"
    r"(?P<words>\S[^\n]*(?:\n(?![ \t]*(?:$|(?:#{1,6}|[-*+>]|\d+\.)[ \t]|```|~~~))[^\n]+)*)",
    re.DOTALL | re.MULTILINE,
)


def passages_of(source: str) -> list[str]:
    """The passages of a text in Markdown, each on one line: headings, paragraphs and entries of lists; no code.

    Examples
    --------
    >>> passages_of("## By channel\\n\\nA dash: nothing is\\ncounted there.\\n\\n```toml\\na = 1\\n```")
    ['By channel', 'A dash: nothing is counted there.']
    """
    found = (passage["heading"] or passage["words"] for passage in _PASSAGE.finditer(source))
    return [_in_one_line(text) for text in found if text]


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
            cell.source = _PASSAGE.sub(lambda passage: _passage_translated(passage, language), cell.source)
    return copy


def _passage_translated(passage: re.Match[str], language: str) -> str:
    words = passage["heading"] or passage["words"]
    return passage[0][: -len(words)] + translated_words(words, language) if words else passage[0]


def _in_one_line(text: str) -> str:
    return " ".join(text.split())
