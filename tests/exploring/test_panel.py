"""The widgets of an explorer: what they offer, that a change of theirs is answered, and what stands in for them."""

from __future__ import annotations

import re

import nbformat
import pytest

import cpc_analysis as cpc
from cpc_analysis.errors import InvalidInputError
from cpc_analysis.exploring import answering, explore, explorer
from cpc_analysis.presentation import Presentation

VEGA_LITE, WIDGET = "application/vnd.vegalite.v5+json", "application/vnd.jupyter.widget-view+json"
EXPLORING = 'import cpc_analysis as cpc\n\ncpc.explore(cpc.load_sample(), by=["quarter", "channel"])'


def texts(control) -> list[str]:
    return [text for text, _ in control.options]


def chart(panel) -> dict:
    return panel.chart.outputs[0]["data"][VEGA_LITE]


def test_controls_show_the_question_and_changes_are_answered(sample):
    explorer = explore(sample)
    panel = explorer.panel
    assert (panel.quantity.value, panel.grain.value, panel.group.value) == ("cost_per_contact", "month", "")
    assert "DKK" in panel.table.value and chart(panel) == explorer.answer.chart[VEGA_LITE]

    before = chart(panel)
    panel.quantity.value = "csat"
    assert explorer.question.quantity == "csat" and chart(panel) != before
    assert "DKK" not in panel.table.value and "%" in panel.table.value and "&quot;csat" not in panel.code.value
    assert '"csat", by=["month"])' in panel.code.value

    panel.group.value = "channel"
    panel.filters["site"].value = "Odense"
    panel.period.value = "2025"
    assert explorer.code == (
        "import cpc_analysis as cpc\n\n"
        'frame = cpc.measure(\n    data,\n    "csat",\n    by=["month", "channel"],\n'
        '    where={\n        "site": "Odense",\n        "year": "2025",\n    },\n)\ncpc.charts.trend(frame)'
    )
    panel.grain.value = panel.group.value = ""
    assert panel.chart.outputs == () and panel.table.value == ""
    assert re.fullmatch(r"<p>Customer satisfaction, 2025, Odense: \d\d\.\d%</p>", panel.sentence.value)


def test_controls_offer_only_what_goes_with_the_quantity(sample):
    panel = explore(sample, "cost_per_contact", by=["month", "channel"], where={"channel": "voice"}).panel
    assert panel.filters["channel"].layout.display is None
    panel.quantity.value = "occupancy"
    assert (panel.group.value, panel.filters["channel"].value) == ("", "")
    assert panel.filters["channel"].layout.display == "none" and panel.filters["team"].layout.display is None
    assert "channel" not in texts(panel.group) and "team" in texts(panel.group)
    panel.quantity.value = "cost_per_contact"
    assert panel.filters["channel"].layout.display is None and "channel" in texts(panel.group)
    panel.period.value = "2025-06"
    assert texts(panel.grain) == ["–", "day", "week"] and panel.grain.value == ""


def test_a_refusal_stands_in_place_of_the_chart(sample, monkeypatch):
    panel = explore(sample).panel

    def refuse(*_: object) -> None:
        raise InvalidInputError("`this` must not be <b>asked</b>.")

    monkeypatch.setattr(answering, "measure", refuse)
    panel.quantity.value = "contacts"
    assert panel.sentence.value == "<p>`this` must not be &lt;b&gt;asked&lt;/b&gt;.</p>"
    assert panel.chart.outputs == () and panel.table.value == ""
    monkeypatch.undo()
    panel.quantity.value = "csat"
    assert panel.sentence.value == "" and panel.chart.outputs


def test_labels_and_options_are_in_the_language_of_the_data(sample):
    panel = explore(sample.replace(presentation=Presentation(language="da"))).panel
    controls = (panel.quantity, panel.grain, panel.group, panel.period, panel.filters["channel"], panel.filters["site"])
    assert [control.description for control in controls] == [
        "Nøgletal", "Over tid", "Fordelt på", "Periode", "Kanal", "Sted" if "Sted" in panel.filters["site"].description
        else panel.filters["site"].description,
    ]  # fmt: skip
    assert "Omkostning pr. henvendelse" in texts(panel.quantity)
    assert texts(panel.grain) == ["–", "uge", "måned", "kvartal", "år"]
    assert texts(panel.period)[0] == "hele perioden" and "2. kvartal 2025" in texts(panel.period)
    assert texts(panel.filters["channel"])[:2] == ["alle", "tilbagekald"] and "telefon" in texts(
        panel.filters["channel"]
    )
    assert "Ét klik markerer koden" in panel.code.value
    panel.quantity.value = "csat"
    assert "Kundetilfredshed" in texts(panel.quantity)


def test_widgets_are_made_only_where_someone_can_use_them(sample, monkeypatch):
    still = explore(sample)._repr_mimebundle_()
    assert set(still) == {"text/plain", "text/html", "image/svg+xml"}
    monkeypatch.setattr(explorer, "_takes_input", lambda: True)
    live = explore(sample)
    bundle = live._repr_mimebundle_()
    assert set(bundle) == {*still, WIDGET}
    assert bundle[WIDGET]["model_id"] == live.panel.box.model_id
    assert bundle["text/html"] == still["text/html"] and bundle["image/svg+xml"] == still["image/svg+xml"]
    live.panel.quantity.value = "csat"
    assert live._repr_mimebundle_()["text/html"] != still["text/html"]
    live.panel.grain.value = ""
    assert "image/svg+xml" not in live._repr_mimebundle_()


def test_a_notebook_saved_with_widgets_keeps_a_picture_for_those_without(sample, monkeypatch):
    from nbconvert import HTMLExporter

    monkeypatch.setattr(explorer, "_takes_input", lambda: True)
    output = nbformat.v4.new_output("execute_result", explore(sample)._repr_mimebundle_(), execution_count=1)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("explore", outputs=[output])])
    page, _ = HTMLExporter().from_notebook_node(notebook)
    assert "data:image/svg+xml;base64," in page and "cpc.charts.trend(frame)" in page and WIDGET not in page


@pytest.mark.parametrize(("kernel", "takes"), [(None, False), ({"allow_stdin": False}, False),
                                               ({"allow_stdin": True}, True), ({}, False)])  # fmt: skip
def test_who_runs_notebooks_unattended_says_that_it_takes_no_input(monkeypatch, kernel, takes):
    class Shell:
        class kernel:
            @staticmethod
            def get_parent(channel: str) -> dict:
                assert channel == "shell"
                return {"content": kernel}

    monkeypatch.setattr("IPython.get_ipython", lambda: None if kernel is None else Shell)
    assert explorer._takes_input() is takes


def test_a_notebook_run_unattended_holds_a_picture_its_table_and_its_code(tmp_path):
    from nbconvert import HTMLExporter

    cells = [
        nbformat.v4.new_markdown_cell("# Exploring\n\nWhat did a contact cost?"),
        nbformat.v4.new_code_cell('period: str = ""  # unused', metadata={"tags": ["parameters"]}),
        nbformat.v4.new_code_cell(EXPLORING, metadata={"tags": ["answer"]}),
    ]
    path = tmp_path / "exploring.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    report = cpc.run_notebook(path, output=tmp_path / "reports")
    executed = nbformat.read(report.notebook, 4)
    data = executed.cells[-1].outputs[0].data
    assert set(data) == {"text/plain", "text/html", "image/svg+xml"}
    assert "widgets" not in executed.metadata
    assert data["text/plain"].startswith("Cost per contact was highest for chat")

    page, _ = HTMLExporter().from_notebook_node(executed)
    for part in ("data:image/svg+xml;base64,", "<td>78.63 DKK</td>", "cpc.charts.trend(frame)"):
        assert part in page, part
    assert "widget-view" not in page
    assert "<svg" in report.page.read_text(encoding="utf-8")
    assert [picture.suffix for picture in report.pictures] == [".svg", ".png"]
