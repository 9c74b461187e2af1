"""Numbers, shares, money and changes as a reader of a language writes them, and the one rule by which they round."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache
from math import isfinite
from numbers import Integral

from cpc_analysis.language.texts import language_spoken, spoken

__all__ = ["MISSING", "currency_sign", "money", "number", "percent", "rounded_half_away", "separators"]

#: What stands for a value that is not known.
MISSING = "-"
_NO_BREAK = "\N{NO-BREAK SPACE}"
#: More digits than any sum of money has.
_ROOM = Context(prec=400, rounding=ROUND_HALF_UP)


@cache
def separators(language: str) -> tuple[str, str]:
    """What a language writes between thousands, and before decimals."""
    from babel.numbers import get_decimal_symbol, get_group_symbol

    return get_group_symbol(language), get_decimal_symbol(language)


def rounded_half_away(value: float | Decimal, digits: int = 0) -> Decimal:
    """A number with so many decimals, as a clerk rounds: the half goes away from zero.

    Parameters
    ----------
    value : float or Decimal
        The number; finite.
    digits : int
        Decimals.

    Notes
    -----
    What counts is the number in decimals. A float is taken by its fifteen leading digits, as spreadsheets take it:
    those that it holds for certain, so that neither its binary fraction nor the order of a sum decides about a half.

    References
    ----------
    IEEE, *Standard for Floating-Point Arithmetic* (754), 2019, section 4.3.1: roundTiesToAway.

    Examples
    --------
    >>> [str(rounded_half_away(value)) for value in (117_288.5, 117_289.5, -0.5)], str(rounded_half_away(1.005, 2))
    (['117289', '117290', '-1'], '1.01')
    """
    return _decimal(value).quantize(Decimal(1).scaleb(-digits), context=_ROOM)


def _decimal(value: float | Decimal) -> Decimal:
    if isinstance(value, Decimal):
        return value
    return Decimal(int(value)) if isinstance(value, Integral) else Decimal(f"{value:.15g}")


@spoken
def number(value: float | Decimal, digits: int | None = 0, signed: bool = False) -> str:
    """A number to read, rounded as `rounded_half_away` does; a dash where it is not known.

    Parameters
    ----------
    value : float or Decimal
        The number.
    digits : int or None
        Decimals; of a Decimal None means all that it has.
    signed : bool
        Whether a positive number carries its sign. A number that shows as nothing never does.

    Examples
    --------
    >>> from cpc_analysis.language import speaking
    >>> number(1234.5, 2), number(-0.001, 2), number(3, signed=True), number(float("nan"))
    ('1,234.50', '0.00', '+3', '-')
    >>> with speaking("da"):
    ...     print(number(1234.5, 2))
    1.234,50
    """
    if value is None or not isfinite(value):
        return MISSING
    shown = _decimal(value) if digits is None else rounded_half_away(value, digits)
    text = f"{shown:{'+' if signed else ''},f}"
    if not any(digit in text for digit in "123456789"):
        text = text.lstrip("+-")
    thousands, decimals = separators(language_spoken())
    return text.translate({ord(","): thousands, ord("."): decimals})


@spoken
def percent(share: float | Decimal, digits: int = 1, signed: bool = False) -> str:
    """A share in percent.

    Examples
    --------
    >>> percent(0.8266), percent(0.05, 0, signed=True)
    ('82.7%', '+5%')
    """
    text = number(100 * share, digits, signed)
    return text if text == MISSING else f"{text}{'' if language_spoken() == 'en' else _NO_BREAK}%"


@spoken
def money(amount: float | Decimal, currency: str, digits: int | None = 2, signed: bool = False) -> str:
    """An amount with its currency.

    Examples
    --------
    >>> from cpc_analysis.language import in_language
    >>> money(1234.56, "DKK"), money(1234.56, "DKK", 0, signed=True)
    ('1,234.56 DKK', '+1,235 DKK')
    >>> in_language(money(1234.56, "DKK"), "da")
    '1.234,56\\xa0kr.'
    """
    text = number(amount, digits, signed)
    gap = " " if language_spoken() == "en" else _NO_BREAK
    return text if text == MISSING or not currency else f"{text}{gap}{currency_sign(currency)}"


@spoken
def currency_sign(currency: str) -> str:
    """How a currency is written: by its code, which no two currencies share, but kroner as Danes write them.

    Examples
    --------
    >>> from cpc_analysis.language import in_language
    >>> currency_sign("DKK"), in_language(currency_sign("DKK"), "da"), in_language(currency_sign("EUR"), "da")
    ('DKK', 'kr.', 'EUR')
    """
    return "kr." if (language_spoken(), currency) == ("da", "DKK") else currency
