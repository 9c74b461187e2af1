"""What is written can be opened again, and holds the numbers that were given."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from pptx import Presentation as Slides
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

import cpc_analysis as cpc
from cpc_analysis import models
from cpc_analysis.errors import CpcError

JUNE = {"month": "2025-06"}


@pytest.fixture(scope="module")
def sample() -> cpc.Dataset:
    return cpc.load_sample()


@pytest.fixture(scope="module")
def frame(sample: cpc.Dataset) -> pd.DataFrame:
    return cpc.measure(sample, ["cost_per_contact", "contacts", "total_cost"], by=["channel"], where=JUNE)


def test_slides_hold_native_charts_with_the_numbers_in_order(sample, frame, tmp_path: Path) -> None:
    bridge = cpc.explain_change(sample, before="budget", after="2025-06", by=["channel"])
    charts = [cpc.charts.levels(frame), cpc.charts.bridge(bridge), models.table(frame)]
    (path,) = cpc.export(charts, tmp_path / "june.pptx")
    deck = Slides(str(path))
    drawn = [shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart]
    assert len(deck.slides) == 3 and len(drawn) == 2
    known = frame.dropna(subset=["cost_per_contact"]).sort_values("cost_per_contact", ascending=False)
    found = [(label, value) for plot in drawn[0].plots for series in plot.series
             for label, value in zip(plot.categories, series.values, strict=True) if value is not None]  # fmt: skip
    assert [label for label, _ in found[: len(known)]] == known["channel"].tolist()
    assert {round(value, 6) for _, value in found} >= {round(value, 6) for value in known["cost_per_contact"]}
    for slide in deck.slides:
        assert slide.shapes.title.text
        for shape in slide.shapes:
            assert shape.left >= 0 and shape.left + shape.width <= deck.slide_width
            assert shape.top >= 0 and shape.top + shape.height <= deck.slide_height
    notes = deck.slides[0].notes_slide.notes_text_frame.text
    assert "Counted are answered contacts" in notes and "40.58" in notes
    described = [shape._element.xpath(".//p:cNvPr")[0].get("descr") for slide in list(deck.slides)[:2]
                 for shape in slide.shapes if shape.has_chart]  # fmt: skip
    assert all(described) and "voice 40.58 DKK" in described[0]


def test_a_workbook_divides_before_the_reader_s_eyes(sample, frame, tmp_path: Path) -> None:
    (path,) = cpc.export([frame, cpc.cost_statement(sample, by=["channel"])], tmp_path / "june.xlsx")
    book = CalamineWorkbook.from_path(str(path))
    rows = book.get_sheet_by_name(book.sheet_names[0]).to_python()
    numbers = {cell for row in rows for cell in row if isinstance(cell, float)}
    for value in frame["cost_per_contact"].dropna():
        assert any(abs(value - number) < 1e-9 * value for number in numbers)
    import zipfile

    with zipfile.ZipFile(path) as parts:
        sheets = [parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
    assert sum(sheet.count("<f>") for sheet in sheets) > len(frame)
    assert "#DIV/0!" not in "".join(sheets) and "#VALUE!" not in "".join(sheets)


def test_what_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    told = pd.DataFrame({"reason": ["=1+1", "+2", "-3", "@sum"], "contacts": [1, 2, 3, 4]})
    (path,) = cpc.export(told, tmp_path / "told.xlsx")
    book = CalamineWorkbook.from_path(str(path))
    cells = [cell for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row]
    assert {"=1+1", "+2", "-3", "@sum"} <= set(cells)


def test_a_document_has_a_page_for_each_chart(frame, tmp_path: Path) -> None:
    charts = [cpc.charts.levels(frame), cpc.charts.levels(frame)]
    (path,) = cpc.export(charts, tmp_path / "june.pdf")
    pages = PdfReader(str(path)).pages
    assert len(pages) == 2 and "most for chat" in pages[0].extract_text()


def test_a_page_needs_no_network(frame, tmp_path: Path) -> None:
    (path,) = cpc.export([cpc.charts.levels(frame), frame], tmp_path / "june.html", language="da")
    page = path.read_text(encoding="utf-8")
    assert '<html lang="da"' in page and "<svg" in page and "<table" in page
    assert 'src="http' not in page and 'href="http' not in page


def test_formats_and_folders_that_cannot_be_written(frame, tmp_path: Path) -> None:
    with pytest.raises(CpcError, match=r"^There is nothing to write to 'june\.pptx'\.$"):
        cpc.export([], tmp_path / "june.pptx")
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(CpcError, match="cannot be written: "):
        cpc.export(frame, tmp_path / "file" / "june.xlsx")


def test_the_month_s_deck_in_danish(tmp_path: Path) -> None:
    from typer.testing import CliRunner

    from cpc_analysis.cli.application import app

    target = tmp_path / "deck.pptx"
    result = CliRunner().invoke(app, ["deck", "--period", "2025-06", "--output", str(target), "--language", "da"])
    assert result.exit_code == 0, result.output
    titles = [slide.shapes.title.text for slide in Slides(str(target)).slides]
    assert len(titles) >= 8 and any("juni 2025" in title for title in titles)
