"""Fiscal months that cut calendar months: the ledger costed by days, additive with every other grouping."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import cpc_analysis as cpc
from cpc_analysis.errors import InvalidInputError
from tests.centres import build, centres, contacts, costs, dataset, ledger_of, shift

WEEKS = cpc.Calendar(pattern="4-4-5")
BY_DAYS = "Months that fiscal months cut are costed by days."
slowly = settings(deadline=None, suppress_health_check=list(HealthCheck))


def with_calendar(data: cpc.Dataset, calendar: cpc.Calendar = WEEKS) -> cpc.Dataset:
    return data.replace(settings=cpc.Settings(**vars(data.settings) | {"calendar": calendar}))


def two_months(**further: object) -> cpc.Dataset:
    """January 2025 cost 3,100.00 and February 560.00, in licences: 100 and 20 a day.

    FY2025 begins on Monday, 30 December 2024. Its first month ends on 26 January, its second on 23 February. Calls of
    a minute came on 2 January (3 of voice), 28 January (1 of voice, 1 of chat), 10 February (1 of voice) and
    25 February (4 of chat).
    """
    rows = [*[{"started_at": "2025-01-02 10:00"}] * 3, {"started_at": "2025-01-28 10:00"},
            {"started_at": "2025-01-28 11:00", "channel": "chat"}, {"started_at": "2025-02-10 10:00"},
            *[{"started_at": "2025-02-25 10:00", "channel": "chat"}] * 4]  # fmt: skip
    ledger = pd.concat([costs(("licences", 3100.0), month="2025-01"), costs(("licences", 560.0), month="2025-02")])
    return dataset(contacts(rows), ledger, settings=cpc.Settings(calendar=WEEKS), **further)


def test_fiscal_months_cost_their_days():
    """26 days of January; its last 5 and 23 of February; the last 5 of February."""
    frame = cpc.measure(two_months(), ["total_cost", "contacts"], by=["fiscal_month"])
    assert frame["fiscal_month"].tolist() == ["FY2025-M01", "FY2025-M02", "FY2025-M03"]
    assert frame["total_cost"].tolist() == pytest.approx([2600.0, 500.0 + 460.0, 100.0])
    assert frame["contacts"].tolist() == [3, 3, 4]
    assert BY_DAYS in frame.attrs["definition"]


def test_within_the_days_work_shares_as_in_a_month():
    """The 500 of 27 to 31 January lie on a call and a chat; February's 460 and 100 on one call and on four chats."""
    by_channel = cpc.measure(two_months(), "total_cost", by=["fiscal_month", "channel"])
    found = by_channel.set_index(["fiscal_month", "channel"])["total_cost"]
    assert found.to_dict() == pytest.approx({
        ("FY2025-M01", "voice"): 2600.0, ("FY2025-M02", "voice"): 250.0 + 460.0, ("FY2025-M02", "chat"): 250.0,
        ("FY2025-M03", "chat"): 100.0,
    })  # fmt: skip
    by_month = cpc.measure(two_months(), "total_cost", by=["month", "channel"])
    assert by_month.set_index(["month", "channel"])["total_cost"].tolist() == pytest.approx(
        [250.0, 2600.0 + 250.0, 100.0, 460.0]
    )


def test_months_themselves_cost_what_they_did():
    plain = cpc.measure(with_calendar(two_months(), cpc.Calendar(year_starts=4)), "total_cost", by=["month"])
    cut = cpc.measure(two_months(), "total_cost", by=["month"])
    assert cut["total_cost"].tolist() == pytest.approx(plain["total_cost"].tolist()) == [3100.0, 560.0]
    assert BY_DAYS not in plain.attrs["definition"]


def test_the_statement_ties_out_where_days_leave_fractions():
    """1,000.00 of January: 26 of 31 days are 838.709..., to the minor unit 838.71 and 161.29."""
    rows = contacts([{"started_at": f"2025-01-{day} 10:00"} for day in ("02", "20", "28", "29")])
    data = dataset(rows, costs(("licences", 1000.0), month="2025-01"), settings=cpc.Settings(calendar=WEEKS))
    frame = cpc.cost_statement(data, by=["fiscal_month"])
    assert frame["fiscal_month"].tolist() == ["FY2025-M01", "FY2025-M02"]
    assert frame["ledger"].tolist() == frame["used"].tolist() == [Decimal("838.71"), Decimal("161.29")]
    assert cpc.measure(data, "total_cost", by=["fiscal_month"])["total_cost"].tolist() == pytest.approx(
        [26000 / 31, 5000 / 31]
    )
    whole = cpc.cost_statement(data, where={"fiscal_month": "FY2025-M02"})
    assert whole["ledger"].tolist() == [Decimal("161.29")] and whole.attrs["left_out"] == 0


def test_what_nothing_can_carry_is_split_by_days():
    """Chat has a cost and no contacts: 26 and 5 of 31 days."""
    rows = contacts([{"started_at": "2025-01-02 10:00"}, {"started_at": "2025-01-28 10:00"}])
    data = dataset(rows, costs(("licences", 310.0), month="2025-01", channel="chat"),
                   settings=cpc.Settings(calendar=WEEKS))  # fmt: skip
    frame = cpc.cost_statement(data, by=["fiscal_month"])
    assert frame["unallocated"].tolist() == [Decimal("260.00"), Decimal("50.00")]


def test_an_invoice_is_spread_over_its_service_first_and_then_by_days():
    """620.00 for 1 January to 28 February: 31 of 59 days are 325.76, of which 26 of 31 are in the first month."""
    rows = contacts([{"started_at": f"2025-{day} 10:00"} for day in ("01-02", "01-28", "02-10", "02-25")])
    invoice = costs(("licences", 620.0), month="2025-01").assign(
        account="6340", service_from="2025-01-01", service_to="2025-02-28")  # fmt: skip
    data = dataset(rows, invoice, costing=cpc.Costing(spread_accounts=("6340",)), settings=cpc.Settings(calendar=WEEKS))
    january, february = 325.76, 294.24
    frame = cpc.measure(data, "total_cost", by=["fiscal_month"])
    assert frame["total_cost"].tolist() == pytest.approx(
        [january * 26 / 31, january * 5 / 31 + february * 23 / 28, february * 5 / 28]
    )
    statement = cpc.cost_statement(data, by=["fiscal_month"])
    assert sum(statement["ledger"]) == Decimal("620.00") and sum(statement["moved"]) == 0
    assert (statement["posted"] + statement["moved"] == statement["ledger"]).all()


def rostered() -> cpc.Dataset:
    """January cost 310.00 in salaries; ann was paid 8 hours on 10 and 28 January, and worked 4 and 2 of them."""
    calls = [{"started_at": "2025-01-10 09:00", "handle_seconds": 4 * 3600.0, "agent_id": "ann"},
             {"started_at": "2025-01-28 09:00", "handle_seconds": 2 * 3600.0, "agent_id": "ann"}]  # fmt: skip
    shifts = pd.DataFrame([shift("ann", "2025-01-10 08:00", 8), shift("ann", "2025-01-28 08:00", 8)])
    agents = pd.DataFrame({"agent_id": ["ann"], "staffing_group": ["voice"], "hourly_wage": [200.0]})
    hours = pd.DataFrame({"period": ["2025-01"], "staffing_group": ["voice"], "activity": ["coaching"],
                          "hours": [3.1]})  # fmt: skip
    return dataset(contacts(calls), costs(("salaries", 310.0), month="2025-01"), shifts=shifts, agents=agents,
                   hours=hours, settings=cpc.Settings(calendar=WEEKS))  # fmt: skip


def test_waiting_is_that_of_the_shifts_in_the_days():
    """Of 8 paid hours 4 + 2.6 were worked in the first month, 2 + 0.5 in the second: the rest waited."""
    frame = cpc.cost_statement(rostered(), by=["fiscal_month"])
    assert frame["ledger"].tolist() == [Decimal("260.00"), Decimal("50.00")]
    assert [float(value) for value in frame["waiting"]] == pytest.approx(
        [260 * (8 - 6.6) / 8, 50 * (8 - 2.5) / 8], abs=0.01
    )
    paid = cpc.measure(rostered(), ["paid_hours", "occupancy", "fte"], by=["fiscal_month"])
    assert paid["paid_hours"].tolist() == [8.0, 8.0]
    assert paid["occupancy"].tolist() == pytest.approx([6.6 / 8, 2.5 / 8])
    assert paid["fte"].tolist() == pytest.approx([8 / (37 * 4), 8 / (37 * 4)])


def test_bases_are_by_days_as_their_cost_is():
    """31 customers in January: 26 and 5 customer-months of days, so that a month of a customer costs the same."""
    rows = contacts([{"started_at": "2025-01-02 10:00"}, {"started_at": "2025-01-28 10:00"}])
    bases = pd.DataFrame({"period": ["2025-01"], "base": ["customers"], "count": [31]})
    data = dataset(rows, costs(("licences", 310.0), month="2025-01"), bases=bases,
                   settings=cpc.Settings(calendar=WEEKS))  # fmt: skip
    frame = cpc.measure(data, ["cost_per_customer", "contact_rate"], by=["fiscal_month"], incomplete=True)
    assert frame["cost_per_customer"].tolist() == pytest.approx([10.0, 10.0])
    assert frame["contact_rate"].tolist() == pytest.approx([1 / 26, 1 / 5])


def test_rows_that_stand_for_a_month_cannot_be_cut():
    rows = contacts([{"contact_count": 10, "covers": "month", "started_at": "2025-01-01 10:00"}])
    data = dataset(rows, costs(("licences", 1.0), month="2025-01"), settings=cpc.Settings(calendar=WEEKS))
    with pytest.raises(InvalidInputError) as refused:
        cpc.measure(data, "contacts")
    assert str(refused.value) == (
        "`contacts.covers` says that rows stand for a whole month, which the fiscal months of `calendar.pattern` "
        "'4-4-5' cut. Leave `pattern` out, so that fiscal months are calendar months."
    )


CALENDARS = st.builds(
    cpc.Calendar, st.integers(1, 12), st.sampled_from(["4-4-5", "4-5-4", "5-4-4"]), st.sampled_from(["mon", "sun"])
)


@slowly
@given(centres(), CALENDARS, st.sampled_from([[], ["month"], ["channel"], ["week"], ["site", "fiscal_quarter"]]))
def test_fiscal_months_add_up_to_every_other_grouping(tables, calendar, by):
    data = with_calendar(build(tables), calendar)
    fine = cpc.measure(data, "total_cost", by=["fiscal_month", *by])
    assert fine["total_cost"].sum() == pytest.approx(float(ledger_of(tables)), abs=0.01)
    for keys in filter(len, (by, ["fiscal_month"])):
        coarse = cpc.measure(data, "total_cost", by=keys)
        # Where the ledger does not reach, costs are missing; they add up to nothing.
        sums = [frame.groupby(keys, dropna=False)["total_cost"].sum().tolist() for frame in (fine, coarse)]
        assert sums[0] == pytest.approx(sums[1], abs=1e-6)


@slowly
@given(centres(), CALENDARS)
def test_the_statement_of_fiscal_months_is_the_ledger_to_the_minor_unit(tables, calendar):
    data = with_calendar(build(tables), calendar)
    for by in (["fiscal_month"], ["fiscal_month", "month", "channel"], ["fiscal_year"]):
        frame = cpc.cost_statement(data, by=by)
        waiting = frame["waiting"].map(lambda amount: amount or Decimal(0))
        assert (frame["used"] + waiting + frame["unallocated"] == frame["ledger"]).all()
        assert sum(frame["ledger"], Decimal(0)) == ledger_of(tables)
    months = cpc.cost_statement(data, by=["fiscal_month"])
    years = cpc.cost_statement(data, by=["fiscal_year"])
    sums = months.groupby([months["fiscal_month"].str[:6], "cost_type"])["ledger"].sum()
    assert sums.tolist() == years.set_index(["fiscal_year", "cost_type"])["ledger"].sort_index().tolist()


def closed_start(scope: str | None = None, **further: object) -> cpc.Dataset:
    """A call and a chat on each weekday, and 280 DKK for February 2026: its 1st, a Sunday, is in the month before."""
    days = [day for day in pd.date_range("2026-01-01", "2026-03-31") if day.weekday() < 5]
    rows = [{"started_at": f"{day:%Y-%m-%d} 10:00", "channel": channel, "handle_seconds": seconds}
            for day in days for channel, seconds in (("voice", 300.0), ("chat", 100.0))]  # fmt: skip
    ledger = costs(("technology", 280.0), month="2026-02", channel=scope)
    settings = cpc.Settings(calendar=cpc.Calendar(pattern="4-4-5", year_starts=2))
    return dataset(contacts(rows), ledger, settings=settings, **further)


@pytest.mark.parametrize(("scope", "first"), [(None, {"voice": 7.5, "chat": 2.5}), ("chat", {"chat": 10.0})])
def test_a_span_without_work_is_carried_by_the_work_of_its_month(scope, first):
    """One day of 28 is 10 DKK: on calls and chats as the month's other 270 lie, three to one by time."""
    data = closed_start(scope)
    months = cpc.measure(data, ["total_cost", "contacts"], by=["fiscal_month", "channel"], incomplete=True)
    found = months.set_index(["fiscal_month", "channel"])
    assert found.loc["FY2026-M12", "total_cost"].dropna()[list(first)].to_dict() == pytest.approx(first)
    assert found.loc["FY2027-M01", "total_cost"][list(first)].to_dict() == pytest.approx(
        {name: 27 * amount for name, amount in first.items()}
    )
    assert found.loc["FY2027-M01", "contacts"].tolist() == [20, 20]
    statement = cpc.cost_statement(data, by=["channel"])
    assert statement["unallocated"].map(float).tolist() == [0.0] * len(statement)


def test_work_outside_of_the_log_does_not_carry_a_closed_day_alone():
    """40 hours of back office in February beside 20 calls of 300 s and 20 chats of 100 s: they share the Sunday so."""
    hours = pd.DataFrame({"period": ["2026-02"], "staffing_group": ["g"], "activity": ["back_office"], "hours": [40.0]})
    statement = cpc.cost_statement(closed_start(hours=hours), by=["fiscal_month", "channel"])
    sunday = statement[statement["fiscal_month"] == "FY2026-M12"].set_index("channel")["used"]
    seconds = {"(other work)": 40 * 3600, "voice": 20 * 300, "chat": 20 * 100}
    whole = sum(seconds.values())
    assert sunday.map(float).to_dict() == pytest.approx(
        {name: 10 * one / whole for name, one in seconds.items()}, abs=0.01
    )
