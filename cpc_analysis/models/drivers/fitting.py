"""Fit what drivers go together with, from cells of contacts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cpc_analysis.cells.work import check_keys
from cpc_analysis.costing.ledger import pools
from cpc_analysis.costing.shares import costed_work
from cpc_analysis.errors import InvalidInputError, listed, not_one_of
from cpc_analysis.measuring.parts import matching
from cpc_analysis.models.drivers.model import DriverModel
from cpc_analysis.models.drivers.outcomes import Outcome, outcome_cells, outcome_named
from cpc_analysis.models.drivers.regression import Fit, dependent_columns, fit_shares, fit_times
from cpc_analysis.models.drivers.terms import KEYS, LOAD, Term, check_drivers, group_load, terms_of
from cpc_analysis.money import minor_digits
from cpc_analysis.schema import LABOUR_TYPES, UNKNOWN

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = ["FEWEST_CLUSTERS", "fit_drivers", "like_work", "strata_of"]

FEWEST_CLUSTERS = 10
_UNITS = {"agent-month": "month", "agent-week": "week", "agent-day": "day"}


def fit_drivers(
    data: Dataset, drivers: str | Iterable[str], outcome: str = "average_handle_time",
    within: Iterable[str] | None = None, unit: str = "agent-month", where: Mapping[str, object] | None = None,
    level: float = 0.95,
) -> DriverModel:  # fmt: skip
    """What drivers go together with, compared within strata of like work.

    It says what goes together, not what causes it: who stays long enough to have tenure may have been quick from
    the start. It is standardised for the work: novices on easy work do not look quick.

    Parameters
    ----------
    data : Dataset
        With `agent_id` on the contacts, for at least ten agents.
    drivers : str or iterable of str
        Columns of contacts or agents, periods, and ``"tenure"`` (time since `agents.hired_on`), ``"hour"`` (local
        hour of the start), ``"concurrency"`` (contacts at the same time, as recorded) and ``"load"`` (handled
        contacts per productive hour of the staffing group; its effect is that of a tenth more).
    outcome : {"average_handle_time", "wait", "resolved", "csat"}
        Counted contacts with a measured handle time; inbound contacts with a recorded wait; counted contacts whose
        `resolved` is recorded; answered satisfaction surveys.
    within : iterable of str, optional
        What the strata are made of, all combinations of it. When None: channel, queue, reason, product and month, as
        far as the contacts have them and they are not drivers; with the driver `channel` no queue.
    unit : {"agent-month", "agent-week", "agent-day"}
        The period over which load is taken; it must be finer than that of the strata.
    where : mapping, optional
        Column to value or values, as in `measure`.
    level : float
        Level of the intervals.

    Returns
    -------
    DriverModel
        Effects with intervals; printing it says them in words.

    Raises
    ------
    UnknownNameError
        If there is no such driver, outcome or column.
    InvalidInputError
        If an effect cannot be identified, or the data lack what a driver or an outcome needs.

    Notes
    -----
    Times are ratios, :math:`E(y) = \\exp(x\\beta) \\cdot stratum`, by Poisson pseudo-maximum likelihood; shares are
    differences, by least squares. One scan brings the contacts into cells, on which the estimates are exactly those
    on the single contacts. Intervals leave out one agent at a time - of waits, which a queue shares, one week - and
    use Student's t. Money is the worked time at a level beyond that at the reference's pace, at the labour cost per
    worked second of its month and channel: capacity that would be released, not cash.

    References
    ----------
    Santos Silva and Tenreyro, "The Log of Gravity", Review of Economics and Statistics 88(4), 2006. Cameron and
    Miller, "A Practitioner's Guide to Cluster-Robust Inference", Journal of Human Resources 50(2), 2015.

    Examples
    --------
    >>> from cpc_analysis import load_sample
    >>> model = fit_drivers(load_sample(), ["product"], where={"month": "2025"})
    >>> model.to_frame().loc[lambda rows: rows["level"] == "electronics", "reference"].item()
    'fashion'
    """
    record = outcome_named(data, outcome)
    names = (drivers,) if isinstance(drivers, str) else tuple(drivers)
    if unit not in _UNITS:
        raise not_one_of("`unit`", _UNITS, unit)
    if not 0 < level < 1:
        raise InvalidInputError(f"`level` must lie between 0 and 1, such as 0.95, got {level}.")
    strata = strata_of(data, names, within)
    check_drivers(data, names, record, strata)
    cells, left_out = like_work(data, record, names, strata, dict(where or {}), _UNITS[unit])
    groups = cells.groupby(list(strata), dropna=False, sort=False).ngroup().to_numpy() if strata else np.zeros(
        len(cells), dtype="int64"
    )  # fmt: skip
    terms = terms_of(cells, names, groups, strata)
    fit = _fitted(cells, terms, groups, record, names, strata)
    return DriverModel(
        outcome=outcome,
        outcome_in_words=record.words,
        unit="percent" if record.is_time else "percentage points",
        effects=_effects(data, cells, terms, fit, record, level),
        level=level,
        contacts=int(cells["contacts"].sum()),
        left_out=left_out,
        clusters=fit.clusters,
        within=strata,
        definition=_definition(record, cells, left_out, names, strata, fit.clusters, level),
        currency=data.currency,
        source=data.settings.name,
    )


def strata_of(data: Dataset, drivers: tuple[str, ...], within: Iterable[str] | None) -> tuple[str, ...]:
    """What the strata are made of: as given, else the work and month that the contacts name."""
    if within is not None:
        given = (within,) if isinstance(within, str) else tuple(dict.fromkeys(within))
        check_keys(data, given)
        return given
    # A queue is a finer channel: within one, channels cannot be compared.
    studied = {*drivers, "queue"} if "channel" in drivers else {*drivers}
    work = [name for name in ("channel", "queue", "reason", "product") if data.has("contacts", name)]
    return tuple(name for name in (*work, "month") if name not in studied)


def like_work(
    data: Dataset, outcome: Outcome, keys: tuple[str, ...], strata: tuple[str, ...], conditions: dict[str, object],
    grain: str = "month",
) -> tuple[pd.DataFrame, int]:  # fmt: skip
    """The cells of an outcome with the columns of drivers and strata, and how many contacts they leave out."""
    check_keys(data, tuple(conditions))
    wanted = [KEYS.get(key, key) for key in keys if key != LOAD]
    groups = ("staffing_group", grain) if LOAD in keys else ()
    every = tuple(dict.fromkeys((*wanted, *strata, *conditions, outcome.clusters, *groups)))
    if "agent_id" in every and not data.has("contacts", "agent_id"):
        raise InvalidInputError(
            "Intervals are clustered by agent and need `contacts.agent_id`; the contacts have none."
        )
    cells = outcome_cells(data, outcome, every)
    if conditions:
        cells = cells[matching(cells, conditions)]
    if LOAD in keys:
        load = group_load(data, grain)
        index = pd.MultiIndex.from_arrays([cells[grain], cells["staffing_group"]])
        cells = cells.assign(load=load.reindex(index).to_numpy())
    usable = cells[outcome.clusters].notna() & (cells[outcome.clusters] != UNKNOWN)
    usable &= cells["load"].notna() if LOAD in keys else True
    whole = cells["contacts"].sum()
    cells = cells[usable & (cells["contacts"] > 0)]
    clusters = cells[outcome.clusters].nunique()
    if clusters < FEWEST_CLUSTERS:
        name = "agent" if outcome.clusters == "agent_id" else outcome.clusters
        raise InvalidInputError(
            f"Intervals are clustered by {name} and need at least {FEWEST_CLUSTERS} of them, got {clusters}. "
            "Choose a wider `where`."
        )
    return cells.reset_index(drop=True), int(whole - cells["contacts"].sum())


def _fitted(
    cells: pd.DataFrame, terms: list[Term], groups: np.ndarray, outcome: Outcome, drivers: tuple[str, ...],
    strata: tuple[str, ...],
) -> Fit:  # fmt: skip
    compared = [term for term in terms if not term.is_reference]
    matrix = np.stack([term.values for term in compared], axis=1)
    amount, contacts = (cells[name].to_numpy(dtype="float64") for name in ("amount", "contacts"))
    copies = dependent_columns(matrix, contacts, groups)
    if copies:
        raise _not_told_apart(compared, copies[0], matrix, contacts, groups, strata)
    clusters = pd.factorize(cells[outcome.clusters])[0]
    if not outcome.is_time:
        return fit_shares(amount, contacts, matrix, groups, clusters)
    # A stratum whose times are all zero says nothing of ratios.
    live = np.bincount(groups, amount)[groups] > 0
    groups = pd.factorize(groups[live])[0]
    return fit_times(amount[live], contacts[live], matrix[live], groups, clusters[live])


def _not_told_apart(
    terms: list[Term], copy: int, matrix: np.ndarray, contacts: np.ndarray, groups: np.ndarray, strata: tuple[str, ...]
) -> InvalidInputError:
    """Name the driver that a contrast belongs to, and the one that it follows from, or all where it takes several."""
    driver = terms[copy].driver
    others = list(dict.fromkeys(term.driver for term in terms if term.driver != driver))
    for other in others:
        columns = [place for place, term in enumerate(terms) if term.driver in (driver, other)]
        if dependent_columns(matrix[:, columns], contacts, groups):
            others = [other]
            break
    inside = f" within {listed(strata)}" if strata else ""
    return InvalidInputError(
        f"`{driver}` and {' and '.join(f'`{name}`' for name in others)} cannot be told apart{inside}: one follows from "
        "the other. Leave one of them out."
    )


def _effects(
    data: Dataset, cells: pd.DataFrame, terms: list[Term], fit: Fit, outcome: Outcome, level: float
) -> pd.DataFrame:
    from scipy.stats import t as student

    half = float(student.ppf((1 + level) / 2, fit.clusters - 1))
    compared = iter(zip(fit.effects, fit.errors, strict=True))
    worth = _worth(data, cells) if outcome.name == "average_handle_time" else np.full(len(cells), np.nan)
    amount, contacts = (cells[name].to_numpy(dtype="float64") for name in ("amount", "contacts"))
    clear = iter(_clear(terms, fit, level))
    rows = []
    for term in terms:
        effect, error = (0.0, 0.0) if term.is_reference else next(compared)
        estimates = term.step * np.array([effect, effect - half * error, effect + half * error])
        percent = 100 * (np.expm1(estimates) if outcome.is_time else estimates)
        at_level = term.values if term.driver != LOAD else np.ones(len(cells))
        mean = amount[term.base].sum() / contacts[term.base].sum()
        rows.append(
            {
                "driver": term.driver,
                "level": term.level,
                "reference": term.reference,
                "contacts": int((contacts * at_level).sum()),
                "effect_percent": percent[0],
                "low": percent[1],
                "high": percent[2],
                "effect_seconds": mean * percent[0] / 100 if outcome.is_time else np.nan,
                "effect_money": (worth * at_level).sum() * -np.expm1(-estimates[0]),
                "is_clear": False if term.is_reference else next(clear),
            }
        )
    return pd.DataFrame(rows)


def _clear(terms: list[Term], fit: Fit, level: float) -> list[bool]:
    """Which effects are clear of chance, all levels of a driver taken together (Holm, 1979)."""
    from scipy.stats import t as student

    drivers = np.array([term.driver for term in terms if not term.is_reference])
    chances = 2 * student.sf(np.abs(fit.effects / fit.errors), fit.clusters - 1)
    found = np.zeros(len(drivers), dtype=bool)
    for driver in np.unique(drivers):
        places = np.flatnonzero(drivers == driver)
        for place, left in zip(places[np.argsort(chances[places])], range(len(places), 0, -1), strict=True):
            if not chances[place] * left <= 1 - level:
                break
            found[place] = True
    return [bool(each) for each in found]


def _worth(data: Dataset, cells: pd.DataFrame) -> np.ndarray:
    """What the worked time of each cell cost, at the labour cost per worked second of its month and channel."""
    if pools(data).frame.empty:
        return np.full(len(cells), np.nan)
    work, allocation = costed_work(data, ())
    labour = sum((allocation.used[name] for name in LABOUR_TYPES if name in allocation.used), np.zeros(len(work)))
    work = work.assign(labour=labour / 10 ** minor_digits(data.currency), seconds=work["worked_ms"] / 1000)
    sums = work[work["is_contact"]].groupby(["month", "channel"])[["labour", "seconds"]].sum()
    rate = (sums["labour"] / sums["seconds"].where(sums["seconds"] > 0)).fillna(0.0)
    found = rate.reindex(pd.MultiIndex.from_frame(cells[["month", "channel"]])).fillna(0.0)
    return found.to_numpy() * cells["worked_seconds"].to_numpy(dtype="float64")


def _definition(
    outcome: Outcome, cells: pd.DataFrame, left_out: int, drivers: tuple[str, ...], strata: tuple[str, ...],
    clusters: int, level: float,
) -> str:  # fmt: skip
    like = f"within {listed(strata)}" if strata else "over all work"
    who = "agents" if outcome.clusters == "agent_id" else "weeks"
    without = f" {left_out:,} contacts without a known agent or load are left out." if left_out else ""
    kind = "ratios of times" if outcome.is_time else "differences of shares"
    return (
        f"The {outcome.words} of {cells['contacts'].sum():,.0f} contacts by {listed(drivers)}, compared {like}, as "
        f"{kind}; {100 * level:g} percent intervals over {clusters:,} {who}.{without} It says what goes together, not "
        "what causes it."
    )
