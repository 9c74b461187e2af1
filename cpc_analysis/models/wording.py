"""Numbers, units, periods and matters as a reader expects them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pandas as pd

from cpc_analysis.calendars import CIVIL, Calendar
from cpc_analysis.glossary import describe
from cpc_analysis.language import (
    MISSING,
    column_said,
    currency_sign,
    enumerated,
    in_its_language,
    listed_said,
    money,
    number,
    percent,
    period_said,
    say,
    spoken,
    term,
    value_said,
    weekdays,
)
from cpc_analysis.periods import FISCAL_GRAINS, GRAINS, Period, parse_period, period_of

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = [
    "amount_in_words", "change_in_words", "conditions_in_words", "digits_of", "growth_in_words", "held_as",
    "key_in_words", "known_share_in_words", "matter_in_words", "number_in_words", "own_period", "period_in_words",
    "periods_held", "scope_in_words", "share_in_words", "short_period_in_words", "step_in_words",
    "wage_effect_in_words",
]  # fmt: skip

#: More values or periods than this are counted, not named.
_NAMED = 5
#: Decimals by unit; two of any other.
_DIGITS = {
    "contacts per workday": 1, "answers": 0, "contacts": 0, "currency": 0, "hours": 0, "seconds": 0,
}  # fmt: skip
_STEPS = {
    "wage": term("hourly wage, 1 {currency} less"),
    "handle_time": term("handle time, 10 seconds less"),
    "availability": term("availability, 1 point more"),
    "occupancy": term("occupancy, 1 point more"),
    "first_contact_resolution": term("first-contact resolution, 1 point more"),
}
_WAGE_EFFECTS = {
    "general_raise": term("general raise"), "seniority": term("seniority"), "turnover": term("turnover"),
    "hours": term("hours"),
}  # fmt: skip


def period_in_words(period: Period) -> str:
    """A period as it is said; a fiscal one as it is written.

    Examples
    --------
    >>> from cpc_analysis.periods import parse_period
    >>> [period_in_words(parse_period(text)) for text in ("2025-06", "2025-Q2", "2025-W14", "2025-06-09")]
    ['June 2025', 'Q2 2025', 'week 14 of 2025', '9 June 2025']
    """
    return str(period) if period.grain in FISCAL_GRAINS else period_said(period.start, period.grain)


def short_period_in_words(period: Period) -> str:
    """A period as a table names its rows: in figures, so that they stand in order.

    Examples
    --------
    >>> from cpc_analysis.language import in_language
    >>> from cpc_analysis.periods import parse_period
    >>> said = [short_period_in_words(parse_period(text)) for text in ("2025-06", "2025-Q2", "2025-W04")]
    >>> said, [in_language(text, "da") for text in said]
    (['2025-06', '2025-Q2', '2025-W04'], ['2025-06', '2025-K2', '2025-U04'])
    """
    if period.grain == "week":
        year, week, _ = period.start.isocalendar()
        return say("{year}-W{week}", year=year, week=f"{week:02d}")
    if period.grain == "quarter":
        return say("{year}-Q{quarter}", year=period.start.year, quarter=(period.start.month + 2) // 3)
    return str(period)


def key_in_words(key: str, value: Any) -> str:
    """A value that a result is grouped by, as a table names its rows: periods and times of the day, and words.

    Examples
    --------
    >>> import pandas as pd
    >>> key_in_words("month", pd.Timestamp("2025-06-01")), key_in_words("half_hour", 17), key_in_words("weekday", 0)
    ('2025-06', '08:30', 'Mon')
    >>> key_in_words("channel", "voice"), key_in_words("channel", None)
    ('voice', 'not allocated')
    """
    if pd.isna(value):
        return say("not allocated")
    if key in FISCAL_GRAINS:
        return str(value)
    if key in GRAINS:
        return short_period_in_words(period_of(value.date(), key))
    if key == "weekday" and not isinstance(value, str):
        return weekdays()[int(value)]
    if key == "half_hour" and not isinstance(value, str):
        return f"{int(value) // 2:02d}:{30 * (int(value) % 2):02d}"
    return value_said(key, str(value))


def conditions_in_words(where: Mapping[str, object]) -> str:
    """What a result is of, other than periods, as a sentence; empty where it is of everything.

    Examples
    --------
    >>> conditions_in_words({"site": "Odense", "channel": ["voice", "chat"], "month": "2025-06"})
    'Only site Odense, channel voice and chat.'
    """
    said = [
        f"{column_said(key)} {_several([key_in_words(key, value) for value in _values(asked)])}"
        for key, asked in where.items()
        if key not in GRAINS
    ]
    return say("Only {conditions}.", conditions=", ".join(said)) if said else ""


def scope_in_words(frame: pd.DataFrame) -> str:
    """What a result is of, and from when to when, as sentences; empty where that is not known.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `measure` and its like: ``frame.attrs`` holds what it was filtered by, or the one period that it is of.

    Examples
    --------
    >>> frame = pd.DataFrame({"channel": ["voice"], "contacts": [12.0]})
    >>> frame.attrs = {"by": ["channel"], "where": {"month": ["2024-06", "2025-06"], "site": "Odense"}}
    >>> scope_in_words(frame)
    'Only site Odense. June 2024 and June 2025.'
    """
    conditions, period = conditions_in_words(frame.attrs.get("where") or {}), _periods_in_words(frame)
    return " ".join(text for text in (conditions, f"{period[:1].upper()}{period[1:]}." if period else "") if text)


def _periods_in_words(frame: pd.DataFrame) -> str:
    """The periods of a frame's rows, unless those that it was filtered by cut them; else all that it covers."""
    if frame.attrs.get("period"):
        return period_in_words(own_period(frame))
    where, calendar = frame.attrs.get("where") or {}, frame.attrs.get("calendar", CIVIL)
    asked, held = (_first_known(names, calendar) for names in (
        {grain: _values(where[grain]) for grain in GRAINS if grain in where},
        {grain: frame[grain].dropna().unique() for grain in GRAINS
         if grain in frame.attrs.get("by", frame.columns) and grain in frame.columns
         and (grain in FISCAL_GRAINS or pd.api.types.is_datetime64_any_dtype(frame[grain]))},
    ))  # fmt: skip
    is_cut = asked and held and (held[0].start < asked[0].start or held[-1].end > asked[-1].end)
    return _span(asked if is_cut or not held else held) or _days_said(frame.attrs.get("covers"))


def _days_said(days: tuple[date, date] | None) -> str:
    """From the first day to the last, by months where these are whole."""
    if days is None or days[0] > days[1]:
        return ""
    first, last = (period_of(day, "month") for day in days)
    if first.start != days[0] or last.end != days[1] + timedelta(days=1):
        first, last = (period_of(day, "day") for day in days)
    names = list(dict.fromkeys(map(period_in_words, (first, last))))
    return names[0] if len(names) == 1 else say("{first} to {last}", first=names[0], last=names[1])


def held_as(period: Period) -> pd.Timestamp | str:
    """A period as a result holds it: by its first day, a fiscal one by its text."""
    return str(period) if period.grain in FISCAL_GRAINS else pd.Timestamp(period.start)


def periods_held(frame: pd.DataFrame, grain: str) -> list[Period]:
    """The periods of a result, row by row, none of them missing."""
    calendar = frame.attrs.get("calendar", CIVIL)
    return [
        parse_period(value, calendar) if isinstance(value, str) else period_of(value.date(), grain, calendar)
        for value in frame[grain]
    ]


def own_period(frame: pd.DataFrame) -> Period:
    """The one period that a result is of, as its ``attrs`` name it."""
    return parse_period(frame.attrs["period"], frame.attrs.get("calendar", CIVIL))


def _first_known(values: Mapping[str, Iterable[Any]], calendar: Calendar) -> list[Period]:
    """The periods of the finest grain that there is, in order."""
    grain = next(iter(values), "")
    periods = {
        parse_period(value, calendar)
        if isinstance(value, str)
        else period_of(pd.Timestamp(value).date(), grain, calendar)
        for value in values.get(grain, ())
    }
    return sorted(periods, key=lambda period: period.start)


def _span(periods: list[Period]) -> str:
    """Periods from the first to the last; a few that do not follow each other by their names."""
    names = [period_in_words(period) for period in periods]
    if len(names) < 2:
        return "".join(names)
    follow = all(before.end == after.start for before, after in itertools.pairwise(periods))
    if follow or len(names) > _NAMED:
        return say("{first} to {last}", first=names[0], last=names[-1])
    return enumerated(*names)


def _values(asked: object) -> list[Any]:
    """The values that a condition allows."""
    return [asked] if isinstance(asked, str) or not isinstance(asked, Iterable) else list(asked)


def _several(names: list[str]) -> str:
    return enumerated(*names) if len(names) <= _NAMED else listed_said(*names, most=_NAMED)


def digits_of(quantity: str) -> int:
    """How many decimals a value of a quantity is shown with.

    Examples
    --------
    >>> digits_of("total_cost"), digits_of("cost_per_contact"), digits_of("csat"), digits_of("paid_hours")
    (0, 2, 1, 0)
    """
    record = describe(quantity)
    return 1 if record.changes_in_points else _DIGITS.get(record.unit, 2)


@spoken
def number_in_words(quantity: str, value: float, currency: str = "") -> str:
    """A value of a quantity with its unit; a dash where it is missing.

    Examples
    --------
    >>> number_in_words("cost_per_contact", 47.123, "DKK"), number_in_words("csat", 0.8125)
    ('47.12 DKK', '81.3%')
    """
    if value is None or math.isnan(value):
        return MISSING
    record, digits = describe(quantity), digits_of(quantity)
    unit = record.unit
    if record.is_share:
        return percent(value, digits)
    if unit.startswith("currency"):
        return money(value, currency, digits)
    if unit == "seconds" and value < 7_200:
        return say("{number} s", number=number(value, digits))
    if unit == "seconds":
        return say("{number} h", number=number(value / 3_600, 1))
    if unit == "hours":
        return say("{number} h", number=number(value, digits))
    return number(value, digits)


def amount_in_words(amount: Decimal, currency: str) -> str:
    """An exact amount with its currency.

    Examples
    --------
    >>> from decimal import Decimal
    >>> amount_in_words(Decimal("1234.50"), "DKK")
    '1,234.50 DKK'
    """
    return money(amount, currency, None)


@spoken
def change_in_words(quantity: str, now: float, then: float) -> str:
    """The change from then to now with its sign, in percent; of a share in percentage points, of a score in points.

    A dash where either is missing.

    Examples
    --------
    >>> change_in_words("contacts", 51.5, 50.0), change_in_words("contacts", 49.0, 50.0)
    ('+3.0%', '-2.0%')
    >>> change_in_words("csat", 0.80, 0.75)
    '+5.0 pp'
    >>> change_in_words("nps", 4.5, -0.5)
    '+5.0 score points'
    """
    record = describe(quantity)
    is_known = math.isfinite(now) and math.isfinite(then)
    if not is_known or (then == 0 and not record.changes_in_points):
        return MISSING
    if record.is_share:
        return say("{number} pp", number=number(100 * (now - then), 1, signed=True))
    if record.changes_in_points:
        return say("{number} score points", number=number(now - then, 1, signed=True))
    return percent(now / then - 1, signed=True)


@spoken
def growth_in_words(growth: float) -> str:
    """Growth on an earlier count, as a share: in percent, new where there was nothing, a dash where it is not known.

    Examples
    --------
    >>> [growth_in_words(value) for value in (0.071, math.inf, math.nan)]
    ['+7%', 'new', '-']
    """
    if math.isnan(growth):
        return MISSING
    return say("new") if math.isinf(growth) else percent(growth, 0, signed=True)


@spoken
def share_in_words(share: float) -> str:
    """A share that was stated, in percent; one that is no whole number of them is not rounded to one.

    Examples
    --------
    >>> share_in_words(0.3), share_in_words(0.125)
    ('30%', '12.5%')
    """
    is_whole = math.isclose(100 * share, round(100 * share))
    return percent(share, 0 if is_whole else 1)


def step_in_words(step: str, currency: str) -> str:
    """A step of `sensitivity`, and how long it is.

    Examples
    --------
    >>> step_in_words("wage", "DKK"), step_in_words("occupancy", "DKK")
    ('hourly wage, 1 DKK less', 'occupancy, 1 point more')
    """
    return say(_STEPS[step], currency=currency_sign(currency)) if step in _STEPS else step


def wage_effect_in_words(effect: str) -> str:
    """What moves an average wage, as it is said.

    Examples
    --------
    >>> from cpc_analysis.language import in_language
    >>> wage_effect_in_words("general_raise"), in_language(wage_effect_in_words("seniority"), "da")
    ('general raise', 'anciennitetstillæg')
    """
    return say(_WAGE_EFFECTS[effect])


@spoken
def known_share_in_words(share: float) -> str:
    """How much of something is known, in whole percent; none where there is nothing to know.

    Examples
    --------
    >>> known_share_in_words(0.854), known_share_in_words(math.nan)
    ('85 percent', 'none')
    """
    return say("{number} percent", number=number(100 * share)) if math.isfinite(share) else say("none")


@in_its_language
def matter_in_words(data: Dataset) -> str:
    """What repeats are of: a customer and a reason, as far as the contacts have them, else a chain of parents.

    Examples
    --------
    >>> from cpc_analysis import load_sample
    >>> matter_in_words(load_sample())
    'a customer for a reason (contacts without one count as a reason of their own)'
    """
    if not data.has("contacts", "customer_id"):
        return say("a chain of parents (a contact that nobody follows up is a chain of one)")
    if not data.has("contacts", "reason"):
        return say("a customer")
    return say("a customer for a reason (contacts without one count as a reason of their own)")
