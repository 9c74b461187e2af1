"""What a page has beside its notebook's outputs: contents, parameters, stamp, descriptions, the look of the house."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from html import unescape
from pathlib import Path

import nbformat
import pytest

import cpc_analysis as cpc
from cpc_analysis import models
from cpc_analysis.errors import CpcError
from cpc_analysis.presentation import Presentation
from cpc_analysis.reports.about import Making
from cpc_analysis.reports.house import house_of
from cpc_analysis.reports.index import write_index
from cpc_analysis.reports.page import write_page
from cpc_analysis.reports.parameters import read_parameters
from cpc_analysis.reports.sections import with_anchors
from cpc_analysis.reports.stamp import data_stamp, with_stamp

from .conftest import PARAMETERS

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
SPEC = {"mark": "bar", "description": 'Voice cost "most",\n  40 & more.'}
FRAME = (
    "<table><thead><tr><th>a</th></tr></thead><tbody><tr><th>b</th><td>1,204 DKK (+2.1 pp)</td></tr></tbody></table>"
)
STAMP = '<dl class="stamp" data-provisional="May &amp; June may move.">\n<dt>Source</dt><dd>Centre</dd>\n</dl>'
MADE = datetime(2025, 7, 3, 14, 5)


def markdown(text: str, *tags: str) -> nbformat.NotebookNode:
    return nbformat.v4.new_markdown_cell(text, metadata={"tags": list(tags)})


def shown(data: dict[str, object], *tags: str) -> nbformat.NotebookNode:
    output = nbformat.v4.new_output("display_data", data=data)
    return nbformat.v4.new_code_cell("x", metadata={"tags": list(tags)}, outputs=[output])


def parameters(source: str = PARAMETERS) -> nbformat.NotebookNode:
    return nbformat.v4.new_code_cell(source, metadata={"tags": ["parameters"]})


def notebook(*further: nbformat.NotebookNode) -> nbformat.NotebookNode:
    return nbformat.v4.new_notebook(
        cells=[
            markdown("# A title\n\nIs all well?"),
            parameters(),
            markdown("## By *channel* & team"),
            shown({"text/html": FRAME, "text/plain": "frame"}),
            shown({"image/svg+xml": SVG, "application/vnd.vegalite.v5+json": SPEC, "text/plain": "chart"}),
            markdown("#### Deeper\n\nText.\n\n# A second title"),
            *further,
            markdown("## The answer", "answer"),
            shown({"text/plain": "All is well."}, "answer"),
            shown({"text/html": STAMP, "text/plain": "stamp"}, "stamp"),
        ]
    )


def page_of(tmp_path: Path, house: Presentation | None = None, **values: object) -> str:
    content = notebook()
    making = Making(house or Presentation(), MADE, read_parameters(content, "tiny"), dict(values))
    return write_page(content, tmp_path / "tiny.html", "A title", making).read_text(encoding="utf-8")


def text_of(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_the_contents_lead_to_every_heading(tmp_path: Path) -> None:
    page = page_of(tmp_path)
    nav = re.search(r'<nav class="contents".*?</nav>', page, re.DOTALL)[0]
    entries = re.findall(r'<li class="level-(\d)"><a href="#([^"]+)">([^<]+)</a>', nav)
    assert [(level, unescape(text)) for level, _, text in entries] == [
        ("2", "By channel & team"), ("3", "Deeper"), ("2", "A second title"), ("2", "About this report"),
        ("3", "Parameters"),
    ]  # fmt: skip
    for level, anchor, _ in entries:
        assert len(re.findall(f'<h{level} id="{anchor}"', page)) == 1
    assert page.index("<h1") < page.index("All is well.") < page.index("<nav") < page.index("<main>")


def test_headings_are_in_order(tmp_path: Path) -> None:
    levels = [int(level) for level in re.findall(r"<h([1-6])\b", page_of(tmp_path))]
    assert levels == [1, 2, 3, 2, 2, 3]
    assert with_anchors("<h2>A</h2><h6>B</h6><h6>C</h6>")[0].count("<h3") == 1


def test_a_notebook_without_a_title_has_its_name_as_one(tmp_path: Path) -> None:
    bare = nbformat.v4.new_notebook(cells=[shown({"text/plain": "1"})])
    page = write_page(bare, tmp_path / "bare.html", "bare & short").read_text(encoding="utf-8")
    assert '<h1 id="section-1">bare &amp; short</h1>' in page
    assert "Made with cpc_analysis" in page and "<h3" not in page


def test_the_parameters_are_told_and_the_changed_ones_marked(tmp_path: Path) -> None:
    page = page_of(tmp_path, period="2025-05", months=13, share=0.25, rounded=False, channels=["voice", "<chat>"])
    table = re.search(r'<table class="parameters">.*?</table>', page, re.DOTALL)[0]
    rows = [text_of(row) for row in re.findall(r"<tr>.*?</tr>", table, re.DOTALL)]
    assert rows == [
        "Parameter Value Meaning",
        "period 2025-05 changed the period to report",
        "months 13 points of the trend",
        "share 0.25 changed",
        "rounded no changed",
        "channels voice, <chat> changed empty: all",
    ]
    assert "channels empty empty: all" in text_of(page_of(tmp_path))


def test_the_project_is_told_by_the_name_of_its_folder(tmp_path: Path) -> None:
    content = nbformat.v4.new_notebook(cells=[parameters('project: str = ""  # where')])
    for value in (str(tmp_path / "bank" / "cpc.toml"), str(tmp_path / "bank")):
        making = Making(parameters=read_parameters(content, "tiny"), values={"project": value})
        page = write_page(content, tmp_path / "tiny.html", "A title", making).read_text(encoding="utf-8")
        assert "project bank changed where" in text_of(page) and str(tmp_path) not in page


def test_a_chart_has_its_description_and_a_table_its_headings(tmp_path: Path) -> None:
    page = page_of(tmp_path)
    alternative = re.search(r'<figure id="figure-1"><div role="img" aria-label="([^"]*)">', page)[1]
    assert unescape(alternative) == 'Voice cost "most", 40 & more.'
    assert '<th scope="col">a</th>' in page and '<th scope="row">b</th>' in page
    assert "<td>1,204\N{NO-BREAK SPACE}DKK (+2.1\N{NO-BREAK SPACE}pp)</td>" in page


def test_a_picture_of_another_making_has_its_text_as_description(tmp_path: Path) -> None:
    content = notebook(shown({"image/png": "iVBORw0KGgo=", "text/plain": "a photograph"}))
    page = write_page(content, tmp_path / "tiny.html", "A title").read_text(encoding="utf-8")
    assert re.search(r'<img alt="a photograph" src="data:image/png;base64,', page)


def test_the_stamp_stands_last_and_what_is_provisional_under_the_title(tmp_path: Path) -> None:
    page = page_of(tmp_path)
    header = re.search(r"<header>.*?</header>", page, re.DOTALL)[0]
    assert '<p class="notice">May &amp; June may move.</p>' in header and "Centre" not in header
    about = page[page.index('<section class="about">') :]
    assert "Source Centre" in text_of(about)
    assert f"Made on 3 July 2025 at 14:05 with cpc_analysis {cpc.__version__}." in text_of(about)


def test_the_same_report_is_the_same_page(tmp_path: Path) -> None:
    assert page_of(tmp_path) == page_of(tmp_path)


def test_a_page_is_ready_to_print(tmp_path: Path) -> None:
    style = re.search(r"<style>(.*)</style>", page_of(tmp_path), re.DOTALL)[1]
    printed = style[style.index("@media print") :]
    assert "table-header-group" in printed
    assert re.search(r"\btr,[^}]*\bfigure,[^}]*break-inside: avoid", printed)
    assert re.search(r"@page \{ size: A4;", style)


def test_a_page_speaks_danish(tmp_path: Path) -> None:
    page = page_of(tmp_path, Presentation(language="da"), share=0.25, rounded=True)
    assert page.startswith('<!DOCTYPE html>\n<html lang="da">')
    text = text_of(page)
    for said in ("Indhold", "Om rapporten", "Parametre", "Værdi", "share 0,25 ændret", "rounded ja", "tom: alle"):
        assert said in text, said
    assert "Udarbejdet den 3. juli 2025 kl. 14:05 med cpc_analysis" in text
    assert "Contents" not in text and "changed" not in text


def test_a_page_wears_the_look_of_the_house(tmp_path: Path) -> None:
    logo = tmp_path / "logo.svg"
    logo.write_text(SVG, encoding="utf-8")
    (tmp_path / "cpc.toml").write_text(
        '[presentation]\nlanguage = "da"\nlogo = "logo.svg"\nfont = "Danske Sans;}"\n'
        'colours = { accent = "#003366", voice = "#112233" }\n',
        encoding="utf-8",
    )
    house = house_of(tmp_path / "cpc.toml")
    assert house.language == "da" and house_of(tmp_path / "cpc.toml", "en").language == "en"
    page = page_of(tmp_path, house)
    assert re.search(r'<img class="logo" alt="" src="data:image/svg\+xml;base64,[A-Za-z0-9+/=]+">', page)
    assert ":root { --accent: #003366; --font: Danske Sans; }" in page
    assert 'class="logo"' in write_index(tmp_path, house).read_text(encoding="utf-8")
    assert 'class="logo"' not in page_of(tmp_path)


def test_a_project_without_a_presentation_speaks_english(tmp_path: Path) -> None:
    (tmp_path / "cpc.toml").write_text('presentation = "odd"\n', encoding="utf-8")
    assert house_of(tmp_path / "cpc.toml") == house_of(None) == Presentation()
    with pytest.raises(CpcError, match=r"^`language` must be one of en, da, got 'de'\.$"):
        house_of(None, "de")


def test_the_stamp_says_what_a_report_rests_on(sample: cpc.Dataset) -> None:
    settings = replace(sample.settings, provisional=("2025-06",))
    selection = models.select(period="2025-06", channels=["voice"])
    stamp = data_stamp(selection, sample.replace(settings=settings))
    rows = dict(stamp.rows)
    assert {name: rows[name] for name in list(rows)[:7]} == {
        "Source": "Sample centre",
        "Period": "June 2025 (voice)",
        "Contact log": "1 January 2023 to 30 June 2025",
        "Ledger": "January 2023 to June 2025",
        "Closed through": "June 2025",
        "Provisional": "Provisional, figures may still move: 2025-06.",
        "Currency and time zone": "DKK, Europe/Copenhagen",
    }
    assert rows["What counts"].startswith("Counted are") and rows["Where costs go"].startswith("Costs go to work")
    assert 'data-provisional="Provisional' in stamp._repr_html_()
    assert "data-provisional" not in data_stamp(selection)._repr_html_()


def test_the_stamp_speaks_the_language_of_its_selection() -> None:
    rows = dict(data_stamp(models.select(period="2025-06", language="da")).rows)
    assert rows["Kilde"] == "Sample centre" and rows["Regnskab"] == "januar 2023 til juni 2025"
    assert rows["Henvendelseslog"] == "1. januar 2023 til 30. juni 2025"


def test_a_stamp_needs_no_ledger(sample: cpc.Dataset) -> None:
    bare = replace(sample, tables={"contacts": sample.tables["contacts"]}, _kept={})
    rows = dict(data_stamp(models.select(period="2025-06"), bare).rows)
    assert "Ledger" not in rows and "Where costs go" not in rows and rows["Source"] == "Sample centre"


@pytest.mark.parametrize(
    ("source", "arguments"),
    [
        ("selection = models.select(project)", "selection"),
        ("selection = select(project)\ndata = selection.data", "selection, data"),
    ],
)
def test_a_notebook_that_selects_gets_a_stamp(source: str, arguments: str) -> None:
    before = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    stamped = with_stamp(before)
    assert len(before.cells) == 1
    assert stamped.cells[-1].source.endswith(f"\ndata_stamp({arguments})")
    assert stamped.cells[-1].metadata.tags == ["stamp"]


def test_other_notebooks_stay_as_they_are() -> None:
    before = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("selection = 1\nprint('selection = select(')")])
    assert with_stamp(before) == before
