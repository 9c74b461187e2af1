"""Running notebooks: parameters checked first, each notebook in a kernel of its own, many side by side."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from cpc_analysis.errors import CpcError, InvalidInputError
from cpc_analysis.models.selection import find_project
from cpc_analysis.reports.catalogue import find_notebook
from cpc_analysis.reports.executing import Limits
from cpc_analysis.reports.index import write_index
from cpc_analysis.reports.jobs import Job, jobs_of, refuse_one_name_twice
from cpc_analysis.reports.printing import find_browser
from cpc_analysis.reports.report import Progress, Report, made_report, of_other_inputs
from cpc_analysis.reports.stopping import Stop
from cpc_analysis.sources.fingerprints import DIGESTS

__all__ = ["TIME_LIMIT", "run_notebook", "run_notebooks"]

#: Seconds that a notebook may take where nothing else is asked for: one that takes an hour waits for something.
TIME_LIMIT = 3600.0


def run_notebook(
    name: str | Path,
    parameters: Mapping[str, object] | None = None,
    output: str | Path = "reports/",
    project: str | Path | None = None,
    *,
    run: str | None = None,
    progress: Progress | None = None,
    pdf: bool = False,
    time_limit: float = TIME_LIMIT,
) -> Report:
    """The report of one notebook: executed, as a page without code, and its charts as PNG and SVG.

    Sections whose data are not there are left out, each with its reason.

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
    time_limit : float
        How long the notebook may take [seconds]; 0 for any time.

    Raises
    ------
    UnknownNameError
        If there is no such notebook, or it has no such parameter.
    InvalidInputError
        If a value is not of the declared type, or the notebook stopped: the message says in which
        cell and why, the cause carries its traceback. Its page says so too.
    MissingFileError
        If a PDF is asked for and no browser is there to print it; then nothing runs.
    """
    report = run_notebooks(
        [name], parameters, output, project, run=run, progress=progress, pdf=pdf, time_limit=time_limit
    )[0]
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
    time_limit: float = TIME_LIMIT,
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
    time_limit : float
        How long each notebook may take [seconds]; 0 for any time.

    Raises
    ------
    UnknownNameError
        If there is no such notebook, or none of them has such a parameter.
    InvalidInputError
        If a value is not of the declared type, two notebooks have one name, or the limit is no time.
    MissingFileError
        If a PDF is asked for and no browser is there to print it; then nothing runs.
    KeyboardInterrupt
        If the run was stopped by hand: its kernels are ended, what was done is kept and on the index.
    """
    if not 0 <= time_limit < float("inf"):
        raise InvalidInputError(f"`time_limit` must be seconds, or 0 for any time, got {time_limit}.")
    project_file = find_project(project)
    folder_of_project = project_file.parent if project_file else None
    notebooks = list(dict.fromkeys(find_notebook(name, folder_of_project) for name in names))
    refuse_one_name_twice(notebooks)
    jobs = jobs_of(notebooks, dict(parameters or {}), project_file)
    browser = find_browser() if pdf else ""
    folder = _new_folder(Path(output), run, str((parameters or {}).get("period", "")))
    stop = Stop()
    with _shared_digests() as environment:
        reports = _side_by_side(jobs, folder, Limits(time_limit, stop, environment), browser, progress, workers)
    if not stop.requested:
        reports = _compared(jobs, reports, browser)
    reports = _indexed(jobs, reports, folder)
    if stop.requested:
        raise KeyboardInterrupt(f"The run was stopped. What was done by then: {folder / 'index.html'}")
    return reports


def _side_by_side(
    jobs: list[Job], folder: Path, limits: Limits, browser: str, progress: Progress | None, workers: int | None
) -> tuple[Report, ...]:
    """The report of every job, whether it could be made or not."""
    futures: list[Future[Report]] = []
    # Each notebook computes in the process of its own kernel; the threads only wait for them.
    with ThreadPoolExecutor(max_workers=workers or os.cpu_count() or 1) as pool:
        try:
            for job in jobs:
                futures.append(pool.submit(made_report, job, folder, limits, browser, progress))
            for future in futures:
                future.result()
        except KeyboardInterrupt:
            limits.stop.request()
    return tuple(future.result() for future in futures)


@contextmanager
def _shared_digests() -> Iterator[dict[str, str]]:
    """What the kernels are told, so that each file is read once for its digest; nothing where no folder can be made."""
    try:
        shared = TemporaryDirectory(prefix="cpc-run-", ignore_cleanup_errors=True)
    except OSError:
        yield {}
        return
    with shared as folder:
        yield {DIGESTS: folder}


def _compared(jobs: list[Job], reports: tuple[Report, ...], browser: str) -> tuple[Report, ...]:
    """The reports; those that were made from other files than further ones say so."""
    found = {report.name: report.fingerprint for report in reports if report.fingerprint}
    if len(set(found.values())) < 2:
        return reports
    compared = []
    for job, report in zip(jobs, reports, strict=True):
        compared.append(of_other_inputs(job, report, found, browser) if report.fingerprint else report)
    return tuple(compared)


def _indexed(jobs: list[Job], reports: tuple[Report, ...], folder: Path) -> tuple[Report, ...]:
    """The reports, on the index of the run; where that cannot be written it is a problem of theirs."""
    try:
        write_index(folder, jobs[0].making.presentation if jobs else None, reports)
        return reports
    except CpcError as error:
        return tuple(replace(report, problem=f"{report.problem} {error}".strip()) for report in reports)


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
