"""One reader of values: what a file says and what a frame holds is read alike, in every zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import hypothesis.strategies as st
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings

import cpc_analysis as cpc
from cpc_analysis.engine import Engine
from cpc_analysis.schema import Kind
from cpc_analysis.tables.values import Clock, Written, as_text, read_as
from tests.centres import contacts, costs, dataset

ZONES = [
    "Europe/Copenhagen", "America/New_York", "America/Los_Angeles", "Asia/Kolkata", "Pacific/Auckland",
    "Australia/Lord_Howe",
]  # fmt: skip
ENGINE = Engine.inside()


def read(kind: Kind, *given: object, zone: str = "UTC", **written: str) -> list[object]:
    """Values read as a kind, on the engine."""
    table = ENGINE.table(pd.DataFrame({"given": list(given)}), "given_values")
    trial = Clock(ENGINE, zone)
    read_as(kind, table.given, Written(**written), trial)
    value = read_as(kind, table.given, Written(**written), trial.over(table))
    return ENGINE.connection.to_pyarrow(table.select(value=value)).column("value").to_pylist()


def project(folder: Path, zone: str, **files: str) -> cpc.Dataset:
    tables = "".join(f'[tables.{name}]\nfiles = "{name}.csv"\n' for name in files)
    stated = f'[project]\ncurrency = "DKK"\ntimezone = "{zone}"\n{tables}'
    (folder / "cpc.toml").write_text(stated, encoding="utf-8")
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return cpc.open_project(folder)


def instants(data: cpc.Dataset) -> list[datetime]:
    table = data.on_engine("contacts")
    return data.engine.fetch(table.order_by("contact_id").select("started_at"))["started_at"].tolist()


# --- dates and times --------------------------------------------------------------------------------------------------

#: Texts with the clock that they show, and how many minutes that is east of UTC; None where they do not say.
TIMES = {
    "2025-04-01": ("2025-04-01", None), "2025-04-01 10:00": ("2025-04-01 10:00", None),
    "2025-04-01T10:00:00": ("2025-04-01 10:00", None), "2025-04-01 10:00:00.250": ("2025-04-01 10:00:00.250", None),
    "2025-04-01 10:00:00,250": ("2025-04-01 10:00:00.250", None), "2025-04-01T10:00Z": ("2025-04-01 10:00", 0),
    "2025-04-01 10:00:00 UTC": ("2025-04-01 10:00", 0), "2025-04-01 10:00:00 Z": ("2025-04-01 10:00", 0),
    "2025-04-01 10:00:00 GMT": ("2025-04-01 10:00", 0), "2025-04-01 10:00:00 +0200": ("2025-04-01 10:00", 120),
    "2025-04-01 10:00:00+02": ("2025-04-01 10:00", 120), "2025-04-01 10:00 -03:30": ("2025-04-01 10:00", -210),
    "2025-04-01T10:00:00.250+02:00": ("2025-04-01 10:00:00.250", 120),
    "2025-04-01 10:00:00-0330": ("2025-04-01 10:00", -210),
    "2025-04-01T10:00:00.123456789Z": ("2025-04-01 10:00:00.123456", 0),
}  # fmt: skip


def instant(clock: str, east: int | None, zone: str) -> datetime:
    """The instant of a clock, by Python's own calendar."""
    local = datetime.fromisoformat(clock)
    return local - (ZoneInfo(zone).utcoffset(local) if east is None else timedelta(minutes=east))


@pytest.mark.parametrize("zone", ZONES)
def test_a_time_is_the_same_from_a_file_and_from_a_frame_in_every_zone(tmp_path: Path, zone: str):
    wanted = [instant(clock, east, zone) for clock, east in TIMES.values()]
    rows = contacts([{"contact_id": f"{number:02d}", "started_at": text} for number, text in enumerate(TIMES)])
    assert instants(dataset(rows, timezone=zone)) == wanted
    given = project(tmp_path, zone, contacts=rows.drop(columns="agent_id", errors="ignore").to_csv(index=False))
    assert instants(given) == wanted
    assert given.check().ok


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("typed", [str, date.fromisoformat, pd.Timestamp])
def test_a_date_without_a_time_is_a_local_date(zone: str, typed):
    rows = contacts([{"started_at": "2025-04-01"}, {"started_at": "2025-04-30"}])
    rows["started_at"] = [typed(day) for day in rows["started_at"]]
    found = cpc.measure(dataset(rows, timezone=zone), "contacts", by=["day"])
    assert [str(day)[:10] for day in found[found["contacts"] > 0]["day"]] == ["2025-04-01", "2025-04-30"]


@settings(max_examples=25, deadline=None)
@given(
    moment=st.datetimes(datetime(1990, 1, 2), datetime(2099, 12, 30)),
    east=st.integers(-14 * 60, 14 * 60),
    blank=st.sampled_from(["", " "]),
    colon=st.sampled_from(["", ":"]),
)
def test_any_offset_is_taken_off(moment: datetime, east: int, blank: str, colon: str):
    sign, (hours, minutes) = "-" if east < 0 else "+", divmod(abs(east), 60)
    text = f"{moment.isoformat(sep=' ')}{blank}{sign}{hours:02d}{colon}{minutes:02d}"
    wanted = moment - timedelta(minutes=east)
    found = read(Kind.TIME, text)[0]
    assert found == (wanted if 1990 <= wanted.year <= 2099 else None)


@pytest.mark.parametrize(
    "text",
    ["15-04-25", "2025-02-30", "2025-13-01", "0025-04-15", "1900-01-01", "9999-12-31 00:00", "2025-04-01 10",
     "20250401", "2025-04-01 25:00", "2025-04-01 10:00 CET", "2025-04-01 +02:00 10:00", "tomorrow", "45748.5"],
)  # fmt: skip
def test_what_is_no_time_of_our_age_is_none(text: str):
    assert read(Kind.TIME, text) == [None]


@pytest.mark.parametrize("zone", ZONES)
def test_typed_times_out_of_this_world_are_one_row_each(zone: str):
    rows = contacts([{}, {}, {}])
    rows["started_at"] = pd.to_datetime(["2025-04-01", "1900-01-01", "2150-01-01"]).astype("datetime64[us]")
    data = dataset(rows, timezone=zone)
    assert data.quarantine["rule"].tolist() == ["must be a point in time, of the years 1990 to 2099"] * 2
    assert data.check().accepted["contacts"] == 1


def test_a_year_of_two_digits_is_not_one_of_four():
    assert read(Kind.TIME, "15-04-25", "15-04-2025", format="%d-%m-%Y") == [None, datetime(2025, 4, 15)]
    assert read(Kind.TIME, "15-04-25", format="%d-%m-%y") == [datetime(2025, 4, 15)]


def test_day_numbers_of_excel_are_local_times_to_the_millisecond():
    """45748 is 1 April 2025; 0.4166666667 of a day is ten o'clock, which no float holds."""
    numbers = ["45748", "45748.4166666667", "45748.000011574", "abc"]
    wanted = [datetime(2025, 4, 1), datetime(2025, 4, 1, 10), datetime(2025, 4, 1, 0, 0, 1), None]
    assert read(Kind.TIME, *numbers, format="excel") == wanted
    assert read(Kind.TIME, 45748.4166666667, format="excel", zone="America/New_York") == [datetime(2025, 4, 1, 14)]
    assert read(Kind.DATE, "44286.9", format="excel_1904") == [date(2025, 4, 1)]
    assert read(Kind.TIME, "1e30", "17", format="excel") == [None, None]


def test_numbers_of_seconds_since_1970():
    wanted = datetime(2025, 4, 1, 8)
    assert read(Kind.TIME, "1743494400", "1e40", format="epoch_seconds") == [wanted, None]
    assert read(Kind.TIME, 1743494400250, format="epoch_milliseconds") == [wanted + timedelta(milliseconds=250)]


def test_a_month_is_told_by_itself_or_by_any_of_its_days():
    given = ["2025-04", "2025-04-17", " 2025-04 ", "2025-13", "202504", "04-2025", ""]
    assert read(Kind.PERIOD, *given) == [date(2025, 4, 1)] * 3 + [None] * 4


@pytest.mark.parametrize("open_end", ["9999-12-31", "2999-12-31", date(9999, 12, 31)])
def test_an_end_beyond_all_years_is_no_end(open_end):
    agents = pd.DataFrame(
        {"agent_id": ["ann"], "valid_from": ["0001-01-01"], "valid_to": [open_end], "team": ["north"]}
    )
    data = dataset(contacts([{"agent_id": "ann"}]), agents=agents)
    assert data.check().ok
    assert cpc.measure(data, "contacts", by=["team"])["team"].tolist() == ["north"]


def test_an_end_that_is_no_date_is_set_aside():
    agents = pd.DataFrame({"agent_id": ["ann"], "valid_from": ["2025-01-01"], "valid_to": ["never"]})
    rule = "must be a date, of the years 1990 to 2099"
    assert dataset(contacts([{}]), agents=agents).quarantine[["column", "rule", "value"]].to_numpy().tolist() == [
        ["valid_to", rule, "never"]
    ]


# --- numbers, durations, flags, texts ---------------------------------------------------------------------------------


@pytest.mark.parametrize("blank", [" ", "\u00a0", "\u202f", "\u2009", "\u2007"])
def test_blanks_of_any_width_group_digits(blank: str):
    text = f"1{blank}234{blank}567,5"
    assert read(Kind.NUMBER, text, decimal=",", thousands=" ") == [1_234_567.5]
    assert read(Kind.NUMBER, text, decimal=",") == [None]


@pytest.mark.parametrize(
    ("text", "thousands", "number"),
    [
        ("1'234'567.5", "'", 1_234_567.5), ("1\u2019234.5", "'", 1234.5), ("12,34,567.89", ",", 1_234_567.89),
        ("1,234,567", ",", 1_234_567.0), ("1,23,456", ",", 123_456.0), ("12,34", ",", None), ("1,2345", ",", None),
        (",234", ",", None), ("1234.5", ",", 1234.5), ("1,,234", ",", None), ("1e5", "", 1e5), ("1e400", "", None),
        ("inf", "", None), ("nan", "", None), ("0x10", "", None), ("1_000", "", None), ("--5", "", None),
        ("+5", "", 5.0),
    ],
)  # fmt: skip
def test_digit_groups_of_any_stated_kind(text: str, thousands: str, number: float | None):
    assert read(Kind.NUMBER, text, thousands=thousands) == [number]


def test_durations_in_days_and_by_the_clock():
    assert read(Kind.SECONDS, "0.5", "1.25", unit="d") == [43_200.0, 108_000.0]
    assert read(Kind.SECONDS, 374561, unit="ms") == [374.561]
    assert read(Kind.SECONDS, "26:05:07", "1:2", unit="HH:MM:SS") == [93_907.0, None]


@pytest.mark.parametrize("value", [1e16, 1e300, float("inf"), "1e300", 9_999_999_999_999_999, 10**30])
def test_an_absurd_duration_is_one_row_set_aside(value: object):
    rows = contacts([{}, {}]).astype({"handle_seconds": "object"})
    rows.loc[0, "handle_seconds"] = value
    report = dataset(rows).check()
    assert (report.accepted["contacts"], report.set_aside["contacts"]) == (1, 1)


def test_a_duration_of_years_is_in_another_unit():
    rows = contacts([{"handle_seconds": 40_000_000}, {"handle_seconds": 40_000_000, "contact_count": 100_000}])
    rows["contact_count"] = rows["contact_count"].fillna(1)
    found = dataset(rows).quarantine[["row", "rule"]].to_numpy().tolist()
    assert found == [["0", "must be at most 366 days for each contact"]]


def test_a_count_that_cannot_be_read_is_not_one():
    data = dataset(contacts([{"contact_count": "many"}, {"contact_count": ""}, {"contact_count": "3"}]))
    assert cpc.measure(data, "contacts")["contacts"].item() == 4
    assert data.quarantine["rule"].tolist() == ["must be a whole number"]


@pytest.mark.parametrize(
    ("given", "flag"), [("Yes", True), ("f", False), (1.0, True), (0, False), (2, None), ("ja", None)]
)
def test_flags(given: object, flag: bool | None):
    assert read(Kind.FLAG, given) == [flag]


def test_codes_keep_their_point_and_whole_numbers_have_none():
    table = ENGINE.table(
        pa.table(
            {
                "code": pa.array([4.1, 17.0, None, 1e300]),
                "fine": pa.array([Decimal("4.10"), Decimal("7.00"), None, None]),
            }
        ),
        "codes",
    )
    texts = ENGINE.fetch(table.select(code=as_text(table.code), fine=as_text(table.fine)))
    assert texts["code"].tolist()[:2] == ["4.1", "17"]
    assert texts["fine"].tolist()[:2] == ["4.1", "7"]
    assert texts["code"].isna().tolist() == [False, False, True, False]


def test_codes_with_a_point_are_told_apart():
    rows = contacts([{"reason": 4.1}, {"reason": 4.2}, {"reason": 4.0}, {"reason": None}])
    found = cpc.measure(dataset(rows), "contacts", by=["reason"])["reason"]
    assert sorted(found) == ["(unknown)", "4", "4.1", "4.2"]


# --- money ------------------------------------------------------------------------------------------------------------

CREDITS = ["200.00-", "200.00 -", "- 200.00", "(200.00)", "( 200.00 )", "200.00 CR", "200.00Cr.", "CR 200.00",
           "\u2212200.00", "200.00\u2212", "-200.00"]  # fmt: skip


@pytest.mark.parametrize("text", CREDITS)
def test_credits_as_ledgers_write_them(text: str):
    assert read(Kind.MONEY, text) == [Decimal("-200")]


@pytest.mark.parametrize("text", ["200.00", "200.00 DR", "DR 200.00", "+200.00", "200,00 Dr."])
def test_debits_as_ledgers_write_them(text: str):
    assert read(Kind.MONEY, text, decimal="," if "," in text else ".") == [Decimal(200)]


@pytest.mark.parametrize(
    "text", ["-200.00-", "(-200.00)", "(200.00", "-200.00 CR", "200.00 kr.", "--200", "()", "-", "CR", "two"]
)
def test_an_amount_that_says_two_things_is_none(text: str):
    assert read(Kind.MONEY, text) == [None]


def test_credits_in_the_decimals_of_the_file():
    assert read(Kind.MONEY, "1.234,50-", "(1.234,50)", decimal=",", thousands=".") == [Decimal("-1234.5")] * 2


def test_typed_amounts_are_read_as_they_are_written():
    assert read(Kind.MONEY, 0.1, 1e-5, 12345678.9) == [Decimal("0.1"), Decimal("0.00001"), Decimal("12345678.9")]


@pytest.mark.parametrize(
    ("lines", "amount", "total"),
    [(10_000, "0.0040", "40.00"), (1_000, "0.0150", "15.00"), (3, "0.333333333333", "1.00"), (7, "-0.0149", "-0.10")],
)
def test_money_is_summed_before_it_is_rounded(lines: int, amount: str, total: str):
    ledger = costs(*[("telecom", amount)] * lines)
    statement = cpc.cost_statement(dataset(contacts([{}]), ledger))
    assert statement["ledger"].sum() == Decimal(total)
    assert dataset(contacts([{}]), ledger).check().months["amount"].sum() == Decimal(total)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(["telecom", "tax"]), st.integers(-(10**9), 10**9)), min_size=1, max_size=20))
def test_the_ledger_is_the_sum_of_its_lines_whatever_their_decimals(drawn: list[tuple[str, int]]):
    """Each cost type is at most one minor unit off its own sum, and not at all where that is whole."""
    amounts = [(kind, Decimal(value).scaleb(-6)) for kind, value in drawn]
    statement = cpc.cost_statement(dataset(contacts([{}]), costs(*((kind, str(value)) for kind, value in amounts))))
    found = statement.set_index("cost_type")["ledger"].to_dict()
    whole = sum(value for _, value in amounts)
    assert abs(sum(found.values(), Decimal(0)) - whole) <= Decimal("0.005")
    for kind in {kind for kind, _ in amounts}:
        exact = sum(value for name, value in amounts if name == kind)
        off = abs(found.get(kind, Decimal(0)) - exact)
        assert off < Decimal("0.01")
        assert off == 0 or exact != exact.quantize(Decimal("0.01"))


def test_rates_may_hold_one_for_each_month():
    """1,000 euros a month, 10.90 kronor each in March and 11.10 in April."""
    lines = [costs(("outsourcing", 1000.0), month=month).assign(currency="EUR") for month in ("2025-03", "2025-04")]
    rates = {"EUR": {"2025-03": 10.9, "2025-04": 11.1}}
    rows = contacts([{"started_at": "2025-03-10 10:00"}, {"started_at": "2025-04-10 10:00"}])
    data = dataset(rows, pd.concat(lines), currency="SEK", rates=rates)
    statement = cpc.cost_statement(data, by=["month"])
    assert statement["ledger"].tolist() == [Decimal("10900.00"), Decimal("11100.00")]
    short = dataset(rows, pd.concat(lines), currency="SEK", rates={"EUR": {"2025-03": 10.9}})
    with pytest.raises(cpc.CpcError) as caught:
        cpc.cost_statement(short)
    assert str(caught.value) == (
        "`rates.EUR` must hold every month with lines in EUR, got none for 2025-04. State what one EUR was worth in "
        "SEK then."
    )


# --- fractions of a second --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["17:00:00.8", "17:00:00.386", "17:00:00.123456"])
def test_shifts_end_at_any_fraction_of_a_second(end: str):
    shift = {"agent_id": "ann", "starts_at": "2025-04-10 08:00:00.2", "ends_at": f"2025-04-10 {end}",
             "activity": "available", "is_paid": True, "is_productive": True}  # fmt: skip
    data = dataset(contacts([{"agent_id": "ann"}]), shifts=pd.DataFrame([shift]), costing=cpc.Costing(hourly_cost=30.0))
    lasting = (
        datetime.fromisoformat(f"2025-04-10 {end}") - datetime.fromisoformat("2025-04-10 08:00:00.2")
    ).total_seconds()
    assert cpc.measure(data, "paid_hours")["paid_hours"].item() == pytest.approx(lasting / 3600, abs=1 / 3.6e6)


def test_legs_with_milliseconds_last_as_long_as_they_did():
    leg = {"leg_id": "1", "contact_id": "a", "agent_id": "ann", "started_at": "2025-04-10 10:00:00.900",
           "ended_at": "2025-04-10 10:00:02.100"}  # fmt: skip
    data = dataset(contacts([{"contact_id": "a", "handle_seconds": None}]), legs=pd.DataFrame([leg]))
    assert cpc.measure(data, "average_handle_time")["average_handle_time"].item() == pytest.approx(1.2)


def test_times_of_the_engine_are_utc():
    assert read(Kind.TIME, "2025-04-01 10:00", zone="Asia/Kolkata") == [datetime(2025, 4, 1, 4, 30)]
    moment = pd.Timestamp("2025-04-01 10:00", tz="Asia/Kolkata")
    assert read(Kind.TIME, moment) == [moment.astimezone(UTC).replace(tzinfo=None)]
