"""The page that lists the reports of a run, each with its answer."""

from __future__ import annotations

from html import escape
from pathlib import Path
from urllib.parse import quote

from cpc_analysis.reports.catalogue import Notebook, read_notebook
from cpc_analysis.reports.contents import answer_of, problem_of
from cpc_analysis.reports.page import page_of

__all__ = ["write_index"]


def write_index(folder: Path) -> Path:
    """The path of the written ``index.html``: every notebook in the folder with its answer and files.

    Parameters
    ----------
    folder : Path
        The folder of a run. Reports that an earlier run of the same name left in it are listed too.
    """
    notebooks = [Notebook(path.stem, path) for path in sorted(folder.glob("*.ipynb"))]
    entries = "\n".join(_entry(notebook) for notebook in notebooks)
    heading = f'<h1>Reports</h1>\n<p class="links">{escape(folder.name)}</p>'
    body = f'{heading}\n<ol class="reports">\n{entries}\n</ol>'
    path = folder / "index.html"
    path.write_text(page_of(f"Reports {folder.name}", body), encoding="utf-8", newline="\n")
    return path


def _entry(notebook: Notebook) -> str:
    executed, folder = read_notebook(notebook.path), notebook.path.parent
    executed_link = _link(notebook.path.name, "executed notebook")
    if problem := problem_of(executed, notebook.name):
        return (
            f"<li><h2>{escape(notebook.title)}</h2>\n"
            f'<p class="stopped">{escape(problem)}</p>\n<p class="links">{executed_link}</p></li>'
        )
    pictures = sorted(folder.glob(f"{notebook.name}-*.png"))
    links = [
        executed_link,
        *(_link(path.name, f"chart {path.stem[len(notebook.name) + 1 :]}") for path in pictures),
    ]
    return (
        f"<li><h2>{_link(f'{notebook.name}.html', notebook.title)}</h2>\n"
        f'<p>{escape(answer_of(executed))}</p>\n<p class="links">{" &middot; ".join(links)}</p></li>'
    )


def _link(file: str, text: str) -> str:
    return f'<a href="{quote(file)}">{escape(text)}</a>'
