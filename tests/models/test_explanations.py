"""Explanations as tables and in one sentence: what stands there follows from the frames they are made of."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import cpc_analysis as cpc
from cpc_analysis import models
from cpc_analysis.models.selection import Selection
from cpc_analysis.periods import parse_period
from tests.centres import contacts, costs, dataset


@pytest.fixture(scope="module")
def june(sample: cpc.Dataset) -> Selection:
    return Selection(sample, parse_period("2025-06"), "month", {})


def number(text: str) -> float:
    return float(text.replace(",", "").split()[0].rstrip("%"))


def test_the_pack_shows_every_figure_and_its_change(sample: cpc.Dataset):
    pack = cpc.monthly_pack(sample, "2025-06")
    page = models.pack_table(pack)
    assert list(page)[:2] == ["June 2025", "budget"] and {"May 2025", "June 2024", "year to date"} <= set(page)
    cost = page.loc["Cost per assisted contact"]
    frame = pack.to_frame().set_index("quantity").loc["cost_per_assisted_contact"]
    assert number(cost["June 2025"]) == round(frame["value"], 2)
    assert cost["May 2025"].startswith(f"{frame['before']:.2f} DKK (")
    assert "Uncounted cost" not in page.index and len(models.pack_table(pack, "footer")) == 3
    answer = models.answer_pack(pack)
    assert answer.startswith(f"In June 2025 an assisted contact cost {frame['value']:.2f} DKK, ")
    assert "on the flexed budget" in answer and "service level" in answer and answer.count(".") >= 2


def test_a_bridge_as_a_table_adds_up(june: Selection):
    bridge = models.bridge_of_month(june)
    assert "budget" in bridge.before_name
    table = models.bridge_table(bridge)
    single = [name for name in table.index if not name.startswith("together: ")]
    assert sum(number(text) for text in table.loc[single].iloc[:, 0]) == pytest.approx(bridge.total, abs=0.05)
    segments = models.bridge_by_segment(bridge)
    assert number(segments.loc["sum", "all"]) == pytest.approx(bridge.total, abs=0.01)
    assert models.answer_change(bridge) == bridge.answer()
    assert not any(text == "-0.00" for text in segments.to_numpy().ravel())


def test_a_month_without_a_budget_is_compared_with_the_one_before(june: Selection):
    rows = [
        {"started_at": f"2025-0{month}-{day} 10:00", "handle_seconds": 60.0} for month in (5, 6) for day in ("01", "30")
    ]
    ledger = pd.concat([costs(("salaries", 10), month="2025-05"), costs(("salaries", 20), month="2025-06")])
    bridge = models.bridge_of_month(Selection(dataset(contacts(rows), ledger), june.period, "month", {}))
    assert (bridge.before_name, bridge.before, bridge.after) == ("May 2025", 5.0, 10.0)


def test_definitions_as_a_table(sample: cpc.Dataset):
    frame = cpc.compare_definitions(sample, where={"month": "2025-06"})
    table = models.definitions_table(frame)
    assert table.loc["own", "gap"] == "0.00"
    known = frame.set_index("definition")
    assert number(table.loc["offered", "cost per contact"]) == round(known.loc["offered", "cost_per_contact"], 2)
    answer = models.answer_definitions(frame, "June 2025")
    assert (
        f"{known['cost_per_contact'].min():.2f} DKK" in answer
        and f"{known['cost_per_contact'].max():.2f} DKK" in answer
    )
    nothing = frame.assign(cost_per_contact=np.nan)
    assert models.answer_definitions(nothing, "June 2025").startswith(
        "For June 2025 no definition has a cost per contact"
    )


def test_wages_of_a_selection_go_two_years_back(june: Selection):
    wages = models.wages_of(june)
    assert wages.attrs["since"] == "2023-06" and f"{wages['month'].max():%Y-%m}" == "2025-06"
    table = models.wage_table(wages)
    assert list(table.index) == sorted(table.index) and "raise cost [DKK]" in table
    answer = models.answer_wages(wages)
    assert answer.startswith("In June 2025 an hour was paid ") and "a general raise did +" in answer
    early = Selection(june.data, parse_period("2024-02"), "month", {})
    assert models.wages_of(early).attrs["since"] == "2023-01"
    assert "there was no general raise" in models.answer_wages(models.wages_of(early))


def test_steps_as_a_table(sample: cpc.Dataset):
    table = models.sensitivity_table(cpc.sensitivity(sample, where={"month": "2025-06"}))
    assert list(table) == ["cash [DKK]", "capacity [DKK]"]
    assert table.loc["wage", "cash [DKK]"].startswith("-") and table.loc["wage", "capacity [DKK]"] == "0.00"


def test_benchmarks_as_a_table(sample: cpc.Dataset):
    data = sample.replace(counting=cpc.Counting(directions=("in",)))
    frame = cpc.compare_benchmarks(data, "2025-06")
    table = models.benchmark_table(frame)
    assert "own [DKK]" in table and len(table) == len(frame)
    assert "own" not in " ".join(models.benchmark_table(cpc.benchmarks()))
    above = int((frame["difference"] > 0).sum())
    assert f"above {above} of {len(frame)} published figures" in models.answer_benchmarks(frame, "June 2025")


def test_drivers_and_agents_as_tables_and_in_words(june: Selection):
    model = cpc.fit_drivers(june.data, ["product"], where={"month": "2025"})
    table = models.drivers_table(model)
    assert list(table)[:3] == ["level", "contacts", "effect [%]"]
    assert table.loc[table["level"] == "fashion", "effect [%]"].item() == "reference"
    answer = models.answer_drivers(model, "product", "the year to June 2025")
    assert answer.startswith("Over the year to June 2025: handle time is ") and "capacity and not cash" in answer
    resolved = cpc.fit_drivers(june.data, ["product"], outcome="resolved", where={"month": "2025"})
    assert "seconds" not in models.drivers_table(resolved)
    frame = pd.DataFrame({"team": ["a", "b", "c"], "contacts": [100, 100, 9], "observed": [300.0, 400, np.nan],
                          "expected": [310.0, 300, np.nan], "ratio": [0.97, 1.33, np.nan],
                          "shrunk": [0.98, 1.3, np.nan],
                          "verdict": ["within the usual", "above the usual", "too few contacts"]})  # fmt: skip
    frame.attrs = {"unit": "seconds"}
    assert models.agents_table(frame).loc["b"].tolist() == [
        "100",
        "400.0 s",
        "300.0 s",
        "133.0%",
        "130.0%",
        "above the usual",
    ]
    assert models.agents_in_words(frame) == "Above the usual: b (+33%). 1 more have too few contacts to tell."
    calm = frame.assign(verdict="within the usual")
    assert models.agents_in_words(calm) == "None of 3 teams lies outside ordinary differences."


def test_issues_as_a_table_tie_out(june: Selection):
    issues = cpc.issue_costs(june.data, where=june.now)
    table = models.issues_table(issues)["all"]
    parts = [number(table[name]) for name in table.index if name.startswith(("on ", "unallocated"))]
    assert sum(parts) == pytest.approx(number(table["ledger [DKK]"]), abs=3)
    resolved = cpc.cost_of_resolution(june.data, where=june.now)
    assert models.answer_resolution(issues, resolved, june.title).startswith(
        f"In June 2025 a resolution cost {resolved['cost_of_resolution'][0]:.2f} DKK, a contact "
    )
    resolved.attrs["quantity"] = "cost_per_closed_issue"
    assert "a closed issue cost" in models.answer_resolution(issues, resolved, june.title)
    shares = models.resolution_table(cpc.resolution(june.data, where=june.now))
    assert "surveyed resolution" not in shares and "first-contact resolution" in shares
    kept = models.containment_table(cpc.containment(june.data, where=june.now))
    assert number(kept["net containment"].iloc[0]) > 90


def test_causes_as_tables(june: Selection):
    causes = cpc.contact_causes(june.data, period="2025-06")
    table = models.causes_table(causes)
    assert table.index[0] == "delivery late" and table.index[-1] == "(other work)"
    assert table["added up"].iloc[-1] == "100.0%"
    removed = cpc.value_of_removal(june.data, 0.3, period="2025-06")
    worth = models.removal_table(removed)
    assert worth.index[-1] == "all" and number(worth.loc["all", "cash [DKK]"]) == round(removed["cash"].sum())
    assert models.answer_causes(causes, removed, 0.3, "June 2025").startswith("In June 2025 delivery late cost most, ")


def test_a_trend_lies_in_its_usual_limits(june: Selection):
    quantity = "cost_per_contact"
    frame = cpc.measure(june.data, quantity, by=["month"], where=june.history)
    chart = cpc.charts.trend(frame, limits=cpc.process_limits(june.data, quantity)).to_dict()
    band = chart["layer"][0]
    assert band["mark"]["type"] == "area" and len(band["data"]["values"]) == 13
    assert "Band: usual limits." in " ".join(chart["title"]["subtitle"])
    assert len(cpc.charts.trend(frame).to_dict()["layer"]) == len(chart["layer"]) - 1


def test_a_selection_says_its_history_and_its_definition(sample: cpc.Dataset):
    selection = models.select("", "2025-06", definition="issues")
    assert selection.history_title == "the 13 months to June 2025"
    assert str(selection).endswith("By the definition 'issues'.")
    assert selection.data.counting.unit == "issue"
    with pytest.raises(cpc.CpcError, match="There is no definition 'issue'"):
        models.select("", "2025-06", definition="issue")
    with pytest.raises(cpc.CpcError, match="'inbound only' leaves out cost"):
        models.select("", "2025-06", definition="inbound only")
