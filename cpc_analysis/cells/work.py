"""The work of the centre in cells: contacts with their dimensions filled in, and work outside the contact log."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cpc_analysis.cells.contacts import BASE_KEYS, contact_cells, sums_of
from cpc_analysis.cells.counting import OWN_CHANNEL
from cpc_analysis.cells.derived import CLOCK, is_derived
from cpc_analysis.cells.scans import month_keys
from cpc_analysis.cells.shifts import agent_columns
from cpc_analysis.cells.spans import by_days, with_lent_work, with_periods
from cpc_analysis.errors import InvalidInputError, UnknownNameError
from cpc_analysis.periods import GRAINS
from cpc_analysis.schema import OTHER_WORK, TABLES, UNKNOWN, Kind
from cpc_analysis.tables.naming import as_given, held

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = [
    "PAYERS",
    "agent_keys",
    "asked_keys",
    "check_keys",
    "column_of_scope",
    "held_key",
    "in_order",
    "raw_keys",
    "with_dimensions",
    "work_frame",
]

#: Who did the work of a cell: the agent, the staffing group, and the loaded wage of an hour.
PAYERS = ("agent_id", "staffing_group", "loaded_wage")


def agent_keys(data: Dataset) -> tuple[str, ...]:
    """The agent columns that can be grouped by: those of the agents table, and the agent."""
    own = tuple(name for name in data.columns("agents") if name not in ("valid_from", "valid_to"))
    return tuple(dict.fromkeys(("agent_id", *own))) if own or data.has("contacts", "agent_id") else ()


def column_of_scope(scope: str) -> str:
    """The column of work that a scope of costs names: a channel is that of the contact, wherever it counts."""
    return OWN_CHANNEL if scope == "channel" else scope


def asked_keys(data: Dataset, by: str | Iterable[str], taken: Iterable[str] = ()) -> tuple[str, ...]:
    """The columns and periods that a question groups by, as they are held, each once.

    Parameters
    ----------
    data : Dataset
        The dataset.
    by : str or iterable of str
        Their names, as the user gives them.
    taken : iterable of str
        Columns that the result has of its own.

    Raises
    ------
    UnknownNameError
        If there is no such column.
    InvalidInputError
        If the column holds amounts or times, rows of the log stand for longer than the period asked for, or the result
        has a column of that name.
    """
    keys = tuple(dict.fromkeys(held_key(data, str(name)) for name in ([by] if isinstance(by, str) else by)))
    check_keys(data, keys)
    for key in keys:
        if as_given(key) in taken:
            raise InvalidInputError(
                f"`{as_given(key)}` is a column of the result itself and cannot be grouped by: give the column of the "
                "data another name."
            )
    return keys


def held_key(data: Dataset, name: str) -> str:
    """The name under which a column that the user names is held; the name itself where there is no such column."""
    own, columns = held(name), {*data.columns("contacts"), *agent_keys(data)}
    return own if own in columns and name not in GRAINS else name


def check_keys(data: Dataset, keys: tuple[str, ...]) -> None:
    """Raise when a key is neither a period, a weekday or a half-hour, nor a column of contacts or agents.

    Raises
    ------
    UnknownNameError
        If there is no such column.
    InvalidInputError
        If the column holds amounts or times, or rows of the log stand for longer than the period asked for.
    """
    contacts = data.columns("contacts")
    known = [*GRAINS, *CLOCK, *contacts, *agent_keys(data)]
    for key in keys:
        if key not in known:
            raise UnknownNameError("column to group by", as_given(key), map(as_given, known))
        kinds = {column.name: column.kind for column in TABLES["contacts"].columns}
        if kinds.get(key) in (Kind.SECONDS, Kind.TIME):
            raise InvalidInputError(
                f"`{key}` holds {kinds[key].value} and cannot be grouped by; "
                f"group by a period ({', '.join(data.settings.grains)}) or a dimension."
            )
    _check_coverage_of_rows(data, keys)


def _check_coverage_of_rows(data: Dataset, keys: tuple[str, ...]) -> None:
    longer = {"day": {"week", "month"}, "week": {"month"}, "weekday": {"week", "month"},
              "half_hour": {"day", "week", "month"}}  # fmt: skip
    own = data.columns("contacts")
    finer = [key for key in keys if key in longer and key not in own]
    if not finer or not data.has("contacts", "covers"):
        return
    covers = data.on_engine("contacts").covers
    longest = set(data.engine.connection.execute(covers.as_table().distinct())["covers"].dropna())
    for key in finer:
        coarse = longest & longer[key]
        if coarse:
            raise InvalidInputError(
                f"`contacts.covers` says that rows stand for a whole {min(coarse)}, so they cannot be grouped by "
                f"{key}. Group by {max(coarse)} or coarser."
            )


def work_frame(
    data: Dataset, keys: tuple[str, ...], sums: tuple[str, ...] = (), payers: bool = False,
    scopes: tuple[str, ...] = (),
) -> pd.DataFrame:  # fmt: skip
    """Every cell of work with the keys asked for, missing dimensions filled in.

    Parameters
    ----------
    data : Dataset
        The dataset.
    keys : tuple of str
        Columns and periods asked for.
    sums : tuple of str
        Further sums of contacts.
    payers : bool
        Also by who worked (`PAYERS`), and with the rows of the `hours` table.
    scopes : tuple of str
        Scope columns that the ledger uses.

    Returns
    -------
    pandas.DataFrame
        The keys of the month, those asked for, `BASE_KEYS`, `OWN_CHANNEL` as of `contact_cells`, the sums, and
        `is_contact`, false for work outside the contact log; with payers also `LENT` where fiscal months cut months.
    """
    periods = tuple(key for key in keys if key in ("day", "week"))
    needed = tuple(dict.fromkeys((*(key for key in keys if key not in GRAINS), *scopes)))
    raw, by_agent = raw_keys(data, needed)
    queue = ("queue",) if data.counting.exclude_queues and data.has("contacts", "queue") else ()
    raw = tuple(dict.fromkeys((*periods, *raw, *queue)))
    frame = contact_cells(data, raw, payers or by_agent, sums).assign(is_contact=True)
    if payers:
        who = agent_columns(data, frame["worker"], frame["stray_worker"], PAYERS)
        frame = frame.assign(**{f"_{name}": who[name] for name in PAYERS})
        frame = _with_other_work(data, frame, periods, needed)
        frame = with_lent_work(frame, sums_of(data, sums), OWN_CHANNEL, data.calendar)
    return with_periods(with_dimensions(data, frame, needed), keys, data.calendar)


def raw_keys(data: Dataset, needed: tuple[str, ...]) -> tuple[tuple[str, ...], bool]:
    """The columns of contacts to scan by for some dimensions, and whether the agent is needed too."""
    own = (key for key in needed if is_derived(key) or data.has("contacts", key))
    raw = tuple(key for key in own if key not in ("agent_id", *BASE_KEYS))
    return raw, any(key in agent_keys(data) for key in needed)


def with_dimensions(data: Dataset, frame: pd.DataFrame, needed: tuple[str, ...]) -> pd.DataFrame:
    """Cells with every dimension filled in: the contact's own value, else its agent's, else `UNKNOWN`."""
    from_agents = tuple(key for key in needed if key in agent_keys(data))
    known = agent_columns(data, frame["range"], frame["stray"], from_agents) if from_agents else {}
    is_contact = frame.get("is_contact", True)
    filled = {}
    for key in needed:
        values = frame[key] if key in frame else pd.Series(None, index=frame.index, dtype="object")
        if key in known:
            values = values.astype("object").where(values.notna(), known[key])
        missing = values.isna()
        # Work outside of the contact log has no time of day.
        if missing.any() and not (key in CLOCK and pd.api.types.is_numeric_dtype(values)):
            values = values.astype("object").where(~missing, np.where(is_contact, UNKNOWN, OTHER_WORK))
        filled[key] = values
    return frame.assign(**filled)


def _with_other_work(
    data: Dataset, frame: pd.DataFrame, periods: tuple[str, ...], needed: tuple[str, ...]
) -> pd.DataFrame:
    hours = data.frame("hours")
    if hours.empty:
        return frame
    rows = hours.groupby(["period", "staffing_group"], as_index=False)["hours"].sum()
    rows = rows.rename(columns={"period": "month"})
    rows["worked_ms"] = (rows["hours"] * 3_600_000).round().astype("int64")
    rows = by_days(rows, ["worked_ms"], data.calendar)
    of_months = {key: rows[key] for key in month_keys(data)}
    other = pd.DataFrame(
        {
            **of_months,
            "_staffing_group": rows["staffing_group"],
            "worked_ms": rows["worked_ms"],
            "is_contact": False,
            "direction": OTHER_WORK,
            "outcome": OTHER_WORK,
            "channel": OTHER_WORK,
            OWN_CHANNEL: OTHER_WORK,
            "staffing_group": rows["staffing_group"],
            **_of_groups(data, rows["staffing_group"], needed),
        }
    )
    both = pd.concat([frame, other], ignore_index=True)
    numbers = [name for name in frame.columns if frame[name].dtype == "int64" and name not in needed]
    both[numbers] = both[numbers].fillna(0).astype("int64")
    for period in (*periods, *of_months):
        both[period] = both[period].astype("datetime64[us]")
    return both


def _of_groups(data: Dataset, groups: pd.Series, needed: tuple[str, ...]) -> dict[str, pd.Series]:
    """What is the same for all agents of a staffing group, such as its site: its other work has it too."""
    agents = data.frame("agents")
    names = [key for key in needed if key in agent_keys(data) and key in agents and key not in PAYERS]
    found = {}
    for name in names:
        values = agents.groupby("staffing_group")[name].agg(["nunique", "first"])
        found[name] = groups.map(values.loc[values["nunique"] == 1, "first"]).astype("object")
    return found


def in_order(values: pd.Series) -> pd.Series:
    """Values of a key as numbers that sort as they do, those of several kinds too: numbers first, then texts."""
    if values.dtype != "object":
        return values
    known = sorted({*values.dropna()}, key=lambda value: (isinstance(value, str), value))
    return values.map({value: place for place, value in enumerate(known)}).astype("float64")
