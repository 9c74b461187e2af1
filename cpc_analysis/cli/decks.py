"""The command that makes a deck: `cpc deck`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cpc_analysis.cli.console import DebugOption, ProjectOption, echo

__all__ = ["make_deck"]


def make_deck(
    period: Annotated[
        str, typer.Option(help="Such as 2025-06 or 2025-Q2; by default the last closed month.", show_default=False)
    ] = "",
    project: ProjectOption = "",
    output: Annotated[
        Path, typer.Option(help="The file; its ending says the format: .pptx, .pdf, .html or .xlsx.")
    ] = Path("deck.pptx"),
    language: Annotated[str, typer.Option(help="en or da; by default the project's own.", show_default=False)] = "",
    template: Annotated[
        str, typer.Option(help="A PowerPoint file whose layouts the slides take.", show_default=False)
    ] = "",
    debug: DebugOption = False,
) -> None:
    """Make the month's deck: page one, the trend, why it moved, channels, causes, definitions.

    Example: [bold]cpc deck --period 2025-06 --output june.pptx[/bold]
    """
    from cpc_analysis.exports import export
    from cpc_analysis.exports.deck import deck
    from cpc_analysis.models.selection import find_project, open_data

    if find_project(project) is None:
        echo("No cpc.toml here and no --project: this is a deck of the sample centre.", error=True)
    made = deck(open_data(project), period, language=language or None)
    for sentence in made.left_out:
        echo(sentence)
    for path in export(made.items, output, language=language or None, template=template):
        echo(f"Deck: {path}")
