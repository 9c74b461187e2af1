"""A currency's move in a bridge: named by itself, split from what was bought exactly, and nothing else touched."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import cpc_analysis as cpc
from cpc_analysis.language import speaking
from cpc_analysis.models.bridge.record import Bridge
from cpc_analysis.models.bridge.words import is_net
from cpc_analysis.models.bridge_tables import bridge_by_segment, bridge_table, cost_types_table
from cpc_analysis.models.identity import currency_of
from cpc_analysis.presentation import Presentation
from tests.centres import build, centres, contacts, costs, dataset, shift
from tests.models.bridge.test_single_causes import CUTS, Month, a_month, centre

MONTHS = ("2025-03", "2025-04")
MOVING = {"EUR": {"2025-03": 7.40, "2025-04": 7.60}}


def calls(counts: tuple[int, int] = (100, 100), channels: tuple[str, ...] = ("voice", "chat")) -> pd.DataFrame:
    """Contacts of a minute in two months, on two channels by turns."""
    rows = [
        {"started_at": f"{month}-{1 + number % 28:02d} 10:00", "channel": channels[number % len(channels)],
         "agent_id": ("ann", "bob")[number % 3 % 2]}
        for month, count in zip(MONTHS, counts, strict=True) for number in range(count)
    ]  # fmt: skip
    return contacts(rows)


def lines(*ledger: tuple[str, float, float], currency: str | None = "EUR", **columns: object) -> pd.DataFrame:
    """Lines of a cost type with an amount for each of the two months."""
    parts = [
        costs((cost_type, amount), month=month, currency=currency, **columns).assign(
            line_id=f"{cost_type} {currency} {month} {columns}"
        )
        for cost_type, *amounts in ledger
        for month, amount in zip(MONTHS, amounts, strict=True)
    ]
    return pd.concat(parts, ignore_index=True)


def in_rates(*ledger: pd.DataFrame, counts: tuple[int, int] = (100, 100), rates: object = None, **more: object):
    """A centre in DKK with a rent that stands still, and a ledger in other currencies."""
    frame = pd.concat([*ledger, lines(("facilities", 500, 500), currency=None)], ignore_index=True)
    return dataset(calls(counts), frame, settings=cpc.Settings(rates=rates or MOVING), **more)


def explained(data: cpc.Dataset, by: object = (), **more: object) -> Bridge:
    return cpc.explain_change(data, before=MONTHS[0], after=MONTHS[1], by=by, **more)


def effects(bridge: Bridge, least: float = 1e-12) -> dict[str, float]:
    """What the effects did over all segments, without those that did nothing."""
    amounts = bridge.to_frame().groupby("effect")["amount"].sum()
    assert amounts.sum() == pytest.approx(bridge.total, abs=1e-9 * max(abs(bridge.before), abs(bridge.after)))
    return amounts[amounts.abs() > least].to_dict()


@pytest.mark.parametrize("by", [[], ["channel"], ["channel", "agent_id"]])
@pytest.mark.parametrize("cost_type", ["licences", "telecom", "outsourcing", "salaries"])
def test_an_invoice_that_stays_while_its_rate_moves(cost_type, by):
    """1,000 EUR at 7.40, then at 7.60 DKK: 200 DKK more on 100 contacts, all of it the rate's."""
    bridge = explained(in_rates(lines((cost_type, 1000, 1000))), by)
    kind = "labour" if cost_type == "salaries" else cost_type
    assert effects(bridge) == pytest.approx({f"{kind}_EUR": 2.0}, abs=1e-12)
    assert bridge.totals.set_index("effect")["amount"]["EUR"] == pytest.approx(2.0)
    table = bridge.by_cost_type().set_index("cost_type")
    assert table.loc[kind, ["volume", "spending", "exchange_rates", "mix", "amount"]].tolist() == pytest.approx(
        [0.0, 0.0, 2.0, 0.0, 2.0], abs=1e-12
    )


def test_an_amount_that_no_minor_unit_holds_leaves_nothing_to_spending():
    """123.45 EUR are 913.53, then 938.22 DKK after rounding: the 24.69 between them are the rate's to the last cent."""
    bridge = explained(in_rates(lines(("licences", 123.45, 123.45))))
    assert effects(bridge, least=0.0) == pytest.approx({"licences_EUR": 0.2469}, abs=1e-12)


def test_an_invoice_that_grows_while_its_rate_moves():
    """1,000 EUR at 7.40 on 100 contacts, then 1,100 EUR at 7.60 on 110: each part the mean of both orders."""
    data = in_rates(lines(("licences", 1000, 1100)), counts=(100, 110))
    mean = (1 / 100 + 1 / 110) / 2
    assert effects(explained(data)) == pytest.approx({
        "licences_EUR": 0.20 * 1050 * mean,
        "licences_spending": 7.50 * 100 * mean,
        "licences_volume": (7400 + 8360) / 2 * (1 / 110 - 1 / 100),
        "facilities_volume": 500 * (1 / 110 - 1 / 100),
    })  # fmt: skip


def test_two_currencies_each_have_an_effect():
    """EUR up by 0.20 on 1,000, USD down by 0.10 on 3,000, of which 1,000 are telecom."""
    rates = MOVING | {"USD": {"2025-03": 6.90, "2025-04": 6.80}}
    data = in_rates(
        lines(("licences", 1000, 1000)),
        lines(("licences", 2000, 2000), ("telecom", 1000, 1000), currency="USD"), rates=rates,
    )  # fmt: skip
    bridge = explained(data, ["channel"])
    assert effects(bridge) == pytest.approx({"licences_EUR": 2.0, "licences_USD": -2.0, "telecom_USD": -1.0})
    totals = bridge.totals.set_index("effect")
    assert totals.loc[["EUR", "USD"], "amount"].tolist() == pytest.approx([2.0, -3.0])
    assert totals.loc[["EUR", "USD"], "is_net"].all()
    assert bridge.steps()["words"].tolist() == ["USD from 6.90 to 6.80 DKK", "EUR from 7.40 to 7.60 DKK"]


def test_a_credit_note_has_the_rate_of_its_month():
    """1,000 EUR less a credit of 300: 700 x 0.20; a pool that is a credit note alone falls as the rate rises."""
    credit = lines(("licences", -300, -300), account="4990")
    assert effects(explained(in_rates(lines(("licences", 1000, 1000)), credit))) == pytest.approx({"licences_EUR": 1.4})
    assert effects(explained(in_rates(lines(("telecom", -300, -300))))) == pytest.approx({"telecom_EUR": -0.6})


def test_a_currency_on_one_side_only_is_spending():
    """Nothing, then 1,000 EUR: there is no rate that moved, only an invoice that came."""
    data = in_rates(lines(("licences", 1000, 1000))[1:], lines(("telecom", 10, 10)))
    assert effects(explained(data)) == pytest.approx({"licences_spending": 76.0, "telecom_EUR": 0.02})


def test_a_supplier_that_changes_its_currency_is_no_rate():
    """7,400 DKK, then 1,000 EUR at 7.60: 200 more were spent on licences."""
    data = in_rates(lines(("licences", 7400, 0), currency=None)[:1], lines(("licences", 0, 1000))[1:])
    assert effects(explained(data)) == pytest.approx({"licences_spending": 2.0})


@pytest.mark.parametrize("rates", [{"EUR": 7.46}, {"EUR": {"2025-03": 7.46, "2025-04": 7.46}}, None])
def test_a_rate_that_stays_has_no_line(rates):
    """One rate, the same each month, or the dataset's own currency: as without any other currency."""
    currency = "EUR" if rates else None
    bridge = explained(in_rates(lines(("licences", 100.01, 133.37), currency=currency), rates=rates), ["channel"])
    assert not any(map(currency_of, bridge.totals["effect"])) and not bridge.rates
    assert list(bridge.by_cost_type()) == ["cost_type", "volume", "spending", "mix", "amount"]


def test_a_rate_that_stays_between_two_months_has_no_line():
    """The rate moved in May, between March and April it did not: there is no line that says nothing."""
    rates = {"EUR": {"2025-03": 7.43, "2025-04": 7.43, "2025-05": 7.51}}
    later = costs(("licences", 77.7), month="2025-05", currency="EUR")
    bridge = explained(in_rates(lines(("licences", 100.01, 133.37)), later, rates=rates))
    assert not any(map(currency_of, bridge.totals["effect"]))


def test_a_part_of_the_centre_has_its_part_of_the_rate():
    """Of 200 DKK half lies on the calls, half of the contacts: 2.00 on each of them."""
    bridge = explained(in_rates(lines(("telecom", 1000, 1000))), where={"channel": "voice"})
    assert effects(bridge) == pytest.approx({"telecom_EUR": 2.0})


def test_what_nothing_can_carry_has_a_rate_too():
    """A tool for a channel without contacts costs 1,000 EUR: its rate moves the cost of all contacts."""
    tool = lines(("technology", 1000, 1000), channel="social")
    assert effects(explained(in_rates(tool))) == pytest.approx({"technology_EUR": 2.0})


def roster() -> dict[str, object]:
    """Two agents of 150 an hour, ten paid hours each and month."""
    shifts = [
        shift(agent, f"{month}-{day:02d} 08:00", 5) for month in MONTHS for day in (7, 8) for agent in ("ann", "bob")
    ]
    agents = pd.DataFrame({"agent_id": ["ann", "bob"], "staffing_group": ["g", "h"], "hourly_wage": [150.0, 150.0]})
    return {"agents": agents.assign(on_cost_rate=0.2), "shifts": pd.DataFrame(shifts)}


@pytest.mark.parametrize("by", [[], ["channel"], ["agent_id", "channel"]])
def test_salaries_on_costs_and_premiums_in_another_currency(by):
    """400 EUR of salaries, 80 of on-costs and 50 of overtime: 530 x 0.20 = 106 DKK on 100 contacts, of one effect."""
    overtime = lines(("salaries", 50, 50), account="5110")
    data = in_rates(
        lines(("salaries", 400, 400), ("on_costs", 80, 80)), overtime,
        costing=cpc.Costing(premium_accounts=("5110",)), **roster(),
    )  # fmt: skip
    assert effects(explained(data, by)) == pytest.approx({"labour_EUR": 1.06})


def test_a_raise_of_salaries_in_another_currency():
    """400 EUR at 7.40, then 440 at 7.60: the payroll knows of no raise, so the ledger holds 40 x 7.50 more besides."""
    data = in_rates(lines(("salaries", 400, 440)), **roster())
    assert effects(explained(data)) == pytest.approx({"labour_EUR": 0.84, "ledger_minus_payroll": 3.0})
    labour = explained(data).by_cost_type().set_index("cost_type").loc["labour"]
    assert labour["exchange_rates"] == pytest.approx(0.84) and labour["spending"] == pytest.approx(3.0)


def test_labour_that_no_work_explains_is_in_the_same_effect():
    """Salaries of a site where nobody works are labour too, at the same rate."""
    agents = pd.DataFrame({"agent_id": ["ann", "bob"], "site": ["A", "B"]})
    data = in_rates(lines(("salaries", 100, 100)), lines(("salaries", 200, 200), site="C"), agents=agents)
    assert effects(explained(data)) == pytest.approx({"labour_EUR": 0.6})


SPREAD = cpc.Costing(spread_accounts=("4000",))


def test_what_is_spread_keeps_the_rate_that_it_was_converted_at():
    """1,200 EUR booked in March for March and April lie on both at 7.40: April's rate is none of theirs."""
    yearly = lines(("licences", 1220, 0), service_from="2025-03-01", service_to="2025-04-30")[:1]
    monthly = lines(("telecom", 10, 10))
    bridge = explained(in_rates(yearly, monthly.assign(account="4500"), costing=SPREAD))
    # 31 and 30 of 61 days, at 7.40.
    assert effects(bridge) == pytest.approx({"licences_spending": -20 * 7.40 / 100, "telecom_EUR": 0.02})


def test_the_rate_of_what_is_partly_spread_is_an_average():
    """April has 600 EUR at 7.40 from March and 400 of its own at 7.60: 7.48 on average, 0.08 more than March."""
    spread = lines(("licences", 1220, 0), service_from="2025-03-01", service_to="2025-04-30")[:1]
    monthly = lines(("licences", 400, 400), account="4500")
    bridge = explained(in_rates(spread, monthly, costing=SPREAD))
    rate = (600 * 7.40 + 400 * 7.60) / 1000
    assert bridge.rates["EUR"] == pytest.approx((7.40, rate))
    assert effects(bridge) == pytest.approx({
        "licences_EUR": (rate - 7.40) * (1020 + 1000) / 2 / 100,
        "licences_spending": (7.40 + rate) / 2 * -20 / 100,
    })  # fmt: skip
    assert bridge.in_words("EUR", 1.0) == "EUR from 7.40 to 7.48 DKK"


def test_credit_notes_that_cancel_what_was_bought_leave_no_rate():
    """1,000 EUR from March at 7.40 and a credit of 990 at 7.60 leave 10 EUR that were worth -124 DKK: spending."""
    spread = lines(("licences", 2033.33, 0), service_from="2025-03-01", service_to="2025-04-30")[:1]
    credit = lines(("licences", 0, -990), account="4500")[1:]
    found = effects(explained(in_rates(spread, credit, lines(("telecom", 1, 1), account="4500"), costing=SPREAD)))
    assert set(found) == {"licences_spending", "telecom_EUR"}


def test_a_quarter_has_the_average_of_its_months():
    """Two quarters of one invoice a month at 7.40, 7.40, 7.46, then 7.50, 7.50, 7.50 DKK."""
    months = [str(month) for month in pd.period_range("2025-01", periods=6, freq="M")]
    rates = dict(zip(months, (7.40, 7.40, 7.46, 7.50, 7.50, 7.50), strict=True))
    log = contacts([{"started_at": f"{month}-10 10:00"} for month in months for _ in range(10)])
    ledger = pd.concat([costs(("licences", 100), month=month, currency="EUR") for month in months])
    data = dataset(log, ledger, settings=cpc.Settings(rates={"EUR": rates}))
    bridge = cpc.explain_change(data, before="2025-Q1", after="2025-Q2", by=[])
    assert effects(bridge) == pytest.approx({"licences_EUR": (750 + 750 + 750 - 740 - 740 - 746) / 30})
    assert bridge.in_words("EUR", 1.0) == "EUR from 7.42 to 7.50 DKK"


def test_a_pool_that_nets_to_nothing_moves_by_segment():
    """An accrual of 1,000 EUR and its reversal, on other channels each month: the rate is each channel's own."""
    log = contacts([
        {"started_at": f"2025-{month:02d}-10 10:00", "channel": channel}
        for month in range(1, 7) for channel in (["voice"] if month in (1, 4) else ["chat"]) for _ in range(10)
    ])  # fmt: skip
    ledger = pd.concat(
        [costs(("licences", amount), month=month, currency="EUR").assign(line_id=f"licences {month}")
         for month, amount in (("2025-01", 1000), ("2025-02", -900), ("2025-04", 1000), ("2025-05", -900))]
        + [costs(("facilities", 60), month=f"2025-{month:02d}") for month in range(1, 7)]
    )  # fmt: skip
    rates = {f"2025-{month:02d}": 7.40 if month < 4 else 7.60 for month in range(1, 7)}
    data = dataset(log, ledger, settings=cpc.Settings(rates={"EUR": rates}))
    bridge = cpc.explain_change(data, before="2025-Q1", after="2025-Q2", by=["channel"])
    found = bridge.to_frame().set_index(["channel", "effect"])["amount"]
    assert found.to_dict() == pytest.approx({("voice", "licences_EUR"): 200 / 30, ("chat", "licences_EUR"): -180 / 30})


def test_against_a_budget_a_rate_is_spending():
    """A budget is in DKK and states no rate: 7,600 spent against 7,400 budgeted."""
    budget = pd.DataFrame({
        "period": ["2025-04"] * 2, "cost_type": ["licences", "facilities"], "amount": [7400.0, 500.0],
        "contact_count": [100, None],
    })  # fmt: skip
    data = in_rates(lines(("licences", 1000, 1000)), budget=budget)
    bridge = cpc.explain_change(data, before="budget", after="2025-04", by=[])
    assert effects(bridge) == pytest.approx({"licences_spending": 2.0})
    assert "exchange_rates" not in bridge.by_cost_type()


def test_between_weeks_and_sides_no_rate_moves():
    data = in_rates(lines(("licences", 1000, 1000)))
    weeks = cpc.explain_change(data, before="2025-W12", after="2025-W16", by=[])
    sides = cpc.explain_change(data, before={"channel": "voice"}, after={"channel": "chat"}, where={"month": "2025-04"})
    for bridge in (weeks, sides):
        assert not any(map(currency_of, bridge.totals["effect"]))
        assert bridge.to_frame()["amount"].sum() == pytest.approx(bridge.total)


def test_a_rate_in_words():
    bridge = explained(in_rates(lines(("licences", 1000, 1100))), ["channel"])
    assert bridge.summary() == (
        "Cost per contact rose from 79.00 DKK (March 2025) to 88.60 DKK (April 2025): +9.60 DKK (+12.2%). It was "
        "raised most by spending on licences (+7.50 DKK), EUR from 7.40 to 7.60 DKK (+2.10 DKK). As finance reads it, "
        "with labour as one cost: other spending (+7.50 DKK), exchange rates (+2.10 DKK). There is too little history "
        "to say what is out of the ordinary."
    )
    assert list(bridge_table(bridge).index) == [
        "spending on licences", "licences in EUR from 7.40 to 7.60 DKK", "sum", "together: EUR from 7.40 to 7.60 DKK",
    ]  # fmt: skip
    assert bridge_by_segment(bridge).loc["EUR from 7.40 to 7.60 DKK", "all"] == "+2.10"
    assert cost_types_table(bridge)["exchange rates [DKK]"].tolist() == ["+2.10", "0.00", "0.00", "+2.10"]
    danish = replace(bridge, presentation=Presentation(language="da"))
    assert "EUR fra 7,40 til 7,60\xa0kr. (+2,10\xa0kr.)" in danish.summary()
    with speaking("da"):
        assert "licenser i EUR fra 7,40 til 7,60\xa0kr." in bridge_table(bridge).index
        assert "valutakurser [kr.]" in cost_types_table(bridge)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [(7.4601, 7.4609, "EUR from 7.4601 to 7.4609 DKK"), (0.0462, 0.0471, "EUR from 0.0462 to 0.0471 DKK"),
     (93.5, 94.25, "EUR from 93.50 to 94.25 DKK"), (7.4, 7.40001, "EUR from 7.40000 to 7.40001 DKK"),
     (7.45678, 7.46321, "EUR from 7.457 to 7.463 DKK")],
)  # fmt: skip
def test_as_many_digits_as_show_by_how_much_a_rate_moved(before, after, words):
    bridge = explained(
        in_rates(lines(("licences", 1000, 1000)), rates={"EUR": dict(zip(MONTHS, (before, after), strict=True))})
    )
    assert bridge.in_words("EUR", 1.0) == words


def test_a_rate_has_a_bar_of_its_own():
    bridge = explained(in_rates(lines(("licences", 1000, 1100))))
    assert "EUR from 7.40 to 7.60 DKK +2.10 DKK" in cpc.charts.bridge(bridge).to_dict()["description"]
    assert (
        "EUR fra 7,40 til 7,60\xa0kr. +2,10\xa0kr." in cpc.charts.bridge(bridge, language="da").to_dict()["description"]
    )


def test_a_rate_that_jumps_is_out_of_the_ordinary():
    """Thirty months of a rate within a few hundredths, then half a krone at once: the jump alone cries out."""
    months = [str(month) for month in pd.period_range("2023-01", periods=31, freq="M")]
    random = np.random.default_rng(4)
    rates = dict(zip(months, np.round(7.46 + random.normal(scale=0.01, size=31), 4), strict=True))
    rates[months[-1]] = 7.96
    log = contacts([{"started_at": f"{month}-{day:02d} 10:00"} for month in months for day in range(1, 29)])
    bills = np.round(1000 + random.normal(scale=5.0, size=31), 2)
    ledger = pd.concat(
        [costs(("licences", bill), month=month, currency="EUR") for month, bill in zip(months, bills, strict=True)]
    )
    data = dataset(log, ledger, settings=cpc.Settings(rates={"EUR": rates}))
    verdicts = cpc.explain_change(data, before=months[-2], after=months[-1], by=[]).totals.set_index("effect")[
        "verdict"
    ]
    assert (verdicts[["licences_EUR", "EUR"]] == "out of the ordinary").all()
    assert (verdicts[["licences_spending", "mix"]] == "within the usual").all()


RATES = st.floats(0.05, 12.0).map(lambda rate: round(rate, 4))
#: At these all amounts of a random centre are whole minor units: rounding makes none of a month's cost.
EXACT_RATES = st.integers(2, 300).map(lambda rate: rate / 25)
CURRENCIES = ("EUR", "SEK")


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(month=a_month(), by=st.sampled_from(CUTS), data=st.data())
def test_rates_that_move_are_named_and_nothing_else(month, by, data):
    """Every month is as the one before, but for the rates: no other effect, in any centre, however it is cut."""
    check_rates_alone(month, by, data)


@pytest.mark.slow
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(month=a_month(), by=st.sampled_from(CUTS), data=st.data())
def test_rates_that_move_are_named_in_many_centres(month, by, data):
    check_rates_alone(month, by, data)


def check_rates_alone(month: Month, by: list[str], data: st.DataObject) -> None:
    plain = centre(month, month)
    ledger = plain.tables["costs"].copy()
    kinds = sorted(set(ledger["cost_type"]))
    chosen = {kind: data.draw(st.sampled_from([None, *CURRENCIES])) for kind in kinds}
    rates = {name: dict(zip(("2024-01", "2024-02"), data.draw(st.tuples(EXACT_RATES, EXACT_RATES)), strict=True))
             for name in CURRENCIES}  # fmt: skip
    moving = {name for name, (first, last) in ((name, rate.values()) for name, rate in rates.items()) if first != last}
    moved = cpc.Dataset.from_frames(
        **{**plain.tables, "costs": ledger.assign(currency=ledger["cost_type"].map(chosen))},
        currency="DKK", timezone="UTC", settings=cpc.Settings(
            rates=rates, complete_from=plain.settings.complete_from, complete_through=plain.settings.complete_through
        ),
    )  # fmt: skip
    bridge = cpc.explain_change(moved, before="2024-01", after="2024-02", by=by)
    scale = 1e-9 * max(bridge.before, bridge.after)
    named = {
        f"{'labour' if kind in ('salaries', 'on_costs') else kind}_{currency}"
        for kind, currency in chosen.items()
        if currency in moving
    }
    found = effects(bridge, scale)
    assert set(found) <= named
    assert {name for name in bridge.totals["effect"] if currency_of(name) and not is_net(name)} <= named


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(tables=centres(), data=st.data())
def test_what_a_rate_did_was_spending_before(tables, data):
    """A ledger in three currencies and the same in one: totals, volume and mix agree, and spending holds the rates."""
    check_against_one_currency(tables, data)


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(tables=centres(), data=st.data())
def test_what_a_rate_did_was_spending_before_in_many_centres(tables, data):
    check_against_one_currency(tables, data)


def check_against_one_currency(tables: dict[str, pd.DataFrame], data: st.DataObject) -> None:
    months = ("2025-01", "2025-02", "2025-03")
    rent = [costs(("facilities", 100), month=month, period=month) for month in months]
    usual = contacts([{"contact_id": f"u{month}", "started_at": pd.Timestamp(f"{month}-12")} for month in months])
    ledger = pd.concat([tables["costs"], *rent], ignore_index=True)
    tables = {**tables, "contacts": pd.concat([tables["contacts"], usual], ignore_index=True)}
    rates = {name: dict(zip(months, data.draw(st.tuples(RATES, RATES, RATES)), strict=True)) for name in CURRENCIES}
    names = data.draw(st.lists(st.sampled_from([None, *CURRENCIES]), min_size=len(ledger), max_size=len(ledger)))
    stated = cpc.Settings(rates=rates, complete_from="2025-01", complete_through="2025-03")
    foreign = build({**tables, "costs": ledger.assign(currency=names)}).replace(settings=stated)
    at = [Decimal(str(rates[name][period])) if name else Decimal(1)
          for name, period in zip(names, ledger["period"], strict=True)]  # fmt: skip
    converted = [Decimal(str(amount)) * rate for amount, rate in zip(ledger["amount"], at, strict=True)]
    plain = build({**tables, "costs": ledger.assign(amount=converted)}).replace(settings=stated)
    by = data.draw(st.sampled_from(([], ["channel", "agent_id"])))
    one, several = (cpc.explain_change(given, before=months[1], after=months[2], by=by) for given in (plain, foreign))
    assert (several.before, several.after) == pytest.approx((one.before, one.after))
    scale = 1e-9 * (1 + abs(one.before) + abs(one.after) + one.to_frame()["amount"].abs().sum())
    first, last = (
        bridge.to_frame().groupby("effect")["amount"].sum().groupby(_own_effect).sum() for bridge in (one, several)
    )
    both = first.index.union(last.index)
    np.testing.assert_allclose(first.reindex(both, fill_value=0), last.reindex(both, fill_value=0), atol=scale)
    assert several.to_frame()["amount"].sum() == pytest.approx(several.total, abs=scale)
    assert several.by_cost_type()["amount"].sum() == pytest.approx(several.total, abs=scale)


def _own_effect(effect: str) -> str:
    """What an effect is a part of where no currency is told apart; all that the ledger holds of labour is one."""
    if effect in ("ledger_minus_payroll", "labour_rate", "on_costs", "other_labour_spending"):
        return "labour"
    currency = currency_of(effect)
    if not currency:
        return effect
    cost_type = effect.removesuffix(f"_{currency}")
    return cost_type if cost_type == "labour" else f"{cost_type}_spending"


def test_a_rate_moves_by_the_days_of_months_that_fiscal_months_cut():
    """A EUR and a contact a day: 28 days at 7 DKK, then five at 7 and 23 at 8. The rate did it all."""
    days = pd.date_range("2024-12-01", "2025-03-31")
    ledger = pd.concat(
        costs(("licences", float(month.days_in_month)), month=str(month), currency="EUR").assign(line_id=str(month))
        for month in pd.period_range("2024-12", "2025-03", freq="M")
    )
    rates = {"EUR": {"2024-12": 7.0, "2025-01": 7.0, "2025-02": 8.0, "2025-03": 8.0}}
    data = dataset(
        contacts([{"started_at": f"{day:%Y-%m-%d} 10:00"} for day in days]),
        ledger,
        settings=cpc.Settings(rates=rates, calendar=cpc.Calendar(pattern="4-4-5")),
    )
    bridge = cpc.explain_change(data, before="FY2025-M01", after="FY2025-M02", by=[])
    assert effects(bridge) == pytest.approx({"licences_EUR": 23 / 28})
    assert bridge.rates["licences_EUR"] == pytest.approx((7.0, (5 * 7 + 23 * 8) / 28))
