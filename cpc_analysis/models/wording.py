"""Numbers, units, periods and matters as a reader expects them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from cpc_analysis.glossary import describe
from cpc_analysis.periods import Period

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = [
    "amount_in_words", "change_in_words", "growth_in_words", "matter_in_words", "number_in_words", "period_in_words",
    "step_in_words",
]  # fmt: skip

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip


_STEPS = {
    "wage": "hourly wage, 1 {} less",
    "handle_time": "handle time, 10 seconds less",
    "availability": "availability, 1 point more",
    "occupancy": "occupancy, 1 point more",
    "first_contact_resolution": "first-contact resolution, 1 point more",
}


def period_in_words(period: Period) -> str:
    """A period as it is said.

    Examples
    --------
    >>> from cpc_analysis.periods import parse_period
    >>> [period_in_words(parse_period(text)) for text in ("2025-06", "2025-Q2", "2025-W14", "2025-06-09")]
    ['June 2025', 'Q2 2025', 'week 14 of 2025', '9 June 2025']
    """
    month = _MONTHS[period.start.month - 1]
    if period.grain == "week":
        year, week, _ = period.start.isocalendar()
        return f"week {week} of {year}"
    return {
        "day": f"{period.start.day} {month} {period.start.year}",
        "month": f"{month} {period.start.year}",
        "quarter": f"Q{(period.start.month + 2) // 3} {period.start.year}",
    }.get(period.grain, str(period.start.year))


def number_in_words(quantity: str, value: float, currency: str = "") -> str:
    """A value of a quantity with its unit; a dash where it is missing.

    Examples
    --------
    >>> number_in_words("cost_per_contact", 47.123, "DKK"), number_in_words("csat", 0.8125)
    ('47.12 DKK', '81.2%')
    """
    if value is None or math.isnan(value):
        return "-"
    unit = describe(quantity).unit
    if unit == "share":
        return f"{value:.1%}"
    if unit == "currency":
        return f"{value:,.0f} {currency}".strip()
    if unit.startswith("currency"):
        return f"{value:,.2f} {currency}".strip()
    if unit == "seconds":
        return f"{value:,.0f} s" if value < 7_200 else f"{value / 3_600:,.1f} h"
    if unit == "hours":
        return f"{value:,.0f} h"
    if unit == "contacts per workday":
        return f"{value:,.1f}"
    return f"{value:,.0f}" if describe(quantity).additive else f"{value:,.2f}"


def amount_in_words(amount: object, currency: str) -> str:
    """An exact amount with its currency.

    Examples
    --------
    >>> from decimal import Decimal
    >>> amount_in_words(Decimal("1234.50"), "DKK")
    '1,234.50 DKK'
    """
    return f"{amount:,} {currency}"


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
        return "-"
    is_share = describe(quantity).unit == "share"
    change = round(100 * (now - then if is_share else now / then - 1), 1)
    return f"{'+' if change > 0 else ''}{change or 0.0:.1f}{' pp' if is_share else '%'}"


def growth_in_words(growth: float) -> str:
    """Growth on an earlier count, as a share: in percent, new where there was nothing, a dash where it is not known.

    Examples
    --------
    >>> [growth_in_words(value) for value in (0.071, math.inf, math.nan)]
    ['+7%', 'new', '-']
    """
    if math.isnan(growth):
        return "-"
    return "new" if math.isinf(growth) else f"{growth:+.0%}"


def step_in_words(step: str, currency: str) -> str:
    """A step of `sensitivity`, and how long it is.

    Examples
    --------
    >>> step_in_words("wage", "DKK"), step_in_words("occupancy", "DKK")
    ('hourly wage, 1 DKK less', 'occupancy, 1 point more')
    """
    return _STEPS.get(step, step).format(currency)


def matter_in_words(data: Dataset) -> str:
    """What repeats are of: a customer and a reason, as far as the contacts have them, else a chain of parents.

    Examples
    --------
    >>> from cpc_analysis import load_sample
    >>> matter_in_words(load_sample())
    'a customer for a reason (contacts without one count as a reason of their own)'
    """
    if not data.has("contacts", "customer_id"):
        return "a chain of parents (a contact that nobody follows up is a chain of one)"
    if not data.has("contacts", "reason"):
        return "a customer"
    return "a customer for a reason (contacts without one count as a reason of their own)"
