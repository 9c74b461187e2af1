"""Files opened by other programs than the one that wrote them: LibreOffice converts and recalculates, and answers."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
needs_office = pytest.mark.skipif(OFFICE is None, reason="needs LibreOffice (soffice on the path)")
#: A formula's cell with the value that was written beside it.
CACHED = re.compile(r"(<c [^>]*?)(?: t=\"\w+\")?>(<f>[^<]*</f>)<v>[^<]*</v>")


def converted(paths: Sequence[Path], ending: str, folder: Path) -> list[Path]:
    """The paths of the files as LibreOffice writes them in another format."""
    assert OFFICE is not None
    profile = (folder / "profile").as_uri()
    command = [OFFICE, "--headless", f"-env:UserInstallation={profile}", "--convert-to", ending, "--outdir", folder]
    subprocess.run([*command, *paths], check=True, capture_output=True, timeout=240)
    return [folder / f"{path.stem}.{ending}" for path in paths]


def forgotten(path: Path, folder: Path) -> Path:
    """A copy of a workbook whose formulas have lost their values, so that whoever opens it has to calculate."""
    copy = folder / path.name
    with ZipFile(path) as source, ZipFile(copy, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name.startswith("xl/worksheets/sheet"):
                content = CACHED.sub(r"\1>\2", content.decode("utf-8")).encode("utf-8")
            target.writestr(name, content)
    return copy
