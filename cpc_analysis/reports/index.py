"""The page that lists the reports of a run, each with its answer."""

from __future__ import annotations

from html import escape
from pathlib import Path
from urllib.parse import quote

from cpc_analysis.language import say, speaking
from cpc_analysis.markup import logo_html
from cpc_analysis.presentation import Presentation
from cpc_analysis.reports.catalogue import Notebook, read_notebook
from cpc_analysis.reports.contents import answer_of, problem_of
from cpc_analysis.reports.page import page_of

__all__ = ["write_index"]


def write_index(folder: Path, house: Presentation | None = None) -> Path:
    """The path of the written ``index.html``: every notebook in the folder with its answer and files.

    Parameters
    ----------
    folder : Path
        The folder of a run. Reports that an earlier run of the same name left in it are listed too.
    house : Presentation, optional
        The language of its words, and the house's look.
    """
    house = house or Presentation()
    path = folder / "index.html"
    with speaking(house.language):
        text = page_of(f"{say('Reports')} {folder.name}", _body(folder, house), house)
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def _body(folder: Path, house: Presentation) -> str:
    notebooks = [Notebook(path.stem, path) for path in sorted(folder.glob("*.ipynb"))]
    entries = "\n".join(_entry(notebook) for notebook in notebooks)
    heading = f'<h1>{say("Reports")}</h1>\n<p class="links">{escape(folder.name)}</p>'
    head = f"<header>\n{logo_html(house.logo)}{heading}\n</header>"
    return f'{head}\n<main>\n<ol class="reports">\n{entries}\n</ol>\n</main>'


def _entry(notebook: Notebook) -> str:
    executed, folder = read_notebook(notebook.path), notebook.path.parent
    executed_link = _link(notebook.path.name, say("executed notebook"))
    if problem := problem_of(executed, notebook.name):
        return (
            f"<li><h2>{escape(notebook.title)}</h2>\n"
            f'<p class="stopped">{escape(problem)}</p>\n<p class="links">{executed_link}</p></li>'
        )
    printed = folder / f"{notebook.name}.pdf"
    links = [
        _link(f"{notebook.name}.html", say("page")),
        *([_link(printed.name, "PDF")] if printed.is_file() else []),
        executed_link,
        *_pictures(folder, notebook.name),
    ]
    return (
        f"<li><h2>{_link(f'{notebook.name}.html', notebook.title)}</h2>\n"
        f'<p>{escape(answer_of(executed))}</p>\n<p class="links">{" &middot; ".join(links)}</p></li>'
    )


def _pictures(folder: Path, name: str) -> list[str]:
    paths = sorted(folder.glob(f"{name}-*.png"))
    return [_link(path.name, say("chart {name}", name=path.stem[len(name) + 1 :].replace("-", " "))) for path in paths]


def _link(file: str, text: str) -> str:
    return f'<a href="{quote(file)}">{escape(text)}</a>'
