"""Cells of surveys: sent, answered and satisfied, by the columns of the contact that was asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import pandas as pd

from cpc_analysis.cells.contacts import BASE_KEYS
from cpc_analysis.cells.scans import Scan, cells_of, keyed_contacts
from cpc_analysis.cells.work import raw_keys, with_dimensions, with_periods
from cpc_analysis.engine import ones
from cpc_analysis.periods import GRAINS

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = ["survey_parts", "survey_scan"]

#: A score from this share of its scale upwards is satisfied: 4 and 5 of 5.
_SATISFIED_FROM = 0.75
_SUMS = ("surveys_sent", "surveys_answered", "csat_answers", "satisfied", "resolution_answers", "said_resolved")


def survey_parts(data: Dataset, keys: tuple[str, ...]) -> pd.DataFrame:
    """The sums of surveys in cells with the keys asked for, missing dimensions filled in."""
    needed = tuple(dict.fromkeys(key for key in keys if key not in GRAINS))
    raw, by_agent = raw_keys(data, needed)
    periods = tuple(key for key in keys if key in ("day", "week"))
    every = tuple(dict.fromkeys((*BASE_KEYS, *periods, *raw, *(("range", "stray") if by_agent else ()))))
    frame = cells_of(data, "surveys", lambda: survey_scan(data, every), every, _SUMS, ())
    return with_periods(with_dimensions(data, frame, needed), keys)


def survey_scan(data: Dataset, keys: tuple[str, ...]) -> Scan:
    """The scan of surveys for some keys of their contacts. A survey lies in the period of its contact."""
    contacts = keyed_contacts(data, data.on_engine("contacts"), keys)
    surveys = data.on_engine("surveys")
    score = surveys.score if "score" in surveys.columns else ibis.null("float64")
    answered = score.notnull()
    if "answered_at" in surveys.columns:
        answered = answered | surveys.answered_at.notnull()
    share = (score - surveys.scale_min) / (surveys.scale_max - surveys.scale_min)
    is_csat, is_resolution = surveys.kind == "csat", surveys.kind == "resolution"
    flagged = surveys.select(
        "contact_id",
        _answered=ones(answered),
        _csat=ones(is_csat & score.notnull()),
        _satisfied=ones(is_csat & (share >= _SATISFIED_FROM)),
        _asked=ones(is_resolution & score.notnull()),
        _resolved=ones(is_resolution & (share >= _SATISFIED_FROM)),
    )
    joined = flagged.join(contacts, flagged.contact_id == contacts.contact_id)
    table = joined.select(
        *(flagged[name] for name in flagged.columns if name != "contact_id"),
        **{key: contacts[key] for key in keys},
    )
    return Scan(
        "surveys",
        table,
        keys,
        {
            "surveys_sent": table.count(),
            "surveys_answered": table["_answered"].sum(),
            "csat_answers": table["_csat"].sum(),
            "satisfied": table["_satisfied"].sum(),
            "resolution_answers": table["_asked"].sum(),
            "said_resolved": table["_resolved"].sum(),
        },
    )
