"""What could show a person in a text: e-mail addresses and telephone numbers, found and masked."""

from __future__ import annotations

import re

__all__ = ["DIGITS", "EMAIL", "PHONE", "mask_identifiers"]

EMAIL = r"[^\s@<>,;:\"'()]+@[^\s@<>,;:\"'()]+\.[A-Za-z]{2,}"
PHONE = r"(?:\+|\b00)\d[\d ().-]{6,}\d|\(\d{2,4}\)[ .-]?\d{2,4}[ .-]?\d{2,4}|\b\d{2,4}(?:[ .-]\d{2,4}){2,4}\b"
DIGITS = r"(?<![\w.,-])\d{8,15}(?![\w.,-])"
_FOUND = re.compile(f"(?P<email>{EMAIL})|(?P<phone>{PHONE})|(?P<digits>{DIGITS})")
_DATE = re.compile(r"((19|20)\d\d[.-]?\d{1,2}[.-]?\d{1,2}|\d{1,2}[.-]\d{1,2}[.-](19|20)?\d\d)( \d{1,2})?")


def mask_identifiers(text: str) -> str:
    """A text with e-mail addresses and what may be phone numbers replaced by ``[e-mail]`` and ``[number]``.

    Notes
    -----
    Masked are numbers of 8 to 15 digits, plain or in groups, but those that read as a date. A number that
    only looks like a telephone's is masked too: the row says where the whole value is.

    Examples
    --------
    >>> mask_identifiers("ring Ida on +45 12 34 56 78 or ida@example.com, booked 2025-13-45")
    'ring Ida on [number] or [e-mail], booked 2025-13-45'
    """

    def mask(match: re.Match[str]) -> str:
        if match["email"]:
            return "[e-mail]"
        digits = sum(character.isdigit() for character in match[0])
        return match[0] if digits < 7 or _DATE.fullmatch(match[0]) else "[number]"

    return _FOUND.sub(mask, text)
