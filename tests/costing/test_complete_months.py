"""Complete months, holes and dates far off, of datasets: what is measured, what the check says, how trends break."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

import cpc_analysis as cpc
from cpc_analysis.charts import trend
from cpc_analysis.costing.coverage import complete_months, contact_days, last_closed_month, log_months
from cpc_analysis.models.limits import process_limits
from cpc_analysis.models.pack import monthly_pack
from tests.centres import shift

ZONES = ["Europe/Copenhagen", "America/New_York", "America/Los_Angeles", "Asia/Kolkata", "Pacific/Auckland",
         "Australia/Lord_Howe", "UTC"]  # fmt: skip
HOLED = [*pd.date_range("2025-04-01", "2025-07-31"), *pd.date_range("2025-09-01", "2025-09-10")]


def log(days, each: int = 10, at: str = "09:0{n}", **columns: object) -> pd.DataFrame:
    """Answered calls of five minutes, so many on each day."""
    rows = [
        {"contact_id": f"{day:%Y-%m-%d} {n}", "started_at": f"{day:%Y-%m-%d} {at.format(n=n)}:00", "channel": "voice",
         "direction": "in", "outcome": "answered", "handle_seconds": 300} | columns
        for day in days for n in range(each)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def books(first: str, last: str, amount: float = 3100.0) -> pd.DataFrame:
    """Salaries of each month."""
    months = [str(month) for month in pd.period_range(first, last, freq="M")]
    return pd.DataFrame({"line_id": months, "posted_on": [f"{month}-28" for month in months], "account": "5",
                         "cost_type": "salaries", "amount": amount})  # fmt: skip


def centre(contacts: pd.DataFrame, costs: pd.DataFrame | None = None, zone: str = "UTC", **more) -> cpc.Dataset:
    return cpc.Dataset.from_frames(contacts=contacts, costs=costs, timezone=zone, currency="DKK", **more)


def holed(**more) -> cpc.Dataset:
    """Whole from April to July, nothing in August, ten days of September; the ledger has all six months."""
    return centre(log(HOLED), books("2025-04", "2025-09"), **more)


def row(data: cpc.Dataset, *quantities: str, **where: object) -> pd.Series:
    return cpc.measure(data, list(quantities), where=where).iloc[0]


def by_month(data: cpc.Dataset, *quantities: str) -> pd.DataFrame:
    return cpc.measure(data, list(quantities), by=["month"]).set_index("month")


@pytest.mark.parametrize("last", ["03", "14", "27"])
def test_a_short_log_is_no_month(last):
    data = centre(log(pd.date_range("2025-01-01", f"2025-01-{last}")), books("2025-01", "2025-01"))
    found = by_month(data, "contacts", "cost_per_contact", "total_cost").loc["2025-01-01"]
    assert found["contacts"] == 10 * int(last)
    assert np.isnan(found["cost_per_contact"])
    assert found["total_cost"] == 3100
    assert not found["complete"]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("at", ["00:0{n}", "23:5{n}"])
def test_days_are_those_of_the_zone(zone, at):
    """The first and the last minutes of each local day, over both clock changes of a year."""
    days = log(pd.date_range("2025-03-01", "2025-11-30"), each=9, at=at)
    whole = centre(days, books("2025-03", "2025-12"), zone)
    assert contact_days(whole) == (date(2025, 3, 1), date(2025, 11, 30))
    assert len(complete_months(whole)) == 9
    cut = centre(days[days["started_at"] < "2025-11-30"], books("2025-03", "2025-12"), zone)
    assert contact_days(cut) == (date(2025, 3, 1), date(2025, 11, 29))
    assert date(2025, 11, 1) not in complete_months(cut)
    lost = centre(days[~days["started_at"].str.startswith("2025-04-06")], books("2025-03", "2025-12"), zone)
    assert complete_months(whole) - complete_months(lost) == {date(2025, 4, 1)}


def test_a_hole_completes_no_month_that_it_touches():
    found = by_month(holed(), "contacts", "cost_per_contact", "total_cost")
    assert found["complete"].tolist() == [True, True, True, True, False, False]
    assert found["contacts"].tolist()[:4] == [300, 310, 300, 310]
    assert np.isnan(found.loc["2025-08-01", "contacts"])
    assert found.loc["2025-09-01", "contacts"] == 100
    assert found["cost_per_contact"].isna().tolist() == [False, False, False, False, True, True]
    assert found["total_cost"].tolist() == [3100.0] * 6
    assert last_closed_month(holed()).start == date(2025, 7, 1)


def test_the_check_names_the_hole():
    report = holed().check()
    assert report.notes == (
        "The contact log covers 2025-04-01 to 2025-09-10.",
        "It has no contacts from 2025-08-01 to 2025-08-31: 2025-08 is not complete.",
        "Where the centre was closed, state the days as `holidays`; where the log is whole, state `complete_from` and "
        "`complete_through`.",
    )
    months = report.months.set_index("month")
    assert pd.isna(months.loc["2025-08", "contacts"])
    assert months.loc["2025-09", "contacts"] == 100
    assert "2025-08          3100.00    False" in str(report)


def test_the_check_names_the_longest_holes_and_counts_the_others():
    days = pd.date_range("2025-01-01", "2025-06-30")
    lost = [f"2025-0{month}-{day}" for month in range(1, 7) for day in ("10", "20")]
    notes = centre(log(days.drop(pd.DatetimeIndex([*lost, "2025-03-11"])))).check().notes
    assert notes[1] == "It has no contacts on 2025-01-10: 2025-01 is not complete."
    assert "It has no contacts from 2025-03-10 to 2025-03-11: 2025-03 is not complete." in notes
    assert notes[7] == "So it is on 6 further days in 6 shorter stretches."


def test_a_stated_span_is_whole_and_its_hole_is_named():
    stated = cpc.Settings(complete_from="2025-04", complete_through="2025-09")
    data = holed(settings=stated)
    assert len(complete_months(data)) == 6
    assert row(data, "contacts", month="2025-08")["contacts"] == 0
    assert data.check().notes == (
        "The contact log covers 2025-04-01 to 2025-09-30.",
        "It has no contacts from 2025-08-01 to 2025-08-31, days that `complete_from` and `complete_through` state to "
        "be covered.",
        "It has no contacts from 2025-09-11 to 2025-09-30, days that `complete_from` and `complete_through` state to "
        "be covered.",
    )


def test_a_log_of_few_days_says_that_it_cannot_tell():
    data = centre(log(pd.DatetimeIndex(["2025-04-01", "2025-04-30"]), each=1), books("2025-04", "2025-04"))
    assert data.check().notes == (
        "The contact log has contacts on 2 days from 2025-04-01 to 2025-04-30, too few to tell which days without "
        "contacts it covers: state `complete_from` and `complete_through` if it is whole.",
    )
    stated = data.replace(settings=cpc.Settings(complete_from="2025-04-01", complete_through="2025-04-30"))
    assert row(stated, "cost_per_contact", month="2025-04")["cost_per_contact"] == 1550


@pytest.mark.parametrize("stray", ["1991-01-01", "2052-06-10"])
def test_a_stray_row_completes_nothing_and_stretches_nothing(stray):
    days = log(pd.date_range("2025-04-01", "2025-06-10"))
    far = days.head(1).assign(contact_id="stray", started_at=f"{stray} 09:00:00")
    data = centre(pd.concat([days, far]), books("2025-04", "2025-06"))
    assert complete_months(data) == {date(2025, 4, 1), date(2025, 5, 1)}
    assert contact_days(data) == (date(2025, 4, 1), date(2025, 6, 10))
    assert len(log_months(data)) == 3
    notes = data.check().notes
    assert notes[1] == (
        f"1 contact of {stray} lies far from all others: its month is not complete. Mend its date, or leave it out."
    )
    # It is counted, and by workdays as if it were not there.
    assert row(data, "contacts")["contacts"] == 711
    assert row(data, "assisted_contacts_per_workday")["assisted_contacts_per_workday"] == pytest.approx(711 / 51)
    chart = trend(cpc.measure(data, "contacts", by=["month"])).to_dict()
    assert "left out, far from all other contacts" in " ".join(chart["title"]["subtitle"])
    assert periods(chart) == ["2025-04-01", "2025-05-01", "2025-06-01"]


def periods(chart: dict) -> list[str]:
    line = next(layer for layer in chart["layer"] if layer["mark"]["type"] == "line")
    return [point["period"] for point in line["data"]["values"]]


def test_several_stray_rows_of_one_day():
    days = log(pd.date_range("2025-04-01", "2025-04-30"))
    epoch = log(pd.DatetimeIndex(["1990-01-01"]), each=3)
    notes = centre(pd.concat([days, epoch])).check().notes
    assert notes[1] == (
        "3 contacts of 1990-01-01 lie far from all others: their months are not complete. Mend their dates, or leave "
        "them out."
    )


def test_a_row_that_was_set_aside_completes_nothing():
    """The last of June is in a channel that there is not: the log ends on 10 May."""
    days = log(pd.date_range("2025-04-01", "2025-05-10"), each=1)
    bad = log(pd.DatetimeIndex(["2025-06-30", "1900-01-01"]), each=1, channel="vioce")
    data = centre(pd.concat([days, bad]), books("2025-04", "2025-06"))
    assert contact_days(data) == (date(2025, 4, 1), date(2025, 5, 10))
    assert complete_months(data) == complete_months(centre(days, books("2025-04", "2025-06"))) == {date(2025, 4, 1)}


def test_every_row_set_aside_leaves_a_check():
    bad = log(pd.date_range("2025-04-01", "2025-04-20"), channel="Phone")
    for settings in (cpc.Settings(), cpc.Settings(complete_from="2025-04", complete_through="2025-04")):
        report = centre(bad, books("2025-04", "2025-04"), settings=settings).check()
        assert "The contact log covers no day: it has no contact that was accepted." in report.notes
        assert report.set_aside["contacts"] == 200
        assert not report.months["complete"].any()


def test_rows_that_stand_for_months_or_weeks_cover_them():
    def rows(days: pd.DatetimeIndex, covers: str) -> pd.DataFrame:
        return log(days, each=1, contact_count=100, covers=covers)

    months = centre(rows(pd.date_range("2025-01-15", periods=3, freq="31D"), "month"), books("2025-01", "2025-03"))
    assert len(complete_months(months)) == 3
    weeks = centre(rows(pd.date_range("2024-12-30", "2025-03-24", freq="W-MON"), "week"), books("2025-01", "2025-03"))
    assert contact_days(weeks) == (date(2024, 12, 30), date(2025, 3, 30))
    assert complete_months(weeks) == {date(2025, 1, 1), date(2025, 2, 1)}
    missing = centre(rows(pd.DatetimeIndex(["2025-01-01", "2025-03-01"]), "month"), books("2025-01", "2025-03"))
    assert complete_months(missing) == {date(2025, 1, 1), date(2025, 3, 1)}
    assert np.isnan(row(missing, "contacts", month="2025-02")["contacts"])


@pytest.mark.parametrize("where", [{"month": "2025-08"}, {"month": "2025-03"}, {"month": "2025-10"},
                                   {"quarter": "2026-Q1"}, {"day": "2025-08-05"}, {"week": "2025-W33"}])  # fmt: skip
def test_periods_that_the_log_does_not_know_are_missing(where):
    found = row(holed(), "contacts", "assisted_contacts", "self_service_sessions", "cost_per_contact",
                "average_handle_time", "assisted_contacts_per_workday", **where)  # fmt: skip
    assert found.iloc[:6].isna().all()
    assert not found["complete"]


def test_a_covered_day_without_contacts_has_none():
    days = pd.bdate_range("2025-04-01", "2025-06-30")
    data = centre(log(days), books("2025-04", "2025-06"))
    sunday = row(data, "contacts", day="2025-04-06")
    assert sunday["contacts"] == 0
    assert sunday["complete"]


def test_money_beyond_the_ledger_is_missing():
    data = centre(log(HOLED), books("2025-04", "2025-06"))
    found = row(data, "total_cost", "contacts", month="2025-07")
    assert np.isnan(found["total_cost"])
    assert found["contacts"] == 310
    assert np.isnan(row(data, "total_cost", month="2026-01")["total_cost"])


def test_figures_that_span_a_hole_are_marked():
    data = centre(log(HOLED))
    assert not row(data, "contacts")["complete"]
    assert not row(data, "contacts", quarter="2025-Q3")["complete"]
    assert row(data, "contacts", quarter="2025-Q2")["complete"]
    assert row(data, "contacts", month=["2025-06", "2025-07"])["complete"]
    assert not row(data, "contacts", month=["2025-07", "2025-08"])["complete"]


def test_workdays_that_the_log_does_not_cover_are_not_divided_by():
    """Ten a day, also at weekends: July has 23 workdays, August none that is known, September eight of ten days."""
    found = row(holed(), "assisted_contacts_per_workday", quarter="2025-Q3")
    assert found["assisted_contacts_per_workday"] == pytest.approx((310 + 100) / (23 + 8))
    september = by_month(holed(), "assisted_contacts_per_workday").loc["2025-09-01"]
    assert september["assisted_contacts_per_workday"] == pytest.approx(100 / 8)


def test_a_month_inside_a_hole_is_a_gap_in_every_line():
    """Also where no table has a row of August."""
    contacts = pd.concat(
        [log(HOLED), log(HOLED, each=5, channel="chat").assign(contact_id=lambda f: "c" + f.contact_id)]
    )
    data = centre(contacts)
    frame = cpc.measure(data, ["contacts"], by=["month", "channel"])
    august = frame[frame["month"] == "2025-08-01"]
    assert august["channel"].tolist() == ["chat", "voice"]
    assert august["contacts"].isna().all()
    for group in (frame, cpc.measure(data, ["contacts"], by=["month"])):
        chart = trend(group).to_dict()
        line = next(layer for layer in chart["layer"] if layer["mark"]["type"] == "line")
        values = [point["value"] for point in line["data"]["values"] if point["period"] == "2025-08-01"]
        assert values
        assert set(values) == {None}


def test_days_and_weeks_inside_a_hole_have_rows_of_their_own():
    data = centre(log(HOLED))
    days = cpc.measure(data, ["contacts"], by=["day"], where={"month": "2025-08"})
    assert len(days) == 31
    assert days["contacts"].isna().all()
    weeks = cpc.measure(data, ["contacts"], by=["week"]).set_index("week")["contacts"]
    assert weeks.loc["2025-07-28"] == 40
    assert weeks.loc["2025-08-04":"2025-08-25"].isna().tolist() == [True] * 4


def test_limits_have_no_range_across_a_hole():
    """13 months of ten a day, then a hole of a month, then months at twice the level: the step is no range of them."""
    before, after = pd.date_range("2024-01-01", "2025-01-31"), pd.date_range("2025-03-01", "2025-05-31")
    data = centre(pd.concat([log(before), log(after), log(after, each=9, channel="chat").assign(
        contact_id=lambda f: "c" + f.contact_id)]))  # fmt: skip
    limits = process_limits(data, "contacts").set_index("month")
    assert np.isnan(limits.loc["2025-02-01", "contacts"])
    levels = cpc.measure(data, "contacts", by=["month"]).set_index("month")["contacts"]
    ranges = (levels - limits["centre"]).diff().abs().dropna()
    ranges = ranges[ranges <= 3.267 * ranges.mean()]
    assert (limits["high"] - limits["centre"]).iloc[0] == pytest.approx(2.66 * ranges.mean())


def test_the_pack_leaves_out_what_a_hole_touches_and_says_so():
    data = centre(log([*pd.date_range("2025-01-01", "2025-02-28"), *pd.date_range("2025-04-01", "2025-06-30")]),
                  books("2025-01", "2025-06"))  # fmt: skip
    pack = monthly_pack(data, "2025-04")
    figures = pack.to_frame().set_index("quantity").loc["assisted_contacts"]
    assert figures["value"] == 300
    assert figures[["before", "year_to_date"]].isna().all()
    assert pack.provisional == (
        "The contact log has a hole where it has no contacts: 1 March 2025 to 31 March 2025. What is compared with "
        "periods that it touches is missing."
    )
    early = monthly_pack(data, "2025-02")
    assert early.provisional == ""
    assert early.to_frame().set_index("quantity").loc["assisted_contacts", "year_to_date"] == 590


def test_a_report_of_a_period_in_a_hole_is_refused():
    with pytest.raises(cpc.CpcError) as error:
        monthly_pack(holed(), "2025-08")
    assert str(error.value) == (
        "`period` must have days that the contact log covers, got '2025-08', which lies in its hole 2025-08-01 to "
        "2025-08-31. Choose another period."
    )


def test_a_bridge_from_a_month_with_a_hole_is_refused():
    with pytest.raises(cpc.CpcError, match="to 2025-09-10 without 2025-08-01 to 2025-08-31"):
        cpc.explain_change(holed(), "contacts", before="2025-07", after="2025-08")


def rostered() -> cpc.Dataset:
    """Calls and shifts of ida in January and March; calls only in April; neither in February."""
    days = pd.DatetimeIndex(["2025-01-02", "2025-03-03", "2025-04-01"])
    shifts = pd.DataFrame([shift("ida", "2025-01-02 08:00", 8), shift("ida", "2025-03-03 08:00", 8)])
    settings = cpc.Settings(complete_from="2025-01", complete_through="2025-04")
    return centre(log(days, each=6, agent_id="ida"), shifts=shifts, settings=settings,
                  costing=cpc.Costing(hourly_cost=30))  # fmt: skip


@pytest.mark.parametrize("month", ["2025-02", "2025-04"])
def test_what_shifts_tell_is_missing_in_a_month_without(month):
    found = row(rostered(), "occupancy", "paid_hours", "fte", "contacts_per_paid_hour", "availability", month=month)
    assert found.iloc[:5].isna().all()


def test_work_of_months_without_shifts_is_not_set_against_paid_hours():
    """Half an hour of calls in each of two shifts of eight hours; that of April has no shift."""
    found = row(rostered(), "occupancy", "contacts_per_paid_hour")
    assert found["occupancy"] == pytest.approx(1 / 16)
    assert found["contacts_per_paid_hour"] == pytest.approx(12 / 16)
    months = cpc.measure(rostered(), ["occupancy", "contacts"], by=["month"]).set_index("month")
    assert np.isnan(months.loc["2025-04-01", "occupancy"])
    assert months.loc["2025-04-01", "contacts"] == 6


def test_contracted_hours_are_paid_in_the_months_of_the_log_alone():
    """A row of 1991 is no lifetime of wages."""
    agents = pd.DataFrame({"agent_id": ["ida"], "contracted_hours": [37.0], "hourly_wage": [200.0]})
    days = log(pd.date_range("2025-04-01", "2025-05-31"), agent_id="ida")
    stray = days.head(1).assign(contact_id="stray", started_at="1991-01-01 09:00:00")
    paid = cpc.Costing(wages_from="payroll")
    with_stray = centre(pd.concat([days, stray]), agents=agents, costing=paid)
    without = centre(days, agents=agents, costing=paid)
    assert row(with_stray, "total_cost")["total_cost"] == row(without, "total_cost")["total_cost"]


def test_the_sample_centre_is_complete_as_ever(sample):
    assert contact_days(sample) == (date(2023, 1, 1), date(2025, 6, 30))
    assert len(complete_months(sample)) == 30
    found = by_month(sample, "cost_per_contact", "contacts")
    assert found["complete"].all()
    assert round(found.loc["2025-05-01", "cost_per_contact"], 6) == 59.922359
    assert found.loc["2025-06-01", "contacts"] == 11709


def test_days_of_a_log_of_few_days_are_those_with_contacts():
    """It does not tell that the other days are holes; that nothing is known of May it does."""
    data = centre(log(pd.DatetimeIndex(["2025-04-01", "2025-06-30"]), each=1))
    assert len(cpc.measure(data, "contacts", by=["day"])) == 2
    assert by_month(data, "contacts")["contacts"].isna().tolist() == [False, True, False]
