"""Keys of contacts that are worked out on the engine: weekday and time, tenure, how many at once, issues, returns."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import ibis
import pandas as pd

from cpc_analysis.cells.counting import COUNTED_IN, with_counted_in
from cpc_analysis.cells.issues import ISSUE, looked_up, with_issue
from cpc_analysis.cells.returns import RETURN, followed_session, with_return
from cpc_analysis.engine import fiscal_start, local_time, period_start, whole_seconds
from cpc_analysis.periods import CIVIL_GRAINS, FISCAL_GRAINS
from cpc_analysis.schema import SELF_SERVED

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = [
    "AT_ONCE", "CLOCK", "HOUR", "OF_SESSION", "TENURE", "TENURE_FROM", "clock_of", "is_derived", "with_derived",
]  # fmt: skip

HOUR, TENURE, AT_ONCE = "_hour", "_tenure", "_at_once"
#: What `measure` groups by beside columns and periods: the weekday (Monday 0) and the half-hour (0 to 47), local time.
CLOCK = ("weekday", "half_hour")
_DERIVED = (HOUR, TENURE, AT_ONCE, ISSUE, RETURN, COUNTED_IN, *CLOCK)
#: Before a column or a period: that of the self-service session which a contact is or follows, as a text.
OF_SESSION = "_session_"

#: Where each range of tenure begins [months since the agent was hired]; the key is the position in this list.
TENURE_FROM = (0, 1, 3, 6, 12, 24)
_DAYS_A_MONTH = 30.4375


def is_derived(key: str) -> bool:
    """Whether a key is worked out on the engine."""
    return key in _DERIVED or key.startswith(OF_SESSION)


def with_derived(data: Dataset, contacts: ibis.Table, keys: Iterable[str]) -> ibis.Table:
    """The contacts with those of the derived keys that are named; a column of their own goes before."""
    keys = tuple(keys)
    of_session = [key.removeprefix(OF_SESSION) for key in keys if key.startswith(OF_SESSION)]
    if of_session:
        contacts = _with_session(data, contacts, of_session)
    makers = {HOUR: _with_clock, TENURE: _with_tenure, AT_ONCE: _with_concurrency, ISSUE: with_issue,
              RETURN: with_return, COUNTED_IN: with_counted_in} | dict.fromkeys(CLOCK, _with_clock)  # fmt: skip
    for key in _DERIVED:
        if key in keys and key not in contacts.columns:
            contacts = makers[key](data, contacts)
    return contacts


def _with_session(data: Dataset, contacts: ibis.Table, names: list[str]) -> ibis.Table:
    """The contacts with columns and periods of the session that each is or follows."""
    table = data.on_engine("contacts")
    sessions = table.filter(table.outcome == SELF_SERVED)
    prepared = data.prepared("contacts")
    if prepared.first is None or prepared.last is None:
        return contacts.mutate(**{OF_SESSION + name: ibis.null("string") for name in names})
    local = local_time(sessions.started_at, data.timezone, prepared.first.date(), prepared.last.date())
    clock = clock_of(local)
    ends = prepared.first.date(), prepared.last.date()
    columns = {}
    for name in names:
        if name in sessions.columns:
            columns[OF_SESSION + name] = sessions[name].cast("string")
        elif name in FISCAL_GRAINS:
            columns[OF_SESSION + name] = fiscal_start(local, name, data.calendar, *ends).cast("string")
        elif name in CIVIL_GRAINS:
            columns[OF_SESSION + name] = period_start(local, name).cast("string")
        else:
            columns[OF_SESSION + name] = clock[name].cast("string")
    own = sessions.select("contact_id", **columns)
    followed = followed_session(data)
    after = followed.join(own, followed.session_id == own.contact_id)
    after = after.select(followed.contact_id, *(own[name] for name in columns))
    return looked_up(contacts, own.union(after), *columns)


def _with_clock(data: Dataset, contacts: ibis.Table) -> ibis.Table:
    prepared = data.prepared("contacts")
    names = [name for name in (HOUR, *CLOCK) if name not in contacts.columns]
    if prepared.first is None or prepared.last is None:
        return contacts.mutate(**{name: ibis.null("int64") for name in names})
    clock = clock_of(local_time(contacts.started_at, data.timezone, prepared.first.date(), prepared.last.date()))
    return contacts.mutate(**{name: clock[name] for name in names})


def clock_of(local: ibis.Value) -> dict[str, ibis.Value]:
    """The hour and the `CLOCK` of a local time, whole numbers."""
    half = ibis.ifelse(local.minute() >= 30, 1, 0)
    clock = {HOUR: local.hour(), "weekday": local.day_of_week.index(), "half_hour": 2 * local.hour() + half}
    return {name: value.cast("int64") for name, value in clock.items()}


def _with_tenure(data: Dataset, contacts: ibis.Table) -> ibis.Table:
    """Tenure at the start of the contact, counted from the first day on which the agent was hired."""
    agents = data.frame("agents")
    hired = pd.to_datetime(agents["hired_on"]).groupby(agents["agent_id"]).min().dropna()
    zone = ZoneInfo(data.timezone)
    seconds = [int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp()) for day in hired]
    known = pd.DataFrame({"_agent": hired.index.astype(str), "_hired": pd.array(seconds, dtype="int64")})
    table = data.engine.table(known, "agents_hired")
    joined = contacts.left_join(table, contacts.agent_id == table["_agent"])
    served = whole_seconds(contacts.started_at) - table["_hired"]
    reached = [(served < int(months * _DAYS_A_MONTH * 86_400), place) for place, months in enumerate(TENURE_FROM[1:])]
    place = ibis.cases((table["_hired"].isnull(), ibis.null("int64")), *reached, else_=len(TENURE_FROM) - 1)
    return joined.select(*(contacts[name] for name in contacts.columns), **{TENURE: place.cast("int64")})


def _with_concurrency(data: Dataset, contacts: ibis.Table) -> ibis.Table:
    """Contacts of the agent at the same time, as recorded, in whole numbers; one where nothing is recorded."""
    if "concurrency" not in contacts.columns:
        return contacts.mutate(**{AT_ONCE: ibis.literal(1, "int64")})
    return contacts.mutate(**{AT_ONCE: (contacts.concurrency + 0.5).floor().cast("int64").fill_null(1)})
