from datetime import date
from pathlib import Path

import pytest

from cpc_analysis.dataset import Dataset
from cpc_analysis.errors import InvalidInputError, MissingFileError, UnknownNameError
from cpc_analysis.models import selection as selecting
from cpc_analysis.models.selection import Selection, earlier, find_project, select, year_before
from cpc_analysis.periods import parse_period


@pytest.fixture(autouse=True)
def _open_the_test_centre(monkeypatch: pytest.MonkeyPatch, data: Dataset) -> None:
    monkeypatch.setattr(selecting, "open_data", lambda project: data)


def test_empty_parameters_mean_the_last_closed_month_of_everything() -> None:
    selection = select()
    assert str(selection.period) == "2025-06"
    assert selection.where == {}
    assert str(selection) == "Test centre, June 2025, all channels, all sites."


@pytest.mark.parametrize(
    ("grain", "period"), [("week", "2025-06"), ("month", "2025-06"), ("quarter", "2025-Q2"), ("year", "2024")]
)
def test_the_default_period_is_the_last_whole_one_of_the_grain(grain: str, period: str) -> None:
    assert str(select(grain=grain).period) == period


def test_a_trend_ends_with_the_period_and_starts_a_year_before() -> None:
    points = select(period="2025-04").points
    assert (str(points[0]), str(points[-1]), len(points)) == ("2024-04", "2025-04", 13)


def test_a_trend_starts_no_earlier_than_the_log() -> None:
    points = select(period="2023-06").points
    assert [str(point) for point in points] == ["2023-04", "2023-05", "2023-06"]


def test_a_longer_period_has_a_trend_of_finer_points() -> None:
    selection = select(period="2024", grain="quarter")
    assert selection.now == {"year": ["2024"]}
    assert selection.history["quarter"][-1] == "2024-Q4"


def test_channels_and_site_become_conditions() -> None:
    selection = select(channels=["chat"], site="Aarhus")
    assert selection.now == {"channel": ["chat"], "site": ["Aarhus"], "month": ["2025-06"]}
    assert str(selection) == "Test centre, June 2025, chat, Aarhus."


@pytest.mark.parametrize(
    ("text", "before", "last_year"),
    [
        ("2024-02-29", "2024-02-28", "2023-03-02"),
        ("2025-W01", "2024-W52", "2024-W01"),
        ("2025-01", "2024-12", "2024-01"),
        ("2025-Q1", "2024-Q4", "2024-Q1"),
        ("2025", "2024", "2024"),
    ],
)
def test_periods_before(text: str, before: str, last_year: str) -> None:
    period = parse_period(text)
    assert str(earlier(period)) == before
    assert str(year_before(period)) == last_year


def test_a_day_is_compared_with_the_same_weekday() -> None:
    day = parse_period("2025-06-09")
    assert year_before(day).start == date(2024, 6, 10)
    assert year_before(day).start.weekday() == day.start.weekday()


def test_a_period_outside_the_log_is_refused() -> None:
    with pytest.raises(InvalidInputError) as refused:
        select(period="2022-06")
    assert str(refused.value) == "`period` must lie in the contact log, 2023-04-01 to 2025-06-30, got '2022-06'."


def test_a_grain_longer_than_the_period_is_refused() -> None:
    with pytest.raises(InvalidInputError) as refused:
        select(period="2025-04", grain="quarter")
    assert str(refused.value) == (
        "`grain` must not be longer than the period 2025-04, which is a month, got 'quarter'."
    )


def test_a_misspelt_grain_is_refused_with_a_suggestion() -> None:
    with pytest.raises(InvalidInputError) as refused:
        select(grain="mnth")
    assert str(refused.value) == (
        "`grain` must be one of day, week, month, quarter, year, got 'mnth'. Did you mean 'month'?"
    )


def test_a_misspelt_channel_or_site_is_refused_with_a_suggestion() -> None:
    with pytest.raises(UnknownNameError, match=r"^There is no channel 'vocie'\. Did you mean 'voice'\?$"):
        select(channels=["chat", "vocie"])
    with pytest.raises(UnknownNameError, match=r"^There is no site 'Arhus'\. Did you mean 'Aarhus'\?$"):
        select(site="Arhus")


def test_a_project_is_found_in_its_folder_and_from_its_notebooks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path)
    assert find_project() is None
    (tmp_path / "cpc.toml").write_text("", encoding="utf-8")
    assert find_project() == tmp_path / "cpc.toml"
    monkeypatch.chdir(tmp_path / "notebooks")
    assert find_project("") == tmp_path / "cpc.toml"
    assert find_project(tmp_path) == find_project(str(tmp_path / "cpc.toml")) == tmp_path / "cpc.toml"


def test_a_project_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError) as missing:
        find_project(tmp_path)
    assert str(missing.value) == (
        f"There is no project at {tmp_path / 'cpc.toml'}: name a folder with a cpc.toml, or make one with `cpc init`."
    )


def test_a_selection_is_not_changed_by_asking(june: Selection) -> None:
    june.now["month"].append("2025-05")
    assert june.now == {"month": ["2025-06"]}
