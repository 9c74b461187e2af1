"""One report: what a notebook that was run leaves on disk, and what is said of one that could not be made."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from cpc_analysis.atomic import write_file
from cpc_analysis.errors import CpcError, listed
from cpc_analysis.language import say, speaking
from cpc_analysis.reports.about import Making
from cpc_analysis.reports.contents import (
    answer_of,
    changed_of,
    fingerprint_of,
    note_problem,
    problem_of,
    refusal_of,
    traceback_of,
)
from cpc_analysis.reports.executing import Limits, execute
from cpc_analysis.reports.jobs import Job
from cpc_analysis.reports.leaving_out import reasons_of
from cpc_analysis.reports.page import write_page, write_stopped_page
from cpc_analysis.reports.pictures import draw_charts, write_pictures
from cpc_analysis.reports.printing import print_page

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = ["Progress", "Report", "made_report", "of_other_inputs", "stopped_report"]

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
    notebook : Path or None
        The executed notebook; None where it could not be written.
    page : Path or None
        The page without code, one file that needs no network, which says why when the report could not be made; None
        where it could not be written.
    pictures : tuple of Path
        The charts as PNG and SVG.
    answer : str
        The notebook's answer in one sentence.
    problem : str
        Why the report could not be made, or is not whole, in one sentence; empty when all is well.
    refusal : str
        The reason alone, when it stopped because the data or the parameters do not hold what it needs.
    traceback : str
        The traceback of the cell that stopped.
    pdf : Path or None
        The page as PDF, where that was asked for.
    left_out : tuple of str
        Why sections were left out that the data are not there for, each reason once.
    fingerprint : str
        Of the content of the files that it was made from; empty where it was made from none.
    executed : NotebookNode or None
        What was run.
    """

    name: str
    folder: Path
    notebook: Path | None = None
    page: Path | None = None
    pictures: tuple[Path, ...] = ()
    answer: str = ""
    problem: str = ""
    refusal: str = ""
    traceback: str = ""
    pdf: Path | None = None
    left_out: tuple[str, ...] = ()
    fingerprint: str = ""
    executed: NotebookNode | None = field(default=None, repr=False, compare=False)

    @property
    def index(self) -> Path:
        """The page that lists the reports of the run."""
        return self.folder / "index.html"


def made_report(job: Job, folder: Path, limits: Limits, browser: str, progress: Progress | None = None) -> Report:
    """The report of a job, whatever happens to it: a failure is said in its `problem`, and never raised.

    Parameters
    ----------
    job : Job
        The notebook and its values.
    folder : Path
        Where to write.
    limits : Limits
        What ends the notebook from outside.
    browser : str
        The path of the browser that prints the page; empty for no PDF.
    progress : callable, optional
        Called after each cell.
    """
    try:
        if job.problem:
            return stopped_report(job, folder, job.problem)
        if limits.stop.requested:
            said = f"Notebook '{job.name}' was not begun when the run was stopped."
            return Report(job.name, folder, problem=said, executed=job.cells)
        step = None if progress is None else lambda done, every: progress(job.name, done, every)
        with speaking(job.making.presentation.language):
            executed = execute(job.cells, job.values, job.name, limits, step)
        if limits.stop.requested:
            # Nothing more is written: what an earlier run left stays as it was.
            said = problem_of(executed, job.name) or _was_stopped(job.name)
            return Report(job.name, folder, problem=said, executed=executed)
        if problem := problem_of(executed, job.name):
            if changed := changed_of(executed):
                problem = f"{_changed_in_words(job.name, changed)} {problem}"
            return stopped_report(job, folder, problem, executed)
        return _written(job, executed, folder, limits, browser)
    except CpcError as error:
        return stopped_report(job, folder, str(error))
    except Exception as error:
        # One failure stays one failure, also one that nobody foresaw.
        said = f"Notebook '{job.name}' has no report: {type(error).__name__}: {error}"
        return stopped_report(job, folder, said)


def _was_stopped(name: str) -> str:
    return f"Notebook '{name}' ran, but the run was stopped before its report was written."


def stopped_report(job: Job, folder: Path, problem: str, executed: NotebookNode | None = None) -> Report:
    """The report of a notebook that stopped: its page says why, and so does the notebook, where they can be written.

    Parameters
    ----------
    job : Job
        The notebook.
    folder : Path
        Where to write.
    problem : str
        Why, in one sentence.
    executed : NotebookNode, optional
        The notebook as far as it came.
    """
    notebook = job.cells if executed is None else executed
    refusal, traceback = refusal_of(notebook), traceback_of(notebook)
    note_problem(notebook, problem)
    report = Report(job.name, folder, problem=problem, refusal=refusal, traceback=traceback, executed=notebook)
    path = folder / f"{job.name}.html"
    # The page first: where there is little room left it is what a reader looks for.
    page = _kept(lambda: write_stopped_page(notebook, path, job.title, problem, job.making))
    if page:
        _forget_pdf(page)
    return replace(report, page=page, notebook=_kept(lambda: _write_notebook(notebook, path.with_suffix(".ipynb"))))


def _kept(write: Callable[[], Path]) -> Path | None:
    """The path written, or None where that fails too: the first problem is the one to tell."""
    try:
        return write()
    except CpcError:
        return None


def _forget_pdf(page: Path) -> None:
    """Remove the PDF that an earlier run of this name left: it is of another page."""
    page.with_suffix(".pdf").unlink(missing_ok=True)


def _write_notebook(notebook: NotebookNode, path: Path) -> Path:
    import nbformat

    return write_file(path, nbformat.writes(notebook) + "\n")


def _written(job: Job, executed: NotebookNode, folder: Path, limits: Limits, browser: str) -> Report:
    """Write the executed notebook, its page, its charts and its PDF; what cannot be written is a problem."""
    report = Report(
        job.name,
        folder,
        answer=answer_of(executed),
        left_out=reasons_of(executed),
        fingerprint=fingerprint_of(executed),
        executed=executed,
    )
    draw_charts(executed)
    if changed := changed_of(executed):
        said = f"{_changed_in_words(job.name, changed)} Its figures may be half old and half new: run it again."
        report = replace(report, problem=said)
        note_problem(executed, said)
    try:
        page = write_page(executed, folder / f"{job.name}.html", job.title, _with_notices(job, executed))
        _forget_pdf(page)
        report = replace(report, page=page)
        report = replace(report, notebook=_write_notebook(executed, page.with_suffix(".ipynb")))
        report = replace(report, pictures=write_pictures(executed, folder, job.name))
        return replace(report, pdf=print_page(page, browser, limits.stop)) if browser else report
    except CpcError as error:
        return _half_written(job, report, str(error))


def _half_written(job: Job, report: Report, problem: str) -> Report:
    """A report of which something could not be written; where that is its page, a short one may still find room."""
    if report.page:
        return replace(report, problem=report.problem or problem)
    stopped = stopped_report(job, report.folder, problem, report.executed)
    return replace(stopped, notebook=stopped.notebook or report.notebook)


def _changed_in_words(name: str, files: str) -> str:
    return f"While notebook '{name}' ran, files that it reads changed or vanished: {files}."


def _with_notices(job: Job, executed: NotebookNode, others: Sequence[str] = ()) -> Making:
    """How the report is made, with what a reader must know of the files that it was made from.

    `others` are the reports that were made from another version of them.
    """
    notices = []
    with speaking(job.making.presentation.language):
        if changed := changed_of(executed):
            notices.append(
                say(
                    "While this report was made, files that it reads changed or vanished: {files}. Its figures may be "
                    "half old and half new; make it again.",
                    files=changed,
                )
            )
        if others:
            notices.append(
                say(
                    "The files of the data changed during the run: this report was made from another version of them "
                    "than {reports}. Their figures may not agree; make them again.",
                    reports=listed(others),
                )
            )
    return replace(job.making, notices=tuple(notices))


def of_other_inputs(job: Job, report: Report, others: Mapping[str, str], browser: str) -> Report:
    """A report that says it was made from other files than further ones of its run, its page written anew.

    Parameters
    ----------
    job : Job
        The notebook.
    report : Report
        Its report, whole.
    others : mapping of str to str
        The fingerprints of the further reports, by name.
    browser : str
        The path of the browser that prints the page; empty for no PDF.
    """
    names = [name for name, found in others.items() if found != report.fingerprint]
    problem = (
        f"The files of the data changed during the run: notebook '{report.name}' was made from another version of "
        f"them than {listed(names)}. Run them again for figures that agree."
    )
    report = replace(report, problem=report.problem or problem)
    if not (report.page and report.executed):
        return report
    try:
        write_page(report.executed, report.page, job.title, _with_notices(job, report.executed, names))
        return replace(report, pdf=print_page(report.page, browser)) if browser else report
    except CpcError as error:
        return replace(report, problem=f"{report.problem} {error}")
