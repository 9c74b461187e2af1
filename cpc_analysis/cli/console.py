"""What every command shares: options, one sentence for an error, and tables on the terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from cpc_analysis.disclosure import safe_to_show
from cpc_analysis.errors import CpcError, InvalidInputError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Commands", "DebugOption", "ProjectOption", "assignments", "echo", "print_table", "separate"]

_DEBUG = "cpc_analysis.debug"
#: The exit code of a program that was interrupted, as shells have it: 128 and the number of the signal.
_STOPPED = 130
#: Columns of a terminal that is none: a pipe or a file.
_WIDE = 200


def _remember_debug(context: typer.Context, value: bool) -> bool:
    context.meta[_DEBUG] = value
    return value


DebugOption = Annotated[
    bool,
    typer.Option("--debug", callback=_remember_debug, is_eager=True, help="Show the traceback of an error."),
]
ProjectOption = Annotated[
    str,
    typer.Option(
        help="A project's folder or cpc.toml. By default that of the current folder, else the sample centre.",
        show_default=False,
    ),
]


class Commands(TyperGroup):
    """The commands; an error of theirs is one sentence and exit code 1."""

    def invoke(self, ctx: Any) -> Any:
        """Run a command and turn an error into its sentence."""
        try:
            return super().invoke(ctx)
        except CpcError as error:
            sentence = str(error)
            if ctx.meta.get(_DEBUG):
                raise
        except (typer.Exit, typer.Abort):
            raise
        except KeyboardInterrupt as stopped:
            echo(str(stopped) or "Stopped.", error=True)
            raise typer.Exit(_STOPPED) from None
        except Exception as error:
            # Errors of usage know their exit code and print themselves.
            if hasattr(error, "exit_code") or ctx.meta.get(_DEBUG):
                raise
            found = safe_to_show(f"{type(error).__name__}: {error}")
            sentence = f"{found} This was not foreseen; --debug shows where it happened."
        echo(f"Error: {sentence}", error=True)
        raise typer.Exit(1)


def echo(text: str = "", *, error: bool = False) -> None:
    """Print a text as it is; characters that the terminal lacks are replaced."""
    stream = sys.stderr if error else sys.stdout
    encoding = getattr(stream, "encoding", None) or "utf-8"
    typer.echo(text.encode(encoding, errors="replace").decode(encoding), err=error)


def separate(values: Iterable[str]) -> list[str]:
    """Repeated options and lists with commas alike as one list."""
    return [part.strip() for value in values for part in value.split(",") if part.strip()]


def assignments(values: Iterable[str], option: str) -> list[tuple[str, str]]:
    """Options of the form ``name=value`` as pairs.

    Raises
    ------
    InvalidInputError
        If one has no equals sign or no name.
    """
    pairs = []
    for text in values:
        name, equals, value = text.partition("=")
        if not (equals and name.strip()):
            raise InvalidInputError(f"{option} must be written as name=value, got '{text}'.")
        pairs.append((name.strip(), value.strip()))
    return pairs


def print_table(frame: pd.DataFrame, title: str = "", keys: int = 0) -> None:
    """Print a frame of texts: the first `keys` columns to the left, the others to the right.

    Parameters
    ----------
    frame : pandas.DataFrame
        Texts.
    title : str
        Stands above the table.
    keys : int
        How many columns name the row.
    """
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    shown = Table(box=box.SIMPLE_HEAD, title=Text(title) if title else None, title_justify="left")
    for number, name in enumerate(frame.columns):
        shown.add_column(Text(str(name)), justify="left" if number < keys else "right")
    for row in frame.itertuples(index=False):
        shown.add_row(*(Text(str(value)) for value in row))
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=_WIDE)
    console.print(shown)
