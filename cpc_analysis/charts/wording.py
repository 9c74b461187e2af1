"""Numbers, units, groups and definitions in words, for titles, labels and alt texts; all in the language spoken."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from cpc_analysis.calendars import CIVIL, Calendar
from cpc_analysis.charts.theme import NOT_ALLOCATED
from cpc_analysis.costing.basis import Basis, basis_in_words
from cpc_analysis.errors import InvalidInputError, listed
from cpc_analysis.glossary import QUANTITIES, Fact, describe, label
from cpc_analysis.language import (
    currency_sign,
    in_language,
    joined,
    language_spoken,
    say,
    term,
    value_said,
)
from cpc_analysis.measuring.service_words import thresholds_in_words
from cpc_analysis.models.wording import digits_of, period_in_words, scope_in_words, short_period_in_words
from cpc_analysis.periods import CIVIL_GRAINS, FISCAL_GRAINS, GRAINS, parse_period, period_of
from cpc_analysis.schema import OTHER_WORK, UNKNOWN

__all__ = [
    "about_source", "as_spoken", "axis_title", "calendar_of", "capital", "definition_line", "definition_text",
    "finding_of_groups", "grain_of", "group_columns", "group_said", "has_name", "number_format", "of_groups",
    "period_named", "period_short", "quantity_of", "rounded", "scale_of", "starts_in", "stated", "title_of",
    "when_said",
]  # fmt: skip

_UNITS = {
    "contacts per workday": term("contacts per workday"), "answers": term("answers"), "hours": term("hours"),
    "full-time equivalents": term("full-time equivalents"), "contacts per hour": term("contacts per hour"),
    "seconds": term("seconds"),
}  # fmt: skip


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
        f"A trend needs a period, one of {listed(CIVIL_GRAINS)}, got the columns {listed(frame.columns)}. "
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


def of_groups(values: pd.Series) -> pd.Series:
    """The names of groups as texts; cost of none is not allocated."""
    return values.astype("object").where(values.notna(), NOT_ALLOCATED).astype("str")


def scale_of(quantity: str) -> float:
    """What a value is drawn at: shares in percent."""
    return 100.0 if describe(quantity).is_share else 1.0


def rounded(value: float | None, scale: float = 1.0) -> float | None:
    """A value as it is drawn; None where there is none.

    To twelve digits: enough that a presentation program rounds it as a table does, too few to hold what the order of
    a sum makes of it.
    """
    if value is None or pd.isna(value):
        return None
    return float(f"{float(value) * scale:.12g}")


def number_format(quantity: str) -> str:
    """The number format of a quantity's axis, as spreadsheets write it.

    Examples
    --------
    >>> number_format("cost_per_contact"), number_format("csat"), number_format("contacts")
    ('#,##0.00', '#,##0.0', '#,##0')
    """
    digits = digits_of(quantity)
    return f"#,##0{'.' if digits else ''}{'0' * digits}"


def title_of(quantity: str) -> str:
    """The label of a quantity in the language spoken."""
    return label(quantity, language_spoken())


def finding_of_groups(quantity: str, groups: Sequence[tuple[str, str]]) -> str:
    """Which groups have the most and the least of a quantity; a ratio is highest and lowest.

    Parameters
    ----------
    quantity : str
        Which.
    groups : sequence of tuple
        The name and the value of each group to read, from the highest value down.

    Examples
    --------
    >>> finding_of_groups("cost_per_contact", [("chat", "79.27 DKK"), ("voice", "42.82 DKK")])
    'Cost per contact: highest for chat, 79.27 DKK; lowest for voice, 42.82 DKK'
    """
    if not groups:
        return say("{quantity}: nothing to show", quantity=title_of(quantity))
    (most, most_value), (least, least_value) = groups[0], groups[-1]
    if len(groups) == 1:
        return say("{quantity}: {group} {value}", quantity=title_of(quantity), group=most, value=most_value)
    values = {"quantity": title_of(quantity), "most": most, "most_value": most_value, "least": least,
              "least_value": least_value}  # fmt: skip
    if describe(quantity).additive:
        return say("{quantity}: most for {most}, {most_value}; least for {least}, {least_value}", **values)
    return say("{quantity}: highest for {most}, {most_value}; lowest for {least}, {least_value}", **values)


def axis_title(quantity: str, currency: str = "") -> str:
    """The label of a quantity with its unit, for an axis.

    Examples
    --------
    >>> axis_title("cost_per_contact", "DKK")
    'Cost per contact (DKK)'
    """
    unit = describe(quantity).unit
    shown = {"share": "%", "contacts": ""}.get(unit) or (say(_UNITS[unit]) if unit in _UNITS else "")
    if unit.startswith("currency"):
        shown = currency_sign(currency)
    return f"{title_of(quantity)} ({shown})" if shown else title_of(quantity)


def calendar_of(frame: pd.DataFrame) -> Calendar:
    """The calendar that the fiscal periods of a result are of."""
    return frame.attrs.get("calendar") or CIVIL


def starts_in(frame: pd.DataFrame, grain: str) -> pd.Series:
    """The first days of the periods of a result, as its rows hold them; a fiscal period is held as text."""
    if grain not in FISCAL_GRAINS:
        return pd.to_datetime(frame[grain])
    known = {text: parse_period(text, calendar_of(frame)).start for text in frame[grain].dropna().unique()}
    return pd.to_datetime(frame[grain].map(known)).astype("datetime64[us]")


def period_named(start: pd.Timestamp, grain: str, calendar: Calendar) -> str:
    """A period by its first day, as it is said.

    Examples
    --------
    >>> period_named(pd.Timestamp("2025-04-01"), "quarter", CIVIL)
    'Q2 2025'
    >>> period_named(pd.Timestamp("2025-04-01"), "fiscal_quarter", Calendar(year_starts=4))
    'FY2026-Q1'
    """
    return period_in_words(period_of(start.date(), grain, calendar))


def when_said(start: pd.Timestamp, grain: str, calendar: Calendar = CIVIL) -> str:
    """When something was, by the first day of its period.

    Examples
    --------
    >>> when_said(pd.Timestamp("2025-06-01"), "month"), when_said(pd.Timestamp("2025-06-02"), "day")
    ('in June 2025', 'on 2 June 2025')
    """
    period = period_named(start, grain, calendar)
    return say("on {day}", day=period) if grain == "day" else say("in {period}", period=period)


def period_short(start: pd.Timestamp, grain: str, calendar: Calendar = CIVIL) -> str:
    """A period as an axis names it.

    Examples
    --------
    >>> [period_short(pd.Timestamp("2025-04-07"), grain) for grain in ("day", "week", "month", "quarter", "year")]
    ['7 April 2025', '2025-W15', 'Apr 25', 'Q2 2025', '2025']
    """
    from babel.dates import format_date

    if grain == "month":
        return str(format_date(start.date(), "MMM yy", locale=language_spoken()))
    if grain == "week":
        return short_period_in_words(period_of(start.date(), grain))
    return period_named(start, grain, calendar)


def has_name(group: str) -> bool:
    """Whether a group is one, and not what is left over: a finding is about groups, as long as there are any.

    Examples
    --------
    >>> has_name("voice"), has_name("(unknown)")
    (True, False)
    """
    return group not in (NOT_ALLOCATED, UNKNOWN, OTHER_WORK)


def group_said(column: str, group: str) -> str:
    """The name of a group to read."""
    return value_said(column, group)


def capital(text: str) -> str:
    """A text as a sentence begins with it.

    Examples
    --------
    >>> capital("voice"), capital("e-mail about an iPhone")
    ('Voice', 'E-mail about an iPhone')
    """
    return text[:1].upper() + text[1:]


def as_spoken(text: object) -> str:
    """A text of a result in the language spoken, as far as it knows how it was made."""
    return in_language(text, language_spoken()) if isinstance(text, str) else str(text or "")


def about_source(source: object) -> str:
    """Where the figures come from, as a sentence; empty where it is not known."""
    return say("Source: {source}.", source=str(source)) if source else ""


def definition_line(frame: pd.DataFrame, quantity: str) -> str:
    """The definition in a line: the formula, what counts and what it rests on, of what and when, the source."""
    attrs = frame.attrs
    scope = " ".join(part for part in (_in_time(frame, quantity), scope_in_words(frame)) if part)
    return definition_text(quantity, attrs.get("definition"), attrs.get("source"), scope, attrs.get("basis"))


def _in_time(frame: pd.DataFrame, quantity: str) -> str:
    """Within what an answer is in time, of a service level; empty of anything else."""
    thresholds = frame.attrs.get("answer_thresholds") if quantity == "service_level" else None
    return say("In time: {thresholds}.", thresholds=thresholds_in_words(thresholds)) if thresholds else ""


def definition_text(
    quantity: str, definition: object, source: object, scope: str = "", basis: Basis | None = None
) -> str:
    """The formula of a quantity, what counts by a definition, what costs and hours rest on, its scope, the source."""
    record = describe(quantity)
    formula = f"{capital(as_spoken(record.formula))}."
    rests_on = basis_in_words(basis, money=record.is_money, hours=Fact.SCHEDULE in record.facts)
    return stated(joined(formula, _counted(as_spoken(definition)), rests_on), scope, source)


def stated(definition: str, scope: str, source: object) -> str:
    """What is shown, of what and from when to when, and the source."""
    return " ".join(part for part in (definition, scope, about_source(source)) if part)


def _counted(definition: str) -> str:
    """The sentence of a definition that says what counts; empty where none does."""
    for mark in (say("Counted are"), "Counted are"):
        place = definition.find(mark)
        if place >= 0:
            return definition[place:].split(". ")[0].rstrip(".") + "."
    return ""
