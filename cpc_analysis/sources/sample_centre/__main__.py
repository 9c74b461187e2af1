"""Writes the sample centre: `python -m cpc_analysis.sources.sample_centre`."""

from cpc_analysis.sources.samples import main

main()
