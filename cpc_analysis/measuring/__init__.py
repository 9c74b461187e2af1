"""Measuring: quantities by any columns and periods, and the SQL behind them."""

from cpc_analysis.measuring.quantities import measure
from cpc_analysis.measuring.queries import show_query

__all__ = ["measure", "show_query"]
