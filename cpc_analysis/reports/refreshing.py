"""Keeping committed notebooks: executed in place, without anything that changes from run to run."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from cpc_analysis.atomic import write_file
from cpc_analysis.errors import InvalidInputError
from cpc_analysis.reports.catalogue import read_notebook
from cpc_analysis.reports.contents import problem_of
from cpc_analysis.reports.kernel import KERNEL_NAME, own_kernel_manager

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = ["refresh_notebook", "strip_notebook"]

_KEPT_OF_CELLS = ("tags",)


def strip_notebook(notebook: NotebookNode) -> NotebookNode:
    """The notebook, in place, without times, versions and machine: outputs, tags and cell ids stay.

    Parameters
    ----------
    notebook : NotebookNode
        An executed notebook. Cells without an id get one from their position and first words.
    """
    notebook.metadata.clear()
    notebook.metadata["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": KERNEL_NAME}
    notebook.metadata["language_info"] = {"name": "python"}
    for number, cell in enumerate(notebook.cells, start=1):
        kept = {name: cell.metadata[name] for name in _KEPT_OF_CELLS if name in cell.metadata}
        cell.metadata.clear()
        cell.metadata.update(kept)
        if not re.fullmatch(r"[0-9]{2}-[a-z0-9-]+", cell.get("id", "")):
            words = re.sub(r"[^a-z0-9]+", "-", cell.source[:40].casefold()).strip("-")
            cell["id"] = f"{number:02d}-{words or 'cell'}"
    return notebook


def refresh_notebook(path: Path) -> bool:
    """Whether executing the notebook anew, in place and stripped, changed its file.

    Parameters
    ----------
    path : Path
        A notebook. It runs with the values of its own cell of parameters, in its own folder.

    Raises
    ------
    InvalidInputError
        If a cell stops; the file then stays as it was.
    """
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, DeadKernelError

    notebook = read_notebook(path)
    client = NotebookClient(
        notebook,
        kernel_manager_class=own_kernel_manager(),
        resources={"metadata": {"path": str(path.parent)}},
    )
    try:
        client.execute()
    except (CellExecutionError, DeadKernelError) as error:
        said = problem_of(notebook, path.stem) or f"Notebook '{path.stem}' could not run: {error}"
        raise InvalidInputError(said) from None
    text = nbformat.writes(strip_notebook(notebook)) + "\n"
    changed = text.encode() != path.read_bytes()
    if changed:
        write_file(path, text)
    return changed
