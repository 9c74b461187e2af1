"""Cells of contacts: counts, handle time and worked time by period, dimension and agent range.

Worked time is what an agent spends: simultaneous contacts share each second, so that an agent's hour is paid for once.
Contacts carry the counts; their legs, where there are any, carry the worked time.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

import ibis
import pandas as pd

from cpc_analysis.cells.counting import (
    COUNTED,
    COUNTED_IN,
    OWN_CHANNEL,
    RECORDED,
    TOLD,
    counting_key,
    joins_contacts,
    special_count,
    times_told,
    with_count,
)
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
from cpc_analysis.cells.issues import ISSUE, with_repeats
from cpc_analysis.cells.offers import OFFERS, offer_sums, with_offers
from cpc_analysis.cells.returns import RETURN
from cpc_analysis.cells.scans import PERIODS_ON_ENGINE, Scan, cells_of, keyed_contacts, month_keys, with_range
from cpc_analysis.cells.slices import sliced

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = [
    "ALWAYS", "BASE_KEYS", "REPEATS", "SERVICE", "STAGES", "base_keys", "contact_cells", "contact_scan", "sums_of",
    "worked_cells",
]  # fmt: skip

#: Keys that every cell of contacts has.
BASE_KEYS = ("month", "channel", "direction", "outcome")
ALWAYS = ("rows", "handle_ms", "measured", "worked_ms")
SERVICE = (
    *OFFERS, "transferred", "transfer_recorded", "marked_resolved", "resolution_recorded",
)  # fmt: skip
#: The parts of handling that are reported by themselves, and what was reopened.
STAGES = (
    "hold_ms", "hold_recorded", "wrap_ms", "wrap_recorded", "verification_ms", "verification_recorded",
    "reopened", "reopen_recorded",
)  # fmt: skip
REPEATS = ("repeats", "identified", "unidentified", "resolved_first", "closed_first")
#: Sums that lie in the channel in which a contact came, wherever its conversation counts.
_WHERE_IT_CAME = (*OFFERS, *REPEATS)


def base_keys(data: Dataset) -> tuple[str, ...]:
    """The keys that every scan of contacts has: `BASE_KEYS`, those of the month, the channel counted in if another."""
    counted_in = (COUNTED_IN,) if joins_contacts(data) else ()
    return tuple(dict.fromkeys((*BASE_KEYS, *month_keys(data), *counted_in)))


def sums_of(data: Dataset, sums: Iterable[str]) -> list[str]:
    """Every sum of a scan that is asked for some: `ALWAYS`, these, and what counts where rows do not tell it."""
    return [*ALWAYS, *sums, *(COUNTED if special_count(data) else ())]


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
        Sums in contacts and milliseconds, int64. `channel` is where the work counts, `OWN_CHANNEL` that of the
        contact itself, where offers, answers and repeats lie.
    """
    agent_keys = ("range", "stray") if workers else ()
    every = tuple(dict.fromkeys((*base_keys(data), *keys, *agent_keys)))
    wanted = sums_of(data, sums)
    signature = _signature(data, wanted, every)
    frame = cells_of(data, "contacts", lambda: contact_scan(data, every, wanted), every, wanted, signature)
    if workers:
        frame = frame.assign(worker=frame["range"], stray_worker=frame["stray"])
    if not data.has("legs"):
        return _in_channels(frame, wanted)
    leg_keys = every + (("worker", "stray_worker") if workers else ())
    leg_signature = ("legs", *_key_signature(data, every))
    legs = cells_of(data, "legs", lambda: _leg_scan(data, leg_keys), leg_keys, ["worked_ms"], leg_signature)
    both = pd.concat([frame, legs], ignore_index=True)
    both[wanted] = both[wanted].fillna(0).astype("int64")
    return _in_channels(both, wanted)


def _in_channels(frame: pd.DataFrame, sums: list[str]) -> pd.DataFrame:
    """The cells with the channel that they count in as `channel`, and that of the contact as `own_channel`.

    What a conversation cost and what it counts for move together; what came in a channel stays there.
    """
    if COUNTED_IN not in frame:
        return frame.assign(**{OWN_CHANNEL: frame["channel"]})
    counted_in = frame[COUNTED_IN]
    frame = frame.drop(columns=COUNTED_IN).assign(**{OWN_CHANNEL: frame["channel"]})
    moves = frame["channel"] != counted_in
    if not moves.any():
        return frame
    staying = [name for name in sums if name in _WHERE_IT_CAME]
    came = frame[moves].assign(**{name: 0 for name in sums if name not in staying})
    came = came[came[staying].any(axis=1)]
    frame = frame.assign(channel=counted_in)
    frame.loc[moves, staying] = 0
    return pd.concat([frame, came], ignore_index=True)


def worked_cells(data: Dataset, keys: tuple[str, ...]) -> pd.DataFrame:
    """Worked time by who worked and by the half-hours that it lasted through, of contacts and of their legs.

    Returns
    -------
    pandas.DataFrame
        The keys of the month, the keys asked for - days and weeks, of the contact's start, and `CLOCK` - `worker`,
        `stray_worker`, and `worked_ms`.
    """
    every = tuple(dict.fromkeys((*month_keys(data), *keys, "worker", "stray_worker")))
    signature = ("clock", tuple(sorted(data.costing.standard_handle_seconds.items())))
    scans = {"contacts": _worked_scan, **({"legs": _worked_leg_scan} if data.has("legs") else {})}
    frames = [
        cells_of(data, name, partial(scan, data, every), every, ["worked_ms"], signature)
        for name, scan in scans.items()
    ]
    return pd.concat(frames, ignore_index=True)


def _signature(data: Dataset, sums: list[str], keys: tuple[str, ...]) -> tuple[Any, ...]:
    counting, standard = data.counting, tuple(sorted(data.costing.standard_handle_seconds.items()))
    asked = set(sums)
    repeats = (counting.repeat_window, *counting_key(data)) if asked & set(REPEATS) else None
    service = (
        (tuple(sorted(counting.thresholds.items())), counting.short_abandon_seconds, counting.service_level_of,
         counting.unit)
        if asked & set(SERVICE) else None
    )  # fmt: skip
    counted = counting_key(data) if asked & set(COUNTED) else None
    return (standard, counted, repeats, service, *_key_signature(data, keys))


def _key_signature(data: Dataset, keys: tuple[str, ...]) -> tuple[Any, ...]:
    """What of the counting policy changes the values of some keys."""
    if not {ISSUE, RETURN, COUNTED_IN} & set(keys):
        return ()
    return (data.counting.repeat_window, *counting_key(data))


def contact_scan(data: Dataset, keys: tuple[str, ...], sums: list[str]) -> Scan:
    """The scan of contacts for some keys and sums."""
    table = data.on_engine("contacts")
    if data.has("legs"):
        table = with_leg_time(data, table)
        if set(sums) & set(STAGES):
            table = with_leg_parts(data, table)
    if set(sums) & set(COUNTED):
        table = with_count(data, table)
    if set(sums) & set(OFFERS):
        table = with_offers(data, table)
    if set(sums) & set(REPEATS):
        table = with_repeats(data, table)
    table = _complete_columns(keyed_contacts(data, table, keys))
    expressions = _sums(data, table)
    return Scan("contacts", table, keys, {name: expressions[name] for name in sums})


def _complete_columns(table: ibis.Table) -> ibis.Table:
    """The table with every column that a sum reads, missing ones as null."""
    dtypes = dict.fromkeys(("handle_ms", *PARTS_OF_HANDLING, "transfers", "reopens"), "int64") | {"resolved": "boolean"}
    return table.mutate(**{name: ibis.null(dtype) for name, dtype in dtypes.items() if name not in table.columns})


def _sums(data: Dataset, table: ibis.Table) -> dict[str, ibis.Value]:
    number = number_of(table)
    handle = handle_time(table)

    def count(condition: ibis.Value) -> ibis.Value:
        return ibis.ifelse(condition, number, 0).sum()

    many = "contact_count" in table.columns
    result = {
        "rows": number.sum() if many else table.count(),
        "handle_ms": handle.sum(),
        "measured": count(handle.notnull()) if many else handle.count(),
        "worked_ms": worked_time(data, table, handle).sum(),
        **{name: table[name].sum() for name in PARTS_OF_HANDLING},
        **{recorded: count(table[column].notnull()) for column, recorded in RECORDED.items()},
        **{told: times_told(table, column).sum() for column, told in TOLD.items()},
    }
    if "_offered" in table.columns:
        result |= offer_sums(data.counting, table)
    # Where several contacts are one, no row tells what it counts for.
    for name in (*COUNTED, *RECORDED.values(), *TOLD.values(), *REPEATS):
        if f"_{name}" in table.columns:
            result[name] = table[f"_{name}"].sum()
    return result


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
