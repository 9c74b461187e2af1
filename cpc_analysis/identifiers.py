"""What could show a person in a text: e-mail addresses, phone, CPR, card and bank account numbers, found and masked.

Some writings are sure: an e-mail address, a phone number with its country, a CPR number with its hyphen. Others are
only likely: eight digits may be a phone or an order. Texts are searched for both, codes for what is sure.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

__all__ = ["identifiers_in", "is_identifier", "mask_identifiers"]

_AT = r"(?:\s?@\s?|\s?[(\[]\s?(?:at|a|snabel-?a)\s?[)\]]\s?)"
_DOT = r"(?:\s?\.\s?|\s?[(\[]\s?(?:dot|punktum)\s?[)\]]\s?)"
#: Of bounded length, so that a long text takes no longer than its length.
_ATOM = r"[\w!#$%&*+=?^`{|}~-][\w!#$%&'*+=?^`{|}~-]{0,80}"
_LOCAL = rf"(?:{_ATOM}\.){{0,8}}{_ATOM}"
_ADDRESS = rf"{_LOCAL}{_AT}(?:[\w-]{{1,63}}{_DOT}){{1,6}}[^\W\d_]{{2,}}"
_WORD = r"[A-ZÀ-ÖØ-Þ][\w.'-]{0,40}"
#: Addresses in the forms of mail programs: ``Ida Hansen <ida@example.com>`` and ``ida@example.com (Ida Hansen)``.
_EMAIL = re.compile(
    rf"(?:\"[^\"<>@]{{1,60}}\"|{_WORD}(?:,? {_WORD}){{0,4}})?\s?<\s?{_ADDRESS}\s?>"
    rf"|{_ADDRESS}(?:\s?\([^()\d@]{{2,60}}\))?",
)
_BEFORE, _AFTER = r"(?<![\w+])(?<!\d[.,-])(?<![A-Za-z]-)", r"(?!\w)(?![.,-]\d)"


def _either(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns))


#: Phone numbers with a country, in parentheses, in four pairs as in Denmark, in 3, 3 and 4 as in North America.
_PHONE_SURE = _either(
    r"(?<![\w+])\+\s?\(?\d(?:[\s()./-]{0,3}\d){7,14}(?!\d)(?![.,]\d)",
    rf"{_BEFORE}00[1-9]\d{{0,2}}(?=[\s()./-])(?:[\s()./-]{{0,3}}\d){{6,12}}(?!\d)",
    rf"{_BEFORE}0045[2-9]\d{{7}}{_AFTER}",
    r"\((?!(?:19|20)\d\d\))\d{2,4}\)[\s.-]?\d{2,4}(?:[\s.-]?\d{2,4}){1,2}(?!\d)",
    rf"{_BEFORE}\d\d \d\d \d\d \d\d{_AFTER}",
    rf"{_BEFORE}[2-9]\d\d([ .-])[2-9]\d\d\1\d{{4}}{_AFTER}",
)
_PHONE_SAID = re.compile(
    r"(?<![a-z])(?:tlf|tel|telefon|telephone|phone|mobile?|mob|cpr|fax)[a-z]{0,6}[-.:=# ]{0,3}"
    r"(\(?\+?\d(?:[ ()./-]?\d){5,14})",
    re.IGNORECASE,
)
_CPR_SURE = _either(
    r"(?<![\w-])(\d{6}) ?[-/ ] ?(\d{4})(?![\w-])",
    r"(?<![\w-])(\d\d([-./ ])\d\d\4\d\d) ?- ?(\d{4})(?![\w-])",
)
_CARD_SURE = _either(
    rf"{_BEFORE}\d{{4}}(?:[ -]\d{{4}}){{3}}(?:[ -]\d{{3}})?{_AFTER}",
    rf"{_BEFORE}\d{{4}}[ -]\d{{6}}[ -]\d{{4,5}}{_AFTER}",
)
_IBAN_START = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d\d(?=[ A-Za-z0-9])")
#: Also as a number that was read as one: 12345678.0.
_DIGITS = re.compile(rf"{_BEFORE}(?<!#)(\d{{8,19}})(?:\.0)?{_AFTER}")
_GROUPED = (r"\d{2,4}(?:[ .-]\d{2,4}){2,4}", r"[2-9]\d{3} \d{4}", r"\d(?: \d){7,14}", r"\d{3} \d{5}", r"\d{5} \d{3,6}")
_GROUPS = re.compile(rf"{_BEFORE}(?<!#)(?:{'|'.join(_GROUPED)}){_AFTER}")

_CURRENCY = r"(?:kr\b\.?|DKK|SEK|NOK|EUR|USD|GBP|CHF|PLN|€|\$|£)"
#: What a number is of, when a word before it says so.
_THINGS = (
    "orders?|ordre|ordrenr|case|sag|sagsnr|ticket|faktura|fakturanr|invoice|konto|kontonr|account|ean|gtin|sku|isbn|"
    "item|vare|varenr|product|produkt|ref|id|cvr|serial|serienr|version|contact[ -]?(?:id|no|number)|"
    "kontakt[ -]?(?:id|nr)"
)
_YEAR, _SHORT_YEAR, _CLOCK = r"(?:19|20)\d\d", r"(?:19[5-9]|20[0-4])\d", r"(?:[T ]\d{1,2}(?:[:.]\d\d){0,2}(?:[.,]\d+)?"
#: Numbers that are of no person: UUIDs, dates and times, amounts, and those with a word that says what they are.
_NO_PERSON = _either(
    r"\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b",
    rf"(?<!\d){_YEAR}(?P<sep>[-./])\d{{1,2}}(?P=sep)\d{{1,2}}{_CLOCK}(?:\s?[+-]\d\d:?\d\d)?)?(?!\d)",
    rf"(?<!\d)(?<!\d[-./])\d{{1,2}}(?P<of>[-./])\d{{1,2}}(?P=of)(?:{_YEAR}|\d\d(?![-./]?\d)){_CLOCK})?(?!\d)",
    rf"(?<![\w-]){_SHORT_YEAR}-\d{{3,}}(?:-\d+)*(?![\w-])",
    rf"(?<!\d){_SHORT_YEAR}[01]\d[0-5]\d(?:[0-2]\d[0-5]\d(?:[0-5]\d)?)?(?!\d)",
    rf"(?<!\d)(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2]){_SHORT_YEAR}(?!\d)",
    r"(?<![\d.,])\d{1,3}(?:(?P<group>[.,'])\d{3})(?:(?P=group)\d{3})*(?:[.,]\d{1,4})?(?![\d.,-]\d|\d)",
    r"(?<![\d.,])\d+[.,](?!0(?!\d))\d{1,4}(?!\d)(?![.,-]\d)",
    rf"(?<!\d)\d{{1,3}}(?: \d{{3}})+(?:[.,]\d{{1,2}}(?!\d)| ?{_CURRENCY})",
    rf"\d{{4,}} ?{_CURRENCY}",
    rf"{_CURRENCY} ?-?\d[\d .,']*",
    rf"(?i:(?<![a-z])(?:{_THINGS})[-.:=# ]{{0,3}}(?:no|nr|number|nummer)?[-.:=# ]{{0,3}}[\d-]*\d)",
)
#: Texts without any of these hold no identifier; most texts of a column do not.
_CANDIDATE = re.compile(
    r"[@＠\]]|[%=]40|&#|&commat|(?:a|at|snabel-?a)\s?\)|(?:\d[^\w\n\t]{0,3}){6}\d|[A-Za-z]{2}\d\d", re.IGNORECASE
)
_ENCODED = re.compile(r"%(?:25)*([0-9A-Fa-f]{2})|=(40)|&#x([0-9A-Fa-f]{2});|&#(\d{2,3});|&(commat);")

#: Characters of an IBAN by country.
_IBAN_LENGTHS = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "BA": 20, "BE": 16, "BG": 22, "BR": 29, "CH": 21, "CY": 28, "CZ": 24,
    "DE": 22, "DK": 18, "EE": 20, "ES": 24, "FI": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18,
    "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IS": 26, "IT": 27, "KW": 30, "LI": 21, "LT": 20, "LU": 20,
    "LV": 21, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MT": 31, "NL": 18, "NO": 15, "PK": 24, "PL": 28, "PT": 25,
    "QA": 29, "RO": 24, "RS": 22, "SA": 24, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "TN": 24, "TR": 26, "UA": 29,
    "XK": 20,
}  # fmt: skip
#: Beginnings of card numbers with the lengths that they have.
_CARDS = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|5[0-8]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}"
    r"|3(?:0[0-5]|[689]\d)\d{11}|(?:6011|62\d\d|64[4-9]\d|65\d\d|35\d\d)\d{12,15}|6[37]\d{14,17}"
)


@dataclass(frozen=True)
class _Readable:
    """A text as a reader sees it - decoded, with plain blanks, hyphens and digits - and where each character was."""

    text: str
    starts: list[int]
    ends: list[int]

    @classmethod
    def of(cls, text: str) -> _Readable:
        shown, starts, ends, at = [], [], [], 0
        while at < len(text):
            encoded = _ENCODED.match(text, at)
            end = encoded.end() if encoded else at + 1
            for character in _decoded(encoded) if encoded else _plain(text[at]):
                shown.append(character)
                starts.append(at)
                ends.append(end)
            at = end
        return cls("".join(shown), starts, ends)


def _decoded(encoded: re.Match[str]) -> str:
    by_hex, quoted, hexadecimal, decimal, _ = encoded.groups()
    if decimal:
        return _plain(chr(int(decimal)))
    written = by_hex or quoted or hexadecimal
    return _plain(chr(int(written, 16))) if written else "@"


def _plain(character: str) -> str:
    """A character in its plainest form; nothing for one without width."""
    if character.isascii():
        return character
    kind = unicodedata.category(character)
    if kind == "Cf":
        return ""
    if kind == "Nd":
        return str(unicodedata.digit(character))
    if kind in ("Pd", "Zs"):
        return "-" if kind == "Pd" else " "
    folded = unicodedata.normalize("NFKC", character)
    return folded if len(folded) == 1 else character


def identifiers_in(text: str, doubt: bool = True) -> list[tuple[int, int, str]]:
    """Where a text holds identifiers of people: first and last place, and the mask to show instead.

    Parameters
    ----------
    text : str
        Any text.
    doubt : bool
        Whether what is only likely counts too, such as eight digits that may be a phone number.

    Examples
    --------
    >>> identifiers_in("ring 12 34 56 78"), identifiers_in("0000483000", doubt=False)
    ([(5, 16, '[number]')], [])
    """
    is_plain = text.isascii() and "%" not in text and "&" not in text and "=40" not in text
    readable = None if is_plain else _Readable.of(text)
    shown = text if readable is None else readable.text
    if not _CANDIDATE.search(shown):
        return []
    found = list(_sure(shown))
    if doubt:
        spared = [match.span() for match in _NO_PERSON.finditer(shown)]
        found += [span for span in _likely(shown) if not _touches(span, spared)]
    merged: list[tuple[int, int, str]] = []
    for start, end, mask in sorted(found, key=lambda span: (span[0], -span[1])):
        if merged and start < merged[-1][1]:
            first, last, shown_as = merged[-1]
            merged[-1] = (first, max(last, end), shown_as)
        else:
            merged.append((start, end, mask))
    if readable is None:
        return merged
    return [(readable.starts[start], readable.ends[end - 1], mask) for start, end, mask in merged]


def _touches(span: tuple[int, int, str], others: list[tuple[int, int]]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in others)


def _sure(text: str) -> Iterator[tuple[int, int, str]]:
    if "@" in text or ")" in text or "]" in text:
        yield from ((*match.span(), "[e-mail]") for match in _EMAIL.finditer(text))
    for match in _PHONE_SURE.finditer(text):
        if 8 <= _count(match[0]) <= 17:
            yield (*match.span(), "[number]")
    for match in _PHONE_SAID.finditer(text):
        if not _NO_PERSON.fullmatch(match[1]):
            yield (*match.span(1), "[number]")
    for match in _CPR_SURE.finditer(text):
        if _is_national(_digits(match[1] or match[3]), match[2] or match[5]):
            yield (*match.span(), "[number]")
    for match in _CARD_SURE.finditer(text):
        if _is_card(_digits(match[0])):
            yield (*match.span(), "[number]")
    for match in _IBAN_START.finditer(text):
        end = _iban_end(text, match.start())
        if end:
            yield match.start(), end, "[number]"


def _likely(text: str) -> Iterator[tuple[int, int, str]]:
    for match in _GROUPS.finditer(text):
        if _count(match[0]) >= 7:
            yield (*match.span(), "[number]")
    for match in _DIGITS.finditer(text):
        if _is_likely(match[1]):
            yield (*match.span(), "[number]")


def _is_likely(digits: str) -> bool:
    """Whether 8 to 19 digits may be a person's number."""
    if len(digits) > 15:
        # No phone number is as long.
        return _is_card(digits)
    # Numbers of an accounting system are filled up with zeros.
    is_filled = digits.startswith("000") or (digits.startswith("00") and len(digits) < 11)
    return not is_filled and not (len(digits) == 13 and _is_ean(digits))


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isdigit())


def _count(text: str) -> int:
    return len(_digits(text))


def _is_national(day: str, serial: str) -> bool:
    """Whether six digits begin a CPR number, with a day that exists, or a Swedish one, with its check digit."""
    if _is_day(day[4:], day[2:4], day[:2]):
        return True
    return _is_day(day[:2], day[2:4], day[4:]) and _passes_luhn(day + serial)


def _is_day(year: str, month: str, day: str) -> bool:
    for century in ("19", "20"):
        try:
            date(int(century + year), int(month), int(day))
        except ValueError:
            continue
        return True
    return False


def _passes_luhn(digits: str) -> bool:
    single = [int(digit) for digit in digits[-1::-2]]
    # The sum of the digits of twice a digit.
    doubled = [sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2]]
    return (sum(single) + sum(doubled)) % 10 == 0


def _is_card(digits: str) -> bool:
    return bool(_CARDS.fullmatch(digits)) and _passes_luhn(digits) and not (len(digits) == 13 and _is_ean(digits))


def _is_ean(digits: str) -> bool:
    return sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits)) % 10 == 0


def _iban_end(text: str, start: int) -> int:
    """Where the IBAN that begins there ends; 0 where there is none."""
    length = _IBAN_LENGTHS.get(text[start : start + 2].upper(), 0)
    taken, at = "", start
    while at < len(text) and len(taken) < length:
        character = text[at]
        if character.isascii() and character.isalnum():
            taken += character.upper()
        elif character not in " -":
            return 0
        at += 1
    if len(taken) < length or length == 0 or (at < len(text) and text[at].isalnum()):
        return 0
    # ISO 13616: the first four characters behind the others, letters as numbers from 10 on, leave 1 over 97.
    return at if int("".join(str(int(character, 36)) for character in taken[4:] + taken[:4])) % 97 == 1 else 0


def is_identifier(text: str, doubt: bool = True) -> bool:
    """Whether a text is an identifier of a person, and nothing beside it.

    Examples
    --------
    >>> is_identifier("Ida Hansen <ida@example.com>"), is_identifier("refund for ida@example.com")
    (True, False)
    """
    return not re.search(r"\w", _replaced(text, identifiers_in(text, doubt), lambda _: " "))


def mask_identifiers(text: str, doubt: bool = True) -> str:
    """A text with e-mail addresses replaced by ``[e-mail]``, and numbers that may be a person's by ``[number]``.

    Parameters
    ----------
    text : str
        Any text.
    doubt : bool
        Whether what is only likely is masked too, such as eight digits that may be a phone number.

    Notes
    -----
    Masked are phone numbers in any writing, CPR numbers whose day exists, card numbers and IBANs whose check digits
    hold, and plain numbers of 8 to 15 digits, but not what reads as a date, a time, an amount, an EAN, a UUID, an
    account number filled up with zeros, or as the number of an order or a case that says so.

    Examples
    --------
    >>> mask_identifiers("ring Ida on +45 12 34 56 78 or ida%40example.com, booked 2025-13-45")
    'ring Ida on [number] or [e-mail], booked 2025-13-45'
    >>> mask_identifiers("order 10023456, EAN 5701234567899, 1.234.567,89 kr")
    'order 10023456, EAN 5701234567899, 1.234.567,89 kr'
    """
    return _replaced(text, identifiers_in(text, doubt), lambda mask: mask)


def _replaced(text: str, found: list[tuple[int, int, str]], shown: Callable[[str], str]) -> str:
    for start, end, mask in reversed(found):
        text = text[:start] + shown(mask) + text[end:]
    return text
