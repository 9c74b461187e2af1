import re
import subprocess
import sys
from pathlib import Path

import pytest

from cpc_analysis import reports
from cpc_analysis.reports import list_notebooks

from .conftest import Call

COMMANDS = ("init", "check", "measure", "describe", "run", "lab", "demo")


def plain(text: str) -> str:
    """Help without its frame and line breaks."""
    return " ".join(re.sub(r"[│╭╮╰╯─]", " ", re.sub(r"\x1b\[[0-9;]*m", "", text)).split())


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(call: Call, command: str) -> None:
    result = call(command, "--help")
    assert result.exit_code == 0
    assert f"Example: cpc {command}" in plain(result.stdout)


def test_starting_up_imports_nothing_heavy() -> None:
    heavy = "{'pandas', 'ibis', 'altair', 'papermill', 'nbconvert', 'pyarrow', 'duckdb'}"
    code = f"import sys, cpc_analysis.cli; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_unknown_command_is_refused_with_a_suggestion(call: Call) -> None:
    result = call("mesure")
    assert result.exit_code == 2
    assert "No such command 'mesure'. Did you mean 'measure'?" in plain(result.stderr)


def test_measure_prints_numbers_with_units_to_the_right(call: Call, project: Path) -> None:
    result = call("measure", "cost_per_contact", "contacts", "--by", "channel", "--project", project)
    assert result.exit_code == 0
    lines = [line.rstrip() for line in result.stdout.splitlines()]
    assert any(re.fullmatch(r"\s+Channel\s+Cost per contact\s+Contacts", line) for line in lines)
    assert any(re.fullmatch(r"\s+voice\s+10\.00 DKK\s+60", line) for line in lines)
    assert any(re.fullmatch(r"\s+email\s+few\s+20", line) for line in lines)
    ends = {len(line) for line in lines if re.search(r"(Contacts|\d)$", line) and "DKK" in line}
    assert len(ends) == 1
    assert "few: under 30 contacts" in result.stdout
    assert "Cost per contact: all costs / counted contacts." in result.stdout


def test_the_command_line_is_english_whatever_the_language_of_the_project(call: Call, project: Path) -> None:
    path = project / "cpc.toml"
    english = call("measure", "cost_per_contact", "--by", "channel", "--project", project).stdout
    path.write_text(path.read_text(encoding="utf-8") + '[presentation]\nlanguage = "da"\n', encoding="utf-8")
    assert call("measure", "cost_per_contact", "--by", "channel", "--project", project).stdout == english
    assert "Cost per contact" in english


def test_fiscal_periods_on_the_command_line(call: Call, project: Path) -> None:
    path = project / "cpc.toml"
    path.write_text(path.read_text(encoding="utf-8") + "[calendar]\nyear_starts = 4\n", encoding="utf-8")
    result = call(
        "measure", "cost_per_contact", "--by", "fiscal_month", "--where", "fiscal_year=FY2026", "--project", project
    )
    assert result.exit_code == 0
    assert re.search(r"FY2026-M01\s+10\.00 DKK", result.stdout)
    assert "Fiscal years begin in April and are named after the year in which they end." in plain(result.stdout)
    refused = call("measure", "contacts", "--where", "fiscal_quarter=FY2026-Q5", "--project", project)
    assert refused.exit_code != 0
    assert "A fiscal period must be written as FY2025, FY2025-Q1 or FY2025-M01, got 'FY2026-Q5'." in plain(
        refused.stderr
    )


def test_conditions_filter_and_names_given_twice_are_alternatives(call: Call, project: Path) -> None:
    result = call(
        "measure", "contacts", "--by", "channel", "--where", "channel=voice", "--where", "channel=chat",
        "--where", "site=Aarhus", "--project", project / "cpc.toml",
    )  # fmt: skip
    assert "voice" in result.stdout
    assert "chat" in result.stdout
    assert "email" not in result.stdout


def test_measure_writes_unrounded_figures(call: Call, project: Path) -> None:
    target = project / "out" / "figures.csv"
    result = call("measure", "contacts", "--by", "month,channel", "--csv", target, "--project", project)
    assert result.exit_code == 0
    assert result.stdout == f"3 rows written to {target}.\n"
    assert target.read_text(encoding="utf-8").splitlines()[:2] == [
        "month,channel,contacts,few_contacts,complete",
        "2025-04-01,chat,40.0,False,True",
    ]


def test_the_project_of_the_current_folder_is_found(call: Call, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    result = call("measure", "contacts")
    assert "120" in result.stdout
    assert result.stderr == ""


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["measure", "cost_per_contct"], "There is no quantity 'cost_per_contct'. Did you mean 'cost_per_contact'?"),
        (["measure", "contacts", "--by", "chanel"], "There is no column to group by 'chanel'. Did you mean 'channel'?"),
        (["measure", "contacts", "--where", "site"], "--where must be written as name=value, got 'site'."),
        (
            ["measure", "contacts", "--where", "month=2025-4"],
            "A period must be written as 2025, 2025-Q2, 2025-04, 2025-W14 or 2025-04-07, got '2025-4'.",
        ),
        (["run", "tny"], "There is no notebook 'tny'. Did you mean 'tiny'?"),
        (["run", "tiny", "-p", "perod=2025"], "There is no `tiny` parameter 'perod'. Did you mean 'period'?"),
        (["run", "tiny", "-p", "period"], "-p must be written as name=value, got 'period'."),
        (["run"], "Name the notebooks to run or say --all, one of the two; known are tiny."),
        (["run", "tiny", "--all"], "Name the notebooks to run or say --all, one of the two; known are tiny."),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_1(
    call: Call, project: Path, arguments: list[str], sentence: str
) -> None:
    result = call(*arguments, "--project", project)
    assert result.exit_code == 1
    assert result.stderr == f"Error: {sentence}\n"
    assert "Traceback" not in result.output


def test_a_missing_project_is_named(call: Call, tmp_path: Path) -> None:
    for command in (["check"], ["measure", "contacts"], ["run", "--all"], ["lab"]):
        result = call(*command, "--project", tmp_path / "none")
        assert result.exit_code == 1
        assert result.stderr == (
            f"Error: There is no project at {tmp_path / 'none'}: name a folder with a cpc.toml, "
            "or make one with `cpc init`.\n"
        )


def test_debug_raises_the_error_itself(call: Call, project: Path) -> None:
    from cpc_analysis.errors import UnknownNameError

    result = call("measure", "contcts", "--project", project, "--debug")
    assert isinstance(result.exception, UnknownNameError)


def test_an_unforeseen_error_is_a_sentence_too(call: Call, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from cpc_analysis import measuring

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("boom.")

    monkeypatch.setattr(measuring, "measure", fail)
    result = call("measure", "contacts", "--project", project)
    assert result.exit_code == 1
    assert result.stderr == "Error: RuntimeError: boom. This was not foreseen; --debug shows where it happened.\n"


def test_check_shows_what_was_read(call: Call, project: Path) -> None:
    result = call("check", "--project", project, "--csv", project / "aside.csv")
    assert result.exit_code == 0
    assert re.search(r"contacts +3 +3 +0 +0", result.stdout)
    assert (project / "aside.csv").read_text(encoding="utf-8") == "table,row,column,rule,value\n"


def test_describe_shows_one_quantity_or_lists_all(call: Call) -> None:
    assert "formula  all costs / counted contacts" in call("describe", "cost_per_contact").stdout
    assert "Counted contacts other than self-service over paid hours" in call("describe").stdout
    assert call("describe", "ocupancy").stderr == (
        "Error: There is no quantity 'ocupancy'. Did you mean 'occupancy'?\n"
    )


def test_run_makes_the_reports_of_the_project(call: Call, project: Path, tmp_path: Path) -> None:
    output = tmp_path / "reports"
    result = call("run", "--all", "-p", "period=2025-04", "--project", project, "--output", output, "--run", "april")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "tiny: A contact cost 10.00 in 2025-04.",
        f"Reports: {output / 'april' / 'index.html'}",
    ]
    assert sorted(path.name for path in (output / "april").iterdir()) == ["index.html", "tiny.html", "tiny.ipynb"]


def test_a_notebook_that_stops_ends_in_exit_code_1(call: Call, project: Path) -> None:
    (project / "costs.csv").write_text("line_id\n", encoding="utf-8")
    result = call("run", "tiny", "--project", project, "--run", "april")
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: Notebook 'tiny' stopped in cell 3. ")
    assert result.stderr.count("\n") == 1


@pytest.mark.slow
def test_of_all_notebooks_those_without_their_data_are_left_out(call: Call, project: Path) -> None:
    tiny = (project / "notebooks" / "tiny.ipynb").read_text(encoding="utf-8")
    asks = tiny.replace("import cpc_analysis as cpc", "import cpc_analysis as cpc; cpc.describe('csot')", 1)
    assert asks != tiny
    (project / "notebooks" / "asks.ipynb").write_text(asks, encoding="utf-8")
    result = call("run", "--all", "--project", project, "--run", "april")
    assert result.exit_code == 0
    assert result.stdout.startswith("asks: left out. There is no quantity 'csot'.")
    breaks = tiny.replace("import cpc_analysis as cpc", "1 / 0; import cpc_analysis as cpc", 1)
    (project / "notebooks" / "breaks.ipynb").write_text(breaks, encoding="utf-8")
    result = call("run", "--all", "--project", project, "--run", "may")
    assert result.exit_code == 1 and "ZeroDivisionError" in result.stderr


@pytest.mark.slow
def test_the_demo_ends_with_the_month_the_tie_out_and_the_reports(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    two = [notebook for notebook in list_notebooks() if notebook.name in ("benchmark", "cost-statement")]
    monkeypatch.setattr(reports, "list_notebooks", lambda: two)
    result = call("demo")
    assert result.exit_code == 0, result.output
    lines = [line.strip() for line in result.stdout.splitlines() if line.strip()]
    assert lines[0] == "Sample centre, June 2025"
    assert re.fullmatch(r"all\s+54\.32 DKK\s+11,709\s+636,026 DKK", lines[-3])
    assert lines[-2] == (
        "Posted in the ledger 628,135.55 DKK, moved between months 7,890.41 DKK: ledger 636,025.96 DKK = used "
        "491,012.43 DKK + waiting 145,013.53 DKK + unallocated 0.00 DKK; difference 0.00 DKK. "
        "No cost line was set aside."
    )
    index = Path(lines[-1].removeprefix("Reports: "))
    assert index.is_file()
    assert sorted(page.stem for page in index.parent.glob("*.html")) == ["benchmark", "cost-statement", "index"]


def test_lab_opens_in_the_folder_of_the_project(call: Call, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = []
    monkeypatch.setattr(subprocess, "call", lambda command, cwd: opened.append((command[1:], cwd)) or 0)
    assert call("lab", "--project", project).exit_code == 0
    assert opened == [(["-m", "jupyterlab"], project)]
