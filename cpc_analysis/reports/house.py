"""The presentation of a run's reports: that of the project file, known before any data are read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from cpc_analysis.language import checked_language
from cpc_analysis.presentation import Presentation
from cpc_analysis.sources.toml_files import read_toml

__all__ = ["house_of"]


def house_of(project_file: Path | None, language: str = "") -> Presentation:
    """The presentation that a project file states, in the language asked for or else its own.

    Parameters
    ----------
    project_file : Path or None
        A ``cpc.toml``; None for the sample centre, which states none.
    language : str
        The language asked for; may be empty.

    Raises
    ------
    UnreadableFileError
        If the file is not TOML.
    InvalidInputError
        If it states what is no presentation, or the language is not known.
    """
    stated = read_toml(project_file).get("presentation", {}) if project_file else {}
    # Sections that are none are refused, in the words for it, where the project is opened.
    house = (
        Presentation.from_mapping(stated, project_file.parent) if project_file and isinstance(stated, dict) else None
    )
    house = house or Presentation()
    return replace(house, language=checked_language(language)) if language else house
