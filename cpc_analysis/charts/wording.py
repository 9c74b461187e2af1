"""Numbers, periods and findings in words, for titles, labels and alt texts."""

from __future__ import annotations

import pandas as pd

from cpc_analysis.errors import InvalidInputError, listed
from cpc_analysis.glossary import QUANTITIES, describe, label
from cpc_analysis.periods import GRAINS, period_of

__all__ = [
    "amount",
    "axis_title",
    "definition_line",
    "definition_text",
    "grain_of",
    "group_columns",
    "period_name",
    "quantity_of",
]

_MONTHS = {
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    "da": [
        "januar",
        "februar",
        "marts",
        "april",
        "maj",
        "juni",
        "juli",
        "august",
        "september",
        "oktober",
        "november",
        "december",
    ],
}


def quantity_of(frame: pd.DataFrame, quantity: str | None) -> str:
    """The quantity to draw: the one asked for, else the first that the frame holds.

    Raises
    ------
    InvalidInputError
        If the frame holds no such quantity.
    """
    held = [name for name in frame.columns if name in QUANTITIES]
    if quantity is None:
        if not held:
            raise InvalidInputError(
                "A chart needs a frame made by measure, with a quantity of the glossary as a column, "
                f"got the columns {listed(frame.columns)}."
            )
        return held[0]
    describe(quantity)
    if quantity not in held:
        raise InvalidInputError(f"The frame holds no '{quantity}', only {listed(held)}. Measure it first.")
    return quantity


def grain_of(frame: pd.DataFrame) -> str:
    """The period column of a frame.

    Raises
    ------
    InvalidInputError
        If there is none.
    """
    for grain in GRAINS:
        if grain in frame.columns:
            return grain
    raise InvalidInputError(
        f"A trend needs a period, one of {listed(GRAINS)}, got the columns {listed(frame.columns)}. "
        'Measure with by=["month"], for example.'
    )


def group_columns(frame: pd.DataFrame) -> list[str]:
    """The columns that a frame of `measure` is grouped by, periods left out."""
    by = frame.attrs.get("by")
    if by is None:
        by = [name for name in frame.columns if name not in QUANTITIES and not _is_extra(name)]
    return [name for name in by if name not in GRAINS and name in frame.columns]


def _is_extra(name: str) -> bool:
    return name in ("few_contacts", "complete") or name.endswith(("_low", "_high"))


def amount(value: float, quantity: str, currency: str = "", language: str = "en", short: bool = False) -> str:
    """A value with its unit, as a reader writes it.

    Examples
    --------
    >>> amount(61.2345, "cost_per_contact", "DKK"), amount(0.8266, "service_level"), amount(187.4, "average_wait")
    ('61.23 DKK', '82.7%', '187 s')
    """
    if pd.isna(value):
        return "–"
    unit = describe(quantity).unit
    if unit == "share":
        text, suffix = f"{100 * value:,.1f}", "%"
    elif unit == "seconds":
        text, suffix = f"{value:,.0f}", "s"
    elif unit == "currency":
        text, suffix = f"{value:,.0f}", currency
    elif unit.startswith("currency"):
        text, suffix = f"{value:,.2f}", currency
    elif unit == "contacts per workday":
        text, suffix = f"{value:,.1f}", ""
    elif unit in ("contacts", "hours"):
        text, suffix = f"{value:,.0f}", "" if unit == "contacts" else "h"
    else:
        text, suffix = f"{value:,.2f}", ""
    if language == "da":
        text = text.translate(str.maketrans(",.", ".,"))
    if not suffix or short:
        return text
    return f"{text}{suffix}" if suffix == "%" and language != "da" else f"{text} {suffix}"


def axis_title(quantity: str, currency: str = "", language: str = "en") -> str:
    """The label of a quantity with its unit, for an axis.

    Examples
    --------
    >>> axis_title("cost_per_contact", "DKK")
    'Cost per contact (DKK)'
    """
    unit = describe(quantity).unit
    shown = {"share": "%", "contacts": "", "seconds": "seconds"}.get(unit, unit)
    if unit.startswith("currency"):
        shown = currency
    return f"{label(quantity, language)} ({shown})" if shown else label(quantity, language)


def period_name(start: pd.Timestamp, grain: str, language: str = "en") -> str:
    """A period as a sentence carries it.

    Examples
    --------
    >>> period_name(pd.Timestamp("2025-06-01"), "month")
    'June 2025'
    """
    if grain == "month":
        return f"{_MONTHS.get(language, _MONTHS['en'])[start.month - 1]} {start.year}"
    return str(period_of(start.date(), grain))


def definition_line(frame: pd.DataFrame, quantity: str) -> str:
    """The definition in a line: the formula, what counts, and the source."""
    return definition_text(quantity, str(frame.attrs.get("definition", "")), str(frame.attrs.get("source") or ""))


def definition_text(quantity: str, definition: str, source: str) -> str:
    """The formula of a quantity, what counts by a definition, and the source."""
    sentences = [f"{describe(quantity).formula[:1].upper()}{describe(quantity).formula[1:]}."]
    counted = definition.find("Counted are")
    if counted >= 0:
        sentences.append(definition[counted:].split(". ")[0].rstrip(".") + ".")
    if source:
        sentences.append(f"Source: {source}.")
    return " ".join(sentences)
