"""Names of agents: on the analyst's own screen as they are, in what is shared under pseudonyms.

What is shared are reports, decks, workbooks, pages, pictures and the files of the command line. A code such as A017 is
no name; two words are one.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any

import pandas as pd

from cpc_analysis.tables.pseudonyms import pseudonym

__all__ = ["SHARED_VARIABLE", "agents_as_given", "holds_agents", "name_shown", "without_names"]

#: Set for the kernels that run reports: all that they show is shared.
SHARED_VARIABLE = "CPC_SHARED"
_AS_GIVEN = ContextVar("cpc_agents_as_given", default=False)
_COLUMNS = ("agent_id", "agent_name", "agent", "agent_full_name", "agent_navn", "medarbejder", "medarbejdernavn")
#: How `agents` itself names the names of agents.
_OWN_COLUMNS = ("name", "navn", "full_name", "first_name", "last_name")
_TWO_WORDS = re.compile(r"\s*[^\W\d_][^\W\d_'’-]+(?:[ ._,]+[^\W\d_](?:[^\W\d_'’-]*))+\.?\s*")
_PSEUDONYM = re.compile("agent [0-9a-f]{8}")
#: The names met, and where the salt of their pseudonyms comes from.
_MET: dict[str, Callable[[], str]] = {}


@contextmanager
def agents_as_given(wanted: bool) -> Iterator[None]:
    """The data read meanwhile keep the names of agents everywhere, where that is wanted."""
    token = _AS_GIVEN.set(wanted)
    try:
        yield
    finally:
        _AS_GIVEN.reset(token)


def holds_agents(table: str, column: str) -> bool:
    """Whether a column of a table says which agent."""
    return column.casefold() in _COLUMNS or (table == "agents" and column.casefold() in _OWN_COLUMNS)


def name_shown(column: str, text: str, salt: Callable[[], str]) -> str:
    """What a column of agents shows for one of its texts: a name becomes a pseudonym where the data are shared.

    Parameters
    ----------
    column : str
        ``agent_id``, whose codes are no names, or a column of names.
    text : str
        A value of it.
    salt : callable
        The salt of pseudonyms.

    Examples
    --------
    >>> name_shown("agent_id", "Ida Hansen", lambda: "salt"), name_shown("agent_id", "A017", lambda: "salt")
    ('Ida Hansen', 'A017')
    >>> without_names("Handle time of Ida Hansen")
    'Handle time of agent fd24435f'
    """
    is_name = _TWO_WORDS.fullmatch(text) if column == "agent_id" else re.search(r"[^\W\d_]{2}", text)
    if not is_name or _AS_GIVEN.get() or _PSEUDONYM.fullmatch(text):
        return text
    if os.environ.get(SHARED_VARIABLE) == "1":
        return _pseudonym(text, salt)
    _MET[text] = salt
    return text


def _pseudonym(name: str, salt: Callable[[], str]) -> str:
    return f"agent {pseudonym(name, salt())[:8]}"


@cache
def _names_met(names: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(names, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")


def without_names(shared: Any) -> Any:
    """Anything made of texts - a text, a sequence, a mapping, a frame, a record - with pseudonyms for agents met.

    Parameters
    ----------
    shared : object
        What is about to be shared; it is not changed.
    """
    return _without(shared, _names_met(tuple(_MET))) if _MET else shared


def _without(shared: Any, names: re.Pattern[str]) -> Any:
    if isinstance(shared, str):
        return names.sub(lambda match: _pseudonym(match[0], _MET[match[0]]), shared)
    if isinstance(shared, dict):
        return {_without(key, names): _without(value, names) for key, value in shared.items()}
    if type(shared) in (list, tuple):
        return type(shared)(_without(value, names) for value in shared)
    if isinstance(shared, pd.DataFrame):
        return _frame_without(shared, names)
    if is_dataclass(shared) and not isinstance(shared, type):
        return _record_without(shared, names)
    return shared


def _record_without(record: Any, names: re.Pattern[str]) -> Any:
    changed = {field.name: getattr(record, field.name) for field in fields(record) if field.init}
    shown = {name: _without(value, names) for name, value in changed.items()}
    return replace(record, **{name: value for name, value in shown.items() if value is not changed[name]})


def _frame_without(frame: pd.DataFrame, names: re.Pattern[str]) -> pd.DataFrame:
    shown = frame.copy()
    for place, dtype in enumerate(frame.dtypes):
        if dtype == "object" or isinstance(dtype, (pd.StringDtype, pd.CategoricalDtype)):
            values = [_without(value, names) for value in frame.iloc[:, place]]
            shown.isetitem(place, pd.Series(values, index=frame.index, dtype="object"))
    shown.attrs = {key: _without(value, names) for key, value in frame.attrs.items()}
    return shown
