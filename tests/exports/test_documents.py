"""Documents and pictures: drawn with lines and letters, a page each, and sharp where they are bitmaps."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest
from PIL import Image
from pypdf import PdfReader

import cpc_analysis as cpc
from cpc_analysis import charts
from cpc_analysis.errors import CpcError
from cpc_analysis.exports.exhibits import exhibits_of

pytestmark = pytest.mark.xdist_group("exports")


def read(path: Path) -> PdfReader:
    return PdfReader(BytesIO(path.read_bytes()))


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_a_document_of_the_month_is_vector_and_says_everything(month, tmp_path: Path) -> None:
    (path,) = cpc.export(month.items, tmp_path / "june.pdf")
    document = read(path)
    exhibits = exhibits_of(month.items)
    shown = [squeezed(page.extract_text()) for page in document.pages]
    assert len(shown) >= len(exhibits)
    for exhibit in exhibits:
        assert any(squeezed(exhibit.title) in page for page in shown), exhibit.title
    # No picture is behind the letters, which can be found and copied.
    assert not any(page.images for page in document.pages)
    assert {tuple(map(float, page.mediabox[2:])) for page in document.pages} == {(960.0, 540.0)}
    figures = next(page for page in shown if "Monthinfigures" in page or "monthinfigures" in page)
    assert "54.32DKK" in figures and "Firstcontactresolution" in figures.replace("-c", "c")
    assert document.metadata["/Title"] == exhibits[0].title and document.root_object["/Lang"] == "en"


def test_a_document_of_one_chart_is_as_large_as_the_chart(frame, tmp_path: Path) -> None:
    (path,) = cpc.export(charts.levels(frame), tmp_path / "one.pdf")
    (page,) = read(path).pages
    assert float(page.mediabox.width) < 960 and "highest for chat" in page.extract_text() and not page.images


def test_a_table_of_many_rows_goes_on_over_pages(tmp_path: Path) -> None:
    long = pd.DataFrame({"reason": [f"reason {number} æøå" for number in range(80)], "contacts": range(80)})
    texts = "A long text that goes on. " * 400
    pages = [page.extract_text() for page in read(cpc.export([long, texts], tmp_path / "long.pdf")[0]).pages]
    assert sum("Reason" in page for page in pages) > 1 and "reason 79 æøå" in "".join(pages)
    said = " ".join(" ".join(pages).split()).replace("Findings and definitions ", "")
    assert said.count("A long text that goes on.") == 400


def test_a_picture_has_twice_the_pixels_of_its_chart(frame, tmp_path: Path) -> None:
    chart = charts.levels(frame)
    (png,) = cpc.export(chart, tmp_path / "a.png")
    (svg,) = cpc.export(chart, tmp_path / "a.svg")
    (large,) = cpc.export(chart, tmp_path / "b.png", scale=4)
    drawing = ElementTree.fromstring(svg.read_text(encoding="utf-8"))
    wide, high = float(drawing.get("width")), float(drawing.get("height"))
    for path, scale in ((png, 2), (large, 4)):
        with Image.open(path) as image:
            assert image.size == pytest.approx((scale * wide, scale * high), abs=scale)
    words = [element.text for element in drawing.iter("{http://www.w3.org/2000/svg}text")]
    assert "Cost per contact: highest for chat, 76.44 DKK; lowest for voice, 40.66 DKK" in words
    assert not list(drawing.iter("{http://www.w3.org/2000/svg}image"))


def test_several_charts_are_numbered_pictures(frame, tmp_path: Path) -> None:
    paths = cpc.export([charts.levels(frame)] * 2, tmp_path / "new" / "two.svg")
    assert [path.name for path in paths] == ["two-1.svg", "two-2.svg"] and all(path.is_file() for path in paths)


def test_formats_and_folders_that_cannot_be_written(frame, tmp_path: Path) -> None:
    with pytest.raises(CpcError, match=r"^There is nothing to write to 'june\.pptx'\.$"):
        cpc.export([], tmp_path / "june.pptx")
    with pytest.raises(CpcError, match=r"^There is no chart to write to 'june\.png'\.$"):
        cpc.export([], tmp_path / "june.png")
    with pytest.raises(CpcError, match=r"^Only charts can be written as \.png, got DataFrame\.$"):
        cpc.export(frame, tmp_path / "june.png")
    with pytest.raises(CpcError, match=r"got 'june\.ppt'\. Did you mean \.pptx\?$"):
        cpc.export(frame, tmp_path / "june.ppt")
    with pytest.raises(CpcError, match="and sequences of them, got int"):
        cpc.export([frame, 7], tmp_path / "june.pptx")
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(CpcError, match="cannot be written: "):
        cpc.export(frame, tmp_path / "file" / "june.xlsx")
