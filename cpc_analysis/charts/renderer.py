"""Charts without a network: interactive in JupyterLab, a still picture everywhere else."""

from __future__ import annotations

import json
import re
from hashlib import sha256
from typing import Any

import altair as alt

__all__ = ["enable_renderer", "offline_bundle", "picture"]

_NAME = "cpc_analysis"
_LEGAL_TYPE = "application/vnd.vegalite.v5+json"


def picture(spec: dict[str, Any]) -> str:
    """The SVG of a Vega-Lite specification, drawn without a browser; the same text for the same specification.

    The names of its clip paths are made of the specification: on a page with several pictures none takes another's.
    """
    import vl_convert

    drawn = str(vl_convert.vegalite_to_svg(spec))
    mark = sha256(json.dumps(spec, sort_keys=True).encode()).hexdigest()[:8]
    numbers: dict[str, int] = {}
    return re.sub(r"\bclip(\d+)\b", lambda found: f"clip-{mark}-{numbers.setdefault(found[1], len(numbers))}", drawn)


def offline_bundle(spec: dict[str, Any], **_: Any) -> dict[str, Any]:
    """What a notebook keeps of a chart: the specification to be interactive, its picture, and its alt text."""
    # Altair's own type is no legal notebook type; this one is, and JupyterLab draws it.
    return {_LEGAL_TYPE: spec, "image/svg+xml": picture(spec), "text/plain": spec.get("description", "chart")}


def enable_renderer() -> None:
    """Make this the way in which notebooks show charts, unless the user chose a renderer of their own."""
    if alt.renderers.active in ("default", "html"):
        alt.renderers.register(_NAME, offline_bundle)
        alt.renderers.enable(_NAME)
