"""The shipped notebooks: what they declare, that they answer, and that running them again changes no byte."""

import shutil
from pathlib import Path

import nbformat
import pytest

from cpc_analysis.errors import InvalidInputError
from cpc_analysis.reports import list_notebooks, read_parameters
from cpc_analysis.reports.catalogue import Notebook, read_notebook
from cpc_analysis.reports.contents import answer_of, pictures_of
from cpc_analysis.reports.refreshing import refresh_notebook, strip_notebook

NOTEBOOKS = list_notebooks()


def test_the_notebooks_that_are_shipped() -> None:
    assert [notebook.name for notebook in NOTEBOOKS] == [
        "agent-productivity",
        "benchmark",
        "causes-of-contact",
        "cost-per-contact",
        "cost-per-resolution",
        "cost-statement",
        "definitions",
        "monthly-pack",
        "product-complexity",
        "service-and-quality",
        "wage-rates",
        "why-it-changed",
    ]


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda notebook: notebook.name)
def test_parameters_have_the_names_that_all_share_and_help(notebook: Notebook) -> None:
    declared = read_parameters(read_notebook(notebook.path), notebook.name)
    assert {"period", "project"} <= {parameter.name for parameter in declared}
    assert all(parameter.help for parameter in declared)


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda notebook: notebook.name)
def test_each_ends_with_its_answer_and_has_charts(notebook: Notebook) -> None:
    content = read_notebook(notebook.path)
    answer = answer_of(content)
    assert "June 2025" in answer
    assert "DKK" in answer
    assert answer.endswith(".")
    assert answer_of(nbformat.v4.new_notebook(cells=content.cells[-1:])) == answer
    assert pictures_of(content)


def test_the_statement_ties_out() -> None:
    content = read_notebook(next(notebook.path for notebook in NOTEBOOKS if notebook.name == "cost-statement"))
    outputs = [output for cell in content.cells for output in cell.get("outputs", [])]
    printed = "".join(output.get("data", {}).get("text/plain", "") for output in outputs)
    assert "difference 0.00 DKK." in printed


@pytest.mark.slow
@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda notebook: notebook.name)
def test_running_it_again_changes_no_byte(notebook: Notebook, tmp_path: Path) -> None:
    copy = Path(shutil.copy(notebook.path, tmp_path))
    assert refresh_notebook(copy) is False
    assert copy.read_bytes() == notebook.path.read_bytes()


def test_what_changes_from_run_to_run_is_stripped() -> None:
    cell = nbformat.v4.new_code_cell(
        "1 + 1", id="abcdef01", metadata={"tags": ["sum"], "execution": {"iopub.status.busy": "2025-06-01"}}
    )
    notebook = nbformat.v4.new_notebook(
        cells=[cell], metadata={"papermill": {}, "language_info": {"name": "python", "version": "3"}}
    )
    strip_notebook(notebook)
    assert notebook.metadata == {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    assert (cell.metadata, cell.id) == ({"tags": ["sum"]}, "01-1-1")
    assert strip_notebook(notebook).cells[0].id == "01-1-1"


def test_a_notebook_that_stops_stays_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "broken.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 / 0")]), path)
    before = path.read_bytes()
    with pytest.raises(InvalidInputError) as stopped:
        refresh_notebook(path)
    assert str(stopped.value) == "Notebook 'broken' stopped in cell 1. ZeroDivisionError: division by zero"
    assert path.read_bytes() == before
