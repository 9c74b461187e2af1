"""Headers: the names of columns as a file has them, judged by the lines below, so that it is known what to state."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import mode

from cpc_analysis.errors import InvalidInputError, UnreadableFileError

__all__ = ["check_header", "check_names", "filled", "named"]


def named(names: Sequence[str]) -> tuple[str, ...]:
    """The names of columns; one without a name is called by its position.

    Examples
    --------
    >>> named(["id", " name ", ""])
    ('id', 'name', 'column_3')
    """
    # A second byte-order mark and spaces of no width come with files that were put together or pasted.
    plain = (name.strip().strip("\ufeff\u200b").strip() for name in names)
    return tuple(name or f"column_{number}" for number, name in enumerate(plain, 1))


def filled(row: Sequence[str]) -> int:
    """How many fields of a row there are up to the last that is not empty.

    Examples
    --------
    >>> filled(["7", "", "x", "", " "])
    3
    """
    return next((number for number in range(len(row), 0, -1) if row[number - 1].strip()), 0)


def check_header(
    file: str, names: Sequence[str], line: int, below: Sequence[tuple[int, Sequence[str]]], word: str, is_fixed: bool
) -> None:
    """Refuse a line that does not name the columns of the lines below, saying which one to state.

    Parameters
    ----------
    file : str
        For messages.
    names : sequence of str
        The fields of the line.
    line : int
        Its number.
    below : sequence of (int, sequence of str)
        Some of the lines that come after it: number and fields.
    word : str
        What a line is called there, ``line`` or ``row``.
    is_fixed : bool
        Whether a line with more fields than names is none at all, as in delimited text.

    Raises
    ------
    UnreadableFileError
        If neither the line nor one below holds anything.
    InvalidInputError
        If it names too few columns.
    """
    count = sum(1 for name in names if name.strip())
    widths = [filled(row) for _, row in below if filled(row)]
    if not count and not widths:
        raise UnreadableFileError(f"`{file}` is empty: it has no header in {word} {line}. Export it again.")
    usual = mode(widths) if widths else 0
    if not (2 * count <= usual or (is_fixed and len(names) < usual)):
        return
    first = next(number for number, row in below if filled(row) >= usual)
    raise InvalidInputError(
        f"`{file}` names {count} of {usual} columns in {word} {line}. "
        f"Where {word} {first} names them, state header = {first}; else name each of them."
    )


def check_names(file: str, names: Sequence[str], row: Sequence[str]) -> None:
    """Refuse stated names that are not as many as the fields of a row.

    Raises
    ------
    InvalidInputError
        If they are not.
    """
    most = filled(row)
    if not most or most <= len(names) <= len(row):
        return
    found = most if most > len(names) else len(row)
    raise InvalidInputError(
        f"`{file}` must have as many columns as `names` states, {len(names)}, got {found}. Mend `names`."
    )
