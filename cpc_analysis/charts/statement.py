"""The cost statement as a picture: the ledger to groups, used, waiting and unallocated."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import altair as alt
import pandas as pd

from cpc_analysis.charts.drawing import drawn
from cpc_analysis.charts.finishing import finished
from cpc_analysis.charts.native import Native, Series
from cpc_analysis.charts.placing import Names
from cpc_analysis.charts.theme import NOT_ALLOCATED, SIZES, colour, font, paler, plain_axis, tip, written
from cpc_analysis.charts.wording import capital, group_said, stated
from cpc_analysis.errors import InvalidInputError, listed
from cpc_analysis.language import (
    column_said,
    currency_sign,
    money,
    number,
    percent,
    period_said,
    say,
    term,
)
from cpc_analysis.models.statements import AMOUNTS, statement_sums, tie_out
from cpc_analysis.models.wording import scope_in_words
from cpc_analysis.periods import GRAINS
from cpc_analysis.schema import LABOUR_TYPES

__all__ = ["statement"]

_PARTS = (
    term("labour used"), term("labour, used and waiting"), term("labour waiting"), term("other costs"),
    term("unallocated"),
)  # fmt: skip


@drawn
def statement(
    frame: pd.DataFrame, *, title: str | None = None, language: str | None = None, size: str = "slide"
) -> alt.LayerChart:
    """Stacked bars of the cost statement by one column: labour used and waiting, other costs, unallocated.

    Labour is one part where waiting is not known.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `cost_statement`, by one column, or by none.
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
        If the frame is not a cost statement.
    """
    missing = [name for name in ("cost_type", *AMOUNTS) if name not in frame.columns]
    if missing:
        raise InvalidInputError(
            f"A statement needs the frame of cost_statement; `{missing[0]}` is missing, got {listed(frame.columns)}."
        )
    group = next((name for name in frame.attrs.get("by", []) if name in frame.columns), None)
    if group is None:
        group = next((name for name in frame.columns[: list(frame.columns).index("cost_type")]), None)
    currency = str(frame.attrs.get("currency", ""))
    rows, totals = _rows(frame, group, currency)
    order = [row["group"] for row in totals]
    names, width = Names(order, size, 30), SIZES[size][0]
    footing = tie_out(frame)
    finding = title or _finding(frame, totals, group)
    described = ", ".join(f"{row['group']} {row['text']}" for row in totals[:12])
    alt_text = say("{finding}. {footing} Stacked bars: {values}.", finding=finding, footing=footing, values=described)
    subtitle = stated(footing, scope_in_words(frame), frame.attrs.get("source"))
    layers = _layers(rows, totals, names, size, column_said(group) if group else say("group"), currency)
    return finished(alt.layer(*layers), frame, finding, subtitle, alt_text, size, (int(width * 0.8), names.height),
                    _native(rows, order, currency))  # fmt: skip


def _drawn_parts(rows: list[dict[str, Any]]) -> dict[str, str]:
    """The colour of each part that there is, by its name as it is read."""
    held = {row["part"] for row in rows}
    # Labour is of one colour, and what waits a paler shade of it.
    shades = (colour("accent"), colour("accent"), paler(colour("accent"), 0.56), "#C27C0E", "#C9CFD4")
    return {str(say(part)): shade for part, shade in zip(_PARTS, shades, strict=True) if say(part) in held}


def _layers(
    rows: list[dict[str, Any]], totals: list[dict[str, Any]], names: Names, size: str, group: str, currency: str
) -> list[alt.Chart]:
    y = alt.Y("group:N", sort=names.order, axis=names.axis(), scale=alt.Scale(paddingInner=0.25))
    parts = _drawn_parts(rows)
    axis = plain_axis(currency_sign(currency), tickCount=6 if size != "half" else 3, format=",.0f")
    legend = alt.Legend(title=None, orient="top", labelFont=font(), labelFontSize=11, labelColor=colour("ink"),
                        symbolType="square", offset=4, labelLimit=240, columns=4 if size != "half" else 2)  # fmt: skip
    scale = alt.Scale(domain=list(parts), range=list(parts.values()))
    tooltip = [tip("group:N", group), tip("part:N", say("part")), tip("text:N", currency_sign(currency))]
    bars = alt.Chart(alt.Data(values=rows)).mark_bar()
    labels = written(alt.Chart(alt.Data(values=totals)), align="left", dx=8)
    return [
        bars.encode(
            y=y, x=alt.X("amount:Q", stack="zero", axis=axis), color=alt.Color("part:N", scale=scale, legend=legend),
            order=alt.Order("place:Q"), tooltip=tooltip,
        ),
        labels.encode(y=y, x=alt.X("end:Q"), text="text:N"),
    ]  # fmt: skip


def _rows(frame: pd.DataFrame, group: str | None, currency: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    keys = frame[group].astype("object") if group else pd.Series("all", index=frame.index, dtype="object")
    keys = keys.map(lambda key: NOT_ALLOCATED if pd.isna(key) else key)
    labour = frame["cost_type"].isin(LABOUR_TYPES)
    sums: dict[object, dict[str, Decimal]] = {}
    for key, is_labour, used, waiting, left in zip(
        keys, labour, frame["used"], frame["waiting"], frame["unallocated"], strict=True
    ):
        parts = sums.setdefault(key, dict.fromkeys(_PARTS, Decimal(0)))
        labour_part = "labour used" if waiting is not None else "labour, used and waiting"
        parts[labour_part if is_labour else "other costs"] += used
        parts["labour waiting"] += waiting or Decimal(0)
        parts["unallocated"] += left
    # Periods stand in their order, groups by their cost.
    dearest_first = group not in GRAINS
    ordered = sorted(sums.items(), key=lambda item: (
        item[0] == NOT_ALLOCATED, -sum(item[1].values(), Decimal(0)) if dearest_first else item[0]
    ))  # fmt: skip
    rows = [
        {
            "group": _named(key, group),
            "part": say(part),
            "amount": float(value),
            "text": number(value, 2),
            "place": place,
        }
        for key, parts in ordered
        for place, (part, value) in enumerate(parts.items())
        if value
    ]
    totals = [
        {
            "group": _named(key, group),
            "end": float(sum((value for value in parts.values() if value > 0), Decimal(0))),
            "text": money(sum(parts.values(), Decimal(0)), currency, 0),
        }
        for key, parts in ordered
    ]
    return rows, totals


def _named(key: object, group: str | None) -> str:
    if group is None:
        return say("all")
    if isinstance(key, pd.Timestamp):
        return period_said(key.date(), group if group in GRAINS else "day")
    return group_said(group, str(key))


def _finding(frame: pd.DataFrame, totals: list[dict[str, Any]], group: str | None) -> str:
    sums = statement_sums(frame)
    ledger, waiting = sums["ledger"], sums.get("waiting")
    if not ledger:
        return say("There is no cost")
    largest = percent(totals[0]["end"] / float(ledger), 0)
    if group and group not in GRAINS and len(totals) > 1:
        dearest = capital(totals[0]["group"])
        if waiting is None:
            return say("{group} takes {share} of the cost; what waiting cost is not known", group=dearest,
                       share=largest)  # fmt: skip
        return say("{group} takes {share} of the cost; {waiting} pays for waiting", group=dearest, share=largest,
                   waiting=percent(waiting / ledger, 0))  # fmt: skip
    if waiting is None:
        return say("What waiting cost is not known")
    return say("{waiting} of the cost pays for waiting", waiting=percent(waiting / ledger, 0))


def _native(rows: list[dict[str, Any]], order: list[str], currency: str) -> Native:
    series = []
    for part, shade in _drawn_parts(rows).items():
        amounts = {row["group"]: row["amount"] for row in rows if row["part"] == part}
        series.append(Series(part, [amounts.get(group, 0.0) for group in order], shade))
    return Native("stacked", order, series, currency_sign(currency), "#,##0")
