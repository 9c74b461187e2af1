"""What is written, one thing to show at a time: a chart, a table or texts, with the numbers behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from cpc_analysis.charts import bridge as bridge_chart
from cpc_analysis.charts import drivers as drivers_chart
from cpc_analysis.charts.native import native_of
from cpc_analysis.costing.basis import Basis
from cpc_analysis.errors import InvalidInputError
from cpc_analysis.exports.cells import Cells, cells_of, is_measured, is_statement
from cpc_analysis.exports.headings import heading_of
from cpc_analysis.glossary import describe, label
from cpc_analysis.language import column_said, in_language, language_spoken, say
from cpc_analysis.models import drivers_table, pack_table
from cpc_analysis.models.bridge import Bridge
from cpc_analysis.models.drivers import DriverModel
from cpc_analysis.models.pack import MonthlyPack
from cpc_analysis.models.readable import Paragraphs
from cpc_analysis.models.statements import tie_out
from cpc_analysis.models.wording import own_period, period_in_words, scope_in_words
from cpc_analysis.presentation import Presentation

__all__ = ["Exhibit", "exhibits_of", "house_of", "with_numbers"]


@dataclass(frozen=True, eq=False)
class Exhibit:
    """One thing to show.

    Parameters
    ----------
    title, subtitle : str
        The finding; the definition and the source.
    kind : str
        The name of the type that it was made of.
    specification : dict, optional
        A chart, as Vega-Lite says it.
    cells : Cells, optional
        A table to read.
    numbers : pandas.DataFrame, optional
        What a workbook holds of it.
    texts : tuple of str
        Paragraphs.
    alt, definition, source : str
        The chart in words; what its numbers mean, and where they are from.
    native : mapping, optional
        The chart for presentation programs: the fields of `charts.native.Native`.
    presentation : Presentation
        The language and the look.
    """

    title: str
    subtitle: str = ""
    kind: str = ""
    specification: dict[str, Any] | None = None
    cells: Cells | None = None
    numbers: pd.DataFrame | None = None
    texts: tuple[str, ...] = ()
    alt: str = ""
    definition: str = ""
    source: str = ""
    native: Mapping[str, Any] | None = None
    presentation: Presentation = field(default_factory=Presentation)


def house_of(items: object) -> Presentation:
    """The language and the look of the first item that has any."""
    if isinstance(items, (list, tuple)):
        found = [house_of(item) for item in items]
        return next((house for house in found if house != Presentation()), Presentation())
    if hasattr(items, "to_dict") and not isinstance(items, pd.DataFrame):
        return _house_of_chart(native_of(items.to_dict()))
    stated = getattr(items, "attrs", {}).get("presentation") or getattr(items, "presentation", None)
    return stated or Presentation()


def _house_of_chart(meta: Mapping[str, Any]) -> Presentation:
    return Presentation(
        language=meta.get("language") or "en", font=meta.get("font", ""), logo=meta.get("logo", ""),
        template=meta.get("template", ""),
    )  # fmt: skip


def exhibits_of(items: object) -> list[Exhibit]:
    """Everything to show, in order, in the language spoken.

    Parameters
    ----------
    items : object
        A chart, a frame, a text, a bridge, a driver model, a pack, an exhibit, or sequences of them.

    Raises
    ------
    InvalidInputError
        If an item is none of these.
    """
    found: list[Exhibit] = []
    for item in _flat(items):
        if isinstance(item, str) and found and found[-1].kind == "str":
            found[-1] = replace(found[-1], texts=(*found[-1].texts, _said(item)))
        else:
            found += _of(item)
    return found


def _flat(items: object) -> Iterable[object]:
    if isinstance(items, Sequence) and not isinstance(items, str):
        for item in items:
            yield from _flat(item)
    else:
        yield items


def _of(item: object) -> list[Exhibit]:
    kind = type(item).__name__
    if isinstance(item, Exhibit):
        return [item]
    if isinstance(item, str):
        return [Exhibit(say("Findings and definitions"), kind="str", texts=(_said(item),))]
    if isinstance(item, Paragraphs):
        texts = tuple(_said(text) for text in item.texts)
        return [Exhibit(say("Findings and definitions"), kind=kind, texts=texts)]
    if isinstance(item, pd.DataFrame):
        return [_of_frame(item)]
    if isinstance(item, Bridge):
        return [replace(_of_chart(bridge_chart(item)), kind=kind, numbers=_stamped(_in_words(item), item))]
    if isinstance(item, DriverModel):
        return _of_model(item)
    if isinstance(item, MonthlyPack):
        return _of_pack(item)
    if hasattr(item, "to_dict"):
        return [_of_chart(item)]
    raise InvalidInputError(
        "Charts, frames, texts, bridges, driver models and monthly packs can be written, and sequences of them, "
        f"got {kind}."
    )


def _of_chart(chart: Any) -> Exhibit:
    specification = chart.to_dict()
    meta = native_of(specification)
    title, subtitle = _heading(specification)
    return Exhibit(
        title=meta.get("title") or title,
        subtitle=meta.get("subtitle") or subtitle,
        kind=type(chart).__name__,
        specification=specification,
        alt=meta.get("alt") or str(specification.get("description", "")) or title,
        definition=meta.get("definition") or meta.get("subtitle") or subtitle,
        source=meta.get("source", ""),
        native=meta.get("native"),
        presentation=_house_of_chart(meta),
    )


def with_numbers(chart: Any, frame: pd.DataFrame) -> Exhibit:
    """A chart with the result it was drawn from: slides show the chart, a workbook holds the numbers."""
    stated = _of_frame(frame)
    drawn = _of_chart(chart)
    return replace(
        drawn, numbers=frame, definition=stated.definition or drawn.definition, source=stated.source or drawn.source
    )


def _heading(specification: Mapping[str, Any]) -> tuple[str, str]:
    """The title and the subtitle of a chart of any making."""
    title = specification.get("title", "")
    if isinstance(title, Mapping):
        return _joined(title.get("text", "")), _joined(title.get("subtitle", ""))
    return _joined(title), ""


def _joined(text: object) -> str:
    return " ".join(map(str, text)) if isinstance(text, list) else str(text)


def _of_frame(frame: pd.DataFrame) -> Exhibit:
    attrs = frame.attrs
    texts = (_said(attrs.get("definition")), scope_in_words(frame))
    definition, source = " ".join(text for text in texts if text), _said(attrs.get("source"))
    return Exhibit(
        title=_title_of(frame),
        subtitle=_with_source(definition, source),
        kind=type(frame).__name__,
        cells=cells_of(frame),
        numbers=frame,
        texts=(tie_out(frame),) if is_statement(frame) and len(frame) else (),
        definition=definition,
        source=source,
        presentation=attrs.get("presentation") or Presentation(),
    )


def _said(text: object) -> str:
    """A text in the language spoken; nothing where there is none."""
    return in_language(text, language_spoken()) if isinstance(text, str) else ""


def _with_source(definition: str, source: str) -> str:
    return f"{definition} {say('Source: {source}.', source=source) if source else ''}".strip()


def _title_of(frame: pd.DataFrame) -> str:
    """What a frame is about: its own title, else its quantities and what they are grouped by."""
    attrs = frame.attrs
    if attrs.get("title"):
        return _said(attrs["title"])
    by = [str(column_said(name)) for name in attrs.get("by", ())]
    if is_statement(frame):
        period = attrs.get("period")
        when = f", {period_in_words(own_period(frame))}" if period else ""
        return (say("Cost statement by {columns}", columns=", ".join(by)) if by else say("Cost statement")) + when
    if not is_measured(frame):
        return say("Figures")
    names = [heading_of(name) for name in attrs["quantities"] if name in frame]
    what = names[0] if len(names) == 1 else say("Key figures")
    return say("{what} by {columns}", what=what, columns=", ".join(by)) if by else what


def _in_words(bridge: Bridge) -> pd.DataFrame:
    """The numbers of a bridge, its effects as they are said of the whole."""
    frame = bridge.to_frame()
    totals = frame.groupby("effect")["amount"].sum()
    frame["effect"] = [bridge.in_words(name, totals[name]) for name in frame["effect"]]
    return frame


def _stamped(frame: pd.DataFrame, result: Bridge | DriverModel) -> pd.DataFrame:
    """The frame of a result with what the result carries of its data."""
    frame.attrs = {
        **frame.attrs, "definition": result.definition, "source": result.source, "currency": result.currency,
        "presentation": result.presentation,
    }  # fmt: skip
    return frame


def _of_model(model: DriverModel) -> list[Exhibit]:
    chart = _of_chart(drivers_chart(model))
    table = _of_frame(_titled(drivers_table(model), chart.title))
    return [
        replace(chart, kind=type(model).__name__, numbers=_stamped(model.to_frame(), model)),
        replace(table, numbers=None, subtitle=chart.subtitle, definition=chart.definition, source=chart.source),
    ]


def _titled(frame: pd.DataFrame, title: str) -> pd.DataFrame:
    frame.attrs["title"] = title
    return frame


def _of_pack(pack: MonthlyPack) -> list[Exhibit]:
    period = period_in_words(pack.period)
    texts = tuple(_said(text) for text in (pack.joins, pack.tie_out, pack.late_postings, pack.provisional) if text)
    numbers, source = pack.to_frame().drop(columns="part"), str(pack.figures.attrs.get("source") or "")
    page, footer = pack_table(pack), pack_table(pack, "footer")
    head = Exhibit(
        title=say("The month in figures: {period}", period=period)
        if pack.period.grain == "month"
        else say("The period in figures: {period}", period=period),
        kind=type(pack).__name__, cells=cells_of(page), numbers=numbers, definition=_said(pack.definition),
        source=source, presentation=pack.presentation, subtitle=_with_source("", source),
    )  # fmt: skip
    basis: Basis | None = numbers.attrs.get("basis")
    foot = Exhibit(
        title=say("The ledger, and what lies outside the count") if basis is None or basis.is_ledger
        else say("The cost, and what lies outside the count"), kind=type(pack).__name__, cells=cells_of(footer),
        texts=texts, presentation=pack.presentation,
    )  # fmt: skip
    return [head, foot, _meanings(pack)]


def _meanings(pack: MonthlyPack) -> Exhibit:
    """What each figure of a pack is, and above it what counts and where costs go."""
    records = [describe(name) for name in pack.to_frame()["quantity"]]
    rows, rest = [], _said(pack.definition)
    for record in records:
        formula = _said(record.formula)
        if formula.casefold() != label(record.name).casefold():
            rows.append((label(record.name), f"{formula[:1].upper()}{formula[1:]}"))
        rest = rest.replace(say("{quantity}: {formula}.", quantity=label(record.name), formula=formula), "")
    cells = Cells((say("Quantity"), say("Formula")), tuple(rows), frozenset({0, 1}))
    return Exhibit(
        title=say("What the figures mean"), kind=type(pack).__name__, cells=cells,
        subtitle=" ".join(rest.split()), presentation=pack.presentation,
    )  # fmt: skip
