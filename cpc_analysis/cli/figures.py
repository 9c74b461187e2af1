"""The commands that answer with figures: `cpc measure` and `cpc describe`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cpc_analysis.cli.console import DebugOption, ProjectOption, assignments, echo, print_table, separate

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["describe_quantities", "measure_quantities"]

#: Rows of a table on the terminal.
_SHOWN = 60


def measure_quantities(
    quantities: Annotated[list[str], typer.Argument(metavar="QUANTITY...", help="Names; see `cpc describe`.")],
    by: Annotated[list[str] | None, typer.Option(help="A column or period to group by; may be repeated.")] = None,
    where: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="A condition; the same name twice means either value."),
    ] = None,
    interval: Annotated[
        float | None, typer.Option(help="Level of a confidence interval, such as 0.95.", show_default=False)
    ] = None,
    csv: Annotated[
        Path | None, typer.Option(help="Write the unrounded figures to this file.", show_default=False)
    ] = None,
    project: ProjectOption = "",
    debug: DebugOption = False,
) -> None:
    """Measure quantities by any columns and periods.

    Example: [bold]cpc measure cost_per_contact --by month --by channel --where site=Aarhus[/bold]
    """
    from cpc_analysis.exports.delimited import write_csv
    from cpc_analysis.language import speaking
    from cpc_analysis.measuring import measure
    from cpc_analysis.models.selection import open_data

    conditions: dict[str, list[str]] = {}
    for name, value in assignments(where or (), "--where"):
        conditions.setdefault(name, []).append(value)
    names, keys = separate(quantities), separate(by or ())
    _say_which(project)
    # Whatever the language of the project: the command line is English.
    with speaking("en"):
        frame = measure(open_data(project), names, by=keys, where=conditions, interval=interval)
        if csv:
            write_csv(frame, csv)
            echo(f"{len(frame):,} rows written to {csv}.")
            return
        _print_measured(frame, keys)


def _say_which(project: str) -> None:
    """Say so when no project was named and none is here: the figures are the sample's."""
    from cpc_analysis.models.selection import find_project

    if find_project(project) is None:
        echo("No cpc.toml here and no --project: these are figures of the sample centre.", error=True)


def _print_measured(frame: pd.DataFrame, keys: list[str]) -> None:
    from cpc_analysis.models.tables import table

    if frame.empty:
        echo("No contacts and no costs meet these conditions.")
        return
    shown = table(frame.head(_SHOWN), keys_apart=True)
    print_table(shown, keys=len(keys))
    if len(frame) > _SHOWN:
        echo(f"{len(frame) - _SHOWN:,} more rows: --csv FILE writes all of them.")
    if (shown == "few").any(axis=None):
        echo("few: under 30 contacts, too few to compare; --csv FILE writes the value.")
    echo(frame.attrs["definition"])


def describe_quantities(
    quantity: Annotated[str, typer.Argument(help="A name; without one all are listed.", show_default=False)] = "",
    debug: DebugOption = False,
) -> None:
    """Show a quantity's meaning, unit, formula and source.

    Example: [bold]cpc describe cost_per_contact[/bold]
    """
    from cpc_analysis.glossary import QUANTITIES, describe

    if quantity:
        echo(str(describe(quantity)))
        return
    for record in QUANTITIES.values():
        echo(f"{record.name:<32} {record.meaning}")
