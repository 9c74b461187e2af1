"""Small groups shown together, so that no result tells of a few people.

Cost and contacts are worked out first and then added up, so that every total stays what it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cpc_analysis.cells.conditions import Conditions, matching
from cpc_analysis.cells.derived import CLOCK
from cpc_analysis.cells.work import work_frame
from cpc_analysis.errors import InvalidInputError
from cpc_analysis.periods import GRAINS
from cpc_analysis.schema import SMALL_GROUPS, TABLES
from cpc_analysis.tables.naming import as_given

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = ["check_no_small_groups", "shown_together", "small_groups"]


def small_groups(sizes: Sequence[int] | np.ndarray, smallest: int) -> np.ndarray:
    """Which of some groups, whose sum may be known, must be shown together.

    Parameters
    ----------
    sizes : array of int, shape (groups,)
        Contacts of each group [contacts].
    smallest : int
        Groups of fewer are not shown [contacts].

    Returns
    -------
    numpy.ndarray of bool, shape (groups,)
        The groups below `smallest`, and as many of the next larger ones as it takes for those together to be at least
        two, at least `smallest` contacts, and more contacts than groups; all of them where nothing less will do. Groups
        without contacts stay.

    Notes
    -----
    A single group that is left out is its total less the others. Of two groups with two contacts each has one. So the
    total less what is shown leaves at least two ways to part it: no size of a group can be worked out.

    Examples
    --------
    >>> small_groups([40, 3, 12, 7], 5).tolist()
    [False, True, False, True]
    """
    counts = np.asarray(sizes)
    together = (counts > 0) & (counts < smallest)
    if not together.any():
        return together
    others = [place for place in np.argsort(counts, kind="stable") if counts[place] >= smallest]
    for place in others:
        number, total = int(together.sum()), counts[together].sum()
        if number > 1 and total >= smallest and total > number:
            break
        together[place] = True
    return together


def shown_together(data: Dataset, rows: pd.DataFrame, keys: tuple[str, ...], conditions: Conditions) -> pd.DataFrame:
    """Rows of a result with `SMALL_GROUPS` for the keys of groups below the project's `smallest_group`.

    Parameters
    ----------
    data : Dataset
        The dataset.
    rows : pandas.DataFrame
        With a column for each key; rows that come to have the same keys are left for their owner to add up.
    keys : tuple of str
        What the result is grouped by. Periods, channels and other columns of few stated values stay as they are.
    conditions : dict
        Of `read_conditions`: the contacts that the result is of.

    Raises
    ------
    InvalidInputError
        If the conditions name a group that is itself too small.
    """
    smallest, free = data.settings.smallest_group, [key for key in keys if _is_free(key)]
    if smallest < 2 or not (free or any(_is_free(key) for key in conditions)):
        return rows
    sizes = _sizes(data, keys, conditions)
    if any(_is_free(key) for key in conditions) and 0 < sizes["size"].sum() < smallest:
        raise InvalidInputError(
            f"`where` leaves fewer than {smallest} contacts, the smallest group that the project shows. Ask for more."
        )
    for key in reversed(free):
        new = _merged(sizes, key, [name for name in keys if name != key], smallest)
        rows = _renamed(rows, sizes.assign(_new=new), list(keys), key)
        sizes = sizes.assign(**{key: new}).groupby(list(keys), dropna=False, as_index=False)["size"].sum()
    return rows


def check_no_small_groups(data: Dataset, keys: tuple[str, ...], conditions: Conditions) -> None:
    """Raise when a result that cannot show groups together would tell of one below the project's `smallest_group`.

    Parameters
    ----------
    data : Dataset
        The dataset.
    keys, conditions
        As for `shown_together`.

    Raises
    ------
    InvalidInputError
        If any group has fewer contacts.
    """
    smallest = data.settings.smallest_group
    if smallest < 2 or not any(_is_free(key) for key in keys):
        return
    sizes = _sizes(data, keys, conditions)["size"]
    if ((sizes > 0) & (sizes < smallest)).any():
        raise InvalidInputError(
            f"`by` must name groups of at least {smallest} contacts, the smallest that the project shows, got smaller "
            f"ones by {', '.join(map(as_given, keys))}. Explain by another column."
        )


def _is_free(key: str) -> bool:
    """Whether a key may take any value, so that it may tell of a few people."""
    contacts = TABLES["contacts"]
    return key not in (*GRAINS, *CLOCK) and not (key in contacts.names and contacts.column(key).choices)


def _sizes(data: Dataset, keys: tuple[str, ...], conditions: Conditions) -> pd.DataFrame:
    """How many contacts each group has: the keys and `size`."""
    work = work_frame(data, tuple(dict.fromkeys((*keys, *conditions))))
    chosen = work[matching(work, conditions, data.calendar)] if conditions else work
    if not keys:
        return pd.DataFrame({"size": [int(chosen["rows"].sum())]})
    return chosen.groupby(list(keys), dropna=False, as_index=False)["rows"].sum().rename(columns={"rows": "size"})


def _merged(sizes: pd.DataFrame, key: str, others: list[str], smallest: int) -> pd.Series:
    """The values of a key, those of small groups replaced, within each group of the other keys."""
    is_small = np.zeros(len(sizes), dtype=bool)
    sets = sizes.groupby(others, dropna=False).indices.values() if others else [np.arange(len(sizes))]
    for places in sets:
        is_small[places] = small_groups(sizes["size"].to_numpy()[places], smallest)
    return sizes[key].astype("object").where(~is_small, SMALL_GROUPS)


def _renamed(rows: pd.DataFrame, new: pd.DataFrame, keys: list[str], key: str) -> pd.DataFrame:
    """The rows with the new values of one key; those of no group with contacts keep theirs."""
    known = new[[*keys, "_new"]].astype(dict.fromkeys(keys, "object"))
    found = rows[keys].astype("object").merge(known, on=keys, how="left")["_new"].set_axis(rows.index)
    return rows.assign(**{key: found.where(found.notna(), rows[key].astype("object"))})
