"""The working week and the holidays are the project's: workdays, and which days may be empty."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

import cpc_analysis as cpc
from cpc_analysis.costing.coverage import complete_months
from cpc_analysis.models.bridge.comparing import comparison_of
from cpc_analysis.models.budgeting import budget_for
from cpc_analysis.periods import parse_period, weekdays_named, workdays
from tests.centres import contacts, costs, dataset

SUNDAY_TO_THURSDAY = ("sun", "mon", "tue", "wed", "thu")


def test_workdays_are_of_the_week_that_is_stated():
    april = parse_period("2025-04")
    assert workdays(april) == 22
    assert workdays(april, week=weekdays_named(SUNDAY_TO_THURSDAY)) == 22
    assert workdays(april, week=weekdays_named(["mon", "tue", "wed", "thu", "fri", "sat"])) == 26
    assert workdays(april, [date(2025, 4, 6)], weekdays_named(SUNDAY_TO_THURSDAY)) == 21
    assert cpc.Settings(workweek=("sat",)).workdays(april) == 4


@pytest.mark.parametrize(("week", "days"), [(("mon", "tue", "wed", "thu", "fri"), 22), (("Saturday", "sun"), 8)])
def test_contacts_per_workday(week, days):
    data = dataset(contacts([{}] * 88), costs(("salaries", 1.0)), settings=cpc.Settings(workweek=week))
    for where in ({"month": "2025-04"}, {}):
        frame = cpc.measure(data, "assisted_contacts_per_workday", where=where)
        assert frame["assisted_contacts_per_workday"].iloc[0] == pytest.approx(88 / days)
    by = cpc.measure(data, "assisted_contacts_per_workday", by=["month"])["assisted_contacts_per_workday"]
    assert by.tolist() == pytest.approx([88 / days])


def test_a_centre_closed_on_fridays_and_saturdays():
    """The log ends on Thursday, 29 May: the rest of the month is its weekend."""
    days = pd.date_range("2025-05-01", "2025-05-29")
    days = days[~days.day_of_week.isin([4, 5])]
    frame = contacts([{"started_at": f"{day:%Y-%m-%d} 10:00"} for day in days])

    def complete(week: tuple[str, ...]) -> set[date]:
        return complete_months(cpc.Dataset.from_frames(contacts=frame, settings=cpc.Settings(workweek=week)))

    assert complete(SUNDAY_TO_THURSDAY) == {date(2025, 5, 1)}
    # Four weeks and more show by themselves that it is closed on Fridays.
    assert complete(("mon", "tue", "wed", "thu", "fri")) == {date(2025, 5, 1)}
    short = frame.head(10)
    cut = cpc.Dataset.from_frames(contacts=short, settings=cpc.Settings(workweek=SUNDAY_TO_THURSDAY))
    assert complete_months(cut) == set()


def test_a_holiday_may_be_a_week():
    assert cpc.Settings(holidays=("2025-W52", "2026-01-01")).free_days[-1] == date(2026, 1, 1)
    assert len(cpc.Settings(holidays=("2025-W52", "2026-01-01")).free_days) == 8


@pytest.mark.parametrize(
    ("week", "words"),
    [
        (("mon", "tru"), "`workweek` must be one of mon, tue, wed, thu, fri, sat, sun, got 'tru'. Did you mean 'tue'?"),
        ((), '`workweek` must name at least one weekday, such as ["mon", "tue"], got none.'),
        ("mon", '`workweek` must be a list of weekdays such as ["mon", "tue"], got \'mon\'.'),
        ((1, 2), "`workweek` must be one of mon, tue, wed, thu, fri, sat, sun, got '1'."),
    ],
)
def test_what_is_no_week_is_refused(week, words):
    with pytest.raises(cpc.CpcError) as error:
        cpc.Settings(workweek=week)
    assert str(error.value) == words


def test_ends_of_the_log_in_the_wrong_order_are_refused():
    with pytest.raises(cpc.CpcError) as error:
        cpc.Settings(complete_from="2025-05", complete_through="2025-04")
    assert str(error.value) == "`complete_from` must not lie after `complete_through`, got 2025-05 and 2025-04."


def test_a_project_states_its_week(tmp_path):
    text = '[project]\ncurrency = "DKK"\ntimezone = "UTC"\nworkweek = WEEK\n\n[tables.contacts]\nfiles = "c.csv"\n'
    contacts([{}]).to_csv(tmp_path / "c.csv", index=False)
    project = tmp_path / "cpc.toml"
    project.write_text(text.replace("WEEK", '["sun", "Monday"]'))
    assert cpc.open_project(project).settings.workdays(parse_period("2025-W14")) == 2
    project.write_text(text.replace("WEEK", '"sun"'))
    with pytest.raises(cpc.CpcError) as error:
        cpc.open_project(project)
    assert str(error.value) == (
        'cpc.toml, [project]: `workweek` must be a list of weekdays such as ["mon", "tue"], got \'sun\'.'
    )


def test_bridges_and_budgets_take_the_project_s_workdays():
    """May has five Saturdays and four Sundays, April four of each."""
    weekend = cpc.Settings(workweek=("sat", "sun"))
    compared = comparison_of("2025-04", "2025-05", {})
    assert (compared.more_workdays(cpc.Settings()), compared.more_workdays(weekend)) == (0, 1)
    budget = pd.DataFrame({"period": ["2025-04"], "channel": ["voice"], "amount": [100.0], "contact_count": [176]})
    data = dataset(contacts([{}]), costs(("salaries", 1.0)), settings=weekend, budget=budget)
    planned = budget_for(data, "assisted_contacts_per_workday")["assisted_contacts_per_workday"]
    assert planned.tolist() == [22.0]
