"""A quantity against its budget, the period before and the year before."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from cpc_analysis.errors import UnknownNameError
from cpc_analysis.models.availability import measure_available
from cpc_analysis.models.budgeting import budget_for
from cpc_analysis.models.selection import Selection, earlier, year_before
from cpc_analysis.models.service import measure_shown
from cpc_analysis.models.wording import held_as
from cpc_analysis.periods import Period

__all__ = ["AGAINST", "compare", "key_figures", "last_year", "measure_last_year"]

#: What a figure can be held against.
AGAINST = ("budget", "before", "last_year")


def compare(
    selection: Selection, quantity: str, by: Sequence[str] = (), against: Sequence[str] = AGAINST
) -> pd.DataFrame:
    """A quantity beside its budget, the period before and the same period last year.

    Parameters
    ----------
    selection : Selection
        What the report is about.
    quantity : str
        A quantity of the glossary.
    by : sequence of str
        Columns to group by; not periods.
    against : sequence of {"budget", "before", "last_year"}
        What to compare with.

    Returns
    -------
    pandas.DataFrame
        The `by` columns, the quantity, one column per comparison - missing where there is none -,
        `few_contacts` and `complete`. Groups that only the past has are there too, with a missing value.

    Raises
    ------
    UnknownNameError
        If there is no such comparison, quantity or column.
    """
    for name in against:
        if name not in AGAINST:
            raise UnknownNameError("comparison", name, AGAINST)
    keys = list(by)
    frame = measure_available(selection.data, [quantity], by=keys, where=selection.now)
    result = _aligned(frame, keys)
    for name in against:
        other = _against(selection, quantity, keys, name)
        result = result.join(_aligned(other, keys)[quantity].rename(name), how="outer")
    result["few_contacts"] = result["few_contacts"].eq(True)
    result["complete"] = result["complete"].eq(True)
    result = result.reset_index(drop=not keys)
    result.attrs = {**frame.attrs, "period": str(selection.period)}
    return result[[*keys, quantity, *against, "few_contacts", "complete"]]


def _aligned(frame: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    return frame.set_index(keys) if keys else frame.set_axis(pd.RangeIndex(len(frame)))


def _against(selection: Selection, quantity: str, keys: list[str], name: str) -> pd.DataFrame:
    if name == "budget":
        return budget_for(selection.data, quantity, keys, selection.now)
    if name == "last_year":
        return measure_last_year(selection, quantity, keys)
    return _measured_in(selection, [quantity], keys, earlier(selection.period))


def measure_last_year(selection: Selection, quantity: str, by: Sequence[str] = ()) -> pd.DataFrame:
    """A quantity in the same period of the year before, as `measure` gives it.

    Parameters
    ----------
    selection : Selection
        What the report is about.
    quantity : str
        A quantity of the glossary.
    by : sequence of str
        Columns to group by; not periods.
    """
    return _measured_in(selection, [quantity], by, year_before(selection.period))


def _measured_in(selection: Selection, quantities: Sequence[str], by: Sequence[str], period: Period) -> pd.DataFrame:
    where = {**selection.where, period.grain: [str(period)]}
    return measure_available(selection.data, quantities, by=by, where=where)


def key_figures(selection: Selection, quantities: Sequence[str]) -> pd.DataFrame:
    """Several quantities for the whole of the selection beside what they compare with: page one of a month.

    Parameters
    ----------
    selection : Selection
        What the report is about.
    quantities : sequence of str
        Quantities of the glossary.

    Returns
    -------
    pandas.DataFrame
        A row per quantity: `quantity`, `value`, `budget`, `before`, `last_year` and `few_contacts`.
        ``attrs["channels"]`` holds the channels of figures of service, as of `measure_shown`.
    """
    periods = {
        "value": selection.period,
        "before": earlier(selection.period),
        "last_year": year_before(selection.period),
    }
    found = {
        name: measure_shown(selection.data, quantities, {**selection.where, period.grain: [str(period)]})
        for name, period in periods.items()
    }
    budgets = [budget_for(selection.data, name, (), selection.now)[name] for name in quantities]
    rows = pd.DataFrame({name: _whole(frame, quantities) for name, frame in found.items()})
    rows.insert(1, "budget", [budget.iloc[0] if len(budget) else np.nan for budget in budgets])
    rows.insert(0, "quantity", list(quantities))
    rows["few_contacts"] = bool(found["value"]["few_contacts"].all())
    rows.attrs = {**found["value"].attrs, "period": str(selection.period)}
    return rows


def _whole(frame: pd.DataFrame, quantities: Sequence[str]) -> list[float]:
    return [float(frame[name].iloc[0]) if len(frame) else np.nan for name in quantities]


def last_year(selection: Selection, quantity: str, by: Sequence[str] = ()) -> pd.DataFrame:
    """The trend a year before, its periods moved on by a year, to be drawn beneath this year's.

    Parameters
    ----------
    selection : Selection
        What the report is about.
    quantity : str
        A quantity of the glossary.
    by : sequence of str
        Further columns to group by; the selection's grain comes first.
    """
    grain = selection.grain
    moved = {held_as(year_before(point)): held_as(point) for point in selection.points}
    periods = [str(year_before(point)) for point in selection.points]
    frame = measure_available(selection.data, [quantity], by=[grain, *by], where={**selection.where, grain: periods})
    attrs = frame.attrs
    frame[grain] = frame[grain].map(moved)
    frame.attrs = attrs
    return frame
