"""How results are presented: their language, and the fonts, colours, logo and slide template of the house."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cpc_analysis.errors import InvalidInputError, MissingFileError
from cpc_analysis.language import checked_language
from cpc_analysis.policy.settings import checked, known_settings, table, text

__all__ = ["Presentation"]

_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")


def _colours(name: str, value: Any) -> dict[str, str]:
    return table(name, value, "a section of colours")


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
        checked(self, {"language": text, "font": text, "logo": text, "template": text, "colours": _colours})
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
        settings = known_settings(settings, cls)
        files = {name: str(folder / text(name, settings[name])) for name in ("logo", "template") if settings.get(name)}
        for name, path in files.items():
            if not os.path.isfile(path):
                raise MissingFileError(f"`{name}` must be a file, got none at {path}. Check the path.")
        return cls(**{**settings, **files})
