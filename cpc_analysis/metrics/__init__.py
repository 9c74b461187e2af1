"""The arithmetic on its own: numbers and arrays in, numbers and arrays out; it knows no tables."""

from cpc_analysis.metrics import cost

__all__ = ["cost"]
