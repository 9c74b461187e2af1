"""Explanations as tables to read: the pack, a bridge, definitions, wages, drivers, issues, causes, benchmarks."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cpc_analysis.glossary import describe, label
from cpc_analysis.models.bridge import Bridge
from cpc_analysis.models.bridge.record import net_effect
from cpc_analysis.models.drivers import DriverModel
from cpc_analysis.models.pack import MonthlyPack
from cpc_analysis.models.resolution import RESOLUTION
from cpc_analysis.models.selection import earlier, year_before
from cpc_analysis.models.wording import change_in_words, number_in_words, period_in_words

__all__ = [
    "agents_table",
    "benchmark_table",
    "bridge_by_segment",
    "bridge_table",
    "causes_table",
    "containment_table",
    "definitions_table",
    "drivers_table",
    "issues_table",
    "pack_table",
    "removal_table",
    "resolution_table",
    "sensitivity_table",
    "wage_table",
]

_RATIO = "cost_per_contact"
#: An amount that two digits show as nothing is left out.
_SHOWN = 0.005


def pack_table(pack: MonthlyPack, part: str = "page") -> pd.DataFrame:
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
    return pd.DataFrame(columns, index=[label(name) for name in frame["quantity"]])


def _each(frame: pd.DataFrame, column: str) -> list[str]:
    currency = frame.attrs.get("currency", "")
    return [number_in_words(*pair, currency) for pair in zip(frame["quantity"], frame[column], strict=True)]


def _compared(quantity: str, now: float, then: float, currency: str) -> str:
    """What a figure compares with, and in brackets how much more or less the figure is."""
    if not np.isfinite(then):
        return "-"
    change = change_in_words(quantity, now, then)
    return f"{number_in_words(quantity, then, currency)}{'' if change == '-' else f' ({change})'}"


def bridge_table(bridge: Bridge) -> pd.DataFrame:
    """Every effect of a bridge over all segments, with its verdict; netted effects stand after their parts.

    Parameters
    ----------
    bridge : Bridge
        Of `explain_change`.
    """
    scale, unit = _scale_of(bridge)
    totals = bridge.totals.assign(amount=bridge.totals["amount"] * scale)
    shown = totals[totals["amount"].abs() >= _SHOWN].sort_values("is_net", kind="stable")
    rows = pd.DataFrame({
        "effect": [f"{'together: ' if net else ''}{bridge.in_words(name, amount)}"
                   for name, amount, net in zip(shown["effect"], shown["amount"], shown["is_net"], strict=True)],
        f"amount [{unit}]": [_signed(amount) for amount in shown["amount"]],
        "verdict": shown["verdict"],
    })  # fmt: skip
    return rows.set_index("effect").rename_axis(None)


def _scale_of(bridge: Bridge) -> tuple[float, str]:
    """What amounts are multiplied by to be read, and their unit."""
    record = describe(bridge.quantity)
    if record.is_money:
        return 1.0, bridge.currency
    return (100.0, "points") if record.unit == "share" else (1.0, record.unit)


def bridge_by_segment(bridge: Bridge) -> pd.DataFrame:
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
    return sums.map(_signed).rename_axis(columns=None)


def definitions_table(frame: pd.DataFrame) -> pd.DataFrame:
    """Definitions to read: each with its sentence, contacts, cost, cost per contact and gap.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `compare_definitions`, one row per definition.
    """
    currency = frame.attrs.get("currency", "")
    return pd.DataFrame({
        "contacts": _whole(frame["contacts"]),
        "cost": [f"{value:,.0f} {currency}" for value in frame["cost"]],
        "cost per contact": [number_in_words(_RATIO, value, currency) for value in frame["cost_per_contact"]],
        "gap": [_signed(value) for value in frame["gap"]],
        "by other costs": [_signed(value) for value in frame["gap_cost"]],
        "by other contacts": [_signed(value) for value in frame["gap_contacts"]],
        "meaning": list(frame["meaning"]),
    }, index=list(frame["definition"]))  # fmt: skip


def _whole(values: pd.Series, digits: int = 0) -> list[str]:
    """Amounts and counts to read; a dash where one is not known."""
    return [f"{value:,.{digits}f}" if np.isfinite(value) else "-" for value in values]


def _signed(value: float, digits: int = 2) -> str:
    if not np.isfinite(value):
        return "-"
    return f"{value:+,.{digits}f}" if abs(value) >= 0.5 * 10**-digits else f"{0:.{digits}f}"


def wage_table(frame: pd.DataFrame) -> pd.DataFrame:
    """The last month of `wage_effect` to read: average wage, what moved it, what the raise and premiums cost.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `wage_effect`.
    """
    currency = frame.attrs.get("currency", "")
    last = frame[frame["month"] == frame["month"].max()]
    names = {"general_raise": "general raise", "seniority": "seniority", "turnover": "turnover", "hours": "hours",
             "change": "change"}  # fmt: skip
    columns = {"paid hours": _whole(last["paid_hours"]),
               f"wage [{currency}/h]": _whole(last["average_wage"], 2)}  # fmt: skip
    columns |= {words: [_signed(value) for value in last[name]] for name, words in names.items()}
    columns[f"raise cost [{currency}]"] = _whole(last["raise_cost"])
    if last["premium_cost"].notna().any():
        columns[f"premiums [{currency}]"] = _whole(last["premium_cost"])
    return pd.DataFrame(columns, index=_groups(last))


def sensitivity_table(frame: pd.DataFrame) -> pd.DataFrame:
    """One step of each driver to read, cash and capacity apart.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `sensitivity`.
    """
    currency = frame.attrs.get("currency", "")
    keys = list(frame.attrs.get("by", []))
    names = [
        ", ".join([*(str(row[key]) for key in keys), row["step"].replace("_", " ")]) for _, row in frame.iterrows()
    ]
    return pd.DataFrame({
        f"cash [{currency}]": [_signed(value) for value in frame["cash"]],
        f"capacity [{currency}]": [_signed(value) for value in frame["capacity"]],
    }, index=names)  # fmt: skip


def drivers_table(model: DriverModel) -> pd.DataFrame:
    """Drivers to read: each level against its reference, in percent, seconds and money.

    Parameters
    ----------
    model : DriverModel
        Of `fit_drivers`.
    """
    frame = model.to_frame()
    is_reference = frame["level"] == frame["reference"]
    unit = "%" if model.unit == "percent" else "points"
    effects = [_signed(value, 1) for value in frame["effect_percent"]]
    columns = {
        "level": list(frame["level"]),
        "contacts": _whole(frame["contacts"]),
        f"effect [{unit}]": _unless(is_reference, effects, "reference"),
        f"{100 * model.level:g} % interval": _unless(is_reference, [
            f"{low:+.1f} to {high:+.1f}" for low, high in zip(frame["low"], frame["high"], strict=True)
        ]),
    }  # fmt: skip
    if frame["effect_seconds"].notna().any():
        columns["seconds"] = _unless(is_reference, [_signed(value, 0) for value in frame["effect_seconds"]])
    if frame["effect_money"].notna().any():
        money = [f"{value:+,.0f}" for value in frame["effect_money"]]
        columns[f"capacity [{model.currency}]"] = _unless(is_reference, money)
    return pd.DataFrame(columns, index=[name.replace("_", " ") for name in frame["driver"]])


def _unless(is_left_out: pd.Series, texts: list[str], instead: str = "") -> list[str]:
    return [instead if left_out else text for left_out, text in zip(is_left_out, texts, strict=True)]


def agents_table(frame: pd.DataFrame) -> pd.DataFrame:
    """Agents or teams to read: observed and expected, their ratio, shrunk, and the verdict.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `compare_agents`.
    """
    is_time = frame.attrs.get("unit") == "seconds"

    def each(name: str, percent: bool) -> list[str]:
        values = frame[name] * (100 if percent else 1)
        return ["-" if pd.isna(value) else f"{value:,.1f}{'%' if percent else ' s'}" for value in values]

    columns = {"contacts": _whole(frame["contacts"])}
    columns |= {name: each(name, not is_time) for name in ("observed", "expected")}
    columns |= {name: each(name, True) for name in ("ratio", "shrunk")}
    return pd.DataFrame(columns | {"verdict": list(frame["verdict"])}, index=list(frame.iloc[:, 0]))


def resolution_table(frame: pd.DataFrame) -> pd.DataFrame:
    """Resolution to read: by what customers do, agents report and customers say; what is not recorded is left out.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `resolution`.
    """
    names = [name for name in frame if name in RESOLUTION and frame[name].notna().any()]
    columns = {label(name).lower(): _each(frame.assign(quantity=name), name) for name in names}
    return pd.DataFrame(columns, index=_groups(frame))


def issues_table(frame: pd.DataFrame) -> pd.DataFrame:
    """What issues cost to read: the ledger from closed issues to what is unallocated, one column per group.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `issue_costs`.
    """
    rows = {
        "on closed issues": "on_closed_issues", "on open issues": "on_open_issues",
        "on unknown customers": "on_unknown_customers", "on other work": "on_other_work",
        "unallocated": "unallocated", "ledger": "total_cost", "of it on repeats": "cost_of_repeats",
    }  # fmt: skip
    shown = [_whole(frame[name]) for name in rows.values()]
    counts = [_whole(frame[name]) for name in ("closed_issues", "open_issues")]
    ratio = [_whole(frame["cost_per_closed_issue"], 2)]
    index = [*(f"{name} [{frame.attrs.get('currency', '')}]" for name in rows), "closed issues", "open issues",
             f"cost per closed issue [{frame.attrs.get('currency', '')}]"]  # fmt: skip
    return pd.DataFrame([*shown, *counts, *ratio], index=index, columns=_groups(frame))


def containment_table(frame: pd.DataFrame) -> pd.DataFrame:
    """Containment of self-service to read.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `containment`.
    """
    currency = frame.attrs.get("currency", "")
    return pd.DataFrame({
        "sessions": _whole(frame["sessions"]),
        "customer known": [_share(value) for value in frame["identified_share"]],
        "judged": _whole(frame["judged"]),
        "net containment": [_share(value) for value in frame["net_containment"]],
        "came to an agent": _whole(frame["returns"]),
        f"cost of these [{currency}]": _whole(frame["cost_of_failed_containment"]),
    }, index=_groups(frame))  # fmt: skip


def causes_table(frame: pd.DataFrame) -> pd.DataFrame:
    """Causes of contact to read, dearest first; what has no cause stands last.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `contact_causes`.
    """
    currency = frame.attrs.get("currency", "")
    return pd.DataFrame({
        "contacts": _whole(frame["contacts"]),
        "growth": ["-" if not np.isfinite(value) else f"{value:+.0%}" for value in frame["growth"]],
        f"cost [{currency}]": _whole(frame["cost"]),
        "share of cost": [_share(value) for value in frame["share_of_cost"]],
        "added up": [_share(value) for value in frame["cumulative_share"]],
        "cost per contact": [number_in_words(_RATIO, value, currency) for value in frame[_RATIO]],
        "repeats": [_share(value) for value in frame["repeat_rate"]],
    }, index=_groups(frame))  # fmt: skip


def removal_table(frame: pd.DataFrame) -> pd.DataFrame:
    """What removing causes is worth to read: cash, avoided, released, and what stays; the sum last.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `value_of_removal`.
    """
    currency = frame.attrs.get("currency", "")
    names = {"contacts": "contacts", "cash": f"cash [{currency}]", "avoided": f"avoided [{currency}]",
             "released_capacity": f"capacity [{currency}]", "stays": f"stays [{currency}]"}  # fmt: skip
    columns = {words: _whole(pd.Series([*frame[name], frame[name].sum(min_count=1)])) for name, words in names.items()}
    return pd.DataFrame(columns, index=[*_groups(frame), "all"])


def _groups(frame: pd.DataFrame) -> list[str]:
    """The groups of a frame in words; the whole where it has none."""
    keys = list(frame.attrs.get("by", []))
    if not keys:
        return ["all"] * len(frame)
    texts = frame[keys].astype("object").where(frame[keys].notna(), "not allocated").astype("str")
    return list(texts.agg(", ".join, axis=1))


def _share(value: float) -> str:
    return f"{value:.1%}" if np.isfinite(value) else "-"


def benchmark_table(frame: pd.DataFrame) -> pd.DataFrame:
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
    return pd.DataFrame(columns, index=list(frame["name"]))
