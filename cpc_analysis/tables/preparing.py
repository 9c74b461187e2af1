"""The rules of each canonical table beyond its columns, and the order in which tables are checked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import ibis
import pandas as pd

from cpc_analysis.engine import Engine, is_engine_table, memory_frame
from cpc_analysis.errors import InvalidInputError, closest
from cpc_analysis.money import to_minor_units
from cpc_analysis.schema import TABLES, Kind, Table
from cpc_analysis.tables.canonical import (
    QUARANTINE_COLUMNS,
    Prepared,
    Rule,
    StandsFor,
    engine_name,
    prepare,
    stood_for,
)
from cpc_analysis.tables.conversations import families

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = ["prepare_table", "small_frame"]

_STAND_FOR = {"contacts": StandsFor("contact_count"), "costs": StandsFor("amount", ("period", "posted_on"))}


def prepare_table(data: Dataset, name: str) -> Prepared:
    """A table of a dataset, checked by every rule.

    Raises
    ------
    InvalidInputError
        If a required column is missing, or rows break a rule and the dataset is strict.
    """
    schema = TABLES[name]
    engine, raw = _raw_table(data, schema)
    prepared = prepare(
        engine,
        schema,
        raw,
        data.timezone,
        lambda typed: _table_rules(data, name, typed),
        _STAND_FOR.get(name),
    )
    if name == "contacts" and "parent_contact_id" in prepared.table.columns:
        prepared = _without_cycles(engine, prepared)
    if name == "agents":
        prepared = _without_overlaps(engine, prepared)
    if data.settings.strict and len(prepared.set_aside):
        raise _strict_error(schema, prepared)
    return prepared


def _strict_error(schema: Table, prepared: Prepared) -> InvalidInputError:
    first = prepared.set_aside.iloc[0]
    near = closest(first["value"], schema.column(first["column"]).choices)
    hint = f"Did you mean '{near}'? " if near else ""
    return InvalidInputError(
        f"`{schema.name}.{first['column']}` {first['rule']}, got '{first['value']}' in row {first['row']}; "
        f"{len(prepared.set_aside)} of {prepared.read} rows break a rule. {hint}"
        "Mend them, or set strict = false to set them aside."
    )


def _raw_table(data: Dataset, schema: Table) -> tuple[Engine, ibis.Table]:
    given = data.tables[schema.name]
    if is_engine_table(given) and schema.large:
        return data.engine, given  # type: ignore[return-value]
    if schema.large:
        return data.engine, data.engine.table(given, schema.name)
    frame = memory_frame(given)
    for column in schema.columns:
        if column.kind is Kind.MONEY and column.name in frame.columns:
            currencies = frame["currency"] if "currency" in frame.columns else None
            minor = to_minor_units(frame[column.name], currencies, data.currency, data.settings.rates)
            frame = frame.assign(**{column.name: minor})
    engine = data.engine if data.engine.connection.name == "duckdb" else Engine.inside()
    return engine, engine.table(frame, schema.name)


def _table_rules(data: Dataset, name: str, typed: ibis.Table) -> Iterator[Rule]:
    yield from _order_rules(name, typed)
    if name == "contacts" and "handle_ms" in typed.columns:
        yield Rule(
            "handle_seconds",
            "must be missing on an abandoned contact, not zero",
            (typed.outcome == "abandoned") & typed.handle_ms.notnull(),
            (typed.handle_ms / 1000).cast("string"),
        )
    if name in ("legs", "surveys"):
        known = data.on_engine("contacts").contact_id
        yield Rule("contact_id", "must be a contact of the log", typed.contact_id.notin(known), typed.contact_id)
    if name == "surveys" and "score" in typed.columns:
        score = typed.score
        yield Rule("scale_max", "must be above scale_min", typed.scale_max <= typed.scale_min,
                   typed.scale_max.cast("string"))  # fmt: skip
        yield Rule("score", "must lie in its scale", (score < typed.scale_min) | (score > typed.scale_max),
                   score.cast("string"))  # fmt: skip


def _order_rules(name: str, typed: ibis.Table) -> Iterator[Rule]:
    pairs = {
        "contacts": [("started_at", "ended_at")],
        "legs": [("started_at", "ended_at")],
        "shifts": [("starts_at", "ends_at")],
        "agents": [("valid_from", "valid_to")],
        "costs": [("service_from", "service_to")],
    }
    for earlier, later in pairs.get(name, ()):
        if earlier in typed.columns and later in typed.columns:
            yield Rule(later, f"must not be before {earlier}", typed[later] < typed[earlier],
                       typed[later].cast("string"))  # fmt: skip


def _without_cycles(engine: Engine, prepared: Prepared) -> Prepared:
    contacts = prepared.table
    if not int(engine.connection.execute(contacts.parent_contact_id.count())):
        return replace(prepared, table=contacts.drop("parent_contact_id"))
    cyclic = families(engine, contacts).cyclic
    rows = engine.fetch(
        contacts.semi_join(cyclic, "contact_id")
        .select(row=lambda table: table.contact_id, value=lambda table: table.parent_contact_id)
        .order_by("row")
    )
    if rows.empty:
        return prepared
    return _set_aside(
        prepared, contacts.anti_join(cyclic, "contact_id"), rows, "parent_contact_id",
        "must not lead back to the contact itself",
    )  # fmt: skip


def _without_overlaps(engine: Engine, prepared: Prepared) -> Prepared:
    agents = prepared.table
    if not {"valid_from", "valid_to"} & set(agents.columns):
        return prepared
    frame = agent_ranges(engine.fetch(agents))
    bad = frame[frame["overlaps"]]
    if bad.empty:
        return prepared
    rows = pd.DataFrame(
        {
            "row": bad["agent_id"] + " " + bad["valid_from"].astype("str"),
            "value": bad["valid_from"].astype("str"),
        }
    )
    good = frame.loc[~frame["overlaps"], list(agents.columns)]
    return _set_aside(
        prepared, engine.table(good, "agents_without_overlaps").drop("_row"), rows, "valid_from",
        "must not lie in an earlier range of the same agent",
    )  # fmt: skip


def agent_ranges(agents: pd.DataFrame) -> pd.DataFrame:
    """The agents' validity ranges as half-open days, in order.

    A range holds its last day `valid_to`; where the next range begins on that day, it holds up to that day.

    Parameters
    ----------
    agents : pandas.DataFrame
        Canonical agents, one row per agent and range.

    Returns
    -------
    pandas.DataFrame
        The same rows, sorted, with `from_day`, `to_day` (the first day after) and `overlaps`, true where a range
        begins inside an earlier one of the same agent.
    """
    frame = agents.copy()
    earliest, latest = pd.Timestamp("1900-01-01"), pd.Timestamp("2200-01-01")
    start = pd.to_datetime(frame["valid_from"]) if "valid_from" in frame else pd.Series(pd.NaT, frame.index)
    end = pd.to_datetime(frame["valid_to"]) if "valid_to" in frame else pd.Series(pd.NaT, frame.index)
    frame["from_day"] = start.fillna(earliest)
    frame["to_day"] = (end + pd.Timedelta(days=1)).fillna(latest)
    frame = frame.sort_values(["agent_id", "from_day", "to_day"], kind="stable").reset_index(drop=True)
    same = frame["agent_id"].eq(frame["agent_id"].shift(-1))
    touches = same & (frame["from_day"].shift(-1) == frame["to_day"] - pd.Timedelta(days=1))
    touches &= frame["from_day"].shift(-1) > frame["from_day"]
    frame.loc[touches, "to_day"] = frame["from_day"].shift(-1)[touches]
    before = frame.groupby("agent_id")["to_day"].cummax().groupby(frame["agent_id"]).shift(1)
    frame["overlaps"] = (before > frame["from_day"]).fillna(False)
    return frame


def _set_aside(prepared: Prepared, kept: ibis.Table, rows: pd.DataFrame, column: str, words: str) -> Prepared:
    rows = rows.assign(table=prepared.schema.name, column=column, rule=words)
    return replace(
        prepared,
        table=kept,
        set_aside=pd.concat([prepared.set_aside, rows[QUARANTINE_COLUMNS].astype("str")], ignore_index=True),
        stood_for=pd.concat([prepared.stood_for, stood_for(rows)], ignore_index=True),
    )


def small_frame(data: Dataset, name: str) -> pd.DataFrame:
    """The accepted rows of a small table as pandas, every canonical column there, sorted by all of them."""
    schema = TABLES[name]
    columns = [engine_name(column) for column in schema.columns]
    frame: Any = data.on_engine(name).to_pandas() if data.has(name) else pd.DataFrame()
    for column in schema.columns:
        if column.name not in frame.columns:
            frame[column.name] = pd.Series(None, index=frame.index, dtype="object")
        if column.kind in (Kind.DATE, Kind.PERIOD):
            frame[column.name] = pd.to_datetime(frame[column.name]).astype("datetime64[us]")
    order = [*columns, *(extra for extra in frame.columns if extra not in columns)]
    frame = frame[order]
    return frame.sort_values(columns, kind="stable", key=lambda key: key.astype("str"), ignore_index=True)
