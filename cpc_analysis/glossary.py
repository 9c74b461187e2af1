"""The glossary: one record per quantity - its name, unit, meaning, parts and source - and labels in English and Danish.

A ratio names its numerator and its denominator, both of which add up; an average of averages cannot be written.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from cpc_analysis.errors import UnknownNameError
from cpc_analysis.language import joined, language_spoken, say, spoken, term

__all__ = ["PARTS", "QUANTITIES", "Fact", "Part", "Quantity", "describe", "label"]

#: The unit of what is a part of a whole.
_SHARE = term("share")


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


@dataclass(frozen=True)
class Quantity:
    """One quantity of the glossary: a sum, or a ratio of two sums."""

    name: str
    unit: str
    meaning: str
    numerator: str
    denominator: str | None = None
    complement: bool = False
    #: Contacts that say what the ratio is about; where too few of `recorded_of` do, it is missing.
    recorded: str | None = None
    #: What those are counted beside.
    recorded_of: str = "counted"
    english: str = ""
    danish: str = ""
    source: str = ""

    @property
    def additive(self) -> bool:
        """Whether the groups of the quantity add up to its total."""
        return self.denominator is None

    @property
    def parts(self) -> tuple[str, ...]:
        """The sums that the quantity is made of."""
        return (self.numerator,) if self.denominator is None else (self.numerator, self.denominator)

    @property
    def facts(self) -> frozenset[Fact]:
        """The tables that the quantity needs."""
        return frozenset(PARTS[part].fact for part in self.parts)

    @property
    def is_money(self) -> bool:
        """Whether the quantity is an amount of money, or one per something."""
        return self.unit.startswith("currency")

    @property
    def is_share(self) -> bool:
        """Whether the numerator is a part of what the denominator counts, so that the quantity lies between 0 and 1."""
        return self.unit == _SHARE

    @property
    def formula(self) -> str:
        """The formula in words, in the language spoken."""
        ratio = joined(*(say(PARTS[part].meaning) for part in self.parts), by=" / ")
        return joined("1 -", ratio) if self.complement else ratio

    def __str__(self) -> str:
        lines = {
            say("meaning"): say(self.meaning),
            say("unit"): say(self.unit),
            say("formula"): self.formula,
            say("adds up"): say("yes") if self.additive else say("no: a ratio of sums, divided last"),
            say("source"): "; ".join(say(part) for part in self.source.split("; ")),
        }
        width = max(map(len, lines))
        listing = (f"  {name:<{width}}  {text}" for name, text in lines.items())
        return "\n".join((f"{self.name} ({self.english}, {self.danish})", *listing))


def _parts(fact: Fact, **meanings: str) -> dict[str, Part]:
    return {name: Part(name, fact, meaning) for name, meaning in meanings.items()}


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
        resolved=term("counted contacts marked as resolved"),
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
        said_resolved=term("answers that the matter was resolved (the top quarter of the scale)"),
        resolution_answers=term("answered surveys that ask whether the matter was resolved"),
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
        base_count=term("customers (or the base asked for), on average over the months of the period"),
    ),
    **_parts(
        Fact.CALENDAR,
        workdays=term("workdays, Monday to Friday without holidays"),
    ),
}

_CLEVELAND = "Cleveland, Call Center Management on Fast Forward (2012)"
_METRICNET = term("MetricNet, contact centre benchmarking: fully loaded cost over contacts handled")
_ISO = "ISO 18295-1:2017, Customer contact centres"
_KAPLAN = "Kaplan and Anderson, Time-Driven Activity-Based Costing, Harvard Business Review (November 2004)"
_RATIO = term("a ratio of sums over one period, never an average of averages")


def _quantities() -> tuple[Quantity, ...]:
    count, share, seconds = term("contacts"), _SHARE, term("seconds")
    money, per_contact, hours = term("currency"), term("currency per contact"), term("hours")
    return (
        Quantity("contacts", count, term("Contacts that count by the counting policy."), "counted",
                 english="Contacts", danish="Henvendelser", source=_METRICNET),
        Quantity("assisted_contacts", count, term("Counted contacts that an agent had a part in."), "assisted",
                 english="Assisted contacts", danish="Betjente henvendelser", source=_METRICNET),
        Quantity("assisted_contacts_per_workday", term("contacts per workday"), term("Assisted contacts over the "
                 "workdays of their period, so that months of unequal length compare."), "assisted", "workdays",
                 english="Assisted contacts per workday", danish="Betjente henvendelser pr. arbejdsdag",
                 source=_CLEVELAND),
        Quantity("self_service_sessions", count, term("Contacts served without an agent."), "self_served",
                 english="Self-service sessions", danish="Selvbetjeninger", source=_METRICNET),
        Quantity("offered_contacts", count, term("Inbound contacts that asked for an agent: answered, abandoned "
                 "(but for short abandons), missed or sent to voicemail."), "offered",
                 english="Offered contacts", danish="Indkomne henvendelser", source=_CLEVELAND),
        Quantity("answered_contacts", count, term("Contacts that an agent answered, in the directions that count; "
                 "one per conversation where conversations are counted."), "answered",
                 english="Answered contacts", danish="Besvarede henvendelser", source=_CLEVELAND),
        Quantity("abandonment_rate", share, term("Inbound contacts whose customer gave up before an answer, of those "
                 "offered."), "abandoned", "offered",
                 english="Abandonment rate", danish="Frafaldsandel", source=_CLEVELAND),
        Quantity("average_handle_time", seconds, term("Talk, hold and wrap-up of what counts as one contact, such as "
                 "a call and its transfer, over counted contacts with a measured handle time."),
                 "handle_seconds", "measured",
                 english="Average handle time", danish="Gennemsnitlig behandlingstid", source=_CLEVELAND),
        Quantity("average_wait", seconds, term("Time in queues of inbound contacts that asked for an agent, answered "
                 "or not, up to the first answer."), "wait_seconds", "waited",
                 english="Average wait", danish="Gennemsnitlig ventetid", source=_CLEVELAND),
        Quantity("average_first_response", seconds, term("Time to the first answer in writing."),
                 "first_response_seconds", "responded",
                 english="Average first response", danish="Gennemsnitlig svartid", source=_ISO),
        Quantity("service_level", share, term("Offered contacts answered within the threshold of their channel; "
                 "missing where under nine tenths of the answered ones say when."),
                 "in_time", "threshold_contacts", recorded="timed", recorded_of="threshold_answers",
                 english="Service level", danish="Serviceniveau", source=_CLEVELAND),
        Quantity("transfer_rate", share, term("Counted contacts that were transferred at least once."),
                 "transferred", "transfer_recorded",
                 english="Transfer rate", danish="Viderestillingsandel", source=_CLEVELAND),
        Quantity("repeat_rate", share, term("Contacts of identified customers that repeat an earlier one for the "
                 "same reason within the window."), "repeats", "identified",
                 english="Repeat rate", danish="Genhenvendelsesandel", source=_ISO),
        Quantity("first_contact_resolution", share, term("First contacts of identified customers that no repeat "
                 "followed; only those after the log's first window, whose own has closed."),
                 "resolved_first", "closed_first",
                 english="First-contact resolution", danish="Løst ved første henvendelse", source=_ISO),
        Quantity("identified_share", share, term("Counted inbound contacts whose customer is known: what repeats and "
                 "first-contact resolution stand on."), "identified", "identifiable",
                 english="Identified customers", danish="Identificerede kunder", source=_ISO),
        Quantity("reported_resolution", share, term("Counted contacts that the agent or the system marked as "
                 "resolved, of those that say so or not."), "resolved", "resolution_recorded",
                 english="Reported resolution", danish="Rapporteret løsning", source=_ISO),
        Quantity("surveyed_resolution", share, term("Answered surveys that say the matter was resolved."),
                 "said_resolved", "resolution_answers",
                 english="Surveyed resolution", danish="Løst ifølge kunden", source=_ISO),
        Quantity("csat", share, term("Answered CSAT surveys that are satisfied."), "satisfied", "csat_answers",
                 english="Customer satisfaction", danish="Kundetilfredshed", source=_ISO),
        Quantity("survey_answers", term("answers"), term("Answered CSAT surveys: what customer satisfaction stands "
                 "on."), "csat_answers", english="Satisfaction answers", danish="Tilfredshedssvar", source=_ISO),
        Quantity("survey_response_rate", share, term("Surveys answered, of those sent."),
                 "surveys_answered", "surveys_sent",
                 english="Survey response rate", danish="Svarprocent", source=_ISO),
        Quantity("total_cost", money, term("All costs of the contact centre."), "total_cost",
                 english="Total cost", danish="Samlede omkostninger", source=_METRICNET),
        Quantity("cost_per_contact", per_contact, term("All costs over counted contacts."), "total_cost", "counted",
                 english="Cost per contact", danish="Omkostning pr. henvendelse", source=f"{_METRICNET}; {_RATIO}"),
        Quantity("cost_per_assisted_contact", per_contact, term("Costs without those of self-service, over assisted "
                 "contacts."), "assisted_cost", "assisted", english="Cost per assisted contact",
                 danish="Omkostning pr. betjent henvendelse", source=f"{_METRICNET}; {_RATIO}"),
        Quantity("cost_per_self_service_session", term("currency per session"), term("Costs of self-service over its "
                 "sessions."), "self_service_cost", "self_served", english="Cost per self-service session",
                 danish="Omkostning pr. selvbetjening", source=_METRICNET),
        Quantity("cost_per_call", term("currency per call"), term("Costs of voice contacts over counted voice "
                 "contacts."), "call_cost", "calls", english="Cost per call", danish="Omkostning pr. opkald",
                 source=f"{_METRICNET}; {_RATIO}"),
        Quantity("cost_per_resolution", term("currency per resolution"), term("All costs over contacts marked as "
                 "resolved; missing where under nine tenths of the counted contacts are marked either way."),
                 "total_cost", "resolved", recorded="resolution_recorded", english="Cost per resolution",
                 danish="Omkostning pr. løsning", source=_METRICNET),
        Quantity("cost_per_customer", term("currency per customer"), term("All costs over customers."), "total_cost",
                 "base_count", english="Cost per customer", danish="Omkostning pr. kunde", source=_METRICNET),
        Quantity("contact_rate", term("contacts per customer"), term("Counted contacts over customers."), "counted",
                 "base_count", english="Contact rate", danish="Henvendelser pr. kunde", source=_METRICNET),
        Quantity("cost_per_handled_minute", term("currency per minute"), term("All costs over agent time on contacts."),
                 "total_cost", "worked_minutes", english="Cost per handled minute",
                 danish="Omkostning pr. behandlet minut", source=_KAPLAN),
        Quantity("labour_cost_per_contact", per_contact, term("Salaries and on-costs over counted contacts."),
                 "labour_cost", "counted", english="Labour cost per contact",
                 danish="Lønomkostning pr. henvendelse", source=_METRICNET),
        Quantity("waiting_cost", money, term("Labour paid for time available but not handling: the cost of unused "
                 "capacity. A fact, not a verdict."), "waiting_cost",
                 english="Waiting cost", danish="Omkostning til ventetid", source=_KAPLAN),
        Quantity("uncounted_cost", money, term("Costs that lie on work which the counting policy leaves out, such as "
                 "self-service, abandoned contacts and hours outside the log. They stay in the total."),
                 "uncounted_cost", english="Cost of uncounted work", danish="Omkostning til ikke talt arbejde",
                 source=_METRICNET),
        Quantity("hourly_cost", term("currency per hour"), term("Salaries and on-costs over productive hours."),
                 "scheduled_labour_cost", "productive_hours", english="Hourly cost",
                 danish="Timeomkostning", source=_KAPLAN),
        Quantity("paid_hours", hours, term("Hours paid, worked or not."), "paid_hours",
                 english="Paid hours", danish="Betalte timer", source=_CLEVELAND),
        Quantity("fte", term("full-time equivalents"), term("Paid hours over the hours of one full-time agent."),
                 "paid_hours", "full_time_hours", english="Full-time equivalents", danish="Årsværk",
                 source=_CLEVELAND),
        Quantity("contacts_per_paid_hour", term("contacts per hour"), term("Counted contacts other than self-service "
                 "over paid hours; those whose agent is not recorded are in, by agent in a row of their own."),
                 "handled_contacts", "paid_hours", english="Contacts per paid hour",
                 danish="Henvendelser pr. betalt time", source=_CLEVELAND),
        Quantity("occupancy", share, term("Handling, and recorded work outside of the log, over "
                 "that and waiting. Waiting is what is left of the productive hours of a staffing group in a month."),
                 "worked_hours", "occupied_hours", english="Occupancy", danish="Belægningsgrad", source=_CLEVELAND),
        Quantity("availability", share, term("Productive hours over paid hours."), "productive_hours", "paid_hours",
                 english="Availability", danish="Tilgængelighed", source=_CLEVELAND),
        Quantity("shrinkage", share, term("Paid time that is not productive: 1 - availability."),
                 "productive_hours", "paid_hours", complement=True,
                 english="Shrinkage", danish="Svind", source=_CLEVELAND),
        Quantity("handled_share_of_paid", share, term("Hours of handling contacts over paid hours."),
                 "handled_hours", "paid_hours", english="Handled share of paid time",
                 danish="Behandlingstid af betalt tid", source=_CLEVELAND),
    )  # fmt: skip


#: Every quantity by name.
QUANTITIES: dict[str, Quantity] = {quantity.name: quantity for quantity in _quantities()}


def describe(quantity: str) -> Quantity:
    """The glossary's record of a quantity: name, unit, formula, parts, source.

    Parameters
    ----------
    quantity : str
        Such as ``"cost_per_contact"``.

    Raises
    ------
    UnknownNameError
        If there is no such quantity.

    Examples
    --------
    >>> print(describe("cost_per_contact").formula)
    all costs / counted contacts
    """
    if quantity not in QUANTITIES:
        raise UnknownNameError("quantity", quantity, QUANTITIES)
    return QUANTITIES[quantity]


@spoken
def label(quantity: str, language: str | None = None) -> str:
    """The label of a quantity in English (``"en"``) or Danish (``"da"``); in the language spoken when None.

    Examples
    --------
    >>> label("cost_per_contact", "da")
    'Omkostning pr. henvendelse'
    """
    record = describe(quantity)
    return record.danish if (language or language_spoken()) == "da" else record.english
