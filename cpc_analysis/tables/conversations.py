"""Conversations and repeats, found on the engine: which contacts belong to one parent, which repeat an earlier one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import ibis

from cpc_analysis.engine import Engine, ones, whole_seconds

__all__ = ["Families", "families", "repeat_heads"]

_LONGEST_CHAIN_OF_PARENTS = 64


@dataclass(frozen=True)
class Families:
    """Contacts that have a parent in the log: `links` holds `contact_id` and `root_id`.

    `cyclic` holds the `contact_id` of contacts whose parents go round in a circle.
    """

    links: ibis.Table
    cyclic: ibis.Table


def families(engine: Engine, contacts: ibis.Table) -> Families:
    """The root of every contact that has a parent in the log, by pointer doubling.

    Parameters
    ----------
    engine : Engine
        Where the contacts are.
    contacts : ibis.Table
        Canonical contacts with `contact_id` and `parent_contact_id`.
    """
    children = contacts.filter(
        contacts.parent_contact_id.notnull() & contacts.parent_contact_id.isin(contacts.contact_id)
    )
    links = children.select("contact_id", root_id=children.parent_contact_id).cache()
    depth = 1
    while depth <= _LONGEST_CHAIN_OF_PARENTS:
        above = links.view()
        further = links.join(above, links.root_id == above.contact_id).count()
        if not int(engine.connection.execute(further)):
            break
        joined = links.left_join(above, links.root_id == above.contact_id)
        links = joined.select(contact_id=links.contact_id, root_id=above.root_id.fill_null(links.root_id)).cache()
        depth *= 2
    above = links.view()
    # What still has a root with a parent after all doublings goes round in a circle.
    cyclic = links.semi_join(above, links.root_id == above.contact_id).select("contact_id").cache()
    return Families(links, cyclic)


def repeat_heads(engine: Engine, contacts: ibis.Table, window: timedelta, key: tuple[str, ...]) -> ibis.Table:
    """Contacts that can repeat one another, each with whether it is the first of a chain of repeats.

    Parameters
    ----------
    engine : Engine
        Where the contacts are.
    contacts : ibis.Table
        Contacts that can start or repeat a chain: `contact_id`, `started_at` and the columns of `key`, none missing.
    window : timedelta
        How long after the first contact of a chain another is a repeat of it; the window is fixed from the first.
    key : tuple of str
        What must be equal: the customer and the reason, or the root of a chain of parents.

    Returns
    -------
    ibis.Table
        The columns of `key`, `contact_id`, `started_at`, `is_head`, `head_at`, the start of its chain, and `next_at`,
        the start of the next contact of the same key.

    Notes
    -----
    A contact farther than the window from the one before it heads a chain. What lies between two such heads is one
    chain unless it lasts longer than the window; only those stretches, few and short, are walked through, all at once,
    head by head.
    """
    seconds = int(window.total_seconds())
    ordered = {"group_by": list(key), "order_by": [contacts.started_at, contacts.contact_id]}
    at = whole_seconds(contacts.started_at)
    placed = contacts.select(
        *key,
        "contact_id",
        "started_at",
        at=at,
        before=at.lag().over(**ordered),
        next_at=contacts.started_at.lead().over(**ordered),
    )
    placed = placed.mutate(gap_head=placed.before.isnull() | (placed.at - placed.before > seconds))
    run = (
        ones(placed.gap_head)
        .sum()
        .over(group_by=list(key), order_by=[placed.started_at, placed.contact_id], rows=(None, 0))
    )
    placed = placed.mutate(run=run).cache()
    inside = _heads_inside_long_runs(engine, placed, seconds, key)
    headed = placed.mutate(is_head=placed.gap_head | placed.contact_id.isin(inside.contact_id))
    starts = ibis.ifelse(headed.is_head, headed.started_at, ibis.null(headed.started_at.type()))
    # Each contact belongs to the chain of the last head up to it.
    head_at = starts.max().over(group_by=list(key), order_by=[headed.started_at, headed.contact_id], rows=(None, 0))
    return headed.select(*key, "contact_id", "started_at", "next_at", "is_head", head_at=head_at)


def _heads_inside_long_runs(engine: Engine, placed: ibis.Table, seconds: int, key: tuple[str, ...]) -> ibis.Table:
    runs = placed.group_by(*key, "run").agg(start=placed.at.min(), end=placed.at.max())
    long_runs = runs.filter(runs.end - runs.start > seconds).drop("end")
    names = [*key, "run"]
    waiting = _beyond(placed.join(long_runs, names), seconds).cache()
    heads = waiting.filter(False).select("contact_id").cache()
    while int(engine.connection.execute(waiting.count())):
        first = waiting.group_by(names).agg(start=waiting.at.min())
        at_start = waiting.drop("start").join(first, names)
        # Two contacts of one key in the same second: only the first by its name is the head.
        fresh = (
            at_start.filter(at_start["at"] == at_start.start)
            .group_by(names)
            .agg(contact_id=lambda table: table.contact_id.min())
        )
        heads = heads.union(fresh.select("contact_id")).cache()
        waiting = _beyond(waiting.drop("start").join(first, names), seconds).cache()
    return heads


def _beyond(joined: ibis.Table, seconds: int) -> ibis.Table:
    table = joined.drop(*(name for name in joined.columns if name.endswith("_right")))
    return table.filter(table["at"] - table.start > seconds)
