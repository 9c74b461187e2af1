"""Figures of service on pages: of which channels, with which thresholds, in both languages."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import cpc_analysis as cpc
from cpc_analysis import charts, models
from cpc_analysis.models.comparison import key_figures
from cpc_analysis.models.selection import Selection
from cpc_analysis.models.service import channels_shown, measure_shown
from cpc_analysis.models.tables import key_figures_table, table
from cpc_analysis.periods import parse_period
from tests.centres import contacts, costs, dataset

FIGURES = ["abandonment_rate", "service_level", "average_first_response"]


def centre(*channels: str) -> cpc.Dataset:
    """A call answered in 10 s and one given up; an e-mail answered in an hour; a callback that was asked for."""
    rows = [
        {"wait_seconds": 10.0, "first_response_seconds": None},
        {"wait_seconds": 90.0, "first_response_seconds": None, "outcome": "abandoned"},
        {"wait_seconds": None, "first_response_seconds": 3600.0, "channel": "email"},
        {"wait_seconds": 5.0, "first_response_seconds": None, "channel": "callback"},
    ]
    kept = [row for row in rows if row.get("channel", "voice") in channels]
    return dataset(contacts(kept), costs(("salaries", 10.0)))


def shown(data: cpc.Dataset, where: dict[str, object] | None = None) -> list[object]:
    return [pytest.approx(value, nan_ok=True) for value in measure_shown(data, FIGURES, where)[FIGURES].iloc[0]]


def test_figures_of_service_are_of_the_channels_that_can_have_them():
    data = centre("voice", "email", "callback")
    assert channels_shown(data, [*FIGURES, "contacts"]) == {
        "abandonment_rate": ("voice",), "service_level": ("voice",), "average_first_response": ("email",),
    }  # fmt: skip
    assert shown(data) == [1 / 2, 1 / 2, 3600]
    # The quantities themselves take what they are asked for.
    whole = cpc.measure(data, FIGURES)[FIGURES].iloc[0]
    assert whole.tolist() == pytest.approx([1 / 4, 3 / 4, 3600])


def test_where_nobody_waits_on_the_line_the_service_level_is_of_written_work():
    assert shown(centre("email")) == [np.nan, 1, 3600]
    assert shown(centre("voice", "email"), {"channel": "email"}) == [np.nan, 1, 3600]
    assert shown(centre("voice")) == [1 / 2, 1 / 2, np.nan]


@pytest.fixture(scope="module")
def june(sample: cpc.Dataset) -> Selection:
    return Selection(sample, parse_period("2025-06"), "month", {})


def test_page_one_says_which_channels_a_row_is_of(sample: cpc.Dataset):
    pack = cpc.monthly_pack(sample, "2025-06")
    frame = pack.to_frame().set_index("quantity")
    assert frame["channels"][lambda column: column != ""].to_dict() == {
        "service_level": "voice, chat", "abandonment_rate": "voice, chat", "average_first_response": "email, social",
    }  # fmt: skip
    parts = cpc.measure(sample, ["abandonment_rate", "service_level"], where={"month": "2025-06"}, by=["channel"])
    sums = parts.attrs["parts"].frame.set_index("channel").loc[["voice", "chat"]].sum()
    assert frame.loc["abandonment_rate", "value"] == pytest.approx(sums["abandoned"] / sums["offered"])
    assert frame.loc["service_level", "value"] == pytest.approx(sums["in_time"] / sums["threshold_contacts"])
    labels = ["Service level (voice 20 s, chat 1 min)", "Abandonment rate (voice, chat)",
              "Average first response (email, social)"]  # fmt: skip
    assert set(labels) <= set(models.pack_table(pack).index)
    assert "the first contact: voice 20 s, chat 1 min." in pack.definition and "email 24 h" not in pack.definition
    assert "service level 77.0% (voice 20 s, chat 1 min)" in models.answer_pack(pack)


def test_key_figures_tables_and_charts_name_the_thresholds(june: Selection):
    figures = key_figures_table(key_figures(june, FIGURES))
    assert figures.index.tolist() == [
        "Abandonment rate (voice, chat)", "Service level (voice 20 s, chat 1 min)",
        "Average first response (email, social)",
    ]  # fmt: skip
    levels = cpc.measure(june.data, "service_level", by=["month", "channel"], where=june.history)
    named = "voice 20 s, chat 1 min, social 60 min, email 24 h"
    assert table(levels).columns.tolist() == [f"Service level ({named})"]
    assert f"In time: {named}." in " ".join(charts.trend(levels).to_dict()["title"]["subtitle"])
    assert "answered in time (voice 20 s, chat 1 min)" in models.answer_service(june)


def test_in_danish(june: Selection):
    danish = june.data.replace(presentation=replace(june.data.presentation, language="da"))
    said = replace(june, data=danish)
    assert key_figures_table(key_figures(said, FIGURES)).index.tolist() == [
        "Frafaldsandel (telefon, chat)", "Serviceniveau (telefon 20\xa0sek., chat 1\xa0min.)",
        "Gennemsnitlig svartid (e-mail, sociale medier)",
    ]  # fmt: skip
    assert "blev besvaret til tiden (telefon 20\xa0sek., chat 1\xa0min.)" in models.answer_service(said)
    definition = cpc.measure(danish, "service_level", where={"month": "2025-06"}).attrs["definition"]
    assert "Den, der lagde på og bliver ringet op igen, er ikke faldet fra." in definition
