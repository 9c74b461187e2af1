"""The parts of contacts, cell by cell: what counts, what was offered, how long it took."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from cpc_analysis.cells.contacts import REPEATS, SERVICE, STAGES
from cpc_analysis.glossary import PARTS, Fact
from cpc_analysis.schema import ASKED_FOR_AGENT, SELF_SERVED

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = ["contact_parts", "counted_contacts", "qualifying", "sums_for"]

#: Parts of contacts that every scan gives, and those that are read from `STAGES`.
_ALWAYS = {
    "counted", "assisted", "self_served", "offered", "answered", "abandoned", "calls", "handle_seconds", "measured",
    "worked_minutes",
}  # fmt: skip
_OF_STAGES = {
    "hold_seconds", "hold_recorded", "wrap_seconds", "wrap_recorded", "verification_seconds", "verification_recorded",
    "reopened", "reopen_recorded",
}  # fmt: skip


def sums_for(data: Dataset, needed: set[str]) -> tuple[str, ...]:
    """The sums that a scan of contacts has to give, beside those that it always gives, for some parts."""
    of_contacts = {part for part in needed if PARTS[part].fact is Fact.CONTACTS}
    service = of_contacts - _ALWAYS - _OF_STAGES
    if data.counting.short_abandon_seconds > 0:
        # Short abandons are taken off.
        service |= needed & {"offered", "abandoned"}
    repeats = any(PARTS[part].fact is Fact.REPEATS for part in needed)
    groups = ((SERVICE, service), (STAGES, of_contacts & _OF_STAGES), (REPEATS, repeats))
    return tuple(name for names, is_needed in groups if is_needed for name in names)


def qualifying(data: Dataset, work: pd.DataFrame) -> pd.Series:
    """Which cells hold contacts of the directions, outcomes and queues that count."""
    counting = data.counting
    chosen = work["direction"].isin(counting.directions) & work["outcome"].isin(counting.outcomes)
    if counting.exclude_queues and "queue" in work:
        chosen &= ~work["queue"].isin(counting.exclude_queues)
    return chosen


def contact_parts(data: Dataset, work: pd.DataFrame) -> dict[str, pd.Series]:
    """The parts of contacts, one value per cell of work."""
    counts = qualifying(data, work)
    rows, outcome, inbound = work["rows"], work["outcome"], work["direction"] == "in"
    counted = counted_contacts(data, work)
    short = work.get("short", 0)
    parts = {
        "counted": counted,
        "assisted": counted * (outcome != SELF_SERVED),
        "self_served": rows * (outcome == SELF_SERVED),
        "offered": rows * (inbound & outcome.isin(ASKED_FOR_AGENT)) - short,
        "answered": rows * ((outcome == "answered") & work["direction"].isin(data.counting.directions)),
        "abandoned": rows * (inbound & (outcome == "abandoned")) - short,
        "calls": counted * (work["channel"] == "voice"),
        "handle_seconds": work["handle_ms"] * counts / 1000,
        "measured": work["measured"] * counts,
        "worked_minutes": work["worked_ms"] * (work["is_contact"]) / 60_000,
    }
    if "wait_ms" in work:
        parts |= {
            "wait_seconds": work["wait_ms"] / 1000,
            "waited": work["waited"],
            "first_response_seconds": work["first_response_ms"] / 1000,
            "responded": work["responded"],
            "in_time": work["in_time"],
            "threshold_contacts": work["threshold_contacts"],
            "transferred": work["transferred"] * counts,
            "transfer_recorded": work["transfer_recorded"] * counts,
            "resolved": work["resolved"] * counts,
            "resolution_recorded": work["resolution_recorded"] * counts,
            "answer_wait_seconds": work["answer_wait_ms"] / 1000,
            "answer_waited": work["answer_waited"],
            "abandon_wait_seconds": work["abandon_wait_ms"] / 1000,
            "abandon_waited": work["abandon_waited"],
        }
    if "hold_ms" in work:
        parts |= {
            "hold_seconds": work["hold_ms"] * counts / 1000,
            "hold_recorded": work["hold_recorded"] * counts,
            "wrap_seconds": work["wrap_ms"] * counts / 1000,
            "wrap_recorded": work["wrap_recorded"] * counts,
            "verification_seconds": work["verification_ms"] * counts / 1000,
            "verification_recorded": work["verification_recorded"] * counts,
            "reopened": work["reopened"] * counts,
            "reopen_recorded": work["reopen_recorded"] * counts,
        }
    if "identified" in work:
        parts["identifiable"] = work["identified"] + work["unidentified"]
    return parts | {name: work[name] for name in REPEATS if name in work}


def counted_contacts(data: Dataset, work: pd.DataFrame) -> pd.Series:
    """The contacts that count, one value per cell of work."""
    return work["counted"] if "counted" in work else work["rows"] * qualifying(data, work)
