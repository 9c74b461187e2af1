"""The page that lists the reports of a run, each with its answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from cpc_analysis.atomic import write_file
from cpc_analysis.errors import CpcError
from cpc_analysis.language import say, speaking
from cpc_analysis.markup import logo_html
from cpc_analysis.presentation import Presentation
from cpc_analysis.reports.catalogue import read_notebook, title_of
from cpc_analysis.reports.contents import answer_of, fingerprint_of, pictures_of, problem_of
from cpc_analysis.reports.leaving_out import reasons_of
from cpc_analysis.reports.page import page_of

if TYPE_CHECKING:
    from cpc_analysis.reports.report import Report

__all__ = ["write_index"]


@dataclass(frozen=True)
class _Entry:
    """A report on the index; of one that could not be written, files of an earlier run may be there."""

    name: str
    title: str
    problem: str = ""
    answer: str = ""
    left_out: tuple[str, ...] = ()
    fingerprint: str = ""
    pictures: tuple[str, ...] = ()
    is_unwritten: bool = False


def write_index(folder: Path, house: Presentation | None = None, reports: Sequence[Report] = ()) -> Path:
    """The path of the written ``index.html``: every notebook in the folder with its answer and files.

    Parameters
    ----------
    folder : Path
        The folder of a run. Reports that an earlier run of the same name left in it are listed too.
    house : Presentation, optional
        The language of its words, and the house's look.
    reports : sequence of Report
        Those of this run: what they say holds, also where their files could not be written.

    Raises
    ------
    InvalidInputError
        If the index cannot be written.
    """
    house = house or Presentation()
    with speaking(house.language):
        text = page_of(f"{say('Reports')} {folder.name}", _body(folder, house, reports), house)
    return write_file(folder / "index.html", text)


def _body(folder: Path, house: Presentation, reports: Sequence[Report]) -> str:
    entries = {path.stem: _read(path) for path in folder.glob("*.ipynb")}
    for report in reports:
        entries[report.name] = _of_report(report, entries.get(report.name))
    listed = [entries[name] for name in sorted(entries)]
    items = "\n".join(_item(folder, entry) for entry in listed)
    heading = f'<h1>{say("Reports")}</h1>\n<p class="links">{escape(folder.name)}</p>'
    head = f"<header>\n{logo_html(house.logo)}{heading}\n{_notice(listed)}</header>"
    return f'{head}\n<main>\n<ol class="reports">\n{items}\n</ol>\n</main>'


def _read(path: Path) -> _Entry:
    """The entry of a notebook on disk."""
    try:
        executed = read_notebook(path)
    except (CpcError, OSError) as error:
        return _Entry(path.stem, path.stem, problem=str(error))
    title = title_of(executed) or path.stem
    problem = problem_of(executed, path.stem)
    pictures = tuple(picture.name for picture in pictures_of(executed))
    return _Entry(
        path.stem, title, problem, answer_of(executed), reasons_of(executed), fingerprint_of(executed), pictures
    )


def _of_report(report: Report, read: _Entry | None) -> _Entry:
    """The entry of a report of this run; its title is in its notebook."""
    title = (title_of(report.executed) if report.executed else "") or (read.title if read else report.name)
    pictures = tuple(path.stem[len(report.name) + 1 :] for path in report.pictures if path.suffix == ".png")
    return _Entry(
        report.name,
        title,
        report.problem,
        report.answer,
        report.left_out,
        report.fingerprint,
        pictures,
        is_unwritten=report.page is None,
    )


def _notice(entries: list[_Entry]) -> str:
    """That the reports do not rest on the same files, where they do not."""
    found = {entry.fingerprint for entry in entries if entry.fingerprint}
    if len(found) < 2:
        return ""
    said = say("These reports were not all made from the same input files: their figures may not agree.")
    return f'<p class="stopped">{escape(said)}</p>\n'


def _item(folder: Path, entry: _Entry) -> str:
    page = f"{entry.name}.html"
    files = ((page, say("page")), (f"{entry.name}.pdf", "PDF"), (f"{entry.name}.ipynb", say("executed notebook")))
    pictures = ((f"{entry.name}-{name}.png", _picture_said(name)) for name in entry.pictures)
    links = [_link(file, text) for file, text in (*files, *pictures) if (folder / file).is_file()]
    title = _link(page, entry.title) if (folder / page).is_file() else escape(entry.title)
    lines = [
        f"<h2>{title}</h2>",
        f'<p class="stopped">{escape(entry.problem)}</p>' if entry.problem else "",
        f"<p>{escape(entry.answer)}</p>" if entry.answer else "",
        *(_left_out(reason) for reason in entry.left_out if reason not in entry.answer),
        f"<p>{escape(say('What is there is of an earlier run:'))}</p>" if entry.is_unwritten and links else "",
        f'<p class="links">{" &middot; ".join([*links, *_stamp(entry)])}</p>',
    ]
    return "<li>" + "\n".join(filter(None, lines)) + "</li>"


def _left_out(reason: str) -> str:
    return f'<p class="left-out">{escape(say("Left out: {reason}", reason=reason))}</p>'


def _stamp(entry: _Entry) -> list[str]:
    return [escape(say("input files {fingerprint}", fingerprint=entry.fingerprint))] if entry.fingerprint else []


def _picture_said(name: str) -> str:
    return say("chart {name}", name=name.replace("-", " "))


def _link(file: str, text: str) -> str:
    return f'<a href="{quote(file)}">{escape(text)}</a>'
