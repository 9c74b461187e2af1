"""Reports: a notebook run with checked parameters becomes one page without code, its charts and an index."""

from cpc_analysis.reports.catalogue import Notebook, find_notebook, list_notebooks
from cpc_analysis.reports.parameters import Parameter, read_parameters
from cpc_analysis.reports.report import Report
from cpc_analysis.reports.running import run_notebook, run_notebooks

__all__ = [
    "Notebook",
    "Parameter",
    "Report",
    "find_notebook",
    "list_notebooks",
    "read_parameters",
    "run_notebook",
    "run_notebooks",
]
