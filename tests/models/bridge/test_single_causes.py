"""A bridge of two months that differ in one thing names that thing and nothing else, however it is cut."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import cpc_analysis as cpc

BEFORE = "2024-01"
CUTS = ([], ["channel"], ["staffing_group"], ["agent_id", "channel"])
#: What goes together on a fixed roster: nobody is paid more or less.
ROSTER = {"waiting", "beyond_roster"}
VOLUME = {"technology_volume", "licences_volume", "other_work_volume"}


@dataclass(frozen=True)
class Month:
    """A month of a centre whose groups share channels.

    Contacts and their length [seconds] by channel and group; by group the hours on shift, of them breaks, the hourly
    wage, and hours of back office; the price of a platform.
    """

    counts: dict[tuple[str, str], int]
    seconds: dict[str, int]
    hours: dict[str, int]
    breaks: dict[str, int]
    wages: dict[str, float]
    back_office: dict[str, int]
    platform: float = 900.0
    concurrency: dict[str, float] = field(default_factory=dict)


@st.composite
def a_month(draw: st.DrawFn) -> Month:
    """One to three groups; each serves one channel or several, at wages of its own, with or without back office."""
    groups = ["early", "late", "night"][: draw(st.integers(1, 3))]
    channels = ["voice", "chat", "email"][: draw(st.integers(1, 3))]
    served = [(channel, group) for channel in channels for group in groups]
    counts = {pair: draw(st.integers(2, 9)) for pair in served if pair[0] == "voice" or draw(st.booleans())}
    seconds = {channel: 60 * draw(st.integers(2, 30)) for channel in channels}
    is_concurrent = draw(st.booleans())
    return Month(
        counts=counts,
        seconds=seconds,
        hours={group: draw(st.integers(30, 60)) for group in groups},
        breaks={group: draw(st.integers(0, 5)) for group in groups},
        wages={group: 100.0 + 10 * draw(st.integers(0, 9)) for group in groups},
        back_office={group: draw(st.sampled_from([0, 0, 3])) for group in groups},
        concurrency={"chat": 2.0, "email": 1.0, "voice": 1.0} if is_concurrent else {},
    )


def names_of(months: int) -> list[str]:
    return [str(month) for month in pd.period_range(BEFORE, periods=months, freq="M")]


def centre(*months: Month) -> cpc.Dataset:
    """Months as a dataset; wages are in the ledger as they are in the payroll, and on-costs of a quarter."""
    contacts, shifts, hours, costs, agents = [], [], [], [], []
    names = names_of(len(months))
    for name, month in zip(names, months, strict=True):
        for (channel, group), count in month.counts.items():
            for number in range(count):
                contacts.append({
                    "contact_id": f"{name} {channel} {group} {number}", "channel": channel, "direction": "in",
                    "started_at": pd.Timestamp(f"{name}-{1 + number % 27:02d} 10:00", tz="UTC"), "outcome": "answered",
                    "agent_id": group, "handle_seconds": month.seconds[channel],
                    **({"concurrency": month.concurrency[channel]} if month.concurrency else {}),
                })  # fmt: skip
        for group, paid in month.hours.items():
            start = pd.Timestamp(f"{name}-03", tz="UTC")
            middle, end = (start + pd.Timedelta(hours=span) for span in (paid - month.breaks[group], paid))
            for begins, ends, activity in ((start, middle, "available"), (middle, end, "break")):
                if ends > begins:
                    shifts.append((group, begins, ends, activity, True, activity == "available"))
            if month.back_office[group]:
                hours.append((name, group, "back_office", float(month.back_office[group])))
            agents.append(
                (group, group, f"{name}-01", f"{pd.Period(name).end_time:%Y-%m-%d}", month.wages[group], 0.25)
            )
        pay = sum(month.hours[group] * month.wages[group] for group in month.hours)
        lines = {"salaries": pay, "on_costs": 0.25 * pay, "technology": month.platform, "licences": 120.0}
        costs += [(f"{name} {kind}", f"{name}-28", "4000", kind, amount) for kind, amount in lines.items()]
    tables = {
        "contacts": pd.DataFrame(contacts),
        "costs": pd.DataFrame(costs, columns=["line_id", "posted_on", "account", "cost_type", "amount"]),
        "shifts": pd.DataFrame(
            shifts, columns=["agent_id", "starts_at", "ends_at", "activity", "is_paid", "is_productive"]
        ),
        "agents": pd.DataFrame(
            agents, columns=["agent_id", "staffing_group", "valid_from", "valid_to", "hourly_wage", "on_cost_rate"]
        ),
    }
    if hours:
        tables["hours"] = pd.DataFrame(hours, columns=["period", "staffing_group", "activity", "hours"])
    covered = cpc.Settings(complete_from=names[0], complete_through=names[-1])
    return cpc.Dataset.from_frames(**tables, currency="DKK", timezone="UTC", settings=covered)


def times(values: dict, factor: float) -> dict:
    return {key: type(value)(value * factor) for key, value in values.items()}


#: The one thing that changes from the first month to the second, and the effects that may name it.
CAUSES = {
    "wages": (lambda month: replace(month, wages=times(month.wages, 1.1)), {"payroll_rate"}),
    "platform": (lambda month: replace(month, platform=1.2 * month.platform), {"technology_spending"}),
    "breaks on the roster": (
        lambda month: replace(month, breaks={group: hours + 4 for group, hours in month.breaks.items()}),
        {"availability", *ROSTER},
    ),
    "paid breaks on top": (
        lambda month: replace(
            month,
            breaks={group: hours + 4 for group, hours in month.breaks.items()},
            hours={group: hours + 4 for group, hours in month.hours.items()},
        ),
        {"availability"},
    ),
    "call length": (
        lambda month: replace(month, seconds={**month.seconds, "voice": month.seconds["voice"] + 60}),
        {"handle_time", *ROSTER},
    ),
    "volume within capacity": (lambda month: replace(month, counts=times(month.counts, 2)), {*ROSTER, *VOLUME}),
    "volume beyond capacity": (lambda month: replace(month, counts=times(month.counts, 9)), {*ROSTER, *VOLUME}),
    "volume of one channel": (
        lambda month: replace(
            month, counts={pair: count * (1 + (pair[0] == "voice")) for pair, count in month.counts.items()}
        ),
        {"mix", *ROSTER, *VOLUME},
    ),
    "back office": (
        lambda month: replace(month, back_office={group: hours + 12 for group, hours in month.back_office.items()}),
        {"other_work", *ROSTER},
    ),
}  # fmt: skip


def check_single_causes(month: Month, by: list[str]) -> None:
    data = centre(month, *(change(month) for change, _ in CAUSES.values()))
    figures = cpc.measure(data, "cost_per_contact", by=["month"]).dropna()["cost_per_contact"].to_numpy()
    for place, (cause, (_, named)) in enumerate(CAUSES.items(), start=1):
        bridge = cpc.explain_change(data, before=BEFORE, after=names_of(place + 1)[-1], by=by)
        amounts = bridge.to_frame().groupby("effect")["amount"].sum()
        assert amounts.sum() == pytest.approx(figures[place] - figures[0], abs=1e-9 * figures.max())
        others = amounts[~amounts.index.isin(named) & (amounts.abs() > 1e-9 * figures.max())]
        assert others.empty, (cause, others.to_dict())


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(month=a_month(), by=st.sampled_from(CUTS))
def test_one_cause_is_named_and_nothing_else(month, by):
    check_single_causes(month, by)


@pytest.mark.slow
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(month=a_month(), by=st.sampled_from(CUTS))
def test_one_cause_is_named_in_many_centres(month, by):
    check_single_causes(month, by)


def one_office(counts: tuple[int, int]) -> pd.Series:
    """E-mails of an hour on eighty paid hours at a hundred: what did what, by channel."""
    months = [
        Month({("email", "early"): count}, {"email": 3600}, {"early": 80}, {"early": 0}, {"early": 100.0}, {"early": 0},
              platform=0.0)
        for count in counts
    ]  # fmt: skip
    bridge = cpc.explain_change(centre(*months), before=BEFORE, after="2024-02")
    return bridge.to_frame().groupby("effect")["amount"].sum()


def test_within_the_roster_more_work_is_less_waiting():
    """60, then 75 e-mails of an hour: 20 idle hours, then 5; at 125 an hour -33.33 a contact."""
    found = one_office((60, 75))
    assert found["waiting"] == pytest.approx(125 * (5 / 75 - 20 / 60))
    assert found.get("beyond_roster", 0.0) == pytest.approx(0.0, abs=1e-12)


def test_work_beyond_the_roster_has_a_name_of_its_own():
    """60, then 100 e-mails of an hour on 80: no waiting is left, and 20 hours are worked that nobody is paid for."""
    found = one_office((60, 100))
    assert found["waiting"] == pytest.approx(-125 * 20 / 60)
    assert found["beyond_roster"] == pytest.approx(-125 * 20 / 100)
    assert set(found.index) == {"waiting", "beyond_roster", "licences_volume"}


def test_the_raise_of_the_sample_is_one_of_all_groups(sample):
    """Every wage was raised by 3.5 percent in March 2024; on every channel an hour costs more, e-mail among them."""
    frame = cpc.explain_change(sample, before="2024-02", after="2024-03", by=["channel"]).to_frame()
    wages = frame[frame["effect"] == "payroll_rate"].set_index("channel")["amount"]
    assert (wages > 0).all() and "email" in wages
    found = [cpc.sensitivity(sample, by=["staffing_group"], where={"month": month}) for month in ("2024-02", "2024-03")]
    before, after = (rows[rows["step"] == "wage"].set_index("staffing_group")["level"] for rows in found)
    growth = (100 * (after / before - 1)).round(2).to_dict()
    assert growth == {"digital Malmö": 4.46, "digital Odense": 3.08, "evening Odense": 3.01, "voice Aarhus": 3.41}
    whole = [cpc.sensitivity(sample, where={"month": month}).set_index("step").loc["wage", "level"]
             for month in ("2024-02", "2024-03")]  # fmt: skip
    assert 100 * (whole[1] / whole[0] - 1) == pytest.approx(3.45, abs=0.005)
