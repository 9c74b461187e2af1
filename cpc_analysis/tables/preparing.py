"""The rules of each canonical table beyond its columns, and the order in which tables are checked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import ibis
import pandas as pd

from cpc_analysis.engine import ROW, Engine, is_engine_table, memory_frame, to_arrow
from cpc_analysis.errors import InvalidInputError, closest, listed
from cpc_analysis.language import number, say, speaking
from cpc_analysis.money import in_currency, minor_digits, whole_minor_units
from cpc_analysis.schema import TABLES, Kind, Table
from cpc_analysis.tables.agents import agents_as_given
from cpc_analysis.tables.canonical import Prepared, engine_name, prepare
from cpc_analysis.tables.conversations import families
from cpc_analysis.tables.masking import masked
from cpc_analysis.tables.naming import as_given
from cpc_analysis.tables.pseudonyms import frames_salt
from cpc_analysis.tables.quarantine import STANDS_FOR, Quarantine, Rule, StandsFor, together

if TYPE_CHECKING:
    import pyarrow as pa

    from cpc_analysis.dataset import Dataset

__all__ = ["all_set_aside", "check_any_accepted", "prepare_table", "small_frame"]

#: In which order amounts are rounded: those of one pool beside each other.
_POOLED = ["_month", "cost_type", "channel", "site", "team", "behaviour", "account", "line_id"]


def prepare_table(data: Dataset, name: str) -> Prepared:
    """A table of a dataset, checked by every rule.

    Raises
    ------
    InvalidInputError
        If a required column is missing, or rows break a rule and the dataset is strict.
    """
    schema = TABLES[name]
    engine, raw = _raw_table(data, schema)
    if name not in data.reading.read:
        # What comes from files is masked as it is read.
        with agents_as_given(data.settings.agent_names == "as_given"):
            raw = masked(engine, schema, raw, frames_salt)
    prepared = prepare(
        engine,
        schema,
        raw,
        data.timezone,
        lambda typed: _table_rules(data, name, typed),
        STANDS_FOR.get(name),
    )
    if name == "contacts" and "parent_contact_id" in prepared.table.columns:
        prepared = _without_cycles(engine, prepared)
    if name == "agents":
        prepared = _without_overlaps(engine, prepared)
    if data.settings.strict and len(prepared.set_aside):
        raise _strict_error(schema, prepared)
    return prepared


def all_set_aside(data: Dataset, name: str) -> str:
    """That every row of a table was set aside, and by which rule, as a sentence; empty where any was accepted.

    Parameters
    ----------
    data : Dataset
        The dataset.
    name : str
        Such as ``"contacts"``.
    """
    if not data.has(name) or data.prepared(name).accepted:
        return ""
    counts, rows = data.set_aside.counts, data.set_aside.rows
    counts, rows = counts[counts["table"] == name], rows[rows["table"] == name]
    if counts.empty:
        return ""
    rules = counts.groupby(["column", "rule"], sort=False)["rows"].sum()
    column, words = rules.idxmax()
    first = rows[(rows["column"] == column) & (rows["rule"] == words)].iloc[0]
    return say(
        "Every row of `{table}` was set aside, {most} of {rows} because `{column}` {rule}, got '{value}' in row "
        "{first}. Mend or map that column; the check shows every rule.",
        table=name,
        most=number(rules.max()),
        rows=number(rules.sum()),
        column=column,
        rule=words,
        value=first["value"],
        first=first["row"],
    )


def check_any_accepted(data: Dataset, name: str) -> None:
    """Raise when every row of a table was set aside: no figure can stand on it."""
    with speaking("en"):
        sentence = all_set_aside(data, name)
    if sentence:
        raise InvalidInputError(sentence)


def _strict_error(schema: Table, prepared: Prepared) -> InvalidInputError:
    first = prepared.set_aside.rows.iloc[0]
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
        return data.engine, _held_table(data, schema, given)
    engine = data.engine
    if not schema.large and engine.connection.name != "duckdb":
        engine = Engine.inside()
    return engine, engine.table(_held_frame(data, schema, given), schema.name)


def _held_table(data: Dataset, schema: Table, table: Any) -> ibis.Table:
    """A table on the engine with its own columns as they are held; those that the schema does not take left out."""
    names = dict(zip(table.columns, data.held_columns(schema.name), strict=True))
    return table.select(**{name: table[own] for own, name in names.items() if schema.takes(name)})


def _held_frame(data: Dataset, schema: Table, frame: object) -> pa.Table:
    """The same of a table in memory."""
    arrow = to_arrow(memory_frame(frame) if is_engine_table(frame) else frame)
    names = data.held_columns(schema.name)
    for name in names:
        if names.count(name) > 1:
            raise InvalidInputError(
                f"`{schema.name}` must name each column once, got '{as_given(name)}' {names.count(name)} times."
            )
    renamed = arrow.rename_columns(names)
    return renamed.select([name for name in names if schema.takes(name)])


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
    bad = contacts.semi_join(cyclic, "contact_id")
    if not int(engine.connection.execute(bad.count())):
        return prepared
    rule = Rule(
        "parent_contact_id", "must not lead back to the contact itself", ibis.literal(True), bad.parent_contact_id
    )
    return _set_aside(engine, prepared, contacts.anti_join(cyclic, "contact_id"), bad, bad.contact_id, rule)


def _without_overlaps(engine: Engine, prepared: Prepared) -> Prepared:
    agents = prepared.table
    if not {"valid_from", "valid_to"} & set(agents.columns):
        return prepared
    frame = agent_ranges(engine.fetch(agents))
    if not frame["overlaps"].any():
        return prepared
    columns = list(agents.columns)
    good = engine.table(frame.loc[~frame["overlaps"], columns], "agents_without_overlaps").drop(ROW)
    bad = engine.table(frame.loc[frame["overlaps"], columns], "agents_that_overlap").drop(ROW)
    shown = bad.valid_from.cast("date").cast("string")
    rule = Rule("valid_from", "must not lie in an earlier range of the same agent", ibis.literal(True), shown)
    return _set_aside(engine, prepared, good, bad, bad.agent_id + " " + shown, rule)


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


def _set_aside(
    engine: Engine, prepared: Prepared, kept: ibis.Table, bad: ibis.Table, label: ibis.Value, rule: Rule
) -> Prepared:
    """The prepared table with rows that break one more rule set aside."""
    name = prepared.schema.name
    broken = bad.mutate(_broken=ibis.literal(0), _label=label, _value=rule.value)
    found = Quarantine.of(engine, name, broken, [rule], STANDS_FOR.get(name, StandsFor()))
    return replace(prepared, table=kept, set_aside=together([prepared.set_aside, found]))


def small_frame(data: Dataset, name: str) -> pd.DataFrame:
    """The accepted rows of a small table as pandas, every canonical column there, sorted by all of them.

    Money is in whole minor units of the dataset's currency.
    """
    schema = TABLES[name]
    columns = [engine_name(column) for column in schema.columns]
    frame: Any = data.on_engine(name).to_pandas() if data.has(name) else pd.DataFrame()
    for column in schema.columns:
        if column.name not in frame.columns:
            frame[column.name] = pd.Series(None, index=frame.index, dtype="object")
        if column.kind in (Kind.DATE, Kind.PERIOD):
            frame[column.name] = pd.to_datetime(frame[column.name]).astype("datetime64[us]")
    for column in schema.columns:
        if column.kind is Kind.MONEY:
            frame[column.name] = _minor_units(data, frame, column.name)
    order = [*columns, *(extra for extra in frame.columns if extra not in columns)]
    frame = frame[order]
    return frame.sort_values(columns, kind="stable", key=lambda key: key.astype("str"), ignore_index=True)


def _minor_units(data: Dataset, frame: pd.DataFrame, name: str) -> pd.Series:
    """Amounts of lines in whole minor units, those of one pool rounded together; missing where there is none."""
    amounts = frame[name].astype("object").where(frame[name].notna(), None)
    if "posted_on" in frame:
        month = frame["period"].fillna(frame["posted_on"].dt.to_period("M").dt.start_time)
        amounts = in_currency(amounts, frame["currency"], month, data.currency, data.settings.rates)
        _check_rates(data, frame, month, amounts)
        frame = frame.assign(_month=month)
    pooled = [key for key in _POOLED if key in frame]
    known = frame.loc[amounts.notna(), pooled] if pooled else frame.loc[amounts.notna()]
    places = known.astype("str").sort_values(list(known.columns), kind="stable").index
    minor = pd.Series(None, index=frame.index, dtype="Int64")
    minor[places] = whole_minor_units(amounts[places].tolist(), minor_digits(data.currency))
    return minor if minor.isna().any() else minor.astype("int64")


def _check_rates(data: Dataset, frame: pd.DataFrame, month: pd.Series, amounts: pd.Series) -> None:
    """Raise when a line is in a currency that has no rate to the dataset's, or none in its month."""
    unknown = frame["amount"].notna() & amounts.isna()
    if not unknown.any():
        return
    without = sorted({str(name) for name in frame.loc[unknown, "currency"]} - set(data.settings.rates))
    if without:
        raise InvalidInputError(
            f"`costs.currency` must be {data.currency} or have a rate to it, got {listed(without)} without a rate. "
            f"State what one {without[0]} is worth in {data.currency}, in `rates`."
        )
    first = frame.loc[unknown].index[0]
    name, when = frame.loc[first, "currency"], f"{month[first]:%Y-%m}"
    raise InvalidInputError(
        f"`rates.{name}` must hold every month with lines in {name}, got none for {when}. "
        f"State what one {name} was worth in {data.currency} then."
    )
