"""The shipped notebooks: what they declare, that they answer in both languages, and that running them again changes
no byte."""

import re
import shutil
from html import unescape
from pathlib import Path

import nbformat
import pytest

from cpc_analysis.errors import InvalidInputError
from cpc_analysis.language import LANGUAGES, notebook_catalogue
from cpc_analysis.reports import list_notebooks, read_parameters, run_notebook
from cpc_analysis.reports.catalogue import Notebook, read_notebook
from cpc_analysis.reports.contents import answer_of, pictures_of
from cpc_analysis.reports.refreshing import refresh_notebook, strip_notebook
from cpc_analysis.reports.translating import passages_of

NOTEBOOKS = list_notebooks()


def passages(content: nbformat.NotebookNode) -> list[str]:
    """What a notebook says in its own words."""
    return [text for cell in content.cells if cell.cell_type == "markdown" for text in passages_of(cell.source)]


def words_of(html: str) -> str:
    """The words of a text in HTML or Markdown, without its marks."""
    without = re.sub(r"<style.*?</style>|<svg.*?</svg>|<[^>]+>", " ", html, flags=re.DOTALL)
    return " ".join(re.findall(r"\w+", unescape(without)))


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
    names = [parameter.name for parameter in declared]
    assert names[0] == "period" and names[-2:] == ["language", "project"]
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


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_word_of_the_notebooks_is_translated_and_no_translation_is_left_over(language: str) -> None:
    contents = {notebook.name: read_notebook(notebook.path) for notebook in NOTEBOOKS}
    said = {text for content in contents.values() for text in passages(content)}
    said |= {parameter.help for name, content in contents.items() for parameter in read_parameters(content, name)}
    known = notebook_catalogue(language)
    assert sorted(said - {text for text, other in known.items() if other}) == []
    assert sorted(set(known) - said) == []


@pytest.mark.slow
@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda notebook: notebook.name)
def test_it_runs_in_danish_and_leaves_no_english_words(notebook: Notebook, tmp_path: Path) -> None:
    danish = notebook_catalogue("da")
    report = run_notebook(notebook.path, {"language": "da"}, tmp_path, run="da")
    page = report.page.read_text(encoding="utf-8")
    said, told = passages(read_notebook(report.notebook)), words_of(page)
    assert said == [danish[text] for text in passages(read_notebook(notebook.path))]
    english = [text for text, other in danish.items() if text != other]
    assert set(said) & set(english) == set()
    headings = {words_of(heading) for heading in re.findall(r"<h[1-6].*?</h[1-6]>|<li .*?</li>", page, re.DOTALL)}
    assert headings & {words_of(text) for text in english} == set()
    # Words of a few letters may be names: sentences may not.
    sentences = [text for text in english if len(text.split()) > 4 or ":" in text]
    assert [text for text in sentences if f" {words_of(text)} " in f" {told} "] == []
    assert [text for text in said if text != "Svaret" and words_of(text) not in told] == []


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
