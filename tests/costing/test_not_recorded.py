"""What is not recorded is missing, not zero: handle times, totals that are averages, tables set aside whole."""

from __future__ import annotations

import pandas as pd
import pytest

import cpc_analysis as cpc
from tests.centres import contacts, costs, dataset


def untimed(**more: object) -> cpc.Dataset:
    """A call and a chat without a handle time; 480 of salaries and 20 of telecom."""
    rows = contacts([{"handle_seconds": None}, {"handle_seconds": None, "channel": "chat"}])
    return dataset(rows, costs(("salaries", 480.0), ("telecom", 20.0)), **more)


def test_cost_per_contact_of_a_channel_is_missing_where_nothing_can_carry_it():
    frame = cpc.measure(untimed(), ["cost_per_contact", "total_cost"], by=["channel"])
    assert frame["cost_per_contact"].isna().all()
    assert frame["total_cost"].tolist() == [10.0, 10.0, 480.0]
    assert frame.attrs["definition"].startswith(
        "Cost per contact of groups is not known where no handle time is recorded: nothing can carry what is shared by "
        "time. State `standard_handle_seconds`, or share it by `contacts`. "
    )
    assert cpc.measure(untimed(), "cost_per_contact", where={"channel": "voice"})["cost_per_contact"].isna().all()
    assert cpc.measure(untimed(), "cost_per_contact", by=["month"])["cost_per_contact"].tolist() == [250.0]


@pytest.mark.parametrize(
    ("costing", "each"),
    [
        (cpc.Costing(standard_handle_seconds={"voice": 60, "chat": 120}), {"voice": 170.0, "chat": 330.0}),
        (cpc.Costing(salaries="contacts"), {"voice": 250.0, "chat": 250.0}),
    ],
)
def test_the_cures_that_it_names_cure_it(costing: cpc.Costing, each: dict[str, float]):
    frame = cpc.measure(untimed(costing=costing), "cost_per_contact", by=["channel"])
    assert frame.set_index("channel")["cost_per_contact"].to_dict() == pytest.approx(each)


def test_a_channel_without_times_beside_another_is_not_known_either():
    """Time is recorded of calls, which carry what is shared by time; a chat for 0.00 would read as free."""
    rows = contacts([{"handle_seconds": 60.0}, {"handle_seconds": None, "channel": "chat"}])
    frame = cpc.measure(dataset(rows, costs(("salaries", 480.0))), ["cost_per_contact", "total_cost"], by=["channel"])
    assert frame["cost_per_contact"].fillna(-1).tolist() == [-1, 480.0]
    assert frame["total_cost"].tolist() == [0.0, 480.0]


def test_what_needs_no_time_is_known_without():
    rows = contacts([{"outcome": "self_served", "handle_seconds": None, "channel": "web"}, {}])
    data = dataset(rows, costs(("salaries", 48.0), ("technology", 10.0), channel="web"),
                   counting=cpc.Counting(outcomes=("answered", "self_served")))  # fmt: skip
    frame = cpc.measure(data, "cost_per_contact", by=["channel"])
    assert frame.set_index("channel")["cost_per_contact"].to_dict() == {"voice": 0.0, "web": 58.0}


def test_averages_that_cannot_be_are_doubted():
    row = {"contact_count": 1000, "covers": "month", "handle_seconds": 300.0, "started_at": "2025-04-01"}
    notes = dataset(contacts([row])).check().notes
    assert (
        "Rows with a `contact_count` above 1 hold totals: their durations are of all their contacts together." in notes
    )
    assert (
        "The average handle time of voice is 0.3 seconds, under 5 seconds: perhaps an average stands where a total "
        "should, or the unit is another; `unit` states it."
    ) in notes
    long = dataset(contacts([{"handle_seconds": 100_000.0, "wait_seconds": 90_000.0}])).check().notes
    said = "The average handle time of voice is 100,000.0 seconds, over a day: perhaps the unit is another"
    assert any(note.startswith(said) for note in long)
    assert any(note.startswith("The average wait of voice is 90,000.0 seconds, over a day") for note in long)
    assert not any("average" in note for note in dataset(contacts([{}])).check().notes)


def test_a_log_that_was_set_aside_whole_is_checked_and_answered():
    data = dataset(contacts([{"channel": "Phone"}, {"channel": "Phone"}]), costs(("salaries", 10.0)))
    report = data.check()
    assert report.notes[0].startswith(
        "Every row of `contacts` was set aside, 2 of 2 because `channel` must be one of voice, chat, email"
    )
    assert report.rules["example"].tolist() == ["'Phone' in row 0"]
    assert report.rules["contacts"].tolist() == [2]
    found = cpc.measure(data, "contacts", by=["month"])
    assert found.attrs["definition"].startswith("Every row of `contacts` was set aside")
    assert found["contacts"].fillna(0).sum() == 0


def test_a_ledger_that_was_set_aside_whole_is_checked_and_refused_with_the_reason():
    ledger = costs(("salaries", 10.0)).assign(posted_on="30-04-2025")
    data = dataset(contacts([{}]), ledger)
    assert "30-04-2025" in str(data.check())
    with pytest.raises(cpc.CpcError) as caught:
        cpc.cost_statement(data)
    assert str(caught.value) == (
        "Every row of `costs` was set aside, 1 of 1 because `posted_on` must be a date, of the years 1990 to 2099, got "
        "'30-04-2025' in row 0. Mend or map that column; the check shows every rule."
    )


def test_rows_set_aside_are_counted_and_only_the_first_are_fetched():
    rows = pd.concat([contacts([{}]), contacts([{"channel": "Phone"}] * 1).loc[[0] * 3000]], ignore_index=True)
    rows["contact_id"] = [f"c{number}" for number in range(len(rows))]
    data = dataset(rows)
    assert data.check().set_aside["contacts"] == 3000
    assert len(data.quarantine) == 1000
    assert data.check().rules["rows"].tolist() == [3000]
