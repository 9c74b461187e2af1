"""What `cpc run` prints and how it ends when notebooks fail, and when it is stopped by hand."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest

from ..reports.test_failures import is_running, said_on
from .conftest import Call


def add(project: Path, name: str, *sources: str) -> None:
    cells = [nbformat.v4.new_markdown_cell(f"# Report {name}")]
    cells += [nbformat.v4.new_code_cell(source) for source in sources]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), project / "notebooks" / f"{name}.ipynb")


def test_one_failure_of_all_is_told_and_ends_in_exit_code_1(call: Call, project: Path, tmp_path: Path) -> None:
    add(project, "dies", "import os\nos._exit(1)")
    output = tmp_path / "reports"
    result = call("run", "--all", "--project", project, "--output", output, "--run", "april")
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines[0].startswith("dies: Notebook 'dies' lost its kernel in cell 1: the process ended by itself with ")
    assert lines[1:] == ["tiny: A contact cost 10.00 in .", f"Reports: {output / 'april' / 'index.html'}"]
    assert result.stderr.startswith("Error: Notebook 'dies' lost its kernel")
    assert sorted(path.name for path in (output / "april").iterdir()) == [
        "dies.html", "dies.ipynb", "index.html", "tiny.html", "tiny.ipynb",
    ]  # fmt: skip


def test_a_notebook_that_never_ends_is_told_and_ends_in_exit_code_1(call: Call, project: Path) -> None:
    add(project, "never", "import time\ntime.sleep(60)")
    result = call("run", "never", "--project", project, "--run", "april", "--time-limit", "8")
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: Notebook 'never' was not done after 8 seconds and was ended in cell 1.")


def test_a_limit_that_is_no_time_is_refused(call: Call, project: Path) -> None:
    result = call("run", "tiny", "--project", project, "--time-limit", "-3")
    assert (result.exit_code, result.stderr) == (
        1, "Error: `time_limit` must be seconds, or 0 for any time, got -3.0.\n",
    )  # fmt: skip


def test_sections_that_are_left_out_are_told_and_are_no_failure(
    call: Call, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusing = "import cpc_analysis as cpc\nfrom cpc_analysis import models\ndata = models.open_data()\ndata"
    add(project, "parts", refusing, "cpc.measure(data, 'csat')")
    monkeypatch.chdir(project)
    result = call("run", "parts", "--output", tmp_path / "reports", "--run", "april")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[1] == "  Left out: `csat` needs the table `surveys`; the dataset has none."


@pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")
@pytest.mark.parametrize("sent", ["SIGINT", "SIGTERM"])
def test_a_run_stopped_by_hand_ends_at_once_and_keeps_what_was_done(project: Path, tmp_path: Path, sent: str) -> None:
    told = tmp_path / "pid"
    add(project, "a-quick", "print('Done.')")
    add(project, "waits", f"import os, time\nopen({str(told)!r}, 'w').write(str(os.getpid()))\ntime.sleep(60)")
    command = [sys.executable, "-c", "from cpc_analysis.cli import main; main()", "run", "a-quick", "waits",
               "--project", str(project), "--output", str(tmp_path / "out"), "--run", "april"]  # fmt: skip
    running = subprocess.Popen(
        command, start_new_session=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    folder = tmp_path / "out" / "april"
    try:
        wait_for(lambda: told.is_file() and told.read_text("utf-8") and (folder / "a-quick.ipynb").is_file())
        began = time.monotonic()
        os.killpg(running.pid, getattr(signal, sent))
        _, said = running.communicate(timeout=20)
    finally:
        running.kill()
    assert time.monotonic() - began < 10
    assert running.returncode == 130
    assert said == f"The run was stopped. What was done by then: {folder / 'index.html'}\n"
    assert not is_running(int(told.read_text("utf-8"))), "no kernel is left behind"
    assert sorted(path.name for path in folder.iterdir()) == ["a-quick.html", "a-quick.ipynb", "index.html"]
    index = said_on(folder / "index.html")
    assert "Report a-quick" in index and "Report waits" in index
    assert "Notebook 'waits' was not done when the run was stopped." in index


def wait_for(condition: object) -> None:
    began = time.monotonic()
    while not condition():  # type: ignore[operator]
        assert time.monotonic() - began < 60
        time.sleep(0.1)


def test_half_a_project_is_not_left_behind(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from cpc_analysis.cli import projects
    from cpc_analysis.errors import InvalidInputError

    write = projects.write_file
    written: list[Path] = []

    def until_the_disk_is_full(path: Path, content: bytes) -> Path:
        if len(written) == 4:
            raise InvalidInputError(f"{path} cannot be written: No space left on device.")
        written.append(path)
        return write(path, content)

    monkeypatch.setattr(projects, "write_file", until_the_disk_is_full)
    result = call("init", tmp_path / "new")
    assert result.exit_code == 1 and "cannot be written: No space left on device." in result.stderr
    assert [path for path in (tmp_path / "new").rglob("*") if path.is_file()] == []
    monkeypatch.undo()
    assert call("init", tmp_path / "new").exit_code == 0
