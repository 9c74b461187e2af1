"""Fiscal periods wherever a month, quarter or year is taken: bridges, budgets, packs, limits, charts, the explorer."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

import cpc_analysis as cpc
from cpc_analysis.cells.conditions import read_conditions
from cpc_analysis.errors import InvalidInputError
from cpc_analysis.exploring.choices import choices_of
from cpc_analysis.exploring.question import Question
from cpc_analysis.models.bridge.comparing import comparison_of
from cpc_analysis.models.budgeting import budget_for
from cpc_analysis.models.comparison import last_year
from cpc_analysis.models.selection import Selection
from cpc_analysis.models.wording import scope_in_words
from cpc_analysis.periods import parse_period
from tests.centres import contacts, costs, dataset

APRIL = cpc.Calendar(year_starts=4)
WEEKS = cpc.Calendar(year_starts=4, pattern="4-4-5")


def with_calendar(data: cpc.Dataset, calendar: cpc.Calendar) -> cpc.Dataset:
    return data.replace(settings=replace(data.settings, calendar=calendar))


@pytest.fixture(scope="module")
def april(sample: cpc.Dataset) -> cpc.Dataset:
    return with_calendar(sample, APRIL)


@pytest.fixture(scope="module")
def weeks(sample: cpc.Dataset) -> cpc.Dataset:
    return with_calendar(sample, WEEKS)


def test_a_bridge_between_fiscal_quarters_is_that_of_the_same_months(sample, april):
    fiscal = cpc.explain_change(april, "cost_per_contact", before="FY2025-Q3", after="FY2025-Q4", by=["channel"])
    civil = cpc.explain_change(sample, "cost_per_contact", before="2024-Q4", after="2025-Q1", by=["channel"])
    assert (fiscal.before_name, fiscal.after_name) == ("FY2025-Q3", "FY2025-Q4")
    assert (fiscal.before, fiscal.after) == pytest.approx((civil.before, civil.after))
    pd.testing.assert_frame_equal(fiscal.to_frame(), civil.to_frame())
    assert "Fiscal years begin in April" in fiscal.definition and "Fiscal" not in civil.definition
    last = cpc.explain_change(april, "cost_per_contact", before="last_year", after="FY2025-Q4")
    assert last.before_name == "FY2024-Q4"


def test_a_bridge_between_quarters_of_weeks_closes(weeks):
    bridge = cpc.explain_change(weeks, "cost_per_contact", before="FY2025-Q3", after="FY2025-Q4", by=["channel"])
    levels = cpc.measure(weeks, "cost_per_contact", by=["fiscal_quarter"]).set_index("fiscal_quarter")
    assert bridge.before == pytest.approx(levels.loc["FY2025-Q3", "cost_per_contact"])
    assert bridge.after == pytest.approx(levels.loc["FY2025-Q4", "cost_per_contact"])
    assert bridge.to_frame()["amount"].sum() == pytest.approx(bridge.after - bridge.before)


def test_a_comparison_of_fiscal_periods_has_their_season(april):
    compared = comparison_of("previous", "FY2025-M01", {}, APRIL)
    assert str(compared.before_period) == "FY2024-M12" and compared.season == 1
    assert str(comparison_of("last_year", "FY2025-Q2", {}, APRIL).before_period) == "FY2024-Q2"
    with pytest.raises(InvalidInputError) as refused:
        cpc.explain_change(april, "cost_per_contact", before="FY2025-Q3", after="2025-Q1")
    assert str(refused.value) == (
        "`before` and `after` must be periods of one length, got the fiscal_quarter FY2025-Q3 and the quarter 2025-Q1."
    )


def budgeted(calendar: cpc.Calendar) -> cpc.Dataset:
    rows = contacts([{"started_at": f"2025-{month}-10 10:00"} for month in ("04", "05", "06")])
    months = ("2025-04", "2025-05", "2025-06")
    ledger = pd.concat([costs(("licences", 90.0), month=month) for month in months])
    budget = pd.DataFrame({"period": months, "channel": "voice", "cost_type": "licences", "amount": 100.0,
                           "contact_count": 2, "behaviour": "fixed"})  # fmt: skip
    return dataset(rows, ledger, budget=budget, settings=cpc.Settings(calendar=calendar))


def test_a_budget_of_fiscal_months_that_are_calendar_months():
    data = budgeted(APRIL)
    frame = budget_for(data, "cost_per_contact", ["fiscal_quarter"], {"fiscal_year": "FY2026"})
    assert frame.empty, "the year has months without a budget"
    frame = budget_for(data, "total_cost", ["fiscal_month"], {"fiscal_quarter": "FY2026-Q1"})
    assert frame["fiscal_month"].tolist() == ["FY2026-M01", "FY2026-M02", "FY2026-M03"]
    assert frame["total_cost"].tolist() == [100.0] * 3
    row = cpc.flexed_budget(data, {"fiscal_quarter": "FY2026-Q1"}).iloc[0]
    assert (row["contacts"], row["total_cost"]) == (3, 300)
    bridge = cpc.explain_change(data, "cost_per_contact", before="budget", after="FY2026-Q1")
    assert (bridge.before, bridge.after) == pytest.approx((50.0, 90.0))


def test_a_budget_knows_no_fiscal_months_of_weeks():
    data = budgeted(WEEKS)
    assert budget_for(data, "total_cost", [], {"fiscal_quarter": "FY2026-Q1"}).empty
    refusal = (" is of calendar months, which fiscal months of the pattern 4-4-5 cut, got `fiscal_quarter`. "
               "Ask for months, quarters or years.")  # fmt: skip
    with pytest.raises(InvalidInputError) as refused:
        cpc.flexed_budget(data, {"fiscal_quarter": "FY2026-Q1"})
    assert str(refused.value) == f"A flexed budget{refusal}"
    with pytest.raises(InvalidInputError) as refused:
        cpc.explain_change(data, "cost_per_contact", before="budget", after="FY2026-M02")
    assert str(refused.value) == f"A budget{refusal}".replace("fiscal_quarter", "fiscal_month")
    pack = cpc.monthly_pack(data, "FY2026-Q1")
    assert "The budget is of calendar months, which fiscal months cut: FY2026-Q1 has none." in str(pack)
    assert pack.to_frame()["budget"].isna().all()
    assert budget_for(data, "total_cost", ["month"], {"quarter": "2025-Q2"})["total_cost"].tolist() == [100.0] * 3


def test_the_pack_of_a_fiscal_quarter(sample, april):
    columns = ["value", "budget", "flexed_budget", "before", "last_year"]
    fiscal, civil = cpc.monthly_pack(april, "FY2025-Q4"), cpc.monthly_pack(sample, "2025-Q1")
    pd.testing.assert_frame_equal(fiscal.to_frame()[columns], civil.to_frame()[columns])
    assert str(fiscal.period) == "FY2025-Q4" and "Fiscal years begin in April" in fiscal.definition
    whole = cpc.measure(april, "total_cost", where={"fiscal_year": "FY2025"})["total_cost"].iloc[0]
    to_date = fiscal.to_frame().set_index("quantity")["year_to_date"]
    assert to_date["total_cost"] == pytest.approx(whole)
    assert "FY2025-Q4" in fiscal._repr_html_()


def test_the_pack_of_a_month_of_weeks_ties_out(weeks):
    pack = cpc.monthly_pack(weeks, "FY2025-M03")
    assert "difference 0.00 DKK" in pack.tie_out
    value = pack.to_frame().set_index("quantity").loc["total_cost", "value"]
    assert value == pytest.approx(float(sum(cpc.cost_statement(weeks, where={"fiscal_month": "FY2025-M03"})["ledger"])),
                                  abs=0.05)  # fmt: skip


def test_a_report_of_a_fiscal_period_has_a_trend_of_fiscal_months(weeks, april, monkeypatch):
    from cpc_analysis.models import selection

    for data, grain in ((weeks, "fiscal_month"), (april, "month")):
        monkeypatch.setattr(selection, "open_data", lambda _, data=data: data)
        chosen = selection.select(period="FY2025-Q4")
        assert chosen.grain == grain and str(chosen.points[-1]) in ("FY2025-M12", "2025-03")
        assert len(chosen.points) == 13
    monkeypatch.setattr(selection, "open_data", lambda _: weeks)
    assert str(selection.select(grain="fiscal_month").period) == "FY2026-M03"
    assert str(selection.select(grain="fiscal_quarter").period) == "FY2026-Q1"


def test_last_year_stands_at_the_periods_of_this_one(weeks):
    chosen = Selection(weeks, parse_period("FY2025-Q4", WEEKS), "fiscal_month", {})
    assert chosen.history_title == "the 13 fiscal months to FY2025-M12"
    before = last_year(chosen, "contacts").set_index("fiscal_month")["contacts"]
    own = cpc.measure(weeks, "contacts", by=["fiscal_month"]).set_index("fiscal_month")["contacts"]
    assert before["FY2025-M12"] == own["FY2024-M12"] and before["FY2025-M01"] == own["FY2024-M01"]


def test_limits_and_a_trend_by_fiscal_month(weeks):
    frame = cpc.measure(weeks, "cost_per_contact", by=["fiscal_month"])
    limits = cpc.process_limits(weeks, "cost_per_contact", grain="fiscal_month")
    assert limits["centre"].notna().all()
    chart = cpc.charts.trend(frame, limits=limits, events={"FY2025-M07": "New portal", "2024-03": "Raise"}).to_dict()
    meta = chart["usermeta"]["cpc_analysis"]
    last = frame.loc[frame["complete"], "fiscal_month"].iloc[-1]
    assert meta["title"].startswith("Cost per contact was") and f" in {last}" in meta["title"]
    assert meta["native"]["categories"] == frame["fiscal_month"].tolist()
    assert "FY2025-M07: New portal" in meta["alt"]
    points = [row for layer in chart["layer"] for row in layer["data"].get("values", ()) if row.get("when")]
    assert {row["when"] for row in points} <= {*frame["fiscal_month"]}
    axes = [layer["encoding"]["x"]["axis"] for layer in chart["layer"] if "axis" in layer["encoding"].get("x", {})]
    assert '"2024-09-30": "FY2025-M07"' in axes[0]["labelExpr"] and "format" not in axes[0]


def test_panels_and_a_statement_by_fiscal_quarter(april):
    frame = cpc.measure(april, "cost_per_contact", by=["channel", "fiscal_quarter"])
    assert cpc.charts.small_multiples(frame).to_dict()["usermeta"]["cpc_analysis"]["title"]
    statement = cpc.cost_statement(april, by=["fiscal_quarter"])
    native = cpc.charts.statement(statement).to_dict()["usermeta"]["cpc_analysis"]["native"]
    assert native["categories"] == sorted(statement["fiscal_quarter"].unique())


def test_tables_and_scopes_say_the_text_itself(april):
    frame = cpc.measure(april, "contacts", by=["fiscal_quarter"], where={"fiscal_year": "FY2025"})
    assert list(cpc.models.table(frame).index) == ["FY2025-Q1", "FY2025-Q2", "FY2025-Q3", "FY2025-Q4"]
    assert scope_in_words(frame) == "FY2025-Q1 to FY2025-Q4."
    danish = april.replace(presentation=replace(april.presentation, language="da"))
    table = cpc.models.table(cpc.measure(danish, "contacts", by=["fiscal_quarter"], where={"fiscal_year": "FY2025"}))
    assert (table.columns.name, table.index[0]) == ("Regnskabskvartal", "FY2025-Q1")


def test_the_explorer_offers_fiscal_periods_where_a_calendar_is_stated(sample, april):
    assert not {"fiscal_month", "fiscal_year"} & {*choices_of(sample, Question("contacts")).grains}
    choices = choices_of(april, Question("contacts", calendar=APRIL))
    assert {"fiscal_month", "fiscal_quarter", "fiscal_year"} <= {*choices.grains}
    assert {"FY2025", "FY2025-Q1", "FY2025-M01"} <= {str(period) for period in choices.periods}
    explorer = cpc.explore(april, "contacts", by=["fiscal_quarter"], where={"fiscal_year": "FY2025"})
    assert 'by=["fiscal_quarter"]' in explorer.code and '"fiscal_year": "FY2025"' in explorer.code
    assert "FY2025-Q4" in explorer.answer.table


def test_containment_lies_in_the_fiscal_period_of_the_session(sample, april, weeks):
    columns = ["sessions", "judged", "returns", "cost_of_failed_containment"]
    fiscal = cpc.containment(april, by=["fiscal_quarter"])
    civil = cpc.containment(sample, by=["quarter"])
    assert fiscal["fiscal_quarter"].iloc[-1] == "FY2026-Q1"
    pd.testing.assert_frame_equal(fiscal[columns], civil[columns])
    by_weeks = cpc.containment(weeks, by=["fiscal_quarter"])
    assert (
        by_weeks[["sessions", "judged", "returns"]].sum().tolist()
        == civil[["sessions", "judged", "returns"]].sum().tolist()
    )


def test_other_questions_take_a_fiscal_period(april, sample):
    fiscal, civil = {"fiscal_quarter": "FY2025-Q4"}, {"quarter": "2025-Q1"}
    for question in (cpc.sensitivity, cpc.compare_definitions, cpc.issue_costs, cpc.cost_of_resolution):
        found, known = question(april, where=fiscal), question(sample, where=civil)
        pd.testing.assert_frame_equal(found, known)
        assert found.attrs["definition"].count("Fiscal years begin in April") == 1
        assert found.attrs["where"] == {"fiscal_quarter": ["FY2025-Q4"]}
    causes = cpc.contact_causes(april, period="FY2025-Q4")
    pd.testing.assert_frame_equal(causes, cpc.contact_causes(sample, period="2025-Q1"))


def test_reading_conditions_again_changes_nothing(april):
    read = read_conditions(april, {"fiscal_quarter": "FY2025-Q1", "month": "FY2025"})
    assert read == {"fiscal_quarter": ["FY2025-Q1"], "month": ["FY2025"]}
    assert read_conditions(april, read) == read
