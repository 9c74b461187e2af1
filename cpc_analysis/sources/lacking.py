"""Columns that some files of a source have and others lack: where that is fine, and where it is an error."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from cpc_analysis.errors import InvalidInputError
from cpc_analysis.sources.mapping import Mapping
from cpc_analysis.sources.source_table import SourceTable

__all__ = ["check_columns", "check_lacking"]


def check_lacking(mapping: Mapping, source: SourceTable) -> None:
    """Refuse files without a column that a required one is read from, or that tells rows apart.

    Any other column is missing in the rows of a file that does not have it.

    Parameters
    ----------
    mapping : Mapping
        What is read.
    source : SourceTable
        The files.

    Raises
    ------
    InvalidInputError
        Naming the file and the column.
    """
    for name, field in mapping.columns.items():
        if mapping.table.column(name).required and field.fallback is None and field.default is None:
            paths = [path for one in (field, *field.parts) for path in (one.path, one.date, one.time) if path]
            check_columns(field.place, source, paths)
    if mapping.dedupe is not None:
        check_columns(f"{mapping.place}, `dedupe`", source, mapping.dedupe.key)
    columns = {path for field in mapping.columns.values() for path in (field.path, field.date, field.time) if path}
    for name in sorted(columns):
        _check_renamed(mapping, source, name, columns)


def check_columns(place: str, source: SourceTable, paths: Sequence[str]) -> None:
    """Refuse files of a source that lack one of some columns.

    Parameters
    ----------
    place : str
        What reads them, for messages.
    source : SourceTable
        The files.
    paths : sequence of str
        The columns.

    Raises
    ------
    InvalidInputError
        Naming the first such file and the column.
    """
    for path in paths:
        if files := source.lacking.get(path):
            number = f" and {len(files) - 1} more files" if len(files) > 1 else ""
            raise InvalidInputError(
                f"{place}: `{files[0]}`{number} must have the column '{path}', as other files of the source do. "
                "Export it again, or make two sources of them."
            )


def _check_renamed(mapping: Mapping, source: SourceTable, name: str, columns: set[str]) -> None:
    """Refuse files in which a column that is read has all but the same name: they would be read without it."""
    for other, without in source.lacking.items():
        files = [file for file in source.lacking.get(name, ()) if file not in without]
        if files and other not in columns and SequenceMatcher(None, name.lower(), other.lower()).ratio() > 0.85:
            raise InvalidInputError(
                f"{mapping.place}: `{files[0]}` has the column '{other}' where other files have '{name}'. "
                "Name it alike, or make two sources of them, each with its own mapping."
            )
