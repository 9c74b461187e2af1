"""Published figures of cost per contact, each with its year, currency, definition and source, and the own beside them.

An appendix, not a verdict: a published average says little about a centre with other channels and other complexity.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cpc_analysis.errors import InvalidInputError, UnknownNameError, listed
from cpc_analysis.language import in_its_language, in_language, say, spoken, term
from cpc_analysis.measuring import measure
from cpc_analysis.money import rate_of
from cpc_analysis.periods import Period, parse_period
from cpc_analysis.schema import CHANNELS

if TYPE_CHECKING:
    from cpc_analysis.dataset import Dataset

__all__ = ["benchmarks", "compare_benchmarks", "published_said"]

_FILE = "published_benchmarks.csv"
#: What a published figure of no single canonical channel is compared with.
_QUANTITIES = {"live": "cost_per_assisted_contact", "self-service": "cost_per_self_service_session"}
#: What the file of published figures says of them.
_PUBLISHED = {
    term("mean cost of an inbound call"), term("mean cost of an inbound e-mail"),
    term("mean cost of an inbound web chat"), term("mean cost of an inbound e-mail: the call is 70% dearer"),
    term("mean cost of an inbound web chat: the call is 96% dearer"),
    term("mean cost of an inbound e-mail: the call is 57% dearer"),
    term("mean cost of an inbound web chat: the call is 83% dearer"),
    term("cost of a contact by telephone, chat or e-mail with an agent"), term("cost of a self-service contact"),
    term("mean cost of a visit"), term("mean cost of a call"), term("mean cost of a web transaction"),
    term("cost of a ticket solved by the user in self-service"), term("cost of a ticket solved at the service desk"),
    term("cost of a ticket solved by desktop support"), term("cost of a ticket solved by internal specialists"),
    term("cost of a ticket solved on site"), term("cost of a ticket solved by a vendor"),
    term("mean cost of an inbound service desk contact"),
    term("cost of a contact; nobody says which costs over which contacts"),
    term("published survey"), term("worked out from a published ratio"), term("published figure without method"),
    term("secondary citation"), term("untraced"),
    term("live"), term("face to face"), term("IT ticket"), term("any"),
}  # fmt: skip


@spoken
def published_said(text: str) -> str:
    """What a published figure is, of which channel, or how certain it is, to read.

    Parameters
    ----------
    text : str
        As `benchmarks` has it in its columns `definition`, `channel` and `certainty`.

    Examples
    --------
    >>> from cpc_analysis.language import in_language
    >>> in_language(published_said("mean cost of an inbound call"), "da"), published_said("untraced")
    ('gennemsnitlig omkostning pr. indgående opkald', 'untraced')
    """
    return say(text) if text in _PUBLISHED else text


def benchmarks(channel: str | None = None) -> pd.DataFrame:
    """Published figures of cost per contact.

    Parameters
    ----------
    channel : str, optional
        Only those of a channel: voice, email, chat; ``live`` for any with an agent, ``self-service``,
        ``face to face``, ``IT ticket``, ``any``.

    Returns
    -------
    pandas.DataFrame
        `name`, `channel`, `value`, `low`, `high` [currency per contact], `currency`, `year` (missing where nobody
        says), `region`, `industry`, `directions` (``in``, or empty where not stated), `definition`, `source` and
        `certainty`.

    Raises
    ------
    UnknownNameError
        If there is no figure for the channel.

    Examples
    --------
    >>> benchmarks("voice")[["name", "value", "currency"]].head(2)
                       name  value currency
    0  ContactBabel US 2015   6.69      USD
    1  ContactBabel UK 2023   6.55      GBP
    """
    frame = pd.read_csv(Path(__file__).with_name(_FILE), dtype={"year": "Int64"}, keep_default_na=False, na_values={
        name: [""] for name in ("value", "low", "high", "year")
    })  # fmt: skip
    if channel is None:
        return frame
    known = list(dict.fromkeys(frame["channel"]))
    if channel not in known:
        raise UnknownNameError("benchmark of the channel", channel, known)
    return frame[frame["channel"] == channel].reset_index(drop=True)


@in_its_language
def compare_benchmarks(data: Dataset, period: str, channel: str | None = None, *, unlike: bool = False) -> pd.DataFrame:
    """The own cost per contact beside the published figures that count alike, in the project's currency.

    Parameters
    ----------
    data : Dataset
        Its settings give `rates`, what one unit of another currency is worth, stated by month on average of the
        period, and `price_levels`, by how much prices rose since a year; nothing is converted without them.
    period : str
        The period of the own figure, such as ``"2025-06"``.
    channel : str, optional
        Only figures of this channel, as for `benchmarks`.
    unlike : bool
        Also figures that count other contacts than the project, or do not say which.

    Returns
    -------
    pandas.DataFrame
        The columns of `benchmarks`, then `converted`, `converted_low`, `converted_high` [currency of the project],
        `price_adjusted`, `own` and `difference`, the own over the converted figure minus 1. Figures of channels that
        the project does not have are left out. ``frame.attrs["left_out"]`` names the figures that count otherwise,
        ``frame.attrs["other_channels"]`` those of channels without an own figure.

    Raises
    ------
    InvalidInputError
        If no figure counts alike, a currency has no rate, or the own figure is not known.
    """
    known = benchmarks(channel)
    own = _own(data, period)
    usable = known[known["channel"].isin(own)]
    if usable.empty:
        raise InvalidInputError(
            f"No published figure is for a channel that the project has a cost of in {period}: they are for "
            f"{listed(dict.fromkeys(known['channel']))}; the project has {listed(own) or 'none'}."
        )
    alike = usable["directions"].map(lambda counted: tuple(counted.split()) == data.counting.directions)
    # What is published is per answered contact.
    alike &= (data.counting.outcomes, data.counting.unit) == (("answered",), "conversation")
    alike &= usable["certainty"] != "untraced"
    if not unlike and not alike.any():
        first, own_count = usable.iloc[0], in_language(data.counting.in_words(), "en")
        raise InvalidInputError(
            f"`{first['name']}` is the {first['definition']}, and the project counts otherwise: {own_count} "
            "Count alike, as with Counting(directions=('in',)), or compare all the same with unlike=True."
        )
    chosen = usable if unlike else usable[alike]
    result = _converted(data, chosen.reset_index(drop=True), parse_period(period, data.calendar))
    result["definition"] = [str(published_said(text)) for text in result["definition"]]
    result["own"] = result["channel"].map(own)
    result["difference"] = result["own"] / result["converted"] - 1.0
    result.attrs = {
        "definition": data.counting.in_words(),
        **data.stamp,
        "period": period,
        "left_out": tuple(usable.loc[~usable.index.isin(chosen.index), "name"]),
        "other_channels": tuple(known.loc[~known["channel"].isin(own), "name"]),
    }
    return result


def _own(data: Dataset, period: str) -> dict[str, float]:
    """The own figure by the channels of published ones."""
    where = {parse_period(period, data.calendar).grain: period}
    frame = measure(data, "cost_per_contact", by=["channel"], where=where)
    values = {name: value for name, value in zip(frame["channel"], frame["cost_per_contact"], strict=True)
              if name in CHANNELS}  # fmt: skip
    whole = measure(data, ["cost_per_contact", *_QUANTITIES.values()], where=where).iloc[0]
    values |= {name: whole[quantity] for name, quantity in _QUANTITIES.items()} | {"any": whole["cost_per_contact"]}
    return {name: float(value) for name, value in values.items() if np.isfinite(value)}


def _rates_in(data: Dataset, period: Period) -> dict[str, float]:
    """What one unit of each currency is worth in a period: on average of its months that state a rate."""
    months = pd.date_range(period.start.replace(day=1), period.last, freq="MS")
    rates = {data.currency: 1.0}
    for currency in data.settings.rates:
        stated = [rate_of(data.settings.rates, currency, month) for month in months]
        known = [float(rate) for rate in stated if rate is not None]
        if known:
            rates[currency] = sum(known) / len(known)
    return rates


def _converted(data: Dataset, figures: pd.DataFrame, period: Period) -> pd.DataFrame:
    rates, year = _rates_in(data, period), period.start.year
    strangers = sorted(set(figures["currency"]) - set(rates))
    if strangers:
        raise InvalidInputError(
            f"A published figure in {strangers[0]} needs a rate: state what one {strangers[0]} is worth in "
            f"{data.currency}, in [rates] of the project file."
        )
    factor = figures["currency"].map(rates).astype("float64")
    levels = [
        data.settings.price_levels.get(currency, {}).get(str(then)) if pd.notna(then) else None
        for currency, then in zip(figures["currency"], figures["year"], strict=True)
    ]
    adjusted = [
        level is not None or then == year for level, then in zip(levels, figures["year"].fillna(0), strict=True)
    ]
    factor = factor * [1.0 if level is None else level for level in levels]
    converted = {f"converted{end}": figures[f"{name}"] * factor
                 for end, name in (("", "value"), ("_low", "low"), ("_high", "high"))}  # fmt: skip
    return figures.assign(**converted, price_adjusted=adjusted)
