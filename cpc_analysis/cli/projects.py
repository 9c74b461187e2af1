"""The commands around a project: `cpc init`, `cpc check` and `cpc lab`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cpc_analysis.atomic import write_file
from cpc_analysis.cli.console import DebugOption, ProjectOption, echo
from cpc_analysis.errors import InvalidInputError

__all__ = ["check_project", "init_project", "open_lab"]

_IGNORED = (
    "# Never share these: the salt makes pseudonyms traceable.",
    ".cpc-salt",
    "reports/",
    ".ipynb_checkpoints/",
)


def init_project(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to make the project in.")],
    debug: DebugOption = False,
) -> None:
    """Make a project that works at once, on the sample's files; its cpc.toml says how to use your own.

    Example: [bold]cpc init my-centre[/bold]
    """
    written = _planned(folder)
    _refuse_to_overwrite(folder, written)
    try:
        for target, content in written.items():
            write_file(target, content.read_bytes())
    except BaseException:
        # Half a project would be in the way of a second attempt.
        for target in written:
            target.unlink(missing_ok=True)
        raise
    _write_ignored(folder / ".gitignore")
    echo(f"Made the project {folder}: cpc.toml, notebooks/ and data/ with the files of the sample centre.")
    echo(f"Next: cpc check --project {_quoted(folder)}, then cpc run --all --project {_quoted(folder)}.")


def _planned(folder: Path) -> dict[Path, Path]:
    """Every file of a new project, and the file that it is a copy of."""
    from cpc_analysis.reports.catalogue import list_notebooks
    from cpc_analysis.sources.samples import samples_directory

    samples = [path for path in sorted(samples_directory().iterdir()) if path.suffix in (".csv", ".parquet")]
    return {
        folder / "cpc.toml": Path(__file__).with_name("project.toml"),
        **{folder / "notebooks" / notebook.path.name: notebook.path for notebook in list_notebooks()},
        **{folder / "data" / path.name: path for path in samples},
    }


def _refuse_to_overwrite(folder: Path, written: dict[Path, Path]) -> None:
    if folder.exists() and not folder.is_dir():
        raise InvalidInputError(f"{folder} is a file: name a folder that is new or has no project yet.")
    for target in written:
        if target.exists():
            raise InvalidInputError(
                f"{folder} has a {target.relative_to(folder).as_posix()} already and nothing was written: "
                "name another folder, or move that file away."
            )


def _write_ignored(path: Path) -> None:
    """What git must not keep, added to a list that may be there."""
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    missing = [line for line in _IGNORED if line not in before.splitlines()]
    ends = "\n" if before and not before.endswith("\n") else ""
    write_file(path, before + ends + "".join(f"{line}\n" for line in missing))


def _quoted(folder: Path) -> str:
    return f'"{folder}"' if " " in str(folder) else str(folder)


def check_project(
    project: ProjectOption = "",
    csv: Annotated[Path | None, typer.Option(help="Write the rows set aside to this file.", show_default=False)] = None,
    debug: DebugOption = False,
) -> None:
    """Check a project's data: read, accepted and set aside, and what to know before trusting a figure.

    Example: [bold]cpc check --project my-centre[/bold]
    """
    from cpc_analysis.exports.delimited import write_csv
    from cpc_analysis.models.selection import find_project, open_data
    from cpc_analysis.tables.preparing import all_set_aside

    if find_project(project) is None:
        echo("No cpc.toml here and no --project: this is the check of the sample centre.", error=True)
    data = open_data(project)
    report = data.check()
    echo(str(report))
    if csv:
        write_csv(data.quarantine, csv)
        written, every = len(data.quarantine), sum(report.set_aside.values())
        of = f" of {every:,}" if written < every else ""
        echo(f"{written:,}{of} rows set aside written to {csv}.")
    if any(all_set_aside(data, table) for table in data.tables):
        raise typer.Exit(1)


def open_lab(project: ProjectOption = "", debug: DebugOption = False) -> None:
    """Open JupyterLab in a project's folder.

    Example: [bold]cpc lab --project my-centre[/bold]
    """
    import subprocess
    import sys

    from cpc_analysis.models.selection import find_project

    found = find_project(project)
    folder = found.parent if found else Path.cwd()
    raise typer.Exit(subprocess.call([sys.executable, "-m", "jupyterlab"], cwd=folder))
