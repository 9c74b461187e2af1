"""Windows that run into a hole of the log are not closed: what followed in it is not known."""

from __future__ import annotations

import pandas as pd
import pytest

import cpc_analysis as cpc
from tests.centres import contacts, costs

#: Seven contacts a day from January to March, and no data from 10 to 19 February.
EVERY_DAY = pd.date_range("2025-01-01", "2025-03-31")
HOLE = pd.date_range("2025-02-10", "2025-02-19")
SENTENCE = (
    "A window that runs into a hole of the contact log has not closed; a first contact within one window after a hole "
    "is not judged."
)


def log(rows: list[dict], days: pd.DatetimeIndex) -> cpc.Dataset:
    """The rows, on days with seven contacts each of customers who are not known."""
    others = [
        {"contact_id": f"{day:%m%d}-{number}", "started_at": f"{day:%Y-%m-%d} 09:00", "customer_id": None}
        for day in days
        for number in range(7)
    ]
    return cpc.Dataset.from_frames(contacts([*rows, *others]), costs(("salaries", 1.0)))


def first(customer: str, day: str, **more: object) -> dict:
    return {"contact_id": f"{customer}-{day}", "customer_id": customer, "started_at": f"{day} 10:00"} | more


JUDGED = [
    first("once", "2025-01-20"),
    first("twice", "2025-01-31"), first("twice", "2025-02-02"),
    first("just before", "2025-02-02"),  # its window of seven days ends on 9 February
    first("long after", "2025-02-27"),
]  # fmt: skip
NOT_JUDGED = [
    first("into the hole", "2025-02-05"),
    first("repeated before the hole", "2025-02-06"), first("repeated before the hole", "2025-02-07"),
    first("after the hole", "2025-02-22"),
]  # fmt: skip


def test_first_contacts_near_a_hole_are_not_judged():
    """Of the four that are judged one came again; the whole log, without a hole, judges seven, of whom two came."""
    data = log(JUDGED + NOT_JUDGED, EVERY_DAY.difference(HOLE))
    found = cpc.measure(data, "first_contact_resolution")
    assert found["first_contact_resolution"].iloc[0] == 3 / 4
    assert SENTENCE in found.attrs["definition"]
    whole = cpc.measure(log(JUDGED + NOT_JUDGED, EVERY_DAY), "first_contact_resolution")
    assert whole["first_contact_resolution"].iloc[0] == pytest.approx(5 / 7)
    assert SENTENCE not in whole.attrs["definition"]
    assert SENTENCE in cpc.resolution(data).attrs["definition"]


def test_a_hole_that_is_stated_to_be_none_is_none():
    data = log(JUDGED + NOT_JUDGED, EVERY_DAY.difference(HOLE))
    whole = cpc.Settings(complete_from="2025-01-01", complete_through="2025-03-31")
    found = cpc.measure(data.replace(settings=whole), "first_contact_resolution")
    assert found["first_contact_resolution"].iloc[0] == pytest.approx(5 / 7)


def test_issues_whose_window_runs_into_a_hole_are_open():
    data = log(JUDGED + NOT_JUDGED, EVERY_DAY.difference(HOLE))
    issues = cpc.issue_costs(data)
    # Closed: once, twice, just before, after the hole, long after. Open: those two whose window runs into it.
    assert issues[["closed_issues", "open_issues"]].iloc[0].tolist() == [5, 2]
    assert SENTENCE in issues.attrs["definition"]


def test_sessions_whose_window_runs_into_a_hole_are_open():
    """Two sessions are judged, one of which was contained; a third came back early, a fourth is open."""
    sessions = [
        first(name, day, outcome="self_served", handle_seconds=None)
        for name, day in (("a", "2025-01-20"), ("b", "2025-01-21"), ("c", "2025-02-05"), ("d", "2025-02-06"))
    ]
    returns = [first("b", "2025-01-22"), first("c", "2025-02-07")]
    data = log(sessions + returns, EVERY_DAY.difference(HOLE))
    kept = cpc.containment(data).iloc[0]
    assert kept[["sessions", "judged", "returns", "open_sessions", "open_returns"]].tolist() == [4, 2, 1, 2, 1]
    assert kept["net_containment"] == 1 / 2
    assert SENTENCE in cpc.containment(data).attrs["definition"]
