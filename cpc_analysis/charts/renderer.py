"""Charts without a network: interactive in JupyterLab, a still picture everywhere else."""

from __future__ import annotations

import json
import re
from hashlib import sha256
from typing import Any
from xml.etree import ElementTree

import altair as alt

from cpc_analysis.markup import clean

__all__ = ["bitmap", "bitmap_of_svg", "document", "document_of_svg", "enable_renderer", "offline_bundle", "picture",
           "printable"]  # fmt: skip

_NAME = "cpc_analysis"
_LEGAL_TYPE = "application/vnd.vegalite.v5+json"
#: What the drawing of a font's name cannot hold.
_NO_FONT = re.compile("[<>&]")


def printable(spec: Any, name: str = "") -> Any:
    """A specification that can be drawn: its texts without what no picture holds.

    The drawing library ends the whole process on a control character, on half of a surrogate pair, and on a font called
    ``A&B``.

    Parameters
    ----------
    spec : dict, list or value
        A Vega-Lite specification, or a part of one.
    name : str
        What the part is called.
    """
    if isinstance(spec, dict):
        return {clean(key): printable(value, str(key)) for key, value in spec.items()}
    if isinstance(spec, (list, tuple)):
        return [printable(value, name) for value in spec]
    if not isinstance(spec, str):
        return spec
    text = clean(spec)
    return _NO_FONT.sub("", text) if name.lower().endswith("font") else text


def picture(spec: dict[str, Any]) -> str:
    """The SVG of a Vega-Lite specification, drawn without a browser; the same text for the same specification.

    The names of its clip paths are made of the specification: on a page with several pictures none takes another's.
    """
    import vl_convert

    spec = printable(spec)
    drawn = str(vl_convert.vegalite_to_svg(spec))
    mark = sha256(json.dumps(spec, sort_keys=True).encode()).hexdigest()[:8]
    numbers: dict[str, int] = {}
    return re.sub(r"\bclip(\d+)\b", lambda found: f"clip-{mark}-{numbers.setdefault(found[1], len(numbers))}", drawn)


def bitmap(spec: dict[str, Any], scale: float) -> bytes:
    """A PNG of a Vega-Lite specification, with so many pixels per pixel of the chart."""
    import vl_convert

    return bytes(vl_convert.vegalite_to_png(printable(spec), scale=scale))


def document(spec: dict[str, Any]) -> bytes:
    """A Vega-Lite specification as a PDF of one page."""
    import vl_convert

    return bytes(vl_convert.vegalite_to_pdf(printable(spec)))


def bitmap_of_svg(svg: str, scale: float) -> bytes:
    """A PNG of an SVG, with so many pixels per pixel of it.

    Raises
    ------
    ValueError
        If the SVG is not well-formed.
    """
    import vl_convert

    return bytes(vl_convert.svg_to_png(_well_formed(svg), scale=scale))


def document_of_svg(svg: str) -> bytes:
    """An SVG as a PDF of one page, of the same size.

    Raises
    ------
    ValueError
        If the SVG is not well-formed.
    """
    import vl_convert

    # The converter counts pixels of 3/4 point.
    return bytes(vl_convert.svg_to_pdf(_well_formed(svg), scale=1.0))


def _well_formed(svg: str) -> str:
    text = clean(svg)
    try:
        ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        raise ValueError(f"not well-formed: {error}") from None
    return text


def offline_bundle(spec: dict[str, Any], **_: Any) -> dict[str, Any]:
    """What a notebook keeps of a chart: the specification to be interactive, its picture, and its alt text."""
    # Altair's own type is no legal notebook type; this one is, and JupyterLab draws it.
    spec = printable(spec)
    return {_LEGAL_TYPE: spec, "image/svg+xml": picture(spec), "text/plain": spec.get("description", "chart")}


def enable_renderer() -> None:
    """Make this the way in which notebooks show charts, unless the user chose a renderer of their own."""
    if alt.renderers.active in ("default", "html"):
        alt.renderers.register(_NAME, offline_bundle)
        alt.renderers.enable(_NAME)
