"""The headings of a page: in order, each with an anchor, and the table of contents that they make."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cpc_analysis.language import say

__all__ = ["Section", "contents_of", "with_anchors"]

_HEADING = re.compile(r"<h([1-6])\b[^>]*>(.*?)</h\1>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
#: Levels that stand in the table of contents: the title does not.
_LISTED = (2, 3)


@dataclass(frozen=True)
class Section:
    """A heading of a page: its level, its anchor, and its text as HTML without tags."""

    level: int
    anchor: str
    text: str


def with_anchors(body: str) -> tuple[str, tuple[Section, ...]]:
    """HTML whose headings have anchors and levels that a reader can follow, and those headings.

    There is one heading of the first level, and none is more than one level below the one before it: a screen
    reader goes by the levels.

    Parameters
    ----------
    body : str
        HTML whose first heading is its title.

    Examples
    --------
    >>> html, sections = with_anchors("<h1>A</h1><h4>B</h4><h1>C</h1>")
    >>> html
    '<h1 id="section-1">A</h1><h2 id="section-2">B</h2><h2 id="section-3">C</h2>'
    """
    found: list[Section] = []

    def anchored(match: re.Match[str]) -> str:
        level = min(max(int(match[1]), 2), found[-1].level + 1) if found else 1
        section = Section(level, f"section-{len(found) + 1}", _TAG.sub("", match[2]).strip())
        found.append(section)
        return f'<h{level} id="{section.anchor}">{match[2]}</h{level}>'

    return _HEADING.sub(anchored, body), tuple(found)


def contents_of(sections: tuple[Section, ...]) -> str:
    """The table of contents as HTML."""
    entries = "\n".join(
        f'<li class="level-{section.level}"><a href="#{section.anchor}">{section.text}</a></li>'
        for section in sections
        if section.level in _LISTED
    )
    return (
        f'<nav class="contents" aria-labelledby="contents"><p id="contents">{say("Contents")}</p>\n'
        f"<ol>\n{entries}\n</ol></nav>"
    )
