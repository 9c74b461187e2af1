"""The identity of a cost per contact, which bridge and sensitivity share: its parts, and what each of them did."""

from cpc_analysis.models.identity.breakdown import Breakdown, break_down, has_effects
from cpc_analysis.models.identity.currencies import currency_of
from cpc_analysis.models.identity.pools import CostEffects
from cpc_analysis.models.identity.sides import Labour, Side

__all__ = ["Breakdown", "CostEffects", "Labour", "Side", "break_down", "currency_of", "has_effects"]
