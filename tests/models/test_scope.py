"""What a result says that it is of: its conditions and its periods, in charts, tables and workbooks."""

from __future__ import annotations

import pandas as pd
import pytest

import cpc_analysis as cpc
from cpc_analysis.language import speaking
from cpc_analysis.models.wording import scope_in_words
from tests.centres import ZONE, contacts, shift

CHANNELS = {"by": ["channel"]}
MONTHS = {"by": ["month"]}


def result(months: list[str] | None = None, **attrs: object) -> pd.DataFrame:
    frame = pd.DataFrame({"month": pd.to_datetime(months)} if months else {"channel": ["voice"]})
    frame.attrs = attrs
    return frame


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (result(**CHANNELS), ""),
        (result(**CHANNELS, where={"month": "2025-Q2"}), "Q2 2025."),
        (result(**CHANNELS, where={"month": ["2024", "2025"]}), "2024 to 2025."),
        (result(**CHANNELS, where={"month": ["2024-12", "2025-01", "2025-02"]}), "December 2024 to February 2025."),
        (result(**CHANNELS, where={"month": ("2025-06", "2024-06")}), "June 2024 and June 2025."),
        (result(**CHANNELS, where={"day": pd.Timestamp("2025-06-09")}), "9 June 2025."),
        (result(["2025-01-01", "2025-06-01"], **MONTHS), "January 2025 and June 2025."),
        (result([f"2025-0{month}-01" for month in range(1, 7)], **MONTHS, where={"month": "2025"}),
         "January 2025 to June 2025."),
        (result(**CHANNELS, period="2025-06", where={"site": "Odense"}), "Only site Odense. June 2025."),
        (result(**CHANNELS, where={"channel": ["voice", "chat"], "weekday": 0}),
         "Only channel voice and chat, weekday Mon."),
        (result(**CHANNELS, where={"team": list("abcdefg")}), "Only team a, b, c, d, e and 2 more."),
        (result(**CHANNELS, covers=(pd.Timestamp("2025-01-01").date(), pd.Timestamp("2025-06-30").date())),
         "January 2025 to June 2025."),
        (result(**CHANNELS, covers=(pd.Timestamp("2025-06-02").date(), pd.Timestamp("2025-06-13").date())),
         "2 June 2025 to 13 June 2025."),
    ],
)  # fmt: skip
def test_a_result_says_what_it_is_of(frame: pd.DataFrame, said: str) -> None:
    assert scope_in_words(frame) == said


def test_weeks_that_a_month_cuts_are_of_that_month() -> None:
    frame = pd.DataFrame({"week": pd.to_datetime(["2025-05-26", "2025-06-02"])})
    frame.attrs = {"by": ["week"], "where": {"month": "2025-06"}}
    assert scope_in_words(frame) == "June 2025."
    frame.attrs["where"] = {"week": ["2025-W22", "2025-W23"]}
    assert scope_in_words(frame) == "Week 22 of 2025 to week 23 of 2025."


def test_a_year_of_publication_is_no_period() -> None:
    assert scope_in_words(cpc.benchmarks()) == ""


def test_charts_tables_and_workbooks_say_what_they_are_of(sample: cpc.Dataset, tmp_path) -> None:
    where = {"month": "2025-Q2", "site": "Odense", "channel": ["chat", "email"]}
    frame = cpc.measure(sample, "cost_per_contact", by=["channel"], where=where)
    chart = cpc.charts.levels(frame).to_dict()
    scope = "Only site Odense, channel chat and email. Q2 2025."
    assert scope in " ".join(chart["title"]["subtitle"])
    path = cpc.export([frame, cpc.charts.levels(frame)], tmp_path / "odense.xlsx")[0]
    meanings = pd.read_excel(path, "Definitions", engine="calamine")["Definition"]
    assert [scope in meaning for meaning in meanings] == [True, True]
    page = cpc.export(frame, tmp_path / "odense.html")[0].read_text(encoding="utf-8")
    assert scope in page
    danish = cpc.charts.levels(frame, language="da").to_dict()
    assert "Kun lokation Odense, kanal chat og e-mail. 2. kvartal 2025." in " ".join(danish["title"]["subtitle"])
    with speaking("da"):
        assert scope_in_words(cpc.measure(sample, "contacts", by=["product"])) == "Januar 2023 til juni 2025."
    hourly = cpc.Dataset.from_frames(
        contacts=contacts([{"agent_id": "ann"}]), shifts=pd.DataFrame([shift("ann", "2025-04-01 08:00", 1)]),
        costing=cpc.Costing(hourly_cost=300), currency="DKK", timezone=ZONE,
    )  # fmt: skip
    assert scope_in_words(cpc.cost_statement(hourly)) == "April 2025."
    everything = cpc.charts.statement(cpc.cost_statement(sample)).to_dict()
    assert "January 2023 to June 2025. Source" in " ".join(everything["title"]["subtitle"])
