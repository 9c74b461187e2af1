"""Nothing is lost of a centre whose data come as they do: odd rows, amounts, currencies, names, zones, calendars."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import cpc_analysis as cpc
from tests.centres import centres

ZONES = [
    "Europe/Copenhagen", "America/New_York", "America/Los_Angeles", "Asia/Kolkata", "Pacific/Auckland",
    "Australia/Lord_Howe",
]  # fmt: skip
#: Names of columns of the user's own: like ours, like SQL, or unlike anything.
ODD_NAMES = ["Channel", "rows", "worked_ms", "_row", 'a "b"', "x;y", "\x0b", "month ", "Ærø"]
#: How ledgers write an amount: a minus before or behind, in parentheses, as credit or debit.
WRITTEN = {
    "plain": str,
    "behind": lambda amount: f"{abs(amount)}-" if amount < 0 else str(amount),
    "parentheses": lambda amount: f"({abs(amount)})" if amount < 0 else str(amount),
    "credit": lambda amount: f"{abs(amount)} {'CR' if amount < 0 else 'DR'}",
    "minus": lambda amount: str(amount).replace("-", "\u2212"),
}
BAD_LINES = [{"amount": "n/a"}, {"cost_type": "beer"}, {"posted_on": "2025-02-30"}, {"amount": None}]
BAD_CONTACTS = [{"channel": "vioce"}, {"started_at": "0025-01-01"}, {"outcome": None}, {"handle_seconds": 9e9}]
RATES = {"EUR": {"2025-01": 7.40, "2025-02": 7.46, "2025-03": 7.60}, "USD": 6.8}
GROUPINGS = [[], ["month"], ["week"], ["channel", "site"], ["day", "outcome"], ["fiscal_month"], ["fiscal_quarter"],
             ["fiscal_year", "month"]]  # fmt: skip


@dataclass
class Odd:
    """An odd centre, what its ledger must come to [DKK], and how many rows of each table must be set aside."""

    given: dict[str, Any]
    ledger: Decimal
    bad: dict[str, int]
    name: str


@st.composite
def odd_centres(draw: st.DrawFn) -> Odd:
    """Any centre with any of the odd things switched on."""
    tables = draw(centres())
    lines, ledger = _odd_ledger(draw, tables["costs"])
    bad_lines = draw(st.lists(st.sampled_from(BAD_LINES), max_size=3))
    calls = _odd_log(draw, tables["contacts"])
    bad_calls = draw(st.lists(st.sampled_from(BAD_CONTACTS), max_size=3))
    name = draw(st.sampled_from(ODD_NAMES))
    calls[name] = draw(
        st.lists(st.sampled_from(["a", "B", "b", None, "(unknown)"]), min_size=len(calls), max_size=len(calls))
    )
    tables |= {"costs": _with_bad(lines, bad_lines, "line_id"), "contacts": _with_bad(calls, bad_calls, "contact_id")}
    policies = {
        "timezone": draw(st.sampled_from(ZONES)),
        "counting": cpc.Counting(unit=draw(st.sampled_from(["conversation", "contact"]))),
        "costing": cpc.Costing(spread_accounts=draw(st.sampled_from([[], ["4000"]]))),
        "settings": _odd_settings(draw),
    }
    return Odd(tables | policies, ledger, {"costs": len(bad_lines), "contacts": len(bad_calls)}, name)


def _odd_ledger(draw: st.DrawFn, lines: pd.DataFrame) -> tuple[pd.DataFrame, Decimal]:
    """Lines of a ledger as ledgers write them, and what they come to."""
    written = WRITTEN[draw(st.sampled_from(list(WRITTEN)))]
    decimals = draw(st.sampled_from([0, 2]))
    amounts = [amount.scaleb(-decimals) for amount in lines["amount"]]
    currencies: list[str | None] = [None] * len(lines)
    if draw(st.booleans()):
        some = st.sampled_from([None, "DKK", "EUR", "USD"])
        currencies = draw(st.lists(some, min_size=len(lines), max_size=len(lines)))
    whole = Decimal(0)
    for amount, currency, month in zip(amounts, currencies, lines["period"], strict=True):
        rate: Any = RATES.get(currency or "", 1)
        whole += amount * Decimal(str(rate[month] if isinstance(rate, dict) else rate))
    odd = lines.assign(amount=[written(amount) for amount in amounts], currency=currencies)
    if draw(st.booleans()):
        odd = odd.assign(service_from="2025-01-15", service_to="2025-03-14")
    return odd, whole


def _odd_log(draw: st.DrawFn, calls: pd.DataFrame) -> pd.DataFrame:
    """Contacts as systems export them: times as text, with fractions or an offset; customers by what names them."""
    form = draw(st.sampled_from(["%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S.250", "%Y-%m-%d %H:%M:%S+02:00", "%Y-%m-%d"]))
    odd = calls.assign(started_at=calls["started_at"].dt.strftime(form))
    if draw(st.booleans()):
        odd["customer_id"] = [f"ida{number % 4}@example.com" for number in range(len(odd))]
    if draw(st.booleans()):
        odd["handle_seconds"] = None
    if draw(st.booleans()):
        odd["contact_count"] = [1 + number % 3 for number in range(len(odd))]
    return odd


def _odd_settings(draw: st.DrawFn) -> cpc.Settings:
    return cpc.Settings(
        rates=RATES,
        smallest_group=draw(st.sampled_from([0, 0, 3])),
        opening_hours=draw(st.sampled_from([{}, {"mon-fri": "08:00-18:00", "chat": {"sat": "22:00-06:00"}}])),
        holidays=draw(st.sampled_from([(), ("2025-01-01", "2025-W09")])),
        workweek=draw(st.sampled_from([("mon", "tue", "wed", "thu", "fri"), ("sun", "mon", "tue", "wed", "thu")])),
        calendar=draw(st.sampled_from([
            cpc.Calendar(), cpc.Calendar(year_starts=4), cpc.Calendar(pattern="4-4-5"),
            cpc.Calendar(year_starts=2, pattern="4-5-4", week_starts="sun", named_after="start"),
        ])),
        complete_from=draw(st.sampled_from([None, "2025-01-01"])),
        complete_through=draw(st.sampled_from([None, "2025-03-31"])),
    )  # fmt: skip


def _with_bad(rows: pd.DataFrame, bad: list[dict[str, Any]], key: str) -> pd.DataFrame:
    """The rows, and further ones that break a rule, each in one of its columns."""
    first = rows.iloc[0].to_dict()
    further = [first | one | {key: f"bad{number}"} for number, one in enumerate(bad)]
    return pd.DataFrame([*rows.astype("object").to_dict("records"), *further]).astype("object")


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(odd_centres(), st.sampled_from(GROUPINGS))
def test_nothing_is_lost_of_an_odd_centre(odd: Odd, by: list[str]) -> None:
    data = cpc.Dataset.from_frames(**odd.given, currency="DKK")
    report = data.check()
    for table, read in report.read.items():
        assert read == report.accepted[table] + report.set_aside[table] + report.excluded[table]
        assert report.set_aside[table] == odd.bad.get(table, 0)
    by = [odd.name, *by]
    statement = cpc.cost_statement(data, by=by)
    parts = statement["used"] + statement["waiting"].map(lambda amount: amount or Decimal(0)) + statement["unallocated"]
    assert (parts == statement["ledger"]).all()
    assert (statement["posted"] + statement["moved"] == statement["ledger"]).all()
    whole = sum(statement["ledger"], Decimal(0))
    # Money is summed before it is rounded; lines that are spread are rounded before they are moved.
    assert abs(whole - odd.ledger) <= Decimal("0.005")
    measured = cpc.measure(data, ["total_cost", "contacts"], by=by, incomplete=True)
    assert measured["total_cost"].sum() == pytest.approx(float(whole), rel=1e-9, abs=1e-6)
    assert measured["contacts"].sum() == cpc.measure(data, "contacts")["contacts"].sum()
