"""One side of a comparison: its contacts, the labour behind them and every other pool of cost. Knows no tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from cpc_analysis.models.identity.currencies import NONE_FOREIGN, Foreign

__all__ = ["LEFT_OVER", "Labour", "Side"]

#: The pool of labour that no worked time explains.
LEFT_OVER = "other_labour"


@dataclass(frozen=True)
class Labour:
    """Labour and the paid time behind it, by staffing group and channel of each segment; arrays of shape (units,).

    Parameters
    ----------
    segment : ndarray of int
        The segment of each unit.
    contacts, measured : ndarray
        Contacts that count, and those of them with a measured handle time.
    handled, worked : ndarray
        Handle time, and agent time on it, which simultaneous contacts share [seconds].
    other_work, waiting, beyond_roster, paid : ndarray
        As of `time_on_cells` [seconds].
    cost, base_pay, premium, on_costs : ndarray
        All labour; of it paid hours at the payroll's wage, premiums and on-costs. Without payroll `base_pay` is zero.
    """

    segment: np.ndarray
    contacts: np.ndarray
    measured: np.ndarray
    handled: np.ndarray
    worked: np.ndarray
    other_work: np.ndarray
    waiting: np.ndarray
    beyond_roster: np.ndarray
    paid: np.ndarray
    cost: np.ndarray
    base_pay: np.ndarray
    premium: np.ndarray
    on_costs: np.ndarray

    @property
    def productive(self) -> np.ndarray:
        """The time that the roster holds for work [seconds]."""
        return self.worked + self.other_work + self.waiting - self.beyond_roster

    @property
    def occupied(self) -> np.ndarray:
        """Work and waiting [seconds]."""
        return self.worked + self.other_work + self.waiting


@dataclass(frozen=True)
class Side:
    """One side of a comparison, money in one unit.

    Parameters
    ----------
    contacts : ndarray of shape (segments,)
        Contacts that count.
    labour : Labour
        Labour by staffing group and channel of each segment.
    pools : dict of str to ndarray of shape (segments,)
        Every other pool: its name, and what of it lies on each segment.
    totals : mapping of str to float
        The whole amount of a pool, also of what lies on no segment of the side; the sum over segments where unnamed.
    foreign : Foreign
        What of it is in other currencies whose rates move.
    """

    contacts: np.ndarray
    labour: Labour
    pools: dict[str, np.ndarray]
    totals: Mapping[str, float] = field(default_factory=dict)
    foreign: Foreign = NONE_FOREIGN

    def by_segment(self, values: np.ndarray) -> np.ndarray:
        """Values of units summed by segment."""
        return np.bincount(self.labour.segment, values, len(self.contacts))

    @property
    def labour_cost(self) -> np.ndarray:
        """The labour of each segment, also what no worked time explains."""
        return self.by_segment(self.labour.cost) + self.pools.get(LEFT_OVER, 0.0)

    @property
    def cost(self) -> np.ndarray:
        """All cost of each segment."""
        return self.by_segment(self.labour.cost) + sum(self.pools.values(), np.zeros(len(self.contacts)))

    @property
    def whole(self) -> float:
        """Cost per contact over all segments."""
        return float(self.cost.sum()) / float(self.contacts.sum())

    @property
    def live(self) -> np.ndarray:
        """Which segments have contacts."""
        return self.contacts > 0

    @property
    def share(self) -> np.ndarray:
        """Each segment's share of the contacts."""
        return self.contacts / self.contacts.sum()
