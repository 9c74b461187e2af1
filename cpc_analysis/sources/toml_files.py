"""TOML files, in which projects and mappings are written."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from cpc_analysis.errors import UnreadableFileError
from cpc_analysis.sources.parts import reading

__all__ = ["read_toml"]

#: A backslash in double quotes that begins no character of TOML, as in a path of Windows.
_BACKSLASH = re.compile(r'(?<!")"(?!"")(?:[^"\\\n]|\\.)*?\\(?![btnfr"\\]|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})')


def read_toml(path: Path) -> dict[str, Any]:
    """The tables of a TOML file.

    Raises
    ------
    UnreadableFileError
        If it is not TOML in UTF-8; the message holds line and column.
    """
    with reading(path.name):
        written = path.read_bytes()
    try:
        text = written.decode("utf-8-sig")
        return tomllib.loads(text)
    except UnicodeDecodeError:
        raise UnreadableFileError(f"`{path.name}` is not saved as UTF-8. Save it as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        found = _BACKSLASH.search(text)
        hint = ""
        if found:
            line = text.count("\n", 0, found.start()) + 1
            hint = (
                f" Line {line} has a backslash in double quotes: write a path in single quotes, such as "
                "'C:\\data\\calls.csv', or with forward slashes."
            )
        raise UnreadableFileError(f"`{path.name}` is not valid TOML: {error}.{hint}") from None
