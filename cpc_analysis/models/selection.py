"""What a report is about: the data, the period, the periods before it, the channels and the site."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from cpc_analysis.cells.conditions import read_conditions
from cpc_analysis.cells.log_days import covered
from cpc_analysis.costing.coverage import contact_days, holes_in, last_closed_month
from cpc_analysis.errors import InvalidInputError, MissingFileError, listed, not_one_of
from cpc_analysis.language import in_its_language, joined, listed_said, say, term, value_said
from cpc_analysis.models.definitions import definition_named, definition_said
from cpc_analysis.models.wording import period_in_words
from cpc_analysis.periods import FISCAL_GRAINS, GRAINS, Period, parse_period, period_of
from cpc_analysis.policy import Definition
from cpc_analysis.presentation import Presentation

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = ["Selection", "checked_period", "earlier", "find_project", "open_data", "select", "year_before"]

#: What fiscal months of weeks cut.
_CUT = ("month", "quarter", "year")
#: How many points a trend has, so that the same season of last year is the first.
POINTS = {"day": 29, "week": 53, "month": 13, "quarter": 9, "year": 5, "fiscal_month": 13, "fiscal_quarter": 9,
          "fiscal_year": 5}  # fmt: skip
_LENGTHS = {
    "day": term("the {count} days to {period}"), "week": term("the {count} weeks to {period}"),
    "month": term("the {count} months to {period}"), "quarter": term("the {count} quarters to {period}"),
    "year": term("the {count} years to {period}"),
    "fiscal_month": term("the {count} fiscal months to {period}"),
    "fiscal_quarter": term("the {count} fiscal quarters to {period}"),
    "fiscal_year": term("the {count} fiscal years to {period}"),
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Selection:
    """What one report is about. Printing it says so in words.

    Parameters
    ----------
    data : Dataset
        The data.
    period : Period
        The period whose level is asked for.
    grain : str
        The grain of the trend.
    where : dict of str to list of str
        The channels and the site asked for; empty for all.
    definition : str
        The name of the definition that counts, or nothing for the project's own.
    """

    data: Dataset
    period: Period
    grain: str
    where: dict[str, list[str]]
    definition: str = ""

    @property
    def presentation(self) -> Presentation:
        """The language and the look of all results."""
        return self.data.presentation

    @property
    def now(self) -> dict[str, list[str]]:
        """The conditions of the period, for ``measure(..., where=)``."""
        return {**self.where, self.period.grain: [str(self.period)]}

    @property
    def history(self) -> dict[str, list[str]]:
        """The conditions of the trend: the periods of `grain` up to the end of the period."""
        return {**self.where, self.grain: [str(point) for point in self.points]}

    @property
    def points(self) -> tuple[Period, ...]:
        """The periods of the trend, first to last, from where the contact log begins."""
        first = contact_days(self.data)[0]
        point = period_of(self.period.last, self.grain, self.data.calendar)
        found = [point]
        while len(found) < POINTS[self.grain] and found[0].start > first:
            found.insert(0, earlier(found[0]))
        return tuple(found)

    @property
    @in_its_language
    def history_title(self) -> str:
        """The periods of the trend in words."""
        points = self.points
        return say(_LENGTHS[self.grain], count=len(points), period=period_in_words(points[-1]))

    @property
    @in_its_language
    def title(self) -> str:
        """The period in words, and in brackets the channels and the site asked for."""
        limits = [value_said(key, value) for key, values in self.where.items() for value in values]
        period = period_in_words(self.period)
        return say("{period} ({limits})", period=period, limits=listed_said(*limits)) if limits else period

    @property
    @in_its_language
    def history_scope(self) -> str:
        """What a report over the whole trend is about, in words."""
        return self._scope(self.history_title)

    def _scope(self, when: str) -> str:
        channels = [value_said("channel", value) for value in self.where.get("channel", ())]
        scope = joined(
            self.data.settings.name,
            when,
            listed_said(*channels) or say("all channels"),
            joined(*self.where.get("site", ())) or say("all sites"),
            by=", ",
        )
        name = definition_said(self.definition)
        said = say("By the definition '{name}'.", name=name) if name else ""
        return joined(joined(scope, ".", by=""), said)

    @in_its_language
    def __str__(self) -> str:
        return self._scope(period_in_words(self.period))


def earlier(period: Period) -> Period:
    """The period just before one, of the same grain.

    Examples
    --------
    >>> str(earlier(parse_period("2025-Q1")))
    '2024-Q4'
    """
    return period_of(period.start - timedelta(days=1), period.grain, period.calendar)


def year_before(period: Period) -> Period:
    """The same period of the year before; for days and weeks the one 52 weeks earlier, for fiscal ones by its number.

    Examples
    --------
    >>> str(year_before(parse_period("2025-06"))), str(year_before(parse_period("2025-W14")))
    ('2024-06', '2024-W14')
    """
    if period.grain in ("day", "week"):
        return period_of(period.start - timedelta(weeks=52), period.grain, period.calendar)
    if period.grain in FISCAL_GRAINS:
        return period_of(period.calendar.year_before(period.start), period.grain, period.calendar)
    return period_of(period.start.replace(year=period.start.year - 1), period.grain, period.calendar)


def select(
    project: str = "",
    period: str = "",
    grain: str = "month",
    channels: Sequence[str] = (),
    site: str = "",
    definition: str = "",
    language: str = "",
) -> Selection:
    """What a report is about, from the parameters of a notebook; empty ones mean their default.

    Parameters
    ----------
    project : str
        A project's folder or ``cpc.toml``; by default that of the current folder, else the sample centre.
    period : str
        Such as ``"2025-06"``, ``"2025-Q2"`` or ``"FY2025-Q1"``; by default the last one that is closed, of the grain
        asked for, and a month for days and weeks.
    grain : {"day", "week", "month", "quarter", "year", "fiscal_month", "fiscal_quarter", "fiscal_year"}
        The grain of the trend; months of a fiscal period are fiscal ones where these cut calendar months.
    channels : sequence of str
        The channels to look at; by default all.
    site : str
        The site to look at; by default all.
    definition : str
        A definition with a name, such as one of the project file, whose contacts count; by default the project's own.
    language : str
        Of all results, ``"en"`` or ``"da"``; by default the project's own.

    Raises
    ------
    MissingFileError
        If there is no such project.
    InvalidInputError
        If the period is not in the data, or is no period at all, no contact has such a site, there is no such channel,
        or the language is not known.
    UnknownNameError
        If there is no such definition.
    """
    data = open_data(project)
    if grain not in GRAINS:
        raise not_one_of("`grain`", data.settings.grains, grain)
    if language:
        data = data.replace(presentation=replace(data.presentation, language=language))
    if definition:
        data = data.replace(counting=_countable(definition_named(data, definition)).counting)
    chosen = checked_period(data, parse_period(period, data.calendar)) if period else _last_closed(data, grain)
    if chosen.grain in FISCAL_GRAINS and grain in _CUT and data.calendar.cuts_months:
        grain = f"fiscal_{grain}"
    if GRAINS.index(grain) > GRAINS.index(chosen.grain):
        raise InvalidInputError(
            f"`grain` must not be longer than the period {chosen}, which is a {chosen.grain}, got '{grain}'."
        )
    wanted = {"channel": list(channels), "site": [site] if site else []}
    where = read_conditions(data, {key: values for key, values in wanted.items() if values})
    return Selection(data, chosen, grain, where, definition)


def _countable(definition: Definition) -> Definition:
    if definition.cost != "all" or definition.count != "counted":
        raise InvalidInputError(
            f"The definition '{definition.name}' leaves out cost or divides by other than counted contacts, so that "
            "nothing would tie out to the ledger; see it in the report definitions."
        )
    return definition


def open_data(project: str | Path | None = None) -> Dataset:
    """The dataset of a project, else of the project of the current folder, else the sample centre.

    Parameters
    ----------
    project : str or Path, optional
        A folder or a ``cpc.toml``.
    """
    from cpc_analysis.sources.project import open_project
    from cpc_analysis.sources.samples import load_sample

    found = find_project(project)
    return open_project(found) if found else load_sample()


def find_project(project: str | Path | None = None) -> Path | None:
    """The path of a project's ``cpc.toml``, or None where none is asked for and the current folder has none.

    Parameters
    ----------
    project : str or Path, optional
        A folder or a ``cpc.toml``. None or empty: the current folder, or its parent when it
        is a folder `notebooks`.

    Raises
    ------
    MissingFileError
        If a project is asked for and is not there.
    """
    if project:
        path = Path(project).absolute()
        path = path / "cpc.toml" if os.path.isdir(path) else path
        if not os.path.isfile(path):
            raise MissingFileError(
                f"There is no project at {path}: name a folder with a cpc.toml, or make one with `cpc init`."
            )
        return path
    here = Path.cwd()
    folders = (here, here.parent) if here.name == "notebooks" else (here,)
    return next((folder / "cpc.toml" for folder in folders if (folder / "cpc.toml").is_file()), None)


def _last_closed(data: Dataset, grain: str) -> Period:
    month = last_closed_month(data)
    if grain in ("day", "week", "month"):
        return month
    whole = period_of(month.last, grain, data.calendar)
    return whole if whole.end <= month.end or earlier(whole).start < contact_days(data)[0] else earlier(whole)


def checked_period(data: Dataset, period: Period) -> Period:
    """The period, if the contact log covers any of it.

    Raises
    ------
    InvalidInputError
        If not.
    """
    first, last = contact_days(data)
    if period.end <= first or period.start > last:
        raise InvalidInputError(f"`period` must lie in the contact log, {first} to {last}, got '{period}'.")
    if not covered(data).knows(period):
        raise InvalidInputError(
            f"`period` must have days that the contact log covers, got '{period}', which lies in its hole "
            f"{listed(holes_in(data, period))}. Choose another period."
        )
    return period
