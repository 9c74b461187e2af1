"""The traps of the trade, each with its numbers."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

import cpc_analysis as cpc
from tests.centres import ZONE, contacts, costs, dataset, shift


def value(data, quantity, **question):
    frame = cpc.measure(data, quantity, **question)
    assert len(frame) == 1
    return frame[quantity].iloc[0]


def test_a_join_never_multiplies_contacts():
    frame = contacts([{"agent_id": "ann", "started_at": "2025-04-05 10:00"}, {"agent_id": "ann"}])
    agents = pd.DataFrame(
        {
            "agent_id": ["ann", "ann"],
            "valid_from": ["2025-01-01", "2025-04-03"],
            "valid_to": ["2025-04-02", None],
            "hourly_wage": [150.0, 300.0],
            "team": ["old", "new"],
        }
    )
    legs = pd.DataFrame(
        {
            "leg_id": ["1", "2", "3"],
            "contact_id": ["c0", "c0", "c0"],
            "agent_id": ["ann", "bob", "ann"],
            "started_at": ["2025-04-05 10:00", "2025-04-05 10:05", "2025-04-05 10:10"],
            "handle_seconds": [60, 120, 60],
        }
    )
    surveys = pd.DataFrame(
        {"survey_id": ["1", "2"], "contact_id": ["c0", "c0"], "kind": "csat", "score": [5, 1], "scale_min": 1,
         "scale_max": 5}
    )  # fmt: skip
    data = dataset(frame, costs(("salaries", 100.0)), agents=agents, legs=legs, surveys=surveys)
    assert value(data, "contacts") == 2
    assert value(data, "total_cost") == pytest.approx(100.0)
    assert value(data, "csat") == 0.5
    assert value(data, "average_handle_time") == (240 + 60) / 2  # legs win over the contact's own 60 seconds
    by_team = cpc.measure(data, ["contacts", "total_cost"], by=["team"]).set_index("team")
    assert by_team["contacts"].to_dict() == {"new": 1.0, "old": 1.0}


def test_legs_carry_the_labour_of_whoever_worked():
    frame = contacts([{"agent_id": "ann"}])
    legs = pd.DataFrame(
        {"leg_id": ["1", "2"], "contact_id": "c0", "agent_id": ["ann", "bob"], "handle_seconds": [60, 180],
         "started_at": ["2025-04-01 10:00", "2025-04-01 10:05"]}
    )  # fmt: skip
    shifts = pd.DataFrame([shift("ann", "2025-04-01 08:00", 1), shift("bob", "2025-04-01 08:00", 1)])
    data = dataset(frame, costs(("salaries", 100.0)), legs=legs, shifts=shifts)
    hours = cpc.measure(data, "handled_share_of_paid", by=["agent_id"]).set_index("agent_id")["handled_share_of_paid"]
    assert hours.to_dict() == pytest.approx({"ann": 60 / 3600, "bob": 180 / 3600})


def test_an_hour_of_simultaneous_chats_is_paid_once():
    frame = contacts([{"channel": "chat", "agent_id": "ann", "handle_seconds": None}] * 3)
    legs = pd.DataFrame(
        {
            "leg_id": ["1", "2", "3"],
            "contact_id": ["c0", "c1", "c2"],
            "agent_id": "ann",
            "started_at": ["2025-04-01 10:00:00", "2025-04-01 10:00:00", "2025-04-01 10:05:00"],
            "ended_at": ["2025-04-01 10:10:00", "2025-04-01 10:05:00", "2025-04-01 10:10:00"],
        }
    )
    data = dataset(frame, costs(("technology", 600.0)), legs=legs)
    by = cpc.measure(data, ["total_cost", "average_handle_time", "cost_per_handled_minute"], by=["channel"])
    assert by["cost_per_handled_minute"].iloc[0] == pytest.approx(60.0)  # ten minutes in all, not twenty
    assert by["average_handle_time"].iloc[0] == pytest.approx(400.0)  # ten, five and five minutes on the clock
    divided = dataset(
        contacts([{"channel": "chat", "concurrency": 2.0, "handle_seconds": 600}, {"handle_seconds": 300}]),
        costs(("technology", 600.0)),
    )
    assert cpc.measure(divided, "total_cost", by=["channel"])["total_cost"].tolist() == pytest.approx([300.0, 300.0])


def test_a_ratio_of_sums_is_no_mean_of_ratios():
    frame = contacts([{"handle_seconds": 100}, {"handle_seconds": 100}, {"channel": "chat", "handle_seconds": 400}])
    data = dataset(frame, costs(("technology", 600.0)))
    by_channel = cpc.measure(data, "cost_per_contact", by=["channel"])["cost_per_contact"]
    assert by_channel.tolist() == pytest.approx([400.0, 100.0])
    assert value(data, "cost_per_contact") == pytest.approx(200.0) != by_channel.mean()


def test_no_contacts_in_a_group_is_a_missing_ratio():
    frame = contacts([{}, {"channel": "chat", "outcome": "abandoned"}])
    data = dataset(frame, costs(("technology", 60.0), ("telecom", 40.0)))
    rows = cpc.measure(data, ["contacts", "total_cost", "cost_per_contact"], by=["channel"]).set_index("channel")
    assert rows.loc["chat", "contacts"] == 0
    assert rows.loc["chat", "total_cost"] == pytest.approx(20.0)  # telecom by number of contacts
    assert np.isnan(rows.loc["chat", "cost_per_contact"])


def test_contacts_without_an_agent_are_costed_like_the_rest():
    frame = contacts([{"agent_id": "ann"}, {"agent_id": None}])
    data = dataset(frame, costs(("salaries", 100.0)), shifts=pd.DataFrame([shift("ann", "2025-04-01 08:00", 1)]))
    rows = cpc.measure(data, "total_cost", by=["agent_id"])
    assert dict(zip(rows["agent_id"], rows["total_cost"], strict=True)) == pytest.approx({"ann": 50, "(unknown)": 50})


@pytest.mark.parametrize(("day", "hours"), [("2025-03-30", 23), ("2025-10-26", 25)])
def test_days_of_23_and_25_hours(day, hours):
    start = pd.Timestamp(day, tz=ZONE)
    moments = pd.date_range(start, start + pd.DateOffset(days=1), freq="h", inclusive="left")
    frame = contacts([{"started_at": moment} for moment in moments])
    frame["started_at"] = moments
    around = pd.DataFrame(
        contacts([{"contact_id": "before", "started_at": start - pd.Timedelta(seconds=1)},
                  {"contact_id": "after", "started_at": start + pd.DateOffset(days=1)}])
    )  # fmt: skip
    data = dataset(pd.concat([frame, around]), costs(("technology", 1.0), month=day[:7]))
    days = cpc.measure(data, "contacts", by=["day"]).set_index("day")["contacts"]
    assert days[pd.Timestamp(day)] == hours
    assert len(days) == 3


def test_local_times_of_a_clock_change_are_read_by_a_rule():
    frame = contacts([{"started_at": "2025-03-30 02:30"}, {"started_at": "2025-10-26 02:30"}])
    data = dataset(frame, costs(("technology", 1.0)))
    started = data.engine.fetch(data.on_engine("contacts").order_by("contact_id"))["started_at"]
    assert started.astype("str").tolist() == ["2025-03-30 01:30:00", "2025-10-26 00:30:00"]


def test_the_same_day_exported_twice_counts_once():
    frame = contacts([{}, {}, {}])
    data = dataset(pd.concat([frame, frame.iloc[::-1]]), costs(("technology", 30.0)))
    assert value(data, "contacts") == 3
    report = data.check()
    assert (report.read["contacts"], report.accepted["contacts"], report.set_aside["contacts"]) == (6, 3, 3)
    assert report.to_frame()["rule"].tolist() == ["`contact_id` must be unique"]
    assert data.quarantine[["row", "value"]].to_numpy().tolist() == [["3", "c2"], ["4", "c1"], ["5", "c0"]]


def test_a_month_with_costs_and_no_contacts_is_unallocated():
    frame = contacts([{"started_at": "2025-03-01 10:00"}, {"started_at": "2025-03-31 10:00"}])
    lines = pd.concat([costs(("technology", 10.0), month="2025-03"), costs(("technology", 90.0), month="2025-04")])
    data = dataset(frame, lines)
    rows = cpc.measure(data, ["contacts", "total_cost", "cost_per_contact"], by=["month", "channel"])
    alone = rows[rows["channel"].isna()]
    assert alone["total_cost"].tolist() == [90.0]
    assert alone["contacts"].tolist() == [0.0]
    assert alone["cost_per_contact"].isna().all()
    assert cpc.cost_statement(data)["unallocated"].tolist() == [Decimal("90.00")]


def test_an_idle_night_shift_is_not_the_fault_of_who_sat_there():
    frame = contacts([{"agent_id": "day"}] * 6 + [{"agent_id": "night"}])
    agents = pd.DataFrame({"agent_id": ["day", "night"], "staffing_group": "all", "hourly_wage": 200.0})
    shifts = pd.DataFrame([shift("day", "2025-04-01 08:00", 8), shift("night", "2025-04-01 22:00", 8)])
    data = dataset(frame, costs(("salaries", 700.0)), agents=agents, shifts=shifts)

    def ratio(rule: str) -> float:
        ruled = data.replace(costing=cpc.Costing(salaries=rule))
        rows = cpc.measure(ruled, "cost_per_contact", by=["agent_id"]).set_index("agent_id")["cost_per_contact"]
        return rows["night"] / rows["day"]

    assert ratio("group_time") == pytest.approx(1.0)
    assert ratio("agent_time") == pytest.approx(6.0)


def test_an_agent_paid_without_work():
    frame = contacts([{"agent_id": "ann"}])
    agents = pd.DataFrame(
        {"agent_id": ["ann", "idle", "alone"], "staffing_group": ["g", "g", "h"], "hourly_wage": 100.0}
    )
    shifts = pd.DataFrame([shift(name, "2025-04-01 08:00", 1) for name in ("ann", "idle", "alone")])
    for rule in ("group_time", "agent_time"):
        data = dataset(frame, costs(("salaries", 300.0)), agents=agents, shifts=shifts,
                       costing=cpc.Costing(salaries=rule))  # fmt: skip
        whole = cpc.cost_statement(data).iloc[0]
        assert whole["unallocated"] == Decimal("100.00")  # nothing in group h could carry it
        assert whole["used"] + whole["waiting"] == Decimal("200.00")


def test_an_accrual_and_its_reversal_meet_in_their_own_months():
    frame = contacts([{"started_at": f"2025-0{month}-{day} 10:00"} for month in (3, 4) for day in ("01", "30")])
    march = costs(("other", 500.0), month="2025-03", service_from="2025-03-01", service_to="2025-12-31")
    april = costs(("other", -500.0), ("other", 520.0), month="2025-04", service_from="2025-03-01",
                  service_to="2025-12-31")  # fmt: skip
    lines = pd.concat([march, april]).assign(account="7900")
    data = dataset(frame, lines, costing=cpc.Costing(spread_accounts=("7900",)))
    statement = cpc.cost_statement(data, by=["month"]).set_index("month")
    assert statement["posted"].iloc[:2].tolist() == [Decimal("500.00"), Decimal("20.00")]
    assert sum(statement["moved"], Decimal(0)) == 0
    assert statement.loc[pd.Timestamp("2025-04-01"), "moved"] == Decimal("-469.02")  # only the 520 moves


def test_an_annual_invoice_is_spread_by_days_when_asked():
    frame = contacts([{"started_at": f"2025-{month:02d}-{day} 10:00"} for month in (1, 2) for day in ("01", "28")])
    invoice = costs(("licences", 365.0), month="2025-01", service_from="2025-01-01", service_to="2025-12-31")
    posted = cpc.cost_statement(dataset(frame, invoice), by=["month"])
    assert posted["ledger"].tolist() == [Decimal("365.00")]
    spread = dataset(frame, invoice, costing=cpc.Costing(spread_accounts=("4000",)))
    statement = cpc.cost_statement(spread, by=["month"])
    assert statement["ledger"].tolist()[:3] == [Decimal("31.00"), Decimal("28.00"), Decimal("31.00")]
    assert sum(statement["ledger"], Decimal(0)) == Decimal("365.00")


def test_a_week_that_a_month_cuts_is_not_complete():
    days = [*pd.date_range("2025-03-01", "2025-05-31").strftime("%Y-%m-%d 10:00")]
    lines = [costs(("salaries", 60.0), month=month) for month in ("2025-03", "2025-04", "2025-05")]
    data = dataset(contacts([{"started_at": day} for day in days]), pd.concat(lines))
    cut = cpc.measure(data, ["contacts", "cost_per_contact"], by=["week"], where={"month": "2025-04"})
    # April 2025 begins on a Tuesday and ends on a Wednesday.
    assert cut["contacts"].tolist() == [6.0, 7.0, 7.0, 7.0, 3.0]
    assert cut["complete"].tolist() == [False, True, True, True, False]
    assert cut["cost_per_contact"].notna().all()  # what there is of a week has its cost all the same
    whole = cpc.measure(data, "contacts", by=["week"], where={"week": "2025-04"})
    assert whole["contacts"].tolist() == [7.0] * 4 and whole["complete"].all()
    quarter = cpc.measure(data, "contacts", by=["quarter"], where={"month": ["2025-04", "2025-05"]})
    assert not quarter["complete"].any()


def test_a_ledger_ahead_of_the_contacts_is_not_complete():
    days = [*pd.date_range("2025-03-01", "2025-04-10").strftime("%Y-%m-%d 10:00")]
    lines = pd.concat([costs(("technology", 310.0), month="2025-03"), costs(("technology", 300.0), month="2025-04")])
    frame = contacts([{"started_at": day} for day in days])
    data = cpc.Dataset.from_frames(contacts=frame, costs=lines, currency="DKK", timezone="Europe/Copenhagen")
    rows = cpc.measure(data, ["cost_per_contact", "total_cost"], by=["month"])
    assert rows["complete"].tolist() == [True, False]
    assert rows["cost_per_contact"].iloc[0] == pytest.approx(10.0)
    assert np.isnan(rows["cost_per_contact"].iloc[1])
    assert rows["total_cost"].tolist() == [310.0, 300.0]
    asked = cpc.measure(data, "cost_per_contact", by=["month"], incomplete=True)["cost_per_contact"]
    assert asked.iloc[1] == pytest.approx(30.0)


def test_a_month_beyond_the_ledger_has_missing_cost_not_zero():
    days = [*pd.date_range("2025-03-01", "2025-04-30").strftime("%Y-%m-%d 10:00")]
    data = dataset(contacts([{"started_at": day} for day in days]), costs(("technology", 310.0), month="2025-03"))
    rows = cpc.measure(data, "total_cost", by=["month"])
    assert rows["total_cost"].iloc[0] == pytest.approx(310.0)
    assert np.isnan(rows["total_cost"].iloc[1])
    assert rows["complete"].tolist() == [True, False]


def test_uncounted_work_keeps_its_cost():
    frame = contacts([{}, {}, {"direction": "out", "handle_seconds": 180}])
    data = dataset(frame, costs(("technology", 300.0)), counting=cpc.Counting(directions=("in",)))
    assert value(data, "contacts") == 2
    assert value(data, "cost_per_contact") == pytest.approx(150.0)
    rows = cpc.measure(data, ["contacts", "total_cost"], by=["direction"]).set_index("direction")
    assert rows.loc["out"].tolist()[:2] == pytest.approx([0.0, 180.0])


def test_a_negative_month_stays_negative_and_ties_out():
    frame = contacts([{"handle_seconds": 100}, {"channel": "chat", "handle_seconds": 200}])
    data = dataset(frame, costs(("technology", -100.0), ("other", 40.01)))
    assert value(data, "cost_per_contact") == pytest.approx(-29.995)
    statement = cpc.cost_statement(data, by=["channel"])
    assert sum(statement["ledger"], Decimal(0)) == Decimal("-59.99")


def test_one_row_and_empty_tables():
    one = dataset(contacts([{}]), costs(("technology", 12.34)))
    assert value(one, "cost_per_contact") == pytest.approx(12.34)
    empty = dataset(contacts([{}]).iloc[:0], costs(("technology", 12.34)))
    assert value(empty, "contacts") == 0
    assert value(empty, "total_cost") == pytest.approx(12.34)
    assert np.isnan(value(empty, "cost_per_contact"))
    assert cpc.cost_statement(empty)["unallocated"].tolist() == [Decimal("12.34")]
    assert empty.check().read == {"contacts": 0, "costs": 1}


AWKWARD = ["O'Brien; DROP TABLE", 'say "hi"', "100 % done", "Grüße 😀", "semi;colon,comma", "x" * 10_000]


def test_awkward_names_come_through():
    frame = contacts([{"team": name, "reason": name} for name in AWKWARD])
    data = dataset(frame, costs(("technology", 60.0)))
    rows = cpc.measure(data, "total_cost", by=["team", "reason"])
    assert set(rows["team"]) == set(AWKWARD)
    assert value(data, "total_cost", where={"team": AWKWARD[0]}) == pytest.approx(10.0)


def test_rows_that_stand_for_many_contacts():
    frame = contacts(
        [{"started_at": "2025-04-01", "contact_count": 40, "handle_seconds": 4000, "covers": "month"},
         {"started_at": "2025-04-01", "contact_count": 10, "handle_seconds": 6000, "covers": "month",
          "channel": "chat"}]
    )  # fmt: skip
    data = dataset(frame, costs(("technology", 500.0)))
    rows = cpc.measure(data, ["contacts", "average_handle_time", "cost_per_contact"], by=["channel"])
    assert rows["contacts"].tolist() == [10.0, 40.0]
    assert rows["average_handle_time"].tolist() == pytest.approx([600.0, 100.0])
    assert rows["cost_per_contact"].tolist() == pytest.approx([30.0, 5.0])
    with pytest.raises(cpc.CpcError, match="rows stand for a whole month, so they cannot be grouped by week"):
        cpc.measure(data, "contacts", by=["week"])


def test_a_conversation_counts_once_at_its_first_answered_contact():
    frame = contacts(
        [{"outcome": "abandoned", "contact_id": "call"},
         {"contact_id": "callback", "channel": "callback", "direction": "out", "parent_contact_id": "call"},
         {"contact_id": "again", "parent_contact_id": "callback"},
         {"contact_id": "other"}]
    )  # fmt: skip
    data = dataset(frame, costs(("technology", 60.0)))
    assert value(data, "contacts") == 2
    rows = cpc.measure(data, "contacts", by=["outcome"]).set_index("outcome")["contacts"]
    assert rows.to_dict() == {"abandoned": 0.0, "answered": 2.0}  # a call that nobody answered does not count
    assert value(data.replace(counting=cpc.Counting(unit="contact")), "contacts") == 3


def test_parents_in_a_circle_are_set_aside():
    frame = contacts([{"contact_id": "a", "parent_contact_id": "b"}, {"contact_id": "b", "parent_contact_id": "a"}, {}])
    data = dataset(frame, costs(("technology", 60.0)))
    assert value(data, "contacts") == 1
    assert data.quarantine["row"].tolist() == ["a", "b"]


def test_repeats_join_into_issues_by_a_window_fixed_from_the_first():
    days = ["2025-04-01", "2025-04-06", "2025-04-09", "2025-04-12", "2025-04-29"]
    frame = contacts([{"started_at": f"{day} 10:00", "customer_id": "k", "reason": "bill"} for day in days])
    data = dataset(frame, costs(("technology", 60.0)))
    assert value(data, "repeat_rate") == pytest.approx(2 / 5)  # heads on the 1st, 9th and 29th
    assert value(data.replace(counting=cpc.Counting(unit="issue")), "contacts") == 3
    # Only the head on the 9th is judged: the 1st lies in the run-in, the window of the 29th is still open.
    assert value(data, "first_contact_resolution") == 0.0


def test_time_is_never_imputed_unless_a_standard_is_stated():
    frame = contacts([{"handle_seconds": 600}, {"channel": "email", "handle_seconds": None}])
    lines = costs(("technology", 100.0))
    rows = cpc.measure(dataset(frame, lines), "total_cost", by=["channel"]).set_index("channel")["total_cost"]
    assert rows.to_dict() == {"email": 0.0, "voice": 100.0}
    costing = cpc.Costing(standard_handle_seconds={"email": 200})
    rows = cpc.measure(dataset(frame, lines, costing=costing), "total_cost", by=["channel"])
    assert rows["total_cost"].tolist() == pytest.approx([25.0, 75.0])


def test_wages_from_payroll_are_generated_from_paid_hours():
    agents = pd.DataFrame({"agent_id": ["ann"], "hourly_wage": [200.0], "on_cost_rate": [0.25]})
    shifts = pd.DataFrame([shift("ann", "2025-04-01 08:00", 2)])
    data = dataset(contacts([{"agent_id": "ann"}]), costs(("technology", 50.0)), agents=agents, shifts=shifts,
                   costing=cpc.Costing(wages_from="payroll"))  # fmt: skip
    statement = cpc.cost_statement(data).set_index("cost_type")["ledger"]
    assert statement.to_dict() == {
        "salaries": Decimal("400.00"), "on_costs": Decimal("100.00"), "technology": Decimal("50.00"),
    }  # fmt: skip


def test_a_stated_hourly_cost_serves_where_there_is_no_ledger():
    shifts = pd.DataFrame([shift("ann", "2025-04-01 08:00", 2)])
    data = dataset(contacts([{"agent_id": "ann"}]), None, shifts=shifts, costing=cpc.Costing(hourly_cost=300.0))
    assert value(data, "total_cost") == pytest.approx(600.0)
    assert value(data, "cost_per_contact") == pytest.approx(600.0)


def test_lines_of_another_currency_are_summed_before_they_are_rounded():
    lines = costs(("technology", 0.05), ("technology", 0.05), ("technology", 0.01)).assign(currency="EUR")
    data = dataset(contacts([{}]), lines, rates={"EUR": 0.5})
    assert cpc.cost_statement(data)["ledger"].tolist() == [Decimal("0.06")]  # 0.055; line by line 0.02 + 0.02 + 0.00


def test_input_frames_are_left_as_they_are():
    frame, lines = contacts([{}]), costs(("technology", 1.0))
    before = frame.copy(deep=True), lines.copy(deep=True)
    data = dataset(frame, lines)
    cpc.measure(data, "cost_per_contact", by=["month"])
    result = cpc.measure(data, "contacts", by=["month"])
    result["contacts"] = -1.0
    assert value(data, "contacts", by=["month"]) == 1
    pd.testing.assert_frame_equal(frame, before[0])
    pd.testing.assert_frame_equal(lines, before[1])
