"""Causes by cost, and what removing them is worth by the behaviour of the ledger's lines."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cpc_analysis as cpc
from cpc_analysis.errors import InvalidInputError, UnknownNameError
from tests.centres import AMOUNTS, contacts, costs, dataset, shift

PARTS = ["cash", "avoided", "released_capacity", "stays"]


def april(*rows: tuple[str, float], year: int = 2025) -> pd.DataFrame:
    """Contacts as (reason, handle time), the first and last days framed."""
    days = [1, *range(2, len(rows)), 30]
    return contacts([{"reason": reason, "handle_seconds": seconds, "started_at": f"{year}-04-{day:02d} 10:00"}
                     for (reason, seconds), day in zip(rows, days, strict=True)]).assign(
        contact_id=[f"{year}-{number}" for number in range(len(rows))])  # fmt: skip


def test_causes_stand_by_cost_and_add_up():
    """Late takes 300 of 400 seconds, invoice 100; nobody can carry the chat tool."""
    now = april(("late", 100.0), ("late", 200.0), ("invoice", 60.0), ("invoice", 40.0))
    before = april(("late", 100.0), ("invoice", 60.0), ("invoice", 60.0), ("other", 1.0), year=2024)
    ledger = pd.concat([
        costs(("salaries", 800.0)), costs(("salaries", 1.0), month="2024-04"),
        costs(("technology", 40.0), channel="chat").assign(line_id="tool"),
    ])  # fmt: skip
    frame = cpc.contact_causes(dataset(pd.concat([before, now]), ledger), period="2025-04")
    assert frame["reason"].tolist()[:2] == ["late", "invoice"] and pd.isna(frame["reason"].iloc[2])
    assert frame["cost"].tolist() == pytest.approx([600.0, 200.0, 40.0])
    assert frame["cumulative_share"].tolist() == pytest.approx([600 / 840, 800 / 840, 1.0])
    assert frame["growth"].tolist()[:2] == pytest.approx([1.0, 0.0])
    assert frame["cost_per_contact"].tolist()[:2] == pytest.approx([300.0, 100.0])


def centre(**tables: object) -> cpc.Dataset:
    """Late takes three quarters of the handling; lines of 80 variable, 40 step, 200 fixed, 16 that do not say."""
    lines = costs(("telecom", 80.0), ("outsourcing", 40.0), ("technology", 200.0), ("facilities", 16.0))
    lines["behaviour"] = ["variable", "step", "fixed", None]
    rows = april(("late", 100.0), ("late", 200.0), ("invoice", 60.0), ("invoice", 40.0))
    return dataset(rows, lines, **tables)


def test_worth_of_removal_follows_the_behaviour_of_the_lines():
    frame = cpc.value_of_removal(centre(), 0.5, period="2025-04").set_index("reason")
    # Telecom lies on contacts, two of four; the rest on handling, three quarters.
    assert frame.loc["late", ["contacts", *PARTS]].tolist() == pytest.approx([1, 20, 15, 81, 0])
    whole = cpc.value_of_removal(centre(), period="2025-04")
    assert whole[PARTS].to_numpy().sum() == pytest.approx(336.0)


def test_one_cause_alone():
    frame = cpc.value_of_removal(centre(), {"invoice": 1.0}, period="2025-04")
    assert frame["reason"].tolist() == ["invoice"]
    assert frame.loc[0, PARTS].tolist() == pytest.approx([40, 10, 54, 0])


def test_lines_of_one_type_and_two_behaviours_are_split_by_amount():
    lines = costs(("technology", 300.0), ("technology", 100.0))
    lines["behaviour"] = ["fixed", "variable"]
    frame = cpc.value_of_removal(dataset(april(("late", 10.0), ("late", 10.0)), lines), period="2025-04")
    assert frame.loc[0, PARTS].tolist() == pytest.approx([100, 0, 300, 0])


def test_waiting_stays():
    """Ten paid hours, one of them worked: nine tenths of the salaries are paid for being there."""
    rows = april(("late", 1800.0), ("late", 1800.0)).assign(agent_id="ann")
    lines = costs(("salaries", 1000.0)).assign(behaviour="variable")
    agents = pd.DataFrame({"agent_id": ["ann"], "staffing_group": ["g"]})
    shifts = pd.DataFrame([shift("ann", "2025-04-01 08:00", 5), shift("ann", "2025-04-30 08:00", 5)])
    frame = cpc.value_of_removal(dataset(rows, lines, agents=agents, shifts=shifts), period="2025-04")
    assert frame.loc[0, PARTS].tolist() == pytest.approx([100, 0, 0, 900])


@given(st.lists(st.tuples(st.sampled_from(["variable", "step", "fixed", None]), AMOUNTS,
                          st.sampled_from(["salaries", "technology", "telecom"]),
                          st.sampled_from([None, "voice"])), min_size=1, max_size=8))  # fmt: skip
def test_any_ledger_is_split_without_a_rest(lines):
    ledger = costs(*((cost_type, float(amount)) for _, amount, cost_type, _ in lines))
    ledger = ledger.assign(behaviour=[line[0] for line in lines], channel=[line[3] for line in lines])
    data = dataset(april(("late", 10.0), ("invoice", 30.0), ("invoice", 5.0)), ledger)
    removed = cpc.value_of_removal(data, period="2025-04")
    causes = cpc.contact_causes(data, period="2025-04")
    scale = max(1.0, sum(abs(float(line[1])) for line in lines))
    assert causes["cost"].sum() == pytest.approx(sum(float(line[1]) for line in lines), abs=1e-9 * scale)
    known = causes.dropna(subset=["reason"])["cost"].sum()
    assert removed[PARTS].to_numpy().sum() == pytest.approx(known, abs=1e-9 * scale)


def test_the_sample_ties_out(sample: cpc.Dataset):
    causes = cpc.contact_causes(sample, period="2025-06")
    assert causes["cost"].sum() == pytest.approx(636_025.96)
    assert causes["reason"].iloc[0] == "delivery late"
    removed = cpc.value_of_removal(sample, period="2025-06")
    on_causes = causes.loc[causes["reason"].isin(removed["reason"]), "cost"].sum()
    assert removed[PARTS].to_numpy().sum() == pytest.approx(on_causes)


def test_what_is_refused():
    data = centre()
    with pytest.raises(InvalidInputError) as caught:
        cpc.value_of_removal(data, 30)
    assert str(caught.value) == "The share that goes must be from 0 to 1, such as 0.3, got 30."
    with pytest.raises(UnknownNameError) as unknown:
        cpc.value_of_removal(data, {"lat": 0.3})
    assert str(unknown.value) == "There is no reason 'lat'. Did you mean 'late'?"
    with pytest.raises(UnknownNameError, match="There is no column of contacts 'month'"):
        cpc.contact_causes(data, by="month")
