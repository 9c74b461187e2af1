"""Drivers as they enter a regression: levels, their references, and the contrasts between them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cpc_analysis.cells.derived import AT_ONCE, HOUR, TENURE, TENURE_FROM
from cpc_analysis.cells.work import agent_keys, check_keys
from cpc_analysis.errors import InvalidInputError, UnknownNameError, listed
from cpc_analysis.language import say, spoken, term, value_said
from cpc_analysis.measuring.shift_parts import schedule_parts
from cpc_analysis.periods import GRAINS
from cpc_analysis.schema import UNKNOWN
from cpc_analysis.tables.naming import as_given

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset
    from cpc_analysis.models.drivers.outcomes import Outcome

__all__ = [
    "KEYS",
    "LOAD",
    "MOST_LEVELS",
    "Term",
    "check_column",
    "check_drivers",
    "check_times",
    "group_load",
    "keys_of",
    "level_said",
    "never_differs",
    "terms_of",
]

#: Drivers and strata that are worked out, and the keys of the cells that they come from.
KEYS = {"tenure": TENURE, "hour": HOUR, "concurrency": AT_ONCE}
LOAD = "load"
MOST_LEVELS = 100
_MONTHS, _MONTHS_AND_MORE = term("{first} to {last} months"), term("{first} months and more")
_MORE_LOAD, _USUAL_LOAD = term("10 % more"), term("the load as it was")


@dataclass(frozen=True, eq=False)
class Term:
    """One level of a driver against its reference, which is a level of its own.

    Parameters
    ----------
    driver, level, reference : str
        What is compared with what.
    values : ndarray of shape (cells,)
        One where the cell has the level, else zero; of a continuous driver its value.
    step : float
        The effect is that of so much more of `values`.
    base : ndarray of shape (cells,), bool
        The cells of the reference.
    """

    driver: str
    level: str
    reference: str
    values: np.ndarray
    step: float
    base: np.ndarray

    @property
    def is_reference(self) -> bool:
        """Whether the level is the one that others are compared with."""
        return self.level == self.reference


def keys_of(names: Iterable[str]) -> tuple[str, ...]:
    """The keys of the cells that drivers and strata come from."""
    return tuple(KEYS.get(name, name) for name in names)


def check_drivers(data: Dataset, drivers: tuple[str, ...], outcome: Outcome, within: tuple[str, ...]) -> None:
    """Raise when a driver is unknown, is the outcome, or cannot be told apart from the strata."""
    if not drivers:
        raise InvalidInputError("`drivers` must name at least one, such as `tenure`, `product` or `team`; got none.")
    for driver in drivers:
        if drivers.count(driver) > 1:
            raise InvalidInputError(f"`drivers` names '{as_given(driver)}' twice; name each driver once.")
        if driver == outcome.name or driver in outcome.parts:
            raise InvalidInputError(
                f"`{as_given(driver)}` is the outcome, or a part of it, and cannot explain it. Leave it out of "
                "`drivers`."
            )
        if driver == "agent_id":
            raise InvalidInputError(
                "`agent_id` is no driver: single agents are compared with `compare_agents`, which allows for chance."
            )
        if driver in within:
            raise InvalidInputError(
                f"`{as_given(driver)}` is a driver and in `within`: within one {as_given(driver)} it cannot differ. "
                "Leave it out of one."
            )
        check_column(data, driver)
    _check_tenure(drivers, within)


def _check_tenure(drivers: tuple[str, ...], within: tuple[str, ...]) -> None:
    """Raise when tenure, agents and periods stand together, two of which say the third."""
    periods = set(GRAINS) & {*drivers, *within}
    if "agent_id" not in within or "tenure" not in (*drivers, *within) or not periods:
        return
    if not {"tenure", *periods} & set(drivers):
        return
    what = "`agent_id` or the period out of `within`"
    if "tenure" in within:
        what = "`agent_id` or `tenure` out of `within`"
    elif not periods & set(within):
        what = "`agent_id` out of `within`, or the period out of `drivers`"
    raise InvalidInputError(
        "Tenure cannot be told apart from agents and periods together: one agent's tenure grows by a month "
        f"each month. Leave {what}."
    )


def check_column(data: Dataset, driver: str) -> None:
    """Raise when the dataset has no such driver, or lacks what it needs."""
    contacts, agents = data.columns("contacts"), agent_keys(data)
    if driver == "tenure" and "hired_on" not in data.columns("agents"):
        raise InvalidInputError("The driver `tenure` needs `agents.hired_on`; the agents have none.")
    if driver == LOAD and not data.has("shifts"):
        raise InvalidInputError("The driver `load` needs the table `shifts`; the dataset has none.")
    if driver == "concurrency" and "concurrency" not in contacts:
        raise InvalidInputError("The driver `concurrency` needs `contacts.concurrency`; the contacts have none.")
    known = (*KEYS, LOAD, *GRAINS, *contacts, *agents)
    if driver not in known:
        raise UnknownNameError("driver", as_given(driver), map(as_given, known))
    if driver not in (*KEYS, LOAD):
        check_keys(data, (driver,))


def check_times(cells: pd.DataFrame, drivers: tuple[str, ...], strata: np.ndarray, words: str) -> None:
    """Raise when a level of a driver has no time, or none where others did like work: there is no ratio to nothing."""
    live = np.bincount(strata, cells["amount"])[strata] > 0
    for driver in drivers:
        if driver == LOAD:
            continue
        level = cells[KEYS.get(driver, driver)]
        shared = level.groupby(strata).transform("nunique").to_numpy() > 1
        for part, where in ((cells, ""), (cells[shared & live], " on work that others did too")):
            sums = part.groupby(level, sort=False, observed=True)[["contacts", "amount"]].sum()
            idle = sums.index[sums["amount"] <= 0]
            if len(idle):
                count = f"{sums.loc[idle[0], 'contacts']:,.0f}"
                advice = f"Leave out `{as_given(driver)}`" if driver in KEYS else "Leave them out with `where`"
                raise InvalidInputError(
                    f"A level of `{as_given(driver)}` needs some {words} to be compared; the {count} "
                    f"contacts of '{_level_name(driver, idle[0])}' have none{where}. {advice}, or give times that are "
                    "missing as missing and not as zero."
                )


def group_load(data: Dataset, grain: str) -> pd.Series:
    """The logarithm of handled contacts per productive hour, by period and staffing group."""
    rows = schedule_parts(data, (grain, "staffing_group"), labour=False)
    sums = rows.groupby([grain, "staffing_group"])[["handled_contacts", "productive_hours"]].sum()
    sums = sums[(sums > 0).all(axis=1)]
    return np.log(sums["handled_contacts"] / sums["productive_hours"])


def terms_of(cells: pd.DataFrame, drivers: tuple[str, ...], strata: np.ndarray, within: tuple[str, ...]) -> list[Term]:
    """The levels of every driver.

    Levels that never share a stratum cannot be compared. The reference of a level is the one with most contacts -
    of tenure the longest - among those that it can be compared with, if only through others.
    """
    terms: list[Term] = []
    for driver in drivers:
        if driver == LOAD:
            terms.append(_load_term(cells, strata, within))
        else:
            terms += _level_terms(driver, cells, strata, within)
    return terms


def _load_term(cells: pd.DataFrame, strata: np.ndarray, within: tuple[str, ...]) -> Term:
    values = cells[LOAD].to_numpy(dtype="float64")
    if np.ptp(values) == 0:
        raise _constant(LOAD, cells, f"{np.exp(values[0]):.2f} contacts an hour")
    low, high = _bounds(values, strata)
    if (low == high).all():
        raise never_differs(LOAD, within, " Take a finer `unit`, such as 'agent-week', or leave")
    base = np.ones(len(cells), dtype=bool)
    return Term(LOAD, _MORE_LOAD, _USUAL_LOAD, values, float(np.log(1.1)), base)


def _bounds(values: np.ndarray, groups: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    count = int(groups.max()) + 1
    low, high = np.full(count, np.inf), np.full(count, -np.inf)
    np.minimum.at(low, groups, values)
    np.maximum.at(high, groups, values)
    return low, high


def _level_terms(driver: str, cells: pd.DataFrame, strata: np.ndarray, within: tuple[str, ...]) -> list[Term]:
    column = cells[KEYS.get(driver, driver)]
    codes, found = pd.factorize(column, sort=False)
    names = [_level_name(driver, value) for value in found]
    if len(names) == 1:
        raise _constant(driver, cells, names[0])
    if len(names) > MOST_LEVELS:
        raise InvalidInputError(
            f"`{as_given(driver)}` has {len(names):,} values, and a driver can have {MOST_LEVELS}. Choose a coarser "
            "column."
        )
    contacts = np.bincount(codes, weights=cells["contacts"])
    islands = _islands(codes, strata, len(names))
    order = sorted(range(len(names)), key=lambda code: _order(found[code]))
    reference = {}
    for island in set(islands.tolist()):
        members = [code for code in order if islands[code] == island]
        known = [code for code in members if found[code] != UNKNOWN] or members
        reference[island] = known[-1] if driver == "tenure" else max(known, key=lambda code: contacts[code])
    terms = []
    for code in order:
        base = reference[islands[code]]
        terms.append(Term(driver, names[code], names[base], (codes == code).astype("float64"), 1.0, codes == base))
    if all(term.is_reference for term in terms):
        raise never_differs(driver, within)
    return terms


def _islands(levels: np.ndarray, strata: np.ndarray, count: int) -> np.ndarray:
    """For each level, the number of the set of levels that strata connect it with."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    size = count + int(strata.max()) + 1
    links = coo_matrix((np.ones(len(levels)), (levels, strata + count)), shape=(size, size))
    return np.asarray(connected_components(links, directed=False)[1][:count])


def _order(value: object) -> tuple[int, float, str]:
    if value == UNKNOWN:
        return (2, 0.0, "")
    return (0, float(value), "") if isinstance(value, (int, float, np.number)) else (1, 0.0, str(value))


def _level_name(driver: str, value: object) -> str:
    if value == UNKNOWN:
        return UNKNOWN
    if driver == "tenure":
        place = int(value)  # type: ignore[call-overload]
        since = TENURE_FROM[place]
        if place + 1 == len(TENURE_FROM):
            return _MONTHS_AND_MORE.format(first=since)
        return _MONTHS.format(first=since, last=TENURE_FROM[place + 1])
    if driver in KEYS:
        return str(int(value))  # type: ignore[call-overload]
    return f"{value:%Y-%m-%d}" if isinstance(value, pd.Timestamp) else str(value)


@spoken
def level_said(driver: str, level: str) -> str:
    """The level of a driver to read; a value of the user's own as it is.

    Parameters
    ----------
    driver : str
        One of a model's drivers.
    level : str
        As `DriverModel.to_frame` has it in its columns `level` and `reference`.

    Examples
    --------
    >>> from cpc_analysis.language import in_language
    >>> levels = {"tenure": "24 months and more", "load": "10 % more", "channel": "voice", "team": "north"}
    >>> [in_language(level_said(driver, level), "da") for driver, level in levels.items()]
    ['24 måneder og derover', '10 % højere', 'telefon', 'north']
    """
    months = re.findall(r"\d+", level) if driver == "tenure" else []
    if len(months) == 2:
        return say(_MONTHS, first=months[0], last=months[1])
    if months:
        return say(_MONTHS_AND_MORE, first=months[0])
    return say(level) if driver == LOAD else value_said(driver, level)


def _constant(driver: str, cells: pd.DataFrame, value: str) -> InvalidInputError:
    return InvalidInputError(
        f"`{as_given(driver)}` is the same for all {cells['contacts'].sum():,.0f} contacts ('{value}'), so there is "
        "nothing to compare. Choose a driver that differs, or a wider `where`."
    )


def never_differs(driver: str, within: Iterable[str], advice: str = " Leave") -> InvalidInputError:
    """The error for a driver that the strata decide."""
    return InvalidInputError(
        f"`{as_given(driver)}` never differs within a stratum of {listed(map(as_given, within))}, so its effect cannot "
        "be told from theirs."
        f"{advice} out of `within` what decides it."
    )
