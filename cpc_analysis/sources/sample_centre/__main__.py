"""Writes the sample centre to `data/samples` of the checkout: `python -m cpc_analysis.sources.sample_centre`."""

from pathlib import Path

from cpc_analysis.sources.sample_centre.centre import generate_centre, write_centre

for path in write_centre(generate_centre(), Path(__file__).resolve().parents[3] / "data" / "samples"):
    print(f"{path.name}: {path.stat().st_size / 1000:,.0f} kB")
