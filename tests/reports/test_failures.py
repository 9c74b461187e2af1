"""One failure stays one failure: that report says so, the others and the index are written, `problem` tells."""

from __future__ import annotations

import errno
import os
import re
import signal
import sys
import threading
import time
from html import unescape
from pathlib import Path

import nbformat
import pytest

from cpc_analysis.errors import InvalidInputError
from cpc_analysis.reports import Report, run_notebooks
from cpc_analysis.reports.catalogue import read_notebook
from cpc_analysis.reports.index import write_index
from cpc_analysis.reports.running import TIME_LIMIT

from ..cli.conftest import PROJECT
from ..test_atomic import room_for
from .conftest import DRAWING, Write

GOOD = ('print("All is well.")', "answer")
CONTACTS = """\
contact_id,started_at,channel,direction,outcome,handle_seconds,contact_count,covers
1,2025-04-01 00:00:00,voice,in,answered,6000,60,month
"""
COSTS = "line_id,posted_on,account,cost_type,amount\n1,2025-04-30,4000,salaries,1200.00\n"
DATA = 'project: str = ""'
OPENS = "from pathlib import Path\nfrom cpc_analysis import measure, models\ndata = models.open_data(project)\ndata"
MEASURES = ("print(f\"{measure(data, 'cost_per_contact').iloc[0, 0]:.2f} DKK.\")", "answer")
CHANGES = "path = Path(project).with_name('contacts.csv')\n"

posix = pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "centre"
    folder.mkdir()
    for name, content in (("cpc.toml", PROJECT), ("contacts.csv", CONTACTS), ("costs.csv", COSTS)):
        (folder / name).write_text(content, encoding="utf-8")
    return folder


def run(tmp_path: Path, *paths: Path, **options: object) -> dict[str, Report]:
    reports = run_notebooks(paths, None, tmp_path / "out", run="june", **options)
    return {report.name: report for report in reports}


def said_on(path: Path | None) -> str:
    assert path is not None
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", path.read_text("utf-8"))).split())


def check_alone(reports: dict[str, Report], problem: str, failed: str = "bad") -> None:
    """The failed report, its page, its notebook and the index say why; the good report and the index are there."""
    assert re.fullmatch(problem, reports[failed].problem), reports[failed].problem
    assert reports["good"].problem == "" and "All is well." in said_on(reports["good"].page)
    index = said_on(reports["good"].index)
    assert reports[failed].problem in index and "All is well." in index
    page = said_on(reports[failed].page)
    assert "This report could not be made." in page and reports[failed].problem in page
    # A later index is made from what is on disk.
    again = said_on(write_index(reports["good"].folder))
    assert reports[failed].problem in again


LOST = (
    r"Notebook 'bad' lost its kernel in cell 3: the process {}\. When memory ran out, run fewer notebooks at a time or "
    r"state a `memory_limit` in \[project\] of the project file; else run it again\."
)


def test_a_kernel_that_dies_is_one_failure(write: Write, tmp_path: Path) -> None:
    bad = write("bad", ("print('begun')",), ("import os\nos._exit(3)",), ("1",))
    reports = run(tmp_path, bad, write("good", GOOD))
    check_alone(reports, LOST.format("ended by itself with code 3"))
    assert "begun" in str(read_notebook(reports["bad"].notebook).cells[2].outputs)


@posix
def test_a_kernel_that_is_killed_from_outside_is_one_failure(write: Write, tmp_path: Path) -> None:
    told = tmp_path / "pid"
    waits = f"import os, pathlib, time\npathlib.Path({str(told)!r}).write_text(str(os.getpid()))\ntime.sleep(60)"

    def kill() -> None:
        while not (told.is_file() and told.read_text("utf-8")):
            time.sleep(0.05)
        os.kill(int(told.read_text("utf-8")), signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    reports = run(tmp_path, write("bad", ("1",), (waits,)), write("good", GOOD))
    killer.join()
    check_alone(reports, LOST.format("was killed by signal 9"))


def test_a_notebook_that_never_ends_is_ended(write: Write, tmp_path: Path) -> None:
    child = "import subprocess, sys\nworker = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])"
    bad = write("bad", (f"{child}\nprint(worker.pid)",), ("while True:\n    pass",))
    began = time.monotonic()
    reports = run(tmp_path, bad, write("good", GOOD), time_limit=10)
    assert time.monotonic() - began < 30
    check_alone(
        reports,
        r"Notebook 'bad' was not done after 10 seconds and was ended in cell 3\. Find out what takes so long, or give "
        r"it more time: --time-limit, in Python `time_limit`\.",
    )
    if os.name == "posix":
        worker = int("".join(read_notebook(reports["bad"].notebook).cells[2].outputs[0].text))
        assert not is_running(worker), "what a kernel started ends with it"


def is_running(process: int) -> bool:
    status = Path(f"/proc/{process}/stat")
    if sys.platform == "linux":
        return status.is_file() and status.read_text("utf-8").rpartition(")")[2].split()[0] != "Z"
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("limit", [-1, float("nan"), float("inf")])
def test_a_limit_that_is_no_time_is_refused(write: Write, tmp_path: Path, limit: float) -> None:
    with pytest.raises(InvalidInputError) as refused:
        run(tmp_path, write("good", GOOD), time_limit=limit)
    assert str(refused.value) == f"`time_limit` must be seconds, or 0 for any time, got {limit}."
    assert TIME_LIMIT == 3600


def test_a_notebook_that_is_none_is_one_failure(write: Write, tmp_path: Path) -> None:
    bad = tmp_path / "bad.ipynb"
    bad.write_text("{", encoding="utf-8")
    reports = run(tmp_path, bad, write("good", GOOD))
    check_alone(reports, re.escape(f"{bad} is not a Jupyter notebook, whatever its ending says."))


def test_an_unreadable_notebook_of_an_earlier_run_is_no_obstacle_to_the_index(write: Write, tmp_path: Path) -> None:
    (tmp_path / "out" / "june").mkdir(parents=True)
    (tmp_path / "out" / "june" / "half.ipynb").write_text('{"cells": [', encoding="utf-8")
    index = said_on(run(tmp_path, write("good", GOOD))["good"].index)
    assert "half.ipynb is not a Jupyter notebook" in index and "All is well." in index


BIG = DRAWING.replace("<rect", f"<desc>{'x' * 60_000}</desc><rect", 1)


def test_on_a_full_disk_the_page_says_so_and_the_rest_is_whole(write: Write, tmp_path: Path) -> None:
    paths = write("bad", (BIG, "levels"), GOOD), write("good", GOOD)
    with room_for(20_000):
        reports = run(tmp_path, *paths)
    full = os.strerror(errno.EFBIG)
    check_folder = sorted(path.name for path in reports["good"].folder.iterdir())
    assert check_folder == ["bad.html", "good.html", "good.ipynb", "index.html"]
    assert reports["bad"].problem == f"{reports['bad'].folder / 'bad.html'} cannot be written: {full}."
    assert reports["bad"].problem in said_on(reports["bad"].page)
    assert reports["bad"].problem in said_on(reports["bad"].index)
    assert reports["good"].problem == ""


def test_where_not_even_the_index_fits_every_report_says_so(write: Write, tmp_path: Path) -> None:
    with room_for(1000):
        reports = run(tmp_path, write("good", GOOD))
    assert list(reports["good"].folder.iterdir()) == []
    assert reports["good"].problem.endswith(f"index.html cannot be written: {os.strerror(errno.EFBIG)}.")


def test_a_full_disk_leaves_what_an_earlier_run_made(write: Write, tmp_path: Path) -> None:
    run(tmp_path, write("bad", ('print("Of an earlier run.")', "answer")))
    folder = tmp_path / "out" / "june"
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.stem == "bad"}
    with room_for(1000):
        run(tmp_path, write("bad", ('print("New.")', "answer")))
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.stem == "bad"} == before


CHANGED = (
    "While notebook 'bad' ran, files that it reads changed or vanished: contacts.csv. Its figures may be half old and "
    "half new: run it again."
)


@pytest.mark.parametrize("change", ["path.write_text(path.read_text() + '\\n')", "path.unlink()"])
def test_a_file_that_changes_or_vanishes_while_a_report_is_made_is_told(
    write: Write, tmp_path: Path, project: Path, change: str
) -> None:
    bad = write("bad", (OPENS,), (CHANGES + change,), MEASURES, parameters=DATA)
    report = run(tmp_path, bad, project=project)["bad"]
    assert report.problem == CHANGED and report.answer == "20.00 DKK."
    page = said_on(report.page)
    assert "files that it reads changed or vanished: contacts.csv. Its figures may be half old and half new" in page
    assert "Changed or gone since they were read contacts.csv" in page
    assert CHANGED in said_on(report.index) and CHANGED in said_on(write_index(report.folder))


def test_a_file_that_is_gone_before_it_is_read_is_one_failure(write: Write, tmp_path: Path, project: Path) -> None:
    bad = write("bad", (f"from pathlib import Path\n{CHANGES}path.unlink()",), (OPENS,), parameters=DATA)
    reports = run(tmp_path, write("good", GOOD), bad, project=project)
    assert reports["bad"].problem.startswith("Notebook 'bad' stopped in cell 4. No file matches 'contacts.csv' in ")
    assert reports["bad"].refusal == "", "a file that is gone is no refusal, which a run of all may pass over"
    assert reports["good"].problem == "" and reports["bad"].problem in said_on(reports["bad"].page)


def test_reports_of_one_run_from_other_files_say_so(write: Write, tmp_path: Path, project: Path) -> None:
    first = write("first", (OPENS,), MEASURES, parameters=DATA)
    rewriting = f"from pathlib import Path\n{CHANGES}path.write_text(path.read_text().replace('60', '30'))"
    second = write("second", (rewriting,), (OPENS,), MEASURES, parameters=DATA)
    reports = run(tmp_path, first, second, project=project, workers=1)
    assert len({reports[name].fingerprint for name in ("first", "second")}) == 2
    for name, other in (("first", "second"), ("second", "first")):
        assert reports[name].problem == (
            f"The files of the data changed during the run: notebook '{name}' was made from another version of them "
            f"than {other}. Run them again for figures that agree."
        )
        page = said_on(reports[name].page)
        assert f"this report was made from another version of them than {other}." in page
        assert f"3 files with the fingerprint {reports[name].fingerprint}" in page
    index = said_on(reports["first"].index)
    assert "These reports were not all made from the same input files: their figures may not agree." in index
    assert f"input files {reports['second'].fingerprint}" in index


def test_reports_of_one_run_from_the_same_files_share_their_fingerprint(
    write: Write, tmp_path: Path, project: Path
) -> None:
    paths = [write(name, (OPENS,), MEASURES, parameters=DATA) for name in ("first", "second")]
    reports = run(tmp_path, *paths, write("good", GOOD), project=project)
    assert {report.problem for report in reports.values()} == {""}
    assert reports["first"].fingerprint == reports["second"].fingerprint != ""
    assert reports["good"].fingerprint == "", "it was made from no files"
    assert "not all made" not in said_on(reports["first"].index)


def test_the_failed_page_speaks_the_language_of_the_house(write: Write, tmp_path: Path, project: Path) -> None:
    path = project / "cpc.toml"
    path.write_text(PROJECT + '[presentation]\nlanguage = "da"\n', encoding="utf-8")
    bad = write("bad", ("1 / 0",), parameters=DATA)
    assert "Rapporten kunne ikke laves." in said_on(run(tmp_path, bad, project=project)["bad"].page)


def test_outputs_of_the_notebook_itself_never_stand_in_a_report(tmp_path: Path) -> None:
    old = nbformat.v4.new_output("stream", text="Of the sample.")
    cells = [nbformat.v4.new_code_cell("1 / 0"), nbformat.v4.new_code_cell("2", outputs=[old])]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "bad.ipynb")
    report = run(tmp_path, tmp_path / "bad.ipynb")["bad"]
    assert "Of the sample." not in report.notebook.read_text("utf-8") + said_on(report.page)
