"""Pseudonyms for people: salted hashes on the way in, and masks for what could still show an identifier."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.datatypes as dt

from cpc_analysis.atomic import write_file
from cpc_analysis.engine import Engine
from cpc_analysis.errors import InvalidInputError
from cpc_analysis.tables.masking import EMAIL

__all__ = [
    "SALT_FILE",
    "SALT_VARIABLE",
    "hashed",
    "looks_personal",
    "project_salt",
    "use_salt",
]

SALT_VARIABLE = "CPC_SALT"
SALT_FILE = ".cpc-salt"
_ON_ENGINE = "cpc_salt"


def project_salt(folder: Path) -> str:
    """The salt of a project: the variable ``CPC_SALT``, else the file ``.cpc-salt``, made on first use.

    Raises
    ------
    InvalidInputError
        If there is neither and the file cannot be written.

    Notes
    -----
    Who holds the salt can tell whether a given customer is in the data: keep the file out of version control.
    With another salt every pseudonym is another.
    """
    if salt := os.environ.get(SALT_VARIABLE):
        return salt
    path = folder / SALT_FILE
    if path.is_file() and (salt := path.read_text(encoding="utf-8").strip()):
        return salt
    salt = secrets.token_hex(32)
    try:
        # No folder is made for it: one that is not there is a mistake.
        folder.stat()
        write_file(path, salt + "\n")
    except (InvalidInputError, OSError):
        raise InvalidInputError(
            f"`{SALT_FILE}` cannot be written in {folder}, and {SALT_VARIABLE} is not set. "
            f"Set {SALT_VARIABLE} to a secret text, so that customer identifiers can be hashed."
        ) from None
    return salt


def use_salt(engine: Engine, folder: Path) -> None:
    """Give the engine the project's salt, which `hashed` uses; it is never part of a query's text."""
    connection: Any = engine.connection.con
    connection.execute(f"SET VARIABLE {_ON_ENGINE} = (SELECT ?)", [project_salt(folder)])


@ibis.udf.scalar.builtin(name="getvariable", signature=((dt.String(),), dt.String()))
def _variable(setting):  # type: ignore[no-untyped-def]
    """A variable of the engine's session."""


@ibis.udf.scalar.builtin(name="sha256", signature=((dt.String(),), dt.String()))
def _sha256(text):  # type: ignore[no-untyped-def]
    """SHA-256 as hexadecimal text."""


def hashed(text: ibis.Value) -> ibis.Value:
    """The pseudonyms of identifiers: 16 hexadecimal characters of SHA-256 over salt and text."""
    return _sha256(_variable(_ON_ENGINE) + text)[:16]


def looks_personal(text: ibis.Value, digits: bool = False) -> ibis.Value:
    """Where a text column holds an e-mail address or a phone number.

    Parameters
    ----------
    text : ibis.Value
        The column.
    digits : bool
        Take 8 to 15 plain digits for a phone number too, not only numbers written as one.
    """
    written = r"^\s*((\+|00)\d[\d ().-]{6,}\d|\(\d{2,4}\)[ .-]?\d{2,4}[ .-]?\d{2,4})\s*$"
    found = text.re_search(EMAIL) | text.re_search(written)
    return found | text.re_search(r"^\d{8,15}$") if digits else found
