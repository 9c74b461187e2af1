"""A real JupyterLab on copies of the notebooks, and a browser that reaches nothing but it."""

from __future__ import annotations

import json
import os
import re
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import nbformat
import pytest

from tests.browser.lab import BROWSER, CLOSE, NOTEBOOKS, ROOT, Lab

ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
ELSEWHERE = re.compile(r"^(?:https?|wss?)://(?!127\.0\.0\.1[:/])")
#: Every cell is drawn, also those out of sight; and JupyterLab does not ask whether to fetch its news.
SETTINGS = {
    "notebook-extension/tracker": {"windowingMode": "none"},
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
}
EXPLORING = "import cpc_analysis as cpc\n\ndata = cpc.load_sample()\ncpc.explore(data)"


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The notebooks without any output, and one that explores."""
    folder = tmp_path_factory.mktemp("lab") / "notebooks"
    folder.mkdir()
    explore = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(code) for code in (EXPLORING, "data", "data.check()")]
    )
    explore.metadata = nbformat.read(NOTEBOOKS[0], 4).metadata
    nbformat.write(explore, folder / "explore.ipynb")
    for path in NOTEBOOKS:
        notebook = nbformat.read(path, 4)
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.update(outputs=[], execution_count=None)
        nbformat.write(notebook, folder / path.name)
    return folder


@pytest.fixture(scope="session")
def address(folder: Path) -> Iterator[str]:
    """The address of a JupyterLab that knows nothing of whoever runs the tests."""
    for name, values in SETTINGS.items():
        path = folder.parent / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values), encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {f"JUPYTER_{kind}_DIR": str(folder.parent / kind.lower()) for kind in ("CONFIG", "DATA", "RUNTIME")}
    token, log = secrets.token_hex(16), folder.parent / "lab.log"
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--expose-app-in-browser",
        "--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}", "--ServerApp.port_retries=0",
        f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={folder}",
        f"--LabApp.user_settings_dir={folder.parent / 'settings'}",
        f"--LabApp.workspaces_dir={folder.parent / 'workspaces'}",
    ]  # fmt: skip
    environment = os.environ | own | {"PYTHONPATH": str(ROOT)}
    with (
        log.open("wb") as output,
        subprocess.Popen(command, cwd=folder, env=environment, stdout=output, stderr=subprocess.STDOUT) as server,
    ):
        try:
            _wait_for(f"http://127.0.0.1:{port}/api?token={token}", server, log)
            yield f"http://127.0.0.1:{port}/lab?token={token}"
        finally:
            server.terminate()


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        try:
            urlopen(address, timeout=5).close()
            return
        except (URLError, OSError):
            assert server.poll() is None, log.read_text(encoding="utf-8")
            time.sleep(0.2)
    pytest.fail(f"JupyterLab did not start:\n{log.read_text(encoding='utf-8')}")


@pytest.fixture(scope="session")
def lab(address: str) -> Iterator[Lab]:
    """JupyterLab, open in a browser without a network."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=list(ARGUMENTS))
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        lab = Lab(page)
        page.on("console", lambda message: lab.complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: lab.complaints.append(str(error)))
        page.route(ELSEWHERE, lambda route: (lab.wanted.append(route.request.url), route.abort()))
        page.goto(address)
        page.wait_for_function("() => window.jupyterapp", timeout=60_000)
        page.evaluate("() => window.jupyterapp.restored")
        page.evaluate("() => window.jupyterapp.shell.collapseLeft()")
        yield lab
        browser.close()


@pytest.fixture
def opened(lab: Lab) -> Iterator[Lab]:
    """JupyterLab for one notebook, which is closed in the end."""
    lab.complaints.clear()
    lab.wanted.clear()
    yield lab
    lab.page.evaluate(CLOSE)
