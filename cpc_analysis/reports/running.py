"""Running notebooks: parameters checked first, each notebook in a kernel of its own, many side by side."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cpc_analysis.errors import CpcError, InvalidInputError, UnknownNameError
from cpc_analysis.models.selection import find_project
from cpc_analysis.presentation import Presentation
from cpc_analysis.reports.about import Making
from cpc_analysis.reports.catalogue import Notebook, find_notebook, read_notebook, title_of
from cpc_analysis.reports.contents import answer_of, problem_of, refusal_of, traceback_of
from cpc_analysis.reports.house import house_of
from cpc_analysis.reports.index import write_index
from cpc_analysis.reports.kernel import KERNEL_NAME, own_kernel_manager
from cpc_analysis.reports.page import write_page
from cpc_analysis.reports.parameters import Parameter, Value, check_parameters, read_parameters
from cpc_analysis.reports.pictures import draw_charts, write_pictures
from cpc_analysis.reports.printing import find_browser, print_page
from cpc_analysis.reports.stamp import with_stamp
from cpc_analysis.reports.translating import translated

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = ["Report", "run_notebook", "run_notebooks"]

#: Called with a notebook's name, the number of its cells done, and the number of its cells.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Report:
    """What one run of a notebook left on disk.

    Parameters
    ----------
    name : str
        The notebook's name.
    folder : Path
        The folder of the run, which holds everything below and the index of its reports.
    notebook : Path
        The executed notebook.
    page : Path or None
        The page without code, one file that needs no network; None when the notebook stopped.
    pictures : tuple of Path
        The charts as PNG and SVG.
    answer : str
        The notebook's answer in one sentence.
    problem : str
        Why the notebook stopped, or its PDF could not be printed, in one sentence; empty when all is well.
    refusal : str
        The reason alone, when it stopped because the data or the parameters do not hold what it needs.
    traceback : str
        The traceback of the cell that stopped.
    pdf : Path or None
        The page as PDF, where that was asked for.
    """

    name: str
    folder: Path
    notebook: Path
    page: Path | None = None
    pictures: tuple[Path, ...] = ()
    answer: str = ""
    problem: str = ""
    refusal: str = ""
    traceback: str = ""
    pdf: Path | None = None

    @property
    def index(self) -> Path:
        """The page that lists the reports of the run."""
        return self.folder / "index.html"


@dataclass(frozen=True)
class _Job:
    """One notebook with the values that it will run with, and how its report is made."""

    notebook: Notebook
    cells: NotebookNode
    values: dict[str, Value]
    making: Making

    @property
    def title(self) -> str:
        return title_of(self.cells) or self.notebook.name


def run_notebook(
    name: str | Path,
    parameters: Mapping[str, object] | None = None,
    output: str | Path = "reports/",
    project: str | Path | None = None,
    *,
    run: str | None = None,
    progress: Progress | None = None,
    pdf: bool = False,
) -> Report:
    """The report of one notebook: executed, as a page without code, and its charts as PNG and SVG.

    Parameters
    ----------
    name : str or Path
        A notebook's name, such as ``"cost-per-contact"``, or the path of one.
    parameters : mapping of str to value, optional
        Values for the notebook's parameters; text is read as the declared type.
    output : str or Path
        The folder of all runs.
    project : str or Path, optional
        The project's folder or ``cpc.toml``. None: the project of the current folder, else the sample centre.
    run : str, optional
        The name of the folder of this run inside `output`; date, time and period when None.
    progress : callable, optional
        Called with the name, the cells done and all cells, after each cell.
    pdf : bool
        Whether the page is printed as PDF too, by Chromium, Chrome or Edge.

    Raises
    ------
    UnknownNameError
        If there is no such notebook, or it has no such parameter.
    InvalidInputError
        If a value is not of the declared type, or the notebook stopped: the message says in which
        cell and why, the cause carries its traceback.
    MissingFileError
        If a PDF is asked for and no browser is there to print it; then nothing runs.
    """
    report = run_notebooks([name], parameters, output, project, run=run, progress=progress, pdf=pdf)[0]
    if report.problem:
        raise InvalidInputError(report.problem) from CpcError(report.traceback)
    return report


def run_notebooks(
    names: Sequence[str | Path],
    parameters: Mapping[str, object] | None = None,
    output: str | Path = "reports/",
    project: str | Path | None = None,
    *,
    run: str | None = None,
    progress: Progress | None = None,
    workers: int | None = None,
    pdf: bool = False,
) -> tuple[Report, ...]:
    """The reports of several notebooks, run side by side.

    A notebook that stops does not stop the others: its report says why in `problem`.

    Parameters
    ----------
    names : sequence of str or Path
        Names or paths of notebooks.
    parameters : mapping of str to value, optional
        Values for the parameters: each notebook takes those that it declares; one at least must.
    output, project, run, progress, pdf
        As for `run_notebook`.
    workers : int, optional
        How many at a time; the number of cores when None.

    Raises
    ------
    UnknownNameError
        If there is no such notebook, or none of them has such a parameter.
    InvalidInputError
        If a value is not of the declared type, or two notebooks have one name.
    MissingFileError
        If a PDF is asked for and no browser is there to print it; then nothing runs.
    """
    from concurrent.futures import ThreadPoolExecutor

    project_file = find_project(project)
    folder_of_project = project_file.parent if project_file else None
    notebooks = list(dict.fromkeys(find_notebook(name, folder_of_project) for name in names))
    _refuse_one_name_twice(notebooks)
    jobs = _jobs(notebooks, dict(parameters or {}), project_file)
    browser = find_browser() if pdf else ""
    folder = _new_folder(Path(output), run, str((parameters or {}).get("period", "")))
    # Each notebook computes in the process of its own kernel; the threads only wait for them.
    with ThreadPoolExecutor(max_workers=workers or os.cpu_count() or 1) as pool:
        reports = tuple(pool.map(lambda job: _run(job, folder, progress, browser), jobs))
    write_index(folder, jobs[0].making.presentation if jobs else None)
    return reports


def _refuse_one_name_twice(notebooks: list[Notebook]) -> None:
    names = [notebook.name for notebook in notebooks]
    for name in names:
        if names.count(name) > 1:
            raise InvalidInputError(
                f"Two notebooks are named '{name}' and would write the same report: run one at a time."
            )


def _jobs(notebooks: list[Notebook], given: dict[str, object], project_file: Path | None) -> list[_Job]:
    """Every notebook with its checked values, before the first one runs."""
    cells = [read_notebook(notebook.path) for notebook in notebooks]
    declared = [read_parameters(content, notebook.name) for content, notebook in zip(cells, notebooks, strict=True)]
    if len(notebooks) > 1:
        _check_taken(given, declared)
    at = datetime.now()
    jobs = []
    for notebook, content, parameters in zip(notebooks, cells, declared, strict=True):
        names = {parameter.name for parameter in parameters}
        taken = {name: value for name, value in given.items() if name in names or len(notebooks) == 1}
        if project_file and "project" in names:
            taken.setdefault("project", str(project_file))
        values = check_parameters(parameters, taken, notebook.name)
        making = Making(_house(parameters, values, project_file), at, parameters, values)
        jobs.append(_Job(notebook, with_stamp(translated(content, making.presentation.language)), values, making))
    return jobs


def _house(declared: tuple[Parameter, ...], values: dict[str, Value], project_file: Path | None) -> Presentation:
    """The presentation of one report, by its notebook's own parameters where it has them."""
    chosen = {parameter.name: parameter.default for parameter in declared} | values
    stated = find_project(str(chosen["project"])) if chosen.get("project") else project_file
    return house_of(stated, str(chosen.get("language", "")))


def _check_taken(given: dict[str, object], declared: list[tuple[Parameter, ...]]) -> None:
    known = {parameter.name: None for parameters in declared for parameter in parameters}
    for name in given:
        if name not in known:
            raise UnknownNameError("notebook parameter", name, known)


def _new_folder(output: Path, run: str | None, period: str) -> Path:
    """The folder of the run, made; a named one may be there already and then takes further reports."""
    name = run or _free_name(output, "_".join(filter(None, (f"{datetime.now():%Y-%m-%d_%H%M%S}", period))))
    if not re.fullmatch(r"[\w.-]+(?: [\w.-]+)*", name) or name.strip(".") == "":
        raise InvalidInputError(
            f"The name of a run must be letters, digits, spaces, dots, dashes and underscores, got '{name}'."
        )
    folder = Path(os.path.abspath(output / name))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InvalidInputError(f"The folder {folder} for the reports cannot be made: {error.strerror}.") from None
    return folder


def _free_name(output: Path, name: str) -> str:
    """The name, or with a number where a run of the same second has it."""
    number = 1
    while (output / (free := name if number == 1 else f"{name}-{number}")).exists():
        number += 1
    return free


def _run(job: _Job, folder: Path, progress: Progress | None, browser: str) -> Report:
    name, path = job.notebook.name, folder / f"{job.notebook.name}.ipynb"
    path.with_suffix(".pdf").unlink(missing_ok=True)  # of an earlier run of this name
    executed = _execute(job, path, progress)
    if problem := problem_of(executed, name):
        refusal = refusal_of(executed)
        return Report(name, folder, path, problem=problem, refusal=refusal, traceback=traceback_of(executed))
    draw_charts(executed)
    page = write_page(executed, folder / f"{name}.html", job.title, job.making)
    report = Report(name, folder, path, page, write_pictures(executed, folder, name), answer_of(executed))
    try:
        return replace(report, pdf=print_page(page, browser)) if browser else report
    except CpcError as error:
        return replace(report, problem=str(error))


def _execute(job: _Job, path: Path, progress: Progress | None) -> NotebookNode:
    """The executed notebook, also written to `path` as its cells are done."""
    import papermill
    from jupyter_core.utils import ensure_event_loop

    def report_progress(cell_index: int) -> None:
        if progress:
            progress(job.notebook.name, cell_index + 1, len(job.cells.cells) + bool(job.values))

    try:
        return papermill.execute_notebook(
            job.cells,
            str(path).replace("{", "{{").replace("}", "}}"),  # papermill formats paths with the parameters
            parameters=job.values,
            kernel_name=KERNEL_NAME,
            language="python",
            progress_bar=False,
            kernel_manager_class=own_kernel_manager(),
            on_cell_complete=lambda cell, cell_index: report_progress(cell_index),
        )
    except papermill.PapermillExecutionError:
        return read_notebook(path)
    except CpcError:
        raise
    except Exception as error:
        raise CpcError(f"Notebook '{job.notebook.name}' could not run: {error}") from error
    finally:
        ensure_event_loop().close()  # nbclient leaves the event loop of this thread open
