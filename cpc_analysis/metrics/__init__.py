"""The arithmetic on its own: numbers and arrays in, numbers and arrays out; it knows no tables."""

from cpc_analysis.metrics import cost, decomposition

__all__ = ["cost", "decomposition"]
