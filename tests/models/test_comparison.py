import numpy as np
import pandas as pd
import pytest

from cpc_analysis.dataset import Dataset
from cpc_analysis.errors import UnknownNameError
from cpc_analysis.models import answers, tables
from cpc_analysis.models.budgeting import budget_for
from cpc_analysis.models.comparison import compare, key_figures, last_year
from cpc_analysis.models.selection import Selection
from cpc_analysis.models.statements import statement_for, statement_sums, tie_out
from cpc_analysis.periods import parse_period

from .conftest import budget, centre, contacts, costs


def test_the_whole_beside_budget_month_before_and_last_year(june: Selection) -> None:
    """60 calls at 12 and 40 chats at 6 are 9.60 each; a tenth of 8.00 less last year, 8.00 budgeted."""
    frame = compare(june, "cost_per_contact")
    assert frame.columns.tolist() == [
        "cost_per_contact",
        "budget",
        "before",
        "last_year",
        "few_contacts",
        "complete",
    ]
    assert frame.iloc[0, :4].tolist() == pytest.approx([9.6, 8.0, 9.6, 8.8], rel=1e-12)
    assert frame.attrs["period"] == "2025-06"


def test_by_channel(june: Selection) -> None:
    frame = compare(june, "cost_per_contact", by=["channel"]).set_index("channel")
    assert frame.loc["voice", ["cost_per_contact", "budget", "last_year"]].tolist() == pytest.approx([12, 8, 11])
    assert frame.loc["chat", ["cost_per_contact", "budget", "last_year"]].tolist() == pytest.approx([6, 8, 5.5])


def test_without_a_past_the_comparison_is_missing(data: Dataset) -> None:
    first = Selection(data, parse_period("2023-04"), "month", {})
    frame = compare(first, "cost_per_contact", by=["channel"])
    assert frame["cost_per_contact"].notna().all()
    assert frame[["before", "last_year"]].isna().all().all()


def test_an_unknown_comparison_is_refused(june: Selection) -> None:
    with pytest.raises(UnknownNameError, match=r"^There is no comparison 'budgt'\. Did you mean 'budget'\?$"):
        compare(june, "contacts", against=["budgt"])


def test_last_year_has_the_shape_of_this_year(june: Selection) -> None:
    frame = last_year(june, "cost_per_contact")
    assert frame["month"].iloc[-1] == pd.Timestamp("2025-06-01")
    assert frame["cost_per_contact"].iloc[-1] == pytest.approx(8.8)
    assert len(frame) == len(june.points)


def test_budgeted_contacts_on_several_lines_count_once(data: Dataset) -> None:
    frame = budget_for(data, "contacts", ["month"], {"month": ["2025-05", "2025-06"]})
    assert frame["contacts"].tolist() == [100.0, 100.0]


def test_a_budgeted_quarter_is_a_ratio_of_sums() -> None:
    lines = budget()
    lines.loc[lines["period"] == "2025-06", "contact_count"] *= 2
    data = centre(budget=lines)
    frame = budget_for(data, "cost_per_contact", ["quarter"], {"quarter": "2025-Q2"})
    assert frame["cost_per_contact"].tolist() == pytest.approx([2400 / 400])


def test_budgeted_handle_time_is_weighted_by_contacts() -> None:
    lines = budget()
    lines.loc[lines["channel"] == "chat", "average_handle_time"] = 190.0
    frame = budget_for(centre(budget=lines), "average_handle_time", [], {"month": "2025-06"})
    assert frame["average_handle_time"].tolist() == pytest.approx([(60 * 90 + 40 * 190) / 100])


def test_money_without_a_channel_is_in_the_total_only() -> None:
    lines = budget()
    rent = pd.DataFrame({"period": ["2025-06"], "cost_type": ["facilities"], "amount": [200.0]})
    data = centre(budget=pd.concat([lines, rent], ignore_index=True))
    where = {"month": "2025-06"}
    assert budget_for(data, "total_cost", [], where)["total_cost"].tolist() == [1000.0]
    assert budget_for(data, "cost_per_contact", [], where)["cost_per_contact"].tolist() == [10.0]
    assert budget_for(data, "cost_per_contact", ["channel"], where).empty
    assert budget_for(data, "contacts", ["channel"], where)["contacts"].tolist() == [40.0, 60.0]


def test_a_total_of_contacts_is_not_added_to_those_of_the_channels() -> None:
    lines = budget()
    total = pd.DataFrame({"period": ["2025-06"], "contact_count": [110.0]})
    data = centre(budget=pd.concat([lines, total], ignore_index=True))
    assert budget_for(data, "contacts", [], {"month": "2025-06"})["contacts"].tolist() == [110.0]


@pytest.mark.parametrize(("quantity", "by"), [("csat", []), ("cost_per_contact", ["site"]), ("contacts", ["week"])])
def test_what_a_budget_does_not_say_is_empty(data: Dataset, quantity: str, by: list[str]) -> None:
    frame = budget_for(data, quantity, by)
    assert frame.empty
    assert frame.columns.tolist() == [*by, quantity]


def test_a_dataset_without_a_budget_has_an_empty_one(june: Selection) -> None:
    data = Dataset.from_frames(contacts=contacts(), costs=costs(), currency="DKK", timezone="Europe/Copenhagen")
    assert budget_for(data, "contacts", ["month"]).empty
    selection = Selection(data, june.period, "month", {})
    assert np.isnan(compare(selection, "contacts")["budget"].iloc[0])


def test_the_table_to_read(june: Selection) -> None:
    table = tables.comparison_table(compare(june, "cost_per_contact", by=["channel"]))
    assert table.loc["voice"].to_dict() == {
        "Cost per contact": "12.00 DKK",
        "budget": "8.00 DKK",
        "vs budget": "+50.0%",
        "May 2025": "12.00 DKK",
        "vs May 2025": "0.0%",
        "June 2024": "11.00 DKK",
        "vs June 2024": "+9.1%",
    }


def test_a_comparison_that_nothing_has_is_left_out_of_the_table(data: Dataset) -> None:
    first = Selection(data, parse_period("2023-04"), "month", {})
    table = tables.comparison_table(compare(first, "cost_per_contact", by=["channel"]))
    assert table.columns.tolist() == ["Cost per contact", "budget", "vs budget"]


def test_ratios_over_few_contacts_are_not_shown() -> None:
    frame = pd.DataFrame({"channel": ["chat"], "csat": [0.5], "contacts": [12.0], "few_contacts": [True]})
    frame.attrs["by"] = ["channel"]
    assert tables.table(frame).loc["chat"].tolist() == ["few", "12"]


def test_key_figures_have_a_row_each(june: Selection) -> None:
    table = tables.key_figures_table(key_figures(june, ["total_cost", "contacts", "csat"]))
    assert table.columns.tolist() == [
        "June 2025", "budget", "vs budget", "May 2025", "vs May 2025", "June 2024", "vs June 2024",
    ]  # fmt: skip
    assert table.loc["Total cost"].tolist() == ["960 DKK", "800 DKK", "+20.0%", "960 DKK", "0.0%", "880 DKK", "+9.1%"]
    assert table.loc["Contacts", "June 2025"] == "100"
    assert set(table.loc["Customer satisfaction"]) == {"-"}


def test_key_figures_are_those_of_the_single_comparisons(june: Selection) -> None:
    figures = key_figures(june, ["cost_per_contact", "contacts"]).set_index("quantity")
    for quantity in figures.index:
        single = compare(june, quantity).iloc[0]
        assert figures.loc[quantity, ["value", "budget", "before", "last_year"]].tolist() == (
            single[[quantity, "budget", "before", "last_year"]].tolist()
        )


def test_the_statement_ties_out(june: Selection) -> None:
    statement = statement_for(june, by=["channel"])
    assert {name: str(amount) for name, amount in statement_sums(statement).items()} == {
        "posted": "960.00",
        "moved": "0.00",
        "ledger": "960.00",
        "used": "960.00",
        "unallocated": "0.00",
        "difference": "0.00",
    }
    assert tie_out(statement) == (
        "Posted in the ledger 960.00 DKK, moved between months 0.00 DKK: ledger 960.00 DKK = used and waiting 960.00 "
        "DKK + unallocated 0.00 DKK; difference 0.00 DKK. Without shifts waiting is not known: used is used and "
        "waiting together. No cost line was set aside."
    )
    assert tables.statement_table(statement)["Ledger"].to_dict() == {"chat": "240", "voice": "720", "Total": "960"}


def test_the_statement_of_a_channel_is_that_of_its_part(june: Selection) -> None:
    chat = Selection(june.data, june.period, "month", {"channel": ["chat"]})
    assert str(statement_sums(statement_for(chat))["ledger"]) == "240.00"


def test_the_answers(june: Selection) -> None:
    assert answers.answer_cost(june) == (
        "In June 2025 a contact cost 9.60 DKK, 9.1% more than in June 2024 and 20.0% more than budgeted; "
        "voice cost most (12.00 DKK), chat least (6.00 DKK)."
    )
    assert answers.answer_statement(june, statement_for(june)) == (
        "Of 960.00 DKK of the ledger for June 2025, 100.0% was used on work or paid for waiting, which is not known "
        "without shifts, and 0.0% could not be allocated; the difference is 0.00 DKK."
    )
    assert answers.answer_service(june) == "In June 2025 a contact cost 9.60 DKK."


def test_an_answer_for_a_part_says_so(june: Selection) -> None:
    chat = Selection(june.data, june.period, "month", {"channel": ["chat"], "site": ["Aarhus"]})
    assert answers.answer_cost(chat) == (
        "In June 2025 (chat, Aarhus) a contact cost 6.00 DKK, 9.1% more than in June 2024."
    )
    assert answers.answer_statement(chat, statement_for(chat)).startswith(
        "Of 240.00 DKK of the ledger for June 2025 (chat, Aarhus), 100.0% was used on work or paid for waiting, "
    )


def test_the_answer_where_the_ledger_does_not_reach() -> None:
    lines = costs()
    data = centre(costs=lines[lines["posted_on"] < "2025-06"])
    selection = Selection(data, parse_period("2025-06"), "month", {})
    assert answers.answer_cost(selection) == (
        "For June 2025 there is no cost per contact: contacts or ledger do not reach its end."
    )


def test_a_year_has_one_year_before_under_two_names(data: Dataset) -> None:
    year = Selection(data, parse_period("2024"), "quarter", {})
    table = tables.key_figures_table(key_figures(year, ["contacts"]))
    assert table.columns.tolist() == [
        "2024", "budget", "vs budget", "2023", "vs 2023", "2023 (last year)", "vs 2023 (last year)",
    ]  # fmt: skip
