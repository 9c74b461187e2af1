"""Tables without what shows a person: the texts of every column searched, once each, and masked.

Distinct texts are searched, not rows. A column of more than 100,000 different texts is searched on the engine, for the
writings that a regular expression can tell.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

import ibis
import pandas as pd

from cpc_analysis.engine import Engine
from cpc_analysis.errors import InvalidInputError
from cpc_analysis.identifiers import identifiers_in, is_identifier, mask_identifiers
from cpc_analysis.schema import Kind, Table
from cpc_analysis.tables.agents import holds_agents, name_shown
from cpc_analysis.tables.naming import as_given
from cpc_analysis.tables.people import names_code, names_person
from cpc_analysis.tables.pseudonyms import hashed, pseudonym, use_salt
from cpc_analysis.tables.values import as_text

__all__ = ["left_out", "masked", "without_columns"]

#: So many different texts of a column are looked at one by one.
_MOST_TEXTS = 100_000
#: Tables of so few rows are asked for their texts without a look at how many they are.
_FEW_ROWS = 100_000
#: Columns whose values say which one: they are hashed whole, so that tables still meet on them, and doubt keeps them.
_KEYS = ("contact_id", "parent_contact_id", "leg_id", "line_id", "survey_id", "account", "agent_id")
_CUSTOMER = "customer_id"
#: Canonical columns that hold words; the others may hold codes.
_SENTENCES = ("reason", "account_name")
#: Columns that have about as many values as rows.
_ONE_PER_ROW = ("contact_id", "parent_contact_id", "leg_id", "survey_id", _CUSTOMER)
_BEFORE, _AFTER = "(^|[^0-9A-Za-z_-])", "([^0-9A-Za-z_-]|$)"
#: What is sure, in the regular expressions that all engines know.
_SURE = "|".join(
    (
        r"@|%40|[(\[]at[)\]]",
        r"(^|[^0-9])\+ ?\(?[0-9]([ ()./-]{0,3}[0-9]){7}",
        rf"{_BEFORE}0045[2-9][0-9]{{7}}{_AFTER}",
        rf"{_BEFORE}00[1-9][0-9]{{0,2}}[ ().-]+[0-9]{{2}}",
        r"[(][0-9]{2,4}[)][ .-]?[0-9]{2,4}[ .-]?[0-9]{2,4}",
        rf"{_BEFORE}[0-9]{{2}} [0-9]{{2}} [0-9]{{2}} [0-9]{{2}}{_AFTER}",
        rf"{_BEFORE}[2-9][0-9]{{2}}[ .-][2-9][0-9]{{2}}[ .-][0-9]{{4}}{_AFTER}",
        rf"{_BEFORE}[0-9]{{2}}[01][0-9]{{3}} ?[-/ ] ?[0-9]{{4}}{_AFTER}",
        rf"{_BEFORE}[0-9]{{4}}[ -][0-9]{{4}}[ -][0-9]{{4}}[ -][0-9]{{4}}{_AFTER}",
    )
)
_IBAN = rf"{_BEFORE}[A-Za-z]{{2}}[0-9]{{2}} ?([0-9A-Za-z]{{4}} ?){{2}}"
_LIKELY = rf"{_SURE}|{_BEFORE}[0-9]{{8,19}}{_AFTER}|([0-9][ .-]?){{7}}[0-9]"


@dataclass(frozen=True)
class _Searched:
    """A column to search: its name, whether its values are hashed whole, and whether doubt masks them.

    Where `of_codes`, doubt keeps a value of one word: it is a code.
    """

    name: str
    whole: bool = False
    doubt: bool = True
    of_codes: bool = False
    of_agents: bool = False

    def _is_code(self, text: str) -> bool:
        if self.of_codes:
            return " " not in text.strip()
        # No phone, CPR or card number is of so many digits; the keys of many systems are.
        return text.isdigit() and 11 <= len(text) <= 14

    def shown(self, text: str, salt: Callable[[], str]) -> str:
        """The text to show instead: itself, its pseudonym, or itself with masks for what it holds."""
        doubt = self.doubt and not self._is_code(text)
        found = identifiers_in(text, doubt)
        if not found:
            return name_shown(self.name, text, salt) if self.of_agents else text
        if self.whole or is_identifier(text, doubt):
            return pseudonym(text, salt())
        return mask_identifiers(text, doubt)


def left_out(schema: Table, names: Iterable[str]) -> tuple[str, ...]:
    """The further columns of a table that are left out, because their names say that they hold people.

    Names of agents stay in `agents`: they are what an analyst knows them by.
    """
    further = [name for name in names if name not in schema.known and not name.startswith("_")]
    if not schema.open:
        return ()
    return tuple(name for name in further if names_person(name) and not holds_agents(schema.name, name))


def masked(
    engine: Engine, schema: Table, table: ibis.Table, salt: Callable[[], str], without: Collection[str] = ()
) -> ibis.Table:
    """A table whose texts show no person: identifiers hashed where they are the whole value, else masked inside.

    Parameters
    ----------
    engine : Engine
        Where the table is.
    schema : Table
        The canonical table that it is meant to be.
    table : ibis.Table
        The table.
    salt : callable
        The salt of pseudonyms; asked for when one is needed.
    without : collection of str
        Columns that need no search.

    Raises
    ------
    InvalidInputError
        If a column shows people in more than 100,000 different texts, on an engine that cannot hash them.
    """
    searched = [column for column in _to_search(schema, table) if column.name not in without]
    if not searched:
        return table
    many = _of_many_texts(engine, schema, table, searched)
    masks, on_engine = {}, {}
    for column, texts in _texts(engine, table, [one for one in searched if one.name not in many]):
        masks[column.name] = _masks(column, texts, salt)
    for column in (one for one in searched if one.name in many):
        candidates = _candidates(engine, table, column)
        if len(candidates) <= _MOST_TEXTS:
            masks[column.name] = _masks(column, candidates, salt)
        else:
            on_engine[column.name] = _hidden(engine, table, column, salt)
    replaced = _replaced(engine, table, {name: shown for name, shown in masks.items() if shown})
    return replaced.mutate(**on_engine) if on_engine else replaced


def _to_search(schema: Table, table: ibis.Table) -> list[_Searched]:
    found = []
    for name in table.columns:
        is_text = table[name].type().is_string()
        if name == _CUSTOMER and name in schema.names:
            found.append(_Searched(name, whole=True))
        elif not is_text or name.startswith("_"):
            continue
        elif name not in schema.names:
            if schema.open:
                given = as_given(name)
                is_of_agents = holds_agents(schema.name, given)
                found.append(_Searched(name, of_codes=names_code(given), of_agents=is_of_agents))
        elif schema.column(name).kind is Kind.TEXT and not schema.column(name).choices:
            is_key = name in _KEYS
            is_of_agents = holds_agents(schema.name, name)
            is_code = name not in _SENTENCES
            found.append(_Searched(name, whole=is_key, doubt=not is_key, of_codes=is_code, of_agents=is_of_agents))
    return found


def _of_many_texts(engine: Engine, schema: Table, table: ibis.Table, searched: list[_Searched]) -> set[str]:
    """The columns of more texts than are looked at one by one, by their first rows."""
    if not schema.large:
        return set()
    first = table.limit(2 * _FEW_ROWS)
    others = [column.name for column in searched if column.name not in _ONE_PER_ROW]
    counts = {name: as_text(first[name]).nunique() for name in others}
    row = engine.fetch(first.aggregate(**counts, _rows=first.count())).iloc[0]
    if row["_rows"] <= _FEW_ROWS:
        return set()
    many = {column.name for column in searched if column.name in _ONE_PER_ROW}
    return many | {name for name in others if row[name] > _MOST_TEXTS / 2}


def _texts(engine: Engine, table: ibis.Table, searched: list[_Searched]) -> Iterable[tuple[_Searched, list[str]]]:
    """The columns with their different texts, fetched at once."""
    if not searched:
        return []
    texts = {column.name: as_text(table[column.name]).collect(distinct=True) for column in searched}
    row = engine.fetch(table.aggregate(**texts)).iloc[0]
    return [(column, list(row[column.name]) if hasattr(row[column.name], "__len__") else []) for column in searched]


def _masks(column: _Searched, texts: Iterable[str | None], salt: Callable[[], str]) -> dict[str, str]:
    """What to show instead of those texts of a column that show a person."""
    shown = {text: column.shown(text, salt) for text in texts if text is not None}
    return {text: other for text, other in shown.items() if other != text}


def _replaced(engine: Engine, table: ibis.Table, masks: dict[str, dict[str, str]]) -> ibis.Table:
    """The table with texts replaced, by way of a table of them for each column.

    They never stand in a query's text, which can be printed. All joins are of one query: its depth does not grow.
    """
    if not masks:
        return table
    joined, names = table, list(table.columns)
    for place, (name, shown) in enumerate(masks.items()):
        frame = pd.DataFrame({f"_given_{place}": list(shown), f"_shown_{place}": list(shown.values())})
        of_column = engine.table(frame, "masks")
        joined = joined.left_join(of_column, as_text(table[name]) == of_column[f"_given_{place}"], rname="{name}_masks")
    values = {name: ibis.coalesce(joined[f"_shown_{place}"], as_text(joined[name])) for place, name in enumerate(masks)}
    return joined.select(**{name: values.get(name, joined[name]) for name in names})


def _candidates(engine: Engine, table: ibis.Table, column: _Searched) -> pd.Series:
    """The different texts of a column that may show a person, one more than are looked at where there are more."""
    text = as_text(table[column.name])
    pattern = f"{_SURE}|{_IBAN}" if column.of_codes else _LIKELY
    found = table.filter(text.re_search(pattern)).select(text=text).distinct().limit(_MOST_TEXTS + 1)
    return engine.fetch(found)["text"]


def _hidden(engine: Engine, table: ibis.Table, column: _Searched, salt: Callable[[], str]) -> ibis.Value:
    """A column of many texts that show people, those that an expression finds hashed whole."""
    if engine.connection.name != "duckdb":
        raise InvalidInputError(
            f"`{column.name}` shows people, such as by e-mail addresses or phone numbers, in more than {_MOST_TEXTS:,} "
            f"different texts, which {engine.connection.name} cannot hash here. Hash them before, or leave it out."
        )
    use_salt(engine, salt())
    text = as_text(table[column.name])
    return ibis.ifelse(text.re_search(_SURE if column.of_codes else _LIKELY), hashed(text), text)


def without_columns(table: object, names: Collection[str]) -> object:
    """A frame of any supported kind without some of its columns."""
    if isinstance(table, pd.DataFrame):
        return table.drop(columns=list(names))
    if hasattr(table, "drop_columns"):
        return table.drop_columns(list(names))
    return table.drop(*names)  # type: ignore[attr-defined]
