"""The budget as one side of a comparison: its contacts and money by channel, flexed, beside the actual ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cpc_analysis.cells.conditions import matching
from cpc_analysis.costing.shares import costed_work, scope_keys
from cpc_analysis.errors import InvalidInputError, listed
from cpc_analysis.glossary import Quantity
from cpc_analysis.models.bridge.comparing import Comparison
from cpc_analysis.models.bridge.variances import Variances, budget_variances
from cpc_analysis.models.budgeting import ANY_COST, check_not_cut, months_without_budget, planned_work
from cpc_analysis.models.flexing import contacts_that_came, flexed_money
from cpc_analysis.models.identity.segments import segments_of
from cpc_analysis.money import minor_digits
from cpc_analysis.periods import GRAINS, period_of
from cpc_analysis.schema import LABOUR, LABOUR_TYPES

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = ["BudgetSide", "BudgetedBreakdown", "break_down_budget"]


@dataclass(frozen=True)
class BudgetSide:
    """One side of a comparison with the budget, by segment.

    Parameters
    ----------
    contacts : ndarray of shape (segments,)
        Contacts that count, planned or as they came.
    amounts : dict of str to ndarray of shape (segments,)
        By kind of cost what was budgeted or spent [currency]; labour is one.
    moving, moved : dict of str to ndarray of shape (segments,)
        Of a budget, the part that follows the contacts: at those planned, and at those that came [currency].
    """

    contacts: np.ndarray
    amounts: dict[str, np.ndarray]
    moving: dict[str, np.ndarray]
    moved: dict[str, np.ndarray]

    @property
    def live(self) -> np.ndarray:
        """Which segments have contacts."""
        return self.contacts > 0

    @property
    def whole(self) -> float:
        """All cost [currency]."""
        return float(sum(amount.sum() for amount in self.amounts.values()))


@dataclass(frozen=True)
class BudgetedBreakdown:
    """Budget and actual, by period and segment; all rows have `_segment`, -1 where it is not known.

    Parameters
    ----------
    planned, came : pandas.DataFrame
        Contacts that were planned, and that came.
    lines : pandas.DataFrame
        Money of the budget: `amount`, and of it `moving` with the contacts and `moved` to those that came [currency].
        `kind` is what it is compared as: its cost type, labour, or all cost where some of it names no type.
    spent : pandas.DataFrame
        Money of the ledger by `kind`: `amount` [currency].
    segments : pandas.DataFrame
        The channels of both, or one nameless row.
    """

    planned: pd.DataFrame
    came: pd.DataFrame
    lines: pd.DataFrame
    spent: pd.DataFrame
    segments: pd.DataFrame

    def budget(self, compared: Comparison) -> BudgetSide:
        """What was planned; money without a channel lies where the actual money of its type lies.

        A period of which a month has no budget has none.
        """
        contacts = (
            self._contacts(self.planned, compared) if self._is_planned(compared) else np.zeros(len(self.segments))
        )
        lines = self.lines[matching(self.lines, compared.after_conditions, compared.after_period.calendar)]
        actual = self.actual(compared)
        parts: dict[str, dict[str, np.ndarray]] = {"amount": {}, "moving": {}, "moved": {}}
        for kind, rows in lines.groupby("kind"):
            own, shared = rows[rows["_segment"] >= 0], rows[rows["_segment"] < 0]
            shares = _shares(actual, str(kind)) if len(shared) else 0.0
            for name, by_kind in parts.items():
                by_kind[str(kind)] = self._summed(own, name) + shared[name].sum() * shares
        return BudgetSide(contacts, parts["amount"], parts["moving"], parts["moved"])

    def actual(self, compared: Comparison) -> BudgetSide:
        """What was; cost of work that the budget does not know lies on its channels, as their cost of the type does."""
        contacts = self._contacts(self.came, compared)
        spent = self.spent[matching(self.spent, compared.after_conditions, compared.after_period.calendar)]
        lines = self.lines[matching(self.lines, compared.after_conditions, compared.after_period.calendar)]
        known = (contacts > 0) | self.segments.index.isin(lines["_segment"])
        amounts = {str(kind): _on_known(self._summed(rows, "amount"), known) for kind, rows in spent.groupby("kind")}
        return BudgetSide(contacts, amounts, {}, {})

    def value(self, side: BudgetSide) -> float:
        """The cost per contact of a side; missing without contacts or money."""
        contacts = float(side.contacts.sum())
        return side.whole / contacts if contacts > 0 and side.amounts else np.nan

    def effects(self, before: BudgetSide, after: BudgetSide) -> dict[str, np.ndarray]:
        """The variances by segment: volume and spending of each kind of cost, and mix; together the whole change."""
        effects = {"mix": np.zeros(len(self.segments))}
        for kind, found in self.cost_effects(before, after).items():
            effects["mix"] = effects["mix"] + found.mix
            if found.volume.any() or found.spending.any():
                effects[f"{kind}_volume"] = found.volume
                effects[f"{kind}_spending"] = found.spending
        return effects

    def cost_effects(self, before: BudgetSide, after: BudgetSide) -> dict[str, Variances]:
        """The variances by segment of each kind of cost, labour first."""
        nothing = np.zeros(len(self.segments))
        variances = {}
        for kind in sorted({*before.amounts, *after.amounts}, key=lambda name: (name != LABOUR, name)):
            budgeted, moving, moved, spent = (
                part.get(kind, nothing) for part in (before.amounts, before.moving, before.moved, after.amounts)
            )
            variances[kind] = budget_variances(
                budgeted - moving, moving, moved, spent, float(before.contacts.sum()), float(after.contacts.sum())
            )
        return variances

    def _is_planned(self, compared: Comparison) -> bool:
        period = compared.after_period
        planned = self.planned.loc[matching(self.planned, {period.grain: [str(period)]}, period.calendar), "month"]
        return set(pd.date_range(period.start, period.end, freq="MS", inclusive="left")) <= set(planned)

    def _contacts(self, rows: pd.DataFrame, compared: Comparison) -> np.ndarray:
        return self._summed(rows[matching(rows, compared.after_conditions, compared.after_period.calendar)], "contacts")

    def _summed(self, rows: pd.DataFrame, name: str) -> np.ndarray:
        return np.bincount(rows["_segment"], rows[name], len(self.segments))


def _shares(actual: BudgetSide, kind: str) -> np.ndarray:
    """Where the actual money of a kind lies; without any, where the contacts are."""
    amounts = actual.amounts.get(kind, np.zeros(len(actual.contacts)))
    if not amounts.sum() > 0:
        amounts = actual.contacts
    return amounts / amounts.sum()


def _on_known(amounts: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Amounts with those of other segments spread over the known ones; as they are where those have none."""
    total = amounts[known].sum()
    return np.where(known, amounts * (amounts.sum() / total), 0.0) if total > 0 else amounts


def break_down_budget(data: Dataset, record: Quantity, by: tuple[str, ...], compared: Comparison) -> BudgetedBreakdown:
    """The budget and what became of it, for the cost per contact.

    How much of a line follows the contacts is known before the period that is judged, and is the same for the periods
    before it, so that their comparisons are alike.

    Raises
    ------
    InvalidInputError
        If there is no budget, or it does not know what is asked for.
    """
    _check_budget(data, record, by, compared)
    grain = compared.after_period.grain
    lines = flexed_money(data, pd.Timestamp(compared.after_period.start))
    lines["moving"] = lines["amount"] * lines["variable_share"]
    lines["moved"] = lines["moving"] * lines["volume"]
    spent = _spent(data)
    has_types = (lines["cost_type"] != ANY_COST).all()
    for frame in (lines, spent):
        frame["kind"] = frame["cost_type"].replace(dict.fromkeys(LABOUR_TYPES, LABOUR)) if has_types else ANY_COST
    planned, came = planned_work(data), contacts_that_came(data)
    frames = [planned, came, lines, spent]
    for frame in frames:
        frame[grain] = [pd.Timestamp(period_of(day.date(), grain, data.calendar).start) for day in frame["month"]]
    code, segments = segments_of(pd.concat(frames, ignore_index=True), by)
    ends = np.cumsum([len(frame) for frame in frames])[:-1]
    for frame, own in zip(frames, np.split(code, ends), strict=True):
        frame["_segment"] = own
    if by:
        lines["_segment"] = lines["_segment"].where(lines["channel"].notna(), -1)
    return BudgetedBreakdown(planned, came, lines, spent, segments)


def _spent(data: Dataset) -> pd.DataFrame:
    """The ledger by month, channel and cost type, on work, waiting and what nothing can carry [currency]."""
    keys = ["month", "channel"]
    work, allocation = costed_work(data, tuple(keys))
    parts = [work[keys].assign(cost_type=name, amount=allocation.used[name] + allocation.waiting[name])
             for name in allocation.used]  # fmt: skip
    rest = allocation.unallocated
    left = scope_keys(data, rest, tuple(keys))[keys].assign(cost_type=rest["cost_type"], amount=rest["amount"])
    rows = pd.concat([*parts, left.astype({"amount": "float64"})], ignore_index=True)
    sums = rows.groupby([*keys, "cost_type"], dropna=False, as_index=False)["amount"].sum()
    return sums.assign(amount=sums["amount"] / 10 ** minor_digits(data.currency))


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
    check_not_cut(data, "A budget", (compared.after_period.grain,))
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
    missing = months_without_budget(data, {compared.after_period.grain: [str(compared.after_period)]})
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
