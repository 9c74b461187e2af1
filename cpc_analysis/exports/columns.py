"""The columns of a sheet: a result's own, and the sums behind its ratios, so that each division is a formula."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
import pandas as pd

from cpc_analysis.charts.wording import number_format
from cpc_analysis.exports.cells import flat, is_measured, is_statement
from cpc_analysis.exports.headings import heading_of, is_money, is_share, text_said
from cpc_analysis.glossary import PARTS, QUANTITIES, Fact, Quantity, describe
from cpc_analysis.language import language_spoken, say
from cpc_analysis.markup import clean
from cpc_analysis.measuring.sums import Sums, divided
from cpc_analysis.models.statements import AMOUNTS, statement_headings
from cpc_analysis.models.wording import digits_of
from cpc_analysis.money import minor_digits
from cpc_analysis.periods import GRAINS

__all__ = ["Column", "Ratio", "columns_of"]

#: Sums that do not add up over every grouping: of the calendar, and the larger of two.
_NOT_SUMMED = {name for name, part in PARTS.items() if part.fact is Fact.CALENDAR} | {
    "occupied_hours", "full_time_hours",
}  # fmt: skip
_COUNT, _FINE = "#,##0", "#,##0.00"


@dataclass(frozen=True)
class Ratio:
    """A division: the keys of the columns of its sums, whether it is taken from one, and where it stands.

    Parameters
    ----------
    numerator, denominator : str
        Keys of columns.
    is_complement : bool
        Whether the ratio is one minus the division.
    rows : tuple of bool
        Whether each row's ratio is that of its sums.
    has_total : bool
        Whether the ratio of all rows is that of the columns' totals.
    """

    numerator: str
    denominator: str
    is_complement: bool
    rows: tuple[bool, ...]
    has_total: bool


@dataclass(frozen=True)
class Column:
    """One column of a sheet.

    Parameters
    ----------
    key, heading : str
        What it is to other columns, and to a reader.
    values : tuple
        Its cells, missing ones None.
    formats : tuple of str
        How each cell's number is written; empty for texts.
    is_summed : bool
        Whether its total is the sum of its cells.
    ratio : Ratio, optional
        What its cells divide.
    """

    key: str
    heading: str
    values: tuple[object, ...]
    formats: tuple[str, ...]
    is_summed: bool = False
    ratio: Ratio | None = None


def columns_of(frame: pd.DataFrame) -> list[Column]:
    """The columns of a result's sheet, in the language spoken.

    Parameters
    ----------
    frame : pandas.DataFrame
        Any frame. A ratio of one made by `measure` comes with the sums that it divides.
    """
    if is_measured(frame) and isinstance(frame.attrs.get("parts"), Sums):
        return _measured(frame)
    shown = flat(frame)
    return [_plain(shown, place, frame) for place in range(shown.shape[1])]


def _measured(frame: pd.DataFrame) -> list[Column]:
    parts = frame.attrs["parts"].beside(frame)
    currency = str(frame.attrs.get("currency", ""))
    found: dict[str, Column] = {}
    for place, name in enumerate(map(str, frame.columns)):
        record = QUANTITIES.get(name)
        column = _plain(frame, place, frame)
        if record is None:
            found[name] = column
        elif record.additive:
            found[name] = _with(column, is_summed=record.numerator not in _NOT_SUMMED)
        elif set(record.parts) <= set(parts):
            keys = [_part(found, frame, parts, part, currency) for part in record.parts]
            found[name] = _with(column, ratio=_ratio(record, frame, parts, keys[0], keys[1]))
        else:
            found[name] = column
    return list(found.values())


def _with(column: Column, is_summed: bool = False, ratio: Ratio | None = None) -> Column:
    return Column(column.key, column.heading, column.values, column.formats, is_summed, ratio)


def _part(found: dict[str, Column], frame: pd.DataFrame, parts: pd.DataFrame, part: str, currency: str) -> str:
    """The key of the column that holds a sum: a quantity's that is this very sum, else one of its own."""
    for name in frame.columns:
        record = QUANTITIES.get(str(name))
        if record is not None and record.additive and record.numerator == part and _same(frame[name], parts[part]):
            if str(name) not in found:
                found[str(name)] = _with(_plain(frame, frame.columns.get_loc(name), frame), is_summed=True)
            return str(name)
    key = f"part {part}"
    if key not in found:
        values = _values(part, parts[part])
        formats = (_part_format(part, currency),) * len(values)
        found[key] = Column(key, _part_heading(part, currency), values, formats, part not in _NOT_SUMMED)
    return key


def _same(values: pd.Series, sums: pd.Series) -> bool:
    return bool(np.array_equal(values.to_numpy(dtype="float64"), sums.to_numpy(dtype="float64"), equal_nan=True))


def _ratio(record: Quantity, frame: pd.DataFrame, parts: pd.DataFrame, numerator: str, denominator: str) -> Ratio:
    shown = frame[record.name].to_numpy(dtype="float64")
    sums = [parts[part].to_numpy(dtype="float64") for part in record.parts]
    agrees = np.isclose(divided(record, *sums), shown, rtol=1e-12, atol=1e-12)
    unknown = np.isnan(shown) & ((sums[1] > 0) | np.isnan(sums[1]))
    summed = not set(record.parts) & _NOT_SUMMED
    has_total = summed and not unknown.any() and bool((agrees | np.isnan(shown)).all())
    return Ratio(numerator, denominator, record.complement, tuple(map(bool, agrees)), has_total)


def _part_heading(part: str, currency: str) -> str:
    said = str(say(PARTS[part].meaning)).replace("[", "(").replace("]", ")")
    unit = f" ({currency})" if PARTS[part].fact is Fact.MONEY or part == "scheduled_labour_cost" else ""
    return f"{said[:1].upper()}{said[1:]}{unit}"


def _part_format(part: str, currency: str) -> str:
    if PARTS[part].fact is Fact.MONEY or part == "scheduled_labour_cost":
        return _money(currency)
    return "#,##0.0" if part.endswith(("hours", "minutes", "base_months")) else _COUNT


def _money(currency: str) -> str:
    digits = minor_digits(currency) if currency else 2
    return f"#,##0.{'0' * digits}" if digits else _COUNT


def _plain(frame: pd.DataFrame, place: int, result: pd.DataFrame) -> Column:
    """A column as it is: texts, dates and numbers, each number in the format of its quantity."""
    name, series = str(frame.columns[place]), frame.iloc[:, place]
    currency = str(result.attrs.get("currency", ""))
    of = list(result["quantity"]) if "quantity" in result and len(result) == len(frame) else [""] * len(frame)
    is_amount = is_summed = is_statement(result) and name in AMOUNTS
    values = _values(name, series, name in result.attrs.get("by", ()), currency)
    if is_summed:
        # Waiting that nothing tells is not known, which sums pass by; not nothing.
        values = tuple(str(say("not known")) if value is None else value for value in values)
        is_summed = any(isinstance(value, float) for value in values)
    formats = tuple(
        _format(name, "total_cost" if is_amount else str(quantity), value, currency)
        for value, quantity in zip(values, of, strict=True)
    )
    return Column(name, _heading(name, currency, result), values, formats, is_summed)


def _heading(name: str, currency: str, result: pd.DataFrame) -> str:
    quantity = name.removesuffix("_low").removesuffix("_high")
    unit = QUANTITIES[quantity].unit if quantity in QUANTITIES else ""
    is_amount = is_statement(result) and name in AMOUNTS
    if is_money(name) or is_amount:
        unit = "currency"
    said = {"seconds": say("seconds"), "hours": say("hours")}.get(unit, currency if unit.startswith("currency") else "")
    heading = clean(statement_headings(result)[name] if is_amount else heading_of(name))
    return f"{heading} ({said})" if said else heading


def _values(name: str, series: pd.Series, is_key: bool = False, currency: str = "") -> tuple[object, ...]:
    found = (_value(name, value, currency) for value in series)
    # A missing key is cost that nothing can carry.
    return tuple(str(say("not allocated")) if value is None and is_key else value for value in found)


def _value(name: str, value: object, currency: str) -> object:
    """A cell as a workbook holds it: a number, a moment without a zone, a text or nothing."""
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, (bool, np.bool_)):
        return str(say("yes") if value else say("no"))
    if isinstance(value, date):
        return _day(value)
    if isinstance(value, str):
        return clean(text_said(name, value, currency))
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return clean(value)
    return number if np.isfinite(number) else None


def _day(value: date) -> object:
    """A moment as workbooks count them, from 1900 on; an earlier one as a text."""
    moment = value.replace(tzinfo=None) if isinstance(value, datetime) else value
    return (
        (moment.to_pydatetime() if isinstance(moment, pd.Timestamp) else moment) if value.year >= 1900 else str(value)
    )


def _format(name: str, quantity: str, value: object, currency: str) -> str:
    if value is None or isinstance(value, str):
        return ""
    if not isinstance(value, float):
        return _date(name)
    found = name.removesuffix("_low").removesuffix("_high")
    record = QUANTITIES.get(found) or QUANTITIES.get(quantity)
    if record is None:
        return _of_no_quantity(name, value, currency)
    return _by_unit(describe(record.name), currency)


def _of_no_quantity(name: str, value: float, currency: str) -> str:
    if is_money(name):
        return _money(currency)
    if is_share(name):
        return "0.0%"
    if name == "year":
        return "0"
    return _COUNT if value == int(value) else _FINE


def _by_unit(record: Quantity, currency: str) -> str:
    """As on a page, but that amounts have their minor units: a workbook holds what others add up."""
    if record.unit == "currency":
        return _money(currency)
    if record.is_share:
        return f"0.{'0' * digits_of(record.name)}%"
    return number_format(record.name)


def _date(name: str) -> str:
    """How a day or the first day of a period is written."""
    place = "[$-406]" if language_spoken() == "da" else "[$-409]"
    if name == "year":
        return "yyyy"
    if name in GRAINS[2:]:
        return f"{place}mmm yyyy"
    return f"{place}d. mmm yyyy" if language_spoken() == "da" else f"{place}d mmm yyyy"
