"""What the budget says of a quantity, by period and channel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cpc_analysis.cells.conditions import Conditions, matching, read_conditions
from cpc_analysis.cells.contacts import contact_cells
from cpc_analysis.cells.counting import OWN_CHANNEL
from cpc_analysis.cells.spans import as_shown, with_periods
from cpc_analysis.errors import InvalidInputError
from cpc_analysis.glossary import describe
from cpc_analysis.money import minor_digits
from cpc_analysis.periods import FISCAL_GRAINS, GRAINS, parse_period, period_of
from cpc_analysis.schema import SELF_SERVED

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = ["ANY_COST", "BUDGETED", "budget_for", "check_not_cut", "cuts_budget", "months_without_budget",
           "planned_money", "planned_work", "self_service_channels"]  # fmt: skip

#: The quantities that a budget states.
BUDGETED = (
    "contacts", "assisted_contacts", "assisted_contacts_per_workday", "total_cost", "cost_per_contact",
    "cost_per_assisted_contact", "average_handle_time",
)  # fmt: skip
#: The cost type of budgeted money that names none.
ANY_COST = "cost"
_KEYS = ("channel", *GRAINS[2:])


def budget_for(
    data: Dataset, quantity: str, by: Sequence[str] = (), where: Mapping[str, object] | None = None
) -> pd.DataFrame:
    """The budget of a quantity in the shape that `measure` gives it: the `by` columns and the quantity.

    Parameters
    ----------
    data : Dataset
        The dataset.
    quantity : str
        A quantity of the glossary; `BUDGETED` are those that a budget states.
    by : sequence of str
        ``"channel"`` and the periods month, quarter and year.
    where : mapping, optional
        As for `measure`.

    Returns
    -------
    pandas.DataFrame
        Empty where the budget does not say: no budget, another quantity, or a finer grouping such as by site.

    Raises
    ------
    UnknownNameError
        If there is no such quantity.

    Notes
    -----
    A budgeted ratio is a ratio of sums, as any other. Money without a channel is part of the total only: in a
    month that has some, the money of a single channel is not in the budget and is not made up. The contacts of
    a month and channel may stand on one of its lines or on all of them; they count once. Sessions of self-service
    count where they do in the dataset. A period asked for has a budget where each of its months has one.
    """
    describe(quantity)
    result = _budget(data, quantity, tuple(by), read_conditions(data, where))
    result.attrs = {**data.stamp, "by": list(by)}
    return result


def _budget(data: Dataset, quantity: str, by: tuple[str, ...], conditions: Conditions) -> pd.DataFrame:
    frame = data.frame("budget") if data.has("budget") else pd.DataFrame()
    if quantity not in BUDGETED or not {*by, *conditions} <= set(_KEYS) or frame.empty:
        return pd.DataFrame({name: [] for name in (*by, quantity)})
    if cuts_budget(data, (*by, *conditions)) or months_without_budget(data, conditions):
        return pd.DataFrame({name: [] for name in (*by, quantity)})
    if "assisted" in quantity:
        frame = frame[~frame["channel"].isin(self_service_channels(data))]
    rows = _monthly(data, frame, by_channel="channel" in {*by, *conditions})
    rows = with_periods(rows, (*by, *conditions), data.calendar)
    rows = rows[matching(rows, conditions, data.calendar)]
    groups = rows.groupby(list(by) or (lambda _: 0))
    sums = groups.sum(numeric_only=True)
    sums["workdays"] = groups["month"].agg(lambda months: _workdays(data, months))
    values = _value(quantity, sums, 10 ** minor_digits(data.currency))
    result = values.rename(quantity).to_frame().reset_index(drop=not by)
    result = result[result[quantity].notna()]
    for grain in {*GRAINS} & {*by}:
        periods = (str(period_of(start.date(), grain, data.calendar)) for start in result[grain])
        result = result[[not months_without_budget(data, {grain: [period]}) for period in periods]]
    return as_shown(result.reset_index(drop=True), data.calendar)


def cuts_budget(data: Dataset, keys: Iterable[str]) -> bool:
    """Whether any key is of fiscal months that cut calendar months, by which a budget is stated: it knows none."""
    return data.calendar.cuts_months and not {*FISCAL_GRAINS}.isdisjoint(keys)


def check_not_cut(data: Dataset, what: str, keys: Iterable[str]) -> None:
    """Raise where fiscal periods are asked for whose months cut calendar months.

    Parameters
    ----------
    data : Dataset
        Whose calendar it is.
    what : str
        What is stated by calendar month, such as ``"A budget"``.
    keys : iterable of str
        What is asked for.

    Raises
    ------
    InvalidInputError
        Naming the pattern and the period.
    """
    if cuts_budget(data, keys):
        asked = next(key for key in keys if key in FISCAL_GRAINS)
        raise InvalidInputError(
            f"{what} is of calendar months, which fiscal months of the pattern {data.calendar.pattern} cut, got "
            f"`{asked}`. Ask for months, quarters or years."
        )


def months_without_budget(data: Dataset, conditions: Conditions) -> list[str]:
    """The months of the periods asked for that no line of the budget is about, such as ``["2025-06"]``.

    Parameters
    ----------
    data : Dataset
        With a budget.
    conditions : dict
        Of `read_conditions`; what is no month, quarter or year says nothing of periods.
    """
    known = {month.date() for month in pd.to_datetime(data.frame("budget")["period"])}
    missing = set()
    for grain in {*GRAINS[2:]} & {*conditions}:
        for value in conditions[grain]:
            period = parse_period(value, data.calendar)
            starts = pd.date_range(period.start, period.end, freq="MS", inclusive="left")
            missing |= {f"{start:%Y-%m}" for start in starts if start.date() not in known}
    return sorted(missing)


def self_service_channels(data: Dataset) -> set[str]:
    """The channels that no agent takes a part in, by the contact log."""
    cells = contact_cells(data, (), workers=False)
    served = cells.groupby(OWN_CHANNEL)["outcome"].agg(lambda found: set(found) == {SELF_SERVED})
    return set(served.index[served.astype(bool)])


def planned_work(data: Dataset) -> pd.DataFrame:
    """The contacts that the budget reckons with.

    Returns
    -------
    pandas.DataFrame
        One row per `month` and `channel` (missing where none is named): `contacts` that count, which add up to those of
        the month, `seconds` of theirs, and `volume`, what the money of a channel follows: its contacts, and of
        self-service its sessions, whether they count or not.
    """
    work = _monthly(data, data.frame("budget"), by_channel=False)
    numbers = ["contacts", "seconds", "volume"]
    work[numbers] = work[numbers].astype("float64").fillna(0.0)
    work["month"] = work["month"].astype("datetime64[us]")
    return work[["month", "channel", *numbers]]


def planned_money(data: Dataset) -> pd.DataFrame:
    """The lines of the budget that hold money.

    Returns
    -------
    pandas.DataFrame
        `month`, `channel` and `behaviour` (missing where none is named), `cost_type` (`ANY_COST` where none is),
        `amount` [currency] and `paid_hours` [hours].
    """
    money = data.frame("budget").rename(columns={"period": "month"})
    money = money[money["amount"].notna()].reset_index(drop=True)
    money["amount"] = pd.to_numeric(money["amount"]).astype("float64") / 10 ** minor_digits(data.currency)
    money["paid_hours"] = pd.to_numeric(money["paid_hours"]).astype("float64")
    money["cost_type"] = money["cost_type"].astype("object").where(money["cost_type"].notna(), ANY_COST)
    return money[["month", "channel", "cost_type", "behaviour", "amount", "paid_hours"]]


def _monthly(data: Dataset, budget: pd.DataFrame, by_channel: bool) -> pd.DataFrame:
    """Amount, contacts, volume and handled seconds by month and channel; by month where no channel is asked for."""
    rows = budget.rename(columns={"period": "month"})
    rows["month"] = pd.to_datetime(rows["month"])
    for name in ("amount", "contact_count", "average_handle_time"):
        rows[name] = pd.to_numeric(rows[name])
    stated = rows.groupby(["month", "channel"], dropna=False, as_index=False).agg(
        amount=("amount", "sum"), contacts=("contact_count", "max"), time=("average_handle_time", "max")
    )
    stated["volume"] = stated["contacts"]
    if SELF_SERVED not in data.counting.outcomes:
        stated.loc[stated["channel"].isin(self_service_channels(data)), "contacts"] = 0.0
    stated["seconds"] = stated["contacts"] * stated["time"]
    stated["timed"] = stated["contacts"].where(stated["time"].notna(), 0.0)
    return _by_channel(stated) if by_channel else _without_doubles(stated)


def _by_channel(stated: pd.DataFrame) -> pd.DataFrame:
    """The lines of channels; without money in months with money that names no channel."""
    rows = stated[stated["channel"].notna()].copy()
    shared = stated.loc[stated["channel"].isna() & (stated["amount"] != 0), "month"]
    rows.loc[rows["month"].isin(shared), "amount"] = np.nan
    return rows


def _without_doubles(stated: pd.DataFrame) -> pd.DataFrame:
    """Every line; contacts by channel are left out where the month states a total of them."""
    whole = stated.loc[stated["channel"].isna() & stated["contacts"].notna(), "month"]
    doubled = stated["channel"].notna() & stated["month"].isin(whole)
    stated.loc[doubled, ["contacts", "seconds", "timed"]] = 0.0
    return stated


def _workdays(data: Dataset, months: pd.Series) -> int:
    return sum(data.settings.workdays(period_of(month.date(), "month")) for month in months.unique())


def _value(quantity: str, sums: pd.DataFrame, minor: int) -> pd.Series:
    amount, contacts = sums["amount"] / minor, sums["contacts"]
    if quantity in ("contacts", "assisted_contacts"):
        return contacts.where(contacts > 0)
    if quantity == "assisted_contacts_per_workday":
        return (contacts / sums["workdays"]).where((contacts > 0) & (sums["workdays"] > 0))
    if quantity == "average_handle_time":
        return (sums["seconds"] / sums["timed"]).where(sums["timed"] > 0)
    amount = amount.where(amount != 0)
    return amount if quantity == "total_cost" else (amount / contacts).where(contacts > 0)
