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
VOLATILE = {"execution", "papermill", "collapsed", "ExecuteTime"}


def modules_of(package: Path) -> set[str]:
    """The modules and packages right below a package."""
    return {
        path.stem
        for path in package.iterdir()
        if (path.suffix == ".py" and path.stem != "__init__") or (path / "__init__.py").is_file()
    }


def mapped_modules(text: str) -> set[str]:
    """The modules that the table of an architecture page names."""
    return set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE))


def nameless_modules(package: Path) -> list[str]:
    """Modules whose names say nothing, at any depth."""
    return sorted(str(path.relative_to(package)) for path in package.rglob("*.py") if path.stem in NAMELESS)


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
    banned = (
        ast.FunctionDef,
        ast.Lambda,
        ast.For,
        ast.While,
        ast.If,
        ast.IfExp,
        ast.ListComp,
        ast.DictComp,
        ast.ClassDef,
    )
    for place, cell in enumerate(code):
        if any(isinstance(node, banned) for node in ast.walk(ast.parse("".join(cell["source"])))):
            faults.append(f"code cell {place} defines, loops or branches")
        kept = [output for output in cell["outputs"] if "text" in output or "data" in output]
        if "nbval-check-output" in cell["metadata"].get("tags", []) and not kept:
            faults.append(f"code cell {place} is checked but has no stored output")
        if VOLATILE & set(cell["metadata"]):
            faults.append(f"code cell {place} keeps metadata of its execution")
    if "version" in notebook["metadata"].get("language_info", {}):
        faults.append("language_info keeps a version")
    return faults


def test_the_module_map_is_the_tree():
    assert mapped_modules((ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")) == modules_of(PACKAGE)


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


def test_the_checks_can_fail(tmp_path):
    (tmp_path / "utils.py").write_text("x = 1\n" * 401, encoding="utf-8")
    assert nameless_modules(tmp_path) == ["utils.py"]
    assert long_modules(tmp_path) == ["utils.py: 401"]
    assert modules_of(tmp_path) == {"utils"}
    assert mapped_modules("| `cells` | scans |\n| other | x |") == {"cells"}
    cell = {"cell_type": "code", "metadata": {"tags": ["nbval-check-output"], "execution": {}}, "outputs": [],
            "source": ["for x in []:\n", "    pass"]}  # fmt: skip
    faults = notebook_faults({"cells": [cell], "metadata": {"language_info": {"version": "3"}}})
    assert len(faults) == 5
