"""What an explorer asks: a quantity, by what, of which period and of which part of the centre; and the code of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from textwrap import fill
from typing import Any

from cpc_analysis.calendars import CIVIL, Calendar
from cpc_analysis.periods import Period, parse_period, period_of

__all__ = ["Question", "code_of", "whole_weeks"]

_WIDTH = 88


@dataclass(frozen=True)
class Question:
    """What is asked for.

    Parameters
    ----------
    quantity : str
        A quantity of the glossary.
    grain : str
        By which periods, one of `GRAINS`; none when empty.
    group : str
        By which column; none when empty.
    period : str
        Of which period, such as ``"2025-Q2"``; of all when empty.
    limits : mapping of str to object
        Column to the one value that is looked at.
    calendar : Calendar
        The one that fiscal periods are of.
    """

    quantity: str
    grain: str = ""
    group: str = ""
    period: str = ""
    limits: Mapping[str, object] = field(default_factory=dict)
    calendar: Calendar = CIVIL

    @property
    def by(self) -> list[str]:
        """The periods and the column to group by, as `measure` takes them."""
        return [key for key in (self.grain, self.group) if key]

    @property
    def where(self) -> dict[str, Any]:
        """The conditions, as `measure` takes them; a period by weeks means the weeks that lie in it as a whole."""
        conditions: dict[str, Any] = dict(self.limits)
        if not self.period:
            return conditions
        period = parse_period(self.period, self.calendar)
        if self.grain == "week":
            return {**conditions, "week": [str(week) for week in whole_weeks(period)]}
        return {**conditions, period.grain: self.period}


def whole_weeks(period: Period) -> list[Period]:
    """The ISO weeks that lie in a period as a whole.

    Examples
    --------
    >>> [str(week) for week in whole_weeks(parse_period("2025-06"))]
    ['2025-W23', '2025-W24', '2025-W25', '2025-W26']
    """
    monday = period.start + timedelta(days=-period.start.weekday() % 7)
    weeks = (period_of(monday + timedelta(weeks=number), "week") for number in range(period.days // 7 + 1))
    return [week for week in weeks if week.end <= period.end]


def code_of(question: Question, chart: str, charted: list[str] | None = None) -> str:
    """The code that answers a question about a dataset called ``data``.

    Parameters
    ----------
    question : Question
        What is asked for.
    chart : {"trend", "levels", ""}
        How it is drawn; a table when empty.
    charted : list of str, optional
        What the chart is grouped by, where that is not what the question is.

    Examples
    --------
    >>> print(code_of(Question("csat", "month", period="2025-Q2"), "trend"))
    import cpc_analysis as cpc
    <BLANKLINE>
    frame = cpc.measure(data, "csat", by=["month"], where={"quarter": "2025-Q2"})
    cpc.charts.trend(frame)
    """
    lines = ["import cpc_analysis as cpc", "", _measured("frame", question, question.by)]
    drawn = "frame"
    if charted is not None:
        drawn = "whole"
        lines.append(_measured(drawn, question, charted))
    lines.append(f"cpc.charts.{chart}({drawn})" if chart else "cpc.models.table(frame)")
    return "\n".join(lines)


def _measured(name: str, question: Question, by: list[str]) -> str:
    arguments = ["data", _literal(question.quantity)]
    arguments += [f"by={_literal(by)}"] if by else []
    conditions = [f"{_literal(key)}: {_literal(value)}" for key, value in question.where.items()]
    arguments += [f"where={{{', '.join(conditions)}}}"] if conditions else []
    line = f"{name} = cpc.measure({', '.join(arguments)})"
    if len(line) <= _WIDTH:
        return line
    spread = [*arguments[:-1], "where={", *(f"    {_spread(condition)}," for condition in conditions), "}"]
    return "\n".join(
        [f"{name} = cpc.measure(",
         *(f"    {part}{'' if part.endswith(('{', ',')) else ','}" for part in spread), ")"]
    )  # fmt: skip


def _spread(condition: str) -> str:
    """A condition over as many lines as its list of periods needs; other texts stay as they are."""
    is_list = condition.endswith("]")
    return fill(condition, _WIDTH, subsequent_indent=" " * 12, break_on_hyphens=False) if is_list else condition


def _literal(value: object) -> str:
    if isinstance(value, list):
        return f"[{', '.join(_literal(part) for part in value)}]"
    # As the house writes texts, in double quotes.
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)
