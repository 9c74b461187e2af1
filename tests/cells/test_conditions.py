"""Conditions are of the column's own kind, whoever reads them; what a column never has is named."""

from __future__ import annotations

from datetime import date, time

import numpy as np
import pandas as pd
import pytest

import cpc_analysis as cpc
from cpc_analysis.cells.conditions import read_conditions
from tests.centres import contacts, costs, dataset


def centre() -> cpc.Dataset:
    """Thirty contacts of April 2025, one a day at ten, with columns of every kind."""
    rows = contacts([{"agent_id": f"a{number % 3}", "reason": f"r{number % 2}"} for number in range(30)])
    rows = rows.assign(
        customer_id=rows["contact_id"],
        resolved=True,
        transfers=1,
        concurrency=1.5,
        team=None,
        priority=[2.0] * 15 + [None] * 15,
    )
    agents = pd.DataFrame({"agent_id": ["a0", "a1", "a2", "a9"], "team": ["north", "south", "south", "night"]})
    return dataset(rows, costs(("salaries", 300.0)), agents=agents)


@pytest.fixture(scope="module")
def data() -> cpc.Dataset:
    return centre()


@pytest.mark.parametrize(
    ("where", "counted"),
    [
        ({"weekday": 1}, 5), ({"weekday": "1"}, 5), ({"weekday": "Tuesday"}, 5), ({"weekday": ["mon", "tue"]}, 9),
        ({"half_hour": "10:00"}, 30), ({"half_hour": time(10, 15)}, 30), ({"half_hour": 20}, 30),
        ({"half_hour": "9:30"}, 0),
        ({"resolved": True}, 30), ({"resolved": "true"}, 30), ({"resolved": "No"}, 0), ({"resolved": 1}, 30),
        ({"transfers": 1}, 30), ({"transfers": "1"}, 30), ({"transfers": 1.0}, 30), ({"concurrency": "1.5"}, 30),
        ({"priority": 2}, 15), ({"priority": "(unknown)"}, 15),
        ({"year": 2025}, 30), ({"year": np.int64(2025)}, 30), ({"month": "2025-04"}, 30),
        ({"month": date(2025, 4, 30)}, 30),
        ({"month": pd.Timestamp("2025-04-01")}, 30), ({"month": pd.Period("2025-04", "M")}, 30),
        ({"day": pd.Period("2025-04-02", "D")}, 1), ({"quarter": pd.Period("2025Q2", "Q")}, 30),
        ({"day": "2025-04"}, 30), ({"day": np.datetime64("2025-04-02")}, 1), ({"month": 2025}, 30),
        ({"team": {"north", "south"}}, 30), ({"team": np.array(["north"])}, 10), ({"team": pd.Index(["south"])}, 20),
        ({"team": pd.Series(["south", "south"])}, 20), ({"team": ("night",)}, 0), ({"channel": "sms"}, 0),
        ({"channel": ["voice", "sms"]}, 30),
    ],
)  # fmt: skip
def test_values_are_read_as_the_kind_of_their_column(data, where, counted):
    assert cpc.measure(data, "contacts", where=where)["contacts"].sum() == counted


def test_reading_conditions_again_changes_nothing(data):
    where = {
        "weekday": "tue",
        "resolved": "Y",
        "month": date(2025, 4, 1),
        "team": {"south", "north"},
        "transfers": "1",
    }
    once = read_conditions(data, where)
    assert once == {
        "weekday": [1],
        "resolved": [True],
        "month": ["2025-04"],
        "team": ["north", "south"],
        "transfers": [1],
    }
    assert read_conditions(data, once) == once


@pytest.mark.parametrize(
    ("where", "sentence"),
    [
        ({"channel": "vioce"}, "There is no channel 'vioce'. Did you mean 'voice'?"),
        ({"channel": ["voice", "phone"]}, "There is no channel 'phone'. Known are voice."),
        ({"team": "sout"}, "There is no team 'sout'. Did you mean 'south'?"),
        ({"transfers": 7}, "There is no transfers '7'. Known are 1."),
        ({"transfers": "many"}, "`transfers` holds numbers, got 'many' in `where`."),
        ({"resolved": "perhaps"}, "`resolved` is true or false, got 'perhaps' in `where`."),
        ({"channel": []}, "`where` must name at least one value of `channel`, got none. Leave `channel` out to take "
                          "all of them."),
        ({"team": None}, "`where` must name values of `team`, got None. What has none is called '(unknown)'."),
        ({"team": ["north", float("nan")]}, "`where` must name values of `team`, got nan. What has none is called "
                                            "'(unknown)'."),
        ({"month": 202504}, "A period must be written as 2025, 2025-Q2, 2025-04, 2025-W14 or 2025-04-07, got "
                            "'202504'."),
        ({"month": True}, "A period must be written as 2025, 2025-Q2, 2025-04, 2025-W14 or 2025-04-07, got 'True'."),
        ({"month": "2025-04-07"}, "`where` must name a month or a longer period in `month`, got the day '2025-04-07'. "
                                  "Ask for it in `day`."),
        ({"weekday": 7}, "`weekday` must be from 0, Monday, to 6, or a name such as 'monday', got 7."),
        ({"half_hour": "25:00"}, "`half_hour` must be from 0 to 47, or a time of day such as '08:30', got '25:00'."),
        ({"chanel": "voice"}, "There is no column to group by 'chanel'. Did you mean 'channel'?"),
        (["channel"], "`where` must map columns to values, such as {\"channel\": \"voice\"}, got ['channel']."),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_named(data, where, sentence):
    with pytest.raises(cpc.CpcError) as caught:
        cpc.measure(data, "contacts", where=where)
    assert str(caught.value) == sentence


APRIL, NORTH, SOUTH = {"month": "2025-04"}, {"team": "north"}, {"team": "south"}
ASKED = {
    "measure": lambda data, where: cpc.measure(data, "contacts", where=where),
    "cost_statement": lambda data, where: cpc.cost_statement(data, where=where),
    "explain_change": lambda data, where: cpc.explain_change(data, where={**where, **APRIL}, before=NORTH, after=SOUTH),
    "sides of explain_change": lambda data, where: cpc.explain_change(data, where=APRIL, before=where, after=SOUTH),
    "sensitivity": lambda data, where: cpc.sensitivity(data, where=where),
    "contact_causes": lambda data, where: cpc.contact_causes(data, period="2025-04", where=where),
    "value_of_removal": lambda data, where: cpc.value_of_removal(data, period="2025-04", where=where),
    "compare_definitions": lambda data, where: cpc.compare_definitions(data, where=where),
    "resolution": lambda data, where: cpc.resolution(data, where=where),
    "fit_drivers": lambda data, where: cpc.fit_drivers(data, ["reason"], where=where),
    "compare_agents": lambda data, where: cpc.compare_agents(data, where=where),
}  # fmt: skip


@pytest.mark.parametrize("name", ASKED)
def test_every_question_reads_conditions_alike(data, name):
    with pytest.raises(cpc.CpcError, match=r"There is no team 'nroth'\. Did you mean 'north'"):
        ASKED[name](data, {"team": "nroth"})


def test_a_channel_that_no_contact_has_is_an_empty_answer_that_says_so(data):
    found = cpc.measure(data, "contacts", where={"channel": ["sms", "chat"]})
    assert found["contacts"].sum() == 0
    assert found.attrs["definition"].startswith("There is no contact of sms, chat in the data. ")
    statement = cpc.cost_statement(data, where={"channel": "sms"})
    assert statement.empty
    assert statement.attrs["definition"].startswith("There is no contact of sms in the data. ")


def test_values_are_looked_for_in_columns_of_very_many(monkeypatch, data):
    monkeypatch.setattr("cpc_analysis.cells.conditions._MOST_VALUES", 3)
    many = centre()
    assert cpc.measure(many, "contacts", where={"contact_id": "c29"})["contacts"].sum() == 1
    with pytest.raises(cpc.CpcError, match="There is no contact_id 'c99'"):
        cpc.measure(many, "contacts", where={"contact_id": "c99"})


@pytest.mark.parametrize(("where", "message"), [
    ({"channel": pd.NA}, "`where` must name values of `channel`, got <NA>. What has none is called '(unknown)'."),
    ({"month": date(9999, 12, 31)}, "`where` must name a month before the year 9999, got 9999-12-31."),
])  # fmt: skip
def test_values_that_no_column_can_have(data, where, message):
    with pytest.raises(cpc.CpcError) as error:
        cpc.measure(data, "contacts", where=where)
    assert str(error.value) == message
