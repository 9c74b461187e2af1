"""The bridge from one figure to another: every effect, its verdict, and the whole in plain words."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cpc_analysis.errors import listed
from cpc_analysis.glossary import describe, label
from cpc_analysis.models.bridge.verdicts import OUT, TOO_LITTLE
from cpc_analysis.models.wording import number_in_words

__all__ = ["Bridge", "effect_in_words", "net_effect", "netted"]

#: What is one together: no cash moves between handling and waiting.
_TIME = ("handle_time", "concurrency", "waiting")

_WORDS = {
    "mix": "mix", "rate": "rate", "change": "change", "handle_time": "handle time", "concurrency": "concurrency",
    "waiting": "waiting", "availability": "availability", "payroll_rate": "wages", "on_costs": "on-cost rate",
    "premium": "premiums", "ledger_minus_payroll": "labour beyond payroll", "labour_rate": "labour rate",
    "time": "handle time net of waiting",
}  # fmt: skip


def effect_in_words(effect: str, amount: float = 0.0) -> str:
    """The name of an effect as it is said, of volume by the sign of its amount.

    Examples
    --------
    >>> effect_in_words("payroll_rate"), effect_in_words("technology_spending"), effect_in_words("volume", -1.2)
    ('wages', 'spending on technology', 'the same cost over more contacts')
    """
    if effect == "volume" and amount:
        return f"the same cost over {'fewer' if amount > 0 else 'more'} contacts"
    cost_type, _, kind = effect.rpartition("_")
    if kind in ("spending", "volume") and cost_type:
        return f"{'spending on' if kind == 'spending' else 'volume under'} {cost_type.replace('_', ' ')}"
    return _WORDS.get(effect, effect.replace("_", " "))


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
    """

    quantity: str
    before: float
    after: float
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
        """The effects for a waterfall: netted, largest first but mix and time, the small ones as ``other``.

        Parameters
        ----------
        most : int
            How many steps at most.

        Returns
        -------
        pandas.DataFrame
            `effect`, `amount`, `verdict`; the amounts add up to `total`.
        """
        names = list(self.totals["effect"])
        parts = self.totals[[net_effect(name, names) == name for name in names]]
        rows = parts[(parts["amount"].abs() > 1e-12 * max(abs(self.before), abs(self.after)))]
        rows = rows.iloc[np.argsort(-rows["amount"].abs().to_numpy(), kind="stable")]
        if len(rows) > most:
            rest = rows.iloc[most - 1 :]
            verdict = OUT if (rest["verdict"] == OUT).any() else rest["verdict"].iloc[0]
            other = pd.DataFrame({"effect": ["other"], "amount": [rest["amount"].sum()], "verdict": [verdict]})
            rows = pd.concat([rows.iloc[: most - 1], other], ignore_index=True)
        return rows[["effect", "amount", "verdict"]].reset_index(drop=True)

    def summary(self) -> str:
        """The bridge in plain words, written from its numbers."""
        return " ".join(part for part in (self._change(), self._largest(), self._time(), self._alarms(), self._gone())
                        if part)  # fmt: skip

    def answer(self) -> str:
        """The change in one sentence: how much, what did most of it, and what is out of the ordinary."""
        steps = self.steps(most=len(self.totals) + 1)
        same = steps[steps["amount"] * self.total > 0][:2]
        named = [f"{effect_in_words(step.effect, step.amount)} ({self._number(step.amount, signed=True)})"
                 for step in same.itertuples()]  # fmt: skip
        mostly = f"; most of it is {' and '.join(named)}" if named else ""
        odd = self._odd()
        alarm = f"; out of the ordinary: {listed(odd)}" if odd else ""
        return f"{self._change()[:-1]}{mostly}{alarm}."

    def __str__(self) -> str:
        return self.summary()

    def _number(self, value: float, signed: bool = False) -> str:
        record = describe(self.quantity)
        if record.unit == "share":
            words = f"{100 * value:.1f} {'points' if signed else '%'}"
        else:
            words = number_in_words(self.quantity, value, self.currency)
        return f"+{words}" if signed and value > 0 else words

    def _change(self) -> str:
        name, verdict = label(self.quantity), "" if self.verdict == TOO_LITTLE else f", {self.verdict}"
        percent = f" ({100 * self.total / self.before:+.1f}%)" if self.before > 0 else ""
        change = f"{self._number(self.total, signed=True)}{percent}{verdict}"
        before = f"{self._number(self.before)} ({self.before_name})"
        after = f"{self._number(self.after)} ({self.after_name})"
        if not self.is_in_time:
            return f"{name} is {after} against {before}: {change}."
        verb = "rose from" if self.total > 0 else "fell from" if self.total < 0 else "stayed at"
        return f"{name} {verb} {before} to {after}: {change}."

    def _largest(self) -> str:
        named = self._named()
        said = []
        for verb, chosen in (("raised", named[named > 0]), ("lowered", named[named < 0])):
            ordered = chosen.iloc[np.argsort(-chosen.abs().to_numpy(), kind="stable")][:3]
            texts = [f"{name} ({self._number(amount, signed=True)})" for name, amount in ordered.items()]
            if texts:
                said.append(f"{verb} most by {', '.join(texts)}")
        return f"It was {' and '.join(said)}." if said else ""

    def _named(self) -> pd.Series:
        """The amount of each effect by its name in words; of a sum, of each segment."""
        if list(self.totals["effect"]) == ["change"]:
            columns = [name for name in self.effects if name not in ("effect", "amount", "verdict")]
            names = [", ".join(str(value) for value in row) for row in self.effects[columns].itertuples(index=False)]
            return self.effects["amount"].set_axis(names)
        steps = self.steps(most=len(self.totals) + 1)
        texts = [effect_in_words(*pair) for pair in zip(steps["effect"], steps["amount"], strict=True)]
        return steps["amount"].set_axis(texts)

    def _time(self) -> str:
        found = dict(zip(self.totals["effect"], self.totals["amount"], strict=True))
        if not {"handle_time", "waiting"} <= set(found):
            return ""
        return (
            f"Handle time ({self._number(found['handle_time'], signed=True)}) and waiting "
            f"({self._number(found['waiting'], signed=True)}) belong together: on a fixed roster one falls as "
            "the other rises, and no cash moves."
        )

    def _alarms(self) -> str:
        if self.verdict == TOO_LITTLE:
            return "There is too little history to say what is out of the ordinary."
        odd = self._odd()
        return f"Out of the ordinary: {listed(odd)}." if odd else "No effect is out of the ordinary."

    def _odd(self) -> list[str]:
        names = self.totals.loc[self.totals["verdict"] == OUT, "effect"]
        return [effect_in_words(name) for name in names if name != "change"]

    def _gone(self) -> str:
        words = ("New", "Gone") if self.is_in_time else (f"Only in {self.after_name}", f"Only in {self.before_name}")
        found = zip(words, (self.new, self.vanished), strict=True)
        return " ".join(f"{word}: {listed(names)}." for word, names in found if names)
