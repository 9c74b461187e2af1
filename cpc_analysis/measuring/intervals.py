"""Confidence intervals of ratios over contacts and surveys, clustered by day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from cpc_analysis.glossary import Quantity

__all__ = ["FEWEST_DAYS", "clustered_interval"]

#: Under this many days the spread between days is not known well enough for an interval.
FEWEST_DAYS = 5


def clustered_interval(
    days: pd.DataFrame, keys: tuple[str, ...], record: Quantity, level: float, rows: pd.DataFrame
) -> tuple[np.ndarray, np.ndarray]:
    """The interval of a ratio for each row, from its parts by day.

    Parameters
    ----------
    days : pandas.DataFrame
        The keys, `day`, and the parts of the quantity.
    keys : tuple of str
        What the rows are grouped by.
    record : Quantity
        A ratio of the glossary.
    level : float
        Level of the interval, such as 0.95.
    rows : pandas.DataFrame
        The result, with the keys, to which the interval belongs.

    Returns
    -------
    tuple of ndarray of shape (rows,)
        Low and high; missing with fewer than five days. Shares stay between 0 and 1, scores between -100 and 100.

    Notes
    -----
    With daily sums :math:`y_d`, :math:`x_d` and :math:`R = \\sum y_d / \\sum x_d`, the variance of `R` is
    :math:`n / (n - 1) \\sum (y_d - R x_d)^2 / (\\sum x_d)^2`; the interval uses Student's t with n - 1 degrees.

    References
    ----------
    Cochran, *Sampling Techniques*, 3rd ed., 1977, section 2.11 and chapter 9A (ratio estimator, clusters).
    """
    from scipy.stats import t as student

    group = list(keys) or ["_all"]
    numerator, denominator = record.parts
    used = days[days[denominator] > 0]
    used = used if keys else used.assign(_all=0)
    frame = used[group].assign(y=used[numerator].astype("float64"), x=used[denominator].astype("float64"))
    sums = frame.groupby(group, dropna=False)[["y", "x"]].transform("sum")
    frame["squared"] = (frame["y"] - sums["y"] / sums["x"] * frame["x"]) ** 2
    found = frame.groupby(group, dropna=False, as_index=False).agg(
        y=("y", "sum"), x=("x", "sum"), squared=("squared", "sum"), days=("x", "size")
    )
    count = found["days"].to_numpy(dtype="float64")
    enough = count >= FEWEST_DAYS
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.sqrt(count / (count - 1) * found["squared"]) / found["x"]
        half = np.where(enough, student.ppf((1 + level) / 2, np.maximum(count - 1, 1)) * spread, np.nan)
    center = (found["y"] / found["x"]).to_numpy()
    if record.complement:
        center = 1 - center
    found["low"], found["high"] = center - half, center + half
    found[["low", "high"]] = found[["low", "high"]].clip(*record.bounds)
    target = rows[list(keys)].copy() if keys else pd.DataFrame({"_all": [0] * len(rows)})
    matched = target.merge(found[[*group, "low", "high"]], on=group, how="left")
    return matched["low"].to_numpy(), matched["high"].to_numpy()
