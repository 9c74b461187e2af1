"""Settings of projects and of records made in Python: each wrong one is refused when it is stated, with its place."""

# ruff: noqa: E501 - tables of cases and messages read better unbroken

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cpc_analysis as cpc
from cpc_analysis.errors import CpcError
from cpc_analysis.presentation import Presentation
from cpc_analysis.sources.project import read_project

CALLS = "contact_id,started_at,channel,direction,outcome\n1,2025-04-01 09:00,voice,in,answered\n"
HEAD = '[project]\ncurrency = "DKK"\ntimezone = "Europe/Copenhagen"\n'
RULES = "group_time, agent_time, wage_time, handle_time, contacts, headcount"
CHANNELS = "voice, chat, email, messaging, sms, social, callback, web, task, other"
PERIOD = "a day, month or other period such as 2025-05-31 or 2025-05"
WINDOW = "a duration above 0, written as 7d, 2h, 30min or 90s"


def project(folder: Path, stated: str, head: str = HEAD) -> Any:
    (folder / "c.csv").write_text(CALLS, encoding="utf-8")
    (folder / "cpc.toml").write_text(head + stated + '\n[tables.contacts]\nfiles = "c.csv"\n', encoding="utf-8")
    return read_project(folder)


@pytest.mark.parametrize(
    ("stated", "message"),
    [
        ("[costing]\nsalaries = -5", f"[costing]: `salaries` must be one of {RULES}, or shares by channel such as {{voice = 0.6, chat = 0.4}}, got '-5'."),
        ("[costing]\nsalaries = 'handle'", f"[costing]: `salaries` must be one of {RULES}, got 'handle'. Did you mean 'handle_time'?"),
        ("[costing]\nsalaries = { voice = nan }", "[costing]: `salaries.voice` must be a number, got 'nan'."),
        ("[costing]\nsalaries = { voice = 0.5 }", "[costing]: `salaries`: shares by channel must not be negative and must add up to 1, got {'voice': 0.5}."),
        ("[costing]\nsalaries = { voce = 1 }", f"[costing]: `salaries` must be one of {CHANNELS}, got 'voce'. Did you mean 'voice'?"),
        ("[costing]\nhourly_cost = '300'", "[costing]: `hourly_cost` must be a number above 0, got '300'."),
        ("[costing]\nhourly_cost = nan", "[costing]: `hourly_cost` must be a number above 0, got 'nan'."),
        ("[costing]\nhourly_cost = inf", "[costing]: `hourly_cost` must be a number above 0, got 'inf'."),
        ("[costing]\nhourly_cost = true", "[costing]: `hourly_cost` must be a number above 0, got 'True'."),
        ("[costing]\nspread_accounts = [1.5]", "[costing]: `spread_accounts` must be a text or a list of texts, got '1.5'."),
        ("[costing]\nwages_from = 3", "[costing]: `wages_from` must be one of ledger, payroll, got '3'."),
        ("[costing]\nstandard_handle_seconds = 5", "[costing]: `standard_handle_seconds` must be numbers by name, got '5'."),
        ("[costing]\nstandard_handle_seconds = { email = '5' }", "[costing]: `standard_handle_seconds.email` must be a number above 0, got '5'."),
        ("[rates]\nEUR = inf", "[rates]: `rates.EUR` must be a number above 0, got 'inf'."),
        ("[rates]\neur = 7", "[rates]: `rates` must be a code of three capital letters such as DKK, got 'eur'."),
        ("[rates]\nEUR = { April = 7 }", "[rates]: `rates.EUR` must be rates by month such as { 2025-04 = 7.46 }, got 'April'."),
        ("holidays = ['2025-02-30']", "[project]: `holidays` must be days that exist, such as 2025-12-25, got '2025-02-30'."),
        ("holidays = '2025-12-25'", "[project]: `holidays` must be a list of days that exist, such as 2025-12-25, got '2025-12-25'."),
        ("provisional = ['2025-Q1']", "[project]: `provisional` must be months such as 2025-05, got '2025-Q1'."),
        ("closed_through = 'May'", f"[project]: `closed_through` must be {PERIOD}, got 'May'."),
        ("complete_from = 09:00:00", f"[project]: `complete_from` must be {PERIOD}, got '09:00:00'."),
        ("complete_from = '2025-05'\ncomplete_through = '2025-04'", "[project]: `complete_from` must not lie after `complete_through`, got 2025-05 and 2025-04."),
        ("full_time_hours = '37'", "[project]: `full_time_hours` must be a number above 0, got '37'."),
        ("closing_days = -1", "[project]: `closing_days` must be a whole number from 0 on, got '-1'."),
        ("strict = 'yes'", "[project]: `strict` must be true or false, got 'yes'."),
        ("name = 5", "[project]: `name` must be a text, got '5'."),
        ("memory_limit = 'lots'", "[project]: `memory_limit` must be written as 4GB or 500MB, got 'lots'."),
        ("[counting]\ndirections = [1]", "[counting]: `directions` must be one of in, out, internal, got '1'."),
        ("[counting]\ndirections = { a = 1 }", "[counting]: `directions` must be a text or a list of texts, got '{'a': 1}'."),
        ("[counting]\nrepeat_window = 7", f"[counting]: `repeat_window` must be {WINDOW}, got '7'."),
        ("[counting]\nrepeat_window = '999999999999w'", f"[counting]: `repeat_window` must be {WINDOW}, got '999999999999w'."),
        ("[counting]\nshort_abandon_seconds = '5'", "[counting]: `short_abandon_seconds` must be a number from 0 on, got '5'."),
        ("[counting]\nanswer_threshold_seconds = '20'", "[counting]: `answer_threshold_seconds` must be a number from 0 on, got '20'."),
        ("[counting]\nanswer_threshold_seconds = { voice = -20 }", "[counting]: `answer_threshold_seconds.voice` must be a number from 0 on, got '-20'."),
        ("[counting]\nanswer_threshold_seconds = { voce = 20 }", f"[counting]: `answer_threshold_seconds` must be one of {CHANNELS}, got 'voce'. Did you mean 'voice'?"),
        ("[budget]\nvariable = { labour = nan }", "[budget]: `variable.labour` must be a number from 0 to 1, got 'nan'."),
        ("[price_levels]\nUSD = 3", "[price_levels]: `price_levels.USD` must be years and how many times higher prices are now, such as USD = { 2015 = 1.36 }, got '3'."),
        ("[price_levels]\nUSD = { y2015 = 1.3 }", "[price_levels]: `price_levels.USD` must give years and how many times higher prices are now, such as USD = { 2015 = 1.36 }, got the year 'y2015'."),
        ("[price_levels]\nUSD = { 2015 = 'a' }", "[price_levels]: `price_levels.USD.2015` must be a number above 0, got 'a'."),
        ("[definitions.a]\nmeaning = 3", "[definitions.a]: `meaning` must be a text, got '3'."),
        ("[definitions.a]\ndirections = ['inn']", "[definitions.a]: `directions` must be one of in, out, internal, got 'inn'. Did you mean 'in'?"),
        ("[presentation]\nlanguage = 3", "[presentation]: `language` must be a text, got '3'."),
        ("[presentation]\ncolours = 3", "[presentation]: `colours` must be a section of colours, got '3'."),
    ],
)  # fmt: skip
def test_a_wrong_setting_is_named_with_its_file_section_and_key(tmp_path: Path, stated: str, message: str) -> None:
    with pytest.raises(CpcError) as raised:
        project(tmp_path, stated)
    assert str(raised.value) == f"cpc.toml, {message}"


def test_dates_of_toml_and_numbers_of_accounts_are_taken(tmp_path: Path) -> None:
    stated = (
        "holidays = [2025-12-25, '2025-12-26']\nclosed_through = 2025-05-31\ncomplete_from = 2025-04-01T00:00:00\n"
        "complete_through = '2025-04'\n[costing]\nspread_accounts = [5130, 'x']\n[counting]\ndirections = 'in'\n"
        "[rates]\nEUR = { 2025-04 = 7.46 }\n"
    )
    found = project(tmp_path, stated)
    assert found.settings.holidays == ("2025-12-25", "2025-12-26")
    assert (found.settings.closed_through, found.settings.complete_from) == ("2025-05-31", "2025-04-01")
    assert found.settings.rates == {"EUR": {"2025-04": 7.46}}
    assert (found.costing.spread_accounts, found.counting.directions) == (("5130", "x"), ("in",))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: cpc.Costing(hourly_cost="300"), "`hourly_cost` must be a number above 0, got '300'."),
        (lambda: cpc.Counting(short_abandon_seconds=-1), "`short_abandon_seconds` must be a number from 0 on, got '-1'."),
        (lambda: cpc.Settings(holidays=("2025-02-30",)), "`holidays` must be days that exist, such as 2025-12-25, got '2025-02-30'."),
        (lambda: cpc.Settings(rates=None), "`rates` must be what one unit of another currency is worth, such as { EUR = 7.46 }, got 'None'."),
        (lambda: cpc.Settings(definitions=3), "`definitions` must be a tuple of Definition, got '3'."),
        (lambda: cpc.Settings(presentation="da"), "`presentation` must be a Presentation, got 'da'."),
        (lambda: cpc.Settings(events={"2025-04": 3}), '`events.2025-04` must be a few words, such as "2025-04" = "General raise", got \'3\'.'),
        (lambda: Presentation(font=3), "`font` must be a text, got '3'."),
    ],
)  # fmt: skip
def test_records_made_in_python_are_checked_alike(make: Any, message: str) -> None:
    with pytest.raises(CpcError) as raised:
        make()
    assert str(raised.value) == message


def test_a_day_is_a_holiday_however_it_is_given() -> None:
    assert cpc.Settings(holidays=[date(2025, 12, 25)]) == cpc.Settings(holidays=("2025-12-25",))


@given(st.one_of(st.floats(), st.integers(), st.text(max_size=3), st.booleans(), st.none(), st.lists(st.integers())))
def test_an_hourly_cost_is_above_zero_or_refused(value: Any) -> None:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if value is None or (is_number and 0 < value < float("inf")):
        assert cpc.Costing(hourly_cost=value).hourly_cost == value
    else:
        with pytest.raises(CpcError, match="`hourly_cost` must be a number above 0"):
            cpc.Costing(hourly_cost=value)
