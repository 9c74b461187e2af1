"""What a report rests on: the source, the period, the data that there is, and what counts; said by its notebook."""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from cpc_analysis.costing.basis import basis_of, labour_in_words, no_costs_in_words
from cpc_analysis.costing.coverage import contact_days, provisional_in_words
from cpc_analysis.costing.ledger import pools
from cpc_analysis.costing.shares import costing_in_words
from cpc_analysis.errors import CpcError
from cpc_analysis.language import in_its_language, period_said, say
from cpc_analysis.models.selection import Selection
from cpc_analysis.periods import parse_period

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from cpc_analysis.dataset import Dataset

__all__ = ["STAMP", "Stamp", "data_stamp", "with_stamp"]

#: The tag of the cell that says it.
STAMP = "stamp"
_SELECTS = re.compile(r"^selection\s*=\s*(?:\w+\.)*select\(", re.MULTILINE)
_HAS_DATA = re.compile(r"^data\s*=", re.MULTILINE)


@dataclass(frozen=True)
class Stamp:
    """What a report rests on. Made by `data_stamp`.

    Parameters
    ----------
    rows : tuple of (str, str)
        What, and what it is.
    provisional : str
        Which figures may still move; empty when none.
    """

    rows: tuple[tuple[str, str], ...]
    provisional: str = ""

    def __repr__(self) -> str:
        return "\n".join(f"{name}: {text}" for name, text in self.rows)

    def _repr_html_(self) -> str:
        rows = "\n".join(f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in self.rows)
        mark = f' data-provisional="{escape(self.provisional)}"' if self.provisional else ""
        return f'<dl class="stamp"{mark}>\n{rows}\n</dl>'


@in_its_language
def data_stamp(selection: Selection, data: Dataset | None = None) -> Stamp:
    """What a report rests on, in words.

    Parameters
    ----------
    selection : Selection
        What the report is about.
    data : Dataset, optional
        The data as the report counts it, where that is not the selection's own.

    Examples
    --------
    >>> from cpc_analysis import models
    >>> print(repr(data_stamp(models.select(period="2025-06"))).splitlines()[0])
    Source: Sample centre
    """
    data = selection.data if data is None else data
    provisional = provisional_in_words(data, selection.period).strip()
    first, last = contact_days(data)
    contacts = say("{first} to {last}", first=period_said(first, "day"), last=period_said(last, "day"))
    closed = data.settings.closed_through
    rows = (
        (say("Source"), data.settings.name),
        (say("Period"), selection.title),
        (say("Contact log"), contacts),
        *_rests_on(data),
        (say("Closed through"), period_said(parse_period(closed).start, parse_period(closed).grain) if closed else ""),
        (say("Provisional"), provisional),
        (say("Currency and time zone"), f"{data.currency}, {data.timezone}"),
        (say("Definition"), selection.definition),
        (say("What counts"), str(data.counting)),
        (say("Where costs go"), _costing(data)),
    )
    return Stamp(tuple((str(name), str(text)) for name, text in rows if text), provisional)


def _rests_on(data: Dataset) -> tuple[tuple[str, str], ...]:
    """Where costs and paid hours come from."""
    basis = basis_of(data)
    labour = labour_in_words(basis)
    hours = {
        "inferred": say("inferred from contacts"), "partly_inferred": say("some of them inferred from contacts"),
        "recorded": "", "none": "",
    }  # fmt: skip
    return (
        (say("Ledger"), _months_of_ledger(data) if basis.has_ledger else ""),
        (say("Costs"), "" if basis.has_costs else no_costs_in_words()),
        (say("Labour"), labour),
        (say("Paid hours"), hours[basis.hours]),
    )


def _months_of_ledger(data: Dataset) -> str:
    try:
        months = pools(data).months
    except CpcError:
        return ""
    if months.empty:
        return ""
    first, last = (period_said(month.date(), "month") for month in (months[0], months[-1]))
    return say("{first} to {last}", first=first, last=last)


def _costing(data: Dataset) -> str:
    try:
        return costing_in_words(data)
    except CpcError:
        return ""


def with_stamp(notebook: NotebookNode) -> NotebookNode:
    """A copy of a notebook whose last cell says what it rests on, where it selects its data as ``selection``."""
    import nbformat

    copy = deepcopy(notebook)
    sources = "\n".join(cell.source for cell in copy.cells if cell.cell_type == "code")
    if _SELECTS.search(sources):
        arguments = "selection, data" if _HAS_DATA.search(sources) else "selection"
        source = f"from cpc_analysis.reports.stamp import data_stamp\n\ndata_stamp({arguments})"
        copy.cells.append(nbformat.v4.new_code_cell(source, metadata={"tags": [STAMP]}))
    return copy
