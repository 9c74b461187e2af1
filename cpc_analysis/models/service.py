"""Figures of service on pages: which channels each is shown of, and in words.

Who waits on the line and who writes are served in different ways: over both, a share of either is diluted by the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cpc_analysis.cells.calendar_words import fiscal_in_words
from cpc_analysis.cells.conditions import read_conditions
from cpc_analysis.glossary import describe, label
from cpc_analysis.language import in_its_language, joined, value_said
from cpc_analysis.measuring.parts import part_sums
from cpc_analysis.measuring.quantities import definition_of
from cpc_analysis.measuring.service_words import thresholds_in_words
from cpc_analysis.models.availability import is_available, measure_available
from cpc_analysis.schema import CHANNELS, REAL_TIME, WRITTEN

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = ["channels_shown", "figure_said", "measure_shown"]

_SHOWN_OF = {"service_level": REAL_TIME, "abandonment_rate": REAL_TIME, "average_first_response": WRITTEN}
#: What every channel with an answer threshold has: shown of written work where nobody waits on the line.
_OF_ANY = "service_level"


def channels_shown(
    data: Dataset, quantities: Sequence[str], where: Mapping[str, object] | None = None
) -> dict[str, tuple[str, ...]]:
    """The channels that figures of service are shown of, by quantity; a quantity of all channels is not there.

    Parameters
    ----------
    data : Dataset
        The dataset.
    quantities : sequence of str
        Quantities of the glossary.
    where : mapping, optional
        As for `measure`; the channels that it names, if any, are those to choose from.
    """
    limited = [name for name in quantities if name in _SHOWN_OF]
    if not limited:
        return {}
    rows = part_sums(data, [describe("offered_contacts")], ("channel",), {})
    offered = set(rows.loc[rows["offered"] > 0, "channel"])
    asked = (where or {}).get("channel", CHANNELS)
    wanted = {asked} if isinstance(asked, str) else set(asked)  # type: ignore[call-overload]
    known = [channel for channel in CHANNELS if channel in offered & wanted]
    found = {}
    for name in limited:
        channels = tuple(channel for channel in known if channel in _SHOWN_OF[name])
        found[name] = channels or (tuple(known) if name == _OF_ANY else ())
    return found


@in_its_language
def measure_shown(data: Dataset, quantities: Sequence[str], where: Mapping[str, object] | None = None) -> pd.DataFrame:
    """Quantities over all groups as pages show them: as `measure_available`, figures of service of their channels.

    Parameters
    ----------
    data, quantities, where
        As for `measure_available`.

    Returns
    -------
    pandas.DataFrame
        One row. ``attrs["channels"]`` holds the channels of the figures that are not of all, and
        ``attrs["answer_thresholds"]`` the thresholds of those that the service level is of. A figure that no channel
        can have is missing.
    """
    frame = measure_available(data, quantities, where=where)
    attrs, shown = frame.attrs, channels_shown(data, quantities, where)
    for name, channels in shown.items():
        if not channels:
            frame[name] = np.nan
            continue
        part = measure_available(data, [name], where={**(where or {}), "channel": list(channels)})
        frame[name] = part[name].iloc[0] if len(part) else np.nan
    of_level = shown.get(_OF_ANY, ())
    thresholds = {name: limit for name, limit in attrs.get("answer_thresholds", {}).items() if name in of_level}
    records = [describe(name) for name in quantities if is_available(data, name)]
    definition = joined(
        fiscal_in_words(data, (), read_conditions(data, where)),
        definition_of(data, records, attrs["provisional"], thresholds),
    )
    frame.attrs = {**attrs, "definition": definition, "channels": shown, "answer_thresholds": thresholds}
    return frame


def figure_said(quantity: str, channels: Sequence[str], thresholds: Mapping[str, float] | None = None) -> str:
    """The label of a figure with the channels that it is of, a service level with their thresholds.

    Parameters
    ----------
    quantity : str
        A quantity of the glossary.
    channels : sequence of str
        Those that it is of; none where it is of all.
    thresholds : mapping of channel to float, optional
        Answer thresholds [seconds].

    Examples
    --------
    >>> figure_said("abandonment_rate", ["voice", "chat"]), figure_said("csat", [])
    ('Abandonment rate (voice, chat)', 'Customer satisfaction')
    >>> figure_said("service_level", ["voice"], {"voice": 20.0})
    'Service level (voice 20 s)'
    """
    named = {channel: seconds for channel, seconds in (thresholds or {}).items() if channel in channels}
    if quantity == "service_level" and named:
        said = thresholds_in_words(named)
    else:
        said = joined(*(value_said("channel", channel) for channel in channels), by=", ")
    return f"{label(quantity)} ({said})" if said else label(quantity)
