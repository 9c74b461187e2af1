"""The columns of results as they are read: their names, units and values."""

from __future__ import annotations

import pandas as pd
import pytest

import cpc_analysis as cpc
from cpc_analysis.exports.cells import cells_of
from cpc_analysis.exports.columns import columns_of
from cpc_analysis.exports.headings import heading_of
from cpc_analysis.language import speaking

pytestmark = pytest.mark.xdist_group("exports")


def test_amounts_and_shares_have_their_units_on_pages_and_in_workbooks() -> None:
    frame = pd.DataFrame({"product": ["home"], "cost_of_repeats": [1234.5], "share_of_cost": [0.256], "year": [2015],
                          "step": ["wage"], "complete": [True]})  # fmt: skip
    frame.attrs["currency"] = "DKK"
    cells = cells_of(frame)
    assert cells.heads == ("Product", "Cost of repeats (DKK)", "Share of cost", "Year", "Step", "Complete")
    assert cells.rows == (("home", "1,234.50", "25.6%", "2015", "hourly wage, 1 DKK less", "yes"),)
    with speaking("da"):
        danish = cells_of(frame)
    assert danish.heads == (
        "Produkt", "Omkostning ved genhenvendelser (kr.)", "Andel af omkostningerne", "År", "Trin", "Fuldstændig",
    )  # fmt: skip
    assert danish.rows[0][1:5] == ("1.234,50", "25,6\xa0%", "2015", "timeløn, 1 kr. lavere")
    columns = {column.key: column for column in columns_of(frame)}
    assert columns["cost_of_repeats"].heading == "Cost of repeats (DKK)"
    assert [columns[name].formats[0] for name in ("cost_of_repeats", "share_of_cost", "year")] == [
        "#,##0.00", "0.0%", "0",
    ]  # fmt: skip


@pytest.mark.slow
def test_every_column_of_a_result_is_said_in_danish(sample: cpc.Dataset) -> None:
    where, inbound = {"month": "2025-06"}, sample.replace(counting=cpc.Counting(directions=("in",)))
    results = [
        cpc.contact_causes(sample, period="2025-06"), cpc.value_of_removal(sample, 0.3, period="2025-06"),
        cpc.issue_costs(sample, where=where), cpc.cost_of_resolution(sample, where=where),
        cpc.containment(sample, where=where), cpc.sensitivity(sample, where=where),
        cpc.compare_agents(sample, where=where), cpc.process_limits(sample, "cost_per_contact"),
        cpc.compare_benchmarks(inbound, "2025-06"), cpc.compare_definitions(sample, where=where),
        cpc.flexed_lines(sample, where),
        cpc.wage_effect(sample, since="2025-05"), cpc.cost_statement(sample), cpc.monthly_pack(sample).to_frame(),
        cpc.explain_change(sample, before="2025-05", after="2025-06").to_frame(),
        cpc.fit_drivers(sample, ["product"], where=where).to_frame(),
    ]  # fmt: skip
    names = {str(name) for frame in results for name in frame}
    with speaking("da"):
        danish = {name: heading_of(name) for name in names}
    alike = {name for name in names if danish[name] == heading_of(name)}
    # Words that are the same in both languages.
    assert alike <= {"budget", "definition", "driver", "reference", "region"}
