"""The bridge: why a figure changed, exactly, and whether that is out of the ordinary."""

from cpc_analysis.models.bridge.explaining import explain_change
from cpc_analysis.models.bridge.record import Bridge, effect_in_words

__all__ = ["Bridge", "effect_in_words", "explain_change"]
