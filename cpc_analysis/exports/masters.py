"""The presentation that slides are put into: the user's template, or a plain one in the look of the house."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from cpc_analysis.charts.theme import colour as shade
from cpc_analysis.errors import InvalidInputError, MissingFileError, UnreadableFileError
from cpc_analysis.exports.fitting import font_family
from cpc_analysis.presentation import Presentation

__all__ = ["EMU", "TITLES", "Place", "Stage", "opened"]

#: English Metric Units in a point.
EMU = 12_700
_WIDTH, _HEIGHT = 960.0, 540.0
_MARGIN = 43.0
_ONLY_TITLE = ("title only", "kun titel", "nur titel", "titre seul", "endast rubrik", "kun tittel")
_TEMPLATE_TYPE = "presentationml.template.main+xml"
_DECK_TYPE = "presentationml.presentation.main+xml"
#: Kinds of placeholders by PowerPoint's numbers: titles and centred titles; and slide numbers, footers and dates.
TITLES = (1, 3)
_FURNITURE = (13, 15, 16)
_PRESENTATION = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


@dataclass(frozen=True)
class Place:
    """A rectangle of a slide [points]."""

    left: float
    top: float
    width: float
    height: float

    @property
    def emu(self) -> tuple[int, int, int, int]:
        """Left, top, width and height as shapes take them."""
        return tuple(round(value * EMU) for value in (self.left, self.top, self.width, self.height))  # type: ignore[return-value]

    @property
    def bottom(self) -> float:
        """How far down it reaches."""
        return self.top + self.height

    def below(self, top: float) -> Place:
        """What lies between a height and its end."""
        return Place(self.left, top, self.width, max(self.bottom - top, 0.0))


@dataclass(frozen=True, eq=False)
class Stage:
    """Where slides are put.

    Parameters
    ----------
    deck : pptx.presentation.Presentation
        Without slides.
    layout : pptx.slide.SlideLayout
        What every slide is made from.
    title, body : Place
        The room for the title, and for everything else.
    title_size : float
        The largest font of a title [points].
    font : str
        The font of titles and texts, as they are measured.
    is_own : bool
        Whether it is plain, without a template.
    """

    deck: Any
    layout: Any
    title: Place
    body: Place
    title_size: float
    font: str
    is_own: bool


def opened(house: Presentation) -> Stage:
    """The template of a house without its slides, else a plain presentation of 13.333 by 7.5 inches.

    Raises
    ------
    MissingFileError
        If the template is not there.
    UnreadableFileError
        If it is no PowerPoint file.
    """
    return _from_template(Path(house.template)) if house.template else _plain(font_family(house.font))


def _from_template(path: Path) -> Stage:
    deck = _read(path)
    _remove_slides(deck)
    layout = _layout(deck)
    title = next((shape for shape in layout.placeholders if shape.placeholder_format.type in TITLES), None)
    wide, high = deck.slide_width / EMU, deck.slide_height / EMU
    place = _place(title) if title is not None else Place(0.05 * wide, 0.05 * high, 0.9 * wide, 0.12 * high)
    body = _body(layout, place, high)
    return Stage(deck, layout, place, body, _title_size(deck, title), _theme_font(deck), is_own=False)


def _read(path: Path) -> Any:
    """A presentation; a template (.potx) is one of another name."""
    from pptx import Presentation as open_presentation
    from pptx.exc import PythonPptxError

    if not os.path.isfile(path):
        raise MissingFileError(f"`template` must be a file, got none at {path}. Check the path.")
    try:
        with ZipFile(path) as package:
            if _TEMPLATE_TYPE not in package.read("[Content_Types].xml").decode("utf-8"):
                return open_presentation(str(path))
            content = BytesIO()
            with ZipFile(content, "w") as copy:
                for name in package.namelist():
                    part = package.read(name)
                    if name == "[Content_Types].xml":
                        part = part.replace(_TEMPLATE_TYPE.encode(), _DECK_TYPE.encode())
                    copy.writestr(name, part)
        return open_presentation(content)
    except (BadZipFile, KeyError, ValueError, OSError, PythonPptxError):
        raise UnreadableFileError(
            f"`template` must be a PowerPoint file (.pptx or .potx), got one that cannot be read as such: {path}."
        ) from None


def _remove_slides(deck: Any) -> None:
    """Take out every slide, and the sections and shows that would name slides that are gone."""
    listed = deck.slides._sldIdLst
    for entry in list(listed):
        deck.part.drop_rel(entry.rId)
        listed.remove(entry)
    root = deck.part._element
    for show in root.findall(f"{_PRESENTATION}custShowLst"):
        root.remove(show)
    for extensions in root.findall(f"{_PRESENTATION}extLst"):
        for extension in list(extensions):
            if any(child.tag.endswith("}sectionLst") for child in extension):
                extensions.remove(extension)


def _layout(deck: Any) -> Any:
    """The layout with a title and nothing else, by its name or else by its placeholders."""
    layouts = [layout for master in deck.slide_masters for layout in master.slide_layouts]
    if not layouts:
        raise InvalidInputError(
            "`template` must have at least one slide layout, got one without any. Add a layout with a title to its "
            "slide master, or leave `template` out."
        )
    named = [layout for layout in layouts if layout.name.strip().casefold() in _ONLY_TITLE]
    if named:
        return named[0]

    def distance(layout: Any) -> tuple[int, int]:
        kinds = [shape.placeholder_format.type for shape in layout.placeholders]
        others = [kind for kind in kinds if kind not in (*TITLES, *_FURNITURE)]
        return (0 if 1 in kinds else 1 if 3 in kinds else 2, len(others))

    return min(layouts, key=distance)


def _place(shape: Any) -> Place:
    return Place(*(value / EMU for value in (shape.left, shape.top, shape.width, shape.height)))


def _body(layout: Any, title: Place, high: float) -> Place:
    """The room of the layout's own content, else what lies between the title and the foot of the slide."""
    content = [
        _place(shape) for shape in layout.placeholders
        if shape.placeholder_format.type not in (*TITLES, *_FURNITURE) and shape.width and shape.height
    ]  # fmt: skip
    largest = max(content, key=lambda place: place.width * place.height, default=None)
    if largest is not None and largest.height > high / 3:
        return largest
    if title.top > high / 2:
        return Place(title.left, 0.06 * high, title.width, title.top - 0.08 * high)
    # A slide shows the date, footer and number of its layout, not those that only the master has.
    feet = [
        shape.top / EMU
        for shape in layout.placeholders
        if shape.placeholder_format.type in _FURNITURE and shape.top is not None and shape.top / EMU > title.bottom
    ]
    foot = min([*feet, 0.95 * high])
    return Place(title.left, title.bottom, title.width, foot - title.bottom - 4.0)


def _title_size(deck: Any, title: Any) -> float:
    """The font size of titles, from the layout, its master or the master's styles."""
    shapes = [] if title is None else [title, *(
        shape for shape in deck.slide_masters[0].placeholders if shape.placeholder_format.type in TITLES
    )]  # fmt: skip
    for shape in shapes:
        found = shape._element.find(f".//{_DRAWING}lvl1pPr/{_DRAWING}defRPr")
        if found is not None and found.get("sz"):
            return int(found.get("sz")) / 100
    style = deck.slide_masters[0]._element.find(
        f"{_PRESENTATION}txStyles/{_PRESENTATION}titleStyle/{_DRAWING}lvl1pPr/{_DRAWING}defRPr"
    )
    return int(style.get("sz")) / 100 if style is not None and style.get("sz") else 28.0


def _theme(deck: Any) -> Any:
    from pptx.opc.constants import RELATIONSHIP_TYPE

    return deck.slide_masters[0].part.part_related_by(RELATIONSHIP_TYPE.THEME)


def _theme_font(deck: Any) -> str:
    found = re.search(rb'<a:majorFont>\s*<a:latin typeface="([^"]*)"', _theme(deck).blob)
    return found[1].decode("utf-8") if found else ""


def _plain(font: str) -> Stage:
    from pptx import Presentation as open_presentation

    deck = open_presentation()
    scale = _WIDTH * EMU / deck.slide_width
    deck.slide_width, deck.slide_height = round(_WIDTH * EMU), round(_HEIGHT * EMU)
    layouts = list(deck.slide_layouts)
    for shapes in (deck.slide_master.placeholders, *(layout.placeholders for layout in layouts)):
        for shape in shapes:
            # What inherits its place follows its master.
            if shape._element.spPr.find(f"{_DRAWING}xfrm") is not None:
                shape.left, shape.width = round(shape.left * scale), round(shape.width * scale)
    _dress(deck, font)
    layout = _layout(deck)
    title, body = _rooms()
    shape = next(shape for shape in layout.placeholders if shape.placeholder_format.type in TITLES)
    shape.left, shape.top, shape.width, shape.height = title.emu
    return Stage(deck, layout, title, body, 26.0, font, is_own=True)


def _rooms() -> tuple[Place, Place]:
    title = Place(_MARGIN, 26.0, _WIDTH - 2 * _MARGIN, 66.0)
    return title, Place(_MARGIN, title.bottom, title.width, _HEIGHT - title.bottom - 36.0)


def _dress(deck: Any, font: str) -> None:
    """The fonts and colours of the theme, and titles to the left."""
    theme = _theme(deck)
    text = theme.blob.decode("utf-8")
    name = font.replace("&", "").replace('"', "").replace("<", "")
    text = re.sub(r'(<a:(?:major|minor)Font>\s*<a:latin typeface=")[^"]*', lambda found: found[1] + name, text)
    for place, part in (("dk2", "ink"), ("accent1", "accent"), ("accent2", "rose"), ("accent3", "fell")):
        text = re.sub(rf"(<a:{place}>\s*<a:srgbClr val=\")[0-9A-Fa-f]{{6}}", rf"\g<1>{shade(part)[1:]}", text)
    theme._blob = text.encode("utf-8")
    style = deck.slide_master._element.find(f"{_PRESENTATION}txStyles/{_PRESENTATION}titleStyle/{_DRAWING}lvl1pPr")
    style.set("algn", "l")
    style.find(f"{_DRAWING}defRPr").set("sz", "2600")
    style.find(f"{_DRAWING}defRPr").set("b", "1")
    for shape in deck.slide_master.placeholders:
        if shape.placeholder_format.type in TITLES:
            shape.text_frame.vertical_anchor = 1
