"""A page of JupyterLab, and what tests ask of it."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
OPEN = """async path => {
    const found = await window.jupyterapp.commands.execute('docmanager:open', {path, factory: 'Notebook'});
    await found.context.ready;
    await found.sessionContext.ready;
    await found.sessionContext.session.kernel.info;
    window.found = found;
    window.ran = null;
    window.jupyterapp.commands.execute('notebook:run-all-cells').then(all => { window.ran = [all]; });
}"""
#: Scrolls to the first cell, and says where the last one ends.
TO_TOP = """() => {
    const shown = document.querySelector('.jp-NotebookPanel:not(.lm-mod-hidden)');
    shown.querySelector('.jp-WindowedPanel-outer').scrollTop = 0;
    return [...shown.querySelectorAll('.jp-Cell')].at(-1).getBoundingClientRect().bottom;
}"""
CLOSE = """async () => {
    await window.found.sessionContext.shutdown();
    await window.found.context.save();
    await window.jupyterapp.commands.execute('application:close');
}"""


@dataclass
class Lab:
    """A page of JupyterLab, what it complained of, and what it wanted of other machines."""

    page: Any
    complaints: list[str] = field(default_factory=list)
    wanted: list[str] = field(default_factory=list)

    def run(self, name: str) -> list[dict[str, Any]]:
        """Open a notebook, run all of it, and give its code cells."""
        self.page.evaluate(OPEN, name)
        self.page.wait_for_function("() => window.ran !== null", timeout=120_000)
        cells = self.page.evaluate("() => window.found.model.toJSON().cells")
        return [cell for cell in cells if cell["cell_type"] == "code"]

    def picture(self, name: str) -> Path:
        """A picture of the whole notebook, beside the reports or where CPC_SCREENSHOTS says."""
        self.page.set_viewport_size({"width": 1400, "height": 12_000})
        height = self.page.evaluate(TO_TOP)
        self.page.set_viewport_size({"width": 1400, "height": min(round(height) + 120, 12_000)})
        self.page.evaluate(TO_TOP)
        path = Path(os.environ.get("CPC_SCREENSHOTS") or ROOT / "reports" / "screenshots") / f"{name}.png"
        self.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)").screenshot(path=path)
        self.page.set_viewport_size({"width": 1400, "height": 1000})
        return path
