"""What was offered and what is in time, in words: the rules behind figures of service."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cpc_analysis.language import joined, language_spoken, say, separators, term, value_said
from cpc_analysis.policy import Counting, OpeningHours, duration_in_words

__all__ = ["level_in_words", "offers_in_words", "opening_in_words", "thresholds_in_words"]

_LEVELS = {
    "offered": term("The service level is of all offered contacts: who gave up, was missed, left a message or was "
                    "called back was not answered in time."),
    "answered": term("The service level is of answered contacts only."),
    "excluding_short_abandons": term("The service level is of all offered contacts but those abandoned within the "
                                     "threshold."),
    "short_abandons_met": term("The service level is of all offered contacts; who gave up within the threshold counts "
                               "as answered in time."),
}  # fmt: skip
#: The units of a threshold [seconds], each from where on it is used.
_SHORT = {3600: (7200, term("{number} h")), 60: (60, term("{number} min")), 1: (0, term("{number} s"))}


def offers_in_words(counting: Counting, parents: bool) -> str:
    """What is offered, in sentences that can be said again in another language.

    Parameters
    ----------
    counting : Counting
        What is one, and what a short abandon is.
    parents : bool
        Whether contacts name others as their parents.

    Examples
    --------
    >>> print(offers_in_words(Counting(short_abandon_seconds=5), parents=False).split(". ")[-1])
    Abandoned within 5 seconds is not offered.
    """
    limit = duration_in_words(f"{counting.short_abandon_seconds:g}s")
    short = say("Abandoned within {time} is not offered.", time=limit)
    return joined(
        say("Offered are inbound contacts that were answered, abandoned, missed or left to voicemail. What failed, "
            "such as a call out of hours, was not."),
        say("A conversation is offered once, where it began, and answered if any of its contacts is: a ring that "
            "nobody took or a queue that it flowed out of is no second offer. Who gave up and is called back did "
            "not abandon.") if parents and counting.unit in ("conversation", "issue") else "",
        short if counting.short_abandon_seconds else "",
    )  # fmt: skip


def level_in_words(counting: Counting, channels: Iterable[str]) -> str:
    """What the service level of some channels is, in sentences that can be said again in another language.

    Parameters
    ----------
    counting : Counting
        The thresholds, and what the service level is a share of.
    channels : iterable of str
        Those that it is of; their thresholds are named.

    Examples
    --------
    >>> print(level_in_words(Counting(), ["voice", "chat"]).split(". ")[0])
    In time is an answer within the threshold of the channel, counted from the first contact: voice 20 s, chat 1 min
    """
    thresholds = thresholds_in_words({name: counting.thresholds[name] for name in channels})
    return joined(
        say("In time is an answer within the threshold of the channel, counted from the first contact: "
            "{thresholds}.", thresholds=thresholds),
        say(_LEVELS[counting.service_level_of]),
        say("An answer whose time is not recorded is not in time; a channel that records none has no service "
            "level."),
    )  # fmt: skip


def opening_in_words(hours: OpeningHours, holidays: bool, many: bool) -> str:
    """That responses in writing are timed in opening hours, in sentences that can be said again in another language.

    Parameters
    ----------
    hours : OpeningHours
        When the centre is open.
    holidays : bool
        Whether any days are holidays.
    many : bool
        Whether rows of the log stand for many contacts.
    """
    return joined(
        say("The time to a response in writing runs in opening hours only: {hours}.", hours=hours.in_words()),
        say("On holidays it stands still.") if holidays else "",
        say("Of rows that stand for many contacts it is not known.") if many else "",
    )


def thresholds_in_words(thresholds: Mapping[str, float]) -> str:
    """The answer thresholds of channels, as they are said beside a service level.

    Parameters
    ----------
    thresholds : mapping of channel to float
        In seconds.

    Examples
    --------
    >>> thresholds_in_words({"voice": 20, "chat": 60, "social": 3600, "email": 86400})
    'voice 20 s, chat 1 min, social 60 min, email 24 h'
    """
    return joined(*(_threshold_in_words(channel, seconds) for channel, seconds in thresholds.items()), by=", ")


def _threshold_in_words(channel: str, seconds: float) -> str:
    size = next((size for size, (least, _) in _SHORT.items() if seconds >= least and seconds % size == 0), 1)
    number = f"{seconds / size:g}".replace(".", separators(language_spoken())[1])
    return joined(value_said("channel", channel), say(_SHORT[size][1], number=number))
