"""What the effects of a bridge are called, and which of them are one together."""

from __future__ import annotations

from collections.abc import Collection

from cpc_analysis.language import joined, say, spoken, term, value_said
from cpc_analysis.models.identity import currency_of
from cpc_analysis.schema import COST_TYPES

__all__ = ["TIME", "cost_said", "effect_in_words", "is_net", "net_effect", "netted", "rates_in_words"]

#: What is one together: no cash moves between work and waiting on a roster.
TIME = ("handle_time", "concurrency", "other_work", "waiting", "beyond_roster")

_WORDS = {
    "payroll_rate": term("wages"), "on_costs": term("on-cost rate"), "premium": term("premiums"),
    "ledger_minus_payroll": term("labour cost beyond the payroll"), "time": term("work net of waiting"),
    "volume": term("the same cost over more or fewer contacts"), "cost_spending": term("spending"),
    "cost_volume": term("the same cost over more or fewer contacts"), "rest": term("all other effects"),
    "mix": term("mix"), "handle_time": term("handle time"), "concurrency": term("concurrency"),
    "other_work": term("work outside of the log"), "beyond_roster": term("work beyond the roster"),
    "waiting": term("waiting"), "availability": term("availability"), "labour_rate": term("labour rate"),
    "rate": term("rate"), "change": term("change"),
}  # fmt: skip
_POOLS = {"other": term("other cost"), "other_labour": term("labour cost without handle time"),
          "other_work": term("work outside of the log"), "labour": term("labour")}  # fmt: skip


@spoken
def effect_in_words(effect: str) -> str:
    """The name of an effect as it is said.

    Examples
    --------
    >>> effect_in_words("payroll_rate"), effect_in_words("technology_spending"), effect_in_words("facilities_volume")
    ('wages', 'spending on technology', 'cost of facilities over more or fewer contacts')
    >>> effect_in_words("licences_EUR"), effect_in_words("EUR")
    ('licences in EUR at another rate', 'EUR at another rate')
    """
    if effect in _WORDS:
        return say(_WORDS[effect])
    if currency_of(effect):
        return rates_in_words(effect, say("at another rate"))
    cost_type, _, kind = effect.rpartition("_")
    if kind == "spending":
        return say("spending on {cost}", cost=cost_said(cost_type))
    if kind == "volume":
        return say("{cost} over more or fewer contacts", cost=_cost_of(cost_type))
    return _cost_of(effect) if effect in (*COST_TYPES, *_POOLS) else effect.replace("_", " ")


@spoken
def rates_in_words(effect: str, rates: str) -> str:
    """The effect of a currency's rate as it is said.

    Parameters
    ----------
    effect : str
        Its name, that of a currency or of one's effect through a cost type.
    rates : str
        What the rate did, in words.

    Examples
    --------
    >>> rates_in_words("licences_EUR", "from 7.40 to 7.60 DKK")
    'licences in EUR from 7.40 to 7.60 DKK'
    """
    currency = currency_of(effect)
    if effect == currency:
        return joined(currency, rates)
    cost_type = effect.removesuffix(f"_{currency}")
    return say("{cost} in {currency} {rates}", cost=cost_said(cost_type), currency=currency, rates=rates)


def _cost_of(cost_type: str) -> str:
    return say(_POOLS[cost_type]) if cost_type in _POOLS else say("cost of {cost}", cost=cost_said(cost_type))


@spoken
def cost_said(cost_type: str) -> str:
    """A cost type of a bridge as it is said.

    Examples
    --------
    >>> cost_said("labour"), cost_said("on_costs")
    ('labour', 'on costs')
    """
    known = say(_POOLS[cost_type]) if cost_type in _POOLS else value_said("cost_type", cost_type)
    return known.replace("_", " ")


def netted(effects: dict[str, float]) -> dict[str, float]:
    """Effects with those as one that are one together, as far as there are several."""
    result: dict[str, float] = {}
    for name, amount in effects.items():
        net = net_effect(name, effects)
        result[net] = result.get(net, 0.0) + amount
    return result


def net_effect(effect: str, among: Collection[str]) -> str:
    """The netted effect that one is a part of where there are others, else the effect itself."""
    if effect in TIME:
        return "time" if len(set(TIME) & set(among)) > 1 else effect
    return "volume" if effect.endswith("_volume") else currency_of(effect) or effect


def is_net(effect: str) -> bool:
    """Whether an effect stands for several together.

    Examples
    --------
    >>> is_net("volume"), is_net("EUR"), is_net("licences_EUR")
    (True, True, False)
    """
    return effect in ("time", "volume") or effect == currency_of(effect) != ""
