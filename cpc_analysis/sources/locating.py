"""Where source files are: patterns and environment variables to paths, and the format that an ending means."""

from __future__ import annotations

import glob
import os
import re
from pathlib import Path

from cpc_analysis.errors import InvalidInputError, MissingFileError, listed, not_one_of
from cpc_analysis.sources.parts import is_no_data, reading

__all__ = ["FORMATS", "expand_variables", "find_files", "format_of"]

#: The file formats by name, each with the endings that mean it.
FORMATS = {
    "csv": (".csv", ".txt"),
    "tsv": (".tsv", ".tab"),
    "excel": (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"),
    "parquet": (".parquet", ".pq"),
    "jsonl": (".jsonl", ".ndjson"),
    "json": (".json",),
}

_VARIABLE = re.compile(r"\$\{(\w+)(?::-([^}]*))?\}")


def expand_variables(text: str) -> str:
    """A text with environment variables filled in: ``${NAME}``, or ``${NAME:-other}`` with a stand-in.

    Raises
    ------
    InvalidInputError
        If a variable without a replacement is not set.

    Examples
    --------
    >>> expand_variables("${NO_SUCH_FOLDER:-../shared}/calls.csv")
    '../shared/calls.csv'
    """

    def value(match: re.Match[str]) -> str:
        found = os.environ.get(match[1]) or match[2]
        if found is None:
            raise InvalidInputError(
                f"`files` names the environment variable {match[1]}, which is not set. "
                f"Set it, or write ${{{match[1]}:-folder}} to name the folder without it."
            )
        return found

    return _VARIABLE.sub(value, text)


def find_files(patterns: str | list[str] | tuple[str, ...], folder: Path) -> tuple[Path, ...]:
    """The files that the patterns name, sorted, each once.

    Parameters
    ----------
    patterns : str or list of str
        Paths relative to `folder`, with ``*``, ``?`` and ``**``, and variables as `expand_variables` takes.
    folder : Path
        Where relative patterns start.

    Raises
    ------
    MissingFileError
        If a pattern matches no file.
    """
    found: set[Path] = set()
    for pattern in [patterns] if isinstance(patterns, str) else patterns:
        named = expand_variables(pattern)
        full = folder / (Path(named).expanduser() if named.startswith("~/") else Path(named))
        files = _matches(full, folder) or _matches(Path(str(full).replace("\\", "/")), folder)
        if not files:
            raise _missing(pattern, full)
        found.update(files)
    return tuple(sorted(found))


def _matches(full: Path, folder: Path) -> list[Path]:
    """The files of a pattern; the folder of the project is no pattern, whatever brackets its name has."""
    # Of a name that no file can have these say no, where those of `Path` raise.
    if os.path.isfile(full):
        return [full]
    whole = str(full)
    if full.is_relative_to(folder):
        whole = str(Path(glob.escape(str(folder))) / full.relative_to(folder))
    matches = [Path(name) for name in glob.glob(whole, recursive=True)]
    return [path for path in matches if os.path.isfile(path) and not is_no_data(path.name)]


def _missing(pattern: str, full: Path) -> MissingFileError:
    if any(character < " " for character in pattern):
        return MissingFileError(
            f"No file matches {pattern!r}: a backslash in double quotes made another character of it. "
            "Write the path in single quotes, or with forward slashes."
        )
    folder = full.parent
    while glob.has_magic(str(folder)):
        folder = folder.parent
    if not os.path.isdir(folder):
        return MissingFileError(f"No file matches '{pattern}': there is no folder {folder}.")
    with reading(str(folder)):
        there = sorted(path.name for path in folder.iterdir() if path.is_file() and not is_no_data(path.name))
    held = f"it holds {listed(there, 6)}" if there else "it holds no files"
    return MissingFileError(f"No file matches '{pattern}' in {folder}: {held}. Mend `files`, or put the file there.")


def format_of(path: Path | str, declared: str | None = None) -> str:
    """The format of a file: the declared one, else the one that its ending means.

    Raises
    ------
    InvalidInputError
        If the ending means no format, or the declared format is not one of `FORMATS`.

    Examples
    --------
    >>> format_of("calls-2025-04.csv.gz")
    'csv'
    """
    if declared is not None:
        if declared not in FORMATS:
            raise not_one_of("`format`", FORMATS, declared)
        return declared
    name = str(path).lower().removesuffix(".gz")
    for kind, endings in FORMATS.items():
        if name.endswith(endings):
            return kind
    raise InvalidInputError(
        f"The ending of `{Path(path).name}` means none of the formats {listed(FORMATS)}. State `format`."
    )
