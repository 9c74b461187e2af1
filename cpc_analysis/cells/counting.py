"""What each row of the log counts for: one for a conversation, an issue or a leg, and the channel that it counts in.

Where several contacts are one, the one lies on the first of them that counts, and its count and all of their work are
shown in the channel where it began: what a conversation cost and what it counts for are never in two channels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from cpc_analysis.cells.handling import PARTS_OF_HANDLING, handle_time, number_of, with_leg_parts, with_leg_time
from cpc_analysis.cells.issues import (
    contacts_of_issues,
    conversations,
    has_parents,
    looked_up,
    qualifies,
    replaced,
    with_roots,
)
from cpc_analysis.engine import ones
from cpc_analysis.policy import Counting
from cpc_analysis.schema import SELF_SERVED

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = [
    "COUNTED", "COUNTED_IN", "OWN_CHANNEL", "RECORDED", "TOLD", "counting_key", "joins_contacts", "special_count",
    "times_told", "with_count", "with_counted_in",
]  # fmt: skip

#: Key of contacts: the channel in which their work is shown and counted.
COUNTED_IN = "_counted_in"
#: Column of cells: the channel of the contact itself, which the scopes of costs name.
OWN_CHANNEL = "_own_channel"
#: Sums that are not those of single rows: contacts that count, those of them with a measured handle time, and
#: contacts answered in the directions that count.
COUNTED = ("counted", "counted_measured", "answered")
#: Sums of contacts for which a column is recorded.
RECORDED = {
    **{name: name.replace("_ms", "_recorded") for name in PARTS_OF_HANDLING},
    "transfers": "transfer_recorded",
    "reopens": "reopen_recorded",
    "resolved": "resolution_recorded",
}
#: Sums of contacts of which a column tells that it happened.
TOLD = {"transfers": "transferred", "reopens": "reopened", "resolved": "marked_resolved"}


def joins_contacts(data: Dataset) -> bool:
    """Whether several contacts of the log can count as one."""
    unit = data.counting.unit
    return unit == "issue" or (unit == "conversation" and has_parents(data))


def counts_legs(data: Dataset) -> bool:
    """Whether the legs of contacts count; without any recorded each contact is one."""
    return data.counting.unit == "leg" and data.has("legs")


def special_count(data: Dataset) -> bool:
    """Whether contacts are counted by more than their direction, outcome and queue."""
    return counts_legs(data) or joins_contacts(data)


def counting_key(data: Dataset) -> tuple[object, ...]:
    """What of the counting policy changes which contacts count as one, and where; hashable."""
    counting = data.counting
    window = counting.repeat_window if counting.unit == "issue" else None
    return counting.unit, window, counting.directions, counting.outcomes, counting.exclude_queues


def with_count(data: Dataset, table: ibis.Table) -> ibis.Table:
    """The table with what each row counts for: `COUNTED`, `RECORDED` and `TOLD`, as columns with an underscore.

    The contacts have the time of their legs already, where there are legs.
    """
    own = _single_counts(data.counting, table)
    if counts_legs(data):
        return _per_leg(data, table.mutate(**own))
    own[COUNTED_IN] = table.channel
    return replaced(table.mutate(**own), _members(data), *own)


def with_counted_in(data: Dataset, table: ibis.Table) -> ibis.Table:
    """The table with `COUNTED_IN`; contacts that are one of their own stay in their channel."""
    return replaced(table.mutate(**{COUNTED_IN: table.channel}), _members(data), COUNTED_IN)


def _single_counts(counting: Counting, table: ibis.Table) -> dict[str, ibis.Value]:
    """What a contact counts for by itself."""
    number = number_of(table).cast("int64")
    counts = qualifies(counting, table)
    conditions = {
        "_counted": counts,
        "_counted_measured": counts & handle_time(table).notnull(),
        "_answered": (table.outcome == "answered") & table.direction.isin(counting.directions),
    }
    for column, recorded in RECORDED.items():
        if column in table.columns:
            conditions[f"_{recorded}"] = counts & table[column].notnull()
    counts_for = {name: ibis.ifelse(condition, number, 0) for name, condition in conditions.items()}
    for column, told in TOLD.items():
        if column in table.columns:
            counts_for[f"_{told}"] = ibis.ifelse(counts, times_told(table, column).fill_null(0), 0)
    return counts_for


def times_told(table: ibis.Table, column: str) -> ibis.Value:
    """Of how many contacts a column of `TOLD` tells that it happened; null where it says nothing.

    A contact counts once, however often it was transferred; a row of many has the transfers of all, each of another.
    """
    number = number_of(table).cast("int64")
    if table[column].type().is_boolean():
        return ibis.ifelse(table[column], number, 0 * number)
    return ibis.ifelse(table[column] > number, number, table[column])


def _per_leg(data: Dataset, table: ibis.Table) -> ibis.Table:
    legs = data.on_engine("legs").group_by("contact_id").agg(_legs=lambda rows: rows.count())
    table = looked_up(table, legs, "_legs")
    multiplied = ("counted", "counted_measured", *(RECORDED[name] for name in PARTS_OF_HANDLING))
    of_contact = {f"_{name}": table[f"_{name}"] for name in multiplied if f"_{name}" in table.columns}
    legs_of = {name: ibis.ifelse(count > 0, table["_legs"].fill_null(count), 0) for name, count in of_contact.items()}
    return table.mutate(**legs_of).drop("_legs")


def _members(data: Dataset) -> ibis.Table:
    """The contacts that are one with others, with what each counts for and `COUNTED_IN`; kept."""
    return data.once(("members", *counting_key(data)), lambda: _counted_members(data).cache())


def _counted_members(data: Dataset) -> ibis.Table:
    links = contacts_of_issues(data) if data.counting.unit == "issue" else conversations(data).links
    members = with_roots(links)
    table = data.on_engine("contacts")
    if data.has("legs"):
        table = with_leg_parts(data, with_leg_time(data, table))
    own = _single_counts(data.counting, table)
    joined = members.join(table, members.contact_id == table.contact_id)
    rows = joined.select(
        contact_id=members.contact_id,
        root_id=members.root_id,
        started_at=table.started_at,
        channel=table.channel,
        is_session=ones(table.outcome == SELF_SERVED),
        number=number_of(table).cast("int64"),
        **own,
    )
    rows = rows.mutate(
        nth=_place(rows), is_first=_comes_first(rows, "_counted"), is_answer=_comes_first(rows, "_answered")
    )
    began = rows.mutate(place=_place(rows, rows.is_session)).filter(lambda found: found.place == 0)
    counts = rows.filter(rows.is_first).select("root_id")
    first = began.select("root_id", counted_in=began.channel).semi_join(counts, "root_id")
    # What is told of any contact is told of what they are together; whether it is resolved, the last to say so tells.
    told = [name for name in own if name not in ("_counted", "_answered")]
    of_family = {name: rows[name].max() > 0 for name in told}
    if "_marked_resolved" in told:
        says = rows["_resolution_recorded"] > 0
        of_family["_marked_resolved"] = rows["_marked_resolved"].argmax(rows.nth, where=says) > 0
    families = rows.group_by("root_id").agg(**{f"any{name}": value for name, value in of_family.items()})
    placed = rows.join(families, "root_id").left_join(first, "root_id")
    # A self-service session has a count of its own, so that its cost stays with it.
    stays = (placed.is_session == 1) & ~placed.is_first
    return placed.select(
        "contact_id",
        _counted=ibis.ifelse(placed.is_first, placed.number, 0),
        **{name: ibis.ifelse(placed.is_first & placed[f"any{name}"], placed.number, 0) for name in told},
        _answered=ibis.ifelse(placed.is_answer, placed.number, 0),
        **{COUNTED_IN: ibis.ifelse(stays, placed.channel, placed.counted_in.fill_null(placed.channel))},
    )


def _comes_first(rows: ibis.Table, count: str) -> ibis.Value:
    """Whether a contact is the first of its family that counts; those that an agent had a part in come first."""
    return (_place(rows, ones(rows[count] == 0), rows.is_session) == 0) & (rows[count] > 0)


def _place(rows: ibis.Table, *before: ibis.Value) -> ibis.Value:
    """The place of each contact in its family, by what goes before all else and then by time."""
    return ibis.row_number().over(group_by=rows.root_id, order_by=[*before, rows.started_at, rows.contact_id])
