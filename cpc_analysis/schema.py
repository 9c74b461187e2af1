"""The canonical tables: columns, units, keys and the rules that a row must keep.

A table is described once, here; the readers, the checks and the documentation all read this description.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

__all__ = [
    "ASKED_FOR_AGENT",
    "ASSISTED",
    "CHANNELS",
    "COST_TYPES",
    "DIRECTIONS",
    "FIRST_YEAR",
    "LABOUR",
    "LABOUR_TYPES",
    "LAST_YEAR",
    "NUMERIC",
    "OTHER_WORK",
    "OUTCOMES",
    "REAL_TIME",
    "SELF_SERVED",
    "SMALL_GROUPS",
    "TABLES",
    "UNKNOWN",
    "WRITTEN",
    "Column",
    "Kind",
    "Table",
]

CHANNELS = ("voice", "chat", "email", "messaging", "sms", "social", "callback", "web", "task", "other")
DIRECTIONS = ("in", "out", "internal")
OUTCOMES = ("answered", "abandoned", "self_served", "voicemail", "missed", "failed")
COST_TYPES = (
    "salaries",
    "on_costs",
    "technology",
    "licences",
    "telecom",
    "chat",
    "facilities",
    "equipment",
    "training",
    "management",
    "tax",
    "outsourcing",
    "other",
)
#: Cost types that pay people's time.
LABOUR_TYPES = ("salaries", "on_costs")
#: Both of them together.
LABOUR = "labour"
SELF_SERVED = "self_served"
ASSISTED = tuple(outcome for outcome in OUTCOMES if outcome != SELF_SERVED)
#: Outcomes of inbound contacts that asked for an agent.
ASKED_FOR_AGENT = ("answered", "abandoned", "missed", "voicemail")
#: Channels whose customers wait on the line for an agent, and can give up. In the others they write and go: what is
#: told there is the time to the first response. Who is called back does not wait on the line.
REAL_TIME = ("voice", "chat")
#: Channels of written work.
WRITTEN = ("email", "messaging", "sms", "social")
#: Years that contacts, shifts and ledger lines are of; a date of another is none.
FIRST_YEAR, LAST_YEAR = 1990, 2099
#: How a missing dimension value reads, and the dimensions of work outside the contact log.
UNKNOWN = "(unknown)"
OTHER_WORK = "(other work)"
#: How the groups read that are too small to be shown one by one.
SMALL_GROUPS = "(small groups)"


class Kind(Enum):
    """What a column holds, as its user sees it."""

    TEXT = "text"
    TIME = "a point in time"
    DATE = "a date"
    PERIOD = "a month such as 2025-04"
    SECONDS = "seconds"
    NUMBER = "a number"
    INTEGER = "a whole number"
    MONEY = "money"
    FLAG = "true or false"


#: Kinds that can be added up.
NUMERIC = (Kind.SECONDS, Kind.NUMBER, Kind.INTEGER, Kind.MONEY)


@dataclass(frozen=True)
class Column:
    """One column of a canonical table.

    `choices` are the only values allowed; `least` is the smallest one allowed. Dates are of `FIRST_YEAR` to
    `LAST_YEAR`, or from `first_year` on; where a column is `open_ended`, another says that there is no end.
    """

    name: str
    kind: Kind = Kind.TEXT
    required: bool = False
    choices: tuple[str, ...] = ()
    least: float | None = None
    default: object = None
    first_year: int = FIRST_YEAR
    open_ended: bool = False


@dataclass(frozen=True)
class Table:
    """One canonical table.

    `large` tables live on the engine, the others in memory. `open` tables take further columns as dimensions.
    """

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    large: bool = False
    open: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(column.name for column in self.columns)

    def takes(self, name: str) -> bool:
        """Whether a column of some name is one of the table's, or may be a dimension of it."""
        return self.open or name in self.names

    @property
    def known(self) -> tuple[str, ...]:
        """The names that mean what they do everywhere; of a table that takes dimensions those of the others too."""
        return _DIMENSIONED if self.open else self.names

    def column(self, name: str) -> Column:
        """The column of a name."""
        return next(column for column in self.columns if column.name == name)


def _text(name: str, *choices: str, required: bool = False) -> Column:
    return Column(name, Kind.TEXT, required, choices)


def _time(name: str, required: bool = False) -> Column:
    return Column(name, Kind.TIME, required)


#: How long things took. Verifying who the customer is happens in the talk: it is a part of it, and not added to it.
def _seconds(*names: str) -> tuple[Column, ...]:
    return tuple(Column(f"{name}_seconds", Kind.SECONDS, least=0) for name in names)


_BEHAVIOURS = ("fixed", "step", "variable")
_ACTIVITIES = ("available", "on_contact", "wrap", "break", "meeting", "training", "absence", "other")

_CONTACTS = Table(
    "contacts",
    ("contact_id",),
    (
        _text("contact_id", required=True),
        _time("started_at", required=True),
        _text("channel", *CHANNELS, required=True),
        _text("direction", *DIRECTIONS, required=True),
        _text("outcome", *OUTCOMES, required=True),
        _time("ended_at"),
        *(_text(name) for name in ("queue", "reason", "product", "site", "team", "agent_id", "customer_id")),
        *_seconds("handle", "talk", "hold", "wrap", "verification", "wait", "first_response"),
        Column("concurrency", Kind.NUMBER, least=1),
        Column("resolved", Kind.FLAG),
        Column("transfers", Kind.INTEGER, least=0),
        Column("reopens", Kind.INTEGER, least=0),
        _text("parent_contact_id"),
        # A row of many contacts holds totals: its durations are those of all of them together.
        Column("contact_count", Kind.INTEGER, least=0, default=1),
        _text("covers", "day", "week", "month"),
    ),
    large=True,
    open=True,
)

_LEGS = Table(
    "legs",
    ("leg_id",),
    (
        _text("leg_id", required=True),
        _text("contact_id", required=True),
        _text("agent_id", required=True),
        _time("started_at", required=True),
        _time("ended_at"),
        _text("queue"),
        *_seconds("talk", "hold", "wrap", "verification", "handle"),
        Column("concurrency", Kind.NUMBER, least=1),
    ),
    large=True,
)

_HOURS = Table(
    "hours",
    ("period", "staffing_group", "activity"),
    (
        Column("period", Kind.PERIOD, required=True),
        _text("staffing_group", required=True),
        _text("activity", required=True),
        Column("hours", Kind.NUMBER, required=True, least=0),
    ),
)

_COSTS = Table(
    "costs",
    ("line_id",),
    (
        _text("line_id", required=True),
        Column("posted_on", Kind.DATE, required=True),
        Column("period", Kind.PERIOD),
        _text("account", required=True),
        _text("account_name"),
        _text("cost_type", *COST_TYPES, required=True),
        Column("amount", Kind.MONEY, required=True),
        _text("currency"),
        _text("channel", *CHANNELS),
        _text("site"),
        _text("team"),
        Column("service_from", Kind.DATE),
        Column("service_to", Kind.DATE),
        _text("behaviour", *_BEHAVIOURS),
    ),
)

_AGENTS = Table(
    "agents",
    ("agent_id", "valid_from"),
    (
        _text("agent_id", required=True),
        Column("valid_from", Kind.DATE, open_ended=True),
        Column("valid_to", Kind.DATE, open_ended=True),
        _text("team"),
        _text("site"),
        _text("staffing_group"),
        Column("hired_on", Kind.DATE, first_year=1930),
        Column("left_on", Kind.DATE, open_ended=True),
        Column("hourly_wage", Kind.NUMBER, least=0),
        Column("on_cost_rate", Kind.NUMBER, least=0),
        Column("contracted_hours", Kind.NUMBER, least=0),
    ),
    open=True,
)

_SHIFTS = Table(
    "shifts",
    ("agent_id", "starts_at", "activity"),
    (
        _text("agent_id", required=True),
        _time("starts_at", required=True),
        _time("ends_at", required=True),
        _text("activity", *_ACTIVITIES, required=True),
        Column("is_paid", Kind.FLAG, required=True),
        Column("is_productive", Kind.FLAG, required=True),
        Column("is_inferred", Kind.FLAG, default=False),
    ),
    large=True,
)

_SURVEYS = Table(
    "surveys",
    ("survey_id",),
    (
        _text("survey_id", required=True),
        _text("contact_id", required=True),
        _time("sent_at"),
        _time("answered_at"),
        _text("kind", "csat", "nps", "ces", "resolution", required=True),
        Column("score", Kind.NUMBER),
        Column("scale_min", Kind.NUMBER, required=True),
        Column("scale_max", Kind.NUMBER, required=True),
    ),
    large=True,
)

_BUDGET = Table(
    "budget",
    ("period", "cost_type", "channel", "behaviour"),
    (
        Column("period", Kind.PERIOD, required=True),
        _text("cost_type", *COST_TYPES),
        _text("channel", *CHANNELS),
        Column("amount", Kind.MONEY),
        Column("contact_count", Kind.NUMBER, least=0),
        Column("average_handle_time", Kind.NUMBER, least=0),
        Column("paid_hours", Kind.NUMBER, least=0),
        _text("behaviour", *_BEHAVIOURS),
    ),
)

_BASES = Table(
    "bases",
    ("period", "base"),
    (
        Column("period", Kind.PERIOD, required=True),
        _text("base", required=True),
        Column("count", Kind.NUMBER, required=True, least=0),
    ),
)

#: The canonical tables by name.
TABLES = {
    table.name: table for table in (_CONTACTS, _LEGS, _HOURS, _COSTS, _AGENTS, _SHIFTS, _SURVEYS, _BUDGET, _BASES)
}

#: What contacts and agents know of each other: a contact may name the staffing group of its agent.
_DIMENSIONED = tuple(dict.fromkeys(name for table in TABLES.values() if table.open for name in table.names))
