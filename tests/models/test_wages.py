"""What a raise cost and what else moved the average wage, from the identity."""

from __future__ import annotations

import pandas as pd
import pytest

import cpc_analysis as cpc
from cpc_analysis.errors import InvalidInputError, UnknownNameError
from cpc_analysis.models.wages import WAGE_EFFECTS
from tests.centres import contacts, costs, dataset, shift


def centre(march: dict[str, tuple[float, int]], april: dict[str, tuple[float, int]], **tables: object) -> cpc.Dataset:
    """Agents by month: wage and days of 10 paid hours; on-costs of a quarter."""
    agents, shifts = [], []
    for month, people, end in (("2025-03", march, "2025-03-31"), ("2025-04", april, None)):
        for name, (wage, days) in people.items():
            agents.append({"agent_id": name, "valid_from": f"{month}-01", "valid_to": end, "staffing_group": "g",
                           "hourly_wage": wage, "on_cost_rate": 0.25})  # fmt: skip
            shifts += [shift(name, f"{month}-{day:02d} 08:00", 10) for day in range(1, days + 1)]
    calls = contacts([{"started_at": f"2025-{month}-{day} 10:00", "agent_id": "ann"} for month in ("03", "04")
                      for day in ("01", "28")])  # fmt: skip
    ledger = pd.concat([costs(("salaries", 9000), month="2025-03"), costs(("salaries", 9000), month="2025-04")])
    return dataset(calls, ledger, agents=pd.DataFrame(agents), shifts=pd.DataFrame(shifts), **tables)


def effect(data: cpc.Dataset) -> pd.Series:
    return cpc.wage_effect(data, since="2025-03").iloc[0]


def test_a_raise_of_five_percent():
    people = {"ann": (100.0, 2), "bob": (140.0, 2), "cid": (120.0, 2)}
    row = effect(centre(people, {name: (wage * 1.05, days) for name, (wage, days) in people.items()}))
    assert (row["general_raise"], row["change"]) == pytest.approx((6.0, 6.0))
    assert row["raise_cost"] == pytest.approx(6.0 * 60 * 1.25)
    assert [row[name] for name in WAGE_EFFECTS[1:]] == pytest.approx([0.0, 0.0, 0.0], abs=1e-12)


def test_a_step_of_seniority_is_no_general_raise():
    people = {"ann": (100.0, 2), "bob": (100.0, 2), "cid": (100.0, 2)}
    row = effect(centre(people, {**people, "cid": (106.0, 2)}))
    assert row["general_raise"] == 0 and row["raise_cost"] == 0
    assert row["seniority"] == pytest.approx(2.0)


def test_who_leaves_and_who_comes_is_turnover():
    """Three at 100, and one at 140 who is followed by one at 100: the average falls from 110 to 100."""
    people = {"ann": (100.0, 2), "bob": (100.0, 2), "cid": (100.0, 2)}
    row = effect(centre({**people, "dan": (140.0, 2)}, {**people, "eve": (100.0, 2)}))
    assert row["change"] == pytest.approx(-10.0)
    assert row["turnover"] == pytest.approx(-0.25 * (140 - 105) + 0.25 * (100 - 105))
    assert row["turnover"] + row["hours"] == pytest.approx(-10.0) and row["seniority"] == pytest.approx(0.0)


def test_who_works_more_is_hours():
    row = effect(centre({"ann": (100.0, 2), "bob": (140.0, 2)}, {"ann": (100.0, 1), "bob": (140.0, 3)}))
    assert (row["hours"], row["change"]) == pytest.approx((10.0, 10.0))


def test_overtime_in_the_ledger_is_a_premium_and_no_raise():
    people = {"ann": (100.0, 2), "bob": (140.0, 2)}
    data = centre(people, people)
    overtime = costs(("salaries", 800), month="2025-04").assign(line_id="overtime", account="5110")
    tables = {name: data.frame(name) for name in ("agents",)}
    again = dataset(
        contacts([{"started_at": f"2025-{month}-{day} 10:00", "agent_id": "ann"} for month in ("03", "04")
                  for day in ("01", "28")]),
        pd.concat([costs(("salaries", 9000), month="2025-03"), costs(("salaries", 9000), month="2025-04"), overtime]),
        agents=tables["agents"], shifts=data.tables["shifts"], costing=cpc.Costing(premium_accounts=("5110",)),
    )  # fmt: skip
    row = effect(again)
    assert row["change"] == row["raise_cost"] == 0
    assert (row["premium_cost"], row["premium_per_hour"]) == pytest.approx((800.0, 20.0))
    assert pd.isna(effect(data)["premium_cost"])


def shift_a_month(names: dict[str, tuple[str, ...]]) -> pd.DataFrame:
    """A shift of 10 hours in each of some months of 2025, by agent."""
    return pd.DataFrame([shift(name, f"2025-{month}-07 08:00", 10) for name, months in names.items()
                         for month in months])  # fmt: skip


def calls_of(*names: str) -> pd.DataFrame:
    """A call of each agent on two days of February to May."""
    return contacts([{"started_at": f"2025-{month}-{day} 10:00", "agent_id": name} for name in names
                     for month in ("02", "03", "04", "05") for day in ("01", "28")])  # fmt: skip


def ledger_of_four_months() -> pd.DataFrame:
    return pd.concat([costs(("salaries", 900), month=f"2025-{month}") for month in ("02", "03", "04", "05")])


def test_a_group_that_was_not_there_has_no_raise():
    """The group begins in April at 100 and is paid 150 in May: there is no wage of February to compare with."""
    agents = pd.DataFrame([
        {"agent_id": "ann", "valid_from": None, "valid_to": None, "staffing_group": "old", "hourly_wage": 100.0},
        {"agent_id": "bob", "valid_from": None, "valid_to": "2025-04-30", "staffing_group": "new",
         "hourly_wage": 100.0},
        {"agent_id": "bob", "valid_from": "2025-05-01", "valid_to": None, "staffing_group": "new",
         "hourly_wage": 150.0},
    ])  # fmt: skip
    shifts = shift_a_month({"ann": ("02", "03", "04", "05"), "bob": ("04", "05")})
    data = dataset(calls_of("ann", "bob"), ledger_of_four_months(), agents=agents, shifts=shifts)
    frame = cpc.wage_effect(data, since="2025-02")
    new = frame[frame["staffing_group"] == "new"]
    assert new["average_wage"].tolist() == [100.0, 150.0] and new["paid_hours"].tolist() == [10.0, 10.0]
    assert new[["change", *WAGE_EFFECTS, "raise_cost"]].isna().all(axis=None)
    assert frame.loc[frame["staffing_group"] == "old", "change"].tolist() == [0.0, 0.0, 0.0]
    since_april = cpc.wage_effect(data, since="2025-04").set_index("staffing_group")
    assert since_april.loc["new", ["change", "raise_cost"]].tolist() == pytest.approx([50.0, 500.0])


def test_premiums_tie_to_the_ledger_by_any_group(sample):
    booked = sample.frame("costs")
    booked = booked[booked["account"].isin(sample.costing.premium_accounts)]
    ledger = booked.groupby(booked["posted_on"].dt.strftime("%Y-%m"))["amount"].sum()["2024-12"] / 100
    assert ledger == pytest.approx(52_859.92)
    for by in ("staffing_group", "site", "team"):
        frame = cpc.wage_effect(sample, since="2024-11", until="2024-12", by=by)
        assert frame["premium_cost"].sum() == pytest.approx(ledger) and frame["paid_hours"].notna().all()


def test_premiums_go_with_who_worked_and_other_work_with_paid_hours():
    """A worked hour each: Ann's, of team A, on a contact of team B, and ten of their group's other work."""
    agents = pd.DataFrame({"agent_id": ["ann", "bob"], "staffing_group": ["g", "g"], "team": ["A", "B"],
                           "hourly_wage": [100.0, 100.0]})  # fmt: skip
    calls = calls_of("ann").assign(team="B", handle_seconds=1800.0)
    shifts = shift_a_month({"ann": ("02", "03"), "bob": ("02", "03")})
    hours = pd.DataFrame({"period": ["2025-03"], "staffing_group": ["g"], "activity": ["back_office"], "hours": [3.0]})
    premium = costs(("salaries", 80), month="2025-03").assign(line_id="overtime", account="5110")
    data = dataset(calls, pd.concat([ledger_of_four_months(), premium]), agents=agents, shifts=shifts, hours=hours,
                   costing=cpc.Costing(premium_accounts=("5110",)))  # fmt: skip
    by_team = cpc.wage_effect(data, since="2025-02", by="team").set_index("team")["premium_cost"]
    assert by_team.to_dict() == pytest.approx({"A": 80 / 4 + 60 / 2, "B": 60 / 2})


def test_premiums_that_nobody_s_work_carries_have_a_row():
    """Bob is paid in a group without any work: his half of the overtime lies on nobody."""
    agents = pd.DataFrame({"agent_id": ["ann", "bob"], "staffing_group": ["g", "idle"], "hourly_wage": [100.0, 100.0]})
    shifts = shift_a_month({"ann": ("02", "03"), "bob": ("02", "03")})
    premium = costs(("salaries", 80), month="2025-03").assign(line_id="overtime", account="5110")
    data = dataset(calls_of("ann"), pd.concat([ledger_of_four_months(), premium]), agents=agents, shifts=shifts,
                   costing=cpc.Costing(premium_accounts=("5110",)))  # fmt: skip
    frame = cpc.wage_effect(data, since="2025-02")
    assert frame["premium_cost"].tolist() == pytest.approx([40.0, 0.0, 40.0])
    assert frame["staffing_group"].tolist()[:2] == ["g", "idle"] and pd.isna(frame["staffing_group"].iloc[2])
    assert pd.isna(frame["paid_hours"].iloc[2])


def test_the_sample_s_raise_is_found_in_every_group(sample):
    frame = cpc.wage_effect(sample, since="2024-02", until="2024-03")
    before = frame["average_wage"] - frame["change"]
    assert list(frame["general_raise"] / before) == pytest.approx([0.035] * 4, rel=0.01)
    later = cpc.wage_effect(sample, since="2024-02")
    assert (later[list(WAGE_EFFECTS)].sum(axis=1) - later["change"]).abs().max() < 1e-9
    assert later["general_raise"].groupby(later["staffing_group"]).nunique().max() == 1
    wages = later["average_wage"] - later["change"]
    assert wages.groupby(later["staffing_group"]).agg(lambda found: found.max() - found.min()).max() < 1e-9


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"since": "2019-01"}, "`since` must be a month with payroll, 2023-01 to 2025-06, got '2019-01'."),
        ({"since": "2025-Q1"}, "`since` must be a month with payroll, 2023-01 to 2025-06, got '2025-Q1'."),
        ({"since": "2025-03", "until": "2025-02"}, "`until` must be later than `since`, got 2025-02 and 2025-03."),
    ],
)
def test_bad_months(sample, arguments, said):
    with pytest.raises(InvalidInputError) as caught:
        cpc.wage_effect(sample, **arguments)
    assert str(caught.value) == said


def test_bad_groups_and_no_payroll(sample):
    with pytest.raises(UnknownNameError, match="There is no group of wages 'channel'"):
        cpc.wage_effect(sample, since="2025-01", by="channel")
    with pytest.raises(InvalidInputError) as caught:
        cpc.wage_effect(dataset(contacts([{}]), costs(("salaries", 1))), since="2025-04")
    assert str(caught.value) == (
        "`wage_effect` needs `shifts` and `agents.hourly_wage`, the hours that people are paid for and at what wage; "
        "the dataset has not both."
    )
