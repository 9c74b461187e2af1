"""Handle time and worked time of contacts and their legs, as expressions of the engine.

Worked time is what an agent spends: simultaneous contacts share each second, so that an agent's hour is paid for once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from cpc_analysis.cells.issues import looked_up
from cpc_analysis.engine import milliseconds

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = [
    "PARTS_OF_HANDLING", "handle_time", "leg_handle", "legs_with_worked_time", "number_of",
    "with_leg_parts", "with_leg_time", "with_sitting", "worked_time",
]  # fmt: skip

#: Stages of handling that are reported by themselves. Verification is a part of talk, not a stage beside it.
PARTS_OF_HANDLING = ("hold_ms", "wrap_ms", "verification_ms")

#: Legs share seconds in whole parts: every number up to 16 divides this one.
_PARTS = 720_720


def number_of(table: ibis.Table) -> ibis.Value:
    """How many contacts a row stands for."""
    return table.contact_count if "contact_count" in table.columns else ibis.literal(1)


def handle_time(table: ibis.Table) -> ibis.Value:
    """Handle time [milliseconds]: as recorded, else talk, hold and wrap-up added; missing where nothing is."""
    if "_leg_handle_ms" in table.columns:
        return table["_leg_handle_ms"].fill_null(_own_handle(table))
    return _own_handle(table)


def _own_handle(table: ibis.Table) -> ibis.Value:
    recorded = table.handle_ms if "handle_ms" in table.columns else ibis.null("int64")
    stages = [table[name] for name in ("talk_ms", "hold_ms", "wrap_ms") if name in table.columns]
    if not stages:
        return recorded
    together = stages[0].fill_null(0)
    for stage in stages[1:]:
        together = together + stage.fill_null(0)
    return recorded.fill_null(ibis.ifelse(ibis.coalesce(*stages).notnull(), together, ibis.null("int64")))


def worked_time(data: Dataset, table: ibis.Table, handle: ibis.Value) -> ibis.Value:
    """Worked time of contacts [milliseconds], by their handle time or a standard; that of their legs left out."""
    standards = data.costing.standard_handle_seconds
    if standards:
        standard = ibis.cases(
            *((table.channel == channel, int(seconds * 1000)) for channel, seconds in standards.items())
        )
        number = number_of(table)
        handle = handle.fill_null(ibis.ifelse(table.outcome == "answered", standard * number, ibis.null("int64")))
    worked = _shared(handle, table)
    if "_leg_handle_ms" in table.columns:
        # The legs of such a contact carry its time, in cells of their own.
        return ibis.ifelse(table["_leg_handle_ms"].isnull(), worked, 0)
    return worked


def _shared(handle: ibis.Value, table: ibis.Table) -> ibis.Value:
    if "concurrency" not in table.columns:
        return handle
    return ibis.ifelse(table.concurrency > 1, (handle / table.concurrency).round().cast("int64"), handle)


def with_sitting(table: ibis.Table) -> ibis.Table:
    """The contacts with `_from` and `_lasting` [milliseconds], when somebody was at work on each.

    That is from the end of the wait; else up to the first response, or to the end; else from the start. Rows that
    stand for many contacts are at their start.
    """
    handle, begin = handle_time(table), ibis.literal(None, "int64")
    if "wait_ms" in table.columns:
        begin = begin.fill_null(table.wait_ms)
    if "first_response_ms" in table.columns:
        begin = begin.fill_null(table.first_response_ms - handle)
    if "ended_at" in table.columns:
        begin = begin.fill_null(milliseconds(table.ended_at) - milliseconds(table.started_at) - handle)
    later = ibis.greatest(begin.fill_null(0), 0) // 1000
    return table.mutate(
        _from=table.started_at + later.cast("int64").as_interval("s"),
        _lasting=ibis.ifelse(number_of(table) > 1, 0, handle.fill_null(0)),
    )


def with_leg_time(data: Dataset, table: ibis.Table) -> ibis.Table:
    """The contacts with `_leg_handle_ms`, the handle time of their legs; missing where they have none."""
    legs = data.on_engine("legs")
    timed = legs.select("contact_id", _handle=leg_handle(legs))
    sums = timed.group_by("contact_id").agg(_leg_handle_ms=timed["_handle"].sum())
    return looked_up(table, sums, "_leg_handle_ms")


def with_leg_parts(data: Dataset, table: ibis.Table) -> ibis.Table:
    """The contacts with `PARTS_OF_HANDLING` as their legs add up to; a contact whose legs say nothing keeps its own."""
    legs = data.on_engine("legs")
    names = [name for name in PARTS_OF_HANDLING if name in legs.columns]
    if not names:
        return table
    sums = legs.group_by("contact_id").agg(**{f"_leg_{name}": legs[name].sum() for name in names})
    table = looked_up(table, sums, *(f"_leg_{name}" for name in names))
    for name in names:
        own = table[name] if name in table.columns else ibis.null("int64")
        table = table.mutate(**{name: table[f"_leg_{name}"].fill_null(own)})
    return table


def leg_handle(legs: ibis.Table) -> ibis.Value:
    """Handle time of legs [milliseconds]: as recorded, else from start to end."""
    handle = _own_handle(legs)
    if "ended_at" in legs.columns:
        handle = handle.fill_null(milliseconds(legs.ended_at) - milliseconds(legs.started_at))
    return handle


def legs_with_worked_time(legs: ibis.Table) -> ibis.Table:
    """Legs with `_worked` [milliseconds].

    Where a leg has a start and an end, each engaged second is shared equally among the agent's open legs; else its
    handle time is divided by its recorded concurrency.
    """
    single = _shared(leg_handle(legs), legs)
    if "ended_at" not in legs.columns:
        return legs.mutate(_worked=single)
    closed = legs.filter(legs.ended_at.notnull())
    start, end = milliseconds(closed.started_at), milliseconds(closed.ended_at)
    spans = closed.select("leg_id", "agent_id", start=start, end=end)
    moments = spans.select("agent_id", at=spans.start, open=ibis.literal(1)).union(
        spans.select("agent_id", at=spans.end, open=ibis.literal(-1))
    )
    steps = moments.group_by("agent_id", "at").agg(change=moments["open"].sum())
    order = {"group_by": "agent_id", "order_by": steps["at"]}
    steps = steps.mutate(open=steps.change.sum().over(rows=(None, 0), **order), until=steps["at"].lead().over(**order))
    part = ibis.ifelse(steps["open"] > 0, ((steps["until"] - steps["at"]) * _PARTS) // steps["open"], 0)
    steps = steps.mutate(part=part.fill_null(0))
    before = steps.part.sum().over(rows=(None, 0), group_by="agent_id", order_by=steps["at"]) - steps.part
    clock = steps.select("agent_id", "at", elapsed=before)
    at_end = clock.view()
    joined = spans.join(clock, [spans.agent_id == clock.agent_id, spans.start == clock["at"]]).join(
        at_end, [spans.agent_id == at_end.agent_id, spans.end == at_end["at"]]
    )
    swept = joined.select(leg_id=spans.leg_id, _swept=((at_end.elapsed - clock.elapsed) / _PARTS).round().cast("int64"))
    result = legs.left_join(swept, legs.leg_id == swept.leg_id)
    return result.select(*(legs[name] for name in legs.columns), _worked=swept["_swept"].fill_null(single))
