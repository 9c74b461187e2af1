"""The errors of the package: each says in one sentence where, the rule, what was found and what to do.

Every kind is a `CpcError` and also the built-in error that fits, so that both
``except CpcError`` and ``except FileNotFoundError`` work.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches

from cpc_analysis.disclosure import safe_to_show

__all__ = [
    "CpcError",
    "InvalidInputError",
    "MissingFileError",
    "UnknownNameError",
    "UnreadableFileError",
    "closest",
    "listed",
    "not_one_of",
    "placed",
]


class CpcError(Exception):
    """Anything that the package refuses to do, in one clear sentence, which shows neither people nor passwords.

    Examples
    --------
    >>> print(CpcError("got 'ida@example.com' in https://me:secret@host/x.csv"))
    got '[e-mail]' in https://…@host/x.csv
    """

    def __init__(self, *args: object) -> None:
        super().__init__(*(safe_to_show(arg) if isinstance(arg, str) else arg for arg in args))

    def __str__(self) -> str:
        # KeyError, one of the built-in bases, would print the sentence in quotes.
        return str(self.args[0]) if self.args else ""


class InvalidInputError(CpcError, ValueError):
    """A value, a table or a combination of arguments that breaks a rule."""


class UnknownNameError(CpcError, KeyError, ValueError):
    """A name that is not one of the known ones; proposes the nearest.

    Parameters
    ----------
    kind : str
        What the name was meant to name, for example ``"quantity"``.
    name : str
        The name as it was written.
    known : iterable of str
        The names there are.

    Examples
    --------
    >>> print(UnknownNameError("quantity", "cost_per_contct", ["cost_per_contact", "csat"]))
    There is no quantity 'cost_per_contct'. Did you mean 'cost_per_contact'?
    """

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        self.kind, self.name, self.known = kind, name, tuple(known)
        near = closest(name, self.known)
        hint = f" Did you mean '{near}'?" if near else f" Known are {listed(self.known)}."
        super().__init__(f"There is no {kind} '{name}'.{hint if self.known else ''}")


class MissingFileError(CpcError, FileNotFoundError):
    """A file or folder that is not where it was said to be."""


class UnreadableFileError(CpcError, OSError, ValueError):
    """A file that is there but is not what it claims to be: truncated, of another format or encoding."""


def closest(name: str, known: Iterable[str]) -> str | None:
    """The known name nearest to a misspelt one, or None when none is near.

    Parameters
    ----------
    name : str
        As it was written.
    known : iterable of str
        The names there are.

    Examples
    --------
    >>> closest("vocie", ["voice", "chat"])
    'voice'
    """
    by_folded = {str(candidate).casefold(): str(candidate) for candidate in known}
    near = get_close_matches(str(name).casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[near[0]] if near else None


def listed(names: Iterable[object], most: int = 12) -> str:
    """Names as a sentence carries them: in order, at most `most`, the rest counted.

    Parameters
    ----------
    names : iterable
        What to name.
    most : int
        How many at most.

    Examples
    --------
    >>> listed(["voice", "chat", "email"], most=2)
    'voice, chat and 1 more'
    """
    every = [str(name) for name in names]
    shown, rest = every[:most], len(every) - most
    return ", ".join(shown) + (f" and {rest} more" if rest > 0 else "")


def not_one_of(where: str, known: Iterable[str], found: object, place: str = "") -> InvalidInputError:
    """The error for a value outside the allowed ones, proposing the nearest.

    Parameters
    ----------
    where : str
        What held the value, such as ``"`contacts.channel`"``.
    known : iterable of str
        The values that are allowed.
    found : object
        What was there.
    place : str
        In how many rows, and which is the first.

    Examples
    --------
    >>> print(not_one_of("`contacts.channel`", ["voice", "chat"], "vocie", "in 3 rows (first: 17)"))
    `contacts.channel` must be one of voice, chat, got 'vocie' in 3 rows (first: 17). Did you mean 'voice'?
    """
    allowed = tuple(known)
    near = closest(str(found), allowed)
    place = f" {place}" if place else ""
    hint = f" Did you mean '{near}'?" if near else ""
    return InvalidInputError(f"{where} must be one of {listed(allowed, 20)}, got '{found}'{place}.{hint}")


@contextmanager
def placed(place: str) -> Iterator[None]:
    """Errors raised inside, saying first where stands what they are about.

    Parameters
    ----------
    place : str
        Such as ``"cpc.toml, [costing]"``.

    Examples
    --------
    >>> try:
    ...     with placed("cpc.toml, [counting]"):
    ...         raise UnknownNameError("setting", "outcome", ["outcomes", "unit"])
    ... except CpcError as error:
    ...     print(error)
    cpc.toml, [counting]: there is no setting 'outcome'. Did you mean 'outcomes'?
    """
    try:
        yield
    except CpcError as error:
        sentence = str(error)
        error.args = (f"{place}: {sentence[:1].lower()}{sentence[1:]}",)
        raise
