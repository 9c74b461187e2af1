"""Exploring: pick a quantity, groups, a period and filters; chart, table and the code that makes them follow."""

from cpc_analysis.exploring.explorer import Explorer, explore

__all__ = ["Explorer", "explore"]
