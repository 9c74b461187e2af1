"""What the check says of durations: that rows of many contacts hold totals, and averages that cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from cpc_analysis.cells.handling import handle_time, number_of

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = ["duration_notes"]

#: Nobody handles a contact in fewer seconds, or for longer than a day.
_SHORTEST, _LONGEST = 5.0, 86_400.0
_TOTALS = "Rows with a `contact_count` above 1 hold totals: their durations are of all their contacts together."


def duration_notes(data: Dataset) -> list[str]:
    """Sentences of the check about the durations of contacts; English."""
    contacts = data.on_engine("contacts")
    table = contacts.mutate(_handle=handle_time(contacts), _number=number_of(contacts))
    times = {"handle time": table["_handle"]}
    if "wait_ms" in table.columns:
        times["wait"] = table.wait_ms
    sums: dict[str, ibis.Value] = {"rows": table.count()}
    if "contact_count" in table.columns:
        sums["most"] = table.contact_count.max()
    for name, time in times.items():
        sums |= {name: time.sum(), f"{name} of": ibis.ifelse(time.notnull(), table["_number"], 0).sum()}
    frame = data.engine.fetch(table.group_by("channel").agg(**sums).order_by("channel"))
    has_totals = "most" in frame and bool((frame["most"] > 1).any())
    notes = [_TOTALS] if has_totals else []
    for name in times:
        for channel, total, count in zip(frame["channel"], frame[name], frame[f"{name} of"], strict=True):
            if count:
                notes += _doubted(name, str(channel), float(total) / 1000 / float(count), has_totals)
    return notes


def _doubted(name: str, channel: str, mean: float, has_totals: bool) -> list[str]:
    is_short = name == "handle time" and mean < _SHORTEST
    if not is_short and mean <= _LONGEST:
        return []
    bound = f"under {_SHORTEST:g} seconds" if is_short else "over a day"
    cause = "an average stands where a total should, or the unit is another" if has_totals else "the unit is another"
    return [f"The average {name} of {channel} is {mean:,.1f} seconds, {bound}: perhaps {cause}; `unit` states it."]
