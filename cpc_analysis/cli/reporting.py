"""The commands that make reports: `cpc run` and `cpc demo`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cpc_analysis.cli.console import DebugOption, ProjectOption, assignments, echo, print_table
from cpc_analysis.errors import CpcError, InvalidInputError

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset
    from cpc_analysis.reports.report import Progress, Report

__all__ = ["demo", "run_reports"]

OutputOption = Annotated[Path, typer.Option(help="The folder of all runs.")]
#: Of `cpc_analysis.reports.running`, which starting up does not import.
_TIME_LIMIT = 3600.0
TimeLimitOption = Annotated[
    float, typer.Option("--time-limit", metavar="SECONDS", help="How long each notebook may take; 0 for any time.")
]


def run_reports(
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAMES]...", help="Notebooks, by name or path.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Run every notebook that the project has the data for.")] = False,
    parameters: Annotated[
        list[str] | None,
        typer.Option("--parameter", "-p", metavar="NAME=VALUE", help="A parameter; may be repeated."),
    ] = None,
    project: ProjectOption = "",
    output: OutputOption = Path("reports"),
    run: Annotated[
        str, typer.Option(help="The name of this run's folder; by default date and time.", show_default=False)
    ] = "",
    pdf: Annotated[
        bool, typer.Option("--pdf", help="Print each page as PDF too: needs Chromium, Chrome or Edge.")
    ] = False,
    time_limit: TimeLimitOption = _TIME_LIMIT,
    debug: DebugOption = False,
) -> None:
    """Run notebooks side by side and keep their reports: a page without code, charts, an index.

    Example: [bold]cpc run cost-per-contact cost-statement -p period=2025-04[/bold]
    """
    from cpc_analysis.models.selection import find_project
    from cpc_analysis.reports import list_notebooks

    found = find_project(project)
    folder = found.parent if found else None
    known = [notebook.name for notebook in list_notebooks(folder)]
    if every == bool(names):
        raise InvalidInputError(
            f"Name the notebooks to run or say --all, one of the two; known are {', '.join(known)}."
        )
    if found is None:
        echo("No cpc.toml here and no --project: these are reports of the sample centre.", error=True)
    given = dict(assignments(parameters or (), "-p"))
    reports = _run(names or known, given, output, project, run, pdf, time_limit)
    # Of all notebooks some ask for what a project does not have; named ones must run.
    may_refuse = every and not all(report.problem for report in reports)
    _print_reports(reports, may_refuse)
    for report in reports:
        if report.problem and not (may_refuse and report.refusal):
            raise CpcError(report.problem)


def _run(
    names: list[str], parameters: dict[str, str], output: Path, project: str, run: str, pdf: bool, time_limit: float
) -> tuple[Report, ...]:
    from cpc_analysis.reports import run_notebooks

    with _progress(names) as progress:
        return run_notebooks(
            names,
            parameters,
            output,
            project or None,
            run=run or None,
            progress=progress,
            pdf=pdf,
            time_limit=time_limit,
        )


@contextmanager
def _progress(names: list[str]) -> Iterator[Progress]:
    """A bar for each notebook, drawn where there is a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bars:
        tasks = {Path(name).stem: bars.add_task(Path(name).stem, total=None) for name in names}
        yield lambda name, done, total: bars.update(tasks[name], completed=done, total=total)


def _print_reports(reports: tuple[Report, ...], may_refuse: bool) -> None:
    for report in reports:
        left_out = f"left out. {report.refusal}" if may_refuse and report.refusal else report.problem
        echo(f"{report.name}: {left_out or report.answer}")
        for reason in report.left_out:
            if reason not in report.answer:
                echo(f"  Left out: {reason}")
    if reports[0].index.is_file():
        echo(f"Reports: {reports[0].index}")


def demo(output: OutputOption = Path("reports"), debug: DebugOption = False) -> None:
    """Run every notebook on the sample centre, and show last month's cost per contact and that it ties out.

    Example: [bold]cpc demo[/bold]
    """
    from cpc_analysis.reports import list_notebooks, run_notebooks
    from cpc_analysis.sources.samples import load_sample, samples_directory

    names = [notebook.name for notebook in list_notebooks()]
    with _progress(names) as progress:
        reports = run_notebooks(names, None, output, samples_directory(), progress=progress)
    for report in reports:
        if report.problem:
            raise CpcError(report.problem)
    _print_month(load_sample())
    echo(f"Reports: {reports[0].index}")


def _print_month(data: Dataset) -> None:
    """Cost per contact by channel in the last closed month, and the line that ties it to the ledger."""
    from cpc_analysis.costing.coverage import last_closed_month
    from cpc_analysis.measuring import measure
    from cpc_analysis.models import Selection, statement_for, tie_out
    from cpc_analysis.models.tables import table
    from cpc_analysis.models.wording import period_in_words

    month = last_closed_month(data)
    selection = Selection(data, month, "month", {})
    quantities = ["cost_per_contact", "contacts", "total_cost"]
    shown = table(measure(data, quantities, by=["channel"], where=selection.now), keys_apart=True)
    whole = table(measure(data, quantities, where=selection.now))
    shown.loc[len(shown)] = ["all", *whole.iloc[0]]
    print_table(shown, f"{data.settings.name}, {period_in_words(month)}", keys=1)
    echo(tie_out(statement_for(selection)))
