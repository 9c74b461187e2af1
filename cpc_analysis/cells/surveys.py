"""Cells of surveys: sent and answered by kind, and what was answered, by the columns of the contact asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import pandas as pd

from cpc_analysis.cells.contacts import BASE_KEYS
from cpc_analysis.cells.scans import Scan, cells_of, keyed_contacts, month_keys
from cpc_analysis.cells.spans import with_periods
from cpc_analysis.cells.work import raw_keys, with_dimensions
from cpc_analysis.engine import ones
from cpc_analysis.periods import GRAINS

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = ["SCALES", "off_scale", "survey_parts", "survey_scan"]

#: Kinds of surveys whose scores mean something on one scale only.
SCALES = {"nps": (0, 10), "ces": (1, 7)}
_PROMOTERS_FROM, _DETRACTORS_TO = 9, 6
#: At least "somewhat agree" of the seven answers to whether it was easy.
_EASY_FROM = 5

#: A score from this share of its scale upwards is satisfied: 4 and 5 of 5.
_SATISFIED_FROM = 0.75
_SUMS = (
    "surveys_sent", "surveys_answered", "csat_sent", "csat_answers", "satisfied", "nps_sent", "nps_answers",
    "net_promoters", "ces_sent", "ces_answers", "found_it_easy", "resolution_sent", "resolution_answers",
    "said_resolved",
)  # fmt: skip


def survey_parts(data: Dataset, keys: tuple[str, ...]) -> pd.DataFrame:
    """The sums of surveys in cells with the keys asked for, missing dimensions filled in."""
    needed = tuple(dict.fromkeys(key for key in keys if key not in GRAINS))
    raw, by_agent = raw_keys(data, needed)
    periods = tuple(key for key in keys if key in ("day", "week"))
    every = tuple(
        dict.fromkeys((*BASE_KEYS, *month_keys(data), *periods, *raw, *(("range", "stray") if by_agent else ())))
    )
    frame = cells_of(data, "surveys", lambda: survey_scan(data, every), every, _SUMS, ())
    return with_periods(with_dimensions(data, frame, needed), keys, data.calendar)


def survey_scan(data: Dataset, keys: tuple[str, ...]) -> Scan:
    """The scan of surveys for some keys of their contacts. A survey lies in the period of its contact."""
    contacts = keyed_contacts(data, data.on_engine("contacts"), keys)
    surveys = data.on_engine("surveys")
    score = surveys.score if "score" in surveys.columns else ibis.null("float64")
    answered = score.notnull()
    if "answered_at" in surveys.columns:
        answered = answered | surveys.answered_at.notnull()
    share = (score - surveys.scale_min) / (surveys.scale_max - surveys.scale_min)
    of_kind = {kind: surveys.kind == kind for kind in ("csat", "nps", "ces", "resolution")}
    promoter, detractor = (of_kind["nps"] & found for found in (score >= _PROMOTERS_FROM, score <= _DETRACTORS_TO))
    counts = {
        "surveys_answered": ones(answered),
        **{f"{kind}_sent": ones(chosen) for kind, chosen in of_kind.items()},
        **{f"{kind}_answers": ones(chosen & score.notnull()) for kind, chosen in of_kind.items()},
        "satisfied": ones(of_kind["csat"] & (share >= _SATISFIED_FROM)),
        "net_promoters": 100 * (ones(promoter) - ones(detractor)),
        "found_it_easy": ones(of_kind["ces"] & (score >= _EASY_FROM)),
        "said_resolved": ones(of_kind["resolution"] & (share >= _SATISFIED_FROM)),
    }
    flagged = surveys.select("contact_id", **{f"_{name}": count for name, count in counts.items()})
    joined = flagged.join(contacts, flagged.contact_id == contacts.contact_id)
    table = joined.select(
        *(flagged[name] for name in flagged.columns if name != "contact_id"),
        **{key: contacts[key] for key in keys},
    )
    sums = {"surveys_sent": table.count()} | {name: table[f"_{name}"].sum() for name in counts}
    return Scan("surveys", table, keys, {name: sums[name] for name in _SUMS})


def off_scale(data: Dataset, kind: str) -> pd.DataFrame:
    """The scales other than its own on which a kind of `SCALES` was asked: `scale_min`, `scale_max` and `surveys`."""

    def read() -> pd.DataFrame:
        surveys = data.on_engine("surveys")
        least, most = SCALES[kind]
        wrong = surveys.filter((surveys.kind == kind) & ((surveys.scale_min != least) | (surveys.scale_max != most)))
        counted = wrong.group_by("scale_min", "scale_max").agg(surveys=wrong.count())
        return data.engine.fetch(counted).sort_values("surveys", ascending=False, ignore_index=True)

    return data.once(("off scale", kind), read)
