"""Which days a log covers, by its days with contacts alone."""

from __future__ import annotations

from datetime import date, timedelta

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
from hypothesis import given

from cpc_analysis.cells.covered_days import CoveredDays, covered_days
from cpc_analysis.cells.log_days import near_and_far
from cpc_analysis.periods import parse_period

WEEK = range(5)


def log(days: pd.DatetimeIndex | list[str], rows: object = 10) -> pd.DataFrame:
    """So many rows on each day."""
    return pd.DataFrame({"rows": rows, "contacts": rows}, index=pd.DatetimeIndex(days).as_unit("us"))


def between(first: str, last: str) -> pd.DatetimeIndex:
    return pd.date_range(first, last)


def months(found: CoveredDays) -> list[str]:
    """The months that are covered, of those that the log touches."""
    every = found.known.to_period("M").unique()
    return [str(month) for month in every if found.covers(parse_period(str(month)))]


def holes(found: CoveredDays) -> list[str]:
    return [str(hole) for hole in found.holes]


@pytest.mark.parametrize(("last", "covered"), [("03", []), ("14", []), ("27", []), ("30", []), ("31", ["2025-01"])])
def test_a_short_log_covers_its_own_days(last, covered):
    found = covered_days(log(between("2025-01-01", f"2025-01-{last}")), WEEK)
    assert found.ends == (date(2025, 1, 1), date(2025, 1, int(last)))
    assert months(found) == covered


def test_a_month_missing_completes_neither_itself_nor_the_next():
    days = between("2025-04-01", "2025-07-31").union(between("2025-09-01", "2025-09-10"))
    found = covered_days(log(days), WEEK)
    assert months(found) == ["2025-04", "2025-05", "2025-06", "2025-07"]
    assert holes(found) == ["2025-08-01 to 2025-08-31"]
    assert found.ends == (date(2025, 4, 1), date(2025, 9, 10))
    assert not found.knows(parse_period("2025-08"))
    assert found.knows(parse_period("2025-09"))


def test_one_day_missing_of_seven_day_weeks_is_a_hole():
    days = between("2025-01-01", "2025-06-30").drop(pd.Timestamp("2025-05-15"))
    found = covered_days(log(days), WEEK)
    assert holes(found) == ["2025-05-15"]
    assert months(found) == ["2025-01", "2025-02", "2025-03", "2025-04", "2025-06"]


def test_closed_weekends_are_covered_also_at_the_ends():
    found = covered_days(log(pd.bdate_range("2025-02-03", "2025-05-30")), WEEK)
    assert months(found) == ["2025-02", "2025-03", "2025-04", "2025-05"]
    assert found.ends == (date(2025, 2, 1), date(2025, 5, 31))
    assert holes(found) == []


def test_a_saturday_with_contacts_as_a_rule_is_no_closed_day():
    """Open on all days but counted in workdays: May ends on a Saturday that the log does not reach."""
    found = covered_days(log(between("2025-04-01", "2025-05-30")), WEEK)
    assert months(found) == ["2025-04"]
    one_month = covered_days(log(between("2025-05-01", "2025-05-30")), WEEK)
    assert months(one_month) == []


def test_every_other_saturday_is_no_hole():
    days = pd.bdate_range("2025-01-01", "2025-06-30").union(pd.date_range("2025-01-04", "2025-06-30", freq="14D"))
    found = covered_days(log(days), WEEK)
    assert holes(found) == []
    assert len(months(found)) == 6


def test_a_week_of_christmas_is_a_hole_unless_it_is_stated():
    closed = between("2024-12-23", "2025-01-01")
    days = pd.bdate_range("2024-01-01", "2025-06-19").difference(closed)
    found = covered_days(log(days), WEEK)
    assert holes(found) == ["2024-12-23 to 2025-01-01"]
    # The longest run is not the usual one: seven workdays at the end are not covered.
    assert months(found)[-1] == "2025-05"
    assert "2024-12" not in months(found)
    stated = covered_days(log(days), WEEK, holidays=[day.date() for day in closed])
    assert holes(stated) == []
    assert len(months(stated)) == 17


def test_closed_days_at_the_edge_of_a_hole_are_no_part_of_it():
    """A workweek without contacts from Monday, 2 June: the weekend before is May's, and May is complete."""
    days = pd.bdate_range("2025-04-01", "2025-06-30").difference(between("2025-06-02", "2025-06-06"))
    found = covered_days(log(days), WEEK)
    assert holes(found) == ["2025-06-02 to 2025-06-06"]
    assert months(found) == ["2025-04", "2025-05"]


@pytest.mark.parametrize("seed", range(4))
def test_three_contacts_a_week_on_any_days(seed):
    random = np.random.default_rng(seed)
    mondays = pd.date_range("2024-01-01", "2025-06-30", freq="W-MON")
    days = [monday + pd.Timedelta(days=int(day)) for monday in mondays for day in random.choice(7, 3, replace=False)]
    days = pd.DatetimeIndex(sorted(day for day in days if day <= pd.Timestamp("2025-06-30")))
    found = covered_days(log(days, rows=1), WEEK)
    assert holes(found) == []
    assert months(found)[:17] == [str(month) for month in pd.period_range("2024-01", "2025-05", freq="M")]
    lost = days[(days < "2025-02-25") | (days > "2025-04-02")]
    broken = covered_days(log(lost, rows=1), WEEK)
    assert len(broken.holes) == 1
    assert {"2025-03", "2025-02", "2025-04"}.isdisjoint(months(broken))


def test_monday_wednesday_and_friday_are_a_rhythm():
    days = between("2025-01-01", "2025-06-30")
    days = days[np.isin(days.day_of_week, [0, 2, 4])]
    assert len(months(covered_days(log(days, rows=1), WEEK))) == 6
    lost = days.drop(pd.Timestamp("2025-03-05"))
    assert holes(covered_days(log(lost, rows=1), WEEK)) == ["2025-03-05"]


def test_a_small_centre_has_days_without_by_chance_and_a_large_one_has_none():
    """Three contacts a workday: one day in twenty has none. Thirty: none has none."""
    random = np.random.default_rng(0)
    days = pd.bdate_range("2024-01-01", "2025-06-30")
    rows = random.poisson(3, len(days))
    few = covered_days(log(days[rows > 0], rows=rows[rows > 0]), WEEK)
    assert (rows == 0).sum() > 10
    assert holes(few) == []
    many = random.poisson(30, len(days))
    many[[50, 51, 100, 200]] = 0
    found = covered_days(log(days[many > 0], rows=many[many > 0]), WEEK)
    assert len(found.holes) == 3


def test_few_days_with_contacts_tell_nothing_but_themselves():
    found = covered_days(log(["2025-04-01", "2025-04-15", "2025-04-30"], rows=1), WEEK)
    assert not found.can_tell
    assert months(found) == []


def test_stated_ends_overrule_the_log():
    days = between("2025-04-01", "2025-04-20").union(between("2025-04-25", "2025-06-10"))
    whole = covered_days(log(days), WEEK, stated_first=date(2025, 4, 1), stated_last=date(2025, 6, 30))
    assert months(whole) == ["2025-04", "2025-05", "2025-06"]
    assert holes(whole) == []
    assert [str(run) for run in whole.doubted] == ["2025-04-21 to 2025-04-24", "2025-06-11 to 2025-06-30"]
    # One end stated says nothing of a hole inside.
    through = covered_days(log(days), WEEK, stated_last=date(2025, 6, 30))
    assert months(through) == ["2025-05", "2025-06"]
    assert holes(through) == ["2025-04-21 to 2025-04-24"]
    cut = covered_days(log(days), WEEK, stated_last=date(2025, 5, 20))
    assert cut.ends == (date(2025, 4, 1), date(2025, 5, 20))
    assert cut.knows(parse_period("2025-06"))
    assert not cut.covers(parse_period("2025-05"))


def test_without_contacts_nothing_is_covered():
    found = covered_days(log([]), WEEK, stated_first=date(2025, 4, 1), stated_last=date(2025, 4, 30))
    assert found.ends is None
    assert not found.covers(parse_period("2025-04"))


@pytest.mark.parametrize("stray", ["1900-01-01", "1970-01-01", "2024-01-05", "2025-12-15", "2052-06-10"])
def test_a_date_far_from_all_others_stretches_nothing(stray):
    days = between("2025-04-01", "2025-06-10")
    found = near_and_far(log(days.union(pd.DatetimeIndex([stray]))))
    assert [(str(far.days), far.contacts) for far in found.far] == [(stray, 10)]
    assert covered_days(found.near, WEEK).ends == (date(2025, 4, 1), date(2025, 6, 10))


def test_a_year_that_is_missing_is_a_hole_and_not_far_off():
    days = between("2023-01-01", "2023-12-31").union(between("2025-01-01", "2025-03-31"))
    found = near_and_far(log(days))
    assert found.far == ()
    assert holes(covered_days(found.near, WEEK)) == ["2024-01-01 to 2024-12-31"]


FIRST = date(2025, 1, 1)
HOLES = st.lists(st.tuples(st.integers(0, 180), st.integers(1, 40)), max_size=4)


def with_holes(cut: list[tuple[int, int]], length: int) -> pd.DatetimeIndex:
    """The days of a log of so many days without some stretches, each from a day on and so long."""
    gone = {start + number for start, days in cut for number in range(days)}
    return pd.DatetimeIndex([FIRST + timedelta(days=day) for day in range(length) if day not in gone])


@given(HOLES, st.integers(25, 181))
def test_a_month_is_complete_when_the_log_has_all_its_days(cut, length):
    days = with_holes(cut, length)
    found = near_and_far(log(days))
    known = covered_days(found.near, range(7))
    for month in pd.period_range("2025-01", "2025-06", freq="M"):
        is_there = pd.date_range(month.start_time, month.end_time.normalize()).isin(found.near.index).all()
        assert known.covers(parse_period(str(month))) == is_there


@given(HOLES, st.integers(25, 181), st.integers(-40_000, 40_000))
def test_a_stray_day_completes_no_month(cut, length, stray):
    days = with_holes(cut, length)
    before = set(months(covered_days(near_and_far(log(days)).near, WEEK)))
    day = pd.Timestamp(FIRST) + pd.Timedelta(days=stray)
    with_stray = days.union(pd.DatetimeIndex([day])) if len(days) else pd.DatetimeIndex([day])
    after = set(months(covered_days(near_and_far(log(with_stray, rows=10)).near, WEEK)))
    for month in after - before:
        # The one day that the month had missing.
        wanted = pd.date_range(f"{month}-01", parse_period(month).last)
        assert list(wanted.difference(days)) == [day]


@given(HOLES, st.integers(25, 181))
def test_days_are_covered_holes_or_beyond(cut, length):
    found = covered_days(near_and_far(log(with_holes(cut, length))).near, WEEK)
    if found.ends is None:
        return
    first, last = found.ends
    in_holes = sum(hole.days for hole in found.holes)
    assert len(found.days) + in_holes == (last - first).days + 1
