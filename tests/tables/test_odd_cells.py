"""Cells of frames that no engine holds become texts, and are judged as such."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import cpc_analysis as cpc
from tests.centres import contacts, dataset


@pytest.mark.parametrize("cells", [[{}, {}], [[{}], None], ["x", np.datetime64("2025-04-01")], [{"a": {}}, "x"]])
def test_cells_of_odd_kinds_are_texts(cells: list[object]) -> None:
    """A record without fields, also inside of another; a text before a date of NumPy."""
    frame = contacts([{}, {}])
    frame["site"] = pd.Series(cells, dtype="object")
    data = dataset(frame)
    assert data.check().accepted["contacts"] == 2
    sites = set(cpc.measure(data, "contacts", by=["site"])["site"])
    assert sites == {"(unknown)" if cell is None else str(cell) for cell in cells}


def test_a_table_of_shifts_without_rows_is_one() -> None:
    shifts = pd.DataFrame(columns=["agent_id", "starts_at", "ends_at", "activity", "is_paid", "is_productive"])
    data = dataset(contacts([{}]), shifts=shifts.assign(is_inferred=None))
    assert cpc.measure(data, "contacts")["contacts"].iloc[0] == 1
