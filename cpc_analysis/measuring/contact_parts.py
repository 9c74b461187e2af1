"""The parts of contacts, cell by cell: what counts, what was offered, how long it took."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from cpc_analysis.cells.contacts import REPEATS, SERVICE, STAGES
from cpc_analysis.glossary import PARTS, Fact
from cpc_analysis.schema import SELF_SERVED

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = ["contact_parts", "counted_contacts", "qualifying", "sums_for"]

#: Parts of contacts that every scan gives, and those that are read from `STAGES`.
_ALWAYS = {"counted", "assisted", "self_served", "answered", "calls", "handle_seconds", "measured", "worked_minutes"}
_OF_STAGES = {
    "hold_seconds", "hold_recorded", "wrap_seconds", "wrap_recorded", "verification_seconds", "verification_recorded",
    "reopened", "reopen_recorded",
}  # fmt: skip


def sums_for(needed: set[str]) -> tuple[str, ...]:
    """The sums that a scan of contacts has to give, beside those that it always gives, for some parts."""
    of_contacts = {part for part in needed if PARTS[part].fact is Fact.CONTACTS}
    service = of_contacts - _ALWAYS - _OF_STAGES
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
    rows, outcome = work["rows"], work["outcome"]
    counted = counted_contacts(data, work)
    measured = work["counted_measured"] if "counted_measured" in work else work["measured"] * counts
    answered = rows * ((outcome == "answered") & work["direction"].isin(data.counting.directions))
    parts = {
        "counted": counted,
        "assisted": counted * (outcome != SELF_SERVED),
        "self_served": rows * (outcome == SELF_SERVED),
        "answered": work.get("answered", answered),
        "calls": counted * (work["channel"] == "voice"),
        "handle_seconds": work["handle_ms"] * counts / 1000,
        "measured": measured,
        "worked_minutes": work["worked_ms"] * (work["is_contact"]) / 60_000,
    }
    if "offered" in work:
        records_time = _channels_with_times(work)
        parts |= {
            "offered": work["offered"],
            "abandoned": work["abandoned"],
            "wait_seconds": work["wait_ms"] / 1000,
            "waited": work["waited"],
            "first_response_seconds": work["first_response_ms"] / 1000,
            "responded": work["responded"],
            "in_time": work["in_time"] * records_time,
            "threshold_contacts": work["threshold_contacts"] * records_time,
            "threshold_answers": work["threshold_answers"] * records_time,
            "timed": work["timed"],
            "transferred": work["transferred"] * counts,
            "transfer_recorded": work["transfer_recorded"] * counts,
            "marked_resolved": work["marked_resolved"] * counts,
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


def _channels_with_times(work: pd.DataFrame) -> pd.Series:
    """Which cells are of channels that record the time to an answer: any of their answers in the whole log has one."""
    return work.groupby("channel")["timed"].transform("sum") > 0


def counted_contacts(data: Dataset, work: pd.DataFrame) -> pd.Series:
    """The contacts that count, one value per cell of work."""
    return work["counted"] if "counted" in work else work["rows"] * qualifying(data, work)
