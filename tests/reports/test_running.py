import json
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest

from cpc_analysis.errors import (
    CpcError,
    InvalidInputError,
    MissingFileError,
    UnknownNameError,
    UnreadableFileError,
)
from cpc_analysis.reports import run_notebook, run_notebooks

from .conftest import CELLS, Write

# What a browser would fetch: anything with an address but the names of XML vocabularies.
FETCHED = re.compile(r"""(?:src|href)\s*=\s*["'](?:https?:)?//|url\(\s*["']?(?:https?:)?//|@import|<script""")


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """One report, run once for all tests that only look at it."""
    from .conftest import notebook_of

    folder = tmp_path_factory.mktemp("a folder with {braces} and spaces")
    nbformat.write(notebook_of(*CELLS), folder / "tiny.ipynb")
    return run_notebook(folder / "tiny.ipynb", {"period": "2025-05"}, folder / "reports")


def test_a_run_leaves_the_notebook_a_page_its_charts_and_an_index(report: Any) -> None:
    assert re.fullmatch(r"\d{4}-\d\d-\d\d_\d{6}_2025-05", report.folder.name)
    assert sorted(path.name for path in report.folder.iterdir()) == [
        "index.html",
        "tiny-2.png",
        "tiny-2.svg",
        "tiny-levels.png",
        "tiny-levels.svg",
        "tiny.html",
        "tiny.ipynb",
    ]
    assert report.answer == "In 2025-05 all was well."
    assert report.problem == ""
    assert [path.name for path in report.pictures if path.suffix == ".svg"] == [
        "tiny-levels.svg",
        "tiny-2.svg",
    ]


def test_the_page_has_no_code_and_fetches_nothing(report: Any) -> None:
    page = report.page.read_text(encoding="utf-8")
    assert "<h1>A tiny report</h1>" in re.sub(r"<h1[^>]*>", "<h1>", page)
    assert "import" not in re.sub(r"<style>.*?</style>", "", page, flags=re.S)
    assert "period: str" not in page
    assert FETCHED.search(page) is None


def test_the_check_for_fetches_can_fail() -> None:
    for bad in (
        '<img src="https://x.test/a.png">',
        '<link href="//x.test/a.css">',
        "<script>",
        "url(http://x.test/f)",
    ):
        assert FETCHED.search(bad)


def test_the_answer_stands_before_the_charts(report: Any) -> None:
    page = report.page.read_text(encoding="utf-8")
    assert page.index("In 2025-05 all was well.") < page.index("<svg")


def test_two_drawings_on_a_page_share_no_id(report: Any) -> None:
    page = report.page.read_text(encoding="utf-8")
    ids = re.findall(r'<clipPath id="([^"]+)"', page)
    assert ids == ["figure-1-clip0", "figure-2-clip0"]
    assert "url(#figure-2-clip0)" in page


def test_pictures_are_what_their_ending_says(report: Any) -> None:
    for path in report.pictures:
        head = path.read_bytes()[:8]
        assert head == b"\x89PNG\r\n\x1a\n" if path.suffix == ".png" else head.startswith(b"<svg")


def test_the_index_lists_the_answer_and_the_files(report: Any) -> None:
    index = report.index.read_text(encoding="utf-8")
    assert '<a href="tiny.html">A tiny report</a>' in index
    assert "In 2025-05 all was well." in index
    assert 'href="tiny-levels.png"' in index
    assert FETCHED.search(index) is None


def test_the_executed_notebook_carries_the_parameters(report: Any) -> None:
    cells = json.loads(report.notebook.read_text(encoding="utf-8"))["cells"]
    injected = [cell for cell in cells if "injected-parameters" in cell["metadata"].get("tags", [])]
    assert 'period = "2025-05"' in "".join(injected[0]["source"])


def test_the_kernel_is_this_interpreter(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = tmp_path / "jupyter" / "kernels" / "python3"
    spec.mkdir(parents=True)
    (spec / "kernel.json").write_text(json.dumps({"argv": ["no-such-program"], "display_name": "x", "language": "x"}))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "0")
    path = write("kernel", ("import sys\nprint(sys.executable)", "answer"))
    assert run_notebook(path, None, tmp_path / "reports").answer == sys.executable


def test_charts_without_a_drawing_are_drawn_from_their_description(write: Write, tmp_path: Path) -> None:
    path = write(
        "described",
        (
            "from IPython.display import display\n"
            'spec = {"data": {"values": [{"x": 1}]}, "mark": "bar", "encoding": {"x": {"field": "x"}}}\n'
            'display({"application/vnd.vegalite.v5+json": spec}, raw=True)',
        ),
    )
    report = run_notebook(path, None, tmp_path / "reports")
    assert [path.name for path in report.pictures] == ["described-1.svg", "described-1.png"]


def test_several_notebooks_run_and_one_that_stops_does_not_stop_the_others(write: Write, tmp_path: Path) -> None:
    good = write("good", *CELLS)
    bad = write(
        "bad",
        ("from cpc_analysis.errors import UnknownNameError\nraise UnknownNameError('site', 'Arhus', ['Aarhus'])",),
    )
    seen: list[tuple[str, int, int]] = []
    reports = run_notebooks(
        [good, bad],
        {"period": "2025"},
        tmp_path / "out",
        run="june",
        progress=lambda *step: seen.append(step),
    )
    assert [report.name for report in reports] == ["good", "bad"]
    assert reports[0].page is not None
    assert reports[1].problem == "Notebook 'bad' stopped in cell 3. There is no site 'Arhus'. Did you mean 'Aarhus'?"
    assert reports[1].refusal == "There is no site 'Arhus'. Did you mean 'Aarhus'?" and reports[0].refusal == ""
    assert "There is no site &#x27;Arhus&#x27;. Did you mean &#x27;Aarhus&#x27;?" in reports[1].page.read_text("utf-8")
    index = (tmp_path / "out" / "june" / "index.html").read_text(encoding="utf-8")
    assert "Did you mean &#x27;Aarhus&#x27;?" in index
    assert "In 2025 all was well." in index
    assert max(done for name, done, _ in seen if name == "good") == 6
    assert {total for name, _, total in seen if name == "good"} == {6}


def test_an_error_of_a_notebook_is_one_sentence(write: Write, tmp_path: Path) -> None:
    path = write("broken", ("1 / 0",))
    with pytest.raises(CpcError) as stopped:
        run_notebook(path, None, tmp_path / "reports")
    assert str(stopped.value) == "Notebook 'broken' stopped in cell 2. ZeroDivisionError: division by zero"
    assert "1 / 0" in str(stopped.value.__cause__)


def test_runs_in_the_same_second_have_folders_of_their_own(write: Write, tmp_path: Path) -> None:
    path = write("plain", ("1",), parameters="")
    folders = {run_notebook(path, None, tmp_path / "reports").folder for _ in range(2)}
    assert len(folders) == 2


@pytest.mark.parametrize("run", ["../up", "a/b", "..", "a:b", " "])
def test_a_run_cannot_leave_its_folder(write: Write, tmp_path: Path, run: str) -> None:
    path = write("plain", ("1",), parameters="")
    with pytest.raises(InvalidInputError) as refused:
        run_notebook(path, None, tmp_path / "reports", run=run)
    assert str(refused.value) == (
        f"The name of a run must be letters, digits, spaces, dots, dashes and underscores, got '{run}'."
    )


def test_nothing_runs_or_is_written_when_a_parameter_is_unknown(write: Write, tmp_path: Path) -> None:
    path = write("tiny", *CELLS)
    with pytest.raises(UnknownNameError, match=r"^There is no `tiny` parameter 'perod'\. Did you mean 'period'\?$"):
        run_notebook(path, {"perod": "2025"}, tmp_path / "reports")
    with pytest.raises(UnknownNameError, match=r"^There is no notebook parameter 'perod'\. Did you mean 'period'\?$"):
        run_notebooks([path, write("other", *CELLS)], {"perod": "2025"}, tmp_path / "reports")
    assert not (tmp_path / "reports").exists()


def test_a_notebook_named_twice_runs_once(write: Write, tmp_path: Path) -> None:
    path = write("plain", ("1",), parameters="")
    assert len(run_notebooks([path, str(path)], None, tmp_path / "reports")) == 1


def test_two_notebooks_of_one_name_are_refused(write: Write, tmp_path: Path) -> None:
    path = write("plain", ("1",), parameters="")
    (tmp_path / "copy").mkdir()
    other = shutil.copy(path, tmp_path / "copy")
    with pytest.raises(InvalidInputError) as refused:
        run_notebooks([path, other], None, tmp_path / "reports")
    assert str(refused.value) == ("Two notebooks are named 'plain' and would write the same report: run one at a time.")


def test_an_output_that_is_a_file_is_named(write: Write, tmp_path: Path) -> None:
    path = write("plain", ("1",), parameters="")
    (tmp_path / "reports").write_text("", encoding="utf-8")
    with pytest.raises(InvalidInputError) as refused:
        run_notebook(path, None, tmp_path / "reports", run="june")
    assert str(refused.value).startswith(f"The folder {tmp_path / 'reports' / 'june'} for the reports cannot be made: ")


def test_a_missing_notebook_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError) as missing:
        run_notebook(tmp_path / "none.ipynb", None, tmp_path)
    assert str(missing.value) == f"There is no notebook at {tmp_path / 'none.ipynb'}."


@pytest.mark.parametrize("content", [b"not json", b"[]", b"{}", b"\xff\xfe\x00"])
def test_a_file_that_is_no_notebook_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "odd.ipynb"
    path.write_bytes(content)
    with pytest.raises(UnreadableFileError) as odd:
        run_notebook(path, None, tmp_path / "reports")
    assert str(odd.value) == f"{path} is not a Jupyter notebook, whatever its ending says."
