"""How results are presented: their language, and the fonts, colours, logo and slide template of the house."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from cpc_analysis.errors import InvalidInputError, MissingFileError, UnknownNameError
from cpc_analysis.language import checked_language

__all__ = ["Presentation"]

_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")


@dataclass(frozen=True)
class Presentation:
    """How results are presented. It travels with every result.

    Parameters
    ----------
    language : {"en", "da"}
        Of labels, titles, numbers, dates and sentences.
    font : str
        Of charts and slides; the theme's own when empty.
    colours : mapping of str to str
        Colours such as ``"#003366"`` by the name of a channel or group, or by that of a part of the theme
        (``accent``, ``ink``, ``quiet``, ``rose``, ``fell``).
    logo : str
        A picture for slides and pages, PNG or SVG.
    template : str
        A PowerPoint file whose slide master the slides take.

    Raises
    ------
    InvalidInputError
        If the language is not known, or a colour is not of six hexadecimal digits.

    Examples
    --------
    >>> Presentation(language="da", colours={"accent": "#003366"}).language
    'da'
    """

    language: str = "en"
    font: str = ""
    colours: Mapping[str, str] = field(default_factory=dict)
    logo: str = ""
    template: str = ""

    def __post_init__(self) -> None:
        checked_language(self.language)
        for name, colour in self.colours.items():
            if not (isinstance(colour, str) and _COLOUR.fullmatch(colour)):
                raise InvalidInputError(
                    f"A colour must be written with six hexadecimal digits, such as '#003366', got '{colour}' for "
                    f"'{name}'."
                )

    def __hash__(self) -> int:
        return hash((self.language, self.font, tuple(sorted(self.colours.items())), self.logo, self.template))

    @classmethod
    def from_mapping(cls, settings: Mapping[str, Any], folder: Path) -> Presentation:
        """The presentation that a table of a project file states; its files lie beside the project file.

        Raises
        ------
        UnknownNameError
            If a setting is not known.
        InvalidInputError
            If a setting is not of its kind.
        MissingFileError
            If a file is not there.
        """
        known = [item.name for item in fields(cls)]
        for name, value in settings.items():
            if name not in known:
                raise UnknownNameError("setting in [presentation]", name, known)
            kind, words = (dict, "a section of colours") if name == "colours" else (str, "a text")
            if not isinstance(value, kind):
                raise InvalidInputError(f"[presentation]: `{name}` must be {words}, got '{value}'.")
        files = {name: str(folder / settings[name]) for name in ("logo", "template") if settings.get(name)}
        for name, path in files.items():
            if not Path(path).is_file():
                raise MissingFileError(f"[presentation]: `{name}` must be a file, got none at {path}. Check the path.")
        return replace(cls(), **{**settings, **files})
