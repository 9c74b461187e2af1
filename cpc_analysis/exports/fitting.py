"""How much room texts take: measured with the fonts of this machine, so that none leaves its place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

__all__ = ["LINE", "Fitted", "fitted", "font_family", "text_width", "wrapped"]

#: The height of a line in font sizes, as presentation programs set it.
LINE = 1.2
#: Fonts differ a little from machine to machine.
_SAFETY = 1.04
_MEASURED = 100
_PLAIN = "Arial"
_FILES = {
    False: ("{}.ttf", "{}-Regular.ttf", "arial.ttf", "Arial.ttf", "LiberationSans-Regular.ttf", "DejaVuSans.ttf"),
    True: ("{}-Bold.ttf", "{}bd.ttf", "arialbd.ttf", "Arial Bold.ttf", "LiberationSans-Bold.ttf",
           "DejaVuSans-Bold.ttf"),
}  # fmt: skip


@dataclass(frozen=True)
class Fitted:
    """A text broken to its place.

    Parameters
    ----------
    size : float
        Of the font [points].
    lines : tuple of str
        The lines.
    is_whole : bool
        Whether nothing was left out.
    """

    size: float
    lines: tuple[str, ...]
    is_whole: bool = True

    @property
    def height(self) -> float:
        """The height of all lines [points]."""
        return len(self.lines) * self.size * LINE


def font_family(font: str) -> str:
    """The first font of a list such as a style sheet has; a plain one where there is none.

    Examples
    --------
    >>> font_family("Verdana, sans-serif"), font_family("")
    ('Verdana', 'Arial')
    """
    return font.split(",")[0].strip(" '\"") or _PLAIN


@cache
def _font(family: str, bold: bool) -> Any:
    from PIL import ImageFont

    names = [name.format(family.replace(" ", "")) for name in _FILES[bold]]
    for name in dict.fromkeys(names):
        try:
            return ImageFont.truetype(name, _MEASURED)
        except OSError:
            continue
    return ImageFont.load_default(_MEASURED)


def text_width(text: str, size: float, family: str = "", bold: bool = False) -> float:
    """The width of one line [points]."""
    return float(_font(font_family(family), bold).getlength(text)) * size / _MEASURED * _SAFETY


def wrapped(text: str, width: float, size: float, family: str = "", bold: bool = False) -> tuple[str, ...]:
    """A text in lines no wider than `width` [points]; a word that is wider alone is broken."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            together = f"{line} {word}" if line else word
            if text_width(together, size, family, bold) <= width:
                line = together
                continue
            if line:
                lines.append(line)
            *full, line = _broken(word, width, size, family, bold)
            lines += full
        lines.append(line)
    return tuple(lines)


def _broken(word: str, width: float, size: float, family: str, bold: bool) -> list[str]:
    pieces = [""]
    if text_width(word, size, family, bold) <= width:
        return [word]
    for letter in word:
        if pieces[-1] and text_width(pieces[-1] + letter, size, family, bold) > width:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def fitted(
    text: str, width: float, height: float, sizes: Iterable[float], family: str = "", bold: bool = False
) -> Fitted:
    """A text in the largest size that fits its place [points]; in the smallest one what does not fit is left out.

    Examples
    --------
    >>> fitted("Cost per contact fell", 400, 40, (28, 24, 20), bold=True).lines
    ('Cost per contact fell',)
    """
    found = Fitted(1.0, ("",))
    for size in sizes:
        found = Fitted(size, wrapped(text, width, size, family, bold))
        if found.height <= height:
            return found
    most = max(int(height / (found.size * LINE)), 1)
    kept = list(found.lines[:most])
    last = f"{kept[-1]} …"
    while len(last) > 2 and text_width(last, found.size, family, bold) > width:
        last = f"{last[:-2].rstrip()[:-1].rstrip()} …"
    return Fitted(found.size, (*kept[:-1], last), is_whole=False)
