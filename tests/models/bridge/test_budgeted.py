"""A budget is the yardstick: volume and mix lead to the flexed budget, spending to what was spent, hours beneath it."""

from __future__ import annotations

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

import cpc_analysis as cpc
from cpc_analysis.glossary import describe
from cpc_analysis.language import speaking
from cpc_analysis.models.bridge.budgeted import BudgetedBreakdown, break_down_budget
from cpc_analysis.models.bridge.comparing import comparison_of
from cpc_analysis.models.bridge.variances import budget_variances, hours_variances
from tests.centres import contacts, costs, dataset, shift

APRIL = {"month": "2025-04"}


def plan(*lines: tuple, columns: str = "cost_type channel amount contact_count behaviour paid_hours") -> pd.DataFrame:
    names = columns.split()
    rows = [dict(zip(names, line, strict=False)) for line in lines]
    return pd.DataFrame(rows, columns=names).assign(period="2025-04")


def centre(budget: pd.DataFrame, came: dict[str, int], ledger: pd.DataFrame, **more: object) -> cpc.Dataset:
    """Contacts of April by channel, a row for each."""
    rows = [
        {"channel": name, "contact_count": count, "covers": "month", "handle_seconds": 60.0 * count,
         "started_at": "2025-04-01 10:00"}
        for name, count in came.items()
    ]  # fmt: skip
    stated = more.pop("settings", cpc.Settings(complete_from="2025-04-01", complete_through="2025-04-30"))
    return dataset(contacts(rows), ledger, budget=budget, settings=stated, **more)


def bridge_of(data: cpc.Dataset, by: tuple[str, ...] = ("channel",)) -> cpc.Bridge:
    return cpc.explain_change(data, before="budget", after="2025-04", by=by)


def test_a_cost_that_is_fixed_in_part():
    """100 calls planned with 1,000 of labour, three quarters of it fixed; 80 came and 900 was spent."""
    budget = plan(("salaries", "voice", 750.0, 100, "fixed"), ("salaries", "voice", 250.0, 100, "variable"))
    bridge = bridge_of(centre(budget, {"voice": 80}, costs(("salaries", 900.0))))
    assert (bridge.before, bridge.after) == (10.0, 11.25)
    assert bridge.totals.set_index("effect")["amount"].to_dict() == pytest.approx(
        {"mix": 0.0, "labour_volume": 750 / 80 - 750 / 100, "labour_spending": (900 - 750 - 250 * 0.8) / 80,
         "volume": 750 / 80 - 750 / 100}
    )  # fmt: skip


def test_variable_cost_of_a_dearer_channel_is_mix():
    """50 calls at 10 and 50 chats at 2 were planned; 60 calls and 20 chats came, at these prices."""
    budget = plan(("telecom", "voice", 500.0, 50, "variable"), ("telecom", "chat", 100.0, 50, "variable"))
    ledger = costs(("telecom", 600.0), ("telecom", 40.0)).assign(channel=["voice", "chat"])
    bridge = bridge_of(centre(budget, {"voice": 60, "chat": 20}, ledger))
    assert bridge.total == pytest.approx(8.0 - 6.0)
    assert bridge.to_frame().set_index(["effect", "channel"])["amount"].to_dict() == pytest.approx(
        {("mix", "voice"): 600 / 80 - 5.0, ("mix", "chat"): 40 / 80 - 1.0}
    )


LINE = st.tuples(
    st.sampled_from(["salaries", "on_costs", "telecom", "technology"]), st.sampled_from(["voice", "chat", None]),
    st.integers(1, 50_000), st.sampled_from(["fixed", "step", "variable", None]),
)  # fmt: skip


@settings(max_examples=8)
@given(
    lines=st.lists(LINE, min_size=1, max_size=7, unique_by=lambda line: (line[0], line[1], line[3])),
    spent=st.lists(LINE, min_size=1, max_size=5),
    counts=st.tuples(*[st.integers(1, 90)] * 4),
    share=st.sampled_from([0.0, 0.3, 1.0]),
)
def test_bridge_and_flexed_budget_agree_line_by_line(lines, spent, counts, share):
    budget = plan(*((*line[:3], None, line[3]) for line in lines),
                  (None, "voice", None, counts[0]), (None, "chat", None, counts[1]))  # fmt: skip
    ledger = pd.DataFrame(spent, columns=["cost_type", "channel", "amount", "behaviour"])
    ledger = ledger.assign(account="4000", posted_on="2025-04-28", line_id=[f"l{n}" for n in range(len(ledger))])
    stated = cpc.Settings(complete_from="2025-04-01", complete_through="2025-04-30", budget_variable={"labour": share})
    came = {"voice": counts[2], "chat": counts[3]}
    data = centre(budget, came, ledger, settings=stated)
    whole, flexed = cpc.flexed_budget(data, APRIL).iloc[0], cpc.flexed_lines(data, APRIL)
    planned, contacts_now = counts[0] + counts[1], counts[2] + counts[3]
    kinds = flexed["cost_type"].replace({"salaries": "labour", "on_costs": "labour"})
    for by in ((), ("channel",)):
        bridge = bridge_of(data, by)
        effects = bridge.to_frame().groupby("effect")["amount"].sum()
        assert effects.sum() == pytest.approx(bridge.total, abs=1e-6)
        spending = effects[effects.index.str.endswith("_spending")]
        before_spending = effects.drop(spending.index).sum()
        assert before_spending == pytest.approx(whole["cost_per_contact"] - bridge.before, abs=1e-6)
        allowed = flexed.groupby(kinds)["flexed"].sum()
        actual = ledger.groupby(ledger["cost_type"].replace({"salaries": "labour", "on_costs": "labour"}))[
            "amount"
        ].sum()
        expected = actual.sub(allowed, fill_value=0.0) / contacts_now
        for kind, amount in expected.items():
            assert spending.get(f"{kind}_spending", 0.0) == pytest.approx(amount, abs=1e-6)
    if all(line[1] for line in lines):
        by_channel = bridge.to_frame()
        moved = by_channel[~by_channel["effect"].str.endswith("_spending")].groupby("channel")["amount"].sum()
        sums = flexed.groupby("channel")[["budget", "flexed"]].sum()
        for channel, row in sums.iterrows():
            step = row["flexed"] / contacts_now - row["budget"] / planned
            assert moved.get(channel, 0.0) == pytest.approx(step, abs=1e-6)


FINITE = st.floats(-1e6, 1e6)


@given(FINITE, FINITE, FINITE, FINITE, st.floats(1, 1e6), st.floats(1, 1e6))
def test_variances_are_the_whole_change(standing, moving, moved, actual, planned, came):
    arrays = [np.array([value]) for value in (standing, moving, moved, actual)]
    found = budget_variances(*arrays, planned, came)
    change = actual / came - (standing + moving) / planned
    assert (found.volume + found.mix + found.spending)[0] == pytest.approx(change, abs=1e-6)


@given(FINITE, st.floats(1, 1e5), FINITE, st.floats(0, 1e5), FINITE)
def test_hours_wages_and_premiums_are_the_whole_spending(budgeted, planned, cost, hours, premiums):
    found = hours_variances(budgeted, planned, cost, hours, premiums)
    scale = 1 + abs(found.hours) + abs(budgeted) + abs(cost) + abs(premiums)
    assert abs(found.hours + found.wages + found.premiums - (cost - budgeted)) <= 1e-9 * scale


def labour(budget: pd.DataFrame, premiums: float = 0.0, **more: object) -> cpc.Dataset:
    """80 calls, 9 paid hours, 1,020 of labour, some of it premiums."""
    shifts = pd.DataFrame([shift("ann", "2025-04-07 08:00", 5), shift("ann", "2025-04-08 08:00", 4)])
    ledger = costs(("salaries", 820.0 - premiums), ("on_costs", 200.0), ("salaries", premiums or 1e-9))
    ledger["account"] = ["5010", "5310", "5110"]
    costing = cpc.Costing(premium_accounts=("5110",) if premiums else ())
    return centre(budget, {"voice": 80}, ledger.iloc[: 2 + bool(premiums)], shifts=shifts, costing=costing, **more)


def parts_of(bridge: cpc.Bridge) -> pd.DataFrame:
    return bridge.labour.set_index("figure")


WAGES = ("salaries", "voice", 800.0, 100, None, 10.0)
ON_COSTS = ("on_costs", "voice", 200.0, None, None, 10.0)


def test_spending_on_labour_is_hours_and_the_cost_of_an_hour():
    """Planned 10 hours at 100, paid 9 at 113.33: 100 less by hours, 120 more by their cost. Both lines pay one hour."""
    bridge = bridge_of(labour(plan(WAGES, ON_COSTS)))
    found = parts_of(bridge)
    assert found["variance"].to_dict() == pytest.approx(
        {"labour_cost": 20.0, "paid_hours": -100.0, "cost_per_paid_hour": 120.0}
    )
    assert found.loc["cost_per_paid_hour", ["budget", "actual"]].tolist() == pytest.approx([100.0, 1020 / 9])
    spending = bridge.totals.set_index("effect")["amount"]["labour_spending"]
    assert found["per_contact"]["labour_cost"] == pytest.approx(spending) == 0.25
    assert (
        "Labour was 1,020 DKK against 1,000 DKK in the budget, +20 DKK (+0.25 DKK a contact): -100 DKK by hours "
        "(9 paid, 10 planned) and +120 DKK by the cost of an hour (113.33 DKK against 100.00 DKK)."
    ) in bridge.summary()
    with speaking("da"):
        assert (
            "Lønnen blev 1.020\xa0kr. mod 1.000\xa0kr. i budgettet, +20\xa0kr. (+0,25\xa0kr. pr. henvendelse): "
            "-100\xa0kr. fra timerne (9 betalt, 10 planlagt) og +120\xa0kr. fra timens pris (113,33\xa0kr. mod "
            "100,00\xa0kr.)."
        ) in bridge.summary()


def test_hours_of_the_month_are_those_of_its_labour():
    whole = parts_of(bridge_of(labour(plan(WAGES[:5], ON_COSTS[:5], (None, None, None, None, None, 10.0)))))
    by_channel = parts_of(bridge_of(labour(plan(WAGES[:5], ON_COSTS[:5], ("tax", "voice", 1e-9, None, None, 10.0)))))
    for found in (whole, by_channel):
        assert found["variance"].to_dict() == pytest.approx(
            {"labour_cost": 20.0, "paid_hours": -100.0, "cost_per_paid_hour": 120.0}
        )


def test_hours_are_flexed_as_their_lines_are():
    """4 hours stand still, 6 follow the calls, of which 8 for 10 came: 8.8 hours at 920 / 8.8 are allowed."""
    lines = plan(("salaries", "voice", 500.0, 100, "fixed", 4.0), ("salaries", "voice", 500.0, None, "variable", 6.0),
                 ("on_costs", "voice", 20.0, None, None, None))  # fmt: skip
    bridge = bridge_of(labour(lines))
    found = parts_of(bridge)
    assert found.loc["paid_hours", ["budget", "flexed_budget", "actual"]].tolist() == pytest.approx([10.0, 8.8, 9.0])
    assert found["variance"]["paid_hours"] == pytest.approx(0.2 * 920 / 8.8)
    assert found["variance"].iloc[1:3].sum() == pytest.approx(found["variance"]["labour_cost"]) == 100.0
    assert "in the flexed budget, +100 DKK" in bridge.summary() and "(9 paid, 9 allowed)" in bridge.summary()


def test_premiums_are_apart_where_the_budget_holds_none():
    """50 of the 1,020 are premiums: in the cost of an hour, unless the project says that the budget has none."""
    bridge = bridge_of(labour(plan(WAGES, ON_COSTS), premiums=50.0))
    assert parts_of(bridge)["variance"].drop("premiums").to_dict() == pytest.approx(
        {"labour_cost": 20.0, "paid_hours": -100.0, "cost_per_paid_hour": 120.0}
    )
    assert np.isnan(parts_of(bridge)["variance"]["premiums"]) and "Of it 50 DKK are premiums." in bridge.summary()
    none = cpc.Settings(complete_from="2025-04-01", complete_through="2025-04-30", budget_premiums=False)
    bridge = bridge_of(labour(plan(WAGES, ON_COSTS), premiums=50.0, settings=none))
    assert parts_of(bridge)["variance"].to_dict() == pytest.approx(
        {"labour_cost": 20.0, "paid_hours": -100.0, "cost_per_paid_hour": 70.0, "premiums": 50.0}
    )
    assert "Premiums, of which the budget holds none, are the other +50 DKK." in bridge.summary()


@pytest.mark.parametrize(
    ("lines", "rest"),
    [
        ((WAGES[:5], ON_COSTS[:5]), "The budget states no paid hours: hours and wages cannot be told apart."),
        ((WAGES, ("salaries", None, 5.0), ON_COSTS[:5]),
         "The budget states paid hours for a part of its labour only: hours and wages cannot be told apart."),
    ],
)  # fmt: skip
def test_without_budgeted_hours_spending_on_labour_is_one_line(lines, rest):
    bridge = bridge_of(labour(plan(*lines), premiums=50.0), by=())
    found = parts_of(bridge)
    assert found["variance"].drop("labour_cost").isna().all() and found["budget"].drop("labour_cost").isna().all()
    assert found["actual"].to_dict() == pytest.approx(
        {"labour_cost": 1020.0, "paid_hours": 9.0, "cost_per_paid_hour": 1020 / 9, "premiums": 50.0}
    )
    assert f"9 hours were paid at 113.33 DKK on average. Of it 50 DKK are premiums. {rest}" in bridge.summary()


def test_hours_that_nobody_recorded():
    bridge = bridge_of(centre(plan(WAGES, ON_COSTS), {"voice": 80}, costs(("salaries", 1020.0))))
    assert parts_of(bridge)["variance"].drop("labour_cost").isna().all()
    assert "Paid hours are not known without shifts: beneath that nothing is known." in bridge.summary()


def test_hours_are_not_paid_by_channel():
    bridge = cpc.explain_change(labour(plan(WAGES, ON_COSTS)), before="budget", after="2025-04",
                                where={"channel": "voice"})  # fmt: skip
    assert parts_of(bridge)["variance"].drop("labour_cost").isna().all()
    assert "Hours are paid by people, not by channel: beneath that nothing is known." in bridge.summary()


def test_a_budget_without_cost_types_knows_no_labour():
    bridge = bridge_of(labour(plan((None, "voice", 1000.0, 100))))
    assert bridge.labour is None
    assert bridge.totals.set_index("effect")["amount"].to_dict() == pytest.approx(
        {"mix": 0.0, "cost_volume": 2.5, "cost_spending": 0.25, "volume": 2.5}
    )


def test_a_bridge_of_two_periods_has_no_budgeted_labour(sample):
    assert cpc.explain_change(sample, before="2025-05", after="2025-06", by=[]).labour is None


def test_labour_that_was_budgeted_and_not_spent():
    bridge = bridge_of(centre(plan(WAGES[:5]), {"voice": 80}, costs(("telecom", 8.0))))
    assert bridge.totals.set_index("effect")["amount"].to_dict() == pytest.approx(
        {"mix": 0.0, "labour_volume": 2.0, "labour_spending": -10.0, "telecom_volume": 0.0, "telecom_spending": 0.1,
         "volume": 2.0}
    )  # fmt: skip
    assert parts_of(bridge)["actual"]["labour_cost"] == 0.0


def test_the_budget_s_bridge_is_judged_by_the_months_before(sample):
    """Spending on outsourcing: April's forgotten invoice is out of the ordinary, as it is from month to month."""
    bridge = cpc.explain_change(sample, before="budget", after="2025-04", by=[])
    assert bridge.totals.set_index("effect")["verdict"]["outsourcing_spending"] == "out of the ordinary"


def test_a_quarter_with_a_month_without_budget_is_no_history(sample):
    """From 2023-05 on there is a budget: eight quarters up to Q2 2025 have one whole."""
    compared = comparison_of("budget", "2025-Q2", {})
    found = break_down_budget(sample, describe("cost_per_contact"), (), compared)
    late = BudgetedBreakdown(**vars(found) | {"planned": found.planned[found.planned["month"] >= "2023-05-01"]})
    values = []
    while compared.after_period.start.year >= 2023:
        values.append(late.value(late.budget(compared)))
        compared = compared.earlier()
    assert np.isfinite(values).tolist() == [True] * 8 + [False] * 2
