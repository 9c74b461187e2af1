"""Values as files and frames hold them, read as what their column is: numbers, durations, money, dates and times.

What does not read as its kind becomes missing, and what is out of this world does too: a year 25 is a year written with
two digits, and a duration of years is one in another unit.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

import ibis
import ibis.expr.datatypes as dt
import pandas as pd

from cpc_analysis.engine import Engine, local_to_utc, utc_time
from cpc_analysis.errors import InvalidInputError
from cpc_analysis.schema import FIRST_YEAR, LAST_YEAR, Kind

__all__ = [
    "FALSE_WORDS", "MONEY", "TRUE_WORDS", "UNITS", "Clock", "Written", "as_text", "check_form", "read_as", "rule_for",
    "seconds_of",
]  # fmt: skip

#: How money is held until it is summed: as exact decimals, finer than any minor unit.
MONEY = "decimal(38, 12)"
#: The units of durations: seconds in one, or how hours, minutes and seconds are written.
UNITS: dict[str, float | str] = {
    "ms": 0.001,
    "s": 1,
    "min": 60,
    "h": 3600,
    "d": 86_400,
    "HH:MM:SS": "HH:MM:SS",
    "H:MM": "H:MM",
    "MM:SS": "MM:SS",
}

_ISO = r"^\s*\d{4}-\d{1,2}-\d{1,2}([T ]|\s*$)"
#: A time of day and what it is away from UTC, a blank or none between them.
_WITH_OFFSET = r"^(.*\d:\d{2}(?::\d{2})?(?:[.,]\d+)?) *(?:Z|UTC|GMT|([+-]\d{2}):?(\d{2})?)\s*$"
_MONTH = r"^\s*\d{4}-(0[1-9]|1[0-2])\s*$"
#: What of a form tells the year; without it a time is one of day, as a difference needs it.
_YEAR = re.compile(r"%[YyGcxDF]")
_EPOCH = {"epoch_seconds": 1_000_000, "epoch_milliseconds": 1_000}
#: Day numbers of Excel, and the day that they count from; the older ones count a 29 February 1900 that never was.
_EXCEL = {"excel": datetime(1899, 12, 30), "excel_1904": datetime(1904, 1, 1)}
_MILLISECONDS_A_DAY = 86_400_000
#: Some eight thousand years.
_MOST_MICROSECONDS = 2.5e17
_CLOCKS = {
    "HH:MM:SS": (r"^\s*\d+:[0-5]?\d:[0-5]?\d([.]\d+)?\s*$", (3600, 60, 1)),
    "H:MM": (r"^\s*\d+:[0-5]?\d\s*$", (3600, 60)),
    "MM:SS": (r"^\s*\d+:[0-5]?\d([.]\d+)?\s*$", (60, 1)),
}
#: How flags are written, in any case.
TRUE_WORDS, FALSE_WORDS = ("true", "t", "yes", "y", "1"), ("false", "f", "no", "n", "0")
_AMOUNT = r"([^-+()A-Za-z]+?)"
#: How ledgers write credits and debits beside a minus before the number.
_CREDITS = (
    rf"^\(\s*{_AMOUNT}\s*\)$", rf"^{_AMOUNT}\s*-$", rf"^-\s+{_AMOUNT}$",
    rf"^{_AMOUNT}\s*(?:CR|Cr|cr)\.?$", rf"^(?:CR|Cr|cr)\.?\s*{_AMOUNT}$",
)  # fmt: skip
_DEBITS = (rf"^{_AMOUNT}\s*(?:DR|Dr|dr)\.?$", rf"^(?:DR|Dr|dr)\.?\s*{_AMOUNT}$")
#: Whole numbers that a float holds exactly.
_EXACT = 2.0**53
#: What a file may write for a group separator that its mapping states: blanks of any width, and any apostrophe.
_GROUPS = {" ": "[ \u00a0\u2007\u2009\u202f]", "'": "['\u2019]"}
_TYPES: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.TEXT: "string",
        Kind.TIME: "timestamp",
        Kind.DATE: "date",
        Kind.PERIOD: "date",
        Kind.SECONDS: "float64",
        Kind.NUMBER: "float64",
        Kind.INTEGER: "int64",
        Kind.MONEY: MONEY,
        Kind.FLAG: "boolean",
    }
)


@ibis.udf.scalar.builtin(name="try_strptime", signature=((dt.String(), dt.String()), dt.Timestamp()))
def _strptime(text, form):  # type: ignore[no-untyped-def]
    """A time written in a form, missing where it is not."""


@dataclass(frozen=True)
class Written:
    """How values are written, where they are text or numbers of a unit.

    Parameters
    ----------
    format : str or None
        Of dates and times: as `strptime` writes it, ``epoch_seconds``, ``epoch_milliseconds``, ``excel`` or
        ``excel_1904``; None and ``iso`` mean ISO 8601, in which an offset in the text wins over `zone`.
    unit : str or None
        Of durations, one of `UNITS`; seconds when None.
    decimal, thousands : str
        The decimal point, and what groups digits. A blank means blanks of any width, an apostrophe any apostrophe.
    zone : str or None
        Of times that name none; that of the clock when None.
    change : {"first", "second"}
        Which of two a local time is that a clock change repeats.
    """

    format: str | None = None
    unit: str | None = None
    decimal: str = "."
    thousands: str = ""
    zone: str | None = None
    change: str = "first"


class Clock:
    """How local times become UTC, over the days that a source holds; remembers which times were not unique.

    Without days it only collects the local times, so that `over` can tell their first and last day.
    """

    def __init__(self, engine: Engine, zone: str, first: date | None = None, last: date | None = None) -> None:
        self.engine, self.zone, self.first, self.last = engine, zone, first, last
        self.met: list[ibis.Value] = []
        self.unusual: list[ibis.Value] = []

    def utc(self, local: ibis.Value, zone: str | None, change: str) -> ibis.Value:
        """Naive local times as naive UTC; a time that a clock change repeats or skips follows `change`."""
        if self.first is None or self.last is None:
            self.met.append(local)
            return local
        moment, once = local_to_utc(local, zone or self.zone, self.first, self.last, change == "second")
        self.unusual.append(~once & local.notnull())
        return moment

    def over(self, table: ibis.Table) -> Clock:
        """The clock for the days that the local times met so far lie in, on the rows of their table."""
        if not self.met:
            return self
        bounds: dict[str, ibis.Value] = {}
        for number, local in enumerate(self.met):
            bounds |= {f"first_{number}": local.min(), f"last_{number}": local.max()}
        row = self.engine.fetch(table.aggregate(**bounds)).iloc[0]
        days = [pd.Timestamp(row[name]).date() for name in bounds if not pd.isna(row[name])]
        none = [date(FIRST_YEAR, 1, 1)]
        return Clock(self.engine, self.zone, min(days or none), max(days or none))


def read_as(kind: Kind, given: ibis.Value, written: Written, clock: Clock) -> ibis.Value:
    """Values of any type as those of a kind; missing where they are none.

    Parameters
    ----------
    kind : Kind
        What they are meant to be.
    given : ibis.Value
        Texts, or values that the file or frame has typed.
    written : Written
        How they are written.
    clock : Clock
        Turns local times into UTC.

    Returns
    -------
    ibis.Value
        Text; naive UTC timestamps; dates, the first day for months; seconds and numbers as floats; whole numbers;
        money as exact decimals `MONEY`; booleans.
    """
    if given.type().is_null():
        return ibis.null(_TYPES[kind])
    if kind is Kind.TEXT:
        return as_text(given)
    if kind is Kind.TIME:
        return _time(given, written, clock)
    if kind is Kind.DATE:
        return _date(given, written)
    if kind is Kind.PERIOD:
        return _date(given, written, whole_months=True).truncate("M")
    if kind is Kind.SECONDS:
        return seconds_of(given, written)
    if kind is Kind.MONEY:
        return _money(given, written)
    if kind is Kind.FLAG:
        return _flag(given)
    number = _number(given, written)
    if kind is Kind.NUMBER:
        return number
    is_whole = (number % 1 == 0) & (number.abs() <= _EXACT)
    return ibis.ifelse(is_whole, number, ibis.null("float64")).try_cast("int64")


def as_text(given: ibis.Value) -> ibis.Value:
    """Values as text, empty text missing; numbers as they are written by hand, so that 17.0 is 17 and 4.10 is 4.1."""
    dtype = given.type()
    if dtype.is_string():
        return given.nullif("")
    if dtype.is_floating():
        # A whole number that pandas holds as a float, because others are missing, is not "17.0".
        is_whole = (given % 1 == 0) & (given.abs() < _EXACT)
        whole = ibis.ifelse(is_whole, given, ibis.null(dtype)).try_cast("int64")
        return whole.cast("string").fill_null(ibis.ifelse(given.isnan(), ibis.null("string"), given.cast("string")))
    if dtype.is_decimal() and dtype.scale:
        return given.cast("string").re_replace(r"\.?0+$", "")
    return given.cast("string")


def _time(given: ibis.Value, written: Written, clock: Clock) -> ibis.Value:
    dtype, form = given.type(), written.format
    if dtype.is_timestamp() and dtype.timezone:
        return _of_this_age(utc_time(clock.engine, given))
    if dtype.is_timestamp() or dtype.is_date():
        return clock.utc(_of_this_age(given.cast("timestamp")), written.zone, written.change)
    if form in _EPOCH:
        micros = _number(given, written) * _EPOCH[form]
        return _of_this_age(_after(datetime(1970, 1, 1), micros, 1))
    if form in _EXCEL:
        return clock.utc(_of_this_age(_excel(given, written)), written.zone, written.change)
    text = given.cast("string")
    if form and form != "iso":
        moment = _strptime(text, form)
        if _YEAR.search(form):
            moment = _of_this_age(moment)
        return moment if "%z" in form or "%Z" in form else clock.utc(moment, written.zone, written.change)
    iso = ibis.ifelse(text.re_search(_ISO), text, ibis.null("string"))
    has_offset = iso.re_search(_WITH_OFFSET)
    local = ibis.ifelse(has_offset, ibis.null("string"), iso).replace(",", ".").try_cast("timestamp")
    absolute = _with_offset(ibis.ifelse(has_offset, iso, ibis.null("string")))
    return _of_this_age(absolute).fill_null(clock.utc(_of_this_age(local), written.zone, written.change))


def _with_offset(text: ibis.Value) -> ibis.Value:
    """Times of ISO 8601 with an offset from UTC as naive UTC."""
    there = text.re_extract(_WITH_OFFSET, 1).replace(",", ".").try_cast("timestamp")
    hours = text.re_extract(_WITH_OFFSET, 2).nullif("")
    minutes = text.re_extract(_WITH_OFFSET, 3).nullif("").fill_null("0").try_cast("int64")
    east = hours.try_cast("int64").fill_null(0) * 60
    # The minutes have the sign of the hours: -03:30 is three and a half hours west.
    ahead = east + ibis.ifelse(hours.startswith("-").fill_null(False), -minutes, minutes)
    return there - (ahead * 60).as_interval("s")


def _date(given: ibis.Value, written: Written, whole_months: bool = False) -> ibis.Value:
    """Days of dates; the time of day after one is left out. With `whole_months` also the first of ``2025-04``."""
    dtype, form = given.type(), written.format
    if dtype.is_timestamp() or dtype.is_date():
        return given.cast("date")
    if form in _EXCEL:
        return _excel(given, written).cast("date")
    text = given.cast("string")
    if form and form != "iso":
        return _strptime(text, form).cast("date")
    day = ibis.ifelse(text.re_search(_ISO), text, ibis.null("string"))
    if whole_months:
        day = ibis.ifelse(text.re_search(_MONTH), text.strip() + "-01", day)
    return day.try_cast("date")


def _excel(given: ibis.Value, written: Written) -> ibis.Value:
    """Day numbers as local times, to the millisecond: a float holds a minute only nearly."""
    days = _number(given, written)
    return _after(_EXCEL[str(written.format)], days * _MILLISECONDS_A_DAY, 1_000)


def _after(start: datetime, count: ibis.Value, microseconds: int) -> ibis.Value:
    """The time so many milliseconds or microseconds after another; missing where no calendar reaches."""
    within = ibis.ifelse(count.abs() < _MOST_MICROSECONDS / microseconds, count, ibis.null("float64"))
    return ibis.timestamp(start) + (within.round() * microseconds).as_interval("us")


def _of_this_age(moment: ibis.Value) -> ibis.Value:
    """Times of a plausible year; others are missing."""
    first, last = ibis.timestamp(datetime(FIRST_YEAR, 1, 1)), ibis.timestamp(datetime(LAST_YEAR + 1, 1, 1))
    return ibis.ifelse((moment >= first) & (moment < last), moment, ibis.null("timestamp"))


def _number(given: ibis.Value, written: Written, dtype: str = "float64") -> ibis.Value:
    """Numbers, and texts as numbers; a separator in the wrong place makes a text no number."""
    kind = given.type()
    if kind.is_boolean():
        return ibis.null(dtype)
    if kind.is_numeric():
        number = given.try_cast(dtype)
    else:
        number = _plain_digits(given.cast("string"), written).try_cast(dtype)
    if dtype != "float64" or kind.is_integer() or kind.is_decimal():
        return number
    is_finite = number.abs() < float("inf")
    return ibis.ifelse(is_finite, number, ibis.null(dtype))


def _plain_digits(text: ibis.Value, written: Written) -> ibis.Value:
    """Texts that are numbers with a point and without groups; others missing."""
    decimal, thousands = written.decimal, written.thousands
    point, group = re.escape(decimal), _GROUPS.get(thousands, re.escape(thousands))
    plain = rf"(\d+({point}\d*)?|{point}\d+)([eE][+-]?\d+)?"
    if thousands:
        # Groups of three; in India of two, but for the last one.
        plain += rf"|\d{{1,3}}({group}\d{{3}})+({point}\d*)?|\d{{1,2}}({group}\d{{2}})+{group}\d{{3}}({point}\d*)?"
    number = ibis.ifelse(text.re_search(rf"^\s*[+-]?({plain})\s*$"), text, ibis.null("string"))
    if thousands:
        number = number.re_replace(group, "") if thousands in _GROUPS else number.replace(thousands, "")
    if decimal != ".":
        number = number.replace(decimal, ".")
    return number.strip()


def _money(given: ibis.Value, written: Written) -> ibis.Value:
    """Amounts as ledgers write them: credits with a minus on either side, in parentheses, or marked CR."""
    if given.type().is_numeric():
        # By way of its text, so that 0.1 is a tenth.
        text = given.cast("string")
        return _number(text, Written(), MONEY)
    text = given.cast("string").replace("\u2212", "-").strip()
    negative = ibis.coalesce(*(text.re_extract(form, 1).nullif("") for form in _CREDITS))
    positive = ibis.coalesce(*(text.re_extract(form, 1).nullif("") for form in _DEBITS), text)
    return ibis.coalesce(-_number(negative, written, MONEY), _number(positive, written, MONEY))


def _flag(given: ibis.Value) -> ibis.Value:
    """True or false, also as yes and no, y and n, t and f, 1 and 0, in any case."""
    if given.type().is_boolean():
        return given
    word = as_text(given).strip().lower()
    return ibis.cases((word.isin(TRUE_WORDS), True), (word.isin(FALSE_WORDS), False))


def seconds_of(given: ibis.Value, written: Written) -> ibis.Value:
    """Durations in a unit of numbers or of hours, minutes and seconds, as seconds."""
    unit = written.unit or "s"
    if unit not in _CLOCKS:
        value = _number(given, written)
        # Divided, because 374561 * 0.001 is not 374.561.
        return value / 1000 if unit == "ms" else value * float(UNITS[unit])
    pattern, seconds = _CLOCKS[unit]
    text = as_text(given)
    parts = ibis.ifelse(text.re_search(pattern), text, ibis.null("string")).split(":")
    total = parts[0].try_cast("float64") * seconds[0]
    for position, factor in enumerate(seconds[1:], 1):
        total = total + parts[position].try_cast("float64") * factor
    return total


def check_form(form: str, place: str) -> None:
    """Refuse a form of dates and times that the engine does not know.

    Raises
    ------
    InvalidInputError
        If it is none; `place` says where it stands.
    """
    import duckdb

    if form == "iso" or form in _EPOCH or form in _EXCEL:
        return
    try:
        duckdb.execute("SELECT try_strptime('', ?)", [form])
    except duckdb.Error:
        raise InvalidInputError(
            f"{place}: `format` must be iso, {', '.join((*_EPOCH, *_EXCEL))} or as for strptime, "
            f"such as %d-%m-%Y %H:%M:%S, got '{form}'."
        ) from None


def rule_for(kind: Kind, written: Written, first_year: int = FIRST_YEAR) -> str:
    """The rule that a value broke when it did not read as its kind.

    Examples
    --------
    >>> rule_for(Kind.TIME, Written(format="%y%m%d"))
    'must be a point in time written as %y%m%d, of the years 1990 to 2099'
    >>> rule_for(Kind.SECONDS, Written())
    'must be seconds'
    """
    is_dated = kind in (Kind.TIME, Kind.DATE, Kind.PERIOD)
    shape = written.format if is_dated else written.unit if written.unit in _CLOCKS else None
    years = f", of the years {first_year} to {LAST_YEAR}" if is_dated else ""
    return f"must be {kind.value}" + (f" written as {shape}" if shape else "") + years
