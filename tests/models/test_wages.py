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
