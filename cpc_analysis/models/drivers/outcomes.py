"""What a driver may go together with: the sums of an outcome in cells, with who and what stands behind them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from cpc_analysis.cells.counting import OWN_CHANNEL
from cpc_analysis.cells.surveys import survey_parts
from cpc_analysis.cells.work import work_frame
from cpc_analysis.errors import InvalidInputError, UnknownNameError
from cpc_analysis.language import term
from cpc_analysis.measuring.contact_parts import qualifying

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = ["OUTCOMES", "Outcome", "outcome_cells", "outcome_named"]


@dataclass(frozen=True)
class Outcome:
    """An outcome of contacts: an average time, or a share.

    Parameters
    ----------
    name : str
        As `fit_drivers` takes it.
    words : str
        As a sentence takes it.
    subject : str
        As a sentence begins with it.
    unit : {"seconds", "share"}
        Of the average.
    clusters : {"agent_id", "week"}
        Within what contacts are alike beyond what the strata say; by what is known of agents, also the agent.
    parts : tuple of str
        The columns that hold the outcome, which cannot explain it.
    sums : tuple of str
        Sums of the contact scan.
    ratio_subject : str
        Of a time, as a sentence about a ratio begins with it.
    """

    name: str
    words: str
    subject: str
    unit: str
    clusters: str
    parts: tuple[str, ...]
    sums: tuple[str, ...] = ()
    ratio_subject: str = ""

    @property
    def is_time(self) -> bool:
        """Whether effects are ratios of times; else they are differences of shares."""
        return self.unit == "seconds"


_HANDLING = ("handle_seconds", "talk_seconds", "hold_seconds", "wrap_seconds")
OUTCOMES = {
    outcome.name: outcome
    for outcome in (
        Outcome("average_handle_time", term("handle time"), term("The handle time"), "seconds", "agent_id", _HANDLING,
                ratio_subject=term("Handle time")),
        # A queue is shared: its waits are alike for everybody who waits in the same week.
        Outcome("wait", term("wait"), term("The wait"), "seconds", "week", ("wait_seconds", "average_wait"),
                ("wait_ms", "waited"), term("Wait")),
        Outcome("resolved", term("share of contacts marked as resolved"),
                term("The share of contacts marked as resolved"), "share", "agent_id", (),
                ("marked_resolved", "resolution_recorded")),
        Outcome("csat", term("share of satisfied answers"), term("The share of satisfied answers"), "share", "agent_id",
                ("score",)),
    )
}  # fmt: skip


def outcome_named(data: Dataset, name: str) -> Outcome:
    """The outcome of a name, if the dataset can give it.

    Raises
    ------
    UnknownNameError
        If there is no such outcome.
    InvalidInputError
        If the dataset lacks what it needs.
    """
    if name not in OUTCOMES:
        raise UnknownNameError("outcome", name, OUTCOMES)
    if name == "csat" and not data.has("surveys"):
        raise InvalidInputError("The outcome `csat` needs the table `surveys`; the dataset has none.")
    needed = {"wait": "wait_seconds", "resolved": "resolved"}.get(name)
    if needed and not data.has("contacts", needed):
        raise InvalidInputError(f"The outcome `{name}` needs `contacts.{needed}`; the contacts have none.")
    return OUTCOMES[name]


def outcome_cells(data: Dataset, outcome: Outcome, keys: tuple[str, ...]) -> pd.DataFrame:
    """The sums of an outcome in cells with the keys asked for, as far as there is anything to average.

    Returns
    -------
    pandas.DataFrame
        The keys, `month`, `channel`; `contacts`, how many stand behind the average; `amount`, the sum of the
        outcome [seconds or contacts]; `worked_seconds`, the agents' time on them [seconds], and `timed`, how many
        contacts have it.
    """
    if outcome.name == "csat":
        cells = survey_parts(data, keys)
        found = cells.assign(contacts=cells["csat_answers"], amount=cells["satisfied"], worked_seconds=0.0, timed=0)
    else:
        cells = work_frame(data, keys, outcome.sums)
        # Like work is of one channel, wherever its conversation counts.
        cells = cells.assign(channel=cells[OWN_CHANNEL])
        counts = qualifying(data, cells)
        if outcome.name == "average_handle_time":
            contacts, amount = cells["measured"] * counts, cells["handle_ms"] * counts / 1000
        elif outcome.name == "wait":
            contacts, amount = cells["waited"], cells["wait_ms"] / 1000
        else:
            contacts, amount = cells["resolution_recorded"] * counts, cells["marked_resolved"] * counts
        # A stated standard is the worked time of answered contacts whose handle time is not measured.
        stated = cells["channel"].isin(data.costing.standard_handle_seconds) & (cells["outcome"] == "answered")
        timed = cells["measured"].where(~stated, cells["rows"]) * counts
        found = cells.assign(
            contacts=contacts, amount=amount, worked_seconds=cells["worked_ms"] * counts / 1000, timed=timed
        )
    found = found.loc[(found["contacts"] > 0) | (found["worked_seconds"] > 0)].astype({"amount": "float64"})
    # Legs carry the worked time of their contact in cells of their own.
    names = list(dict.fromkeys((*keys, "month", "channel")))
    sums = ["contacts", "amount", "worked_seconds", "timed"]
    return found.groupby(names, dropna=False, sort=False, as_index=False, observed=True)[sums].sum()
