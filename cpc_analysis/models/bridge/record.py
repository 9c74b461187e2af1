"""The bridge from one figure to another: every effect, its verdict, and the whole in plain words."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from cpc_analysis.errors import listed
from cpc_analysis.glossary import describe, label
from cpc_analysis.models.bridge.verdicts import OUT, TOO_LITTLE
from cpc_analysis.models.readable import html_of
from cpc_analysis.models.wording import number_in_words
from cpc_analysis.presentation import Presentation
from cpc_analysis.schema import COST_TYPES

__all__ = ["Bridge", "effect_in_words", "net_effect", "netted"]

#: What is one together: no cash moves between handling and waiting.
_TIME = ("handle_time", "concurrency", "waiting")

_WORDS = {
    "payroll_rate": "wages", "on_costs": "on-cost rate", "premium": "premiums",
    "ledger_minus_payroll": "labour cost beyond the payroll", "time": "handling net of waiting",
    "volume": "the same cost over more or fewer contacts", "cost_spending": "spending",
    "cost_volume": "the same cost over more or fewer contacts", "rest": "all other effects",
}  # fmt: skip
_POOLS = {"other": "other cost", "other_labour": "labour cost without handle time"}
#: What a figure is per, where that is no contact.
_COUNTED = {"calls": "calls", "worked_minutes": "minutes", "self_served": "sessions", "resolved": "resolved contacts"}


def effect_in_words(effect: str) -> str:
    """The name of an effect as it is said.

    Examples
    --------
    >>> effect_in_words("payroll_rate"), effect_in_words("technology_spending"), effect_in_words("facilities_volume")
    ('wages', 'spending on technology', 'cost of facilities over more or fewer contacts')
    """
    if effect in _WORDS:
        return _WORDS[effect]
    cost_type, _, kind = effect.rpartition("_")
    if kind == "spending":
        return f"spending on {_POOLS.get(cost_type, cost_type).replace('_', ' ')}"
    if kind == "volume":
        return f"{_cost_of(cost_type)} over more or fewer contacts"
    return _cost_of(effect) if effect in (*COST_TYPES, *_POOLS) else effect.replace("_", " ")


def _cost_of(cost_type: str) -> str:
    return _POOLS.get(cost_type, f"cost of {cost_type.replace('_', ' ')}")


def netted(effects: dict[str, float]) -> dict[str, float]:
    """Effects with those as one that are one together, as far as there are several."""
    result: dict[str, float] = {}
    for name, amount in effects.items():
        net = net_effect(name, effects)
        result[net] = result.get(net, 0.0) + amount
    return result


def net_effect(effect: str, among: Collection[str]) -> str:
    """The netted effect that one is a part of where there are others, else the effect itself."""
    if effect in _TIME:
        return "time" if len(set(_TIME) & set(among)) > 1 else effect
    return "volume" if effect.endswith("_volume") else effect


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
        `effect`, `amount` and `verdict` over all segments; with the netted effects ``time`` and ``volume``, which
        are sums of others, after them: `is_net` marks them.
    new, vanished : tuple of str
        Segments with contacts on one side only.
    is_in_time : bool
        Whether one period follows another; else a budget or another part of the centre is compared with.
    currency, definition, source : str
        Of the figure.
    presentation : Presentation
        The language and the look of what is said and drawn of it.
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

    @property
    def total(self) -> float:
        """The change, which the effects add up to."""
        return self.after - self.before

    def to_frame(self) -> pd.DataFrame:
        """The effects: the segment columns, `effect`, `amount` [unit of the quantity] and `verdict`.

        The verdict is of the effect over all segments; all verdicts of a bridge are given together.
        """
        return self.effects.copy()

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
        rows = rows.assign(words=[self.in_words(*step) for step in zip(rows["effect"], rows["amount"], strict=True)])
        return rows[["effect", "words", "amount", "verdict"]].reset_index(drop=True)

    def in_words(self, effect: str, amount: float) -> str:
        """An effect as it is said, the same cost over fewer or more contacts by which of them it was.

        Parameters
        ----------
        effect : str
            Its name, as `totals` holds it.
        amount : float
            What it did [unit of the quantity].
        """
        if effect not in ("volume", "cost_volume"):
            return effect_in_words(effect)
        grown = self.counts[1] - self.counts[0]
        if grown * amount >= 0:
            return "the same cost shared out otherwise"
        counted = _COUNTED.get(str(describe(self.quantity).denominator), "contacts")
        return f"the same cost over {'more' if grown > 0 else 'fewer'} {counted}"

    def summary(self) -> str:
        """The bridge in plain words, written from its numbers."""
        return " ".join(part for part in (self._change(), self._largest(), self._time(), self._alarms(), self._gone())
                        if part)  # fmt: skip

    def answer(self) -> str:
        """The change in one sentence: how much, what did most of it, and what is out of the ordinary."""
        named = self._named()
        same = named[named * self.total > 0].iloc[:2]
        texts = [f"{name} ({self._number(amount, signed=True)})" for name, amount in same.items()]
        most = "most of it is" if abs(same.sum()) > abs(self.total) / 2 else "the largest parts are"
        mostly = f"; {most} {' and '.join(texts)}" if texts else ""
        odd = self._odd()
        alarm = f"; out of the ordinary: {listed(odd)}" if odd else ""
        return f"{self._change()[:-1]}{mostly}{alarm}."

    def __str__(self) -> str:
        return self.summary()

    def _repr_html_(self) -> str:
        return html_of(self)

    def _number(self, value: float, signed: bool = False) -> str:
        if describe(self.quantity).unit == "share":
            words = f"{100 * value:.1f}{' points' if signed else '%'}"
        else:
            words = number_in_words(self.quantity, value, self.currency)
        if not any(digit in words for digit in "123456789"):
            return words.removeprefix("-")
        return f"+{words}" if signed and value > 0 else words

    def _shows(self, amount: float) -> bool:
        """Whether an amount is more than nothing in the digits that are written."""
        return self._number(amount) != self._number(0.0)

    def _change(self) -> str:
        name, verdict = label(self.quantity), "" if self.verdict == TOO_LITTLE else f", {self.verdict}"
        percent = f" ({100 * self.total / self.before:+.1f}%)" if self.before > 0 else ""
        change = f"{self._number(self.total, signed=True)}{percent}{verdict}"
        before, after = self._number(self.before), self._number(self.after)
        if not self.is_in_time:
            return f"{name} is {after} ({self.after_name}) against {before} ({self.before_name}): {change}."
        if before == after:
            return f"{name} stayed at {after} from {self.before_name} to {self.after_name}: {change}."
        verb = "rose" if self.total > 0 else "fell"
        return f"{name} {verb} from {before} ({self.before_name}) to {after} ({self.after_name}): {change}."

    def _largest(self) -> str:
        named = self._named()
        said = []
        for verb, chosen in (("raised", named[named > 0]), ("lowered", named[named < 0])):
            texts = [f"{name} ({self._number(amount, signed=True)})" for name, amount in chosen.iloc[:3].items()
                     if self._shows(amount)]  # fmt: skip
            if texts:
                said.append(f"{verb} most by {', '.join(texts)}")
        return f"It was {' and '.join(said)}." if said else ""

    def _named(self) -> pd.Series:
        """The amount of each effect by its name in words, the largest first; of a sum, of each segment."""
        if list(self.totals["effect"]) != ["change"]:
            steps = self.steps(most=len(self.totals) + 1)
            return steps["amount"].set_axis(steps["words"])
        columns = [name for name in self.effects if name not in ("effect", "amount", "verdict")]
        if not columns:
            return pd.Series(dtype="float64")
        names = [", ".join(str(value) for value in row) for row in self.effects[columns].itertuples(index=False)]
        amounts = self.effects["amount"].set_axis(names)
        return amounts.iloc[np.argsort(-amounts.abs().to_numpy(), kind="stable")]

    def _time(self) -> str:
        """What handling and waiting did together: on a fixed roster one falls as the other rises."""
        found = dict(zip(self.totals["effect"], self.totals["amount"], strict=True))
        if not {"handle_time", "waiting"} <= set(found):
            return ""
        parts = [f"{effect_in_words(name)} ({self._number(found[name], signed=True)})"
                 for name in _TIME if self._shows(found.get(name, 0.0))]  # fmt: skip
        if len(parts) < 2:
            return ""
        parts_in_words = f"{', '.join(parts[:-1])} and {parts[-1]}"
        net = self._number(found["time"], signed=True)
        handling = found["time"] - found["waiting"]
        if not self.is_in_time or handling * found["waiting"] >= 0:
            return f"Together {parts_in_words} are {net}."
        return (
            f"Of {parts_in_words} one falls as the other rises on a fixed roster, where no cash moves: "
            f"together they are {net}."
        )

    def _alarms(self) -> str:
        if self.verdict == TOO_LITTLE:
            return "There is too little history to say what is out of the ordinary."
        odd = self._odd()
        return f"Out of the ordinary: {listed(odd)}." if odd else "No effect is out of the ordinary."

    def _odd(self) -> list[str]:
        odd = self.totals[(self.totals["verdict"] == OUT) & (self.totals["effect"] != "change")]
        return [self.in_words(name, amount) for name, amount in zip(odd["effect"], odd["amount"], strict=True)
                if self._shows(amount)]  # fmt: skip

    def _gone(self) -> str:
        words = ("New", "Gone") if self.is_in_time else (f"Only in {self.after_name}", f"Only in {self.before_name}")
        found = zip(words, (self.new, self.vanished), strict=True)
        return " ".join(f"{word}: {listed(names)}." for word, names in found if names)
