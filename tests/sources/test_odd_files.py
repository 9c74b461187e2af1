"""Files as they really come: what nobody reads refuses no file, what must be stated is named, nothing is lost."""

# ruff: noqa: E501 - tables of cases and messages read better unbroken

from __future__ import annotations

import datetime as dt
import gzip
import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import cpc_analysis as cpc
from cpc_analysis.engine import Engine
from cpc_analysis.errors import CpcError, UnreadableFileError
from cpc_analysis.sources.files import FileFormat, read_files
from cpc_analysis.sources.parts import unreadable
from cpc_analysis.sources.project import open_project
from cpc_analysis.tables.naming import given_names

CALLS = (
    "contact_id,started_at,channel,direction,outcome,handle_seconds\n"
    "1,2025-04-01 10:00,voice,in,answered,300\n"
    "2,2025-04-30 10:00,voice,in,answered,200\n"
)
PROJECT = '[project]\ncurrency = "DKK"\ntimezone = "Europe/Copenhagen"\n[tables.contacts]\n'
RECORD = '"started_at": "2025-04-01 10:00", "channel": "voice", "direction": "in", "outcome": "answered"'
Content = str | bytes | Callable[[Path], object]


@pytest.fixture(autouse=True)
def _salt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CPC_SALT", "salt of the tests")


def opened(folder: Path, files: dict[str, Content], contacts: str = 'files = "c.csv"') -> cpc.Dataset:
    """A project of some files of contacts."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if callable(content):
            content(path)
        else:
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
    (folder / "cpc.toml").write_text(PROJECT + contacts + "\n", encoding="utf-8")
    return open_project(folder)


def counted(data: cpc.Dataset) -> tuple[int, int, int, int]:
    """Contacts read, accepted, set aside and excluded."""
    report = data.check()
    read = sum(data.reading.read["contacts"].values())
    return read, report.accepted["contacts"], report.set_aside["contacts"], report.excluded.get("contacts", 0)


def refusal(folder: Path, files: dict[str, Content], contacts: str = 'files = "c.csv"') -> str:
    """What a project of some files says."""
    with pytest.raises(CpcError) as raised:
        opened(folder, files, contacts)
    return str(raised.value)


def values(data: cpc.Dataset, column: str) -> list[object]:
    """A column of the accepted contacts in the order of their ids, missing ones as None."""
    frame = given_names(data.engine.fetch(data.on_engine("contacts").order_by("contact_id")))
    return [None if pd.isna(value) else value for value in frame[column]]


def zipped(**members: str | bytes) -> Callable[[Path], object]:
    def write(path: Path) -> None:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in members.items():
                archive.writestr(name, content)

    return write


def workbook(lines: list[list[object]], far: str = "", value: object = None) -> bytes:
    """A workbook of some lines, and a cell far off from them: formatted only, or with a value."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    sheet = book.add_worksheet()
    for number, line in enumerate(lines):
        sheet.write_row(number, 0, line)
    if far and value is None:
        sheet.write_blank(far, None, book.add_format({"bg_color": "red"}))
    elif far:
        sheet.write(far, value)
    book.close()
    return stream.getvalue()


def parquet(**columns: object) -> Callable[[Path], object]:
    usual = {
        "contact_id": ["1", "2"], "started_at": ["2025-04-01 10:00", "2025-04-30 10:00"], "channel": ["voice"] * 2,
        "direction": ["in"] * 2, "outcome": ["answered"] * 2,
    }  # fmt: skip
    return lambda path: pq.write_table(pa.table(usual | columns), path)


@pytest.mark.parametrize(
    "content",
    [
        "sep=;\r\n" + CALLS.replace(",", ";"),
        '"sep=;"\r\n' + CALLS.replace(",", ";"),
        ("sep=\t\r\n" + CALLS.replace(",", "\t")).encode("utf-16"),
        CALLS.replace("\n", ",\n"),
        CALLS.replace("300\n", "300,\n").replace("200\n", "200,\n"),
        CALLS.replace("seconds\n", "seconds,\n"),
        CALLS.replace("300\n", "300,\n"),
        CALLS.replace("seconds\n", "seconds,,,\n").replace("300\n", "300,\n"),
        CALLS.replace("seconds\n", "seconds,x,x\n").replace("300\n", "300,7,8\n").replace("200\n", "200,7,8\n"),
        CALLS.replace("seconds\n", "seconds,Channel\n").replace("300\n", "300,x\n").replace("200\n", "200,y\n"),
        CALLS.replace("\n", "\r"),
        b"\xef\xbb\xbf\xef\xbb\xbf" + CALLS.encode(),
        CALLS.replace("seconds\n", "seconds,screen\n").replace("300\n", '300,5" x\n').replace("200\n", "200,y\n"),
    ],
)
def test_odd_delimited_files_are_read_whole(tmp_path: Path, content: Content) -> None:
    data = opened(tmp_path, {"c.csv": content})
    assert counted(data) == (2, 2, 0, 0)
    assert values(data, "handle_ms") == [300_000, 200_000]


def test_a_field_beyond_the_header_is_not_dropped(tmp_path: Path) -> None:
    data = opened(tmp_path, {"c.csv": CALLS.replace("300\n", "300,\n").replace("200\n", "200,note\n")})
    assert counted(data) == (2, 1, 1, 0)
    assert data.quarantine[["row", "rule", "value"]].values.tolist() == [
        ["c.csv:3", "must have 6 fields", "2,2025-04-30 10:00,voice,in,answered,200,note"]
    ]


@pytest.mark.parametrize(
    ("content", "settings", "message"),
    [
        (CALLS.replace(",", ";"), "", "`c.csv` has 1 column when it is read with the delimiter ',', and 6 with ';'. State delimiter = \";\"."),
        (CALLS.replace(",", "\t"), "", "`c.csv` has 1 column when it is read with the delimiter ',', and 6 with '\\t'. State delimiter = \"\\t\"."),
        (CALLS, "delimiter = ';'", "`c.csv` has 1 column when it is read with the delimiter ';', and 6 with ','. State delimiter = \",\"."),
        ("Report of April\n\n" + CALLS, "", "`c.csv` names 1 of 6 columns in line 1. Where line 3 names them, state header = 3; else name each of them."),
        ("Report,April,,,,\n" + CALLS, "", "`c.csv` names 2 of 6 columns in line 1. Where line 2 names them, state header = 2; else name each of them."),
        ("\n" + CALLS, "", "`c.csv` names 0 of 6 columns in line 1. Where line 2 names them, state header = 2; else name each of them."),
        (CALLS.replace("seconds\n", "seconds,channel\n").replace("300\n", "300,x\n").replace("200\n", "200,x\n"), "",
         "cpc.toml, [tables.contacts], `channel`: `c.csv` must name the column 'channel' once, got it several times. Name them apart in the export."),
        (CALLS.encode("utf-16-le"), "", '`c.csv` is UTF-16 without its mark. State encoding = "utf-16-le".'),
        ('"contact_id,started_at\n' + "1,2\n" * 100, "", "`c.csv` has a header of many lines: a quote is opened and never closed, or `quote` is not the file's."),
        (CALLS + '3,2025-04-30 10:00,voice,in,answered,"9\n' + CALLS, "", "`c.csv` has a last record of many lines, which begins in line 4: a quote is opened and never closed, or `quote` is not the file's."),
        (workbook([["id"], ["1"]]), "", '`c.csv` is an Excel workbook, not delimited text. State format = "excel".'),
        (gzip.compress(CALLS.encode()), "", "`c.csv` is gzip data, not delimited text. Name it with the ending .gz, or unpack it."),
        ("<html><table><tr><td>a", "", "`c.csv` is an HTML page, not delimited text. Open it in Excel and save it as .xlsx, or export it again: a page may also ask to sign in."),
        ('[{"a": 1}]', "", '`c.csv` is JSON, not delimited text. State format = "json".'),
        ('{"a": 1}\n{"a": 2}\n', "", '`c.csv` is JSON, not delimited text. State format = "jsonl".'),
        ('[{"a": 1},\n{"a": 2}]', 'format = "jsonl"', '`c.csv` is one JSON document, not lines of JSON. State format = "json".'),
        (CALLS, "names = ['contact_id', 'started_at']", "`c.csv` must have as many columns as `names` states, 2, got 6. Mend `names`."),
        (CALLS, "names = ['a', 'b', 'c', 'd', 'e', 'f', 'g']", "`c.csv` must have as many columns as `names` states, 7, got 6. Mend `names`."),
        (CALLS, "names = ['a']\nheader = 2", "cpc.toml, [tables.contacts]: `names` is for files without a header, got `header` beside it. Leave one."),
        (CALLS, "decimal = ','\nthousands = ','", "cpc.toml, [tables.contacts]: `decimal` and `thousands` must differ, got ',' for both."),
        (CALLS, "exclude = [{ eq = { channel = ['voice'] } }]", "cpc.toml, [tables.contacts], `exclude`: `eq` must have one value for 'channel', got ['voice']. Use `in`."),
        (CALLS, "columns = { queue = { file = 'calls' } }", "cpc.toml, [tables.contacts], `queue`: `file` must be a pattern with one group, such as 'calls-(\\d{4}-\\d{2})', got 'calls'."),
    ],
)  # fmt: skip
def test_what_must_be_stated_is_named(tmp_path: Path, content: Content, settings: str, message: str) -> None:
    assert refusal(tmp_path, {"c.csv": content}, f'files = "c.csv"\n{settings}') == message


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("c.xls", CALLS.replace(",", "\t"), '`c.xls` is text, not an Excel workbook. State format = "tsv".'),
        ("c.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") + bytes(600), "`c.xlsx` is locked by a password. Save it without one."),
        ("c.zip", zipped(), "`c.zip` holds no files. Pack it again, with the files."),
        ("c.zip", zipped(**{"a.zip": b"PK"}), "`c.zip/a.zip` is packed twice, a file of files inside of one. Unpack it once."),
        ("c.zip", zipped(**{"a.csv": bytes(300_000_000)}), "`c.zip/a.csv` unpacks to more than 200 times its size, which no export does. Unpack it yourself if it is what you expect."),
        ("c.json.gz", gzip.compress(b" " * 300_000_000), "`c.json.gz` unpacks to more than 200 times its size, which no export does. Unpack it yourself if it is what you expect."),
        ("c.json", "[" * 100_000, "`c.json` is nested too deeply to be read. Export it again, flatter."),
        ("c.pdf", b"%PDF-1.7", "The ending of `c.pdf` means none of the formats csv, tsv, excel, parquet, jsonl, json. State `format`."),
    ],
)  # fmt: skip
def test_packed_and_mislabelled_files_are_said_in_a_sentence(
    tmp_path: Path, name: str, content: Content, message: str
) -> None:
    assert refusal(tmp_path, {name: content}, f'files = "{name}"') == message


def test_a_zip_that_a_password_locks(tmp_path: Path) -> None:
    zipped(**{"a.csv": CALLS})(tmp_path / "c.zip")
    locked = bytearray((tmp_path / "c.zip").read_bytes())
    locked[6] |= 1
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    message = "`c.zip/a.csv` is locked by a password. Unpack it, or pack it without one."
    assert refusal(tmp_path, {"c.zip": bytes(locked)}, 'files = "c.zip"') == message


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_in_a_zip(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as archive:
        archive.writestr("a.csv", CALLS)
        archive.writestr("a.csv", CALLS.replace("\n1,", "\n3,"))
    message = "`c.zip` holds 2 files named `a.csv`, of which only one could be read. Pack it again, each under a name of its own."
    assert refusal(tmp_path, {}, 'files = "c.zip"') == message


@pytest.mark.skipif(os.name != "posix", reason="names of files as bytes")
def test_names_of_files_that_no_encoding_reads_stay_apart(tmp_path: Path) -> None:
    for number, last in enumerate((b"\xfe", b"\xff")):
        path = Path(os.fsdecode(os.fsencode(tmp_path / "a") + last + b".csv"))
        path.write_text(CALLS.replace("\n1,", f"\n{number}1,").replace("\n2,", f"\n{number}2,"), encoding="utf-8")
    data = opened(tmp_path, {}, 'files = "*.csv"')
    assert counted(data) == (4, 4, 0, 0)
    assert sorted(data.check().files["file"]) == ["a\\udcfe.csv", "a\\udcff.csv"]


def test_a_file_named_twice_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text(CALLS, encoding="utf-8")
    found = read_files(Engine.inside(), [tmp_path / "c.csv"] * 2)
    assert found.read == {"c.csv": 2}


def test_what_programs_leave_beside_files_is_passed_over(tmp_path: Path) -> None:
    book = workbook([line.split(",") for line in CALLS.splitlines()])
    junk = {
        "__MACOSX/._a.csv": b"\x00\x05",
        ".DS_Store": b"x",
        "Thumbs.db": b"y",
        "a.csv": CALLS.replace("\n1,", "\n3,").replace("\n2,", "\n4,"),
    }
    data = opened(tmp_path, {"c.xlsx": book, "~$c.xlsx": b"\x05Owner"}, 'files = "*.xlsx"')
    assert counted(data) == (2, 2, 0, 0)
    assert counted(opened(tmp_path, {"c.zip": zipped(**junk)}, 'files = "c.zip"')) == (2, 2, 0, 0)
    assert counted(opened(tmp_path, {"b.zip": zipped(**{"a.xlsx": book})}, 'files = "b.zip"')) == (2, 2, 0, 0)


def test_files_of_one_source_may_have_further_columns_and_lack_others(tmp_path: Path) -> None:
    later = "contact_id,started_at,channel,direction,outcome,team\n3,2025-05-01 10:00,voice,in,answered,north\n"
    data = opened(tmp_path, {"a.csv": CALLS, "b.csv": later}, 'files = ["a.csv", "b.csv"]')
    assert counted(data) == (3, 3, 0, 0)
    assert values(data, "handle_ms") == [300_000, 200_000, None]
    assert values(data, "team") == [None, None, "north"]
    files: dict[str, Content] = {
        "a.parquet": parquet(x=[1, 2]),
        "b.parquet": parquet(contact_id=["3", "4"], x=["p", "q"], y=[[1], None]),
    }
    data = opened(tmp_path, files, 'files = "*.parquet"')
    assert counted(data) == (4, 4, 0, 0)
    assert (values(data, "x"), values(data, "y")) == (["1", "2", "p", "q"], [None, None, "[1]", None])


def test_columns_of_like_names_that_come_and_go_are_no_renamed_ones(tmp_path: Path) -> None:
    first = CALLS.replace("seconds\n", "seconds,custom_field_12\n").replace("00\n", "00,a\n")
    later = "contact_id,started_at,channel,direction,outcome,custom_field_13\n3,2025-05-01 10:00,voice,in,answered,b\n"
    data = opened(tmp_path, {"a.csv": first, "b.csv": later}, 'files = ["a.csv", "b.csv"]')
    assert counted(data) == (3, 3, 0, 0)
    assert values(data, "custom_field_13") == [None, None, "b"]


def test_local_times_of_one_file_and_absolute_ones_of_another_are_told_apart(tmp_path: Path) -> None:
    at = dt.datetime(2025, 4, 1, 10)
    local = parquet(started_at=pa.array([at, at], pa.timestamp("us")))
    absolute = parquet(contact_id=["3", "4"], started_at=pa.array([at, at], pa.timestamp("us", tz="UTC")))
    data = opened(tmp_path, {"a.parquet": local, "b.parquet": absolute}, 'files = "*.parquet"')
    assert [str(value) for value in values(data, "started_at")] == ["2025-04-01 08:00:00"] * 2 + [
        "2025-04-01 10:00:00"
    ] * 2


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("contact_id,started_at,channel,direction,was", "cpc.toml, [tables.contacts], `outcome`: `b.csv` must have the column 'outcome', as other files of the source do. Export it again, or make two sources of them."),
        ("contact_id,started_at,channel,direction,outcome,Handle_Seconds", "cpc.toml, [tables.contacts]: `b.csv` has the column 'Handle_Seconds' where other files have 'handle_seconds'. Name it alike, or make two sources of them, each with its own mapping."),
    ],
)  # fmt: skip
def test_a_file_that_lacks_what_is_needed_is_named_with_the_column(tmp_path: Path, header: str, message: str) -> None:
    row = ",".join(["3", "2025-05-01 10:00", "voice", "in", "answered", "9"][: header.count(",") + 1])
    assert refusal(tmp_path, {"a.csv": CALLS, "b.csv": f"{header}\n{row}\n"}, 'files = ["a.csv", "b.csv"]') == message


def test_a_key_that_tells_rows_apart_must_be_in_every_file(tmp_path: Path) -> None:
    files: dict[str, Content] = {
        "a.csv": CALLS.replace("seconds", "seconds,id").replace("00\n", "00,7\n"),
        "b.csv": CALLS,
    }
    message = refusal(tmp_path, files, 'files = ["a.csv", "b.csv"]\ndedupe = { key = "id" }')
    assert message.startswith("cpc.toml, [tables.contacts], `dedupe`: `b.csv` must have the column 'id'")


def test_files_without_a_header_and_names_of_files(tmp_path: Path) -> None:
    rows = "1,voice,in,answered\n2,voice,in,abandoned\n"
    stated = "files = 'calls-*.csv'\nnames = ['contact_id', 'channel', 'direction', 'outcome']\ncolumns = { started_at = { file = 'calls-(\\d{4}-\\d{2}-\\d{2})' } }"
    data = opened(tmp_path, {"calls-2025-04-03.csv": rows}, stated)
    assert counted(data) == (2, 2, 0, 0)
    assert [str(value) for value in values(data, "started_at")] == ["2025-04-02 22:00:00"] * 2
    data = opened(tmp_path, {"calls-x.csv": rows.replace("1,", "3,").replace("2,", "4,")}, stated)
    assert counted(data) == (4, 2, 2, 0)


@pytest.mark.parametrize(
    ("far", "value"), [("XFD1500", None), ("XFD1048576", None), ("XFD9000", " "), ("XFD1048576", " ")]
)
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the system does not tell a process's memory")
def test_a_stray_cell_takes_no_memory(tmp_path: Path, far: str, value: object) -> None:
    path = tmp_path / "c.xlsx"
    path.write_bytes(workbook([["id", "name"], ["1", "a"], ["2", "b"]], far, value))
    code = f"""
import resource
resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
from pathlib import Path
from cpc_analysis.engine import Engine
from cpc_analysis.sources.files import read_files
source = read_files(Engine.inside("200MB"), [Path({str(path)!r})])
status = Path("/proc/self/status").read_text()
print(list(source.columns), source.read, int(status.split("VmHWM:")[1].split()[0]) < 600_000)
"""
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=100)
    assert found.stdout == "['id', 'name'] {'c.xlsx': 2} True\n"


def test_sheets_with_titles_charts_and_cells_beside_the_table(tmp_path: Path) -> None:
    title = workbook([["Report of April"], [], ["id", "name"], ["1", "a"]])
    message = (
        "`c.xlsx` names 1 of 2 columns in row 1. Where row 3 names them, state header = 3; else name each of them."
    )
    assert refusal(tmp_path, {"c.xlsx": title}, 'files = "c.xlsx"') == message
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": "=calls!$H$6:$H$7"})
    book.add_chartsheet().set_chart(chart)
    book.add_worksheet("hidden").hide()
    sheet = book.add_worksheet("calls")
    for number, line in enumerate(CALLS.splitlines(), 4):
        sheet.write_row(number, 2, line.split(","))
    book.close()
    data = opened(tmp_path, {"c.xlsx": stream.getvalue()}, 'files = "c.xlsx"\nheader = 5')
    assert counted(data) == (2, 2, 0, 0)


@pytest.mark.parametrize(
    ("columns", "name", "expected"),
    [
        ({"queue": pa.array(["æ".encode(), b"\xff"])}, "queue", ["æ", "\\xFF"]),
        ({"queue": pa.array(["a", "b"]).dictionary_encode()}, "queue", ["a", "b"]),
        ({"queue": [{"x": 1}, None]}, "queue", ["{'x': 1}", None]),
        ({"queue": [["a"], []]}, "queue", ["[a]", "[]"]),
        ({"queue": pa.array([dt.time(9, 30), None])}, "queue", ["09:30:00", None]),
        ({"queue": pa.array([[("k", 1)], None], pa.map_(pa.string(), pa.int64()))}, "queue", ["{k=1}", None]),
        ({"queue": pa.array([2**64 - 1, 1], pa.uint64())}, "queue", ["18446744073709551615", "1"]),
        ({"queue": pa.array([1e300, 17.0])}, "queue", ["1e+300", "17"]),
        ({"handle_seconds": pa.array([dt.timedelta(hours=26), None], pa.duration("ns"))}, "handle_ms", [93_600_000, None]),
    ],
)  # fmt: skip
def test_parquet_of_odd_types(tmp_path: Path, columns: dict[str, object], name: str, expected: list[object]) -> None:
    data = opened(tmp_path, {"c[1].parquet": parquet(**columns)}, "files = 'c[1].parquet'")
    assert counted(data) == (2, 2, 0, 0)
    assert values(data, name) == expected


def test_parquet_that_is_damaged_names_its_file(tmp_path: Path) -> None:
    def damaged(path: Path) -> None:
        parquet(queue=["a" * 80, "b"])(path)
        content = bytearray(path.read_bytes())
        content[60:200] = b"\xff" * 140
        path.write_bytes(content)

    assert refusal(tmp_path, {"c.parquet": damaged}, "files = 'c.parquet'").startswith("`c.parquet` cannot be read (")


def test_parquet_that_goes_while_it_is_read(tmp_path: Path) -> None:
    data = opened(tmp_path, {"c.parquet": parquet()}, "files = 'c.parquet'")
    (tmp_path / "c.parquet").unlink()
    with pytest.raises(UnreadableFileError, match=r"The data cannot be read any more \(IO Error: .*c.parquet"):
        data.check()


def test_json_as_it_really_comes(tmp_path: Path) -> None:
    handled = ["NaN", "1e999", "12345678901234567890123", "[1, [2]]", "5"]
    lines = [f'{{"contact_id": {number}, {RECORD}, "handle_seconds": {text}}}' for number, text in enumerate(handled)]
    lines[4] = lines[4].replace('"contact_id": 4', '"contact_id": 123456789012345678901234567890')
    lines += [
        f'{{"contact_id": 6, {RECORD}, "queue": "\\ud800x", "": 1, "*": 2, "a.b": "c"}}',
        '{"a": ' + "[" * 100_000,
    ]
    data = opened(tmp_path, {"c.jsonl": "\n".join(lines)}, "files = 'c.jsonl'")
    assert counted(data) == (7, 2, 5, 0)
    assert values(data, "contact_id") == ["123456789012345678901234567890", "6"]
    assert (values(data, "queue"), values(data, "a.b")) == ([None, "?x"], [None, "c"])


def test_records_that_are_no_objects_are_set_aside(tmp_path: Path) -> None:
    document = json.dumps([1, None]).replace("]", f', {{"contact_id": 1, {RECORD}}}]')
    data = opened(tmp_path, {"c.json": document}, "files = 'c.json'")
    assert counted(data) == (3, 1, 2, 0)
    assert data.quarantine["rule"].tolist() == ["must be a JSON object"] * 2


def test_keys_that_hold_dots_and_digits_are_reached_in_quotes(tmp_path: Path) -> None:
    record = f'{{"contact_id": 1, {RECORD}, "f": {{"via.channel": "x", "7": {{"a\\"b": 8}}}}}}'
    stated = "files = 'c.jsonl'\ncolumns = { queue = 'f.\"via.channel\"', reason = 'f.\"7\".a\"b' }"
    data = opened(tmp_path, {"c.jsonl": record}, stated)
    assert (values(data, "queue"), values(data, "reason")) == (["x"], ["8"])
    assert refusal(tmp_path, {"c.jsonl": record}, "files = 'c.jsonl'\ncolumns = { queue = 'f..a' }") == (
        "cpc.toml, [tables.contacts], `queue`: the path 'f..a' must be names with dots between them, a name that holds a dot in double quotes, such as fields.\"via.channel\"."
    )


@pytest.mark.parametrize(
    ("condition", "left"),
    [
        ("{ eq = { tags = 'a' } }", ["1", "2", "5", "6", "7"]),
        ("{ eq = { 'tags.*' = 'a' } }", ["1", "2", "3", "5", "6", "7"]),
        ("{ in = { tags = ['b', 'z'] } }", ["0", "1", "2", "3", "5", "6", "7"]),
        ("{ ne = { tags = 'a' } }", ["0", "3", "4"]),
        ("{ gt = { tags = 5 } }", ["0", "1", "2", "3", "4", "5", "6"]),
        ("{ present = 'tags.*' }", ["1", "2", "3", "5", "6"]),
        ("{ missing = 'tags.*' }", ["0", "4", "7"]),
    ],
)
def test_conditions_on_lists_hold_where_any_value_does(tmp_path: Path, condition: str, left: list[str]) -> None:
    tags = ['["a"]', "[]", "null", '"a"', '["b", "a"]', '"[x"', "5", "[5, 6]"]
    lines = [f'{{"contact_id": {number}, {RECORD}, "tags": {tag}}}' for number, tag in enumerate(tags)]
    data = opened(tmp_path, {"c.jsonl": "\n".join(lines)}, f"files = 'c.jsonl'\nexclude = [{condition}]")
    assert values(data, "contact_id") == left
    assert counted(data) == (8, len(left), 0, 8 - len(left))


def test_lists_of_parquet_and_collected_rows_of_a_join(tmp_path: Path) -> None:
    data = opened(
        tmp_path,
        {"c.parquet": parquet(tags=[["a", "z"], ["b"]])},
        "files = 'c.parquet'\nexclude = [{ eq = { tags = 'z' } }]",
    )
    assert values(data, "contact_id") == ["2"]
    join = "\n[tables.contacts.joins.tags]\nfiles = 't.csv'\non = 'contact_id'\nkey = 'id'\ncollect = true"
    stated = "files = 'c.csv'\nexclude = [{ eq = { 'tags.tag' = 'merged' } }]" + join
    data = opened(tmp_path, {"c.csv": CALLS, "t.csv": "id,tag\n1,vip\n1,merged\n3,merged\n"}, stated)
    assert (values(data, "contact_id"), counted(data)) == (["2"], (2, 1, 0, 1))


def test_tickets_closed_by_merging_are_no_contacts_of_their_own(tmp_path: Path) -> None:
    lines = []
    for number, tags in enumerate((["vip"], ["vip", "closed_by_merge"], [])):
        lines.append(json.dumps({
            "id": number, "created_at": "2025-04-01T10:00:00Z", "updated_at": "2025-04-02", "via": {"channel": "email"},
            "status": "closed", "assignee_id": 9, "tags": tags,
        }))  # fmt: skip
    data = opened(tmp_path, {"t.jsonl": "\n".join(lines)}, "files = 't.jsonl'\nmapping = 'zendesk_tickets.toml'")
    assert (values(data, "contact_id"), counted(data)) == (["zd:0", "zd:2"], (3, 2, 0, 1))


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ('"C:\\data\\x.csv"', " Line 5 has a backslash in double quotes: write a path in single quotes, such as 'C:\\data\\calls.csv', or with forward slashes."),
        ('"C:\\Users\\x.csv"', " Line 5 has a backslash in double quotes: write a path in single quotes, such as 'C:\\data\\calls.csv', or with forward slashes."),
        ('"C:\\temp\\new.csv"', "No file matches 'C:\\temp\\new.csv': a backslash in double quotes made another character of it. Write the path in single quotes, or with forward slashes."),
    ],
)  # fmt: skip
def test_a_path_of_windows_says_how_it_is_written(tmp_path: Path, path: str, hint: str) -> None:
    assert refusal(tmp_path, {}, f"files = {path}").endswith(hint)


def test_backslashes_in_single_quotes_are_folders(tmp_path: Path) -> None:
    assert counted(opened(tmp_path, {"data [1]/c.csv": CALLS}, "files = 'data [[]1]\\*.csv'")) == (2, 2, 0, 0)


def test_what_the_system_and_the_engine_raise_names_the_file() -> None:
    assert str(unreadable("c.csv", PermissionError(13, "Permission denied"))) == (
        "`c.csv` cannot be opened (Permission denied). Close it elsewhere, or ask for the right to read it."
    )
    assert str(unreadable("c.csv", OSError("call ida@example.com\nmore"))) == (
        "`c.csv` cannot be read (call [e-mail]). Copy or export it again."
    )


FIELD = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters='"'), max_size=5)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.lists(FIELD, min_size=1, max_size=6), max_size=30),
    names=st.lists(st.sampled_from(["a", "b", "c", ""]), min_size=2, max_size=4).filter(any),
    ends=st.sampled_from(["\n", "\r\n", ",\n", ",,\n"]),
)
def test_every_line_is_a_row_or_set_aside(tmp_path: Path, rows: list[list[str]], names: list[str], ends: str) -> None:
    path = tmp_path / "c.csv"
    path.write_text("".join(",".join(line) + ends for line in [names, *rows]), encoding="utf-8", newline="")
    said, source = "", None
    try:
        source = read_files(Engine.inside(), [path], FileFormat(delimiter=","))
    except CpcError as error:
        said = str(error)
    if source is None:
        assert said.startswith("`c.csv` ")
        return
    accepted = source.table.count().to_pyarrow().as_py()
    assert source.read["c.csv"] == accepted + len(source.quarantine)
    filled = sum(any(field.strip() for field in ",".join(row).split(",")) for row in rows)
    assert filled <= source.read["c.csv"] <= len(rows)


@pytest.mark.parametrize(("stated", "message"), [
    ('files = "{name}"', "No file matches '{name}'"),
    ('files = "c.csv"\nmapping = "{name}"', "There is no mapping '{name}'"),
    ('files = "c.csv"\n[presentation]\nlogo = "{name}"', "cpc.toml, [presentation]: `logo` must be a file, got none at"),
])  # fmt: skip
def test_names_longer_than_any_file_has(tmp_path: Path, stated: str, message: str) -> None:
    name = "x" * 5000
    said = refusal(tmp_path, {"c.csv": CALLS}, stated.format(name=name))
    assert said.startswith(message.format(name=name))
