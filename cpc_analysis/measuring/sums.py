"""The sums that a result of `measure` was divided from: they travel with it, so that its ratios can be followed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cpc_analysis.glossary import Quantity

__all__ = ["Sums", "divided"]


@dataclass(frozen=True, eq=False)
class Sums:
    """The parts of every row of a result, as ``frame.attrs["parts"]``.

    Parameters
    ----------
    frame : pandas.DataFrame
        The columns that the result is grouped by, and a column of floats per part of the glossary.
    by : tuple of str
        The columns that it is grouped by.
    """

    frame: pd.DataFrame
    by: tuple[str, ...]

    def __deepcopy__(self, memo: object) -> Sums:
        # The attributes of a frame are copied with it, again and again.
        return self

    def __eq__(self, other: object) -> bool:
        # Frames put together keep their attributes only where these are equal; which row has which parts is found
        # by its keys, and a row that has none is a plain value.
        return isinstance(other, Sums)

    def __hash__(self) -> int:
        return hash(Sums)

    def beside(self, rows: pd.DataFrame) -> pd.DataFrame:
        """The parts of some rows of the result, in their order; missing where a row is not of the result."""
        parts = self.frame[[name for name in self.frame if name not in self.by]]
        if set(self.by) <= set(rows):
            place = {key: number for number, key in enumerate(_keys(self.frame, self.by))}
            wanted = [place.get(key, -1) for key in _keys(rows, self.by)]
        else:
            wanted = [-1] * len(rows)
        found = parts.reindex(range(-1, len(parts))).iloc[[number + 1 for number in wanted]]
        return found.reset_index(drop=True)


def _keys(frame: pd.DataFrame, by: tuple[str, ...]) -> list[tuple[object, ...]]:
    if not by:
        return [()] * len(frame)
    columns = [[None if pd.isna(value) else value for value in frame[name]] for name in by]
    return list(zip(*columns, strict=True))


def divided(record: Quantity, numerator: np.ndarray, denominator: np.ndarray) -> np.ndarray:
    """A ratio from its sums; missing where there is nothing to divide by."""
    ratio = np.divide(numerator, denominator, out=np.full(len(numerator), np.nan), where=denominator > 0)
    return 1.0 - ratio if record.complement else ratio
