"""Changes of quantities other than a cost per contact: mix and rate of a ratio of sums, and each segment of a sum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cpc_analysis.cells.conditions import Conditions, matching
from cpc_analysis.errors import InvalidInputError
from cpc_analysis.glossary import Quantity
from cpc_analysis.measuring.parts import part_sums
from cpc_analysis.metrics.decomposition import kitagawa
from cpc_analysis.models.identity.segments import segments_of

if TYPE_CHECKING:
    from cpc_analysis.calendars import Calendar
    from cpc_analysis.dataset import Dataset

__all__ = ["RatioBreakdown", "break_down_ratio"]


#: Denominators that are the same for every segment of a period.
_NOT_BY_SEGMENT = {"base_months": "customers", "full_time_hours": "full-time hours", "workdays": "workdays"}


@dataclass(frozen=True)
class RatioBreakdown:
    """The parts of a quantity by period, segment and whatever a comparison asks for.

    `rows` has the keys, `_segment` and the parts; `segments` one row per combination of the columns to explain by;
    `calendar` is the one that fiscal periods are of.
    """

    rows: pd.DataFrame
    segments: pd.DataFrame
    record: Quantity
    calendar: Calendar

    def side(self, conditions: Conditions) -> tuple[np.ndarray, ...]:
        """The parts of the segments that meet some conditions."""
        chosen = self.rows[matching(self.rows, conditions, self.calendar)]
        code = chosen["_segment"].to_numpy()
        parts = (chosen[part].to_numpy(dtype="float64") for part in self.record.parts)
        return tuple(np.bincount(code, values, len(self.segments)) for values in parts)

    def value(self, side: tuple[np.ndarray, ...]) -> float:
        """The quantity of a side; missing without a denominator."""
        if self.record.additive:
            return float(side[0].sum())
        whole = float(side[1].sum())
        ratio = float(side[0].sum()) / whole if whole > 0 else np.nan
        return 1.0 - ratio if self.record.complement else ratio

    def effects(self, before: tuple[np.ndarray, ...], after: tuple[np.ndarray, ...]) -> dict[str, np.ndarray]:
        """What each segment's mix and rate did; of a sum, what each segment changed."""
        if self.record.additive:
            return {"change": after[0] - before[0]}
        found = kitagawa(*before, *after)
        sign = -1.0 if self.record.complement else 1.0
        return {"mix": sign * found.mix, "rate": sign * found.rate}


def break_down_ratio(data: Dataset, record: Quantity, by: tuple[str, ...], further: tuple[str, ...]) -> RatioBreakdown:
    """The breakdown of a quantity for some columns to explain by and further keys to choose by.

    Raises
    ------
    InvalidInputError
        If the quantity's parts do not add up over segments.
    """
    if record.denominator in _NOT_BY_SEGMENT:
        raise InvalidInputError(
            f"`{record.name}` cannot be explained segment by segment: its {_NOT_BY_SEGMENT[record.denominator]} do not "
            "add up over them. Explain its numerator instead."
        )
    keys = tuple(dict.fromkeys((*by, *further)))
    rows = part_sums(data, [record], keys, {})
    code, segments = segments_of(rows, by)
    return RatioBreakdown(rows.assign(_segment=code), segments, record, data.calendar)
