"""Texts that can be said in another language: they remember how they were made."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from inspect import signature
from typing import Any, TypeVar

from cpc_analysis.errors import InvalidInputError, listed
from cpc_analysis.language.catalogue import LANGUAGES, translation

__all__ = [
    "Text", "checked_language", "enumerated", "in_its_language", "in_language", "joined", "language_spoken",
    "listed_said", "say", "speaking", "spoken", "term",
]  # fmt: skip

_Function = TypeVar("_Function", bound=Callable[..., Any])
_TWO_STOPS = re.compile(r"(?<=\w)\.\.(?!\S)")
_LANGUAGE: ContextVar[str | None] = ContextVar("language", default=None)


class Text(str):
    """A text that can be said again in another language. Made by functions marked as `spoken`."""

    language: str
    again: Callable[[], str]

    def __copy__(self) -> Text:
        return self

    def __deepcopy__(self, memo: object) -> Text:
        # The attributes of a frame are copied with it, again and again.
        return self

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        return str, (str(self),)


def checked_language(language: str) -> str:
    """The language, if it is one that is known.

    Raises
    ------
    InvalidInputError
        If it is not.
    """
    if language not in LANGUAGES:
        raise InvalidInputError(f"`language` must be one of {listed(LANGUAGES)}, got '{language}'.")
    return language


def language_spoken() -> str:
    """The language that texts are said in right now."""
    return _LANGUAGE.get() or LANGUAGES[0]


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Say every text in a language, inside a ``with``.

    Parameters
    ----------
    language : {"en", "da"}
        Which.

    Examples
    --------
    >>> with speaking("da"):
    ...     print(say("Q{quarter} {year}", quarter=2, year=2025))
    2. kvartal 2025
    """
    before = _LANGUAGE.set(checked_language(language))
    try:
        yield
    finally:
        _LANGUAGE.reset(before)


def in_language(text: str, language: str) -> str:
    """A text said in a language; one that does not know how it was made stays as it is."""
    with speaking(language):
        return str(_again(text))


def spoken(function: _Function) -> _Function:
    """Mark a function whose text depends on the language: what it returns can be said again in another one.

    Texts among its arguments are said in the language that it speaks.
    """

    @wraps(function)
    def saying(*arguments: Any, **named: Any) -> Text:
        text = Text(
            function(*(_again(value) for value in arguments), **{name: _again(value) for name, value in named.items()})
        )
        text.language = language_spoken()
        text.again = lambda: saying(*arguments, **named)
        return text

    return saying  # type: ignore[return-value]


def _again(value: Any) -> Any:
    known = isinstance(value, Text) and hasattr(value, "again") and value.language != language_spoken()
    return value.again() if known else value


def in_its_language(function: _Function) -> _Function:
    """Mark a function of a result that speaks: it speaks the result's language unless another is asked for.

    Asked for is the function's own argument `language`, or the language already spoken around the call. A result's
    own language is that of its `presentation`, an attribute or, of a frame, an entry of ``frame.attrs``.
    """

    first = next(iter(signature(function).parameters))

    @wraps(function)
    def saying(*arguments: Any, **named: Any) -> Any:
        result = arguments[0] if arguments else named.get(first)
        with speaking(named.get("language") or _LANGUAGE.get() or _language_of(result)):
            return function(*arguments, **named)

    return saying  # type: ignore[return-value]


def _language_of(result: Any) -> str:
    presentation = getattr(result, "attrs", {}).get("presentation") or getattr(result, "presentation", None)
    return str(getattr(presentation, "language", LANGUAGES[0]))


def term(text: str) -> str:
    """Mark a text to be translated when it is said; it stays as it is until then."""
    return text


@spoken
def say(template: str, /, **values: object) -> str:
    """A sentence in the language spoken: the English template translated, with its values in it.

    Parameters
    ----------
    template : str
        In English, with the names of values in braces; the catalogue has it in the other languages.
    values : object
        What stands in the braces: texts, whole numbers, and numbers made by `number` and its like.

    Examples
    --------
    >>> say("week {week} of {year}", week=15, year=2025)
    'week 15 of 2025'
    >>> in_language(say("week {week} of {year}", week=15, year=2025), "da")
    'uge 15 i 2025'
    """
    return _with_one_stop(translation(template, language_spoken()).format_map(values))


def _with_one_stop(text: str) -> str:
    """The text, where the full stop of an abbreviation, such as that of kroner, also ends the sentence."""
    return text if language_spoken() == LANGUAGES[0] else _TWO_STOPS.sub(".", text)


@spoken
def joined(*texts: str, by: str = " ") -> str:
    """Texts one after the other, each in the language spoken; empty ones are left out.

    Parameters
    ----------
    texts : str
        Sentences, or parts of one.
    by : str
        What stands between two of them.

    Examples
    --------
    >>> joined("Nothing was late.", "", say("week {week} of {year}", week=15, year=2025))
    'Nothing was late. week 15 of 2025'
    """
    return _with_one_stop(by.join(text for text in texts if text))


@spoken
def enumerated(*texts: str) -> str:
    """Parts of a sentence with commas between them, and an "and" before the last.

    Examples
    --------
    >>> enumerated("chat", "email", "voice"), in_language(enumerated("chat", "email"), "da")
    ('chat, email and voice', 'chat og email')
    """
    if len(texts) < 2:
        return "".join(texts)
    return say("{first} and {last}", first=", ".join(texts[:-1]), last=texts[-1])


@spoken
def listed_said(*names: str, most: int = 12) -> str:
    """Names as a sentence carries them: in order, at most `most`, the rest counted.

    Examples
    --------
    >>> text = listed_said("voice", "chat", "email", most=2)
    >>> text, in_language(text, "da")
    ('voice, chat and 1 more', 'voice, chat og 1 til')
    """
    shown, rest = ", ".join(names[:most]), len(names) - most
    return say("{names} and {count} more", names=shown, count=rest) if rest > 0 else shown
