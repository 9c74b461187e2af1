"""What an explorer offers works, what it answers is what its code makes, and a refusal is a sentence."""

from __future__ import annotations

import ast
from collections import defaultdict
from io import StringIO
from typing import Any

import pandas as pd
import pytest

import cpc_analysis as cpc
from cpc_analysis.exploring import answering, explore
from cpc_analysis.exploring.answering import answered, page_of
from cpc_analysis.exploring.choices import choices_of, dimensions, fitted
from cpc_analysis.exploring.question import Question, code_of
from cpc_analysis.glossary import QUANTITIES
from cpc_analysis.presentation import Presentation
from tests.centres import contacts, costs, dataset

VEGA_LITE = "application/vnd.vegalite.v5+json"
DRAWN = {
    "trend": Question("cost_per_contact", "month"),
    "lines": Question("average_handle_time", "quarter", "channel", limits={"site": "Odense"}),
    "levels": Question("csat", "", "team", "2025-Q2"),
    "weeks": Question("offered_contacts", "week", "", "2025-Q1", {"channel": "voice"}),
    "too many lines": Question("cost_per_contact", "quarter", "reason", "2024"),
}


@pytest.fixture(scope="module")
def few() -> cpc.Dataset:
    """Two months of contacts and costs, nothing else; with columns of its own."""
    rows = [
        {
            "started_at": f"2025-{4 + number % 2:02d}-{1 + number // 2:02d} 10:00",
            "channel": ("voice", "chat")[number % 2],
            "priority": number % 3,
            "customer_id": f"k{number}",
            "note": f"note {number}",
            "weight": number / 7,
        }
        for number in range(56)
    ]
    ledger = pd.concat([costs(("salaries", 900.0)), costs(("salaries", 600.0), month="2025-05")], ignore_index=True)
    return dataset(contacts(rows), ledger)


def run(code: str, data: cpc.Dataset) -> Any:
    """What the last line of some code gives, as a notebook shows it."""
    lines, names = ast.parse(code).body, {"data": data}
    exec(compile(ast.Module(lines[:-1], []), "shown", "exec"), names)
    return eval(compile(ast.Expression(lines[-1].value), "shown", "eval"), names)


def test_all_that_is_offered_can_be_measured(sample):
    asked = defaultdict(list)
    quantities = choices_of(sample, Question("contacts")).quantities
    for name in quantities:
        choices = choices_of(sample, Question(name))
        assert choices.periods, name
        for key in (*choices.grains, *choices.groups):
            asked[key].append(name)
    # No survey of the sample centre asks whether the matter was resolved or easy, and nobody notes the verification.
    assert set(QUANTITIES) - set(quantities) == {
        "surveyed_resolution", "resolution_response_rate", "ces", "ces_response_rate", "average_verification_time",
    }  # fmt: skip
    assert set(asked["channel"]) < set(asked["team"]) < set(asked["month"])
    for key, names in asked.items():
        assert cpc.measure(sample, names, by=[key])[names].notna().any().all(), key


def test_what_is_not_offered_cannot_be_measured(sample):
    for name in ("occupancy", "cost_per_customer"):
        choices = choices_of(sample, Question(name))
        for key in {*dimensions(sample), "week"} - {*choices.groups, *choices.grains}:
            with pytest.raises(cpc.CpcError):
                cpc.measure(sample, name, by=[key])


def test_values_of_filters_are_those_that_contacts_have(sample):
    filters = choices_of(sample, Question("contacts")).filters
    assert {"channel", "site", "team", "queue", "reason", "product"} <= set(filters)
    assert filters["site"] == ("Aarhus", "Malmö", "Odense", "(unknown)")
    for name in ("channel", "site"):
        found = cpc.measure(sample, "contacts", by=[name]).query("contacts > 0")[name]
        assert set(found) <= set(filters[name])


def test_names_of_rows_and_columns_of_numbers_are_not_groups(few, sample):
    assert dimensions(few) == {"channel": ("chat", "voice"), "priority": (0, 1, 2)}
    assert not {"agent_id", "customer_id", "contact_id", "hourly_wage", "hired_on"} & set(dimensions(sample))


def test_only_quantities_with_tables_are_offered(few):
    names = choices_of(few, Question("contacts")).quantities
    assert {"contacts", "cost_per_contact", "average_handle_time"} <= set(names)
    assert not {"csat", "occupancy", "cost_per_customer"} & set(names)
    with pytest.raises(cpc.CpcError, match="There is no quantity with tables in the dataset 'csat'"):
        explore(few, "csat")
    costless = dataset(contacts([{}, {}]), None)
    assert explore(costless).question.quantity == "contacts"


def test_which_of_several_bases_is_meant_cannot_be_guessed(few):
    bases = pd.DataFrame({"period": ["2025-04", "2025-04"], "base": ["policies", "claims"], "count": [10, 20]})
    tables = {name: few.tables[name] for name in ("contacts", "costs")}
    several = dataset(tables["contacts"], tables["costs"], bases=bases)
    one = dataset(tables["contacts"], tables["costs"], bases=bases.iloc[:1])
    assert "contact_rate" not in choices_of(several, Question("contacts")).quantities
    assert "contact_rate" in choices_of(one, Question("contacts")).quantities


def test_periods_are_finer_than_the_one_looked_at(sample):
    offered = {period: choices_of(sample, Question("contacts", period=period)).grains
               for period in ("", "2025", "2025-Q2", "2025-06")}  # fmt: skip
    assert offered == {
        "": ("week", "month", "quarter", "year"), "2025": ("day", "month", "quarter"),
        "2025-Q2": ("day", "week", "month"), "2025-06": ("day", "week"),
    }  # fmt: skip
    assert [str(period) for period in choices_of(sample, Question("contacts")).periods][:5] == [
        "2025", "2024", "2023", "2025-Q2", "2025-Q1",
    ]  # fmt: skip


def test_what_does_not_go_together_is_left_out(sample):
    asked = Question("csat", "month", "channel", "2025-06", {"channel": "voice", "site": "Odense", "team": "none"})
    assert fitted(sample, asked) == Question("csat", "", "channel", "2025-06", {"channel": "voice", "site": "Odense"})
    hours = fitted(sample, Question("occupancy", "week", "channel", "2031", {"channel": "voice", "site": "Odense"}))
    assert hours == Question("occupancy", "week", "", "", {"site": "Odense"})
    assert fitted(sample, hours) == hours


@pytest.mark.parametrize("name", DRAWN)
def test_the_code_makes_the_chart_that_is_shown(sample, name):
    question = DRAWN[name]
    answer = answered(sample, question)
    assert answer.chart[VEGA_LITE] == run(answer.code, sample).to_dict()
    assert answer.chart["image/svg+xml"].startswith("<svg")
    assert (".trend(" in answer.code) == (name in ("trend", "lines", "weeks"))
    assert all(len(line) < 100 for line in answer.code.splitlines())


def test_the_table_has_every_number_with_its_unit(sample):
    whole = answered(sample, DRAWN["trend"])
    frame = cpc.measure(sample, "cost_per_contact", by=["month"])
    assert whole.table.count(" DKK</td>") == len(frame) == 30
    crossed = answered(sample, Question("average_handle_time", "quarter", "channel", "2025"))
    shown = pd.read_html(StringIO(crossed.table), index_col=0)[0]
    measured = cpc.measure(sample, "average_handle_time", by=["quarter", "channel"], where={"year": "2025"})
    assert shown.shape == (2, measured.dropna()["channel"].nunique())
    chat = measured.query("channel == 'chat'")["average_handle_time"]
    assert list(shown["chat"]) == [f"{value:.0f} s" for value in chat]


def test_one_number_is_a_sentence(sample):
    answer = answered(sample, Question("cost_per_contact", period="2025-Q2", limits={"channel": "voice"}))
    found = cpc.measure(sample, "cost_per_contact", where={"quarter": "2025-Q2", "channel": "voice"})
    value = found["cost_per_contact"].iloc[0]
    assert answer.sentence == f"Cost per contact, Q2 2025, voice: {value:.2f} DKK"
    assert answered(sample, Question("contacts")).sentence.startswith("Contacts, the whole log: ")
    assert not answer.chart and answer.table == ""
    assert f"{value:.2f} DKK" in run(answer.code, sample).to_string()


def test_lines_that_cannot_be_told_apart_are_bars_with_a_word_on_it(sample):
    answer = answered(sample, DRAWN["too many lines"])
    assert answer.sentence == (
        "12 lines cannot be told apart, so the bars are of all periods together; the table has each of them."
    )
    assert len(pd.read_html(StringIO(answer.table), index_col=0)[0]) == 4


def test_weeks_of_a_period_are_whole(sample):
    frame = cpc.measure(sample, "contacts", DRAWN["weeks"].by, DRAWN["weeks"].where)
    assert (frame["week"].min(), frame["week"].max()) == (pd.Timestamp("2025-01-06"), pd.Timestamp("2025-03-24"))


def test_nothing_to_show_and_refusals_are_sentences(sample):
    nothing = answered(sample, Question("cost_per_call", "month", limits={"channel": "chat"}))
    assert nothing.sentence == "There is nothing to show: no contacts, or no period that is complete."
    refused = answered(sample, Question("occupancy", "", "channel"))
    assert refused.sentence.startswith("`occupancy` can be grouped only by agent columns, periods and times of the day")
    for answer in (nothing, refused):
        assert not answer.chart and not answer.table and answer.code.startswith("import cpc_analysis as cpc\n")
        assert f"<p>{answer.sentence}</p>" in page_of(answer)


def test_long_conditions_are_spread_over_lines():
    limits = {"reason": 'a "quoted" reason of the customer\'s own', "priority": 2, "is_new": True}
    code = code_of(Question("contacts", "month", "", "2025", limits), "trend")
    assert code.splitlines()[2:-1] == [
        "frame = cpc.measure(",
        "    data,",
        '    "contacts",',
        '    by=["month"],',
        "    where={",
        '        "reason": "a \\"quoted\\" reason of the customer\'s own",',
        '        "priority": 2,',
        '        "is_new": True,',
        '        "year": "2025",',
        "    },",
        ")",
    ]
    where = ast.literal_eval(ast.parse(code).body[1].value.keywords[1].value)
    assert where == {**limits, "year": "2025"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"quantity": "csta"}, "There is no quantity 'csta'. Did you mean 'csat'?"),
        ({"by": ["month", "week"]}, "`by` must be at most one period and one column, got month, week."),
        ({"by": ["chanel"]}, "There is no column to explore by 'chanel'. Did you mean 'channel'?"),
        ({"by": "day"}, "There is no column to explore by 'day'. Known are week, month, quarter, year."),
        ({"where": {"month": "2025-06", "year": "2025"}}, "`where` must hold at most one period, got 2025-06, 2025."),
        ({"where": {"month": "2031-06"}}, "There is no period to explore '2031-06'. Did you mean '2023-06'?"),
        ({"where": {"channel": "vocie"}}, "There is no channel 'vocie'. Did you mean 'voice'?"),
        ({"where": {"chanel": "voice"}}, "There is no column to filter by 'chanel'. Did you mean 'channel'?"),
    ],
)
def test_a_beginning_that_cannot_be_is_refused(sample, arguments, message):
    with pytest.raises(cpc.CpcError) as caught:
        explore(sample, **arguments)
    assert str(caught.value) == message


def test_an_explorer_begins_where_it_is_told_to(sample):
    explorer = explore(sample, "csat", "team", {"month": "2025-06", "site": "Odense"})
    assert explorer.question == Question("csat", "", "team", "2025-06", {"site": "Odense"})
    assert repr(explorer) == "Explorer(csat, by team)"
    assert explorer.code == explorer.answer.code


def test_sentences_are_in_the_language_of_the_data(sample):
    danish = sample.replace(presentation=Presentation(language="da"))
    answer = answered(danish, Question("contacts", period="2025-Q2", limits={"channel": "voice"}))
    assert answer.sentence.startswith("Henvendelser, 2. kvartal 2025, telefon: ")
    assert answered(danish, DRAWN["too many lines"]).sentence.startswith("12 linjer kan ikke skelnes fra hinanden")
    assert answered(danish, Question("contacts"), language="en").sentence.startswith("Contacts, the whole log: ")


def test_an_error_that_is_none_of_ours_is_not_hidden(sample, monkeypatch):
    monkeypatch.setattr(answering, "measure", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        answered(sample, Question("contacts"))
