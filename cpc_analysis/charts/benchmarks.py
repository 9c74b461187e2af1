"""The own cost per contact beside the published figures that count alike, channel by channel."""

from __future__ import annotations

import altair as alt
import pandas as pd

from cpc_analysis.charts.renderer import enable_renderer
from cpc_analysis.charts.theme import ACCENT, FONT, INK, QUIET, SIZES, plain_axis, styled
from cpc_analysis.charts.wording import amount, axis_title, definition_text
from cpc_analysis.errors import InvalidInputError, listed

__all__ = ["benchmarks"]

_QUANTITY = "cost_per_contact"


def benchmarks(
    frame: pd.DataFrame, *, title: str | None = None, language: str = "en", size: str = "slide"
) -> alt.LayerChart:
    """Dots for the published figures of each channel, and a line across them for the own.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `compare_benchmarks`.
    title : str, optional
        Instead of the finding in words.
    language : {"en", "da"}
        Of numbers.
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
    enable_renderer()
    if not {"channel", "converted", "own"} <= set(frame):
        raise InvalidInputError(f"Benchmarks need a frame of compare_benchmarks, got the columns {listed(frame)}.")
    currency = str(frame.attrs.get("currency", ""))
    published = [{"channel": row.channel, "name": row.name, "value": float(f"{row.converted:.8g}")}
                 for row in frame[["channel", "name", "converted"]].itertuples(index=False)]  # fmt: skip
    own = [
        {"channel": channel, "value": float(f"{value:.8g}"), "text": amount(value, _QUANTITY, currency, language)}
        for channel, value in frame.groupby("channel", sort=False)["own"].first().items()
    ]
    width, height = SIZES[size][0], max(52 * len(own) + 10, 90)
    names = plain_axis(None, grid=False, labelLimit=int(width * 0.32), labelColor=INK, labelFontSize=12)
    x = alt.X("value:Q", axis=plain_axis(axis_title(_QUANTITY, currency, language), tickCount=6))
    y = alt.Y("channel:N", sort=[row["channel"] for row in own], axis=names)
    others = alt.Chart(alt.Data(values=published)).encode(x=x, y=y)
    ours = alt.Chart(alt.Data(values=own)).encode(x=x, y=y)
    layers = [
        others.mark_point(filled=True, size=80, color=QUIET, opacity=0.6).encode(
            tooltip=["name:N", alt.Tooltip("value:Q", format=",.2f")]
        ),
        ours.mark_tick(color=ACCENT, thickness=4, size=30),
        ours.mark_text(align="center", dy=-22, font=FONT, fontSize=11, fontWeight="bold", color=ACCENT).encode(
            text="text:N"
        ),
    ]
    finding = title or _finding(frame)
    definition = definition_text(_QUANTITY, str(frame.attrs.get("definition", "")), str(frame.attrs.get("source", "")))
    described = ", ".join(f"{row['channel']} {row['text']}" for row in own)
    return styled(alt.layer(*layers), finding, f"Line: ours; dots: published figures in {currency}. {definition}",
                  f"{finding}. Ours: {described}.", (int(width * 0.78), height))  # fmt: skip


def _finding(frame: pd.DataFrame) -> str:
    places: dict[str, list[str]] = {"above": [], "among": [], "below": []}
    for channel, rows in frame.groupby("channel", sort=False):
        above = (rows["difference"] > 0).mean()
        places["above" if above == 1 else "below" if above == 0 else "among"].append(str(channel))
    said = [
        f"{place} the published figures for {', '.join(channels)}" for place, channels in places.items() if channels
    ]
    return f"Our cost per contact lies {'; '.join(said)}"
