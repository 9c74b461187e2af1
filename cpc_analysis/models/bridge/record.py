"""The bridge from one figure to another: every effect, its verdict, and the whole in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import floor, log10

import numpy as np
import pandas as pd

from cpc_analysis.glossary import describe, label
from cpc_analysis.language import (
    enumerated,
    in_its_language,
    in_language,
    joined,
    language_spoken,
    listed_said,
    money,
    number,
    percent,
    say,
    term,
    value_said,
)
from cpc_analysis.models.bridge.budgeted_labour import labour_in_words
from cpc_analysis.models.bridge.verdicts import OUT, TOO_LITTLE
from cpc_analysis.models.bridge.words import TIME, effect_in_words, net_effect, rates_in_words
from cpc_analysis.models.readable import html_of
from cpc_analysis.models.wording import number_in_words
from cpc_analysis.presentation import Presentation
from cpc_analysis.schema import LABOUR

__all__ = ["COST_TYPE_COLUMNS", "RATES_COLUMN", "Bridge"]

#: What a figure is per: more of them, and fewer.
_OVER_OTHER_COUNTS = {
    "contacts": (term("the same cost over more contacts"), term("the same cost over fewer contacts")),
    "calls": (term("the same cost over more calls"), term("the same cost over fewer calls")),
    "worked_minutes": (term("the same cost over more minutes"), term("the same cost over fewer minutes")),
    "self_served": (term("the same cost over more sessions"), term("the same cost over fewer sessions")),
    "marked_resolved": (
        term("the same cost over more resolved contacts"), term("the same cost over fewer resolved contacts")
    ),
}  # fmt: skip
#: The change as finance reads it, a row per cost type.
COST_TYPE_COLUMNS = ["cost_type", "volume", "spending", "mix", "amount"]
#: What stands before the mix where an exchange rate moved.
RATES_COLUMN = "exchange_rates"
#: So many digits more than usual may show by how much an exchange rate moved, which is so near to it.
_MORE_DIGITS, _NEAR = 5, 0.1
VERDICTS = (term("out of the ordinary"), term("within the usual"), term("too little history"))


@dataclass(frozen=True, eq=False)
class Bridge:
    """Why a figure changed: effects that add up to the change exactly, with a verdict on each.

    Made by `explain_change`. What a period cost is a fact, so no effect has a sampling interval.

    Parameters
    ----------
    quantity : str
        What changed.
    before, after : float
        Its values [unit of the quantity].
    counts : tuple of float
        What both are divided by, such as contacts; of sums, zeros.
    before_name, after_name : str
        What the two sides are, in words.
    verdict : str
        Whether the change as a whole is out of the ordinary.
    effects : pandas.DataFrame
        As `to_frame` gives it.
    totals : pandas.DataFrame
        `effect`, `amount`, `verdict` and `detectable` over all segments: the smallest change that would be called out
        of the ordinary in half of all cases [unit of the quantity], missing with too little history. With the netted
        effects ``time``, ``volume`` and those of currencies, which are sums of others, after them: `is_net` marks them.
    new, vanished : tuple of str
        Segments with contacts on one side only.
    is_in_time : bool
        Whether one period follows another; else a budget or another part of the centre is compared with.
    currency, definition, source : str
        Of the figure.
    presentation : Presentation
        The language and the look of what is said and drawn of it.
    labour : pandas.DataFrame or None
        Of a comparison with the budget, what is known beneath the spending on labour, as `budgeted_labour` gives it.
    cost_types : pandas.DataFrame
        As `by_cost_type` gives it.
    detectable : float
        The smallest change as a whole that would be called out of the ordinary in half of all cases [unit of the
        quantity]; missing with too little history.
    rates : mapping of str to tuple of float
        By effect of an exchange rate the average rate before and after [currency for one of the other].
    """

    quantity: str
    before: float
    after: float
    counts: tuple[float, float]
    before_name: str
    after_name: str
    verdict: str
    effects: pd.DataFrame
    totals: pd.DataFrame
    new: tuple[str, ...]
    vanished: tuple[str, ...]
    is_in_time: bool
    currency: str
    definition: str
    source: str = ""
    presentation: Presentation = field(default_factory=Presentation)
    labour: pd.DataFrame | None = None
    cost_types: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=COST_TYPE_COLUMNS))
    detectable: float = float("nan")
    rates: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    @property
    def total(self) -> float:
        """The change, which the effects add up to."""
        return self.after - self.before

    def to_frame(self) -> pd.DataFrame:
        """The effects: the segment columns, `effect`, `amount` [unit of the quantity] and `verdict`.

        The verdict is of the effect over all segments; all verdicts of a bridge are given together.
        """
        return self.effects.copy()

    def by_cost_type(self) -> pd.DataFrame:
        """The same change as finance reads it: `cost_type`, `volume`, `spending`, `mix` and `amount`, their sum.

        Salaries and on-costs are one, ``labour``. ``volume`` is the same amount over other contacts, ``spending``
        another amount over the same, ``mix`` other shares of the segments [unit of the quantity]; all amounts add up to
        `total`. Where the rate of another currency moved, a column ``exchange_rates`` says what that made of the same
        amount. Empty where no amounts move, as between two sides of one period, and of what is no money over contacts.
        """
        return self.cost_types.copy()

    @in_its_language
    def steps(self, most: int = 8) -> pd.DataFrame:
        """The effects for a waterfall: netted, the largest first, the small ones together as ``rest``.

        Parameters
        ----------
        most : int
            How many steps at most.

        Returns
        -------
        pandas.DataFrame
            `effect`, `words`, `amount`, `verdict`; the amounts add up to `total`.
        """
        names = list(self.totals["effect"])
        parts = self.totals[[net_effect(name, names) == name for name in names]]
        rows = parts[(parts["amount"].abs() > 1e-12 * max(abs(self.before), abs(self.after)))]
        rows = rows.iloc[np.argsort(-rows["amount"].abs().to_numpy(), kind="stable")]
        if len(rows) > most:
            rest = rows.iloc[most - 1 :]
            verdict = OUT if (rest["verdict"] == OUT).any() else rest["verdict"].iloc[0]
            small = pd.DataFrame({"effect": ["rest"], "amount": [rest["amount"].sum()], "verdict": [verdict]})
            rows = pd.concat([rows.iloc[: most - 1], small], ignore_index=True)
        steps = zip(rows["effect"], rows["amount"], strict=True)
        rows = rows.assign(words=[str(self.in_words(*step)) for step in steps])
        return rows[["effect", "words", "amount", "verdict"]].reset_index(drop=True)

    @in_its_language
    def in_words(self, effect: str, amount: float) -> str:
        """An effect as it is said, by whether there are fewer or more contacts, and from which rate to which.

        Parameters
        ----------
        effect : str
            Its name, as `totals` holds it.
        amount : float
            What it did [unit of the quantity].
        """
        if effect in self.rates:
            return rates_in_words(effect, self._rates_said(*self.rates[effect]))
        if effect not in ("volume", "cost_volume"):
            return effect_in_words(effect)
        grown = self.counts[1] - self.counts[0]
        if grown * amount >= 0:
            return say("the same cost shared out otherwise")
        per = str(describe(self.quantity).denominator)
        more, fewer = _OVER_OTHER_COUNTS.get(per, _OVER_OTHER_COUNTS["contacts"])
        return say(more if grown > 0 else fewer)

    @in_its_language
    def summary(self) -> str:
        """The bridge in plain words, written from its numbers."""
        return joined(
            joined(self._change(), ".", by=""), self._largest(), self._time(), self._finance(), self._labour(),
            self._alarms(), self._gone(),
        )  # fmt: skip

    @in_its_language
    def answer(self) -> str:
        """The change in one sentence: how much, what did most of it, and what is out of the ordinary."""
        named = self._named()
        same = named[named * self.total > 0].iloc[:2]
        parts = enumerated(*self._sized(same))
        mostly = ""
        if len(same) and abs(same.sum()) > abs(self.total) / 2:
            mostly = say("; most of it is {parts}", parts=parts)
        elif len(same):
            mostly = say("; the largest parts are {parts}", parts=parts)
        odd = self._odd()
        alarm = say("; out of the ordinary: {effects}", effects=listed_said(*odd)) if odd else ""
        return joined(self._change(), mostly, alarm, ".", by="")

    def __str__(self) -> str:
        return self.summary()

    def _repr_html_(self) -> str:
        return html_of(self)

    def _sized(self, amounts: pd.Series) -> list[str]:
        """Effects, each with its amount."""
        return [f"{name} ({self._number(amount, signed=True)})" for name, amount in amounts.items()]

    def _number(self, value: float, signed: bool = False) -> str:
        words = self._size(value) if signed else number_in_words(self.quantity, value, self.currency)
        if not any(digit in words for digit in "123456789"):
            return words.removeprefix("-")
        return f"+{words}" if signed and value > 0 else words

    def _rates_said(self, before: float, after: float) -> str:
        """An average exchange rate before and after, in as many digits as show by how much it moved."""
        if not (before > 0 and after > 0):
            return say("at another rate")
        move, fewest = after - before, max(2, 2 - floor(log10(min(before, after))))
        shown = {count: round(after, count) - round(before, count) for count in range(fewest, fewest + _MORE_DIGITS)}
        digits = next((count for count, by in shown.items() if abs(by - move) < _NEAR * abs(move)), max(shown))
        return say("from {before} to {after}", before=number(before, digits), after=money(after, self.currency, digits))

    def _size(self, change: float) -> str:
        """A change without its sign where it is a rise; that of a share in points."""
        if describe(self.quantity).is_share:
            return say("{number} points", number=number(100 * change, 1))
        return number_in_words(self.quantity, change, self.currency)

    def _shows(self, amount: float) -> bool:
        """Whether an amount is more than nothing in the digits that are written."""
        return self._number(amount) != self._number(0.0)

    def _change(self) -> str:
        verdict = "" if self.verdict == TOO_LITTLE else f", {say(self.verdict)}"
        has_percent = self.before > 0 and not describe(self.quantity).is_score
        relative = f" ({percent(self.total / self.before, 1, signed=True)})" if has_percent else ""
        language = language_spoken()
        sides = {
            "name": label(self.quantity), "before": self._number(self.before), "after": self._number(self.after),
            "before_name": in_language(self.before_name, language),
            "after_name": in_language(self.after_name, language),
            "change": f"{self._number(self.total, signed=True)}{relative}{verdict}",
        }  # fmt: skip
        if not self.is_in_time:
            return say("{name} is {after} ({after_name}) against {before} ({before_name}): {change}", **sides)
        if sides["before"] == sides["after"]:
            return say("{name} stayed at {after} from {before_name} to {after_name}: {change}", **sides)
        if self.total > 0:
            return say("{name} rose from {before} ({before_name}) to {after} ({after_name}): {change}", **sides)
        return say("{name} fell from {before} ({before_name}) to {after} ({after_name}): {change}", **sides)

    def _largest(self) -> str:
        named = self._named()
        up, down = (
            ", ".join(self._sized(pd.Series({name: amount for name, amount in chosen.iloc[:3].items()
                                             if self._shows(amount)}, dtype="float64")))
            for chosen in (named[named > 0], named[named < 0])
        )  # fmt: skip
        if up and down:
            return say("It was raised most by {up} and lowered most by {down}.", up=up, down=down)
        if up or down:
            return say("It was raised most by {up}." if up else "It was lowered most by {down}.", up=up, down=down)
        return ""

    def _named(self) -> pd.Series:
        """The amount of each effect by its name in words, the largest first; of a sum, of each segment."""
        if list(self.totals["effect"]) != ["change"]:
            steps = self.steps(most=len(self.totals) + 1)
            return steps["amount"].set_axis(steps["words"])
        columns = [name for name in self.effects if name not in ("effect", "amount", "verdict")]
        if not columns:
            return pd.Series(dtype="float64")
        names = [
            ", ".join(value_said(column, str(value)) for column, value in zip(columns, row, strict=True))
            for row in self.effects[columns].itertuples(index=False)
        ]
        amounts = self.effects["amount"].set_axis(names)
        return amounts.iloc[np.argsort(-amounts.abs().to_numpy(), kind="stable")]

    def _time(self) -> str:
        """What handling and waiting did together: on a fixed roster one falls as the other rises."""
        found = dict(zip(self.totals["effect"], self.totals["amount"], strict=True))
        if not {"handle_time", "waiting"} <= set(found):
            return ""
        parts = [f"{effect_in_words(name)} ({self._number(found[name], signed=True)})"
                 for name in TIME if self._shows(found.get(name, 0.0))]  # fmt: skip
        if len(parts) < 2:
            return ""
        told, net = enumerated(*parts), self._number(found["time"], signed=True)
        handling = found["time"] - found["waiting"]
        if not self.is_in_time or handling * found["waiting"] >= 0:
            return say("Together {parts} are {net}.", parts=told, net=net)
        return say(
            "Of {parts} one falls as the other rises on a fixed roster, where no cash moves: together they are {net}."
            if len(parts) == 2 else
            "Of {parts} some fall as others rise on a fixed roster, where no cash moves: together they are {net}.",
            parts=told, net=net,
        )  # fmt: skip

    def _finance(self) -> str:
        """Between periods, spending and volume beside the drivers of labour, whose time and money share one line."""
        frame = self.cost_types
        if self.labour is not None or frame.empty:
            return ""
        of_labour = frame["cost_type"] == LABOUR
        parts = {
            say("spending on labour"): frame.loc[of_labour, "spending"].sum(),
            say("other spending"): frame.loc[~of_labour, "spending"].sum(),
            self.in_words("volume", frame["volume"].sum()): frame["volume"].sum(),
            say("exchange rates"): frame[RATES_COLUMN].sum() if RATES_COLUMN in frame else 0.0,
            effect_in_words("mix"): frame["mix"].sum(),
        }
        shown = pd.Series({name: amount for name, amount in parts.items() if self._shows(amount)}, dtype="float64")
        if len(shown) < 2:
            return ""
        return say("As finance reads it, with labour as one cost: {parts}.", parts=", ".join(self._sized(shown)))

    def _labour(self) -> str:
        if self.labour is None:
            return ""
        spending = self.labour.set_index("figure")["per_contact"]["labour_cost"]
        return labour_in_words(self.labour, self._number(spending, signed=True))

    def _alarms(self) -> str:
        if self.verdict == TOO_LITTLE:
            return say("There is too little history to say what is out of the ordinary.")
        odd = self._odd()
        if odd:
            return say("Out of the ordinary: {effects}.", effects=listed_said(*odd))
        if self.verdict == OUT or not self.detectable > 0:
            return say("No effect is out of the ordinary.")
        return say(
            "No effect is out of the ordinary; a change of the whole by {size} would be found in half of all cases.",
            size=self._size(self.detectable),
        )

    def _odd(self) -> list[str]:
        odd = self.totals[(self.totals["verdict"] == OUT) & (self.totals["effect"] != "change")]
        return [self.in_words(name, amount) for name, amount in zip(odd["effect"], odd["amount"], strict=True)
                if self._shows(amount)]  # fmt: skip

    def _gone(self) -> str:
        new, gone = listed_said(*self.new), listed_said(*self.vanished)
        language = language_spoken()
        if self.is_in_time:
            texts = (say("New: {names}.", names=new), say("Gone: {names}.", names=gone))
        else:
            before, after = (in_language(name, language) for name in (self.before_name, self.after_name))
            texts = (
                say("Only in {side}: {names}.", side=after, names=new),
                say("Only in {side}: {names}.", side=before, names=gone),
            )
        return joined(texts[0] if self.new else "", texts[1] if self.vanished else "")
