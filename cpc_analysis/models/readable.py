"""Texts and tables as a notebook and a page show them: whole, and wrapped between words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import singledispatch

import pandas as pd

from cpc_analysis.language import in_its_language, number, say
from cpc_analysis.markup import paragraphs_html, table_html
from cpc_analysis.models.wording import key_in_words

__all__ = ["Paragraphs", "Table", "groups_of", "html_of", "paragraphs", "signed", "table_of", "whole_numbers"]


@dataclass(frozen=True)
class Paragraphs:
    """Texts below each other. Made by `paragraphs`."""

    texts: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join(self.texts)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        # Printed text would break inside words in JupyterLab.
        return paragraphs_html(self.texts)


@in_its_language
def paragraphs(*texts: object) -> Paragraphs:
    """Texts to show in a notebook, one below the other; empty ones are left out.

    Parameters
    ----------
    texts : object
        What to say, as `str` gives it: a policy in the language of the first of them, a text in the one it was made in.

    Examples
    --------
    >>> paragraphs("Cost per contact fell.", "", "No effect is out of the ordinary.")
    Cost per contact fell.
    No effect is out of the ordinary.
    """
    return Paragraphs(tuple(text for text in map(str, texts) if text))


class Table(pd.DataFrame):  # type: ignore[misc]  # pandas has no types
    """A frame of texts to read, which notebooks show with every row and every word. Made by `table_of`."""

    def _repr_html_(self) -> str:
        rows = ([name, *cells] for name, cells in zip(self.index, self.to_numpy(), strict=True))
        return table_html(list(self.columns), rows, set(self.attrs.get("words", ())), self.columns.name or "")


def table_of(
    columns: Mapping[str, Iterable[object]], index: Iterable[object], words: Iterable[str] = (), corner: str = ""
) -> Table:
    """A table to read.

    Parameters
    ----------
    columns : mapping of str to iterable
        The cells of each column, by its heading.
    index : iterable
        What each row is.
    words : iterable of str
        The columns of words rather than numbers: they stand to the left.
    corner : str
        What stands over the rows' names, such as a unit.

    Examples
    --------
    >>> table_of({"contacts": ["1,204"], "meaning": ["All costs over counted contacts."]}, ["own"], ["meaning"])
        contacts                           meaning
    own    1,204  All costs over counted contacts.
    """
    table = Table({name: list(cells) for name, cells in columns.items()}, index=list(index))
    table.attrs["words"] = tuple(words)
    table.columns.name = corner or None
    return table


@singledispatch
def html_of(result: object) -> str:
    """A result as notebooks show it; `models.displays` says how, for each kind of result."""
    raise TypeError(f"Nothing says how a {type(result).__name__} is shown.")


@in_its_language
def groups_of(frame: pd.DataFrame) -> list[str]:
    """The groups of a result in words, one per row; the whole where it has none.

    Examples
    --------
    >>> frame = pd.DataFrame({"channel": ["voice", None]})
    >>> frame.attrs["by"] = ["channel"]
    >>> groups_of(frame)
    ['voice', 'not allocated']
    """
    keys = list(frame.attrs.get("by", []))
    if not keys:
        return [say("all")] * len(frame)
    said = ([key_in_words(key, value) for value in frame[key]] for key in keys)
    return [", ".join(row) for row in zip(*said, strict=True)]


def whole_numbers(values: Iterable[float], digits: int = 0) -> list[str]:
    """Amounts and counts to read; a dash where one is not known.

    Examples
    --------
    >>> whole_numbers([1204.4, float("nan")])
    ['1,204', '-']
    """
    return [number(value, digits) for value in values]


def signed(value: float, digits: int = 2) -> str:
    """A change to read, with its sign unless it shows as nothing.

    Examples
    --------
    >>> signed(1.5), signed(-0.001), signed(float("nan"))
    ('+1.50', '0.00', '-')
    """
    return number(value, digits, signed=True)
