"""The sample centre: a fictitious Nordic retailer's contact centre, generated from a seed and known truths."""

from cpc_analysis.sources.sample_centre.centre import SampleCentre, generate_centre, write_centre
from cpc_analysis.sources.sample_centre.truths import Truths

__all__ = ["SampleCentre", "Truths", "generate_centre", "write_centre"]
