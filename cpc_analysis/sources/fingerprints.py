"""What a dataset was read from: a digest of each file's content, and whether the files are still what they were."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cpc_analysis.atomic import write_file
from cpc_analysis.errors import InvalidInputError, MissingFileError, UnreadableFileError, listed

__all__ = ["DIGESTS", "InputFile", "changed_files", "check_unchanged", "fingerprint", "input_files"]

#: The environment variable that names a folder of digests known already: the reports of one run share it.
DIGESTS = "CPC_DIGESTS"
#: Hexadecimal digits of a fingerprint: with 48 bits, two versions of the files are never alike by chance.
_SHOWN = 12


@dataclass(frozen=True)
class InputFile:
    """A file as it was when it was read.

    Parameters
    ----------
    path : Path
        Where it lies.
    digest : str
        SHA-256 of its content.
    state : tuple of int
        What the file system says of it, which changes whenever its content does.
    """

    path: Path
    digest: str
    state: tuple[int, ...]


def input_files(paths: Iterable[Path]) -> tuple[InputFile, ...]:
    """The files as they are now: to be asked for before they are read.

    Parameters
    ----------
    paths : iterable of Path
        The files.

    Raises
    ------
    MissingFileError, UnreadableFileError
        If a file is gone, or cannot be read.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "costs.csv"
    >>> _ = path.write_text("line_id")
    >>> [file.digest[:6] for file in input_files([path])]
    ['c44b62']
    """
    found = []
    for path in paths:
        try:
            state = _state(path)
            found.append(InputFile(path, _digest(path, state), state))
        except FileNotFoundError:
            raise MissingFileError(f"`{path.name}` is gone from {path.parent}. Put it back and run again.") from None
        except OSError as error:
            raise UnreadableFileError(f"`{path.name}` cannot be read: {error.strerror or error}.") from None
    return tuple(found)


def fingerprint(files: Iterable[InputFile]) -> str:
    """A short text that is another one when the name or the content of any file is; empty without files.

    Parameters
    ----------
    files : iterable of InputFile
        In any order.
    """
    lines = sorted({f"{file.path.name} {file.digest}" for file in files})
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:_SHOWN] if lines else ""


def changed_files(files: Iterable[InputFile]) -> tuple[Path, ...]:
    """The files whose content is another one by now, or that are gone."""
    return tuple(file.path for file in files if not _is_same(file))


def check_unchanged(files: Iterable[InputFile]) -> None:
    """Raise where files changed since they were asked for, such as while they were read.

    Raises
    ------
    UnreadableFileError
        If any did.
    """
    if changed := changed_files(files):
        names = listed(f"`{path.name}`" for path in changed)
        raise UnreadableFileError(
            f"{names} changed or vanished while it was read, so that its rows may be half old and half new. "
            "Run again when its export is done."
        )


def _is_same(file: InputFile) -> bool:
    try:
        state = _state(file.path)
        # What was only touched has another state and the same content.
        return state == file.state or _digest(file.path, state) == file.digest
    except OSError:
        return False


def _state(path: Path) -> tuple[int, ...]:
    found = path.stat()
    return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def _digest(path: Path, state: tuple[int, ...]) -> str:
    """The digest of a file's content: one that a report of the same run worked out already, else worked out now."""
    folder = os.environ.get(DIGESTS)
    kept = Path(folder) / "-".join(map(str, state)) if folder else None
    if kept and kept.is_file():
        return kept.read_text(encoding="ascii")
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    if kept and _state(path) == state:
        _keep(kept, digest)
    return digest


def _keep(kept: Path, digest: str) -> None:
    try:
        write_file(kept, digest)
    except InvalidInputError:
        # A full disk costs the next report some time, nothing else.
        return
