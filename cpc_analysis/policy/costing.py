"""Where each cost type goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal

from cpc_analysis.errors import InvalidInputError, listed
from cpc_analysis.language import term
from cpc_analysis.policy.settings import check_one_of, checked, known_settings, number, numbers, texts
from cpc_analysis.schema import CHANNELS, COST_TYPES, LABOUR_TYPES

__all__ = ["RULES", "Costing"]

Shares = Mapping[str, float]
Rule = str | Shares | None

#: The rules by which a cost type can be shared out, each in words.
RULES = {
    "group_time": term("each staffing group's paid time lies on its own work by handled time"),
    "agent_time": term("each agent's paid time lies on their own work by handled time"),
    "wage_time": term("by handled time at the agent's wage"),
    "handle_time": term("by handled time"),
    "contacts": term("by number of contacts"),
    "headcount": term("equally per active agent, then by handled time"),
}


def _rule(cost_type: str, rule: Any) -> Rule:
    """The rule of a cost type: a name, shares by channel, or None."""
    if rule is None:
        return None
    if isinstance(rule, str):
        check_one_of(cost_type, rule, RULES)
        return rule
    if not isinstance(rule, Mapping):
        raise InvalidInputError(
            f"`{cost_type}` must be one of {listed(RULES)}, or shares by channel such as {{voice = 0.6, chat = 0.4}}, "
            f"got '{rule}'."
        )
    for channel, share in rule.items():
        check_one_of(cost_type, channel, CHANNELS)
        number(f"{cost_type}.{channel}", share)
    if any(share < 0 for share in rule.values()) or abs(sum(rule.values()) - 1) > 1e-9:
        raise InvalidInputError(
            f"`{cost_type}`: shares by channel must not be negative and must add up to 1, got {dict(rule)}."
        )
    return dict(rule)


_CHECKS: dict[str, Any] = {
    "standard_handle_seconds": partial(numbers, known=CHANNELS, above=0),
    "spread_accounts": texts,
    "premium_accounts": texts,
    "piece_accounts": texts,
}


@dataclass(frozen=True)
class Costing:
    """Where each cost type goes: one field per cost type, and where wages come from.

    Each cost type takes the name of a rule (see `RULES`), shares by channel such as
    ``{"voice": 0.6, "chat": 0.4}``, or None for its default: salaries and on-costs by ``group_time`` where shifts
    exist, else ``wage_time`` where wages do, else ``handle_time``; telecom by ``contacts``; licences and equipment
    by ``headcount``; every other by ``handle_time``.

    Parameters
    ----------
    salaries, on_costs, technology, licences, telecom, chat, facilities, equipment, training, management, tax : optional
        The rule of each cost type, or its shares by channel.
    outsourcing, other : optional
        The same of what is bought from others, and of the rest.
    wages_from : {"ledger", "payroll"}
        ``"ledger"``: the ledger says how much, payroll only shares it out. ``"payroll"``: labour is generated from
        paid hours and wages; labour accounts in the ledger then raise.
    hourly_cost : float or None
        A stated, loaded cost of a paid hour [currency], where neither ledger nor payroll holds labour.
    standard_handle_seconds : mapping of channel to float
        A stated standard for answered contacts without a measured handle time [seconds].
    spread_accounts : tuple of str
        Accounts whose lines are spread over their service period, by days. Never accruals and their reversals.
    premium_accounts : tuple of str
        Labour accounts that pay more than the hourly wage: overtime, supplements, bonuses. They are costed as any
        other; an explanation of a change tells them from a raise.
    piece_accounts : tuple of str
        Accounts bought by the piece - agency, overtime, hourly staff not yet on a roster: cash when no longer needed.

    Examples
    --------
    >>> Costing(technology="contacts").technology
    'contacts'
    """

    salaries: Rule = None
    on_costs: Rule = None
    technology: Rule = None
    licences: Rule = None
    telecom: Rule = None
    chat: Rule = None
    facilities: Rule = None
    equipment: Rule = None
    training: Rule = None
    management: Rule = None
    tax: Rule = None
    outsourcing: Rule = None
    other: Rule = None
    wages_from: Literal["ledger", "payroll"] = "ledger"
    hourly_cost: float | None = None
    standard_handle_seconds: Mapping[str, float] = field(default_factory=dict)
    spread_accounts: tuple[str, ...] = ()
    premium_accounts: tuple[str, ...] = ()
    piece_accounts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        checked(self, dict.fromkeys(COST_TYPES, _rule) | _CHECKS)
        check_one_of("wages_from", self.wages_from, ("ledger", "payroll"))
        if self.hourly_cost is not None:
            number("hourly_cost", self.hourly_cost, above=0)

    def rule(self, cost_type: str, *, shifts: bool, wages: bool) -> str | dict[str, float]:
        """The rule in force for a cost type, given whether there are shifts and wages.

        Parameters
        ----------
        cost_type : str
            One of `COST_TYPES`.
        shifts, wages : bool
            Whether the dataset has them.
        """
        stated = getattr(self, cost_type)
        if stated is not None:
            return stated if isinstance(stated, str) else dict(stated)
        if cost_type in LABOUR_TYPES:
            return "group_time" if shifts else "wage_time" if wages else "handle_time"
        return {"telecom": "contacts", "licences": "headcount", "equipment": "headcount"}.get(cost_type, "handle_time")

    @classmethod
    def from_mapping(cls, settings: Mapping[str, Any]) -> Costing:
        """The policy that a table of a project file states.

        Parameters
        ----------
        settings : mapping of str to value
            The table ``[costing]``.
        """
        return cls(**known_settings(settings, cls))

    def __hash__(self) -> int:
        return hash(repr(self))
