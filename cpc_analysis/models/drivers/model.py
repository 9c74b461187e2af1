"""What drivers go together with: effects with intervals, in percent, seconds and money."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
import pandas as pd

from cpc_analysis.cells.derived import TENURE_FROM
from cpc_analysis.errors import InvalidInputError
from cpc_analysis.language import column_said, in_its_language, joined, number, percent, say
from cpc_analysis.models.drivers.outcomes import OUTCOMES
from cpc_analysis.models.drivers.terms import level_said
from cpc_analysis.models.readable import html_of
from cpc_analysis.presentation import Presentation
from cpc_analysis.schema import UNKNOWN

__all__ = ["DriverModel", "level_in_words"]


@dataclass(frozen=True, eq=False)
class DriverModel:
    """What some drivers go together with, within strata of like work. Made by `fit_drivers`.

    Parameters
    ----------
    outcome, outcome_in_words : str
        What is explained.
    unit : {"percent", "percentage points"}
        Of the effects and their bounds.
    effects : pandas.DataFrame
        As `to_frame` gives it.
    level : float
        Level at which the intervals of all levels of a driver hold together.
    contacts, left_out : int
        Contacts behind the effects, and those that could not be used.
    clusters : int
        Agents - of waits, weeks - that the intervals leave out one at a time. Waits by what is known only of
        agents leave out agents one at a time as well, and the wider interval holds.
    within : tuple of str
        What the strata are made of.
    definition : str
        What is compared with what, in words.
    currency, source : str
        Of the money, and of the data.
    presentation : Presentation
        The language and the look of what is said and drawn of it.
    """

    outcome: str
    outcome_in_words: str
    unit: str
    effects: pd.DataFrame
    level: float
    contacts: int
    left_out: int
    clusters: int
    within: tuple[str, ...]
    definition: str
    currency: str
    source: str = ""
    presentation: Presentation = field(default_factory=Presentation)

    def to_frame(self) -> pd.DataFrame:
        """One row per driver and level, the references among them with an effect of zero.

        Returns
        -------
        pandas.DataFrame
            `driver`, `level`, the `reference` it is compared with, `contacts` at the level; `effect_percent` with `low`
            and `high`, the ends of its interval, simultaneous over the levels of its driver [percent, or percentage
            points of a share]; `effect_seconds`, the effect at the mean of the reference [seconds]; `effect_money`,
            what the agents' time beyond the reference's pace is worth over the contacts at the level, which is `cash`,
            as far as labour is bought by the piece, and `released_capacity`, paid time set free [currency]. Its pace is
            of worked seconds, which contacts at the same time share, so its sign may differ from that of the handle
            time. Seconds and money are missing where the outcome is a share; money also where it is a wait, without
            labour cost, or where worked time cannot be compared. `is_clear` says whether the effect is clear of chance,
            all levels of its driver taken together: whether zero lies outside of its interval.
        """
        return self.effects.copy()

    @property
    def curve(self) -> pd.DataFrame:
        """The learning curve: `from_month`, `to_month` and the columns of `to_frame`, by growing tenure.

        Raises
        ------
        InvalidInputError
            If tenure is not among the drivers.
        """
        rows = self.effects[(self.effects["driver"] == "tenure") & (self.effects["level"] != UNKNOWN)]
        if rows.empty:
            raise InvalidInputError("Only a model with the driver `tenure` has a learning curve; fit it with tenure.")
        starts = rows["level"].str.extract(r"(\d+)", expand=False).astype("int64")
        ends = starts.map(dict(zip(TENURE_FROM, (*TENURE_FROM[1:], np.inf), strict=True)))
        curve = pd.concat([starts.rename("from_month"), ends.rename("to_month"), rows], axis=1)
        curve = curve.sort_values("from_month", ignore_index=True)
        curve.attrs = dict(self.effects.attrs)
        return curve

    @in_its_language
    def summary(self) -> str:
        """What was found, in plain words: of each driver its largest effect, and what the money means."""
        return joined(
            *(self._of_driver(driver) for driver in self.effects["driver"].unique()),
            self._money_in_words(),
            say("This says what goes together, not what causes it."),
        )

    def _money_in_words(self) -> str:
        if self.effects["effect_money"].isna().all():
            return ""
        if (self.effects["cash"].fillna(0.0) == 0).all():
            return say("Money is released capacity, paid time set free, not cash.")
        return say("Money is released capacity, paid time set free; of labour bought by the piece it is cash.")

    def _of_driver(self, driver: str) -> str:
        found = self._largest(driver)
        if found is None:
            return joined(self.finding(driver), ".", by="")
        rows = self.effects[(self.effects["driver"] == driver) & (self.effects["level"] != UNKNOWN)]
        levels = int((rows["level"] != rows["reference"]).sum())
        low, high = (number(found[name], 1, signed=True) for name in ("low", "high"))
        told = say("{finding} (simultaneous {level}% interval {low} to {high})", finding=self.finding(driver),
                   level=level_in_words(self.level), low=low, high=high)  # fmt: skip
        more = say("; {count} of {levels} levels are clearly unlike their reference",
                   count=int(rows["is_clear"].sum()), levels=levels) if levels > 1 else ""  # fmt: skip
        return joined(told, more, ".", by="")

    @in_its_language
    def finding(self, driver: str) -> str:
        """The largest effect of a driver that is clear of chance, in words; of levels that are known.

        Parameters
        ----------
        driver : str
            One of the model's drivers.
        """
        found, outcome = self._largest(driver), OUTCOMES[self.outcome]
        if found is None:
            return say("No clear difference in {outcome} by {driver}", outcome=say(outcome.words),
                       driver=column_said(driver))  # fmt: skip
        effect, is_ratio = found["effect_percent"], self.unit == "percent"
        size = percent(abs(effect) / 100) if is_ratio else say("{number} points", number=number(abs(effect), 1))
        return say(
            "{outcome} is {size} higher with {driver} {level} than with {reference}" if effect > 0 else
            "{outcome} is {size} lower with {driver} {level} than with {reference}",
            outcome=say(outcome.ratio_subject if is_ratio else outcome.subject), size=size, driver=column_said(driver),
            level=level_said(driver, found["level"]), reference=level_said(driver, found["reference"]),
        )  # fmt: skip

    def _largest(self, driver: str) -> pd.Series | None:
        rows = self.effects[(self.effects["driver"] == driver) & self.effects["is_clear"]]
        # What is unknown is no finding: nobody can act on it.
        rows = rows[rows["level"] != UNKNOWN]
        return None if rows.empty else rows.loc[rows["effect_percent"].abs().idxmax()]

    def __str__(self) -> str:
        return self.summary()

    def _repr_html_(self) -> str:
        return html_of(self)


def level_in_words(level: float) -> str:
    """The level of an interval as a number of percent."""
    return number(Decimal(f"{100 * level:g}"), None)
