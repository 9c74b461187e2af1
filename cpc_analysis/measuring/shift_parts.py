"""The parts of schedule quantities: paid, productive and worked hours by agent columns and periods."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cpc_analysis.cells.contacts import contact_cells, worked_cells
from cpc_analysis.cells.derived import CLOCK
from cpc_analysis.cells.scans import month_keys
from cpc_analysis.cells.shifts import agent_columns, schedule_cells
from cpc_analysis.cells.spans import by_days, with_periods
from cpc_analysis.costing.shares import costed_work
from cpc_analysis.measuring.contact_parts import counted_contacts
from cpc_analysis.money import minor_digits
from cpc_analysis.periods import GRAINS
from cpc_analysis.schema import LABOUR_TYPES, SELF_SERVED, UNKNOWN

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = ["ROSTER", "schedule_parts"]

#: The staffing group of each row, beside the keys asked for.
ROSTER = "_roster"
_HOUR = 3_600_000.0


def schedule_parts(data: Dataset, keys: tuple[str, ...], labour: bool) -> pd.DataFrame:
    """Hours, handled contacts and, if asked for, labour cost, in cells of agent ranges with the keys asked for.

    Each row has its month, one with shifts, and its staffing group (`ROSTER`). Work is grouped by the agent who did
    it, and by the half-hours that it lasted through. Hours outside the contact log belong to a staffing group; they lie
    on its agents by productive time.
    """
    clock = tuple(key for key in keys if key in CLOCK)
    periods = tuple(key for key in keys if key in ("day", "week")) + clock
    columns = [*month_keys(data), *periods]
    names = tuple(key for key in keys if key not in (*GRAINS, *CLOCK))
    shifts = schedule_cells(data, periods)
    who = agent_columns(data, shifts["range"], shifts["stray"], ("staffing_group",))
    productive = shifts["productive_ms"].astype("float64") / _HOUR
    other = _other_hours(data, shifts, pd.Series(who["staffing_group"]), productive)
    rows = [
        shifts[columns].assign(
            **{ROSTER: who["staffing_group"]},
            paid_hours=shifts["paid_ms"].astype("float64") / _HOUR,
            productive_hours=productive,
            worked_hours=other,
            **_labels(data, shifts["range"], shifts["stray"], names),
        )
    ]
    cells = contact_cells(data, periods, workers=True)
    counts = counted_contacts(data, cells) * (cells["outcome"] != SELF_SERVED)
    is_handled = (cells["worked_ms"] > 0) | (counts > 0) | cells["worker"].notna() | cells["stray_worker"].notna()
    cells, counts = cells[is_handled], counts[is_handled]
    worked = worked_cells(data, periods) if clock else cells
    for part, sums in ((cells, {"handled_contacts": counts}), (worked, _hours_of(worked))):
        labels = _labels(data, part["worker"], part["stray_worker"], tuple(dict.fromkeys((*names, "staffing_group"))))
        labels[ROSTER] = labels["staffing_group"] if "staffing_group" in names else labels.pop("staffing_group")
        rows.append(part[columns].assign(**sums, **labels))
    if labour:
        rows.append(_labour(data, columns, names))
    every = pd.concat(rows, ignore_index=True)
    if not clock:
        # Work of months without shifts says nothing of a schedule; on the half-hours it may be of a contact that came
        # in the month before.
        every = every[every["month"].isin(shifts["month"])].reset_index(drop=True)
    return with_periods(every, keys, data.calendar)


def _hours_of(cells: pd.DataFrame) -> dict[str, pd.Series]:
    hours = cells["worked_ms"] / _HOUR
    return {"handled_hours": hours, "worked_hours": hours}


def _labour(data: Dataset, columns: list[str], names: tuple[str, ...]) -> pd.DataFrame:
    work, allocation = costed_work(data, tuple(columns))
    unit = 10.0 ** minor_digits(data.currency)
    labels = _labels(data, work["worker"], work["stray_worker"], names)
    if "staffing_group" in labels:
        labels["staffing_group"] = work["_staffing_group"].to_numpy(dtype="object")
    on_cells = work[columns].assign(
        scheduled_labour_cost=allocation.on_cells(LABOUR_TYPES) * np.ones(len(work)) / unit, **labels
    )
    on_cells = on_cells[on_cells["scheduled_labour_cost"] != 0]
    rest = allocation.unallocated
    rest = rest[rest["cost_type"].isin(LABOUR_TYPES)]
    left = rest[[*month_keys(data)]].assign(scheduled_labour_cost=rest["amount"] / unit)
    for name in names:
        left[name] = rest[name] if name in rest.columns else None
    return pd.concat([on_cells, left], ignore_index=True)


def _labels(data: Dataset, ranges: pd.Series, strays: pd.Series, names: tuple[str, ...]) -> dict[str, np.ndarray]:
    found = agent_columns(data, ranges, strays, names)
    for values in found.values():
        values[pd.isna(values)] = UNKNOWN
    return found


def _other_hours(data: Dataset, shifts: pd.DataFrame, group: pd.Series, productive: pd.Series) -> np.ndarray:
    """Hours outside of the contact log on the shifts of their staffing group, by productive time of the month."""
    hours = data.frame("hours").rename(columns={"period": "month"})
    if hours.empty or not len(shifts):
        return np.zeros(len(shifts))
    months = list(month_keys(data))
    hours = by_days(hours.groupby(["month", "staffing_group"], as_index=False)["hours"].sum(), ["hours"], data.calendar)
    sums = hours.set_index([*months, "staffing_group"])["hours"]
    of_shifts = [*(shifts[name] for name in months), group]
    index = pd.MultiIndex.from_arrays(of_shifts)
    total = productive.groupby([part.to_numpy() for part in of_shifts]).transform("sum").to_numpy()
    of_group = sums.reindex(index).fillna(0.0).to_numpy(dtype="float64")
    return of_group * np.divide(productive.to_numpy(), total, out=np.zeros(len(total)), where=total > 0)
