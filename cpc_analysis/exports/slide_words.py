"""The line below a slide's title: what a chart says of its marks is left out where the slide's own chart has others."""

from __future__ import annotations

import re

from cpc_analysis.exports.exhibits import Exhibit
from cpc_analysis.language import say, speaking, term

__all__ = ["words_below"]

#: How a chart begins to tell of marks that its native form has not: it has bars, a legend and colours instead.
_MARKS = (
    term("Dots: shares added up."), term("Dashed: the project's own definition."), term("grey tick: a year before"),
    term("dark tick: budget"),
)  # fmt: skip


def words_below(exhibit: Exhibit) -> str:
    """The subtitle of a native chart, without what it says of marks that are not drawn.

    Parameters
    ----------
    exhibit : Exhibit
        With a native chart.
    """
    with speaking(exhibit.presentation.language):
        marks = tuple(say(mark).rstrip(".").casefold() for mark in _MARKS)
    sentences = re.split(r"(?<=\.) ", exhibit.subtitle)
    return " ".join(sentence for sentence in sentences if not sentence.casefold().startswith(marks))
