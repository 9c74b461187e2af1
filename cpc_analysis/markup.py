"""Texts and tables as HTML: whole, and wrapped between words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from html import escape

__all__ = ["paragraphs_html", "table_html"]

_LEFT = ' class="text" style="text-align: left"'


def paragraphs_html(texts: Iterable[object]) -> str:
    """Texts as paragraphs; empty ones are left out.

    Examples
    --------
    >>> paragraphs_html(["a < b", ""])
    '<p>a &lt; b</p>'
    """
    return "\n".join(f"<p>{escape(text, quote=False)}</p>" for text in map(str, texts) if text)


def table_html(
    columns: Sequence[object], rows: Iterable[Sequence[object]], words: Collection[object] = (), corner: object = ""
) -> str:
    """A table of texts.

    Parameters
    ----------
    columns : sequence of str
        The headings.
    rows : iterable of sequence of str
        What each row is, then a cell for each column.
    words : collection of str
        The columns of words rather than numbers: they stand to the left.
    corner : str
        What stands over the rows' names.
    """
    styles = [_LEFT if name in words else "" for name in columns]
    heads = "".join(f"<th{style}>{escape(str(name))}</th>" for name, style in zip(columns, styles, strict=True))
    lines = [
        f"<tr><th{_LEFT}>{escape(str(name))}</th>"
        + "".join(f"<td{style}>{escape(str(cell))}</td>" for cell, style in zip(cells, styles, strict=True))
        + "</tr>"
        for name, *cells in rows
    ]
    head, body = f"<th{_LEFT}>{escape(str(corner))}</th>{heads}", "\n".join(lines)
    return f'<table class="dataframe">\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>'
