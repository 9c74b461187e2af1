"""Results as slides: native charts and tables where they can be, a title that fits, and what stands behind it."""

from __future__ import annotations

import os
from dataclasses import replace
from io import BytesIO
from math import inf
from pathlib import Path
from typing import Any

from cpc_analysis.charts.renderer import bitmap, bitmap_of_svg
from cpc_analysis.charts.theme import colour as shade
from cpc_analysis.errors import MissingFileError, UnreadableFileError
from cpc_analysis.exports.exhibits import Exhibit
from cpc_analysis.exports.fitting import LINE, Fitted, fitted
from cpc_analysis.exports.grids import grids
from cpc_analysis.exports.masters import EMU, TITLES, Place, Stage, opened
from cpc_analysis.exports.number_formats import formatted
from cpc_analysis.exports.slide_charts import can_draw, draw
from cpc_analysis.exports.slide_labels import rgb
from cpc_analysis.exports.slide_tables import place_table
from cpc_analysis.exports.slide_words import words_below
from cpc_analysis.exports.texts import text_pages
from cpc_analysis.language import say, speaking
from cpc_analysis.markup import clean
from cpc_analysis.presentation import Presentation

__all__ = ["written"]

#: Around the text of a shape, as presentation programs leave it [points].
_INSET = (7.2, 3.6)
_SMALL = (12.0, 11.0, 10.0, 9.0)
_LOGO = (96.0, 36.0)
_SHARP = 3.0
#: Between a table and the texts below it [points].
_APART = 14.0
#: A title in one line may be so much smaller than one in two.
_NEAR = 0.8


def written(exhibits: list[Exhibit], ending: str, house: Presentation, scale: float) -> list[bytes]:
    """One presentation."""
    stage = opened(house)
    logo = _logo(house.logo) if stage.is_own and house.logo else None
    for exhibit in exhibits:
        for slide in _slides(stage, exhibit, logo is not None):
            if logo is not None:
                _place_logo(slide, stage, logo)
            if stage.is_own:
                _number(slide, stage)
            _write_notes(slide, exhibit)
    stage.deck.core_properties.title = clean(exhibits[0].title)[:250]
    stage.deck.core_properties.language = house.language
    target = BytesIO()
    stage.deck.save(target)
    return [target.getvalue()]


def _slides(stage: Stage, exhibit: Exhibit, has_logo: bool) -> list[Any]:
    """The slides of an exhibit: its chart, the pages of its table, and of its texts."""
    slides = []
    if exhibit.specification is not None:
        is_native = can_draw(exhibit.native)
        head = _Head(stage, exhibit, words_below(exhibit) if is_native else exhibit.subtitle, has_logo)
        slides.append(_titled(head))
        # A chart stays in the language that it was drawn in.
        with speaking(exhibit.presentation.language):
            _place_chart(slides[-1], exhibit, head.room, stage)
    below: Place | None = None
    if exhibit.cells is not None:
        head = _Head(stage, exhibit, exhibit.subtitle, has_logo)
        pages = grids(exhibit.cells, head.room.width, head.room.height, stage.font)
        for number, page in enumerate(pages, start=1):
            slides.append(_titled(head, "" if len(pages) == 1 else f" ({number}/{len(pages)})"))
            place_table(slides[-1], page, head.room, exhibit.title, _own_font(stage))
            below = head.room.below(head.room.top + sum(page.heights) + _APART)
    if not exhibit.texts:
        return slides
    if below is not None:
        texts = _text_pages(exhibit, below, stage, largest=_SMALL[0])
        if len(texts) == 1:
            _write_texts(slides[-1], below, *texts[0], stage)
            return slides
    head = _Head(stage, exhibit, "", has_logo)
    for size, paragraphs in _text_pages(exhibit, head.room, stage):
        slides.append(_titled(head))
        _write_texts(slides[-1], head.room, size, paragraphs, stage)
    return slides


def _text_pages(
    exhibit: Exhibit, room: Place, stage: Stage, largest: float = inf
) -> list[tuple[float, list[tuple[str, ...]]]]:
    return text_pages(exhibit.texts, room.width - 2 * _INSET[0], room.height - 2 * _INSET[1], stage.font, largest)


def _write_texts(slide: Any, room: Place, size: float, paragraphs: list[tuple[str, ...]], stage: Stage) -> None:
    lines = [Fitted(size, (" ".join(paragraph),)) for paragraph in paragraphs]
    _write(slide, room, lines, shade("ink") if stage.is_own else "", space=0.5)


def _own_font(stage: Stage) -> str:
    """Texts of a template inherit its font."""
    return stage.font if stage.is_own else ""


class _Head:
    """The title of a slide and the line below it, broken to their places, and the room that they leave."""

    def __init__(self, stage: Stage, exhibit: Exhibit, subtitle: str, has_logo: bool) -> None:
        self.stage, self.text = stage, clean(exhibit.title)
        place = stage.title
        self.place = Place(place.left, place.top, place.width - (_LOGO[0] + 12) * has_logo, place.height)
        sizes = [size for size in (stage.title_size, 24, 22, 20, 18, 16, 14, 12) if size <= stage.title_size]
        # Tables of several pages are numbered.
        width = self.place.width - 2 * _INSET[0] - (50 if exhibit.cells else 0)
        near = [size for size in sizes if size >= _NEAR * stage.title_size]
        self.title = fitted(self.text, width, LINE * stage.title_size, near, stage.font, bold=True)
        if not self.title.is_whole:
            self.title = fitted(self.text, width, place.height - 2 * _INSET[1], sizes, stage.font, bold=True)
        top = stage.body.top
        if stage.is_own:
            self.place = replace(self.place, height=max(self.title.height, _LOGO[1] * has_logo) + 2 * _INSET[1])
            top = min(top, self.place.bottom)
        room = stage.body.below(top)
        self.below = fitted(clean(subtitle), room.width - 2 * _INSET[0], 0.13 * stage.deck.slide_height / EMU, _SMALL,
                            stage.font) if subtitle else None  # fmt: skip
        tall = 0.0 if self.below is None else self.below.height + 2 * _INSET[1]
        self.line = Place(room.left, top, room.width, tall)
        self.room = room.below(top + tall + 6)


def _titled(head: _Head, page: str = "") -> Any:
    """A new slide with its title, and the line below it; of several alike the number of the page."""
    slide = head.stage.deck.slides.add_slide(head.stage.layout)
    for shape in list(slide.placeholders):
        if shape.placeholder_format.type not in TITLES:
            shape._element.getparent().remove(shape._element)
    _write_title(slide, head, page)
    if head.below is not None:
        text = Fitted(head.below.size, (" ".join(head.below.lines),))
        _write(slide, head.line, [text], shade("quiet") if head.stage.is_own else "")
    return slide


def _write_title(slide: Any, head: _Head, page: str) -> None:
    from pptx.util import Pt

    shape, shown = slide.shapes.title, head.title
    is_of_layout = shape is not None
    if not is_of_layout:
        shape = slide.shapes.add_textbox(*head.place.emu)
    elif head.place != head.stage.title:
        shape.left, shape.top, shape.width, shape.height = head.place.emu
    frame = shape.text_frame
    frame.word_wrap = True
    frame.text = (head.text if shown.is_whole else " ".join(shown.lines)) + page
    for run in frame.paragraphs[0].runs:
        if shown.size != head.stage.title_size or not is_of_layout:
            run.font.size = Pt(shown.size)
        if head.stage.is_own:
            run.font.color.rgb = rgb(shade("ink"))


def _write(slide: Any, place: Place, texts: list[Fitted], colour: str, space: float = 0.0) -> Any:
    """Paragraphs in a box; without a colour in that of the template."""
    from pptx.util import Pt

    frame = slide.shapes.add_textbox(*place.emu).text_frame
    frame.word_wrap = True
    for number, text in enumerate(texts):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        run = paragraph.add_run()
        run.text = " ".join(text.lines)
        run.font.size = Pt(text.size)
        paragraph.space_after = Pt(space * text.size)
        if colour:
            run.font.color.rgb = rgb(colour)
    return frame


def _place_chart(slide: Any, exhibit: Exhibit, room: Place, stage: Stage) -> None:
    alt = clean(exhibit.alt or exhibit.title)
    if exhibit.native is not None and can_draw(exhibit.native):
        shape = draw(slide, exhibit.native, room, _own_font(stage))
    else:
        shape = _place_picture(slide, exhibit, room)
    described = shape._element.xpath(".//p:cNvPr")[0]
    described.set("descr", alt)
    described.set("name", clean(exhibit.title)[:120] or say("Chart"))


def _place_picture(slide: Any, exhibit: Exhibit, room: Place) -> Any:
    """The chart as it is drawn elsewhere, without the title that the slide has."""
    from PIL import Image

    specification = {name: part for name, part in (exhibit.specification or {}).items() if name != "title"}
    content = bitmap(specification, _SHARP)
    with Image.open(BytesIO(content)) as image:
        wide, high = image.size
    scale = min(room.width / wide, room.height / high)
    place = Place(
        room.left + (room.width - wide * scale) / 2, room.top + (room.height - high * scale) / 2,
        wide * scale, high * scale,
    )  # fmt: skip
    return slide.shapes.add_picture(BytesIO(content), *place.emu)


def _logo(path: str) -> bytes:
    """The logo as a bitmap.

    Raises
    ------
    MissingFileError
        If it is not there.
    UnreadableFileError
        If it is no picture.
    """
    from PIL import Image, UnidentifiedImageError

    if not os.path.isfile(path):
        raise MissingFileError(f"`logo` must be a file, got none at {path}. Check the path.")
    content = Path(path).read_bytes()
    try:
        if Path(path).suffix.lower() == ".svg":
            return bitmap_of_svg(content.decode("utf-8"), _SHARP)
        with Image.open(BytesIO(content)) as image:
            image.verify()
    except (UnidentifiedImageError, ValueError, OSError):
        raise UnreadableFileError(
            f"`logo` must be a picture (.png or .svg), got one that cannot be read: {path}."
        ) from None
    return content


def _place_logo(slide: Any, stage: Stage, content: bytes) -> None:
    from PIL import Image

    with Image.open(BytesIO(content)) as image:
        wide, high = image.size
    scale = min(_LOGO[0] / wide, _LOGO[1] / high)
    right = stage.title.left + stage.title.width
    place = Place(right - wide * scale, stage.title.top, wide * scale, high * scale)
    shape = slide.shapes.add_picture(BytesIO(content), *place.emu)
    shape._element.xpath(".//p:cNvPr")[0].set("descr", "Logo")


def _number(slide: Any, stage: Stage) -> None:
    """The number of the slide in its corner."""
    from pptx.enum.text import PP_ALIGN
    from pptx.oxml.xmlchemy import OxmlElement

    place = Place(stage.body.left + stage.body.width - 60, stage.deck.slide_height / EMU - 30, 60, 20)
    paragraph = _write(slide, place, [Fitted(9, (str(len(stage.deck.slides)),))], shade("quiet")).paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT
    run = paragraph._p.r_lst[0]
    field = OxmlElement("a:fld")
    field.set("id", "{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}")
    field.set("type", "slidenum")
    # What a run of text holds, a field holds too.
    for part in list(run):
        field.append(part)
    run.addprevious(field)
    paragraph._p.remove(run)


def _write_notes(slide: Any, exhibit: Exhibit) -> None:
    """What a speaker may be asked: the definition, the numbers, and where they are from."""
    source = say("Source: {source}.", source=exhibit.source) if exhibit.source else ""
    parts = [exhibit.title, exhibit.definition, "\n".join(_numbers(exhibit)), source]
    slide.notes_slide.notes_text_frame.text = "\n\n".join(clean(part) for part in parts if part)


def _numbers(exhibit: Exhibit) -> list[str]:
    native = exhibit.native
    if native is not None and native["categories"]:
        lines = []
        for number, category in enumerate(native["categories"]):
            values = [(one["name"], one["values"][number]) for one in native["series"] if number < len(one["values"])]
            texts = [formatted(value, native["number_format"]) for _, value in values if value is not None]
            if len(native["series"]) > 1:
                texts = [
                    f"{name} {formatted(value, native['number_format'])}" for name, value in values if value is not None
                ]
            lines.append(f"{category}: {'; '.join(texts) or '-'}")
        return lines
    if exhibit.cells is not None:
        heads = exhibit.cells.heads
        return [
            f"{row[0]}: " + "; ".join(f"{head} {text}" for head, text in zip(heads[1:], row[1:], strict=True) if text)
            for row in exhibit.cells.rows
        ]
    return [exhibit.alt] if exhibit.alt else []
