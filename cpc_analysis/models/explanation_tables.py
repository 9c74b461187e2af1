"""Explanations as tables to read: the pack, a bridge, definitions, resolution, issues, causes, benchmarks."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cpc_analysis.glossary import describe, label
from cpc_analysis.models.bridge import Bridge
from cpc_analysis.models.bridge.record import net_effect
from cpc_analysis.models.pack import MonthlyPack
from cpc_analysis.models.readable import Table, groups_of, signed, table_of, whole_numbers
from cpc_analysis.models.resolution import RESOLUTION
from cpc_analysis.models.selection import earlier, year_before
from cpc_analysis.models.wording import (
    change_in_words,
    growth_in_words,
    number_in_words,
    period_in_words,
)
from cpc_analysis.periods import parse_period

__all__ = [
    "benchmark_table",
    "bridge_by_segment",
    "bridge_table",
    "causes_table",
    "containment_table",
    "definitions_by_segment",
    "definitions_table",
    "issues_table",
    "pack_table",
    "removal_table",
    "resolution_table",
]

_RATIO = "cost_per_contact"
#: An amount that two digits show as nothing is left out.
_SHOWN = 0.005


def pack_table(pack: MonthlyPack, part: str = "page") -> Table:
    """Page one, or its footer: each figure, and what it compares with, with the change from it.

    Parameters
    ----------
    pack : MonthlyPack
        Of `monthly_pack`.
    part : {"page", "footer"}
        Which part.
    """
    frame = pack.to_frame()
    frame = frame[frame["part"] == part]
    currency = frame.attrs.get("currency", "")
    headings = {
        "budget": "budget", "flexed_budget": "flexed budget", "before": period_in_words(earlier(pack.period)),
        "last_year": period_in_words(year_before(pack.period)),
    }  # fmt: skip
    columns = {period_in_words(pack.period): _each(frame, "value")}
    for name, heading in headings.items():
        if frame[name].notna().any():
            columns[heading] = [
                _compared(quantity, now, then, currency)
                for quantity, now, then in zip(frame["quantity"], frame["value"], frame[name], strict=True)
            ]
    columns["year to date"] = _each(frame, "year_to_date")
    return table_of(columns, [label(name) for name in frame["quantity"]])


def _each(frame: pd.DataFrame, column: str) -> list[str]:
    currency = frame.attrs.get("currency", "")
    return [number_in_words(*pair, currency) for pair in zip(frame["quantity"], frame[column], strict=True)]


def _compared(quantity: str, now: float, then: float, currency: str) -> str:
    """What a figure compares with, and in brackets how much more or less the figure is."""
    if not np.isfinite(then):
        return "-"
    change = change_in_words(quantity, now, then)
    return f"{number_in_words(quantity, then, currency)}{'' if change == '-' else f' ({change})'}"


def bridge_table(bridge: Bridge) -> Table:
    """Every effect of a bridge over all segments, the largest first, and their sum; then what goes together.

    Parameters
    ----------
    bridge : Bridge
        Of `explain_change`.
    """
    scale, unit = _scale_of(bridge)
    totals = bridge.totals.assign(amount=bridge.totals["amount"] * scale)
    shown = totals[totals["amount"].abs() >= _SHOWN]
    shown = shown.iloc[np.argsort(-shown["amount"].abs().to_numpy(), kind="stable")]
    single, net = shown[~shown["is_net"]], shown[shown["is_net"]]
    names = [
        *(bridge.in_words(name, amount) for name, amount in zip(single["effect"], single["amount"], strict=True)),
        "sum",
        *(f"together: {bridge.in_words(name, amount)}"
          for name, amount in zip(net["effect"], net["amount"], strict=True)),
    ]  # fmt: skip
    amounts = [*single["amount"], bridge.total * scale, *net["amount"]]
    verdicts = [*single["verdict"], bridge.verdict, *net["verdict"]]
    columns = {f"amount [{unit}]": [signed(amount) for amount in amounts], "verdict": verdicts}
    return table_of(columns, names, words=["verdict"])


def _scale_of(bridge: Bridge) -> tuple[float, str]:
    """What amounts are multiplied by to be read, and their unit."""
    record = describe(bridge.quantity)
    if record.is_money:
        return 1.0, bridge.currency
    return (100.0, "points") if record.unit == "share" else (1.0, record.unit)


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
    net = frame["effect"].map(lambda effect: net_effect(effect, set(frame["effect"])))
    amounts = frame["amount"] * _scale_of(bridge)[0]
    sums = amounts.groupby([net, segment]).sum().unstack(fill_value=0.0)
    sums = sums[(sums.abs() >= _SHOWN).any(axis=1)]
    sums = sums.iloc[np.argsort(-sums.abs().sum(axis=1).to_numpy(), kind="stable")]
    sums.index = [bridge.in_words(name, amount) for name, amount in zip(sums.index, sums.sum(axis=1), strict=True)]
    sums.loc["sum"] = amounts.groupby(segment).sum()
    sums["all"] = sums.sum(axis=1)
    return table_of({name: sums[name].map(signed) for name in sums}, sums.index)


def definitions_table(frame: pd.DataFrame) -> Table:
    """Definitions to read: each with its sentence, contacts, cost, cost per contact and gap.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `compare_definitions`, one row per definition.
    """
    currency = frame.attrs.get("currency", "")
    return table_of({
        "contacts": whole_numbers(frame["contacts"]),
        "cost": [f"{value:,.0f} {currency}" for value in frame["cost"]],
        "cost per contact": [number_in_words(_RATIO, value, currency) for value in frame["cost_per_contact"]],
        "gap": [signed(value) for value in frame["gap"]],
        "by other costs": [signed(value) for value in frame["gap_cost"]],
        "by other contacts": [signed(value) for value in frame["gap_contacts"]],
        "meaning": frame["meaning"],
    }, frame["definition"], words=["meaning"])  # fmt: skip


def definitions_by_segment(frame: pd.DataFrame) -> Table:
    """Cost per contact to read: a row per segment that has one, a column per definition.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `compare_definitions`, by some columns.
    """
    names = list(dict.fromkeys(frame["definition"]))
    ratios = frame.assign(segment=groups_of(frame)).pivot(index="segment", columns="definition", values=_RATIO)
    ratios = ratios.dropna(how="all")
    corner = f"[{frame.attrs.get('currency', '')}]"
    return table_of({name: whole_numbers(ratios[name], 2) for name in names}, ratios.index, corner=corner)


def resolution_table(frame: pd.DataFrame, whole: pd.DataFrame | None = None) -> Table:
    """Resolution to read: by what customers do, agents report and customers say; what is not recorded is left out.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `resolution`. Groups without contacts are left out.
    whole : pandas.DataFrame, optional
        Of `resolution` over all groups; the last row.
    """
    shown, groups = _beside(frame, whole)
    has_contacts = (shown["contacts"] > 0).to_numpy()
    shown, groups = shown[has_contacts], [group for group, has in zip(groups, has_contacts, strict=True) if has]
    names = [name for name in shown if name in RESOLUTION and shown[name].notna().any()]
    columns = {label(name).lower(): _each(shown.assign(quantity=name), name) for name in names}
    return table_of(columns, groups)


def issues_table(frame: pd.DataFrame, whole: pd.DataFrame | None = None) -> Table:
    """What issues cost to read: the ledger from closed issues to what is unallocated, one column per group.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `issue_costs`.
    whole : pandas.DataFrame, optional
        Of `issue_costs` over all groups; the last column.
    """
    shown, groups = _beside(frame, whole)
    unit = f"[{frame.attrs.get('currency', '')}]"
    rows = {
        f"on closed issues {unit}": whole_numbers(shown["on_closed_issues"]),
        f"on open issues {unit}": whole_numbers(shown["on_open_issues"]),
        f"on unknown customers {unit}": whole_numbers(shown["on_unknown_customers"]),
        f"on other work {unit}": whole_numbers(shown["on_other_work"]),
        f"unallocated {unit}": whole_numbers(shown["unallocated"]),
        f"ledger {unit}": whole_numbers(shown["total_cost"]),
        f"of it on repeats {unit}": whole_numbers(shown["cost_of_repeats"]),
        "closed issues": whole_numbers(shown["closed_issues"]),
        "open issues": whole_numbers(shown["open_issues"]),
        f"cost per closed issue {unit}": whole_numbers(shown["cost_per_closed_issue"], 2),
    }
    return table_of(dict(zip(groups, zip(*rows.values(), strict=True), strict=True)), rows)


def _beside(frame: pd.DataFrame, whole: pd.DataFrame | None) -> tuple[pd.DataFrame, list[str]]:
    """The rows of the groups and, where it is asked for, of all of them; and what each row is."""
    if whole is None:
        return frame, groups_of(frame)
    return pd.concat([frame, whole], ignore_index=True), [*groups_of(frame), "all"]


def containment_table(frame: pd.DataFrame) -> Table:
    """Containment of self-service to read.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `containment`.
    """
    currency = frame.attrs.get("currency", "")
    return table_of({
        "sessions": whole_numbers(frame["sessions"]),
        "customer known": [_share(value) for value in frame["identified_share"]],
        "judged": whole_numbers(frame["judged"]),
        "net containment": [_share(value) for value in frame["net_containment"]],
        "came to an agent": whole_numbers(frame["returns"]),
        f"cost of these [{currency}]": whole_numbers(frame["cost_of_failed_containment"]),
    }, groups_of(frame))  # fmt: skip


def causes_table(frame: pd.DataFrame) -> Table:
    """Causes of contact to read, dearest first; what has no cause stands last.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `contact_causes`.
    """
    currency = frame.attrs.get("currency", "")
    before = period_in_words(year_before(parse_period(frame.attrs["period"])))
    columns = {
        "contacts": whole_numbers([*frame["contacts"], frame["contacts"].sum()]),
        f"growth on {before}": [*(growth_in_words(value) for value in frame["growth"]), ""],
        f"cost [{currency}]": whole_numbers([*frame["cost"], frame["cost"].sum(min_count=1)]),
        "share of cost": [*(_share(value) for value in frame["share_of_cost"]), ""],
        "added up": [*(_share(value) for value in frame["cumulative_share"]), ""],
        "cost per contact": [*(number_in_words(_RATIO, value, currency) for value in frame[_RATIO]), ""],
        "repeats": [*(_share(value) for value in frame["repeat_rate"]), ""],
    }
    return table_of(columns, [*groups_of(frame), "all"])


def removal_table(frame: pd.DataFrame) -> Table:
    """What removing causes is worth to read: cash, avoided, released, and what stays; the sum last.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `value_of_removal`.
    """
    currency = frame.attrs.get("currency", "")
    names = {"contacts": "contacts", "cash": f"cash [{currency}]", "avoided": f"avoided [{currency}]",
             "released_capacity": f"capacity [{currency}]", "stays": f"stays [{currency}]"}  # fmt: skip
    columns = {
        words: whole_numbers(pd.Series([*frame[name], frame[name].sum(min_count=1)])) for name, words in names.items()
    }
    return table_of(columns, [*groups_of(frame), "all"])


def _share(value: float) -> str:
    return f"{value:.1%}" if np.isfinite(value) else "-"


def benchmark_table(frame: pd.DataFrame) -> Table:
    """Published figures to read, with the own beside them where they were compared.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `benchmarks` or `compare_benchmarks`.
    """
    currency = frame.attrs.get("currency", "")
    columns = {
        "channel": list(frame["channel"]),
        "published": [f"{value:,.2f} {money}" for value, money in zip(frame["value"], frame["currency"], strict=True)],
    }
    if "own" in frame:
        columns[f"converted [{currency}]"] = [f"{value:,.2f}" for value in frame["converted"]]
        columns[f"own [{currency}]"] = [f"{value:,.2f}" for value in frame["own"]]
        columns["own against it"] = [f"{100 * value:+.0f}%" for value in frame["difference"]]
    columns |= {name: list(frame[name]) for name in ("definition", "certainty")}
    return table_of(columns, frame["name"], words=["channel", "definition", "certainty"])
