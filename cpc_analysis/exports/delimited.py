"""Tables as CSV that a spreadsheet reads as text and numbers, never as formulas."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from cpc_analysis.atomic import write_file
from cpc_analysis.tables.agents import without_names

__all__ = ["write_csv"]

#: With these a spreadsheet begins a formula, after blanks too.
_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\n", "＝", "＋", "－", "＠")


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """Write a frame as CSV: agents under pseudonyms, and an apostrophe before texts that would become formulas.

    Parameters
    ----------
    frame : pandas.DataFrame
        Any; numbers stay numbers, texts are texts.
    path : Path
        Its folder is made where it is not there.

    Raises
    ------
    InvalidInputError
        If the file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "teams.csv"
    >>> write_csv(pd.DataFrame({"team": ["=1+1", "Nord"], "change": [-1.5, 2.0]}), path)
    >>> path.read_text().splitlines()
    ['team,change', "'=1+1,-1.5", 'Nord,2.0']
    """
    shared = without_names(frame)
    shown = shared.copy()
    shown.columns = [_as_text(name) for name in shared.columns]
    for place, dtype in enumerate(shared.dtypes):
        if not pd.api.types.is_numeric_dtype(dtype) and not pd.api.types.is_datetime64_any_dtype(dtype):
            column = shared.iloc[:, place]
            shown.isetitem(place, pd.Series([_as_text(value) for value in column], index=column.index, dtype="object"))
    write_file(path, str(shown.to_csv(index=False, lineterminator="\n")))


def _as_text(value: object) -> object:
    if not isinstance(value, str):
        return value
    # A carriage return alone is not quoted, and would begin a row.
    text = value.replace("\r\n", "\n").replace("\r", "\n")
    return f"'{text}" if text.lstrip(" ").startswith(_BEGINS_FORMULA) else text
