"""Offers: what asked for an agent, what became of it, and how long it waited. One conversation is one offer.

A ring that nobody took, and a contact that flowed on to another queue, are steps of an offer, not offers of their own.
The offer lies where it began; it is answered where any of its contacts was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from cpc_analysis.cells.handling import number_of
from cpc_analysis.cells.issues import conversations, has_parents, replaced, with_roots
from cpc_analysis.cells.opening import while_open
from cpc_analysis.engine import milliseconds, ones
from cpc_analysis.policy import Counting
from cpc_analysis.schema import ASKED_FOR_AGENT, WRITTEN

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = ["OFFERS", "offer_sums", "with_offers"]

#: Sums of offers and of what they waited [contacts, milliseconds].
OFFERS = (
    "offered", "abandoned", "wait_ms", "waited", "answer_wait_ms", "answer_waited", "abandon_wait_ms", "abandon_waited",
    "in_time", "threshold_contacts", "threshold_answers", "timed", "first_response_ms", "responded",
)  # fmt: skip

#: What became of a caller who gave up and was called back.
_CALLED_BACK = "called back"


def with_offers(data: Dataset, table: ibis.Table) -> ibis.Table:
    """The table with the offers that begin with its contacts.

    `_offered` is how many, `_came_to` the outcome of the whole, `_offer_wait_ms` the time in queues up to the first
    answer, or to the end of an offer without one; `_answer_ms` the time from the first contact to the answer, and
    `_threshold_ms` how long that may be in its channel. `_response_ms` is the first response, of any direction: of a
    conversation that of the first contact that had one. A response is timed in opening hours where some are stated, and
    so is the answer to written work.
    """
    table = _with_times(table).mutate(_threshold_ms=_threshold(data.counting, table))
    number = number_of(table).cast("int64")
    own = {
        "_offered": ibis.ifelse(_asks(table), number, 0),
        "_came_to": table.outcome,
        "_offer_wait_ms": table["_wait"],
        "_answer_ms": table["_answer"],
        "_response_ms": table["_response"],
    }
    table = table.mutate(**own)
    if has_parents(data) and data.counting.unit in ("conversation", "issue"):
        table = replaced(table, data.once("offers", lambda: _offers_of_families(data).cache()), *own)
    if data.settings.opening_hours:
        table = _timed_while_open(data, table)
    return _without_short_abandons(data.counting, table)


def _asks(table: ibis.Table) -> ibis.Value:
    return (table.direction == "in") & table.outcome.isin(ASKED_FOR_AGENT)


def _with_times(table: ibis.Table) -> ibis.Table:
    """The table with `_wait`, `_response` and `_answer`, the wait or else the time to the first response.

    A row that stands for many contacts holds a total, which says nothing of the time of one.
    """
    missing = ibis.null("int64")
    wait = table.wait_ms if "wait_ms" in table.columns else missing
    response = table.first_response_ms if "first_response_ms" in table.columns else missing
    answer = wait.fill_null(response)
    return table.mutate(_wait=wait, _response=response, _answer=ibis.ifelse(number_of(table) > 1, missing, answer))


def _timed_while_open(data: Dataset, table: ibis.Table) -> ibis.Table:
    """The table with responses, and answers to written work, timed while the centre was open.

    The total of a row that stands for many contacts cannot be.
    """
    is_one = number_of(table) == 1
    response = ibis.ifelse(is_one, table["_response_ms"], ibis.null("int64"))
    answer = ibis.ifelse(table.channel.isin(WRITTEN), table["_answer_ms"], ibis.null("int64"))
    table = while_open(data, table.mutate(_response_ms=response, _open_ms=answer), "_response_ms", "_open_ms")
    return table.mutate(_answer_ms=table["_open_ms"].fill_null(table["_answer_ms"])).drop("_open_ms")


def _threshold(counting: Counting, table: ibis.Table) -> ibis.Value:
    """The answer threshold of each contact's channel [milliseconds], missing where it has none."""
    thresholds = counting.thresholds
    if not thresholds:
        return ibis.null("float64")
    return ibis.cases(*((table.channel == channel, seconds * 1000.0) for channel, seconds in thresholds.items()))


def _without_short_abandons(counting: Counting, table: ibis.Table) -> ibis.Table:
    if counting.short_abandon_seconds == 0:
        return table
    is_short = (table["_came_to"] == "abandoned") & (table["_offer_wait_ms"] < counting.short_abandon_seconds * 1000)
    return table.mutate(_offered=ibis.ifelse(is_short.fill_null(False), 0, table["_offered"]))


def _offers_of_families(data: Dataset) -> ibis.Table:
    """The contacts of conversations with the offer that begins with each; zero offers where none does."""
    members = with_roots(conversations(data).links)
    table = _with_times(data.on_engine("contacts"))
    joined = members.join(table, members.contact_id == table.contact_id)
    rows = joined.select(
        contact_id=members.contact_id,
        root_id=members.root_id,
        outcome=table.outcome,
        at=milliseconds(table.started_at),
        wait=table["_wait"],
        answer=table["_answer"],
        response=table["_response"],
        number=number_of(table).cast("int64"),
        asks=_asks(table),
        is_callback=ones((table.channel == "callback") & (members.contact_id != members.root_id)),
    )
    callbacks = rows.group_by("root_id").agg(callbacks=rows.is_callback.sum())
    offers = _offers(rows.filter(rows.asks)).join(callbacks, "root_id")
    came_to = ibis.cases(
        (offers.answered > 0, "answered"),
        (offers.voicemail > 0, "voicemail"),
        ((offers.abandoned > 0) & (offers.callbacks > 0), _CALLED_BACK),
        (offers.abandoned > 0, "abandoned"),
        else_="missed",
    )
    offers = offers.mutate(came_to=came_to)
    responses = {"group_by": rows.root_id, "order_by": [rows.response.isnull(), rows["at"], rows.contact_id]}
    rows = rows.mutate(is_first_response=ibis.row_number().over(**responses) == 0)
    placed = rows.left_join(offers, [rows.contact_id == offers.first_id])
    return placed.select(
        contact_id=rows.contact_id,
        _offered=ibis.ifelse(offers.first_id.notnull(), rows.number, 0),
        _came_to=offers.came_to,
        _offer_wait_ms=offers.wait,
        _answer_ms=offers.answer_at - offers.at,
        _response_ms=ibis.ifelse(rows.is_first_response, rows.response, ibis.null("int64")),
    )


def _offers(asked: ibis.Table) -> ibis.Table:
    """One row per conversation that asked for an agent, from its contacts up to the first that was answered."""
    order = {"group_by": asked.root_id, "order_by": [asked["at"], asked.contact_id]}
    earlier = {"rows": (None, -1), **order}
    asked = asked.mutate(
        place=ibis.row_number().over(**order),
        answers=ones(asked.outcome == "answered").sum().over(**earlier).fill_null(0),
        # Steps that overlap are waited through once.
        waited_from=ibis.greatest(asked["at"], (asked["at"] + asked.wait).max().over(**earlier).fill_null(asked["at"])),
    )
    steps = asked.filter(asked.answers == 0)
    is_answer = steps.outcome == "answered"
    first = steps.place == 0
    return steps.group_by("root_id").agg(
        first_id=ibis.ifelse(first, steps.contact_id, ibis.null("string")).max(),
        at=steps["at"].min(),
        wait=ibis.greatest(steps["at"] + steps.wait - steps.waited_from, 0 * steps.wait).sum(),
        answer_at=ibis.ifelse(is_answer, steps["at"] + steps.answer, ibis.null("int64")).max(),
        **{name: ones(steps.outcome == name).sum() for name in ("answered", "voicemail", "abandoned")},
    )


def offer_sums(counting: Counting, table: ibis.Table) -> dict[str, ibis.Value]:
    """The sums `OFFERS` of a table of `with_offers`.

    A short abandon of the service level is one within the threshold of its channel. An answer without a recorded time
    stays in what is divided by, and is not in time.
    """
    number, came_to = table["_offered"], table["_came_to"]
    wait, answer = table["_offer_wait_ms"], table["_answer_ms"]
    threshold = table["_threshold_ms"]
    has_threshold = threshold.notnull()
    is_answered, is_abandoned = came_to == "answered", came_to == "abandoned"
    is_short = (is_abandoned & (wait <= threshold)).fill_null(False)
    in_time = (is_answered & (answer <= threshold)).fill_null(False)
    of = has_threshold
    if counting.service_level_of == "answered":
        of = of & is_answered
    elif counting.service_level_of == "excluding_short_abandons":
        of = of & ~is_short
    elif counting.service_level_of == "short_abandons_met":
        in_time = in_time | is_short

    def count(condition: ibis.Value) -> ibis.Value:
        return ibis.ifelse(condition, number, 0).sum()

    return {
        "offered": number.sum(),
        "abandoned": count(is_abandoned),
        "wait_ms": ibis.ifelse(number > 0, wait, 0).sum(),
        "waited": count(wait.notnull()),
        "answer_wait_ms": ibis.ifelse((number > 0) & is_answered, wait, 0).sum(),
        "answer_waited": count(is_answered & wait.notnull()),
        "abandon_wait_ms": ibis.ifelse((number > 0) & is_abandoned, wait, 0).sum(),
        "abandon_waited": count(is_abandoned & wait.notnull()),
        "in_time": count(in_time),
        "threshold_contacts": count(of),
        "threshold_answers": count(has_threshold & is_answered),
        "timed": count(has_threshold & is_answered & answer.notnull()),
        "first_response_ms": table["_response_ms"].sum(),
        "responded": ibis.ifelse(table["_response_ms"].notnull(), number_of(table), 0).sum(),
    }
