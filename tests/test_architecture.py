"""The house itself: its map, its names, its sizes, its notebooks' manners."""

from __future__ import annotations

import ast
import json
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "cpc_analysis"
NAMELESS = {"utils", "util", "helpers", "helper", "common", "base", "misc"}
MOST_LINES = 400
VOLATILE = {"execution", "papermill", "collapsed", "ExecuteTime", "widgets"}
ROW = re.compile(r"^\| `(\w+)` \|[^|]*\|(?P<inside>[^|]*)\|$", re.MULTILINE)
BANNED = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Lambda,
    ast.For,
    ast.While,
    ast.comprehension,
    ast.If,
    ast.IfExp,
    ast.Match,
    ast.Try,
)


def modules_of(package: Path) -> set[str]:
    """The modules and packages right below a package, or none where it is a module."""
    if not package.is_dir():
        return set()
    return {
        path.stem
        for path in package.iterdir()
        if (path.suffix == ".py" and not path.stem.startswith("__")) or (path / "__init__.py").is_file()
    }


def module_tree(package: Path) -> dict[str, set[str]]:
    """The modules and packages right below a package, each with those inside it."""
    return {name: modules_of(package / name) for name in modules_of(package)}


def mapped_modules(text: str) -> dict[str, set[str]]:
    """The modules that the table of an architecture page names in order, each with those inside it."""
    return {row[1]: set(row["inside"].split()) for row in ROW.finditer(text)}


def nameless_modules(package: Path) -> list[str]:
    """Modules and packages whose names say nothing, at any depth."""
    modules = [path.relative_to(package) for path in package.rglob("*.py")]
    return sorted(path.as_posix() for path in modules if NAMELESS & set(path.with_suffix("").parts))


def long_modules(package: Path) -> list[str]:
    """Modules of more lines than a reader holds."""
    sizes = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in package.rglob("*.py")}
    return sorted(f"{path.name}: {lines}" for path, lines in sizes.items() if lines > MOST_LINES)


def notebook_faults(notebook: dict) -> list[str]:
    """What breaks the manners of a notebook."""
    cells = notebook["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    tagged = [cell for cell in code if "parameters" in cell["metadata"].get("tags", [])]
    faults = [] if len(tagged) == 1 else [f"{len(tagged)} cells are tagged parameters"]
    for cell in tagged:
        for statement in ast.parse("".join(cell["source"])).body:
            if not isinstance(statement, ast.AnnAssign):
                faults.append("a parameter without a type")
                continue
            try:
                ast.literal_eval(statement.value)
            except (ValueError, TypeError):
                faults.append(f"the parameter {ast.unparse(statement.target)} is no literal")
    for place, cell in enumerate(code):
        if any(isinstance(node, BANNED) for node in ast.walk(ast.parse("".join(cell["source"])))):
            faults.append(f"code cell {place} defines, loops or branches")
        kept = [output for output in cell["outputs"] if output.get("text") or "text/plain" in output.get("data", {})]
        if "nbval-check-output" in cell["metadata"].get("tags", []) and not kept:
            faults.append(f"code cell {place} is checked but has no stored text")
    faults += [f"{key} is kept" for kept in [notebook, *cells] for key in sorted(VOLATILE & set(kept["metadata"]))]
    if "version" in notebook["metadata"].get("language_info", {}):
        faults.append("language_info keeps a version")
    return faults


def test_the_module_map_is_the_tree():
    assert mapped_modules((ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")) == module_tree(PACKAGE)


def test_the_module_map_is_in_the_order_of_the_import_contract():
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    mapped = mapped_modules((ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8"))
    assert list(mapped) == tools["importlinter"]["contracts"][0]["layers"]


def test_names_say_something():
    assert nameless_modules(PACKAGE) == []


def test_files_stay_readable():
    assert long_modules(PACKAGE) == []


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem)
def test_notebooks_have_manners(path):
    assert notebook_faults(json.loads(path.read_text(encoding="utf-8"))) == []


def test_the_lock_names_no_host():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    assert "--hash=sha256:" in lock


def test_the_version_is_the_changelog_s_newest():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    newest = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert newest is not None
    assert newest[1] == version


def test_the_checks_of_modules_can_fail(tmp_path):
    (tmp_path / "utils.py").write_text("x = 1\n" * 401, encoding="utf-8")
    (tmp_path / "charts" / "common").mkdir(parents=True)
    for folder in (tmp_path, tmp_path / "charts", tmp_path / "charts" / "common"):
        (folder / "__init__.py").touch()
    assert nameless_modules(tmp_path) == ["charts/common/__init__.py", "utils.py"]
    assert long_modules(tmp_path) == ["utils.py: 401"]
    assert module_tree(tmp_path) == {"utils": set(), "charts": {"common"}}
    page = "| `cells` | scans | |\n| other | x | |\n| `charts` | figures | levels trend |"
    assert mapped_modules(page) == {"cells": set(), "charts": {"levels", "trend"}}


def code_cell(source: str, *tags: str) -> dict:
    return {"cell_type": "code", "metadata": {"tags": list(tags)}, "outputs": [], "source": [source]}


@pytest.mark.parametrize(
    ("cell", "fault"),
    [
        (code_cell("x: int = 1", "parameters"), "2 cells are tagged parameters"),
        (code_cell("for x in []:\n    pass"), "code cell 1 defines, loops or branches"),
        (code_cell("y = {x for x in ()}"), "code cell 1 defines, loops or branches"),
        (code_cell("x = 1 if y else 2"), "code cell 1 defines, loops or branches"),
        (code_cell("x", "nbval-check-output"), "code cell 1 is checked but has no stored text"),
        ({"cell_type": "markdown", "metadata": {"papermill": {}}, "source": []}, "papermill is kept"),
    ],
)
def test_the_check_of_a_cell_can_fail(cell, fault):
    parameters = code_cell("month: str = '2025-06'", "parameters")
    assert notebook_faults({"cells": [parameters], "metadata": {}}) == []
    assert notebook_faults({"cells": [parameters, cell], "metadata": {}}) == [fault]


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("month = '2025-06'", "a parameter without a type"),
        ("month: str = str(2025)", "the parameter month is no literal"),
        ("month: str", "the parameter month is no literal"),
    ],
)
def test_the_check_of_parameters_can_fail(source, fault):
    assert notebook_faults({"cells": [code_cell(source, "parameters")], "metadata": {}}) == [fault]


def test_the_check_of_a_notebook_s_metadata_can_fail():
    metadata = {"language_info": {"version": "3"}, "widgets": {}}
    notebook = {"cells": [code_cell("x: int = 1", "parameters")], "metadata": metadata}
    assert notebook_faults(notebook) == ["widgets is kept", "language_info keeps a version"]
