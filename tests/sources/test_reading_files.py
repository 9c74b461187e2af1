"""Reading files into text tables: every format, every way in which a file can be bad, nothing lost."""

from __future__ import annotations

import gzip
import json
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cpc_analysis.engine import Engine
from cpc_analysis.errors import (
    CpcError,
    InvalidInputError,
    MissingFileError,
    UnknownNameError,
    UnreadableFileError,
)
from cpc_analysis.sources.files import FileFormat, read_files
from cpc_analysis.sources.locating import expand_variables, find_files, format_of
from cpc_analysis.sources.source_table import SourceTable
from cpc_analysis.sources.spreadsheet import cell_text

AWKWARD = [
    'a "quoted" name',
    "semi;colon",
    "100 % of it",
    "it's",
    "two\nlines",
    "emoji \U0001f600 æøå",
    "x" * 10_000,
    " spaces ",
]


def rows_of(source: SourceTable) -> pd.DataFrame:
    """The table under the file's own column names, in the order of the files."""
    frame = source.table.order_by("_file", "_row").to_pyarrow().to_pandas()
    return frame.rename(columns={engine: name for name, engine in source.columns.items()})


def read(*paths: Path, **options: object) -> SourceTable:
    return read_files(Engine.inside(), paths, FileFormat(**options))  # type: ignore[arg-type]


def test_csv_rows_carry_their_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.write_text("id,agent\n1,ida\n2,\n", encoding="utf-8")
    source = read(path)
    assert rows_of(source).to_dict("list") == {
        "id": ["1", "2"],
        "agent": ["ida", ""],
        "_row": [2, 3],
        "_file": ["calls.csv", "calls.csv"],
    }
    assert source.read == {"calls.csv": 2}


def test_ragged_rows_go_to_quarantine_and_later_lines_keep_their_number(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.write_text("id,agent\n1,ida\n2,bo,extra\n\n3\n4,eva\n", encoding="utf-8")
    source = read(path)
    assert rows_of(source)["_row"].tolist() == [2, 6]
    assert source.quarantine.to_dict("records") == [
        {"table": "contacts", "row": "calls.csv:3", "column": "", "rule": "must have 2 fields", "value": "2,bo,extra"},
        {"table": "contacts", "row": "calls.csv:5", "column": "", "rule": "must have 2 fields", "value": "3"},
    ]  # fmt: skip
    assert source.read == {"calls.csv": 4}


def test_line_numbers_hold_across_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cpc_analysis.sources.delimited._BLOCK", 64)
    path = tmp_path / "calls.csv"
    lines = [f"{n},x" if n % 7 else f"{n},x,y" for n in range(2, 200)]
    path.write_text("id,name\n" + "\n".join(lines) + "\n", encoding="utf-8")
    rows = rows_of(read(path))
    assert (rows["id"].astype(int) == rows["_row"]).all()
    assert len(rows) == sum(n % 7 != 0 for n in range(2, 200))


def test_awkward_text_comes_through_unchanged(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    pd.DataFrame({"id": range(len(AWKWARD)), "name": AWKWARD}).to_csv(path, index=False, encoding="utf-8")
    assert rows_of(read(path))["name"].tolist() == AWKWARD


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    names=st.lists(
        st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12),
        min_size=2,
        max_size=12,
    ),
    cut=st.integers(1, 11),
)
def test_splitting_a_file_in_two_changes_nothing(tmp_path: Path, names: list[str], cut: int) -> None:
    frame = pd.DataFrame({"id": [str(number) for number in range(len(names))], "name": names})
    cut = min(cut, len(names) - 1)
    for name, part in (("whole", frame), ("a", frame[:cut]), ("b", frame[cut:])):
        part.to_csv(tmp_path / f"{name}.csv", index=False, encoding="utf-8", lineterminator="\n")
    whole, parts = (
        rows_of(read(tmp_path / "whole.csv")),
        rows_of(read(tmp_path / "a.csv", tmp_path / "b.csv")),
    )
    assert whole[["id", "name"]].equals(parts[["id", "name"]])
    assert whole["name"].tolist() == names


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "cp1252"),
        ("utf-16", "utf-8"),
        ("cp1252", "cp1252"),
        ("latin-1", "latin-1"),
    ],
)
def test_declared_encodings_and_byte_order_marks(tmp_path: Path, encoding: str, declared: str) -> None:
    path = tmp_path / "calls.csv"
    path.write_text("navn,år\nØrsted,1\n", encoding=encoding)
    assert rows_of(read(path, encoding=declared))[["navn", "år"]].values.tolist() == [["Ørsted", "1"]]


def test_gz_zip_and_tsv(tmp_path: Path) -> None:
    text = b"id\tname\n1\ta\n"
    (tmp_path / "calls.tsv").write_bytes(text)
    (tmp_path / "calls.tsv.gz").write_bytes(gzip.compress(text) + gzip.compress(b"2\tb\n"))
    with zipfile.ZipFile(tmp_path / "calls.zip", "w") as archive:
        archive.writestr("jan.tsv", text)
        archive.writestr("feb.tsv", text)
    assert rows_of(read(tmp_path / "calls.tsv"))["name"].tolist() == ["a"]
    assert rows_of(read(tmp_path / "calls.tsv.gz"))["name"].tolist() == ["a", "b"]
    assert read(tmp_path / "calls.zip").read == {"calls.zip/feb.tsv": 1, "calls.zip/jan.tsv": 1}


def test_delimiter_quote_and_header_line(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.write_text("Report of April\n\nid;name;\n1;'a;b';\n", encoding="utf-8")
    source = read(path, delimiter=";", quote="'", header=3)
    assert list(source.columns) == ["id", "name", "column_3"]
    assert rows_of(source)[["name", "_row"]].values.tolist() == [["a;b", 4]]


def test_a_header_without_rows_is_an_empty_table(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.write_bytes(b"id,name")
    assert read(path).read == {"calls.csv": 0}


def test_columns_in_another_order_are_the_same_columns(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,name\n1,a\n", encoding="utf-8")
    (tmp_path / "b.csv").write_text("name,id\nb,2\n", encoding="utf-8")
    assert rows_of(read(tmp_path / "a.csv", tmp_path / "b.csv"))[["id", "name"]].values.tolist() == [
        ["1", "a"],
        ["2", "b"],
    ]


def test_files_of_one_name_are_told_apart_by_their_folder(tmp_path: Path) -> None:
    for folder in ("jan", "feb"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "calls.csv").write_text("id\n1\n", encoding="utf-8")
        pd.DataFrame({"id": [1]}).to_parquet(tmp_path / folder / "calls.parquet")
    assert read(*find_files("*/calls.csv", tmp_path)).read == {"feb/calls.csv": 1, "jan/calls.csv": 1}
    parquet = read(*find_files("*/calls.parquet", tmp_path))
    assert set(rows_of(parquet)["_file"]) == set(parquet.read) == {"feb/calls.parquet", "jan/calls.parquet"}


def test_excel_cells_become_text_without_loss(tmp_path: Path) -> None:
    path = tmp_path / "calls.xlsx"
    write_workbook(path, [["id", "when", "rate", "name"], [17, 45748.5, 0.1, "Ørsted"], [18, 45749, 2, ""]])
    source = read(path)
    frame = rows_of(source)
    assert frame[["id", "rate", "name"]].values.tolist() == [["17", "0.1", "Ørsted"], ["18", "2", ""]]
    assert frame["when"].tolist() == ["2025-04-01 12:00:00", "2025-04-02"]
    assert frame["_row"].tolist() == [2, 3]


def test_cells_of_every_type() -> None:
    from datetime import date, datetime, time, timedelta

    cells = [
        True,
        1e20,
        -0.5,
        date(2025, 4, 1),
        datetime(2025, 4, 1, 9, 0, 1),
        time(9, 30),
        timedelta(hours=30.5),
        "x",
    ]
    assert [cell_text(cell) for cell in cells] == [
        "true", "1e+20", "-0.5", "2025-04-01", "2025-04-01 09:00:01", "09:30:00", "30:30:00", "x",
    ]  # fmt: skip


def test_parquet_keeps_its_types_and_is_not_copied(tmp_path: Path) -> None:
    path = tmp_path / "calls.parquet"
    frame = pd.DataFrame({"id": [1, 2], "handle": [1.5, None], "at": pd.to_datetime(["2025-04-01", "2025-04-02"])})
    frame.to_parquet(path)
    source = read(path)
    assert not source.is_copied
    assert source.table[source.columns["at"]].type().is_timestamp()
    assert source.table.to_pyarrow().to_pandas()[["_row", "_file"]].values.tolist() == [
        [1, "calls.parquet"],
        [2, "calls.parquet"],
    ]


def test_json_lines_and_documents(tmp_path: Path) -> None:
    lines = tmp_path / "calls.jsonl"
    lines.write_text('{"id": 1}\nnot json\n[1]\n\n{"id": 2}\n', encoding="utf-8")
    source = read(lines)
    assert source.table.order_by("_row").to_pyarrow().to_pandas()["_row"].tolist() == [1, 5]
    assert source.quarantine[["row", "rule", "value"]].values.tolist() == [
        ["calls.jsonl:2", "must be a JSON object", "not json"],
        ["calls.jsonl:3", "must be a JSON object", "[1]"],
    ]
    document = tmp_path / "page.json"
    document.write_text(json.dumps({"result": {"calls": [{"id": 1}, {"id": 2}]}}), encoding="utf-8")
    assert read(document, records="result.calls").read == {"page.json": 2}


@pytest.mark.parametrize(
    ("name", "content", "options", "message"),
    [
        ("calls.csv", b"", {}, "`calls.csv` is empty: it has no bytes. Export it again."),
        ("calls.csv", b"\n\n", {}, "`calls.csv` is empty: it has no header in line 1. Export it again."),
        (
            "calls.csv",
            b"id,name\n1,a\n2,\xd8rsted\n",
            {},
            "`calls.csv` is not in the encoding utf-8: line 3 holds the byte 0xD8. "
            'Declare the right `encoding` in the mapping, such as "cp1252" or "utf-16".',
        ),
        (
            "calls.csv",
            b"id,name\n1,\x81\n",
            {"encoding": "cp1252"},
            "`calls.csv` is not in the encoding cp1252: line 2 holds the byte 0x81. "
            'Declare the right `encoding` in the mapping, such as "cp1252" or "utf-16".',
        ),
        (
            "calls.csv.gz",
            gzip.compress(b"id,name\n" + b"1,abc\n" * 10_000)[:-30],
            {},
            "`calls.csv.gz` is truncated: its gzip data ends early. Copy or export it again.",
        ),
        (
            "calls.xlsx",
            b"id,name\n1,a\n",
            {},
            '`calls.xlsx` is text, not an Excel workbook. State format = "csv".',
        ),
        (
            "calls.parquet",
            b"id,name\n",
            {},
            '`calls.parquet` is text, not Parquet. State format = "csv".',
        ),
        (
            "calls.parquet",
            b"PAR1" + b"\x00" * 100,
            {},
            "`calls.parquet` is truncated or damaged: its Parquet footer cannot be read. Copy it again.",
        ),
        (
            "calls.zip",
            b"PK nothing",
            {},
            "`calls.zip` is not a whole zip file (File is not a zip file). Copy it again.",
        ),
        ("calls.json", b'{"a": ', {}, "`calls.json` is not one JSON document ("),
    ],
)
def test_files_that_are_not_what_they_claim(
    tmp_path: Path, name: str, content: bytes, options: dict[str, str], message: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UnreadableFileError) as raised:
        read(path, **options)
    assert str(raised.value).startswith(message)
    assert isinstance(raised.value, OSError) and isinstance(raised.value, CpcError)


def test_a_damaged_zip_member(tmp_path: Path) -> None:
    path = tmp_path / "calls.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("calls.csv", "id,name\n" + "1,abc\n" * 1000)
    damaged = bytearray(path.read_bytes())
    damaged[3000:3003] = b"xyz"
    path.write_bytes(damaged)
    with pytest.raises(
        UnreadableFileError, match=r"`calls.zip/calls.csv` is not a whole member of its zip file \(Bad CRC"
    ):
        read(path)


def test_a_quote_that_never_closes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cpc_analysis.sources.delimited._BLOCK", 1 << 20)
    path = tmp_path / "calls.csv"
    path.write_text('id,name\n1,"open\n' + "2,x\n" * 600_000, encoding="utf-8")
    with pytest.raises(UnreadableFileError, match=r"`calls.csv` has a record of more than 1 MB: a quote is opened"):
        read(path)


def test_unknown_sheet_encoding_and_format(tmp_path: Path) -> None:
    book, text = tmp_path / "a.xlsx", tmp_path / "a.csv"
    write_workbook(book, [["id"], [1]])
    text.write_text("id\n1\n", encoding="utf-8")
    with pytest.raises(UnknownNameError) as raised:
        read(book, sheet="Shet1")
    assert str(raised.value) == "There is no sheet of `a.xlsx` 'Shet1'. Did you mean 'Sheet1'?"
    with pytest.raises(
        InvalidInputError, match=r"`encoding` must be one that Python knows, such as utf-8 or cp1252, got"
    ):
        read(text, encoding="utf-9")
    with pytest.raises(InvalidInputError, match=r"`format` must be one of csv, .*, got 'cvs'. Did you mean 'csv'?"):
        read(text, format="cvs")
    with pytest.raises(InvalidInputError, match=r"The ending of `a.dat` means none of the formats"):
        format_of("a.dat")


def test_missing_files_say_where_was_looked(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "costs.csv").write_text("x", encoding="utf-8")
    with pytest.raises(MissingFileError) as raised:
        find_files("data/calls-*.csv", tmp_path)
    assert str(raised.value) == (
        f"No file matches 'data/calls-*.csv' in {tmp_path / 'data'}: it holds costs.csv. "
        "Mend `files`, or put the file there."
    )
    with pytest.raises(MissingFileError) as raised:
        find_files("exports/calls.csv", tmp_path)
    assert str(raised.value) == f"No file matches 'exports/calls.csv': there is no folder {tmp_path / 'exports'}."
    assert isinstance(raised.value, FileNotFoundError)


def test_environment_variables_in_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.csv").write_text("id\n1\n", encoding="utf-8")
    monkeypatch.setenv("CALLS", str(tmp_path))
    assert find_files("${CALLS}/a.csv", Path("elsewhere")) == (tmp_path / "a.csv",)
    monkeypatch.delenv("CALLS")
    with pytest.raises(InvalidInputError, match=r"`files` names the environment variable CALLS, which is not set"):
        expand_variables("${CALLS}/a.csv")


def test_other_engines_are_told_that_files_are_read_inside(tmp_path: Path) -> None:
    class Connection:
        name = "postgres"

    with pytest.raises(InvalidInputError, match=r"Files are read by DuckDB, inside; the engine is postgres"):
        read_files(Engine(Connection()), [tmp_path / "a.csv"])


def write_workbook(path: Path, rows: list[list[object]]) -> None:
    """A minimal workbook; numbers in the second column are formatted as date and time."""
    cells = []
    for number, row in enumerate(rows, 1):
        line = []
        for column, value in enumerate(row):
            place = f"{'ABCDEFGH'[column]}{number}"
            if isinstance(value, str):
                line.append(f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>')
            else:
                style = ' s="1"' if column == 1 else ""
                line.append(f'<c r="{place}"{style}><v>{value}</v></c>')
        cells.append(f'<row r="{number}">{"".join(line)}</row>')
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    files = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{kind}.styles+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="r1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {main} xmlns:r="{office}">'
        '<sheets><sheet name="Sheet1" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="r2" Type="{office}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet {main}><cellXfs count="2"><xf numFmtId="0"/>'
        '<xf numFmtId="22" applyNumberFormat="1"/></cellXfs></styleSheet>',
        "xl/worksheets/sheet1.xml": f"<worksheet {main}><sheetData>{''.join(cells)}</sheetData></worksheet>",
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
