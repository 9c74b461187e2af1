"""Mapping verbs: what each one makes of a file, what goes to quarantine, and what a wrong mapping says."""

# ruff: noqa: E501 - tables of cases and messages read better unbroken

from __future__ import annotations

import json
import tomllib
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cpc_analysis.engine import Engine
from cpc_analysis.errors import CpcError, InvalidInputError, UnknownNameError
from cpc_analysis.schema import TABLES
from cpc_analysis.sources.files import read_files
from cpc_analysis.sources.mapped import MappedTable, apply_mapping
from cpc_analysis.sources.mapping_files import mapping_from, shipped_mappings

ENGINE = Engine.inside()


@pytest.fixture(autouse=True)
def _salt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CPC_SALT", "salt of the tests")


def mapped(folder: Path, content: str, mapping: str, name: str = "calls.csv", table: str = "contacts") -> MappedTable:
    """A file of some content under a mapping."""
    path = folder / name
    path.write_text(content, encoding="utf-8", newline="")
    stated = mapping_from(tomllib.loads(mapping), "calls.toml", table)
    return apply_mapping(ENGINE, stated, read_files(ENGINE, [path], stated.form, table), "Europe/Copenhagen", folder)


def frame_of(result: MappedTable) -> pd.DataFrame:
    return ENGINE.fetch(result.table.order_by("_file", "_row"))


def values(
    folder: Path, content: str, field: str, column: str = "handle_seconds", table: str = "contacts"
) -> list[object]:
    """The values of one column under one field; missing ones as None."""
    result = mapped(folder, content, f"null_values = ['n/a']\n[columns]\n{column} = {field}", table=table)
    column_of = frame_of(result)[column]
    return [None if pd.isna(value) else value for value in column_of]


def refusal(folder: Path, mapping: str, content: str = "a,b\n1,2\n") -> str:
    """What a wrong mapping says."""
    with pytest.raises(CpcError) as raised:
        mapped(folder, content, mapping)
    return str(raised.value)


@pytest.mark.parametrize(
    ("content", "field", "expected"),
    [
        ("a\n90\n\n 1.5 \n", "'a'", [90.0, 1.5]),
        ("a\n1500\n", "{ path = 'a', unit = 'ms' }", [1.5]),
        ("a\n1.5\n", "{ path = 'a', unit = 'min' }", [90.0]),
        ("a\n0.5\n", "{ path = 'a', unit = 'h' }", [1800.0]),
        ("a\n1:02:03\n100:00:00\n", "{ path = 'a', unit = 'HH:MM:SS' }", [3723.0, 360_000.0]),
        ("a\n00:15\n", "{ path = 'a', unit = 'H:MM' }", [900.0]),
        ("a\n03:20\n", "{ path = 'a', unit = 'MM:SS' }", [200.0]),
        ('a\n"1.234,5"\n', "{ path = 'a', decimal = ',', thousands = '.' }", [1234.5]),
        ("a,b\n10,5\n10,\nn/a,n/a\n", "{ sum = ['a', 'b'] }", [15.0, 10.0, None]),
        ("a,b\n0:10,0:05\n", "{ sum = ['a', 'b'], unit = 'MM:SS' }", [15.0]),
        ("a,b\n10,4\n", "{ difference = ['a', 'b'] }", [6.0]),
        ("a,b\n12:00:30,11:59:00\n", "{ difference = ['a', 'b'], format = '%H:%M:%S' }", [90.0]),
        ("a,b\nn/a,7\n3,7\n", "{ path = 'a', fallback = 'b' }", [7.0, 3.0]),
        ("a,b\n0,1\n", "{ path = 'a', null_values = ['0'] }", [None]),
        ("a,b\nn/a,1\n", "{ path = 'a', default = 5 }", [5.0]),
        (
            "a,b\nx,1\ny,2\n",
            "{ rules = [{ eq = { a = 'x' }, then = { path = 'b' } }, { then = 9 }] }",
            [1.0, 9.0],
        ),
        ("a,b\nx,1\ny,2\n", "{ rules = [{ eq = { a = 'x' }, then = { path = 'b' } }] }", [1.0, None]),
        ("a,b\nC,5\nD,5\n", "{ path = 'b', negative_when = { eq = { a = 'C' } } }", [-5.0, 5.0]),
    ],
)
def test_numbers(tmp_path: Path, content: str, field: str, expected: list[object]) -> None:
    assert values(tmp_path, content, field) == expected


@pytest.mark.parametrize(
    ("content", "field", "expected"),
    [
        ("a,b\n7,x\n", "{ parts = ['a', 'b'] }", ["7-x"]),
        ("a,b\n7,\nn/a,n/a\n", "{ parts = ['a', 'b'], separator = ':' }", ["7:", None]),
        ("a\n7\n", "{ path = 'a', prefix = 'zd:' }", ["zd:7"]),
        ("a\n7\n", "{ const = 'voice' }", ["voice"]),
        ("a\nV\nX\n", "{ path = 'a', map = { V = 'voice' }, default = 'other' }", ["voice", "other"]),
        ("a\nV\nX\n", "{ path = 'a', map = { V = 'voice' }, on_unknown = 'keep' }", ["voice", "X"]),
        ("a,b\n1,\n,1\n", "{ rules = [{ present = 'a', then = 'a' }, { missing = ['a'], then = 'b' }] }", ["a", "b"]),
        ("a,b\n1,\n3,\n", "{ rules = [{ gt = { a = 2 }, then = 'big' }, { lt = { a = 2 }, then = 'small' }] }", ["small", "big"]),
        ("a,b\np,\nq,\n", "{ rules = [{ in = { a = ['p'] }, then = 'p' }, { ne = { a = 'p' }, then = 'no' }] }", ["p", "no"]),
        ("a,b\nTrue,\nfalse,\n", "{ rules = [{ eq = { a = true }, then = 'yes' }, { then = 'no' }] }", ["yes", "no"]),
    ],
)  # fmt: skip
def test_texts(tmp_path: Path, content: str, field: str, expected: list[object]) -> None:
    assert values(tmp_path, content, field, "queue") == expected


@pytest.mark.parametrize(
    ("text", "verbs", "expected"),
    [
        ("2025-04-01 09:00", "", "2025-04-01 07:00"),
        ("2025-04-01T09:00:00Z", "", "2025-04-01 09:00"),
        ("2025-04-01 09:00:00+05:30", "", "2025-04-01 03:30"),
        ("2025-04-01 09:00:00.000 UTC", "", "2025-04-01 09:00"),
        ("2025-04-01 09:00", ", tz = 'UTC'", "2025-04-01 09:00"),
        ("01-04-2025 9.05", ", format = '%d-%m-%Y %H.%M'", "2025-04-01 07:05"),
        ("2025-04-01 09:00 +0000", ", format = '%Y-%m-%d %H:%M %z'", "2025-04-01 09:00"),
        ("1743498000", ", format = 'epoch_seconds'", "2025-04-01 09:00"),
        ("1743498000500", ", format = 'epoch_milliseconds'", "2025-04-01 09:00:00.5"),
    ],
)
def test_times_become_utc(tmp_path: Path, text: str, verbs: str, expected: str) -> None:
    field = f"{{ path = 'a'{verbs} }}"
    assert values(tmp_path, f"a\n{text}\n", field, "started_at") == [pd.Timestamp(expected, tz="UTC")]


def test_a_date_and_a_time_column_join(tmp_path: Path) -> None:
    field = "{ date = 'a', time = 'b', format = '%y%m%d %H:%M:%S', tz = 'Asia/Jerusalem' }"
    found = values(tmp_path, "a,b\n990101,0:00:31\n", field, "started_at")
    assert found == [pd.Timestamp("1998-12-31 22:00:31", tz="UTC")]


@pytest.mark.parametrize(("rule", "repeated", "skipped"), [("first", "00:30", "01:30"), ("second", "01:30", "00:30")])
def test_clock_changes_follow_the_declared_rule_and_are_counted(
    tmp_path: Path, rule: str, repeated: str, skipped: str
) -> None:
    content = "a\n2025-10-26 02:30\n2025-03-30 02:30\n2025-10-26 03:00\n2025-10-26 01:59\n"
    result = mapped(tmp_path, content, f"clock_change = '{rule}'\n[columns]\nstarted_at = 'a'")
    found = frame_of(result)["started_at"].dt.strftime("%m-%d %H:%M").tolist()
    assert found == [f"10-26 {repeated}", f"03-30 {skipped}", "10-26 02:00", "10-25 23:59"]
    assert result.clock_changes == 2


def test_a_call_over_a_clock_change_has_its_true_length(tmp_path: Path) -> None:
    content = "a,b\n2025-03-30 01:59:30,2025-03-30 03:00:30\n"
    assert values(tmp_path, content, "{ difference = ['b', 'a'], format = 'iso' }") == [60.0]


def test_days_of_23_and_25_hours_hold_so_many(tmp_path: Path) -> None:
    content = "a\n2025-03-30 00:00\n2025-03-31 00:00\n2025-10-26 00:00\n2025-10-27 00:00\n"
    moments = values(tmp_path, content, "'a'", "started_at")
    hours = [(later - earlier).total_seconds() / 3600 for earlier, later in (moments[:2], moments[2:])]  # type: ignore[operator]
    assert hours == [23, 25]


def test_dates_months_flags_and_money(tmp_path: Path) -> None:
    content = 'd,m,x\n31.12.2024,2024-12,"1.234,56"\n20.01.2025,2025-01,"-0,10"\n'
    result = mapped(
        tmp_path,
        content,
        "decimal = ','\nthousands = '.'\n[columns]\nposted_on = { path = 'd', format = '%d.%m.%Y' }\nperiod = 'm'\namount = 'x'",
        table="costs",
    )
    frame = frame_of(result)
    assert [str(day)[:10] for day in frame["posted_on"]] == ["2024-12-31", "2025-01-20"]
    assert [str(day)[:10] for day in frame["period"]] == ["2024-12-01", "2025-01-01"]
    assert [float(amount) for amount in frame["amount"]] == [1234.56, -0.1]
    assert frame["amount"].iloc[0] == Decimal("1234.56")
    assert values(tmp_path, "a\nYes\nfalse\n0\n", "'a'", "resolved") == [True, False, False]
    assert values(tmp_path, "a\n20250131\n", "{ path = 'a', format = '%Y%m%d' }", "period", "costs") == [
        pd.Timestamp("2025-01-01").date()
    ]
    assert values(tmp_path, "a\n7:30\n", "{ path = 'a', unit = 'H:MM' }", "hours", "hours") == [7.5]


def test_debit_and_credit_make_a_signed_amount(tmp_path: Path) -> None:
    found = values(tmp_path, "a,b\n100.10,\n,0.05\n", "{ difference = ['a', 'b'] }", "amount", "costs")
    assert found == [Decimal("100.1"), Decimal("-0.05")]


@pytest.mark.parametrize(
    ("column", "field", "text", "rule"),
    [
        ("started_at", "'a'", "2025-02-30", "must be a point in time, of the years 1990 to 2099"),
        (
            "started_at",
            "{ path = 'a', format = '%d-%m-%Y' }",
            "2025-02-01",
            "must be a point in time written as %d-%m-%Y, of the years 1990 to 2099",
        ),
        ("handle_seconds", "'a'", "1,5", "must be seconds"),
        ("handle_seconds", "{ path = 'a', decimal = ',' }", "1.5", "must be seconds"),
        ("handle_seconds", "{ path = 'a', thousands = '.', decimal = ',' }", "1.23", "must be seconds"),
        (
            "handle_seconds",
            "{ path = 'a', unit = 'HH:MM:SS' }",
            "12:61:00",
            "must be seconds written as HH:MM:SS",
        ),
        ("transfers", "'a'", "1.5", "must be a whole number"),
        ("resolved", "'a'", "perhaps", "must be true or false"),
        ("channel", "{ path = 'a', map = { V = 'voice', C = 'chat' } }", "X", "must be one of V, C"),
    ],
)
def test_what_does_not_parse_goes_to_quarantine_with_its_text(
    tmp_path: Path, column: str, field: str, text: str, rule: str
) -> None:
    result = mapped(tmp_path, f'a,b\n"{text}",1\n,1\n', f"[columns]\n{column} = {field}")
    assert result.set_aside.rows.to_dict("records") == [
        {"table": "contacts", "row": "calls.csv:2", "column": column, "rule": rule, "value": text}
    ]
    assert frame_of(result)["_row"].tolist() == [3]


def test_an_unknown_value_can_be_an_error(tmp_path: Path) -> None:
    field = "{ path = 'a', map = { chat = 'chat', email = 'email', voice = 'voice' }, on_unknown = 'error' }"
    message = refusal(tmp_path, f"[columns]\nchannel = {field}", "a\nvoice\nvocie\nvocie\n")
    assert message == (
        "`contacts.channel` must be one of chat, email, voice, got 'vocie' in 2 rows (first: calls.csv:3). "
        "Did you mean 'voice'?"
    )


def test_problems_of_a_branch_not_taken_do_not_count(tmp_path: Path) -> None:
    field = "{ rules = [{ eq = { a = 'x' }, then = { path = 'b' } }, { then = 1 }] }"
    result = mapped(tmp_path, "a,b\ny,junk\nx,junk\n", f"[columns]\nhandle_seconds = {field}")
    assert result.set_aside.rows["row"].tolist() == ["calls.csv:3"]


OUTCOMES = "outcome = { rules = [{ gt = { talk = 0 }, then = 'answered' }, { then = 'abandoned' }] }"


@pytest.mark.parametrize(
    ("stated", "long", "none"),
    [
        ("talk_seconds = { path = 'talk', unit = 'HH:MM:SS' }", "00:03:20", "00:00:00"),
        ("talk_seconds = { path = 'talk', unit = 'H:MM' }", "0:03", "0:00"),
        ("talk_seconds = { path = 'talk', decimal = ',' }", "3,5", "0,0"),
        ("handle_seconds = { sum = ['talk', 'hold'], unit = 'MM:SS' }", "03:20", "00:00"),
        ("handle_seconds = { rules = [{ then = { path = 'talk', unit = 'MM:SS' } }] }", "03:20", "00:00"),
        ("", "200", "0"),
    ],
)
def test_conditions_compare_what_their_column_is_read_as(tmp_path: Path, stated: str, long: str, none: str) -> None:
    """A talk of 00:03:20 is longer than none: the call was answered."""
    content = f'talk,hold\n"{long}","{none}"\n"{none}","{none}"\n,\n'
    frame = frame_of(mapped(tmp_path, content, f"[columns]\n{OUTCOMES}\n{stated}"))
    assert frame["outcome"].tolist() == ["answered", "abandoned"]


def test_what_cannot_be_compared_is_set_aside(tmp_path: Path) -> None:
    result = mapped(tmp_path, "talk,id\n00:03:20,1\n12,2\n,3\n", f"[columns]\ncontact_id = 'id'\n{OUTCOMES}")
    assert result.set_aside.rows[["row", "column", "rule", "value"]].to_numpy().tolist() == [
        ["calls.csv:2", "outcome", "must be a number in `talk` to be compared", "00:03:20"]
    ]
    assert frame_of(result)["outcome"].tolist() == ["answered", "abandoned"]


def test_exclude_compares_what_its_column_is_read_as(tmp_path: Path) -> None:
    mapping = "exclude = [{ lt = { talk = 5 } }]\n[columns]\ntalk_seconds = { path = 'talk', unit = 'MM:SS' }"
    result = mapped(tmp_path, "talk\n00:04\n00:06\n01:00\n", mapping)
    assert frame_of(result)["talk_seconds"].tolist() == [6.0, 60.0]


def test_exclude_and_dedupe_count_what_they_leave_out(tmp_path: Path) -> None:
    content = "id,kind,at,n\n1,A,2025-01-01,9\n1,A,2025-01-02,10\n2,TEST,2025-01-01,1\n,A,x,1\n,A,x,1\n"
    result = mapped(
        tmp_path,
        content,
        "exclude = [{ eq = { kind = 'TEST' } }]\ndedupe = { key = 'id', keep_max = 'n' }\n[columns]\ncontact_id = 'id'",
    )
    assert frame_of(result)["_row"].tolist() == [3, 5, 6]
    assert result.excluded == {"calls.csv": 2}


def test_the_same_day_exported_twice_counts_once(tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text("id\n1\n2\n", encoding="utf-8")
    stated = mapping_from(
        tomllib.loads("dedupe = { key = ['id'] }\n[columns]\ncontact_id = 'id'"), "calls.toml", "contacts"
    )
    source = read_files(ENGINE, [tmp_path / "a.csv", tmp_path / "b.csv"], stated.form)
    result = apply_mapping(ENGINE, stated, source, "UTC", tmp_path)
    assert frame_of(result)["_file"].tolist() == ["a.csv", "a.csv"]
    assert result.excluded == {"a.csv": 0, "b.csv": 2}


def test_a_join_brings_columns_and_never_multiplies_rows(tmp_path: Path) -> None:
    accounts = tmp_path / "accounts.csv"
    accounts.write_text("code,type\n10,salaries\n20,telecom\n", encoding="utf-8")
    mapping = "[joins.accounts]\nfiles = 'accounts.csv'\non = 'a'\nkey = 'code'\n[columns]\nqueue = 'accounts.type'"
    assert frame_of(mapped(tmp_path, "a\n10\n30\n10\n", mapping))["queue"].tolist()[::2] == [
        "salaries",
        "salaries",
    ]
    accounts.write_text("code,type\n10,salaries\n20,x\n10,telecom\n", encoding="utf-8")
    assert refusal(tmp_path, mapping, "a\n10\n") == (
        "`accounts.csv` must have one row per `code`, got 2 rows with '10' (rows 2 and 4): "
        "the join `accounts` would multiply rows. Leave only one of them."
    )
    unstated = mapping.replace("files = 'accounts.csv'\n", "")
    assert refusal(tmp_path, unstated, "a\n10\n") == (
        "calls.toml, `joins.accounts`: no file is stated. Name it in cpc.toml: "
        '[tables.contacts.joins.accounts] files = "…".'
    )


def test_paths_into_json(tmp_path: Path) -> None:
    record = {
        "id": 7,
        "via": {"channel": "web"},
        "people": [
            {"role": "customer", "metrics": []},
            {
                "role": "agent",
                "name": "ida",
                "metrics": [{"name": "t", "value": 1500}, {"name": "u", "value": 9}],
            },
            {"role": "agent", "name": "bo", "metrics": [{"name": "t", "value": 500}]},
        ],
    }
    mapping = """
[columns]
contact_id = "id"
channel = "via.channel"
team = "people.0.role"
agent_id = { path = "people.*", where = { role = "agent" }, value = "name", agg = "last" }
handle_seconds = { path = "people.*.metrics.*", where = { name = "t" }, value = "value", agg = "sum", unit = "ms" }
transfers = { path = "people.*", where = { role = "agent" }, value = "name", agg = "count" }
talk_seconds = { path = "people.*.metrics.*.value", agg = "max", unit = "ms" }
site = "not.there"
"""
    row = frame_of(mapped(tmp_path, json.dumps(record) + "\n", mapping, "calls.jsonl")).iloc[0]
    assert row[["contact_id", "channel", "team", "agent_id"]].tolist() == ["7", "web", "customer", "bo"]
    assert row[["handle_seconds", "transfers", "talk_seconds"]].tolist() == [2.0, 2, 1.5]
    assert pd.isna(row["site"])


def test_parquet_columns_need_no_parsing(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "id": [1.0, 2.0],
            "at": pd.to_datetime(["2025-04-01 09:00", "2025-04-01 10:00"]),
            "utc": pd.to_datetime(["2025-04-01 09:00", "2025-04-01 10:00"], utc=True),
            "ms": [1500, 2500],
            "ok": [True, False],
        }
    )
    frame.to_parquet(tmp_path / "calls.parquet")
    text = "[columns]\nwait_seconds = { difference = ['utc', 'at'] }\ncontact_id = 'id'\nstarted_at = 'at'\nended_at = 'utc'\nhandle_seconds = { path = 'ms', unit = 'ms' }\nresolved = 'ok'"
    stated = mapping_from(tomllib.loads(text), "calls.toml", "contacts")
    source = read_files(ENGINE, [tmp_path / "calls.parquet"], stated.form)
    found = frame_of(apply_mapping(ENGINE, stated, source, "Europe/Copenhagen", tmp_path))
    assert found["contact_id"].tolist() == ["1", "2"]
    assert found["started_at"].dt.hour.tolist() == [7, 8]
    assert found["ended_at"].dt.hour.tolist() == [9, 10]
    assert found["handle_seconds"].tolist() == [1.5, 2.5]
    assert found["wait_seconds"].tolist() == [7200.0, 7200.0]
    assert found["resolved"].tolist() == [True, False]


def test_people_are_hashed_and_masked(tmp_path: Path) -> None:
    content = (
        "who,agent,line,junk\n4512345678,ida@example.com,Ida,x bo@example.com\n4512345678,+45 12 34 56 78,bo,\n0,,,\n"
    )
    mapping = """
[columns]
customer_id = { path = "who", null_values = ["0"] }
agent_id = "agent"
handle_seconds = "junk"
[dimensions]
line = { path = "line", hash = true }
"""
    result = mapped(tmp_path, content, mapping)
    assert result.set_aside.rows["value"].tolist() == ["x [e-mail]"]
    frame = frame_of(result)
    assert frame["customer_id"].str.fullmatch("[0-9a-f]{16}").tolist()[0] is True
    assert pd.isna(frame["customer_id"].iloc[1])
    assert frame["agent_id"].str.fullmatch("[0-9a-f]{16}").tolist()[0] is True
    assert frame["·line"].iloc[0] != "bo"


def test_a_hash_inside_a_field_has_the_salt_too(tmp_path: Path) -> None:
    found = values(tmp_path, "a,b\n7,x\n", "{ parts = [{ path = 'a', hash = true }, 'b'] }", "queue")
    assert str(found[0]).endswith("-x") and len(str(found[0])) == 18


def test_the_salt_makes_the_pseudonym(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = values(tmp_path, "a\n7\n", "'a'", "customer_id")
    again = values(tmp_path, "a\n7\n", "'a'", "customer_id")
    monkeypatch.setenv("CPC_SALT", "another")
    other = values(tmp_path, "a\n7\n", "'a'", "customer_id")
    assert one == again != other
    assert values(tmp_path, "a\n7\n", "{ path = 'a', hash = false }", "customer_id") == ["7"]


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 10**6)), min_size=1, max_size=20), st.randoms())
def test_order_of_rows_changes_no_value(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[int, int]], random
) -> None:  # type: ignore[no-untyped-def]
    folder = tmp_path_factory.mktemp("order")
    mapping = "[columns]\ncontact_id = 'a'\nhandle_seconds = { path = 'b', unit = 'ms' }"
    shuffled = random.sample(rows, len(rows))
    results = []
    for order in (rows, shuffled):
        content = "a,b\n" + "".join(f"{a},{b}\n" for a, b in order)
        results.append(
            sorted(frame_of(mapped(folder, content, mapping))[["contact_id", "handle_seconds"]].values.tolist())
        )
    assert results[0] == results[1]


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ("delimeter = ';'", "calls.toml: there is no setting 'delimeter'. Did you mean 'delimiter'?"),
        ("[columns]\nhandle_second = 'a'", "calls.toml: there is no column of `contacts` 'handle_second'. Did you mean 'handle_seconds'?"),
        ("[columns]\nqueue = { pth = 'a' }", "calls.toml, `queue`: there is no verb 'pth'. Did you mean 'path'?"),
        ("[columns]\nqueue = 'aa'", "calls.toml, `queue`: there is no column of `calls.csv` 'aa'. Did you mean 'a'?"),
        ("exclude = [{ eq = { kind = 1 } }]", "calls.toml, `exclude`: there is no column of `calls.csv` 'kind'. Known are a, b."),
        ("[columns]\nqueue = { path = 'a', const = 'b' }", "calls.toml, `queue` must have exactly one of path, parts, const, file, date, sum, difference, rules, got path and const."),
        ("[columns]\nqueue = { prefix = 'b' }", "calls.toml, `queue` must have exactly one of path, parts, const, file, date, sum, difference, rules, got none."),
        ("[columns]\nqueue = 3", "calls.toml, `queue` must be a column's name or a table of verbs, got '3'."),
        ("[columns]\nqueue = { path = 3 }", "calls.toml, `queue`: `path` must be text, got '3'."),
        ("[columns]\nstarted_at = { date = 'a' }", "calls.toml, `started_at`: `date` and `time` go together, got only one of them."),
        ("[columns]\nwait_seconds = { path = 'a', unit = 'sec' }", "calls.toml, `wait_seconds`: there is no `unit` 'sec'. Known are ms, s, min, h, d, HH:MM:SS, H:MM, MM:SS."),
        ("[columns]\nstarted_at = { path = 'a', tz = 'Europe/Kopenhagen' }", "calls.toml, `started_at`: `tz` must be a zone of the tz database such as Europe/Copenhagen, got 'Europe/Kopenhagen'."),
        ("[columns]\nstarted_at = { path = 'a', format = '%Q' }", "calls.toml, `started_at`: `format` must be iso, epoch_seconds, epoch_milliseconds, excel, excel_1904 or as for strptime, such as %d-%m-%Y %H:%M:%S, got '%Q'."),
        ("[columns]\nqueue = { rules = [{ eq = { a = 1 } }] }", "calls.toml, `queue`: each of `rules` must have `then`, got {'eq': {'a': 1}}."),
        ("[columns]\nqueue = { rules = [{ eqq = { a = 1 }, then = 1 }] }", "calls.toml, `queue`: there is no verb 'eqq'. Did you mean 'eq'?"),
        ("[dimensions]\nqueue = 'a'", "calls.toml: 'queue' is a column of `contacts`. Move it to [columns]."),
        ("table = 'costs'", "calls.toml makes the table `costs`, got it for `contacts`."),
        ("[columns]\nqueue = { path = 'a.*.b' }", "calls.toml, `queue`: the path 'a.*.b' has many values. State `agg`."),
        ("[columns]\nqueue = { path = 'a', map = {} }", "calls.toml, `queue`: `map` must not be empty."),
        ("[columns]\nqueue = { parts = [] }", "calls.toml, `queue`: `parts` must not be empty."),
        ("exclude = [{ in = { a = 'x' } }]", "calls.toml, `exclude`: `in` must have a list for 'a', got 'x'."),
        ("exclude = [{ gt = { a = 'x' } }]", "calls.toml, `exclude`: `gt` must have a number for 'a', got 'x'."),
        ("delimiter = '||'", "calls.toml: `delimiter` must be one ASCII character, got '||'."),
        ("header = '2'", "calls.toml: `header` must be a number, got '2'."),
        ("header = 0", "calls.toml: `header` must be the line that names the columns, got 0."),
        ("exclude = 'x'", "calls.toml: `exclude` must be a list, got 'x'."),
        ("dedupe = { keep_max = 'a' }", "calls.toml, `dedupe` must have `key`, the columns that make a row unique."),
    ],
)  # fmt: skip
def test_wrong_mappings_say_what_to_do(tmp_path: Path, mapping: str, message: str) -> None:
    assert refusal(tmp_path, mapping) == message


def test_unknown_names_are_key_errors_too(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError) as raised:
        mapped(tmp_path, "a\n1\n", "[columns]\nqueue = 'b'")
    assert isinstance(raised.value, KeyError)


@pytest.mark.parametrize("name", sorted(shipped_mappings()))
def test_shipped_mappings_are_whole(name: str) -> None:
    stated = tomllib.loads(shipped_mappings()[name].read_text(encoding="utf-8"))
    mapping = mapping_from(stated, name, stated["table"])
    required = {column.name for column in TABLES[stated["table"]].columns if column.required}
    assert required <= set(mapping.columns)


def test_closed_tables_take_no_dimensions(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match=r"calls.toml: `costs` takes no dimensions, got 'region'."):
        mapped(tmp_path, "a\n1\n", "[dimensions]\nregion = 'a'", table="costs")


@pytest.mark.parametrize(
    ("field", "column", "words"),
    [("{ difference = ['a', 'b'] }", "started_at", "a point in time and cannot be a `difference`"),
     ("{ sum = ['a', 'b'] }", "channel", "text and cannot be a `sum`"),
     ("{ rules = [{ then = { sum = ['a', 'b'] } }] }", "queue", "text and cannot be a `sum`")],
)  # fmt: skip
def test_only_numbers_are_added_up(tmp_path: Path, field: str, column: str, words: str) -> None:
    said = refusal(tmp_path, f"[columns]\n{column} = {field}")
    assert said == f"calls.toml, `{column}` is {words}: only numbers and durations can."
