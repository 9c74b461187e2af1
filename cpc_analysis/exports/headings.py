"""What the columns of results are called, and what they hold where no quantity says it."""

from __future__ import annotations

from cpc_analysis.glossary import QUANTITIES, label
from cpc_analysis.language import column_said, say, term, value_said
from cpc_analysis.models.bridge.record import VERDICTS
from cpc_analysis.models.wording import step_in_words

__all__ = ["heading_of", "is_money", "is_share", "text_said"]

#: Columns of results that are no quantities, and hold amounts of the currency or shares.
_MONEY = frozenset((
    "average_wage", "avoided", "cash", "converted", "cost", "cost_of_failed_containment", "cost_of_open_returns",
    "cost_of_repeats", "cost_of_resolution", "cost_per_closed_issue", "effect_money", "flexed", "gap", "gap_contacts",
    "gap_cost", "on_closed_issues", "on_open_issues", "on_other_work", "on_unknown_customers", "own", "premium_cost",
    "premium_per_hour", "raise_cost", "released_capacity", "stays", "unallocated",
))  # fmt: skip
_SHARES = frozenset((
    "cumulative_share", "difference", "growth", "net_containment", "share_of_contacts", "share_of_cost",
    "variable_share",
))  # fmt: skip
_WORDS = {
    "amount": term("amount"), "average_wage": term("average wage"), "avoided": term("avoided later"),
    "before": term("before"), "budget": term("budget"), "cash": term("cash"),
    "centre": term("centre"), "certainty": term("certainty"), "change": term("change"), "channels": term("channels"),
    "closed_issues": term("closed issues"), "complete": term("complete"), "converted": term("converted"),
    "cost": term("cost"), "cost_of_failed_containment": term("cost of failed containment"),
    "cost_of_open_returns": term("cost of returns with an open window"),
    "cost_of_repeats": term("cost of repeats"), "cost_of_resolution": term("cost of resolution"),
    "cost_per_closed_issue": term("cost per closed issue"), "cumulative_share": term("share added up"),
    "currency": term("currency code"), "definition": term("definition"), "difference": term("difference"),
    "directions": term("directions"), "driver": term("driver"), "effect": term("effect"),
    "effect_money": term("effect in money"), "effect_percent": term("effect in percent"),
    "effect_seconds": term("effect in seconds"), "expected": term("expected"), "few_contacts": term("few contacts"),
    "flexed": term("flexed budget"), "flexed_budget": term("flexed budget"),
    "gap": term("gap"), "gap_contacts": term("gap by other contacts"),
    "gap_cost": term("gap by other costs"), "general_raise": term("general raise"), "growth": term("growth"),
    "high": term("to"), "highest": term("upper limit"), "hours": term("hours"), "industry": term("industry"),
    "is_clear": term("clear of chance"), "is_outside": term("outside the limits"), "judged": term("judged"),
    "last_year": term("last year"), "ledger": term("ledger"), "level": term("level"), "low": term("from"),
    "lowest": term("lower limit"), "meaning": term("meaning"), "moved": term("moved"), "name": term("name"),
    "net_containment": term("net containment"), "observed": term("observed"),
    "on_closed_issues": term("on closed issues"), "on_open_issues": term("on open issues"),
    "on_other_work": term("on other work"), "on_unknown_customers": term("on unknown customers"),
    "open_issues": term("open issues"), "open_returns": term("returns with an open window"),
    "open_sessions": term("sessions with an open window"), "own": term("ours"), "part": term("part"),
    "posted": term("posted"),
    "premium_cost": term("premium cost"), "premium_per_hour": term("premium per hour"),
    "price_adjusted": term("price adjusted"), "quantity": term("quantity"), "raise_cost": term("raise cost"),
    "ratio": term("ratio"), "reference": term("reference"), "region": term("region"),
    "released_capacity": term("released capacity"), "released_hours": term("released hours"),
    "repeats": term("repeats"), "returns": term("returns"), "seniority": term("seniority"),
    "sessions": term("sessions"), "share_of_contacts": term("share of contacts"),
    "share_of_cost": term("share of cost"), "shrunk": term("shrunk"), "source": term("source"), "stays": term("stays"),
    "step": term("step"), "told_by": term("who says so"),
    "turnover": term("turnover"), "unallocated": term("unallocated"), "used": term("used"),
    "value": term("value"), "variable_share": term("variable share"), "verdict": term("verdict"),
    "waiting": term("waiting"),
    "year_to_date": term("year to date"),
}  # fmt: skip


def is_money(column: str) -> bool:
    """Whether a column that is no quantity holds amounts of the currency."""
    return _stem(column) in _MONEY


def is_share(column: str) -> bool:
    """Whether a column that is no quantity holds shares."""
    return _stem(column) in _SHARES


def _stem(column: str) -> str:
    """The name of a column without the end of an interval."""
    return column.removesuffix("_low").removesuffix("_high")


def heading_of(name: str) -> str:
    """A column's heading: the label of a quantity, else the name in words.

    Examples
    --------
    >>> heading_of("cost_per_contact"), heading_of("cost_type"), heading_of("csat_low")
    ('Cost per contact', 'Cost type', 'Customer satisfaction, from')
    """
    if name in QUANTITIES:
        return label(name)
    for ending, words in (("_low", say("from")), ("_high", say("to"))):
        stem = name.removesuffix(ending)
        if stem != name and (stem in QUANTITIES or stem in _WORDS):
            return f"{heading_of(stem)}, {words}"
    said = say(_WORDS[name]) if name in _WORDS else column_said(name)
    return f"{said[:1].upper()}{said[1:]}"


def text_said(column: str, value: str, currency: str) -> str:
    """A text of a column as it is read: what the package names in its own way, in words.

    Examples
    --------
    >>> text_said("quantity", "csat", "DKK"), text_said("step", "wage", "DKK"), text_said("driver", "my_column", "DKK")
    ('Customer satisfaction', 'hourly wage, 1 DKK less', 'my column')
    """
    if column == "quantity" and value in QUANTITIES:
        return label(value)
    if column == "channels":
        return ", ".join(value_said("channel", channel) for channel in value.split(", "))
    if column == "step":
        return step_in_words(value, currency)
    if value in VERDICTS:
        return say(value)
    said = value_said(column, value)
    return said.replace("_", " ") if column in ("cost_type", "driver") else said
