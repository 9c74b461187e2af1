"""Explanations as tables to read: the pack, definitions, resolution, issues, causes, benchmarks."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from cpc_analysis.glossary import label
from cpc_analysis.language import (
    MISSING,
    currency_sign,
    in_its_language,
    in_language,
    language_spoken,
    money,
    number,
    percent,
    say,
    value_said,
)
from cpc_analysis.models.benchmarking import published_said
from cpc_analysis.models.causes import removed_in_words
from cpc_analysis.models.definitions import definition_said
from cpc_analysis.models.pack import MonthlyPack
from cpc_analysis.models.readable import Table, groups_of, signed, table_of, whole_numbers
from cpc_analysis.models.resolution import RESOLUTION
from cpc_analysis.models.selection import earlier, year_before
from cpc_analysis.models.service import figure_said
from cpc_analysis.models.statements import is_of_ledger
from cpc_analysis.models.wording import (
    change_in_words,
    growth_in_words,
    number_in_words,
    own_period,
    period_in_words,
    share_in_words,
)

__all__ = [
    "benchmark_table",
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


@in_its_language
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
        "budget": say("budget"), "flexed_budget": say("flexed budget"), "before": period_in_words(earlier(pack.period)),
        "last_year": period_in_words(year_before(pack.period)),
    }  # fmt: skip
    columns = {period_in_words(pack.period): _each(frame, "value")}
    for name, heading in headings.items():
        if frame[name].notna().any():
            columns[heading] = [
                _compared(quantity, now, then, currency)
                for quantity, now, then in zip(frame["quantity"], frame["value"], frame[name], strict=True)
            ]
    columns[say("year to date")] = _each(frame, "year_to_date")
    return table_of(columns, pack_labels(frame))


def pack_labels(frame: pd.DataFrame) -> list[str]:
    """What each row of a pack is, with the channels that it is of.

    Parameters
    ----------
    frame : pandas.DataFrame
        Rows of `MonthlyPack.to_frame`.
    """
    thresholds = frame.attrs.get("answer_thresholds")
    channels = [text.split(", ") if text else [] for text in frame["channels"]]
    return [figure_said(*row, thresholds) for row in zip(frame["quantity"], channels, strict=True)]


def _each(frame: pd.DataFrame, column: str) -> list[str]:
    currency = frame.attrs.get("currency", "")
    return [number_in_words(*pair, currency) for pair in zip(frame["quantity"], frame[column], strict=True)]


def _compared(quantity: str, now: float, then: float, currency: str) -> str:
    """What a figure compares with, and in brackets how much more or less the figure is."""
    if not np.isfinite(then):
        return MISSING
    change = change_in_words(quantity, now, then)
    return f"{number_in_words(quantity, then, currency)}{'' if change == MISSING else f' ({change})'}"


@in_its_language
def definitions_table(frame: pd.DataFrame) -> Table:
    """Definitions to read: each with its sentence, contacts, cost, cost per contact and gap.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `compare_definitions`, one row per definition.
    """
    currency = frame.attrs.get("currency", "")
    return table_of({
        say("contacts"): whole_numbers(frame["contacts"]),
        say("cost"): [money(value, currency, 0) for value in frame["cost"]],
        say("cost per contact"): [number_in_words(_RATIO, value, currency) for value in frame["cost_per_contact"]],
        say("gap"): [signed(value) for value in frame["gap"]],
        say("by other costs"): [signed(value) for value in frame["gap_cost"]],
        say("by other contacts"): [signed(value) for value in frame["gap_contacts"]],
        say("meaning"): [in_language(meaning, language_spoken()) for meaning in frame["meaning"]],
    }, [definition_said(name) for name in frame["definition"]], words=[say("meaning")])  # fmt: skip


@in_its_language
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
    corner = f"[{currency_sign(frame.attrs.get('currency', ''))}]"
    columns = {definition_said(name): whole_numbers(ratios[name], 2) for name in names}
    return table_of(columns, ratios.index, corner=corner)


@in_its_language
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


@in_its_language
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
    unit = currency_sign(frame.attrs.get("currency", ""))
    total = say("ledger [{unit}]" if is_of_ledger(frame) else "cost [{unit}]", unit=unit)
    rows = {
        say("on closed issues [{unit}]", unit=unit): whole_numbers(shown["on_closed_issues"]),
        say("on open issues [{unit}]", unit=unit): whole_numbers(shown["on_open_issues"]),
        say("on unknown customers [{unit}]", unit=unit): whole_numbers(shown["on_unknown_customers"]),
        say("on other work [{unit}]", unit=unit): whole_numbers(shown["on_other_work"]),
        say("unallocated [{unit}]", unit=unit): whole_numbers(shown["unallocated"]),
        total: whole_numbers(shown["total_cost"]),
        say("of it on repeats [{unit}]", unit=unit): whole_numbers(shown["cost_of_repeats"]),
        say("closed issues"): whole_numbers(shown["closed_issues"]),
        say("open issues"): whole_numbers(shown["open_issues"]),
        say("cost per closed issue [{unit}]", unit=unit): whole_numbers(shown["cost_per_closed_issue"], 2),
    }
    return table_of(dict(zip(groups, zip(*rows.values(), strict=True), strict=True)), rows)


def _beside(frame: pd.DataFrame, whole: pd.DataFrame | None) -> tuple[pd.DataFrame, list[str]]:
    """The rows of the groups and, where it is asked for, of all of them; and what each row is."""
    if whole is None:
        return frame, groups_of(frame)
    return pd.concat([frame, whole], ignore_index=True), [*groups_of(frame), say("all")]


@in_its_language
def containment_table(frame: pd.DataFrame) -> Table:
    """Containment of self-service to read.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `containment`.
    """
    unit = currency_sign(frame.attrs.get("currency", ""))
    return table_of({
        say("sessions"): whole_numbers(frame["sessions"]),
        say("customer known"): [percent(value) for value in frame["identified_share"]],
        say("judged"): whole_numbers(frame["judged"]),
        say("net containment"): [percent(value) for value in frame["net_containment"]],
        say("came to an agent"): whole_numbers(frame["returns"]),
        say("cost of these [{unit}]", unit=unit): whole_numbers(frame["cost_of_failed_containment"]),
        say("window still open"): whole_numbers(frame["open_sessions"]),
        say("came already"): whole_numbers(frame["open_returns"]),
    }, groups_of(frame))  # fmt: skip


@in_its_language
def causes_table(frame: pd.DataFrame) -> Table:
    """Causes of contact to read, dearest first; what has no cause stands last.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `contact_causes`.
    """
    currency = frame.attrs.get("currency", "")
    unit = currency_sign(currency)
    before = period_in_words(year_before(own_period(frame)))
    columns = {
        say("contacts"): whole_numbers([*frame["contacts"], frame["contacts"].sum()]),
        say("growth on {before}", before=before): [*(growth_in_words(value) for value in frame["growth"]), ""],
        say("cost [{unit}]", unit=unit): whole_numbers([*frame["cost"], frame["cost"].sum(min_count=1)]),
        say("share of cost"): [*(percent(value) for value in frame["share_of_cost"]), ""],
        say("added up"): [*(percent(value) for value in frame["cumulative_share"]), ""],
        say("cost per contact"): [*(number_in_words(_RATIO, value, currency) for value in frame[_RATIO]), ""],
        say("repeats"): [*(percent(value) for value in frame["repeat_rate"]), ""],
    }
    return table_of(columns, [*groups_of(frame), say("all")])


@in_its_language
def removal_table(frame: pd.DataFrame) -> Table:
    """What removing causes is worth to read: cash, avoided, released, and what stays; the sum last.

    Above the causes stands the share that goes; where shares differ, each cause has its own.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `value_of_removal`.
    """
    unit = currency_sign(frame.attrs.get("currency", ""))
    names = {
        "contacts": say("contacts"),
        "cash": say("cash [{unit}]", unit=unit),
        "avoided": say("avoided [{unit}]", unit=unit),
        "released_capacity": say("released capacity [{unit}]", unit=unit),
        "released_hours": say("released hours"),
        "stays": say("stays [{unit}]", unit=unit),
    }
    if frame["released_hours"].isna().all():
        del names["released_hours"]
    # A sum over causes is known where every one of them is.
    sums = frame[[*names]].sum(skipna=False)
    columns = {words: whole_numbers([*frame[name], sums[name]]) for name, words in names.items()}
    differ = isinstance(frame.attrs["share"], Mapping)
    table = table_of(
        columns,
        [*(_with_share(frame) if differ else groups_of(frame)), say("all")],
        corner="" if differ else removed_in_words(frame),
    )
    table.attrs["title"] = frame.attrs["title"]
    return table


def _with_share(frame: pd.DataFrame) -> list[str]:
    """The causes, each with the share of it that goes."""
    column, shares = frame.attrs["by"][0], frame.attrs["share"]
    return [
        say("{cause}, {share}", cause=cause, share=share_in_words(shares[name]))
        for cause, name in zip(groups_of(frame), frame[column], strict=True)
    ]


@in_its_language
def benchmark_table(frame: pd.DataFrame, *, language: str | None = None) -> Table:
    """Published figures to read, with the own beside them where they were compared.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `benchmarks` or `compare_benchmarks`.
    language : {"en", "da"}, optional
        The frame's own when None.
    """
    unit = currency_sign(frame.attrs.get("currency", ""))
    channel, definition, certainty = say("channel"), say("definition"), say("certainty")
    columns = {
        channel: [published_said(value_said("channel", name)) for name in frame["channel"]],
        say("published"): [money(*pair) for pair in zip(frame["value"], frame["currency"], strict=True)],
    }
    if "own" in frame:
        columns[say("converted [{unit}]", unit=unit)] = [number(value, 2) for value in frame["converted"]]
        columns[say("own [{unit}]", unit=unit)] = [number(value, 2) for value in frame["own"]]
        columns[say("own against it")] = [percent(value, 0, signed=True) for value in frame["difference"]]
    columns |= {
        definition: [published_said(text) for text in frame["definition"]],
        certainty: [published_said(text) for text in frame["certainty"]],
    }
    return table_of(columns, frame["name"], words=[channel, definition, certainty])
