"""The answer to a question: a sentence, a chart, a table and the code that makes them; a refusal is a sentence too."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from cpc_analysis.charts import levels, trend
from cpc_analysis.charts.renderer import offline_bundle
from cpc_analysis.errors import CpcError
from cpc_analysis.exploring.question import Question, code_of
from cpc_analysis.glossary import label
from cpc_analysis.language import in_its_language, language_spoken, say, value_said
from cpc_analysis.measuring import measure
from cpc_analysis.models import table
from cpc_analysis.models.readable import Table, table_of
from cpc_analysis.models.wording import period_in_words
from cpc_analysis.periods import parse_period

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = ["MOST_LINES", "Answer", "answered", "page_of"]

#: Lines of one chart that can be told apart.
MOST_LINES = 10


@dataclass(frozen=True, eq=False)
class Answer:
    """What `measure` says to a question.

    Parameters
    ----------
    sentence : str
        The number where there is one only, what the chart leaves out, or why there is no answer; empty elsewhere.
    chart : mapping
        Of a chart by kinds of output, as a notebook keeps it; empty without one.
    table : str
        The numbers to read, as HTML; empty where there are none.
    code : str
        What makes the chart of a dataset called ``data``.
    """

    sentence: str
    chart: Mapping[str, Any]
    table: str
    code: str


@in_its_language
def answered(data: Dataset, question: Question, *, language: str | None = None) -> Answer:
    """The answer to a question, in the dataset's language unless another is asked for.

    Parameters
    ----------
    data : Dataset
        The dataset.
    question : Question
        What is asked.
    language : {"en", "da"}, optional
        Of labels, titles, numbers and sentences.
    """
    try:
        frame = measure(data, question.quantity, question.by, question.where)
        if not frame[question.quantity].notna().any():
            return Answer(_nothing(), {}, "", code_of(question, _kind(question)))
        if not question.by:
            return Answer(_number(frame, question), {}, "", code_of(question, ""))
        return _drawn(data, question, frame)
    except CpcError as error:
        return Answer(str(error), {}, "", code_of(question, _kind(question)))


def _kind(question: Question) -> str:
    return "trend" if question.grain else "levels" if question.group else ""


def _drawn(data: Dataset, question: Question, frame: pd.DataFrame) -> Answer:
    lines = frame.dropna(subset=[question.quantity])[question.group].nunique() if question.group else 1
    if not (question.grain and lines > MOST_LINES):
        kind = _kind(question)
        return Answer("", _bundle(frame, kind), _table_html(frame, question), code_of(question, kind))
    said = say(
        "{lines} lines cannot be told apart, so the bars are of all periods together; the table has each of them.",
        lines=lines,
    )  # fmt: skip
    whole = measure(data, question.quantity, [question.group], question.where)
    return Answer(
        said, _bundle(whole, "levels"), _table_html(frame, question), code_of(question, "levels", [question.group])
    )


def _bundle(frame: pd.DataFrame, kind: str) -> dict[str, Any]:
    chart = trend(frame) if kind == "trend" else levels(frame)
    return offline_bundle(chart.to_dict())


def _nothing() -> str:
    return say("There is nothing to show: no contacts, or no period that is complete.")


def _number(frame: pd.DataFrame, question: Question) -> str:
    """The one number there is, with what it is of."""
    period = parse_period(question.period, question.calendar) if question.period else None
    when = period_in_words(period) if period else say("the whole log")
    limits = [value_said(name, str(value)) for name, value in question.limits.items()]
    subject = ", ".join([label(question.quantity, language_spoken()), when, *limits])
    return f"{subject}: {table(frame).iloc[0, 0]}"


def _table_html(frame: pd.DataFrame, question: Question) -> str:
    if len(question.by) == 2:
        return str(_across(table(_with_numbers(frame, question), keys_apart=True))._repr_html_())
    shown = table(frame)
    corner = str(shown.columns.name or "")
    return str(table_of({str(name): shown[name] for name in shown}, shown.index, corner=corner)._repr_html_())


def _with_numbers(frame: pd.DataFrame, question: Question) -> pd.DataFrame:
    """The rows of groups that have any number, as a chart shows them."""
    counts = frame.groupby(question.group, dropna=False)[question.quantity].transform("count")
    kept = frame[counts > 0]
    kept.attrs = frame.attrs
    return kept


def _across(shown: pd.DataFrame) -> Table:
    """Periods below each other, groups side by side, from a table of periods, groups and one number."""
    periods, groups, numbers = (list(shown.iloc[:, place]) for place in range(3))
    cells = dict(zip(zip(periods, groups, strict=True), numbers, strict=True))
    rows = list(dict.fromkeys(periods))
    columns = {str(group): [cells.get((row, group), "") for row in rows] for group in dict.fromkeys(groups)}
    return table_of(columns, rows, corner=str(shown.columns[2]))


def page_of(answer: Answer) -> str:
    """The answer as HTML that needs nothing else: the sentence, the picture, the table and the code."""
    parts = [f"<p>{escape(answer.sentence, quote=False)}</p>"] if answer.sentence else []
    if svg := answer.chart.get("image/svg+xml"):
        # An image, not a drawing of the page: what cleans pages of scripts takes drawings out as well.
        data = base64.b64encode(svg.encode()).decode()
        described = escape(str(answer.chart.get("text/plain", "")))
        parts.append(f'<p><img alt="{described}" src="data:image/svg+xml;base64,{data}"></p>')
    return "\n".join([*parts, answer.table, f"<pre><code>{escape(answer.code, quote=False)}</code></pre>"])
