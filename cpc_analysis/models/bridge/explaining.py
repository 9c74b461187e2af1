"""Explaining a change: exact effects of two sides, and a verdict on each from the same comparison before."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cpc_analysis.cells.calendar_words import fiscal_in_words
from cpc_analysis.cells.conditions import read_conditions
from cpc_analysis.cells.small_groups import check_no_small_groups
from cpc_analysis.cells.work import asked_keys
from cpc_analysis.costing.coverage import contact_days, last_closed_month
from cpc_analysis.costing.shares import costing_in_words
from cpc_analysis.errors import InvalidInputError, listed
from cpc_analysis.glossary import describe
from cpc_analysis.language import in_its_language, in_language, joined, value_said
from cpc_analysis.measuring.quantities import check_measurable
from cpc_analysis.models.bridge.budgeted import BudgetedBreakdown, break_down_budget
from cpc_analysis.models.bridge.budgeted_labour import budgeted_labour
from cpc_analysis.models.bridge.comparing import Comparison, check_periods, comparison_of, covering
from cpc_analysis.models.bridge.ratios import RatioBreakdown, break_down_ratio
from cpc_analysis.models.bridge.record import COST_TYPE_COLUMNS, RATES_COLUMN, Bridge
from cpc_analysis.models.bridge.verdicts import History, Judgement, judge
from cpc_analysis.models.bridge.words import is_net, netted
from cpc_analysis.models.identity import Breakdown, break_down, has_effects
from cpc_analysis.periods import GRAINS
from cpc_analysis.tables.naming import as_given, given_names

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = ["explain_change"]

AnyBreakdown = Breakdown | RatioBreakdown | BudgetedBreakdown


@in_its_language
def explain_change(
    data: Dataset,
    quantity: str = "cost_per_contact",
    before: str | Mapping[str, object] = "previous",
    after: str | Mapping[str, object] = "",
    by: str | Sequence[str] = ("channel",),
    where: Mapping[str, object] | None = None,
) -> Bridge:
    """Why a quantity changed: effects that add up to the change exactly, with a verdict on each.

    Parameters
    ----------
    data : Dataset
        The dataset.
    quantity : str
        A quantity of the glossary. Money over contacts is explained factor by factor, any other ratio by mix and
        rate, a sum by segment.
    before : str or mapping
        A period such as ``"2025-03"``, ``"previous"``, ``"last_year"``, ``"budget"``, or conditions such as
        ``{"site": "Aarhus"}`` for two sides of one period.
    after : str or mapping
        A period, or conditions; when empty the last closed month, or the period that `where` names.
    by : str or sequence of str
        The segments: columns of contacts or agents. Budgets know channels only.
    where : mapping, optional
        Conditions of both sides, applied after costing; with two sides of one period it names the period.

    Returns
    -------
    Bridge
        The effects by segment and in total; printing it says them in words.

    Raises
    ------
    UnknownNameError
        If there is no such quantity or column.
    InvalidInputError
        If a side has no data or is not complete, both sides are the same, or the budget does not say.

    Notes
    -----
    The cost per contact is the sum over segments of share x unit cost; a unit cost is labour - (handle time x
    concurrency + work outside of the log + waiting - work beyond the roster) / availability x (wage x (1 + on-cost
    rate) + premium + what the ledger holds beyond payroll) - and every other cost. Labour is taken apart by staffing
    group and channel inside of each segment, so that what one of them does is not the other's wages or handle time;
    what only their shares did is mix, over all as by channel. Effects are Shapley's values: averages over all orders in
    which the factors can change. Spending is the amount that moved; volume is the same amount over more or fewer
    contacts. Factors that the data cannot tell apart collapse into one. Each verdict judges against the same comparison
    in all earlier periods, at least twelve.

    Where the ledger has lines in another currency whose rate moved, that is an effect of its own, ``<cost
    type>_<currency>`` such as ``licences_EUR``, and over all cost types ``EUR``: spending is amount x rate, and the
    effect is the change of the rate x the mean of both amounts. A line keeps the rate of the month that it is booked on
    wherever it is spread, so the rate of a period is an average. Payroll is in the dataset's currency: what a rate did
    to salaries is told apart from what the ledger holds beyond it. A currency that is there on one side only, or whose
    credit notes cancel most of it, has no rate to compare: its change is spending. Between weeks, days and two sides of
    one period no amount moves, and no rate.

    A budget is no other period but the yardstick: volume and mix lead from it to the flexed budget over the contacts
    that came, spending from there to what was spent (see `flexed_budget`). `Bridge.labour` shows what lies beneath the
    spending on labour.

    References
    ----------
    Shapley, "A Value for n-Person Games", 1953. Kitagawa, "Components of a Difference Between Two Rates", Journal of
    the American Statistical Association 50(272), 1955.

    Examples
    --------
    >>> from cpc_analysis import load_sample
    >>> bridge = explain_change(load_sample(), "cost_per_contact", before="2025-05", after="2025-06")
    >>> bool(abs(bridge.to_frame()["amount"].sum() - bridge.total) < 1e-9)
    True
    """
    record, conditions = describe(quantity), read_conditions(data, where)
    keys = asked_keys(data, by, taken=("effect", "amount", "verdict"))
    if after == "":
        after = {} if set(conditions) & set(GRAINS) else str(last_closed_month(data))
    first, last = (side if isinstance(side, str) else read_conditions(data, side) for side in (before, after))
    compared = comparison_of(first, last, conditions, data.calendar)
    if set(keys) & set(GRAINS):
        raise InvalidInputError(
            f"`by` names the segments, columns other than periods, got {listed(map(as_given, keys))}."
        )
    further = tuple(dict.fromkeys((compared.after_period.grain, *compared.before, *compared.after)))
    check_measurable(data, [record], (*keys, *further))
    check_periods(data, compared, record.is_money)
    check_no_small_groups(data, keys, compared.after_conditions)
    if compared.before_period is not None:
        check_no_small_groups(data, keys, compared.before_conditions)
    if compared.before_period is None:
        found: AnyBreakdown = break_down_budget(data, record, keys, compared)
    elif has_effects(record):
        found = break_down(data, record, keys, further, with_rates=compared.moves_amounts)
    else:
        found = break_down_ratio(data, record, keys, further)
    return _bridge(data, quantity, compared, found, record.is_money)


def _bridge(data: Dataset, quantity: str, compared: Comparison, found: AnyBreakdown, is_money: bool) -> Bridge:
    sides = _sides(found, compared)
    values = [found.value(side) for side in sides]
    for name, value in zip(("before", "after"), values, strict=True):
        if not np.isfinite(value):
            side = in_language(compared.names[name == "after"], "en")
            raise InvalidInputError(
                f"`{name}` ({side}) has no contacts that `{quantity}` could be divided by: "
                "there is no figure to explain."
            )
    effects = _effects(found, compared, sides)
    amounts = _amounts(effects)
    judgement = _judged(data, compared, found, amounts, max(abs(value) for value in values), is_money)
    judged = dict(zip(amounts, judgement.verdicts, strict=True))
    totals = pd.DataFrame({"effect": list(amounts), "amount": list(amounts.values()),
                           "verdict": judgement.verdicts, "detectable": judgement.detectable})  # fmt: skip
    detectable = float(judgement.detectable[list(amounts).index("total")])
    totals["is_net"] = [is_net(name) for name in amounts]
    totals = totals[totals["effect"] != "total"].reset_index(drop=True)
    segments = given_names(found.segments)
    by_segment = _tidy(segments, effects, judged)
    definition = joined(
        fiscal_in_words(data, (), compared.after_conditions),
        data.counting.in_words(),
        costing_in_words(data) if is_money else "",
    )
    # A bridge names its own two sides.
    by_segment.attrs = {**data.stamp, "covers": None, "definition": definition}
    live = [_has_contacts(side) for side in sides]
    names = _segment_names(segments)
    return Bridge(
        quantity=quantity,
        before=values[0],
        after=values[1],
        counts=_counts(sides),
        before_name=compared.names[0],
        after_name=compared.names[1],
        verdict=judged["total"],
        effects=by_segment,
        cost_types=_cost_types(found, compared, sides),
        totals=totals,
        new=tuple(name for name, *at in zip(names, *live, strict=True) if at[1] and not at[0]),
        vanished=tuple(name for name, *at in zip(names, *live, strict=True) if at[0] and not at[1]),
        is_in_time=compared.before_period is not None and not compared.is_sides,
        currency=data.currency,
        definition=definition,
        source=data.settings.name,
        presentation=data.presentation,
        labour=budgeted_labour(data, found, compared) if isinstance(found, BudgetedBreakdown) else None,
        detectable=detectable,
        rates=_rates(found, sides, amounts),
    )


def _sides(found: Any, compared: Comparison) -> tuple[Any, Any]:
    if isinstance(found, BudgetedBreakdown):
        return found.budget(compared), found.actual(compared)
    return found.side(compared.before_conditions), found.side(compared.after_conditions)


def _effects(found: Any, compared: Comparison, sides: tuple[Any, Any]) -> dict[str, np.ndarray]:
    """The effects; where no amount moves, each cost type has one."""
    effects: dict[str, np.ndarray] = found.effects(*sides)
    if compared.moves_amounts:
        return effects
    together: dict[str, np.ndarray] = {}
    for name, values in effects.items():
        own = name.removesuffix("_spending").removesuffix("_volume")
        together[own] = together.get(own, 0.0) + values
    return together


def _cost_types(found: Any, compared: Comparison, sides: tuple[Any, Any]) -> pd.DataFrame:
    """Volume, spending, exchange rates and mix of each cost type over all segments; empty where no amounts move."""
    if isinstance(found, RatioBreakdown) or not compared.moves_amounts:
        return pd.DataFrame(columns=COST_TYPE_COLUMNS)
    rows, of_rates = [], []
    for cost_type, effects in found.cost_effects(*sides).items():
        parts = [float(part.sum()) for part in (effects.volume, effects.spending, effects.mix)]
        of_rates.append(float(sum(part.sum() for part in effects.rates.values())))
        rows.append((cost_type, *parts, sum(parts, of_rates[-1])))
    frame = pd.DataFrame(rows, columns=COST_TYPE_COLUMNS)
    if any(of_rates):
        frame.insert(COST_TYPE_COLUMNS.index("mix"), RATES_COLUMN, of_rates)
    return frame


def _rates(found: Any, sides: tuple[Any, Any], amounts: Collection[str]) -> dict[str, tuple[float, float]]:
    """The exchange rates of both sides, by the effects that they have."""
    if not isinstance(found, Breakdown):
        return {}
    return {effect: rates for effect, rates in found.rates(*sides).items() if effect in amounts}


def _amounts(effects: dict[str, np.ndarray]) -> dict[str, float]:
    """The effects over all segments, then the netted ones that stand for several, then the total."""
    amounts = {name: float(values.sum()) for name, values in effects.items()}
    nets = {name: amount for name, amount in netted(amounts).items() if name not in amounts}
    return {**amounts, **nets, "total": sum(amounts.values())}


def _judged(
    data: Dataset, compared: Comparison, found: AnyBreakdown, amounts: dict[str, float], scale: float, is_money: bool
) -> Judgement:
    earlier = compared.earlier()
    past: list[tuple[Comparison, dict[str, float]]] = []
    first, is_covered = contact_days(data)[0], covering(data, is_money)
    while earlier.after_period.end > first:
        if all(is_covered(one) for one in earlier.periods):
            sides = _sides(found, earlier)
            if all(np.isfinite(found.value(side)) for side in sides):
                past.insert(0, (earlier, _amounts(_effects(found, earlier, sides))))
        earlier = earlier.earlier()
    rows = [*past, (compared, amounts)]
    history = History(
        effects=np.array([[row.get(name, 0.0) for name in amounts] for _, row in rows]),
        workdays=np.array([one.more_workdays(data.settings) for one, _ in rows], dtype="float64"),
        season=np.array([one.season for one, _ in rows]),
    )
    return judge(history, scale)


def _has_contacts(side: Any) -> np.ndarray:
    return (side[-1] > 0) if isinstance(side, tuple) else side.live


def _counts(sides: tuple[Any, Any]) -> tuple[float, float]:
    """What the figures of two sides are divided by; of sums nothing."""
    counted = [side.contacts if not isinstance(side, tuple) else np.concatenate(side[1:] or [np.zeros(1)])
               for side in sides]  # fmt: skip
    return float(counted[0].sum()), float(counted[1].sum())


def _segment_names(segments: pd.DataFrame) -> list[str]:
    if segments.empty and not len(segments.columns):
        return [""] * max(len(segments), 1)
    texts = segments.astype("object").where(segments.notna(), "not allocated")
    return [
        joined(*(value_said(column, str(value)) for column, value in zip(texts, row, strict=True)), by=", ")
        for row in texts.itertuples(index=False)
    ]


def _tidy(segments: pd.DataFrame, effects: dict[str, np.ndarray], judged: dict[str, str]) -> pd.DataFrame:
    parts = [segments.assign(effect=name, amount=values, verdict=judged[name]) for name, values in effects.items()]
    frame = pd.concat(parts, ignore_index=True)
    frame = frame[[*segments.columns, "effect", "amount", "verdict"]]
    # A segment without contacts has no handle time to change.
    return frame[(frame["amount"] != 0) | (not len(segments.columns))].reset_index(drop=True)
