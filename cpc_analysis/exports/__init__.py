"""Charts as files: PNG and SVG by the ending."""

from cpc_analysis.exports.pictures import export

__all__ = ["export"]
