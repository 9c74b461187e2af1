"""What a dataset was read from: a digest of every file, and whether they are still the same."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cpc_analysis as cpc
from cpc_analysis.errors import MissingFileError, UnreadableFileError
from cpc_analysis.sources import fingerprints
from cpc_analysis.sources.fingerprints import DIGESTS, changed_files, check_unchanged, fingerprint, input_files
from tests import centres

PROJECT = """\
[project]
currency = "DKK"
timezone = "Europe/Copenhagen"

[tables.contacts]
files = "calls-*.csv"
mapping = "calls.toml"

[tables.costs]
files = "costs.csv"
"""
MAPPING = """\
[columns]
contact_id = "id"
started_at = "at"
channel = { const = "voice" }
direction = { const = "in" }
outcome = { const = "answered" }

[dimensions]
loan = "names.product"

[joins.names]
files = "names.csv"
on = "code"
key = "code"
"""
FILES = {
    "cpc.toml": PROJECT, "calls.toml": MAPPING, "names.csv": "code,product\n1,Loan\n",
    "calls-1.csv": "id,at,code\na,2025-04-01 10:00,1\n", "calls-2.csv": "id,at,code\nb,2025-04-02 10:00,1\n",
    "costs.csv": "line_id,posted_on,account,cost_type,amount\n1,2025-04-30,4000,salaries,100\n",
}  # fmt: skip


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_a_dataset_knows_every_file_that_it_was_read_from(project: Path) -> None:
    files = cpc.open_project(project).reading.files
    assert {file.path.name for file in files} == set(FILES)
    for file in files:
        assert file.digest == hashlib.sha256(file.path.read_bytes()).hexdigest()


def test_a_dataset_of_frames_was_read_from_none() -> None:
    data = centres.dataset(centres.contacts([{}]), centres.costs(("salaries", 1.0)))
    assert data.reading.files == () and fingerprint(data.reading.files) == ""


@pytest.mark.parametrize("name", FILES)
def test_another_content_of_any_file_is_another_fingerprint(project: Path, name: str) -> None:
    before = fingerprint(cpc.open_project(project).reading.files)
    assert fingerprint(cpc.open_project(project).reading.files) == before
    (project / name).write_text(f"{FILES[name]}\n", encoding="utf-8")
    assert fingerprint(cpc.open_project(project).reading.files) != before


def test_the_same_files_in_another_folder_have_the_same_fingerprint(project: Path, tmp_path: Path) -> None:
    here = fingerprint(input_files([project / "costs.csv", project / "names.csv"]))
    moved = tmp_path / "moved"
    moved.mkdir()
    for name in ("names.csv", "costs.csv"):
        (moved / name).write_text(FILES[name], encoding="utf-8")
    assert fingerprint(input_files([moved / "names.csv", moved / "costs.csv"])) == here


@given(contents=st.lists(st.binary(max_size=20), min_size=1, max_size=4), further=st.binary(min_size=1, max_size=5))
def test_a_change_is_found_and_a_touch_is_none(
    tmp_path_factory: pytest.TempPathFactory, contents: list[bytes], further: bytes
) -> None:
    folder = tmp_path_factory.mktemp("files")
    paths = [folder / f"{number}.csv" for number in range(len(contents))]
    for path, content in zip(paths, contents, strict=True):
        path.write_bytes(content)
    files = input_files(paths)
    os.utime(paths[0], ns=(1, 1))
    assert changed_files(files) == ()
    check_unchanged(files)
    paths[0].write_bytes(contents[0] + further)
    paths[-1].unlink()
    assert set(changed_files(files)) == {paths[0], paths[-1]}


def test_a_file_that_changes_while_it_is_read_is_refused(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from cpc_analysis.sources import project as reading

    read = reading.read_files

    def read_while_it_is_written(engine: object, paths: tuple[Path, ...], *arguments: object) -> object:
        found = read(engine, paths, *arguments)
        for path in paths:
            if path.name == "costs.csv":
                path.write_text(FILES["costs.csv"] + "2,2025-04-30,4000,salaries,50\n", encoding="utf-8")
        return found

    monkeypatch.setattr(reading, "read_files", read_while_it_is_written)
    with pytest.raises(UnreadableFileError) as changed:
        cpc.open_project(project)
    assert str(changed.value) == (
        "`costs.csv` changed or vanished while it was read, so that its rows may be half old and half new. "
        "Run again when its export is done."
    )


def test_a_file_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError) as missing:
        input_files([tmp_path / "calls.csv"])
    assert str(missing.value) == f"`calls.csv` is gone from {tmp_path}. Put it back and run again."
    with pytest.raises(UnreadableFileError, match=r"^`.+` cannot be read: .+\.$"):
        input_files([tmp_path])


def test_the_reports_of_a_run_read_a_file_once_for_its_digest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "calls.csv"
    path.write_text("a", encoding="utf-8")
    (tmp_path / "shared").mkdir()
    monkeypatch.setenv(DIGESTS, str(tmp_path / "shared"))
    first = input_files([path])
    digests: list[str] = []
    monkeypatch.setattr(fingerprints.hashlib, "file_digest", lambda stream, kind: digests.append(kind))
    assert input_files([path]) == first and digests == []
    path.write_text("b", encoding="utf-8")
    monkeypatch.undo()
    assert input_files([path])[0].digest == hashlib.sha256(b"b").hexdigest()


def test_the_sample_is_read_from_its_files(sample: cpc.Dataset) -> None:
    assert {"contacts.parquet", "costs.csv", "cpc.toml"} <= {file.path.name for file in sample.reading.files}
    assert isinstance(sample.quarantine, pd.DataFrame)
