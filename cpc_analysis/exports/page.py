"""Results as one page of HTML: interactive without a network, still on paper and where no script runs."""

from __future__ import annotations

import json
from functools import cache
from html import escape
from pathlib import Path

from cpc_analysis.charts.renderer import picture
from cpc_analysis.exports.cells import Cells, cells_of
from cpc_analysis.exports.exhibits import Exhibit
from cpc_analysis.language import say
from cpc_analysis.markup import clean, logo_html
from cpc_analysis.presentation import Presentation

__all__ = ["written"]

#: Nothing but what the page holds itself may be loaded.
_POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline' 'unsafe-eval'; "
    "font-src data:"
)
#: More rows than this are broken over pages of paper.
_LONG = 30
_DRAW = """
for (const place of document.querySelectorAll(".live")) {
  const specification = JSON.parse(document.getElementById(place.id + "-data").textContent);
  vegaEmbed(place, specification, {actions: false, renderer: "svg"})
    .catch(() => { place.remove(); document.documentElement.classList.remove("js"); });
}
"""


def written(exhibits: list[Exhibit], ending: str, house: Presentation, scale: float) -> list[bytes]:
    """One page."""
    charts = [exhibit for exhibit in exhibits if exhibit.specification is not None]
    sections = [_section(exhibit, number) for number, exhibit in enumerate(exhibits, start=1)]
    scripts = f"<script>{_library()}</script>\n<script>{_DRAW}</script>\n" if charts else ""
    style = Path(__file__).with_name("page.css").read_text(encoding="utf-8")
    font = f'body {{ font-family: "{_in_style(house.font)}", Arial, sans-serif; }}' if house.font else ""
    logo = f"<header>{logo_html(house.logo)}</header>\n" if house.logo else ""
    page = (
        f'<!DOCTYPE html>\n<html lang="{house.language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_text(exhibits[0].title)}</title>\n<style>\n{style}{font}</style>\n"
        '<script>document.documentElement.className = "js";</script>\n</head>\n<body>\n'
        f"{logo}<main>\n{''.join(sections)}</main>\n{scripts}</body>\n</html>\n"
    )
    return [page.encode("utf-8")]


@cache
def _library() -> str:
    """What draws charts in a browser, once for all of them."""
    import vl_convert

    # The end of a script would be the end of the library.
    bundle = str(vl_convert.javascript_bundle())  # type: ignore[call-arg]  # it needs no snippet
    return bundle.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def _text(text: object) -> str:
    return escape(clean(text))


def _in_style(name: str) -> str:
    return "".join(letter for letter in name if letter not in '"\\<>{};')


def _section(exhibit: Exhibit, number: int) -> str:
    cells = exhibit.cells
    if cells is None and exhibit.numbers is not None:
        cells = cells_of(exhibit.numbers)
    is_long = exhibit.specification is None and cells is not None and len(cells.rows) > _LONG
    opening = '<section class="long">' if is_long else "<section>"
    parts = [f"{opening}\n<h1>{_text(exhibit.title)}</h1>\n"]
    if exhibit.subtitle:
        parts.append(f'<p class="definition">{_text(exhibit.subtitle)}</p>\n')
    if exhibit.specification is not None:
        parts.append(_figure(exhibit, f"chart-{number}"))
    if cells is not None:
        table = _table(cells, exhibit.title)
        is_behind = exhibit.specification is not None
        parts.append(f"<details><summary>{_text(say('The numbers'))}</summary>{table}</details>\n"
                     if is_behind else table)  # fmt: skip
    parts += [f"<p>{_text(text)}</p>\n" for text in exhibit.texts]
    if exhibit.definition and exhibit.definition not in exhibit.subtitle:
        definition = f"<p>{_text(exhibit.definition)}</p>"
        parts.append(f"<details><summary>{_text(say('Definition'))}</summary>{definition}</details>\n")
    return "".join([*parts, "</section>\n"])


def _figure(exhibit: Exhibit, name: str) -> str:
    # The page says the title already.
    specification = {key: part for key, part in (exhibit.specification or {}).items() if key != "title"}
    data = json.dumps(specification, ensure_ascii=False).replace("<", "\\u003c")
    alt = escape(clean(exhibit.alt or exhibit.title), quote=True)
    return (
        f'<figure role="group" aria-label="{alt}">\n<div class="live" id="{name}"></div>\n'
        f'<div class="still">{picture(specification)}</div>\n'
        f'<script type="application/json" id="{name}-data">{data}</script>\n</figure>\n'
    )


def _table(cells: Cells, title: str) -> str:
    def row(texts: tuple[str, ...], tag: str) -> str:
        sides = ['<{} class="left">' if place in cells.left else "<{}>" for place in range(len(texts))]
        cell = "".join(f"{side.format(tag)}{_text(text)}</{tag}>" for side, text in zip(sides, texts, strict=True))
        return f"<tr>{cell}</tr>\n"

    body = "".join(row(texts, "td") for texts in cells.rows)
    label = escape(clean(title), quote=True)
    return (
        f'<div class="wide"><table aria-label="{label}">\n<thead>{row(cells.heads, "th")}</thead>\n'
        f"<tbody>\n{body}</tbody>\n</table></div>\n"
    )
