"""Shifts inferred from contacts."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cpc_analysis.engine import Engine
from cpc_analysis.errors import InvalidInputError
from cpc_analysis.sources.inference import infer_shifts


def contacts(*rows: tuple[str, str, float, float]) -> pd.DataFrame:
    agents, starts, waits, handles = zip(*rows, strict=True)
    return pd.DataFrame(
        {
            "agent_id": agents,
            "started_at": pd.to_datetime(list(starts), format="ISO8601"),
            "wait_seconds": waits,
            "handle_seconds": handles,
        }
    )


def test_a_pause_longer_than_the_gap_opens_a_new_stretch() -> None:
    found = infer_shifts(
        contacts(
            ("ida", "2025-04-01 09:00", 60, 600),
            ("ida", "2025-04-01 11:11", 0, 60),
            ("ida", "2025-04-01 13:12:01", 0, 60),
            ("bo", "2025-04-01 09:00", 0, 60),
        )
    )
    assert found[["agent_id", "starts_at", "ends_at"]].astype(str).values.tolist() == [
        ["bo", "2025-04-01 09:00:00", "2025-04-01 09:01:00"],
        ["ida", "2025-04-01 09:01:00", "2025-04-01 11:12:00"],
        ["ida", "2025-04-01 13:12:01", "2025-04-01 13:13:01"],
    ]
    assert found["activity"].eq("available").all() and found[["is_paid", "is_productive"]].all().all()


def test_a_long_contact_bridges_the_pause_of_the_short_ones_within_it() -> None:
    found = infer_shifts(
        contacts(
            ("ida", "2025-04-01 09:00", 0, 7200),
            ("ida", "2025-04-01 09:10", 0, 60),
            ("ida", "2025-04-01 11:30", 0, 60),
        ),
        gap="1h",
    )
    assert len(found) == 1


def test_the_recorded_end_wins_and_the_zone_stays() -> None:
    frame = contacts(("ida", "2025-04-01 09:00", 0, 600)).assign(ended_at=pd.to_datetime(["2025-04-03 12:00"]))
    for name in ("started_at", "ended_at"):
        frame[name] = frame[name].dt.tz_localize("Europe/Copenhagen")
    found = infer_shifts(frame)
    assert found["starts_at"].tolist() == [pd.Timestamp("2025-04-03 11:50", tz="Europe/Copenhagen")]
    assert str(found["ends_at"].dt.tz) == "Europe/Copenhagen"


def test_contacts_without_agent_or_length_make_no_shift() -> None:
    frame = contacts(("ida", "2025-04-01 09:00", 0, 0), ("", "2025-04-01 09:00", 0, 60))
    frame.loc[2] = [None, pd.Timestamp("2025-04-01"), 0, 60]
    assert infer_shifts(frame).empty


def test_an_engine_table_gives_an_engine_table() -> None:
    frame = contacts(("ida", "2025-04-01 09:00", 0, 600))
    engine = Engine.inside()
    on_engine = engine.fetch(infer_shifts(engine.table(frame)))
    assert on_engine.astype(str).equals(infer_shifts(frame).astype(str))


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5000), st.integers(1, 90)), min_size=1, max_size=30))
def test_shifts_hold_all_handled_time_and_never_overlap(rows: list[tuple[int, int]]) -> None:
    frame = contacts(
        *(
            ("ida", str(pd.Timestamp("2025-04-01") + pd.Timedelta(minutes=start)), 0.0, handle * 60.0)
            for start, handle in rows
        )
    )
    found = infer_shifts(frame)
    ends = frame["started_at"] + pd.to_timedelta(frame["handle_seconds"], unit="s")
    for begin, end in zip(frame["started_at"], ends, strict=True):
        assert ((found["starts_at"] <= begin) & (end <= found["ends_at"])).sum() == 1
    assert (found["starts_at"].iloc[1:].to_numpy() - found["ends_at"].iloc[:-1].to_numpy() > pd.Timedelta("2h")).all()


def test_bad_input() -> None:
    frame = contacts(("ida", "2025-04-01 09:00", 0, 600))
    with pytest.raises(
        InvalidInputError, match=r"`contacts` must have a column `agent_id` to infer shifts from, got none."
    ):
        infer_shifts(frame.drop(columns="agent_id"))
    with pytest.raises(
        InvalidInputError, match=r"A duration must be written as 7d, 2h, 30min or 90s, got 'two hours'."
    ):
        infer_shifts(frame, gap="two hours")
    with pytest.raises(InvalidInputError, match=r"`contacts.covers` must be missing to infer shifts"):
        infer_shifts(frame.assign(covers="month"))
