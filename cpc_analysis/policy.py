"""Policies: which contacts count, and where each cost type goes. Small frozen records that print themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import timedelta
from functools import reduce
from typing import Any, Literal, get_args

from cpc_analysis.errors import InvalidInputError, UnknownNameError, listed, not_one_of
from cpc_analysis.language import enumerated, joined, language_spoken, listed_said, say, separators, spoken, term
from cpc_analysis.schema import CHANNELS, COST_TYPES, DIRECTIONS, LABOUR_TYPES, OUTCOMES

__all__ = ["RULES", "Costing", "Counting", "Definition", "duration_in_words", "parse_duration"]

Unit = Literal["conversation", "contact", "leg", "issue"]
LevelOf = Literal["offered", "answered", "excluding_short_abandons", "short_abandons_met"]
Shares = Mapping[str, float]

#: The rules by which a cost type can be shared out, each in words.
RULES = {
    "group_time": term("each staffing group's paid time lies on its own work by handled time"),
    "agent_time": term("each agent's paid time lies on their own work by handled time"),
    "wage_time": term("by handled time at the agent's wage"),
    "handle_time": term("by handled time"),
    "contacts": term("by number of contacts"),
    "headcount": term("equally per active agent, then by handled time"),
}

#: Adjectives, before the contacts that they are of.
_OF_CONTACTS = {
    "answered": term("answered{contacts}"), "abandoned": term("abandoned{contacts}"),
    "self_served": term("self-served{contacts}"), "voicemail": term("voicemail{contacts}"),
    "missed": term("missed{contacts}"), "failed": term("failed{contacts}"),
    "in": term("inbound{contacts}"), "out": term("outbound{contacts}"), "internal": term("internal{contacts}"),
}  # fmt: skip
_UNITS = {
    "conversation": term("one per conversation"), "contact": term("one per row of the log"),
    "leg": term("one per agent leg"), "issue": term("one per issue (repeats within {window} joined)"),
}  # fmt: skip
_ONE = {"day": term("{number} day"), "hour": term("{number} hour"), "minute": term("{number} minute"),
        "second": term("{number} second")}  # fmt: skip
_MANY = {"day": term("{number} days"), "hour": term("{number} hours"), "minute": term("{number} minutes"),
         "second": term("{number} seconds")}  # fmt: skip

_DURATION = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(s|min|h|d|w)\s*")
_SECONDS = {"s": 1, "min": 60, "h": 3600, "d": 86_400, "w": 604_800}

_ANSWER_THRESHOLDS = {
    "voice": 20.0,
    "callback": 20.0,
    "chat": 60.0,
    "messaging": 3_600.0,
    "sms": 3_600.0,
    "social": 3_600.0,
    "email": 86_400.0,
}


def parse_duration(text: str | timedelta) -> timedelta:
    """The duration that a text such as ``7d``, ``2h``, ``30min`` or ``90s`` names.

    Examples
    --------
    >>> parse_duration("7d")
    datetime.timedelta(days=7)
    """
    if isinstance(text, timedelta):
        return text
    if match := _DURATION.fullmatch(str(text)):
        return timedelta(seconds=float(match[1]) * _SECONDS[match[2]])
    raise InvalidInputError(f"A duration must be written as 7d, 2h, 30min or 90s, got '{text}'.")


@spoken
def duration_in_words(text: str | timedelta) -> str:
    """A duration as it is said, in the largest unit up to days that it fills.

    Examples
    --------
    >>> [duration_in_words(text) for text in ("7d", "1w", "24h", "90min", "1.5s")]
    ['7 days', '7 days', '1 day', '90 minutes', '1.5 seconds']
    """
    seconds = parse_duration(text).total_seconds()
    units = {"day": 86_400, "hour": 3600, "minute": 60, "second": 1}
    unit = next((unit for unit, size in units.items() if seconds >= size and seconds % size == 0), "second")
    number = seconds / units[unit]
    decimals = separators(language_spoken())[1]
    return say((_ONE if number == 1 else _MANY)[unit], number=f"{number:g}".replace(".", decimals))


@dataclass(frozen=True)
class Counting:
    """What counts as a contact: the denominator, and nothing else.

    Parameters
    ----------
    directions, outcomes : tuple of str
        The directions and outcomes that count.
    unit : {"conversation", "contact", "leg", "issue"}
        What is one: a conversation (a contact with all contacts that name it as their parent), every row of its
        own, every agent leg, or an issue (repeats within `repeat_window` joined to the first contact). Of several
        contacts the first that counts carries the one: it lies in its period, and in its channel lies all their work.
    repeat_window : str
        How long after a first contact another of the same customer and reason is a repeat, such as ``"7d"``; where
        customers are not recorded, another of the same chain of parents.
    short_abandon_seconds : float
        Abandoned contacts with a shorter wait are not offered contacts [seconds].
    exclude_queues : tuple of str
        Queues whose contacts do not count. Their cost stays.
    answer_threshold_seconds : float or mapping of channel to float
        Service level: answered within this time [seconds]. Channels without a threshold have no service level.
    service_level_of : {"offered", "answered", "excluding_short_abandons", "short_abandons_met"}
        What the service level is a share of: all that was offered; what was answered; all that was offered but for
        those who gave up within the threshold; or all that was offered, those counting as answered in time.

    Examples
    --------
    >>> print(Counting(directions=("in",)))
    Counted are answered contacts, inbound, one per conversation.
    """

    directions: tuple[str, ...] = DIRECTIONS
    outcomes: tuple[str, ...] = ("answered",)
    unit: Unit = "conversation"
    repeat_window: str = "7d"
    short_abandon_seconds: float = 0.0
    exclude_queues: tuple[str, ...] = ()
    answer_threshold_seconds: float | Mapping[str, float] = field(default_factory=lambda: dict(_ANSWER_THRESHOLDS))
    service_level_of: LevelOf = "offered"

    def __post_init__(self) -> None:
        for name, known in (("directions", DIRECTIONS), ("outcomes", OUTCOMES)):
            object.__setattr__(self, name, _chosen(name, getattr(self, name), known))
        object.__setattr__(self, "exclude_queues", _texts(self.exclude_queues))
        _one_of("unit", self.unit, get_args(Unit))
        _one_of("service_level_of", self.service_level_of, get_args(LevelOf))
        parse_duration(self.repeat_window)
        if self.short_abandon_seconds < 0:
            raise InvalidInputError(f"`short_abandon_seconds` must not be negative, got {self.short_abandon_seconds}.")
        for channel in self.thresholds:
            _one_of("answer_threshold_seconds", channel, CHANNELS)

    @property
    def thresholds(self) -> dict[str, float]:
        """The answer threshold [seconds] of each channel that has one."""
        stated = self.answer_threshold_seconds
        return dict(stated) if isinstance(stated, Mapping) else dict.fromkeys(CHANNELS, float(stated))

    def in_words(self) -> str:
        """What counts, in a sentence that can be said again in another language.

        Examples
        --------
        >>> from cpc_analysis.language import in_language
        >>> in_language(Counting().in_words(), "da")
        'Medregnet er besvarede henvendelser i alle retninger, én for hver samtale.'
        """
        every = set(self.directions) == set(DIRECTIONS)
        directions = say("of every direction") if every else _adjectives(self.directions)
        queues = listed_said(*self.exclude_queues)
        return say(
            "Counted are {outcomes} {directions}, {unit}{queues}." if every else
            "Counted are {outcomes}, {directions}, {unit}{queues}.",
            outcomes=_adjectives(self.outcomes, say(" contacts")), directions=directions,
            unit=say(_UNITS[self.unit], window=duration_in_words(self.repeat_window)),
            queues=say(", without the queues {queues}", queues=queues) if queues else "",
        )  # fmt: skip

    def __str__(self) -> str:
        return str(self.in_words())

    def __hash__(self) -> int:
        return hash((*self._plain(), tuple(sorted(self.thresholds.items()))))

    def _plain(self) -> tuple[Any, ...]:
        return tuple(getattr(self, f.name) for f in fields(self) if f.name != "answer_threshold_seconds")

    @classmethod
    def from_mapping(cls, settings: Mapping[str, Any]) -> Counting:
        """The policy that a table of a project file states.

        Parameters
        ----------
        settings : mapping of str to value
            The table ``[counting]``.
        """
        return cls(**_known("[counting]", settings, cls))


Cost = Literal["all", "assisted", "inbound", "labour", "without_waiting"]
Count = Literal["counted", "assisted", "offered"]


@dataclass(frozen=True)
class Definition:
    """A definition of cost per contact: which cost, over which contacts. It has a name, and says itself in a sentence.

    Parameters
    ----------
    name : str
        What it is called.
    meaning : str
        The definition in a sentence.
    counting : Counting
        Which contacts count.
    cost : {"all", "assisted", "inbound", "labour", "without_waiting"}
        All costs; without those of self-service; without those on outbound and internal work; salaries and on-costs
        only; without labour paid for waiting.
    count : {"counted", "assisted", "offered"}
        What the cost is divided by: counted contacts, those of them other than self-service, or all inbound contacts
        that asked for an agent.

    Examples
    --------
    >>> print(Definition("board", "What the board sees.", Counting(directions=("in",))))
    board: What the board sees.
    """

    name: str
    meaning: str
    counting: Counting
    cost: Cost = "all"
    count: Count = "counted"

    def __post_init__(self) -> None:
        _one_of("cost", self.cost, get_args(Cost))
        _one_of("count", self.count, get_args(Count))

    def __str__(self) -> str:
        return f"{self.name}: {joined(self.meaning)}"

    @classmethod
    def from_mapping(cls, name: str, settings: Mapping[str, Any], counting: Counting) -> Definition:
        """The definition that a table of a project file states, on top of the project's own counting.

        Parameters
        ----------
        name : str
            What the project calls it.
        settings : mapping of str to value
            The table of that name under ``[definitions]``.
        counting : Counting
            What the project counts; settings change it.
        """
        own = {key: value for key, value in settings.items() if key in ("meaning", "cost", "count")}
        where = f"[definitions.{name}]"
        known = [f.name for f in fields(Counting)]
        for key in settings:
            if key not in own and key not in known:
                raise UnknownNameError(f"setting in {where}", key, [*own, "meaning", "cost", "count", *known])
        changes = _known(where, {key: value for key, value in settings.items() if key not in own}, Counting)
        changed = replace(counting, **changes)
        return cls(name, own.pop("meaning", changed.in_words()), changed, **own)


Rule = str | Shares | None


@dataclass(frozen=True)
class Costing:
    """Where each cost type goes: one field per cost type, and where wages come from.

    Each cost type takes the name of a rule (see `RULES`), shares by channel such as
    ``{"voice": 0.6, "chat": 0.4}``, or None for its default: salaries and on-costs by ``group_time`` where shifts
    exist, else ``wage_time`` where wages do, else ``handle_time``; telecom by ``contacts``; licences and equipment
    by ``headcount``; every other by ``handle_time``.

    Parameters
    ----------
    salaries, on_costs, technology, licences, telecom, chat, facilities, equipment, training, management, tax : optional
        The rule of each cost type, or its shares by channel.
    outsourcing, other : optional
        The same of what is bought from others, and of the rest.
    wages_from : {"ledger", "payroll"}
        ``"ledger"``: the ledger says how much, payroll only shares it out. ``"payroll"``: labour is generated from
        paid hours and wages; labour accounts in the ledger then raise.
    hourly_cost : float or None
        A stated, loaded cost of a paid hour [currency], where neither ledger nor payroll holds labour.
    standard_handle_seconds : mapping of channel to float
        A stated standard for answered contacts without a measured handle time [seconds].
    spread_accounts : tuple of str
        Accounts whose lines are spread over their service period, by days. Never accruals and their reversals.
    premium_accounts : tuple of str
        Labour accounts that pay more than the hourly wage: overtime, supplements, bonuses. They are costed as any
        other; an explanation of a change tells them from a raise.

    Examples
    --------
    >>> Costing(technology="contacts").technology
    'contacts'
    """

    salaries: Rule = None
    on_costs: Rule = None
    technology: Rule = None
    licences: Rule = None
    telecom: Rule = None
    chat: Rule = None
    facilities: Rule = None
    equipment: Rule = None
    training: Rule = None
    management: Rule = None
    tax: Rule = None
    outsourcing: Rule = None
    other: Rule = None
    wages_from: Literal["ledger", "payroll"] = "ledger"
    hourly_cost: float | None = None
    standard_handle_seconds: Mapping[str, float] = field(default_factory=dict)
    spread_accounts: tuple[str, ...] = ()
    premium_accounts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for cost_type in COST_TYPES:
            self._check_rule(cost_type, getattr(self, cost_type))
        _one_of("wages_from", self.wages_from, ("ledger", "payroll"))
        for channel in self.standard_handle_seconds:
            _one_of("standard_handle_seconds", channel, CHANNELS)
        for name in ("spread_accounts", "premium_accounts"):
            object.__setattr__(self, name, _texts(getattr(self, name)))
        if self.hourly_cost is not None and not self.hourly_cost > 0:
            raise InvalidInputError(f"`hourly_cost` must be above 0, got {self.hourly_cost}.")

    @staticmethod
    def _check_rule(cost_type: str, rule: Rule) -> None:
        if isinstance(rule, str):
            _one_of(cost_type, rule, RULES)
        elif isinstance(rule, Mapping):
            for channel in rule:
                _one_of(cost_type, channel, CHANNELS)
            if any(share < 0 for share in rule.values()) or abs(sum(rule.values()) - 1) > 1e-9:
                raise InvalidInputError(
                    f"`{cost_type}`: shares by channel must not be negative and must add up to 1, got {dict(rule)}."
                )

    def rule(self, cost_type: str, *, shifts: bool, wages: bool) -> str | dict[str, float]:
        """The rule in force for a cost type, given whether there are shifts and wages.

        Parameters
        ----------
        cost_type : str
            One of `COST_TYPES`.
        shifts, wages : bool
            Whether the dataset has them.
        """
        stated = getattr(self, cost_type)
        if stated is not None:
            return stated if isinstance(stated, str) else dict(stated)
        if cost_type in LABOUR_TYPES:
            return "group_time" if shifts else "wage_time" if wages else "handle_time"
        return {"telecom": "contacts", "licences": "headcount", "equipment": "headcount"}.get(cost_type, "handle_time")

    @classmethod
    def from_mapping(cls, settings: Mapping[str, Any]) -> Costing:
        """The policy that a table of a project file states.

        Parameters
        ----------
        settings : mapping of str to value
            The table ``[costing]``.
        """
        return cls(**_known("[costing]", settings, cls))

    def __hash__(self) -> int:
        return hash(repr(self))


def _known(where: str, settings: Mapping[str, Any], record: type) -> dict[str, Any]:
    names = [f.name for f in fields(record)]
    for name in settings:
        if name not in names:
            raise UnknownNameError(f"setting in {where}", name, names)
    return {name: tuple(value) if isinstance(value, list) else value for name, value in settings.items()}


def _texts(values: str | Iterable[str]) -> tuple[str, ...]:
    return (values,) if isinstance(values, str) else tuple(str(value) for value in values)


def _chosen(name: str, values: str | Iterable[str], known: tuple[str, ...]) -> tuple[str, ...]:
    chosen = _texts(values)
    if not chosen:
        raise InvalidInputError(f"`{name}` must name at least one of {listed(known)}.")
    for value in chosen:
        _one_of(name, value, known)
    return chosen


def _adjectives(names: tuple[str, ...], contacts: str = "") -> str:
    """Outcomes or directions as adjectives, the last before the word for contacts."""
    nouns = [""] * (len(names) - 1) + [contacts]
    said = (say(_OF_CONTACTS[name], contacts=noun) for name, noun in zip(names, nouns, strict=True))
    return reduce(enumerated, said)


def _one_of(name: str, value: str, known: Iterable[str]) -> None:
    if value not in known:
        raise not_one_of(f"`{name}`", known, value)
