"""Issues: which contacts come first for a matter, and which repeat it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import ibis

from cpc_analysis.cells.log_days import covered, without_far
from cpc_analysis.engine import ones, whole_seconds
from cpc_analysis.errors import InvalidInputError
from cpc_analysis.periods import midnight
from cpc_analysis.policy import Counting, parse_duration
from cpc_analysis.schema import ASSISTED
from cpc_analysis.tables.conversations import Families, families, repeat_heads

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = [
    "CLOSED", "FIRST", "ISSUE", "NO_CUSTOMER", "OPEN", "REPEAT", "check_repeats", "contacts_of_issues",
    "conversations", "has_parents", "heads", "looked_up", "parts_of_issues", "qualifies", "replaced",
    "tells_repeats", "window_has_closed", "with_issue", "with_repeats", "with_roots",
]  # fmt: skip

#: The key of contacts that tells their part in an issue.
ISSUE = "_issue"

CLOSED, OPEN = "closed", "open"
FIRST, REPEAT, PART = "first", "repeat", "part"
NO_CUSTOMER = "no customer"


def qualifies(counting: Counting, table: ibis.Table) -> ibis.Value:
    """Which contacts are of the directions, outcomes and queues that count."""
    condition = table.direction.isin(counting.directions) & table.outcome.isin(counting.outcomes)
    if counting.exclude_queues and "queue" in table.columns:
        condition = condition & table.queue.notin(counting.exclude_queues).fill_null(True)
    return condition


def looked_up(table: ibis.Table, lookup: ibis.Table, *columns: str) -> ibis.Table:
    """The table with columns of another that has at most one row per contact."""
    joined = table.left_join(lookup, table.contact_id == lookup.contact_id)
    return joined.select(*(table[name] for name in table.columns), **{column: lookup[column] for column in columns})


def replaced(table: ibis.Table, lookup: ibis.Table, *columns: str) -> ibis.Table:
    """The table with columns taken from another where that has the contact, which it has at most once."""
    joined = table.left_join(lookup, table.contact_id == lookup.contact_id)
    found = lookup.contact_id.notnull()
    taken = {name: ibis.ifelse(found, lookup[name], table[name]) for name in columns}
    return joined.select(*(table[name] for name in table.columns if name not in columns), **taken)


def tells_repeats(data: Dataset) -> bool:
    """Whether the contacts tell what repeats what: by their customer, else by the earlier contact that they follow up.

    Parents serve only where customers are not recorded. A contact is then identified by its chain of parents, whatever
    its reason; one that nobody follows up is a chain of one.
    """
    return data.has("contacts", "customer_id") or has_parents(data)


def check_repeats(data: Dataset, what: str) -> None:
    """Raise if the contacts do not tell what repeats what.

    Parameters
    ----------
    data : Dataset
        The dataset.
    what : str
        What is asked for, as the subject of the sentence.

    Raises
    ------
    InvalidInputError
        If there is neither a customer nor a parent.
    """
    if not tells_repeats(data):
        raise InvalidInputError(
            f"{what} needs `contacts.customer_id`, a pseudonym that tells whose contacts repeat, or "
            "`contacts.parent_contact_id`, the earlier contact that one follows up; the contacts have neither."
        )


def has_parents(data: Dataset) -> bool:
    """Whether any contact names another as its parent."""
    return data.has("contacts", "parent_contact_id") and "parent_contact_id" in data.on_engine("contacts").columns


def conversations(data: Dataset) -> Families:
    """The contacts that have a parent in the log, with their roots; kept."""
    return data.once("families", lambda: families(data.engine, data.on_engine("contacts")))


def with_roots(links: ibis.Table) -> ibis.Table:
    """Links of `contact_id` to `root_id` with each root as a member of its own family."""
    return links.union(links.select(contact_id="root_id", root_id="root_id").distinct())


def parts_of_issues(data: Dataset) -> ibis.Table:
    """The contacts that belong to the issue of another, `root_id`, as a part of it.

    What has a parent belongs to the root. Where chains of parents stand for customers, what can repeat is a contact of
    its own, and only the rest of a chain belongs: to the first that can, if there is one.
    """
    links = conversations(data).links
    if data.has("contacts", "customer_id"):
        return links
    chains = heads(data)
    first = chains.group_by("_chain").agg(_first=chains.contact_id.argmin(chains.started_at))
    rest = with_roots(links).anti_join(chains, "contact_id")
    joined = rest.left_join(first, rest.root_id == first["_chain"])
    parts = joined.select(contact_id=rest.contact_id, root_id=first["_first"].fill_null(rest.root_id))
    return parts.filter(parts.contact_id != parts.root_id)


def contacts_of_issues(data: Dataset) -> ibis.Table:
    """The contacts that belong to the issue of another, with the contact that it begins with, as `root_id`.

    These are the repeats of a first contact, and what belongs to it or to one of them.
    """
    repeats = _repeats_with_heads(heads(data))
    if not has_parents(data):
        return repeats
    parts = parts_of_issues(data)
    joined = parts.left_join(repeats, parts.root_id == repeats.contact_id)
    of_heads = joined.select(contact_id=parts.contact_id, root_id=repeats.root_id.fill_null(parts.root_id))
    return repeats.union(of_heads)


def _repeats_with_heads(chains: ibis.Table) -> ibis.Table:
    """Each repeat with the head of its chain: the one of the same key at the start of the chain."""
    known = ("contact_id", "started_at", "next_at", "is_head", "head_at")
    key = [name for name in chains.columns if name not in known]
    first = chains.filter(chains.is_head).select(*key, root_id="contact_id", head_at="started_at")
    return chains.filter(~chains.is_head).join(first, [*key, "head_at"]).select("contact_id", "root_id")


def heads(data: Dataset) -> ibis.Table:
    """Counted inbound contacts that are identified with whether each heads a chain, as of `repeat_heads`; kept.

    Raises
    ------
    InvalidInputError
        If there is neither a customer nor a parent.
    """
    check_repeats(data, "An issue")
    counting = data.counting
    key = ("heads", counting.repeat_window, counting.directions, counting.outcomes, counting.exclude_queues)
    return data.once(key, lambda: _walked_heads(data))


def _walked_heads(data: Dataset) -> ibis.Table:
    single = _single(data)
    if data.has("contacts", "customer_id"):
        known = single.filter(single.customer_id.notnull())
        reason = ("reason",) if "reason" in known.columns else ()
        key = ("customer_id", *reason)
        # No reason noted is a reason of its own.
        placed = known.mutate(reason=known.reason.fill_null("")) if reason else known
    else:
        key = ("_chain",)
        links = conversations(data).links
        linked = looked_up(single, links.select("contact_id", _chain="root_id"), "_chain")
        placed = linked.mutate(_chain=linked["_chain"].fill_null(linked.contact_id))
    return repeat_heads(data.engine, placed, parse_duration(data.counting.repeat_window), key).cache()


def _single(data: Dataset) -> ibis.Table:
    """Counted inbound contacts that can begin or repeat an issue; parts of another's conversation do not."""
    table = data.on_engine("contacts")
    single = table.filter(_can_repeat(data.counting, table))
    if data.has("contacts", "customer_id") and has_parents(data):
        return single.anti_join(conversations(data).links, "contact_id")
    return single


def _can_repeat(counting: Counting, table: ibis.Table) -> ibis.Value:
    return qualifies(counting, table) & (table.direction == "in") & table.outcome.isin(ASSISTED)


def _ends(data: Dataset) -> tuple[datetime, datetime]:
    """The first and the last start of a contact, in UTC; contacts far from all others are left out."""

    def read() -> tuple[datetime, datetime]:
        table = without_far(data, data.on_engine("contacts"))
        row = data.engine.fetch(table.aggregate(first=table.started_at.min(), last=table.started_at.max())).iloc[0]
        return row["first"].to_pydatetime(), row["last"].to_pydatetime()

    return data.once("ends of the log", read)


def with_repeats(data: Dataset, table: ibis.Table) -> ibis.Table:
    """The table with the counts of repeats and of first-contact resolution, as columns with an underscore.

    A first contact counts once its window has closed, and only after one window from the start of the log and from
    each of its holes: what came before is not known.
    """
    chains = heads(data)
    window = parse_duration(data.counting.repeat_window)
    judged = chains.is_head & _is_known_before(data, chains.started_at) & window_has_closed(data, chains.started_at)
    followed = (whole_seconds(chains.next_at) - whole_seconds(chains.started_at)) <= int(window.total_seconds())
    flags = chains.select(
        "contact_id",
        _repeats=ones(~chains.is_head),
        _identified=ibis.literal(1).cast("int64"),
        _closed_first=ones(judged),
        _resolved_first=ones(judged & ~followed.fill_null(False)),
    )
    table = looked_up(table, flags, *(name for name in flags.columns if name != "contact_id"))
    unknown = table.customer_id.isnull() if "customer_id" in table.columns else ibis.literal(False)
    return table.mutate(_unidentified=ones(_can_repeat(data.counting, table) & unknown))


def with_issue(data: Dataset, table: ibis.Table) -> ibis.Table:
    """The table with `ISSUE`: whether the contact's issue is closed, and the contact's part in it.

    An issue is closed when the window of its first contact has closed. What belongs to the conversation
    of another contact is a part of that one's issue, also where its customer is not known. Contacts outside issues
    have none.
    """
    counting = data.counting
    key = (ISSUE, counting.repeat_window, counting.directions, counting.outcomes, counting.exclude_queues)
    return looked_up(table, data.once(key, lambda: _issues(data)), ISSUE)


def _issues(data: Dataset) -> ibis.Table:
    chains = heads(data)
    closed = ibis.ifelse(window_has_closed(data, chains.head_at), CLOSED, OPEN)
    own = chains.select(
        "contact_id", _state=closed, **{ISSUE: closed + ", " + ibis.ifelse(chains.is_head, FIRST, REPEAT)}
    )
    if data.has("contacts", "customer_id"):
        single = _single(data)
        nobody = ibis.literal(NO_CUSTOMER)
        unknown = single.filter(single.customer_id.isnull()).select("contact_id", _state=nobody, **{ISSUE: nobody})
        own = own.union(unknown)
    own = own.cache()
    if not has_parents(data):
        return own.drop("_state")
    links = parts_of_issues(data)
    joined = links.join(own, links.root_id == own.contact_id)
    parts = joined.select(contact_id=links.contact_id, **{ISSUE: own["_state"] + ", " + PART})
    return own.drop("_state").union(parts).cache()


def window_has_closed(data: Dataset, began: ibis.Value) -> ibis.Value:
    """Whether windows that began at some times ended before the log did, and ran into no hole of it.

    Of what falls into a hole it is not known whether anything followed.
    """
    window = parse_duration(data.counting.repeat_window)
    closed = began <= ibis.timestamp(_ends(data)[1] - window)
    for start, end in _holes(data):
        closed = closed & ((began <= ibis.timestamp(start - window)) | (began >= ibis.timestamp(end)))
    return closed


def _is_known_before(data: Dataset, at: ibis.Value) -> ibis.Value:
    """Whether the log covers one window before some times."""
    window = parse_duration(data.counting.repeat_window)
    known = at >= ibis.timestamp(_ends(data)[0] + window)
    for start, end in _holes(data):
        known = known & ((at < ibis.timestamp(start)) | (at >= ibis.timestamp(end + window)))
    return known


def _holes(data: Dataset) -> list[tuple[datetime, datetime]]:
    """When each hole of the log begins and ends, in UTC."""
    return [
        (midnight(hole.first, data.timezone), midnight(hole.last + timedelta(days=1), data.timezone))
        for hole in covered(data).holes
    ]
