"""Work and shifts by weekday and half-hour: on all that they last through, and nothing over."""

from __future__ import annotations

import pandas as pd
import pytest

import cpc_analysis as cpc
from tests.centres import contacts, costs, dataset, shift

CLOCK = ["weekday", "half_hour"]


def centre(rows: list[dict[str, object]], shifts: list[dict[str, object]], **tables: pd.DataFrame) -> cpc.Dataset:
    agents = pd.DataFrame({"agent_id": ["ann"], "staffing_group": ["ann"], "hourly_wage": [200.0]})
    log = contacts([{"agent_id": "ann", "handle_seconds": 600, **row} for row in rows])
    return dataset(log, costs(("salaries", 400.0)), shifts=pd.DataFrame(shifts), agents=agents, **tables)


def occupancy(data: cpc.Dataset, by: list[str]) -> dict[tuple[int, ...], float]:
    frame = cpc.measure(data, "occupancy", by=by).dropna(subset=["occupancy"])
    return {tuple(row[:-1]): pytest.approx(row[-1]) for row in frame[[*by, "occupancy"]].itertuples(index=False)}


def test_work_lies_on_the_half_hours_that_it_lasts_through():
    # A wait of two minutes, then twenty of work from 09:25: five before half past nine and fifteen after it.
    call = {"started_at": "2025-04-01 09:23", "wait_seconds": 120, "handle_seconds": 1200}
    data = centre([call], [shift("ann", "2025-04-01 09:00", 1.5)])
    assert occupancy(data, CLOCK) == {(1, 18): 5 / 30, (1, 19): 15 / 30, (1, 20): 0.0}
    assert occupancy(data, ["weekday"]) == {(1,): 20 / 90}


def test_what_runs_on_after_the_shifts_has_no_occupancy():
    data = centre([{"started_at": "2025-04-01 09:55"}], [shift("ann", "2025-04-01 09:00", 1)])
    assert occupancy(data, CLOCK) == {(1, 18): 0.0, (1, 19): 5 / 30}
    assert cpc.measure(data, "handled_share_of_paid", by=CLOCK).attrs["parts"].frame["handled_hours"].tolist() == (
        pytest.approx([0.0, 5 / 60, 5 / 60])
    )


def test_written_work_ends_with_its_response():
    mail = {"started_at": "2025-03-31 22:00", "channel": "email", "first_response_seconds": 11 * 3600 + 1200}
    data = centre([mail], [shift("ann", "2025-04-01 09:00", 0.5)])
    # Answered at 09:20, after ten minutes of work.
    assert occupancy(data, CLOCK) == {(1, 18): 10 / 30}


def test_a_night_shift_reaches_into_the_next_weekday_and_over_a_change_of_the_clock():
    # From 22:00 on Saturday to 06:00 on Sunday; the hour from two is left out, so that seven hours pass.
    data = centre([{"started_at": "2025-03-29 23:00"}], [shift("ann", "2025-03-29 22:00", 7)])
    hours = cpc.measure(data, "paid_hours", by=CLOCK).set_index(CLOCK)["paid_hours"]
    paid = hours[hours > 0]
    assert paid.sum() == 7.0
    assert [slot for day, slot in paid.index if day == 6] == [0, 1, 2, 3, 6, 7, 8, 9, 10, 11]
    assert len(paid.loc[5]) == 4


def test_halves_and_breaks_and_work_outside_of_the_log_add_up():
    shifts = [shift("ann", "2025-04-01 08:00", 4 + 1 / 6), shift("ann", "2025-04-01 12:10", 0.5, "break")]
    rows = [{"started_at": "2025-04-01 08:50", "handle_seconds": 777.001, "concurrency": 3},
            {"started_at": "2025-04-01 11:59", "handle_seconds": 60}]  # fmt: skip
    hours = pd.DataFrame({"period": ["2025-04"], "staffing_group": ["ann"], "activity": ["project"], "hours": [1.0]})
    data = centre(rows, shifts, hours=hours)
    names = ["occupancy", "availability", "handled_share_of_paid", "contacts_per_paid_hour"]
    whole = cpc.measure(data, names).attrs["parts"].frame
    for by in (CLOCK, ["weekday"], ["half_hour"], ["month", "half_hour"], ["staffing_group", *CLOCK]):
        parts = cpc.measure(data, names, by=by).attrs["parts"].frame
        for part in ("paid_hours", "productive_hours", "worked_hours", "handled_hours", "handled_contacts"):
            if part in parts:
                assert parts[part].sum() == pytest.approx(whole[part].sum(), abs=1e-9), part


def test_many_contacts_in_a_row_and_spans_of_days_stay_at_their_start():
    rows = [{"started_at": "2025-04-01 09:00", "contact_count": 4, "handle_seconds": 3600},
            {"started_at": "2025-04-01 09:30", "handle_seconds": 100_000}]  # fmt: skip
    data = centre(rows, [shift("ann", "2025-04-01 09:00", 1)])
    hours = cpc.measure(data, "handled_share_of_paid", by=CLOCK).attrs["parts"].frame
    worked = hours[hours["handled_hours"] > 0]
    assert worked["half_hour"].tolist() == [18, 19]
    assert worked["handled_hours"].tolist() == pytest.approx([1.0, 100_000 / 3600])


def test_legs_lie_where_they_were():
    legs = pd.DataFrame([{"leg_id": "1", "contact_id": "c1", "agent_id": "ann", "started_at": "2025-04-01 09:20",
                          "ended_at": "2025-04-01 09:40"}])  # fmt: skip
    data = centre([{"contact_id": "c1", "started_at": "2025-04-01 08:00"}],
                  [shift("ann", "2025-04-01 08:00", 2)], legs=legs)  # fmt: skip
    found = occupancy(data, ["half_hour"])
    assert found == {(16,): 0.0, (17,): 0.0, (18,): 10 / 30, (19,): 10 / 30}


def test_money_of_a_schedule_has_no_half_hour():
    data = centre([{"started_at": "2025-04-01 09:00"}], [shift("ann", "2025-04-01 09:00", 1)])
    with pytest.raises(cpc.CpcError, match=r"^`hourly_cost` can be grouped only by agent columns and periods \("):
        cpc.measure(data, "hourly_cost", by=["half_hour"])


def test_the_sample_adds_up():
    data, where = cpc.load_sample(), {"month": "2025-06"}
    names = ["occupancy", "availability", "handled_share_of_paid"]
    whole = cpc.measure(data, names, where=where).attrs["parts"].frame.iloc[0]
    parts = cpc.measure(data, names, by=CLOCK, where=where).attrs["parts"].frame
    for part in ("paid_hours", "productive_hours", "worked_hours", "handled_hours"):
        assert parts[part].sum() == pytest.approx(whole[part], rel=1e-12)
