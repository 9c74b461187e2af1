"""The call log of a real bank, 1999 (Guedj and Mandelbaum, Technion); the figures were counted with awk."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from cpc_analysis.sources.project import open_project
from cpc_analysis.tables.naming import given_names

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

#: Calls that are not phantoms by the hour of their entry: midnight, four, ten and thirteen.
HOURS = [346, 32, 9074, 7260]
CHECKOUT = Path(__file__).parents[2]
EXAMPLE = CHECKOUT / "examples" / "anonymous-bank"
REAL_DATA = Path(os.environ.get("CPC_REAL_DATA") or CHECKOUT.parent / "shared" / "data")
LOGS = REAL_DATA / "anonymous-bank-1999"

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(
        not LOGS.is_dir(), reason=f"no call log in {LOGS}; CPC_REAL_DATA names the folder that holds it"
    ),
]


@cache
def opened() -> Dataset:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("CPC_SALT", "salt of the tests")
        environment.setenv("CPC_REAL_DATA", str(REAL_DATA))
        return open_project(EXAMPLE)


def contacts() -> pd.DataFrame:
    data = opened()
    return given_names(data.engine.fetch(data.on_engine("contacts")))


def test_every_row_is_accounted_for() -> None:
    data = opened()
    assert data.reading.read == {
        "contacts": {"01_January.txt.gz": 31_599, "02_February.txt.gz": 33_344, "03_March.txt.gz": 38_801}
    }
    assert sum(data.reading.read["contacts"].values()) == 103_744
    assert data.reading.excluded_by_file == {
        "contacts": {"01_January.txt.gz": 240, "02_February.txt.gz": 278, "03_March.txt.gz": 407}
    }
    assert data.reading.excluded == {"contacts": 925}
    assert data.prepared("contacts").accepted == 103_744 - 925
    assert data.quarantine.empty
    assert data.reading.clock_changes == {"contacts": 0}


def test_outcomes_and_handle_time() -> None:
    frame = contacts()
    assert frame["outcome"].value_counts().to_dict() == {"answered": 82_069, "abandoned": 20_750}
    answered = frame[frame["outcome"] == "answered"]
    assert answered["handle_ms"].sum() / 1000 == 14_884_670 + 43_185
    assert answered["handle_ms"].isna().sum() == 402 + 39
    assert frame.loc[frame["outcome"] == "abandoned", "handle_ms"].isna().all()
    assert answered["agent_id"].isna().sum() == 1_488
    assert frame["wait_ms"].sum() / 1000 == 5_818_977
    assert frame["customer_id"].nunique() == 7_424
    assert frame["channel"].value_counts().to_dict() == {"voice": 102_819 - 3_889, "callback": 3_889}


def test_calls_that_left_in_the_voice_menu_never_waited() -> None:
    abandoned = contacts().query("outcome == 'abandoned'")
    assert abandoned["reached_queue"].value_counts().to_dict() == {"yes": 15_593 + 75, "no": 5_157 - 75}
    assert abandoned.loc[abandoned["reached_queue"] == "no", "wait_ms"].eq(0).all()


def test_local_times_become_utc() -> None:
    frame = contacts()
    first = frame.loc[frame["contact_id"] == "AA0101-33116-990101", "started_at"].iloc[0]
    assert first == pd.Timestamp("1998-12-31 22:00:31")
    local = frame["started_at"].dt.tz_localize("UTC").dt.tz_convert("Asia/Jerusalem")
    assert local.dt.hour.value_counts()[[0, 4, 10, 13]].tolist() == HOURS
    assert (local.min().date().isoformat(), local.max().date().isoformat()) == ("1999-01-01", "1999-03-31")


def test_nobody_shows() -> None:
    frame = contacts()
    text = frame.select_dtypes(["object", "str"]).astype(str)
    found = set(pd.unique(text.to_numpy().ravel()))
    assert not found & {"SHARON", "IDIT", "TOVA", "EXPRESS", "DAVID", "9664491", "27644400"}
    assert frame["customer_id"].dropna().str.fullmatch("[0-9a-f]{16}").all()
    assert frame["agent_id"].dropna().nunique() == 30


def test_shifts_are_inferred_from_the_calls() -> None:
    data = opened()
    shifts = data.engine.fetch(data.on_engine("shifts"))
    hours = (shifts["ends_at"] - shifts["starts_at"]).dt.total_seconds().sum() / 3600
    handled = contacts().dropna(subset="agent_id")["handle_ms"].sum() / 3_600_000
    assert 0.4 < handled / hours < 0.9
    assert (shifts["ends_at"] - shifts["starts_at"]).max() < pd.Timedelta("18h")


def test_the_salt_file_stays_out_of_version_control() -> None:
    assert ".cpc-salt" in (EXAMPLE / ".gitignore").read_text(encoding="utf-8").split()


def test_reading_needs_no_work_at_import() -> None:
    code = "import sys, cpc_analysis.sources; print('pandas' in sys.modules or 'ibis' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=CHECKOUT, check=True)
    assert found.stdout.strip() == "False"
