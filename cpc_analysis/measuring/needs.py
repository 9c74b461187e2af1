"""What a quantity needs beyond its tables: columns of contacts, and surveys on the one scale that counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cpc_analysis.cells.surveys import SCALES, off_scale
from cpc_analysis.errors import InvalidInputError
from cpc_analysis.glossary import PARTS, Quantity

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = ["check_column", "check_scale", "lacks_column", "lacks_scale"]

#: Parts that are summed over scores, by the kind of survey on whose scale they stand.
_SCORED = {"net_promoters": "nps", "found_it_easy": "ces"}


def lacks_column(data: Dataset, record: Quantity) -> str:
    """The first column that a quantity is read from and that neither contacts nor legs have; empty if there is none."""
    needed = (PARTS[part].column for part in record.parts if PARTS[part].column)
    return next((name for name in needed if not data.has("contacts", name) and not data.has("legs", name)), "")


def check_column(data: Dataset, record: Quantity) -> None:
    """Raise when a column that a quantity is read from is not there."""
    name = lacks_column(data, record)
    if name:
        raise InvalidInputError(f"`{record.name}` needs `contacts.{name}`; the contacts have none.")


def lacks_scale(data: Dataset, record: Quantity) -> str:
    """The kind of survey whose scores a quantity needs and that was asked on another scale; empty if all are right."""
    kinds = [_SCORED[part] for part in record.parts if part in _SCORED]
    return next((kind for kind in kinds if data.has("surveys") and len(off_scale(data, kind))), "")


def check_scale(data: Dataset, record: Quantity) -> None:
    """Raise when surveys that a quantity needs were asked on another scale: what its scores mean is not guessed."""
    kind = lacks_scale(data, record)
    if not kind:
        return
    (least, most), wrong = SCALES[kind], off_scale(data, kind)
    raise InvalidInputError(
        f"`{record.name}` needs every survey of the kind {kind} on the scale from {least} to {most}; "
        f"{wrong['surveys'].sum():,} of `surveys` have another, such as {wrong['scale_min'][0]:g} to "
        f"{wrong['scale_max'][0]:g}. They are not rescaled: leave them out of `surveys`, or give them the kind csat if "
        "they ask for satisfaction."
    )
