"""Who comes back after self-service: what became of each session, and which contact followed which."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis

from cpc_analysis.cells.issues import NO_CUSTOMER, OPEN, looked_up, window_has_closed
from cpc_analysis.engine import whole_seconds
from cpc_analysis.policy import parse_duration
from cpc_analysis.schema import ASKED_FOR_AGENT, SELF_SERVED

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = ["CAME_BACK", "CAME_BACK_EARLY", "CONTAINED", "RETURN", "followed_session", "with_return"]

#: The key of contacts that tells what became of a self-service session.
RETURN = "_return"

CONTAINED, CAME_BACK = "contained", "came back"
#: Followed by a contact already, while the window is still open.
CAME_BACK_EARLY = "came back, window open"


def with_return(data: Dataset, table: ibis.Table) -> ibis.Table:
    """The table with `RETURN`: what became of a self-service session, also at the contact that came back after it.

    A session is `CONTAINED` or `CAME_BACK` once its window has closed, before that `OPEN` or `CAME_BACK_EARLY`, and
    `NO_CUSTOMER` without one. The first contact with the centre after a session, within the window, has the state of
    that session: the last one before it. Both are of one customer, and of one reason where the session has a reason.
    """
    table = looked_up(table, _found(data), RETURN)
    unknown = (table.outcome == SELF_SERVED) & table.customer_id.isnull()
    return table.mutate(**{RETURN: table[RETURN].fill_null(ibis.ifelse(unknown, NO_CUSTOMER, ibis.null("string")))})


def followed_session(data: Dataset) -> ibis.Table:
    """The contacts that came back after a session, each with that session: `contact_id`, `session_id`."""
    found = _found(data)
    return found.filter(found.contact_id != found["_session"]).select("contact_id", session_id=found["_session"])


def _found(data: Dataset) -> ibis.Table:
    """`contact_id`, `RETURN` and `_session`, of the sessions of known customers and of what followed them; kept."""
    return data.once((RETURN, data.counting.repeat_window), lambda: _returns(data))


def _returns(data: Dataset) -> ibis.Table:
    table = data.on_engine("contacts")
    known = table.filter(table.customer_id.notnull())
    sessions = known.filter(known.outcome == SELF_SERVED)
    asked = known.filter((known.direction == "in") & known.outcome.isin(ASKED_FOR_AGENT))
    if "reason" not in table.columns:
        return _followed(data, sessions, asked, ("customer_id",)).drop("_session_at").cache()
    for_reason = _followed(data, sessions.filter(sessions.reason.notnull()), asked, ("customer_id", "reason"))
    for_any = _followed(data, sessions.filter(sessions.reason.isnull()), asked, ("customer_id",))
    both = for_reason.union(for_any)
    # A contact may follow a session of its reason and one without a reason: it counts with the later one.
    latest_first = [both["_session_at"].desc(), both["_session"].desc()]
    ranked = both.mutate(_rank=ibis.row_number().over(group_by="contact_id", order_by=latest_first))
    return ranked.filter(ranked["_rank"] == 0).drop("_rank", "_session_at").cache()


def _followed(data: Dataset, sessions: ibis.Table, asked: ibis.Table, key: tuple[str, ...]) -> ibis.Table:
    """Sessions with what became of them, and the contacts that come next after one, within the window.

    Each has its `RETURN`, the `_session` that it is or follows, and when that was, `_session_at`.
    """
    both = sessions.select(*key, "contact_id", "started_at", is_session=ibis.literal(True)).union(
        asked.select(*key, "contact_id", "started_at", is_session=ibis.literal(False))
    )
    seconds = int(parse_duration(data.counting.repeat_window).total_seconds())
    at = whole_seconds(both.started_at)
    answer = ibis.ifelse(both.is_session, ibis.null("int64"), at).min().over(rows=(1, None), **_in_order(both, key))
    is_closed, came_back = window_has_closed(data, both.started_at), (answer - at <= seconds).fill_null(False)
    state = ibis.cases(
        (is_closed & came_back, CAME_BACK),
        (is_closed, CONTAINED),
        (came_back, CAME_BACK_EARLY),
        else_=OPEN,
    )
    marked = both.mutate(_at=at, **{RETURN: state})
    own = {"_session": marked.contact_id, "_session_at": marked["_at"], RETURN: marked[RETURN]}
    before = {name: value.lag().over(**_in_order(marked, key)) for name, value in own.items()}
    after_one = marked.is_session.lag().over(**_in_order(marked, key))
    in_time = marked["_at"] - before["_session_at"] <= seconds
    found = marked.select(
        "contact_id",
        _belongs=marked.is_session | (after_one & in_time).fill_null(False),
        **{name: ibis.ifelse(marked.is_session, value, before[name]) for name, value in own.items()},
    )
    return found.filter(found["_belongs"]).drop("_belongs")


def _in_order(table: ibis.Table, key: tuple[str, ...]) -> dict[str, Any]:
    return {"group_by": list(key), "order_by": [table.started_at, table.contact_id]}
