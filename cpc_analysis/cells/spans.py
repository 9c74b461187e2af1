"""Spans: the pieces of calendar months that fiscal months of weeks cut. What is known by month lies on them by days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cpc_analysis.periods import FISCAL_GRAINS, period_of
from cpc_analysis.tables.naming import given_names

if TYPE_CHECKING:
    from cpc_analysis.calendars import Calendar

__all__ = [
    "FISCAL_MONTH", "LENT", "Spans", "as_shown", "by_days", "spans_of", "starts_of", "with_lent_work", "with_periods",
    "with_texts",
]  # fmt: skip

FISCAL_MONTH = "fiscal_month"
#: Work of other spans of the month, by the sum that it is of: it carries what a span without work of its own cost.
LENT = {"worked_ms": "_lent_ms", "rows": "_lent_rows"}
_CODES = {"month": "M", "quarter": "Q", "year": "Y"}


def starts_of(days: pd.DatetimeIndex, grain: str, calendar: Calendar) -> pd.DatetimeIndex:
    """The first day of the period of a grain that each day lies in; missing where the day is.

    Parameters
    ----------
    days : pandas.DatetimeIndex
        Local days.
    grain : str
        One of `GRAINS`.
    calendar : Calendar
        The one that fiscal periods are of.
    """
    if grain == "day":
        return days
    if grain == "week":
        return days - pd.to_timedelta(days.day_of_week, unit="D")
    if grain in FISCAL_GRAINS:
        places, known = pd.factorize(days)
        starts = [period_of(day.date(), grain, calendar).start for day in known]
        return pd.DatetimeIndex([*starts, pd.NaT]).as_unit("us")[places]
    return pd.DatetimeIndex(days.to_period(_CODES[grain]).start_time).as_unit("us")


def with_periods(frame: pd.DataFrame, keys: Iterable[str], calendar: Calendar) -> pd.DataFrame:
    """The frame with the quarters, years and fiscal periods asked for, as first days.

    Parameters
    ----------
    frame : pandas.DataFrame
        With `month`, and where fiscal months cut months also with `fiscal_month`.
    keys : iterable of str
        What is asked for; other keys are left alone.
    calendar : Calendar
        The one that fiscal periods are of.
    """
    for key in dict.fromkeys(keys):
        if key == FISCAL_MONTH and key in frame:
            continue
        if key in ("quarter", "year", *FISCAL_GRAINS):
            finer = frame[FISCAL_MONTH if key in FISCAL_GRAINS and calendar.cuts_months else "month"]
            frame[key] = pd.Series(starts_of(pd.DatetimeIndex(finer), key, calendar), index=frame.index)
    return frame


def with_texts(frame: pd.DataFrame, calendar: Calendar) -> pd.DataFrame:
    """The frame with its fiscal periods as texts instead of first days.

    Parameters
    ----------
    frame : pandas.DataFrame
        With periods as first days.
    calendar : Calendar
        The one that fiscal periods are of.
    """
    texts = {}
    for grain in FISCAL_GRAINS:
        if grain in frame:
            known = {day: calendar.text(day.date(), grain) for day in frame[grain].dropna().unique()}
            texts[grain] = frame[grain].map(known).astype("object").where(frame[grain].notna(), None)
    return frame.assign(**texts) if texts else frame


def as_shown(frame: pd.DataFrame, calendar: Calendar) -> pd.DataFrame:
    """A result as its user knows it: columns called as the user calls them, fiscal periods as their texts.

    Parameters
    ----------
    frame, calendar
        As for `with_texts`.
    """
    return given_names(with_texts(frame, calendar))


@dataclass(frozen=True, eq=False)
class Spans:
    """The spans of some months, in order; months themselves where fiscal months do not cut them.

    Parameters
    ----------
    frame : pandas.DataFrame
        By span: its `month`, and the parts of the month's days that are gone `since` its start and `until` its end;
        its `fiscal_month` where that cuts months.
    starts : pandas.DatetimeIndex
        The first day of each span.
    """

    frame: pd.DataFrame
    starts: pd.DatetimeIndex

    def __len__(self) -> int:
        return len(self.starts)

    @property
    def share(self) -> np.ndarray:
        """The part of its month's days that lies in each span."""
        return (self.frame["until"] - self.frame["since"]).to_numpy()

    @property
    def keys(self) -> list[str]:
        """The columns that name a span."""
        return [name for name in ("month", FISCAL_MONTH) if name in self.frame]

    def places(self, rows: pd.DataFrame) -> np.ndarray:
        """The place of the span that each row lies in, by its columns of `keys`; -1 where it is none of these."""
        days = rows["month"]
        if FISCAL_MONTH in self.frame:
            days = np.maximum(days, rows[FISCAL_MONTH])
        return self.starts.get_indexer(pd.DatetimeIndex(days))


def spans_of(months: Iterable[pd.Timestamp], calendar: Calendar) -> Spans:
    """The spans of some months.

    Parameters
    ----------
    months : iterable of Timestamp
        First days, each once.
    calendar : Calendar
        The one whose fiscal months cut them.

    Examples
    --------
    >>> from cpc_analysis.calendars import Calendar
    >>> found = spans_of([pd.Timestamp("2025-01-01")], Calendar(pattern="4-4-5"))
    >>> [str(day.date()) for day in found.starts], (31 * found.share).round(9)
    (['2025-01-01', '2025-01-27'], array([26.,  5.]))
    """
    every = pd.DatetimeIndex(list(months)).as_unit("us").sort_values()
    if not calendar.cuts_months:
        return Spans(pd.DataFrame({"month": every, "since": 0.0, "until": 1.0}), every)
    rows, starts = [], []
    for month in every:
        first, days = month.date(), month.days_in_month
        at = first
        while at.month == first.month:
            cut = period_of(at, FISCAL_MONTH, calendar)
            since, until = (at - first).days, min((cut.end - first).days, days)
            rows.append((month, pd.Timestamp(cut.start), since / days, until / days))
            starts.append(pd.Timestamp(at))
            at = cut.end
    frame = pd.DataFrame(rows, columns=["month", FISCAL_MONTH, "since", "until"])
    frame = frame.astype({"month": "datetime64[us]", FISCAL_MONTH: "datetime64[us]"})
    return Spans(frame, pd.DatetimeIndex(starts).as_unit("us"))


def by_days(frame: pd.DataFrame, amounts: Iterable[str], calendar: Calendar) -> pd.DataFrame:
    """Rows of months, once for each span of their month, their amounts by days; as they are where nothing is cut.

    Parameters
    ----------
    frame : pandas.DataFrame
        With `month`.
    amounts : iterable of str
        Columns of amounts; whole ones stay whole, and add up to what they were.
    calendar : Calendar
        The one whose fiscal months cut the months.
    """
    if not calendar.cuts_months:
        return frame
    spans = spans_of(frame["month"].dropna().unique(), calendar)
    cut = frame.merge(spans.frame, on="month", how="left")
    since, until = cut.pop("since"), cut.pop("until")
    for name in amounts:
        if pd.api.types.is_integer_dtype(cut[name]):
            # From part to part of what is gone: rounding leaves nothing over.
            cut[name] = ((cut[name] * until).round() - (cut[name] * since).round()).astype("int64")
        else:
            cut[name] = cut[name] * (until - since)
    return cut


def with_lent_work(cells: pd.DataFrame, sums: Iterable[str], channel: str, calendar: Calendar) -> pd.DataFrame:
    """Cells of work, and for each span those channels of its month that have no work in it, with the work of the month.

    A month that begins on a Sunday may be cut on its first Monday: what that Sunday cost lies on the work of the month.

    Parameters
    ----------
    cells : pandas.DataFrame
        With the columns of `Spans.keys`, `channel`, `is_contact`, `worked_ms` and `rows`.
    sums : iterable of str
        The columns that hold sums; those of what is lent are 0, which changes none of them.
    channel : str
        The column with the channel of the work.
    calendar : Calendar
        The one whose fiscal months cut the months.

    Returns
    -------
    pandas.DataFrame
        The cells, with the columns of `LENT` where any are lent.
    """
    if not calendar.cuts_months or cells.empty:
        return cells
    spans = spans_of(cells["month"].unique(), calendar)
    given = pd.DataFrame({
        "month": cells["month"].to_numpy(), "channel": cells[channel].to_numpy(), "span": spans.places(cells),
        "cell": np.arange(len(cells)),
    })  # fmt: skip
    offered = given.merge(spans.frame[["month"]].assign(to=np.arange(len(spans))), on="month")
    offered = offered[offered["to"] != offered["span"]]
    # Work outside of the log lies on every span, by days; of contacts it is known when they were.
    at_work = pd.MultiIndex.from_frame(given.loc[cells["is_contact"].to_numpy(), ["span", "channel"]])
    offered = offered[~pd.MultiIndex.from_frame(offered[["to", "channel"]]).isin(at_work)]
    has_work = cells[list(LENT)].to_numpy().any(axis=1)
    offered = offered[has_work[offered["cell"].to_numpy()]]
    if offered.empty:
        return cells
    lent = cells.iloc[offered["cell"].to_numpy()].reset_index(drop=True)
    lent = lent.assign(**{name: lent[own] for own, name in LENT.items()}, **dict.fromkeys(sums, 0))
    lent[FISCAL_MONTH] = spans.frame[FISCAL_MONTH].to_numpy()[offered["to"].to_numpy()]
    both = pd.concat([cells, lent], ignore_index=True)
    names = list(LENT.values())
    both[names] = both[names].fillna(0).astype("int64")
    return both
