"""Sections whose data are not there are left out, each with its reason; the rest of the report is made."""

from __future__ import annotations

from html import unescape
from pathlib import Path

import nbformat
import pytest

from cpc_analysis.errors import InvalidInputError
from cpc_analysis.language import speaking
from cpc_analysis.reports import run_notebook, run_notebooks
from cpc_analysis.reports.catalogue import read_notebook
from cpc_analysis.reports.leaving_out import LEFT_OUT, Cells, reasons_of

from .conftest import Write

REFUSING = "from cpc_analysis.errors import InvalidInputError\nif {0}:\n    raise InvalidInputError('No {1}.')"


def code(source: str, *tags: str) -> nbformat.NotebookNode:
    return nbformat.v4.new_code_cell(source, metadata={"tags": list(tags)})


def text(source: str) -> nbformat.NotebookNode:
    return nbformat.v4.new_markdown_cell(source)


def played(*cells: nbformat.NotebookNode, given: tuple[str, ...] = (), **raised: str) -> nbformat.NotebookNode:
    """A notebook whose cells ran: `raised` says of the names that cells give which kind of error came instead."""
    notebook = nbformat.v4.new_notebook(cells=list(cells))
    judge = Cells(notebook, given)
    goes_on = True
    for cell in notebook.cells:
        if goes_on and judge.enter(cell):
            name = cell.source.partition(" =")[0]
            output = nbformat.v4.new_output("display_data", data={"text/plain": name})
            if name in raised:
                output = nbformat.v4.new_output("error", ename=raised[name], evalue=f"No {name}.", traceback=[])
            cell.outputs = [output]
            goes_on = judge.leave(cell)
    judge.close(is_whole=goes_on)
    return notebook


def shown(notebook: nbformat.NotebookNode) -> list[str]:
    """What every cell of code shows: a text, the kind of an error, or nothing."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    outputs = [cell.outputs[0] if cell.outputs else {} for cell in cells]
    return [output.get("ename") or output.get("data", {}).get("text/plain", "") for output in outputs]


REFUSED = {"bridge": "InvalidInputError"}


def test_a_refused_cell_is_left_out_with_what_reads_it() -> None:
    notebook = played(
        code("data = 1"), text("## Why"), code("bridge = data"), code("table = bridge"), text("## Then"),
        code("effects = table"), code("trend = data"), **REFUSED,
    )  # fmt: skip
    said = "Left out: No bridge."
    assert shown(notebook) == ["data", said, "", said, "trend"], "each section says its reason once"
    assert reasons_of(notebook) == ("No bridge.",)
    assert [cell.metadata.tags for cell in notebook.cells[2:4]] == [[LEFT_OUT], [LEFT_OUT]]


def test_a_name_that_is_given_anew_is_there_again() -> None:
    notebook = played(
        code("data = 1"), code("bridge = data"), code("bridge = 2\nbridge"), code("table = bridge"), bridge="Exception"
    )
    assert shown(notebook) == ["data", "Exception", "", ""], "another error than a refusal stops the notebook"
    cells = [code("data = 1"), code("first = data"), code("quantity = first"), code("quantity = 1\nquantity"),
             code("last = quantity")]  # fmt: skip
    assert shown(played(*cells, first="InvalidInputError")) == ["data", "Left out: No first.", "", "quantity", "last"]


@pytest.mark.parametrize("kind", ["MissingFileError", "UnreadableFileError", "KeyError", "ImportError", "closest"])
def test_only_what_the_data_lack_is_left_out(kind: str) -> None:
    assert shown(played(code("data = 1"), code("bridge = data"), code("trend = data"), bridge=kind)) == [
        "data", kind, "",
    ]  # fmt: skip


def test_what_was_asked_for_by_hand_is_refused() -> None:
    cells = [code("data = 1"), code("bridge = cut(data, by)"), code("trend = data")]
    assert shown(played(*cells, given=("by",), **REFUSED)) == ["data", "InvalidInputError", ""]
    assert shown(played(*cells, given=("period",), **REFUSED)) == ["data", "Left out: No bridge.", "trend"]


def test_a_notebook_of_which_nothing_is_left_is_refused() -> None:
    notebook = played(code("import x"), code("data = x"), code("trend = data"), data="UnknownNameError")
    notebook.cells[0].outputs = []
    assert shown(notebook)[1:] == ["Left out: No data.", ""]
    alone = played(code("data = 1"), code("trend = data"), data="UnknownNameError")
    assert shown(alone) == ["UnknownNameError", ""] and reasons_of(alone) == ()


def test_an_answer_that_cannot_be_given_says_so_and_others_stand() -> None:
    one = played(code("data = 1"), code("bridge = data"), code("bridge", "answer"), **REFUSED)
    assert shown(one) == ["data", "Left out: No bridge.", "There is no answer: No bridge."]
    two = played(
        code("data = 1"), text("## A"), code("bridge = data"), text("## Answer"), code("bridge", "answer"),
        code("data", "answer"), **REFUSED,
    )  # fmt: skip
    assert shown(two)[1:] == ["Left out: No bridge.", "", "data"]


def test_the_reason_is_said_in_the_language_of_the_report() -> None:
    with speaking("da"):
        notebook = played(code("data = 1"), code("bridge = data"), **REFUSED)
    assert shown(notebook)[1] == "Udeladt: No bridge."


def test_commands_of_ipython_are_no_obstacle() -> None:
    assert shown(played(code("%matplotlib inline"), code("data = 1"))) == ["%matplotlib inline", "data"]


def test_a_report_is_made_without_the_sections_that_lack_data(write: Write, tmp_path: Path) -> None:
    path = write(
        "partly", ("x = 1\nx",), (REFUSING.format("x", "shifts") + "\ny = 2",), ("y + 1",),
        ('print("All else is well.")', "answer"),
    )  # fmt: skip
    report = run_notebook(path, None, tmp_path / "out")
    assert (report.problem, report.left_out, report.answer) == ("", ("No shifts.",), "All else is well.")
    page = report.page.read_text("utf-8")
    assert page.count("Left out: No shifts.") == 1 and "Traceback" not in page
    index = report.index.read_text("utf-8")
    assert "Left out: No shifts." in index and "All else is well." in index
    assert reasons_of(read_notebook(report.notebook)) == ("No shifts.",)


def test_a_section_that_a_parameter_asks_for_is_not_left_out(write: Write, tmp_path: Path) -> None:
    cells = ("x = 1\nx",), (REFUSING.format("channels", "such channel"),), ('print("Well.")', "answer")
    path = write("asked", *cells)
    assert run_notebook(path, None, tmp_path / "out").left_out == ()
    with pytest.raises(InvalidInputError, match=r"^Notebook 'asked' stopped in cell 4\. No such channel\.$"):
        run_notebook(path, {"channels": "vocie"}, tmp_path / "out")


def test_a_report_of_which_nothing_is_left_is_a_refusal_with_a_page(write: Write, tmp_path: Path) -> None:
    path = write("nothing", (REFUSING.format("True", "agents") + "\nx = 1",), ("x",))
    report = run_notebooks([path], None, tmp_path / "out")[0]
    assert report.problem == "Notebook 'nothing' stopped in cell 2. No agents." and report.refusal == "No agents."
    page = unescape(report.page.read_text("utf-8"))
    assert "This report could not be made." in page and report.problem in page
