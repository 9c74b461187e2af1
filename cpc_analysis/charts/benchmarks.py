"""The own cost per contact beside the published figures that count alike, channel by channel."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from cpc_analysis.charts.drawing import drawn
from cpc_analysis.charts.finishing import finished
from cpc_analysis.charts.native import Native, Series
from cpc_analysis.charts.placing import Names
from cpc_analysis.charts.theme import SIZES, colour, plain_axis, tip, written
from cpc_analysis.charts.wording import (
    as_spoken,
    axis_title,
    definition_line,
    group_said,
    number_format,
    rounded,
    title_of,
)
from cpc_analysis.errors import InvalidInputError, listed
from cpc_analysis.language import column_said, enumerated, say
from cpc_analysis.models.wording import number_in_words

__all__ = ["benchmarks"]

_QUANTITY = "cost_per_contact"


@drawn
def benchmarks(
    frame: pd.DataFrame, *, title: str | None = None, language: str | None = None, size: str = "slide"
) -> alt.LayerChart:
    """Dots for the published figures of each channel, and a line across them for the own.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `compare_benchmarks`.
    title : str, optional
        Instead of the finding in words.
    language : {"en", "da"}, optional
        Of texts and numbers; the frame's own when None.
    size : {"slide", "half", "page"}
        Of the plot.

    Returns
    -------
    altair.LayerChart

    Raises
    ------
    InvalidInputError
        If the frame is not of `compare_benchmarks`.
    """
    if not {"channel", "converted", "own"} <= set(frame):
        raise InvalidInputError(f"Benchmarks need a frame of compare_benchmarks, got the columns {listed(frame)}.")
    currency = str(frame.attrs.get("currency", ""))
    published: list[dict[str, Any]] = [{"channel": group_said("channel", str(row.channel)), "name": as_spoken(row.name),
                  "value": rounded(row.converted), "text": number_in_words(_QUANTITY, row.converted, currency)}
                 for row in frame.dropna(subset=["converted"]).itertuples(index=False)]  # fmt: skip
    own: list[dict[str, Any]] = [
        {"channel": group_said("channel", str(channel)), "value": rounded(value),
         "text": number_in_words(_QUANTITY, value, currency)}
        for channel, value in frame.groupby("channel", sort=False)["own"].first().items()
    ]  # fmt: skip
    order = [row["channel"] for row in own]
    names, width = Names(order, size, 52), SIZES[size][0]
    finding = title or _finding(frame)
    legend = say("Line: ours; dots: published figures in {currency}.", currency=currency)
    described = ", ".join(f"{row['channel']} {row['text']}" for row in own)
    alt_text = say("{finding}. Ours: {values}.", finding=finding, values=described)
    layers = _layers(published, own, order, axis_title(_QUANTITY, currency), names, size)
    return finished(alt.layer(*layers), frame, finding, f"{legend} {definition_line(frame, _QUANTITY)}", alt_text, size,
                    (int(width * 0.78), names.height), _native(published, own, order, currency))  # fmt: skip


def _layers(
    published: list[dict[str, Any]], own: list[dict[str, Any]], order: list[str], axis: str, names: Names, size: str
) -> list[alt.Chart]:
    x = alt.X("value:Q", axis=plain_axis(axis, tickCount=6 if size != "half" else 4))
    y = alt.Y("channel:N", sort=order, axis=names.axis())
    others = alt.Chart(alt.Data(values=published)).encode(x=x, y=y)
    ours = alt.Chart(alt.Data(values=own)).encode(x=x, y=y)
    tooltip = [tip("channel:N", column_said("channel")), tip("name:N", say("published figure")),
               tip("text:N", title_of(_QUANTITY))]  # fmt: skip
    return [
        others.mark_point(filled=True, size=80, color=colour("quiet"), opacity=0.6).encode(tooltip=tooltip),
        ours.mark_tick(color=colour("accent"), thickness=4, size=30, opacity=1),
        written(ours, align="center", dy=-22, fontWeight="bold", color=colour("accent")).encode(text="text:N"),
    ]


def _native(published: list[dict[str, Any]], own: list[dict[str, Any]], order: list[str], currency: str) -> Native:
    """Money up, and channels across at the places 1, 2, ..."""

    def series(name: str, rows: list[dict[str, Any]], shade: str) -> Series:
        return Series(name, [row["value"] for row in rows], shade, [order.index(row["channel"]) + 1.0 for row in rows])

    both = [series(say("ours"), own, colour("accent")), series(say("published figures"), published, colour("quiet"))]
    return Native("scatter", order, both, axis_title(_QUANTITY, currency), number_format(_QUANTITY))


def _finding(frame: pd.DataFrame) -> str:
    places: dict[str, list[str]] = {"above": [], "among": [], "below": []}
    for channel, rows in frame.groupby("channel", sort=False):
        above = (rows["converted"] < rows["own"]).mean()
        place = "above" if above == 1 else "below" if above == 0 else "among"
        places[place].append(group_said("channel", str(channel)))
    found = {place: enumerated(*channels) for place, channels in places.items()}
    texts = (
        (found["above"], say("above the published figures for {channels}", channels=found["above"])),
        (found["among"], say("among the published figures for {channels}", channels=found["among"])),
        (found["below"], say("below the published figures for {channels}", channels=found["below"])),
    )
    said = "; ".join(text for channels, text in texts if channels)
    return say("Our cost per contact lies {places}", places=said) if said else say("There is no figure to compare with")
