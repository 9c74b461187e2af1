"""The catalogues of translations: one file per language beside this one, in the format of gettext."""

from __future__ import annotations

from functools import cache
from pathlib import Path

__all__ = ["LANGUAGES", "catalogue", "notebook_catalogue", "translation"]

#: English is what the code says; every other language has a catalogue.
LANGUAGES = ("en", "da")


@cache
def catalogue(language: str) -> dict[str, str]:
    """The translations of a language, by the English text."""
    return _translations(f"{language}.po", language)


@cache
def notebook_catalogue(language: str) -> dict[str, str]:
    """The translations of what the shipped notebooks say, passage by passage, by the English text."""
    return _translations(f"notebooks.{language}.po", language)


def _translations(name: str, language: str) -> dict[str, str]:
    from babel.messages.pofile import read_po

    with Path(__file__).with_name(name).open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file, locale=language) if message.id}


def translation(text: str, language: str) -> str:
    """A text in a language; the English one where the catalogue has none.

    Examples
    --------
    >>> translation("Q{quarter} {year}", "da"), translation("a product of one's own", "da")
    ('{quarter}. kvartal {year}', "a product of one's own")
    """
    return text if language == LANGUAGES[0] else catalogue(language).get(text) or text
