"""Causes: what customers contact the centre for, what each costs, and what removing it would be worth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from numbers import Real
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cpc_analysis.cells.conditions import Conditions, conditions_as_given, matching, read_conditions
from cpc_analysis.cells.log_days import covered
from cpc_analysis.cells.small_groups import shown_together
from cpc_analysis.cells.work import asked_keys, held_key, work_frame
from cpc_analysis.costing.coverage import complete_months, is_complete, last_closed_month
from cpc_analysis.costing.ledger import pools
from cpc_analysis.costing.shares import costing_in_words
from cpc_analysis.costing.worth import WORTH, released_hours_on_cells, worth_on_cells
from cpc_analysis.errors import InvalidInputError, UnknownNameError
from cpc_analysis.language import column_said, in_its_language, joined, say, spoken, value_said
from cpc_analysis.metrics.cost import cost_per_contact
from cpc_analysis.models.availability import measure_available
from cpc_analysis.models.selection import checked_period, year_before
from cpc_analysis.models.wording import period_in_words, share_in_words
from cpc_analysis.periods import Period, parse_period
from cpc_analysis.schema import OTHER_WORK, SMALL_GROUPS
from cpc_analysis.tables.naming import as_given

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = ["contact_causes", "removed_in_words", "value_of_removal"]

_CAUSES = (
    "contacts", "share_of_contacts", "cost", "share_of_cost", "cumulative_share", "cost_per_contact", "growth",
    "repeat_rate", "complete",
)  # fmt: skip


@in_its_language
def contact_causes(
    data: Dataset, by: str = "reason", period: str = "", where: Mapping[str, object] | None = None
) -> pd.DataFrame:
    """What customers contact the centre for, and what it costs, dearest first.

    Parameters
    ----------
    data : Dataset
        The dataset.
    by : str
        The column of contacts that names the cause.
    period : str
        A month, quarter or year; the last closed month when empty.
    where : mapping, optional
        Filters after costing, as for `measure`.

    Returns
    -------
    pandas.DataFrame
        The `by` column; `contacts`, `share_of_contacts`; `cost` [currency], `share_of_cost`, `cumulative_share` of
        cost; `cost_per_contact`; `growth`, the contacts against the same period a year before, as a share, infinite
        where there were none then, missing unless the contact log covers the whole of both; `repeat_rate`, missing
        without customers or parents; `complete`, whether contacts and ledger reach the period's end, as for
        `measure`. The cost adds up to that of the period, and is missing beyond the ledger; what lies on other work,
        or on nothing, has no cause and stands last.

    Raises
    ------
    UnknownNameError
        If there is no such column.
    InvalidInputError
        If there are no costs, or the period cannot be read or has no day in the contact log.

    Examples
    --------
    >>> from cpc_analysis import load_sample
    >>> contact_causes(load_sample(), period="2025-06")["reason"].iloc[0]
    'delivery late'
    """
    _check_column(data, by, _CAUSES)
    chosen, conditions = _checked_period(data, period), conditions_as_given(read_conditions(data, where))
    names = ["contacts", "total_cost", "cost_per_contact", "repeat_rate"]
    now = measure_available(data, names, [by], {**conditions, chosen.grain: [str(chosen)]})
    frame = now.rename(columns={"total_cost": "cost"}).assign(
        share_of_contacts=cost_per_contact(now["contacts"], now["contacts"].sum()),
        share_of_cost=now["total_cost"] / now["total_cost"].sum(),
        growth=_growth(data, now, by, chosen, conditions),
        complete=is_complete(chosen, complete_months(data)),
        nowhere=now[by].isna() | (now[by] == OTHER_WORK),
    )
    frame = frame.sort_values(["nowhere", "cost"], ascending=[True, False], kind="stable", ignore_index=True)
    frame["cumulative_share"] = frame["share_of_cost"].cumsum()
    result = frame[[by, *_CAUSES]]
    result.attrs = {
        "definition": joined(
            say("Cost by {column} in {period}.", column=column_said(by), period=period_in_words(chosen)),
            now.attrs["definition"],
        ),
        **data.stamp, "by": [by], "period": str(chosen), "where": conditions,
    }  # fmt: skip
    return result


def _check_column(data: Dataset, by: str, taken: Iterable[str]) -> None:
    key = asked_keys(data, by, taken)[0]
    if not data.has("contacts", key):
        raise UnknownNameError("column of contacts", by, map(as_given, data.columns("contacts")))


def _checked_period(data: Dataset, period: str) -> Period:
    """The period asked for, else the last closed month, of a dataset that has costs."""
    pools(data)
    return checked_period(data, parse_period(period, data.calendar)) if period else last_closed_month(data)


def _growth(data: Dataset, now: pd.DataFrame, by: str, period: Period, conditions: Conditions) -> np.ndarray:
    before = year_before(period)
    if not (covered(data).covers(period) and covered(data).covers(before)):
        return np.full(len(now), np.nan)
    earlier = measure_available(data, ["contacts"], [by], {**conditions, before.grain: str(before)})
    then = now[[by]].merge(earlier[[by, "contacts"]], on=by, how="left")["contacts"].to_numpy(dtype="float64")
    growth = np.asarray(cost_per_contact(now["contacts"], np.nan_to_num(then))) - 1.0
    is_new = (now["contacts"].to_numpy() > 0) & (np.nan_to_num(then) == 0)
    growth = np.where(is_new, np.inf, growth)
    # What was too small to be shown then has not grown from nothing, and the groups shown together are others now.
    is_unknown = (now[by] == SMALL_GROUPS) | (np.isinf(growth) & (earlier[by] == SMALL_GROUPS).any())
    return np.where(is_unknown, np.nan, growth)


@in_its_language
def value_of_removal(
    data: Dataset, share: float | Mapping[str, float] = 1.0, by: str = "reason", period: str = "",
    where: Mapping[str, object] | None = None,
) -> pd.DataFrame:  # fmt: skip
    """What removing a share of each cause would be worth: cash, cost avoided later, and paid time released.

    Parameters
    ----------
    data : Dataset
        The dataset.
    share : float or mapping of str to float
        The share of the contacts that goes, from 0 to 1; one for every cause, or by cause, the others staying.
    by, period, where
        As for `contact_causes`.

    Returns
    -------
    pandas.DataFrame
        The `by` column; `contacts`, how many go, repeats among them; `cash`, what would leave the ledger; `avoided`,
        what would not have to be spent later; `released_capacity`, the paid time set free for other work, which
        becomes cash only when the roster follows; `stays`, what is paid all the same [currency]. The four add up to the
        cost of the contacts; beyond the ledger they are missing. `released_hours`, the time behind the released
        capacity [hours], missing where labour is bought by the piece, whose hours are not known. The dearest cause
        stands first. The attribute `share` says what goes.

    Raises
    ------
    UnknownNameError
        If there is no such column or cause.
    InvalidInputError
        If a share is not a number from 0 to 1, there are no costs, or the period cannot be read or has no day in the
        contact log.

    Notes
    -----
    A repeat has the cause of its first contact, so it goes with it. Labour on a roster is released capacity, whatever
    its line says; variable cost, outsourcing that says nothing else and `Costing.piece_accounts` are cash, step cost is
    avoided later, and other cost stays. So does waiting, which is paid for being there: fewer contacts do not shorten
    it. What is spread over a service period goes the way of its line.

    Examples
    --------
    >>> from cpc_analysis import load_sample
    >>> frame = value_of_removal(load_sample(), {"delivery late": 0.5}, period="2025-06")
    >>> list(frame.columns)
    ['reason', 'contacts', 'cash', 'avoided', 'released_capacity', 'stays', 'released_hours']
    """
    _check_column(data, by, ("contacts", *WORTH, "released_hours"))
    chosen, conditions = _checked_period(data, period), conditions_as_given(read_conditions(data, where))
    of_period = {**conditions, chosen.grain: [str(chosen)]}
    counts = measure_available(data, ["contacts"], [by], of_period)
    frame = counts[[by, "contacts"]].dropna(subset=[by]).merge(_worth(data, by, of_period), on=by, how="left")
    goes = _shares(frame[by], share, by)
    amounts = ["contacts", *WORTH, "released_hours"]
    frame[amounts] = frame[amounts].mul(goes, axis=0)
    frame = frame[goes > 0]
    order = np.argsort(-frame[[*WORTH]].sum(axis=1).to_numpy(), kind="stable")
    result = frame.iloc[order].reset_index(drop=True)
    result.attrs = {
        **data.stamp, "by": [by], "period": str(chosen), "where": conditions,
        "share": {cause: float(part) for cause, part in share.items()} if isinstance(share, Mapping) else float(share),
    }  # fmt: skip
    removed, when = removed_in_words(result), period_in_words(chosen)
    result.attrs["title"] = say("What removing {removed} is worth: {period}", removed=removed, period=when)
    result.attrs["definition"] = joined(
        say(
            "Worth of {removed} in {period}. Labour on a roster is released capacity, paid time set free; variable "
            "cost and what is bought by the piece are cash; step cost is avoided later; other cost stays, and so does "
            "waiting.",
            removed=removed, period=when,
        ),
        costing_in_words(data),
    )  # fmt: skip
    return result


@spoken
def removed_in_words(frame: pd.DataFrame) -> str:
    """What is removed: which share of which causes.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `value_of_removal`.

    Examples
    --------
    >>> frame = pd.DataFrame()
    >>> frame.attrs = {"by": ["reason"], "share": {"delivery late": 0.3, "invoice": 1.0}}
    >>> removed_in_words(frame)
    '30% of delivery late, 100% of invoice'
    """
    share, column = frame.attrs["share"], frame.attrs["by"][0]
    if not isinstance(share, Mapping):
        return say("{share} of each cause", share=share_in_words(share))
    return joined(
        *(say("{share} of {cause}", share=share_in_words(part), cause=value_said(column, str(cause)))
          for cause, part in share.items() if part > 0), by=", ",
    )  # fmt: skip


def _shares(causes: pd.Series, share: float | Mapping[str, float], by: str) -> np.ndarray:
    if not isinstance(share, Mapping):
        return np.full(len(causes), _checked_share(share))
    for cause in share:
        if cause not in set(causes):
            raise UnknownNameError(by, cause, causes)
    given = {cause: _checked_share(value) for cause, value in share.items()}
    return causes.map(given).fillna(0.0).to_numpy(dtype="float64")


def _checked_share(value: object) -> float:
    rule = "The share that goes must be from 0 to 1, such as 0.3, got"
    if not isinstance(value, Real) or isinstance(value, bool):
        found = f"the text '{value}'" if isinstance(value, str) else f"a {type(value).__name__}"
        raise InvalidInputError(f"{rule} {found}: give a number.")
    number = float(value)
    if not 0 <= number <= 1:
        raise InvalidInputError(f"{rule} {number:g}.")
    return number


def _worth(data: Dataset, by: str, where: Conditions) -> pd.DataFrame:
    """What becomes of the cost of each cause, `WORTH` [currency], and `released_hours`."""
    key, conditions = held_key(data, by), read_conditions(data, where)
    keys = tuple(dict.fromkeys((key, *conditions)))
    work = work_frame(data, keys, (), payers=True, scopes=pools(data).scopes)
    rows = pd.concat([work[[*keys]], worth_on_cells(data, work)], axis=1)
    rows["released_hours"] = released_hours_on_cells(data, work)
    groups = shown_together(data, rows[matching(rows, conditions, data.calendar)], (key,), conditions).groupby(key)
    sums = groups[[*WORTH]].sum(min_count=1)
    # Hours that are not known of some of the contacts are not known of all of them.
    sums["released_hours"] = groups["released_hours"].agg(lambda hours: hours.sum(skipna=False))
    return sums.rename_axis(by).reset_index()
