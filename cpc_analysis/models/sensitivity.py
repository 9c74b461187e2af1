"""What one realistic step of each driver does to the cost per contact, cash and released capacity apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cpc_analysis.cells.issues import tells_repeats
from cpc_analysis.cells.work import check_keys, work_frame
from cpc_analysis.costing.coverage import last_closed_month
from cpc_analysis.costing.labour import paid_hours_on_cells
from cpc_analysis.costing.ledger import pools
from cpc_analysis.errors import InvalidInputError
from cpc_analysis.glossary import describe
from cpc_analysis.language import in_its_language
from cpc_analysis.measuring.parts import matching, part_sums
from cpc_analysis.models.bridge.effects import Side
from cpc_analysis.models.bridge.sides import break_down
from cpc_analysis.periods import GRAINS

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = ["sensitivity"]

_POINT, _TEN_SECONDS = 0.01, 10.0
_ALWAYS = ("wage", "handle_time")


@in_its_language
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
        ``availability``, ``occupancy`` and ``first_contact_resolution`` (a point more each); `cash` and
        `released_capacity` [currency per contact], negative where cost falls; `level`, where the driver stands now. A
        step ends at its limit - no handle time, a share of 100 percent - and does nothing there. Steps that the data
        cannot tell are left out: shifts are needed for availability and occupancy, customers or parents for
        resolution; what is not known of a single group, such as its resolution when no window has closed, is missing.

    Raises
    ------
    UnknownNameError
        If there is no such column.
    InvalidInputError
        If `by` names a period.

    Notes
    -----
    The wage is that of every paid hour, waiting, absence and work outside the contact log among them: without `by` all
    paid hours of groups that have any work. By columns, the hours behind other work lie on no row. On-costs are the
    ledger's over the pay of the payroll. Only a lower wage moves cash by itself. The other steps release paid
    time, which becomes cash when the roster follows. A resolved first contact spares its repeats - as many as follow
    an unresolved one now, customers who are not identified taken to be alike - at the labour that they use.

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
    steps = {
        "wage": _wage(side, _paid_hours(data, found.segments, keys, conditions)),
        "handle_time": _handle_time(side),
    }
    if "availability" in found.factors:
        steps |= {"availability": _availability(side), "occupancy": _occupancy(side)}
    if tells_repeats(data):
        steps["first_contact_resolution"] = _resolution(data, side, found.segments, keys, conditions)
    known = side.live & (side.worked > 0)
    parts = [
        found.segments.assign(step=name, cash=cash, released_capacity=released, level=level)[known]
        for name, (cash, released, level) in steps.items()
        if np.isfinite(level[known]).any() or name in _ALWAYS
    ]
    frame = pd.concat(parts, ignore_index=True)
    frame.attrs = {**data.stamp, "definition": data.counting.in_words(), "by": list(keys), "where": conditions}
    return frame


Step = tuple[np.ndarray, np.ndarray, np.ndarray]


def _per(numerator: np.ndarray, denominator: np.ndarray) -> np.ndarray:
    """The ratio; missing where there is nothing to divide by."""
    return np.divide(numerator, denominator, out=np.full(len(numerator), np.nan), where=denominator > 0)


def _labour(side: Side) -> np.ndarray:
    return side.used + side.waiting


def _paid_hours(
    data: Dataset, segments: pd.DataFrame, keys: tuple[str, ...], conditions: dict[str, object]
) -> np.ndarray:
    """Paid time behind work and waiting, by segment [hours]."""
    every = tuple(dict.fromkeys((*keys, *conditions)))
    work = work_frame(data, every, (), payers=True, scopes=pools(data).scopes)
    rows = work[list(every)].assign(hours=paid_hours_on_cells(data, work))
    return _by_segment(rows[matching(rows, conditions)], ["hours"], segments, keys)[0]


def _by_segment(
    rows: pd.DataFrame, names: list[str], segments: pd.DataFrame, keys: tuple[str, ...]
) -> list[np.ndarray]:
    """Sums of some columns, each by segment; zero where there is no row."""
    if keys:
        sums = rows.groupby(list(keys), dropna=False, as_index=False)[names].sum()
        sums = segments.merge(sums, on=list(keys), how="left")[names].fillna(0.0)
    else:
        sums = rows[names].sum().to_frame().T
    return [sums[name].to_numpy(dtype="float64") for name in names]


def _wage(side: Side, hours: np.ndarray) -> Step:
    """One unit of currency an hour less on the payroll, with the on-costs that go with it."""
    has_payroll = side.base_pay > 0
    # Without payroll the hour's cost holds its on-costs already.
    on_costs = np.where(has_payroll, _per(side.on_costs, side.base_pay), 0.0)
    level = _per(np.where(has_payroll, side.base_pay, _labour(side)), hours)
    cash = -_per(hours * (1.0 + on_costs), side.contacts)
    return cash, np.zeros(len(cash)), level


def _handle_time(side: Side) -> Step:
    level = _per(side.handled, side.contacts)
    shorter = np.minimum(_TEN_SECONDS, level)
    freed = shorter * _per(side.worked, side.handled) * _per(side.used, side.worked)
    return np.zeros(len(level)), -freed, level


def _availability(side: Side) -> Step:
    return _point_more(side, _per(side.worked, side.paid))


def _occupancy(side: Side) -> Step:
    return _point_more(side, _per(side.used, _labour(side)))


def _point_more(side: Side, level: np.ndarray) -> Step:
    """A point more of a share of paid time, or what is left to the whole: the same work for less paid time."""
    spared = _per(_labour(side), side.contacts) * (1.0 - _per(level, level + _room(level)))
    return np.zeros(len(level)), 0.0 - spared, level


def _room(level: np.ndarray) -> np.ndarray:
    """A point, or what is left to the whole."""
    return np.clip(1.0 - level, 0.0, _POINT)


def _resolution(
    data: Dataset, side: Side, segments: pd.DataFrame, keys: tuple[str, ...], conditions: dict[str, object]
) -> Step:
    rows = part_sums(
        data, [describe("repeat_rate"), describe("first_contact_resolution")],
        tuple(dict.fromkeys((*keys, *conditions))), {},
    )  # fmt: skip
    names = ["repeats", "identified", "resolved_first", "closed_first"]
    sums = _by_segment(rows[matching(rows, conditions)], names, segments, keys)
    repeats, identified, resolved, closed = sums
    level = _per(resolved, closed)
    heads = identified - repeats
    # Where every first contact is resolved there is no step left to take.
    each = np.where(level < 1.0, _per(repeats, heads * (1.0 - level)), 0.0 * level)
    spared = _per(_room(level) * heads * each, identified)
    return np.zeros(len(level)), 0.0 - spared * _per(side.used, side.contacts), level
