"""A workbook calculates what `measure` says, ties out, and keeps texts texts."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from pathlib import Path

import pandas as pd
import pytest
from pptx import Presentation as Slides

import cpc_analysis as cpc
from cpc_analysis.glossary import QUANTITIES, describe, label
from cpc_analysis.models.bridge import Bridge
from tests.centres import contacts, costs, dataset
from tests.exports.office import converted, forgotten, needs_office
from tests.exports.workbooks import Book, Cell, opened, parts

pytestmark = pytest.mark.xdist_group("exports")

JUNE = {"month": "2025-06"}
RATIOS = [
    "cost_per_contact", "cost_per_assisted_contact", "labour_cost_per_contact", "abandonment_rate", "service_level",
    "average_handle_time", "average_wait", "transfer_rate", "first_contact_resolution", "csat", "survey_response_rate",
    "cost_per_self_service_session",
]  # fmt: skip
PAID = ["hourly_cost", "paid_hours", "fte", "occupancy", "availability", "shrinkage", "handled_share_of_paid"]
ERRORS = re.compile(r"#(?:DIV/0!|VALUE!|REF!|NAME\?|NUM!|N/A|NULL!)|Err:\d+")
#: Of a ratio over its sums: the program divides the very same doubles.
EXACT = 1e-9
#: Amounts that net to nothing leave what doubles cannot hold.
NOTHING = 1e-9


@pytest.fixture(scope="module")
def measured(sample: cpc.Dataset) -> dict[str, pd.DataFrame]:
    """Results by several groupings: missing values, nothing to divide by, agents unknown, intervals, a calendar."""
    half_year = [f"2025-{month:02d}" for month in range(1, 7)]
    return {
        "whole": cpc.measure(sample, [*RATIOS, *PAID], where=JUNE),
        "channels": cpc.measure(sample, [*RATIOS, "contacts", "total_cost"], by=["channel"], where=JUNE),
        "months": cpc.measure(sample, ["cost_per_contact", "assisted_contacts_per_workday", "cost_per_customer"],
                              by=["month"], incomplete=True),
        "channels and months": cpc.measure(sample, ["average_handle_time", "csat"], by=["channel", "month"],
                                           where={"month": half_year}, interval=0.95),
        "agents": cpc.measure(sample, ["average_handle_time", "contacts"], by=["agent_id"], where=JUNE),
        "paid": cpc.measure(sample, PAID, by=["site", "quarter"], where={"year": "2025"}),
        "weeks": cpc.measure(sample, ["service_level", "offered_contacts", "repeat_rate"], by=["week"],
                             where={"quarter": "2025-Q2"}),
    }  # fmt: skip


@pytest.fixture(scope="module")
def written(sample, measured, month, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A workbook of results with statements, one of the month's deck with its bridge, and that inside the bridge."""
    folder = tmp_path_factory.mktemp("workbooks")
    titled = [frame.assign() for frame in measured.values()]
    for name, frame in zip(measured, titled, strict=True):
        frame.attrs["title"] = name
    statements = [cpc.cost_statement(sample, by=["month", "channel"]), cpc.cost_statement(sample)]
    (slides,) = cpc.export(next(item for item in month.items if isinstance(item, Bridge)), folder / "bridge.pptx")
    (shape,) = (shape for shape in Slides(str(slides)).slides[0].shapes if shape.has_chart)
    (folder / "bridge.xlsx").write_bytes(shape.chart.part.chart_workbook.xlsx_part.blob)
    return [*cpc.export([*titled, *statements], folder / "results.xlsx"),
            *cpc.export(month.items, folder / "month.xlsx"), folder / "bridge.xlsx"]  # fmt: skip


@pytest.fixture(scope="module")
def results(written: list[Path]) -> Book:
    return opened(written[0])


def near(found: Cell, wanted: float) -> bool:
    """Whether a cell holds a number, or nothing where there is none."""
    if not math.isfinite(wanted):
        return found == ""
    return isinstance(found, (int, float)) and math.isclose(found, wanted, rel_tol=EXACT, abs_tol=NOTHING)


def check_against(book: Book, measured: dict[str, pd.DataFrame]) -> None:
    """Every quantity of every result stands in its sheet, row by row."""
    for sheet, frame in measured.items():
        for name in (name for name in frame if name in QUANTITIES):
            heading = next(text for text in book.rows[sheet][0] if str(text).split(" (")[0] == label(name))
            found = book.column(sheet, heading)[: len(frame)]
            wrong = [pair for pair in zip(found, frame[name], strict=True) if not near(*pair)]
            assert not wrong, (sheet, name, wrong[:3])


def test_the_values_beside_the_formulas_are_those_of_measure(results, measured) -> None:
    check_against(results, measured)


def test_every_ratio_of_a_result_is_a_formula_where_its_sums_give_it(results, measured) -> None:
    for sheet, frame in measured.items():
        for name in (name for name in frame if name in QUANTITIES and not describe(name).additive):
            heading = next(text for text in results.rows[sheet][0] if str(text).split(" (")[0] == label(name))
            place = results.rows[sheet][0].index(heading)
            held = [results.formulas[sheet].get((row, place), "") for row in range(1, len(frame) + 1)]
            known = frame[name].notna().to_numpy()
            assert all("/" in text for text, is_known in zip(held, known, strict=True) if is_known), (sheet, name)


@needs_office
def test_another_program_calculates_the_same(written, measured, tmp_path: Path) -> None:
    bare = [forgotten(path, tmp_path) for path in written]
    assert not any(
        "<f>" in sheet and re.search(r"</f><v>", sheet) for path in bare for sheet in parts(path, "xl/works")
    )
    calculated = [opened(path) for path in converted(bare, "xlsx", tmp_path / "calculated")]
    check_against(calculated[0], measured)
    for path, found in zip(written, calculated, strict=True):
        said = opened(path)
        assert list(found.rows) == list(said.rows)
        for sheet, formulas in said.formulas.items():
            assert not [cell for row in found.rows[sheet] for cell in row if ERRORS.search(str(cell))]
            for (row, column), formula in formulas.items():
                cell, wanted = found.rows[sheet][row][column], said.rows[sheet][row][column]
                same = near(cell, wanted) if isinstance(wanted, (int, float)) else cell == wanted
                assert same, (sheet, formula, cell, wanted)


def test_a_reconciliation_says_that_all_ties_out(results, written) -> None:
    for book in (results, opened(written[1])):
        verdicts = [row[2] for row in book.rows["Reconciliation"] if len(row) > 2 and row[2] != ""]
        assert len(verdicts) >= 3 and set(verdicts) == {"agrees"}
    places = [place for place in results.formulas["Reconciliation"] if place[1] == 2]
    assert len(places) >= 10 and all("=0" in results.formulas["Reconciliation"][place] for place in places)


def test_sheets_are_tables_with_frozen_heads_and_definitions(results, written) -> None:
    sheets, tables = parts(written[0], "xl/worksheets/sheet"), parts(written[0], "xl/tables/table")
    proofs = list(results.rows).index("Reconciliation")
    assert len(tables) == proofs == 9
    assert all('state="frozen"' in sheet for place, sheet in enumerate(sheets) if place != proofs)
    rows = results.rows["Quantities"]
    assert {"Cost per contact", "Occupancy", "Customer satisfaction"} <= {row[0] for row in rows[1:]}
    assert all(row[2] and row[3] for row in rows[1:])
    stated = {row[0]: row for row in results.rows["Definitions"][1:]}
    assert "Counted are answered contacts" in stated["channels"][2] and stated["channels"][3:] == [
        "Sample centre",
        "DKK",
    ]


def test_a_total_is_the_sum_and_its_ratio_the_ratio_of_sums(sample, results) -> None:
    whole = cpc.measure(sample, ["cost_per_contact", "contacts"], where=JUNE).iloc[0]
    assert near(results.column("channels", "Contacts")[-1], whole["contacts"])
    assert near(results.column("channels", "Cost per contact (DKK)")[-1], whole["cost_per_contact"])


def test_what_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    texts = ["=1+1", "+2", "-3", "@sum", "\t=1", "\r=2", "http://x.dk", "007", "=cmd|' /C calc'!A0", "<b>&amp;"]
    told = pd.DataFrame({"reason": texts, "contacts": range(len(texts))})
    reasons = contacts([{"reason": text} for text in texts[:4]])
    measured = cpc.measure(dataset(reasons, costs(("salaries", 100.0))), "cost_per_contact", by=["reason"])
    told.attrs["title"], told.attrs["definition"] = "=2+2", "=3+3"
    (path,) = cpc.export([told, measured], tmp_path / "told.xlsx")
    book = opened(path)
    sheets = list(book.rows)
    assert [text.strip() for text in book.column(sheets[0], "Reason")] == [text.strip() for text in texts]
    assert book.formulas[sheets[0]] == {} and {"=1+1", "+2", "-3", "@sum"} <= set(book.column(sheets[1], "Reason"))
    formulas = {text for sheet in book.formulas.values() for text in sheet.values()}
    assert not formulas & {"1+1", "=1+1", "2+2", "3+3"} and not any("cmd" in text for text in formulas)
    assert not parts(path, "xl/externalLinks") and not parts(path, "xl/worksheets/_rels/sheet1.xml.rels")[0].count(
        "http://x"
    )


def names_of(titles: Iterable[str], folder: Path) -> list[str]:
    frames = [pd.DataFrame({"contacts": [1]}) for _ in titles]
    for frame, title in zip(frames, titles, strict=True):
        frame.attrs["title"] = title
    (path,) = cpc.export(frames, folder / "named.xlsx")
    return list(opened(path).rows)[: len(frames)]


def test_names_of_sheets_are_legal_short_and_different(tmp_path: Path) -> None:
    titles = ["Cost/contact [DKK]: 1*2?", "cost contact DKK 1 2", "'quoted'", "History", "a" * 40, "a" * 45,
              "Cost per contact by channel and by month and site", "Ærø - ø", "\x00bell\x07", ""]  # fmt: skip
    names = names_of(titles, tmp_path)
    assert len(names) == len(titles) == len({name.casefold() for name in names})
    assert all(0 < len(name) <= 31 and not re.search(r"[\[\]:*?/\\]", name) for name in names)
    assert not any(name.startswith("'") or name.endswith("'") or name.casefold() == "history" for name in names)
    assert names[0] == "Cost contact DKK 1 2" and names[1] == "cost contact DKK 1 2 2" and names[7] == "Ærø - ø"
    assert names[6] == "Cost per contact by channel an…"


def test_a_workbook_in_danish(sample, frame, tmp_path: Path) -> None:
    items = [frame, cpc.cost_statement(sample, by=["month"])]
    (path,) = cpc.export(items, tmp_path / "juni.xlsx", language="da")
    book = opened(path)
    assert list(book.rows)[1:] == ["Omkostningsopgørelse efter mån…", "Afstemning", "Nøgletal", "Definitioner"]
    first = book.rows[next(iter(book.rows))]
    assert "Omkostning pr. henvendelse (DKK)" in first[0] and "telefon" in {row[0] for row in first}
    verdicts = {row[2] for row in book.rows["Afstemning"] if len(row) > 2 and row[2] != ""}
    assert verdicts == {"stemmer"}
    styles = parts(path, "xl/styles.xml")[0]
    assert "[$-406]" in styles and "#,##0.00" in styles


def test_what_the_package_names_is_said_in_words(month, sample, tmp_path: Path) -> None:
    bridge = next(item for item in month.items if isinstance(item, Bridge))
    (path,) = cpc.export([bridge, cpc.cost_statement(sample)], tmp_path / "ord.xlsx", language="da")
    book = opened(path)
    changes, statement = list(book.rows)[:2]
    assert {"sammensætning", "forbrug på løn"} <= set(book.column(changes, "Effekt"))
    assert set(book.column(changes, "Vurdering")) <= {"inden for det sædvanlige", "usædvanlig", "for kort historik"}
    assert not any("_" in str(text) for text in book.column(statement, book.rows[statement][0][0]))
    total = sum(amount for amount in book.column(changes, "Beløb") if isinstance(amount, float))
    assert near(total, bridge.total)


def test_a_statement_that_does_not_tie_out_says_so(sample, tmp_path: Path) -> None:
    statement = cpc.cost_statement(sample)
    statement.loc[0, "used"] += 1
    (path,) = cpc.export(statement, tmp_path / "wrong.xlsx")
    verdicts = [row[2] for row in opened(path).rows["Reconciliation"] if len(row) > 2 and row[2] != ""]
    assert verdicts == ["agrees", "does not agree", "agrees"]


def test_a_frame_without_rows_and_a_currency_without_decimals(tmp_path: Path) -> None:
    empty = pd.DataFrame({"contacts": pd.Series([], dtype="float64"), "reason": pd.Series([], dtype="object")})
    yen = cpc.Dataset.from_frames(contacts=contacts([{}, {}]), costs=costs(("salaries", 301.0)), currency="JPY",
                                  timezone="Asia/Tokyo")  # fmt: skip
    (path,) = cpc.export([empty, cpc.measure(yen, ["total_cost", "cost_per_contact"])], tmp_path / "few.xlsx")
    book = opened(path)
    assert next(iter(book.rows.values())) == [["Contacts", "Reason"]]
    assert 301.0 in [cell for row in list(book.rows.values())[1] for cell in row]


def test_a_statement_without_shifts_or_a_ledger_says_so_on_every_sheet(tmp_path: Path) -> None:
    """Ten calls of a minute: 0.17 hours at 300 are 50; a line of 12.34 of an unknown kind was set aside."""
    rows, lines = contacts([{}] * 10), costs(("technology", 100.0), ("snacks", 12.34))
    statement = cpc.cost_statement(dataset(rows, lines, costing=cpc.Costing(hourly_cost=300.0)))
    (path,) = cpc.export(statement, tmp_path / "stated.xlsx")
    book = opened(path)
    sheet = next(iter(book.rows))
    assert book.column(sheet, "Waiting (DKK)") == ["not known", "not known", ""]
    assert book.column(sheet, "Used and waiting (DKK)") == [50.0, 100.0, 150.0]
    proof = {str(row[0]): row[1] for row in book.rows["Reconciliation"]}
    assert proof["Cost statement: posted + moved = cost = used + waiting + unallocated"] == ""
    assert (proof["Posted"], proof["Moved"], proof["Cost"]) == (150.0, 0.0, 150.0)
    assert (proof["Used and waiting"], proof["Waiting"], proof["Unallocated"]) == (150.0, "not known", 0.0)
    assert (proof["Cost lines set aside"], proof["Amount set aside, as far as it is known"]) == (1.0, 12.34)
    assert [row[2] for row in book.rows["Reconciliation"] if row[0] == "Difference"] == ["agrees"] * 3
    assert not [name for name in proof if "ledger" in name.lower()]


def test_a_danish_statement_without_shifts(tmp_path: Path) -> None:
    statement = cpc.cost_statement(dataset(contacts([{}] * 10), costs(("salaries", 100.0))))
    (path,) = cpc.export(statement, tmp_path / "dansk.xlsx", language="da")
    book = opened(path)
    assert book.column(next(iter(book.rows)), "Ventetid (DKK)") == ["kendes ikke"]
    assert ["Omkostningslinjer sat til side", 0.0, ""] in book.rows["Afstemning"]
