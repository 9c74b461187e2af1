"""Conditions: what `where` asks for, read once as values of each column's own kind, and the rows that meet it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cpc_analysis.cells.derived import CLOCK
from cpc_analysis.cells.work import agent_keys, asked_keys
from cpc_analysis.errors import InvalidInputError, UnknownNameError
from cpc_analysis.language import listed_said, say, value_said
from cpc_analysis.periods import GRAINS, parse_period, period_of
from cpc_analysis.schema import OTHER_WORK, TABLES, UNKNOWN, Kind
from cpc_analysis.tables.naming import as_given
from cpc_analysis.tables.values import FALSE_WORDS, TRUE_WORDS

if TYPE_CHECKING:
    from cpc_analysis.calendars import Calendar
    from cpc_analysis.dataset import Dataset

__all__ = ["Conditions", "absent_in_words", "conditions_as_given", "matching", "months_touched", "read_conditions"]

#: Column to the values that it may have: texts, numbers, booleans, and periods as their text.
Conditions = dict[str, list[Any]]

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
#: Values of a column that are held to look for a misspelt one.
_MOST_VALUES = 10_000
_HALF_HOURS = 48


def read_conditions(data: Dataset, where: Mapping[str, object] | None) -> Conditions:
    """What `where` asks for, each value of its column's own kind.

    Parameters
    ----------
    data : Dataset
        Whose columns it names.
    where : mapping of str to value or values, optional
        One value or several: a list, set, array, index or series. A number or a truth may be written as text, a
        weekday as its name, a half-hour as its time of day, and a period as text, date, timestamp, pandas period or,
        a year, as a number.

    Returns
    -------
    dict of str to list
        Never an empty list. Reading it again changes nothing.

    Raises
    ------
    UnknownNameError
        If there is no such column, or it never has such a value.
    InvalidInputError
        If a value is of another kind or missing, or there is none.
    """
    if where is None:
        return {}
    if not isinstance(where, Mapping):
        raise InvalidInputError(f'`where` must map columns to values, such as {{"channel": "voice"}}, got {where!r}.')
    keys = asked_keys(data, [str(name) for name in where])
    return {key: _values(data, key, wanted) for key, wanted in zip(keys, where.values(), strict=True)}


def conditions_as_given(conditions: Conditions) -> Conditions:
    """Conditions with their columns as the user calls them."""
    return {as_given(name): values for name, values in conditions.items()}


def _values(data: Dataset, name: str, wanted: object) -> list[Any]:
    several = isinstance(wanted, (list, tuple, set, frozenset, dict, range, np.ndarray, pd.Index, pd.Series))
    given = list(wanted) if several else [wanted]  # type: ignore[call-overload]
    if not given:
        raise InvalidInputError(
            f"`where` must name at least one value of `{as_given(name)}`, got none. Leave `{as_given(name)}` out to "
            "take all of them."
        )
    for value in given:
        if pd.api.types.is_scalar(value) and pd.isna(value):
            raise InvalidInputError(
                f"`where` must name values of `{as_given(name)}`, got {value}. What has none is called '{UNKNOWN}'."
            )
    if isinstance(wanted, (set, frozenset)):
        given = sorted(given, key=str)
    found = [_value(data, name, value) for value in given]
    return list(dict.fromkeys(found))


def _value(data: Dataset, name: str, value: object) -> Any:
    own = data.has("contacts", name)
    if name in GRAINS and not own:
        return _period(name, value, data.calendar)
    if name in CLOCK and not own:
        return _weekday(value) if name == "weekday" else _half_hour(value)
    if value in (UNKNOWN, OTHER_WORK):
        return value
    read = _of_kind(data, name, value)
    _check_known(data, name, read)
    return read


def _period(name: str, value: object, calendar: Calendar) -> str:
    """The text of a period, no finer than the column that it is of."""
    if isinstance(value, pd.Period):
        value = value.start_time if value.freqstr[0] == "D" else _period_text(value)
    if isinstance(value, (pd.Timestamp, datetime, date, np.datetime64)):
        return _period_with(name, pd.Timestamp(value).date(), calendar)
    is_year = isinstance(value, Integral) and not isinstance(value, bool)
    period = parse_period(str(int(value)) if is_year else str(value), calendar)  # type: ignore[call-overload]
    if GRAINS.index(period.grain) < GRAINS.index(name):
        raise InvalidInputError(
            f"`where` must name a {name} or a longer period in `{as_given(name)}`, got the {period.grain} '{period}'. "
            f"Ask for it in `{period.grain}`."
        )
    return str(period)


def _period_with(name: str, day: date, calendar: Calendar) -> str:
    """The text of the period that a day lies in; the last days that there are lie in none that ends."""
    try:
        return str(period_of(day, name, calendar))
    except (ValueError, OverflowError):
        raise InvalidInputError(f"`where` must name a {name} before the year 9999, got {day}.") from None


def _period_text(period: pd.Period) -> str:
    grain = {"W": "week", "M": "month", "Q": "quarter", "Y": "year", "A": "year"}.get(period.freqstr[0])
    if grain is None:
        raise InvalidInputError(f"A period must be of days, weeks, months, quarters or years, got {period!r}.")
    return str(period_of(period.start_time.date(), grain))


def _weekday(value: object) -> int:
    name = str(value).strip().lower()
    by_name = [number for number, day in enumerate(_WEEKDAYS) if len(name) > 2 and day.startswith(name)]
    number = by_name[0] if by_name else _whole(value)
    if number is None or not 0 <= number < len(_WEEKDAYS):
        raise InvalidInputError(f"`weekday` must be from 0, Monday, to 6, or a name such as 'monday', got {value!r}.")
    return number


def _half_hour(value: object) -> int:
    if isinstance(value, time):
        return 2 * value.hour + value.minute // 30
    hours, colon, minutes = str(value).strip().partition(":")
    number = _whole(value)
    if colon and hours.isdigit() and minutes[:2].isdigit():
        number = 2 * int(hours) + int(minutes[:2]) // 30
    if number is None or not 0 <= number < _HALF_HOURS:
        raise InvalidInputError(f"`half_hour` must be from 0 to 47, or a time of day such as '08:30', got {value!r}.")
    return number


def _whole(value: object) -> int | None:
    number = _number(value)
    return int(number) if number is not None and number == int(number) else None


def _number(value: object) -> float | None:
    if isinstance(value, (bool, np.bool_)):
        return None
    try:
        number = float(value if isinstance(value, Real) else str(value))
    except ValueError:
        return None
    return number if np.isfinite(number) else None


def _of_kind(data: Dataset, name: str, value: object) -> Any:
    """The value as one of the kind that the column holds."""
    kind = data.once(("kind of", name), lambda: _kind(data, name))
    if kind is Kind.FLAG:
        word = str(value).strip().lower()
        if word in TRUE_WORDS or word in FALSE_WORDS:
            return word in TRUE_WORDS
        raise InvalidInputError(f"`{as_given(name)}` is true or false, got {value!r} in `where`.")
    if kind is Kind.NUMBER:
        number = _number(value)
        if number is None:
            raise InvalidInputError(f"`{as_given(name)}` holds numbers, got {value!r} in `where`.")
        return int(number) if number == int(number) else number
    # Of a text that is a code, 17.0 is written 17.
    number = None if isinstance(value, str) else _whole(value)
    return str(value) if number is None else str(number)


def _kind(data: Dataset, name: str) -> Kind:
    """What a column holds, as far as conditions tell it apart: flags, numbers or texts."""
    if data.has("contacts", name) and name in data.on_engine("contacts").columns:
        dtype = data.on_engine("contacts")[name].type()
        is_flag, is_number = dtype.is_boolean(), dtype.is_numeric()
    elif name in agent_keys(data) and data.has("agents", name):
        values = data.frame("agents")[name]
        is_flag, is_number = pd.api.types.is_bool_dtype(values), pd.api.types.is_numeric_dtype(values)
    else:
        return Kind.TEXT
    if is_flag:
        return Kind.FLAG
    return Kind.NUMBER if is_number else Kind.TEXT


def _check_known(data: Dataset, name: str, value: object) -> None:
    """Raise for a value that the column never has: a misspelt one would be an empty answer."""
    if value in _choices(name) or isinstance(value, bool):
        return
    known = _values_of(data, name)
    if value in known or (len(known) > _MOST_VALUES and _is_there(data, name, value)):
        return
    raise UnknownNameError(as_given(name), str(value), sorted(map(str, known)))


def _choices(name: str) -> tuple[str, ...]:
    contacts = TABLES["contacts"]
    return contacts.column(name).choices if name in contacts.names else ()


def _values_of(data: Dataset, name: str) -> set[object]:
    """The values that a column has, in the contacts, the agents and the scopes of costs; one too many at most."""
    return data.once(("values of", name), lambda: _distinct(data, name))


def _distinct(data: Dataset, name: str) -> set[object]:
    found: set[object] = set()
    if data.has("contacts", name) and name in data.on_engine("contacts").columns:
        column = data.on_engine("contacts").select(value=name).distinct().limit(_MOST_VALUES + 1)
        found |= set(data.engine.fetch(column)["value"].dropna().tolist())
    for table in ("agents", "hours", "costs"):
        if data.has(table, name):
            found |= set(data.frame(table)[name].dropna().tolist())
    return found


def _is_there(data: Dataset, name: str, value: object) -> bool:
    if not data.has("contacts", name):
        return False
    table = data.on_engine("contacts")
    return len(data.engine.fetch(table.filter(table[name] == value).select(name).limit(1))) > 0


def absent_in_words(data: Dataset, conditions: Conditions) -> str:
    """Which of the values asked for no contact has, though they could: channels, directions and outcomes.

    Parameters
    ----------
    data : Dataset
        The dataset.
    conditions : dict
        Of `read_conditions`.
    """
    absent = []
    for name in filter(_choices, conditions):
        known = _values_of(data, name) | {UNKNOWN, OTHER_WORK}
        absent += [value_said(name, value) for value in conditions[name] if value not in known]
    return say("There is no contact of {values} in the data.", values=listed_said(*absent)) if absent else ""


def matching(frame: pd.DataFrame, conditions: Conditions, calendar: Calendar) -> pd.Series:
    """Which rows of a frame meet every condition; a missing key meets none.

    A period as text matches every finer period that begins inside it.

    Parameters
    ----------
    frame : pandas.DataFrame
        With a column for each condition; periods as their first day.
    conditions : dict
        Of `read_conditions`.
    calendar : Calendar
        The one that fiscal periods are of.
    """
    chosen = pd.Series(True, index=frame.index)
    for key, values in conditions.items():
        if key not in GRAINS:
            chosen &= frame[key].isin(values)
            continue
        inside = pd.Series(False, index=frame.index)
        for value in values:
            period = parse_period(value, calendar)
            inside |= (frame[key] >= pd.Timestamp(period.start)) & (frame[key] < pd.Timestamp(period.end))
        chosen &= inside
    return chosen


def months_touched(months: pd.Series, conditions: Conditions, calendar: Calendar) -> np.ndarray:
    """Which months lie in the periods that conditions ask for, or hold one of them; all where they ask for none."""
    ends = months + pd.offsets.MonthBegin(1)
    touched = np.ones(len(months), dtype=bool)
    for grain in (key for key in conditions if key in GRAINS):
        inside = np.zeros(len(months), dtype=bool)
        for value in conditions[grain]:
            period = parse_period(value, calendar)
            inside |= ((months < pd.Timestamp(period.end)) & (ends > pd.Timestamp(period.start))).to_numpy()
        touched &= inside
    return touched
