"""The ledger as pools: month x cost type x scope, in whole minor units, with the lines that policies generate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cpc_analysis.cells.contacts import contact_cells
from cpc_analysis.cells.payroll import payroll_hours
from cpc_analysis.cells.shifts import schedule_cells
from cpc_analysis.errors import InvalidInputError, listed
from cpc_analysis.money import largest_remainder, minor_digits
from cpc_analysis.periods import parse_period
from cpc_analysis.schema import LABOUR_TYPES
from cpc_analysis.tables.preparing import check_any_accepted

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = [
    "SCOPES",
    "Pools",
    "late_postings",
    "ledger_lines",
    "pools",
    "pools_before",
    "pools_by",
    "premium_pools",
    "spread_over_service",
]

#: What a line can be limited to.
SCOPES = ["channel", "site", "team"]


@dataclass(frozen=True)
class Pools:
    """Amounts by month, cost type and scope.

    `frame` has `month`, `cost_type`, `channel`, `site`, `team` (None: all) and, in minor units, `posted` and `moved`;
    and the column that `told_apart_by` names, where the pools are of `pools_by` or `pools_before`.
    """

    frame: pd.DataFrame
    digits: int
    told_apart_by: str = ""

    @property
    def months(self) -> pd.DatetimeIndex:
        """The months that the ledger has lines in, in order."""
        return pd.DatetimeIndex(sorted(self.frame.loc[self.frame["posted_lines"] > 0, "month"].unique()))

    @property
    def scopes(self) -> tuple[str, ...]:
        """The scope columns that any pool uses."""
        return tuple(name for name in SCOPES if self.frame[name].notna().any())

    @property
    def total(self) -> int:
        """The whole ledger [minor units]."""
        return int(self.frame["posted"].sum())


def pools(data: Dataset) -> Pools:
    """The pools of a dataset: its ledger, generated labour included, service periods spread.

    Raises
    ------
    InvalidInputError
        If there are no costs at all, or labour stands both in the ledger and in what the policy generates.
    """
    return data.once(("pools", data.costing), lambda: _pooled(data, spread_over_service(data, ledger_lines(data))))


def pools_by(data: Dataset, name: str, tell: Callable[[pd.DataFrame], pd.Series]) -> Pools:
    """The pools of a dataset, told apart by something further that holds of each line.

    What is spread over a service period is told as its line in every month.

    Parameters
    ----------
    data : Dataset
        With costs.
    name : str
        What the further column is called; each name has one way to tell.
    tell : callable
        Gives it for lines with `account`, `cost_type` and, where any line says it, `behaviour`.
    """

    def pooled() -> Pools:
        lines = spread_over_service(data, ledger_lines(data))
        return _pooled(data, lines.assign(**{name: tell(lines)}), name)

    return data.once((f"pools by {name}", data.costing), pooled)


def pools_before(data: Dataset, month: pd.Timestamp) -> Pools:
    """The pools by behaviour of what was booked on months before one; nothing booked on that month moves them.

    The behaviour is missing where lines name none.
    """

    def pooled() -> Pools:
        lines = ledger_lines(data)
        earlier = spread_over_service(data, lines[lines["month"] < month])
        return _pooled(data, _with_behaviour(earlier), "behaviour")

    return data.once(("pools before", data.costing, month), pooled)


def _with_behaviour(lines: pd.DataFrame) -> pd.DataFrame:
    return lines if "behaviour" in lines else lines.assign(behaviour=None)


def premium_pools(data: Dataset) -> Pools | None:
    """The pools of the labour accounts that pay premiums; None where the costing policy names none."""
    accounts = data.costing.premium_accounts
    if not accounts:
        return None
    lines = ledger_lines(data)
    chosen = lines[lines["account"].isin(accounts) & lines["cost_type"].isin(LABOUR_TYPES)]
    return _pooled(data, spread_over_service(data, chosen))


def spread_over_service(data: Dataset, lines: pd.DataFrame) -> pd.DataFrame:
    """Lines, and what spreading over service periods moves out of and into months.

    Parameters
    ----------
    data : Dataset
        Gives the accounts that are spread.
    lines : pandas.DataFrame
        Of `ledger_lines`.

    Returns
    -------
    pandas.DataFrame
        The lines, then what is moved; `line` is the place of its line among those given, and `part` how much of it each
        row is: of a line that is spread 1, -1, and one for each month, which add up to 1.
    """
    placed = lines.assign(line=np.arange(len(lines)), part=1.0)
    return pd.concat([placed, _moves(data, placed)], ignore_index=True)


def _pooled(data: Dataset, lines: pd.DataFrame, told_apart_by: str = "") -> Pools:
    keys = ["month", "cost_type", *SCOPES]
    if told_apart_by:
        keys.append(told_apart_by)
    frame = lines.groupby(keys, dropna=False, sort=True, as_index=False).agg(
        posted=("posted", "sum"), moved=("moved", "sum"), posted_lines=("posted_lines", "sum")
    )
    frame[SCOPES] = frame[SCOPES].astype("object").where(frame[SCOPES].notna(), None)
    return Pools(frame, minor_digits(data.currency), told_apart_by)


def ledger_lines(data: Dataset) -> pd.DataFrame:
    """Every line of the ledger and every generated one, with `month`, `posted` [minor units] and its scope."""
    costs = data.frame("costs")
    month = costs["posted_on"].dt.to_period("M").dt.start_time
    lines = costs.assign(
        month=costs["period"].fillna(month).astype("datetime64[us]"),
        posted=costs["amount"].astype("int64"),
        moved=0,
        posted_lines=1,
    )
    generated = _generated_labour(data)
    if generated is not None:
        _refuse_two_labours(data, lines)
        lines = (
            pd.concat([lines, generated], ignore_index=True) if len(lines) else generated.reindex(columns=lines.columns)
        )
    if lines.empty:
        check_any_accepted(data, "costs")
        raise InvalidInputError(
            "A figure in money needs `costs`, a stated `hourly_cost` or wages from payroll; the dataset has none."
        )
    return lines


def late_postings(data: Dataset) -> pd.DataFrame:
    """The lines of closed months that were posted after their books had closed: they changed what was reported.

    Returns
    -------
    pandas.DataFrame
        `month`, `account`, `cost_type`, `posted_on` and `posted` [minor units], in that order; none when the settings
        name no closed month.
    """
    columns = ["month", "account", "cost_type", "posted_on", "posted"]
    closed = data.settings.closed_through
    if closed is None or not data.has("costs"):
        return pd.DataFrame(columns=columns)
    lines = ledger_lines(data)
    closing = lines["month"] + pd.offsets.MonthEnd(0) + pd.Timedelta(days=data.settings.closing_days)
    is_late = (lines["month"] < pd.Timestamp(parse_period(closed).end)) & (lines["posted_on"] > closing)
    return lines.loc[is_late, columns].sort_values(columns[:4], ignore_index=True)


def _refuse_two_labours(data: Dataset, lines: pd.DataFrame) -> None:
    labour = lines[lines["cost_type"].isin(LABOUR_TYPES)]
    if labour.empty:
        return
    stated = "wages_from = 'payroll'" if data.costing.wages_from == "payroll" else "`hourly_cost`"
    raise InvalidInputError(
        f"{stated} generates the labour cost, but the ledger holds labour too (accounts "
        f"{listed(sorted(labour['account'].unique()), 6)}): it would be counted twice. "
        "Leave those lines out of `costs`, or take wages from the ledger."
    )


def _generated_labour(data: Dataset) -> pd.DataFrame | None:
    costing = data.costing
    if costing.wages_from == "payroll":
        hours = payroll_hours(data)
        if hours["hourly_wage"].isna().all():
            raise InvalidInputError(
                "wages_from = 'payroll' needs `agents.hourly_wage` and either `shifts` or `agents.contracted_hours`."
            )
        pay = (hours["hours"] * hours["hourly_wage"].fillna(0)).to_numpy()
        rate = hours["on_cost_rate"].fillna(0).to_numpy()
        return _lines(data, hours["month"], {"salaries": pay, "on_costs": pay * rate})
    if costing.hourly_cost is None:
        return None
    if data.has("shifts"):
        cells = schedule_cells(data)
        month, hours_paid = cells["month"], cells["paid_ms"].astype("float64") / 3.6e6
    else:
        cells = contact_cells(data, (), workers=False)
        month, hours_paid = cells["month"], cells["worked_ms"].astype("float64") / 3.6e6
    sums = hours_paid.groupby(month).sum()
    return _lines(data, sums.index.to_series(), {"salaries": sums.to_numpy() * costing.hourly_cost})


def _lines(data: Dataset, months: pd.Series, amounts: dict[str, np.ndarray]) -> pd.DataFrame:
    unit = 10 ** minor_digits(data.currency)
    parts = [
        pd.DataFrame(
            {
                "month": months.to_numpy(),
                "cost_type": cost_type,
                "posted": np.rint(amount * unit).astype("int64"),
            }
        )
        for cost_type, amount in amounts.items()
    ]
    lines = pd.concat(parts, ignore_index=True)
    lines = lines[lines["posted"] != 0].reset_index(drop=True)
    lines["month"] = lines["month"].astype("datetime64[us]")
    lines["line_id"] = [f"generated-{number}" for number in range(len(lines))]
    return lines.assign(account="(generated)", moved=0, posted_lines=1, channel=None, site=None, team=None)


def _moves(data: Dataset, lines: pd.DataFrame) -> pd.DataFrame:
    """What spreading over service periods moves out of and into months; nets to zero."""
    accounts = data.costing.spread_accounts
    if not accounts:
        return lines.iloc[:0]
    chosen = lines[lines["account"].isin(accounts) & lines["service_from"].notna() & lines["service_to"].notna()]
    pair = [*SCOPES, "account", "cost_type"]
    cancelled = lines.assign(posted=-lines["posted"])[[*pair, "posted"]].drop_duplicates()
    marked = chosen.merge(cancelled, on=[*pair, "posted"], how="left", indicator="reversed")
    spread = marked[(marked["reversed"] == "left_only") & (marked["posted"] != 0)]
    parts = [_spread(line) for line in spread.itertuples()]
    return pd.concat(parts, ignore_index=True) if parts else lines.iloc[:0]


def _spread(line) -> pd.DataFrame:  # type: ignore[no-untyped-def]
    days = pd.date_range(line.service_from, line.service_to, freq="D")
    slices = pd.Series(1, index=days).groupby(days.to_period("M").start_time).sum()
    amounts = largest_remainder(line.posted * slices.to_numpy() / len(days), int(line.posted))
    months = [line.month, *slices.index]
    return pd.DataFrame(
        {
            "month": pd.Series(months).astype("datetime64[us]"),
            "account": line.account,
            "cost_type": line.cost_type,
            "channel": line.channel,
            "site": line.site,
            "team": line.team,
            "behaviour": getattr(line, "behaviour", None),
            "posted": 0,
            "moved": [-int(line.posted), *amounts.tolist()],
            "posted_lines": 0,
            "line": line.line,
            "part": [-1.0, *(slices / len(days))],
        }
    )
