"""What a run is to do: every notebook with its checked values, before the first one runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cpc_analysis.errors import CpcError, InvalidInputError, UnknownNameError
from cpc_analysis.models.selection import find_project
from cpc_analysis.presentation import Presentation
from cpc_analysis.reports.about import Making
from cpc_analysis.reports.catalogue import Notebook, read_notebook, title_of
from cpc_analysis.reports.house import house_of
from cpc_analysis.reports.parameters import Parameter, Value, check_parameters, read_parameters
from cpc_analysis.reports.stamp import with_stamp
from cpc_analysis.reports.translating import translated

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = ["Job", "jobs_of", "refuse_one_name_twice"]


@dataclass(frozen=True)
class Job:
    """One notebook with the values that it will run with, and how its report is made.

    Parameters
    ----------
    notebook : Notebook
        Which.
    cells : NotebookNode
        What will run.
    values : mapping of str to value
        Of its parameters.
    making : Making
        How its report is made.
    problem : str
        Why it cannot run at all; empty when it can.
    """

    notebook: Notebook
    cells: NotebookNode
    values: dict[str, Value]
    making: Making
    problem: str = ""

    @property
    def name(self) -> str:
        """The notebook's name."""
        return self.notebook.name

    @property
    def title(self) -> str:
        """The notebook's first heading, or its name."""
        return title_of(self.cells) or self.notebook.name


@dataclass(frozen=True)
class _Content:
    """A notebook as it was read, or why it could not be."""

    notebook: Notebook
    cells: NotebookNode
    parameters: tuple[Parameter, ...] = ()
    problem: str = ""


def jobs_of(notebooks: list[Notebook], given: Mapping[str, object], project_file: Path | None) -> list[Job]:
    """Every notebook with its checked values.

    Parameters
    ----------
    notebooks : list of Notebook
        Which.
    given : mapping of str to value
        Values for the parameters: each notebook takes those that it declares, a single one must take all.
    project_file : Path or None
        The ``cpc.toml``; None for the sample centre.

    Raises
    ------
    UnknownNameError
        If none of the notebooks has such a parameter.
    InvalidInputError
        If a value is not of the declared type.
    UnreadableFileError
        If a single notebook is no notebook; of several that is the problem of its own job.
    """
    is_single = len(notebooks) == 1
    contents = [_content(notebook, is_single) for notebook in notebooks]
    if not is_single:
        _check_taken(given, contents)
    at = datetime.now()
    return [_job(content, given, project_file, at, is_single) for content in contents]


def _content(notebook: Notebook, is_single: bool) -> _Content:
    import nbformat

    try:
        cells = read_notebook(notebook.path)
        return _Content(notebook, cells, read_parameters(cells, notebook.name))
    except (CpcError, OSError) as error:
        if is_single:
            raise
        return _Content(notebook, nbformat.v4.new_notebook(), problem=str(error))


def _job(
    content: _Content, given: Mapping[str, object], project_file: Path | None, at: datetime, is_single: bool
) -> Job:
    names = {parameter.name for parameter in content.parameters}
    taken = {name: value for name, value in given.items() if name in names or is_single}
    if project_file and "project" in names:
        taken.setdefault("project", str(project_file))
    values = check_parameters(content.parameters, taken, content.notebook.name)
    making = Making(_house(content.parameters, values, project_file), at, content.parameters, values)
    cells = with_stamp(translated(content.cells, making.presentation.language))
    for cell in cells.cells:
        if cell.cell_type == "code":
            # What it holds is of other data, until it has run.
            cell.outputs = []
            cell.execution_count = None
    return Job(content.notebook, cells, values, making, content.problem)


def _house(declared: tuple[Parameter, ...], values: dict[str, Value], project_file: Path | None) -> Presentation:
    """The presentation of one report, by its notebook's own parameters where it has them."""
    chosen = {parameter.name: parameter.default for parameter in declared} | values
    stated = find_project(str(chosen["project"])) if chosen.get("project") else project_file
    return house_of(stated, str(chosen.get("language", "")))


def _check_taken(given: Mapping[str, object], contents: list[_Content]) -> None:
    if any(content.problem for content in contents):
        # One that could not be read may be the one that declares it.
        return
    known = {parameter.name: None for content in contents for parameter in content.parameters}
    for name in given:
        if name not in known:
            raise UnknownNameError("notebook parameter", name, known)


def refuse_one_name_twice(notebooks: list[Notebook]) -> None:
    """Raise where two notebooks would write the same report.

    Raises
    ------
    InvalidInputError
        If two have one name.
    """
    names = [notebook.name for notebook in notebooks]
    for name in names:
        if names.count(name) > 1:
            raise InvalidInputError(
                f"Two notebooks are named '{name}' and would write the same report: run one at a time."
            )
