"""Explanations as tables and in one sentence: what stands there follows from the frames they are made of."""

from __future__ import annotations

from html import escape

import numpy as np
import pandas as pd
import pytest

import cpc_analysis as cpc
from cpc_analysis import models
from cpc_analysis.models.readable import table_of
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
    whole = pack.to_frame().set_index("quantity").loc["cost_per_contact"]
    assert answer.startswith(f"In June 2025 a contact cost {whole['value']:.2f} DKK, ")
    assert "on the flexed budget" in answer and "service level" in answer and answer.endswith(pack.joins)
    assert f"an assisted contact cost {frame['value']:.2f} DKK." in pack.joins


def test_a_bridge_as_a_table_adds_up(june: Selection):
    bridge = models.bridge_of_month(june)
    assert "budget" in bridge.before_name
    table = models.bridge_table(bridge)
    place = list(table.index).index("sum")
    amounts = [number(text) for text in table.iloc[:, 0]]
    assert amounts[place] == pytest.approx(bridge.total, abs=0.005)
    assert sum(amounts[:place]) == pytest.approx(bridge.total, abs=0.05)
    assert amounts[:place] == sorted(amounts[:place], key=lambda amount: -abs(amount))
    assert all(name.startswith("together: ") for name in table.index[place + 1 :])
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
    assert list(table.index[:-1]) == sorted(table.index[:-1]) and table.index[-1] == "all"
    for group in table.index:
        parts = [number(table.loc[group, name]) for name in ("general raise", "seniority", "turnover", "hours")]
        assert sum(parts) == pytest.approx(number(table.loc[group, "change since June 2023"]), abs=0.021)
    last = wages[wages["month"] == wages["month"].max()]
    assert number(table.loc["all", "raise cost [DKK]"]) == round(last["raise_cost"].sum())
    steps = cpc.sensitivity(june.data, where=june.now)
    answer = models.answer_wages(wages, steps)
    assert answer.startswith("In June 2025 an hour was paid ") and "on June 2023" in answer
    assert "the general raise of March 2024 did +" in answer
    assert answer.endswith(f"One DKK more an hour adds {-steps['cash'].iloc[0]:.2f} DKK to the cost per contact.")
    early = Selection(june.data, parse_period("2024-02"), "month", {})
    assert models.wages_of(early).attrs["since"] == "2023-01"
    assert "there was no general raise" in models.answer_wages(models.wages_of(early), steps)
    without = steps[steps["step"] != "wage"]
    assert models.answer_wages(wages, without) == answer[: answer.index(" One DKK more an hour adds ")]


def test_steps_as_a_table(sample: cpc.Dataset):
    table = models.sensitivity_table(cpc.sensitivity(sample, where={"month": "2025-06"}))
    assert list(table) == ["now", "cash [DKK]", "released capacity [DKK]"]
    wage = table.loc["hourly wage, 1 DKK less"]
    assert (
        wage["now"].endswith(" DKK/h")
        and wage["cash [DKK]"].startswith("-")
        and wage["released capacity [DKK]"] == "0.00"
    )
    assert table.loc["occupancy, 1 point more", "now"].endswith("%")


def test_benchmarks_as_a_table(sample: cpc.Dataset):
    data = sample.replace(counting=cpc.Counting(directions=("in",)))
    frame = cpc.compare_benchmarks(data, "2025-06")
    table = models.benchmark_table(frame)
    assert "own [DKK]" in table and len(table) == len(frame)
    assert "own" not in " ".join(models.benchmark_table(cpc.benchmarks()))
    voice = frame[frame["channel"] == "voice"]
    answer = models.answer_benchmarks(frame, "June 2025")
    assert (
        f"In June 2025 voice cost {voice['own'].iloc[0]:.2f} DKK, above {int((voice['difference'] > 0).sum())} of "
        f"{len(voice)} published figures ({voice['converted'].min():.2f} to {voice['converted'].max():.2f}); email"
    ) in answer
    assert f"All {len(frame)} are at the prices of their years, 2011 to 2024, not raised" in answer
    left, strange = len(frame.attrs["left_out"]), len(frame.attrs["other_channels"])
    assert f"Left out: {left} figures" in answer and f", {strange} of channels" in answer
    assert left + strange + len(frame) == len(cpc.benchmarks())
    adjusted = models.answer_benchmarks(frame.assign(price_adjusted=True), "June 2025")
    assert "All are at the prices of the period." in adjusted


def test_our_figures_beside_the_published_ones(sample: cpc.Dataset):
    data = sample.replace(counting=cpc.Counting(directions=("in",)))
    frame = cpc.compare_benchmarks(data, "2025-06")
    chart = cpc.charts.benchmarks(frame).to_dict()
    published, ours = (layer["data"]["values"] for layer in chart["layer"][:2])
    assert len(published) == len(frame) and [row["channel"] for row in ours] == list(frame["channel"].unique())
    assert " ".join(chart["title"]["text"]) == (
        "Our cost per contact lies above the published figures for email, chat and self-service; among the "
        "published figures for voice"
    )
    with pytest.raises(cpc.CpcError, match="Benchmarks need a frame of compare_benchmarks"):
        cpc.charts.benchmarks(pd.DataFrame({"channel": []}))


def test_drivers_and_agents_as_tables_and_in_words(june: Selection):
    model = cpc.fit_drivers(june.data, ["product"], where={"month": "2025"})
    table = models.drivers_table(model)
    assert list(table)[:4] == ["level", "against", "contacts", "effect [%]"]
    assert set(table["against"]) == {"fashion", ""} and "fashion" not in set(table["level"])
    assert set(table["clear of chance"]) <= {"yes", "no", ""}
    assert "cash [DKK]" not in table
    money = [number(text) for text in table["released capacity [DKK]"]]
    assert table["level"].iloc[-1] == "all levels" and money[-1] == pytest.approx(sum(money[:-1]), abs=2)
    answer = models.answer_drivers(model, "product", "the year to June 2025")
    assert answer.startswith("Over the year to June 2025 handle time is ")
    assert f"time beyond the pace of fashion was worth {money[-1]:,.0f} DKK of released capacity, not cash." in answer
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
    assert models.agents_in_words(frame) == "Above the usual: b (+33%). Not judged: 1 with too few contacts to tell."
    alone = frame.assign(verdict=["within the usual", "too little history", "nothing to compare with"])
    assert models.agents_in_words(alone) == (
        "None of 1 teams lies outside ordinary differences. Not judged: 1 in too few months to tell, 1 whose work "
        "nobody else does."
    )
    early = frame.assign(verdict="too little history")
    assert models.agents_in_words(early) == "No teams can be judged. Not judged: 3 in too few months to tell."
    calm = frame.assign(verdict="within the usual")
    assert models.agents_in_words(calm) == "None of 3 teams lies outside ordinary differences."


def test_issues_as_a_table_tie_out(june: Selection):
    issues = cpc.issue_costs(june.data, where=june.now)
    table = models.issues_table(issues)["all"]
    parts = [number(table[name]) for name in table.index if name.startswith(("on ", "unallocated"))]
    assert sum(parts) == pytest.approx(number(table["ledger [DKK]"]), abs=3)
    by_channel = cpc.issue_costs(june.data, by=["channel"], where=june.now)
    beside = models.issues_table(by_channel, issues)
    assert beside["all"].tolist() == table.tolist() and len(beside.columns) == len(by_channel) + 1
    resolved = cpc.cost_of_resolution(june.data, where=june.now)
    kept = cpc.containment(june.data, where=june.now)
    answer = models.answer_resolution(issues, resolved, kept, june.title)
    assert answer.startswith(
        f"In June 2025 a contact cost {resolved['cost_per_contact'][0]:.2f} DKK (all costs over counted contacts), a "
        f"resolution {resolved['cost_of_resolution'][0]:.2f} DKK (all costs over counted contacts marked as resolved), "
        f"a closed issue {issues['cost_per_closed_issue'][0]:.2f} DKK ("
    )
    assert f"{kept['net_containment'][0]:.1%} were not followed" in answer and "(gross)" in answer
    resolved.attrs["quantity"] = "cost_per_closed_issue"
    assert ", a resolution " not in models.answer_resolution(issues, resolved, kept, june.title)
    assert models.answer_resolution(issues, resolved, kept.assign(sessions=0), "June").endswith("no self-service.")
    shares = models.resolution_table(
        cpc.resolution(june.data, by=["channel"], where=june.now), cpc.resolution(june.data, where=june.now)
    )
    assert "surveyed resolution" not in shares and "first-contact resolution" in shares
    assert "web" not in shares.index and shares.index[-1] == "all"
    assert number(models.containment_table(kept)["net containment"].iloc[0]) > 90


def test_causes_as_tables(june: Selection):
    causes = cpc.contact_causes(june.data, period="2025-06")
    table = models.causes_table(causes)
    assert table.index[0] == "delivery late" and list(table.index[-2:]) == ["(other work)", "all"]
    assert table["added up"].iloc[-2] == "100.0%"
    assert table.loc["parcel locker", "growth on June 2024"] == "new"
    removed = cpc.value_of_removal(june.data, 0.3, period="2025-06")
    worth = models.removal_table(removed)
    assert worth.index[-1] == "all" and number(worth.loc["all", "cash [DKK]"]) == round(removed["cash"].sum())
    answer = models.answer_causes(causes, removed, 0.3, "June 2025")
    assert answer.startswith("In June 2025 delivery late cost most, ")
    assert (
        " Without 30% of it 1,316 DKK would leave the ledger as cash, 1,738 DKK would be avoided later, and 13,096 DKK "
        "of paid time (59 hours) would be released for other work; 16,138 DKK would stay. " in answer
    )
    no_hours = models.answer_causes(causes, removed.assign(released_hours=float("nan")), 0.3, "June 2025")
    assert "and 13,096 DKK of paid time would be released" in no_hours
    assert "released hours" in worth and "released hours" not in models.removal_table(
        removed.assign(released_hours=float("nan"))
    )
    assert "New since June 2024: parcel locker (814 contacts); most growth on June 2024: complaint (+7%)." in answer


def test_a_trend_lies_in_its_usual_limits(june: Selection):
    quantity = "cost_per_contact"
    frame = cpc.measure(june.data, quantity, by=["month"], where=june.history)
    limits = cpc.process_limits(june.data, quantity)
    chart = cpc.charts.trend(frame, limits=limits).to_dict()
    band, rings = chart["layer"][:2]
    assert band["mark"]["type"] == "area" and len(band["data"]["values"]) == 13
    assert [row["period"] for row in rings["data"]["values"]] == ["2025-02-01", "2025-04-01", "2025-05-01"]
    assert "Band: usual limits; ringed: outside of them, February 2025, " in " ".join(chart["title"]["subtitle"])
    assert len(cpc.charts.trend(frame).to_dict()["layer"]) == len(chart["layer"]) - 2
    calm = cpc.charts.trend(frame, limits=limits.assign(is_outside=False)).to_dict()
    assert " ".join(calm["title"]["subtitle"]).endswith(" Band: usual limits.")


def test_what_lies_outside_the_usual_limits_is_named(june: Selection):
    limits = cpc.process_limits(june.data, "cost_per_contact")
    assert models.limits_in_words(limits, june.points) == (
        "Outside the usual limits: February 2025 (above), April 2025 (above), May 2025 (above)."
    )
    assert models.limits_in_words(limits, june.points[-1:]) == "Every period lies within the usual limits."
    unknown = limits.assign(low=np.nan)
    assert models.limits_in_words(unknown, june.points) == "There are too few complete periods for usual limits."


def test_new_people_are_slower_up_to_a_tenure(june: Selection):
    model = cpc.fit_drivers(june.data, ["tenure"], where=june.history)
    curve = model.curve
    answer = models.answer_drivers(model, "tenure", june.history_title)
    clear = curve.loc[curve["is_clear"], "to_month"].iloc[-1]
    assert f"; new people are clearly slower up to {clear:.0f} months of tenure. Over all levels of tenure" in answer


def test_definitions_by_channel_have_no_gaps(june: Selection):
    frame = cpc.compare_definitions(june.data, by=["channel"], where=june.now)
    table = models.definitions_by_segment(frame)
    assert list(table) == list(frame["definition"].unique()) and table.columns.name == "[DKK]"
    own = frame[(frame["channel"] == "voice") & (frame["definition"] == "own")]
    assert table.loc["voice", "own"] == f"{own['cost_per_contact'].item():.2f}"
    assert table.loc["web", "own"] == "-" and "nan" not in table.to_string().lower()


def test_notebooks_show_whole_texts():
    meaning = "All costs over <counted> contacts, " * 5
    table = table_of({"contacts": ["12"], "meaning": [meaning]}, ["own"], words=["meaning"])
    shown = table._repr_html_()
    assert escape(meaning) in shown and 'class="text"' in shown and "<td>12</td>" in shown
    said = models.paragraphs("a < b", "", "c")
    assert (str(said), said._repr_html_()) == ("a < b\nc", "<p>a &lt; b</p>\n<p>c</p>")


def test_a_selection_says_its_history_and_its_definition(sample: cpc.Dataset):
    selection = models.select("", "2025-06", definition="issues")
    assert selection.history_title == "the 13 months to June 2025"
    assert selection.history_scope.startswith("Sample centre, the 13 months to June 2025, all channels")
    assert str(selection).endswith("By the definition 'issues'.")
    assert selection.data.counting.unit == "issue"
    with pytest.raises(cpc.CpcError, match="There is no definition 'issue'"):
        models.select("", "2025-06", definition="issue")
    with pytest.raises(cpc.CpcError, match="'inbound only' leaves out cost"):
        models.select("", "2025-06", definition="inbound only")


def test_without_an_own_figure_definitions_still_have_an_answer(june: Selection):
    frame = cpc.compare_definitions(june.data, where=june.now)
    without = frame.assign(cost_per_contact=frame["cost_per_contact"].where(frame["definition"] != "own"))
    assert models.answer_definitions(without, "June").startswith(
        "In June nothing counts by the project's own definition; fair definitions of the same data give from "
    )


def test_a_site_has_no_budget_so_that_its_bridge_is_from_the_month_before():
    selection = models.select(period="2025-06", site="Aarhus")
    assert models.bridge_of_month(selection).before_name == "Aarhus, May 2025"
    assert models.bridge_of_month(models.select(period="2025-06")).before_name == "the budget"
