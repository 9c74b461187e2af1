"""Measuring: sum the parts of each quantity at its own grain, join, divide last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cpc_analysis.cells.calendar_words import fiscal_in_words
from cpc_analysis.cells.conditions import Conditions, absent_in_words, conditions_as_given, read_conditions
from cpc_analysis.cells.derived import CLOCK
from cpc_analysis.cells.issues import check_repeats, has_parents
from cpc_analysis.cells.log_days import log_days
from cpc_analysis.cells.spans import as_shown
from cpc_analysis.cells.work import agent_keys, asked_keys
from cpc_analysis.costing.basis import basis_in_words, basis_of
from cpc_analysis.costing.coverage import provisional_in_words, windows_in_words
from cpc_analysis.costing.shares import costing_in_words
from cpc_analysis.errors import InvalidInputError, listed
from cpc_analysis.glossary import PARTS, Fact, Quantity, describe, label
from cpc_analysis.language import in_its_language, joined, say
from cpc_analysis.measuring.calendar import complete_rows, uncut_rows, with_what_is_not_known
from cpc_analysis.measuring.intervals import clustered_interval
from cpc_analysis.measuring.needs import check_column, check_scale
from cpc_analysis.measuring.parts import part_sums
from cpc_analysis.measuring.service_words import level_in_words, offers_in_words, opening_in_words
from cpc_analysis.measuring.sums import Sums, divided
from cpc_analysis.periods import GRAINS
from cpc_analysis.schema import WRITTEN
from cpc_analysis.tables.naming import as_given
from cpc_analysis.tables.preparing import all_set_aside

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = ["ENOUGH", "FEW", "check_measurable", "definition_of", "measure"]

#: Under this many contacts a ratio is too uncertain to compare.
FEW = 30
#: The share of counted contacts that must say what a ratio of all cost is about.
ENOUGH = 0.9

#: Denominators that count contacts or answers, few of which make a ratio uncertain.
_SAMPLES = {name for name, part in PARTS.items() if part.fact in (Fact.CONTACTS, Fact.REPEATS, Fact.SURVEYS)} - {
    "worked_minutes"
}

#: Parts that rest on what was offered, and the part of it that was answered in time.
_OFFERED = {"offered", "abandoned", "wait_seconds", "in_time", "answer_wait_seconds", "abandon_wait_seconds"}
_IN_TIME = "in_time"
_RESPONSES = {"first_response_seconds"}
#: The part that only shifts tell.
_WAITING = "waiting_cost"

#: Parts of a schedule that lie on the half-hours that they last through.
_ON_THE_CLOCK = {
    "paid_hours",
    "productive_hours",
    "worked_hours",
    "occupied_hours",
    "handled_hours",
    "handled_contacts",
}

Where = Mapping[str, object]


@in_its_language
def measure(
    data: Dataset,
    quantity: str | Sequence[str],
    by: str | Sequence[str] = (),
    where: Where | None = None,
    *,
    interval: float | None = None,
    incomplete: bool = False,
    base: str | None = None,
) -> pd.DataFrame:
    """Quantities of the glossary by any columns and periods, one row per group.

    Parameters
    ----------
    data : Dataset
        The dataset.
    quantity : str or sequence of str
        Names of the glossary, such as ``"cost_per_contact"``.
    by : str or sequence of str
        Columns of contacts or agents, the periods day, week, month, quarter and year, those of the fiscal calendar,
        fiscal_month, fiscal_quarter and fiscal_year, and ``"weekday"`` (0 to 6, Monday 0) and ``"half_hour"`` (0 to 47)
        in the dataset's time zone: of contacts, when they started; of paid time, and of work beside it, when it lasted,
        as for the occupancy. Work outside of the contact log has neither.
    where : mapping, optional
        Column to value or list of values. Filters after costing: it never changes where a cost went. A period takes
        text, such as ``{"month": "2025-04"}`` or ``{"fiscal_year": "FY2025"}``.
    interval : float, optional
        Level of a confidence interval, such as 0.95, for averages and shares over contacts and surveys. It allows for
        days whose contacts are alike, and is missing under five days. That of a share is Wilson's: 50 of 50 is no
        certainty.
    incomplete : bool
        Also give money ratios for periods that are not complete.
    base : str, optional
        The base of `cost_per_customer` and `contact_rate`, which are per month of it; ``"customers"`` or the only one
        when None.

    Returns
    -------
    pandas.DataFrame
        The `by` columns (a period as its first day, a fiscal one as text such as ``FY2025-Q1``), a float column per
        quantity, with `interval` also ``<quantity>_low`` and ``<quantity>_high``; `few_contacts`, whether every ratio
        of the row stands on fewer
        than 30 contacts or answers, and `complete`, whether the log covers every day of the row's period, the ledger
        has its months and `where` cuts none of its days off. What only the log tells is missing in a period that it
        does not cover at all; a period inside of a hole of the log has a row for each group. ``frame.attrs`` holds the
        definition in words, whether any figure is provisional, what was filtered by, the `parts` that the ratios were
        divided from, with a service level the `answer_thresholds` [seconds] of the channels that it is of, and
        `far_off`, the first and last days of contacts far from all others, where there are any. Rows with missing keys
        hold cost that nothing can carry.

    Raises
    ------
    UnknownNameError
        If there is no such quantity or column.
    InvalidInputError
        If a quantity cannot be grouped so, has no interval, or needs a table that is not there.

    Examples
    --------
    >>> import pandas as pd
    >>> from cpc_analysis.dataset import Dataset, Settings
    >>> contacts = pd.DataFrame({
    ...     "contact_id": ["a", "b"], "started_at": pd.to_datetime(["2025-04-01 09:00", "2025-04-30 10:00"]),
    ...     "channel": ["voice", "chat"], "direction": "in", "outcome": "answered", "handle_seconds": [100, 300]})
    >>> costs = pd.DataFrame({"line_id": ["1"], "posted_on": ["2025-04-30"], "account": ["4000"],
    ...     "cost_type": ["salaries"], "amount": [100.00]})
    >>> april = Settings(complete_from="2025-04-01", complete_through="2025-04-30")
    >>> data = Dataset.from_frames(contacts=contacts, costs=costs, timezone="Europe/Copenhagen", settings=april)
    >>> measure(data, "cost_per_contact", by=["channel"])[["channel", "cost_per_contact"]]
      channel  cost_per_contact
    0    chat              75.0
    1   voice              25.0
    """
    names = _names(quantity)
    records = [describe(name) for name in names]
    keys, conditions = asked_keys(data, by, taken=_columns_of(names, interval)), read_conditions(data, where)
    check_measurable(data, records, (*keys, *conditions))
    if interval is not None:
        _check_interval(records, interval)
    frame = part_sums(data, records, keys, conditions, base)
    frame = with_what_is_not_known(data, records, frame, keys, conditions)
    complete = complete_rows(data, frame, keys, conditions)
    values = {}
    for record in records:
        values[record.name] = _value(record, frame)
        if record.is_money:
            values[record.name] = _known_money(record, values[record.name], frame, complete, incomplete)
    # All at once: pandas warns of a frame that many columns were put into one by one.
    result = pd.concat([frame[list(keys)], pd.DataFrame(values, index=frame.index)], axis=1)
    if interval is not None:
        days = part_sums(data, records, tuple(dict.fromkeys((*keys, "day"))), conditions, base)
        for record in records:
            low, high = clustered_interval(days, keys, record, interval, result)
            result[f"{record.name}_low"], result[f"{record.name}_high"] = low, high
    result["few_contacts"] = _few(records, frame)
    result["complete"] = complete & uncut_rows(data, frame, keys, conditions)
    finished = _finished(data, records, result, _sums(records, frame, keys), frame["_provisional"].any(), conditions)
    if not frame["_carried"].all():
        finished.attrs["definition"] = joined(_not_carried(), finished.attrs["definition"])
    return finished


def _not_carried() -> str:
    return say(
        "Cost per contact of groups is not known where no handle time is recorded: nothing can carry what is shared by "
        "time. State `standard_handle_seconds`, or share it by `contacts`."
    )


def _columns_of(names: tuple[str, ...], interval: float | None) -> tuple[str, ...]:
    """The columns of a result beside those that it is grouped by."""
    limits = () if interval is None else tuple(f"{name}_{side}" for name in names for side in ("low", "high"))
    return *names, *limits, "few_contacts", "complete"


def _names(names: str | Sequence[str]) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else tuple(dict.fromkeys(names))


def check_measurable(data: Dataset, records: list[Quantity], keys: tuple[str, ...]) -> None:
    """Raise when a quantity cannot be grouped so, or needs a table or a column that is not there."""
    for record in records:
        if Fact.SCHEDULE in record.facts:
            _needs(data, record, "shifts")
            on_the_clock = set(record.parts) <= _ON_THE_CLOCK
            clock = tuple(key for key in CLOCK if on_the_clock and not data.has("contacts", key))
            allowed: tuple[str, ...] = (*GRAINS, *clock, *agent_keys(data))
            kind = "agent columns, periods and times of the day" if clock else "agent columns and periods"
        elif Fact.BASES in record.facts:
            _needs(data, record, "bases")
            allowed, kind = GRAINS[2:], "months, quarters and years"
        else:
            continue
        wrong = [key for key in keys if key not in allowed]
        if wrong:
            offered = [as_given(key) for key in allowed if key not in GRAINS or key in data.settings.grains]
            raise InvalidInputError(
                f"`{record.name}` can be grouped only by {kind} ({listed(offered)}), got "
                f"'{as_given(wrong[0])}': {'a schedule' if Fact.SCHEDULE in record.facts else 'a base'} knows no "
                f"{as_given(wrong[0])}."
            )
        if record.name == "hourly_cost" and set(keys) & {"day"}:
            raise InvalidInputError("`hourly_cost` can be grouped by weeks or longer periods, got 'day'.")
    for record in records:
        if Fact.SURVEYS in record.facts:
            _needs(data, record, "surveys")
        if Fact.REPEATS in record.facts:
            check_repeats(data, f"`{record.name}`")
        check_column(data, record)
        check_scale(data, record)


def _needs(data: Dataset, record: Quantity, table: str) -> None:
    if not data.has(table):
        raise InvalidInputError(f"`{record.name}` needs the table `{table}`; the dataset has none.")


def _check_interval(records: list[Quantity], level: float) -> None:
    if not 0 < level < 1:
        raise InvalidInputError(f"`interval` must lie between 0 and 1, such as 0.95, got {level}.")
    for record in records:
        if record.is_money:
            raise InvalidInputError(
                f"`{record.name}` is money: what a period cost is a fact without sampling error, so it has no "
                "interval. Judge a change against the process limits of its own history instead."
            )
        if record.additive or record.facts & {Fact.SCHEDULE, Fact.BASES}:
            raise InvalidInputError(
                f"`{record.name}` is counted, not sampled, so it has no interval. "
                "Intervals belong to averages over contacts and surveys."
            )


def _value(record: Quantity, frame: pd.DataFrame) -> np.ndarray:
    numerator = frame[record.numerator].to_numpy(dtype="float64")
    if record.denominator is None:
        return numerator
    denominator = frame[record.denominator].to_numpy(dtype="float64")
    ratio = divided(record, numerator, denominator)
    if record.recorded:
        ratio[(frame[record.recorded] < ENOUGH * frame[record.recorded_of]).to_numpy()] = np.nan
    return ratio


def _known_money(
    record: Quantity, amounts: np.ndarray, frame: pd.DataFrame, complete: np.ndarray, incomplete: bool
) -> np.ndarray:
    """Money where the ledger reaches, waiting where shifts tell it; ratios where all of it is known."""
    values = amounts.copy()
    values[~frame["_in_ledger"].to_numpy(dtype=bool)] = np.nan
    if record.numerator == _WAITING:
        values[~frame["_waiting"].to_numpy(dtype=bool)] = np.nan
    if not record.additive:
        values[~frame["_carried"].to_numpy(dtype=bool)] = np.nan
    if not record.additive and not incomplete:
        values[~complete] = np.nan
    return values


def _sums(records: list[Quantity], frame: pd.DataFrame, keys: tuple[str, ...]) -> Sums:
    """What the ratios were divided from; money is missing where the ledger does not reach."""
    parts = list(dict.fromkeys(part for record in records for part in record.parts))
    money = [part for part in parts if PARTS[part].fact is Fact.MONEY]
    sums = frame[[*keys, *parts]].copy()
    sums.loc[~frame["_in_ledger"].to_numpy(dtype=bool), money] = np.nan
    if _WAITING in sums:
        sums.loc[~frame["_waiting"].to_numpy(dtype=bool), _WAITING] = np.nan
    return Sums(sums, keys)


def _few(records: list[Quantity], frame: pd.DataFrame) -> np.ndarray:
    """Whether all that is asked for stands on few contacts, or on few answers."""
    behind = [name for name in dict.fromkeys(record.denominator for record in records) if name in _SAMPLES]
    behind = behind or [name for name in ("counted",) if name in frame]
    return (frame[behind].max(axis=1) < FEW).to_numpy() if behind else np.zeros(len(frame), dtype=bool)


def _finished(
    data: Dataset,
    records: list[Quantity],
    result: pd.DataFrame,
    sums: Sums,
    provisional: bool,
    where: Conditions,
) -> pd.DataFrame:
    thresholds = _thresholds(data, records, where)
    far = tuple((found.days.first, found.days.last) for found in log_days(data).far)
    result.attrs = {
        "definition": joined(
            all_set_aside(data, "contacts"),
            absent_in_words(data, where),
            fiscal_in_words(data, sums.by, where),
            definition_of(data, records, provisional, thresholds),
        ),
        **({"answer_thresholds": thresholds} if thresholds else {}),
        "provisional": bool(provisional),
        **data.stamp,
        **({"far_off": far} if far else {}),
        "timezone": data.timezone,
        "quantities": [record.name for record in records],
        "by": [as_given(key) for key in sums.by],
        "where": conditions_as_given(where),
        "parts": Sums(as_shown(sums.frame, data.calendar), tuple(as_given(key) for key in sums.by)),
    }
    return as_shown(result, data.calendar)


def _thresholds(data: Dataset, records: list[Quantity], where: Conditions) -> dict[str, float]:
    """The answer thresholds [seconds] of the channels that a service level is of; empty where none is asked for."""
    if not any(_IN_TIME in record.parts for record in records):
        return {}
    rows = part_sums(data, [describe("service_level")], ("channel",), where)
    found = set(rows.loc[rows["threshold_contacts"] > 0, "channel"])
    return {channel: seconds for channel, seconds in data.counting.thresholds.items() if channel in found}


def definition_of(data: Dataset, records: list[Quantity], provisional: bool, thresholds: Mapping[str, float]) -> str:
    """The definition of some quantities in words: formulas, what counts, what was offered, where costs go.

    Parameters
    ----------
    data : Dataset
        Its policies.
    records : list of Quantity
        The quantities.
    provisional : bool
        Whether any figure may still move.
    thresholds : mapping of channel to float
        The answer thresholds [seconds] of the channels that a service level is of.
    """
    formulas = [
        say("{quantity}: {formula}.", quantity=label(record.name), formula=record.formula) for record in records
    ]
    has_money = any(Fact.MONEY in record.facts for record in records)
    has_offers = any(_OFFERED & {*record.parts} for record in records)
    has_hours = any(Fact.SCHEDULE in record.facts for record in records)
    has_responses = any(_RESPONSES & {*record.parts} for record in records) or bool({*WRITTEN} & {*thresholds})
    return joined(
        *formulas,
        data.counting.in_words(),
        _other_work_in_words(data) if any("worked_hours" in record.parts for record in records) else "",
        offers_in_words(data.counting, has_parents(data)) if has_offers else "",
        level_in_words(data.counting, thresholds) if thresholds else "",
        _opening_in_words(data) if data.settings.opening_hours and has_responses else "",
        windows_in_words(data) if any(Fact.REPEATS in record.facts for record in records) else "",
        costing_in_words(data) if has_money else basis_in_words(basis_of(data), money=False, hours=has_hours),
        provisional_in_words(data) if provisional else "",
    )


def _opening_in_words(data: Dataset) -> str:
    settings = data.settings
    return opening_in_words(settings.opening_hours, bool(settings.holidays), data.has("contacts", "contact_count"))


def _other_work_in_words(data: Dataset) -> str:
    """Whether work outside of the contact log is in the hours that were worked."""
    if data.has("hours"):
        return say("Work outside of the log, from the table hours, is in the occupancy.")
    return say("No work outside of the log is recorded: the occupancy is of contacts alone.")
