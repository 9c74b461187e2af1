"""Segments: the combinations of the columns that a change is explained by."""

from __future__ import annotations

import numpy as np
import pandas as pd

__all__ = ["segments_of"]


def segments_of(rows: pd.DataFrame, by: tuple[str, ...]) -> tuple[np.ndarray, pd.DataFrame]:
    """The segment of each row, and the segments, sorted; a single nameless one where there is no column."""
    if not by:
        return np.zeros(len(rows), dtype="int64"), pd.DataFrame(index=[0])
    grouped = rows.groupby(list(by), dropna=False, sort=True)
    return grouped.ngroup().to_numpy(), grouped.size().reset_index()[list(by)]
