"""Numbers, units, periods and matters as a reader expects them."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pandas as pd

from cpc_analysis.glossary import describe
from cpc_analysis.language import (
    MISSING,
    currency_sign,
    in_its_language,
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
from cpc_analysis.periods import GRAINS, Period, period_of

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = [
    "amount_in_words", "change_in_words", "growth_in_words", "key_in_words", "matter_in_words", "number_in_words",
    "period_in_words", "short_period_in_words", "step_in_words", "wage_effect_in_words",
]  # fmt: skip

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
    """A period as it is said.

    Examples
    --------
    >>> from cpc_analysis.periods import parse_period
    >>> [period_in_words(parse_period(text)) for text in ("2025-06", "2025-Q2", "2025-W14", "2025-06-09")]
    ['June 2025', 'Q2 2025', 'week 14 of 2025', '9 June 2025']
    """
    return period_said(period.start, period.grain)


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
    if key in GRAINS:
        return short_period_in_words(period_of(value.date(), key))
    if key == "weekday" and not isinstance(value, str):
        return weekdays()[int(value)]
    if key == "half_hour" and not isinstance(value, str):
        return f"{int(value) // 2:02d}:{30 * (int(value) % 2):02d}"
    return value_said(key, str(value))


@spoken
def number_in_words(quantity: str, value: float, currency: str = "") -> str:
    """A value of a quantity with its unit; a dash where it is missing.

    Examples
    --------
    >>> number_in_words("cost_per_contact", 47.123, "DKK"), number_in_words("csat", 0.8125)
    ('47.12 DKK', '81.2%')
    """
    if value is None or math.isnan(value):
        return MISSING
    unit = describe(quantity).unit
    if unit == "share":
        return percent(value)
    if unit.startswith("currency"):
        return money(value, currency, 0 if unit == "currency" else 2)
    if unit == "seconds" and value < 7_200:
        return say("{number} s", number=number(value))
    if unit in ("seconds", "hours"):
        return say("{number} h", number=number(value) if unit == "hours" else number(value / 3_600, 1))
    if unit == "contacts per workday":
        return number(value, 1)
    return number(value, 0 if describe(quantity).additive else 2)


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
    """The change from then to now with its sign, in percent, and of a share in percentage points.

    A dash where either is missing.

    Examples
    --------
    >>> change_in_words("contacts", 51.5, 50.0), change_in_words("contacts", 49.0, 50.0)
    ('+3.0%', '-2.0%')
    >>> change_in_words("csat", 0.80, 0.75)
    '+5.0 pp'
    """
    if not (then and math.isfinite(now) and math.isfinite(then)):
        return MISSING
    if describe(quantity).unit == "share":
        return say("{number} pp", number=number(100 * (now - then), 1, signed=True))
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


def step_in_words(step: str, currency: str) -> str:
    """A step of `sensitivity`, and how long it is.

    Examples
    --------
    >>> step_in_words("wage", "DKK"), step_in_words("occupancy", "DKK")
    ('hourly wage, 1 DKK less', 'occupancy, 1 point more')
    """
    return say(_STEPS.get(step, step), currency=currency_sign(currency))


def wage_effect_in_words(effect: str) -> str:
    """What moves an average wage, as it is said.

    Examples
    --------
    >>> from cpc_analysis.language import in_language
    >>> wage_effect_in_words("general_raise"), in_language(wage_effect_in_words("seniority"), "da")
    ('general raise', 'anciennitetstillæg')
    """
    return say(_WAGE_EFFECTS[effect])


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
