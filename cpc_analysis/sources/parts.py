"""The streams of source files: a file, a gzip file unpacked, the members of a zip; what breaks one names its file."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

import duckdb
import ibis.common.exceptions
import pyarrow as pa

from cpc_analysis.errors import CpcError, UnreadableFileError
from cpc_analysis.identifiers import mask_identifiers

__all__ = ["BROKEN", "Part", "check_unpacked", "is_no_data", "named_apart", "parts_of", "reading", "unreadable"]

#: What is no data beside data: lock files of office programs, and what operating systems leave in folders.
_NO_DATA_BEGINS = ("~$", "._", ".~lock.")
_NO_DATA_NAMES = (".ds_store", "thumbs.db", "desktop.ini")
#: No export unpacks to more than this many times its size; a bomb does.
_MOST_TIMES = 200
_ALWAYS_FINE = 100_000_000

#: What a stream or an engine raises that breaks off or was never what its ending says; memory that runs out is not.
BROKEN = (
    OSError, EOFError, UnicodeError, RecursionError, NotImplementedError, csv.Error, zipfile.BadZipFile, zlib.error,
    pa.ArrowException, duckdb.Error, ibis.common.exceptions.IbisError,
)  # fmt: skip


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
        name = f"{name}/{self.member}" if self.member else name
        # A name that is not UTF-8 on disk could neither be shown nor kept on the engine; two of them stay two.
        return name.encode("utf-8", "backslashreplace").decode("utf-8")

    @property
    def is_gzip(self) -> bool:
        """Whether the file is packed by gzip."""
        return self.path.suffix.lower() == ".gz"

    def open(self) -> IO[bytes]:
        """The unpacked bytes, as a stream."""
        if self.member:
            return zipfile.ZipFile(self.path).open(self.member)
        if not self.is_gzip:
            return self.path.open("rb")
        packed: Any = pa.input_stream(str(self.path), compression="gzip")
        return io.BufferedReader(_Bounded(packed, self), 1 << 20)

    def begins(self) -> bytes:
        """The first bytes, unpacked."""
        with self.open() as stream:
            return stream.read(512)


class _Bounded(io.RawIOBase):
    """A stream that ends in an error where it unpacks to far more than any export does."""

    def __init__(self, packed: IO[bytes], part: Part) -> None:
        self.packed, self.part, self.given = packed, part, 0
        self.size = part.path.stat().st_size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        found = self.packed.read(len(buffer))
        self.given += len(found)
        _check_ratio(self.part.name, self.given, self.size)
        buffer[: len(found)] = found
        return len(found)

    def close(self) -> None:
        self.packed.close()
        super().close()


def is_no_data(name: str) -> bool:
    """Whether a file is a lock file or what an operating system leaves behind.

    Examples
    --------
    >>> [is_no_data(name) for name in ("~$calls.xlsx", "__MACOSX/._calls.csv", "Thumbs.db", "calls.csv")]
    [True, True, True, False]
    """
    *folders, last = name.replace("\\", "/").split("/")
    return "__MACOSX" in folders or last.startswith(_NO_DATA_BEGINS) or last.lower() in _NO_DATA_NAMES


def parts_of(path: Path) -> Iterator[Part]:
    """The streams of a file: its members when it is a zip, else itself.

    Raises
    ------
    UnreadableFileError
        If the file is empty, or a zip that cannot be opened or is none of data.
    """
    with reading(path.name):
        if path.stat().st_size == 0:
            raise UnreadableFileError(f"`{path.name}` is empty: it has no bytes. Export it again.")
    if path.suffix.lower() != ".zip":
        yield Part(path)
        return
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError) as error:
        raise UnreadableFileError(f"`{path.name}` is not a whole zip file ({error}). Copy it again.") from None
    members = [member for member in members if not (member.is_dir() or is_no_data(member.filename))]
    if not members:
        raise UnreadableFileError(f"`{path.name}` holds no files. Pack it again, with the files.")
    _check_named_once(path.name, members)
    for member in sorted(members, key=lambda member: member.filename):
        part = Part(path, member.filename)
        _check_member(part, member)
        yield part


def _check_named_once(name: str, members: list[zipfile.ZipInfo]) -> None:
    """Refuse a zip file with two members of one name: only the last of them could be opened."""
    counts = Counter(member.filename for member in members)
    member, times = counts.most_common(1)[0]
    if times > 1:
        raise UnreadableFileError(
            f"`{name}` holds {times} files named `{member}`, of which only one could be read. "
            "Pack it again, each under a name of its own."
        )


def _check_member(part: Part, member: zipfile.ZipInfo) -> None:
    if member.flag_bits & 1:
        raise UnreadableFileError(f"`{part.name}` is locked by a password. Unpack it, or pack it without one.")
    if member.filename.lower().endswith((".zip", ".7z", ".rar", ".tar")):
        raise UnreadableFileError(f"`{part.name}` is packed twice, a file of files inside of one. Unpack it once.")
    if member.file_size == 0:
        raise UnreadableFileError(f"`{part.name}` is empty: it has no bytes. Export it again.")
    _check_ratio(part.name, member.file_size, member.compress_size)


def check_unpacked(name: str, archive: zipfile.ZipFile) -> None:
    """Refuse a workbook whose parts unpack to far more than any workbook does.

    Raises
    ------
    UnreadableFileError
        Naming the file.
    """
    for member in archive.infolist():
        _check_ratio(name, member.file_size, member.compress_size)


def _check_ratio(name: str, unpacked: int, packed: int) -> None:
    if unpacked > _ALWAYS_FINE and unpacked > _MOST_TIMES * packed:
        raise UnreadableFileError(
            f"`{name}` unpacks to more than {_MOST_TIMES} times its size, which no export does. "
            "Unpack it yourself if it is what you expect."
        )


def named_apart(parts: Iterable[Part]) -> list[Part]:
    """The parts, named with as many of their folders as it takes to tell them apart."""
    # The same part twice could not be told apart by any number of folders.
    parts = list(dict.fromkeys(parts))
    folders = 0
    while len({part.name for part in parts}) < len(parts):
        folders += 1
        parts = [replace(part, folders=folders) for part in parts]
    return parts


@contextmanager
def reading(name: str) -> Iterator[None]:
    """Whatever the system or an engine raises while a file is read, as an error that names the file.

    Parameters
    ----------
    name : str
        What its user knows the file by.

    Raises
    ------
    UnreadableFileError
        Instead of what was raised.
    """
    try:
        yield
    except CpcError:
        raise
    except BROKEN as error:
        raise unreadable(name, error) from None


def unreadable(name: str, error: Exception) -> UnreadableFileError:
    """The error for a file that breaks off, may not be opened or is not what its ending says.

    Examples
    --------
    >>> print(unreadable("calls.csv", PermissionError(13, "Permission denied")))
    `calls.csv` cannot be opened (Permission denied). Close it elsewhere, or ask for the right to read it.
    """
    if isinstance(error, PermissionError):
        return UnreadableFileError(
            f"`{name}` cannot be opened ({error.strerror}). Close it elsewhere, or ask for the right to read it."
        )
    if isinstance(error, RecursionError):
        return UnreadableFileError(f"`{name}` is nested too deeply to be read. Export it again, flatter.")
    first = (str(error).strip().splitlines() or [type(error).__name__])[0]
    lower = name.lower()
    if ".gz" in lower and "runcated" in first:
        return UnreadableFileError(f"`{name}` is truncated: its gzip data ends early. Copy or export it again.")
    kinds = {".gz": "is not a whole gzip file", ".zip/": "is not a whole member of its zip file"}
    what = next((words for ending, words in kinds.items() if ending in lower), "cannot be read")
    # What an engine says of a value may hold the value.
    return UnreadableFileError(f"`{name}` {what} ({mask_identifiers(first[:300])}). Copy or export it again.")
