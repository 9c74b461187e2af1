"""What an explorer offers: only what `measure` takes of this dataset, and what a chart and a table can show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd

from cpc_analysis.cells.work import agent_keys, asked_keys, work_frame
from cpc_analysis.costing.coverage import contact_days
from cpc_analysis.errors import CpcError
from cpc_analysis.exploring.question import Question, whole_weeks
from cpc_analysis.glossary import QUANTITIES, Fact, describe
from cpc_analysis.measuring import measure
from cpc_analysis.measuring.quantities import check_measurable
from cpc_analysis.models.availability import is_available
from cpc_analysis.models.selection import earlier
from cpc_analysis.periods import GRAINS, Period, parse_period, period_of
from cpc_analysis.schema import TABLES, UNKNOWN, Kind
from cpc_analysis.tables.naming import as_given

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = ["MOST_GROUPS", "MOST_POINTS", "Choices", "choices_of", "dimensions", "fitted"]

#: Bars that can be read below each other, points that can be read beside each other, weeks that code names one by one.
MOST_GROUPS, MOST_POINTS, MOST_WEEKS = 30, 200, 14

_NAMES_OF_ROWS = ("contact_id", "customer_id", "parent_contact_id", "covers")


@dataclass(frozen=True)
class Choices:
    """What there is to choose from, given what is chosen already.

    Parameters
    ----------
    quantities, grains, groups : tuple of str
        What can be measured, by which periods, by which columns.
    periods : tuple of Period
        Of which periods: years, quarters and months, the latest first.
    filters : mapping of str to tuple
        Columns and their values.
    """

    quantities: tuple[str, ...]
    grains: tuple[str, ...]
    groups: tuple[str, ...]
    periods: tuple[Period, ...]
    filters: Mapping[str, tuple[object, ...]]


def choices_of(data: Dataset, question: Question) -> Choices:
    """What can be chosen of a dataset: by which periods and columns depends on the quantity and the period.

    Parameters
    ----------
    data : Dataset
        The dataset.
    question : Question
        What is chosen already.
    """
    taken = {name: values for name, values in dimensions(data).items() if _takes(data, question.quantity, name)}
    periods = tuple(period for period in _periods(data) if _takes(data, question.quantity, period.grain))
    chosen = parse_period(question.period, data.calendar) if question.period else None
    grains = tuple(
        grain
        for grain in data.settings.grains
        if 2 <= _points(data, chosen, grain) <= MOST_POINTS and _takes(data, question.quantity, grain)
    )
    quantities = tuple(name for name in QUANTITIES if _can_be_measured(data, name))
    return Choices(quantities, grains, tuple(taken), periods, taken)


def fitted(data: Dataset, question: Question) -> Question:
    """A question without the parts that do not go with its quantity and its period."""
    quantities = choices_of(data, question).quantities
    quantity = question.quantity if question.quantity in quantities else quantities[0]
    question = replace(question, quantity=quantity)
    periods = [str(period) for period in choices_of(data, question).periods]
    question = replace(question, period=question.period if question.period in periods else "")
    choices = choices_of(data, question)
    return replace(
        question,
        grain=question.grain if question.grain in choices.grains else "",
        group=question.group if question.group in choices.groups else "",
        limits={name: value for name, value in question.limits.items() if value in choices.filters.get(name, ())},
    )


def dimensions(data: Dataset) -> dict[str, tuple[object, ...]]:
    """The columns of contacts and agents that name a few groups, each with its values, the unknown last."""
    return dict(data.once("dimensions to explore", lambda: _dimensions(data)))


def _dimensions(data: Dataset) -> dict[str, tuple[object, ...]]:
    found = {}
    for name in _columns_with_few_values(data):
        values = work_frame(data, (name,))[name].drop_duplicates().tolist()
        values.sort(key=lambda value: (value == UNKNOWN, str(value)))
        if 2 <= len(values) <= MOST_GROUPS:
            found[as_given(name)] = tuple(values)
    return found


def _columns_with_few_values(data: Dataset) -> list[str]:
    """Columns that name groups: of texts, or of whole numbers or flags that the schema does not know."""
    table = data.on_engine("contacts")
    agents = data.frame("agents")
    own = [name for name in data.columns("contacts") if _names_groups("contacts", name)]
    own = [name for name in own if name in table.columns and _is_discrete(table[name].type())]
    counts = _distinct(data, table, own)
    of_agents = [name for name in agent_keys(data) if name in agents and _names_groups("agents", name)]
    counts |= {name: max(counts.get(name, 0), agents[name].nunique()) for name in of_agents
               if agents[name].dtype.kind in "OTUbiu"}  # fmt: skip
    return [name for name, count in counts.items() if count <= MOST_GROUPS]


def _distinct(data: Dataset, table: Any, names: list[str]) -> dict[str, int]:
    """How many values each column has, in one query."""
    if not names:
        return {}
    row = data.engine.fetch(table.aggregate(**{name: table[name].nunique() for name in names})).iloc[0]
    return {name: int(row[name]) for name in names}


def _names_groups(table: str, name: str) -> bool:
    kinds = {column.name: column.kind for column in TABLES[table].columns}
    return name not in _NAMES_OF_ROWS and kinds.get(name, Kind.TEXT) is Kind.TEXT


def _is_discrete(kind: Any) -> bool:
    return bool(kind.is_string() or kind.is_integer() or kind.is_boolean())


def _can_be_measured(data: Dataset, quantity: str) -> bool:
    if not is_available(data, quantity) or not _takes(data, quantity):
        return False
    facts = describe(quantity).facts
    if Fact.SURVEYS in facts:
        return quantity in data.once(("surveys to explore", data.counting), lambda: _in_surveys(data))
    if Fact.BASES in facts:
        bases = set(data.frame("bases")["base"])
        return "customers" in bases or len(bases) == 1
    return True


def _in_surveys(data: Dataset) -> set[str]:
    """The quantities of surveys that any survey is about: there are several kinds of them."""
    names = [name for name, record in QUANTITIES.items() if Fact.SURVEYS in record.facts and is_available(data, name)]
    found = measure(data, names).iloc[0]
    return {name for name in names if pd.notna(found[name])}


def _takes(data: Dataset, quantity: str, *keys: str) -> bool:
    """Whether `measure` takes the keys with the quantity, by its own checks."""
    try:
        check_measurable(data, [describe(quantity)], asked_keys(data, keys))
    except CpcError:
        return False
    return True


def _periods(data: Dataset) -> list[Period]:
    """The years, quarters and months that the contact log lies in, the latest first; fiscal ones where stated."""
    first, last = contact_days(data)
    found = []
    for grain in [grain for grain in reversed(data.settings.grains) if grain not in GRAINS[:2]]:
        period = period_of(last, grain, data.calendar) if first <= last else None
        while period is not None and period.end > first:
            found.append(period)
            period = earlier(period)
    return found


def _points(data: Dataset, period: Period | None, grain: str) -> int:
    """How many periods of a grain there are to draw, up to one more than can be."""
    first, last = contact_days(data)
    if period is not None and grain == "week":
        weeks = whole_weeks(period)
        return sum(first <= week.start <= last for week in weeks) if len(weeks) <= MOST_WEEKS else 0
    start, end = (period.start, period.end) if period else (first, last + timedelta(days=1))
    number, day = 0, max(start, first)
    while day < min(end, last + timedelta(days=1)) and number <= MOST_POINTS:
        number, day = number + 1, period_of(day, grain, data.calendar).end
    return number
