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
from cpc_analysis.sources.sample_centre import SampleCentre, Truths, generate_centre, write_centre
from cpc_analysis.sources.samples import samples_directory

# The centre is generated once.
pytestmark = pytest.mark.xdist_group("samples")

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


def busy(contacts: pd.DataFrame, *channels: str) -> pd.DataFrame:
    """Answered live contacts with the moments at which an agent took them and was done."""
    work = answered(contacts)
    work = work[work["channel"].isin(channels)]
    begin = work["started_at"] + pd.to_timedelta(work["wait_seconds"].astype("float64"), unit="s")
    end = begin + pd.to_timedelta(work["handle_seconds"].astype("float64"), unit="s")
    return work.assign(begin=begin, end=end).sort_values("begin")


def test_live_contacts_begin_while_their_agent_is_available(centre: SampleCentre) -> None:
    work = busy(centre.contacts, "voice", "chat", "callback")
    work["begin"] = work["begin"].astype("datetime64[s, UTC]")
    shifts = centre.shifts.sort_values("starts_at")
    found = pd.merge_asof(
        work[["agent_id", "begin"]], shifts[["agent_id", "starts_at", "ends_at", "activity"]],
        left_on="begin", right_on="starts_at", by="agent_id",
    )  # fmt: skip
    assert (found["begin"] < found["ends_at"]).all()
    assert set(found["activity"]) == {"available"}


def test_one_call_at_a_time(centre: SampleCentre) -> None:
    calls = busy(centre.contacts, "voice", "callback")
    assert (calls["begin"] >= calls.groupby("agent_id")["end"].shift().fillna(calls["begin"])).all()


def test_two_chats_at_most_and_their_concurrency(centre: SampleCentre) -> None:
    chats = busy(centre.contacts, "chat")
    opened = pd.concat([
        pd.DataFrame({"agent_id": chats["agent_id"], "at": chats["begin"], "step": 1}),
        pd.DataFrame({"agent_id": chats["agent_id"], "at": chats["end"], "step": -1}),
    ]).sort_values(["at", "step"])  # fmt: skip
    assert opened.groupby("agent_id")["step"].cumsum().max() == 2
    # Handle time over concurrency is the agent's own time: together as long as any chat was open.
    open_now = opened.groupby("agent_id")["step"].cumsum()
    lasts = (opened.groupby("agent_id")["at"].shift(-1) - opened["at"]).dt.total_seconds()
    engaged = (chats["handle_seconds"].astype("float64") / chats["concurrency"]).sum()
    assert engaged == pytest.approx(lasts[open_now > 0].sum(), rel=0.002)


def test_what_is_written_is_answered_after_it_came(contacts: pd.DataFrame) -> None:
    written = answered(contacts)[lambda rows: rows["channel"].isin(["email", "social"])]
    response = written["first_response_seconds"].astype("float64")
    assert (response >= written["handle"]).all()
    assert response.quantile(0.5) < 6 * 3600
    assert response.max() < 5 * 86_400


def available(centre: SampleCentre) -> pd.DataFrame:
    """Available stretches with their agent's group and local times."""
    rows = centre.shifts[centre.shifts["is_productive"]].copy()
    rows["at"] = rows["starts_at"].dt.tz_convert(ZONE).dt.tz_localize(None).astype("datetime64[s]")
    rows["until"] = rows["ends_at"].dt.tz_convert(ZONE).dt.tz_localize(None).astype("datetime64[s]")
    ranges = centre.agents[["agent_id", "valid_from", "staffing_group"]].sort_values("valid_from")
    ranges["valid_from"] = ranges["valid_from"].astype("datetime64[s]")
    return pd.merge_asof(rows.sort_values("at"), ranges, left_on="at", right_on="valid_from", by="agent_id")


def test_somebody_takes_calls_and_chats_in_every_open_half_hour(centre: SampleCentre) -> None:
    there = available(centre)
    for group, hours in (
        ("voice Aarhus", {0: (8, 18), 5: (10, 15), 6: (10, 14)}),
        ("digital Odense", {0: (8, 18), 5: (10, 15), 6: (10, 14)}),
        ("evening Odense", {0: (18, 21)}),
    ):
        rows = there[there["staffing_group"] == group]
        staffed = {
            moment
            for low, high in zip(rows["at"], rows["until"], strict=True)
            for moment in pd.date_range(low, high, freq="30min", inclusive="left")
        }
        for day in pd.date_range("2023-01-01", "2025-06-30"):
            first, last = hours.get(day.weekday() if day.weekday() > 4 else 0, (0, 0))
            wanted = pd.date_range(day, periods=48, freq="30min")[first * 2 : last * 2]
            assert set(wanted) <= staffed, (group, day)


def test_how_busy_the_groups_are(centre: SampleCentre, contacts: pd.DataFrame) -> None:
    there = available(centre)
    hours = (there["until"] - there["at"]).dt.total_seconds() / 3600
    paid = hours.groupby([there["staffing_group"], there["at"].dt.strftime("%Y-%m")]).sum()
    work = answered(contacts)
    engaged = (work["handle"] / work["concurrency"].fillna(1.0)).groupby([work["queue"], work["month"]]).sum() / 3600
    occupancy = engaged / paid
    for group, low, high in (
        ("voice Aarhus", 0.45, 0.65), ("digital Odense", 0.6, 0.9), ("digital Malmö", 0.65, 1.1),
    ):  # fmt: skip
        assert occupancy[group].between(low, high).all(), occupancy[group].describe()
    # A small group cannot be as busy and still answer.
    assert occupancy["evening Odense"].max() < occupancy["voice Aarhus"].min() - 0.1


def test_how_long_callers_wait_and_how_many_give_up(contacts: pd.DataFrame) -> None:
    calls = contacts[(contacts["channel"] == "voice") & (contacts["outcome"] != "self_served")]
    gone = calls["outcome"] == "abandoned"
    assert gone.groupby(calls["month"]).mean().between(0.04, 0.13).all()
    in_time = ~gone & (calls["wait_seconds"] <= 20)
    assert in_time.groupby(calls["month"]).mean().between(0.65, 0.85).all()
    assert calls.loc[~gone, "wait_seconds"].astype("float64").mean() == pytest.approx(20, abs=5)


def test_the_impatient_give_up_more_often() -> None:
    shares = []
    for patience in (60.0, 900.0):
        calls = generate_centre(months=1, truths=Truths(patience=patience)).contacts
        calls = calls[(calls["channel"] == "voice") & (calls["outcome"] != "self_served")]
        shares.append((calls["outcome"] == "abandoned").mean())
    assert shares[0] > 2 * shares[1] > 0


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


def test_a_dozen_people_change_team_four_of_them_group(centre: SampleCentre) -> None:
    changes = centre.agents.groupby("agent_id")[["team", "staffing_group"]].nunique()
    assert (changes > 1).sum().tolist() == [12, 4]


# The truths


def wage_changes(centre: SampleCentre) -> pd.DataFrame:
    """Each later range of an agent: its start, months of tenure then, and the wage over the one before."""
    ranges = centre.agents.sort_values(["agent_id", "valid_from"])
    ratio = ranges["hourly_wage"] / ranges.groupby("agent_id")["hourly_wage"].shift()
    tenure = (ranges["valid_from"] - ranges["hired_on"]).dt.days / 30.44
    return ranges.assign(ratio=ratio, tenure=tenure).dropna(subset="ratio")


def test_the_wage_raise(centre: SampleCentre) -> None:
    changes = wage_changes(centre)
    raised = changes[changes["valid_from"] == pd.Timestamp(centre.truths.wage_raise_from)]
    assert len(raised) == 36
    assert raised["ratio"].median() == pytest.approx(1 + centre.truths.wage_raise, abs=1e-4)


def test_the_steps_of_seniority(centre: SampleCentre) -> None:
    changes = wage_changes(centre)
    changes = changes[changes["valid_from"] != pd.Timestamp(centre.truths.wage_raise_from)]
    for months, share in centre.truths.wage_steps:
        here = changes[(changes["tenure"] - months).abs() < 0.05]
        assert len(here) > 20
        np.testing.assert_allclose(here["ratio"], 1 + share, atol=1e-4)


def test_overtime_is_a_premium_in_the_ledger_only(centre: SampleCentre) -> None:
    overtime = centre.costs[centre.costs["account"] == "5110"].groupby("period")["amount"].sum()
    assert overtime.idxmax() == centre.truths.overtime_month
    rest = overtime.drop(centre.truths.overtime_month)
    assert overtime.max() - rest.mean() == pytest.approx(centre.truths.overtime, rel=0.05)


def test_one_line_is_posted_late(centre: SampleCentre) -> None:
    ends = pd.to_datetime(centre.costs["period"]) + pd.offsets.MonthEnd(0)
    late = centre.costs[pd.to_datetime(centre.costs["posted_on"]) > ends + pd.Timedelta(days=15)]
    assert late["amount"].tolist() == [centre.truths.late_posting]
    assert late["period"].tolist() == [centre.truths.late_posting_month]


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


def test_agents_have_a_pace_of_their_own(contacts: pd.DataFrame, centre: SampleCentre) -> None:
    work = answered(contacts)
    hired = centre.agents.drop_duplicates("agent_id").set_index("agent_id")["hired_on"]
    tenure = (work["started_at"].dt.tz_convert(ZONE).dt.tz_localize(None) - work["agent_id"].map(hired)).dt.days / 30.44
    learning = 1 + centre.truths.learning_size * np.exp(-tenure / centre.truths.learning_months)
    pace = without_factors(work, product_factor(work, centre), cause_factor(work, centre), learning)
    means = pace.groupby(work["agent_id"]).agg(["mean", "size"]).query("size > 1500")["mean"]
    # What chance adds: a spread of about 1.2 over 1,500 contacts, 0.03.
    assert np.log(means).std() == pytest.approx(centre.truths.agent_spread, abs=0.025)


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
    assert tool[centre.truths.empty_social_month] == 2494.96
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
    shifts = centre.shifts[centre.shifts["is_paid"]].copy()
    shifts["hours"] = (shifts["ends_at"] - shifts["starts_at"]).dt.total_seconds() / 3600
    shifts["at"] = shifts["starts_at"].dt.tz_convert(ZONE).dt.tz_localize(None).astype("datetime64[s]")
    wages = centre.agents[["agent_id", "valid_from", "hourly_wage"]].sort_values("valid_from")
    wages["valid_from"] = wages["valid_from"].astype("datetime64[s]")
    paid = pd.merge_asof(shifts.sort_values("at"), wages, left_on="at", right_on="valid_from", by="agent_id")
    posted = centre.costs.loc[centre.costs["account_name"].str.startswith("Wages"), "amount"].sum()
    assert posted / (paid["hours"] * paid["hourly_wage"]).sum() == pytest.approx(1.004, abs=0.002)


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


# The budget


def test_the_budget_of_a_year_is_the_year_before_and_two_percent(contacts: pd.DataFrame, centre: SampleCentre) -> None:
    plan = centre.budget[centre.budget["period"].str[:4] == "2024"]
    ledger = centre.costs[centre.costs["period"].str[:4] == "2023"]["amount"].sum()
    assert plan["amount"].sum() == pytest.approx(ledger * 1.02, rel=0.002)
    calls = answered(contacts)[lambda rows: (rows["channel"] == "voice") & (rows["month"].str[:4] == "2023")]
    planned = plan[plan["channel"] == "voice"].groupby("period")["contact_count"].agg(["count", "sum"])
    assert (planned["count"] == 1).all()
    assert planned["sum"].sum() == pytest.approx(len(calls) * 1.02, rel=0.002)
    assert planned["sum"].idxmax() == "2024-12"


def test_the_budget_of_a_month_has_money_by_channel_and_cost_type(centre: SampleCentre) -> None:
    month = centre.budget[centre.budget["period"] == "2025-06"]
    assert not month.duplicated(["channel", "cost_type"]).any()
    assert set(month["cost_type"]) == set(TABLES["costs"].column("cost_type").choices)
    assert set(month.loc[month["contact_count"].notna(), "channel"]) == {"voice", "chat", "email", "social", "callback"}
    assert month.loc[month["channel"] == "web", "cost_type"].tolist() == ["technology"]
