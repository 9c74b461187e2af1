"""Executing a notebook: its cells one by one in a kernel of their own, which is ended whatever happens."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cpc_analysis.reports.contents import note_problem
from cpc_analysis.reports.kernel import KERNEL_NAME, own_kernel_manager
from cpc_analysis.reports.leaving_out import Cells
from cpc_analysis.reports.parameters import Value, has_tag
from cpc_analysis.reports.stamp import STAMP
from cpc_analysis.reports.stopping import Stop

if TYPE_CHECKING:
    from nbclient import NotebookClient
    from nbformat import NotebookNode

__all__ = ["Limits", "execute"]

#: Seconds that a kernel may take to start, and its last words to arrive: a machine at its limit is slow.
_PATIENCE = 120


@dataclass(frozen=True)
class Limits:
    """What ends a notebook from outside, and what its kernel is told.

    Parameters
    ----------
    time_limit : float
        Seconds that the notebook may take; 0 for any time.
    stop : Stop
        Whether the run is to stop.
    environment : mapping of str to str
        Environment variables of the kernel, beside those of this process.
    """

    time_limit: float
    stop: Stop
    environment: Mapping[str, str]


def execute(
    cells: NotebookNode,
    values: Mapping[str, Value],
    name: str,
    limits: Limits,
    progress: Callable[[int, int], None] | None = None,
) -> NotebookNode:
    """The executed notebook; where it stopped, why is in its outputs or noted in its metadata.

    Parameters
    ----------
    cells : NotebookNode
        The notebook, which stays as it is.
    values : mapping of str to value
        The values of its parameters.
    name : str
        Its name, for messages.
    limits : Limits
        What ends it from outside.
    progress : callable, optional
        Called with the cells done and all cells, after each cell.
    """
    notebook = _with_values(cells, values)
    given = set(values) - {"project", "language"}
    problem = asyncio.run(_executed(notebook, given, name, limits, progress or (lambda done, every: None)))
    if problem:
        note_problem(notebook, problem)
    return notebook


def _with_values(cells: NotebookNode, values: Mapping[str, Value]) -> NotebookNode:
    """A copy of a notebook with the values of its parameters in a cell of their own."""
    from papermill.parameterize import parameterize_notebook

    notebook = deepcopy(cells)
    if values:
        # Papermill expects both.
        notebook.metadata["papermill"] = {}
        for cell in notebook.cells:
            cell.metadata.setdefault("tags", [])
        notebook = parameterize_notebook(notebook, dict(values), kernel_name=KERNEL_NAME, language="python")
        del notebook.metadata["papermill"]
    return notebook


async def _executed(
    notebook: NotebookNode, given: set[str], name: str, limits: Limits, progress: Callable[[int, int], None]
) -> str:
    """Execute a notebook in place; why it was ended from outside of its cells, empty when it was not."""
    from nbclient import NotebookClient

    client = NotebookClient(
        notebook,
        kernel_manager_class=own_kernel_manager(),
        kernel_name=KERNEL_NAME,
        allow_errors=True,  # which errors end a notebook is decided cell by cell
        startup_timeout=_PATIENCE,
        iopub_timeout=_PATIENCE,
        raise_on_iopub_timeout=True,
    )
    manager: Any = client.create_kernel_manager()
    timer = asyncio.timeout(limits.time_limit or None)
    try:
        with limits.stop.ending(_cancelling_this_task()):
            async with timer:
                await client.async_start_new_kernel(env={**os.environ, **limits.environment})
                await client.async_start_new_kernel_client()
                await _run_cells(client, Cells(notebook, given), progress)
        await manager.shutdown_kernel()
        return ""
    except (Exception, asyncio.CancelledError) as error:
        # nbclient tells a cancelled wait as a dead kernel: what was asked for here is looked at first.
        if limits.stop.requested:
            return f"Notebook '{name}' was not done when the run was stopped."
        if timer.expired():
            return (
                f"Notebook '{name}' was not done after {limits.time_limit:g} seconds and was ended {_where(client)}. "
                "Find out what takes so long, or give it more time: --time-limit, in Python `time_limit`."
            )
        return await _why_it_broke(client, manager, name, error)
    finally:
        await _end(client, manager)


def _cancelling_this_task() -> Callable[[], None]:
    """What cancels the task that asks, called from another thread."""
    task, loop = asyncio.current_task(), asyncio.get_running_loop()

    def cancel() -> None:
        # By the time this is called the task may be done, and its loop closed.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(task.cancel)  # type: ignore[union-attr]

    return cancel


async def _run_cells(client: NotebookClient, cells: Cells, progress: Callable[[int, int], None]) -> None:
    """Run the cells up to the first that stops the notebook; the stamp is made all the same."""
    every = client.nb.cells
    goes_on = True
    for index, cell in enumerate(every):
        if (goes_on or has_tag(cell, STAMP)) and cells.enter(cell):
            await client.async_execute_cell(cell, index)
            if goes_on:
                goes_on = cells.leave(cell)
            elif any(output.output_type == "error" for output in cell.outputs):
                # What a stopped notebook rests on may not be known.
                cell.outputs = []
        progress(index + 1, len(every))
    client.set_widgets_metadata()
    cells.close(is_whole=goes_on)


def _where(client: NotebookClient) -> str:
    place = client.code_cells_executed
    return f"in cell {place}" if place else "before its first cell"


async def _why_it_broke(client: NotebookClient, manager: Any, name: str, error: BaseException) -> str:
    """Why a notebook stopped that neither a cell nor a limit stopped: most often its kernel died."""
    code = await manager.provisioner.poll() if manager.has_kernel else None
    if code is None:
        return f"Notebook '{name}' could not run: {str(error) or type(error).__name__}"
    ended = f"was killed by signal {-code}" if code < 0 else f"ended by itself with code {code}"
    return (
        f"Notebook '{name}' lost its kernel {_where(client)}: the process {ended}. When memory ran out, run fewer "
        "notebooks at a time or state a `memory_limit` in [project] of the project file; else run it again."
    )


async def _end(client: NotebookClient, manager: Any) -> None:
    """End the kernel with all its children, at once, and let go of it."""
    from jupyter_core.utils import ensure_async

    if manager.has_kernel:
        await ensure_async(manager.shutdown_kernel(now=True))
    await ensure_async(manager.cleanup_resources())
    if client.kc is not None:
        client.kc.stop_channels()
