"""The bridge from one figure to another as a waterfall."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt

from cpc_analysis.charts.renderer import enable_renderer
from cpc_analysis.charts.theme import FELL, FONT, INK, ROSE, SIZES, plain_axis, styled
from cpc_analysis.charts.wording import amount, axis_title, definition_text
from cpc_analysis.glossary import describe, label

if TYPE_CHECKING:
    from cpc_analysis.models.bridge import Bridge

__all__ = ["bridge"]

_GAP = 0.3


def bridge(
    bridge: Bridge, *, most: int = 8, title: str | None = None, language: str = "en", size: str = "slide"
) -> alt.LayerChart:
    """A waterfall from the figure before to the one after, one bar per effect.

    Parameters
    ----------
    bridge : Bridge
        Of `explain_change`.
    most : int
        How many effects at most; the small ones are one together.
    title : str, optional
        Instead of the finding in words.
    language : {"en", "da"}
        Of numbers and labels.
    size : {"slide", "half", "page"}
        Of the plot.

    Returns
    -------
    altair.LayerChart

    Notes
    -----
    The axis need not start at zero: a bar's length is its effect, and both figures are lines, not bars. An effect out
    of the ordinary has its number in bold, with an asterisk.
    """
    enable_renderer()
    rows = _rows(bridge, most, language)
    finding = title or _finding(bridge, language)
    width, height = SIZES[size][0], 26 * len(rows) + 20
    order = [row["step"] for row in rows]
    names = plain_axis(None, grid=False, labelLimit=int(width * 0.36), labelColor=INK, labelFontSize=12)
    y = alt.Y("step:N", sort=order, axis=names, scale=alt.Scale(paddingInner=_GAP))
    low, high = _domain(rows)
    x = alt.X("start:Q", scale=alt.Scale(domain=[low, high], nice=False, zero=False),
              axis=plain_axis(axis_title(bridge.quantity, bridge.currency, language), tickCount=6))  # fmt: skip
    base = alt.Chart(alt.Data(values=rows)).encode(y=y)
    effects, figures = base.transform_filter("datum.is_effect"), base.transform_filter("!datum.is_effect")
    odd = any(row["is_odd"] for row in rows)
    layers = [
        effects.mark_bar(height={"band": 0.7}).encode(
            x=x, x2="end:Q", color=alt.Color("colour:N", scale=None, legend=None),
            tooltip=[alt.Tooltip("step:N", title="effect"), alt.Tooltip("amount:Q", format="+,.2f"), "verdict:N"],
        ),
        figures.mark_point(shape="stroke", angle=90, size=330, strokeWidth=3, color=INK, opacity=1).encode(x=x),
        effects.mark_text(align="left", dx=8, font=FONT, fontSize=11, color=INK).encode(
            x=alt.X("right:Q"), text="text:N",
            opacity=alt.condition("datum.is_odd", alt.value(0), alt.value(1)),
        ),
        figures.mark_text(align="left", dx=12, font=FONT, fontSize=12, fontWeight="bold", color=INK).encode(
            x=alt.X("right:Q"), text="text:N"
        ),
    ]  # fmt: skip
    if odd:
        layers.append(
            effects.transform_filter("datum.is_odd")
            .mark_text(align="left", dx=8, font=FONT, fontSize=11, fontWeight="bold", color=INK)
            .encode(x=alt.X("right:Q"), text="text:N")
        )
    subtitle = definition_text(bridge.quantity, bridge.definition, bridge.source) + _note(bridge, odd)
    described = "; ".join(f"{row['step']} {row['text']}" for row in rows)
    return styled(alt.layer(*layers), finding, subtitle, f"{finding}. Waterfall: {described}.",
                  (int(width * 0.72), height))  # fmt: skip


def _rows(found: Bridge, most: int, language: str) -> list[dict[str, Any]]:
    scale = 100.0 if describe(found.quantity).unit == "share" else 1.0

    def row(step: str, start: float, end: float, is_effect: bool, verdict: str = "") -> dict[str, Any]:
        change, is_odd = end - start, verdict == "out of the ordinary"
        text = amount(end if not is_effect else change, found.quantity, found.currency, language)
        return {
            "step": step, "start": float(f"{start * scale:.8g}"), "end": float(f"{end * scale:.8g}"),
            "right": float(f"{max(start, end) * scale:.8g}"), "amount": float(f"{change * scale:.8g}"),
            "text": f"{'+' if is_effect and change > 0 else ''}{text}{' *' if is_odd else ''}",
            "is_effect": is_effect, "is_odd": is_odd, "verdict": verdict, "colour": ROSE if change > 0 else FELL,
        }  # fmt: skip

    rows = [row(_capital(found.before_name), found.before, found.before, False)]
    level = found.before
    for step in found.steps(most).itertuples():
        rows.append(row(step.words, level, level + step.amount, True, step.verdict))
        level += step.amount
    return [*rows, row(_capital(found.after_name), found.after, found.after, False)]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _domain(rows: list[dict[str, Any]]) -> tuple[float, float]:
    values = [row[name] for row in rows for name in ("start", "end")]
    low, high = min(values), max(values)
    room = (high - low) or abs(high) or 1.0
    # Room on the right for the numbers beside the bars.
    return low - 0.06 * room, high + 0.3 * room


def _finding(found: Bridge, language: str) -> str:
    name = label(found.quantity, language)
    steps = found.steps()
    verb = "rose" if found.total > 0 else "fell"
    same = steps[(steps["amount"] * found.total > 0) & (steps["effect"] != "rest")]
    if not found.total or same.empty:
        return f"{name} stayed as it was"
    top = same.iloc[0]
    percent = f" {abs(100 * found.total / found.before):.0f}%" if found.before > 0 else ""
    moved = f"{verb}{percent} in {found.after_name}"
    if not found.is_in_time:
        than = found.before_name if found.before_name == "the budget" else f"in {found.before_name}"
        moved = f"is{percent} {'higher' if found.total > 0 else 'lower'} in {found.after_name} than {than}"
    most = "most of it" if abs(top["amount"]) > abs(found.total) / 2 else "largest effect"
    return f"{name} {moved}; {most}: {top['words']}"


def _note(found: Bridge, odd: bool) -> str:
    if odd:
        return " * out of the ordinary."
    return "" if found.verdict == "too little history" else " No effect is out of the ordinary."
