"""Where source files are: patterns and environment variables to paths, compressed files to their parts."""

from __future__ import annotations

import glob
import os
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from cpc_analysis.errors import (
    InvalidInputError,
    MissingFileError,
    UnreadableFileError,
    listed,
    not_one_of,
)

__all__ = [
    "BROKEN",
    "FORMATS",
    "Part",
    "expand_variables",
    "find_files",
    "format_of",
    "named_apart",
    "parts_of",
    "unreadable",
]

#: The file formats by name, each with the endings that mean it.
FORMATS = {
    "csv": (".csv", ".txt"),
    "tsv": (".tsv", ".tab"),
    "excel": (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"),
    "parquet": (".parquet", ".pq"),
    "jsonl": (".jsonl", ".ndjson"),
    "json": (".json",),
}

#: What a stream raises that breaks off or was never what its ending says.
BROKEN = (OSError, EOFError, zipfile.BadZipFile, zlib.error)

_VARIABLE = re.compile(r"\$\{(\w+)(?::-([^}]*))?\}")


@dataclass(frozen=True)
class Part:
    """One readable stream: a file, a gzip file unpacked, or a member of a zip file.

    `folders` is how many of its folders its name needs to differ from the others'.
    """

    path: Path
    member: str | None = None
    folders: int = 0

    @property
    def name(self) -> str:
        """What its user knows it by: the file's name, with the member's where the file is a zip."""
        name = "/".join(self.path.parts[-1 - self.folders :])
        return f"{name}/{self.member}" if self.member else name

    def open(self) -> IO[bytes]:
        """The unpacked bytes, as a stream."""
        import pyarrow as pa

        if self.member:
            return zipfile.ZipFile(self.path).open(self.member)
        stream: Any = pa.input_stream(str(self.path), compression=_compression(self.path))
        return stream  # type: ignore[no-any-return]


def _compression(path: Path) -> str | None:
    return "gzip" if path.suffix.lower() == ".gz" else None


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
        full = folder / Path(expand_variables(pattern)).expanduser()
        matches = [full] if full.is_file() else [Path(name) for name in glob.glob(str(full), recursive=True)]
        files = [path for path in matches if path.is_file()]
        if not files:
            raise _missing(pattern, full)
        found.update(files)
    return tuple(sorted(found))


def _missing(pattern: str, full: Path) -> MissingFileError:
    folder = full.parent
    while glob.has_magic(str(folder)):
        folder = folder.parent
    if not folder.is_dir():
        return MissingFileError(f"No file matches '{pattern}': there is no folder {folder}.")
    there = sorted(path.name for path in folder.iterdir() if path.is_file())
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


def parts_of(path: Path) -> Iterator[Part]:
    """The streams of a file: its members when it is a zip, else itself.

    Raises
    ------
    UnreadableFileError
        If the file is empty, or a zip that cannot be opened.
    """
    if path.stat().st_size == 0:
        raise UnreadableFileError(f"`{path.name}` is empty: it has no bytes. Export it again.")
    if path.suffix.lower() != ".zip":
        yield Part(path)
        return
    try:
        with zipfile.ZipFile(path) as archive:
            members = sorted(info.filename for info in archive.infolist() if not info.is_dir())
    except (zipfile.BadZipFile, OSError) as error:
        raise UnreadableFileError(f"`{path.name}` is not a whole zip file ({error}). Copy it again.") from None
    for member in members:
        yield Part(path, member)


def named_apart(parts: Iterable[Part]) -> list[Part]:
    """The parts, named with as many of their folders as it takes to tell them apart."""
    parts = list(parts)
    folders = 0
    while len({part.name for part in parts}) < len(parts):
        folders += 1
        parts = [replace(part, folders=folders) for part in parts]
    return parts


def unreadable(part: Part, error: Exception) -> UnreadableFileError:
    """The error for a stream that breaks off or is not what its ending says."""
    if part.path.suffix.lower() == ".gz" and "runcated" in str(error):
        return UnreadableFileError(f"`{part.name}` is truncated: its gzip data ends early. Copy or export it again.")
    kind = {".gz": "a whole gzip file", ".zip": "a whole member of its zip file"}
    what = kind.get(part.path.suffix.lower(), "readable")
    return UnreadableFileError(f"`{part.name}` is not {what} ({error}). Copy or export it again.")
