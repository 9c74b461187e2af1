from pathlib import Path

import pytest

from cpc_analysis.reports import list_notebooks
from cpc_analysis.sources.project import open_project
from cpc_analysis.sources.samples import load_sample

from .conftest import Call, write_notebook


def test_a_new_project_is_the_sample_centre(call: Call, tmp_path: Path) -> None:
    folder = tmp_path / "my centre"
    result = call("init", folder)
    assert result.exit_code == 0
    assert f'cpc check --project "{folder}"' in result.stdout
    data, sample = open_project(folder), load_sample()
    assert data.settings == sample.settings
    assert (data.counting, data.costing) == (sample.counting, sample.costing)
    assert (data.currency, data.timezone) == (sample.currency, sample.timezone)
    assert data.reading.read == sample.reading.read


def test_a_new_project_has_the_notebooks_and_keeps_its_salt_out_of_git(call: Call, tmp_path: Path) -> None:
    call("init", tmp_path / "new")
    assert [path.stem for path in sorted((tmp_path / "new" / "notebooks").iterdir())] == [
        notebook.name for notebook in list_notebooks()
    ]
    ignored = (tmp_path / "new" / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {".cpc-salt", "reports/"} <= set(ignored)
    assert not (tmp_path / "new" / ".cpc-salt").exists()


def test_init_overwrites_nothing(call: Call, tmp_path: Path) -> None:
    folder = tmp_path / "old"
    (folder / "notebooks").mkdir(parents=True)
    own = folder / "notebooks" / "cost-statement.ipynb"
    own.write_text("mine", encoding="utf-8")
    result = call("init", folder)
    assert result.exit_code == 1
    assert result.stderr == (
        f"Error: {folder} has a notebooks/cost-statement.ipynb already and nothing was written: "
        "name another folder, or move that file away.\n"
    )
    assert own.read_text(encoding="utf-8") == "mine"
    assert [path for path in folder.rglob("*") if path.is_file()] == [own]


def test_init_refuses_a_file(call: Call, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    result = call("init", tmp_path / "file")
    assert result.exit_code == 1
    assert result.stderr == (
        f"Error: {tmp_path / 'file'} is a file: name a folder that is new or has no project yet.\n"
    )


def test_an_own_list_of_ignored_files_is_kept(call: Call, tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("mine\nreports/", encoding="utf-8")
    assert call("init", tmp_path).exit_code == 0
    lines = (tmp_path / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert lines[:2] == ["mine", "reports/"]
    assert lines.count("reports/") == 1
    assert ".cpc-salt" in lines


@pytest.mark.slow
def test_a_new_project_runs(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    call("init", tmp_path / "new")
    write_notebook(tmp_path / "new" / "notebooks" / "mine.ipynb")
    monkeypatch.chdir(tmp_path / "new")
    result = call("run", "mine", "-p", "period=now", "--run", "first")
    assert result.exit_code == 0, result.output
    assert (tmp_path / "new" / "reports" / "first" / "mine.html").is_file()
