"""Personal data planted in every text column of every table are in nothing that is written."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

import cpc_analysis as cpc
from cpc_analysis.cli import app
from cpc_analysis.errors import CpcError
from cpc_analysis.reports import run_notebooks
from cpc_analysis.schema import TABLES, Kind
from tests.centres import ZONE

#: What is sure in any column, codes among them.
SURE = {
    "e-mail": "karo.test@example.com",
    "e-mail display": "Karo Testsen <karo2.test@example.com>",
    "e-mail in quotes": '"Testsen, Karo" <karo3.test@example.com>',
    "e-mail encoded": "karo4.test%40example.com",
    "e-mail with blanks": "karo5.test @ example.com",
    "e-mail spelt": "karo6.test (at) example.com",
    "phone with country": "+45 27 18 28 41",
    "phone together": "+4527182842",
    "phone with zeros": "0045 27182843",
    "phone in pairs": "27 18 28 44",
    "phone in parentheses": "(555) 271-8285",
    "phone in dashes": "555-271-8286",
    "phone encoded": "%2B45%2027182847",
    "cpr": "010190-2718",
    "cpr with a blank": "010190 2719",
    "cpr with a dash of print": "010190–2720",
    "card": "4111 1111 1111 1111",
    "card with dashes": "5500-0000-0000-0004",
    "iban": "DK5000400440116243",
    "iban in groups": "DK50 0040 0440 1162 43",
}  # fmt: skip
#: What is only likely: where a text is free.
LIKELY = {
    "phone of digits": "27182848",
    "cpr of digits": "0101902721",
    "card of digits": "4012888888881881",
    "phone in a sentence": "call back on 27182849 today",
    "e-mail in a sentence": "wrote from karo7.test@example.com today",
}
NAMES = ("Karoline Testperson", "Bertha Agentsen")
#: Parts that would show a marker, however it is written around them.
TRACES = [
    *(text for text in (*SURE.values(), *LIKELY.values())), *NAMES,
    *(f"karo{number}.test" for number in ("", *range(2, 8))), "27182848", "27182849", "Testsen",
]  # fmt: skip
MARKERS = {**SURE, **LIKELY}


def free_columns(table: str) -> list[str]:
    """The text columns of a canonical table that take any value."""
    return [column.name for column in TABLES[table].columns if column.kind is Kind.TEXT and not column.choices]


def planted(table: str, base: dict[str, object], further: tuple[str, ...] = ()) -> tuple[pd.DataFrame, int]:
    """A table with one row for each text column and marker, and how many markers it holds."""
    rows, count = [], 0
    for column in (*free_columns(table), *further):
        is_free = column in ("reason", "note")
        for marker in (MARKERS if is_free else SURE).values():
            number = len(rows)
            row = {name: f"{value}{number}" if name in TABLES[table].key and isinstance(value, str) and
                   name.endswith("_id") else value for name, value in base.items()}  # fmt: skip
            rows.append(row | {column: marker})
            count += 1
    return pd.DataFrame(rows), count


def centre() -> tuple[dict[str, pd.DataFrame], int]:
    """A centre whose every text column holds every marker, and how many were planted."""
    contact = {
        "contact_id": "c", "started_at": "2025-04-03 09:00", "channel": "voice", "direction": "in",
        "outcome": "answered", "queue": "Q1", "reason": "delivery", "product": "P1", "site": "Aarhus", "team": "T1",
        "agent_id": "A1", "customer_id": "k1", "parent_contact_id": None, "handle_seconds": 60.0, "note": "n",
        "customer_name": NAMES[0],
    }  # fmt: skip
    bases = {
        "contacts": contact,
        "costs": {"line_id": "l", "posted_on": "2025-04-30", "account": "4000", "account_name": "Salaries",
                  "cost_type": "salaries", "amount": 100.0, "currency": "DKK"},
        "agents": {"agent_id": "a", "team": "T1", "site": "Aarhus", "staffing_group": "g", "hourly_wage": 200.0},
        "surveys": {"survey_id": "s", "contact_id": "c", "kind": "csat", "score": 4, "scale_min": 1, "scale_max": 5},
        "legs": {"leg_id": "l", "contact_id": "c", "agent_id": "A1", "started_at": "2025-04-03 09:00",
                 "handle_seconds": 60.0, "queue": "Q1"},
        "bases": {"period": "2025-04", "base": "customers", "count": 10},
        "hours": {"period": "2025-04", "staffing_group": "g", "activity": "back_office", "hours": 1.0},
        "shifts": {"agent_id": "A1", "starts_at": "2025-04-03 08:00", "ends_at": "2025-04-03 16:00",
                   "activity": "available", "is_paid": True, "is_productive": True},
    }  # fmt: skip
    tables, total = {}, 0
    for name, base in bases.items():
        further = ("note",) if name == "contacts" else ()
        tables[name], count = planted(name, base, further)
        total += count
    # Money in a currency without a rate, or a scope without contacts, is another test's subject.
    tables["costs"]["currency"] = "DKK"
    contacts = tables["contacts"]
    contacts.loc[contacts.index[-3:], "agent_id"] = NAMES[1]
    wrong = [(column, text) for column in ("channel", "started_at", "handle_seconds") for text in MARKERS.values()]
    broken = [contact | {"contact_id": f"b{number}", column: text} for number, (column, text) in enumerate(wrong)]
    tables["contacts"] = pd.concat([contacts.astype({"handle_seconds": "object"}), pd.DataFrame(broken)])
    return tables, total + len(broken) + len(contacts)


def project(folder: Path, tables: dict[str, pd.DataFrame]) -> Path:
    lines = ['[project]\ncurrency = "DKK"\ntimezone = "Europe/Copenhagen"\nclosed_through = "2025-04"\n']
    for name, frame in tables.items():
        frame.to_csv(folder / f"{name}.csv", index=False)
        lines.append(f'[tables.{name}]\nfiles = "{name}.csv"\n')
    (folder / "cpc.toml").write_text("".join(lines), encoding="utf-8")
    return folder


def contents(content: bytes) -> Iterator[str]:
    """The texts of a file, and of the files inside it."""
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield name
                yield from contents(archive.read(name))
    else:
        yield content.decode("utf-8", errors="replace")


def traces(texts: Iterator[str] | list[str]) -> list[str]:
    return sorted({trace for text in texts for trace in TRACES if trace in text})


def of_files(folder: Path) -> list[str]:
    found = []
    for path in folder.rglob("*"):
        if path.is_file():
            found += traces(contents(path.read_bytes()))
    return found


def refused(call: Callable[[], object]) -> str:
    try:
        call()
    except CpcError as error:
        return f"{error!r} {error}"
    return ""


def errors_of(data: cpc.Dataset) -> list[str]:
    """What is said of markers that a user types."""
    said = []
    for marker in SURE.values():
        said.append(refused(lambda marker=marker: cpc.measure(data, marker)))
        said.append(refused(lambda marker=marker: cpc.measure(data, "contacts", by=[marker])))
        said.append(refused(lambda marker=marker: cpc.measure(data, "contacts", where={"reason": marker})))
    assert all(said)
    return said


def written(data: cpc.Dataset, folder: Path) -> int:
    """Write results by every column to every kind of file; how many results."""
    keys = ("agent_id", "reason", "queue", "site", "team", "staffing_group")
    frames = [cpc.measure(data, ["contacts", "total_cost"], by=[key]) for key in keys]
    frames += [cpc.cost_statement(data, by=[key]) for key in keys]
    charts = [cpc.charts.trend(cpc.measure(data, "contacts", by=["month", "agent_id"]))]
    for ending in (".xlsx", ".html", ".svg"):
        cpc.export(charts if ending == ".svg" else [*frames, *charts], folder / f"results{ending}")
    cpc.export([frames[0]], folder / "agents.pptx")
    return len(frames)


def test_nothing_that_is_written_of_frames_shows_a_person(tmp_path: Path) -> None:
    tables, count = centre()
    data = cpc.Dataset.from_frames(**tables, currency="DKK", timezone=ZONE)
    shown = [str(data.check()), data.check()._repr_html_(), data.quarantine.to_string(), *errors_of(data)]
    assert traces(shown) == []
    assert written(data, tmp_path) == 12
    assert of_files(tmp_path) == []
    # On the analyst's own screen agents have their names, and customers none.
    assert NAMES[1] in set(cpc.measure(data, "contacts", by=["agent_id"])["agent_id"])
    assert not data.has("contacts", "customer_name") and "customer_name" in str(data.check())
    print(f"{count} markers planted in frames, 0 found")


def test_nothing_that_the_command_line_writes_of_files_shows_a_person(tmp_path: Path) -> None:
    tables, count = centre()
    place, output = project(tmp_path, tables), tmp_path / "output"
    run = CliRunner().invoke
    results = [run(app, ["check", "--project", str(place), "--csv", str(output / "set_aside.csv")])]
    for key in ("reason", "agent_id"):
        results.append(run(app, ["measure", "contacts", "--by", key, "--project", str(place),
                                 "--csv", str(output / f"{key}.csv")]))  # fmt: skip
    assert [result.exit_code for result in results] == [0] * len(results), [result.output for result in results]
    assert traces([result.output for result in results]) == []
    assert len(list(output.iterdir())) == 3
    assert of_files(output) == []
    print(f"{count} markers planted in files, 0 found")


@pytest.mark.slow
def test_no_report_and_no_deck_shows_a_person(tmp_path: Path) -> None:
    tables, count = centre()
    place, output = project(tmp_path, tables), tmp_path / "output"
    made = CliRunner().invoke(app, ["deck", "--project", str(place), "--output", str(output / "deck.pptx")])
    assert made.exit_code == 0, made.output
    reports = run_notebooks(["cost-statement", "causes-of-contact"], {"period": "2025-04"}, output, place)
    assert [report.problem for report in reports] == ["", ""]
    assert traces([made.output]) == []
    assert of_files(output) == []
    print(f"{count} markers planted before reports, 0 found")
