"""Resolution: how many contacts settle the matter, and what an issue costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cpc_analysis.cells.calendar_words import fiscal_in_words
from cpc_analysis.cells.conditions import Conditions, conditions_as_given, read_conditions
from cpc_analysis.cells.issues import CLOSED, FIRST, ISSUE, NO_CUSTOMER, OPEN, REPEAT, check_repeats
from cpc_analysis.cells.spans import as_shown
from cpc_analysis.cells.work import asked_keys
from cpc_analysis.costing.coverage import windows_in_words
from cpc_analysis.costing.shares import costing_in_words
from cpc_analysis.glossary import describe
from cpc_analysis.language import in_its_language, joined, say
from cpc_analysis.measuring import measure
from cpc_analysis.measuring.calendar import complete_rows
from cpc_analysis.measuring.parts import part_sums
from cpc_analysis.measuring.quantities import ENOUGH
from cpc_analysis.metrics.cost import cost_per_contact
from cpc_analysis.models.availability import measure_available
from cpc_analysis.models.wording import known_share_in_words, matter_in_words
from cpc_analysis.policy import duration_in_words
from cpc_analysis.tables.naming import as_given

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = ["RESOLUTION", "cost_of_resolution", "issue_costs", "resolution"]

#: The quantities of `resolution`, in their order.
RESOLUTION = (
    "contacts", "identified_share", "first_contact_resolution", "reported_resolution", "surveyed_resolution",
    "repeat_rate",
)  # fmt: skip


@in_its_language
def resolution(
    data: Dataset, by: str | Sequence[str] = (), where: Mapping[str, object] | None = None,
    interval: float | None = None,
) -> pd.DataFrame:  # fmt: skip
    """How many contacts settle the matter: by what customers do, what agents report, and what customers say.

    Parameters
    ----------
    data : Dataset
        With `contacts.customer_id`, or without it `contacts.parent_contact_id`.
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
        If neither customers nor parents tell what repeats.

    Notes
    -----
    First-contact resolution is over first contacts of identified customers whose window has closed, after one window
    from the start of the log. Who is not identified is counted neither as resolved nor as not. Contacts without a
    reason count as a reason of their own. Where the contacts have parents and no customers, a contact is identified by
    its chain of parents, whatever its reason: one that nobody follows up is a chain of one, and so resolved once its
    window has closed; a follow-up after the window is a first contact again.

    Examples
    --------
    >>> from cpc_analysis import load_sample
    >>> frame = resolution(load_sample(), where={"month": "2025-05"})
    >>> frame[["identified_share", "first_contact_resolution"]].round(2).values.tolist()
    [[0.85, 0.87]]
    """
    check_repeats(data, "`resolution`")
    keys = (by,) if isinstance(by, str) else tuple(by)
    names = RESOLUTION if interval is None else tuple(name for name in RESOLUTION if not describe(name).additive)
    frame = measure_available(data, names, keys, where, interval=interval)
    window = duration_in_words(data.counting.repeat_window)
    words = say(
        "First contacts of {matter} that no other followed within {window}, over those whose window has ended, leaving "
        "out the log's first {window}; {coverage}. Reported: as marked on the contact. Surveyed: as customers answer.",
        matter=matter_in_words(data),
        window=window,
        coverage=_coverage(data, where),
    )
    frame.attrs["definition"] = joined(words, windows_in_words(data))
    return frame


@in_its_language
def issue_costs(data: Dataset, by: str | Sequence[str] = (), where: Mapping[str, object] | None = None) -> pd.DataFrame:
    """What an issue costs from its first contact to the last repeat, reconciled to the ledger.

    By channel or month cost lies where each contact lies, while an issue counts where it begins: a row may hold the
    cost of a repeat whose issue counts in another.

    Parameters
    ----------
    data : Dataset
        With `contacts.customer_id`, or without it `contacts.parent_contact_id`.
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
        If neither customers nor parents tell what repeats, or there are no costs.

    Notes
    -----
    An issue is a first contact and its repeats: one customer, one reason, within the window from the first; contacts
    without a reason count as a reason of their own. It is closed when that window ended before the log does; what lies
    on open issues is shown, not divided. Where the contacts have parents and no customers, an issue is a chain of
    parents, whatever the reasons: a contact that nobody follows up is a chain of one, and a follow-up after the window
    begins an issue of its own. What belongs to the conversation of another contact lies where that one lies. Other
    work is outbound, self-served, abandoned and internal contacts, and work outside the log.

    Examples
    --------
    >>> from cpc_analysis import load_sample
    >>> row = issue_costs(load_sample(), where={"month": "2025-05"}).iloc[0]
    >>> parts = row.filter(regex="^on_|unallocated").sum()
    >>> bool(abs(parts - row["total_cost"]) < 1e-6 * row["total_cost"])
    True
    """
    check_repeats(data, "`issue_costs`")
    keys, conditions = asked_keys(data, by), read_conditions(data, where)
    # Each contact of its own: joining repeats is what is done here.
    single = data.replace(counting=replace(data.counting, unit="contact"))
    rows = _sums(single, ("total_cost", "contacts"), keys, conditions, ISSUE)
    state, part = (rows[ISSUE].str.split(", ").str[place] for place in (0, 1))
    nowhere = state.isna()
    places = {"on_closed_issues": state == CLOSED, "on_open_issues": state == OPEN,
              "on_unknown_customers": state == NO_CUSTOMER}  # fmt: skip
    other = ~(nowhere | pd.concat(places, axis=1).any(axis=1))
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
    complete = complete_rows(data, frame, keys, conditions)
    ratio = cost_per_contact(frame["on_closed_issues"], frame["closed_issues"])
    frame["cost_per_closed_issue"] = np.where(complete & frame["_in_ledger"], ratio, np.nan)
    result = frame.astype(dict.fromkeys(counts, "int64"))[
        [*keys, "closed_issues", "open_issues", "cost_per_closed_issue", "repeats", "cost_of_repeats", *places,
         "total_cost"]
    ].assign(complete=complete)  # fmt: skip
    result.attrs = {
        "definition": joined(fiscal_in_words(data, keys, conditions), _issues_in_words(data)),
        **data.stamp, "by": [as_given(key) for key in keys], "where": conditions_as_given(conditions),
    }  # fmt: skip
    return as_shown(result, data.calendar)


def _issues_in_words(data: Dataset) -> str:
    window = duration_in_words(data.counting.repeat_window)
    return joined(
        say("Cost per closed issue: the costs on issues whose window has ended, over those issues; an issue is a "
            "first contact of {matter}, and what repeats it within {window}. Costs lie where each contact lies, "
            "issues count where they begin.", matter=matter_in_words(data), window=window),
        windows_in_words(data),
        costing_in_words(data),
    )  # fmt: skip


@in_its_language
def cost_of_resolution(
    data: Dataset, by: str | Sequence[str] = (), where: Mapping[str, object] | None = None
) -> pd.DataFrame:
    """What a settled matter costs: per resolution where contacts are marked as resolved, else per closed issue.

    Parameters
    ----------
    data : Dataset
        With `contacts.resolved`, or with what `issue_costs` needs.
    by : str or sequence of str
        Columns of contacts or agents, and periods.
    where : mapping, optional
        Filters after costing, as for `measure`.

    Returns
    -------
    pandas.DataFrame
        The `by` columns; `cost_of_resolution` [currency per resolution or per closed issue]; `cost_per_contact`
        [currency per contact]; `complete`. ``attrs["quantity"]`` says which, ``"cost_per_resolution"`` or
        ``"cost_per_closed_issue"``, and ``attrs["definition"]`` why.

    Raises
    ------
    UnknownNameError
        If there is no such column.
    InvalidInputError
        If contacts are neither marked nor tell what repeats, or there are no costs.

    Notes
    -----
    Contacts are marked when nine in ten of those that count in `where` say whether they were resolved. All rows are of
    one quantity, so that they compare.

    Examples
    --------
    >>> from cpc_analysis import load_sample
    >>> frame = cost_of_resolution(load_sample(), where={"month": "2025-05"})
    >>> frame.attrs["quantity"]
    'cost_per_resolution'
    """
    keys = tuple(as_given(key) for key in asked_keys(data, by))
    conditions = read_conditions(data, where)
    if _are_marked(data, conditions):
        quantity = "cost_per_resolution"
        frame = measure(data, [quantity, "cost_per_contact"], keys, where)
        definition = joined(say("Contacts say whether they were resolved."), frame.attrs["definition"])
    else:
        check_repeats(data, "`cost_of_resolution` without marks in `contacts.resolved`")
        quantity = "cost_per_closed_issue"
        issues, contacts = issue_costs(data, keys, where), measure(data, "cost_per_contact", keys, where)
        # Both know alike whether a row is complete, which joins them where there are no keys.
        row = [*keys, "complete"]
        frame = issues.merge(contacts[[*row, "cost_per_contact"]], how="left", on=row)
        definition = joined(
            say("Too few contacts say whether they were resolved."), _issues_in_words(data),
            contacts.attrs["definition"],
        )  # fmt: skip
    result = frame.rename(columns={quantity: "cost_of_resolution"})
    result = result[[*keys, "cost_of_resolution", "cost_per_contact", "complete"]]
    result.attrs = {
        "quantity": quantity, "definition": definition, **data.stamp,
        "by": list(keys), "where": conditions_as_given(conditions),
    }  # fmt: skip
    return result


def _are_marked(data: Dataset, conditions: Conditions) -> bool:
    if not data.has("contacts", "resolved"):
        return False
    whole = part_sums(data, [describe("contacts"), describe("reported_resolution")], (), conditions).iloc[0]
    return bool(whole["resolution_recorded"] >= ENOUGH * whole["counted"])


def _coverage(data: Dataset, where: Mapping[str, object] | None) -> str:
    if not data.has("contacts", "customer_id"):
        return say("customers are not recorded")
    share = measure_available(data, ["identified_share"], (), where)["identified_share"].iloc[0]
    return say("{share} of contacts have a known customer", share=known_share_in_words(share))


def _sums(
    data: Dataset, names: tuple[str, ...], keys: tuple[str, ...], conditions: Conditions, part: str
) -> pd.DataFrame:
    return part_sums(data, [describe(name) for name in names], (*keys, part), conditions)


def _by(rows: pd.DataFrame, keys: tuple[str, ...], names: list[str]) -> pd.DataFrame:
    """The rows summed by the keys, with what is known of their periods."""
    how = dict.fromkeys(names, "sum") | {"_complete": "min", "_in_ledger": "max"}
    if keys:
        return rows.groupby(list(keys), dropna=False, as_index=False).agg(how)
    return rows.agg(how).to_frame().T.astype(dict.fromkeys(names, "float64")).astype({"_in_ledger": bool})
