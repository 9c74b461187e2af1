"""Texts of notebooks in another language: passage by passage, code and a user's own words untouched."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from cpc_analysis.errors import InvalidInputError
from cpc_analysis.reports import run_notebook, translating
from cpc_analysis.reports.translating import passages_of, translated

from .conftest import Write

SOURCE = """\
# Cost per contact
## By channel
A paragraph over
two lines - with a dash.

- one of `two`
- the
  other

1. first

```toml
## By channel

key = 1
```
> Over time
"""


@pytest.fixture
def words(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {text: text.upper() for text in passages_of(SOURCE)}
    monkeypatch.setattr(translating, "notebook_catalogue", lambda language: known)


def test_passages_are_headings_paragraphs_and_entries() -> None:
    assert passages_of(SOURCE) == [
        "Cost per contact", "By channel", "A paragraph over two lines - with a dash.", "one of `two`", "the other",
        "first", "Over time",
    ]  # fmt: skip
    assert passages_of("") == passages_of("```\na\n```") == []


@pytest.mark.usefixtures("words")
def test_marks_and_code_stay() -> None:
    before = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell(SOURCE), nbformat.v4.new_code_cell("# By channel")]
    )
    after = translated(before, "da")
    assert before.cells[0].source == SOURCE and after.cells[1] == before.cells[1]
    assert after.cells[0].source == (
        "# COST PER CONTACT\n## BY CHANNEL\nA PARAGRAPH OVER TWO LINES - WITH A DASH.\n\n- ONE OF `TWO`\n- THE OTHER\n"
        "\n1. FIRST\n\n```toml\n## By channel\n\nkey = 1\n```\n> OVER TIME\n"
    )
    assert translated(before, "en") == before


def test_a_user_s_own_words_stay() -> None:
    own = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("## Mine\n\nAll   my words.")])
    assert translated(own, "da") == own


def test_a_run_in_danish_translates_the_notebook_the_page_and_the_index(write: Write, tmp_path: Path) -> None:
    path = write("tiny", ("1",), parameters='language: str = ""  # en or da; empty: the project\'s own')
    content = nbformat.read(path, as_version=4)
    content.cells[0].source = "# Cost statement\n\nMy own words."
    nbformat.write(content, path)
    report = run_notebook(path, {"language": "da"}, tmp_path / "out")
    assert nbformat.read(report.notebook, as_version=4).cells[0].source == "# Omkostningsopgørelse\n\nMy own words."
    page, index = (file.read_text(encoding="utf-8") for file in (report.page, report.index))
    assert "<title>Omkostningsopgørelse</title>" in page and "en eller da; tom: projektets eget" in page
    assert '<html lang="da">' in index and ">Rapporter</h1>" in index and ">kørt notebook</a>" in index


def test_the_language_is_that_of_the_project_unless_another_is_asked_for(write: Write, tmp_path: Path) -> None:
    project = tmp_path / "bank"
    project.mkdir()
    (project / "cpc.toml").write_text('[presentation]\nlanguage = "da"\n', encoding="utf-8")
    silent = write("silent", ("1",), parameters="")
    asks = write("asks", ("1",), parameters='language: str = ""\nproject: str = ""')
    for path, given, language in ((silent, {}, "da"), (asks, {}, "da"), (asks, {"language": "en"}, "en")):
        report = run_notebook(path, given, tmp_path / "out", project)
        assert f'<html lang="{language}">' in report.page.read_text(encoding="utf-8")


def test_an_unknown_language_is_refused_before_anything_runs(write: Write, tmp_path: Path) -> None:
    path = write("tiny", ("1",), parameters='language: str = ""')
    with pytest.raises(InvalidInputError, match=r"^`language` must be one of en, da, got 'de'\.$"):
        run_notebook(path, {"language": "de"}, tmp_path / "out")
    assert not (tmp_path / "out").exists()
