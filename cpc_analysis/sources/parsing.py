"""Text as numbers, durations, dates and times; what does not parse becomes missing."""

from __future__ import annotations

import re
from datetime import date, datetime

import ibis
import ibis.expr.datatypes as dt

from cpc_analysis.engine import local_to_utc
from cpc_analysis.errors import InvalidInputError
from cpc_analysis.schema import Kind

__all__ = [
    "UNITS",
    "Clock",
    "check_form",
    "in_seconds",
    "parse_date",
    "parse_flag",
    "parse_number",
    "parse_period",
    "parse_seconds",
    "parse_time",
    "words_for",
]

#: The units of durations: seconds in one, or how hours, minutes and seconds are written.
UNITS: dict[str, float | str] = {
    "ms": 0.001,
    "s": 1,
    "min": 60,
    "h": 3600,
    "HH:MM:SS": "HH:MM:SS",
    "H:MM": "H:MM",
    "MM:SS": "MM:SS",
}
_UTC = "timestamp('UTC')"
_OFFSET = r"(Z|UTC|[+-]\d{2}(:?\d{2})?)$"
_ISO = r"^\s*\d{4}-\d{1,2}-\d{1,2}([T ]|\s*$)"
_EPOCH = {"epoch_seconds": 1.0, "epoch_milliseconds": 0.001}
_CLOCKS = {
    "HH:MM:SS": (r"^\s*\d+:[0-5]?\d:[0-5]?\d([.]\d+)?\s*$", (3600, 60, 1)),
    "H:MM": (r"^\s*\d+:[0-5]?\d\s*$", (3600, 60)),
    "MM:SS": (r"^\s*\d+:[0-5]?\d([.]\d+)?\s*$", (60, 1)),
}
_TRUE, _FALSE = ("true", "t", "yes", "y", "1"), ("false", "f", "no", "n", "0")


@ibis.udf.scalar.builtin(name="try_strptime", signature=((dt.String(), dt.String()), dt.Timestamp()))
def _strptime(text, form):  # type: ignore[no-untyped-def]
    """A time written in a form, missing where it is not."""


class Clock:
    """How local times become UTC, over the days that a source holds; remembers which times were not unique.

    Without days it only collects the local times, so that their first and last day can be asked for.
    """

    def __init__(self, zone: str, first: date | None = None, last: date | None = None) -> None:
        self.zone, self.first, self.last = zone, first, last
        self.met: list[ibis.Value] = []
        self.unusual: list[ibis.Value] = []

    def utc(self, local: ibis.Value, zone: str | None, change: str) -> ibis.Value:
        """Naive local times as UTC; a time that a clock change repeats or skips follows `change`."""
        if self.first is None or self.last is None:
            self.met.append(local)
            return local.cast(_UTC)
        moment, once = local_to_utc(local, zone or self.zone, self.first, self.last, change == "second")
        self.unusual.append(~once & local.notnull())
        return moment.cast(_UTC)


def parse_time(text: ibis.Value, form: str | None, zone: str | None, change: str, clock: Clock) -> ibis.Value:
    """Texts as UTC timestamps.

    Parameters
    ----------
    text : ibis.Value
        What the file says.
    form : str or None
        As `strptime` writes it, ``epoch_seconds`` or ``epoch_milliseconds``; None and ``iso`` mean ISO 8601,
        in which an offset in the text wins over `zone`.
    zone : str or None
        Zone of times without an offset; that of the clock when None.
    change : {"first", "second"}
        Which of two a repeated local time is.
    clock : Clock
        Turns local times into UTC.
    """
    if form in _EPOCH:
        seconds = parse_number(text, ".", "") * _EPOCH[form]
        micros = (seconds * 1_000_000).round().cast("int64")
        return (ibis.timestamp(datetime(1970, 1, 1)) + micros.as_interval("us")).cast(_UTC)
    if form and form != "iso":
        moment = _strptime(text, form)
        if "%z" in form or "%Z" in form:
            return moment.cast(_UTC)
        return clock.utc(moment, zone, change)
    iso = ibis.ifelse(text.re_search(_ISO), text, ibis.null("string"))
    absolute = ibis.ifelse(iso.re_search(_OFFSET), iso, ibis.null("string")).try_cast(_UTC)
    local = ibis.ifelse(iso.re_search(_OFFSET), ibis.null("string"), iso).try_cast("timestamp")
    return absolute.fill_null(clock.utc(local, zone, change))


def parse_date(text: ibis.Value, form: str | None) -> ibis.Value:
    """Texts as dates, in a form of `strptime` or ISO 8601 (a time of day after it is left out)."""
    if form and form != "iso":
        return _strptime(text, form).cast("date")
    return ibis.ifelse(text.re_search(_ISO), text, ibis.null("string")).try_cast("date")


def parse_period(text: ibis.Value, form: str | None) -> ibis.Value:
    """Texts as months such as ``2025-04``, from that or from a date in a form."""
    if form and form != "iso":
        return _strptime(text, form).strftime("%Y-%m")
    month = text.re_search(r"^\d{4}-(0[1-9]|1[0-2])(-\d{2}.*)?$")
    return ibis.ifelse(month, text[:7], ibis.null("string"))


def parse_number(text: ibis.Value, decimal: str, thousands: str, dtype: str = "float64") -> ibis.Value:
    """Texts as numbers; a separator in the wrong place makes the text no number."""
    point, group = re.escape(decimal), re.escape(thousands)
    plain = rf"^\s*[+-]?(\d+({point}\d*)?|{point}\d+)([eE][+-]?\d+)?\s*$"
    if thousands:
        plain += rf"|^\s*[+-]?\d{{1,3}}({group}\d{{3}})+({point}\d*)?\s*$"
    number = ibis.ifelse(text.re_search(plain), text, ibis.null("string"))
    if thousands:
        number = number.replace(thousands, "")
    if decimal != ".":
        number = number.replace(decimal, ".")
    return number.strip().try_cast(dtype)


def parse_seconds(text: ibis.Value, unit: str, decimal: str, thousands: str) -> ibis.Value:
    """Texts as seconds, in a unit of numbers or of hours, minutes and seconds."""
    if unit not in _CLOCKS:
        return in_seconds(parse_number(text, decimal, thousands), unit)
    pattern, seconds = _CLOCKS[unit]
    parts = ibis.ifelse(text.re_search(pattern), text, ibis.null("string")).split(":")
    total = parts[0].try_cast("float64") * seconds[0]
    for position, factor in enumerate(seconds[1:], 1):
        total = total + parts[position].try_cast("float64") * factor
    return total


def in_seconds(value: ibis.Value, unit: str) -> ibis.Value:
    """Numbers of a unit as seconds."""
    # Divided, because 374561 * 0.001 is not 374.561.
    return value / 1000 if unit == "ms" else value * float(UNITS[unit])


def parse_flag(text: ibis.Value) -> ibis.Value:
    """Texts as true or false: true, t, yes, y, 1 and false, f, no, n, 0 in any case."""
    word = text.strip().lower()
    return ibis.cases((word.isin(_TRUE), True), (word.isin(_FALSE), False))


def check_form(form: str, place: str) -> None:
    """Refuse a form of dates and times that the engine does not know.

    Raises
    ------
    InvalidInputError
        If it is none; `place` says where it stands.
    """
    import duckdb

    if form == "iso" or form in _EPOCH:
        return
    try:
        duckdb.execute("SELECT try_strptime('', ?)", [form])
    except duckdb.Error:
        raise InvalidInputError(
            f"{place}: `format` must be iso, epoch_seconds, epoch_milliseconds or as for strptime, "
            f"such as %d-%m-%Y %H:%M:%S, got '{form}'."
        ) from None


def words_for(kind: Kind, form: str | None, unit: str | None) -> str:
    """The rule that a text broke when it did not parse.

    Examples
    --------
    >>> words_for(Kind.TIME, "%y%m%d", None)
    'must be a point in time written as %y%m%d'
    """
    written = form if form and kind in (Kind.TIME, Kind.DATE, Kind.PERIOD) else unit if unit in _CLOCKS else None
    return f"must be {kind.value}" + (f" written as {written}" if written else "")
