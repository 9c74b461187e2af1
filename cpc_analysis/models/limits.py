"""Process limits: how far a figure moves from month to month when nothing but the usual goes on."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cpc_analysis.models.availability import measure_available
from cpc_analysis.models.bridge.verdicts import FEWEST_PERIODS
from cpc_analysis.models.selection import earlier
from cpc_analysis.models.wording import periods_held

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = ["process_limits"]

#: Natural limits of single values in mean moving ranges: three standard deviations of normal numbers.
_LIMIT = 2.66
#: Upper limit of a moving range of two, in mean moving ranges.
_RANGE_LIMIT = 3.267


def process_limits(
    data: Dataset, quantity: str, where: Mapping[str, object] | None = None, grain: str = "month"
) -> pd.DataFrame:
    """The limits within which a quantity moves from period to period, adjusted for workdays.

    Parameters
    ----------
    data : Dataset
        The dataset.
    quantity : str
        A quantity of the glossary.
    where : mapping, optional
        As for `measure`.
    grain : {"month", "week", "quarter", "fiscal_month", "fiscal_quarter"}
        The periods.

    Returns
    -------
    pandas.DataFrame
        The period as of `measure`, the quantity, `centre`, `low`, `high` [unit of the quantity], and `is_outside`.
        Limits are missing with fewer than twelve complete periods.

    Notes
    -----
    The centre is the line through the values over the workdays of their periods; the limits lie 2.66 mean moving ranges
    off it. A range beyond 3.267 means is left out of the mean once. A range is of two periods in a row: across a hole
    of the contact log nothing moved from one to the next.

    References
    ----------
    Wheeler, *Understanding Variation*, 1993.
    """
    frame = measure_available(data, [quantity], by=[grain], where=where)
    frame = frame[frame[grain].notna()].reset_index(drop=True)
    values = frame[quantity].where(frame["complete"]).to_numpy(dtype="float64")
    known = np.isfinite(values)
    centre = np.full(len(values), np.nan)
    half = np.nan
    if known.sum() >= FEWEST_PERIODS:
        periods = periods_held(frame, grain)
        days = [data.settings.workdays(period) for period in periods]
        design = np.column_stack([np.ones(len(days)), np.array(days, dtype="float64")])
        fit = np.linalg.lstsq(design[known], values[known], rcond=None)[0]
        centre = design @ fit
        in_a_row = np.array([earlier(later) == former for former, later in itertools.pairwise(periods)], dtype=bool)
        ranges = np.abs(np.diff(values - centre))
        ranges = ranges[in_a_row & np.isfinite(ranges)]
        half = _LIMIT * ranges[ranges <= _RANGE_LIMIT * ranges.mean()].mean()
    result = frame[[grain, quantity]].assign(centre=centre, low=centre - half, high=centre + half)
    result["is_outside"] = (values < centre - half) | (values > centre + half)
    result.attrs = frame.attrs
    return result
