"""Which contacts count, and what they are divided into: the denominator. Definitions with a name of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from functools import partial, reduce
from typing import Any, Literal, get_args

from cpc_analysis.errors import InvalidInputError, UnknownNameError
from cpc_analysis.language import enumerated, joined, listed_said, say, term
from cpc_analysis.policy.durations import duration_in_words
from cpc_analysis.policy.settings import (
    check_one_of,
    checked,
    chosen_of,
    duration,
    known_settings,
    number,
    numbers,
    text,
    texts,
)
from cpc_analysis.schema import CHANNELS, DIRECTIONS, OUTCOMES

__all__ = ["Counting", "Definition"]

Unit = Literal["conversation", "contact", "leg", "issue"]
LevelOf = Literal["offered", "answered", "excluding_short_abandons", "short_abandons_met"]

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
_ANSWER_THRESHOLDS = {
    "voice": 20.0,
    "callback": 20.0,
    "chat": 60.0,
    "messaging": 3_600.0,
    "sms": 3_600.0,
    "social": 3_600.0,
    "email": 86_400.0,
}


def _thresholds(name: str, value: Any) -> float | dict[str, float]:
    if isinstance(value, Mapping):
        return numbers(name, value, known=CHANNELS)
    return number(name, value, least=0)


_CHECKS: dict[str, Any] = {
    "directions": partial(chosen_of, known=DIRECTIONS),
    "outcomes": partial(chosen_of, known=OUTCOMES),
    "repeat_window": duration,
    "short_abandon_seconds": partial(number, least=0),
    "exclude_queues": texts,
    "answer_threshold_seconds": _thresholds,
}


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
        contacts the first that counts carries the one, in its period; count and work of all lie in the channel where
        the first of them asked for an agent: a call that is answered by a callback is a call.
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
        checked(self, _CHECKS)
        check_one_of("unit", self.unit, get_args(Unit))
        check_one_of("service_level_of", self.service_level_of, get_args(LevelOf))

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
        return cls(**known_settings(settings, cls))


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
        text("name", self.name)
        # A meaning may be said in several languages, and is then no plain text.
        if not isinstance(self.counting, Counting):
            raise InvalidInputError(f"`counting` must be a Counting, got '{self.counting}'.")
        check_one_of("cost", self.cost, get_args(Cost))
        check_one_of("count", self.count, get_args(Count))

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
        if "meaning" in own:
            text("meaning", own["meaning"])
        known = [f.name for f in fields(Counting)]
        for key in settings:
            if key not in own and key not in known:
                raise UnknownNameError("setting", key, ["meaning", "cost", "count", *known])
        changes = known_settings({key: value for key, value in settings.items() if key not in own}, Counting)
        changed = replace(counting, **changes)
        return cls(name, own.pop("meaning", changed.in_words()), changed, **own)


def _adjectives(names: tuple[str, ...], contacts: str = "") -> str:
    """Outcomes or directions as adjectives, the last before the word for contacts."""
    nouns = [""] * (len(names) - 1) + [contacts]
    said = (say(_OF_CONTACTS[name], contacts=noun) for name, noun in zip(names, nouns, strict=True))
    return reduce(enumerated, said)
