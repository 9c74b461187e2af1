"""The cost statement: the ledger to whatever is asked for, used, waiting and unallocated, exact to the minor unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cpc_analysis.cells.calendar_words import fiscal_in_words
from cpc_analysis.cells.conditions import absent_in_words, conditions_as_given, matching, read_conditions
from cpc_analysis.cells.small_groups import shown_together
from cpc_analysis.cells.spans import as_shown, by_days, with_periods
from cpc_analysis.cells.work import asked_keys, in_order
from cpc_analysis.costing.coverage import provisional_in_words
from cpc_analysis.costing.ledger import pools
from cpc_analysis.costing.set_aside import costs_set_aside
from cpc_analysis.costing.shares import Allocation, costed_work, costing_in_words, scope_keys
from cpc_analysis.costing.waiting import KnownWaiting, known_waiting
from cpc_analysis.language import in_its_language, joined
from cpc_analysis.money import largest_remainder, minor_digits, to_decimal
from cpc_analysis.periods import GRAINS
from cpc_analysis.tables.naming import as_given

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = ["cost_statement"]

_PARTS = ["used", "waiting", "unallocated"]
_COLUMNS = ["posted", "moved", "ledger", *_PARTS]
#: In how many cells of a row waiting is known.
_IS_KNOWN = "_waiting_is_known"
_UNROUNDED = [*_PARTS, "posted", _IS_KNOWN]
_WHOLE = [*_COLUMNS, _IS_KNOWN]


@in_its_language
def cost_statement(
    data: Dataset, by: str | Sequence[str] = (), where: Mapping[str, object] | None = None
) -> pd.DataFrame:
    """The ledger by cost type and any columns and periods: used + waiting + unallocated = ledger, exactly.

    Parameters
    ----------
    data : Dataset
        The dataset.
    by : str or sequence of str
        Columns of contacts or agents, and periods.
    where : mapping, optional
        Column to value or list of values, as for `measure`: it filters after costing and rounding, so that it never
        changes where a cost went, nor a minor unit of what it leaves.

    Returns
    -------
    pandas.DataFrame
        The `by` columns, `cost_type`, and exact decimals: `posted`, `moved` (by service periods; nets to zero),
        `ledger` (posted + moved), `used`, `waiting`, `unallocated` [currency]. Missing keys hold what nothing can
        carry. `waiting` is None where no month of a row has shifts: it lies in `used` then. ``frame.attrs`` holds the
        definition in words, `where`, and as data what stands beside the figures: `waiting`, how far it is known;
        `set_aside`, the lines of these periods that broke a rule; `left_out`, the ledger of these periods that
        other conditions leave out [currency].

    Raises
    ------
    UnknownNameError
        If there is no such column.
    InvalidInputError
        If the dataset has no costs.

    Notes
    -----
    Rounded by largest remainder within each cost type - and within each month, quarter or year where one is asked
    for, in `by` or in `where`: first its used, waiting and unallocated money to its ledger, then each of them to the
    groups. So every one of them adds up to the minor unit, and is the same by whatever else the statement is asked
    for.

    Examples
    --------
    >>> import pandas as pd
    >>> from cpc_analysis.dataset import Dataset
    >>> contacts = pd.DataFrame({
    ...     "contact_id": ["a", "b", "c"], "started_at": pd.to_datetime(["2025-04-01"] * 3),
    ...     "channel": ["voice", "chat", "email"], "direction": "in", "outcome": "answered", "handle_seconds": 60})
    >>> costs = pd.DataFrame({"line_id": ["1"], "posted_on": ["2025-04-30"], "account": ["4000"],
    ...     "cost_type": ["salaries"], "amount": [100.00]})
    >>> data = Dataset.from_frames(contacts=contacts, costs=costs, currency="DKK", timezone="Europe/Copenhagen")
    >>> cost_statement(data, by=["channel"])[["channel", "ledger", "used"]]
      channel ledger   used
    0    chat  33.34  33.34
    1   email  33.33  33.33
    2   voice  33.33  33.33
    """
    keys = asked_keys(data, by, taken=("cost_type", *_COLUMNS))
    conditions = read_conditions(data, where)
    every = tuple(dict.fromkeys((*keys, *conditions)))
    waiting = known_waiting(data)
    minor = _in_minor_units(data, every, waiting)
    periods = {key: asked for key, asked in conditions.items() if key in GRAINS}
    of_periods = minor[matching(minor, periods, data.calendar)]
    rows = of_periods[matching(of_periods, conditions, data.calendar)]
    digits = minor_digits(data.currency)
    shown = shown_together(data, rows, keys, conditions)
    is_whole = every == keys and shown is rows
    result = _in_decimals(rows if is_whole else _summed(shown, keys, _WHOLE), keys, digits)
    result.attrs = {
        "definition": joined(
            absent_in_words(data, conditions),
            fiscal_in_words(data, keys, conditions),
            costing_in_words(data),
            provisional_in_words(data),
        ),
        **data.stamp,
        "covers": _ledger_days(data),
        "by": [as_given(key) for key in keys],
        "where": conditions_as_given(conditions),
        "waiting": waiting.within(periods, data.calendar),
        "set_aside": costs_set_aside(data, periods),
        "left_out": to_decimal(int(of_periods["ledger"].sum() - rows["ledger"].sum()), digits),
    }
    return as_shown(result, data.calendar)


def _in_minor_units(data: Dataset, keys: tuple[str, ...], waiting: KnownWaiting) -> pd.DataFrame:
    """The whole statement in whole minor units, tied to the ledger within each of its periods among the keys."""
    work, allocation = costed_work(data, keys)
    amounts = _amounts(data, work, allocation, keys, waiting)
    tied = ["cost_type", *_ledger_periods(keys)]
    minor = _rounded(amounts, _ledger_totals(data, tied), tied)
    minor["ledger"] = minor[_PARTS].sum(axis=1)
    minor["posted"] = minor["ledger"] - minor["moved"]
    return minor


def _in_decimals(minor: pd.DataFrame, keys: tuple[str, ...], digits: int) -> pd.DataFrame:
    """The statement as it is returned: sorted, exact, waiting None where it is not known."""
    minor = minor.sort_values([*keys, "cost_type"], kind="stable", na_position="last", key=in_order, ignore_index=True)
    exact = {name: pd.Series([to_decimal(value, digits) for value in minor[name]], dtype="object") for name in _COLUMNS}
    exact["waiting"] = exact["waiting"].where(minor[_IS_KNOWN] > 0, None)
    return minor[[*keys, "cost_type"]].assign(**exact)


def _ledger_days(data: Dataset) -> tuple[date, date]:
    """The first and last day of the months that the ledger has lines in."""
    months = pools(data).months
    return months[0].date(), (months[-1] + pd.offsets.MonthEnd(0)).date()


def _ledger_periods(keys: tuple[str, ...]) -> list[str]:
    return [key for key in keys if key in GRAINS[2:]]


def _amounts(
    data: Dataset, work: pd.DataFrame, allocation: Allocation, keys: tuple[str, ...], waiting: KnownWaiting
) -> pd.DataFrame:
    """Unrounded amounts by the keys and cost type [minor units]; and in how many cells of them waiting is known."""
    is_known = ~work["month"].isin(waiting.unknown_months).to_numpy() & (waiting.state != "unknown")
    parts = []
    for cost_type in allocation.used:
        carries = (allocation.used[cost_type] != 0) | (allocation.waiting[cost_type] != 0)
        part = work[list(keys)].assign(
            cost_type=cost_type,
            used=allocation.used[cost_type],
            waiting=allocation.waiting[cost_type],
            unallocated=0.0,
            posted=allocation.posted[cost_type],
            **{_IS_KNOWN: (is_known & carries).astype("float64")},
        )
        parts.append(_shown(_summed(part, keys, _UNROUNDED)))
    rest = allocation.unallocated
    left = scope_keys(data, rest, keys)[list(keys)].assign(
        cost_type=rest["cost_type"], used=0.0, waiting=0.0,
        unallocated=rest["amount"].astype("float64"), posted=rest["posted"].astype("float64"),
        **{_IS_KNOWN: 0.0 if waiting.state == "unknown" else 1.0},
    )  # fmt: skip
    return _shown(_summed(pd.concat([*parts, left], ignore_index=True), keys, _UNROUNDED))


def _summed(rows: pd.DataFrame, keys: tuple[str, ...], columns: list[str]) -> pd.DataFrame:
    return rows.groupby([*keys, "cost_type"], dropna=False, sort=True, as_index=False)[columns].sum()


def _shown(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with any amount."""
    return rows[(rows[[*_PARTS, "posted"]] != 0).any(axis=1)].reset_index(drop=True)


def _ledger_totals(data: Dataset, tied: list[str]) -> pd.DataFrame:
    """The ledger and what service periods moved, in whole minor units; where fiscal months cut months, by days."""
    found = pools(data).frame
    found = found.assign(ledger=found["posted"] + found["moved"])
    months = found.groupby(["month", "cost_type"], as_index=False)[["ledger", "moved"]].sum()
    frame = with_periods(by_days(months, ["ledger", "moved"], data.calendar), tied, data.calendar)
    return frame.groupby(tied)[["ledger", "moved"]].sum()


def _rounded(amounts: pd.DataFrame, totals: pd.DataFrame, tied: list[str]) -> pd.DataFrame:
    """Whole minor units: the parts of each tied group add up to its ledger, what was moved to what its ledger moved."""
    parts = amounts[_PARTS].to_numpy(dtype="float64")
    moved = parts.sum(axis=1) - amounts["posted"].to_numpy(dtype="float64")
    whole, whole_moved = np.zeros(parts.shape, dtype="int64"), np.zeros(len(parts), dtype="int64")
    wanted = amounts[tied].merge(totals.reset_index(), on=tied, how="left")
    for places in amounts.groupby(tied, sort=True).indices.values():
        ledger, shifted = wanted.loc[places[0], ["ledger", "moved"]]
        # Rounded first, so that equal remainders stay equal in whatever order the groups are summed.
        sums = largest_remainder(parts[places].sum(axis=0).round(4), int(ledger))
        for part, total in enumerate(sums):
            whole[places, part] = largest_remainder(parts[places, part], int(total))
        # What float error makes of an amount that never moved is not a movement.
        drift = np.where(np.abs(moved[places]) < 1e-6 * np.abs(parts[places]).sum(axis=1) + 1e-6, 0.0, moved[places])
        if drift.any():
            whole_moved[places] = largest_remainder(drift, int(shifted))
    result = amounts.copy()
    result[_PARTS], result["moved"] = whole, whole_moved
    return result
