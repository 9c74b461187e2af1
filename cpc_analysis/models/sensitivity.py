"""What one realistic step of each driver does to the cost per contact, cash and capacity apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cpc_analysis.cells.work import check_keys
from cpc_analysis.costing.coverage import last_closed_month
from cpc_analysis.errors import InvalidInputError
from cpc_analysis.glossary import describe
from cpc_analysis.measuring.parts import matching, part_sums
from cpc_analysis.models.bridge.effects import Side
from cpc_analysis.models.bridge.sides import break_down
from cpc_analysis.periods import GRAINS

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = ["sensitivity"]

_POINT, _TEN_SECONDS = 0.01, 10.0


def sensitivity(data: Dataset, by: str | Sequence[str] = (), where: Mapping[str, object] | None = None) -> pd.DataFrame:
    """What one realistic step of each driver does to the cost per contact, from the identity.

    Parameters
    ----------
    data : Dataset
        The dataset.
    by : str or sequence of str
        Columns of contacts or agents.
    where : mapping, optional
        As for `measure`; the last closed month when it names no period.

    Returns
    -------
    pandas.DataFrame
        The `by` columns; `step`: ``wage`` (one unit of currency an hour less), ``handle_time`` (ten seconds less),
        ``availability``, ``occupancy`` and ``first_contact_resolution`` (a point more each); `cash` and `capacity`
        [currency per contact], negative where cost falls; `level`, where the driver stands now. Steps that the data
        cannot tell are left out: shifts are needed for availability and occupancy, customers for resolution.

    Raises
    ------
    UnknownNameError
        If there is no such column.
    InvalidInputError
        If `by` names a period.

    Notes
    -----
    Only a lower wage moves cash by itself. The other steps free paid time: capacity, which becomes cash when the
    roster follows. A resolved first contact spares its repeats - as many as follow an unresolved one now, customers who
    are not identified taken to be alike - at the labour that they use.

    Examples
    --------
    >>> from cpc_analysis import load_sample
    >>> frame = sensitivity(load_sample(), where={"month": "2025-06"})
    >>> list(frame["step"])
    ['wage', 'handle_time', 'availability', 'occupancy', 'first_contact_resolution']
    """
    keys = (by,) if isinstance(by, str) else tuple(dict.fromkeys(by))
    if set(keys) & set(GRAINS):
        raise InvalidInputError("`by` names columns other than periods; name the period in `where`.")
    conditions = dict(where or {})
    if not set(conditions) & set(GRAINS):
        month = last_closed_month(data)
        conditions[month.grain] = [str(month)]
    check_keys(data, tuple(dict.fromkeys((*keys, *conditions))))
    found = break_down(data, describe("cost_per_contact"), keys, tuple(conditions))
    side = found.side(conditions)
    steps = {"wage": _wage(side), "handle_time": _handle_time(side)}
    if "availability" in found.factors:
        steps |= {"availability": _availability(side), "occupancy": _occupancy(side)}
    if data.has("contacts", "customer_id"):
        steps["first_contact_resolution"] = _resolution(data, side, found.segments, keys, conditions)
    known = side.live & (side.worked > 0)
    parts = [
        found.segments.assign(step=name, cash=cash, capacity=capacity, level=level)[known]
        for name, (cash, capacity, level) in steps.items()
    ]
    frame = pd.concat(parts, ignore_index=True)
    frame.attrs = {"currency": data.currency, "definition": str(data.counting), "by": list(keys),
                   "source": data.settings.name}  # fmt: skip
    return frame


Step = tuple[np.ndarray, np.ndarray, np.ndarray]


def _per(numerator: np.ndarray, denominator: np.ndarray) -> np.ndarray:
    return np.divide(numerator, denominator, out=np.zeros(len(numerator)), where=denominator > 0)


def _labour(side: Side) -> np.ndarray:
    return side.used + side.waiting


def _paid_hours(side: Side) -> np.ndarray:
    """Paid time behind work and waiting [hours]."""
    return side.paid * _per(_labour(side), side.used) / 3600.0


def _wage(side: Side) -> Step:
    """One unit of currency an hour less on the payroll, with the on-costs that go with it."""
    hours = _paid_hours(side)
    on_costs = _per(side.on_costs, side.base_pay)
    level = np.where(side.base_pay > 0, _per(side.base_pay, hours), _per(_labour(side), hours))
    cash = -_per(hours * (1.0 + on_costs), side.contacts)
    return cash, np.zeros(len(cash)), level


def _handle_time(side: Side) -> Step:
    level = _per(side.handled, side.contacts)
    shorter = np.minimum(_TEN_SECONDS, level)
    freed = shorter * _per(side.worked, side.handled) * _per(side.used, side.worked)
    return np.zeros(len(level)), -freed, level


def _availability(side: Side) -> Step:
    level = _per(side.worked, side.paid)
    return np.zeros(len(level)), -_per(_labour(side), side.contacts) * (1.0 - _per(level, level + _POINT)), level


def _occupancy(side: Side) -> Step:
    level = _per(side.used, _labour(side))
    return np.zeros(len(level)), -_per(_labour(side), side.contacts) * (1.0 - _per(level, level + _POINT)), level


def _resolution(
    data: Dataset, side: Side, segments: pd.DataFrame, keys: tuple[str, ...], conditions: dict[str, object]
) -> Step:
    rows = part_sums(
        data, [describe("repeat_rate"), describe("first_contact_resolution")],
        tuple(dict.fromkeys((*keys, *conditions))), {},
    )  # fmt: skip
    rows = rows[matching(rows, conditions)]
    names = ["repeats", "identified", "resolved_first", "closed_first"]
    if keys:
        sums = rows.groupby(list(keys), dropna=False, as_index=False)[names].sum()
        sums = segments.merge(sums, on=list(keys), how="left")[names].fillna(0.0)
    else:
        sums = rows[names].sum().to_frame().T
    repeats, identified, resolved, closed = (sums[name].to_numpy(dtype="float64") for name in names)
    level = _per(resolved, closed)
    heads = identified - repeats
    each = _per(repeats, heads * (1.0 - level))
    spared = _per(_POINT * heads * each, identified)
    return np.zeros(len(level)), -spared * _per(side.used, side.contacts), level
