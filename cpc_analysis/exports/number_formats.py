"""Numbers written as a spreadsheet's format says, in the language spoken."""

from __future__ import annotations

import re

from cpc_analysis.language import number

__all__ = ["formatted"]

_NUMBER = re.compile(r"[#0][#0,]*(?:\.(0+))?")
_QUOTED = re.compile(r'"([^"]*)"|\\(.)')


def formatted(value: float, form: str, signed: bool = False) -> str:
    """A number by a format of its digits, percent sign and quoted unit, such as ``#,##0.00 "kr."``.

    Examples
    --------
    >>> formatted(1234.5, "#,##0.00"), formatted(0.256, "0.0%"), formatted(5, '#,##0 "DKK"', signed=True)
    ('1,234.50', '25.6%', '+5 DKK')
    """
    positive = form.split(";")[0]
    is_percent = positive.rstrip().endswith("%")
    found = _NUMBER.search(positive)
    if found is None:
        return str(number(value, 2, signed=signed))
    digits = len(found[1] or "")
    text = number(100 * value if is_percent else value, digits, signed=signed)
    before = _QUOTED.sub(lambda part: part[1] or part[2], positive[: found.start()])
    after = _QUOTED.sub(lambda part: part[1] or part[2], positive[found.end() :])
    return f"{before}{text}{after}"
