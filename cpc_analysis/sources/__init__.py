"""Readers, mapping verbs and shipped mappings: from the files of other systems to the canonical tables."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cpc_analysis.sources.inference import infer_shifts as infer_shifts
    from cpc_analysis.sources.project import open_project as open_project
    from cpc_analysis.sources.samples import load_sample as load_sample

_HOMES = {"infer_shifts": "inference", "load_sample": "samples", "open_project": "project"}

__all__ = ["infer_shifts", "load_sample", "open_project"]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"cpc_analysis.sources.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'cpc_analysis.sources' has no attribute '{name}'")
