"""One record per quantity: its name, unit, meaning, parts and source, and labels in English and Danish."""

from __future__ import annotations

import math
from dataclasses import dataclass

from cpc_analysis.errors import UnknownNameError
from cpc_analysis.glossary.parts import PARTS, Fact
from cpc_analysis.language import joined, language_spoken, say, spoken, term

__all__ = ["QUANTITIES", "Quantity", "describe", "label"]


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
    #: Which of the field's definitions this one is, where they differ.
    variant: str = ""

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
    def is_score(self) -> bool:
        """Whether the quantity is a score from -100 to 100, of which no percentage can be taken."""
        return self.unit == _POINTS

    @property
    def changes_in_points(self) -> bool:
        """Whether a change of the quantity is told in points, as that of a share or a score, and not in percent."""
        return self.is_share or self.is_score

    @property
    def bounds(self) -> tuple[float, float]:
        """The least and the most that the quantity can be, as far as an interval has to know."""
        if self.is_share:
            return 0.0, 1.0
        return (-100.0, 100.0) if self.is_score else (-math.inf, math.inf)

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
        if self.variant:
            lines[say("variant")] = say(self.variant)
        width = max(map(len, lines))
        listing = (f"  {name:<{width}}  {text}" for name, text in lines.items())
        return "\n".join((f"{self.name} ({self.english}, {self.danish})", *listing))


#: Units whose changes are told in points: shares in percentage points, scores from -100 to 100 as they are.
_SHARE, _POINTS = term("share"), term("points of a score")

_CLEVELAND = "Cleveland, Call Center Management on Fast Forward (2012)"
_METRICNET = term("MetricNet, contact centre benchmarking: fully loaded cost over contacts handled")
_QUEUES = (
    "Gans, Koole and Mandelbaum, Telephone Call Centers: Tutorial, Review, and Research Prospects, Manufacturing & "
    "Service Operations Management 5 (2003)"
)
_GENESYS = "Genesys Cloud Resource Center, glossary: average handle time"
_VERIFICATION = "Klie, IVR Security Is A Necessary Evil, Speech Technology (April 2007)"
_REOPENS = "Kaizo, Reopen Rate metric definition"
_SQM = "SQM Group, Holding Agents Accountable for a Call Resolution Index (March 2022)"
_SATISFACTION = "Farris, Bendle, Pfeifer and Reibstein, Marketing Metrics (2010)"
_PROMOTERS = "Reichheld, The One Number You Need to Grow, Harvard Business Review (December 2003)"
_EFFORT = (
    "Dixon, Freeman and Toman, Stop Trying to Delight Your Customers, Harvard Business Review (July-August 2010); "
    "Dixon, Toman and DeLisi, The Effortless Experience (2013)"
)
_RESPONSES = "American Association for Public Opinion Research, Standard Definitions"
_OWN = term("this project's own definition")
_KAPLAN = "Kaplan and Anderson, Time-Driven Activity-Based Costing, Harvard Business Review (November 2004)"
_CONTACT_RATE = "Decagon, glossary: contact rate"
_A_MONTH = term(
    "A month's rate however long the period is: a year is the mean of its months, each weighted by its base. "
    "Of a base that is counted anew each month, such as orders, it is the rate per order."
)
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
                 english="Abandonment rate", danish="Frafaldsandel", source=_CLEVELAND,
                 variant=term("Of all contacts offered, missed calls and voicemail among them. Others divide by the "
                              "answered and the abandoned alone (Google Cloud CCAI), or by every contact "
                              "that was queued (Amazon Connect).")),
        Quantity("average_handle_time", seconds, term("Talk, hold and wrap-up of what counts as one contact, such as "
                 "a call and its transfer, over counted contacts with a measured handle time."),
                 "handle_seconds", "measured",
                 english="Average handle time", danish="Gennemsnitlig behandlingstid",
                 source=f"{_CLEVELAND}; {_GENESYS}",
                 variant=term("With hold, as Genesys counts; without dialling. Some systems report talk with hold "
                              "inside: then hold must not be added again. Verifying the customer is part of talk.")),
        Quantity("average_wait", seconds, term("Time in queues of inbound contacts that asked for an agent, answered "
                 "or not, up to the first answer."), "wait_seconds", "waited",
                 english="Average wait", danish="Gennemsnitlig ventetid", source=_CLEVELAND,
                 variant=term("The wait of every inbound contact that asked for an agent, answered or not; that of "
                              "the answered alone is the average speed of answer.")),
        Quantity("average_speed_of_answer", seconds, term("Time in the queue of answered inbound contacts."),
                 "answer_wait_seconds", "answer_waited",
                 english="Average speed of answer", danish="Gennemsnitlig svarhastighed",
                 source=f"{_CLEVELAND}; {_QUEUES}",
                 variant=term("Of answered contacts alone, as Genesys and Cisco count it. Others divide the wait of "
                              "all calls by all calls (Call Center Advisor): here that is the average wait.")),
        Quantity("average_time_to_abandon", seconds, term("Time in the queue of inbound contacts whose customer gave "
                 "up before an answer."), "abandon_wait_seconds", "abandon_waited",
                 english="Average time to abandon", danish="Gennemsnitlig tid til frafald",
                 source=f"{_CLEVELAND}; {_QUEUES}",
                 variant=term("Without short abandons, as in the abandonment rate. It is no measure of patience: most "
                              "customers are answered before theirs ends.")),
        Quantity("average_first_response", seconds, term("Time to the first answer in writing."),
                 "first_response_seconds", "responded",
                 english="Average first response", danish="Gennemsnitlig svartid", source=_CLEVELAND,
                 variant=term("Of a conversation that of the first of its contacts that was answered in writing.")),
        Quantity("service_level", share, term("Offered contacts answered within the threshold of their channel; "
                 "missing where under nine tenths of the answered ones say when."),
                 "in_time", "threshold_contacts", recorded="timed", recorded_of="threshold_answers",
                 english="Service level", danish="Serviceniveau", source=_CLEVELAND),
        Quantity("transfer_rate", share, term("Counted contacts that were transferred at least once."),
                 "transferred", "transfer_recorded",
                 english="Transfer rate", danish="Viderestillingsandel", source=_CLEVELAND),
        Quantity("average_hold_time", seconds, term("Time on hold, over contacts whose hold time is recorded."),
                 "hold_seconds", "hold_recorded",
                 english="Average hold time", danish="Gennemsnitlig tid på hold", source=f"{_CLEVELAND}; {_GENESYS}",
                 variant=term("Over all contacts with a recorded hold time, those of zero among them, as CxEngage "
                              "counts it; others divide by the contacts that were put on hold. The wait in the queue, "
                              "which some call hold time too, is not in it.")),
        Quantity("average_wrap_time", seconds, term("Work after the contact has ended, over contacts whose wrap-up "
                 "time is recorded."), "wrap_seconds", "wrap_recorded", english="Average wrap-up time",
                 danish="Gennemsnitlig efterbehandlingstid", source=f"{_CLEVELAND}; {_GENESYS}"),
        Quantity("average_verification_time", seconds, term("Time in which the agent verifies who the customer is, "
                 "over contacts whose verification time is recorded: what an IVR could take over."),
                 "verification_seconds", "verification_recorded", english="Average verification time",
                 danish="Gennemsnitlig tid til identifikation af kunden", source=_VERIFICATION,
                 variant=term("A part of talk, so it is not added to the handle time.")),
        Quantity("reopen_rate", share, term("Counted contacts that were reopened at least once after they had been "
                 "closed."), "reopened", "reopen_recorded",
                 english="Reopen rate", danish="Genåbningsandel", source=_REOPENS,
                 variant=term("Over contacts whose reopens are recorded; help desks often divide by solved tickets. "
                              "A row that stands for many contacts counts its reopens, each as of another contact.")),
        Quantity("repeat_rate", share, term("Contacts of identified customers that repeat an earlier one for the "
                 "same reason within the window."), "repeats", "identified",
                 english="Repeat rate", danish="Genhenvendelsesandel", source=_SQM),
        Quantity("first_contact_resolution", share, term("First contacts of identified customers that no repeat "
                 "followed; only those after the log's first window, whose own has closed."),
                 "resolved_first", "closed_first",
                 english="First-contact resolution", danish="Løst ved første henvendelse", source=_SQM,
                 variant=term("By what customers do: nobody comes back about the same within the window. SQM takes 30 "
                              "days, or asks the customer (surveyed resolution); MetricNet divides contacts resolved "
                              "at first by all of them (gross), or by those that the first level can resolve (net).")),
        Quantity("identified_share", share, term("Counted inbound contacts whose customer is known: what repeats and "
                 "first-contact resolution stand on."), "identified", "identifiable",
                 english="Identified customers", danish="Identificerede kunder", source=_OWN),
        Quantity("reported_resolution", share, term("Counted contacts that the agent or the system marked as "
                 "resolved, of those that say so or not."), "marked_resolved", "resolution_recorded",
                 english="Reported resolution", danish="Rapporteret løsning", source=_OWN,
                 variant=term("Of a conversation the last contact that says so tells.")),
        Quantity("surveyed_resolution", share, term("Answered surveys that say the matter was resolved."),
                 "said_resolved", "resolution_answers",
                 english="Surveyed resolution", danish="Løst ifølge kunden", source=_SQM),
        Quantity("csat", share, term("Answered CSAT surveys that are satisfied."), "satisfied", "csat_answers",
                 english="Customer satisfaction", danish="Kundetilfredshed", source=_SATISFACTION,
                 variant=term("The share of the top quarter of the scale, 4 and 5 of 5; others report the mean "
                              "score.")),
        Quantity("survey_answers", term("answers"), term("Answered CSAT surveys: what customer satisfaction stands "
                 "on."), "csat_answers", english="Satisfaction answers", danish="Tilfredshedssvar",
                 source=_SATISFACTION),
        Quantity("survey_response_rate", share, term("Surveys answered, of those sent."),
                 "surveys_answered", "surveys_sent",
                 english="Survey response rate", danish="Svarprocent", source=_RESPONSES,
                 variant=term("Surveys of every kind together; each kind has its own response rate.")),
        Quantity("csat_response_rate", share, term("CSAT surveys answered, of those sent."), "csat_answers",
                 "csat_sent", english="CSAT response rate", danish="Svarprocent for kundetilfredshed",
                 source=_RESPONSES),
        Quantity("nps", _POINTS, term("Promoters less detractors among the answers to how likely the customer is to "
                 "recommend the company, from -100 to 100."), "net_promoters", "nps_answers",
                 english="Net promoter score", danish="Net Promoter Score (NPS)", source=_PROMOTERS,
                 variant=term("On the scale from 0 to 10 alone: promoters give 9 or 10, detractors 0 to 6, all others "
                              "are in the base. Answers on another scale are not rescaled.")),
        Quantity("nps_response_rate", share, term("NPS surveys answered, of those sent."), "nps_answers", "nps_sent",
                 english="NPS response rate", danish="Svarprocent for NPS", source=_RESPONSES),
        Quantity("ces", share, term("Answers that agree, at least somewhat, that the company made it easy for the "
                 "customer."), "found_it_easy", "ces_answers",
                 english="Customer effort score", danish="Customer Effort Score (CES)", source=_EFFORT,
                 variant=term("CES 2.0 as Gartner counts it: the share of 5, 6 and 7 on the scale from 1 to 7 for "
                              "'made it easy'. Others report the mean; the first version asks for effort from 1 to 5, "
                              "where low is good. Answers on another scale are not rescaled.")),
        Quantity("ces_response_rate", share, term("CES surveys answered, of those sent."), "ces_answers", "ces_sent",
                 english="CES response rate", danish="Svarprocent for CES", source=_RESPONSES),
        Quantity("resolution_response_rate", share, term("Surveys that ask whether the matter was resolved: those "
                 "answered, of those sent."), "resolution_answers", "resolution_sent",
                 english="Resolution survey response rate", danish="Svarprocent for løsning", source=_RESPONSES),
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
                 "total_cost", "marked_resolved", recorded="resolution_recorded", english="Cost per resolution",
                 danish="Omkostning pr. løsning", source=_METRICNET),
        Quantity("cost_per_customer", term("currency per customer and month"), term("All costs over customer-months; "
                 "missing where the base of a month is."), "total_cost", "base_months",
                 english="Cost per customer and month", danish="Omkostning pr. kunde pr. måned", source=_METRICNET,
                 variant=_A_MONTH),
        Quantity("contact_rate", term("contacts per customer and month"), term("Counted contacts over customer-months; "
                 "missing where the base of a month is."), "counted", "base_months",
                 english="Contact rate per month", danish="Henvendelser pr. kunde pr. måned",
                 source=_CONTACT_RATE, variant=_A_MONTH),
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
        Quantity("occupancy", share, term("Handling, and recorded work outside of the log, over that and waiting. "
                 "Waiting is what is left of the productive hours of a staffing group in a month."),
                 "worked_hours", "occupied_hours",
                 english="Occupancy", danish="Belægningsgrad", source=_CLEVELAND,
                 variant=term("Of the time worked or waited, so that waiting alone lowers it, as MetricNet's agent "
                              "occupancy; meetings and breaks, which ICMI has counted as occupied, are in neither. It "
                              "is not utilisation: see availability and the handled share of paid time.")),
        Quantity("availability", share, term("Productive hours over paid hours."), "productive_hours", "paid_hours",
                 english="Availability", danish="Tilgængelighed", source=_CLEVELAND,
                 variant=term("What COPC calls agent utilisation, handling and available time over paid time, but "
                              "over all paid time: COPC leaves out what is paid while away.")),
        Quantity("shrinkage", share, term("Paid time that is not productive: 1 - availability."),
                 "productive_hours", "paid_hours", complement=True,
                 english="Shrinkage", danish="Svind", source=_CLEVELAND),
        Quantity("handled_share_of_paid", share, term("Hours of handling contacts over paid hours."),
                 "handled_hours", "paid_hours", english="Handled share of paid time",
                 danish="Behandlingstid af betalt tid", source=_CLEVELAND,
                 variant=term("Close to what MetricNet calls agent utilisation, which divides by the time at work; "
                              "COPC's adds available time to the numerator.")),
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
