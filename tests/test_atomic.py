"""Files are written whole or not at all, and by one function."""

from __future__ import annotations

import ast
import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cpc_analysis
from cpc_analysis.atomic import replaced, write_file
from cpc_analysis.errors import InvalidInputError

PACKAGE = Path(cpc_analysis.__file__).parent
#: What writes files, whatever it is called on; and all of a module that copies and moves them.
WRITERS = {"write_text", "write_bytes", "to_csv", "to_parquet", "to_excel", "to_pickle", "to_feather", "save",
           "savefig", "write_table", "mkstemp", "NamedTemporaryFile", "fdopen"}  # fmt: skip
COPIER, HARMLESS = "shutil", {"which"}
ALLOWED = {
    # Each writes into memory, or to a name of `replaced`.
    ("exports/delimited.py", "to_csv"), ("sources/sample_centre/centre.py", "to_csv"),
    ("sources/sample_centre/centre.py", "write_table"), ("exports/slides.py", "save"),
}  # fmt: skip


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """No file may become larger, as if a disk were full."""
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@given(content=st.one_of(st.binary(), st.text(st.characters(exclude_categories=["Cs"]))))
def test_what_was_written_is_read(tmp_path_factory: pytest.TempPathFactory, content: bytes | str) -> None:
    folder = tmp_path_factory.mktemp("any")
    assert write_file(folder / "deep" / "file.bin", content) == folder / "deep" / "file.bin"
    written = (folder / "deep" / "file.bin").read_bytes()
    assert written == (content if isinstance(content, bytes) else content.encode())
    assert names(folder / "deep") == ["file.bin"]


def test_a_full_disk_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = write_file(tmp_path / "page.html", "old")
    with room_for(1000), pytest.raises(InvalidInputError) as full:
        write_file(path, "n" * 5000)
    assert str(full.value) == f"{path} cannot be written: {os.strerror(errno.EFBIG)}."
    assert path.read_text("utf-8") == "old" and names(tmp_path) == ["page.html"]


def test_a_file_system_without_room_leaves_the_old_file(tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(small)]
    if sys.platform != "linux" or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("a file system of its own cannot be mounted here")
    try:
        path = write_file(small / "page.html", "old")
        with pytest.raises(InvalidInputError) as full:
            write_file(path, "n" * 100_000)
        assert str(full.value) == f"{path} cannot be written: {os.strerror(errno.ENOSPC)}."
        assert path.read_text("utf-8") == "old" and names(small) == ["page.html"]
    finally:
        subprocess.run(["umount", str(small)], check=True)


def test_what_is_stopped_by_hand_leaves_the_old_file(tmp_path: Path) -> None:
    path = write_file(tmp_path / "page.html", "old")

    def stopped() -> None:
        with replaced(path) as temporary:
            temporary.write_text("half", encoding="utf-8")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    assert path.read_text("utf-8") == "old" and names(tmp_path) == ["page.html"]


def test_a_reader_sees_the_old_file_until_the_new_one_is_whole(tmp_path: Path) -> None:
    path = write_file(tmp_path / "page.html", "old")
    with replaced(path) as temporary:
        temporary.write_text("new", encoding="utf-8")
        assert path.read_text("utf-8") == "old"
        assert temporary.parent == path.parent
    assert path.read_text("utf-8") == "new"


def test_what_nothing_was_written_to_is_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match=r"page\.html cannot be written: "), replaced(tmp_path / "page.html"):
        pass


def test_a_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    write_file(tmp_path / "taken", "")
    with pytest.raises(InvalidInputError, match=r"taken.page\.html cannot be written: "):
        write_file(tmp_path / "taken" / "page.html", "")


@pytest.mark.skipif(os.name != "posix", reason="links and pipes as POSIX has them")
def test_links_are_followed_and_pipes_written_to(tmp_path: Path) -> None:
    write_file(tmp_path / "real.csv", "old")
    (tmp_path / "link.csv").symlink_to(tmp_path / "real.csv")
    write_file(tmp_path / "link.csv", "new")
    assert (tmp_path / "real.csv").read_text("utf-8") == "new" and (tmp_path / "link.csv").is_symlink()
    code = "from cpc_analysis.atomic import write_file; write_file('/dev/stdout', 'piped')"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "piped"


def writes_of(source: str) -> set[str]:
    """The calls in a module that may open a file for writing."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        owner = getattr(getattr(node.func, "value", None), "id", "")
        modes = [word.value for word in node.keywords if word.arg == "mode"] + node.args
        values = [mode.value for mode in modes if isinstance(mode, ast.Constant) and isinstance(mode.value, str)]
        copies = owner == COPIER and name not in HARMLESS
        if copies or name in WRITERS or (name == "open" and any(set("wax+") & set(value) for value in values[:2])):
            found.add(name)
    return found


def test_only_one_module_opens_files_for_writing() -> None:
    found = {
        (path.relative_to(PACKAGE).as_posix(), name)
        for path in PACKAGE.rglob("*.py")
        for name in writes_of(path.read_text(encoding="utf-8"))
    }
    assert found == {("atomic.py", "open"), *ALLOWED}


def test_the_search_finds_what_opens_a_file_for_writing() -> None:
    assert writes_of("open(path, 'w')\npath.open('rb')\nopen(path, mode='a')") == {"open"}
    assert writes_of("path.write_text(text)\nshutil.copy(a, b)") == {"write_text", "copy"}
    assert writes_of("with path.open() as stream: stream.read()") == set()
