"""Paid time from the contacts themselves, when nothing better is known."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import ibis
import pandas as pd

from cpc_analysis.engine import Engine, is_engine_table, ones
from cpc_analysis.errors import InvalidInputError
from cpc_analysis.policy import parse_duration

__all__ = ["infer_shifts"]


def infer_shifts(contacts: Any, gap: str | timedelta = "2h") -> Any:
    """Shifts from each agent's first to last activity, one row per stretch without a longer gap.

    Parameters
    ----------
    contacts : frame or Ibis table
        Canonical contacts with `agent_id`, `started_at` and, where known, `ended_at`, `wait_seconds` and
        `handle_seconds` [seconds].
    gap : str or timedelta
        A pause longer than this between two activities ends a stretch, such as ``"2h"``.

    Returns
    -------
    pandas.DataFrame or Ibis table
        Canonical shifts: `agent_id`, `starts_at`, `ends_at`, `activity` (available), `is_paid`, `is_productive` and
        `is_inferred` (true), by which every result names them; an Ibis table where `contacts` is one.

    Raises
    ------
    InvalidInputError
        If a column is missing, or rows stand for whole days or months.

    Notes
    -----
    An activity ends at `ended_at`, else at start + wait + handle time, and lasts for the handle time. Time
    before the first and after the last contact of a stretch is not seen, so paid time comes out low; breaks
    shorter than `gap` count as paid and productive. A stretch of no length is left out.

    Examples
    --------
    >>> contacts = pd.DataFrame({
    ...     "agent_id": "ida", "handle_seconds": [600, 300, 300],
    ...     "started_at": pd.to_datetime(["2025-04-01 09:00", "2025-04-01 10:30", "2025-04-01 15:00"])})
    >>> infer_shifts(contacts)[["starts_at", "ends_at"]].to_string(index=False, header=False)
    '2025-04-01 09:00:00 2025-04-01 10:35:00\\n2025-04-01 15:00:00 2025-04-01 15:05:00'
    """
    if is_engine_table(contacts):
        return _shifts(contacts, parse_duration(gap))
    engine = Engine.inside()
    table = engine.table(contacts, "contacts")
    shifts = engine.fetch(_shifts(table, parse_duration(gap)).order_by("agent_id", "starts_at"))
    zone = (
        getattr(getattr(contacts, "dtypes", {}).get("started_at"), "tz", None)
        if isinstance(contacts, pd.DataFrame)
        else None
    )
    if zone is not None:
        shifts = shifts.assign(**{name: shifts[name].dt.tz_convert(zone) for name in ("starts_at", "ends_at")})
    return shifts


def _shifts(contacts: ibis.Table, gap: timedelta) -> ibis.Table:
    activities = _activities(contacts)
    earlier = ibis.window(group_by="agent_id", order_by=["begins", "ends"], following=0)
    reached = activities.mutate(reached=activities.ends.max().over(earlier))
    order = ibis.window(group_by="agent_id", order_by=["begins", "ends"])
    pause = reached.begins > reached.reached.lag().over(order) + ibis.interval(seconds=int(gap.total_seconds()))
    opened = reached.mutate(opens=ones(pause))
    numbered = opened.mutate(stretch=opened.opens.sum().over(earlier))
    stretches = numbered.group_by("agent_id", "stretch").agg(
        starts_at=numbered.begins.min(), ends_at=numbered.ends.max()
    )
    return stretches.filter(stretches.ends_at > stretches.starts_at).select(
        "agent_id", "starts_at", "ends_at", activity=ibis.literal("available"),
        is_paid=ibis.literal(True), is_productive=ibis.literal(True), is_inferred=ibis.literal(True),
    )  # fmt: skip


def _activities(contacts: ibis.Table) -> ibis.Table:
    """When each agent was busy: agent, begin and end of every contact that an agent had."""
    for name in ("agent_id", "started_at"):
        if name not in contacts.columns:
            raise InvalidInputError(f"`contacts` must have a column `{name}` to infer shifts from, got none.")
    _check_single_contacts(contacts)
    started = _moment(contacts.started_at)
    handled, waited = (_milliseconds(contacts, name) for name in ("handle_seconds", "wait_seconds"))
    ends = started + (waited + handled).as_interval("ms")
    if "ended_at" in contacts.columns:
        ends = _moment(contacts.ended_at).fill_null(ends)
    busy = contacts.select(agent_id=contacts.agent_id.cast("string").nullif(""), ends=ends, handled=handled)
    busy = busy.filter(busy.agent_id.notnull(), busy.ends.notnull())
    return busy.select("agent_id", "ends", begins=busy.ends - busy.handled.as_interval("ms"))


def _moment(value: ibis.Value) -> ibis.Value:
    return value if value.type().is_timestamp() else value.try_cast("timestamp")


def _milliseconds(contacts: ibis.Table, name: str) -> ibis.Value:
    if name not in contacts.columns:
        return ibis.literal(0, "int64")
    return (contacts[name].try_cast("float64") * 1000).round().cast("int64").fill_null(0)


def _check_single_contacts(contacts: ibis.Table) -> None:
    if "covers" in contacts.columns and int(contacts.covers.count().execute()):
        raise InvalidInputError(
            "`contacts.covers` must be missing to infer shifts: rows that stand for a day, week or month "
            "do not say when an agent worked. Give `shifts`."
        )
