"""Files are written whole or not at all: to a name beside their own, which they take when nothing is missing."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cpc_analysis.errors import CpcError, InvalidInputError

__all__ = ["replaced", "write_file"]


def write_file(path: str | Path, content: bytes | str) -> Path:
    """The path of a written file, whose folder is made where it is not there.

    A reader never sees half of it, and where it cannot be written an earlier file stays as it was.

    Parameters
    ----------
    path : str or Path
        Where to write. A link is followed; what is no file, such as ``/dev/stdout``, is written to as it is.
    content : bytes or str
        All of the file; text is written as UTF-8, its lines ended as they are.

    Raises
    ------
    InvalidInputError
        If the file cannot be written, such as on a full disk.

    Examples
    --------
    >>> import tempfile
    >>> write_file(Path(tempfile.mkdtemp()) / "new" / "figures.csv", "a,b").read_text()
    'a,b'
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    with replaced(path) as temporary, temporary.open("wb") as stream:
        stream.write(data)
        stream.flush()
        if stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            # Some file systems find out only here that they are full.
            os.fsync(stream.fileno())
    return Path(path)


@contextmanager
def replaced(path: str | Path) -> Iterator[Path]:
    """A name beside a path to write to: the path has it when all went well, and else nothing of it is left.

    Parameters
    ----------
    path : str or Path
        The file to make or to replace.

    Raises
    ------
    InvalidInputError
        If the file cannot be written, or nothing was written to the name.
    """
    # Neither a pipe nor a device can be replaced.
    is_replaced = not os.path.exists(path) or os.path.isfile(path)
    target = Path(os.path.realpath(path)) if is_replaced else Path(path)
    temporary = target.with_name(f".{target.name[:100]}.{secrets.token_hex(4)}.part") if is_replaced else target
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        if is_replaced:
            os.replace(temporary, target)
    except CpcError:
        raise
    except OSError as error:
        raise InvalidInputError(f"{path} cannot be written: {error.strerror or error}.") from None
    finally:
        if is_replaced:
            with suppress(OSError):
                temporary.unlink()
