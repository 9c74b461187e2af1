"""Waits, stages of handling, reopens, surveys and rates per customer, each worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import cpc_analysis as cpc
from cpc_analysis.charts.wording import axis_title, number_format
from cpc_analysis.errors import InvalidInputError
from cpc_analysis.exploring.choices import choices_of
from cpc_analysis.exploring.question import Question
from cpc_analysis.glossary import QUANTITIES
from cpc_analysis.language import in_language, speaking
from cpc_analysis.models.availability import is_available, measure_available
from cpc_analysis.models.wording import change_in_words, number_in_words
from tests.centres import contacts, costs, dataset

LEDGER = costs(("technology", 100.0))


def value(data: cpc.Dataset, quantity: str, **question: object) -> float:
    frame = cpc.measure(data, quantity, **question)
    assert len(frame) == 1
    return float(frame[quantity].iloc[0])


def surveys(*rows: tuple[str, str, float | None], scale: tuple[int, int] = (0, 10), **columns: object) -> pd.DataFrame:
    """Surveys of (contact, kind, score) on one scale."""
    frame = pd.DataFrame(rows, columns=["contact_id", "kind", "score"]).astype({"score": "float64"})
    frame.insert(0, "survey_id", [f"s{scale[1]}-{number}" for number in range(len(frame))])
    return frame.assign(scale_min=scale[0], scale_max=scale[1], **columns)


def asked(kind: str, scores: list[float | None], scale: tuple[int, int] = (0, 10)) -> cpc.Dataset:
    """A centre in which one contact was asked as often as there are scores."""
    return dataset(contacts([{}]), LEDGER, surveys=surveys(*(("c0", kind, score) for score in scores), scale=scale))


# Waits


QUEUE = [
    {"wait_seconds": 10}, {"wait_seconds": 30}, {"wait_seconds": None},
    {"outcome": "abandoned", "wait_seconds": 50}, {"outcome": "abandoned", "wait_seconds": 2},
    {"outcome": "abandoned", "wait_seconds": None}, {"outcome": "missed", "wait_seconds": 40},
    {"direction": "out", "wait_seconds": 99}, {"outcome": "self_served", "wait_seconds": 70},
]  # fmt: skip


def test_each_wait_is_of_those_that_it_names():
    data = dataset(contacts(QUEUE), LEDGER)
    assert value(data, "average_speed_of_answer") == pytest.approx((10 + 30) / 2)
    assert value(data, "average_time_to_abandon") == pytest.approx((50 + 2) / 2)
    assert value(data, "average_wait") == pytest.approx((10 + 30 + 50 + 2 + 40) / 5)
    without_short = data.replace(counting=replace(data.counting, short_abandon_seconds=5))
    assert value(without_short, "average_time_to_abandon") == pytest.approx(50.0)
    assert value(without_short, "average_speed_of_answer") == pytest.approx(20.0)


def test_an_abandoned_contact_without_a_wait_waited_no_zero_seconds():
    data = dataset(contacts([{"wait_seconds": 10}, {"outcome": "abandoned", "wait_seconds": None}]), LEDGER)
    assert np.isnan(value(data, "average_time_to_abandon"))
    by = cpc.measure(data, ["average_speed_of_answer", "average_time_to_abandon"], by=["channel", "week"])
    assert by["average_speed_of_answer"].dropna().tolist() == [10.0]


# Stages of handling


def test_stages_are_averages_over_contacts_that_record_them():
    frame = contacts([
        {"hold_seconds": 0, "wrap_seconds": 20, "verification_seconds": 25},
        {"hold_seconds": 30, "wrap_seconds": 40, "verification_seconds": None},
        {"hold_seconds": None, "wrap_seconds": None, "verification_seconds": 35},
        {"outcome": "missed", "hold_seconds": 500, "wrap_seconds": 500, "verification_seconds": 500},
    ])  # fmt: skip
    data = dataset(frame, LEDGER)
    assert value(data, "average_hold_time") == pytest.approx(15.0)
    assert value(data, "average_wrap_time") == pytest.approx(30.0)
    assert value(data, "average_verification_time") == pytest.approx(30.0)


def test_verification_is_a_part_of_talk_and_not_added_to_the_handle_time():
    row = {"handle_seconds": None, "talk_seconds": 100, "hold_seconds": 20, "wrap_seconds": 30}
    data = dataset(contacts([row | {"verification_seconds": 40}, row | {"verification_seconds": 60}]), LEDGER)
    assert value(data, "average_handle_time") == pytest.approx(150.0)
    assert value(data, "average_verification_time") == pytest.approx(50.0)


def test_stages_are_of_conversations_as_the_handle_time_is():
    """A call of 200 s, 10 on hold, and its transfer of 400 s, 20 on hold, are one; another of 100 s holds for 6."""
    frame = contacts([
        {"handle_seconds": 200, "hold_seconds": 10, "verification_seconds": 30},
        {"handle_seconds": 400, "hold_seconds": 20, "verification_seconds": None, "parent_contact_id": "c0"},
        {"handle_seconds": 100, "hold_seconds": 6, "verification_seconds": None},
    ])  # fmt: skip
    data = dataset(frame, LEDGER)
    assert value(data, "average_handle_time") == pytest.approx(350.0)
    assert value(data, "average_hold_time") == pytest.approx(18.0)
    assert value(data, "average_verification_time") == pytest.approx(30.0)
    rows = data.replace(counting=cpc.Counting(unit="contact"))
    assert value(rows, "average_hold_time") == pytest.approx(12.0)


def test_legs_add_up_to_their_contact():
    """Two legs hold 10 and 20 s and the first verifies for 15 s; a contact without legs keeps what it says itself."""
    own = {"hold_seconds": 50, "verification_seconds": 5}
    frame = contacts([own | {"hold_seconds": 99}, own])
    legs = pd.DataFrame({
        "leg_id": ["1", "2"], "contact_id": "c0", "agent_id": ["ann", "bob"], "talk_seconds": [100, 60],
        "started_at": ["2025-04-01 10:00", "2025-04-01 10:05"], "hold_seconds": [10, 20], "wrap_seconds": [5, 5],
        "verification_seconds": [15, None],
    })  # fmt: skip
    data = dataset(frame, LEDGER, legs=legs)
    assert value(data, "average_hold_time") == pytest.approx((30 + 50) / 2)
    assert value(data, "average_verification_time") == pytest.approx((15 + 5) / 2)
    assert value(data, "average_wrap_time") == pytest.approx(10.0)  # the second contact records none
    assert value(data, "average_handle_time") == pytest.approx((100 + 60 + 30 + 10 + 60) / 2)


def test_totals_of_a_month_are_divided_by_the_contacts_that_they_stand_for():
    frame = contacts([
        {"started_at": "2025-04-01", "contact_count": 40, "handle_seconds": 4000, "wait_seconds": 800,
         "hold_seconds": 120, "transfers": 8, "reopens": 3, "covers": "month"},
        {"started_at": "2025-04-01", "contact_count": 10, "handle_seconds": 1000, "wait_seconds": 700,
         "hold_seconds": 30, "transfers": 0, "reopens": 90, "covers": "month"},
        {"started_at": "2025-04-01", "contact_count": 5, "outcome": "abandoned", "wait_seconds": 200,
         "covers": "month"},
    ])  # fmt: skip
    data = dataset(frame, LEDGER)
    assert value(data, "average_speed_of_answer") == pytest.approx(1500 / 50)
    assert value(data, "average_time_to_abandon") == pytest.approx(40.0)
    assert value(data, "average_hold_time") == pytest.approx(3.0)
    assert value(data, "transfer_rate") == pytest.approx(8 / 50)
    assert value(data, "reopen_rate") == pytest.approx((3 + 10) / 50)  # at most one a contact


def test_a_contact_that_was_reopened_twice_was_reopened():
    data = dataset(contacts([{"reopens": 0}, {"reopens": 2}, {"reopens": None}, {"reopens": 1}]), LEDGER)
    assert value(data, "reopen_rate") == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("quantity", "column"),
    [("average_speed_of_answer", "wait_seconds"), ("average_time_to_abandon", "wait_seconds"),
     ("average_hold_time", "hold_seconds"), ("average_wrap_time", "wrap_seconds"),
     ("average_verification_time", "verification_seconds"), ("reopen_rate", "reopens"),
     ("reported_resolution", "resolved")],
)  # fmt: skip
def test_what_a_column_is_missing_for_says_which(quantity, column):
    data = dataset(contacts([{}]), LEDGER)
    with pytest.raises(InvalidInputError) as caught:
        cpc.measure(data, quantity)
    assert str(caught.value) == f"`{quantity}` needs `contacts.{column}`; the contacts have none."
    assert not is_available(data, quantity)
    assert measure_available(data, [quantity, "contacts"])[quantity].isna().all()
    assert quantity not in choices_of(data, Question("contacts")).quantities


def test_the_query_of_a_stage_is_the_one_that_runs():
    data = dataset(contacts([{"hold_seconds": 5}]), LEDGER)
    text = cpc.show_query(data, "average_hold_time", by=["month"])
    assert '"hold_recorded"' in text and "in_time" not in text
    assert len(data.engine.connection.con.execute(text).fetchall()) == 1


# Surveys


def test_a_score_stands_on_its_own_kind_of_survey():
    """Of five NPS answers two promote and one detracts; of four CES answers two find it easy."""
    nps = surveys(*(("c0", "nps", score) for score in (10, 9, 8, 7, 6, None)))
    ces = surveys(*(("c1", "ces", score) for score in (7, 5, 4, 1)), scale=(1, 7))
    csat = surveys(("c1", "csat", 5), ("c1", "csat", None), scale=(1, 5))
    asks = surveys(("c0", "resolution", 1), ("c0", "resolution", None), scale=(0, 1))
    data = dataset(contacts([{}, {"channel": "chat"}]), LEDGER, surveys=pd.concat([nps, ces, csat, asks]))
    assert value(data, "nps") == pytest.approx(100 * (2 - 1) / 5)
    assert value(data, "ces") == pytest.approx(2 / 4)
    assert value(data, "nps_response_rate") == pytest.approx(5 / 6)
    assert value(data, "ces_response_rate") == pytest.approx(1.0)
    assert value(data, "csat_response_rate") == pytest.approx(1 / 2)
    assert value(data, "resolution_response_rate") == pytest.approx(1 / 2)
    assert value(data, "survey_response_rate") == pytest.approx(11 / 14)
    by = cpc.measure(data, ["nps", "ces", "csat_response_rate"], by=["channel"]).set_index("channel")
    assert by["nps"].dropna().to_dict() == {"voice": 20.0}
    assert by["ces"].dropna().to_dict() == by["csat_response_rate"].dropna().to_dict() == {"chat": 0.5}
    assert cpc.measure(data, "nps", where={"channel": "voice"})["few_contacts"].tolist() == [True]
    assert value(data, "csat", where={"channel": "chat"}) == 1.0


def test_a_kind_that_nobody_was_asked_is_missing_and_not_zero():
    data = asked("csat", [5.0, 1.0], (1, 5))
    frame = cpc.measure(data, ["nps", "ces", "nps_response_rate", "ces_response_rate", "resolution_response_rate"])
    assert frame.iloc[0, :5].isna().all()
    offered = choices_of(data, Question("contacts")).quantities
    assert "csat_response_rate" in offered and not {"nps", "ces", "nps_response_rate"} & set(offered)


@pytest.mark.parametrize(
    ("kind", "scale", "own", "had"),
    [("nps", (1, 5), "from 0 to 10", "1 to 5"), ("nps", (1, 10), "from 0 to 10", "1 to 10"),
     ("ces", (1, 5), "from 1 to 7", "1 to 5")],
)  # fmt: skip
def test_answers_on_another_scale_are_refused(kind, scale, own, had):
    """Five of five is no promoter, and low effort of five is a low score: neither is told by the numbers."""
    right = {"nps": (0, 10), "ces": (1, 7)}[kind]
    both = pd.concat([surveys(("c0", kind, 5.0), scale=right), surveys(*[("c0", kind, 5.0)] * 3, scale=scale)])
    both["survey_id"] = list("abcd")
    data = dataset(contacts([{}]), LEDGER, surveys=both)
    with pytest.raises(InvalidInputError) as caught:
        cpc.measure(data, kind)
    assert str(caught.value) == (
        f"`{kind}` needs every survey of the kind {kind} on the scale {own}; 3 of `surveys` have another, such as "
        f"{had}. They are not rescaled: leave them out of `surveys`, or give them the kind csat if they ask for "
        "satisfaction."
    )
    assert not is_available(data, kind)
    assert kind not in choices_of(data, Question("contacts")).quantities
    assert value(data, f"{kind}_response_rate") == 1.0


def test_the_interval_of_a_score_is_clustered_by_day_and_stays_on_its_scale():
    days = pd.date_range("2025-04-01", periods=8)
    scores = [10, 10, 9, 0, 10, 9, 3, 10]
    frame = contacts([{"started_at": f"{day:%Y-%m-%d} 10:00"} for day in days])
    data = dataset(frame, LEDGER, surveys=surveys(*((f"c{n}", "nps", score) for n, score in enumerate(scores))))
    row = cpc.measure(data, "nps", interval=0.95).iloc[0]
    found = np.array([100, 100, 100, -100, 100, 100, -100, 100])
    half = 2.3646242510 * found.std(ddof=1) / np.sqrt(8)  # Student's t, 7 degrees of freedom
    assert row["nps"] == pytest.approx(50.0)
    assert row["nps_low"] == pytest.approx(50.0 - half)
    assert row["nps_high"] == pytest.approx(min(50.0 + half, 100.0)) == 100.0


def test_a_score_changes_by_points_and_has_no_percent():
    assert number_in_words("nps", -12.34) == "-12.3"
    assert change_in_words("nps", 5.0, -5.0) == "+10.0 score points"
    assert change_in_words("nps", 5.0, 0.0) == "+5.0 score points"
    assert in_language(change_in_words("nps", -2.5, 5.0), "da") == "-7,5 point"
    assert change_in_words("contacts", 5.0, 0.0) == "-"
    assert (number_format("nps"), axis_title("nps")) == ("#,##0.0", "Net promoter score")
    assert change_in_words("ces", 0.5, 0.25) == "+25.0 pp"


# Rates per customer


def centre_of(months: list[str], bases: dict[str, float], **columns: object) -> cpc.Dataset:
    """Ten contacts over the days of each month, 100 DKK a month, and the customers of some months."""
    days = [day for month in months for day in pd.date_range(month, pd.Period(month).end_time, periods=10)]
    rows = [{"started_at": f"{day:%Y-%m-%d} 10:00"} for day in days]
    ledger = pd.concat([costs(("technology", 100.0), month=month) for month in months])
    stated = pd.DataFrame({"period": list(bases), "base": "customers", "count": list(bases.values())})
    return dataset(contacts(rows, **columns), ledger, bases=stated)


def test_a_rate_per_customer_is_of_a_month_however_long_the_log_is():
    """50 customers in April, 100 in May: 20 contacts in 150 customer-months, and twice the log is no higher rate."""
    months = ["2025-04", "2025-05"]
    data = centre_of(months, {"2025-04": 50, "2025-05": 100})
    by_month = cpc.measure(data, ["contact_rate", "cost_per_customer"], by=["month"])
    assert by_month["contact_rate"].tolist() == pytest.approx([0.2, 0.1])
    assert by_month["cost_per_customer"].tolist() == pytest.approx([2.0, 1.0])
    row = cpc.measure(data, ["contact_rate", "cost_per_customer"]).iloc[0]
    assert row["contact_rate"] == pytest.approx(20 / 150)
    assert row["cost_per_customer"] == pytest.approx(200 / 150)
    assert value(data, "contact_rate", by=["quarter"]) == pytest.approx(20 / 150)
    steady = {f"2025-{month:02d}": 50.0 for month in range(1, 13)}
    year = centre_of(list(steady), steady)
    assert value(year, "contact_rate", by=["year"]) == value(year, "contact_rate", where={"month": "2025-03"}) == 0.2
    assert cpc.describe("contact_rate").unit == "contacts per customer and month"
    assert "customer-months" in cpc.measure(year, "contact_rate", by=["year"]).attrs["definition"]


def test_a_month_without_a_base_makes_the_rate_not_known():
    data = centre_of(["2025-04", "2025-05", "2025-06"], {"2025-04": 50, "2025-06": 50})
    by_month = cpc.measure(data, ["contact_rate", "cost_per_customer"], by=["month"])
    assert by_month["contact_rate"].isna().tolist() == [False, True, False]
    whole = cpc.measure(data, ["contact_rate", "cost_per_customer"]).iloc[0]
    assert np.isnan(whole["contact_rate"]) and np.isnan(whole["cost_per_customer"])
    parts = cpc.measure(data, "contact_rate", by=["quarter"]).attrs["parts"].frame
    assert np.isnan(parts["base_months"].iloc[0])
    assert value(data, "contact_rate", where={"month": ["2025-04", "2025-06"]}) == pytest.approx(0.2)


def test_a_base_of_months_without_a_log_divides_nothing():
    data = centre_of(["2025-04"], {"2025-03": 50, "2025-04": 50, "2025-05": 50})
    frame = cpc.measure(data, "contact_rate", by=["month"])
    assert frame["month"].tolist() == [pd.Timestamp("2025-04-01")]
    assert value(data, "contact_rate", by=["quarter"]) == pytest.approx(0.2)


# The glossary


def test_a_standard_is_not_cited_without_its_clause():
    cited = " ".join(record.source for record in QUANTITIES.values())
    assert "ISO" not in cited and "COPC" not in cited


def test_terms_that_the_field_uses_in_several_ways_name_theirs():
    several = {
        "occupancy", "availability", "handled_share_of_paid", "first_contact_resolution", "abandonment_rate",
        "average_speed_of_answer", "average_wait", "average_handle_time", "average_hold_time", "nps", "ces",
        "reopen_rate", "csat", "contact_rate", "cost_per_customer",
    }  # fmt: skip
    assert several <= {name for name, record in QUANTITIES.items() if record.variant}
    assert "\n  variant  CES 2.0 as Gartner counts it: the share of 5, 6 and 7 " in str(cpc.describe("ces"))
    assert "variant" not in str(cpc.describe("contacts"))
    with speaking("da"):
        danish = str(cpc.describe("nps"))
    assert "\n  enhed      point\n" in danish
    assert "Kun på skalaen fra 0 til 10" in danish
    with speaking("da"):
        for name in several:
            assert cpc.describe(name).variant not in str(cpc.describe(name))
