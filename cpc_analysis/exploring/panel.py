"""The widgets of an explorer: drop-downs on top; sentence, chart, table and code below, anew with every change."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Any

import ipywidgets

from cpc_analysis.exploring.answering import answered
from cpc_analysis.exploring.choices import Choices, choices_of, dimensions, fitted
from cpc_analysis.exploring.question import Question
from cpc_analysis.glossary import label
from cpc_analysis.language import column_said, language_spoken, say, speaking, value_said
from cpc_analysis.models.wording import period_in_words

if TYPE_CHECKING:
    from cpc_analysis.exploring.explorer import Explorer

__all__ = ["Panel"]

_ALL, _NOTHING = "", "–"
_ROW = {"flex_flow": "row wrap", "grid_gap": "4px 12px"}
#: Tables look as those of other cells do.
_LIKE_OUTPUT, _SCROLLED = (
    "jp-RenderedHTMLCommon",
    "max-height: 26em; overflow: auto; width: fit-content; max-width: 100%",
)


class Panel:
    """The controls of an explorer and what they show. Made by `Explorer.panel`.

    Parameters
    ----------
    explorer : Explorer
        Whose question the controls change.
    """

    def __init__(self, explorer: Explorer) -> None:
        self._explorer = explorer
        self._is_setting = False
        with speaking(explorer.data.presentation.language):
            self.quantity = _dropdown(say("Quantity"))
            self.grain = _dropdown(say("Over time"))
            self.group = _dropdown(say("Compared by"))
            self.period = _dropdown(say("Period"))
            self.filters = {name: _dropdown(_capital(column_said(name))) for name in dimensions(explorer.data)}
        self.sentence, self.table, self.code = ipywidgets.HTML(), ipywidgets.HTML(), ipywidgets.HTML()
        self.chart = ipywidgets.Output()
        controls = [self.quantity, self.grain, self.group, self.period]
        for control in (*controls, *self.filters.values()):
            control.observe(self._changed, names="value")
        self.box = ipywidgets.VBox([
            ipywidgets.Box(controls, layout=_ROW), ipywidgets.Box(list(self.filters.values()), layout=_ROW),
            self.sentence, self.chart, self.table, self.code,
        ])  # fmt: skip
        self._show()

    def view(self) -> dict[str, Any]:
        """What a notebook needs to show the widgets."""
        return dict(self.box._repr_mimebundle_())

    def _changed(self, _: object) -> None:
        if self._is_setting:
            return
        limits = {name: control.value for name, control in self.filters.items() if control.value != _ALL}
        asked = Question(
            self.quantity.value,
            self.grain.value,
            self.group.value,
            self.period.value,
            limits,
            self._explorer.data.calendar,
        )
        self._explorer.question = fitted(self._explorer.data, asked)
        self._show()

    def _show(self) -> None:
        data, question = self._explorer.data, self._explorer.question
        with speaking(data.presentation.language):
            self._is_setting = True
            try:
                self._offer(choices_of(data, question), question)
            finally:
                self._is_setting = False
            answer = answered(data, question)
            self.sentence.value = f"<p>{escape(answer.sentence, quote=False)}</p>" if answer.sentence else ""
            output = {"output_type": "display_data", "data": dict(answer.chart), "metadata": {}}
            self.chart.outputs = (output,) if answer.chart else ()
            self.table.value = (
                f'<div class="{_LIKE_OUTPUT}" style="{_SCROLLED}">{answer.table}</div>' if answer.table else ""
            )
            self.code.value = _code_html(answer.code)

    def _offer(self, choices: Choices, question: Question) -> None:
        """Set every control to what there is to choose from, and to what is chosen."""
        language = language_spoken()
        _set(self.quantity, [(label(name, language), name) for name in choices.quantities], question.quantity)
        for control, names, chosen in (
            (self.grain, choices.grains, question.grain), (self.group, choices.groups, question.group)
        ):  # fmt: skip
            _set(control, [(_NOTHING, _ALL), *((column_said(name), name) for name in names)], chosen)
        periods = [(period_in_words(period), str(period)) for period in choices.periods]
        _set(self.period, [(say("the whole log"), _ALL), *periods], question.period)
        for name, control in self.filters.items():
            values = choices.filters.get(name, ())
            options = [(value_said(name, str(value)), value) for value in values]
            _set(control, [(say("all"), _ALL), *options], question.limits.get(name, _ALL))
            control.layout.display = None if values else "none"


def _dropdown(description: str) -> ipywidgets.Dropdown:
    return ipywidgets.Dropdown(
        description=str(description), style={"description_width": "7.5em"}, layout={"width": "22em"}
    )


def _set(control: ipywidgets.Dropdown, options: Sequence[tuple[str, object]], chosen: object) -> None:
    said = tuple((str(text), value) for text, value in options)
    if control.options != said:
        control.options = said
    control.value = chosen


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _code_html(code: str) -> str:
    """The code to copy: one click takes all of it."""
    hint = escape(say("One click marks the code; then copy it."), quote=False)
    style = "user-select: all; padding: 8px 12px; background: var(--jp-layout-color2, #f3f3f3); overflow: auto"
    return f'<p>{hint}</p><pre style="{style}">{escape(code, quote=False)}</pre>'
