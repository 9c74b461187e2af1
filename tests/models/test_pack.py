"""Page one of the month: every figure and what it compares with, the flexed budget, the process limits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import cpc_analysis as cpc
from cpc_analysis.errors import InvalidInputError
from cpc_analysis.models.limits import process_limits
from tests.centres import contacts, costs, dataset


def test_every_figure_is_what_measure_gives(sample):
    pack = cpc.monthly_pack(sample, "2025-06")
    frame = pack.to_frame().set_index("quantity")
    for name in ("cost_per_assisted_contact", "fte", "hourly_cost", "csat", "first_contact_resolution"):
        for column, month in (("value", "2025-06"), ("before", "2025-05"), ("last_year", "2024-06")):
            measured = cpc.measure(sample, name, where={"month": month})[name].iloc[0]
            assert frame.loc[name, column] == pytest.approx(measured)
    to_date = cpc.measure(sample, "cost_per_assisted_contact", where={"month": "2025"})
    assert frame.loc["cost_per_assisted_contact", "year_to_date"] == pytest.approx(
        to_date["cost_per_assisted_contact"].iloc[0]
    )
    assert list(frame.index[frame["part"] == "footer"]) == [
        "self_service_sessions", "cost_per_self_service_session", "uncounted_cost",
    ]  # fmt: skip
    assert str(pack) == (f"{pack.tie_out} Nothing was posted after the books had closed.") and pack.tie_out.endswith(
        "difference 0.00 DKK. No cost line was set aside."
    )


def test_the_last_closed_month_is_the_default(sample):
    assert str(cpc.monthly_pack(sample).period) == "2025-06"


def test_late_postings_and_the_provisional_stamp(sample):
    stated = sample.replace(settings=replace(sample.settings, closed_through="2025-06", provisional=("2025-04",)))
    assert str(cpc.monthly_pack(stated, "2025-04")).endswith(
        "Of the ledger of the period, 7,400.00 DKK was posted after the books had closed (account 7410 7,400.00). "
        "Provisional, figures may still move: 2025-04."
    )


def test_the_budget_s_volume_is_adjusted_for_workdays_too(sample):
    """June 2025 has 21 workdays, its quarter 65."""
    for period, days in (("2025-06", 21), ("2025-Q2", 65)):
        budget = cpc.monthly_pack(sample, period).to_frame().set_index("quantity")["budget"]
        assert budget["assisted_contacts"] / budget["assisted_contacts_per_workday"] == pytest.approx(days)


@pytest.fixture(scope="module")
def short_log(sample) -> cpc.Dataset:
    """The sample centre, of which only days from March to 20 June 2025 are stated to be covered."""
    return sample.replace(settings=cpc.Settings(complete_from="2025-03", complete_through="2025-06-20"))


def test_before_the_log_began_there_is_nothing_to_compare_with(sample, short_log):
    frame = cpc.monthly_pack(sample, "2023-01").to_frame().set_index("quantity")
    assert frame[["before", "last_year"]].isna().all(axis=None)
    assert frame.loc["assisted_contacts", "year_to_date"] == frame.loc["assisted_contacts", "value"] > 0
    assert cpc.monthly_pack(short_log, "2025-06").to_frame()["year_to_date"].isna().all()


def test_an_incomplete_month_says_so(short_log):
    pack = cpc.monthly_pack(short_log, "2025-06")
    assert str(pack).endswith("June 2025 is not complete, so that its ratios of money are missing.")
    figures = pack.to_frame().set_index("quantity")["value"]
    assert np.isnan(figures["cost_per_contact"]) and figures["total_cost"] > 0


def test_a_pack_of_a_week_is_refused(sample):
    with pytest.raises(InvalidInputError) as caught:
        cpc.monthly_pack(sample, "2025-W20")
    assert str(caught.value) == "A pack is of a month, a quarter or a year, got the week 2025-W20."


def test_a_dataset_of_two_tables_has_a_pack():
    frame = cpc.monthly_pack(dataset(contacts([{}]), costs(("salaries", 10)))).to_frame().set_index("quantity")
    assert frame.loc["cost_per_assisted_contact", "value"] == 10
    assert frame.loc[["fte", "csat", "service_level"], "value"].isna().all()
    assert frame[["budget", "flexed_budget"]].isna().all(axis=None)


def test_volume_is_adjusted_for_workdays(sample):
    """June 2025 has 21 workdays; December 2024 has 22 weekdays, three of them holidays of the project file."""
    frame = cpc.measure(sample, ["assisted_contacts", "assisted_contacts_per_workday"], by=["month"],
                        where={"month": ["2024-12", "2025-06"]})  # fmt: skip
    assert list(frame["assisted_contacts"] / frame["assisted_contacts_per_workday"]) == pytest.approx([18, 21])
    weeks = cpc.measure(sample, ["assisted_contacts", "assisted_contacts_per_workday"], by=["week"],
                        where={"week": "2025-W10"})  # fmt: skip
    assert weeks["assisted_contacts"][0] / weeks["assisted_contacts_per_workday"][0] == pytest.approx(5)
    both = cpc.measure(sample, ["assisted_contacts", "assisted_contacts_per_workday"], by=["channel"],
                       where={"month": ["2024-12", "2025-06"]})  # fmt: skip
    ratio = (both["assisted_contacts"] / both["assisted_contacts_per_workday"]).dropna()
    assert list(ratio) == pytest.approx([39] * len(ratio))


def flexible(behaviour: list[str | None], actual: tuple[int, int] = (3, 1)) -> cpc.Dataset:
    """Budgeted: 2 voice contacts with 100 of wages, 2 chats with 60, and 40 of rent, each of a behaviour."""
    rows = [{"channel": "voice"}] * actual[0] + [{"channel": "chat"}] * actual[1]
    ledger = costs(("salaries", 150), ("salaries", 50), ("facilities", 40)).assign(behaviour="variable")
    budget = pd.DataFrame(
        {"period": "2025-04", "channel": ["voice", "chat", None], "cost_type": ["salaries", "salaries", "facilities"],
         "amount": [100.0, 60.0, 40.0], "contact_count": [2, 2, None], "average_handle_time": [60, 30, None],
         "behaviour": behaviour}
    )  # fmt: skip
    return dataset(contacts(rows), ledger, budget=budget)


@pytest.mark.parametrize(
    ("behaviour", "variable", "fixed"),
    [
        (["variable", "variable", "fixed"], 100 * 3 / 2 + 60 * 1 / 2, 40),
        (["variable", "fixed", "fixed"], 100 * 3 / 2, 60 + 40),
        (["step", "step", "fixed"], 0, 200),
        ([None, None, "variable"], 40 * 4 / 4, 160),
    ],
)
def test_the_flexed_budget(behaviour, variable, fixed):
    row = cpc.flexed_budget(flexible(behaviour), {"month": "2025-04"}).iloc[0]
    assert (row["variable_cost"], row["fixed_cost"]) == pytest.approx((variable, fixed))
    assert row["cost_per_contact"] == pytest.approx((variable + fixed) / 4)
    assert row["average_handle_time"] == pytest.approx((3 * 60 + 1 * 30) / 4)


def test_at_the_budgeted_volume_the_flexed_budget_is_the_budget():
    row = cpc.flexed_budget(flexible(["variable"] * 3, actual=(2, 2)), {"month": "2025-04"}).iloc[0]
    assert row["total_cost"] == pytest.approx(200)


def test_no_budget_to_flex():
    with pytest.raises(InvalidInputError) as caught:
        cpc.flexed_budget(dataset(contacts([{}]), costs(("salaries", 10))))
    assert str(caught.value) == "A flexed budget needs the table `budget`; the dataset has none."


def monthly(values: list[float]) -> cpc.Dataset:
    """A call a month from January 2023, costing these amounts."""
    months = pd.period_range("2023-01", periods=len(values), freq="M")
    rows = [{"started_at": f"{month}-15 10:00"} for month in months]
    ledger = [costs(("salaries", value), month=str(month)) for month, value in zip(months, values, strict=True)]
    return dataset(contacts(rows), pd.concat(ledger))


def test_limits_are_2_66_mean_moving_ranges_off():
    """Values of 100 and 110 in turn: moving ranges of 10, limits 26.6 off the centre, which follows workdays."""
    data = monthly([100.0, 110.0] * 12)
    frame = process_limits(data, "cost_per_contact")
    half = (frame["high"] - frame["centre"]).iloc[0]
    ranges = np.abs(np.diff(frame["cost_per_contact"] - frame["centre"]))
    assert half == pytest.approx(2.66 * ranges.mean()) and 20 < half < 30
    assert not frame["is_outside"].any()
    assert process_limits(monthly([100.0, 110.0] * 11 + [100.0, 200.0]), "cost_per_contact")["is_outside"].sum() == 1


def test_under_twelve_months_there_are_no_limits():
    frame = process_limits(monthly([100.0, 110.0] * 5), "cost_per_contact")
    assert frame[["centre", "low", "high"]].isna().all(axis=None) and not frame["is_outside"].any()


def test_one_line_says_how_the_costs_of_a_contact_join(sample):
    """Budget, flexed budget and actual are those of the page, and the steps between them those of the bridge."""
    pack = cpc.monthly_pack(sample, "2025-06")
    cost = pack.to_frame().set_index("quantity").loc["cost_per_contact"]
    effects = cpc.explain_change(sample, before="budget", after="2025-06").to_frame().groupby("effect")["amount"].sum()
    spending = effects[effects.index.str.endswith("_spending")].sum()
    assert cost["value"] - cost["flexed_budget"] == pytest.approx(spending)
    assert cost["flexed_budget"] - cost["budget"] == pytest.approx(effects.sum() - spending)
    assert pack.joins == (
        "From 49.74 DKK a contact in the budget, other volume and mix than planned (+6.06 DKK) lead to 55.81 DKK in "
        "the flexed budget, and spending (-1.49 DKK) to 54.32 DKK. Without the cost of self-service an assisted "
        "contact cost 53.80 DKK."
    )


def test_without_a_budget_or_self_service_nothing_has_to_join():
    assert cpc.monthly_pack(dataset(contacts([{}]), costs(("salaries", 10)))).joins == ""
