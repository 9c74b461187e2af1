"""The last section of a page: what the report rests on, its parameters, and when and with what it was made."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from html import escape
from pathlib import Path

from cpc_analysis.language import language_spoken, number, period_said, say
from cpc_analysis.presentation import Presentation
from cpc_analysis.reports.parameters import Parameter, Value
from cpc_analysis.reports.translating import translated_words

__all__ = ["Making", "about", "made_in_words"]


@dataclass(frozen=True)
class Making:
    """How a report was made.

    Parameters
    ----------
    presentation : Presentation
        The language of its words, and the house's look.
    at : datetime, optional
        When; not told where None.
    parameters : tuple of Parameter
        What its notebook declares.
    values : mapping of str to value
        What was asked for.
    notices : tuple of str
        What a reader must know before anything else; stands under the title.
    """

    presentation: Presentation = field(default_factory=Presentation)
    at: datetime | None = None
    parameters: tuple[Parameter, ...] = ()
    values: dict[str, Value] = field(default_factory=dict)
    notices: tuple[str, ...] = ()


def about(making: Making, stamp: str) -> str:
    """The section as HTML.

    Parameters
    ----------
    making : Making
        How the report was made.
    stamp : str
        What it rests on, as HTML; may be empty.
    """
    parts = [f"<h2>{say('About this report')}</h2>", stamp]
    if making.parameters:
        parts += [f"<h3>{say('Parameters')}</h3>", _parameter_table(making)]
    inside = "\n".join(filter(None, [*parts, f'<p class="made">{escape(made_in_words(making.at))}</p>']))
    return f'<section class="about">\n{inside}\n</section>'


def made_in_words(at: datetime | None) -> str:
    """With which version, and when."""
    from cpc_analysis import __version__

    if at is None:
        return say("Made with cpc_analysis {version}.", version=__version__)
    day = period_said(at.date(), "day")
    return say("Made on {day} at {time} with cpc_analysis {version}.", day=day, time=f"{at:%H:%M}", version=__version__)


def _parameter_table(making: Making) -> str:
    names = (say("Parameter"), say("Value"), say("Meaning"))
    heads = "".join(f'<th class="text" scope="col">{name}</th>' for name in names)
    rows = "\n".join(_row(parameter, making.values) for parameter in making.parameters)
    return (
        f'<div class="output"><table class="parameters">\n<thead><tr>{heads}</tr></thead>\n'
        f"<tbody>\n{rows}\n</tbody>\n</table></div>"
    )


def _row(parameter: Parameter, values: dict[str, Value]) -> str:
    value = values.get(parameter.name, parameter.default)
    shown = escape(_shown(parameter.name, value)) or f'<span class="quiet">{say("empty")}</span>'
    if value != parameter.default:
        shown = f"<strong>{shown}</strong> <mark>{say('changed')}</mark>"
    help_text = escape(translated_words(parameter.help, language_spoken()))
    return (
        f'<tr><th scope="row"><code>{escape(parameter.name)}</code></th><td class="text">{shown}</td>'
        f'<td class="text">{help_text}</td></tr>'
    )


def _shown(name: str, value: Value) -> str:
    """A value as a reader writes it; of a project the folder's name, for readers have another machine."""
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    if isinstance(value, float):
        return number(Decimal(str(value)), None)
    if isinstance(value, list):
        return ", ".join(value)
    if name == "project" and value:
        path = Path(str(value))
        return (path.absolute().parent if path.suffix == ".toml" else path).name
    return str(value)
