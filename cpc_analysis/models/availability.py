"""Which quantities a dataset has the tables for: a report on few tables leaves the rest missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cpc_analysis.cells.issues import tells_repeats
from cpc_analysis.costing.basis import basis_of
from cpc_analysis.errors import InvalidInputError
from cpc_analysis.glossary import Fact, describe
from cpc_analysis.measuring import measure
from cpc_analysis.measuring.needs import lacks_column, lacks_scale

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = ["is_available", "measure_available", "measure_known"]

_TABLES = {Fact.SURVEYS: "surveys", Fact.SCHEDULE: "shifts", Fact.BASES: "bases"}


def is_available(data: Dataset, quantity: str) -> bool:
    """Whether the dataset has the tables and columns that a quantity needs.

    Parameters
    ----------
    data : Dataset
        The dataset.
    quantity : str
        A quantity of the glossary.
    """
    record = describe(quantity)
    if lacks_column(data, record) or lacks_scale(data, record):
        return False
    return all(_has(data, fact) for fact in record.facts)


def _has(data: Dataset, fact: Fact) -> bool:
    if fact is Fact.MONEY:
        return basis_of(data).has_costs
    if fact is Fact.REPEATS:
        return tells_repeats(data)
    return fact in (Fact.CONTACTS, Fact.CALENDAR) or data.has(_TABLES[fact])


def measure_available(
    data: Dataset,
    quantities: Sequence[str],
    by: Sequence[str] = (),
    where: Mapping[str, object] | None = None,
    *,
    interval: float | None = None,
) -> pd.DataFrame:
    """Quantities as `measure` gives them; those that the dataset has no tables for are missing values.

    Parameters
    ----------
    data, by, where, interval
        As for `measure`.
    quantities : sequence of str
        Quantities of the glossary.
    """
    found = [name for name in quantities if is_available(data, name)]
    frame = measure(data, found or ["offered_contacts"], by, where, interval=interval)
    attrs = frame.attrs
    for name in quantities:
        if name not in found:
            frame[name] = np.nan
            if interval is not None:
                frame[f"{name}_low"] = frame[f"{name}_high"] = np.nan
    bounds = [f"{name}_{end}" for name in quantities for end in ("low", "high")] if interval is not None else []
    frame = frame[[*by, *quantities, *bounds, "few_contacts", "complete"]]
    frame.attrs = {**attrs, "quantities": list(quantities)}
    return frame


def measure_known(
    data: Dataset, quantity: str, by: Sequence[str] = (), where: Mapping[str, object] | None = None
) -> pd.DataFrame:
    """A quantity as `measure` gives it, of which at least one value is known: else there is nothing to draw.

    Parameters
    ----------
    data, by, where
        As for `measure`.
    quantity : str
        A quantity of the glossary.

    Raises
    ------
    InvalidInputError
        If the dataset lacks what the quantity needs, or none of its values is known.

    Examples
    --------
    >>> import cpc_analysis as cpc
    >>> measure_known(cpc.load_sample(), "csat", by=["year"])["csat"].notna().all()
    np.True_
    """
    frame = measure(data, quantity, by, where)
    if frame[quantity].isna().all():
        raise InvalidInputError(
            f"`{quantity}` has no value here: what it needs is not recorded there, or no period of it is complete."
        )
    return frame
