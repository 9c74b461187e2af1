"""The whole way of a figure in money: where it comes from, what was moved, used, set aside, left out and not known."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings

import cpc_analysis as cpc
from cpc_analysis import models
from cpc_analysis.costing.basis import basis_of
from cpc_analysis.costing.set_aside import SetAside, costs_set_aside
from cpc_analysis.costing.waiting import known_waiting
from cpc_analysis.language import in_language, speaking
from cpc_analysis.models.selection import Selection
from cpc_analysis.models.statements import statement_sums, tie_out_for
from cpc_analysis.periods import parse_period
from cpc_analysis.presentation import Presentation
from cpc_analysis.reports.stamp import data_stamp
from tests.centres import build, centres, contacts, costs, dataset, shift

AMOUNTS = ["posted", "moved", "ledger", "used", "waiting", "unallocated"]
#: Ten calls and ten chats of an hour's work between them, in April.
CALLS = contacts([{"channel": channel} for channel in ("voice", "chat") * 10], handle_seconds=180.0, agent_id="ann")
#: Ann is paid for four hours, and works one of them.
ANN = pd.DataFrame([shift("ann", "2025-04-01 08:00", 4)])


def april(data: cpc.Dataset) -> Selection:
    return Selection(data, parse_period("2025-04"), "month", {})


def danish(data: cpc.Dataset) -> cpc.Dataset:
    return data.replace(presentation=Presentation(language="da"))


# --- the whole way ----------------------------------------------------------------------------------------------------


def test_the_way_goes_from_what_was_posted_to_what_was_used():
    """A licence of 1,200 for April to June, posted in April: 30 of 91 days are April's, 395.604, with the odd cent."""
    lines = costs(("salaries", 400.0), ("licences", 1_200.0)).assign(
        service_from=[None, "2025-04-01"], service_to=[None, "2025-06-30"]
    )
    data = dataset(CALLS, lines, shifts=ANN, costing=cpc.Costing(spread_accounts=("4001",)))
    said = tie_out_for(april(data))
    assert said == (
        "Posted in the ledger 1,600.00 DKK, moved between months -804.39 DKK: ledger 795.61 DKK = used 495.61 DKK + "
        "waiting 300.00 DKK + unallocated 0.00 DKK; difference 0.00 DKK. No cost line was set aside."
    )
    assert in_language(said, "da") == (
        "Bogført i regnskabet 1.600,00\xa0kr., flyttet mellem måneder -804,39\xa0kr.: regnskab 795,61\xa0kr. = anvendt "
        "495,61\xa0kr. + ventetid 300,00\xa0kr. + ikke fordelt 0,00\xa0kr.; difference 0,00\xa0kr. Ingen "
        "omkostningslinje er sat til side."
    )
    table = models.statement_table(models.statement_for(april(data)))
    assert table.columns.tolist() == ["Posted", "Moved", "Ledger", "Used", "Waiting", "Unallocated"]
    assert table.loc["Total"].tolist() == ["1,600", "-804", "796", "496", "300", "0"]


def test_a_table_without_movements_begins_with_the_ledger():
    table = models.statement_table(cpc.cost_statement(dataset(CALLS, costs(("salaries", 400.0)), shifts=ANN)))
    assert table.columns.tolist() == ["Ledger", "Used", "Waiting", "Unallocated"]


# --- what was set aside -----------------------------------------------------------------------------------------------


def a_ledger_with_faults() -> pd.DataFrame:
    """Of April: 400, a copy of it, an unknown cost type of 50.50 and an amount that is none; of May 7; of no day 9."""
    good = {"line_id": "a", "posted_on": "2025-04-30", "account": "4000", "cost_type": "salaries", "amount": "400.00"}
    return pd.DataFrame([
        good, good,
        good | {"line_id": "b", "cost_type": "snacks", "amount": "50.50"},
        good | {"line_id": "c", "amount": "n/a"},
        good | {"line_id": "d", "cost_type": "snacks", "posted_on": "2025-05-31", "amount": "7.00"},
        good | {"line_id": "e", "posted_on": "soon", "amount": "9.00"},
    ])  # fmt: skip


def test_what_was_set_aside_stands_beside_the_tie_out_in_number_and_in_money():
    data = dataset(CALLS, a_ledger_with_faults(), shifts=ANN)
    assert costs_set_aside(data, {"month": "2025-04"}) == SetAside(3, Decimal("450.50"), 1, 1, Decimal("9.00"), 0)
    said = tie_out_for(april(data))
    assert said.endswith(
        "difference 0.00 DKK. Set aside, and in none of these figures: 3 cost lines, of which 2 amount to 450.50 DKK "
        "and the cost of 1 is not known. Set aside, of no month that could be read: 1 cost line of 9.00 DKK."
    )
    assert in_language(said, "da").endswith(
        "Sat til side og ikke med i tallene: 3 omkostningslinjer, hvoraf 2 udgør 450,50\xa0kr., mens omkostningen for "
        "1 ikke kendes. Sat til side uden en måned, der kunne læses: 1 omkostningslinje på 9,00\xa0kr."
    )
    every = costs_set_aside(data)
    assert (every.lines, every.amount, every.unread, every.undated) == (4, Decimal("457.50"), 1, 1)
    assert every.lines + every.undated == len(data.quarantine)


@pytest.mark.parametrize(
    ("asked", "lines"), [({"quarter": "2025-Q2"}, 4), ({"week": "2025-W18"}, 4), ({"day": "2025-05-03"}, 1), ({}, 4)]
)
def test_a_line_set_aside_is_of_every_period_that_its_month_touches(asked, lines):
    """The week of 28 April reaches into May."""
    assert costs_set_aside(dataset(CALLS, a_ledger_with_faults(), shifts=ANN), asked).lines == lines


def test_an_amount_that_could_not_be_read_is_not_zero_in_the_check():
    rules = dataset(CALLS, a_ledger_with_faults(), shifts=ANN).check().rules.set_index("rule")["amount"]
    assert rules["`amount` must be money"] is None or pd.isna(rules["`amount` must be money"])
    assert rules["`line_id` must be unique"] == Decimal("400.00")
    assert rules.filter(like="`cost_type`").tolist() == [Decimal("57.50")]


def test_what_a_reader_set_aside_counts_too(tmp_path: Path):
    (tmp_path / "cpc.toml").write_text(
        '[project]\nname = "C"\ncurrency = "DKK"\ntimezone = "Europe/Copenhagen"\n[rates]\nEUR = 7.5\n'
        '[tables.contacts]\nfiles = "contacts.csv"\n[tables.costs]\nfiles = "costs.csv"\n', encoding="utf-8"
    )  # fmt: skip
    CALLS.to_csv(tmp_path / "contacts.csv", index=False)
    (tmp_path / "costs.csv").write_text(
        "line_id,posted_on,account,cost_type,amount,currency\n"
        "a,2025-04-30,4000,salaries,400.00,DKK\nb,2025-04-30,4000,salaries,four,DKK\n"
        "c,2025-04-31,4000,salaries,10.00,EUR\nd,2025-05-31,4000,salaries,1.00,DKK\n", encoding="utf-8"
    )  # fmt: skip
    data = cpc.open_project(tmp_path)
    found = costs_set_aside(data, {"month": "2025-04"})
    assert found == SetAside(1, Decimal("0.00"), 1, 1, Decimal("75.00"), 0)
    assert tie_out_for(april(data)).endswith(
        "Set aside, and in none of these figures: 1 cost line whose cost is not known. Set aside, of no month that "
        "could be read: 1 cost line of 75.00 DKK."
    )


# --- conditions -------------------------------------------------------------------------------------------------------


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(centres())
def test_conditions_filter_after_costing_and_rounding(tables):
    data = build(tables)
    whole = cpc.cost_statement(data, by=["channel", "site"], where={"month": ["2025-01", "2025-02"]})
    some = cpc.cost_statement(data, by=["site"], where={"month": ["2025-01", "2025-02"], "channel": "voice"})
    wanted = whole[whole["channel"] == "voice"].drop(columns="channel").reset_index(drop=True)
    assert some.astype("object").equals(wanted.astype("object"))
    total = statement_sums(whole)["ledger"]
    assert statement_sums(some)["ledger"] + some.attrs["left_out"] == total
    by_month = cpc.cost_statement(data, by=["month"], where={"month": ["2025-01", "2025-02"]})
    assert statement_sums(by_month)["ledger"] == total
    assert statement_sums(some)["difference"] == 0


def test_what_conditions_leave_out_is_said():
    data = dataset(CALLS, costs(("salaries", 400.0)), shifts=ANN)
    statement = cpc.cost_statement(data, where={"month": "2025-04", "channel": "voice"})
    assert statement.attrs["where"] == {"month": ["2025-04"], "channel": ["voice"]}
    said = models.tie_out(statement)
    assert said == (
        "Posted in the ledger 200.00 DKK, moved between months 0.00 DKK: ledger 200.00 DKK = used 50.00 DKK + waiting "
        "150.00 DKK + unallocated 0.00 DKK; difference 0.00 DKK. Of the same periods, and left out by the conditions: "
        "200.00 DKK. No cost line was set aside."
    )
    assert "Fra samme perioder, men udeladt af betingelserne: 200,00\xa0kr. Ingen" in in_language(said, "da")
    assert "left out" not in models.tie_out(cpc.cost_statement(data, where={"month": "2025-04"}))
    with pytest.raises(cpc.CpcError, match="column to group by"):
        cpc.cost_statement(data, where={"chanel": "voice"})


# --- no ledger --------------------------------------------------------------------------------------------------------


def test_a_stated_hourly_cost_is_no_ledger():
    """Four paid hours at 300, of which one is worked."""
    data = dataset(CALLS, None, shifts=ANN, costing=cpc.Costing(hourly_cost=300.0))
    said = tie_out_for(april(data))
    assert said == (
        "Labour by stated hourly cost of 300.00 DKK: cost 1,200.00 DKK = used 300.00 DKK + waiting 900.00 DKK + "
        "unallocated 0.00 DKK; difference 0.00 DKK."
    )
    assert in_language(said, "da") == (
        "Løn efter fastsat timeomkostning på 300,00\xa0kr.: omkostning 1.200,00\xa0kr. = anvendt 300,00\xa0kr. + "
        "ventetid 900,00\xa0kr. + ikke fordelt 0,00\xa0kr.; difference 0,00\xa0kr."
    )
    pack = cpc.monthly_pack(data, "2025-04")
    told = [str(pack), pack.definition, repr(data_stamp(april(data))), models.answer_statement(
        april(data), models.statement_for(april(data))), models.late_postings_in_words(april(data)),
        models.statement_table(models.statement_for(april(data))).to_string(), models.answer_cost(april(data)),
        models.issues_table(cpc.issue_costs(dataset(CALLS.assign(customer_id="x"), None, shifts=ANN,
                                                    costing=cpc.Costing(hourly_cost=300.0)))).to_string(),
    ]  # fmt: skip
    assert not [text for text in told if "ledger" in text.lower() or "books" in text]
    assert "Labour is a stated hourly cost of 300.00 DKK on every paid hour." in pack.definition
    assert "Labour: stated hourly cost of 300.00 DKK" in repr(data_stamp(april(data)))
    with speaking("da"):
        assert "regnskab" not in repr(data_stamp(april(data)))


def test_labour_from_payroll_beside_a_ledger_is_told_apart_from_it():
    """Four paid hours at 200 beside 100 of technology."""
    agents = pd.DataFrame({"agent_id": ["ann"], "hourly_wage": [200.0]})
    data = dataset(CALLS, costs(("technology", 100.0)), agents=agents, shifts=ANN,
                   costing=cpc.Costing(wages_from="payroll"))  # fmt: skip
    assert tie_out_for(april(data)) == (
        "Posted in the ledger 100.00 DKK, labour by payroll 800.00 DKK, moved between months 0.00 DKK: cost 900.00 DKK "
        "= used 300.00 DKK + waiting 600.00 DKK + unallocated 0.00 DKK; difference 0.00 DKK. No cost line was set "
        "aside."
    )
    assert "Labour is paid hours at the wages of the payroll." in cpc.cost_statement(data).attrs["definition"]


def test_without_costs_the_figures_of_cost_are_missing_and_the_page_says_why():
    data = dataset(CALLS, None)
    pack = cpc.monthly_pack(data, "2025-04")
    figures = pack.to_frame().set_index("quantity")["value"]
    assert figures[["total_cost", "cost_per_contact", "uncounted_cost"]].isna().all()
    assert figures["assisted_contacts"] == 20
    why = "There is no ledger, no payroll and no stated hourly cost, so that figures of cost are missing."
    assert str(pack) == why
    assert f"Costs: {why}" in repr(data_stamp(april(data)))
    assert models.answer_pack(pack) == (
        "For April 2025 there is no cost per contact: there is no ledger, no payroll and no stated hourly cost."
    )
    assert str(cpc.monthly_pack(danish(data), "2025-04")) == (
        "Der er hverken regnskab, lønregnskab eller en fastsat timeomkostning, så omkostningstallene mangler."
    )


def test_without_a_ledger_a_period_that_is_cut_is_not_for_want_of_one():
    settings_ = cpc.Settings(complete_from="2025-04-10")
    data = dataset(CALLS, None, costing=cpc.Costing(hourly_cost=300.0), settings=settings_)
    assert models.answer_cost(april(data)) == (
        "For April 2025 there is no cost per contact: the contacts do not reach its end."
    )


# --- inferred hours ---------------------------------------------------------------------------------------------------


def test_inferred_hours_are_known_to_the_data_and_named_wherever_figures_rest_on_them():
    inferred = cpc.infer_shifts(CALLS.assign(started_at=pd.to_datetime(CALLS["started_at"])))
    data = dataset(CALLS, costs(("salaries", 400.0)), shifts=inferred)
    named = (
        "Paid hours are inferred, from the first to the last contact of each agent: time before and after is not seen."
    )
    assert basis_of(data).hours == "inferred"
    for quantity in ("occupancy", "total_cost", "paid_hours"):
        assert named in cpc.measure(data, quantity).attrs["definition"]
    assert named not in cpc.measure(data, "contacts").attrs["definition"]
    assert named in cpc.cost_statement(data).attrs["definition"]
    assert named in models.tie_out(cpc.cost_statement(data))
    assert "Paid hours: inferred from contacts" in repr(data_stamp(april(data)))
    chart = cpc.charts.levels(cpc.measure(data, "cost_per_contact", by=["channel"])).to_dict()
    assert named in " ".join(chart["title"]["subtitle"])
    both = pd.concat([inferred, ANN.assign(agent_id="bob", is_inferred=False)])
    assert basis_of(dataset(CALLS, costs(("salaries", 400.0)), shifts=both)).hours == "partly_inferred"
    assert basis_of(dataset(CALLS, costs(("salaries", 400.0)), shifts=ANN)).hours == "recorded"
    assert basis_of(dataset(CALLS, costs(("salaries", 400.0)))).hours == "none"


# --- waiting that is not known ----------------------------------------------------------------------------------------


def test_without_shifts_waiting_is_not_known_rather_than_nothing():
    data = dataset(CALLS, costs(("salaries", 400.0), ("technology", 100.0)))
    statement = cpc.cost_statement(data, by=["channel"])
    assert statement["waiting"].tolist() == [None] * 4
    assert statement["used"].tolist() == [Decimal("200.00"), Decimal("50.00")] * 2
    sums = statement_sums(statement)
    assert "waiting" not in sums and sums["used"] + sums["unallocated"] == sums["ledger"] and sums["difference"] == 0
    assert models.tie_out(statement) == (
        "Posted in the ledger 500.00 DKK, moved between months 0.00 DKK: ledger 500.00 DKK = used and waiting 500.00 "
        "DKK + unallocated 0.00 DKK; difference 0.00 DKK. Without shifts waiting is not known: used is used and "
        "waiting together. No cost line was set aside."
    )
    table = models.statement_table(statement)
    assert table.columns.tolist() == ["Ledger", "Used and waiting", "Waiting", "Unallocated"]
    assert table.loc["Total"].tolist() == ["500", "500", "not known", "0"]
    with speaking("da"):
        said = models.statement_table(statement)
        assert said.columns[1] == "Anvendt og ventetid" and said.iloc[-1, 2] == "kendes ikke"
        named = "Uden vagter kendes ventetiden ikke: anvendt er anvendt og ventetid under ét."
        assert named in models.tie_out(statement)
    assert models.answer_statement(april(data), models.statement_for(april(data))) == (
        "Of 500.00 DKK of the ledger for April 2025, 100.0% was used on work or paid for waiting, which is not known "
        "without shifts, and 0.0% could not be allocated; the difference is 0.00 DKK."
    )
    assert cpc.measure(data, ["waiting_cost", "total_cost"]).iloc[0, :2].tolist()[1] == 500.0
    assert cpc.measure(data, "waiting_cost", by=["channel"])["waiting_cost"].isna().all()
    definitions = cpc.compare_definitions(data).set_index("definition")
    assert pd.isna(definitions.loc["without waiting", "cost_per_contact"])
    assert definitions.loc["own", "cost_per_contact"] == 25.0


def test_a_chart_of_a_statement_without_shifts_draws_labour_as_one():
    statement = cpc.cost_statement(dataset(CALLS, costs(("salaries", 400.0))), by=["channel"])
    chart = cpc.charts.statement(statement).to_dict()
    assert " ".join(chart["title"]["text"]) == "Chat takes 50% of the cost; what waiting cost is not known"
    assert "used and waiting 400.00 DKK" in " ".join(chart["title"]["subtitle"])
    series = chart["usermeta"]["cpc_analysis"]["native"]["series"]
    assert [one["name"] for one in series] == ["labour, used and waiting"]


def test_cost_that_cannot_wait_has_no_waiting_even_without_shifts():
    statement = cpc.cost_statement(dataset(CALLS, costs(("technology", 100.0))))
    assert statement["waiting"].tolist() == [Decimal("0.00")]
    assert "waiting 0.00 DKK" in models.tie_out(statement)


def test_waiting_of_some_months_is_known_as_far_as_there_are_shifts():
    """Shifts begin in May: half of May's 400 was paid for waiting; of April's nothing is known."""
    months = ["2025-04", "2025-05"]
    rows = contacts([{"started_at": f"{month}-10 10:00"} for month in months], handle_seconds=7_200.0, agent_id="ann")
    ledger = pd.concat([costs(("salaries", 400.0), month=month) for month in months])
    data = dataset(rows, ledger, shifts=pd.DataFrame([shift("ann", "2025-05-10 08:00", 4)]))
    assert known_waiting(data).state == "partly"
    by_month = cpc.cost_statement(data, by=["month"])
    assert by_month["waiting"].tolist() == [None, Decimal("200.00")]
    whole = cpc.cost_statement(data)
    assert whole["waiting"].tolist() == [Decimal("200.00")] and statement_sums(whole)["difference"] == 0
    named = "Waiting is not known for 2025-04, without shifts: it lies in what was used."
    assert named in models.tie_out(whole) and named in whole.attrs["definition"]
    assert named not in models.tie_out(cpc.cost_statement(data, where={"month": "2025-05"}))
    alone = models.tie_out(cpc.cost_statement(data, where={"month": "2025-04"}))
    assert "used and waiting 400.00 DKK" in alone and named in alone
    measured = cpc.measure(data, "waiting_cost", by=["month"])["waiting_cost"].tolist()
    assert pd.isna(measured[0]) and measured[1] == pytest.approx(200.0)


def test_groups_without_shifts_are_named():
    """Bob's half of the work is in a group without shifts: it is taken to wait as Ann's, three hours of four."""
    agents = pd.DataFrame({"agent_id": ["ann", "bob"], "staffing_group": ["front", "back"]})
    rows = contacts([{"agent_id": name, "handle_seconds": 3_600.0} for name in ("ann", "bob")])
    data = dataset(rows, costs(("salaries", 400.0)), agents=agents, shifts=ANN)
    statement = cpc.cost_statement(data)
    assert statement["waiting"].tolist() == [Decimal("300.00")]
    assert (
        "50.0% of worked time is of groups without shifts (back): it is taken to wait as much as that of the others."
    ) in models.tie_out(statement)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(centres())
def test_the_parts_are_the_ledger_whether_waiting_is_known_or_not(tables):
    statement = cpc.cost_statement(build(tables), by=["month", "channel"])
    amounts = statement[AMOUNTS].map(lambda amount: Decimal(0) if amount is None else amount)
    assert (amounts["used"] + amounts["waiting"] + amounts["unallocated"] == amounts["ledger"]).all()
    assert (amounts["posted"] + amounts["moved"] == amounts["ledger"]).all()
    if "shifts" not in tables and not statement.empty:
        labour = statement["cost_type"].isin(("salaries", "on_costs"))
        assert not labour.any() or statement["waiting"].isna().all()


# --- one question, one answer -----------------------------------------------------------------------------------------


@pytest.mark.slow
def test_deck_and_report_ask_what_drives_handle_time_in_one_way(sample):
    from cpc_analysis.exports.deck import _PARTS

    (model,) = _PARTS["what drives handle time"](Selection(sample, parse_period("2025-06"), "month", {}))
    report = models.productivity_of(Selection(sample, parse_period("2025-06"), "month", {}))
    pd.testing.assert_frame_equal(model.to_frame(), report.to_frame())
    assert set(model.to_frame()["driver"]) == {"tenure", "team"}


def test_published_figures_are_compared_with_the_project_s_own_counting_of_inbound_contacts():
    counting = cpc.Counting(outcomes=("answered", "voicemail"), exclude_queues=("test",), repeat_window="14d")
    found = models.counted_as_published(dataset(CALLS, costs(("salaries", 1.0)), counting=counting)).counting
    assert (found.directions, found.outcomes) == (("in",), ("answered",))
    assert (found.exclude_queues, found.repeat_window) == (("test",), "14d")
