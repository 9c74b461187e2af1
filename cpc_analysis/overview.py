"""A dataset and its check report as notebooks show them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pandas as pd

from cpc_analysis.costing.shares import costing_in_words
from cpc_analysis.errors import CpcError
from cpc_analysis.language import MISSING, in_its_language, money, number, period_said, say
from cpc_analysis.markup import paragraphs_html, table_html

if TYPE_CHECKING:
    from cpc_analysis.checking import CheckReport
    from cpc_analysis.dataset import Dataset
    from cpc_analysis.presentation import Presentation

__all__ = ["dataset_html", "report_html"]

#: The column of small tables that says which month a row is of.
_WHEN = {"costs": "posted_on", "hours": "period", "budget": "period", "bases": "period"}


@in_its_language
def dataset_html(data: Dataset) -> str:
    """What a dataset is, as HTML in its language: its tables and what they cover, its policies, its presentation.

    Reads no more than the check of its tables does; a table that cannot be read says why.
    """
    name = data.settings.name or say("A dataset without a name")
    about = say(
        "{name}: amounts in {currency}, times in {zone}.", name=name, currency=data.currency, zone=data.timezone
    )
    columns = [say("rows"), say("set aside"), say("covers")]
    early = data.reading.set_aside
    rows, problems = [], []
    for table in data.tables:
        try:
            prepared = data.prepared(table)
            set_aside = len(prepared.set_aside) + (0 if early is None else early.count(table))
            rows.append([table, number(prepared.accepted), number(set_aside), _covered(data, table)])
        except CpcError as error:
            rows.append([table, MISSING, MISSING, MISSING])
            problems.append(str(error))
    tables = table_html(columns, rows, words=columns[2:], corner=say("table"))
    policies = [] if problems else [str(data.counting), *_costing(data)]
    return "\n".join(
        [paragraphs_html([about]), tables, paragraphs_html([*problems, *policies, *_presented(data.presentation)])]
    )


def _covered(data: Dataset, table: str) -> str:
    """From when to when the rows of a table are."""
    prepared = data.prepared(table)
    grain = "day"
    if prepared.first is not None and prepared.last is not None:
        zone = ZoneInfo(data.timezone)
        first, last = (at.replace(tzinfo=UTC).astimezone(zone).date() for at in (prepared.first, prepared.last))
    elif table in _WHEN and prepared.accepted:
        grain = "month"
        times = pd.to_datetime(data.frame(table)[_WHEN[table]])
        first, last = times.min().date(), times.max().date()
    else:
        return MISSING
    return say("{first} to {last}", first=period_said(first, grain), last=period_said(last, grain))


def _costing(data: Dataset) -> list[str]:
    return [costing_in_words(data)] if data.has("costs") else []


def _presented(presentation: Presentation) -> list[str]:
    said = [say("Results are in Danish.") if presentation.language == "da" else say("Results are in English.")]
    if presentation.font:
        said.append(say("Their font is {font}.", font=presentation.font))
    if presentation.colours:
        colours = ", ".join(f"{name} {colour}" for name, colour in presentation.colours.items())
        said.append(say("Their colours are {colours}.", colours=colours))
    if presentation.logo:
        said.append(say("Their logo is {path}.", path=presentation.logo))
    if presentation.template:
        said.append(say("Their slides follow {path}.", path=presentation.template))
    return [" ".join(said)]


def report_html(report: CheckReport) -> str:
    """A check report as HTML: its tables with thousands apart and units, its notes as sentences."""
    counts = ["read", "accepted", "set_aside", "excluded"]
    tables = pd.DataFrame({name: pd.Series(getattr(report, name)) for name in counts}, index=list(report.read))
    tables = tables.fillna(0).astype("int64").rename_axis("table").reset_index()
    parts = [
        _part("", tables, report, counts),
        _part("Files", report.files, report, ["read", "set_aside", "excluded", "accepted"]),
        _part("Set aside", report.rules, report, ["rows", "contacts", "amount"]),
        _part("Months", report.months, report, ["contacts", "amount", "complete"]),
        paragraphs_html(report.notes),
    ]
    return "\n".join(part for part in parts if part)


def _part(title: str, frame: pd.DataFrame, report: CheckReport, numbers: Iterable[str]) -> str:
    """One table of the report under its title; nothing where it has no rows."""
    if frame.empty:
        return ""
    names = [str(name) for name in frame.columns]
    shown = {name: _texts(frame[name], report.currency) for name in names}
    heads = [name.replace("_", " ") for name in names[1:]]
    words = [name.replace("_", " ") for name in names if name not in set(numbers)]
    table = table_html(heads, zip(*shown.values(), strict=True), words, names[0])
    return f"{paragraphs_html([title])}\n{table}".lstrip()


def _texts(values: pd.Series, currency: str) -> list[str]:
    """The cells of a column to read: counts and amounts by their names, everything else as it is."""
    if values.name == "amount":
        return ["" if pd.isna(value) else money(value, currency) for value in values]
    if values.name == "complete":
        return ["yes" if value else "no" for value in values]
    if values.name in ("read", "accepted", "set_aside", "excluded", "rows", "contacts"):
        return ["" if pd.isna(value) else number(value) for value in values]
    return [str(value) for value in values]
