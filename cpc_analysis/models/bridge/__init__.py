"""The bridge: why a figure changed, exactly, and whether that is out of the ordinary."""

from cpc_analysis.models.bridge.explaining import explain_change
from cpc_analysis.models.bridge.record import Bridge

__all__ = ["Bridge", "explain_change"]
