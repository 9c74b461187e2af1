"""What every whole chart has: its size, its heading, its alt text, and what presentation programs need of it."""

from __future__ import annotations

import re
from textwrap import wrap
from typing import Any

import altair as alt
import pandas as pd

from cpc_analysis.charts.figure import Figure, figure_of
from cpc_analysis.charts.native import Native, meta_of
from cpc_analysis.charts.theme import SIZES, colour, font, house
from cpc_analysis.charts.wording import as_spoken
from cpc_analysis.language import language_spoken
from cpc_analysis.models.wording import scope_in_words

__all__ = ["finished", "headed"]

#: The mean width of a character of a title and of a subtitle [pixels].
_TITLE, _SUBTITLE = 8.6, 5.7
#: The most lines of a subtitle, which states the definition, the period and the source.
_LINES = {"slide": 4, "half": 8, "page": 5}


def finished(
    chart: alt.LayerChart, result: object, title: str, subtitle: str, description: str, size: str,
    plot: tuple[int, int], native: Native | None = None,
) -> Figure:  # fmt: skip
    """The chart as a whole.

    Parameters
    ----------
    chart : altair.LayerChart
        Its marks.
    result : object
        What is drawn: a frame, or a record with `definition` and `source`.
    title, subtitle, description : str
        The finding; the definition, period and source; the alt text.
    size : {"slide", "half", "page"}
        Of the picture.
    plot : tuple of int
        Width and height of the plotting area [pixels].
    native : Native, optional
        What presentation programs draw; None where they have no such chart.

    Returns
    -------
    Figure
    """
    width, height = plot
    top = headed(result, title, subtitle, description, size, native)
    return figure_of(chart).properties(width=width, height=height, view=alt.ViewBackground(stroke=None), **top)


def headed(
    result: object, title: str, subtitle: str, description: str, size: str, native: Native | None = None
) -> dict[str, Any]:
    """The heading, the alt text, and what presentation programs need, as properties of a chart."""
    stated = getattr(result, "attrs", None) or vars(result)
    subtitle, description = _one_stop(subtitle), _one_stop(description)
    definition = as_spoken(stated.get("definition"))
    definition = f"{definition} {_scope_of(result)}".strip() if definition else ""
    meta = meta_of(
        native, title=title, subtitle=subtitle, alt=description, definition=definition,
        source=str(stated.get("source") or ""), language=language_spoken(), font=house().font, logo=house().logo,
        template=house().template,
    )  # fmt: skip
    return {"title": _heading(title, subtitle, size), "description": description, "usermeta": meta}


def _scope_of(result: object) -> str:
    frame = result if isinstance(result, pd.DataFrame) else getattr(result, "effects", None)
    return "" if frame is None else scope_in_words(frame)


def _heading(title: str, subtitle: str, size: str) -> alt.TitleParams:
    """A title that states the finding, and the definition below it, broken to the picture's width."""
    width = SIZES[size][0]
    below = wrap(subtitle, int(width / _SUBTITLE), break_on_hyphens=False, max_lines=_LINES[size], placeholder=" …")
    return alt.TitleParams(
        text=wrap(title, int(width / _TITLE), break_on_hyphens=False) or [""],
        subtitle=below or [""],
        anchor="start",
        frame="bounds",
        font=font(),
        fontSize=16,
        fontWeight="bold",
        color=colour("ink"),
        subtitleFont=font(),
        subtitleFontSize=11,
        subtitleColor=colour("quiet"),
        subtitlePadding=6,
        offset=16,
    )


def _one_stop(text: str) -> str:
    """A sentence that ends in an abbreviation, such as kr., has no second full stop."""
    return re.sub(r"(?<!\.)\.\.(?!\.)", ".", text)
