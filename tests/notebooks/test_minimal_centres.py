"""Every shipped notebook makes its report on a centre that keeps little: what is not there is left out, nothing fails."""

from __future__ import annotations

import ast
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import altair as alt
import nbformat
import pandas as pd
import pytest

import cpc_analysis as cpc
from cpc_analysis.errors import CpcError
from cpc_analysis.models import selection as selecting
from cpc_analysis.reports import list_notebooks, run_notebooks
from cpc_analysis.reports.catalogue import read_notebook
from cpc_analysis.reports.leaving_out import LEFT_OUT, Cells, reasons_of

from ..centres import contacts, costs, dataset

NOTEBOOKS = {notebook.name: notebook.path for notebook in list_notebooks()}
MONTHS = [str(month) for month in pd.period_range("2024-04", "2025-04", freq="M")]
FURTHER = {"customer_id": "k", "reason": "billing", "product": "loan", "queue": "first", "site": "Aarhus", "team": "a"}


def calls(months: list[str], without: tuple[str, ...] = (), further: bool = True) -> pd.DataFrame:
    """Six contacts on every day of the months, in three channels."""
    rows = []
    for month in months:
        for day in pd.date_range(month, periods=pd.Period(month).days_in_month):
            for number, channel in enumerate(("voice", "voice", "chat", "chat", "email", "email")):
                row = {
                    "contact_id": f"{day:%Y%m%d}{number}", "started_at": f"{day:%Y-%m-%d} {9 + number}:00",
                    "channel": channel, "handle_seconds": 200.0 + 10 * number + day.day, "wait_seconds": 5.0 * number,
                }  # fmt: skip
                rows.append(row | ({**FURTHER, "customer_id": f"k{day.day}{number}"} if further else {}))
    frame = contacts(rows)
    return frame.drop(columns=[name for name in without if name in frame])


def totals(months: list[str]) -> pd.DataFrame:
    """A row for each month and channel, without days."""
    rows = [
        {"contact_id": f"{month}-{channel}", "started_at": f"{month}-01 00:00", "channel": channel,
         "handle_seconds": 300.0 * count, "contact_count": count, "covers": "month"}
        for month in months for channel, count in (("voice", 600), ("chat", 400), ("email", 200))
    ]  # fmt: skip
    return contacts(rows)


def ledger(months: list[str]) -> pd.DataFrame:
    lines = [costs(("salaries", 9000.0), ("technology", 800.0 + number), month=month)
             for number, month in enumerate(months)]  # fmt: skip
    return pd.concat(lines, ignore_index=True)


def log_only(frame: pd.DataFrame) -> cpc.Dataset:
    return cpc.Dataset.from_frames(contacts=frame, currency="DKK", timezone="Europe/Copenhagen")


CENTRES: dict[str, Callable[[], cpc.Dataset]] = {
    "contacts only": lambda: log_only(calls(MONTHS)),
    "nothing but what is needed": lambda: log_only(calls(MONTHS, ("handle_seconds", "wait_seconds"), further=False)),
    "contacts and a ledger": lambda: dataset(calls(MONTHS), ledger(MONTHS)),
    "no customers": lambda: dataset(calls(MONTHS, ("customer_id",)), ledger(MONTHS)),
    "no reasons and no products": lambda: dataset(calls(MONTHS, ("reason", "product")), ledger(MONTHS)),
    "no handle times": lambda: dataset(calls(MONTHS, ("handle_seconds",)), ledger(MONTHS)),
    "monthly totals": lambda: dataset(totals(MONTHS), ledger(MONTHS)),
    "monthly totals of one month": lambda: dataset(totals(MONTHS[-1:]), ledger(MONTHS[-1:])),
    "one month": lambda: dataset(calls(MONTHS[-1:]), ledger(MONTHS[-1:])),
    "two months": lambda: dataset(calls(MONTHS[-2:]), ledger(MONTHS[-2:])),
}


def executed(path: Path, data: cpc.Dataset, monkeypatch: pytest.MonkeyPatch) -> nbformat.NotebookNode:
    """A notebook run on a dataset in this process, as a kernel would; anything but a refusal is raised."""
    monkeypatch.setattr(selecting, "open_data", lambda project=None: data)
    notebook = read_notebook(path)
    judge = Cells(notebook)
    names: dict[str, Any] = {}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = []
        if judge.enter(cell):
            cell.outputs = outputs_of(cell.source, names)
            assert judge.leave(cell), cell.outputs
    judge.close(is_whole=True)
    return notebook


def outputs_of(source: str, names: dict[str, Any]) -> list[nbformat.NotebookNode]:
    try:
        *statements, last = ast.parse(source).body
        exec(compile(ast.Module(statements, []), source, "exec"), names)
        if not isinstance(last, ast.Expr):
            exec(compile(ast.Module([last], []), source, "exec"), names)
            return []
        result = eval(compile(ast.Expression(last.value), source, "eval"), names)
    except CpcError as error:
        trace = traceback.format_exception(error)
        return [nbformat.v4.new_output("error", ename=type(error).__name__, evalue=str(error), traceback=trace)]
    shown = result.to_json() if isinstance(result, alt.TopLevelMixin) else str(result)
    return [nbformat.v4.new_output("display_data", data={"text/plain": shown})]


def left_out(notebook: nbformat.NotebookNode) -> list[str]:
    """The sources of what was left out."""
    return [cell.source for cell in notebook.cells if LEFT_OUT in cell.metadata.get("tags", [])]


@pytest.mark.slow
@pytest.mark.parametrize("centre", CENTRES)
def test_no_notebook_fails_on_a_centre_that_keeps_little(centre: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = CENTRES[centre]()
    for name, path in NOTEBOOKS.items():
        notebook = executed(path, data, monkeypatch)
        code = [cell for cell in notebook.cells if cell.cell_type == "code"]
        assert not any("selection = " in source for source in left_out(notebook)), name
        shown = [cell for cell in code if cell.outputs]
        assert len(shown) > 1, f"{name}: at least what it is about, and why the rest is not there"
        assert all(reason.endswith((".", "?")) for reason in reasons_of(notebook)), name
        assert bool(reasons_of(notebook)) == bool(left_out(notebook)), name


@pytest.mark.parametrize(
    ("centre", "name", "kept", "gone"),
    [
        ("contacts only", "service-and-quality", '"first_contact_resolution"', '"cost_per_contact", [grain]'),
        ("contacts only", "product-complexity", "small_multiples", "explain_change"),
        ("contacts and a ledger", "cost-per-contact", "charts.levels", ""),
        ("contacts and a ledger", "agent-productivity", "selection = ", "productivity_of"),
        ("no customers", "service-and-quality", '"average_handle_time", [grain]', '"first_contact_resolution", [grain]'),
        ("no reasons and no products", "product-complexity", "selection = ", "complexity_of"),
        ("no reasons and no products", "cost-per-resolution", "containment_table", 'by=["reason"]'),
        ("monthly totals", "service-and-quality", '"average_handle_time", [grain]', '"weekday"'),
        ("one month", "why-it-changed", "process_limits", "explain_change"),
        ("one month", "monthly-pack", "pack_table(pack)", "bridge_of_month"),
    ],
)  # fmt: skip
def test_only_what_lacks_its_data_is_left_out(
    centre: str, name: str, kept: str, gone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    notebook = executed(NOTEBOOKS[name], CENTRES[centre](), monkeypatch)
    without = left_out(notebook)
    assert not any(kept in source for source in without)
    assert any(kept in cell.source for cell in notebook.cells)
    assert any(gone in source for source in without) if gone else without == []


def test_a_run_of_all_that_a_small_project_has_data_for_is_whole(tmp_path: Path) -> None:
    calls(MONTHS[-1:], further=False).to_csv(tmp_path / "contacts.csv", index=False)
    (tmp_path / "cpc.toml").write_text(
        '[project]\ncurrency = "DKK"\ntimezone = "Europe/Copenhagen"\n\n[tables.contacts]\nfiles = "contacts.csv"\n',
        encoding="utf-8",
    )
    names = ["monthly-pack", "why-it-changed"]
    for report in run_notebooks(names, None, tmp_path / "out", tmp_path, run="april"):
        assert report.problem == "" and report.left_out
        page = report.page.read_text("utf-8")
        assert "Left out: A figure in money needs" in page and "Traceback" not in page
