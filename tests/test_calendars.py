"""Fiscal calendars: their days, their texts, what they refuse - and what a dataset that has one answers."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cpc_analysis as cpc
from cpc_analysis.calendars import CIVIL, FISCAL_GRAINS, Calendar
from cpc_analysis.cells.calendar_words import calendar_in_words
from cpc_analysis.cells.spans import by_days, spans_of, starts_of
from cpc_analysis.errors import InvalidInputError
from cpc_analysis.language import in_language
from cpc_analysis.models.selection import earlier, year_before
from cpc_analysis.periods import CIVIL_GRAINS, GRAINS, parse_period, period_of
from cpc_analysis.sources.project import read_project
from tests.centres import contacts, costs, dataset

APRIL = Calendar(year_starts=4)
#: The calendar of the National Retail Federation: 4-5-4 from the Sunday nearest to 1 February, named after its start.
RETAIL = Calendar(year_starts=2, pattern="4-5-4", week_starts="sun", named_after="start")
CALENDARS = st.builds(
    Calendar, st.integers(1, 12), st.sampled_from(["", "4-4-5", "4-5-4", "5-4-4"]), st.sampled_from(["mon", "sun"]),
    st.sampled_from(["end", "start"]),
)  # fmt: skip
DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))


def bounds(text: str, calendar: Calendar) -> tuple[str, str]:
    period = parse_period(text, calendar)
    return str(period.start), str(period.last)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [("FY2025", "2024-04-01", "2025-03-31"), ("FY2025-Q1", "2024-04-01", "2024-06-30"),
     ("FY2025-Q4", "2025-01-01", "2025-03-31"), ("FY2025-M01", "2024-04-01", "2024-04-30"),
     ("FY2025-M12", "2025-03-01", "2025-03-31")],
)  # fmt: skip
def test_a_year_from_april_is_named_after_its_end(text, first, last):
    assert bounds(text, APRIL) == (first, last)


def test_a_year_named_after_its_start_and_one_that_is_the_calendar_year():
    assert bounds("FY2024", Calendar(year_starts=4, named_after="start")) == ("2024-04-01", "2025-03-31")
    for named_after in ("start", "end"):
        assert bounds("FY2025", Calendar(named_after=named_after)) == ("2025-01-01", "2025-12-31")


@given(st.integers(1, 12), DAYS)
def test_without_a_pattern_periods_are_those_of_pandas(year_starts, day):
    calendar, ends = Calendar(year_starts), f"{date(2001, year_starts, 1) - timedelta(days=1):%b}".upper()
    for grain, code in (("fiscal_quarter", "Q"), ("fiscal_year", "Y")):
        known = pd.Period(day, f"{code}-{ends}")
        found = period_of(day, grain, calendar)
        assert (found.start, found.last) == (known.start_time.date(), known.end_time.date())
        year = known.qyear if code == "Q" else known.end_time.year
        assert str(found) == f"FY{year}" + (f"-Q{known.quarter}" if code == "Q" else "")


@pytest.mark.parametrize(
    ("text", "first", "weeks"),
    [("FY2022", "2022-01-30", 52), ("FY2023", "2023-01-29", 53), ("FY2024", "2024-02-04", 52),
     ("FY2025", "2025-02-02", 52), ("FY2017", "2017-01-29", 53)],
)  # fmt: skip
def test_years_of_the_national_retail_federation(text, first, weeks):
    """4-5-4 calendar, National Retail Federation: https://nrf.com/resources/4-5-4-calendar."""
    period = parse_period(text, RETAIL)
    assert (str(period.start), period.days) == (first, 7 * weeks)


def test_months_of_the_national_retail_federation():
    """November and December of 2024, and January of 2023, the month with the 53rd week."""
    assert bounds("FY2024-M10", RETAIL) == ("2024-11-03", "2024-11-30")
    assert bounds("FY2024-M11", RETAIL) == ("2024-12-01", "2025-01-04")
    assert bounds("FY2023-M12", RETAIL) == ("2023-12-31", "2024-02-03")
    assert bounds("FY2023-Q4", RETAIL) == ("2023-10-29", "2024-02-03")


@given(DAYS)
def test_weeks_from_january_and_monday_are_iso_years(day):
    calendar = Calendar(pattern="4-4-5")
    year = period_of(day, "fiscal_year", calendar)
    assert str(year) == f"FY{day.isocalendar().year}"
    assert year.start == date.fromisocalendar(day.isocalendar().year, 1, 1)


@given(CALENDARS, DAYS)
def test_fiscal_periods_lie_in_each_other_and_leave_no_day_out(calendar, day):
    month, quarter, year = (period_of(day, grain, calendar) for grain in FISCAL_GRAINS)
    for period in (month, quarter, year):
        assert day in period
        assert parse_period(str(period), calendar) == period
        assert period_of(period.last, period.grain, calendar) == period
        assert period_of(period.end, period.grain, calendar).start == period.end
        assert earlier(period_of(period.end, period.grain, calendar)) == period
    assert year.start <= quarter.start <= month.start < month.end <= quarter.end <= year.end
    if calendar.cuts_months:
        assert year.days in (364, 371)
        assert [month.days, year.start.strftime("%a").lower()][1] == calendar.week_starts
        assert month.days in (28, 35, 42)


@given(CALENDARS, DAYS)
def test_texts_sort_as_the_days_do(calendar, day):
    for grain in FISCAL_GRAINS:
        period = period_of(day, grain, calendar)
        assert str(earlier(period)) < str(period)


@given(CALENDARS, DAYS)
def test_the_year_before_has_the_same_number(calendar, day):
    for grain in FISCAL_GRAINS:
        period = period_of(day, grain, calendar)
        before = year_before(period)
        assert calendar.number(before.start, grain) == calendar.number(period.start, grain)
        assert earlier(period_of(period.start, "fiscal_year", calendar)) == period_of(
            before.start, "fiscal_year", calendar
        )


@given(st.lists(DAYS, min_size=1, max_size=5), CALENDARS, st.sampled_from(GRAINS))
def test_starts_of_many_days_are_those_of_each(days, calendar, grain):
    found = starts_of(pd.DatetimeIndex([*days, pd.NaT]), grain, calendar)
    expected = [period_of(day, grain, calendar).start for day in days]
    assert [start.date() for start in found[:-1]] == expected and pd.isna(found[-1])


def test_periods_without_a_calendar_know_no_fiscal_ones():
    with pytest.raises(InvalidInputError) as refused:
        parse_period("FY2025-Q1")
    assert str(refused.value) == (
        "A fiscal period can only stand where the calendar of a dataset is known, got 'FY2025-Q1'. "
        "Write the days, months or years that it has, such as 2025-Q2."
    )
    for text in ("FY2025-Q5", "FY25", "FY2025-M13", "FY2025-M1"):
        with pytest.raises(InvalidInputError) as refused:
            parse_period(text, APRIL)
        assert str(refused.value) == (
            f"A fiscal period must be written as FY2025, FY2025-Q1 or FY2025-M01, got '{text}'."
        )
    for text in ("FY0000", "FY9999"):
        with pytest.raises(InvalidInputError):
            parse_period(text, Calendar(pattern="4-4-5"))
    assert [str(period_of(date(2025, 4, 7), grain)) for grain in CIVIL_GRAINS] == [
        "2025-04-07", "2025-W15", "2025-04", "2025-Q2", "2025",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("stated", "message"),
    [
        ({"year_starts": 13}, "`year_starts` must be a month from 1 to 12, such as 4 for April, got '13'."),
        ({"year_starts": "April"}, "`year_starts` must be a month from 1 to 12, such as 4 for April, got 'April'."),
        ({"year_starts": True}, "`year_starts` must be a month from 1 to 12, such as 4 for April, got 'True'."),
        ({"pattern": "4-4-4"}, "`pattern` must be one of 4-4-5, 4-5-4, 5-4-4, or left out for calendar months, got "
         "'4-4-4'."),
        ({"pattern": 445}, "`pattern` must be one of 4-4-5, 4-5-4, 5-4-4, or left out for calendar months, got '445'."),
        ({"week_starts": "mo"}, "`week_starts` must be one of mon, tue, wed, thu, fri, sat, sun, got 'mo'. "
         "Did you mean 'mon'?"),
        ({"named_after": "begin"}, "`named_after` must be one of end, start, got 'begin'."),
    ],
)  # fmt: skip
def test_what_is_no_calendar_is_refused_where_it_is_stated(tmp_path: Path, stated, message):
    with pytest.raises(InvalidInputError) as refused:
        Calendar(**stated)
    assert str(refused.value) == message
    ((name, value),) = stated.items()
    written = {True: "true"}.get(value, repr(value)) if isinstance(value, bool) else repr(value)
    with pytest.raises(InvalidInputError) as refused:
        project(tmp_path, f"[calendar]\n{name} = {written}\n")
    assert str(refused.value) == f"cpc.toml, [calendar]: {message}"


def test_a_setting_that_is_no_calendar():
    with pytest.raises(InvalidInputError) as refused:
        cpc.Settings(calendar="4-4-5")
    assert str(refused.value) == "`calendar` must be a Calendar, such as Calendar(year_starts=4), got '4-4-5'."


def project(folder: Path, stated: str):
    (folder / "c.csv").write_text(
        "contact_id,started_at,channel,direction,outcome\n1,2025-04-01 09:00,voice,in,answered\n", encoding="utf-8"
    )
    (folder / "cpc.toml").write_text(
        f'[project]\ncurrency = "DKK"\ntimezone = "Europe/Copenhagen"\n{stated}[tables.contacts]\nfiles = "c.csv"\n',
        encoding="utf-8",
    )
    return read_project(folder)


def test_a_project_states_its_calendar(tmp_path: Path):
    stated = '[calendar]\nyear_starts = 4\npattern = "4-4-5"\nweek_starts = "Sunday"\nnamed_after = "start"\n'
    assert project(tmp_path, stated).settings.calendar == Calendar(4, "4-4-5", "sun", "start")
    assert project(tmp_path, "").settings.calendar == CIVIL
    with pytest.raises(cpc.CpcError) as refused:
        project(tmp_path, "[calendar]\nyear_start = 4\n")
    assert str(refused.value) == ("cpc.toml, [calendar]: there is no setting 'year_start'. Did you mean 'year_starts'?")


@given(CALENDARS, st.dates(date(2000, 1, 1), date(2040, 12, 1)))
def test_spans_are_the_days_of_a_month_cut_at_fiscal_months(calendar, day):
    month = pd.Timestamp(day.replace(day=1))
    spans = spans_of([month], calendar)
    days = pd.date_range(month, periods=month.days_in_month)
    starts = starts_of(days, "fiscal_month", calendar)
    if not calendar.cuts_months:
        assert list(spans.starts) == [month] and list(spans.share) == [1.0]
        return
    expected = pd.Series(1, index=days).groupby(starts).sum() / len(days)
    assert list(spans.frame["fiscal_month"]) == list(expected.index)
    assert spans.share.tolist() == pytest.approx(expected.tolist())
    rows = pd.DataFrame({"month": month, "fiscal_month": starts})
    assert list(spans.starts[spans.places(rows)]) == [max(month, start) for start in starts]
    cut = by_days(pd.DataFrame({"month": [month], "whole": [100_003], "part": [10.0]}), ["whole", "part"], calendar)
    assert cut["whole"].sum() == 100_003 and cut["part"].sum() == pytest.approx(10.0)


def test_what_a_fiscal_year_is_in_words():
    assert calendar_in_words(CIVIL) == "Fiscal years are calendar years."
    begins = Calendar(year_starts=10, named_after="start")
    assert calendar_in_words(begins) == (
        "Fiscal years begin in October and are named after the year in which they begin."
    )
    assert calendar_in_words(RETAIL) == (
        "Fiscal years begin on the Sunday nearest to 1 February and are named after the year in which they begin. "
        "The months of a fiscal quarter have 4-5-4 weeks; a 53rd week belongs to the last month of its year."
    )
    assert in_language(calendar_in_words(APRIL), "da") == (
        "Regnskabsår begynder i april og er opkaldt efter det år, de slutter i."
    )
    assert in_language(calendar_in_words(Calendar(4, "4-4-5")), "da") == (
        "Regnskabsår begynder den mandag, der ligger nærmest 1. april, og er opkaldt efter det år, de slutter i. "
        "Månederne i et regnskabskvartal har 4-4-5 uger; en 53. uge hører til årets sidste måned."
    )


def centre(calendar: Calendar | None = None) -> cpc.Dataset:
    """One call a day and a cost of 100 a month, from January 2024 to June 2025."""
    days = pd.date_range("2024-01-01", "2025-06-30")
    rows = contacts([{"started_at": f"{day:%Y-%m-%d} 10:00"} for day in days])
    months = pd.period_range("2024-01", "2025-06", freq="M")
    ledger = pd.concat([costs(("technology", 100.0), month=str(month)) for month in months])
    settings = cpc.Settings(calendar=calendar) if calendar else None
    return dataset(rows, ledger, settings=settings)


def test_results_hold_texts_and_say_what_a_fiscal_year_is():
    frame = cpc.measure(centre(APRIL), ["contacts", "total_cost"], by=["fiscal_year", "fiscal_quarter"])
    assert frame[["fiscal_year", "fiscal_quarter"]].apply(tuple, axis=1).tolist() == [
        ("FY2024", "FY2024-Q4"), ("FY2025", "FY2025-Q1"), ("FY2025", "FY2025-Q2"), ("FY2025", "FY2025-Q3"),
        ("FY2025", "FY2025-Q4"), ("FY2026", "FY2026-Q1"),
    ]  # fmt: skip
    assert frame["contacts"].tolist() == [91, 91, 92, 92, 90, 91]
    assert frame["total_cost"].tolist() == pytest.approx([300.0] * 6)
    words = "Fiscal years begin in April and are named after the year in which they end."
    assert frame.attrs["definition"].count(words) == 1
    assert "costed by days" not in frame.attrs["definition"]
    assert frame.attrs["parts"].frame["fiscal_year"].tolist() == frame["fiscal_year"].tolist()
    plain = cpc.measure(centre(APRIL), "contacts", by=["quarter"])
    assert "Fiscal" not in plain.attrs["definition"]
    held = cpc.measure(centre(APRIL), "contacts", where={"month": "FY2025-Q1"})
    assert words in held.attrs["definition"]


@pytest.mark.parametrize(
    ("where", "number"),
    [({"fiscal_year": "FY2025"}, 365), ({"fiscal_quarter": ["FY2025-Q1", "FY2025-Q2"]}, 183),
     ({"fiscal_month": "FY2025-M12"}, 31), ({"month": "FY2025-Q1"}, 91), ({"day": "FY2025-M01"}, 30),
     ({"fiscal_month": "FY2025-Q1"}, 91), ({"fiscal_quarter": "2024"}, 366), ({"fiscal_month": "2025-Q1"}, 90),
     ({"fiscal_quarter": date(2024, 5, 17)}, 91), ({"fiscal_year": "FY2025", "month": "2025-01"}, 31)],
)  # fmt: skip
def test_conditions_take_fiscal_periods(where, number):
    assert cpc.measure(centre(APRIL), "contacts", where=where)["contacts"].tolist() == [number]


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ({"fiscal_quarter": "2025-03"}, "`where` must name a fiscal_quarter or a longer period in `fiscal_quarter`, "
         "got the month '2025-03'. Ask for it in `month`."),
        ({"fiscal_year": "FY2025-Q1"}, "`where` must name a fiscal_year or a longer period in `fiscal_year`, got the "
         "fiscal_quarter 'FY2025-Q1'. Ask for it in `fiscal_quarter`."),
        ({"fiscal_quarter": "FY2025-5"}, "A fiscal period must be written as FY2025, FY2025-Q1 or FY2025-M01, got "
         "'FY2025-5'."),
    ],
)  # fmt: skip
def test_conditions_that_name_no_such_period(where, message):
    with pytest.raises(InvalidInputError) as refused:
        cpc.measure(centre(APRIL), "contacts", where=where)
    assert str(refused.value) == message


def test_without_a_calendar_fiscal_periods_are_calendar_ones():
    data = centre()
    fiscal = cpc.measure(data, ["contacts", "total_cost"], by=["fiscal_month"])
    civil = cpc.measure(data, ["contacts", "total_cost"], by=["month"])
    assert fiscal["fiscal_month"].tolist() == [f"FY{month:%Y-M%m}" for month in civil["month"]]
    pd.testing.assert_frame_equal(fiscal.drop(columns="fiscal_month"), civil.drop(columns="month"))
    assert data.settings.grains == CIVIL_GRAINS and centre(APRIL).settings.grains == GRAINS


def test_complete_workdays_and_a_condition_that_cuts_a_period():
    data = centre(APRIL)
    quarters = cpc.measure(data, "assisted_contacts_per_workday", by=["fiscal_quarter"])
    assert quarters["complete"].all()
    assert quarters["assisted_contacts_per_workday"].iloc[1] == pytest.approx(91 / 65)
    years = cpc.measure(data, "cost_per_contact", by=["fiscal_year"])
    assert years["complete"].tolist() == [False, True, False]
    cut = cpc.measure(data, "contacts", by=["fiscal_quarter"], where={"month": "2025-01"})
    assert cut["fiscal_quarter"].tolist() == ["FY2025-Q4"] and not cut["complete"].any()
    weeks = cpc.measure(centre(Calendar(4, "4-4-5")), "assisted_contacts_per_workday", by=["fiscal_month"])
    full = weeks[weeks["complete"]]
    assert set(full["assisted_contacts_per_workday"].round(9)) == {1.4}


def test_weeks_that_months_cut_have_the_workdays_of_both():
    """2025-W05 has five workdays in January; in the row of February there are none but the weekend."""
    frame = cpc.measure(centre(), "assisted_contacts_per_workday", by=["week", "month"], where={"week": "2025-W05"})
    assert frame["month"].astype("str").tolist() == ["2025-01-01", "2025-02-01"]
    assert frame["assisted_contacts_per_workday"].iloc[0] == 1.0 and pd.isna(
        frame["assisted_contacts_per_workday"].iloc[1]
    )
