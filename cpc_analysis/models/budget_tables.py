"""The budget as tables to read: how it flexes and who says so, and what lies beneath the spending on labour."""

from __future__ import annotations

import pandas as pd

from cpc_analysis.errors import InvalidInputError
from cpc_analysis.language import currency_sign, in_its_language, joined, number, percent, say, term, value_said
from cpc_analysis.models.behaviours import BUDGET, LEDGER, NOBODY, PROJECT, ROSTER
from cpc_analysis.models.bridge import Bridge
from cpc_analysis.models.readable import Table, signed, table_of, whole_numbers

__all__ = ["flexed_table", "labour_table"]

_TOLD_BY = {
    BUDGET: term("the budget"), PROJECT: term("the project"), ROSTER: term("a roster stands still"),
    LEDGER: term("the ledger of the twelve months before"), NOBODY: term("nobody: it stands still"),
}  # fmt: skip
_FIGURES = {
    "labour_cost": term("labour [{unit}]"), "paid_hours": term("paid hours [h]"),
    "cost_per_paid_hour": term("cost of a paid hour [{unit}]"), "premiums": term("premiums [{unit}]"),
}  # fmt: skip
_DIGITS = {"cost_per_paid_hour": 2}


@in_its_language
def flexed_table(frame: pd.DataFrame) -> Table:
    """The flexed budget to read: a row per cost type and per who says how much of it is variable; the sum last.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `flexed_lines`.
    """
    unit = currency_sign(frame.attrs.get("currency", ""))
    lines = frame.assign(variable=frame["budget"] * frame["variable_share"])
    sums = lines.groupby(["cost_type", "told_by"], sort=False)[["budget", "variable", "flexed"]].sum()
    told = sums.index.get_level_values("told_by")
    whole = sums.sum()
    shares = [*(sums["variable"] / sums["budget"]), whole["variable"] / whole["budget"]]
    says = say("who says so")
    columns = {
        say("budget [{unit}]", unit=unit): whole_numbers([*sums["budget"], whole["budget"]]),
        say("variable"): [percent(share) for share in shares],
        say("flexed budget [{unit}]", unit=unit): whole_numbers([*sums["flexed"], whole["flexed"]]),
        says: [*(say(_TOLD_BY[name]) for name in told), ""],
    }
    names = [value_said("cost_type", name).replace("_", "-") for name in sums.index.get_level_values("cost_type")]
    return table_of(columns, [*names, say("all")], words=[says])


@in_its_language
def labour_table(bridge: Bridge) -> Table:
    """What lies beneath the spending on labour against a budget to read; a dash where it is not known.

    Parameters
    ----------
    bridge : Bridge
        Of `explain_change`, from a budget.

    Raises
    ------
    InvalidInputError
        If the bridge compares no labour with a budget.
    """
    frame, unit = bridge.labour, currency_sign(bridge.currency)
    if frame is None:
        raise InvalidInputError(
            "The bridge compares no labour with a budget: explain a change with before='budget', from a budget that "
            "names its cost types."
        )
    levels = {"budget": say("budget"), "flexed_budget": say("flexed budget"), "actual": joined(bridge.after_name)}
    digits = [_DIGITS.get(figure, 0) for figure in frame["figure"]]
    columns = {words: list(map(number, frame[name], digits)) for name, words in levels.items()}
    columns[say("spending [{unit}]", unit=unit)] = [signed(value, 0) for value in frame["variance"]]
    columns[say("a contact [{unit}]", unit=unit)] = [signed(value) for value in frame["per_contact"]]
    return table_of(columns, [say(_FIGURES[figure], unit=unit) for figure in frame["figure"]])
