"""The notebooks there are: those of a project's folder `notebooks`, and those shipped with the package."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from cpc_analysis.errors import MissingFileError, UnknownNameError, UnreadableFileError

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = ["Notebook", "find_notebook", "list_notebooks", "read_notebook", "shipped_folder", "title_of"]

_PACKAGE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Notebook:
    """A notebook on disk: its name, which is the file's without the ending, and its path."""

    name: str
    path: Path

    @cached_property
    def title(self) -> str:
        """The first heading, or the name where there is none."""
        return title_of(read_notebook(self.path)) or self.name


def shipped_folder() -> Path:
    """The folder of the notebooks that come with the package, in a checkout or inside an installed package.

    Raises
    ------
    MissingFileError
        If neither is there.
    """
    places = (_PACKAGE / "notebooks", _PACKAGE.parent / "notebooks")
    for place in places:
        if any(place.glob("*.ipynb")):
            return place
    raise MissingFileError(
        f"The package's notebooks are in neither of {places[0]} and {places[1]}: install the package again."
    )


def list_notebooks(project: Path | None = None) -> tuple[Notebook, ...]:
    """The notebooks of a project's folder, or the shipped ones where the project has none; by name.

    Parameters
    ----------
    project : Path, optional
        The project's folder.
    """
    own = sorted((project / "notebooks").glob("*.ipynb")) if project else []
    paths = own or sorted(shipped_folder().glob("*.ipynb"))
    return tuple(Notebook(path.stem, path.resolve()) for path in paths)


def find_notebook(name: str | Path, project: Path | None = None) -> Notebook:
    """The notebook of a name, or at a path.

    Parameters
    ----------
    name : str or Path
        A name such as ``"cost-per-contact"``, looked for in the project first and then among the shipped
        ones; or the path of a file that ends in ``.ipynb``.
    project : Path, optional
        The project's folder.

    Raises
    ------
    UnknownNameError
        If there is no notebook of that name.
    MissingFileError
        If there is no file at that path.
    """
    if str(name).endswith(".ipynb"):
        path = Path(name)
        if not path.is_file():
            raise MissingFileError(f"There is no notebook at {path}.")
        return Notebook(path.stem, path.resolve())
    known = {notebook.name: notebook for notebook in (*list_notebooks(), *list_notebooks(project))}
    if str(name) not in known:
        raise UnknownNameError("notebook", str(name), known)
    return known[str(name)]


def title_of(notebook: NotebookNode) -> str:
    """The first heading of a notebook; empty where there is none."""
    lines = [line for cell in notebook.cells if cell.cell_type == "markdown" for line in cell.source.splitlines()]
    return next((line.lstrip("# ").strip() for line in lines if line.startswith("# ")), "")


def read_notebook(path: Path) -> NotebookNode:
    """The cells and metadata of a notebook file.

    Raises
    ------
    UnreadableFileError
        If the file is not a notebook.
    """
    import nbformat

    try:
        return nbformat.read(path, as_version=4)
    except (nbformat.reader.NotJSONError, nbformat.ValidationError, AttributeError, UnicodeDecodeError):
        raise UnreadableFileError(f"{path} is not a Jupyter notebook, whatever its ending says.") from None
