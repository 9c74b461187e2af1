"""Pages as PDF: printed whole where a browser is there, and a clear word where none is or it fails."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pypdf import PdfReader
from typer.testing import CliRunner

from cpc_analysis.cli import application
from cpc_analysis.errors import CpcError, MissingFileError
from cpc_analysis.reports import printing, run_notebook, run_notebooks

from .conftest import CELLS, Write

NONE_FOUND = (
    "A PDF is printed by Chromium, Google Chrome or Microsoft Edge, and none of them was found here: install "
    "one, such as with `apt install chromium`, or ask for the report without its PDF."
)


def browser() -> str:
    try:
        return printing.find_browser()
    except MissingFileError:
        pytest.skip("no Chromium, Chrome or Edge is installed here")


@pytest.fixture
def without_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing.shutil, "which", lambda name: None)
    monkeypatch.setattr(printing, "_PLACES", ())


def script(tmp_path: Path, text: str) -> str:
    """A browser of the test's own making."""
    if os.name != "posix":
        pytest.skip("the stand-in for a browser is a shell script")
    path = tmp_path / "browser"
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def blank(tmp_path: Path) -> Path:
    path = tmp_path / "a page.html"
    path.write_text("<!DOCTYPE html><title>A page</title><h1>A page</h1>", encoding="utf-8")
    return path


def test_a_report_is_printed_whole(write: Write, tmp_path: Path) -> None:
    browser()
    rows = "".join(f"<tr><th>row {number}</th><td>{number}</td></tr>" for number in range(150))
    table = f"<table><thead><tr><th></th><th>heading</th></tr></thead><tbody>{rows}</tbody></table>"
    cells = (f"from IPython.display import HTML\nHTML('{table}')",), *CELLS
    report = run_notebook(write("tiny", *cells), {"period": "2025-05"}, tmp_path / "out", run="first run", pdf=True)
    assert report.pdf == report.folder / "tiny.pdf"
    pages = [page.extract_text() for page in PdfReader(report.pdf).pages]
    assert len(pages) > 2
    text = "\n".join(pages)
    for said in ("A tiny report", "In 2025-05 all was well.", "row 0", "row 149", "Parameters", "Made on"):
        assert said in text, said
    assert sum("heading" in page for page in pages) > 2, "the head of a table stands on each of its pages"
    assert 'href="tiny.pdf"' in report.index.read_text(encoding="utf-8")


def test_a_later_run_without_pdf_leaves_no_old_one(write: Write, tmp_path: Path) -> None:
    path = write("plain", ("1",), parameters="")
    (tmp_path / "out" / "june").mkdir(parents=True)
    (tmp_path / "out" / "june" / "plain.pdf").write_bytes(b"%PDF-old")
    report = run_notebook(path, None, tmp_path / "out", run="june")
    assert report.pdf is None
    assert "PDF" not in report.index.read_text(encoding="utf-8")


@pytest.mark.usefixtures("without_browser")
def test_without_a_browser_nothing_runs(write: Write, tmp_path: Path) -> None:
    with pytest.raises(MissingFileError) as missing:
        run_notebook(write("plain", ("1",)), None, tmp_path / "reports", pdf=True)
    assert str(missing.value) == NONE_FOUND
    assert not (tmp_path / "reports").exists()


@pytest.mark.usefixtures("without_browser")
def test_the_command_says_so_in_a_sentence(write: Write, tmp_path: Path) -> None:
    arguments = ["run", str(write("plain", ("1",))), "--pdf", "--output", str(tmp_path / "reports")]
    result = CliRunner().invoke(application.app, arguments)
    assert result.exit_code == 1
    assert result.stderr.splitlines()[-1] == f"Error: {NONE_FOUND}"


def test_the_usual_places_are_looked_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "Google Chrome"
    place.write_bytes(b"")
    monkeypatch.setattr(printing.shutil, "which", lambda name: None)
    monkeypatch.setattr(printing, "_PLACES", (str(tmp_path / "none"), str(place)))
    assert printing.find_browser() == str(place)
    monkeypatch.setattr(printing.shutil, "which", lambda name: f"/bin/{name}" if name == "google-chrome" else None)
    assert printing.find_browser() == "/bin/google-chrome"


def test_a_browser_that_fails_is_told(tmp_path: Path) -> None:
    page, failing = blank(tmp_path), script(tmp_path, "echo first >&2; echo 'No usable sandbox!' >&2; exit 3")
    with pytest.raises(CpcError) as failed:
        printing.print_page(page, failing)
    assert str(failed.value) == (
        f"a page.html has no PDF: {failing} printed none and ended with code 3 (No usable sandbox!). "
        "Print the page from a browser instead."
    )


def test_a_browser_that_prints_something_else_is_told(tmp_path: Path) -> None:
    odd = script(tmp_path, f"echo oops > '{tmp_path / 'a page.pdf'}'")
    with pytest.raises(CpcError, match="printed none"):
        printing.print_page(blank(tmp_path), odd)
    assert not (tmp_path / "a page.pdf").exists()


def test_a_browser_that_hangs_is_ended_with_its_children(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "PATIENCE", 1)
    hanging = script(tmp_path, "sleep 60 &\nsleep 60")
    with pytest.raises(CpcError) as failed:
        printing.print_page(blank(tmp_path), hanging)
    assert str(failed.value) == f"a page.html has no PDF: {hanging} was not done after 1 seconds."


def test_a_browser_that_cannot_be_run_is_told(tmp_path: Path) -> None:
    with pytest.raises(CpcError, match=r"^a page\.html has no PDF: .*none cannot be run: "):
        printing.print_page(blank(tmp_path), str(tmp_path / "none"))


def test_a_report_whose_pdf_failed_keeps_its_page(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing = script(tmp_path, "exit 1")
    monkeypatch.setattr("cpc_analysis.reports.running.find_browser", lambda: failing)
    report = run_notebooks([write("plain", ("1",))], None, tmp_path / "out", pdf=True)[0]
    assert report.page is not None and report.page.is_file() and report.pdf is None
    assert report.problem.startswith("plain.html has no PDF: ")
