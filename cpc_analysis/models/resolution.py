"""Resolution: how many contacts settle the matter, what an issue costs, and who comes back after self-service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cpc_analysis.cells.issues import CAME_BACK, CLOSED, CONTAINED, FIRST, ISSUE, NO_CUSTOMER, OPEN, REPEAT, RETURN
from cpc_analysis.cells.work import check_keys
from cpc_analysis.costing.shares import costing_in_words
from cpc_analysis.errors import InvalidInputError
from cpc_analysis.glossary import describe
from cpc_analysis.measuring.parts import complete_rows, part_sums
from cpc_analysis.metrics.cost import cost_per_contact
from cpc_analysis.models.availability import measure_available

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = ["RESOLUTION", "containment", "issue_costs", "resolution"]

#: The quantities of `resolution`, in their order.
RESOLUTION = (
    "contacts", "identified_share", "first_contact_resolution", "reported_resolution", "surveyed_resolution",
    "repeat_rate",
)  # fmt: skip


def resolution(
    data: Dataset, by: str | Sequence[str] = (), where: Mapping[str, object] | None = None,
    interval: float | None = None,
) -> pd.DataFrame:  # fmt: skip
    """How many contacts settle the matter: by what customers do, what agents report, and what customers say.

    Parameters
    ----------
    data : Dataset
        With `contacts.customer_id`.
    by : str or sequence of str
        Columns of contacts or agents, and periods.
    where : mapping, optional
        As for `measure`.
    interval : float, optional
        Level of confidence intervals, such as 0.95, as for `measure`; needs no `contacts`.

    Returns
    -------
    pandas.DataFrame
        The `by` columns; `contacts`, `identified_share`, `first_contact_resolution`, `reported_resolution`,
        `surveyed_resolution`, `repeat_rate` as of `measure`, missing where the dataset does not record them;
        `few_contacts`, `complete`. ``attrs["definition"]`` says the window and how many customers are known.

    Raises
    ------
    UnknownNameError
        If there is no such column.
    InvalidInputError
        If no customer is known.

    Notes
    -----
    First-contact resolution is over first contacts of identified customers whose window has closed, after one window
    from the start of the log. Who is not identified is counted neither as resolved nor as not.

    Examples
    --------
    >>> from cpc_analysis import load_sample
    >>> frame = resolution(load_sample(), where={"month": "2025-05"})
    >>> frame[["identified_share", "first_contact_resolution"]].round(2).values.tolist()
    [[0.85, 0.87]]
    """
    _need_customers(data, "resolution")
    keys = (by,) if isinstance(by, str) else tuple(by)
    names = RESOLUTION if interval is None else tuple(name for name in RESOLUTION if not describe(name).additive)
    frame = measure_available(data, names, keys, where, interval=interval)
    coverage = measure_available(data, ["identified_share"], (), where)["identified_share"].iloc[0]
    window = data.counting.repeat_window
    frame.attrs["definition"] = (
        f"First contacts of a customer for a reason that no other followed within {window}, over those whose {window} "
        f"have ended, leaving out the log's first {window}; {_percent(coverage)} of contacts have a known customer. "
        "Reported: as marked on the contact. Surveyed: as customers answer."
    )
    return frame


def issue_costs(data: Dataset, by: str | Sequence[str] = (), where: Mapping[str, object] | None = None) -> pd.DataFrame:
    """What an issue costs from its first contact to the last repeat, reconciled to the ledger.

    Parameters
    ----------
    data : Dataset
        With `contacts.customer_id`.
    by : str or sequence of str
        Columns of contacts or agents, and periods.
    where : mapping, optional
        Filters after costing, as for `measure`.

    Returns
    -------
    pandas.DataFrame
        The `by` columns; `closed_issues` and `open_issues`, those that begin in the row [issues];
        `cost_per_closed_issue` [currency per issue]; `repeats` [contacts], `cost_of_repeats` [currency]; the cost
        `on_closed_issues`, `on_open_issues`, `on_unknown_customers`, `on_other_work` and `unallocated`, which add up
        to `total_cost` [currency]; `complete`.

    Raises
    ------
    UnknownNameError
        If there is no such column.
    InvalidInputError
        If no customer is known, or there are no costs.

    Notes
    -----
    An issue is a first contact and its repeats: one customer, one reason, within the window from the first. It is
    closed when that window ended before the log does; what lies on open issues is shown, not divided. Other work is
    outbound, self-served, abandoned and internal contacts, and work outside the log.

    Examples
    --------
    >>> from cpc_analysis import load_sample
    >>> row = issue_costs(load_sample(), where={"month": "2025-05"}).iloc[0]
    >>> parts = row.filter(regex="^on_|unallocated").sum()
    >>> bool(abs(parts - row["total_cost"]) < 1e-6 * row["total_cost"])
    True
    """
    _need_customers(data, "issue_costs")
    keys = (by,) if isinstance(by, str) else tuple(dict.fromkeys(by))
    # Each contact of its own: joining repeats is what is done here.
    single = data.replace(counting=replace(data.counting, unit="contact"))
    rows = _sums(single, ("total_cost", "contacts"), keys, dict(where or {}), ISSUE)
    state, part = (rows[ISSUE].str.split(", ").str[place] for place in (0, 1))
    nowhere = state.isna()
    places = {"on_closed_issues": state == CLOSED, "on_open_issues": state == OPEN,
              "on_unknown_customers": state == NO_CUSTOMER}  # fmt: skip
    other = ~(nowhere | np.logical_or.reduce(list(places.values())))
    places |= {"on_other_work": other, "unallocated": nowhere}
    is_repeat = part == REPEAT
    rows = rows.assign(
        closed_issues=rows["counted"] * ((state == CLOSED) & (part == FIRST)),
        open_issues=rows["counted"] * ((state == OPEN) & (part == FIRST)),
        repeats=rows["counted"] * is_repeat,
        cost_of_repeats=rows["total_cost"] * is_repeat,
        **{name: rows["total_cost"] * chosen for name, chosen in places.items()},
    )
    counts = ["closed_issues", "open_issues", "repeats"]
    frame = _by(rows, keys, [*counts, "cost_of_repeats", *places, "total_cost"])
    complete = complete_rows(data, frame, keys)
    ratio = cost_per_contact(frame["on_closed_issues"], frame["closed_issues"])
    frame["cost_per_closed_issue"] = np.where(complete & frame["_in_ledger"], ratio, np.nan)
    result = frame.astype(dict.fromkeys(counts, "int64"))[
        [*keys, "closed_issues", "open_issues", "cost_per_closed_issue", "repeats", "cost_of_repeats", *places,
         "total_cost"]
    ].assign(complete=complete)  # fmt: skip
    window = data.counting.repeat_window
    result.attrs = {
        "definition": f"Cost per closed issue: the costs on issues whose {window} have ended, over those issues; an "
        f"issue is a first contact of a customer for a reason, and what repeats it within {window}. "
        f"{costing_in_words(data)}",
        "currency": data.currency, "source": data.settings.name, "by": list(keys),
    }  # fmt: skip
    return result


def containment(data: Dataset, by: str | Sequence[str] = (), where: Mapping[str, object] | None = None) -> pd.DataFrame:
    """How much of self-service stays there: sessions whose customer does not come to an agent within the window.

    Parameters
    ----------
    data : Dataset
        With `contacts.customer_id`; self-service sessions are contacts with the outcome ``"self_served"``.
    by : str or sequence of str
        Columns of contacts, and periods. A session and the contact after it each lie in their own row.
    where : mapping, optional
        Filters after costing, as for `measure`.

    Returns
    -------
    pandas.DataFrame
        The `by` columns; `sessions`, all that self-service ended; `identified_share` of them; `judged`, the
        identified ones whose window has closed; `net_containment`, the share of these whose customer did not come
        back; `returns`, the contacts that came first after a session, and `cost_of_failed_containment`, what they
        cost [currency]; `complete`.

    Raises
    ------
    UnknownNameError
        If there is no such column.
    InvalidInputError
        If no customer is known, or there are no costs.

    Notes
    -----
    The window is `Counting.repeat_window`. Who asks for an agent comes back, also if he gives up waiting; a session
    with a reason is followed only by a contact for the same reason. What those cost whose customer is not known is
    not estimated.

    Examples
    --------
    >>> from cpc_analysis import load_sample
    >>> row = containment(load_sample(), where={"month": "2025-05"}).iloc[0]
    >>> int(row["sessions"]), round(float(row["net_containment"]), 3)
    (3443, 0.996)
    """
    _need_customers(data, "containment")
    keys = (by,) if isinstance(by, str) else tuple(dict.fromkeys(by))
    rows = _sums(data, ("total_cost", "self_service_sessions", "offered_contacts"), keys, dict(where or {}), RETURN)
    sessions, state = rows["self_served"], rows[RETURN]
    rows = rows.assign(
        sessions=sessions,
        identified=sessions * state.isin([CONTAINED, CAME_BACK, OPEN]),
        judged=sessions * state.isin([CONTAINED, CAME_BACK]),
        contained=sessions * (state == CONTAINED),
        returns=rows["offered"] * (state == REPEAT),
        cost_of_failed_containment=rows["total_cost"] * (state == REPEAT),
    )
    names = ["sessions", "identified", "judged", "contained", "returns", "cost_of_failed_containment"]
    frame = _by(rows, keys, names)
    complete = complete_rows(data, frame, keys)
    frame = frame.assign(
        identified_share=cost_per_contact(frame["identified"], frame["sessions"]),
        net_containment=cost_per_contact(frame["contained"], frame["judged"]),
    )
    result = frame.astype(dict.fromkeys(("sessions", "judged", "returns"), "int64"))[
        [*keys, "sessions", "identified_share", "judged", "net_containment", "returns", "cost_of_failed_containment"]
    ].assign(complete=complete)
    coverage = float(cost_per_contact(frame["identified"].sum(), frame["sessions"].sum()))
    result.attrs = {
        "definition": "Net containment: self-service sessions after which the customer did not ask for an agent "
        f"within {data.counting.repeat_window}, over sessions whose {data.counting.repeat_window} have ended; "
        f"{_percent(coverage)} of sessions have a known customer. {costing_in_words(data)}",
        "currency": data.currency, "source": data.settings.name, "by": list(keys),
    }  # fmt: skip
    return result


def _need_customers(data: Dataset, what: str) -> None:
    if not data.has("contacts", "customer_id"):
        raise InvalidInputError(
            f"`{what}` needs `contacts.customer_id`, a pseudonym that tells whose contacts repeat; the contacts have "
            "none."
        )


def _sums(
    data: Dataset, names: tuple[str, ...], keys: tuple[str, ...], conditions: dict[str, object], part: str
) -> pd.DataFrame:
    check_keys(data, tuple(dict.fromkeys((*keys, *conditions))))
    return part_sums(data, [describe(name) for name in names], (*keys, part), conditions)


def _by(rows: pd.DataFrame, keys: tuple[str, ...], names: list[str]) -> pd.DataFrame:
    """The rows summed by the keys, with what is known of their periods."""
    how = dict.fromkeys(names, "sum") | {"_complete": "min", "_in_ledger": "max"}
    if keys:
        return rows.groupby(list(keys), dropna=False, as_index=False).agg(how)
    return rows.agg(how).to_frame().T.astype(dict.fromkeys(names, "float64")).astype({"_in_ledger": bool})


def _percent(share: float) -> str:
    return f"{100 * share:.0f} percent" if np.isfinite(share) else "none"
