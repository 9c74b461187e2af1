"""The same data under every fair definition of cost per contact, and what each changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cpc_analysis.cells.calendar_words import fiscal_in_words
from cpc_analysis.cells.conditions import Conditions, conditions_as_given, read_conditions
from cpc_analysis.cells.counting import counting_key
from cpc_analysis.cells.issues import tells_repeats
from cpc_analysis.cells.spans import as_shown
from cpc_analysis.cells.work import asked_keys, in_order
from cpc_analysis.costing.shares import costing_in_words
from cpc_analysis.errors import InvalidInputError, UnknownNameError
from cpc_analysis.glossary import Quantity, describe
from cpc_analysis.language import in_its_language, joined, say, spoken, term
from cpc_analysis.measuring.calendar import complete_rows, not_in_log
from cpc_analysis.measuring.parts import part_sums
from cpc_analysis.metrics.decomposition import shapley
from cpc_analysis.models.wording import matter_in_words
from cpc_analysis.policy import Counting, Definition, duration_in_words
from cpc_analysis.schema import DIRECTIONS, SELF_SERVED
from cpc_analysis.tables.naming import as_given

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = ["compare_definitions", "definition_named", "definition_said", "definitions"]

OWN = "own"
_NAMES = {
    OWN: term("own"), "answered": term("answered"), "offered": term("offered"), "assisted": term("assisted"),
    "with self-service": term("with self-service"), "inbound only": term("inbound only"),
    "labour only": term("labour only"), "without waiting": term("without waiting"), "issues": term("issues"),
}  # fmt: skip
_COUNTS = {"counted": "contacts", "assisted": "assisted_contacts", "offered": "offered_contacts"}

#: The columns of a comparison; those that it is by stand after the second.
_COLUMNS = (
    "definition", "meaning", "contacts", "cost", "cost_per_contact", "gap", "gap_cost", "gap_contacts", "complete",
)  # fmt: skip


@in_its_language
def definitions(data: Dataset) -> tuple[Definition, ...]:
    """The project's own definition, the fair ones, and those that the project has given names.

    Parameters
    ----------
    data : Dataset
        Its counting policy is the own definition, and what the others start from.

    Raises
    ------
    InvalidInputError
        If the project gives its definition the name of another.
    """
    own = data.counting
    usual = replace(own, directions=DIRECTIONS, outcomes=("answered",), unit="conversation")
    with_sessions = replace(usual, outcomes=("answered", SELF_SERVED))
    found = [
        Definition(OWN, say("All costs over counted contacts. {counting}", counting=own.in_words()), own),
        Definition("answered", say("All costs over answered contacts of every direction."), usual),
        Definition("offered", say("All costs over all inbound contacts that asked for an agent, answered or not."),
                   own, count="offered"),
        Definition("assisted", say("Costs without those of self-service, over contacts that an agent answered."),
                   usual, "assisted", "assisted"),
        Definition("with self-service", say("All costs over answered contacts and self-service sessions."),
                   with_sessions),
        Definition("inbound only", say("Costs without those on outbound, internal and other work, over answered "
                   "inbound contacts."), replace(usual, directions=("in",)), "inbound"),
        Definition("labour only", say("Salaries and on-costs over counted contacts."), own, "labour"),
        Definition("without waiting", say("Costs without the labour paid for waiting, over counted contacts."), own,
                   "without_waiting"),
    ]  # fmt: skip
    if tells_repeats(data):
        meaning = say(
            "All costs over issues: a first contact of {matter} and its repeats within {window}.",
            matter=matter_in_words(data), window=duration_in_words(own.repeat_window),
        )  # fmt: skip
        found.insert(6, Definition("issues", meaning, replace(usual, unit="issue")))
    taken = {definition.name for definition in found} | {"issues"}
    for definition in data.settings.definitions:
        if definition.name in taken:
            raise InvalidInputError(
                f"[definitions.{definition.name}] of the project file has the name of a fair definition that is always "
                "shown; give it another one."
            )
    return (*found, *data.settings.definitions)


@spoken
def definition_said(name: str) -> str:
    """The name of a definition to read: one that is always shown in the language spoken, a project's as it is.

    Parameters
    ----------
    name : str
        As `compare_definitions` has it in its column `definition`.

    Examples
    --------
    >>> from cpc_analysis.language import in_language
    >>> [in_language(definition_said(name), "da") for name in ("own", "labour only", "board")]
    ['egen', 'kun løn', 'board']
    """
    return say(_NAMES[name]) if name in _NAMES else name


def definition_named(data: Dataset, name: str) -> Definition:
    """The definition of a name.

    Raises
    ------
    UnknownNameError
        If there is none.
    """
    known = {definition.name: definition for definition in definitions(data)}
    if name not in known:
        raise UnknownNameError("definition", name, known)
    return known[name]


@in_its_language
def compare_definitions(
    data: Dataset, by: str | Sequence[str] = (), where: Mapping[str, object] | None = None
) -> pd.DataFrame:
    """The same data under every fair definition, one row per definition and group.

    Parameters
    ----------
    data : Dataset
        The dataset.
    by : str or sequence of str
        Columns of contacts or agents, and periods.
    where : mapping, optional
        Filters after costing, as for `measure`.

    Returns
    -------
    pandas.DataFrame
        `definition`, `meaning`, the `by` columns, `contacts`, `cost` [currency], `cost_per_contact` [currency per
        contact]; `gap`, how much more that is than by the project's own definition, split into `gap_cost`, what the
        other costs did, and `gap_contacts`, what the other count did; and `complete`. Ratios of periods that are not
        complete are missing.

    Raises
    ------
    UnknownNameError
        If there is no such column.
    InvalidInputError
        If the dataset has no costs.

    Notes
    -----
    The split is Shapley's with two factors, cost and contacts; both parts add up to the gap.

    Examples
    --------
    >>> from cpc_analysis import load_sample
    >>> frame = compare_definitions(load_sample(), where={"month": "2025-06"})
    >>> frame.loc[frame["definition"].isin(["own", "offered"]), ["definition", "contacts"]].to_string(index=False)
    'definition  contacts\\n       own   11709.0\\n   offered   12452.0'
    """
    keys, conditions = asked_keys(data, by, taken=_COLUMNS), read_conditions(data, where)
    by_counting = _costs_by_counting(data, keys, conditions)
    whole = _groups([costs["all"] for costs in by_counting.values()], keys)
    groups = whole[list(keys)] if keys else pd.DataFrame(index=[0])
    is_in_log = ~not_in_log(data, whole, keys, conditions)
    parts = []
    for definition in definitions(data):
        counted = _counted(data.replace(counting=definition.counting), definition.count, keys, conditions)
        cost = by_counting[definition.counting][definition.cost]
        contacts = np.where(is_in_log, _at(groups, counted, "count", keys), np.nan)
        rows = groups.assign(contacts=contacts, cost=_at(groups, cost, "cost", keys))
        # As an object, a text can be said again in another language.
        meaning = pd.Series([joined(definition.meaning)] * len(rows), rows.index, dtype="object")
        parts.append(rows.assign(definition=definition.name, meaning=meaning))
    known = whole["_known"].to_numpy(dtype=bool)
    complete = complete_rows(data, whole, keys, conditions)
    frame = pd.concat([_with_gap(rows, parts[0], known & complete) for rows in parts], ignore_index=True)
    frame["complete"] = np.tile(complete, len(parts))
    result = frame[[*_COLUMNS[:2], *keys, *_COLUMNS[2:]]]
    result.attrs = {
        "definition": joined(fiscal_in_words(data, keys, conditions), data.counting.in_words(), costing_in_words(data)),
        **data.stamp,
        "by": [as_given(key) for key in keys],
        "where": conditions_as_given(conditions),
    }
    return as_shown(result, data.calendar)


def _costs_by_counting(
    data: Dataset, keys: tuple[str, ...], conditions: Conditions
) -> dict[Counting, dict[str, pd.DataFrame]]:
    """The costs of `_costs` for the counting of every definition: by channel they lie where contacts count."""
    found: dict[Counting, dict[str, pd.DataFrame]] = {}
    made: dict[object, dict[str, pd.DataFrame]] = {}
    for definition in definitions(data):
        counted = data.replace(counting=definition.counting)
        place = counting_key(counted) if "channel" in {*keys, *conditions} else None
        if place not in made:
            made[place] = _costs(counted, keys, conditions)
        found[definition.counting] = made[place]
    return found


def _groups(frames: list[pd.DataFrame], keys: tuple[str, ...]) -> pd.DataFrame:
    """The groups that any of some costs has, in order, with whether their cost is known and they are complete."""
    if not keys:
        return frames[0]
    every = pd.concat(frames, ignore_index=True).drop_duplicates(list(keys))
    return every.sort_values(list(keys), kind="stable", na_position="last", key=in_order, ignore_index=True)


def _costs(data: Dataset, keys: tuple[str, ...], conditions: Conditions) -> dict[str, pd.DataFrame]:
    """The cost by the name that a definition gives it, by group."""
    money = [describe(name) for name in ("total_cost", "cost_per_assisted_contact", "labour_cost_per_contact",
                                         "waiting_cost")]  # fmt: skip
    sums = part_sums(data, money, keys, conditions)
    names = [*keys, "_in_ledger", "_complete"]
    base = sums[names].rename(columns={"_in_ledger": "_known"})
    inbound = _inbound(data, money[0], keys, conditions)
    found = {
        "all": sums["total_cost"],
        "assisted": sums["assisted_cost"],
        "labour": sums["labour_cost"],
        "without_waiting": (sums["total_cost"] - sums["waiting_cost"]).where(sums["_waiting"]),
    }
    frames = {name: base.assign(cost=values) for name, values in found.items()}
    return {**frames, "inbound": inbound.rename(columns={"total_cost": "cost"})}


def _inbound(data: Dataset, record: Quantity, keys: tuple[str, ...], conditions: Conditions) -> pd.DataFrame:
    """All costs but those that lie on work of other directions; what nothing can carry stays."""
    rows = part_sums(data, [record], tuple(dict.fromkeys((*keys, "direction"))), conditions)
    chosen = rows[rows["direction"].isna() | (rows["direction"] == "in")]
    if not keys:
        return pd.DataFrame({"total_cost": [chosen["total_cost"].sum()]})
    return chosen.groupby(list(keys), dropna=False, as_index=False)["total_cost"].sum()


def _counted(data: Dataset, count: str, keys: tuple[str, ...], conditions: Conditions) -> pd.DataFrame:
    record = describe(_COUNTS[count])
    return part_sums(data, [record], keys, conditions).rename(columns={record.numerator: "count"})


def _at(groups: pd.DataFrame, found: pd.DataFrame, column: str, keys: tuple[str, ...]) -> np.ndarray:
    """A column of other groups at these, zero where they have none."""
    if not keys:
        return found[column].to_numpy(dtype="float64")[:1]
    both = groups.merge(found[[*keys, column]], on=list(keys), how="left", indicator="found")
    return both[column].where(both["found"] == "both", 0.0).to_numpy()


def _with_gap(rows: pd.DataFrame, own: pd.DataFrame, known: np.ndarray) -> pd.DataFrame:
    """Rows with the ratio, its gap to the own definition, and what cost and contacts did of it."""
    counts = [frame["contacts"].to_numpy(dtype="float64") for frame in (own, rows)]
    costs = [frame["cost"].to_numpy(dtype="float64") for frame in (own, rows)]
    shares = [np.divide(1.0, count, out=np.full(len(count), np.nan), where=known & (count > 0)) for count in counts]
    effects = shapley(lambda cost, share: cost * share, [costs[0], shares[0]], [costs[1], shares[1]])
    ratio = costs[1] * shares[1]
    return rows.assign(
        cost_per_contact=ratio, gap=ratio - costs[0] * shares[0], gap_cost=effects[0], gap_contacts=effects[1]
    )
