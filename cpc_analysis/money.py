"""Money, exact: summed before it is rounded to whole minor units, and shared out without a remainder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import numpy as np
import pandas as pd

__all__ = [
    "Rates", "in_currency", "largest_remainder", "minor_digits", "rate_of", "to_decimal", "whole_minor_units",
]  # fmt: skip

#: What one unit of another currency is worth, always or by month.
Rates = Mapping[str, float | Mapping[str, float]]
#: Decimals of a minor unit that are carried on from line to line.
_FINER = 10

_WITHOUT_MINOR_UNIT = frozenset(
    [
        "BIF",
        "CLP",
        "DJF",
        "GNF",
        "ISK",
        "JPY",
        "KMF",
        "KRW",
        "PYG",
        "RWF",
        "UGX",
        "VND",
        "VUV",
        "XAF",
        "XOF",
        "XPF",
    ]
)
_WITH_THREE_DIGITS = frozenset(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"])


def minor_digits(currency: str) -> int:
    """The number of decimals of a currency's minor unit (ISO 4217).

    Examples
    --------
    >>> minor_digits("DKK"), minor_digits("JPY"), minor_digits("KWD")
    (2, 0, 3)
    """
    return 0 if currency in _WITHOUT_MINOR_UNIT else 3 if currency in _WITH_THREE_DIGITS else 2


def to_decimal(minor: int, digits: int) -> Decimal:
    """An amount in whole minor units as an exact decimal.

    Examples
    --------
    >>> to_decimal(123456, 2)
    Decimal('1234.56')
    """
    return Decimal(int(minor)).scaleb(-digits)


def in_currency(amounts: pd.Series, currencies: pd.Series, months: pd.Series, currency: str, rates: Rates) -> pd.Series:
    """Amounts in one currency, unrounded.

    Parameters
    ----------
    amounts : pandas.Series of Decimal
        [currency of the line]; None where not known.
    currencies : pandas.Series
        The currency of each line; missing means the one wanted.
    months : pandas.Series of datetime64
        The month that each line is booked on; missing where not known.
    currency : str
        The one wanted.
    rates : mapping of str to float or mapping of str to float
        What one unit of another currency is worth in it, always or by month, such as ``{"EUR": {"2025-04": 11.1}}``.

    Returns
    -------
    pandas.Series of Decimal
        None where the amount is not known, or no rate is.
    """
    lines = currencies.astype("object").where(currencies.notna(), currency)
    if (lines == currency).all():
        return amounts
    converted = amounts.astype("object").copy()
    for name in sorted(set(lines[lines != currency])):
        places = lines == name
        found = [rate_of(rates, name, month) for month in months[places]]
        converted[places] = [
            None if amount is None or rate is None else amount * rate
            for amount, rate in zip(amounts[places], found, strict=True)
        ]
    return converted


def rate_of(rates: Rates, currency: str, month: pd.Timestamp) -> Decimal | None:
    """What one unit of a currency is worth in a month; None where no rate is stated.

    Parameters
    ----------
    rates : mapping of str to float or mapping of str to float
        As for `in_currency`.
    currency : str
        The other currency.
    month : pandas.Timestamp
        Its first day; missing where not known.

    Examples
    --------
    >>> rate_of({"EUR": {"2025-04": 7.46}}, "EUR", pd.Timestamp("2025-04-01"))
    Decimal('7.46')
    """
    stated = rates.get(currency)
    if isinstance(stated, Mapping):
        stated = None if pd.isna(month) else stated.get(f"{month:%Y-%m}")
    return None if stated is None else Decimal(str(stated))


def whole_minor_units(amounts: Sequence[Decimal], digits: int) -> np.ndarray:
    """Amounts in whole minor units, whose sums are those of the unrounded amounts.

    Parameters
    ----------
    amounts : sequence of Decimal, of length n
        In the order in which they are summed, those of one sum beside each other [currency].
    digits : int
        Decimals of the minor unit.

    Returns
    -------
    ndarray of int64, shape (n,)
        The sum of the first so many is that of the unrounded amounts, rounded half up; so every run of them is at most
        one minor unit off its own sum, and none where that is whole.

    Examples
    --------
    >>> whole_minor_units([Decimal("0.004")] * 5, 2).tolist()
    [0, 1, 0, 1, 0]
    """
    # Whole parts at once, and what is beyond the minor unit carried on from line to line.
    finer = [int(amount.scaleb(digits + _FINER).to_integral_value()) for amount in amounts]
    unit = 10**_FINER
    whole = np.array([value // unit for value in finer], dtype=np.int64)
    rest = np.cumsum(np.array([value % unit for value in finer], dtype=np.int64))
    carried = (rest + unit // 2) // unit
    return whole + np.diff(carried, prepend=0)


def largest_remainder(shares: np.ndarray, total: int) -> np.ndarray:
    """Whole numbers as near to the shares as can be that add up to a total exactly.

    Parameters
    ----------
    shares : ndarray of shape (n,)
        What each would get, unrounded; they add up to `total` but for float error.
    total : int
        The sum that must come out.

    Returns
    -------
    ndarray of int64, shape (n,)
        Each is its share rounded down or up; the largest remainders are rounded up, the first of equal ones first.

    References
    ----------
    Balinski and Young, *Fair Representation*, 1982 (Hamilton's method).

    Examples
    --------
    >>> largest_remainder(np.array([33.34, 33.33, 33.33]), 100)
    array([34, 33, 33])
    """
    if not len(shares):
        return np.zeros(0, dtype=np.int64)
    floors = np.floor(shares).astype(np.int64)
    missing = total - int(floors.sum())
    if missing:
        order = np.argsort(floors - shares, kind="stable")
        if missing < 0:
            order = order[::-1]
        # Float error of the shares can push the number missing one beyond their count, never more.
        np.add.at(floors, np.resize(order, abs(missing)), 1 if missing > 0 else -1)
    return floors
