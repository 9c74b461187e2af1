"""The bridge from one figure to another as a waterfall."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt

from cpc_analysis.charts.drawing import drawn
from cpc_analysis.charts.finishing import finished
from cpc_analysis.charts.native import Native, Series
from cpc_analysis.charts.placing import Names
from cpc_analysis.charts.theme import SIZES, colour, plain_axis, tip, written
from cpc_analysis.charts.wording import (
    as_spoken,
    axis_title,
    capital,
    definition_text,
    number_format,
    rounded,
    scale_of,
    title_of,
)
from cpc_analysis.language import enumerated, in_language, percent, say, term
from cpc_analysis.models.bridge.record import VERDICTS
from cpc_analysis.models.wording import number_in_words

if TYPE_CHECKING:
    from cpc_analysis.models.bridge import Bridge

__all__ = ["bridge"]

_GAP = 0.3
#: Parts of a change that have a name, each from a little below to a little above it.
_PARTS = (
    (1 / 4, term("a quarter of it: {effect}")), (1 / 3, term("a third of it: {effect}")),
    (1 / 2, term("half of it: {effect}")), (2 / 3, term("two thirds of it: {effect}")),
    (3 / 4, term("three quarters of it: {effect}")), (1.0, term("nearly all of it: {effect}")),
)  # fmt: skip
_NEAR = 0.03
#: From this part on, two effects explain a change of which neither explains most.
_TOGETHER = 2 / 3 - _NEAR


@drawn
def bridge(
    bridge: Bridge, *, most: int = 8, title: str | None = None, language: str | None = None, size: str = "slide"
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
    language : {"en", "da"}, optional
        Of texts and numbers; the bridge's own when None.
    size : {"slide", "half", "page"}
        Of the plot.

    Returns
    -------
    altair.LayerChart

    Notes
    -----
    The axis need not start at zero: a bar's length is its effect, and both figures are lines, not bars. An effect out
    of the ordinary has its number in bold, with an asterisk. The title says how much of the change its largest effect
    explains, or its two largest ones where it takes both to explain most of it.
    """
    rows = _rows(bridge, most)
    order = [row["step"] for row in rows]
    names, width = Names(order, size, 26, 0.36), SIZES[size][0]
    y = alt.Y("step:N", sort=order, axis=names.axis(), scale=alt.Scale(paddingInner=_GAP))
    axis = plain_axis(axis_title(bridge.quantity, bridge.currency), tickCount=6 if size != "half" else 4)
    x = alt.X("start:Q", scale=alt.Scale(domain=_domain(rows), nice=False, zero=False), axis=axis)
    odd = any(row["is_odd"] for row in rows)
    finding = title or _finding(bridge)
    basis = bridge.effects.attrs.get("basis")
    subtitle = definition_text(bridge.quantity, bridge.definition, bridge.source, basis=basis) + _note(bridge, odd)
    described = "; ".join(f"{row['step']} {row['text']}" for row in rows)
    alt_text = say("{finding}. Waterfall: {values}.", finding=finding, values=described)
    return finished(alt.layer(*_layers(rows, x, y, odd)), bridge, finding, subtitle, alt_text, size,
                    (int(width * 0.72), names.height), _native(bridge, rows))  # fmt: skip


def _layers(rows: list[dict[str, Any]], x: Any, y: Any, odd: bool) -> list[alt.Chart]:
    base = alt.Chart(alt.Data(values=rows)).encode(y=y)
    effects, figures = base.transform_filter("datum.is_effect"), base.transform_filter("!datum.is_effect")
    tooltip = [tip("step:N", say("effect")), tip("text:N", say("amount")), tip("verdict:N", say("verdict"))]
    right = alt.X("right:Q")
    usual = alt.condition("datum.is_odd", alt.value(0), alt.value(1))
    layers = [
        effects.mark_bar(height={"band": 0.7}).encode(
            x=x, x2="end:Q", color=alt.Color("colour:N", scale=None, legend=None), tooltip=tooltip
        ),
        figures.mark_point(shape="stroke", angle=90, size=330, strokeWidth=3, color=colour("ink"), opacity=1).encode(
            x=x
        ),
        written(effects, align="left", dx=8).encode(x=right, text="text:N", opacity=usual),
        written(figures, align="left", dx=12, fontSize=12, fontWeight="bold").encode(x=right, text="text:N"),
    ]
    if odd:
        bold = written(effects.transform_filter("datum.is_odd"), align="left", dx=8, fontWeight="bold")
        layers.append(bold.encode(x=right, text="text:N"))
    return layers


def _rows(found: Bridge, most: int) -> list[dict[str, Any]]:
    scale = scale_of(found.quantity)

    def row(step: str, start: float, change: float, is_effect: bool, verdict: str = "") -> dict[str, Any]:
        end, is_odd = start + change, in_language(verdict, "en") == VERDICTS[0]
        text = number_in_words(found.quantity, change if is_effect else end, found.currency)
        return {
            "step": step, "start": rounded(start, scale), "end": rounded(end, scale),
            "right": rounded(max(start, end), scale), "amount": rounded(change, scale),
            "text": f"{'+' if is_effect and _shows_rise(text, change) else ''}{text}{' *' if is_odd else ''}",
            "is_effect": is_effect, "is_odd": is_odd, "verdict": say(verdict) if verdict else "",
            "colour": colour("rose") if change > 0 else colour("fell"),
        }  # fmt: skip

    rows = [row(capital(as_spoken(found.before_name)), found.before, 0.0, False)]
    level = found.before
    for step in found.steps(most).itertuples():
        rows.append(row(as_spoken(step.words), level, step.amount, True, step.verdict))
        level += step.amount
    return [*rows, row(capital(as_spoken(found.after_name)), found.after, 0.0, False)]


def _shows_rise(text: str, change: float) -> bool:
    return change > 0 and any(digit in text for digit in "123456789")


def _domain(rows: list[dict[str, Any]]) -> list[float]:
    values = [row[name] for row in rows for name in ("start", "end")]
    low, high = min(values), max(values)
    room = (high - low) or abs(high) or 1.0
    # Room on the right for the numbers beside the bars.
    return [low - 0.06 * room, high + 0.3 * room]


def _finding(found: Bridge) -> str:
    name, steps = title_of(found.quantity), found.steps()
    same = steps[(steps["amount"] * found.total > 0) & (steps["effect"] != "rest")]
    if not found.total or same.empty:
        return say("{quantity} stayed as it was", quantity=name)
    parts, effects = [amount / found.total for amount in same["amount"]], [as_spoken(text) for text in same["words"]]
    few = 2 if parts[0] <= 1 / 2 + _NEAR and _TOGETHER <= sum(parts[:2]) <= 1 + _NEAR else 1
    return f"{_moved(found, name)}; {_explained(sum(parts[:few]), enumerated(*effects[:few]))}"


def _moved(found: Bridge, name: str) -> str:
    after, before, rose = as_spoken(found.after_name), as_spoken(found.before_name), found.total > 0
    size = percent(abs(found.total / found.before), 0) if found.before > 0 else ""
    if found.is_in_time:
        if rose:
            moved = say("rose {percent}", percent=size) if size else say("rose")
        else:
            moved = say("fell {percent}", percent=size) if size else say("fell")
        return say("{quantity} {moved} in {period}", quantity=name, moved=moved, period=after)
    if rose:
        side = say("{percent} higher", percent=size) if size else say("higher")
    else:
        side = say("{percent} lower", percent=size) if size else say("lower")
    if in_language(found.before_name, "en") == "the budget":
        return say("{quantity} is {side} in {after} than {before}", quantity=name, side=side, after=after,
                   before=before)  # fmt: skip
    return say("{quantity} is {side} in {after} than in {before}", quantity=name, side=side, after=after,
               before=before)  # fmt: skip


def _explained(part: float, effect: str) -> str:
    """How much of a change an effect explains, or two do: as a common fraction where it is near one."""
    place = min(range(len(_PARTS)), key=lambda number: abs(_PARTS[number][0] - part))
    near = abs(_PARTS[place][0] - part) <= _NEAR
    if near:
        return say(_PARTS[place][1], effect=effect)
    if 1 / 2 < part < 1:
        return say("{percent} of it: {effect}", percent=percent(part, 0), effect=effect)
    return say("largest effect: {effect}", effect=effect)


def _note(found: Bridge, odd: bool) -> str:
    if odd:
        return f" {say('* out of the ordinary.')}"
    too_little = in_language(found.verdict, "en") == VERDICTS[2]
    return "" if too_little else f" {say('No effect is out of the ordinary.')}"


def _native(found: Bridge, rows: list[dict[str, Any]]) -> Native:
    changes = [row["amount"] if row["is_effect"] else row["end"] for row in rows]
    shades = [row["colour"] if row["is_effect"] else colour("ink") for row in rows]
    return Native("waterfall", [row["step"] for row in rows], [Series(title_of(found.quantity), changes, shades)],
                  axis_title(found.quantity, found.currency), number_format(found.quantity))  # fmt: skip
