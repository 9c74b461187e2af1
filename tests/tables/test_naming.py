"""Whatever a column of the user's own is called, it is kept, told apart and grouped by."""

from __future__ import annotations

from pathlib import Path

import hypothesis.strategies as st
import pandas as pd
import pytest
from hypothesis import given, settings

import cpc_analysis as cpc
from cpc_analysis.tables.naming import as_given, held
from tests.centres import contacts, costs, dataset

NAMES = [
    "Month", "MONTH", "Channel", "rows", "handle_ms", "counted", "worked_ms", "range", "stray", "is_contact", "_row",
    "_file", "_counted", "used", "ledger", "total_cost", "level", "step", "index", "0", "", " ", "a b", "a.b", "it's",
    '"quoted"', "`tick`", "x; DROP TABLE contacts; --", "SELECT", "æøå", "ÆØÅ", "İ", "ß", "名前", "tab\there",
    "line\nbreak", "bell\x07", "·dot", "%41;", "n" * 10_000, "SUM(rows)", "{curly}", "[square]",
]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=30), st.text(max_size=30))
def test_a_name_is_given_back_and_two_are_never_one(one: str, other: str):
    assert as_given(held(one)) == one
    assert (held(one) == held(other)) == (one == other)
    assert held(one) == held(one).lower()  # engines take both cases for one
    assert (held(one).lower() == held(other).lower()) == (one == other)


def named(name: str) -> cpc.Dataset:
    """Ten contacts of April, seven of them north, whose own column has a name."""
    rows = contacts([{"agent_id": "ann"}] * 10)
    rows[name] = ["north"] * 7 + ["south"] * 3
    return dataset(rows, costs(("salaries", 100.0)))


@pytest.mark.parametrize("name", NAMES)
def test_a_column_of_any_name_is_grouped_by_and_filtered_by(name: str):
    data = named(name)
    found = cpc.measure(data, ["contacts", "average_handle_time"], by=[name])
    assert found.columns[0] == name
    assert found.set_index(name)["contacts"].to_dict() == {"north": 7.0, "south": 3.0}
    assert found.attrs["by"] == [name]
    only = cpc.measure(data, "contacts", where={name: "north"})
    assert only["contacts"].item() == 7
    assert only.attrs["where"] == {name: ["north"]}
    assert data.check().ok


def test_columns_that_differ_by_case_are_kept_apart(tmp_path: Path):
    rows = contacts([{}, {}, {}])
    rows["Region"], rows["region"], rows["REGION"] = ["a", "a", "b"], ["c", "d", "d"], ["e", "e", "e"]
    frames = dataset(rows)
    (tmp_path / "cpc.toml").write_text(
        '[project]\ncurrency = "DKK"\ntimezone = "Europe/Copenhagen"\n[tables.contacts]\nfiles = "contacts.csv"\n',
        encoding="utf-8",
    )
    rows.to_csv(tmp_path / "contacts.csv", index=False)
    for data in (frames, cpc.open_project(tmp_path)):
        for name, groups in (("Region", {"a": 2, "b": 1}), ("region", {"c": 1, "d": 2}), ("REGION", {"e": 3})):
            found = cpc.measure(data, "contacts", by=[name])
            assert found.set_index(name)["contacts"].to_dict() == groups
        both = cpc.measure(data, "contacts", by=["Region", "region"])
        assert list(both.columns)[:2] == ["Region", "region"]


def test_a_period_goes_before_a_column_of_its_name():
    found = cpc.measure(named("month"), "contacts", by=["month"])
    assert found["month"].dtype.kind == "M"


QUESTIONS = {
    "measure": (lambda data, by: cpc.measure(data, "contacts", by=by), "contacts"),
    "an interval of measure": (
        lambda data, by: cpc.measure(data, "average_handle_time", by=by, interval=0.9), "average_handle_time_low"
    ),
    "cost_statement": (lambda data, by: cpc.cost_statement(data, by=by), "used"),
    "compare_definitions": (lambda data, by: cpc.compare_definitions(data, by=by), "gap"),
    "sensitivity": (lambda data, by: cpc.sensitivity(data, by=by), "level"),
    "contact_causes": (lambda data, by: cpc.contact_causes(data, by=by[0], period="2025-04"), "cost"),
    "value_of_removal": (lambda data, by: cpc.value_of_removal(data, by=by[0], period="2025-04"), "cash"),
    "explain_change": (
        lambda data, by: cpc.explain_change(data, "contacts", by=by, where={"month": "2025-04"},
                                            before={"channel": "voice"}, after={"channel": "chat"}), "amount"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", QUESTIONS)
def test_results_refuse_to_be_grouped_by_a_name_that_they_use(name: str):
    ask, taken = QUESTIONS[name]
    with pytest.raises(cpc.CpcError) as caught:
        ask(named(taken), [taken])
    assert str(caught.value) == (
        f"`{taken}` is a column of the result itself and cannot be grouped by: give the column of the data another "
        "name."
    )


@pytest.mark.parametrize("name", ["Month", "rows", "Reason"])
def test_every_question_calls_columns_as_they_are_given(name: str):
    rows = contacts([{"agent_id": f"a{number % 12}", "handle_seconds": 30.0 + number} for number in range(90)])
    rows[name], rows["customer_id"] = [f"r{number % 3}" for number in range(90)], [f"k{n}" for n in range(90)]
    data = dataset(rows, costs(("salaries", 900.0)))
    assert cpc.contact_causes(data, by=name, period="2025-04").columns[0] == name
    assert cpc.value_of_removal(data, by=name, period="2025-04").columns[0] == name
    assert name in cpc.cost_statement(data, by=[name, "month"]).columns
    assert name in cpc.sensitivity(data, by=[name]).columns
    assert name in cpc.resolution(data, by=[name]).columns
    assert name in cpc.compare_definitions(data, by=[name]).columns
    assert set(cpc.fit_drivers(data, [name]).to_frame()["driver"]) == {name}
    bridge = cpc.explain_change(
        data, by=[name], where={"month": "2025-04"}, before={"weekday": 1}, after={"weekday": [2, 3]}
    )
    assert name in bridge.to_frame().columns
    assert name in cpc.show_query(data, "contacts", by=[name]) or "·" in cpc.show_query(data, "contacts", by=[name])


def test_one_name_twice_is_named():
    rows = contacts([{}])
    rows.insert(1, "queue", "x")
    rows.columns = [*rows.columns[:-1], "queue"]
    with pytest.raises(cpc.CpcError) as caught:
        dataset(rows).check()
    assert str(caught.value) == "`contacts` must name each column once, got 'queue' 2 times."


def test_names_and_texts_with_half_a_character_are_held():
    rows = contacts([{}, {}]).astype("object")
    rows.columns = pd.Index([*rows.columns[:-1], rows.columns[-1]], dtype="object")
    rows["half \ud800"] = pd.Series(["a \ud800", "b"], dtype="object")
    found = cpc.measure(dataset(rows), "contacts", by=["half \ud800"])
    assert found["half ?"].tolist() == ["a ?", "b"]


def test_columns_of_flags_and_numbers_are_grouped_by_with_what_is_not_known():
    """A column called as a part of ours, whose values are of several kinds where some are missing."""
    rows = [
        {"resolved": True, "transfers": 2},
        {"resolved": None, "transfers": None},
        {"resolved": False, "transfers": 10},
    ]
    data = dataset(contacts(rows), costs(("salaries", 3.0)))
    names = ["contacts", "cost_per_contact", "reported_resolution", "transfer_rate"]
    assert cpc.measure(data, names, by=["resolved"])["resolved"].tolist() == [False, True, "(unknown)"]
    assert cpc.measure(data, names, by=["transfers"])["transfers"].tolist() == [2, 10, "(unknown)"]
    assert cpc.measure(data, names, by=["resolved"])["reported_resolution"].fillna(-1).tolist() == [0, 1, -1]
    assert len(cpc.cost_statement(data, by=["resolved", "transfers"])) == 3
    assert set(cpc.compare_definitions(data, by=["resolved"])["resolved"]) == {False, True, "(unknown)"}
