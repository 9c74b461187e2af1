"""What notebooks show of results that are more than a frame: tables with units, no raw numbers; `repr` stays plain."""

from __future__ import annotations

import re
from html import escape
from io import StringIO

import pandas as pd
import pytest

import cpc_analysis as cpc
from cpc_analysis import models
from cpc_analysis.models.readable import html_of
from cpc_analysis.presentation import Presentation
from tests.centres import contacts, costs, dataset

#: A number as the machine writes it: more decimals than anybody reads, an exponent, or no number at all.
RAW = re.compile(r"\d\.\d{4,}|\de[+-]\d|\bnan\b|\bNaT\b|\bNone\b")


def tables(html: str) -> list[pd.DataFrame]:
    return pd.read_html(StringIO(html), index_col=0, keep_default_na=False)


def test_a_dataset_shows_its_tables_and_policies(sample):
    html = sample._repr_html_()
    shown = tables(html)[0]
    assert list(shown.index) == list(sample.tables)
    assert shown.loc["contacts"].to_list() == [487_907, 0, "1 January 2023 to 30 June 2025"]
    assert shown.loc["budget", "covers"] == "January 2023 to June 2025" and shown.loc["agents", "covers"] == "-"
    assert "<p>Sample centre: amounts in DKK, times in Europe/Copenhagen.</p>" in html
    assert f"<p>{sample.counting}</p>" in html and "<p>Costs go to work of every direction" in html
    assert html.endswith("<p>Results are in English.</p>") and not RAW.search(html)
    assert repr(sample) == (
        "Dataset(Sample centre: contacts, shifts, surveys, costs, agents, hours, budget, bases; DKK, Europe/Copenhagen)"
    )


def test_a_dataset_shows_its_presentation_in_its_language(sample):
    house = Presentation("da", "Lato", {"accent": "#003366"}, "logo.svg", "board.pptx")
    html = sample.replace(presentation=house)._repr_html_()
    assert html.endswith(
        "<p>Resultater er på dansk. Deres skrifttype er Lato. Deres farver er accent #003366. Deres logo er logo.svg. "
        "Deres slides følger board.pptx.</p>"
    )
    assert "<p>Sample centre: beløb i DKK, tider i Europe/Copenhagen.</p>" in html
    assert "<td>487.907</td>" in html and "1. januar 2023 til 30. juni 2025" in html


def test_a_dataset_shows_what_is_set_aside_and_why_a_table_cannot_be_read():
    rows = contacts([{}, {"channel": "vocie"}])
    shown = tables(dataset(rows, costs(("salaries", 100.0)))._repr_html_())[0]
    assert shown["rows"].to_dict() == {"contacts": 1, "costs": 1} and shown["set aside"].to_list() == [1, 0]
    strict = cpc.Settings(strict=True)
    html = dataset(rows, costs(("salaries", 100.0)), settings=strict)._repr_html_()
    assert "`contacts.channel` must be one of" in html and "Did you mean 'voice'?" in html
    assert tables(html)[0].loc["contacts"].to_list() == ["-", "-", "-"]
    nameless = dataset(contacts([{}]), None)._repr_html_()
    assert "<p>A dataset without a name: amounts in DKK" in nameless and "Costs go" not in nameless


def test_rows_that_the_readers_set_aside_are_counted(tmp_path, handmade):
    assert tables(handmade._repr_html_())[0]["set aside"].to_dict() == handmade.check().set_aside


def test_a_check_report_shows_its_figures(sample):
    report = sample.check()
    html = report._repr_html_()
    counts, files, months = tables(html)
    assert counts["read"].to_dict() == report.read and counts["accepted"].to_dict() == report.accepted
    assert list(files.columns) == ["file", "read", "set aside", "excluded", "accepted"]
    assert months.loc["2025-06"].to_list() == [16_033, "628,135.55 DKK", "yes"]
    assert all(f"<p>{note}</p>" in html for note in report.notes) and not RAW.search(html)
    assert str(report).startswith("Table      read") and repr(report).startswith("CheckReport(")


def test_a_check_report_shows_what_broke_a_rule():
    lines = costs(("salaries", 100.0), ("salries", 1234.5))
    html = dataset(contacts([{}, {"channel": "<b>"}]), lines).check()._repr_html_()
    broken = tables(html)[1]
    assert broken.index.to_list() == ["contacts", "costs"] and broken["rows"].to_list() == [1, 1]
    assert broken["contacts"].astype("str").to_list() == ["1", ""] and broken["amount"].to_list() == [
        "",
        "1,234.50 DKK",
    ]
    assert "<p>Set aside</p>" in html and "<p>Files</p>" not in html


@pytest.fixture(scope="module")
def results(sample) -> dict[str, object]:
    return {
        "bridge": cpc.explain_change(sample, "cost_per_contact", before="2025-05", after="2025-06"),
        "drivers": cpc.fit_drivers(sample, ["product"], where={"month": "2025-06"}),
        "pack": cpc.monthly_pack(sample, "2025-06"),
    }


def test_a_result_shows_what_it_says_and_its_table(results):
    parts = {
        "bridge": [models.bridge_table(results["bridge"])],
        "drivers": [models.drivers_table(results["drivers"])],
        "pack": [models.pack_table(results["pack"]), models.pack_table(results["pack"], "footer")],
    }
    for name, result in results.items():
        html = result._repr_html_()
        assert all(table._repr_html_() in html for table in parts[name]), name
        assert f"<p>{escape(str(result), quote=False)}</p>" in html, name
        assert f"<p>{escape(result.definition, quote=False)}</p>" in html, name
        assert "DKK" in html and not RAW.search(html), name
        assert repr(result).startswith(f"{type(result).__name__}("), name


def test_what_nobody_knows_how_to_show_is_refused():
    with pytest.raises(TypeError, match="Nothing says how a int is shown"):
        html_of(3)
