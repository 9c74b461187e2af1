"""Writing results to a file, in the format that its ending says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any

from cpc_analysis.atomic import write_file
from cpc_analysis.charts.theme import dressed
from cpc_analysis.errors import InvalidInputError, closest, listed
from cpc_analysis.exports.exhibits import exhibits_of, house_of
from cpc_analysis.language import checked_language, in_its_language, language_spoken
from cpc_analysis.presentation import Presentation
from cpc_analysis.tables.agents import without_names

__all__ = ["export"]

#: The module of each format, whose function `written` gives the bytes; imported when one is written.
_FORMATS = {
    ".png": "pictures", ".svg": "pictures", ".pdf": "documents", ".pptx": "slides", ".xlsx": "workbook",
    ".html": "page",
}  # fmt: skip
_PICTURES = (".png", ".svg")


@dataclass(frozen=True, eq=False)
class _Order:
    """What is to be written, and in which language and look."""

    items: object
    presentation: Presentation


def export(
    items: Any, path: str | Path, *, language: str | None = None, template: str | Path = "", scale: float = 2.0
) -> list[Path]:
    """The paths written: slides, a workbook, a page, a document or pictures, by the ending.

    Parameters
    ----------
    items : chart, frame, text, Bridge, DriverModel, MonthlyPack, or sequences of them
        What to write, in this order. Bridges and driver models are drawn, and a workbook holds their numbers.
    path : path
        Ends in ``.png``, ``.svg`` or ``.pdf`` (of several charts pictures are numbered, and a PDF has pages), ``.pptx``
        (a slide each, charts native and editable where they can be), ``.xlsx`` (a sheet each; ratios of `measure` are
        formulas) or ``.html`` (one page, interactive, without a network). Its folder is made where it is not there.
    language : {"en", "da"}, optional
        Of all texts but those of charts, which stay as they are drawn; the results' own when None.
    template : path
        A PowerPoint file whose layouts the slides take; the results' own when empty.
    scale : float
        Pixels of a PNG per pixel of the chart.

    Raises
    ------
    InvalidInputError
        If the ending is another one, there is nothing to write, an item cannot be written in this format, or the file
        cannot be written where it should be.
    MissingFileError, UnreadableFileError
        If the template is not there, or is no PowerPoint file.

    Examples
    --------
    >>> import altair as alt, tempfile
    >>> chart = alt.Chart(alt.Data(values=[{"x": 1}])).mark_point().encode(x="x:Q")
    >>> [written.name for written in export([chart, chart], tempfile.mkdtemp() + "/october.svg")]
    ['october-1.svg', 'october-2.svg']
    """
    target = Path(path)
    ending = target.suffix.lower()
    if ending not in _FORMATS:
        near = closest(ending, _FORMATS)
        hint = f" Did you mean {near}?" if near else ""
        raise InvalidInputError(f"A chart can be written as {listed(_FORMATS)}, got '{target.name}'.{hint}")
    if language:
        checked_language(language)
    house = house_of(items)
    if template:
        house = replace(house, template=str(template))
    return _write(_Order(items, house), target, scale, language=language)


@in_its_language
def _write(order: _Order, target: Path, scale: float, *, language: str | None = None) -> list[Path]:
    exhibits = [without_names(exhibit) for exhibit in exhibits_of(order.items)]
    ending = target.suffix.lower()
    if not exhibits:
        what = "no chart" if ending in _PICTURES else "nothing"
        raise InvalidInputError(f"There is {what} to write to '{target.name}'.")
    house = replace(order.presentation, language=language_spoken())
    written: Callable[..., list[bytes]] = import_module(f"cpc_analysis.exports.{_FORMATS[ending]}").written
    with dressed(house):
        return _kept(target, written(exhibits, ending, house, scale))


def _kept(target: Path, contents: list[bytes]) -> list[Path]:
    """Write the contents: to the path, or to numbered ones where they are several."""
    paths = [target] if len(contents) == 1 else [
        target.with_stem(f"{target.stem}-{number}") for number in range(1, len(contents) + 1)
    ]  # fmt: skip
    for path, content in zip(paths, contents, strict=True):
        write_file(path, content)
    return paths
