"""The sample centre shipped with the package: where it lies, and how it is read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cpc_analysis.errors import MissingFileError

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = ["load_sample", "samples_directory"]


def samples_directory() -> Path:
    """The folder of the sample centre: beside the package in a checkout, else inside the installed package.

    Raises
    ------
    MissingFileError
        If it is in neither place.
    """
    package = Path(__file__).resolve().parents[1]
    for folder in (package.parent / "data" / "samples", package / "data" / "samples"):
        if (folder / "contacts.parquet").is_file():
            return folder
    raise MissingFileError(
        f"The sample centre must lie in data/samples beside the package or inside it, found neither from {package}. "
        "Install the package again, or make it with: python -m cpc_analysis.sources.sample_centre"
    )


def load_sample() -> Dataset:
    """The sample centre shipped with the package: a Nordic retailer over 30 months.

    Examples
    --------
    >>> load_sample().currency
    'DKK'
    """
    from cpc_analysis.sources.project import open_project

    return open_project(samples_directory() / "cpc.toml")
