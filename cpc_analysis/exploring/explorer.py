"""The explorer that a notebook shows: live where widgets are, a picture with its table and code everywhere else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from cpc_analysis.errors import InvalidInputError, UnknownNameError, listed
from cpc_analysis.exploring.answering import Answer, answered, page_of
from cpc_analysis.exploring.choices import choices_of, fitted
from cpc_analysis.exploring.question import Question
from cpc_analysis.glossary import describe
from cpc_analysis.periods import GRAINS

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset
    from cpc_analysis.exploring.panel import Panel

__all__ = ["Explorer", "explore"]


class Explorer:
    """A dataset with a question about it that can be changed. Made by `explore`.

    Parameters
    ----------
    data : Dataset
        The dataset.
    question : Question
        What is asked first.
    """

    def __init__(self, data: Dataset, question: Question) -> None:
        self.data = data
        self.question = question

    @property
    def answer(self) -> Answer:
        """The answer to what is asked now."""
        return answered(self.data, self.question)

    @property
    def code(self) -> str:
        """The code that makes what is shown now, of a dataset called ``data``."""
        return self.answer.code

    @cached_property
    def panel(self) -> Panel:
        """The controls with chart, table and code; a change of theirs changes the question."""
        from cpc_analysis.exploring.panel import Panel

        return Panel(self)

    def __repr__(self) -> str:
        return f"Explorer({self.question.quantity}, by {listed(self.question.by) or 'nothing'})"

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        answer = self.answer
        still = {"text/plain": answer.sentence or answer.chart.get("text/plain", ""), "text/html": page_of(answer)}
        if "image/svg+xml" in answer.chart:
            still["image/svg+xml"] = answer.chart["image/svg+xml"]
        # What only executes notebooks has no widgets; making some would leave their state in the notebook.
        return still | (self.panel.view() if _takes_input() else {})


def _takes_input() -> bool:
    """Whether someone sits in front of the kernel: what runs notebooks unattended says that it takes no input."""
    from IPython import get_ipython

    kernel = getattr(get_ipython(), "kernel", None)
    return bool(kernel and (kernel.get_parent("shell") or {}).get("content", {}).get("allow_stdin"))


def explore(
    data: Dataset,
    quantity: str | None = None,
    by: str | Sequence[str] | None = None,
    where: Mapping[str, object] | None = None,
) -> Explorer:
    """An explorer of a dataset: pick a quantity, groups, a period and filters; chart, table and code follow.

    In JupyterLab it is live. Notebooks that are run unattended, and their pages, hold a picture with its table and
    code instead.

    Parameters
    ----------
    data : Dataset
        The dataset.
    quantity : str, optional
        What to begin with; the cost per contact when None, or the first quantity that the dataset has tables for.
    by : str or sequence of str, optional
        At most one period and one column to begin with; months when None.
    where : mapping, optional
        The part of the centre to begin with: at most one year, quarter or month such as
        ``{"quarter": "2025-Q2"}``, and one value for each column.

    Returns
    -------
    Explorer
        Shows itself at the end of a cell.

    Raises
    ------
    UnknownNameError
        If there is no such quantity.
    InvalidInputError
        If the dataset cannot be explored so: a table is missing, a column has too many values to compare.

    Examples
    --------
    >>> import cpc_analysis as cpc
    >>> explorer = explore(cpc.load_sample(), "csat", by=["month"], where={"channel": "chat"})
    >>> print(explorer.code)
    import cpc_analysis as cpc
    <BLANKLINE>
    frame = cpc.measure(data, "csat", by=["month"], where={"channel": "chat"})
    cpc.charts.trend(frame)
    """
    asked = replace(_question(quantity, by, where or {}), calendar=data.calendar)
    question = fitted(data, asked)
    _check_kept(data, asked, question, quantity is not None, by is not None)
    return Explorer(data, question)


def _question(quantity: str | None, by: str | Sequence[str] | None, where: Mapping[str, object]) -> Question:
    """What is asked first, from arguments such as those of `measure`."""
    keys = ["month"] if by is None else [by] if isinstance(by, str) else list(by)
    groups = [key for key in keys if key not in GRAINS]
    grains = [key for key in keys if key in GRAINS]
    if len(grains) > 1 or len(groups) > 1:
        raise InvalidInputError(f"`by` must be at most one period and one column, got {listed(keys)}.")
    periods = [str(value) for key, value in where.items() if key in GRAINS]
    if len(periods) > 1:
        raise InvalidInputError(f"`where` must hold at most one period, got {listed(periods)}.")
    return Question(
        describe(quantity or "cost_per_contact").name,
        next(iter(grains), ""),
        next(iter(groups), ""),
        next(iter(periods), ""),
        {key: value for key, value in where.items() if key not in GRAINS},
    )


def _check_kept(data: Dataset, asked: Question, kept: Question, quantity: bool, by: bool) -> None:
    """Raise for what was asked for by name and cannot be shown."""
    choices = choices_of(data, kept)
    if quantity and asked.quantity != kept.quantity:
        raise UnknownNameError("quantity with tables in the dataset", asked.quantity, choices.quantities)
    for name, known in (("grain", choices.grains), ("group", choices.groups)):
        if by and getattr(asked, name) != getattr(kept, name):
            raise UnknownNameError("column to explore by", getattr(asked, name), known)
    if asked.period != kept.period:
        raise UnknownNameError("period to explore", asked.period, [str(period) for period in choices.periods])
    for name, value in asked.limits.items():
        if name not in choices.filters:
            raise UnknownNameError("column to filter by", name, choices.filters)
        if name not in kept.limits:
            raise UnknownNameError(name, str(value), [str(known) for known in choices.filters[name]])
