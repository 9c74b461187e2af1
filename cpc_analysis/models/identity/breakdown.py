"""The ledger, the contacts and paid time broken down by period and segment, and the sides taken from them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cpc_analysis.cells.conditions import Conditions, matching
from cpc_analysis.cells.contacts import SERVICE
from cpc_analysis.cells.work import work_frame
from cpc_analysis.costing.labour import has_payroll, labour_on_cells
from cpc_analysis.costing.ledger import pools
from cpc_analysis.costing.shares import SharedPool, scope_keys, shared_pools
from cpc_analysis.glossary import PARTS, Fact, Quantity
from cpc_analysis.measuring.contact_parts import contact_parts
from cpc_analysis.measuring.parts import money_masks, unallocated_masks
from cpc_analysis.models.identity.currencies import currency_of
from cpc_analysis.models.identity.effects import (
    LABOUR_FACTORS,
    OTHER_WORK_VOLUME,
    change_effects,
    cost_effects,
    rates_of,
)
from cpc_analysis.models.identity.foreign import ForeignRows, foreign_rows, pool_of
from cpc_analysis.models.identity.pools import CostEffects
from cpc_analysis.models.identity.segments import segments_of
from cpc_analysis.models.identity.sides import LEFT_OVER, Labour, Side
from cpc_analysis.money import minor_digits
from cpc_analysis.periods import GRAINS
from cpc_analysis.schema import LABOUR, LABOUR_TYPES

if TYPE_CHECKING:
    from cpc_analysis.calendars import Calendar
    from cpc_analysis.dataset import Dataset

__all__ = ["Breakdown", "break_down", "has_effects"]

#: What labour is explained by inside of a segment.
_UNIT = ["_staffing_group", "_channel"]
_COUNTS = ("contacts", "measured")
_TIMES = ("handled", "worked", "other_work", "waiting", "beyond_roster", "paid")
_MONEY = ("cost", "base_pay", "premium", "on_costs")


@dataclass(frozen=True)
class Breakdown:
    """What a cost per contact is made of, by period, segment and whatever a comparison asks for.

    Parameters
    ----------
    rows : pandas.DataFrame
        The keys, `_segment`, a row of `segments`, and `_unit`, a staffing group and channel of a segment; contacts, the
        times and money of `Labour` [seconds, currency], and a column for each pool [currency].
    segments : pandas.DataFrame
        The columns to explain by, one row per combination; without any, one nameless row.
    segment_of : ndarray of int
        The segment of each unit.
    type_of : dict of str to str
        The cost type of each pool.
    factors : frozenset of str
        The factors of labour that the data can tell apart; the others collapse into the rate of labour.
    totals : pandas.DataFrame
        By period the whole amount of each pool and of labour [currency], whatever is chosen of the centre.
    calendar : Calendar
        The one that fiscal periods are of.
    foreign : ForeignRows
        What of the rows is in other currencies whose rates move, where that was asked for.
    """

    rows: pd.DataFrame
    segments: pd.DataFrame
    segment_of: np.ndarray
    type_of: dict[str, str]
    factors: frozenset[str]
    totals: pd.DataFrame
    calendar: Calendar
    foreign: ForeignRows = field(default_factory=ForeignRows)

    def side(self, conditions: Conditions) -> Side:
        """The side of a comparison that meets some conditions."""
        is_chosen = matching(self.rows, conditions, self.calendar)
        chosen = self.rows[is_chosen]
        unit, segment = chosen["_unit"].to_numpy(), chosen["_segment"].to_numpy()

        def by_unit(name: str) -> np.ndarray:
            return np.bincount(unit, chosen[name].to_numpy(dtype="float64"), len(self.segment_of))

        def by_segment(name: str) -> np.ndarray:
            return np.bincount(segment, chosen[name].to_numpy(dtype="float64"), len(self.segments))

        periods = {key: value for key, value in conditions.items() if key in GRAINS}
        whole = self.totals[matching(self.totals, periods, self.calendar)]
        return Side(
            contacts=by_segment("contacts"),
            labour=Labour(self.segment_of, **{name: by_unit(name) for name in (*_COUNTS, *_TIMES, *_MONEY)}),
            pools={name: by_segment(name) for name in self.type_of},
            totals={name: float(whole[name].sum()) for name in whole if name in (*self.type_of, LABOUR)},
            foreign=self.foreign.side(
                periods, is_chosen.to_numpy(), self.rows["_segment"].to_numpy(), self.rows["_unit"].to_numpy()
            ),
        )

    def value(self, side: Side) -> float:
        """The quantity of a side; missing without contacts."""
        return side.whole if side.contacts.sum() > 0 else np.nan

    def effects(self, before: Side, after: Side) -> dict[str, np.ndarray]:
        """What each factor did, by segment; without what neither side has."""
        return _present_effects(change_effects(before, after, self.type_of), self.factors)

    def cost_effects(self, before: Side, after: Side) -> dict[str, CostEffects]:
        """What each cost type did, as finance reads it."""
        return cost_effects(before, after, self.type_of)

    def rates(self, before: Side, after: Side) -> dict[str, tuple[float, float]]:
        """The average exchange rates of both sides, by effect and by currency."""
        return rates_of(before, after, self.type_of)


def _present_effects(effects: dict[str, np.ndarray], factors: frozenset[str]) -> dict[str, np.ndarray]:
    """Effects without the factors of labour that are not told apart, and without pools that never move."""
    of_labour = (*LABOUR_FACTORS, OTHER_WORK_VOLUME)
    named = {}
    for name, values in effects.items():
        if name == LABOUR_FACTORS[-1] and "payroll_rate" not in factors:
            named["labour_rate"] = values
        elif name in of_labour:
            if name in factors:
                named[name] = values
        elif name == "mix" or (values.any() if currency_of(name) else _moves(effects, name)):
            named[name] = values
    return named


def _moves(effects: dict[str, np.ndarray], name: str) -> bool:
    """Whether the pool of an effect had any, spending or volume."""
    pool = name.rsplit("_", 1)[0]
    return any(effects[f"{pool}_{kind}"].any() for kind in ("spending", "volume"))


def has_effects(record: Quantity) -> bool:
    """Whether a quantity is money over contacts, whose change is explained factor by factor."""
    return bool(
        record.denominator
        and PARTS[record.numerator].fact is Fact.MONEY
        and PARTS[record.denominator].fact is Fact.CONTACTS
        and record.numerator != "waiting_cost"
    )


def break_down(
    data: Dataset, record: Quantity, by: tuple[str, ...], further: tuple[str, ...], with_rates: bool = False
) -> Breakdown:
    """The breakdown of a quantity for some columns to explain by and further keys to choose by.

    Parameters
    ----------
    data : Dataset
        The dataset.
    record : Quantity
        Money over contacts.
    by, further : tuple of str
        Columns of contacts or agents; `further` also periods.
    with_rates : bool
        Whether exchange rates are told apart; months, quarters and years know them.
    """
    keys = tuple(dict.fromkeys((*by, *further)))
    found = pools(data)
    special = record.denominator not in ("counted", "assisted", "self_served", "calls", "worked_minutes")
    work = work_frame(data, keys, SERVICE if special else (), payers=True, scopes=found.scopes)
    shared = [pool for pool in shared_pools(data, found, work) if _takes_in(record, pool)]
    columns = _of_cells(data, record, work, shared)
    rest, amounts = _of_unallocated(data, record, work, shared, keys)
    unit = 10.0 ** minor_digits(data.currency)
    # A roster is a group's and a handle time a channel's: labour is explained by both inside of a segment.
    work = work.assign(_channel=work["channel"])
    by_unit = [*keys, *_UNIT]
    rows = pd.concat([work[by_unit], *rest], ignore_index=True)
    grouped = rows.groupby(by_unit, dropna=False, sort=True)
    code, size = grouped.ngroup().to_numpy(), grouped.ngroups
    sums = grouped.size().reset_index()[by_unit]
    for name, values in columns.items():
        sums[name] = np.bincount(code[: len(work)], values, size)
    start = len(work)
    for (name, values), frame in zip(amounts, rest, strict=True):
        sums[name] += np.bincount(code[start : start + len(frame)], values, size)
        start += len(frame)
    periods = tuple(key for key in keys if key in GRAINS)
    foreign = foreign_rows(data, record.numerator, work, shared, code, periods) if with_rates else ForeignRows()
    type_of = {LEFT_OVER: LEFT_OVER} | {_name(pool): pool.cost_type for pool in shared if not _is_labour(pool)}
    money = [*_MONEY, *type_of]
    sums[money] = sums[money] / unit
    if data.has("legs"):
        sums["handled"] = _handled_as_worked(sums, keys)
    code, segments = segments_of(sums, by)
    units, segment_of = _units(sums[_UNIT], code)
    totals = _totals(work, rest, shared, list(periods), unit)
    sums = sums.assign(_segment=code, _unit=units)
    return Breakdown(sums, segments, segment_of, type_of, _factors(data), totals, data.calendar, foreign)


def _handled_as_worked(sums: pd.DataFrame, keys: tuple[str, ...]) -> np.ndarray:
    """Handle time of a channel on its staffing groups as they worked: a contact has it, its legs do the work."""
    code = sums.groupby([*keys, "_channel"], dropna=False).ngroup().to_numpy()
    handled, worked = (sums[name].to_numpy() for name in ("handled", "worked"))
    of_keys = np.bincount(code, handled)[code], np.bincount(code, worked)[code]
    return np.divide(of_keys[0] * worked, of_keys[1], out=handled.copy(), where=of_keys[1] > 0)


def _units(parts: pd.DataFrame, segment: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The unit of each row, and the segment of each unit."""
    keys = [segment, *(parts[name].fillna("") for name in parts)]
    units, found = pd.factorize(pd.MultiIndex.from_arrays(keys))
    return units, found.get_level_values(0).to_numpy(dtype="int64")


def _totals(
    work: pd.DataFrame, rest: list[pd.DataFrame], shared: list[SharedPool], periods: list[str], unit: float
) -> pd.DataFrame:
    """By period the whole of every pool and of labour, on work or on nothing."""
    parts = []
    for pool, frame in zip(shared, rest, strict=True):
        name = _name(pool)
        parts.append(work[periods].assign(amount=pool.used + pool.waiting, pool=name))
        parts.append(frame[periods].assign(amount=pool.unallocated["amount"].to_numpy("float64"), pool=name))
    if not parts:
        return work[periods].drop_duplicates()
    sums = pd.concat(parts, ignore_index=True).groupby([*periods, "pool"])["amount"].sum() / unit
    return sums.unstack(fill_value=0.0).rename_axis(columns=None).reset_index()


def _factors(data: Dataset) -> frozenset[str]:
    found = {"handle_time", "ledger_minus_payroll"}
    found |= {"concurrency"} if _is_concurrent(data) else set()
    found |= {"waiting", "beyond_roster", "availability"} if data.has("shifts") else set()
    found |= {"other_work", OTHER_WORK_VOLUME} if data.has("hours") else set()
    found |= {"payroll_rate", "on_costs"} if has_payroll(data) else set()
    return frozenset(found | ({"premium"} if data.costing.premium_accounts else set()))


def _takes_in(record: Quantity, pool: SharedPool) -> bool:
    return record.numerator != "labour_cost" or _is_labour(pool)


def _is_labour(pool: SharedPool) -> bool:
    return pool.cost_type in LABOUR_TYPES


def _name(pool: SharedPool) -> str:
    return pool_of(pool.cost_type, pool.scope.values())


def _of_cells(data: Dataset, record: Quantity, work: pd.DataFrame, shared: list[SharedPool]) -> dict[str, np.ndarray]:
    """Every column of a breakdown, by cell of work, money in minor units."""
    chosen = money_masks(data, work).get(record.numerator, np.ones(len(work), dtype=bool))
    labour = labour_on_cells(data, work, shared)
    on_contacts = work["is_contact"].to_numpy(dtype=bool)
    parts = contact_parts(data, work)
    columns = {
        "contacts": parts[str(record.denominator)].to_numpy(dtype="float64"),
        "measured": parts["measured"].to_numpy(dtype="float64"),
        "handled": work["handle_ms"].to_numpy(dtype="float64") / 1000 * (chosen & on_contacts),
        "cost": labour["labour"].to_numpy() * chosen,
        **{name: labour[name].to_numpy() * chosen for name in (*_TIMES, *_MONEY) if name in labour},
        LEFT_OVER: np.zeros(len(work)),
    }
    if not _is_concurrent(data):
        columns["handled"] = columns["worked"]
    for pool in shared:
        if not _is_labour(pool):
            # A site and a team may be called alike.
            columns[_name(pool)] = columns.get(_name(pool), 0.0) + (pool.used + pool.waiting) * chosen
    return columns


def _is_concurrent(data: Dataset) -> bool:
    """Whether simultaneous contacts are told from handle time; a stated standard time has none of its own."""
    known = data.has("contacts", "concurrency") or data.has("legs")
    return known and not data.costing.standard_handle_seconds


def _of_unallocated(
    data: Dataset, record: Quantity, work: pd.DataFrame, shared: list[SharedPool], keys: tuple[str, ...]
) -> tuple[list[pd.DataFrame], list[tuple[str, np.ndarray]]]:
    """What nothing can carry: the keys that its month and scope determine, and the pool and amounts, in pairs."""
    frames, amounts = [], []
    for pool in shared:
        rest = pool.unallocated
        chosen = unallocated_masks(work, rest).get(record.numerator, np.ones(len(rest), dtype=bool))
        frames.append(scope_keys(data, rest, keys)[list(keys)].assign(**dict.fromkeys(_UNIT)))
        amounts.append((LEFT_OVER if _is_labour(pool) else _name(pool), rest["amount"].to_numpy("float64") * chosen))
    return frames, amounts
