"""The kernel that runs a notebook: always the interpreter that runs this code.

A registered kernel named ``python3`` may belong to another environment, and a fresh environment may have
none; so none is looked for.
"""

from __future__ import annotations

import sys
from functools import cache
from typing import TYPE_CHECKING

from cpc_analysis.tables.agents import SHARED_VARIABLE

if TYPE_CHECKING:
    from jupyter_client.manager import AsyncKernelManager

__all__ = ["KERNEL_NAME", "own_kernel_manager"]

#: The name that notebooks carry in their metadata; JupyterLab looks for it, this package does not.
KERNEL_NAME = "python3"


@cache
def own_kernel_manager() -> type[AsyncKernelManager]:
    """The kind of kernel manager that starts the running interpreter, whatever kernels are registered."""
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import AsyncKernelManager

    class OwnKernelManager(AsyncKernelManager):  # type: ignore[misc]
        @property
        def kernel_spec(self) -> KernelSpec:
            return KernelSpec(
                argv=[
                    sys.executable,
                    "-Xfrozen_modules=off",  # else the debugger warns on stderr
                    "-m",
                    "ipykernel_launcher",
                    "-f",
                    "{connection_file}",
                    # Neither a warning that messages, which stay on this machine, are in plain text, nor a word on the
                    # interrupt with which a kernel is ended; what a cell raises is in the notebook.
                    "--log-level=50",
                    "--HistoryManager.enabled=False",  # kernels side by side share its database
                ],
                display_name="Python 3",
                language="python",
                env={SHARED_VARIABLE: "1"},
            )

    return OwnKernelManager
