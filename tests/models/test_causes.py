"""Causes by cost, and what removing them is worth."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cpc_analysis as cpc
from cpc_analysis import models
from cpc_analysis.errors import InvalidInputError, UnknownNameError
from cpc_analysis.language import in_language
from cpc_analysis.schema import LABOUR_TYPES
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
    assert frame.loc["late", ["contacts", *PARTS]].tolist() == pytest.approx([1, 20, 15, 0, 81])
    whole = cpc.value_of_removal(centre(), period="2025-04")
    assert whole[PARTS].to_numpy().sum() == pytest.approx(336.0)


def test_one_cause_alone():
    frame = cpc.value_of_removal(centre(), {"invoice": 1.0}, period="2025-04")
    assert frame["reason"].tolist() == ["invoice"]
    assert frame.loc[0, PARTS].tolist() == pytest.approx([40, 10, 0, 54])


def test_lines_of_one_type_and_two_behaviours_are_split_by_amount():
    lines = costs(("technology", 300.0), ("technology", 100.0))
    lines["behaviour"] = ["fixed", "variable"]
    frame = cpc.value_of_removal(dataset(april(("late", 10.0), ("late", 10.0)), lines), period="2025-04")
    assert frame.loc[0, PARTS].tolist() == pytest.approx([100, 0, 0, 300])


def licences(accounts: tuple[str, ...] = ("6340",), **tables: object) -> cpc.Dataset:
    """A fixed invoice of 1,200 in March for a year from then, and 100 of variable licences in each of two months."""
    monthly = [costs(("licences", 100.0), month=month, behaviour="variable") for month in ("2025-03", "2025-04")]
    invoice = costs(("licences", 1200.0), month="2025-03", behaviour="fixed").assign(
        line_id="year", account="6340", service_from="2025-03-01", service_to="2026-02-28")  # fmt: skip
    rows = contacts([{"reason": "late", "started_at": f"2025-{month}-{day} 10:00"} for month in ("03", "04")
                     for day in ("01", "30")])  # fmt: skip
    ledger = pd.concat([*monthly, invoice])
    return dataset(rows, ledger, costing=cpc.Costing(spread_accounts=accounts), **tables)


@pytest.mark.parametrize(("month", "days"), [("2025-03", 31), ("2025-04", 30)])
def test_what_is_spread_keeps_the_behaviour_of_its_line(month, days):
    """The slice of a fixed invoice is fixed in every month of its service, and variable lines stay cash."""
    frame = cpc.value_of_removal(licences(), period=month)
    assert frame.loc[0, PARTS].tolist() == pytest.approx([100.0, 0.0, 0.0, 1200 * days / 365], abs=0.01)


def test_lines_that_cancel_keep_what_becomes_of_them():
    """Variable 100 and a fixed credit of 100 net to nothing; what leaves the ledger is still 100 in cash."""
    lines = costs(("technology", 100.0), ("technology", -100.0))
    lines["behaviour"] = ["variable", "fixed"]
    frame = cpc.value_of_removal(dataset(april(("late", 10.0), ("late", 10.0)), lines), period="2025-04")
    assert frame.loc[0, PARTS].tolist() == pytest.approx([100, 0, 0, -100])


def test_waiting_stays():
    """Ten paid hours, one of them worked: nine tenths of the salaries are paid for being there."""
    rows = april(("late", 1800.0), ("late", 1800.0)).assign(agent_id="ann")
    lines = costs(("salaries", 1000.0)).assign(behaviour="variable")
    agents = pd.DataFrame({"agent_id": ["ann"], "staffing_group": ["g"]})
    shifts = pd.DataFrame([shift("ann", "2025-04-01 08:00", 5), shift("ann", "2025-04-30 08:00", 5)])
    frame = cpc.value_of_removal(dataset(rows, lines, agents=agents, shifts=shifts), period="2025-04")
    assert frame.loc[0, PARTS].tolist() == pytest.approx([0, 0, 100, 900])


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


def test_no_wage_of_the_sample_is_cash(sample: cpc.Dataset):
    """Its labour of June is 408,650 for 1,833.5 paid hours: what is released are hours at that rate, 222.88 each."""
    removed = cpc.value_of_removal(sample, period="2025-06").sum(numeric_only=True)
    ledger = sample.frame("costs")
    june = ledger[(ledger["period"] == "2025-06-01") & ~ledger["cost_type"].isin(LABOUR_TYPES)]
    variable, step = (june.loc[june["behaviour"] == name, "amount"].sum() / 100 for name in ("variable", "step"))
    # Other work has its part of either.
    assert removed["cash"] < variable and removed["avoided"] < step
    assert removed["released_capacity"] / removed["released_hours"] == pytest.approx(408_650 / 1833.5, rel=1e-2)


def test_a_partial_removal_names_its_share():
    removed = cpc.value_of_removal(centre(), 0.125, period="2025-04")
    assert removed.attrs["share"] == 0.125
    assert removed.attrs["title"] == "What removing 12.5% of each cause is worth: April 2025"
    assert removed.attrs["definition"].startswith(
        "Worth of 12.5% of each cause in April 2025. Labour on a roster is released capacity, paid time set free; "
        "variable cost and what is bought by the piece are cash; step cost is avoided later; other cost stays, and so "
        "does waiting. Costs go to work of every direction and outcome - "
    )
    table = models.removal_table(removed)
    assert table.columns.name == "12.5% of each cause" and list(table.index) == ["late", "invoice", "all"]
    assert table.attrs["title"] == removed.attrs["title"]
    assert in_language(removed.attrs["title"], "da") == (
        "Hvad det er værd at fjerne 12,5\xa0% af hver årsag: april 2025"
    )


def test_shares_that_differ_stand_at_their_causes():
    removed = cpc.value_of_removal(centre(), {"late": 0.3, "invoice": 1.0}, period="2025-04")
    assert removed.attrs["title"] == "What removing 30% of late, 100% of invoice is worth: April 2025"
    table = models.removal_table(removed)
    assert list(table.index) == ["invoice, 100%", "late, 30%", "all"] and table.columns.name is None


def test_what_is_refused():
    data = centre()
    with pytest.raises(InvalidInputError) as caught:
        cpc.value_of_removal(data, 30)
    assert str(caught.value) == "The share that goes must be from 0 to 1, such as 0.3, got 30."
    for share, found in (("0.3", "the text '0.3'"), (None, "a NoneType"), ({"late": [0.3]}, "a list")):
        with pytest.raises(InvalidInputError) as no_number:
            cpc.value_of_removal(data, share)  # type: ignore[arg-type]
        assert str(no_number.value) == (
            f"The share that goes must be from 0 to 1, such as 0.3, got {found}: give a number."
        )
    with pytest.raises(UnknownNameError) as unknown:
        cpc.value_of_removal(data, {"lat": 0.3})
    assert str(unknown.value) == "There is no reason 'lat'. Did you mean 'late'?"
    with pytest.raises(UnknownNameError, match="There is no column of contacts 'month'"):
        cpc.contact_causes(data, by="month")


@pytest.mark.parametrize("ask", [cpc.contact_causes, cpc.value_of_removal])
@pytest.mark.parametrize("period", ["2031-01", "2025-03"])
def test_a_period_without_contacts_is_refused(ask, period):
    with pytest.raises(InvalidInputError) as caught:
        ask(centre(), period=period)
    assert str(caught.value) == (f"`period` must lie in the contact log, 2025-04-01 to 2025-04-30, got '{period}'.")


@pytest.mark.parametrize("ask", [cpc.contact_causes, cpc.value_of_removal])
def test_without_costs_there_is_nothing_to_say(ask):
    rows = april(("late", 10.0), ("late", 10.0))
    data = cpc.Dataset.from_frames(contacts=rows, currency="DKK", timezone="Europe/Copenhagen")
    with pytest.raises(InvalidInputError, match="A figure in money needs `costs`"):
        ask(data, period="2025-04")


def test_a_month_beyond_the_ledger_has_costs_that_are_not_known():
    days = [{"reason": "late", "started_at": f"2025-{month}-{day} 10:00"} for month in ("04", "05")
            for day in ("01", "30")]  # fmt: skip
    data = dataset(contacts(days), costs(("technology", 100.0)))
    causes, removed = cpc.contact_causes(data, period="2025-05"), cpc.value_of_removal(data, period="2025-05")
    assert causes["contacts"].tolist() == removed["contacts"].tolist() == [2.0]
    assert causes["cost"].isna().all() and removed[PARTS].isna().all(axis=None) and not causes["complete"].any()


def daily(first: str, last: str, stated: str | None = None) -> cpc.Dataset:
    """A contact a day about lateness, and costs of every month that they touch; where stated the log is whole from."""
    days = pd.date_range(first, last)
    ledger = [costs(("salaries", 10.0), month=str(month)) for month in days.to_period("M").unique()]
    rows = contacts([{"reason": "late", "started_at": f"{day:%Y-%m-%d} 10:00"} for day in days])
    settings = cpc.Settings(complete_from=stated)
    return cpc.Dataset.from_frames(contacts=rows, costs=pd.concat(ledger), settings=settings)


@pytest.mark.parametrize(
    ("first", "last", "stated", "period", "growth", "complete"),
    [
        ("2024-04-29", "2025-05-31", None, "2025-04", None, True),  # the log begins two days before the month's end
        ("2024-04-01", "2025-05-10", None, "2025-05", None, False),  # ten days of the month are in
        ("2024-04-01", "2025-05-31", None, "2025-05", 0.0, True),
        ("2024-05-02", "2025-05-31", None, "2025-05", None, True),  # the log begins with the month's second day
        ("2024-05-02", "2025-05-31", "2024-05", "2025-05", 1 / 30, True),  # stated: a day without a contact
    ],
)
def test_growth_is_known_of_whole_periods_only(first, last, stated, period, growth, complete):
    frame = cpc.contact_causes(daily(first, last, stated), period=period).set_index("reason")
    assert frame.loc["late", "growth"] == pytest.approx(growth if growth is not None else float("nan"), nan_ok=True)
    assert (frame["complete"] == complete).all()
