"""A bridge as tables to read: effect by effect, segment by segment, and as finance reads it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cpc_analysis.glossary import describe
from cpc_analysis.language import currency_sign, in_its_language, number, say, value_said
from cpc_analysis.models.bridge import Bridge
from cpc_analysis.models.bridge.record import RATES_COLUMN
from cpc_analysis.models.bridge.words import cost_said, net_effect
from cpc_analysis.models.readable import Table, signed, table_of

__all__ = ["bridge_by_segment", "bridge_table", "cost_types_table"]

#: An amount that two digits show as nothing is left out.
_SHOWN = 0.005


@in_its_language
def bridge_table(bridge: Bridge) -> Table:
    """Every effect of a bridge over all segments, the largest first, and their sum; then what goes together.

    Beside each its verdict, and from which size on a change would be called out of the ordinary in half of all cases.

    Parameters
    ----------
    bridge : Bridge
        Of `explain_change`.
    """
    scale, unit = _scale_of(bridge)
    totals = bridge.totals.assign(
        amount=bridge.totals["amount"] * scale, detectable=bridge.totals["detectable"] * scale
    )
    shown = totals[totals["amount"].abs() >= _SHOWN]
    shown = shown.iloc[np.argsort(-shown["amount"].abs().to_numpy(), kind="stable")]
    single, net = shown[~shown["is_net"]], shown[shown["is_net"]]
    names = [
        *(bridge.in_words(name, amount) for name, amount in zip(single["effect"], single["amount"], strict=True)),
        say("sum"),
        *(say("together: {effects}", effects=bridge.in_words(name, amount))
          for name, amount in zip(net["effect"], net["amount"], strict=True)),
    ]  # fmt: skip
    amounts = [*single["amount"], bridge.total * scale, *net["amount"]]
    verdicts = [say(verdict) for verdict in (*single["verdict"], bridge.verdict, *net["verdict"])]
    detectable = [*single["detectable"], bridge.detectable * scale, *net["detectable"]]
    columns = {
        say("amount [{unit}]", unit=unit): [signed(amount) for amount in amounts],
        say("verdict"): verdicts,
        say("smallest change found [{unit}]", unit=unit): [number(change, 2) for change in detectable],
    }
    return table_of(columns, names, words=[say("verdict")])


def _scale_of(bridge: Bridge) -> tuple[float, str]:
    """What amounts are multiplied by to be read, and their unit."""
    record = describe(bridge.quantity)
    if record.is_money:
        return 1.0, currency_sign(bridge.currency)
    return (100.0, say("points")) if record.is_share else (1.0, say(record.unit))


@in_its_language
def bridge_by_segment(bridge: Bridge) -> Table:
    """The netted effects of a bridge by segment, the largest first, and each segment's sum in the last row.

    Parameters
    ----------
    bridge : Bridge
        Of `explain_change`.
    """
    frame = bridge.to_frame()
    columns = [name for name in frame if name not in ("effect", "amount", "verdict")]
    texts = frame[columns].astype("object").where(frame[columns].notna(), "not allocated").astype("str")
    segment = texts.agg(", ".join, axis=1) if columns else pd.Series("all", index=frame.index)
    said = {name: ", ".join(value_said(*pair) for pair in zip(columns, row, strict=True)) if columns else say(name)
            for name, row in zip(segment, texts.to_numpy(), strict=True)}  # fmt: skip
    net = frame["effect"].map(lambda effect: net_effect(effect, set(frame["effect"])))
    amounts = frame["amount"] * _scale_of(bridge)[0]
    sums = amounts.groupby([net, segment]).sum().unstack(fill_value=0.0)
    sums = sums[(sums.abs() >= _SHOWN).any(axis=1)]
    sums = sums.iloc[np.argsort(-sums.abs().sum(axis=1).to_numpy(), kind="stable")]
    sums.index = [bridge.in_words(name, amount) for name, amount in zip(sums.index, sums.sum(axis=1), strict=True)]
    sums.loc[say("sum")] = amounts.groupby(segment).sum()
    columns_said = {said[name]: sums[name].map(signed) for name in sums}
    return table_of(columns_said | {say("all"): sums.sum(axis=1).map(signed)}, sums.index)


@in_its_language
def cost_types_table(bridge: Bridge) -> Table:
    """The change as finance reads it: volume, spending, mix and, where they moved, exchange rates of each cost type.

    The largest first, and their sums.

    Parameters
    ----------
    bridge : Bridge
        Of `explain_change`, between periods or from the budget.
    """
    frame = bridge.by_cost_type()
    frame = frame.iloc[np.argsort(-frame["amount"].abs().to_numpy(), kind="stable")]
    unit = currency_sign(bridge.currency)
    headings = {
        "volume": say("volume [{unit}]", unit=unit), "spending": say("spending [{unit}]", unit=unit),
        RATES_COLUMN: say("exchange rates [{unit}]", unit=unit),
        "mix": say("mix [{unit}]", unit=unit), "amount": say("sum [{unit}]", unit=unit),
    }  # fmt: skip
    columns = {
        heading: [signed(value) for value in (*frame[name], frame[name].sum())]
        for name, heading in headings.items()
        if name in frame
    }
    return table_of(columns, [*(cost_said(name) for name in frame["cost_type"]), say("all")])
