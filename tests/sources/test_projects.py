"""Project files: what they state, how their sources become a dataset, and what a wrong one says."""

# ruff: noqa: E501 - tables of cases and messages read better unbroken

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from cpc_analysis.errors import CpcError, MissingFileError
from cpc_analysis.sources.project import open_project, read_project

PROJECT = """
[project]
name = "Nordic retailer"
currency = "DKK"
timezone = "Europe/Copenhagen"
closed_through = "2025-04"
provisional = ["2025-05"]

[rates]
EUR = 7.46

[events]
"2025-04" = "New portal"

[presentation]
language = "da"

[counting]
directions = ["in"]

[costing]
technology = "contacts"
piece_accounts = ["5130", "5140"]

[budget]
variable = { labour = 0.4, telecom = 1 }
premiums = false

[tables.contacts]
files = "data/calls-*.csv"
"""
CALLS = (
    "contact_id,started_at,channel,direction,outcome,handle_seconds,customer_id,region\n"
    "1,2025-04-01 09:00,voice,in,answered,120,4512345678,north\n"
    "2,2025-04-02 09:00,voice,in,abandoned,,,south\n"
    "3,yesterday,voice,in,answered,60,4512345678,north\n"
)
COSTS = "line_id,posted_on,account,cost_type,amount\n1,2025-04-30,4000,salaries,1000.50\n"


@pytest.fixture(autouse=True)
def _salt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CPC_SALT", "salt of the tests")


def project(folder: Path, text: str = PROJECT, calls: str = CALLS) -> Path:
    (folder / "data").mkdir(exist_ok=True)
    (folder / "data" / "calls-04.csv").write_text(calls, encoding="utf-8")
    (folder / "data" / "costs.csv").write_text(COSTS, encoding="utf-8")
    (folder / "cpc.toml").write_text(text, encoding="utf-8")
    return folder


def test_a_project_states_everything(tmp_path: Path) -> None:
    found = read_project(project(tmp_path) / "cpc.toml")
    assert (found.currency, found.timezone, found.settings.name) == (
        "DKK",
        "Europe/Copenhagen",
        "Nordic retailer",
    )
    assert (found.settings.closed_through, found.settings.provisional) == ("2025-04", ("2025-05",))
    assert found.settings.rates == {"EUR": 7.46}
    assert found.settings.events == {"2025-04": "New portal"}
    assert found.settings.budget_variable == {"labour": 0.4, "telecom": 1} and not found.settings.budget_premiums
    assert found.settings.presentation.language == "da"
    assert found.counting.directions == ("in",)
    assert found.costing.technology == "contacts" and found.costing.piece_accounts == ("5130", "5140")
    assert found.reading.read == {"contacts": {"calls-04.csv": 3}}


def test_canonical_files_need_no_mapping(tmp_path: Path) -> None:
    text = PROJECT + '[tables.costs]\nfiles = "data/costs.csv"\n'
    data = open_project(project(tmp_path, text))
    contacts = data.engine.fetch(data.on_engine("contacts").order_by("contact_id"))
    assert contacts["handle_ms"].iloc[0] == 120_000
    assert contacts["started_at"].iloc[0] == pd.Timestamp("2025-04-01 07:00")
    assert contacts["·region"].tolist() == ["north", "south"]
    assert contacts["customer_id"].iloc[0] != "4512345678"
    assert data.frame("costs")["amount"].tolist() == [100_050]
    assert data.quarantine.to_dict("records") == [
        {"table": "contacts", "row": "calls-04.csv:4", "column": "started_at", "rule": "must be a point in time, of the years 1990 to 2099", "value": "yesterday"}
    ]  # fmt: skip


def test_every_row_read_is_accepted_set_aside_or_excluded(tmp_path: Path) -> None:
    text = PROJECT + "exclude = [{ eq = { outcome = 'abandoned' } }]\n" + '[tables.costs]\nfiles = "data/costs.csv"\n'
    data = open_project(project(tmp_path, text, CALLS + "4,ragged\n5,2025-04-05 10:00,voice,in,answered,-1,,north\n"))
    report = data.check()
    assert data.reading.read["contacts"]["calls-04.csv"] == 5
    assert (report.accepted["contacts"], report.set_aside["contacts"], report.excluded["contacts"]) == (
        1,
        3,
        1,
    )


def test_columns_of_the_project_go_over_those_of_the_mapping(tmp_path: Path) -> None:
    (tmp_path / "calls.toml").write_text(
        "exclude = []\n[columns]\ncontact_id = 'contact_id'\nqueue = 'region'\nteam = { const = 'x' }\n",
        encoding="utf-8",
    )
    text = PROJECT + "mapping = 'calls.toml'\n[tables.contacts.columns]\nqueue = { const = 'mine' }\n"
    table = read_project(project(tmp_path, text)).tables["contacts"].to_pyarrow().to_pandas()
    assert table[["queue", "team"]].drop_duplicates().values.tolist() == [["mine", "x"]]


def test_several_systems_make_one_table(tmp_path: Path) -> None:
    (tmp_path / "chats.jsonl").write_text(
        '{"id": "c1", "at": "2025-04-03T09:00:00Z", "concurrency": 2}\n', encoding="utf-8"
    )
    text = PROJECT.replace("[tables.contacts]", "[[tables.contacts]]") + (
        '[[tables.contacts]]\nfiles = "chats.jsonl"\n[tables.contacts.columns]\n'
        'contact_id = "id"\nstarted_at = "at"\nconcurrency = "concurrency"\n'
        'channel = { const = "chat" }\ndirection = { const = "in" }\noutcome = { const = "answered" }\n'
    )
    found = read_project(project(tmp_path, text))
    table = found.tables["contacts"].order_by("contact_id").to_pyarrow().to_pandas()
    assert table["contact_id"].tolist() == ["1", "2", "c1"]
    assert pd.isna(table["·region"].iloc[2]) and table["concurrency"].iloc[2] == 2
    assert found.reading.read == {"contacts": {"calls-04.csv": 3, "chats.jsonl": 1}}


def test_canonical_json_needs_no_mapping_and_columns_that_a_field_reads_are_no_dimensions(tmp_path: Path) -> None:
    record = '{"contact_id": 1, "day": "2025-04-03", "clock": "09:00", "channel": "chat", "caller": 4512345678}'
    (tmp_path / "chats.jsonl").write_text(record + "\n", encoding="utf-8")
    text = PROJECT.replace("data/calls-*.csv", "chats.jsonl") + (
        '[tables.contacts.columns]\nstarted_at = { date = "day", time = "clock" }\n'
        'direction = { const = "in" }\noutcome = { const = "answered" }\n'
    )
    row = read_project(project(tmp_path, text)).tables["contacts"].to_pyarrow().to_pandas().iloc[0]
    assert {"day", "clock"}.isdisjoint(row.index)
    assert row["started_at"] == pd.Timestamp("2025-04-03 07:00", tz="UTC")
    assert "·caller" not in row.index
    named = read_project(project(tmp_path, text + '[tables.contacts.dimensions]\nwho = "caller"\n'))
    assert re.fullmatch("[0-9a-f]{16}", named.tables["contacts"].to_pyarrow().to_pandas().iloc[0]["·who"])


def test_a_strict_project_refuses_a_row_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(CpcError) as raised:
        read_project(project(tmp_path, PROJECT.replace("[rates]", "strict = true\n[rates]")))
    assert str(raised.value) == (
        "`contacts.started_at` must be a point in time, of the years 1990 to 2099, got 'yesterday' in row calls-04.csv:4; "
        "1 rows cannot be read as their columns want it. Mend them, or set strict = false to set them aside."
    )


def test_shifts_are_inferred_on_the_engine(tmp_path: Path) -> None:
    text = (
        PROJECT + '[tables.contacts.columns]\nagent_id = { const = "ida" }\n[tables.shifts]\ninfer = { gap = "2h" }\n'
    )
    data = open_project(project(tmp_path, text))
    assert data.prepared("shifts").accepted == 1


def test_parquet_without_mapping_stays_where_it_is(tmp_path: Path) -> None:
    folder = project(tmp_path, PROJECT.replace("calls-*.csv", "calls.parquet"))
    frame = pd.DataFrame({
        "contact_id": ["1", "2"], "started_at": pd.to_datetime(["2025-04-01 09:00", "2025-10-26 02:30"]),
        "channel": "voice", "direction": "in", "outcome": "answered", "handle_seconds": [60.5, 30.0],
        "customer_id": [17, 18],
    })  # fmt: skip
    frame.to_parquet(folder / "data" / "calls.parquet")
    data = open_project(folder)
    assert "source_" in data.engine.sql(data.tables["contacts"])
    assert data.prepared("contacts").accepted == 2
    assert data.reading.clock_changes == {"contacts": 1}
    assert "salt of the tests" not in data.engine.sql(data.tables["contacts"])


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("currency =", "currancy =", "cpc.toml, [project]: there is no setting 'currancy'. Did you mean 'currency'?"),
        ("[counting]", "[countings]", "cpc.toml: there is no section 'countings'. Did you mean 'counting'?"),
        ("directions", "direction", "cpc.toml, [counting]: there is no setting 'direction'. Did you mean 'directions'?"),
        ("technology", "tecnology", "cpc.toml, [costing]: there is no setting 'tecnology'. Did you mean 'technology'?"),
        ("[tables.contacts]", "[tables.contact]", "cpc.toml, [tables]: there is no table 'contact'. Did you mean 'contacts'?"),
        ("files =", "file =", 'cpc.toml, [tables.contacts] must state `files`, such as files = "data/contacts.csv".'),
        ('currency = "DKK"\n', "", "cpc.toml, [project] must state `currency`, got none. Add it."),
        ("Europe/Copenhagen", "Europe/Kopenhagen", "cpc.toml, [project]: `timezone` must be a zone of the tz database such as Europe/Copenhagen, got 'Europe/Kopenhagen'."),
        ("7.46", "'7,46'", "cpc.toml, [rates]: `rates.EUR` must be a number above 0, got '7,46'."),
        ('name = "Nordic retailer"', 'strict = "no"', "cpc.toml, [project]: `strict` must be true or false, got 'no'."),
        ("data/calls-*.csv", "data/calls-*.csv\"\nmapping = \"cals.toml", "There is no mapping 'cals.toml' in "),
        ('"New portal"', "3", "cpc.toml, [events]: `events.2025-04` must be a few words, such as \"2025-04\" = \"General raise\", got '3'."),
        ('"2025-04" = "New', '"April" = "New', "cpc.toml, [events]: `events` must be a day, month or other period such as 2025-05-31 or 2025-05, got 'April'."),
        ('"da"', '"dk"', "cpc.toml, [presentation]: `language` must be one of en, da, got 'dk'."),
        ("variable =", "varable =", "cpc.toml, [budget]: there is no setting 'varable'. Did you mean 'variable'?"),
        ("{ labour = 0.4, telecom = 1 }", "0.4", "cpc.toml, [budget]: `variable` must be shares by cost type, such as { telecom = 1.0 }, got '0.4'."),
        ("labour = 0.4", "labour = 40", "cpc.toml, [budget]: `variable.labour` must be a number from 0 to 1, got '40'."),
        ("labour = 0.4", "labor = 0.4", "cpc.toml, [budget]: there is no cost type of the budget 'labor'. Did you mean 'labour'?"),
        ("premiums = false", "premiums = 0", "cpc.toml, [budget]: `premiums` must be true or false, got '0'."),
        ("[rates]", "[rates", "`cpc.toml` is not valid TOML: "),
        ("[tables.contacts]", "[tables.contacts]\ndelimeter = ';'", "cpc.toml, [tables.contacts]: there is no setting 'delimeter'. Did you mean 'delimiter'?"),
    ],
)  # fmt: skip
def test_wrong_project_files_say_what_to_do(tmp_path: Path, before: str, after: str, message: str) -> None:
    with pytest.raises(CpcError) as raised:
        read_project(project(tmp_path, PROJECT.replace(before, after)))
    assert str(raised.value).startswith(message)


def test_a_missing_project_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError) as raised:
        read_project(tmp_path)
    assert str(raised.value) == (
        f"There is no project file {tmp_path / 'cpc.toml'}. "
        "Make one with `cpc init`, or name the folder that holds a cpc.toml."
    )


def test_a_column_that_is_all_but_canonical_is_not_taken_for_a_dimension(tmp_path: Path) -> None:
    with pytest.raises(CpcError) as raised:
        read_project(project(tmp_path, calls=CALLS.replace("handle_seconds", "handle_second")))
    assert str(raised.value) == (
        "cpc.toml, [tables.contacts], `calls-04.csv`: there is no column of `contacts` 'handle_second'. "
        "Did you mean 'handle_seconds'?"
    )
