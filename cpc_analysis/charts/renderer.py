"""Charts without a network: interactive in JupyterLab, a still picture everywhere else."""

from __future__ import annotations

from typing import Any

import altair as alt

__all__ = ["enable_renderer", "picture"]

_NAME = "cpc_analysis"
_LEGAL_TYPE = "application/vnd.vegalite.v5+json"


def picture(spec: dict[str, Any]) -> str:
    """The SVG of a Vega-Lite specification, drawn without a browser."""
    import vl_convert

    return str(vl_convert.vegalite_to_svg(spec))


def _bundle(spec: dict[str, Any], **_: Any) -> dict[str, Any]:
    # Altair's own type is no legal notebook type; this one is, and JupyterLab draws it.
    return {_LEGAL_TYPE: spec, "image/svg+xml": picture(spec), "text/plain": spec.get("description", "chart")}


def enable_renderer() -> None:
    """Make this the way in which notebooks show charts, unless the user chose a renderer of their own."""
    if alt.renderers.active in ("default", "html"):
        alt.renderers.register(_NAME, _bundle)
        alt.renderers.enable(_NAME)
