"""The sums that quantities are made of: each adds up over any grouping."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from cpc_analysis.language import term

__all__ = ["PARTS", "Fact", "Part"]


class Fact(Enum):
    """The table whose rows a part is summed over."""

    CONTACTS = "contacts"
    REPEATS = "repeat chains of contacts"
    MONEY = "costs"
    SURVEYS = "surveys"
    SCHEDULE = "shifts"
    BASES = "bases"
    CALENDAR = "the calendar"


@dataclass(frozen=True)
class Part:
    """One sum that adds up over any grouping."""

    name: str
    fact: Fact
    meaning: str
    #: The column of contacts or legs without which the part cannot be summed; none where its table is enough.
    column: str = ""


def _parts(fact: Fact, column: str = "", **meanings: str) -> dict[str, Part]:
    return {name: Part(name, fact, meaning, column) for name, meaning in meanings.items()}


#: Every sum that a quantity is made of.
PARTS: dict[str, Part] = {
    **_parts(
        Fact.CONTACTS,
        counted=term("counted contacts"),
        assisted=term("counted contacts other than self-service"),
        self_served=term("self-service sessions"),
        offered=term("inbound contacts that asked for an agent"),
        answered=term("answered contacts"),
        abandoned=term("inbound contacts abandoned before an answer"),
        calls=term("counted voice contacts"),
        handle_seconds=term("handle time of counted contacts [seconds]"),
        measured=term("counted contacts with a measured handle time"),
        worked_minutes=term("agent time on contacts, simultaneous contacts sharing each minute [minutes]"),
        wait_seconds=term("wait of inbound contacts that asked for an agent, answered or not [seconds]"),
        waited=term("those of them with a recorded wait"),
        first_response_seconds=term("time to first response [seconds]"),
        responded=term("contacts with a recorded first response"),
        in_time=term("offered contacts answered within the threshold of their channel"),
        threshold_contacts=term("offered contacts in channels with an answer threshold"),
        threshold_answers=term("answered inbound contacts in channels with an answer threshold"),
        timed=term("those of them whose time to the answer is recorded"),
        transferred=term("counted contacts that were transferred"),
        transfer_recorded=term("counted contacts whose transfers are recorded"),
    ),
    **_parts(
        Fact.CONTACTS,
        "wait_seconds",
        answer_wait_seconds=term("wait of answered inbound contacts [seconds]"),
        answer_waited=term("answered inbound contacts with a recorded wait"),
        abandon_wait_seconds=term("wait of abandoned inbound contacts [seconds]"),
        abandon_waited=term("abandoned inbound contacts with a recorded wait"),
    ),
    **_parts(
        Fact.CONTACTS,
        "hold_seconds",
        hold_seconds=term("hold time of counted contacts [seconds]"),
        hold_recorded=term("counted contacts with a recorded hold time"),
    ),
    **_parts(
        Fact.CONTACTS,
        "wrap_seconds",
        wrap_seconds=term("wrap-up time of counted contacts [seconds]"),
        wrap_recorded=term("counted contacts with a recorded wrap-up time"),
    ),
    **_parts(
        Fact.CONTACTS,
        "verification_seconds",
        verification_seconds=term("time to verify the customer in counted contacts [seconds]"),
        verification_recorded=term("counted contacts with a recorded verification time"),
    ),
    **_parts(
        Fact.CONTACTS,
        "reopens",
        reopened=term("counted contacts that were reopened"),
        reopen_recorded=term("counted contacts whose reopens are recorded"),
    ),
    **_parts(
        Fact.CONTACTS,
        "resolved",
        marked_resolved=term("counted contacts marked as resolved"),
        resolution_recorded=term("counted contacts that say whether they were resolved"),
    ),
    **_parts(
        Fact.REPEATS,
        repeats=term("contacts that repeat an earlier one of the same customer and reason within the window"),
        identified=term("contacts of identified customers"),
        identifiable=term("counted inbound contacts, whether their customer is known or not"),
        resolved_first=term("first contacts without a repeat within the window"),
        closed_first=term("first contacts of identified customers whose window has closed"),
    ),
    **_parts(
        Fact.MONEY,
        total_cost=term("all costs"),
        assisted_cost=term("all costs but those of self-service"),
        self_service_cost=term("costs of self-service"),
        call_cost=term("costs of voice contacts"),
        labour_cost=term("salaries and on-costs"),
        waiting_cost=term("labour paid for time available but not handling"),
        uncounted_cost=term("costs of work that is not counted"),
    ),
    **_parts(
        Fact.SURVEYS,
        satisfied=term("answered CSAT surveys with a score in the top quarter of the scale (4 or 5 of 5)"),
        csat_answers=term("answered CSAT surveys"),
        csat_sent=term("CSAT surveys sent"),
        net_promoters=term("100 for each promoter (9 or 10 of 10), less 100 for each detractor (0 to 6)"),
        nps_answers=term("answered NPS surveys"),
        nps_sent=term("NPS surveys sent"),
        found_it_easy=term("answered CES surveys that agree that it was easy (5 to 7 of 7)"),
        ces_answers=term("answered CES surveys"),
        ces_sent=term("CES surveys sent"),
        said_resolved=term("answers that the matter was resolved (the top quarter of the scale)"),
        resolution_answers=term("answered surveys that ask whether the matter was resolved"),
        resolution_sent=term("sent surveys that ask whether the matter was resolved"),
        surveys_sent=term("surveys sent"),
        surveys_answered=term("surveys answered"),
    ),
    **_parts(
        Fact.SCHEDULE,
        paid_hours=term("paid hours"),
        productive_hours=term("productive hours: available, on a contact or in wrap-up"),
        worked_hours=term("hours of handling and of recorded work outside of the log"),
        occupied_hours=term("hours of handling, of recorded work outside of the log, and of waiting"),
        handled_hours=term("hours of handling contacts"),
        handled_contacts=term("counted contacts other than self-service"),
        scheduled_labour_cost=term("salaries and on-costs of the scheduled agents"),
        full_time_hours=term("full-time hours of the period"),
    ),
    **_parts(
        Fact.BASES,
        base_months=term("customer-months: the customers (or the base asked for) of each month, added up"),
    ),
    **_parts(
        Fact.CALENDAR,
        workdays=term("workdays that the contact log covers, without holidays"),
    ),
}
