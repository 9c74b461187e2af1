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

__all__ = [
    "identifiers_in",
    "is_identifier",
    "mask_identifiers",
    "names_code",
    "names_person",
    "safe_to_show",
    "without_secrets",
]

_AT = r"(?:\s?@\s?|\s?[(\[]\s?(?:at|a|snabel-?a)\s?[)\]]\s?)"
_DOT = r"(?:\s?\.\s?|\s?[(\[]\s?(?:dot|punktum)\s?[)\]]\s?)"
_LOCAL = r"(?:[\w!#$%&'*+/=?^`{|}~-]+\.){0,8}[\w!#$%&'*+/=?^`{|}~-]+"
_ADDRESS = rf"{_LOCAL}{_AT}(?:[\w-]+{_DOT}){{1,6}}[^\W\d_]{{2,}}"
_WORD = r"[A-ZÀ-ÖØ-Þ][\w.'-]*"
#: Addresses in the forms of mail programs: ``Ida Hansen <ida@example.com>`` and ``ida@example.com (Ida Hansen)``.
_EMAIL = re.compile(
    rf"(?:\"[^\"<>@]{{1,60}}\"|{_WORD}(?:,? {_WORD}){{0,4}})?\s?<\s?{_ADDRESS}\s?>"
    rf"|{_ADDRESS}(?:\s?\([^()\d@]{{2,60}}\))?",
)
_BEFORE, _AFTER = r"(?<![\w+])(?<!\d[.,-])(?<![A-Za-z]-)", r"(?!\w)(?![.,-]\d)"
_PHONE_SURE = re.compile(
    r"(?<![\w+])\+\s?\(?\d(?:[\s()./-]{0,3}\d){7,14}(?!\d)(?![.,]\d)"
    rf"|{_BEFORE}00[1-9]\d{{0,2}}(?=[\s()./-])(?:[\s()./-]{{0,3}}\d){{6,12}}(?!\d)|{_BEFORE}0045[2-9]\d{{7}}{_AFTER}"
    r"|\((?!(?:19|20)\d\d\))\d{2,4}\)[\s.-]?\d{2,4}(?:[\s.-]?\d{2,4}){1,2}(?!\d)"
    rf"|{_BEFORE}\d\d \d\d \d\d \d\d{_AFTER}|{_BEFORE}[2-9]\d\d([ .-])[2-9]\d\d\1\d{{4}}{_AFTER}"
    r"|(?<=tel:)\d[\d-]{5,}"
)
_PHONE_SAID = re.compile(
    r"(?<![a-z])(?:tlf|tel|telefon|telephone|phone|mobile?|mob|cpr|fax)[a-z]{0,6}[-.:=# ]{0,3}(\(?\+?\d(?:[ ()./-]?\d){5,14})",
    re.IGNORECASE,
)
_CPR_SURE = re.compile(
    r"(?<![\w-])(\d{6}) ?[-/ ] ?(\d{4})(?![\w-])|(?<![\w-])(\d\d([-./ ])\d\d\4\d\d) ?- ?(\d{4})(?![\w-])"
)
_CARD_SURE = re.compile(
    rf"{_BEFORE}\d{{4}}(?:[ -]\d{{4}}){{3}}(?:[ -]\d{{3}})?{_AFTER}|{_BEFORE}\d{{4}}[ -]\d{{6}}[ -]\d{{4,5}}{_AFTER}"
)
_IBAN_START = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d\d(?=[ A-Za-z0-9])")
_DIGITS = re.compile(rf"{_BEFORE}(?<!#)\d{{8,19}}{_AFTER}")
_GROUPS = re.compile(
    rf"{_BEFORE}(?<!#)(?:\d{{2,4}}(?:[ .-]\d{{2,4}}){{2,4}}|[2-9]\d{{3}} \d{{4}}|\d(?: \d){{7,14}}|\d{{3}} \d{{5}}|\d{{5}} \d{{3,6}})"
    rf"{_AFTER}"
)

_CURRENCY = r"(?:kr\b\.?|DKK|SEK|NOK|EUR|USD|GBP|CHF|PLN|€|\$|£)"
#: What a number is of, when a word before it says so.
_SAID_OF = (
    r"(?:orders?|ordre|ordrenr|case|sag|sagsnr|ticket|faktura|fakturanr|invoice|konto|kontonr|account|ean|gtin|sku|isbn|"
    r"item|vare|varenr|product|produkt|ref|id|cvr|serial|serienr|version|contact[ -]?(?:id|no|number)|kontakt[ -]?(?:id|nr))"
)
#: Numbers that are of no person: UUIDs, dates and times, amounts, and those with a word that says what they are.
_NO_PERSON = re.compile(
    r"\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b"
    r"|(?<!\d)(?:19|20)\d\d(?P<sep>[-./])\d{1,2}(?P=sep)\d{1,2}(?:[T ]\d{1,2}(?:[:.]\d\d){0,2}(?:[.,]\d+)?(?:\s?[+-]\d\d:?\d\d)?)?(?!\d)"
    r"|(?<!\d)(?<!\d[-./])\d{1,2}(?P<of>[-./])\d{1,2}(?P=of)(?:(?:19|20)\d\d|\d\d(?![-./]?\d))(?:[T ]\d{1,2}(?:[:.]\d\d){0,2})?(?!\d)"
    r"|(?<![\w-])(?:19[5-9]|20[0-4])\d-\d{3,}(?:-\d+)*(?![\w-])"
    r"|(?<!\d)(?:19[5-9]|20[0-4])\d[01]\d[0-5]\d(?:[0-2]\d[0-5]\d(?:[0-5]\d)?)?(?!\d)"
    r"|(?<!\d)(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19[5-9]|20[0-4])\d(?!\d)"
    r"|(?<![\d.,])\d{1,3}(?:(?P<group>[.,'])\d{3})(?:(?P=group)\d{3})*(?:[.,]\d{1,4})?(?![\d.,-]\d|\d)"
    r"|(?<![\d.,])\d+[.,]\d{1,4}(?!\d)(?![.,-]\d)"
    rf"|(?<!\d)\d{{1,3}}(?: \d{{3}})+(?:[.,]\d{{1,2}}(?!\d)| ?{_CURRENCY})|\d{{4,}} ?{_CURRENCY}|{_CURRENCY} ?-?\d[\d .,']*"
    rf"|(?i:(?<![a-z]){_SAID_OF}[-.:=# ]{{0,3}}(?:no|nr|number|nummer)?[-.:=# ]{{0,3}}[\d-]*\d)"
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
_PERSON_WORDS = {
    "email", "mail", "epost", "phone", "telephone", "telefon", "tlf", "mobile", "mobil", "msisdn", "cpr", "ssn",
    "personnummer", "fornavn", "efternavn", "firstname", "lastname", "surname", "fullname", "address", "adresse",
    "birthday", "birthdate", "foedselsdag", "fødselsdag", "fodselsdag", "iban", "passport", "pas", "kundenavn", "caller", "username",
    "callerid", "ani", "street", "vej", "gade", "dob", "cardnumber", "kortnummer",
}  # fmt: skip
_PEOPLE = {"customer", "client", "caller", "contact", "user", "person", "requester", "kunde", "kundens", "first", "last",
           "full", "family", "given", "middle", "for", "efter", "member", "patient", "sender", "recipient", "from", "to"}  # fmt: skip
_NAMES = {"name", "names", "navn", "firstname", "lastname"}
#: Words with which a column is about a kind of thing, not about one person's.
_KINDS = {"type", "kind", "model", "brand", "count", "campaign", "domain", "category", "group", "queue", "channel", "status",
          "is", "has", "number_of", "provider", "template", "country", "region", "system", "os", "plan", "app"}  # fmt: skip
_CODE_WORDS = {"id", "ids", "no", "nr", "number", "nummer", "code", "kode", "key", "order", "ordre", "invoice", "faktura",
               "ticket", "case", "sag", "account", "konto", "ean", "gtin", "sku", "version", "uuid", "ref", "hash",
               "date", "time", "day", "week", "month", "zip", "postcode", "postnr"}  # fmt: skip


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
        likely = list(_likely(shown))
        found += [span for span in likely if not any(span[0] < end and start < span[1] for start, end in spared)]
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
        digits = match[0]
        # Numbers of an accounting system are filled up with zeros; what is longer than any phone number is a card's.
        is_filled, is_long = (
            digits.startswith("000") or (digits.startswith("00") and len(digits) < 11),
            len(digits) > 15,
        )
        if _is_card(digits) if is_long else not is_filled and not (len(digits) == 13 and _is_ean(digits)):
            yield (*match.span(), "[number]")


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
    doubled = [int(digit) * 2 for digit in digits[-2::-2]]
    total = sum(int(digit) for digit in digits[-1::-2]) + sum(
        number - 9 if number > 9 else number for number in doubled
    )
    return total % 10 == 0


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


def names_person(name: str) -> bool:
    """Whether the name of a column says that it names people, or how to reach them.

    Examples
    --------
    >>> names_person("Customer Name"), names_person("kunde_email"), names_person("product_name")
    (True, True, False)
    """
    words = _words(name)
    if words & _KINDS:
        return False
    joined = "".join(re.findall(r"[^\W_]+", name.casefold()))
    return bool(words & _PERSON_WORDS or joined in _PERSON_WORDS or (words & _NAMES and words & _PEOPLE)
                or words <= _NAMES or identifiers_in(name))  # fmt: skip


def names_code(name: str) -> bool:
    """Whether the name of a column says that it holds codes or numbers of things, in which doubt keeps.

    Examples
    --------
    >>> names_code("order_number"), names_code("note")
    (True, False)
    """
    return bool(_words(name) & _CODE_WORDS)


def _words(name: str) -> set[str]:
    """The words of a column's name, however they are put together."""
    apart = re.sub(r"(?<=[^\W\d_])(?=[A-ZÆØÅ][^\W\d_A-Z])|(?<=[a-zæøå])(?=[A-ZÆØÅ])", " ", name)
    return set(re.findall(r"[^\W\d_]+", apart.casefold().replace("e-mail", "email").replace("e-post", "epost")))


_LOGIN = re.compile(r"(?<=://)[^\s/@'\"]*:[^\s'\"]*@(?=[^\s@'\"]+)|(?<=://)[^\s/@'\"]+@")
_SECRET = re.compile(
    r"(?i)((?:password|passwd|pwd|secret|token|access_?token|api_?key|apikey|auth|sig|signature|accountkey|sas|"
    r"x-amz-[a-z-]+|client_secret|credential)\s*[=:]\s*)(?:\"[^\"]*\"|'[^']*'|[^\s&;,'\")]+)"
)


def without_secrets(text: str) -> str:
    """A text without the logins in its addresses, and without the passwords and tokens that it names.

    Examples
    --------
    >>> without_secrets("https://user:secret@host/x.csv?token=abc&day=1")
    'https://…@host/x.csv?token=…&day=1'
    """
    if "://" in text:
        text = _LOGIN.sub("…@", text)
    return _SECRET.sub(r"\1…", text)


_QUOTED = re.compile(r"(?<!\w)'([^'\n/\\]{7,400})'(?!\w)")


def safe_to_show(sentence: str) -> str:
    """A sentence without secrets and identifiers: in what it quotes all that is likely, outside what is sure.

    Examples
    --------
    >>> safe_to_show("`costs.account` must be text, got '12345678' in row 10000001.")
    "`costs.account` must be text, got '[number]' in row 10000001."
    """
    shown = mask_identifiers(without_secrets(sentence), doubt=False)
    return _QUOTED.sub(lambda match: f"'{mask_identifiers(match[1])}'", shown)
