"""Pages as PDF, printed by a browser of the Chromium family without a window."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from cpc_analysis.atomic import replaced
from cpc_analysis.errors import CpcError, MissingFileError
from cpc_analysis.reports.stopping import Stop

__all__ = ["find_browser", "print_page"]

_NAMES = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "msedge",
)  # fmt: skip
_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    r"C:\Program Files\Microsoft\Edge\Application\msedge.exe",
)
#: Seconds that a browser may take for a page; a slow machine needs about ten.
PATIENCE = 120


def find_browser() -> str:
    """The path of a browser that prints pages: Chromium, Chrome or Edge.

    Raises
    ------
    MissingFileError
        If none is installed.
    """
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    found = found or next((place for place in _PLACES if Path(place).is_file()), None)
    if found is None:
        raise MissingFileError(
            "A PDF is printed by Chromium, Google Chrome or Microsoft Edge, and none of them was found here: install "
            "one, such as with `apt install chromium`, or ask for the report without its PDF."
        )
    return found


def print_page(page: Path, browser: str, stop: Stop | None = None) -> Path:
    """The path of the PDF of a page, beside it and of its name.

    Parameters
    ----------
    page : Path
        A page that is whole in itself.
    browser : str
        The path of the browser that prints it, from `find_browser`.
    stop : Stop, optional
        Ends the browser when it is requested.

    Raises
    ------
    CpcError
        If the browser fails, or is not done in time.
    """
    path = page.with_suffix(".pdf")
    path.unlink(missing_ok=True)
    # A profile of its own: a browser that is open already would take the page over and print nothing.
    with TemporaryDirectory(prefix="cpc-print-", ignore_cleanup_errors=True) as profile, replaced(path) as temporary:
        command = [browser, *_options(temporary, profile), page.resolve().as_uri()]
        said = _printed(command, page.name, stop or Stop())
        if not _is_whole(temporary):
            path.unlink(missing_ok=True)
            raise CpcError(
                f"{page.name} has no PDF: {browser} printed none{said}. Print the page from a browser instead."
            )
    return path


def _is_whole(path: Path) -> bool:
    """Whether a PDF is there with its first and its last line: on a full disk a browser leaves half of one."""
    content = path.read_bytes() if path.is_file() else b""
    return content.startswith(b"%PDF-") and b"%%EOF" in content[-1024:]


def _options(path: Path, profile: str) -> list[str]:
    options = [
        "--headless", "--disable-gpu", "--disable-extensions", "--no-first-run", "--disable-dev-shm-usage",
        f"--user-data-dir={profile}", "--no-pdf-header-footer", "--generate-pdf-document-outline",
        f"--print-to-pdf={path.resolve()}",
    ]  # fmt: skip
    # Chromium refuses to run as root inside its sandbox.
    return ["--no-sandbox", *options] if getattr(os, "geteuid", lambda: 1)() == 0 else options


def _printed(command: list[str], name: str, stop: Stop) -> str:
    """Run the browser; how it ended and what it said last, to be told where it left no PDF."""
    try:
        running = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=os.name == "posix"
        )
    except OSError as error:
        raise CpcError(f"{name} has no PDF: {command[0]} cannot be run: {error.strerror}.") from None
    try:
        with stop.ending(lambda: _end(running)):
            _, said = running.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        _end(running)
        running.communicate()
        raise CpcError(f"{name} has no PDF: {command[0]} was not done after {PATIENCE} seconds.") from None
    lines = said.decode("utf-8", errors="replace").strip().splitlines()
    ended = f" and ended with code {running.returncode}" if running.returncode else ""
    return f"{ended} ({lines[-1]})" if lines else ended


def _end(running: subprocess.Popen[bytes]) -> None:
    """End the browser; the command may be a script, and the browser itself a child of it."""
    if os.name == "posix":
        with suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)
    else:
        running.kill()
