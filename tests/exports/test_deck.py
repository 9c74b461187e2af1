"""The month's deck: what it shows, in which order and language, and what it says of what it leaves out."""

from __future__ import annotations

from pathlib import Path

import pytest
from pptx import Presentation as Slides
from typer.testing import CliRunner

import cpc_analysis as cpc
from cpc_analysis.cli.application import app
from cpc_analysis.exports.exhibits import exhibits_of
from cpc_analysis.models import selection
from cpc_analysis.presentation import Presentation

# A deck measures and explains the whole month.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("exports")]

EXAMPLE = Path(__file__).parents[2] / "examples" / "handmade"


def titles(path: Path) -> list[str]:
    return [slide.shapes.title.text for slide in Slides(str(path)).slides]


def called(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["deck", *arguments])
    assert result.exit_code == 0, result.output
    return result.output


def test_a_month_is_told_from_page_one_to_what_its_figures_mean(month) -> None:
    said = [exhibit.title for exhibit in exhibits_of(month.items)]
    beginnings = [
        "The month in figures: June 2025", "The ledger", "Cost per contact was 54.32 DKK in June 2025",
        "Cost per contact is 9% higher in June 2025 than the budget", "The step that does most", "Handle time",
        "Handle time", "Voice takes 49% of the cost", "Cost per contact: highest for chat", "4 of 11 causes",
        "The same data: 34.90 DKK", "The same data under each definition: June 2025", "Our cost per contact",
        "What the figures mean",
    ]  # fmt: skip
    assert month.left_out == () and len(said) == len(beginnings)
    assert all(title.startswith(beginning) for title, beginning in zip(said, beginnings, strict=True)), said
    bench = next(exhibit for exhibit in exhibits_of(month.items) if exhibit.title.startswith("Our cost"))
    assert "1970" not in bench.subtitle and "published figures in DKK" in bench.subtitle


def test_what_the_figures_mean_is_a_table_of_formulas(month) -> None:
    *_, meanings = exhibits_of(month.items)
    rows = dict(meanings.cells.rows)
    assert rows["Cost per contact"] == "All costs / counted contacts" and "Paid hours" not in rows
    assert (
        meanings.subtitle.startswith("Counted are answered contacts") and "Cost per contact:" not in meanings.subtitle
    )


def test_the_command_writes_the_month_in_danish(sample, month, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selection, "open_data", lambda project: sample)
    target = tmp_path / "juni.pptx"
    said = called("--period", "2025-06", "--output", str(target), "--language", "da")
    assert f"Deck: {target}" in said.replace("\n", "") and "Left out" not in said
    found = titles(target)
    assert len(found) == len(exhibits_of(month.items))
    assert found[0] == "Måneden i tal: juni 2025" and found[-1] == "Hvad tallene betyder"
    assert "54,32\xa0kr." in found[2] and found[11] == "De samme data efter hver definition: juni 2025"
    notes = Slides(str(target)).slides[2].notes_slide.notes_text_frame.text
    assert "Kilde: Sample centre." in notes and "jun. 25: Omkostning pr. henvendelse 54,32" in notes


def test_a_small_centre_s_deck_names_what_it_leaves_out(tmp_path: Path) -> None:
    target = tmp_path / "april.xlsx"
    said = called("--project", str(EXAMPLE), "--output", str(target)).replace("\n", " ")
    assert "Left out: the bridge. `before` must lie in the contact log" in said
    assert "Left out: what drives handle time." in said and "Left out: benchmarks." in said and target.is_file()


def test_a_house_s_deck_is_in_its_language_look_and_template(handmade, tmp_path: Path) -> None:
    from cpc_analysis.exports.deck import deck

    styled = handmade.replace(presentation=Presentation("da", "Georgia", {"accent": "#663399"}))
    made = deck(styled, "2025-04")
    (path,) = cpc.export(made.items, tmp_path / "april.pptx")
    slides = Slides(str(path)).slides
    assert slides[0].shapes.title.text == "Måneden i tal: april 2025"
    theme = (
        slides[0]
        .slide_layout.slide_master.part.part_related_by(
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships/theme"
        )
        .blob.decode("utf-8")
    )
    assert 'typeface="Georgia"' in theme and "663399" in theme


def test_a_period_that_is_not_in_the_data_is_one_sentence(tmp_path: Path) -> None:
    result = CliRunner().invoke(
        app, ["deck", "--project", str(EXAMPLE), "--period", "2031-01", "--output", str(tmp_path / "x.pptx")]
    )
    assert result.exit_code == 1 and "2031-01" in result.output and not (tmp_path / "x.pptx").exists()
