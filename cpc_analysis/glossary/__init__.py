"""The glossary: one record per quantity - its name, unit, meaning, parts and source - and labels in English and Danish.

A ratio names its numerator and its denominator, both of which add up; an average of averages cannot be written.
"""

from cpc_analysis.glossary.parts import PARTS, Fact, Part
from cpc_analysis.glossary.quantities import QUANTITIES, Quantity, describe, label

__all__ = ["PARTS", "QUANTITIES", "Fact", "Part", "Quantity", "describe", "label"]
