"""Weekdays and half-hours: local time, also where the clock changes, and sums that equal the total."""

from __future__ import annotations

import pandas as pd
import pytest

import cpc_analysis as cpc
from tests.centres import contacts, costs, dataset


def at(*times: str) -> pd.DataFrame:
    """Contacts at moments in UTC."""
    return contacts([{"started_at": pd.Timestamp(time, tz="UTC")} for time in times])


def clock(*times: str) -> list[tuple[int, int]]:
    frame = cpc.measure(dataset(at(*times), costs(("salaries", 1.0))), "contacts", by=["weekday", "half_hour"])
    return list(zip(frame["weekday"], frame["half_hour"], strict=True))


def test_weekdays_and_half_hours_are_local():
    # 22:15 in UTC on Tuesday is 00:15 on Wednesday in Copenhagen in summer, and 23:15 on Tuesday in winter.
    assert clock("2025-04-01 22:15") == [(2, 0)]
    assert clock("2025-12-02 22:15") == [(1, 46)]
    assert clock("2025-04-07 07:29:59", "2025-04-07 07:30:00", "2025-04-13 21:59") == [(0, 18), (0, 19), (6, 47)]


def test_half_hours_jump_in_spring_and_return_in_autumn():
    # On 30 March 2025 02:00 to 03:00 is left out; on 26 October it is there twice.
    assert clock("2025-03-30 00:45", "2025-03-30 01:00") == [(6, 3), (6, 6)]
    frame = cpc.measure(
        dataset(at("2025-10-26 00:10", "2025-10-26 01:10", "2025-10-26 02:10"), costs(("salaries", 1.0))),
        "contacts",
        by="half_hour",
    )
    assert dict(zip(frame["half_hour"], frame["contacts"], strict=True)) == {4: 2.0, 6: 1.0}


def test_weekdays_and_half_hours_add_up_with_work_outside_of_the_log():
    shifts = pd.DataFrame([{"agent_id": "ann", "starts_at": "2025-04-01 08:00", "ends_at": "2025-04-01 16:00",
                            "activity": "available", "is_paid": True, "is_productive": True}])  # fmt: skip
    hours = pd.DataFrame({"period": ["2025-04"], "staffing_group": ["ann"], "activity": ["project"], "hours": [1.0]})
    agents = pd.DataFrame({"agent_id": ["ann"], "staffing_group": ["ann"], "hourly_wage": [200.0]})
    frame = at("2025-04-01 07:15", "2025-04-02 09:45").assign(agent_id="ann", handle_seconds=1800)
    data = dataset(frame, costs(("salaries", 400.0)), shifts=shifts, hours=hours, agents=agents)
    found = cpc.measure(data, ["contacts", "total_cost"], by=["weekday", "half_hour"], incomplete=True)
    assert found["contacts"].sum() == 2
    assert found["total_cost"].sum() == pytest.approx(400.0)
    # The project has a cost and no time of day.
    rest = found[found["weekday"].isna()]
    assert len(rest) == 1 and rest["contacts"].iloc[0] == 0 and rest["total_cost"].iloc[0] > 0


def test_a_half_hour_filters_and_a_column_of_the_own_name_goes_before():
    times = at("2025-04-07 07:00", "2025-04-07 08:00")
    data = dataset(times, costs(("salaries", 1.0)))
    assert cpc.measure(data, "contacts", where={"half_hour": 18})["contacts"].tolist() == [1.0]
    own = dataset(times.assign(weekday=["early", "late"]), costs(("salaries", 1.0)))
    assert cpc.measure(own, "contacts", by="weekday")["weekday"].tolist() == ["early", "late"]


def test_rows_of_whole_days_have_no_half_hour():
    frame = at("2025-04-07 07:00").assign(contact_count=5, covers="day")
    data = dataset(frame, costs(("salaries", 1.0)))
    assert cpc.measure(data, "contacts", by="weekday")["contacts"].tolist() == [5.0]
    with pytest.raises(cpc.CpcError) as caught:
        cpc.measure(data, "contacts", by="half_hour")
    assert str(caught.value) == (
        "`contacts.covers` says that rows stand for a whole day, so they cannot be grouped by half_hour. "
        "Group by day or coarser."
    )
