"""The cost statement as a picture: the ledger to groups, used, waiting and unallocated."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import altair as alt
import pandas as pd

from cpc_analysis.charts.renderer import enable_renderer
from cpc_analysis.charts.theme import FONT, INK, NOT_ALLOCATED, SIZES, plain_axis, styled
from cpc_analysis.errors import InvalidInputError, listed
from cpc_analysis.schema import LABOUR_TYPES

__all__ = ["statement"]

_PARTS = {
    "labour used": "#00578A",
    "labour waiting": "#8FBBD9",
    "other costs": "#E69F00",
    "unallocated": "#C9CFD4",
}


def statement(
    frame: pd.DataFrame, *, title: str | None = None, language: str = "en", size: str = "slide"
) -> alt.LayerChart:
    """Stacked bars of the cost statement by one column: labour used and waiting, other costs, unallocated.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `cost_statement`, by one column, or by none.
    title : str, optional
        Instead of the finding in words.
    language : {"en", "da"}
        Of number formats.
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
    enable_renderer()
    missing = [name for name in ("cost_type", "ledger", "used", "waiting", "unallocated") if name not in frame.columns]
    if missing:
        raise InvalidInputError(
            f"A statement needs the frame of cost_statement; `{missing[0]}` is missing, got {listed(frame.columns)}."
        )
    group = next((name for name in frame.attrs.get("by", []) if name in frame.columns), None)
    if group is None:
        group = next((name for name in frame.columns[: list(frame.columns).index("cost_type")]), None)
    currency = str(frame.attrs.get("currency", ""))
    rows, totals = _rows(frame, group, currency, language)
    order = [row["group"] for row in totals]
    width, height = SIZES[size][0], max(30 * len(order) + 20, 90)
    y = alt.Y("group:N", sort=order, axis=plain_axis(None, grid=False, labelColor=INK, labelFontSize=12,
              labelLimit=int(width * 0.32)), scale=alt.Scale(paddingInner=0.25))  # fmt: skip
    parts = [part for part in _PARTS if any(row["part"] == part for row in rows)]
    bars = (
        alt.Chart(alt.Data(values=rows))
        .mark_bar()
        .encode(
            y=y,
            x=alt.X("amount:Q", stack="zero", axis=plain_axis(currency, tickCount=6, format="~s")),
            color=alt.Color(
                "part:N",
                scale=alt.Scale(domain=parts, range=[_PARTS[part] for part in parts]),
                legend=alt.Legend(title=None, orient="top", labelFont=FONT, labelFontSize=11, labelColor=INK,
                                  symbolType="square", offset=4, labelLimit=240),
            ),
            order=alt.Order("place:Q"),
            tooltip=["group:N", "part:N", alt.Tooltip("amount:Q", format=",.2f")],
        )
    )  # fmt: skip
    labels = (
        alt.Chart(alt.Data(values=totals))
        .mark_text(align="left", dx=8, font=FONT, fontSize=11, color=INK)
        .encode(y=y, x=alt.X("end:Q"), text="text:N")
    )
    sums = {name: sum(frame[name], Decimal(0)) for name in ("ledger", "used", "waiting", "unallocated")}
    footing = (
        f"Ledger {_number(sums['ledger'], language)} {currency} = used {_number(sums['used'], language)} + waiting "
        f"{_number(sums['waiting'], language)} + unallocated {_number(sums['unallocated'], language)}."
    )
    source = f" Source: {frame.attrs['source']}." if frame.attrs.get("source") else ""
    finding = title or _finding(sums, totals, group)
    described = ", ".join(f"{row['group']} {row['text']}" for row in totals[:12])
    return styled(alt.layer(bars, labels), finding, footing + source,
                  f"{finding}. {footing} Stacked bars: {described}.", (int(width * 0.8), height))  # fmt: skip


def _number(value: Decimal, language: str, decimals: int = 2) -> str:
    text = f"{value:,.{decimals}f}"
    return text.translate(str.maketrans(",.", ".,")) if language == "da" else text


def _rows(
    frame: pd.DataFrame, group: str | None, currency: str, language: str
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    keys = frame[group].astype("object") if group else pd.Series("all", index=frame.index, dtype="object")
    keys = keys.map(lambda key: NOT_ALLOCATED if pd.isna(key) else _key(key))
    labour = frame["cost_type"].isin(LABOUR_TYPES)
    sums: dict[str, dict[str, Decimal]] = {}
    for key, is_labour, used, waiting, left in zip(
        keys, labour, frame["used"], frame["waiting"], frame["unallocated"], strict=True
    ):
        parts = sums.setdefault(key, dict.fromkeys(_PARTS, Decimal(0)))
        parts["labour used" if is_labour else "other costs"] += used
        parts["labour waiting"] += waiting
        parts["unallocated"] += left
    ordered = sorted(sums.items(), key=lambda item: (item[0] == NOT_ALLOCATED, -sum(item[1].values(), Decimal(0))))
    rows = [
        {"group": key, "part": part, "amount": float(value), "place": place}
        for key, parts in ordered
        for place, (part, value) in enumerate(parts.items())
        if value
    ]
    totals = [
        {
            "group": key,
            "end": float(sum((value for value in parts.values() if value > 0), Decimal(0))),
            "text": f"{_number(sum(parts.values(), Decimal(0)), language, 0)} {currency}".strip(),
        }
        for key, parts in ordered
    ]
    return rows, totals


def _key(key: object) -> str:
    return key.strftime("%Y-%m-%d") if isinstance(key, pd.Timestamp) else str(key)


def _finding(sums: dict[str, Decimal], totals: list[dict[str, Any]], group: str | None) -> str:
    ledger = sums["ledger"]
    if not ledger:
        return "The ledger is empty"
    waiting = sums["waiting"] / ledger
    share = f"{100 * waiting:.0f}%"
    if group and len(totals) > 1:
        largest = totals[0]["end"] / float(ledger)
        first = totals[0]["group"]
        return f"{first[:1].upper()}{first[1:]} takes {100 * largest:.0f}% of the cost; {share} pays for waiting"
    return f"{share} of the cost pays for waiting"
