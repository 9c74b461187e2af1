"""First responses are timed in opening hours: of all, of a channel, over clock changes, holidays and midnight."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

import cpc_analysis as cpc
from cpc_analysis.errors import InvalidInputError
from cpc_analysis.language import in_language
from cpc_analysis.policy import OpeningHours
from tests.centres import contacts, costs, dataset

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
OFFICE = {"mon-fri": "08:00-18:00"}


def answered(
    *stretches: tuple[str, str], hours: object = None, zone: str = "Europe/Copenhagen", **more: object
) -> cpc.Dataset:
    """E-mails that came at the first of each pair of UTC times and were answered at the second."""
    rows = []
    for came, response in stretches:
        start, end = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (came, response))
        row = {"started_at": start, "first_response_seconds": (end - start).total_seconds(), "channel": "email"}
        rows.append(row | more)
    stated = cpc.Settings(opening_hours=hours or OFFICE)
    return dataset(contacts(rows), costs(("salaries", 1.0)), settings=stated, timezone=zone)


def response(data: cpc.Dataset) -> float:
    return float(cpc.measure(data, "average_first_response")["average_first_response"].iloc[0])


# In Copenhagen: two hours ahead of UTC from 30 March 2025 on.
@pytest.mark.parametrize(("came", "was_answered", "hours"), [
    ("2025-04-04 15:00", "2025-04-07 07:00", 2),  # Friday 17:00 to Monday 9:00
    ("2025-04-05 10:00", "2025-04-07 07:00", 1),  # from Saturday on
    ("2025-04-07 07:00", "2025-04-07 08:30", 1.5),  # within a day
    ("2025-04-07 18:00", "2025-04-07 20:00", 0),  # answered in the evening of the same day, by a night owl
    ("2025-04-07 04:00", "2025-04-08 20:00", 20),  # two whole days
])  # fmt: skip
def test_only_time_in_opening_hours_counts(came, was_answered, hours):
    assert response(answered((came, was_answered))) == hours * 3600


def test_without_opening_hours_every_hour_counts():
    data = answered(("2025-04-04 15:00", "2025-04-07 07:00"))
    assert response(data.replace(settings=cpc.Settings())) == 64 * 3600


def test_an_answer_to_written_work_is_in_time_in_opening_hours():
    """64 hours over a weekend are 2 of opening hours: in time. A call waits by the clock, whatever the hours."""
    late, night = ("2025-04-04 15:00", "2025-04-07 07:00"), ("2025-04-07 18:00", "2025-04-07 18:00")
    email = answered(late)
    assert cpc.measure(email, "service_level")["service_level"].iloc[0] == 1
    assert cpc.measure(email.replace(settings=cpc.Settings()), "service_level")["service_level"].iloc[0] == 0
    call = answered(night, channel="voice", wait_seconds=60.0)
    assert cpc.measure(call, ["service_level", "average_wait"]).iloc[0, :2].tolist() == [0, 60]


def test_a_conversation_answers_in_the_opening_hours_since_its_first_contact():
    """Mail on Friday 17:00 and again on Monday 8:30, which is answered at 9:00: two open hours after the first."""
    data = dataset(
        contacts([
            {"contact_id": "a", "started_at": "2025-04-04 17:00", "outcome": "missed"},
            {"contact_id": "b", "started_at": "2025-04-07 08:30", "parent_contact_id": "a",
             "first_response_seconds": 1800.0},
        ], channel="email"),
        costs(("salaries", 1.0)),
        counting=cpc.Counting(answer_threshold_seconds={"email": 7199}),
        settings=cpc.Settings(opening_hours=OFFICE),
    )  # fmt: skip
    found = cpc.measure(data, ["average_first_response", "service_level"])
    assert found.iloc[0, :2].tolist() == [1800, 0]
    enough = data.replace(counting=cpc.Counting(answer_threshold_seconds={"email": 7200}))
    assert cpc.measure(enough, "service_level")["service_level"].iloc[0] == 1


def test_holidays_are_closed():
    closed = cpc.Settings(opening_hours=OFFICE, holidays=["2025-04-07"])
    data = answered(("2025-04-04 15:00", "2025-04-08 07:00"))
    assert response(data) == 12 * 3600
    assert response(data.replace(settings=closed)) == 2 * 3600


def test_a_channel_may_have_hours_of_its_own():
    """Chat is open every day, e-mail on weekdays; where only chat is stated, e-mail is open around the clock."""
    chat = {"chat": {"mon-sun": "10:00-20:00"}}
    stretch = ("2025-04-05 10:00", "2025-04-06 10:00")  # Saturday to Sunday noon
    assert response(answered(stretch, hours=OFFICE | chat, channel="chat")) == 10 * 3600
    assert response(answered(stretch, hours=OFFICE | chat)) == 0
    assert response(answered(stretch, hours=chat)) == 24 * 3600


def test_hours_past_midnight_and_over_a_clock_change():
    """The night to 30 March 2025 has an hour less: 22:00 to 06:00 are seven hours."""
    night = {"sat": "22:00-06:00"}
    assert response(answered(("2025-03-29 12:00", "2025-03-30 12:00"), hours=night)) == 7 * 3600
    assert response(answered(("2025-03-22 12:00", "2025-03-23 12:00"), hours=night)) == 8 * 3600


def test_hours_that_touch_are_open_once():
    hours = {"mon": ["08:00-12:00", "11:00-13:00", "13:00-14:00"]}
    assert response(answered(("2025-04-07 00:00", "2025-04-07 20:00"), hours=hours)) == 6 * 3600


def test_the_total_of_many_contacts_is_not_known_in_opening_hours():
    data = answered(("2025-04-07 07:00", "2025-04-07 09:00"), contact_count=2)
    found = cpc.measure(data, "average_first_response")
    assert found["average_first_response"].isna().all()
    assert "Of rows that stand for many contacts it is not known." in found.attrs["definition"]


def test_a_definition_says_the_hours():
    hours = {"mon-thu": "08:00-18:00", "fri": ["08:00-12:00", "13:00-16:00"], "voice": {"sat": "09:00-13:00"}}
    stated = cpc.Settings(opening_hours=hours, holidays=["2025-12-25"])
    data = answered(("2025-04-07 07:00", "2025-04-07 09:00")).replace(settings=stated)
    definition = cpc.measure(data, "average_first_response").attrs["definition"]
    assert (
        "The time to a response in writing runs in opening hours only: Mon-Thu 08:00-18:00, Fri 08:00-12:00 + "
        "13:00-16:00; voice Sat 09:00-13:00. On holidays it stands still."
    ) in definition
    assert "kun i åbningstiden: man.-tors. 08:00-18:00, fre." in in_language(definition, "da")
    assert "opening hours only" not in cpc.measure(data, "contacts").attrs["definition"]


@st.composite
def weeks(draw: st.DrawFn) -> dict[str, object]:
    """Hours of some weekdays, in whole quarters of an hour, some past midnight."""
    times = st.integers(0, 95).map(lambda quarter: f"{quarter // 4:02d}:{quarter % 4 * 15:02d}")
    pairs = st.tuples(times, times).filter(lambda pair: pair[0] != pair[1])
    stretches = st.lists(pairs.map("-".join), min_size=1, max_size=3)
    return draw(st.dictionaries(st.sampled_from(WEEKDAYS), stretches, min_size=1, max_size=7))


@settings(max_examples=4, deadline=None)
@given(
    hours=weeks(),
    zone=st.sampled_from(["Europe/Copenhagen", "America/Los_Angeles", "Asia/Kolkata", "Australia/Lord_Howe"]),
    quarters=st.lists(st.tuples(st.integers(0, 4 * 24 * 365), st.integers(0, 4 * 24 * 10)), min_size=20, max_size=20),
)
def test_open_time_is_that_of_every_quarter_of_an_hour(hours, zone, quarters):
    """Against a walk over the quarters of an hour, each looked up on the wall clock."""
    rows, expected = [], {}
    for number, (first, lasting) in enumerate(quarters):
        moments = [datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=15 * (first + step)) for step in range(lasting)]
        start = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=15 * first)
        rows.append({"started_at": start, "first_response_seconds": lasting * 900.0, "product": str(number)})
        expected[str(number)] = sum(is_open(moment, hours, zone) for moment in moments) * 900
    stated = cpc.Settings(opening_hours=hours)
    data = dataset(contacts(rows, channel="email"), costs(("salaries", 1.0)), settings=stated, timezone=zone)
    found = cpc.measure(data, "average_first_response", by=["product"])
    assert found.set_index("product")["average_first_response"].to_dict() == expected


def is_open(moment: datetime, hours: dict[str, list[str]], zone: str) -> bool:
    local = moment.astimezone(ZoneInfo(zone))
    for before in (0, 1):
        day = local.date() - timedelta(days=before)
        for stretch in hours.get(WEEKDAYS[day.weekday()], []):
            opens, closes = (wall(day, text, zone) for text in stretch.split("-"))
            if closes <= opens and stretch[:5] > stretch[6:]:
                closes = wall(day + timedelta(days=1), stretch[6:], zone)
            if opens <= moment < closes:
                return True
    return False


def wall(day: date, text: str, zone: str) -> datetime:
    hour, minute = (int(part) for part in text.split(":"))
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(("stated", "message"), [
    ({"munday": "08:00-18:00"}, "`opening_hours` must name weekdays such as mon or mon-fri, or a channel with weekdays "
     "of its own, got 'munday'."),
    ({"phone": {"mon": "08:00-18:00"}}, "`opening_hours` must name weekdays such as mon or mon-fri, or a channel with "
     "weekdays of its own, got 'phone'."),
    ({"mon": "8-18"}, '`opening_hours.mon` must be written as "08:00-18:00", a list of such stretches, or "closed", '
     "got '8-18'."),
    ({"chat": {"sat": "25:00-26:00"}}, '`opening_hours.chat.sat` must be written as "08:00-18:00", a list of such '
     "stretches, or \"closed\", got '25:00-26:00'."),
    ({"mon": 8}, '`opening_hours.mon` must be written as "08:00-18:00", a list of such stretches, or "closed", got '
     "'8'."),
    ({"mon-fri": "08:00-18:00", "fri": "closed"}, "`opening_hours` must name each weekday once, got 'fri' beside "
     "others."),
    ("08:00-18:00", "`opening_hours` must be hours by weekday, such as { \"mon-fri\" = \"08:00-18:00\" }, got "
     "'08:00-18:00'."),
])  # fmt: skip
def test_hours_that_are_not_written_so(stated, message):
    with pytest.raises(InvalidInputError) as error:
        cpc.Settings(opening_hours=stated)
    assert str(error.value) == message


def test_weekdays_that_are_not_named_are_closed_and_names_may_be_in_full():
    assert OpeningHours.from_mapping({"Monday": "08:00 \u2013 18:00"}) == OpeningHours.from_mapping(
        {"mon": "08:00-18:00", "tue-sun": "closed"}
    )
    assert OpeningHours.from_mapping({"sat-mon": "09:00-24:00"}).of_all == (
        ((540, 1440),), (), (), (), (), ((540, 1440),), ((540, 1440),),
    )  # fmt: skip


def test_a_project_states_its_opening_hours(tmp_path: Path):
    (tmp_path / "cpc.toml").write_text(
        '[project]\ncurrency = "DKK"\ntimezone = "Europe/Copenhagen"\n'
        '[opening_hours]\nmon-fri = "08:00-18:00"\nchat = { mon-sun = "10:00-20:00" }\n'
        '[tables.contacts]\nfiles = "contacts.csv"\n'
    )
    (tmp_path / "contacts.csv").write_text(
        "contact_id,started_at,channel,direction,outcome,first_response_seconds\n"
        "a,2025-04-04 17:00,email,in,answered,230400\n"
    )
    assert response(cpc.open_project(tmp_path)) == 2 * 3600
    wrong = (tmp_path / "cpc.toml").read_text().replace("08:00-18:00", "8 to 18")
    (tmp_path / "cpc.toml").write_text(wrong)
    with pytest.raises(InvalidInputError) as error:
        cpc.open_project(tmp_path)
    assert str(error.value).startswith("cpc.toml, [opening_hours]: `opening_hours.mon-fri` must be written as")
