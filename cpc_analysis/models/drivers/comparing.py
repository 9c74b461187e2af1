"""Agents and teams side by side: standardised for their work, shrunk toward the whole, judged by a funnel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cpc_analysis.cells.calendar_words import fiscal_in_words
from cpc_analysis.cells.conditions import conditions_as_given, read_conditions
from cpc_analysis.cells.spans import as_shown
from cpc_analysis.cells.work import agent_keys, held_key
from cpc_analysis.errors import UnknownNameError
from cpc_analysis.language import column_said, in_its_language, joined, say
from cpc_analysis.models.drivers.fitting import columns_said, like_work, strata_of, stratum_of
from cpc_analysis.models.drivers.outcomes import outcome_named
from cpc_analysis.models.drivers.terms import never_differs
from cpc_analysis.schema import UNKNOWN
from cpc_analysis.tables.naming import as_given

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = ["FUNNEL_VERDICTS", "compare_agents"]

FUNNEL_VERDICTS = (
    "below the usual", "within the usual", "above the usual", "too few contacts", "too little history",
    "nothing to compare with",
)  # fmt: skip
FEW = 30
#: Two-sided limits of a funnel, in standard deviations: 95 and 99.8 percent.
_INNER, _OUTER = 1.959964, 3.090232
#: How much wider normal values lie than those held to their tenth percentiles.
_WIDER = 1.213878
#: The least variance that chance gives a ratio.
_LEAST = 1e-12


@in_its_language
def compare_agents(
    data: Dataset, by: str = "agent_id", outcome: str = "average_handle_time", within: Iterable[str] | None = None,
    where: Mapping[str, object] | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Agents or teams against what their work would take at the pace of the others, without a ranking.

    Parameters
    ----------
    data : Dataset
        With `agent_id` on the contacts, for at least ten agents.
    by : str
        ``"agent_id"``, or a column of agents such as ``"team"``.
    outcome, within, where
        As of `fit_drivers`.

    Returns
    -------
    pandas.DataFrame
        In the order of names: the `by` column, `contacts` on work that others did too, `observed` and `expected`, the
        mean outcome and the mean that the same work has over the others [unit of the outcome], `ratio` of the two,
        and `shrunk`, the ratio as far as it can be told from chance; `low` and `high`, the 95 percent limits of the
        funnel, `lowest` and `highest`, those of 99.8 percent; `verdict` by the latter. Under 30 contacts only the
        contacts are shown; in a single month there are no limits; without like work of others there is nothing.

    Raises
    ------
    UnknownNameError
        If there is no such column or outcome.
    InvalidInputError
        If there are fewer than ten agents, or none does work that others do too.

    Notes
    -----
    With observed :math:`O`, expected :math:`E` and the ratio :math:`r = O / E` of each, chance gives `r` the variance
    :math:`s^2 / E`, and more as the pace of the others is itself subject to chance: in a stratum where one has `n` of
    `N` contacts, :math:`N / (N - n)` times as much. :math:`s^2` is the spread of the months around each one's own
    ratio. Nobody is compared with oneself, which would pull ratios to one. Beyond chance the ratios have a variance
    :math:`\\tau^2` between them (DerSimonian and Laird), by which they are shrunk and which widens the funnel: its
    limits are those of ordinary differences between agents, extremes held to their tenth percentiles.

    References
    ----------
    Efron and Morris, "Stein's Paradox in Statistics", Scientific American 236(5), 1977. Spiegelhalter, "Funnel plots
    for comparing institutional performance", Statistics in Medicine 24(8), 2005. DerSimonian and Laird,
    "Meta-analysis in clinical trials", Controlled Clinical Trials 7(3), 1986.

    Examples
    --------
    >>> from cpc_analysis import load_sample
    >>> frame = compare_agents(load_sample(), by="agent_id", where={"month": "2025"})
    >>> list(frame["agent_id"]) == sorted(frame["agent_id"])
    True
    """
    record = outcome_named(data, outcome)
    given, conditions = by, read_conditions(data, where)
    by = held_key(data, by)
    if by not in agent_keys(data):
        raise UnknownNameError("column of agents", given, map(as_given, agent_keys(data)))
    strata = tuple(name for name in strata_of(data, (by,), within) if name != by)
    cells, _ = like_work(data, record, (by, "month"), strata, conditions)
    cells = cells[cells[by] != UNKNOWN]
    everybody = cells[by].unique()
    months = _months(cells, by, stratum_of(cells, strata))
    if months.empty:
        raise never_differs(by, strata)
    frame = months.groupby(level=by).sum().reindex(everybody, fill_value=0.0)
    ratio = frame["amount"] / frame["expected"].where(frame["expected"] > 0)
    chance = _spread(months, ratio, by) * frame["noise"] / frame["expected"].where(frame["expected"] > 0) ** 2
    frame = _funnel(frame, ratio, chance)
    frame.index = frame.index.astype(str)
    result = frame.sort_index().reset_index()
    result.attrs = {
        "definition": joined(
            fiscal_in_words(data, strata, conditions),
            say("{outcome} of each {noun} against the mean that the same work has over the others, within {columns}; "
                "limits of ordinary differences at 95 and 99.8 percent, and verdicts by those of 99.8.",
                outcome=say(record.subject), noun=column_said(given), columns=columns_said(strata)),
        ),
        "outcome": outcome, "unit": record.unit, "by": [given],
        "where": conditions_as_given(conditions), **data.stamp,
    }  # fmt: skip
    return as_shown(result, data.calendar)


def _months(cells: pd.DataFrame, by: str, strata: np.ndarray) -> pd.DataFrame:
    """Sums by group and month of work that others did too: with what it would take them, and how much that is chance.

    `noise` over the square of `expected` is, up to a factor, the variance of the ratio by chance.
    """
    sums = ["contacts", "amount"]
    own = cells.assign(stratum=strata).groupby([by, "month", "stratum"], sort=False)[sums].sum().reset_index()
    # A stratum may span months, and the others are those of the whole of it.
    groups = own.groupby([by, "stratum"], sort=False)[sums].transform("sum")
    whole = own.groupby("stratum")[sums].transform("sum")
    others = whole - groups
    comparable = others["contacts"] > 0
    own, others, whole = own[comparable], others[comparable], whole[comparable]
    expected = own["contacts"] * others["amount"] / others["contacts"]
    noise = expected * whole["contacts"] / others["contacts"]
    months = own.assign(expected=expected, noise=noise).groupby([by, "month"])[[*sums, "expected", "noise"]].sum()
    return months[months["expected"] > 0]


def _spread(months: pd.DataFrame, ratio: pd.Series, by: str) -> float:
    """The variance of a sum by chance, over what is expected: months around each one's own ratio."""
    own = months.index.get_level_values(by)
    squared = (months["amount"] - ratio.reindex(own).to_numpy() * months["expected"]) ** 2 / months["noise"]
    free = len(months) - ratio.notna().sum()
    return float(squared.sum() / free) if free > 0 else np.nan


def _between(ratio: np.ndarray, variance: np.ndarray) -> tuple[float, float]:
    """The mean of ratios and the variance between them beyond chance."""
    weights = 1.0 / variance
    mean = float(weights @ ratio / weights.sum())
    excess = float(weights @ (ratio - mean) ** 2) - (len(ratio) - 1)
    return mean, max(0.0, excess / float(weights.sum() - weights @ weights / weights.sum()))


def _funnel(frame: pd.DataFrame, ratio: pd.Series, chance: pd.Series) -> pd.DataFrame:
    enough = frame["contacts"] >= FEW
    shown = pd.DataFrame({
        "contacts": frame["contacts"].astype("int64"),
        "observed": (frame["amount"] / frame["contacts"]).where(enough),
        "expected": (frame["expected"] / frame["contacts"]).where(enough),
        "ratio": ratio.where(enough),
    })  # fmt: skip
    names = ["shrunk", "low", "high", "lowest", "highest"]
    shown[names] = np.nan
    few = np.where(frame["contacts"] > 0, "too few contacts", "nothing to compare with")
    verdict = pd.Series(np.where(enough, "too little history", few), index=frame.index)
    judged = enough & chance.notna()
    if judged.sum() > 1:
        observed, variance = ratio[judged].to_numpy(), np.maximum(chance[judged].to_numpy(), _LEAST)
        limits = _limits(observed, variance)
        shown.loc[judged, names] = limits
        below, above = observed < limits[:, 3], observed > limits[:, 4]
        verdict[judged] = np.select([below, above], ["below the usual", "above the usual"], "within the usual")
    return shown.assign(verdict=verdict)


def _limits(ratio: np.ndarray, variance: np.ndarray) -> np.ndarray:
    """The shrunk ratio, and the inner and outer limits of the funnel, as columns."""
    mean, between = _between(ratio, variance)
    # Extremes must not widen the limits that are to show them.
    score = (ratio - 1.0) / np.sqrt(variance)
    held = np.clip(score, *np.quantile(score, [0.1, 0.9])) * _WIDER
    spread = np.sqrt(variance + _between(1.0 + np.sqrt(variance) * held, variance)[1])
    edges = [1.0 + side * width * spread for width in (_INNER, _OUTER) for side in (-1, 1)]
    return np.stack([(between * ratio + variance * mean) / (between + variance), *np.maximum(edges, 0.0)], axis=1)
