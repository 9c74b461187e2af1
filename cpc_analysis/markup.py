"""Texts of any origin as files can hold them; texts, tables and pictures as HTML."""

from __future__ import annotations

import os
import re
from base64 import b64encode
from collections.abc import Collection, Iterable, Sequence
from html import escape
from pathlib import Path

from cpc_analysis.errors import MissingFileError, UnreadableFileError, listed

__all__ = ["clean", "logo_html", "paragraphs_html", "table_html"]

_LEFT = ' class="text" style="text-align: left"'
_PICTURES = {".png": "image/png", ".svg": "image/svg+xml", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}
#: What no file of XML may hold, and no page either.
_ILLEGAL = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: object) -> str:
    """A text without the characters that files cannot hold.

    Examples
    --------
    >>> clean("voice\\x00 \\x1b[1m")
    'voice [1m'
    """
    return _ILLEGAL.sub("", str(text))


def paragraphs_html(texts: Iterable[object]) -> str:
    """Texts as paragraphs; empty ones are left out.

    Examples
    --------
    >>> paragraphs_html(["a < b", ""])
    '<p>a &lt; b</p>'
    """
    return "\n".join(f"<p>{escape(text, quote=False)}</p>" for text in map(clean, texts) if text)


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
    heads = "".join(f"<th{style}>{escape(clean(name))}</th>" for name, style in zip(columns, styles, strict=True))
    lines = [
        f"<tr><th{_LEFT}>{escape(clean(name))}</th>"
        + "".join(f"<td{style}>{escape(clean(cell))}</td>" for cell, style in zip(cells, styles, strict=True))
        + "</tr>"
        for name, *cells in rows
    ]
    head, body = f"<th{_LEFT}>{escape(clean(corner))}</th>{heads}", "\n".join(lines)
    return f'<table class="dataframe">\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>'


def logo_html(path: str) -> str:
    """A logo inside its page, which needs no other file then; a decoration. Empty without one.

    Parameters
    ----------
    path : str
        Of a picture.

    Raises
    ------
    MissingFileError
        If it is not there.
    UnreadableFileError
        If its ending is not that of a picture.
    """
    if not path:
        return ""
    kind = _PICTURES.get(Path(path).suffix.lower())
    if kind is None:
        raise UnreadableFileError(f"`logo` must be a picture ({listed(_PICTURES)}), got {path}.")
    if not os.path.isfile(path):
        raise MissingFileError(f"`logo` must be a file, got none at {path}. Check the path.")
    content = b64encode(Path(path).read_bytes()).decode("ascii")
    return f'<img class="logo" alt="" src="data:{kind};base64,{content}">\n'
