"""Policies: which contacts count, and where each cost type goes. Small frozen records that print themselves."""

from cpc_analysis.policy.costing import RULES, Costing
from cpc_analysis.policy.counting import Counting, Definition
from cpc_analysis.policy.durations import duration_in_words, parse_duration
from cpc_analysis.policy.opening import OpeningHours

__all__ = ["RULES", "Costing", "Counting", "Definition", "OpeningHours", "duration_in_words", "parse_duration"]
