"""The sample centre: written the same every time, and every planted truth is in the data."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from cpc_analysis.errors import InvalidInputError
from cpc_analysis.schema import TABLES
from cpc_analysis.sources.sample_centre import SampleCentre, generate_centre, write_centre
from cpc_analysis.sources.samples import samples_directory

ZONE = "Europe/Copenhagen"
MAXIMUM_BYTES = 10_000_000


@pytest.fixture(scope="module")
def centre() -> SampleCentre:
    return generate_centre()


@pytest.fixture(scope="module")
def contacts(centre: SampleCentre) -> pd.DataFrame:
    """Contacts with their local month and handle time as plain numbers."""
    frame = centre.contacts.copy()
    frame["month"] = frame["started_at"].dt.tz_convert(ZONE).dt.strftime("%Y-%m")
    frame["handle"] = frame["handle_seconds"].astype("float64")
    return frame


def answered(contacts: pd.DataFrame) -> pd.DataFrame:
    return contacts[contacts["outcome"] == "answered"]


def without_factors(contacts: pd.DataFrame, *factors: pd.Series) -> pd.Series:
    """Handle time relative to the mean of its channel, known factors divided out."""
    relative = contacts["handle"] / contacts.groupby("channel")["handle"].transform("mean")
    for factor in factors:
        relative = relative / factor
    return relative


def factor_of(values: pd.Series, factors: Mapping[str, float]) -> pd.Series:
    return values.map(dict(factors)).astype("float64")


def product_factor(contacts: pd.DataFrame, centre: SampleCentre) -> pd.Series:
    return factor_of(contacts["product"], {name: f for name, (_, f) in centre.truths.products.items()})


def cause_factor(contacts: pd.DataFrame, centre: SampleCentre) -> pd.Series:
    return factor_of(contacts["reason"], {name: f for name, (_, f, _) in centre.truths.causes.items()})


# Written files


def made_here(path: Path) -> bool:
    """Whether a Parquet file was written by the version of Arrow that is installed: others write other bytes."""
    return parquet.read_metadata(path).created_by.endswith(f"version {pa.__version__}")


def test_a_rerun_gives_the_committed_files(centre: SampleCentre, tmp_path: Path) -> None:
    paths = write_centre(centre, tmp_path)
    assert sorted(path.stem for path in paths) == sorted(centre.tables)
    for path in paths:
        committed = samples_directory() / path.name
        if path.suffix == ".parquet" and not made_here(committed):
            assert parquet.read_table(path).equals(parquet.read_table(committed)), path.name
        else:
            digests = [hashlib.sha256(file.read_bytes()).hexdigest() for file in (path, committed)]
            assert digests[0] == digests[1], path.name


def test_the_shipped_files_are_small() -> None:
    assert sum(path.stat().st_size for path in samples_directory().iterdir()) < MAXIMUM_BYTES


def test_another_seed_gives_another_centre() -> None:
    one, two = (generate_centre(seed=seed, months=1).contacts for seed in (2, 3))
    assert len(one) != len(two) or not one.equals(two)


@pytest.mark.parametrize("arguments", [{"months": 0}, {"volume": 0.0}, {"volume": -1.0}])
def test_a_centre_needs_months_and_volume(arguments: dict[str, float]) -> None:
    months, volume = arguments.get("months", 30), arguments.get("volume", 1.0)
    with pytest.raises(InvalidInputError) as raised:
        generate_centre(**arguments)
    assert str(raised.value) == (f"`months` must be at least 1 and `volume` above 0, got {months} and {volume}.")


def test_the_readme_states_every_truth(centre: SampleCentre) -> None:
    text = (samples_directory() / "README.md").read_text(encoding="utf-8")
    for name, value in vars(centre.truths).items():
        assert f"`{name}`" in text, name
        if not isinstance(value, Mapping):
            assert str(value) in text, name
    for cause, (weight, factor, repeat) in centre.truths.causes.items():
        assert f"| {cause} | {weight:.2f} | {factor:.2f} | {repeat:.2f} |" in text
    for product, (share, factor) in centre.truths.products.items():
        assert f"{product} {share:.2f}, {factor:.2f}" in text


# The tables


def test_every_column_is_canonical(centre: SampleCentre) -> None:
    for name, frame in centre.tables.items():
        schema = TABLES[name]
        assert set(frame.columns) <= set(schema.names), name
        assert {column.name for column in schema.columns if column.required} <= set(frame.columns), name


def test_the_log_reaches_the_ends_of_every_month(contacts: pd.DataFrame) -> None:
    days = contacts["started_at"].dt.tz_convert(ZONE).dt.strftime("%Y-%m-%d")
    assert set(days) == set(pd.date_range("2023-01-01", "2025-06-30").strftime("%Y-%m-%d"))


def test_only_answered_contacts_have_an_agent_and_a_handle_time(contacts: pd.DataFrame) -> None:
    has_one = contacts["outcome"] == "answered"
    for column in ("agent_id", "handle_seconds"):
        assert (contacts[column].notna() == has_one).all(), column


def test_call_handle_times_have_the_published_shape(contacts: pd.DataFrame) -> None:
    calls = answered(contacts).loc[lambda rows: rows["channel"] == "voice", "handle"]
    assert calls.mean() == pytest.approx(188, rel=0.03)
    assert calls.std() == pytest.approx(240, rel=0.05)


def test_calls_arrive_in_two_peaks(contacts: pd.DataFrame) -> None:
    calls = contacts[(contacts["channel"] == "voice") & (contacts["outcome"] != "self_served")]
    local = calls["started_at"].dt.tz_convert(ZONE)
    weekday = local[local.dt.day_of_week < 5]
    halves = (weekday.dt.hour * 2 + weekday.dt.minute // 30).value_counts()
    morning, noon, afternoon = (halves.reindex(range(*hours)).max() for hours in ((20, 24), (25, 26), (27, 31)))
    assert morning > afternoon > noon


def test_live_contacts_start_in_a_shift_of_their_agent(centre: SampleCentre) -> None:
    work = answered(centre.contacts).sort_values("started_at")
    work = work[work["channel"].isin(["voice", "chat", "callback"])]
    shifts = centre.shifts.sort_values("starts_at")
    found = pd.merge_asof(
        work[["agent_id", "started_at"]], shifts[["agent_id", "starts_at", "ends_at", "activity"]],
        left_on="started_at", right_on="starts_at", by="agent_id",
    )  # fmt: skip
    assert (found["started_at"] < found["ends_at"]).all()
    assert set(found["activity"]) <= {"available", "break"}
    assert (found["activity"] == "break").mean() < 0.15


def test_agents_work_only_while_employed(centre: SampleCentre) -> None:
    people = centre.agents.drop_duplicates("agent_id").set_index("agent_id")
    day = centre.shifts["starts_at"].dt.tz_convert(ZONE).dt.tz_localize(None).dt.normalize()
    assert (day >= centre.shifts["agent_id"].map(people["hired_on"])).all()
    left = centre.shifts["agent_id"].map(people["left_on"])
    assert (left.isna() | (day <= left)).all()


def test_about_120_people_36_at_once(centre: SampleCentre) -> None:
    people = centre.agents.drop_duplicates("agent_id")
    assert len(people) == pytest.approx(120, rel=0.1)
    day = pd.Timestamp("2024-06-01")
    assert ((people["hired_on"] <= day) & (people["left_on"].isna() | (people["left_on"] >= day))).sum() == 36


# The truths


def test_the_wage_raise(centre: SampleCentre) -> None:
    ranges = centre.agents.sort_values("valid_from").groupby("agent_id")
    raised = centre.agents[centre.agents["agent_id"].duplicated()].set_index("agent_id")
    assert (raised["valid_from"] == pd.Timestamp(centre.truths.wage_raise_from)).all()
    wage = ranges["hourly_wage"].agg(["first", "last"]).loc[raised.index]
    np.testing.assert_allclose(wage["last"] / wage["first"] - 1, centre.truths.wage_raise, atol=1e-4)


def test_the_learning_curve(contacts: pd.DataFrame, centre: SampleCentre) -> None:
    work = answered(contacts)
    hired = centre.agents.drop_duplicates("agent_id").set_index("agent_id")["hired_on"]
    day = work["started_at"].dt.tz_convert(ZONE).dt.tz_localize(None).dt.normalize()
    tenure = (day - work["agent_id"].map(hired)).dt.days / 30.44
    relative = without_factors(work, product_factor(work, centre), cause_factor(work, centre))
    old_hands = relative[tenure > 24].mean()
    for low, high in ((0, 1), (2, 4), (8, 12)):
        here = (tenure >= low) & (tenure < high)
        planted = 1 + centre.truths.learning_size * np.exp(-tenure[here] / centre.truths.learning_months)
        assert relative[here].mean() / old_hands == pytest.approx(planted.mean(), rel=0.03)


def test_the_complexity_of_products(contacts: pd.DataFrame, centre: SampleCentre) -> None:
    work = answered(contacts)
    mean = without_factors(work).groupby(work["product"]).mean()
    for product, (_, factor) in centre.truths.products.items():
        assert mean[product] / mean["home"] == pytest.approx(factor, rel=0.02)


def test_the_complexity_of_causes(contacts: pd.DataFrame, centre: SampleCentre) -> None:
    work = answered(contacts)
    mean = without_factors(work).groupby(work["reason"]).mean()
    for cause, (_, factor, _) in centre.truths.causes.items():
        assert mean[cause] / mean["invoice"] == pytest.approx(factor, rel=0.05)


def test_one_cause_appears_and_one_is_removed(contacts: pd.DataFrame, centre: SampleCentre) -> None:
    truths = centre.truths
    months = contacts.groupby("reason")["month"].agg(["min", "max"])
    assert months.loc[truths.appearing_cause, "min"] == truths.appears_in
    late = contacts[(contacts["reason"] == truths.removed_cause) & (contacts["month"] >= truths.removed_in)]
    assert late.empty


def test_most_of_the_planted_repeats_show(contacts: pd.DataFrame, centre: SampleCentre) -> None:
    known = answered(contacts).dropna(subset="customer_id").sort_values(["customer_id", "reason", "started_at"])
    pairs = known.groupby(["customer_id", "reason"])["started_at"]
    week = pd.Timedelta(days=7)
    is_first = ~(pairs.diff() <= week)
    followed = (pairs.shift(-1) - known["started_at"]) <= week
    seen = followed[is_first].groupby(known["reason"]).mean()
    planted = pd.Series({cause: repeat for cause, (_, _, repeat) in centre.truths.causes.items()})
    # Some repeats are abandoned; a few contacts repeat by chance.
    np.testing.assert_allclose(seen / planted.loc[seen.index], 0.95, atol=0.12)


def test_the_launch_of_self_service(contacts: pd.DataFrame, centre: SampleCentre) -> None:
    web = contacts[contacts["channel"] == "web"].groupby("month").size()
    month = pd.Period(centre.truths.self_service_launch[:7])
    assert web[str(month)] > 2 * web[str(month - 1)]
    moved = contacts[contacts["channel"].isin(["voice", "chat", "email"]) & (contacts["outcome"] != "self_served")]
    half_years = {year: moved["month"].between(f"{year}-01", f"{year}-06").sum() for year in (2024, 2025)}
    expected = (1 - centre.truths.self_service_share) * (1 + centre.truths.trend)
    # The shocks of 18 channel-months on either side leave about 2 %.
    assert half_years[2025] / half_years[2024] == pytest.approx(expected, rel=0.06)


def test_the_cost_step(centre: SampleCentre) -> None:
    truths = centre.truths
    amounts = centre.costs[centre.costs["account"] == truths.cost_step_account].set_index("period")["amount"]
    before, after = (amounts[amounts.index < truths.cost_step_month], amounts[amounts.index >= truths.cost_step_month])
    assert after.mean() / before.tail(6).mean() == pytest.approx(truths.cost_step, rel=0.03)


def test_the_social_tool_is_paid_in_the_month_without_social_contacts(
    contacts: pd.DataFrame, centre: SampleCentre
) -> None:
    social = contacts[contacts["channel"] == "social"]
    empty = set(contacts["month"]) - set(social["month"])
    assert empty == {centre.truths.empty_social_month}
    tool = centre.costs[centre.costs["channel"] == "social"].set_index("period")["amount"]
    assert tool[centre.truths.empty_social_month] == 2463.17
    assert len(tool) == 30


def test_months_differ_beyond_trend_and_season(contacts: pd.DataFrame) -> None:
    per_month = contacts.groupby(["month", "channel"]).size().unstack()
    # Calendar, season, trend and launch are the same for both, so that only shocks and chance move their ratio:
    # 0.028 to 0.039 without shocks, 0.072 to 0.090 with them, over seeds 1 to 3.
    assert np.log(per_month["voice"] / per_month["chat"]).std() > 0.055


# The ledger


def test_about_forty_accounts_every_month(centre: SampleCentre) -> None:
    months = centre.costs.groupby("account")["period"].nunique()
    assert (months == 30).sum() == 42
    assert centre.costs["behaviour"].isin(["fixed", "step", "variable"]).all()
    present = set(centre.costs["cost_type"])
    assert present == set(TABLES["costs"].column("cost_type").choices)


def test_wages_in_the_ledger_are_the_payroll_of_the_shifts(centre: SampleCentre) -> None:
    shifts = centre.shifts
    hours = (shifts["ends_at"] - shifts["starts_at"]).dt.total_seconds() / 3600
    day = shifts["starts_at"].dt.tz_convert(ZONE).dt.tz_localize(None).dt.normalize()
    raised = day >= pd.Timestamp(centre.truths.wage_raise_from)
    ranges = centre.agents.sort_values("valid_from").groupby("agent_id")["hourly_wage"]
    wage = shifts["agent_id"].map(ranges.first()).where(~raised, shifts["agent_id"].map(ranges.last()))
    posted = centre.costs.loc[centre.costs["account_name"].str.startswith("Wages"), "amount"].sum()
    assert posted / (hours * wage)[shifts["is_paid"]].sum() == pytest.approx(1.004, abs=0.002)


def test_the_accrual_is_reversed_in_the_next_month(centre: SampleCentre) -> None:
    lines = centre.costs[centre.costs["account_name"].str.contains("accru")].set_index("period")["amount"]
    assert lines.to_dict() == {"2024-09": 18_500.0, "2024-10": -18_500.0}


def test_the_annual_licence_states_its_service(centre: SampleCentre) -> None:
    licence = centre.costs.dropna(subset="service_from")
    assert licence["account"].unique().tolist() == ["6340"]
    assert licence["amount"].tolist() == [48_000.0, 96_000.0, 96_000.0]
    assert licence["service_to"].dt.strftime("%Y-%m-%d").tolist() == ["2023-06-30", "2024-06-30", "2025-06-30"]


def test_credit_notes_are_negative(centre: SampleCentre) -> None:
    notes = centre.costs[centre.costs["account_name"].str.contains("credit note")]
    assert notes["amount"].eq(-1150.0).all()
    assert len(notes) == 5
