"""Slides opened again: native charts with the numbers in order, nothing outside, and what a speaker needs."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import altair as alt
import pandas as pd
import pytest
from pptx import Presentation as Slides
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches, Pt
from pypdf import PageObject, PdfReader
from python_calamine import CalamineWorkbook

import cpc_analysis as cpc
from cpc_analysis import charts, models
from cpc_analysis.charts.native import Native, Series, meta_of
from cpc_analysis.errors import CpcError
from cpc_analysis.exports.exhibits import Exhibit, exhibits_of
from cpc_analysis.exports.fitting import text_width
from cpc_analysis.presentation import Presentation
from tests.centres import contacts, costs, dataset
from tests.exports.office import converted, needs_office

pytestmark = pytest.mark.xdist_group("exports")

JUNE = {"month": "2025-06"}
HALF_YEAR = {"month": [f"2025-{month:02d}" for month in range(1, 7)]}
KINDS = {
    XL_CHART_TYPE.LINE_MARKERS: "line", XL_CHART_TYPE.BAR_CLUSTERED: "bar", XL_CHART_TYPE.COLUMN_CLUSTERED: "column",
    XL_CHART_TYPE.XY_SCATTER: "scatter", XL_CHART_TYPE.LINE: "line",
}  # fmt: skip
#: Shapes of slides may touch each other, and fonts of other machines are a little wider [points].
TOUCH = 1.5


def columns() -> alt.Chart:
    """A chart of standing columns with a missing value and one below zero, of another making than the package's."""
    native = Native("column", ["b", "a", "c"], [Series("moved", [1 / 3, None, -2.5], "#00578A")], "hours", "#,##0.00")
    meta = meta_of(native, title="Hours moved", subtitle="Hours.", alt="Columns: b 0.33; c -2.5", definition="Hours.",
                   source="Rota", language="en")  # fmt: skip
    return (
        alt.Chart(alt.Data(values=[{"x": "b", "y": 1}])).mark_bar().encode(x="x:N", y="y:Q").properties(usermeta=meta)
    )


@pytest.fixture(scope="module")
def items(sample, frame, month) -> list[object]:
    """Every kind of chart, frames, and the month's deck."""
    handled = cpc.measure(sample, "average_handle_time", by=["channel"], where=JUNE, interval=0.95)
    lines = cpc.measure(sample, "cost_per_contact", by=["channel", "month"], where=HALF_YEAR)
    hours = cpc.measure(sample, "contacts", by=["weekday", "half_hour"], where=JUNE)
    return [
        charts.levels(handled), charts.trend(lines), charts.heatmap(hours), charts.small_multiples(lines), columns(),
        frame, models.table(frame), cpc.cost_statement(sample, by=["channel"]), *month.items,
    ]  # fmt: skip


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A house's own slides: taller than wide, with the title at the right place of the house, and an old slide."""
    deck = Slides()
    deck.slide_width, deck.slide_height = Inches(7.5), Inches(10)
    layout = next(layout for layout in deck.slide_layouts if layout.name == "Title Only")
    layout.name = "Kun titel"
    for shape in layout.placeholders:
        if shape.placeholder_format.type == 1:
            shape.left, shape.top, shape.width, shape.height = Inches(0.75), Inches(1), Inches(6), Inches(1.2)
        else:
            shape.left, shape.top, shape.width, shape.height = Inches(0.75), Inches(9.4), Inches(1), Inches(0.3)
    deck.slides.add_slide(layout).shapes.title.text = "An example of the house"
    path = tmp_path_factory.mktemp("house") / "house.pptx"
    deck.save(str(path))
    return path


@pytest.fixture(scope="module")
def paths(items, template, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The slides in the look of the house, and on the template."""
    folder = tmp_path_factory.mktemp("slides")
    (plain,) = cpc.export(items, folder / "plain.pptx")
    (own,) = cpc.export(items, folder / "own.pptx", template=template)
    return [plain, own]


@pytest.fixture(scope="module", params=[0, 1], ids=["plain", "template"])
def deck(request: pytest.FixtureRequest, paths: list[Path]) -> Any:
    return Slides(str(paths[request.param]))


def drawn(deck: Any) -> Iterator[tuple[Any, Any]]:
    for slide in deck.slides:
        for shape in slide.shapes:
            if shape.has_chart:
                yield slide, shape.chart


def natives(items: list[object]) -> list[Exhibit]:
    """What a presentation program draws, in the order of the slides."""
    return [exhibit for exhibit in exhibits_of(items) if exhibit.native and exhibit.native["categories"]]


def edited(chart: Any) -> list[list[Any]]:
    """The rows of the workbook inside a chart."""
    book = CalamineWorkbook.from_filelike(BytesIO(chart.part.chart_workbook.xlsx_part.blob))
    return book.get_sheet_by_index(0).to_python()


def described(shape: Any) -> str:
    return shape._element.xpath(".//p:cNvPr")[0].get("descr") or ""


def test_native_charts_have_the_numbers_to_the_last_digit_in_order(deck, items) -> None:
    wanted, found = natives(items), list(drawn(deck))
    assert [exhibit.title for exhibit in wanted] == [slide.shapes.title.text for slide, _ in found]
    assert {exhibit.native["kind"] for exhibit in wanted} == {
        "line",
        "column",
        "bar",
        "stacked",
        "waterfall",
        "scatter",
    }
    for exhibit, (_, chart) in zip(wanted, found, strict=True):
        native, series = exhibit.native, {one.name: list(one.values) for one in chart.plots[0].series}
        if native["kind"] in ("stacked", "waterfall"):
            assert chart.chart_type == XL_CHART_TYPE.BAR_STACKED
        else:
            assert KINDS[chart.chart_type] == native["kind"]
        if native["kind"] != "scatter":
            assert list(chart.plots[0].categories) == list(native["categories"])
        if native["kind"] != "waterfall":
            # A series that carries numbers or names beside the bars comes last.
            assert {one["name"]: list(one["values"]) for one in native["series"]}.items() <= series.items()
        if native["kind"] not in ("scatter", "waterfall"):
            # Who edits a number finds the same ones in the chart's workbook.
            heads, *rows = edited(chart)
            assert [row[0] for row in rows] == list(native["categories"])
            for place, one in enumerate(native["series"], start=1):
                assert heads[place] == one["name"]
                assert [row[place] for row in rows] == ["" if value is None else value for value in one["values"]]


def test_a_waterfall_stands_on_an_unseen_base(deck, items) -> None:
    (exhibit,) = [exhibit for exhibit in natives(items) if exhibit.native["kind"] == "waterfall"]
    changes = exhibit.native["series"][0]["values"]
    (chart,) = [chart for slide, chart in drawn(deck) if slide.shapes.title.text == exhibit.title]
    base, above, below, _ = chart.plots[0].series
    assert base.format.fill.type == 5 and above.format.fill.type == 1
    ends = [
        low + high if change >= 0 else low for low, high, change in zip(base.values, above.values, changes, strict=True)
    ]
    level = changes[0]
    for change, end in zip(changes[1:-1], ends[1:-1], strict=True):
        level += change
        assert end == pytest.approx(level, abs=1e-9)
    assert ends[0] == pytest.approx(changes[0], abs=1e-9) and ends[-1] == pytest.approx(changes[-1], abs=1e-9)
    assert set(below.values) == {0.0}
    rows = edited(chart)
    assert [row[0] for row in rows[1:]] == list(exhibit.native["categories"]) and [
        row[6] for row in rows[1:]
    ] == changes


def test_levels_are_those_of_measure(paths, sample, items) -> None:
    handled = cpc.measure(sample, "average_handle_time", by=["channel"], where=JUNE).dropna()
    _, chart = next(drawn(Slides(str(paths[0]))))
    known = dict(zip(chart.plots[0].categories, chart.plots[0].series[0].values, strict=True))
    wanted = handled.sort_values("average_handle_time", ascending=False)
    assert list(known) == wanted["channel"].tolist()
    # Charts are drawn from eight digits.
    assert list(known.values()) == pytest.approx(wanted["average_handle_time"].tolist(), rel=1e-7)


def test_nothing_is_outside_of_its_slide_or_on_another(deck) -> None:
    for slide in deck.slides:
        boxes = [(shape.left / 12700, shape.top / 12700, (shape.left + shape.width) / 12700,
                  (shape.top + shape.height) / 12700, shape.name) for shape in slide.shapes]  # fmt: skip
        for left, top, right, bottom, name in boxes:
            assert left >= 0 and top >= 0, name
            assert right <= deck.slide_width / 12700 + TOUCH and bottom <= deck.slide_height / 12700 + TOUCH, name
        for number, one in enumerate(boxes):
            for other in boxes[number + 1 :]:
                across = min(one[2], other[2]) - max(one[0], other[0])
                down = min(one[3], other[3]) - max(one[1], other[1])
                assert across <= TOUCH or down <= TOUCH, (slide.shapes.title.text, one, other)


def test_every_slide_has_a_title_and_notes(deck, items) -> None:
    exhibits: dict[str, list[Exhibit]] = {}
    for exhibit in exhibits_of(items):
        exhibits.setdefault(exhibit.title, []).append(exhibit)
    for slide in deck.slides:
        title, notes = slide.shapes.title.text, slide.notes_slide.notes_text_frame.text
        named = exhibits[title if title in exhibits else title.rsplit(" (", 1)[0]]
        assert notes.startswith(named[0].title) and len(notes.splitlines()) > 2
        assert any(exhibit.definition in notes for exhibit in named)
        assert not named[0].source or f"Source: {named[0].source}." in notes
    levels = deck.slides[0].notes_slide.notes_text_frame.text
    assert "Counted are answered contacts" in levels and "\nemail: 408\n" in levels


def test_charts_tables_and_pictures_say_what_they_show(deck, items) -> None:
    alts = {(exhibit.title, exhibit.alt) for exhibit in exhibits_of(items) if exhibit.specification is not None}
    seen = 0
    for slide in deck.slides:
        for shape in slide.shapes:
            if shape.has_chart or shape.has_table or shape.shape_type == 13:
                assert described(shape)
                seen += 1
                if not shape.has_table:
                    assert (slide.shapes.title.text, described(shape)) in alts
    assert seen >= len(deck.slides) - 1


def test_what_no_program_draws_is_a_crisp_picture(deck) -> None:
    pictures = [shape for slide in deck.slides for shape in slide.shapes if shape.shape_type == 13]
    assert len(pictures) == 2
    for shape in pictures:
        wide, high = shape.image.size
        assert wide >= 2 * shape.width / 12700 and wide / high == pytest.approx(shape.width / shape.height, rel=0.01)


def test_a_funnel_is_a_picture_with_its_limits(tmp_path: Path) -> None:
    rows = [{"agent_id": f"a{number}", "contacts": 100 + number, "observed": 300.0, "expected": 300.0, "ratio": 1.0,
             "shrunk": 1.0, "low": 0.8, "high": 1.2, "lowest": 0.7, "highest": 1.3, "verdict": "within the usual"}
            for number in range(9)]  # fmt: skip
    agents = pd.DataFrame(rows)
    agents.attrs = {"definition": "The handle time of each agent.", "unit": "seconds", "source": "Test centre"}
    (path,) = cpc.export(charts.funnel(agents), tmp_path / "funnel.pptx")
    (slide,) = Slides(str(path)).slides
    assert [shape.shape_type for shape in slide.shapes].count(13) == 1
    assert "Ticks: the limits of each." in " ".join(
        shape.text_frame.text for shape in slide.shapes if shape.has_text_frame
    )
    assert "Funnel of 9 dots" in slide.notes_slide.notes_text_frame.text


def test_slides_take_the_template_s_size_layout_and_type(paths, template) -> None:
    own, plain = Slides(str(paths[1])), Slides(str(paths[0]))
    assert (own.slide_width, own.slide_height) == (Inches(7.5), Inches(10))
    assert (plain.slide_width, plain.slide_height) == (Pt(960), Pt(540))
    for slide in own.slides:
        assert slide.slide_layout.name == "Kun titel" and slide.shapes.title.text != "An example of the house"
        assert not slide.shapes.title._element.xpath(".//a:solidFill")
        below = [shape.top for shape in slide.shapes if shape.has_chart or shape.has_table]
        assert all(top >= Inches(2.2) for top in below)


def test_a_template_of_any_ending_or_none_at_all(frame, template, tmp_path: Path) -> None:
    potx = tmp_path / "house.potx"
    with ZipFile(template) as source, ZipFile(potx, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content.replace(b"presentation.main+xml", b"template.main+xml"))
    (path,) = cpc.export(frame, tmp_path / "one.pptx", template=potx)
    assert Slides(str(path)).slides[0].slide_layout.name == "Kun titel"
    styled = frame.copy()
    styled.attrs["presentation"] = Presentation(template=str(template))
    assert Slides(str(cpc.export(styled, tmp_path / "two.pptx")[0])).slide_width == Inches(7.5)
    with pytest.raises(CpcError, match=r"^`template` must be a file, got none at .*gone\.pptx\. Check the path\.$"):
        cpc.export(frame, tmp_path / "three.pptx", template=tmp_path / "gone.pptx")
    (tmp_path / "letter.pptx").write_text("Dear all", encoding="utf-8")
    with pytest.raises(CpcError, match="`template` must be a PowerPoint file"):
        cpc.export(frame, tmp_path / "three.pptx", template=tmp_path / "letter.pptx")


def test_a_long_table_goes_on_with_its_heads_and_a_wide_one_beside(tmp_path: Path) -> None:
    long = pd.DataFrame({"reason": [f"reason {number}" for number in range(90)], "contacts": range(90)})
    wide = pd.DataFrame({f"column number {number}": [f"a long text {number}"] for number in range(30)})
    (path,) = cpc.export([long, wide], tmp_path / "tables.pptx")
    tables = [(slide, shape.table) for slide in Slides(str(path)).slides for shape in slide.shapes if shape.has_table]
    assert len(tables) > 4 and all(
        f"({number}/" in slide.shapes.title.text for number, (slide, _) in enumerate(tables[:3], 1)
    )
    reasons = [
        row.cells[0].text for _, table in tables for row in list(table.rows)[1:] if row.cells[0].text[:6] == "reason"
    ]
    assert reasons == long["reason"].tolist()
    heads = [cell.text for _, table in tables for cell in table.rows[0].cells]
    assert heads.count("Reason") > 1 and {heading.capitalize() for heading in wide} <= {
        text.capitalize() for text in heads
    }


def outside(page: PageObject) -> list[str]:
    """The texts of a page that reach over its edge."""
    wide, high = float(page.mediabox.width), float(page.mediabox.height)
    found = []

    def judge(text: str, _: list[float], matrix: list[float], __: object, size: float) -> None:
        words, across, up = text.strip(), matrix[4], matrix[5]
        reach = text_width(words, size * matrix[0]) / 1.04 if abs(matrix[1]) < 1e-6 else 0.0
        if words and not (across >= 0 and across + reach <= wide + TOUCH and 0 <= up <= high):
            found.append(words)

    page.extract_text(visitor_text=judge)
    return found


@needs_office
def test_another_program_shows_every_slide_whole(paths, tmp_path: Path) -> None:
    for path, document in zip(paths, converted(paths, "pdf", tmp_path), strict=True):
        slides, pages = Slides(str(path)).slides, PdfReader(str(document)).pages
        assert len(pages) == len(slides)
        for slide, page in zip(slides, pages, strict=True):
            shown = "".join(page.extract_text().split())
            assert "".join(slide.shapes.title.text.split()) in shown
            assert outside(page) == []


def test_the_slide_of_a_statement_shows_the_whole_way(tmp_path: Path) -> None:
    statement = cpc.cost_statement(dataset(contacts([{}] * 10), costs(("salaries", 100.0), ("snacks", 12.34))))
    (path,) = cpc.export(statement, tmp_path / "way.pptx")
    (slide,) = Slides(str(path)).slides
    said = " ".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
    assert (
        "Posted in the ledger 100.00 DKK, moved between months 0.00 DKK: ledger 100.00 DKK = used and waiting 100.00 "
        "DKK + unallocated 0.00 DKK; difference 0.00 DKK. Without shifts waiting is not known: used is used and "
        "waiting together. Set aside, and in none of these figures: 1 cost line of 12.34 DKK."
    ) in said
    (table,) = [shape.table for shape in slide.shapes if shape.has_table]
    assert [cell.text for cell in table.rows[1].cells] == ["Salaries", "100", "100", "not known", "0"]
