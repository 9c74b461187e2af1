"""Fit what drivers go together with, from cells of contacts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cpc_analysis.cells.calendar_words import fiscal_in_words
from cpc_analysis.cells.conditions import Conditions, conditions_as_given, matching, read_conditions
from cpc_analysis.cells.spans import with_texts
from cpc_analysis.cells.work import agent_keys, check_keys, held_key
from cpc_analysis.errors import InvalidInputError, listed, not_one_of
from cpc_analysis.language import column_said, in_its_language, joined, listed_said, number, say, term
from cpc_analysis.models.drivers.effects import effects_frame, money_of, unknown_money
from cpc_analysis.models.drivers.model import DriverModel, level_in_words
from cpc_analysis.models.drivers.outcomes import Outcome, outcome_cells, outcome_named
from cpc_analysis.models.drivers.regression import Fit, dependent_columns, fit_shares, fit_times
from cpc_analysis.models.drivers.terms import (
    KEYS,
    LOAD,
    Term,
    check_column,
    check_drivers,
    check_times,
    group_load,
    keys_of,
    terms_of,
)
from cpc_analysis.schema import UNKNOWN
from cpc_analysis.tables.naming import as_given

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = ["FEWEST_CLUSTERS", "columns_said", "fit_drivers", "like_work", "strata_of", "stratum_of"]

FEWEST_CLUSTERS = 10
#: A ratio of a million is none: the likelihood runs away where one side has no time.
_FARTHEST = float(np.log(1e6))
_NOUNS = {"agent_id": "agent", "week": "week"}
_COUNTED = {"agent_id": term("{count} agents"), "week": term("{count} weeks")}
_UNITS = {"agent-month": "month", "agent-week": "week", "agent-day": "day"}


@in_its_language
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
        By what is known only of agents, contacts without an agent, such as abandoned ones, are left out.
    outcome : {"average_handle_time", "wait", "resolved", "csat"}
        Counted contacts with a measured handle time; inbound contacts with a recorded wait; counted contacts whose
        `resolved` is recorded; answered satisfaction surveys.
    within : iterable of str, optional
        What the strata are made of, all combinations of it: columns, periods, ``"tenure"``, ``"hour"`` and
        ``"concurrency"``. When None: channel, queue, reason, product and month, as
        far as the contacts have them and they are not drivers; with the driver `channel` no queue.
    unit : {"agent-month", "agent-week", "agent-day"}
        The period over which load is taken; it must be finer than that of the strata.
    where : mapping, optional
        Column to value or values, as in `measure`.
    level : float
        Level at which the intervals of all levels of a driver hold together.

    Returns
    -------
    DriverModel
        Effects with intervals; printing it says them in words.

    Raises
    ------
    UnknownNameError
        If there is no such driver, outcome or column.
    InvalidInputError
        If an effect cannot be identified, a level has no time to compare, or the data lack what a driver or an
        outcome needs.

    Notes
    -----
    Times are ratios, :math:`E(y) = \\exp(x\\beta) \\cdot stratum`, by Poisson pseudo-maximum likelihood; shares are
    differences, by least squares. One scan brings the contacts into cells, on which the estimates are exactly those
    on the single contacts. Strata without any time say nothing of ratios and are left out.

    Intervals leave out one agent at a time and use Student's t. Of shares each agent is left out exactly; of times by
    one step of the likelihood from the estimate, which is close to fitting anew as long as no agent weighs much. The
    waits of a week are alike for all of its queue, so they leave out one week at a time; by what is known only of
    agents, such as tenure, they do so by agent as well, and the wider interval holds, as does the larger chance. An
    abandoned contact has no agent, so those waits are of answered contacts.

    The intervals are simultaneous: with the chance `level` every level of a driver lies within its own (Bonferroni),
    and a level is clear of chance if and only if its interval holds no zero. Holm's steps with the same errors would
    call somewhat more levels clear where many are - on the sample, of the ten reasons of 2025 all instead of nine - but
    no intervals with two ends agree with them.

    Money is the worked time at a level beyond what it would be at the reference's pace, at the labour cost per
    worked second of its month and channel: released capacity, paid time set free, and cash as far as labour is bought
    by the piece (`Costing.piece_accounts`). Worked seconds count what simultaneous contacts share only once, so the
    pace is fitted on them, within the same strata: a chat of 180 seconds, two at a time, is 90 worked seconds and
    cheaper than a call of 100. Of the driver `concurrency` it is mostly this sharing. Where worked time cannot be
    compared or there is no labour cost, it is missing.

    References
    ----------
    Santos Silva and Tenreyro, "The Log of Gravity", Review of Economics and Statistics 88(4), 2006. Cameron and
    Miller, "A Practitioner's Guide to Cluster-Robust Inference", Journal of Human Resources 50(2), 2015. Dunn,
    "Multiple Comparisons Among Means", Journal of the American Statistical Association 56, 1961 (the simultaneous
    intervals). Strassburger and Bretz, "Compatible simultaneous lower confidence bounds for the Holm procedure and
    other Bonferroni-based closed tests", Statistics in Medicine 27(24), 2008 (what stepwise verdicts cost).

    Examples
    --------
    >>> from cpc_analysis import load_sample
    >>> model = fit_drivers(load_sample(), ["product"], where={"month": "2025"})
    >>> model.to_frame().loc[lambda rows: rows["level"] == "electronics", "reference"].item()
    'fashion'
    """
    record = outcome_named(data, outcome)
    names = tuple(held_key(data, name) for name in ([drivers] if isinstance(drivers, str) else drivers))
    conditions = read_conditions(data, where)
    if unit not in _UNITS:
        raise not_one_of("`unit`", _UNITS, unit)
    if not 0 < level < 1:
        raise InvalidInputError(f"`level` must lie between 0 and 1, such as 0.95, got {level}.")
    strata = strata_of(data, names, within)
    check_drivers(data, names, record, strata)
    cells, left_out = like_work(data, record, names, strata, conditions, _UNITS[unit])
    cells = with_texts(cells, data.calendar)
    groups = stratum_of(cells, strata)
    idle = 0
    if record.is_time:
        check_times(cells, names, groups, record.words)
        live = np.bincount(groups, cells["amount"])[groups] > 0
        idle = int(cells["contacts"][~live].sum())
        cells, groups = cells[live].reset_index(drop=True), pd.factorize(groups[live])[0]
    terms = terms_of(cells, names, groups, strata)
    fit = _fitted(data, cells, terms, groups, record, names, strata)
    has_money = record.name == "average_handle_time"
    money = money_of(data, cells, terms, groups, fit) if has_money else unknown_money(len(terms))
    effects = effects_frame(cells, terms, fit, money, record, level)
    fiscal = fiscal_in_words(data, (*names, *strata), conditions)
    definition = _definition(record, cells, (left_out, idle), names, strata, fit.clusters, level)
    effects["driver"] = effects["driver"].map(as_given)
    effects.attrs = {**data.stamp, "definition": joined(fiscal, definition), "where": conditions_as_given(conditions)}
    return DriverModel(
        outcome=outcome,
        outcome_in_words=say(record.words),
        unit="percent" if record.is_time else "percentage points",
        effects=effects,
        level=level,
        contacts=int(cells["contacts"].sum()),
        left_out=left_out + idle,
        clusters=fit.clusters[0],
        within=tuple(as_given(name) for name in strata),
        definition=definition,
        currency=data.currency,
        source=data.settings.name,
        presentation=data.presentation,
    )


def stratum_of(cells: pd.DataFrame, strata: tuple[str, ...]) -> np.ndarray:
    """The stratum of each cell, in whole numbers from 0."""
    if not strata:
        return np.zeros(len(cells), dtype="int64")
    return cells.groupby(list(keys_of(strata)), dropna=False, sort=False).ngroup().to_numpy()


def strata_of(data: Dataset, drivers: tuple[str, ...], within: Iterable[str] | None) -> tuple[str, ...]:
    """What the strata are made of: as given, else the work and month that the contacts name."""
    if within is not None:
        named = [within] if isinstance(within, str) else within
        given = tuple(dict.fromkeys(held_key(data, name) for name in named))
        for name in given:
            if name in KEYS:
                check_column(data, name)
            else:
                check_keys(data, (name,))
        return given
    # A queue is a finer channel: within one, channels cannot be compared.
    studied = {*drivers, "queue"} if "channel" in drivers else {*drivers}
    work = [name for name in ("channel", "queue", "reason", "product") if data.has("contacts", name)]
    return tuple(name for name in (*work, "month") if name not in studied)


def like_work(
    data: Dataset, outcome: Outcome, keys: tuple[str, ...], strata: tuple[str, ...], conditions: Conditions,
    grain: str = "month",
) -> tuple[pd.DataFrame, int]:  # fmt: skip
    """The cells of an outcome with the columns of drivers and strata, and how many contacts they leave out."""
    clusters = _clusters(data, outcome, keys)
    groups = ("staffing_group", grain) if LOAD in keys else ()
    wanted = (*keys_of(key for key in keys if key != LOAD), *keys_of(strata))
    every = tuple(dict.fromkeys((*wanted, *conditions, *clusters, *groups)))
    if "agent_id" in every and not data.has("contacts", "agent_id"):
        raise InvalidInputError(
            "Intervals are clustered by agent and need `contacts.agent_id`; the contacts have none."
        )
    cells = outcome_cells(data, outcome, every)
    if conditions:
        cells = cells[matching(cells, conditions, data.calendar)]
    if LOAD in keys:
        load = group_load(data, grain)
        index = pd.MultiIndex.from_arrays([cells[grain], cells["staffing_group"]])
        cells = cells.assign(load=load.reindex(index).to_numpy())
    usable = _has_agent(cells, clusters)
    usable &= cells["load"].notna() if LOAD in keys else True
    whole = cells["contacts"].sum()
    cells = cells[usable & (cells["contacts"] > 0)]
    for cluster in clusters:
        found = cells[cluster].nunique()
        if found < FEWEST_CLUSTERS:
            raise InvalidInputError(
                f"Intervals are clustered by {_NOUNS[cluster]} and need at least {FEWEST_CLUSTERS} of them, got "
                f"{found}. Choose a wider `where`."
            )
    return cells.reset_index(drop=True), int(whole - cells["contacts"].sum())


def _clusters(data: Dataset, outcome: Outcome, drivers: tuple[str, ...]) -> tuple[str, ...]:
    """What contacts may be alike within: that of the outcome, and the agent where a driver is known only of agents."""
    own = set(agent_keys(data)) - set(data.columns("contacts")) | {"agent_id", "tenure"}
    of_agents = not own.isdisjoint(drivers)
    return tuple(dict.fromkeys((outcome.clusters, *(("agent_id",) if of_agents else ()))))


def _has_agent(cells: pd.DataFrame, clusters: tuple[str, ...]) -> pd.Series:
    """Which cells can be left out with their agent, where that is a way of clustering."""
    if "agent_id" not in clusters:
        return pd.Series(True, index=cells.index)
    return cells["agent_id"].notna() & (cells["agent_id"] != UNKNOWN)


def _fitted(
    data: Dataset, cells: pd.DataFrame, terms: list[Term], groups: np.ndarray, outcome: Outcome,
    drivers: tuple[str, ...], strata: tuple[str, ...],
) -> Fit:  # fmt: skip
    compared = [term for term in terms if not term.is_reference]
    matrix = np.stack([term.values for term in compared], axis=1)
    amount, contacts = (cells[name].to_numpy(dtype="float64") for name in ("amount", "contacts"))
    copies = dependent_columns(matrix, contacts, groups)
    if copies:
        raise _not_told_apart(compared, copies[0], matrix, contacts, groups, strata)
    clusterings = [pd.factorize(cells[name])[0] for name in _clusters(data, outcome, drivers)]
    fit = (fit_times if outcome.is_time else fit_shares)(amount, contacts, matrix, groups, clusterings)
    if outcome.is_time and np.abs(fit.effects).max() > _FARTHEST:
        far = compared[int(np.argmax(np.abs(fit.effects)))]
        raise InvalidInputError(
            f"The {outcome.words} of `{as_given(far.driver)}` '{far.level}' and '{far.reference}' has no ratio: one of "
            f"them has no time on like work. Leave `{as_given(far.driver)}` out of `drivers`, or choose a coarser "
            "`within`."
        )
    return fit


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
    inside = f" within {listed(map(as_given, strata))}" if strata else ""
    named = " and ".join(f"`{as_given(name)}`" for name in others)
    return InvalidInputError(
        f"`{as_given(driver)}` and {named} cannot be told apart{inside}: one follows from the other. Leave one of them "
        "out."
    )


def _definition(
    outcome: Outcome, cells: pd.DataFrame, left_out: tuple[int, int], drivers: tuple[str, ...],
    strata: tuple[str, ...], clusters: tuple[int, ...], level: float,
) -> str:  # fmt: skip
    names = [outcome.clusters, "agent_id"][: len(clusters)]
    who = [say(_COUNTED[name], count=number(count)) for name, count in zip(names, clusters, strict=True)]
    unknown, idle = left_out
    compared = say(
        "{outcome} of {count} contacts by {drivers}, compared {like}, as {kind}; {level} percent intervals over {who}, "
        "for all levels of a driver together.",
        outcome=say(outcome.subject), count=number(cells["contacts"].sum()), drivers=columns_said(drivers),
        like=say("within {columns}", columns=columns_said(strata)) if strata else say("over all work"),
        kind=say("ratios of times") if outcome.is_time else say("differences of shares"), level=level_in_words(level),
        who=who[0] if len(who) == 1 else say("{first} or {last}, whichever is wider", first=who[0], last=who[1]),
    )  # fmt: skip
    return joined(
        compared,
        say("{count} contacts without a known agent or load are left out.", count=number(unknown)) if unknown else "",
        say("{count} contacts in strata without any time are left out.", count=number(idle)) if idle else "",
        say("It says what goes together, not what causes it."),
    )


def columns_said(names: tuple[str, ...]) -> str:
    """The names of columns in a sentence."""
    return listed_said(*(column_said(as_given(name)) for name in names))
