"""Results as files: slides, workbooks, pages, documents and pictures, by the ending."""

from cpc_analysis.exports.writing import export

__all__ = ["export"]
