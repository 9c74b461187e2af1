"""The rows of some files as one table on the engine, and how the columns of several files go together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cpc_analysis.errors import listed

if TYPE_CHECKING:
    import ibis
    import pandas as pd

__all__ = ["SourceTable", "UnitedColumns"]


@dataclass(frozen=True)
class SourceTable:
    """The rows of some files as one table on the engine.

    Parameters
    ----------
    name : str
        The file's name, for messages; the first one's when there are several.
    table : ibis.Table
        The columns under plain names, and the provenance: `_file` (name) and `_row` (line or record number as
        an editor shows it; the header is 1).
    columns : dict of str to str
        The column's name in the file to its name in `table`.
    read : dict of str to int
        Records in each file, those set aside included.
    quarantine : pandas.DataFrame
        Records that could not be read at all.
    is_json : bool
        Whether the one column holds JSON records.
    is_copied : bool
        Whether the rows were copied onto the engine; Parquet files are read where they lie.
    lacking : dict of str to tuple of str
        The files that do not have a column which others have; it is missing in their rows.
    doubled : dict of str to str
        The first file that has several columns of a name; none of them is in `columns`.
    """

    name: str
    table: ibis.Table
    columns: dict[str, str]
    read: dict[str, int]
    quarantine: pd.DataFrame = field(repr=False)
    is_json: bool = False
    is_copied: bool = True
    lacking: dict[str, tuple[str, ...]] = field(default_factory=dict)
    doubled: dict[str, str] = field(default_factory=dict)

    @property
    def said(self) -> str:
        """The files, for messages."""
        return listed(self.read, 3)


class UnitedColumns:
    """The columns of several files: those of the first, and what further files have beside."""

    def __init__(self) -> None:
        self.places: dict[str, int] = {}
        self.doubled: dict[str, str] = {}
        self._of_files: dict[str, set[str]] = {}

    def add(self, file: str, names: Sequence[str]) -> tuple[dict[int, int], list[int]]:
        """Take up the columns of a file.

        Parameters
        ----------
        file : str
            Its name.
        names : sequence of str
            Its columns.

        Returns
        -------
        tuple of (dict of int to int, list of int)
            The place in the table of each column that the file names once, with its place in the file; and which
            places are new.
        """
        self._of_files[file] = set(names)
        times = Counter(names)
        places: dict[int, int] = {}
        new: list[int] = []
        for own, name in enumerate(names):
            if times[name] > 1:
                self.doubled.setdefault(name, file)
                continue
            if name not in self.places:
                self.places[name] = len(self.places)
                new.append(self.places[name])
            places[self.places[name]] = own
        return places, new

    @property
    def columns(self) -> dict[str, str]:
        """The columns that every file names at most once."""
        return {name: f"c{place}" for name, place in self.places.items() if name not in self.doubled}

    @property
    def lacking(self) -> dict[str, tuple[str, ...]]:
        """The files that do not have a column which others have."""
        found = {}
        for name in self.places:
            without = tuple(file for file, names in self._of_files.items() if name not in names)
            if without:
                found[name] = without
        return found
