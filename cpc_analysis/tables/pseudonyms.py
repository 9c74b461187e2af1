"""Pseudonyms for people: salted hashes, the same for the same person wherever the project's salt is the same."""

from __future__ import annotations

import os
import secrets
import stat
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.datatypes as dt

from cpc_analysis.atomic import write_file
from cpc_analysis.engine import Engine
from cpc_analysis.errors import InvalidInputError

__all__ = [
    "SALT_FILE",
    "SALT_VARIABLE",
    "frames_salt",
    "hashed",
    "project_salt",
    "pseudonym",
    "use_salt",
]

SALT_VARIABLE = "CPC_SALT"
SALT_FILE = ".cpc-salt"
_ON_ENGINE = "cpc_salt"
_OWN_ONLY = stat.S_IRUSR | stat.S_IWUSR


def project_salt(folder: Path) -> str:
    """The salt of a project: the variable ``CPC_SALT``, else the file ``.cpc-salt``, made on first use.

    Raises
    ------
    InvalidInputError
        If there is neither and the file cannot be written.

    Notes
    -----
    Who holds the salt can tell whether a given customer is in the data: keep the file out of version control. Only its
    owner may read it, also where it came with other rights. With another salt every pseudonym is another.
    """
    if salt := os.environ.get(SALT_VARIABLE):
        return salt
    path = folder / SALT_FILE
    if path.is_file() and (salt := path.read_text(encoding="utf-8").strip()):
        _keep_to_owner(path)
        return salt
    salt = secrets.token_hex(32)
    try:
        # No folder is made for it: one that is not there is a mistake.
        folder.stat()
        write_file(path, salt + "\n")
        _keep_to_owner(path)
    except (InvalidInputError, OSError):
        raise InvalidInputError(
            f"`{SALT_FILE}` cannot be written in {folder}, and {SALT_VARIABLE} is not set. "
            f"Set {SALT_VARIABLE} to a secret text, so that customer identifiers can be hashed."
        ) from None
    return salt


def _keep_to_owner(path: Path) -> None:
    """Take the rights on a file from all but its owner; one of another owner is left as it is."""
    try:
        if stat.S_IMODE(path.stat().st_mode) & ~_OWN_ONLY:
            path.chmod(_OWN_ONLY)
    except PermissionError:
        return


@cache
def _salt_of_process() -> str:
    return secrets.token_hex(32)


def frames_salt() -> str:
    """The salt of data that no project holds: ``CPC_SALT``, else one that lasts as long as this process."""
    return os.environ.get(SALT_VARIABLE) or _salt_of_process()


def use_salt(engine: Engine, salt: str) -> None:
    """Give the engine a salt, which `hashed` uses; it is never part of a query's text."""
    connection: Any = engine.connection.con
    connection.execute(f"SET VARIABLE {_ON_ENGINE} = (SELECT ?)", [salt])


@ibis.udf.scalar.builtin(name="getvariable", signature=((dt.String(),), dt.String()))
def _variable(setting):  # type: ignore[no-untyped-def]
    """A variable of the engine's session."""


@ibis.udf.scalar.builtin(name="sha256", signature=((dt.String(),), dt.String()))
def _sha256(text):  # type: ignore[no-untyped-def]
    """SHA-256 as hexadecimal text."""


def hashed(text: ibis.Value) -> ibis.Value:
    """The pseudonyms of identifiers: 16 hexadecimal characters of SHA-256 over salt and text."""
    return _sha256(_variable(_ON_ENGINE) + text)[:16]


def pseudonym(text: str, salt: str) -> str:
    """The pseudonym that `hashed` gives a text, worked out here.

    Examples
    --------
    >>> pseudonym("ida@example.com", "salt")
    '69d7ec483ac89ce8'
    """
    return sha256((salt + text).encode()).hexdigest()[:16]
