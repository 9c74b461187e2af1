"""How notebooks show results that are more than a frame: what they say, and their table."""

from __future__ import annotations

from cpc_analysis.language import in_its_language
from cpc_analysis.markup import paragraphs_html
from cpc_analysis.models.bridge import Bridge
from cpc_analysis.models.bridge_tables import bridge_table
from cpc_analysis.models.budget_tables import labour_table
from cpc_analysis.models.driver_tables import drivers_table
from cpc_analysis.models.drivers import DriverModel
from cpc_analysis.models.explanation_tables import pack_table
from cpc_analysis.models.pack import MonthlyPack
from cpc_analysis.models.readable import html_of

__all__ = ["bridge_html", "drivers_html", "pack_html"]


@html_of.register
@in_its_language
def bridge_html(bridge: Bridge) -> str:
    """The bridge in words, and its effects.

    Parameters
    ----------
    bridge : Bridge
        Of `explain_change`.
    """
    tables = [bridge_table(bridge)] if bridge.labour is None else [bridge_table(bridge), labour_table(bridge)]
    shown = [table._repr_html_() for table in tables]
    return "\n".join([paragraphs_html([bridge]), *shown, paragraphs_html([bridge.definition])])


@html_of.register
@in_its_language
def drivers_html(model: DriverModel) -> str:
    """The model in words, and its effects.

    Parameters
    ----------
    model : DriverModel
        Of `fit_drivers`.
    """
    return "\n".join(
        [paragraphs_html([model]), drivers_table(model)._repr_html_(), paragraphs_html([model.definition])]
    )


@html_of.register
@in_its_language
def pack_html(pack: MonthlyPack) -> str:
    """Page one with its footer, and how it ties out.

    Parameters
    ----------
    pack : MonthlyPack
        Of `monthly_pack`.
    """
    page, footer = pack_table(pack)._repr_html_(), pack_table(pack, "footer")._repr_html_()
    joins = [paragraphs_html([pack.joins])] if pack.joins else []
    return "\n".join([page, *joins, footer, paragraphs_html([pack, pack.definition])])
