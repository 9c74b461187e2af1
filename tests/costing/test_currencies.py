"""What of the ledger is in other currencies: its own amounts, at the rates that they were converted at."""

from __future__ import annotations

import pandas as pd
import pytest

import cpc_analysis as cpc
from cpc_analysis.costing.currencies import MEASURES, foreign_pools
from cpc_analysis.costing.ledger import pools
from tests.centres import contacts, costs, dataset

RATES = {"EUR": {"2025-01": 7.40, "2025-02": 7.50, "2025-03": 7.60}}


def ledger(*given: pd.DataFrame, rates: object = None, **more: object) -> cpc.Dataset:
    frame = pd.concat(given, ignore_index=True)
    frame["line_id"] = [f"l{number}" for number in range(len(frame))]
    log = contacts([{"started_at": f"2025-{month:02d}-10 10:00"} for month in (1, 2, 3)])
    return dataset(log, frame, settings=cpc.Settings(rates=rates or RATES), **more)


def by_month(data: cpc.Dataset, **more: bool) -> dict[str, list[float]]:
    found = foreign_pools(data, **more)
    return {f"{month:%Y-%m}": values for month, *values in found[["month", *MEASURES]].itertuples(index=False)}


def test_amounts_credits_and_what_they_became():
    """1,000 EUR and a credit of 100.01 at 7.50 are 6,749.93 DKK after rounding; DKK beside them are none of it."""
    data = ledger(
        costs(("licences", 1000), ("licences", -100.01), month="2025-02", currency="EUR"),
        costs(("licences", 55), month="2025-02"), costs(("licences", 1), month="2025-03", currency="EUR"),
    )  # fmt: skip
    found = by_month(data)
    assert found["2025-02"] == pytest.approx([899.99, 6749.93, 6749.925, 899.99], abs=1e-9)
    assert pools(data).total == 674_993 + 5_500 + 760


def test_a_line_that_is_spread_keeps_its_rate():
    """900 EUR of January for 90 days at 7.40: 310, 280 and 310 of them, beside 100 of February's own at 7.50."""
    spread = costs(
        ("licences", 900), month="2025-01", currency="EUR", service_from="2025-01-01", service_to="2025-03-31"
    )
    data = ledger(spread, costs(("licences", 100), month="2025-02", currency="EUR").assign(account="4500"),
                  costing=cpc.Costing(spread_accounts=("4000",)))  # fmt: skip
    found = by_month(data)
    assert found["2025-01"] == pytest.approx([310.0, 2294.0, 2294.0, 310.0])
    assert found["2025-02"] == pytest.approx([380.0, 280 * 7.40 + 750, 280 * 7.40 + 750, 380.0])
    assert found["2025-03"] == pytest.approx([310.0, 2294.0, 2294.0, 310.0])
    whole = pools(data).frame
    booked = whole.assign(all=whole["posted"] + whole["moved"]).groupby("month")["all"].sum() / 100
    assert booked.tolist() == pytest.approx([values[1] for values in found.values()])


def test_a_credit_at_another_rate_takes_nothing_off_the_size():
    """280 EUR from January at 7.40 and a credit of 280 at 7.50: no euro is left, but 28 DKK of it are."""
    spread = costs(
        ("licences", 900), month="2025-01", currency="EUR", service_from="2025-01-01", service_to="2025-03-31"
    )
    data = ledger(spread, costs(("licences", -280), month="2025-02", currency="EUR").assign(account="4500"),
                  costing=cpc.Costing(spread_accounts=("4000",)))  # fmt: skip
    assert by_month(data)["2025-02"] == pytest.approx([0.0, -28.0, -28.0, 560.0])


def test_scopes_and_premiums_are_told_apart():
    lines = costs(("salaries", 10), ("salaries", 20), ("telecom", 40), month="2025-01", currency="EUR")
    lines["channel"] = [None, "voice", None]
    data = ledger(lines, costs(("telecom", 1), month="2025-02", currency="EUR"),
                  costing=cpc.Costing(premium_accounts=("4001",)))  # fmt: skip
    found = foreign_pools(data)
    january = found[found["month"] == "2025-01-01"]
    assert dict(zip(january["cost_type"] + january["channel"].fillna(""), january["amount"], strict=True)) == {
        "salaries": 10.0, "salariesvoice": 20.0, "telecom": 40.0
    }  # fmt: skip
    assert by_month(data, premiums=True) == {"2025-01": [20.0, 148.0, 148.0, 20.0]}
    assert by_month(data.replace(costing=cpc.Costing()), premiums=True) == {}


@pytest.mark.parametrize("rates", [{"EUR": 7.46}, {"EUR": {"2025-01": 7.46, "2025-02": 7.46}}])
def test_a_currency_of_one_rate_is_left_out(rates):
    lines = [costs(("licences", 10), month=month, currency="EUR") for month in ("2025-01", "2025-02")]
    assert foreign_pools(ledger(*lines, rates=rates)).empty
    assert foreign_pools(ledger(costs(("licences", 10), month="2025-01"))).empty


def test_generated_labour_is_in_the_dataset_s_currency():
    lines = [costs(("licences", 10), month=month, currency="EUR") for month in ("2025-01", "2025-02")]
    found = foreign_pools(ledger(*lines, costing=cpc.Costing(hourly_cost=200.0)))
    assert set(found["cost_type"]) == {"licences"}
