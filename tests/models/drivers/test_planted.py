"""Effects planted in a small centre come out again: every outcome and every kind of driver."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import cpc_analysis as cpc
from tests.centres import build, contacts, costs, shift

AGENTS, MONTHS, EACH = 20, 3, 120
COUNT = AGENTS * MONTHS * EACH
#: Four standard errors of a difference of two halves of the contacts, in standard deviations of one contact: chance
#: goes beyond that once in sixteen thousand seeds. The seed was fixed before any estimate was seen.
FOUR_ERRORS = 4 * 2 / np.sqrt(COUNT)
#: Gamma times of shape four vary by half of their mean, exponential waits by all of it, a share of 0.6 by 0.49.
HANDLING, WAITING, SHARE = 0.5 * FOUR_ERRORS, 1.0 * FOUR_ERRORS, 0.49 * FOUR_ERRORS


@pytest.fixture(scope="module")
def centre() -> cpc.Dataset:
    """Agents without differences but training; the afternoon, two at a time and chat take longer."""
    random = np.random.default_rng(20)
    agent = np.repeat(np.arange(AGENTS), MONTHS * EACH)
    day = pd.Timestamp("2025-01-01") + pd.to_timedelta(random.integers(0, 90, COUNT), "D")
    late, double, chat = (random.random((3, COUNT)) < 0.5).astype(float)
    trained = (agent % 2).astype(float)
    mean = 300 * 1.25**late * 1.3**double * 1.5**chat * 0.9**trained
    frame = pd.DataFrame({
        "contact_id": [f"c{number}" for number in range(COUNT)],
        "started_at": day + pd.to_timedelta(10 + 4 * late, "h"), "direction": "in", "outcome": "answered",
        "channel": np.where(chat > 0, "chat", "voice"), "agent_id": [f"agent {number:02d}" for number in agent],
        "clock": np.where(late > 0, "late", "early"), "concurrency": 1 + double,
        "handle_seconds": random.gamma(4.0, mean / 4).round(3),
        "wait_seconds": random.exponential(60 * 1.4**late * 1.2**trained).round(3),
        "resolved": random.random(COUNT) < 0.6 + 0.15 * trained,
    })  # fmt: skip
    surveys = pd.DataFrame({
        "survey_id": frame["contact_id"], "contact_id": frame["contact_id"], "kind": "csat", "scale_min": 1,
        "scale_max": 5, "score": np.where(random.random(COUNT) < 0.6 + 0.2 * late, 5, 2),
    })  # fmt: skip
    people = pd.DataFrame({
        "agent_id": [f"agent {number:02d}" for number in range(AGENTS)],
        "training": np.where(np.arange(AGENTS) % 2, "trained", "untrained"),
    })  # fmt: skip
    return build({"contacts": frame, "agents": people, "surveys": surveys})


def difference(model: cpc.DriverModel, driver: str, level: str, other: str) -> float:
    """The logarithm of the ratio of two levels, or the difference of shares, whichever is the reference."""
    rows = model.to_frame()
    effects = rows[rows["driver"] == driver].set_index("level")["effect_percent"] / 100
    found = np.log1p(effects) if model.unit == "percent" else effects
    return float(found[level] - found[other])


@pytest.mark.parametrize(("driver", "level", "other", "ratio"), [
    ("hour", "14", "10", 1.25), ("concurrency", "2", "1", 1.3), ("channel", "chat", "voice", 1.5),
    ("training", "trained", "untrained", 0.9),
])  # fmt: skip
def test_handle_time(centre: cpc.Dataset, driver: str, level: str, other: str, ratio: float):
    model = cpc.fit_drivers(centre, driver, within=["month"])
    # What is left out of the strata widens a time of 0.5 to at most 0.6 of its mean.
    assert difference(model, driver, level, other) == pytest.approx(np.log(ratio), abs=1.2 * HANDLING)


def test_all_drivers_together(centre: cpc.Dataset):
    model = cpc.fit_drivers(centre, ["hour", "concurrency", "channel", "training"])
    planted = {("hour", "14", "10"): 1.25, ("concurrency", "2", "1"): 1.3, ("channel", "chat", "voice"): 1.5,
               ("training", "trained", "untrained"): 0.9}  # fmt: skip
    for (driver, level, other), ratio in planted.items():
        assert difference(model, driver, level, other) == pytest.approx(np.log(ratio), abs=HANDLING)


@pytest.mark.parametrize(("driver", "level", "other", "ratio"), [
    ("hour", "14", "10", 1.4), ("training", "trained", "untrained", 1.2),
])  # fmt: skip
def test_wait(centre: cpc.Dataset, driver: str, level: str, other: str, ratio: float):
    model = cpc.fit_drivers(centre, ["hour", "training"], outcome="wait")
    assert difference(model, driver, level, other) == pytest.approx(np.log(ratio), abs=WAITING)
    assert model.to_frame()["effect_money"].isna().all() and model.to_frame()["effect_seconds"].notna().all()


def test_shares(centre: cpc.Dataset):
    resolved = cpc.fit_drivers(centre, "training", outcome="resolved")
    assert difference(resolved, "training", "trained", "untrained") == pytest.approx(0.15, abs=SHARE)
    satisfied = cpc.fit_drivers(centre, "hour", outcome="csat")
    assert difference(satisfied, "hour", "14", "10") == pytest.approx(0.2, abs=SHARE)


def test_a_tenth_more_load():
    """Weeks of four and eight hours a day with the same contacts: twice the load takes half as long again squared."""
    days = [day for day in pd.date_range("2025-01-06", "2025-03-30") if day.weekday() < 5]
    people = [f"agent {number:02d}" for number in range(12)]
    hours = {day: 4 if day.week % 2 else 8 for day in days}
    shifts = pd.DataFrame([shift(who, f"{day:%Y-%m-%d} 08:00", hours[day]) for day in days for who in people])
    work = contacts([
        {"agent_id": who, "started_at": f"{day:%Y-%m-%d} 09:00", "handle_seconds": 100 * (8 / hours[day]) ** 0.5}
        for day in days for who in people
    ])  # fmt: skip
    row = cpc.fit_drivers(build({"contacts": work, "shifts": shifts}), "load", unit="agent-week").to_frame().iloc[0]
    # The times are exact up to whole milliseconds.
    assert row["effect_percent"] == pytest.approx(100 * (1.1**0.5 - 1), rel=1e-4)


def test_the_hour_as_stratum_is_that_of_a_column_that_says_it(centre: cpc.Dataset):
    by_hour = cpc.fit_drivers(centre, "channel", within=["hour", "month"])
    by_column = cpc.fit_drivers(centre, "channel", within=["clock", "month"])
    numbers = ["effect_percent", "low", "high"]
    assert by_hour.to_frame()[numbers].to_numpy() == pytest.approx(by_column.to_frame()[numbers].to_numpy(), rel=1e-9)
    assert "within hour, month" in by_hour.definition


def beside(**chat: float) -> dict[str, pd.DataFrame]:
    """Twelve agents with calls of 100 seconds and with chats as given, two at a time."""
    kinds = (("voice", {"handle_seconds": 100.0, "concurrency": 1}), ("chat", {"concurrency": 2} | chat))
    rows = [
        {"agent_id": f"a{number}", "channel": channel, "started_at": f"2025-04-{day:02d} 10:00"} | more
        for number in range(12) for day in range(1, 10) for channel, more in kinds
    ]  # fmt: skip
    return {"contacts": contacts(rows), "costs": costs(("salaries", 9000.0))}


def test_money_is_of_worked_seconds_that_chats_at_the_same_time_share():
    """A chat of 180 seconds beside another is 90 worked seconds: dearer in handle time, cheaper in money."""
    for driver in ("channel", "concurrency"):
        rows = cpc.fit_drivers(build(beside(handle_seconds=180.0)), driver, within=["month"]).to_frame()
        row = rows[rows["level"].isin(["chat", "2", "voice", "1"]) & (rows["level"] != rows["reference"])].iloc[0]
        sign = 1 if row["level"] in ("chat", "2") else -1
        other, own = (100.0, 90.0) if sign > 0 else (90.0, 100.0)
        assert sign * row["effect_percent"] > 0 and sign * row["effect_money"] < 0
        # Labour is on 12 x 9 pairs of 90 and 100 worked seconds.
        assert row["effect_money"] == pytest.approx(9000 * (own - other) / 190)


def test_money_of_legs_is_that_of_their_worked_time():
    tables = beside(handle_seconds=180.0)
    legs = tables["contacts"][["contact_id", "agent_id", "started_at", "handle_seconds", "concurrency"]]
    alone = cpc.fit_drivers(build(tables), "channel", within=["month"]).to_frame()
    parted = cpc.fit_drivers(build(tables | {"legs": legs.assign(leg_id=legs["contact_id"])}), "channel",
                             within=["month"]).to_frame()  # fmt: skip
    numbers = ["contacts", "effect_percent", "effect_money"]
    assert parted[numbers].to_numpy() == pytest.approx(alone[numbers].to_numpy())


def test_money_is_missing_where_worked_time_cannot_be_compared():
    """Legs that end as they start take no time of an agent, whatever handle time their contacts record."""
    tables = beside(handle_seconds=180.0)
    legs = tables["contacts"][tables["contacts"]["channel"] == "chat"]
    legs = legs[["contact_id", "agent_id", "started_at", "handle_seconds"]]
    data = build(tables | {"legs": legs.assign(leg_id=legs["contact_id"], ended_at=legs["started_at"])})
    rows = cpc.fit_drivers(data, "channel", within=["month"]).to_frame()
    assert rows["effect_money"].isna().all() and rows["effect_percent"].notna().all()


def test_money_is_missing_without_costs():
    tables = {name: table for name, table in beside(handle_seconds=180.0).items() if name != "costs"}
    model = cpc.fit_drivers(build(tables), "channel", within=["month"])
    assert model.to_frame()["effect_money"].isna().all() and "Money" not in model.summary()
    assert difference(model, "channel", "chat", "voice") == pytest.approx(np.log(1.8))
    rent = build(tables | {"costs": costs(("facilities", 500.0))})
    assert cpc.fit_drivers(rent, "channel", within=["month"]).to_frame()["effect_money"].isna().all()
