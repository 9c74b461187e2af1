"""Readers, mapping verbs and shipped mappings: from the files of other systems to the canonical tables."""

from cpc_analysis.sources.inference import infer_shifts
from cpc_analysis.sources.project import open_project
from cpc_analysis.sources.samples import load_sample

__all__ = ["infer_shifts", "load_sample", "open_project"]
