"""Paragraphs broken to pages."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

from cpc_analysis.exports.fitting import LINE, wrapped
from cpc_analysis.markup import clean

__all__ = ["text_pages"]

_SIZES = (18.0, 16.0, 14.0, 12.0)


def text_pages(
    texts: Sequence[str], width: float, height: float, family: str = "", largest: float = inf
) -> list[tuple[float, list[tuple[str, ...]]]]:
    """Paragraphs on pages of a size [points]: of each page the size of the font, and every paragraph's lines.

    On one page in the largest size that fits, no larger than `largest`; else on several in the smallest.
    """
    pages: list[list[tuple[str, ...]]] = [[]]
    size = _SIZES[-1]
    for size in (size for size in _SIZES if size <= largest):
        pages = _paged([wrapped(clean(text), width, size, family) for text in texts], size, height)
        if len(pages) == 1:
            break
    return [(size, page) for page in pages]


def _paged(paragraphs: list[tuple[str, ...]], size: float, height: float) -> list[list[tuple[str, ...]]]:
    most = max(int(height / (size * LINE)), 1)
    pages: list[list[tuple[str, ...]]] = [[]]
    used = 0.0
    for paragraph in paragraphs:
        rest = paragraph
        while rest:
            room = int(most - used)
            # A few lines at the foot of a page are no start of a paragraph.
            if room < min(len(rest), 3) and pages[-1]:
                pages.append([])
                used = 0.0
                continue
            pages[-1].append(rest[:room])
            used += len(rest[:room]) + 0.6
            rest = rest[room:]
    return pages
