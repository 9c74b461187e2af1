"""The application: its commands, in the order that an analyst meets them."""

from __future__ import annotations

import signal
from typing import Annotated

import typer

from cpc_analysis.cli.console import Commands
from cpc_analysis.cli.decks import make_deck
from cpc_analysis.cli.figures import describe_quantities, measure_quantities
from cpc_analysis.cli.projects import check_project, init_project, open_lab
from cpc_analysis.cli.reporting import demo, run_reports

__all__ = ["app", "main"]

app = typer.Typer(
    cls=Commands,
    help="Cost per contact: from raw exports and a ledger to a reconciled figure.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(asked: bool) -> None:
    if asked:
        from cpc_analysis import __version__

        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def _application(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Cost per contact: from raw exports and a ledger to a reconciled figure."""


for _name, _command in (
    ("init", init_project),
    ("check", check_project),
    ("measure", measure_quantities),
    ("describe", describe_quantities),
    ("run", run_reports),
    ("deck", make_deck),
    ("lab", open_lab),
    ("demo", demo),
):
    app.command(_name)(_command)


def main() -> None:
    """Run the command line; being ended by the system, or losing its terminal, stops it as Ctrl-C does."""
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.default_int_handler)
    app()
