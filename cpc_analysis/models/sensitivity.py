"""What one realistic step of each driver does to the cost per contact, cash and released capacity apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cpc_analysis.cells.calendar_words import fiscal_in_words
from cpc_analysis.cells.conditions import Conditions, conditions_as_given, matching, read_conditions
from cpc_analysis.cells.issues import tells_repeats
from cpc_analysis.cells.spans import as_shown
from cpc_analysis.cells.work import agent_keys, asked_keys, work_frame
from cpc_analysis.costing.coverage import last_closed_month
from cpc_analysis.costing.ledger import pools
from cpc_analysis.costing.worth import WORTH, worth_on_cells
from cpc_analysis.errors import InvalidInputError
from cpc_analysis.glossary import describe
from cpc_analysis.language import in_its_language, joined
from cpc_analysis.measuring.parts import part_sums
from cpc_analysis.models.identity import Side, break_down
from cpc_analysis.periods import GRAINS
from cpc_analysis.schema import LABOUR_TYPES
from cpc_analysis.tables.naming import as_given

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = ["sensitivity"]

_POINT, _TEN_SECONDS = 0.01, 10.0
_ALWAYS = ("wage", "handle_time")


@in_its_language
def sensitivity(data: Dataset, by: str | Sequence[str] = (), where: Mapping[str, object] | None = None) -> pd.DataFrame:
    """What one realistic step of each driver does to the cost per contact, from the identity.

    Parameters
    ----------
    data : Dataset
        The dataset.
    by : str or sequence of str
        Columns of contacts or agents.
    where : mapping, optional
        As for `measure`; the last closed month when it names no period.

    Returns
    -------
    pandas.DataFrame
        The `by` columns; `step`: ``wage`` (one unit of currency an hour less), ``handle_time`` (ten seconds less),
        ``availability``, ``occupancy`` and ``first_contact_resolution`` (a point more each); `cash` and
        `released_capacity` [currency per contact], negative where cost falls; `level`, where the driver stands now. A
        step ends at its limit - no handle time, a share of 100 percent - and does nothing there. Steps that the data
        cannot tell are left out: shifts are needed for availability and occupancy, customers or parents for
        resolution; what is not known of a single group, such as its resolution when no window has closed, is missing.

    Raises
    ------
    UnknownNameError
        If there is no such column.
    InvalidInputError
        If `by` names a period.

    Notes
    -----
    The identity is ``labour = paid hours x wage x (1 + on-cost rate)`` and what the ledger holds beyond payroll, with
    ``paid hours = productive hours / availability`` and ``productive = worked + other work + waiting - beyond the
    roster``. The wage is that of every paid hour, waiting, absence and work outside the contact log among them.
    On-costs are the ledger's over the pay of the payroll. Of what labour is worth only a lower wage moves cash by
    itself. The other steps release paid time, which becomes cash when the roster follows; labour of
    `Costing.piece_accounts` is cash at once. Ten seconds are those of every contact that counts and has a handle time,
    simultaneous contacts sharing them, at the cost of an hour of work and waiting of their staffing group; work outside
    of the log has none to save. A resolved first contact spares its repeats - as many as follow an unresolved one now,
    customers who are not identified taken to be alike - at the labour that they use.

    Levels are the figures of `measure`; where it cannot group them so, as the occupancy by channel, they are of the
    paid time that lies on the contacts. The step of the handle time over all is the mean of the channels' weighted by
    contacts. Steps of wages and of shares are weighted by paid hours and by labour; those of work outside of the log
    are in them over all, and on no channel.

    Examples
    --------
    >>> from cpc_analysis import load_sample
    >>> frame = sensitivity(load_sample(), where={"month": "2025-06"})
    >>> list(frame["step"])
    ['wage', 'handle_time', 'availability', 'occupancy', 'first_contact_resolution']
    """
    keys = asked_keys(data, by, taken=("step", "cash", "released_capacity", "level"))
    if set(keys) & set(GRAINS):
        raise InvalidInputError("`by` names columns other than periods; name the period in `where`.")
    conditions = read_conditions(data, where)
    if not set(conditions) & set(GRAINS):
        month = last_closed_month(data)
        conditions[month.grain] = [str(month)]
    found = break_down(data, describe("cost_per_contact"), keys, tuple(conditions))
    side = found.side(conditions)
    segments = _Segments(data, found.segments, keys, conditions)
    now = _Now(side)
    # What a step frees is worth what its labour is: paid time, or cash where it is bought by the piece.
    piece = segments.piece_share
    steps = {"wage": _wage(now), "handle_time": _apart(_handle_time(now, segments), piece)}
    if "availability" in found.factors:
        steps["availability"] = _apart(_availability(now, segments), piece)
        steps["occupancy"] = _apart(_occupancy(now, segments), piece)
    if tells_repeats(data):
        steps["first_contact_resolution"] = _apart(_resolution(now, segments), piece)
    known = side.live & (now.worked > 0)
    parts = [
        found.segments.assign(step=name, cash=cash, released_capacity=released, level=level)[known]
        for name, (cash, released, level) in steps.items()
        if np.isfinite(level[known]).any() or name in _ALWAYS
    ]
    frame = pd.concat(parts, ignore_index=True)
    frame.attrs = {
        **data.stamp,
        "definition": joined(fiscal_in_words(data, keys, conditions), data.counting.in_words()),
        "by": [as_given(key) for key in keys],
        "where": conditions_as_given(conditions),
    }
    return as_shown(frame, data.calendar)


#: The cash and the capacity of a step, and the level of its driver; the labour that a step frees, and the level.
Step = tuple[np.ndarray, np.ndarray, np.ndarray]
Freed = tuple[np.ndarray, np.ndarray]


def _apart(step: Freed, piece: np.ndarray) -> Step:
    freed, level = step
    return 0.0 - freed * piece, 0.0 - freed * (1.0 - piece), level


class _Now:
    """The identity of labour by segment, as it stands: times [seconds] and money [currency]."""

    def __init__(self, side: Side) -> None:
        labour, sums = side.labour, side.by_segment
        rate = _per(labour.cost, labour.occupied)
        self.contacts = side.contacts
        self.worked, self.paid = sums(labour.worked), sums(labour.paid)
        self.at_work = sums(labour.worked + labour.other_work)
        self.productive, self.occupied = sums(labour.productive), sums(labour.occupied)
        self.cost, self.base_pay, self.on_costs = sums(labour.cost), sums(labour.base_pay), sums(labour.on_costs)
        #: What the work on contacts costs, each group's at its own cost of an hour; and a second less of each of them.
        self.used = sums(np.nan_to_num(labour.worked * rate))
        self.second = sums(np.nan_to_num(labour.measured * _per(labour.worked, labour.handled) * rate))


@dataclass(frozen=True)
class _Segments:
    """What `measure` says of the segments of a question."""

    data: Dataset
    frame: pd.DataFrame
    keys: tuple[str, ...]
    conditions: Conditions

    @property
    def piece_share(self) -> np.ndarray:
        """How much of the labour of each segment is bought by the piece, as of `worth_on_cells`."""
        if not self.data.costing.piece_accounts:
            return np.zeros(len(self.frame))
        every = tuple(dict.fromkeys((*self.keys, *self.conditions)))
        work = work_frame(self.data, every, (), payers=True, scopes=pools(self.data).scopes)
        worth = worth_on_cells(self.data, work, LABOUR_TYPES).fillna(0.0)
        rows = pd.concat([work[list(every)], worth], axis=1)[matching(work, self.conditions, self.data.calendar)]
        if not self.keys:
            sums = rows[[*WORTH]].sum().to_frame().T
        else:
            sums = rows.groupby(list(self.keys), dropna=False, as_index=False)[[*WORTH]].sum()
            sums = self.frame.merge(sums, on=list(self.keys), how="left").fillna(0.0)
        used = (sums["cash"] + sums["released_capacity"]).to_numpy()
        return np.nan_to_num(_per(sums["cash"].to_numpy(), used))

    def parts(self, *quantities: str) -> dict[str, np.ndarray]:
        """The sums that some quantities are made of, by segment; zero where there is no row."""
        records = [describe(name) for name in quantities]
        rows = part_sums(self.data, records, self.keys, self.conditions)
        names = [part for record in records for part in record.parts]
        if self.keys:
            rows = self.frame.merge(rows, on=list(self.keys), how="left")
        return {name: rows[name].fillna(0.0).to_numpy(dtype="float64") for name in names}

    @property
    def knows_schedules(self) -> bool:
        """Whether quantities of schedules can be grouped so: they know agents and periods only."""
        return {*self.keys, *self.conditions} <= {*GRAINS, *agent_keys(self.data)}

    def level(self, quantity: str) -> np.ndarray:
        """A quantity by segment, as of `measure`."""
        record = describe(quantity)
        sums = self.parts(quantity)
        return _per(sums[record.numerator], sums[str(record.denominator)])


def _per(numerator: np.ndarray, denominator: np.ndarray) -> np.ndarray:
    """The ratio; missing where there is nothing to divide by."""
    return np.divide(numerator, denominator, out=np.full(len(numerator), np.nan), where=denominator > 0)


def _wage(now: _Now) -> Step:
    """One unit of currency an hour less on the payroll, with the on-costs that go with it."""
    hours, has_payroll = now.paid / 3600.0, now.base_pay > 0
    # Without payroll the hour's cost holds its on-costs already.
    on_costs = np.where(has_payroll, _per(now.on_costs, now.base_pay), 0.0)
    level = _per(np.where(has_payroll, now.base_pay, now.cost), hours)
    cash = -_per(hours * (1.0 + on_costs), now.contacts)
    return cash, np.zeros(len(cash)), level


def _handle_time(now: _Now, segments: _Segments) -> Freed:
    """Ten seconds less on each contact with a handle time: so much less work, at what an hour of its group costs."""
    level = segments.level("average_handle_time")
    freed = np.minimum(_TEN_SECONDS, level) * now.second
    return _per(freed, now.contacts), level


def _availability(now: _Now, segments: _Segments) -> Freed:
    known = segments.knows_schedules
    return _point_more(now, segments.level("availability") if known else _per(now.productive, now.paid))


def _occupancy(now: _Now, segments: _Segments) -> Freed:
    known = segments.knows_schedules
    return _point_more(now, segments.level("occupancy") if known else _per(now.at_work, now.occupied))


def _point_more(now: _Now, level: np.ndarray) -> Freed:
    """A point more of a share of paid time, or what is left to the whole: the same work for less paid time."""
    spared = _per(now.cost, now.contacts) * (1.0 - _per(level, level + _room(level)))
    return spared, level


def _room(level: np.ndarray) -> np.ndarray:
    """A point, or what is left to the whole."""
    return np.clip(1.0 - level, 0.0, _POINT)


def _resolution(now: _Now, segments: _Segments) -> Freed:
    """A point more first contacts resolved: their repeats are spared, at what the work of a contact costs."""
    sums = segments.parts("repeat_rate", "first_contact_resolution")
    level = _per(sums["resolved_first"], sums["closed_first"])
    heads = sums["identified"] - sums["repeats"]
    # Where every first contact is resolved there is no step left to take.
    each = np.where(level < 1.0, _per(sums["repeats"], heads * (1.0 - level)), 0.0 * level)
    spared = _per(_room(level) * heads * each, sums["identified"])
    return spared * _per(now.used, now.contacts), level
