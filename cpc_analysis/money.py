"""Money as whole minor units: read without a float in between, converted half-even, shared out without a remainder."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

import numpy as np
import pandas as pd

from cpc_analysis.errors import InvalidInputError, listed

__all__ = ["largest_remainder", "minor_digits", "to_decimal", "to_minor_units"]

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


def to_minor_units(
    amounts: pd.Series, currencies: pd.Series | None, currency: str, rates: Mapping[str, float]
) -> pd.Series:
    """Amounts as text: whole minor units of the project's currency, or the amount as it was where it is no number.

    Parameters
    ----------
    amounts : pandas.Series
        Numbers, decimals or text [currency of the line].
    currencies : pandas.Series or None
        The currency of each line; missing means the project's.
    currency : str
        The project's currency.
    rates : mapping of str to float
        What one unit of another currency is worth in the project's.

    Raises
    ------
    InvalidInputError
        If a line is in a currency without a rate.

    Notes
    -----
    Each line is rounded once, half to even.
    """
    unit = Decimal(1).scaleb(-minor_digits(currency))
    factor = {currency: Decimal(1)} | {name: Decimal(str(rate)) for name, rate in rates.items()}
    if currencies is None:
        currencies = pd.Series(None, index=amounts.index, dtype="object")
    lines = currencies.astype("object").where(currencies.notna(), currency)
    strangers = sorted({str(name) for name in lines} - set(factor))
    if strangers:
        raise InvalidInputError(
            f"`costs.currency` must be {currency} or have a rate to it, got {listed(strangers)} without a rate. "
            f"State what one {strangers[0]} is worth in {currency}, in `rates`."
        )
    minor: list[str | None] = []
    for amount, name in zip(amounts, lines, strict=True):
        if pd.isna(amount):
            minor.append(None)
            continue
        try:
            value = (Decimal(str(amount).strip()) * factor[name]).quantize(unit, ROUND_HALF_EVEN)
            minor.append(str(int(value.scaleb(-unit.as_tuple().exponent))))  # type: ignore[operator]
        except (InvalidOperation, ValueError, OverflowError):
            minor.append(str(amount))
    return pd.Series(minor, index=amounts.index, dtype="object")


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
