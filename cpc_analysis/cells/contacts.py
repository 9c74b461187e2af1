"""Cells of contacts: counts, handle time and worked time by period, dimension and agent range.

Worked time is what an agent spends: simultaneous contacts share each second, so that an agent's hour is paid for once.
Contacts carry the counts; their legs, where there are any, carry the worked time.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import ibis
import pandas as pd

from cpc_analysis.cells.derived import CLOCK
from cpc_analysis.cells.handling import (
    PARTS_OF_HANDLING,
    handle_time,
    leg_handle,
    legs_with_worked_time,
    number_of,
    with_leg_parts,
    with_leg_time,
    with_sitting,
    worked_time,
)
from cpc_analysis.cells.issues import (
    ISSUE,
    conversations,
    heads,
    looked_up,
    parts_of_issues,
    qualifies,
    with_repeats,
    with_roots,
)
from cpc_analysis.cells.returns import RETURN
from cpc_analysis.cells.scans import PERIODS_ON_ENGINE, Scan, cells_of, keyed_contacts, with_range
from cpc_analysis.cells.slices import sliced
from cpc_analysis.policy import Counting

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = [
    "ALWAYS", "BASE_KEYS", "REPEATS", "SERVICE", "STAGES", "contact_cells", "contact_scan", "special_count",
    "worked_cells",
]  # fmt: skip

#: Keys that every cell of contacts has.
BASE_KEYS = ("month", "channel", "direction", "outcome")
ALWAYS = ("rows", "handle_ms", "measured", "worked_ms")
SERVICE = (
    "short", "wait_ms", "waited", "first_response_ms", "responded", "in_time", "threshold_contacts",
    "transferred", "transfer_recorded", "resolved", "resolution_recorded", "answer_wait_ms", "answer_waited",
    "abandon_wait_ms", "abandon_waited",
)  # fmt: skip
#: The parts of handling that are reported by themselves, and what was reopened.
STAGES = (
    "hold_ms", "hold_recorded", "wrap_ms", "wrap_recorded", "verification_ms", "verification_recorded",
    "reopened", "reopen_recorded",
)  # fmt: skip
REPEATS = ("repeats", "identified", "unidentified", "resolved_first", "closed_first")


def contact_cells(data: Dataset, keys: tuple[str, ...], workers: bool, sums: tuple[str, ...] = ()) -> pd.DataFrame:
    """The cells of contacts, and of legs where there are any.

    Parameters
    ----------
    data : Dataset
        The dataset.
    keys : tuple of str
        Columns of contacts, and the periods ``day`` and ``week``, beside `BASE_KEYS`.
    workers : bool
        Also by agent range: `range` and `stray` of the contact's agent, `worker` and `stray_worker` of who worked.
    sums : tuple of str
        Sums of `SERVICE`, `STAGES` or `REPEATS` beside `ALWAYS`.

    Returns
    -------
    pandas.DataFrame
        Sums in contacts and milliseconds, int64.
    """
    agent_keys = ("range", "stray") if workers else ()
    every = tuple(dict.fromkeys((*BASE_KEYS, *keys, *agent_keys)))
    wanted = [*ALWAYS, *sums] + (["counted"] if special_count(data) else [])
    signature = _signature(data, wanted, every)
    frame = cells_of(data, "contacts", lambda: contact_scan(data, every, wanted), every, wanted, signature)
    if workers:
        frame = frame.assign(worker=frame["range"], stray_worker=frame["stray"])
    if not data.has("legs"):
        return frame
    leg_keys = every + (("worker", "stray_worker") if workers else ())
    legs = cells_of(
        data, "legs", lambda: _leg_scan(data, leg_keys), leg_keys, ["worked_ms"], ("legs", signature[0], signature[-1])
    )
    return (
        pd.concat([frame, legs], ignore_index=True)
        .fillna(dict.fromkeys(wanted, 0))
        .astype(dict.fromkeys(wanted, "int64"))
    )


def worked_cells(data: Dataset, keys: tuple[str, ...]) -> pd.DataFrame:
    """Worked time by who worked and by the half-hours that it lasted through, of contacts and of their legs.

    Returns
    -------
    pandas.DataFrame
        `month`, the keys - days and weeks, of the contact's start, and `CLOCK` - `worker`, `stray_worker`, and
        `worked_ms`.
    """
    every = tuple(dict.fromkeys(("month", *keys, "worker", "stray_worker")))
    signature = ("clock", tuple(sorted(data.costing.standard_handle_seconds.items())))
    scans = {"contacts": _worked_scan, **({"legs": _worked_leg_scan} if data.has("legs") else {})}
    frames = [
        cells_of(data, name, partial(scan, data, every), every, ["worked_ms"], signature)
        for name, scan in scans.items()
    ]
    return pd.concat(frames, ignore_index=True)


def special_count(data: Dataset) -> bool:
    """Whether contacts are counted by more than their direction, outcome and queue."""
    unit = data.counting.unit
    return unit in ("leg", "issue") or (
        unit == "conversation" and "parent_contact_id" in data.on_engine("contacts").columns
    )


def _signature(data: Dataset, sums: list[str], keys: tuple[str, ...]) -> tuple[Any, ...]:
    counting, standard = data.counting, tuple(sorted(data.costing.standard_handle_seconds.items()))
    chosen = (counting.directions, counting.outcomes, counting.exclude_queues)
    return (
        standard,
        (counting.unit, *chosen) if "counted" in sums or set(sums) & set(REPEATS) else None,
        counting.repeat_window if set(sums) & set(REPEATS) or counting.unit == "issue" else None,
        (
            tuple(sorted(counting.thresholds.items())),
            counting.short_abandon_seconds,
            counting.service_level_of,
        )
        if set(sums) & set(SERVICE)
        else None,
        (counting.repeat_window, *chosen) if {ISSUE, RETURN} & set(keys) else None,
    )


def contact_scan(data: Dataset, keys: tuple[str, ...], sums: list[str]) -> Scan:
    """The scan of contacts for some keys and sums."""
    table = data.on_engine("contacts")
    if data.has("legs"):
        table = with_leg_time(data, table)
        if set(sums) & set(STAGES):
            table = with_leg_parts(data, table)
    if "counted" in sums:
        table = _with_count(data, table)
    if set(sums) & set(REPEATS):
        table = with_repeats(data, table)
    table = _complete_columns(keyed_contacts(data, table, keys))
    expressions = _sums(data, table)
    return Scan("contacts", table, keys, {name: expressions[name] for name in sums})


def _complete_columns(table: ibis.Table) -> ibis.Table:
    """The table with every column that a sum reads, missing ones as null."""
    durations = ("handle_ms", "wait_ms", "first_response_ms", *PARTS_OF_HANDLING)
    dtypes = dict.fromkeys((*durations, "transfers", "reopens"), "int64") | {"resolved": "boolean"}
    return table.mutate(**{name: ibis.null(dtype) for name, dtype in dtypes.items() if name not in table.columns})


def _sums(data: Dataset, table: ibis.Table) -> dict[str, ibis.Value]:
    counting = data.counting
    number = number_of(table)
    handle = handle_time(table)
    outcome_answered = table.outcome == "answered"
    inbound = table.direction == "in"
    wait, response = table.wait_ms, table.first_response_ms
    asked = inbound & (table.outcome != "self_served")
    short = (table.outcome == "abandoned") & (wait < counting.short_abandon_seconds * 1000)
    threshold = _threshold(counting, table)
    answer = wait.fill_null(response)
    served_base = (outcome_answered & answer.notnull()) if counting.service_level_of == "answered" else (
        (outcome_answered & answer.notnull()) | ((table.outcome == "abandoned") & ~short.fill_null(False))
    )  # fmt: skip
    transfers, reopens = table.transfers, table.reopens
    answered_in = inbound & outcome_answered
    gave_up = inbound & (table.outcome == "abandoned") & ~short.fill_null(False)

    def count(condition: ibis.Value) -> ibis.Value:
        return ibis.ifelse(condition, number, 0).sum()

    def of_as_many(times: ibis.Value) -> ibis.Value:
        # A contact counts once, however often; a row of many contacts has the times of all, each of another contact.
        return ibis.ifelse(times > number, number, times).sum()

    many = "contact_count" in table.columns
    result = {
        "rows": number.sum() if many else table.count(),
        "handle_ms": handle.sum(),
        "measured": count(handle.notnull()) if many else handle.count(),
        "worked_ms": worked_time(data, table, handle).sum(),
        "short": count(inbound & short),
        "wait_ms": ibis.ifelse(asked, wait, 0).sum(),
        "waited": count(asked & wait.notnull()),
        "first_response_ms": response.sum(),
        "responded": count(response.notnull()),
        "in_time": count(inbound & outcome_answered & (answer <= threshold)),
        "threshold_contacts": count(inbound & served_base & threshold.notnull()),
        "transferred": of_as_many(transfers),
        "transfer_recorded": count(transfers.notnull()),
        "resolved": count(table.resolved),
        "resolution_recorded": count(table.resolved.notnull()),
        "answer_wait_ms": ibis.ifelse(answered_in, wait, 0).sum(),
        "answer_waited": count(answered_in & wait.notnull()),
        "abandon_wait_ms": ibis.ifelse(gave_up, wait, 0).sum(),
        "abandon_waited": count(gave_up & wait.notnull()),
        "reopened": of_as_many(reopens),
        "reopen_recorded": count(reopens.notnull()),
    }
    for name in PARTS_OF_HANDLING:
        result[name] = table[name].sum()
        result[name.replace("_ms", "_recorded")] = count(table[name].notnull())
    for name in ("counted", *REPEATS):
        if f"_{name}" in table.columns:
            result[name] = table[f"_{name}"].sum()
    return result


def _threshold(counting: Counting, table: ibis.Table) -> ibis.Value:
    thresholds = counting.thresholds
    if not thresholds:
        return ibis.null("float64")
    return ibis.cases(*((table.channel == channel, seconds * 1000.0) for channel, seconds in thresholds.items()))


def _with_count(data: Dataset, table: ibis.Table) -> ibis.Table:
    """The table with `_counted`, how many contacts each row counts for."""
    counting = data.counting
    table = table.mutate(_counted=ibis.ifelse(qualifies(counting, table), number_of(table), 0).cast("int64"))
    if counting.unit == "leg":
        legs = data.on_engine("legs").group_by("contact_id").agg(_legs=lambda rows: rows.count())
        table = looked_up(table, legs, "_legs")
        return table.mutate(
            _counted=ibis.ifelse(table["_counted"] > 0, table["_legs"].fill_null(table["_counted"]), 0)
        ).drop("_legs")
    if "parent_contact_id" in table.columns:
        links = parts_of_issues(data) if counting.unit == "issue" else conversations(data).links
        table = _once_per_family(table, links)
    if counting.unit == "issue":
        chains = heads(data)
        table = looked_up(table, chains.select("contact_id", _head=chains.is_head), "_head")
        table = table.mutate(_counted=ibis.ifelse(table["_head"].fill_null(True), table["_counted"], 0))
        return table.drop("_head")
    return table


def _once_per_family(table: ibis.Table, links: ibis.Table) -> ibis.Table:
    members = with_roots(links)
    counted = table.select("contact_id", "_counted")
    joined = members.join(counted, "contact_id")
    best = joined.group_by("root_id").agg(_best=lambda rows: rows["_counted"].max())
    roles = members.join(best, "root_id").select(
        "contact_id",
        _share=ibis.ifelse(members.contact_id == members.root_id, best["_best"], 0),
    )
    table = looked_up(table, roles, "_share")
    return table.mutate(_counted=table["_share"].fill_null(table["_counted"])).drop("_share")


def _worked_scan(data: Dataset, keys: tuple[str, ...]) -> Scan:
    table = data.on_engine("contacts")
    if data.has("legs"):
        table = with_leg_time(data, table)
    table = with_sitting(table)
    table = table.mutate(worked_ms=worked_time(data, table, handle_time(table)).fill_null(0))
    table = with_range(data, table.filter(table.worked_ms > 0), "agent_id", "started_at", "worker", "stray_worker")
    table = keyed_contacts(data, table, [key for key in keys if key not in CLOCK])
    table = sliced(data, table, "contacts", "_from", "_lasting", ["worked_ms"])
    return Scan("contacts", table, keys, {"worked_ms": table.worked_ms.sum()})


def _worked_leg_scan(data: Dataset, keys: tuple[str, ...]) -> Scan:
    periods = [key for key in keys if key in PERIODS_ON_ENGINE]
    contacts = keyed_contacts(data, data.on_engine("contacts"), periods)
    legs = legs_with_worked_time(data.on_engine("legs"))
    legs = with_range(data, legs, "agent_id", "started_at", "worker", "stray_worker")
    joined = legs.join(contacts, legs.contact_id == contacts.contact_id)
    table = joined.select(
        *(legs[name] for name in ("worker", "stray_worker", "started_at")), worked_ms=legs["_worked"].fill_null(0),
        _lasting=leg_handle(legs), **{key: contacts[key] for key in periods},
    )  # fmt: skip
    table = sliced(data, table, "contacts", "started_at", "_lasting", ["worked_ms"])
    return Scan("legs", table, keys, {"worked_ms": table.worked_ms.sum()})


def _leg_scan(data: Dataset, keys: tuple[str, ...]) -> Scan:
    """The worked time of legs, by the columns of their contact and the agent of the leg."""
    contacts = keyed_contacts(data, data.on_engine("contacts"), keys)
    legs = legs_with_worked_time(data.on_engine("legs"))
    if "worker" in keys:
        legs = with_range(data, legs, "agent_id", "started_at", "worker", "stray_worker")
    own = [key for key in keys if key not in ("worker", "stray_worker")]
    joined = legs.join(contacts, legs.contact_id == contacts.contact_id)
    table = joined.select(
        *(legs[name] for name in ("_worked", "worker", "stray_worker") if name in legs.columns),
        **{key: contacts[key] for key in own},
    )
    return Scan("legs", table, keys, {"worked_ms": table["_worked"].sum()})
