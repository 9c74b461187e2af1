"""What a report rests on: the source, the period, the data that there is, and what counts; said by its notebook."""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass, replace
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
from cpc_analysis.sources.fingerprints import changed_files, fingerprint

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from cpc_analysis.dataset import Dataset

__all__ = ["STAMP", "Stamp", "data_stamp", "inputs_stamp", "with_stamp"]

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
    fingerprint : str
        Of the content of all files that the data were read from; empty for data frames.
    changed : str
        The names of those that are no longer what was read; empty when all are.
    """

    rows: tuple[tuple[str, str], ...]
    provisional: str = ""
    fingerprint: str = ""
    changed: str = ""

    def __repr__(self) -> str:
        return "\n".join(f"{name}: {text}" for name, text in self.rows)

    def _repr_html_(self) -> str:
        rows = "\n".join(f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in self.rows)
        marks = {"provisional": self.provisional, "inputs": self.fingerprint, "changed": self.changed}
        written = "".join(f' data-{name}="{escape(text)}"' for name, text in marks.items() if text)
        return f'<dl class="stamp"{written}>\n{rows}\n</dl>' if rows else ""


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
    files = inputs_stamp(data)
    if files.changed:
        # What else there is to say needs the data, which may be gone.
        return files
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
        *files.rows[1:],
    )
    return replace(files, rows=_told(rows), provisional=provisional)


def inputs_stamp(data: object) -> Stamp:
    """Which files a report was made from; a stamp of nothing where the data are no dataset.

    Parameters
    ----------
    data : Dataset
        The data of the report.
    """
    from cpc_analysis.dataset import Dataset

    if not isinstance(data, Dataset):
        return Stamp(())
    files = data.reading.files
    found = fingerprint(files)
    changed = ", ".join(sorted({path.name for path in changed_files(files)}))
    said = say("{count} files with the fingerprint {fingerprint}", count=len(files), fingerprint=found) if found else ""
    rows = (
        (say("Source"), data.settings.name),
        (say("Input files"), said),
        (say("Changed or gone since they were read"), changed),
    )
    return Stamp(_told(rows), fingerprint=found, changed=changed)


def _told(rows: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    return tuple((str(name), str(text)) for name, text in rows if text)


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
    """A copy of a notebook whose last cell says what it rests on: its ``selection``, or else its ``data``."""
    import nbformat

    copy = deepcopy(notebook)
    sources = "\n".join(cell.source for cell in copy.cells if cell.cell_type == "code")
    has_data = bool(_HAS_DATA.search(sources))
    call = ""
    if _SELECTS.search(sources):
        call = "data_stamp(selection, data)" if has_data else "data_stamp(selection)"
    elif has_data:
        call = "inputs_stamp(data)"
    if call:
        source = f"from cpc_analysis.reports.stamp import {call.partition('(')[0]}\n\n{call}"
        copy.cells.append(nbformat.v4.new_code_cell(source, metadata={"tags": [STAMP]}))
    return copy
