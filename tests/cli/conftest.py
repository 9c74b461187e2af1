"""A project of a few lines, and a way to call the command in its folder."""

from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from typer.testing import CliRunner, Result

from cpc_analysis.cli import app

PROJECT = """\
[project]
name = "Tiny centre"
currency = "DKK"
timezone = "Europe/Copenhagen"

[tables.contacts]
files = "contacts.csv"

[tables.costs]
files = "costs.csv"
"""
CONTACTS = """\
contact_id,started_at,channel,direction,outcome,site,handle_seconds,contact_count,covers
1,2025-04-01 00:00:00,voice,in,answered,Aarhus,6000,60,month
2,2025-04-01 00:00:00,chat,in,answered,Aarhus,4000,40,month
3,2025-04-01 00:00:00,email,in,answered,Odense,2000,20,month
"""
COSTS = """\
line_id,posted_on,account,cost_type,amount
1,2025-04-30,4000,salaries,1200.00
"""
NOTEBOOK_PARAMETERS = 'period: str = ""  # the period\nproject: str = ""'

Call = Callable[..., Result]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The folder of a project with one notebook."""
    folder = tmp_path / "tiny centre"
    (folder / "notebooks").mkdir(parents=True)
    for name, text in (("cpc.toml", PROJECT), ("contacts.csv", CONTACTS), ("costs.csv", COSTS)):
        (folder / name).write_text(text, encoding="utf-8")
    write_notebook(folder / "notebooks" / "tiny.ipynb")
    return folder


def write_notebook(path: Path) -> None:
    """A notebook that opens its project and answers with the cost of a contact."""
    source = (
        "import cpc_analysis as cpc\nfrom cpc_analysis import models\n"
        "data = models.open_data(project)\n"
        'cost = cpc.measure(data, "cost_per_contact").iloc[0, 0]\n'
        'print(f"A contact cost {cost:.2f} in {period}.")'
    )
    cells = [
        nbformat.v4.new_markdown_cell("# Tiny"),
        nbformat.v4.new_code_cell(NOTEBOOK_PARAMETERS, metadata={"tags": ["parameters"]}),
        nbformat.v4.new_code_cell(source, metadata={"tags": ["answer"]}),
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Call:
    """Call `cpc` in an empty folder."""
    empty = tmp_path / "elsewhere"
    empty.mkdir()
    monkeypatch.chdir(empty)

    def invoke(*arguments: object) -> Result:
        return CliRunner().invoke(app, [str(argument) for argument in arguments], prog_name="cpc")

    return invoke
