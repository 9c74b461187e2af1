"""Costing: every pool of the ledger shared out over the work that used it, waiting shown, nothing lost.

A pool's share of a cell is its weight over the weights of all work in the pool's month and scope. The shares of a
pool - used, waiting and unallocated - add up to one, so its amounts add up to the ledger.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cpc_analysis.cells.scans import month_keys
from cpc_analysis.cells.spans import LENT, Spans, spans_of, with_periods
from cpc_analysis.cells.work import column_of_scope, work_frame
from cpc_analysis.costing.basis import basis_in_words, basis_of
from cpc_analysis.costing.ledger import SCOPES, Pools, pools
from cpc_analysis.costing.rosters import PAYERS, Roster, paid_time, roster_of
from cpc_analysis.costing.waiting import known_waiting, waiting_in_words
from cpc_analysis.language import joined, percent, say, spoken, value_said
from cpc_analysis.periods import GRAINS
from cpc_analysis.policy import RULES
from cpc_analysis.schema import COST_TYPES, LABOUR_TYPES

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = ["Allocation", "SharedPool", "allocate", "costed_work", "costing_in_words", "scope_keys", "shared_pools"]


@dataclass(frozen=True)
class Allocation:
    """Pools shared out over the cells of work.

    Parameters
    ----------
    used, waiting : dict of str to ndarray of shape (cells,)
        Amount on each cell, by cost type [minor units, unrounded].
    posted : dict of str to ndarray of shape (cells,)
        What of both was posted in the month itself [minor units, unrounded].
    unallocated : pandas.DataFrame
        What nothing can carry: the keys of the month, `cost_type`, `channel`, `site`, `team`, `amount`, `posted` [minor
        units].
    """

    used: dict[str, np.ndarray]
    waiting: dict[str, np.ndarray]
    posted: dict[str, np.ndarray]
    unallocated: pd.DataFrame

    def on_cells(self, cost_types: tuple[str, ...] = COST_TYPES) -> np.ndarray | float:
        """Used and waiting of some cost types together, per cell [minor units]."""
        return sum((self.used[name] + self.waiting[name] for name in cost_types if name in self.used), 0.0)


@dataclass(frozen=True)
class SharedPool:
    """One cost type and scope, over all months, on the cells of work.

    Parameters
    ----------
    cost_type : str
        The cost type.
    scope : dict of str to str
        Channel, site and team, as far as the pool names them.
    used, waiting, posted : ndarray of shape (cells,)
        As in `Allocation`.
    unallocated : pandas.DataFrame
        As in `Allocation`.
    share : ndarray of shape (cells,)
        What part of its month's amount lies on each cell, used or waiting.
    left : ndarray of shape (rows of `unallocated`,)
        What part of its month's amount nothing can carry.
    kind : str
        What its lines are told apart by, where the pools are of `pools_by`; else nothing.
    """

    cost_type: str
    scope: dict[str, str]
    used: np.ndarray
    waiting: np.ndarray
    posted: np.ndarray
    unallocated: pd.DataFrame
    share: np.ndarray
    left: np.ndarray
    kind: str = ""


def scope_keys(data: Dataset, rest: pd.DataFrame, keys: tuple[str, ...]) -> pd.DataFrame:
    """Keys of amounts with a month and a scope and no work: what those determine; the others are missing."""
    of_months = {name: pd.to_datetime(rest[name]).astype("datetime64[us]") for name in month_keys(data)}
    frame = with_periods(pd.DataFrame(of_months), keys, data.calendar)
    for key in keys:
        if key in ("day", "week"):
            frame[key] = pd.Series(pd.NaT, index=frame.index, dtype="datetime64[us]")
        elif key not in GRAINS:
            frame[key] = rest[key] if key in SCOPES else None
    return frame


def costed_work(data: Dataset, keys: tuple[str, ...], sums: tuple[str, ...] = ()) -> tuple[pd.DataFrame, Allocation]:
    """The cells of work for some keys, and the ledger shared out over them."""
    found = pools(data)
    work = work_frame(data, keys, sums, payers=True, scopes=found.scopes)
    return _without_idle(work, allocate(data, found, work))


def _without_idle(work: pd.DataFrame, allocation: Allocation) -> tuple[pd.DataFrame, Allocation]:
    """Without the cells of lent work that carry nothing."""
    if not set(LENT.values()) <= set(work.columns):
        return work, allocation
    is_idle = work[list(LENT.values())].to_numpy().any(axis=1)
    for name in allocation.used:
        is_idle &= (allocation.used[name] == 0) & (allocation.waiting[name] == 0)
    used, waiting, posted = (
        {name: values[~is_idle] for name, values in amounts.items()}
        for amounts in (allocation.used, allocation.waiting, allocation.posted)
    )
    return work[~is_idle].reset_index(drop=True), Allocation(used, waiting, posted, allocation.unallocated)


def allocate(data: Dataset, found: Pools, work: pd.DataFrame) -> Allocation:
    """The pools shared out over cells of work.

    Parameters
    ----------
    data : Dataset
        Gives shifts, wages and the costing policy.
    found : Pools
        The ledger.
    work : pandas.DataFrame
        Cells of `work_frame` with payers and the scopes of the pools.

    Returns
    -------
    Allocation
        For every pool: used + waiting + unallocated = its amount.
    """
    used: dict[str, np.ndarray] = {}
    waiting: dict[str, np.ndarray] = {}
    posted: dict[str, np.ndarray] = {}
    rest = []
    for pool in shared_pools(data, found, work):
        for store, values in ((used, pool.used), (waiting, pool.waiting), (posted, pool.posted)):
            store[pool.cost_type] = store.get(pool.cost_type, 0.0) + values
        rest.append(pool.unallocated)
    return Allocation(used, waiting, posted, pd.concat(rest, ignore_index=True))


def shared_pools(data: Dataset, found: Pools, work: pd.DataFrame) -> Iterator[SharedPool]:
    """Each cost type and scope of some pools, and each kind of lines that they tell apart, shared out over work.

    Parameters
    ----------
    data, found, work
        As for `allocate`.
    """
    every_month = pd.Index(found.frame["month"].unique()).union(pd.Index(work["month"].unique()))
    months = pd.DatetimeIndex(every_month).sort_values()
    spans = spans_of(months, data.calendar)
    month_of_span, share = months.get_indexer(spans.frame["month"]), spans.share
    named_by = {name: spans.frame[name].to_numpy() for name in spans.keys}
    sharing = _sharing(data, work, spans)
    keys = ["cost_type", *SCOPES]
    if found.told_apart_by:
        keys.append(found.told_apart_by)
    for (cost_type, *named), pool in found.frame.groupby(keys, dropna=False, sort=True):
        position = months.get_indexer(pd.DatetimeIndex(pool["month"]))
        amount, first_posted = np.zeros(len(months)), np.zeros(len(months))
        np.add.at(amount, position, (pool["posted"] + pool["moved"]).to_numpy(dtype="float64"))
        np.add.at(first_posted, position, pool["posted"].to_numpy(dtype="float64"))
        amount, first_posted = share * amount[month_of_span], share * first_posted[month_of_span]
        limits = {name: value for name, value in zip(SCOPES, named, strict=False) if pd.notna(value)}
        used, waiting, nowhere = sharing.shares(str(cost_type), limits)
        per_cell = amount[sharing.month]
        left = (nowhere != 0) & ((amount != 0) | (first_posted != 0))
        rest = pd.DataFrame(
            {
                **{name: values[left] for name, values in named_by.items()},
                "amount": (amount * nowhere)[left],
                "posted": (first_posted * nowhere)[left],
            }
        ).assign(cost_type=cost_type, **{name: limits.get(name) for name in SCOPES})
        yield SharedPool(
            cost_type=str(cost_type),
            scope=limits,
            used=used * per_cell,
            waiting=waiting * per_cell,
            posted=(used + waiting) * first_posted[sharing.month],
            unallocated=rest,
            share=(used + waiting) * share[sharing.month],
            left=(share * nowhere)[left],
            kind=str(named[-1]) if found.told_apart_by else "",
        )


def _sharing(data: Dataset, work: pd.DataFrame, spans: Spans) -> _Sharing | _LentSharing:
    return _LentSharing(data, work, spans) if set(LENT.values()) <= set(work.columns) else _Sharing(data, work, spans)


class _LentSharing:
    """The shares of any pool where spans without work of its own lie on what they are lent."""

    def __init__(self, data: Dataset, work: pd.DataFrame, spans: Spans) -> None:
        self.own = _Sharing(data, work, spans)
        self.lent = _Sharing(data, work.assign(**{own: work[own] + work[name] for own, name in LENT.items()}), spans)
        self.month = self.own.month
        of_contacts = self.own.rows * work["is_contact"].to_numpy()
        #: Work outside of the log lies on all days of a month; it alone does not carry those that are closed.
        self.is_closed = np.bincount(self.month, of_contacts, len(spans)) == 0

    def shares(self, cost_type: str, limits: Mapping[str, str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """As of `_Sharing`."""
        used, waiting, nowhere = self.own.shares(cost_type, limits)
        is_empty = self.is_closed | (nowhere >= 1.0)
        if not is_empty.any():
            return used, waiting, nowhere
        lent_used, lent_waiting, lent_nowhere = self.lent.shares(cost_type, limits)
        on_cells = is_empty[self.month]
        return (
            np.where(on_cells, lent_used, used),
            np.where(on_cells, lent_waiting, waiting),
            np.where(is_empty, lent_nowhere, nowhere),
        )


class _Sharing:
    """The shares of any pool over one frame of work, by the costing policy of a dataset, month by month.

    Where fiscal months cut months, their spans stand for the months.
    """

    def __init__(self, data: Dataset, work: pd.DataFrame, months: Spans) -> None:
        self.data, self.work, self.months = data, work, months
        self.month = months.places(work)
        self.worked = work["worked_ms"].to_numpy(dtype="float64")
        self.rows = work["rows"].to_numpy(dtype="float64")
        self.has_wages = bool(np.isfinite(work["_loaded_wage"].to_numpy(dtype="float64")).any())
        self.paid = paid_time(data, months)
        self.times: dict[str, Roster] = {}

    def shares(self, cost_type: str, limits: Mapping[str, str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Used and waiting share of each cell, and the share of each month that nothing can carry."""
        inside = np.ones(len(self.work), dtype=bool)
        for name, value in limits.items():
            inside &= (self.work[column_of_scope(name)] == value).to_numpy(dtype=bool)
        rule = self.data.costing.rule(cost_type, shifts=self.data.has("shifts"), wages=self.has_wages)
        is_labour = cost_type in LABOUR_TYPES
        if not isinstance(rule, str):
            share, nowhere = self._by_channel(rule, inside)
        elif rule in PAYERS:
            return self._by_payer(rule, inside, limits)
        else:
            weights = self._weights(rule, inside)
            if limits:
                # A scope names its contacts: where none has time, each carries the same.
                empty = np.bincount(self.month, weights, len(self.months)) == 0
                weights = np.where(empty[self.month], self.rows * inside, weights)
            share, nowhere = self._normalised(weights)
        if is_labour and self.data.has("shifts"):
            time = self._time("group_time")
            idle = 1.0 - time.used_fraction[time.code]
            return share * (1.0 - idle), share * idle, nowhere
        return share, np.zeros_like(share), nowhere

    def _weights(self, rule: str, inside: np.ndarray) -> np.ndarray:
        worked = self.worked * inside
        if rule == "contacts":
            return self.rows * inside
        if rule == "headcount":
            return self._per_head(worked)
        if rule == "wage_time":
            wage = self.work["_loaded_wage"].to_numpy(dtype="float64")
            known = np.isfinite(wage)
            mean = np.average(wage[known], weights=worked[known]) if worked[known].sum() > 0 else 1.0
            return worked * np.where(known, wage, mean)
        return worked

    def _per_head(self, worked: np.ndarray) -> np.ndarray:
        """Equal per agent active in the month, then by worked time; by worked time where no agent is known."""
        agents, _ = pd.factorize(self.work["_agent_id"], use_na_sentinel=True)
        code = self.month * (agents.max(initial=-1) + 2) + agents + 1
        of_agent = np.bincount(code, worked)[code]
        weights = np.divide(worked, of_agent, out=np.zeros_like(worked), where=(of_agent > 0) & (agents >= 0))
        nobody = np.bincount(self.month, weights, len(self.months)) == 0
        return np.where(nobody[self.month], worked, weights)

    def _normalised(self, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        total = np.bincount(self.month, weights, len(self.months))
        by_cell = total[self.month]
        share = np.divide(weights, by_cell, out=np.zeros_like(weights), where=by_cell > 0)
        return share, (total == 0).astype("float64")

    def _by_channel(self, shares: Mapping[str, float], inside: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        result = np.zeros(len(self.work))
        nowhere = np.zeros(len(self.months))
        channel = self.work[column_of_scope("channel")].to_numpy(dtype="object")
        for name, part in shares.items():
            here = inside & (channel == name)
            weights = self.worked * here
            empty = np.bincount(self.month, weights, len(self.months)) == 0
            share, missing = self._normalised(np.where(empty[self.month], self.rows * here, weights))
            result += part * share
            nowhere += part * missing
        return result, nowhere

    def _time(self, rule: str) -> Roster:
        if rule not in self.times:
            self.times[rule] = roster_of(self.work, self.paid, self.months, PAYERS[rule])
        return self.times[rule]

    def _by_payer(
        self, rule: str, inside: np.ndarray, limits: Mapping[str, str]
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Each payer's share of labour on its own work; the time of idle agents on their group's work."""
        time = self._time(rule)
        worked = self.worked * inside
        here = np.bincount(time.code, worked, time.size)
        labour, used_fraction = self._labour(time, here, limits)
        total = np.bincount(time.month_of, labour, len(self.months))
        idle = np.where(here > 0, 0.0, labour)
        on_own = np.where(here > 0, labour, 0.0)
        own = np.divide(on_own, here, out=np.zeros(time.size), where=here > 0)[time.code] * worked
        group_here = np.bincount(time.group_code, worked, time.groups)
        group_idle = np.bincount(time.group_of, idle, time.groups)
        carried = np.divide(group_idle, group_here, out=np.zeros(time.groups), where=group_here > 0)
        pooled = carried[time.group_code] * worked
        month_total = total[self.month]
        scale = np.divide(1.0, month_total, out=np.zeros_like(month_total), where=month_total > 0)
        busy = used_fraction[time.code]
        used = own * busy * scale
        waiting = (own * (1.0 - busy) + pooled) * scale
        stranded = np.bincount(
            np.arange(time.groups) // (time.groups // max(len(self.months), 1)),
            np.where(group_here > 0, 0.0, group_idle),
            len(self.months),
        )
        nowhere = np.divide(stranded, total, out=np.ones(len(self.months)), where=total > 0)
        return used, waiting, nowhere

    def _labour(self, time: Roster, here: np.ndarray, limits: Mapping[str, str]) -> tuple[np.ndarray, np.ndarray]:
        """Each payer-month's weight of labour (paid hours x loaded wage) and the part of its time that is worked.

        Work of payers without a shift was paid too: it weighs what the month's scheduled work weighs on average.
        """
        paid = time.paid
        matches = np.ones(len(paid), dtype=bool)
        for name in ("site", "team"):
            if name in limits and self.data.has("agents", name):
                matches &= (paid[f"_{name}"] == limits[name]).to_numpy(dtype=bool)
        weight = (paid["paid_ms"] * paid["_wage"]).to_numpy(dtype="float64") * matches
        labour = time.of_payers(weight)
        if "channel" in limits:
            labour = labour * np.divide(here, time.worked, out=np.zeros(time.size), where=time.worked > 0)
        scheduled = (labour > 0) & (here > 0)
        length = len(self.months)
        pay = np.bincount(time.month_of, np.where(scheduled, labour, 0.0), length)
        load = np.bincount(time.month_of, np.where(scheduled, here, 0.0), length)
        rate = np.divide(pay, load, out=np.ones(length), where=load > 0)
        without = (labour == 0) & (here > 0)
        fraction = time.used_fraction
        busy = np.bincount(time.month_of, np.where(scheduled, labour * fraction, 0.0), length)
        usual = np.divide(busy, pay, out=np.ones(length), where=pay > 0)
        labour = np.where(without, here * rate[time.month_of], labour)
        return labour, np.where(without, usual[time.month_of], fraction)


def costing_in_words(data: Dataset) -> str:
    """The costing rules in force, what the costs rest on where that is not a ledger, and what of waiting is unknown."""
    found, shifts, wages = set(pools(data).frame["cost_type"]), data.has("shifts"), data.has("agents", "hourly_wage")
    rules = {name: data.costing.rule(name, shifts=shifts, wages=wages) for name in COST_TYPES if name in found}
    return joined(
        say("Costs go to work of every direction and outcome - {rules}.", rules=_rules_said(rules)),
        say("Months that fiscal months cut are costed by days.") if data.calendar.cuts_months else "",
        basis_in_words(basis_of(data)),
        waiting_in_words(known_waiting(data)),
    )


@spoken
def _rules_said(rules: dict[str, str | dict[str, float]]) -> str:
    """Rules in words, each behind the cost types that it holds for."""
    by_rule: dict[str, list[str]] = {}
    for cost_type, rule in rules.items():
        words = say(RULES[rule]) if isinstance(rule, str) else joined(
            *(say("{share} to {channel}", share=percent(share, 0), channel=value_said("channel", channel))
              for channel, share in rule.items()), by=", ",
        )  # fmt: skip
        by_rule.setdefault(words, []).append(value_said("cost_type", cost_type).replace("_", "-"))
    return "; ".join(f"{', '.join(types)}: {words}" for words, types in by_rule.items())
