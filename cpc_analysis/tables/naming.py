"""Names of columns of the user's own, held where none of ours can be: whatever one is called, it meets no other."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd

__all__ = ["as_given", "given_names", "held", "held_names", "is_held"]

#: What begins the name of every column of the user's own; no canonical or internal name does.
_MARK = "·"
#: Engines take upper and lower case for one, and cannot hold every character.
_CODED = re.compile(r"%([0-9a-f]+);")


def held(name: str) -> str:
    """The name under which a column of the user's own is held.

    Names that differ by case alone are held apart, and so are names that no file or engine could hold.

    Examples
    --------
    >>> held("region"), held("Region"), as_given(held("Region"))
    ('·region', '·%52;egion', 'Region')
    """
    whole = name.encode("utf-8", "replace").decode("utf-8")  # half of a surrogate pair is no character
    return _MARK + "".join(f"%{ord(one):x};" if _is_coded(one) else one for one in whole)


def _is_coded(character: str) -> bool:
    is_plain = character.isprintable() and character == character.lower() and character.lower() == character.casefold()
    return not is_plain or character in (_MARK, "%")


def is_held(name: str) -> bool:
    """Whether a name is that of a column of the user's own, as it is held."""
    return name.startswith(_MARK)


def as_given(name: str) -> str:
    """What the user calls a column, whether it is canonical or of the user's own."""
    return _CODED.sub(lambda match: chr(int(match[1], 16)), name[1:]) if is_held(name) else name


def given_names(frame: pd.DataFrame) -> pd.DataFrame:
    """A frame whose columns are called as the user calls them."""
    own = {name: as_given(name) for name in frame.columns if isinstance(name, str) and is_held(name)}
    if not own:
        return frame
    attrs = frame.attrs
    renamed = frame.rename(columns=own)
    renamed.attrs = attrs
    return renamed


def held_names(names: Iterable[str], canonical: Iterable[str]) -> list[str]:
    """The names under which the columns of a table are held: canonical ones as they are."""
    known = set(canonical)
    return [name if name in known else held(name) for name in names]
