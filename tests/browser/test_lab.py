"""The notebooks as their reader meets them: in JupyterLab, in a browser, without a network."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest

from tests.browser.lab import BROWSER, NOTEBOOKS, Lab

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(BROWSER is None, reason="needs chromium, chromium-browser or google-chrome on the path"),
]

VEGA_LITE = re.compile(r"application/vnd\.vegalite\.v\d+(\.\d+)?\+json")
#: Of each chart that is drawn, how many things it draws, on whichever kind of ground.
MARKS = """selector => [...document.querySelectorAll(`${selector} .jp-RenderedVegaCommon5`)].map(chart => {
    const svg = chart.querySelector('svg.marks');
    if (svg) return svg.querySelectorAll('path, rect, text, line').length;
    const canvas = chart.querySelector('canvas.marks');
    if (!canvas) return 0;
    const points = new Uint32Array(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.buffer);
    return new Set(points).size;
})"""
DRAWN = f"([selector, number]) => {{ const marks = ({MARKS})(selector); " \
    "return marks.length === number && marks.every(count => count > 10); }"  # fmt: skip
NOTEBOOK = ".jp-NotebookPanel:not(.lm-mod-hidden)"


def charts_in(cells: list) -> int:
    return sum(
        any(VEGA_LITE.fullmatch(kind) for kind in output.get("data", {}))
        for cell in cells
        for output in cell.get("outputs", [])
    )


def faults_of(cells: list[dict]) -> list[str]:
    """What went wrong in code cells that were run."""
    outputs = [output for cell in cells for output in cell["outputs"]]
    faults = [f"{output['ename']}: {output['evalue']}" for output in outputs if output["output_type"] == "error"]
    faults += ["".join(output["text"]) for output in outputs if output.get("name") == "stderr"]
    return faults + [f"not run: {''.join(cell['source'])}" for cell in cells if not cell["execution_count"]]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_and_draws_every_chart(opened: Lab, path: Path) -> None:
    expected = charts_in(nbformat.read(path, 4).cells)
    cells = opened.run(path.name)
    assert faults_of(cells) == []
    assert charts_in(cells) == expected > 0
    opened.page.wait_for_function(DRAWN, arg=[NOTEBOOK, expected], timeout=30_000)
    assert opened.picture(path.stem).stat().st_size > 50_000
    assert opened.complaints == []
    assert opened.wanted == []


def test_exploring_follows_its_controls(opened: Lab) -> None:
    cells = opened.run("explore.ipynb")
    assert faults_of(cells) == []
    page = opened.page
    assert page.locator(f"{NOTEBOOK} .jp-OutputArea-output.jp-RenderedHTML table").count() == 4
    page.wait_for_function(DRAWN, arg=[NOTEBOOK, 1], timeout=30_000)
    code, table = page.locator(f"{NOTEBOOK} .widget-html pre"), page.locator(f"{NOTEBOOK} .widget-html table")
    assert 'cpc.measure(data, "cost_per_contact", by=["month"])' in code.inner_text()
    assert "Cost per contact" in table.inner_text() and "DKK" in table.inner_text()
    opened.picture("explore")

    controls = page.locator(f"{NOTEBOOK} .widget-dropdown")
    controls.filter(has_text="Quantity").locator("select").select_option(label="Customer satisfaction")
    controls.filter(has_text="Compared by").locator("select").select_option(label="channel")
    page.wait_for_function(
        f"() => document.querySelector('{NOTEBOOK} pre').innerText.includes('[\"month\", \"channel\"]')"
    )
    page.wait_for_function(DRAWN, arg=[NOTEBOOK, 1], timeout=30_000)
    assert 'cpc.measure(data, "csat", by=["month", "channel"])' in code.inner_text()
    assert "%" in table.inner_text() and "DKK" not in table.inner_text()
    assert "Customer satisfaction" in spoken(page)
    opened.picture("explore-changed")
    assert opened.complaints == []
    assert opened.wanted == []


def spoken(page) -> str:
    """What a chart says for those who do not see it."""
    drawing = page.locator(f"{NOTEBOOK} .jp-RenderedVegaCommon5 .marks").first
    return drawing.evaluate("drawing => drawing.closest('[aria-label]').getAttribute('aria-label')")


def test_the_search_for_faults_can_fail() -> None:
    broken = {"output_type": "error", "ename": "ValueError", "evalue": "no"}
    warned = {"output_type": "stream", "name": "stderr", "text": ["beware"]}
    chart = {"output_type": "display_data", "data": {"application/vnd.vegalite.v5+json": {}}}
    cells = [{"execution_count": 1, "outputs": [broken, warned, chart], "source": "x"},
             {"execution_count": None, "outputs": [], "source": "y"}]  # fmt: skip
    assert faults_of(cells) == ["ValueError: no", "beware", "not run: y"]
    assert charts_in(cells) == 1
