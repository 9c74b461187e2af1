"""What no sentence discloses: logins, passwords and tokens, and people."""

from __future__ import annotations

import re

from cpc_analysis.identifiers import mask_identifiers

__all__ = ["safe_to_show", "without_secrets"]

#: Also with one slash, as paths write addresses.
_LOGIN = re.compile(r"(:/{1,2})(?:[^\s/@'\"]*:[^\s'\"]*|[^\s/@'\":]+)@(?=[^\s@'\"])")
_SECRET = re.compile(
    r"(?i)((?:password|passwd|pwd|secret|token|access_?token|api_?key|apikey|auth|sig|signature|accountkey|sas|"
    r"x-amz-[a-z-]+|client_secret|credential)\s*[=:]\s*)(?:\"[^\"]*\"|'[^']*'|[^\s&;,'\")]+)"
)
#: What a sentence quotes, which is no path.
_QUOTED = re.compile(r"(?<!\w)'([^'\n/\\]{7,400})'(?!\w)")


def without_secrets(text: str) -> str:
    """A text without the logins in its addresses, and without the passwords and tokens that it names.

    Examples
    --------
    >>> without_secrets("https://user:secret@host/x.csv?token=abc&day=1")
    'https://…@host/x.csv?token=…&day=1'
    """
    text = _LOGIN.sub(r"\1…@", text)
    return _SECRET.sub(r"\1…", text)


def safe_to_show(sentence: str) -> str:
    """A sentence without secrets and identifiers: in what it quotes all that is likely, outside what is sure.

    Examples
    --------
    >>> safe_to_show("`costs.account` must be text, got '12345678' in row 10000001.")
    "`costs.account` must be text, got '[number]' in row 10000001."
    """
    shown = mask_identifiers(without_secrets(sentence), doubt=False)
    return _QUOTED.sub(lambda match: f"'{mask_identifiers(match[1])}'", shown)
