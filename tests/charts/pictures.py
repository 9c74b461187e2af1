"""Charts drawn: their texts, their marks, and whether all of their ink is inside of the picture."""

from __future__ import annotations

from io import BytesIO
from xml.etree import ElementTree

import altair as alt
import numpy as np
import vl_convert
from PIL import Image

#: How far outside of a picture ink is looked for [pixels].
_MARGIN = 200
#: At half its size a picture is drawn in half the time, and two of its pixels are still seen.
_SCALE = 0.5


def drawing(chart: alt.TopLevelMixin) -> ElementTree.Element:
    return ElementTree.fromstring(vl_convert.vegalite_to_svg(chart.to_dict()))


def texts(svg: ElementTree.Element) -> list[str]:
    return ["".join(node.itertext()) for node in svg.iter() if node.tag.endswith("}text")]


def marks(svg: ElementTree.Element) -> int:
    paths = [node for node in svg.iter() if node.tag.endswith("}path") and node.get("aria-roledescription")]
    return len(paths)


def ink_outside(svg: str) -> int:
    """How much of a chart lies outside of its own picture, drawn on a larger sheet: what would be cut off [pixels]."""
    root = ElementTree.fromstring(svg)
    width, height = float(root.get("width")), float(root.get("height"))
    head, rest = svg.split(">", 1)
    for name, before, after in (
        ("viewBox", root.get("viewBox"), f"{-_MARGIN} {-_MARGIN} {width + 2 * _MARGIN} {height + 2 * _MARGIN}"),
        ("width", root.get("width"), f"{width + 2 * _MARGIN}"),
        ("height", root.get("height"), f"{height + 2 * _MARGIN}"),
    ):
        assert f'{name}="{before}"' in head
        head = head.replace(f'{name}="{before}"', f'{name}="{after}"', 1)
    png = vl_convert.svg_to_png(f"{head}>{rest}", scale=_SCALE)
    sheet = np.asarray(Image.open(BytesIO(png)).convert("RGBA"))[:, :, 3] > 40
    # A pixel on either side is the softness of an edge.
    edge = int(_MARGIN * _SCALE) - 1
    sheet[edge : sheet.shape[0] - edge, edge : sheet.shape[1] - edge] = False
    return int(sheet.sum())
