"""Every refusal is one clear sentence: where, the rule, what was found, what to do."""

from __future__ import annotations

import ibis
import pandas as pd
import pytest

import cpc_analysis as cpc
from cpc_analysis.cells import scans
from cpc_analysis.errors import CpcError
from tests.centres import ZONE, contacts, costs, dataset, shift

PLAIN = contacts([{"agent_id": "ann"}, {"channel": "chat"}])
LEDGER = costs(("salaries", 100.0))


def refusal(call, *arguments, **named) -> str:
    with pytest.raises(CpcError) as caught:
        call(*arguments, **named)
    assert isinstance(caught.value, ValueError)
    return str(caught.value)


def test_unknown_quantity():
    assert refusal(cpc.measure, dataset(PLAIN, LEDGER), "cost_per_contct") == (
        "There is no quantity 'cost_per_contct'. Did you mean 'cost_per_contact'?"
    )
    with pytest.raises(KeyError):
        cpc.describe("nothing")


def test_unknown_column_to_group_by():
    message = refusal(cpc.measure, dataset(PLAIN, LEDGER), "contacts", by=["chanel"])
    assert message == "There is no column to group by 'chanel'. Did you mean 'channel'?"
    assert "group by 'reason'" in refusal(cpc.measure, dataset(PLAIN, LEDGER), "contacts", where={"reason": "x"})


def test_unknown_period():
    message = refusal(cpc.measure, dataset(PLAIN, LEDGER), "contacts", where={"month": "April"})
    assert message == ("A period must be written as 2025, 2025-Q2, 2025-04, 2025-W14 or 2025-04-07, got 'April'.")
    assert "got '2025-13'" in refusal(cpc.measure, dataset(PLAIN, LEDGER), "contacts", where={"month": "2025-13"})


def test_grouping_by_a_duration():
    assert refusal(cpc.measure, dataset(PLAIN, LEDGER), "contacts", by=["handle_seconds"]) == (
        "`handle_seconds` holds seconds and cannot be grouped by; group by a period (day, week, month, quarter, year) "
        "or a dimension."
    )


def test_a_schedule_quantity_by_channel():
    data = dataset(PLAIN, LEDGER, shifts=pd.DataFrame([shift("ann", "2025-04-01 08:00", 1)]))
    assert refusal(cpc.measure, data, "occupancy", by=["channel"]) == (
        "`occupancy` can be grouped only by agent columns, periods and times of the day (day, week, month, quarter, "
        "year, weekday, half_hour, agent_id), got 'channel': a schedule knows no channel."
    )
    assert refusal(cpc.measure, dataset(PLAIN, LEDGER), "occupancy") == (
        "`occupancy` needs the table `shifts`; the dataset has none."
    )


def test_an_interval_on_money_or_on_a_count():
    data = dataset(PLAIN, LEDGER)
    assert refusal(cpc.measure, data, "cost_per_contact", interval=0.95) == (
        "`cost_per_contact` is money: what a period cost is a fact without sampling error, so it has no interval. "
        "Judge a change against the process limits of its own history instead."
    )
    assert refusal(cpc.measure, data, "contacts", interval=0.95).startswith("`contacts` is counted, not sampled")
    assert refusal(cpc.measure, data, "average_handle_time", interval=95) == (
        "`interval` must lie between 0 and 1, such as 0.95, got 95."
    )


def test_a_misspelt_channel_goes_to_quarantine_and_raises_when_strict():
    frame = contacts([{}, {"channel": "vocie"}, {"channel": "vocie"}])
    data = dataset(frame, LEDGER)
    assert data.quarantine.to_numpy().tolist() == [
        ["contacts", str(row), "channel",
         "must be one of voice, chat, email, messaging, sms, social, callback, web, task, other", "vocie"]
        for row in (1, 2)
    ]  # fmt: skip
    assert data.check().set_aside["contacts"] == 2
    strict = dataset(frame, LEDGER, settings=cpc.Settings(strict=True))
    assert refusal(strict.check) == (
        "`contacts.channel` must be one of voice, chat, email, messaging, sms, social, callback, web, task, other, "
        "got 'vocie' in row 1; 2 of 3 rows break a rule. Did you mean 'voice'? "
        "Mend them, or set strict = false to set them aside."
    )


@pytest.mark.parametrize(
    ("row", "column", "rule", "value"),
    [
        ({"started_at": "yesterday"}, "started_at", "must be a point in time, of the years 1990 to 2099", "yesterday"),
        ({"started_at": None}, "started_at", "must be there", ""),
        ({"handle_seconds": -1.5}, "handle_seconds", "must not be negative", "-1.5"),
        ({"concurrency": 0.5}, "concurrency", "must be at least 1", "0.5"),
        ({"ended_at": "2025-03-01 10:00"}, "ended_at", "must not be before started_at", "2025-03-01 09:00:00"),
        (
            {"outcome": "abandoned", "handle_seconds": 0.0},
            "handle_seconds",
            "must be missing on an abandoned contact, not zero",
            "0.0",
        ),
    ],
)
def test_rows_that_break_a_rule(row, column, rule, value):
    data = dataset(contacts([row, {}]), LEDGER)
    assert data.quarantine.to_numpy().tolist() == [["contacts", "0", column, rule, value]]
    assert cpc.measure(data, "contacts")["contacts"].tolist() == [1.0]


def test_rules_of_the_other_tables():
    surveys = pd.DataFrame(
        {"survey_id": ["1", "2"], "contact_id": ["c0", "nobody"], "kind": "csat", "score": [6, 5], "scale_min": 1,
         "scale_max": 5}
    )  # fmt: skip
    agents = pd.DataFrame(
        {"agent_id": ["ann", "ann"], "valid_from": ["2025-01-01", "2025-02-01"], "valid_to": ["2025-03-01", None]}
    )
    lines = pd.concat([LEDGER, LEDGER.assign(line_id="x", amount="12,50")])
    data = dataset(PLAIN, lines, surveys=surveys, agents=agents)
    found = data.quarantine[["table", "column", "rule", "value"]].to_numpy().tolist()
    assert ["surveys", "score", "must lie in its scale", "6.0"] in found
    assert ["surveys", "contact_id", "must be a contact of the log", "nobody"] in found
    assert ["agents", "valid_from", "must not lie in an earlier range of the same agent", "2025-02-01"] in found
    assert ["costs", "amount", "must be money", "12,50"] in found
    assert len(found) == 4


def test_no_address_shows_in_the_quarantine():
    data = dataset(contacts([{"channel": "ida@example.com"}, {"started_at": "call +45 12 34 56 78"}]), LEDGER)
    assert data.quarantine["value"].tolist() == ["call [number]", "[e-mail]"]


def test_a_missing_column():
    message = refusal(dataset(PLAIN.rename(columns={"channel": "Chanel"}), LEDGER).check)
    assert message == "`contacts` must have a column `channel` (text). Is it 'Chanel'? Rename it."


def test_two_currencies_without_rates():
    lines = pd.concat([LEDGER, LEDGER.assign(line_id="x", currency="EUR")])
    assert refusal(cpc.measure, dataset(PLAIN, lines), "total_cost") == (
        "`costs.currency` must be DKK or have a rate to it, got EUR without a rate. "
        "State what one EUR is worth in DKK, in `rates`."
    )


def test_wages_twice():
    agents = pd.DataFrame({"agent_id": ["ann"], "hourly_wage": [100.0]})
    data = dataset(PLAIN, LEDGER, agents=agents, shifts=pd.DataFrame([shift("ann", "2025-04-01 08:00", 1)]),
                   costing=cpc.Costing(wages_from="payroll"))  # fmt: skip
    assert refusal(cpc.measure, data, "total_cost") == (
        "wages_from = 'payroll' generates the labour cost, but the ledger holds labour too (accounts 4000): it would "
        "be counted twice. Leave those lines out of `costs`, or take wages from the ledger."
    )


def test_no_costs():
    assert refusal(cpc.measure, dataset(PLAIN, None), "total_cost") == (
        "A figure in money needs `costs`, a stated `hourly_cost` or wages from payroll; the dataset has none."
    )
    assert cpc.measure(dataset(PLAIN, None), "contacts")["contacts"].tolist() == [2.0]


def test_tables_on_two_connections():
    one, two = (ibis.duckdb.connect() for _ in range(2))
    legs = pd.DataFrame({"leg_id": ["1"], "contact_id": ["c0"], "agent_id": ["ann"], "started_at": ["2025-04-01"]})
    message = refusal(
        cpc.Dataset.from_frames,
        contacts=one.create_table("contacts", PLAIN),
        costs=LEDGER,
        legs=two.create_table("legs", legs),
        currency="DKK",
        timezone=ZONE,
    )
    assert message == (
        "All large tables of a dataset must be on one connection, got 2 (duckdb and duckdb). "
        "Read them through one connection, or pass them as data frames."
    )


def test_too_many_cells(monkeypatch):
    monkeypatch.setattr(scans, "MOST_CELLS", 3)
    frame = contacts([{"reason": f"r{number}"} for number in range(5)])
    assert refusal(cpc.measure, dataset(frame, LEDGER), "contacts", by=["reason"]) == (
        "This question makes more than 3 cells; `reason` alone has 4 different values. "
        "Group by fewer columns, or by a coarser one."
    )


def test_what_a_dataset_refuses():
    assert refusal(dataset, None, LEDGER) == "A dataset must have a table `contacts`, got none."
    assert refusal(dataset, 3, LEDGER) == (
        "A table must be a pandas, polars or Arrow frame or an Ibis table, got builtins.int."
    )
    made = {"contacts": PLAIN, "costs": LEDGER}
    assert refusal(cpc.Dataset.from_frames, **made, currency="kr", timezone=ZONE) == (
        "`currency` must be a code of three capital letters such as DKK, got 'kr'."
    )
    assert refusal(cpc.Dataset.from_frames, **made, currency="DKK", timezone="Copenhagen") == (
        "`timezone` must be a zone of the tz database such as Europe/Copenhagen, got 'Copenhagen'."
    )


def test_what_policies_refuse():
    assert refusal(cpc.Counting, directions=("inn",)) == (
        "`directions` must be one of in, out, internal, got 'inn'. Did you mean 'in'?"
    )
    assert refusal(cpc.Counting, repeat_window="a week") == (
        "`repeat_window` must be a duration above 0, written as 7d, 2h, 30min or 90s, got 'a week'."
    )
    assert refusal(cpc.Costing, technology="handle_tme") == (
        "`technology` must be one of group_time, agent_time, wage_time, handle_time, contacts, headcount, "
        "got 'handle_tme'. Did you mean 'handle_time'?"
    )
    assert refusal(cpc.Costing, technology={"voice": 0.5, "chat": 0.4}) == (
        "`technology`: shares by channel must not be negative and must add up to 1, got {'voice': 0.5, 'chat': 0.4}."
    )


def test_repeats_need_a_customer_or_a_parent():
    assert refusal(cpc.measure, dataset(PLAIN, LEDGER), "repeat_rate") == (
        "`repeat_rate` needs `contacts.customer_id`, a pseudonym that tells whose contacts repeat, or "
        "`contacts.parent_contact_id`, the earlier contact that one follows up; the contacts have neither."
    )
    by_issue = dataset(PLAIN, LEDGER).replace(counting=cpc.Counting(unit="issue"))
    assert refusal(cpc.measure, by_issue, "contacts").startswith("An issue needs `contacts.customer_id`, a pseudonym")
