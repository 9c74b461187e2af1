"""CSV: texts that a spreadsheet would run as formulas are texts, numbers stay numbers."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import hypothesis.strategies as st
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from typer.testing import CliRunner

from cpc_analysis.cli import app
from cpc_analysis.errors import InvalidInputError
from cpc_analysis.exports.delimited import write_csv

FORMULAS = ["=1+1", "+45", "-1+2", "@sum(A1)", "\t=1", "\r=1", " =cmd|' /C calc'!A0", "＝1+1"]


def read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_begins_a_formula(tmp_path: Path, text: str) -> None:
    frame = pd.DataFrame({"team": [text], text: ["x"], "kind": pd.Categorical([text])})
    write_csv(frame, tmp_path / "new" / "teams.csv")
    shown = "'" + text.replace("\r", "\n")
    assert read(tmp_path / "new" / "teams.csv") == [["team", shown, "kind"], [shown, "x", shown]]
    assert frame["team"].tolist() == [text]


def test_no_line_inside_of_a_text_becomes_a_row(tmp_path: Path) -> None:
    write_csv(pd.DataFrame({"team": ["a\r=1+1", "b\r\n=1", "c\n=1"]}), tmp_path / "teams.csv")
    assert read(tmp_path / "teams.csv")[1:] == [["a\n=1+1"], ["b\n=1"], ["c\n=1"]]


def test_numbers_days_and_other_texts_stay(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"change": [-1.5], "amount": [Decimal("-2.50")], "day": pd.to_datetime(["2025-04-01"]), "few": [True],
         "team": ["1-2"], "none": [None]}
    )  # fmt: skip
    write_csv(frame, tmp_path / "figures.csv")
    assert read(tmp_path / "figures.csv")[1] == ["-1.5", "-2.50", "2025-04-01", "True", "1-2", ""]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"])), min_size=1, max_size=5))
def test_texts_come_back_whole_behind_their_apostrophe(tmp_path: Path, texts: list[str]) -> None:
    write_csv(pd.DataFrame({"team": texts, "number": range(len(texts))}), tmp_path / "teams.csv")
    found = [row[0] for row in read(tmp_path / "teams.csv")[1:]]
    for text, shown in zip(texts, found, strict=True):
        assert shown in (text, f"'{text}")
        assert not shown.lstrip(" ").startswith(("=", "+", "-", "@"))


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(InvalidInputError, match=r"file/teams\.csv cannot be written: (Not a directory|File exists)\."):
        write_csv(pd.DataFrame({"team": ["a"]}), tmp_path / "file" / "teams.csv")


def test_the_command_line_writes_no_formula(tmp_path: Path) -> None:
    rows = [f"{number},2025-04-{number + 1:02d} 10:00,voice,in,answered,60,{team}"
            for number, team in enumerate(["=1+1", "@sum", "Nord"])]  # fmt: skip
    rows.append("9,2025-04-09 10:00,=2+2,in,answered,60,Nord")
    head = "contact_id,started_at,channel,direction,outcome,handle_seconds,team"
    (tmp_path / "calls.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    (tmp_path / "cpc.toml").write_text(
        '[project]\ncurrency = "DKK"\ntimezone = "Europe/Copenhagen"\n[tables.contacts]\nfiles = "calls.csv"\n',
        encoding="utf-8",
    )
    measured, aside = tmp_path / "teams.csv", tmp_path / "aside.csv"
    command = ["measure", "contacts", "--by", "team", "--csv", str(measured), "--project", str(tmp_path)]
    assert CliRunner().invoke(app, command).exit_code == 0
    assert CliRunner().invoke(app, ["check", "--csv", str(aside), "--project", str(tmp_path)]).exit_code == 0
    assert [row[:2] for row in read(measured)[1:]] == [["'=1+1", "1.0"], ["'@sum", "1.0"], ["Nord", "1.0"]]
    assert read(aside)[1][-1] == "'=2+2"
