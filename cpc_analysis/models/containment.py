"""Containment: how much of self-service stays there, and what those cost who come to an agent after all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from cpc_analysis.cells.calendar_words import fiscal_in_words
from cpc_analysis.cells.conditions import conditions_as_given, matching, read_conditions
from cpc_analysis.cells.derived import CLOCK, OF_SESSION
from cpc_analysis.cells.issues import NO_CUSTOMER, OPEN
from cpc_analysis.cells.returns import CAME_BACK, CAME_BACK_EARLY, CONTAINED, RETURN
from cpc_analysis.cells.scans import month_keys
from cpc_analysis.cells.spans import as_shown
from cpc_analysis.cells.work import asked_keys
from cpc_analysis.costing.coverage import windows_in_words
from cpc_analysis.costing.shares import costing_in_words
from cpc_analysis.errors import InvalidInputError, listed
from cpc_analysis.glossary import describe
from cpc_analysis.language import in_its_language, joined, say
from cpc_analysis.measuring.calendar import complete_rows
from cpc_analysis.measuring.parts import part_sums
from cpc_analysis.metrics.cost import cost_per_contact
from cpc_analysis.models.wording import known_share_in_words
from cpc_analysis.periods import GRAINS
from cpc_analysis.policy import duration_in_words
from cpc_analysis.tables.naming import as_given

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = ["containment"]

#: States of sessions whose customer is known.
_CLOSED, _STILL_OPEN = (CONTAINED, CAME_BACK), (OPEN, CAME_BACK_EARLY)
#: Parts that the rows are summed from: sessions, who came after them, and what those cost.
_PARTS = ("self_service_sessions", "offered_contacts", "cost_per_assisted_contact")
_COUNTS = ("sessions", "judged", "returns", "open_sessions", "open_returns")
_COSTS = ("cost_of_failed_containment", "cost_of_open_returns")


@in_its_language
def containment(data: Dataset, by: str | Sequence[str] = (), where: Mapping[str, object] | None = None) -> pd.DataFrame:
    """How much of self-service stays there: sessions whose customer does not come to an agent within the window.

    Parameters
    ----------
    data : Dataset
        With `contacts.customer_id`; self-service sessions are contacts with the outcome ``"self_served"``.
    by : str or sequence of str
        Columns of contacts, and periods: those of the session. The contact that follows it lies in its row.
    where : mapping, optional
        Which sessions, as for `measure`; the contacts that follow them are taken wherever they lie.

    Returns
    -------
    pandas.DataFrame
        The `by` columns; `sessions`, all that self-service ended; `identified_share` of them; `judged`, the
        identified ones whose window has closed; `net_containment`, the share of these whose customer did not come to
        an agent within it; `returns`, those whose customer did [sessions], and `cost_of_failed_containment`, what
        the contacts that came after them cost [currency]. Beside that base, and not in it: `open_sessions`, the
        identified ones whose window has not closed; `open_returns`, those of them whose customer has come already
        [sessions], and `cost_of_open_returns` [currency]. `complete`, whether the log covers the sessions' periods.

    Raises
    ------
    UnknownNameError
        If there is no such column.
    InvalidInputError
        If no customer is known, a key is not of the contacts, or there are no costs.

    Notes
    -----
    ``net_containment = 1 - returns / judged`` in every row. The window is `Counting.repeat_window`. Who asks for an
    agent comes back, also if he gives up waiting; a session with a reason is followed only by a contact with the same
    reason, one without by any. Of sessions that follow each other without a contact between them each counts; the
    contact after them costs once, in the row of the last one. So a row holds the cost of contacts that may lie in
    another channel or a later month; it is missing where the ledger does not reach that month. What those cost whose
    customer is not known is not estimated. Parents do not stand for customers here: a contact seldom names the session
    before it.

    Examples
    --------
    >>> from cpc_analysis import load_sample
    >>> row = containment(load_sample(), where={"month": "2025-05"}).iloc[0]
    >>> int(row["sessions"]), int(row["judged"]), int(row["returns"]), round(float(row["net_containment"]), 4)
    (3443, 2981, 13, 0.9956)
    """
    if not data.has("contacts", "customer_id"):
        raise InvalidInputError(
            "`containment` needs `contacts.customer_id`, a pseudonym that tells whose contacts repeat; the contacts "
            "have none."
        )
    keys = asked_keys(data, by)
    conditions = read_conditions(data, where)
    rows = _rows_of_sessions(data, tuple(dict.fromkeys((*keys, *conditions))))
    if conditions:
        rows = rows[matching(rows, conditions, data.calendar)]
    frame = _summed(rows, keys)
    frame = frame.assign(
        identified_share=cost_per_contact(frame["identified"], frame["sessions"]),
        net_containment=cost_per_contact(frame["contained"], frame["judged"]),
        returns=frame["judged"] - frame["contained"],
    )
    result = frame.astype(dict.fromkeys(_COUNTS, "int64"))[
        [
            *keys,
            "sessions",
            "identified_share",
            "judged",
            "net_containment",
            "returns",
            "cost_of_failed_containment",
            "open_sessions",
            "open_returns",
            "cost_of_open_returns",
        ]
    ].assign(complete=complete_rows(data, frame, keys, conditions))
    known_share = cost_per_contact(frame["identified"].sum(), frame["sessions"].sum())
    result.attrs = {
        "definition": joined(fiscal_in_words(data, keys, conditions), _definition(data, float(known_share))),
        **data.stamp, "by": [as_given(key) for key in keys], "where": conditions_as_given(conditions),
    }  # fmt: skip
    return as_shown(result, data.calendar)


def _rows_of_sessions(data: Dataset, asked: tuple[str, ...]) -> pd.DataFrame:
    """Sessions, and what followed them with the columns and periods of the session, one row per group."""
    _check_columns(data, asked)
    # Longer periods are known by their month. By month and channel always, so that one scan answers both.
    months = month_keys(data)
    known_by = dict.fromkeys((*months, "channel", *(key for key in asked if key not in GRAINS[3:])))
    of_session = tuple(OF_SESSION + key for key in known_by)
    keys = tuple(dict.fromkeys((*asked, *months, "channel", RETURN, *of_session)))
    rows = part_sums(data, [describe(name) for name in _PARTS], keys, {})
    rows = rows[rows[RETURN].isin((*_CLOSED, *_STILL_OPEN, NO_CUSTOMER))]
    sessions = rows.loc[rows["self_served"] > 0, [*asked, *of_session]].drop_duplicates(list(of_session))
    return rows.drop(columns=list(asked)).merge(sessions, on=list(of_session), how="left")


def _check_columns(data: Dataset, asked: tuple[str, ...]) -> None:
    for key in asked:
        if key not in (*GRAINS, *CLOCK) and not data.has("contacts", key):
            raise InvalidInputError(
                "`containment` can be grouped only by columns of contacts and by periods "
                f"({listed(data.settings.grains)}), got '{as_given(key)}': a self-service session has no agent."
            )


def _summed(rows: pd.DataFrame, keys: tuple[str, ...]) -> pd.DataFrame:
    """The rows summed by the keys; a cost that lies where the ledger does not reach is missing."""
    sessions, state = rows["self_served"], rows[RETURN]
    is_open = state.isin(_STILL_OPEN)
    cost = rows["assisted_cost"].where(rows["_in_ledger"] | (rows["offered"] == 0))
    summed = pd.DataFrame({
        "sessions": sessions,
        "identified": sessions * (state != NO_CUSTOMER),
        "judged": sessions * state.isin(_CLOSED),
        "contained": sessions * (state == CONTAINED),
        "open_sessions": sessions * is_open,
        "open_returns": sessions * (state == CAME_BACK_EARLY),
        "cost_of_failed_containment": cost.where(~is_open, 0.0),
        "cost_of_open_returns": cost.where(is_open, 0.0),
        # What comes after a session does not say how far the log of sessions reaches.
        "_complete": rows["_complete"] | (sessions == 0),
    })  # fmt: skip
    counts = [name for name in summed if name not in (*_COSTS, "_complete")]
    how = dict.fromkeys(counts, "sum") | dict.fromkeys(_COSTS, _sum_if_known) | {"_complete": "min"}
    if keys:
        groups = [rows[key] for key in keys]
        return summed.groupby(groups, dropna=False).agg(how).reset_index()
    whole = {name: summed[name].agg(function) for name, function in how.items()}
    return pd.DataFrame([whole]).astype(dict.fromkeys((*counts, *_COSTS), "float64"))


def _sum_if_known(amounts: pd.Series) -> float:
    return float(amounts.sum(skipna=False)) if len(amounts) else 0.0


def _definition(data: Dataset, known_share: float) -> str:
    window = duration_in_words(data.counting.repeat_window)
    same_reason = (
        say("a session with a reason is followed only by a contact with the same reason")
        if data.has("contacts", "reason")
        else ""
    )
    return joined(
        joined(
            say("Net containment: self-service sessions after which the customer did not ask for an agent within "
                "{window}, over sessions whose window has ended", window=window),
            same_reason,
            say("the contact that came after, and its cost, lie in the row of the session before it"),
            say("{share} of sessions have a known customer.", share=known_share_in_words(known_share)),
            by="; ",
        ),
        windows_in_words(data),
        costing_in_words(data),
    )  # fmt: skip
