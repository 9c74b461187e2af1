"""Pages: whole in one file, alive without a network, still where no script runs, and made for paper too."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from PIL import Image

import cpc_analysis as cpc
from cpc_analysis import charts
from cpc_analysis.errors import CpcError
from cpc_analysis.exports.exhibits import exhibits_of
from cpc_analysis.presentation import Presentation

pytestmark = pytest.mark.xdist_group("exports")

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture(scope="module")
def path(month, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return cpc.export(month.items, tmp_path_factory.mktemp("pages") / "june.html")[0]


@pytest.fixture(scope="module")
def page(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "lxml")


def test_nothing_is_loaded_from_anywhere(page) -> None:
    for name in ("src", "href", "action", "data", "srcset"):
        loaded = [element[name] for element in page.find_all(attrs={name: True}) if element.name != "a"]
        assert all(text.startswith(("data:", "#")) for text in loaded), (name, loaded)
    assert not page.find_all(["link", "iframe", "object", "embed", "base"])
    style = " ".join(element.get_text() for element in page.find_all("style"))
    styles = style + " ".join(element["style"] for element in page.find_all(style=True))
    assert "@import" not in styles and not re.search(r"url\((?!#|['\"]?data:)", styles)
    policy = page.find("meta", attrs={"http-equiv": "Content-Security-Policy"})["content"]
    assert policy.startswith("default-src 'none'") and "http" not in policy
    for data in page.find_all("script", type="application/json"):
        assert '"url"' not in data.get_text()


def test_every_chart_is_alive_and_still(page, month) -> None:
    drawn = [exhibit for exhibit in exhibits_of(month.items) if exhibit.specification is not None]
    figures = page.find_all("figure")
    assert len(figures) == len(drawn) and "vegaEmbed" in str(page.find_all("script")[-1])
    for figure, exhibit in zip(figures, drawn, strict=True):
        live, still = figure.find(class_="live"), figure.find(class_="still")
        told = json.loads(page.find(id=f"{live['id']}-data").get_text())
        assert told == {name: part for name, part in exhibit.specification.items() if name != "title"}
        assert still.find("svg") is not None and figure["aria-label"] == exhibit.alt
        assert figure.parent.find("table") is not None or exhibit.numbers is None
    assert [heading.get_text() for heading in page.find_all("h1")] == [
        found.title for found in exhibits_of(month.items)
    ]


def test_paper_has_its_own_rules(page) -> None:
    style = page.find("style").get_text()
    paper = style[style.index("@media print") :]
    assert "@page" in style and "break-inside: avoid" in paper and ".js .live { display: none; }" in paper
    assert "thead { display: table-header-group; }" in paper


def test_texts_stay_texts_and_danish_is_danish(frame, tmp_path: Path) -> None:
    told = pd.DataFrame({"reason": ["<script>alert(1)</script>", "a & b"]})
    told.attrs["title"] = "</title><b>bold"
    (path,) = cpc.export([told, charts.levels(frame, language="da"), frame], tmp_path / "juni.html", language="da")
    text = path.read_text(encoding="utf-8")
    page = BeautifulSoup(text, "lxml")
    assert "alert(1)</script>" not in text and page.title.get_text() == "</title><b>bold"
    assert page.html["lang"] == "da" and "40,66" in page.get_text() and "telefon" in page.get_text()


def test_a_logo_is_in_the_page(frame, tmp_path: Path) -> None:
    Image.new("RGB", (40, 20), "red").save(tmp_path / "logo.png")
    styled = frame.copy()
    styled.attrs["presentation"] = Presentation(logo=str(tmp_path / "logo.png"), font='Lato"; } body { display: none')
    text = cpc.export(styled, tmp_path / "logo.html")[0].read_text(encoding="utf-8")
    page = BeautifulSoup(text, "lxml")
    assert page.header.img["src"].startswith("data:image/png;base64,") and page.header.img["alt"] == ""
    assert "} body { display" not in text
    styled.attrs["presentation"] = Presentation(logo=str(tmp_path / "gone.png"))
    with pytest.raises(CpcError, match="`logo` must be a file"):
        cpc.export(styled, tmp_path / "gone.html")
    styled.attrs["presentation"] = Presentation(logo=str(tmp_path / "logo.txt"))
    with pytest.raises(
        CpcError, match=r"^`logo` must be a picture \(\.png, \.svg, \.jpg, \.jpeg\), got .*logo\.txt\.$"
    ):
        cpc.export(styled, tmp_path / "gone.html")


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")
def test_a_browser_draws_the_charts_without_a_network(path, month) -> None:
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND",
               "--virtual-time-budget=20000", "--dump-dom", path.as_uri()]  # fmt: skip
    drawn = BeautifulSoup(subprocess.run(command, check=True, capture_output=True, timeout=120).stdout, "lxml")
    live = drawn.find_all(class_="live")
    count = sum(exhibit.specification is not None for exhibit in exhibits_of(month.items))
    assert len(live) == count and all(place.find("svg") is not None for place in live)
