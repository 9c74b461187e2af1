"""The budget as one side of a comparison: its contacts, handle times and money by channel, beside the actual ones."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cpc_analysis.errors import InvalidInputError, listed
from cpc_analysis.glossary import Quantity, describe
from cpc_analysis.measuring.parts import matching
from cpc_analysis.models.bridge.comparing import Comparison
from cpc_analysis.models.bridge.ratios import RatioBreakdown, break_down_ratio
from cpc_analysis.models.budgeting import ANY_COST, months_without_budget, plan_lines
from cpc_analysis.models.identity.breakdown import Breakdown, break_down, present_effects
from cpc_analysis.models.identity.effects import LABOUR_FACTORS, LEFT_OVER, Labour, Side, change_effects
from cpc_analysis.periods import GRAINS, period_of
from cpc_analysis.schema import LABOUR_TYPES

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = ["BudgetedBreakdown", "break_down_budget"]

_FACTORS = frozenset({"handle_time", LABOUR_FACTORS[-1]})


@dataclass(frozen=True)
class BudgetedBreakdown:
    """The actual figures in the terms of a budget - contacts, handle time, labour, other cost by type - and the budget.

    Parameters
    ----------
    figures : Breakdown
        The actual contacts and money.
    times : RatioBreakdown
        The actual handle time.
    plan : pandas.DataFrame
        By period, channel and cost type: `amount` [currency]; by period and channel: `contacts`, `seconds`. The rows
        have `_segment`; -1 is money that names no channel.
    segments : pandas.DataFrame
        The channels of both, or one nameless row.
    """

    figures: Breakdown
    times: RatioBreakdown
    plan: pd.DataFrame
    segments: pd.DataFrame

    def actual(self, compared: Comparison) -> Side:
        """What was; cost of work that the budget does not know lies on its channels, as their cost of the type does."""
        conditions = compared.after_conditions
        side = self.figures.side(conditions)
        contacts, labour = self._spread(side.contacts), self._spread(side.labour_cost)
        seconds, measured = (self._spread(values) for values in self.times.side(conditions))
        time = np.divide(seconds, measured, out=np.zeros(len(seconds)), where=measured > 0)
        by_type: dict[str, np.ndarray] = {}
        for pool, amount in side.pools.items():
            cost_type = self.figures.type_of[pool]
            by_type[cost_type] = by_type.get(cost_type, 0.0) + self._spread(amount)
        by_type.pop(LEFT_OVER, None)
        known = (contacts > 0) | self.segments.index.isin(self.plan["_segment"])
        by_type = {name: _on_known(amounts, known) for name, amounts in by_type.items()}
        return self._side(contacts, contacts * time, _on_known(labour, known), by_type)

    def budget(self, compared: Comparison) -> Side:
        """What was planned; money without a channel lies where the actual money of its type lies."""
        rows = self.plan[matching(self.plan, compared.after_conditions)]
        size = len(self.segments)
        work = rows[rows["cost_type"].isna() & (rows["_segment"] >= 0)]
        contacts, seconds = (np.bincount(work["_segment"], work[name], size) for name in ("contacts", "seconds"))
        by_type: dict[str, np.ndarray] = {}
        for cost_type, lines in rows[rows["cost_type"].notna()].groupby("cost_type"):
            own = lines[lines["_segment"] >= 0]
            shared = lines.loc[lines["_segment"] < 0, "amount"].sum()
            by_type[str(cost_type)] = np.bincount(own["_segment"], own["amount"], size)
            if shared:
                by_type[str(cost_type)] = by_type[str(cost_type)] + shared * self._actual_shares(
                    str(cost_type), compared
                )
        labour = sum((by_type.pop(name) for name in LABOUR_TYPES if name in by_type), np.zeros(size))
        return self._side(contacts, seconds, labour, by_type)

    def value(self, side: Side) -> float:
        """The cost per contact of a side; missing without contacts or money."""
        return side.whole if side.contacts.sum() > 0 and side.cost.any() else np.nan

    def effects(self, before: Side, after: Side) -> dict[str, np.ndarray]:
        """What each factor that a budget knows did, by segment."""
        type_of = {pool: pool.rsplit(" ", 1)[0] for pool in {*before.pools, *after.pools}}
        return present_effects(change_effects(before, after, type_of), _FACTORS)

    def _actual_shares(self, cost_type: str, compared: Comparison) -> np.ndarray:
        side = self.figures.side(compared.after_conditions)
        amounts = side.labour_cost if cost_type in LABOUR_TYPES else sum(
            (amount for pool, amount in side.pools.items() if self.figures.type_of[pool] == cost_type),
            np.zeros(len(side.contacts)),
        )  # fmt: skip
        if not amounts.sum() > 0:
            amounts = side.contacts
        return self._spread(amounts / amounts.sum())

    def _side(
        self, contacts: np.ndarray, seconds: np.ndarray, labour: np.ndarray, by_type: dict[str, np.ndarray]
    ) -> Side:
        """A side; each segment's money of a type is a pool of its own, because a budget moves it one by one."""
        if (self.plan["cost_type"] == ANY_COST).any():
            by_type, labour = {ANY_COST: sum(by_type.values(), labour)}, np.zeros(len(labour))
        pools = {
            f"{name} {place}": np.where(np.arange(len(amount)) == place, amount, 0.0)
            for name, amount in by_type.items()
            for place in range(len(amount))
        }
        none = np.zeros(len(contacts))
        own = Labour(np.arange(len(contacts)), contacts, contacts, seconds, seconds, none, none, none, seconds, labour,
                     none, none, none)  # fmt: skip
        return Side(contacts, own, pools)

    def _spread(self, values: np.ndarray) -> np.ndarray:
        """Values of the actual segments on the segments of both."""
        return np.concatenate([values, np.zeros(len(self.segments) - len(values))])


def _on_known(amounts: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Amounts with those of other segments spread over the known ones; as they are where those have none."""
    total = amounts[known].sum()
    return np.where(known, amounts * (amounts.sum() / total), 0.0) if total > 0 else amounts


def break_down_budget(data: Dataset, record: Quantity, by: tuple[str, ...], compared: Comparison) -> BudgetedBreakdown:
    """The breakdown of the cost per contact in the terms of its budget.

    Raises
    ------
    InvalidInputError
        If there is no budget, or it does not know what is asked for.
    """
    _check_budget(data, record, by, compared)
    grain = compared.after_period.grain
    further = (grain, *compared.after)
    figures = break_down(data, record, by, further)
    times = break_down_ratio(data, describe("average_handle_time"), by, further)
    plan = _plan(data, grain)
    segments = figures.segments
    if by:
        known = list(segments["channel"])
        more = [name for name in sorted(plan["channel"].dropna().unique()) if name not in known]
        segments = pd.DataFrame({"channel": [*known, *more]})
        place = {name: number for number, name in enumerate(segments["channel"]) if isinstance(name, str)}
        plan["_segment"] = plan["channel"].map(place).fillna(-1).astype("int64")
        times = replace(times, rows=_at_segments(times, figures.segments), segments=figures.segments)
    else:
        plan["_segment"] = 0
    return BudgetedBreakdown(figures, times, plan, segments)


def _at_segments(times: RatioBreakdown, segments: pd.DataFrame) -> pd.DataFrame:
    place = {name: number for number, name in enumerate(segments["channel"]) if isinstance(name, str)}
    code = times.rows["channel"].map(place)
    return times.rows[code.notna()].assign(_segment=code.dropna().astype("int64"))


def _check_budget(data: Dataset, record: Quantity, by: tuple[str, ...], compared: Comparison) -> None:
    if record.name != "cost_per_contact":
        raise InvalidInputError(f"A budget explains `cost_per_contact`, got `{record.name}`.")
    if not data.has("budget") or data.frame("budget").empty:
        raise InvalidInputError(
            "before='budget' needs the table `budget`, months with amounts and contacts; the dataset has none."
        )
    for name, keys in (("by", by), ("where", tuple(compared.after))):
        wrong = [key for key in keys if key != "channel"]
        if wrong:
            raise InvalidInputError(f"A budget knows channels only, got `{name}` with '{wrong[0]}'.")
    if compared.after_period.grain not in GRAINS[2:]:
        raise InvalidInputError(
            f"A budget knows months, quarters and years, got the {compared.after_period.grain} {compared.after_period}."
        )
    frame = data.frame("budget")
    inside = [compared.after_period.start <= day.date() < compared.after_period.end for day in frame["period"]]
    stated = frame[inside]
    if not (stated["contact_count"].notna().any() and stated["amount"].notna().any()):
        raise InvalidInputError(
            f"The budget of {compared.after_period} must state amounts and `contact_count`, found {len(stated)} lines "
            "without both: there is no budgeted cost per contact."
        )
    missing = months_without_budget(data, {compared.after_period.grain: str(compared.after_period)})
    if missing:
        raise InvalidInputError(
            f"The budget of {compared.after_period} lacks {listed(missing)}: there is no budgeted cost per contact."
        )
    if "channel" in compared.after and stated.loc[stated["amount"].notna(), "channel"].isna().any():
        raise InvalidInputError(
            f"The budget of {compared.after_period} holds money without a channel, so that no channel has a budgeted "
            "cost per contact; explain all channels by=['channel']."
        )
    if "channel" in (*by, *compared.after) and stated.loc[stated["contact_count"].notna(), "channel"].isna().any():
        raise InvalidInputError(
            f"The budget of {compared.after_period} states contacts without a channel, so it cannot be explained by "
            "channel; explain it by=[]."
        )


def _plan(data: Dataset, grain: str) -> pd.DataFrame:
    """The lines of the budget with their period; money is of one type where some of it names none."""
    rows = plan_lines(data)
    if (rows["cost_type"] == ANY_COST).any():
        rows["cost_type"] = rows["cost_type"].where(rows["cost_type"].isna(), ANY_COST)
    numbers = ["contacts", "seconds", "amount"]
    rows[numbers] = rows[numbers].astype("float64").fillna(0.0)
    rows[grain] = [pd.Timestamp(period_of(day.date(), grain).start) for day in rows["month"]]
    return rows
