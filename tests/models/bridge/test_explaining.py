"""Explaining a change of real tables: it closes on `measure`, and every trap has its number."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings

import cpc_analysis as cpc
from cpc_analysis.errors import InvalidInputError
from tests.centres import build, centres, contacts, costs, dataset, shift


def months(*frames: pd.DataFrame) -> pd.DataFrame:
    frame = pd.concat(frames, ignore_index=True)
    frame["contact_id"] = [f"c{number}" for number in range(len(frame))]
    return frame


def in_month(month: str, channel: str, count: int, seconds: float = 60.0, **more: object) -> pd.DataFrame:
    days = pd.Period(month).days_in_month
    rows = [{"started_at": f"{month}-{1 + number % days:02d} 10:00", "channel": channel, "handle_seconds": seconds}
            for number in range(count)]  # fmt: skip
    return contacts(rows, **more)


def effects(bridge: cpc.Bridge) -> dict[str, float]:
    return bridge.to_frame().groupby("effect")["amount"].sum().to_dict()


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(centres())
def test_every_bridge_closes_on_measure(tables):
    data = build(tables)
    stated = data.replace(settings=cpc.Settings(complete_from="2025-01", complete_through="2025-03"))
    figures = cpc.measure(stated, "cost_per_contact", by=["month"]).set_index("month")["cost_per_contact"]
    known = [f"{month:%Y-%m}" for month in figures[figures.notna()].index if pd.notna(month)]
    if len(known) < 2:
        return
    for by in ([], ["channel"], ["channel", "agent_id"]):
        bridge = cpc.explain_change(stated, "cost_per_contact", before=known[0], after=known[1], by=by)
        frame = bridge.to_frame()
        size = 1e-9 * (abs(bridge.before) + abs(bridge.after) + frame["amount"].abs().sum() + 1)
        assert bridge.before == pytest.approx(figures[f"{known[0]}-01"], abs=size)
        assert bridge.after == pytest.approx(figures[f"{known[1]}-01"], abs=size)
        assert frame["amount"].sum() == pytest.approx(bridge.total, abs=size)
        assert list(frame) == [*by, "effect", "amount", "verdict"]


@pytest.mark.parametrize(
    "quantity",
    ["cost_per_assisted_contact", "cost_per_call", "labour_cost_per_contact", "cost_per_resolution", "csat",
     "average_handle_time", "service_level", "shrinkage", "occupancy", "total_cost", "contacts",
     "cost_per_handled_minute"],
)  # fmt: skip
def test_quantities_of_the_glossary_are_explained(sample, quantity):
    by = ["site"] if quantity in ("shrinkage", "occupancy") else ["channel"]
    bridge = cpc.explain_change(sample, quantity, before="2025-05", after="2025-06", by=by)
    values = cpc.measure(sample, quantity, by=["month"], where={"month": ["2025-05", "2025-06"]})[quantity]
    assert [bridge.before, bridge.after] == pytest.approx(list(values))
    assert bridge.to_frame()["amount"].sum() == pytest.approx(bridge.total, abs=1e-9 * abs(bridge.after))
    assert bridge.summary().startswith(cpc.describe(quantity).english)


def test_rent_over_ten_percent_more_contacts():
    data = dataset(
        months(in_month("2025-03", "voice", 100), in_month("2025-04", "voice", 110)),
        pd.concat([costs(("facilities", 1000), month="2025-03"), costs(("facilities", 1000), month="2025-04")]),
    )
    found = effects(cpc.explain_change(data, before="2025-03", after="2025-04"))
    assert found["facilities_volume"] == pytest.approx(1000 / 110 - 10)
    assert found.get("facilities_spending", 0.0) == pytest.approx(0.0)


def test_rent_of_the_calls_is_volume_too():
    """Unchanged rent of 1,000, of which the calls carry half, then more: nothing was spent, on calls neither."""
    data = dataset(
        months(in_month("2025-03", "voice", 50), in_month("2025-03", "chat", 50),
               in_month("2025-04", "voice", 90), in_month("2025-04", "chat", 30)),
        pd.concat([costs(("facilities", 1000), month=month) for month in ("2025-03", "2025-04")]),
    )  # fmt: skip
    bridge = cpc.explain_change(data, before="2025-03", after="2025-04", where={"channel": "voice"})
    assert (bridge.before, bridge.after) == pytest.approx((10.0, 750 / 90))
    assert effects(bridge) == pytest.approx({"facilities_volume": 750 / 90 - 10})
    assert "the same cost over more contacts" in bridge.summary()


def test_a_site_and_a_team_of_one_name_both_cost():
    """100 of a site called A and 300 of a team called A over 10 contacts: 40.00, as measured."""
    log = months(*(in_month(month, "voice", 10, site="A", team="A") for month in ("2025-03", "2025-04")))
    lines = [costs(("technology", 100), ("technology", 300), month=month).assign(site=["A", None], team=[None, "A"])
             for month in ("2025-03", "2025-04")]  # fmt: skip
    bridge = cpc.explain_change(dataset(log, pd.concat(lines)), before="2025-03", after="2025-04")
    assert (bridge.before, bridge.after) == pytest.approx((40.0, 40.0))


def test_between_weeks_no_amount_moves():
    """The rent of a month lies on its weeks as the work does: it has one effect, not spending."""
    data = dataset(in_month("2025-04", "voice", 90), costs(("facilities", 1000), month="2025-04"))
    bridge = cpc.explain_change(data, before="2025-W15", after="2025-W16")
    assert not any(name.endswith(("_spending", "_volume")) for name in bridge.totals["effect"])
    assert abs(bridge.total) < 1e-9


def test_months_before_the_log_are_no_history(sample):
    """Contacts of 13 months: a month in which nothing was logged is not a month without contacts."""
    log = sample.replace(settings=cpc.Settings(complete_from="2024-06", complete_through="2025-06"))
    bridge = cpc.explain_change(log, "contacts", before="2025-05", after="2025-06")
    assert bridge.verdict == "too little history"


def fixed_roster(seconds: dict[str, float], counts: tuple[int, int] = (100, 100), **ledger: float) -> cpc.Dataset:
    """One agent, 10 hours a month, the calls of each, 1,500 of wages at 150 an hour, more in the ledger."""
    shifts = [shift("ann", f"{month}-{day:02d} 08:00", 5) for month in seconds for day in (7, 8)]
    agents = pd.DataFrame({"agent_id": ["ann"], "staffing_group": ["g"], "hourly_wage": [150.0]})
    frames = [in_month(month, "voice", count, length, agent_id="ann")
              for count, (month, length) in zip(counts, seconds.items(), strict=True)]  # fmt: skip
    ledger_lines = [costs(("salaries", 1500), month=month) for month in seconds]
    for month, amount in ledger.items():
        line = costs(("salaries", amount), month=month.replace("m", "").replace("_", "-"))
        ledger_lines.append(line.assign(line_id="overtime", account="5110"))
    return dataset(months(*frames), pd.concat(ledger_lines), agents=agents, shifts=pd.DataFrame(shifts))


def test_quicker_calls_on_a_fixed_roster_move_no_cash():
    """Handle time 5 to 4.5 minutes, the same 10 paid hours: what handling gains, waiting loses."""
    data = fixed_roster({"2025-03": 300.0, "2025-04": 270.0})
    bridge = cpc.explain_change(data, before="2025-03", after="2025-04")
    found = effects(bridge)
    assert bridge.total == pytest.approx(0.0)
    assert found["handle_time"] == pytest.approx(-1.25)  # half a minute of 150 an hour
    assert found["waiting"] == pytest.approx(1.25)
    net = bridge.totals.set_index("effect")["amount"]["time"]
    assert net == pytest.approx(0.0)
    assert bridge.summary() == (
        "Cost per contact stayed at 15.00 DKK from March 2025 to April 2025: 0.00 DKK (0.0%). Of handle time "
        "(-1.25 DKK) and waiting (+1.25 DKK) one falls as the other rises on a fixed roster, where no cash moves: "
        "together they are 0.00 DKK. There is too little history to say what is out of the ordinary."
    )


def test_overtime_in_the_ledger_is_no_wage_raise():
    data = fixed_roster({"2025-03": 300.0, "2025-04": 300.0}, m2025_04=450.0)
    found = effects(cpc.explain_change(data, before="2025-03", after="2025-04"))
    assert found["ledger_minus_payroll"] == pytest.approx(4.50)
    assert found.get("payroll_rate", 0.0) == pytest.approx(0.0)
    named = data.replace(costing=cpc.Costing(premium_accounts=("5110",)))
    found = effects(cpc.explain_change(named, before="2025-03", after="2025-04"))
    assert found["premium"] == pytest.approx(4.50)
    assert found.get("ledger_minus_payroll", 0.0) == pytest.approx(0.0, abs=1e-12)


def test_what_moves_the_same_way_does_not_cancel():
    """Calls of 4.5, then 5 minutes, and half as many of them: handling and waiting both cost more, and cash moves."""
    data = fixed_roster({"2025-03": 270.0, "2025-04": 300.0}, counts=(100, 50))
    summary = cpc.explain_change(data, before="2025-03", after="2025-04").summary()
    assert "Together handle time (" in summary and "no cash" not in summary


def test_spending_and_volume_stand_beside_the_drivers_of_labour():
    """1,500 of wages over 100, then 1,950 over 130 calls: 450 more spent, the rest over more calls, nothing in all."""
    data = fixed_roster({"2025-03": 270.0, "2025-04": 270.0}, counts=(100, 130), m2025_04=450.0)
    bridge = cpc.explain_change(data, before="2025-03", after="2025-04")
    frame = bridge.by_cost_type()
    assert list(frame) == ["cost_type", "volume", "spending", "mix", "amount"]
    labour = frame.set_index("cost_type").loc["labour"]
    assert labour["spending"] == pytest.approx(450 * (1 / 100 + 1 / 130) / 2)
    assert labour["volume"] == pytest.approx(1725 * (1 / 130 - 1 / 100))
    assert frame["amount"].sum() == pytest.approx(bridge.total) == pytest.approx(0.0, abs=1e-12)
    assert (
        "As finance reads it, with labour as one cost: spending on labour (+3.98 DKK), the same cost over more "
        "contacts (-3.98 DKK)." in bridge.summary()
    )


def test_two_sides_of_one_period_have_no_spending(sample):
    bridge = cpc.explain_change(sample, before={"site": "Aarhus"}, after={"site": "Odense"}, where={"month": "2025-06"})
    assert bridge.by_cost_type().empty
    assert cpc.explain_change(sample, "csat", before="2025-05", after="2025-06").by_cost_type().empty


def test_without_payroll_the_factors_of_labour_are_one():
    data = dataset(
        months(in_month("2025-03", "voice", 100), in_month("2025-04", "voice", 100)),
        pd.concat([costs(("salaries", 1000), month="2025-03"), costs(("salaries", 1100), month="2025-04")]),
    )
    bridge = cpc.explain_change(data, before="2025-03", after="2025-04")
    assert list(bridge.totals["effect"]) == ["mix", "handle_time", "labour_rate"]
    assert effects(bridge)["labour_rate"] == pytest.approx(1.0)


def test_simultaneous_chats_are_concurrency_not_handle_time():
    """Chats of 60 seconds, one by one, then two at a time: the worked half minute is concurrency."""
    data = dataset(
        months(in_month("2025-03", "chat", 100, concurrency=1.0), in_month("2025-04", "chat", 100, concurrency=2.0)),
        pd.concat([costs(("salaries", 1000), month="2025-03"), costs(("salaries", 500), month="2025-04")]),
    )
    found = effects(cpc.explain_change(data, before="2025-03", after="2025-04"))
    assert found["concurrency"] == pytest.approx(-5.0)
    assert "handle_time" not in found or found["handle_time"] == pytest.approx(0.0)


def test_a_sum_in_words(sample):
    whole = cpc.explain_change(sample, "contacts", before="2025-05", after="2025-06", by=[])
    assert whole.answer() == (
        "Contacts rose from 11,058 (May 2025) to 11,709 (June 2025): +651 (+5.9%), within the usual."
    )
    by_channel = cpc.explain_change(sample, "contacts", before="2025-05", after="2025-06")
    assert by_channel.answer().endswith("; most of it is voice (+814) and chat (+145).")


def test_without_a_period_it_is_the_last_closed_month(sample):
    assert cpc.explain_change(sample).after_name == "June 2025"


def test_what_the_tables_do_not_say_is_refused():
    plain = dataset(
        months(in_month("2025-03", "voice", 9), in_month("2025-04", "voice", 9)),
        pd.concat([costs(("salaries", 10), month=month) for month in ("2025-03", "2025-04")]),
    )
    for quantity, lacking in (("csat", "`surveys`"), ("hourly_cost", "`shifts`"), ("contact_rate", "`bases`"),
                              ("first_contact_resolution", "`contacts.customer_id`")):  # fmt: skip
        with pytest.raises(InvalidInputError, match=f"`{quantity}` needs .*{lacking}"):
            cpc.explain_change(plain, quantity, before="2025-03", after="2025-04", by=[])
    issues = plain.replace(counting=cpc.Counting(unit="issue"))
    with pytest.raises(InvalidInputError, match="customer_id"):
        cpc.explain_change(issues, before="2025-03", after="2025-04")


def test_new_and_vanished_segments_are_named(sample):
    bridge = cpc.explain_change(sample, before="2024-02", after="2024-03")
    assert bridge.new == ("social",) and bridge.vanished == ()
    assert bridge.summary().endswith("New: social.")
    assert cpc.explain_change(sample, before="2024-03", after="2024-02").vanished == ("social",)


def budgeted(rows: slice = slice(None), **columns: object) -> cpc.Dataset:
    budget = pd.DataFrame(
        {"period": ["2025-04"] * 4, "channel": ["voice", "voice", "chat", "chat"],
         "cost_type": ["salaries", "facilities", "salaries", "facilities"], "amount": [600.0, 200.0, 300.0, 100.0],
         "contact_count": [60, None, 60, None], "average_handle_time": [60, None, 30, None]} | columns
    )  # fmt: skip
    return dataset(
        months(in_month("2025-04", "voice", 80, 66.0), in_month("2025-04", "chat", 40, 30.0)),
        costs(("salaries", 1000), ("facilities", 300)),
        budget=budget[rows],
    )


def test_the_budget_is_one_side():
    """Budgeted 1,200 over 120 contacts, 10.00; actual 1,300 over 120."""
    bridge = cpc.explain_change(budgeted(), before="budget", after="2025-04")
    assert (bridge.before, bridge.after) == pytest.approx((10.0, 1300 / 120))
    found = effects(bridge)
    assert sum(found.values()) == pytest.approx(bridge.total)
    # As many contacts came as were planned: all of it is spending, 100 more of labour and none of rent.
    assert (found["labour_spending"], found.get("labour_volume", 0.0)) == pytest.approx((100 / 120, 0.0))
    by_channel = bridge.to_frame().query("effect == 'labour_spending'").set_index("channel")["amount"]
    voice = 1000 * 80 * 66 / (80 * 66 + 40 * 30)
    assert by_channel.to_dict() == pytest.approx({"voice": (voice - 600) / 120, "chat": (1000 - voice - 300) / 120})
    assert "June" not in bridge.summary() and "(the budget)" in bridge.summary()
    assert bridge.verdict == "too little history"


def test_a_budget_without_cost_types_explains_all_cost_at_once():
    bridge = cpc.explain_change(budgeted(slice(0, 4, 2), cost_type=None), before="budget", after="2025-04")
    assert set(effects(bridge)) <= {"mix", "cost_spending", "cost_volume"}
    assert sum(effects(bridge).values()) == pytest.approx(bridge.total)


def test_budget_money_without_a_channel_lies_where_the_actual_money_lies():
    """Rent of 300 with no channel, and 300 was paid: whatever channel it lies on, nothing more was spent."""
    data = budgeted(slice(0, 3), channel=["voice", None, "chat", None], amount=[600.0, 300.0, 300.0, None])
    bridge = cpc.explain_change(data, before="budget", after="2025-04")
    assert bridge.before == pytest.approx(10.0)
    assert effects(bridge).get("facilities_spending", 0.0) == pytest.approx(0.0, abs=1e-12)
    assert sum(effects(bridge).values()) == pytest.approx(bridge.total)


def test_a_channel_without_a_budget_of_its_own_is_refused():
    data = budgeted(slice(0, 3), channel=["voice", None, "chat", None], amount=[600.0, 300.0, 300.0, None])
    with pytest.raises(InvalidInputError) as caught:
        cpc.explain_change(data, before="budget", after="2025-04", where={"channel": "voice"})
    assert str(caught.value) == (
        "The budget of 2025-04 holds money without a channel, so that no channel has a budgeted cost per contact; "
        "explain all channels by=['channel']."
    )


def test_a_quarter_with_a_budget_of_one_month_is_refused():
    months_of_the_quarter = ("2024-10", "2024-11", "2024-12")
    budget = pd.DataFrame({"period": ["2024-11"], "channel": ["voice"], "cost_type": ["salaries"], "amount": [9.0],
                           "contact_count": [3]})  # fmt: skip
    ledger = pd.concat([costs(("salaries", 10), month=month) for month in months_of_the_quarter])
    some = dataset(months(*(in_month(month, "voice", 40) for month in months_of_the_quarter)), ledger, budget=budget)
    with pytest.raises(InvalidInputError) as caught:
        cpc.explain_change(some, before="budget", after="2024-Q4")
    assert str(caught.value) == "The budget of 2024-Q4 lacks 2024-10, 2024-12: there is no budgeted cost per contact."


def test_the_sample_s_budget_closes(sample):
    bridge = cpc.explain_change(sample, before="budget", after="2025-06")
    assert bridge.to_frame()["amount"].sum() == pytest.approx(bridge.total, rel=1e-9)
    by_quarter = cpc.explain_change(sample, before="budget", after="2025-Q2", by=[])
    assert by_quarter.to_frame()["amount"].sum() == pytest.approx(by_quarter.total, rel=1e-9)


def test_two_sites_of_one_month(sample):
    bridge = cpc.explain_change(
        sample, before={"site": "Aarhus"}, after={"site": "Odense"}, where={"month": "2025-06"}, by=["channel"]
    )
    figures = cpc.measure(sample, "cost_per_contact", by=["site"], where={"month": "2025-06"})
    known = figures.set_index("site")["cost_per_contact"]
    assert (bridge.before, bridge.after) == pytest.approx((known["Aarhus"], known["Odense"]))
    assert not any(name.endswith(("_spending", "_volume")) for name in effects(bridge))
    assert "against" in bridge.summary() and "Only in Odense, June 2025: chat, email." in bridge.summary()


def test_planted_events_are_out_of_the_ordinary(sample):
    """Overtime in 2024-12, the dearer platform from 2025-01, the forgotten invoice in 2025-04."""
    for month, effect in (
        ("2024-12", "premium"),
        ("2025-01", "technology_spending"),
        ("2025-04", "outsourcing_spending"),
    ):
        bridge = cpc.explain_change(sample, before="previous", after=month)
        assert bridge.totals.set_index("effect")["verdict"][effect] == "out of the ordinary"


def test_short_history_gives_no_verdict(sample):
    bridge = cpc.explain_change(sample, before="2023-01", after="2023-02")
    assert set(bridge.to_frame()["verdict"]) == {bridge.verdict} == {"too little history"}
    assert "too little history to say" in bridge.summary()
    assert bridge.totals["detectable"].isna().all() and np.isnan(bridge.detectable)


def test_a_bridge_says_what_it_would_have_found(sample):
    bridge = cpc.explain_change(sample, before="2025-05", after="2025-06")
    totals = bridge.totals.set_index("effect")
    calm = totals[totals["verdict"] == "within the usual"]
    assert (calm["detectable"] > 0).all() and len(calm) == len(totals)
    assert (
        "No effect is out of the ordinary; a change of the whole by "
        f"{bridge.detectable:.2f} DKK would be found in half of all cases."
    ) in bridge.summary()
    table = cpc.models.bridge_table(bridge)
    assert table.loc["sum", "smallest change found [DKK]"] == f"{bridge.detectable:.2f}"
    assert table.loc["premiums", "smallest change found [DKK]"] == f"{totals.loc['premium', 'detectable']:.2f}"
    # Where something is, what else would have been found stands in the table alone.
    odd = cpc.explain_change(sample, before="previous", after="2025-04")
    assert "half of all cases" not in odd.summary()


def test_what_it_would_have_found_of_a_share_is_in_points(sample):
    bridge = cpc.explain_change(sample, "occupancy", before="2025-05", after="2025-06", by=["site"])
    points = f"{100 * bridge.detectable:.1f}"
    assert f"a change of the whole by {points} points would be found" in bridge.summary()
    assert float(cpc.models.bridge_table(bridge).loc["sum", "smallest change found [points]"]) == pytest.approx(
        100 * bridge.detectable, abs=0.005
    )


def test_steps_add_up_and_keep_to_their_number(sample):
    bridge = cpc.explain_change(sample, before="last_year", after="2025-06")
    steps = bridge.steps(6)
    assert len(steps) == 6 and steps["effect"].iloc[-1] == "rest"
    assert steps["amount"].sum() == pytest.approx(bridge.total)
    assert not {"handle_time", "waiting"} & set(steps["effect"])


def test_the_frame_is_a_copy(sample):
    bridge = cpc.explain_change(sample, before="2025-05", after="2025-06")
    frame = bridge.to_frame()
    frame["amount"] = 0.0
    assert np.abs(bridge.to_frame()["amount"]).sum() > 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"before": "2025-06", "after": "2025-06"},
         "`before` and `after` are both June 2025: name two periods, the budget, or two sites."),
        ({"before": "2025-05", "after": "2025-Q2"},
         "`before` and `after` must be periods of one length, got the month 2025-05 and the quarter 2025-Q2."),
        ({"before": "2020-01", "after": "2025-06"},
         "`before` must lie in the contact log, 2023-01-01 to 2025-06-30, got 2020-01: there is nothing to explain."),
        ({"before": "bugdet", "after": "2025-06"},
         "`before` must be previous, last_year, budget, conditions such as {'site': 'Aarhus'}, or a period: A period "
         "must be written as 2025, 2025-Q2, 2025-04, 2025-W14 or 2025-04-07, got 'bugdet'."),
        ({"before": "2025-05", "after": "2025-06", "where": {"month": "2025-06"}},
         "`where` holds for both sides and names 2025-06, but `before` is 2025-05: leave the period out of `where`."),
        ({"before": "2024", "after": "2025"},
         "`after` must be a period whose contacts and ledger are complete, got 2025, which is not: the contact log "
         "covers 2023-01-01 to 2025-06-30 and the months are closed through 2025-06. Choose a complete period."),
        ({"before": {"site": "Aarhus"}, "after": {"site": "Odense"}},
         "`after` must name a period: write it as 2025-04, or put it in `where`, as in where={'month': '2025-04'}."),
        ({"before": "2025-05", "after": "2025-06", "by": ["month"]},
         "`by` names the segments, columns other than periods, got month."),
        ({"before": "2025-05", "after": "2025-06", "where": {"channel": "task"}},
         "`before` (task, May 2025) has no contacts that `cost_per_contact` could be divided by: there is no figure to "
         "explain."),
        ({"before": "budget", "after": "2025-06", "by": ["site"]},
         "A budget knows channels only, got `by` with 'site'."),
        ({"before": "budget", "after": "2025-W20"},
         "A budget knows months, quarters and years, got the week 2025-W20."),
        ({"quantity": "csat", "before": "budget", "after": "2025-06"},
         "A budget explains `cost_per_contact`, got `csat`."),
        ({"quantity": "fte", "before": "2025-05", "after": "2025-06", "by": ["site"]},
         "`fte` cannot be explained segment by segment: its full-time hours do not add up over them. Explain its "
         "numerator instead."),
        ({"quantity": "cost_per_contct", "before": "2025-05", "after": "2025-06"},
         "There is no quantity 'cost_per_contct'. Did you mean 'cost_per_contact'?"),
    ],
)  # fmt: skip
def test_bad_questions(sample, arguments, said):
    with pytest.raises(InvalidInputError if "There is no" not in said else cpc.CpcError) as caught:
        cpc.explain_change(sample, **arguments)
    assert str(caught.value) == said


def test_no_budget():
    data = dataset(in_month("2025-04", "voice", 3), costs(("salaries", 10)))
    with pytest.raises(InvalidInputError) as caught:
        cpc.explain_change(data, before="budget", after="2025-04")
    assert str(caught.value) == (
        "before='budget' needs the table `budget`, months with amounts and contacts; the dataset has none."
    )
    with pytest.raises(InvalidInputError) as caught:
        cpc.explain_change(budgeted(contact_count=None), before="budget", after="2025-04")
    assert str(caught.value) == (
        "The budget of 2025-04 must state amounts and `contact_count`, found 4 lines without both: there is no "
        "budgeted cost per contact."
    )
