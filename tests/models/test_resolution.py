"""Resolution and issues from what customers do, what an issue costs, and what comes back after self-service."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cpc_analysis as cpc
from cpc_analysis.errors import InvalidInputError, UnknownNameError
from tests.centres import AMOUNTS, contacts, costs, dataset

ISSUE_PARTS = ["on_closed_issues", "on_open_issues", "on_unknown_customers", "on_other_work", "unallocated"]


def visit(customer: str | None, day: int, month: int = 4, **columns: object) -> dict:
    return {"customer_id": customer, "started_at": f"2025-{month:02d}-{day:02d} 10:00", **columns}


def centre(visits: list[dict], *lines: tuple[str, float], **tables: object) -> cpc.Dataset:
    """Contacts of one reason, framed by two unknown customers so that the log runs from January to June."""
    frame = [visit(None, 1, 1), *visits, visit(None, 30, 6)]
    ledger = costs(*(lines or (("salaries", 1000.0),)))
    return dataset(contacts(frame, reason="order"), ledger, **tables)


def test_unidentified_customers_are_not_counted_as_resolved():
    """Ten contacts, three unidentified; of the seven customers two come back: 5 of 7 resolved, not 8 of 10."""
    known = [visit(f"k{number}", 1) for number in range(7)] + [visit("k0", 3), visit("k1", 4)]
    data = centre([*known, *(visit(None, 1) for _ in range(3))])
    row = cpc.resolution(data, where={"month": "2025-04"}).iloc[0]
    assert row["first_contact_resolution"] == pytest.approx(5 / 7)
    assert row["identified_share"] == pytest.approx(9 / 12)
    frame = cpc.resolution(data, where={"month": "2025-04"})
    assert frame.attrs["definition"] == (
        "First contacts of a customer for a reason that no other followed within 7d, over those whose 7d have ended, "
        "leaving out the log's first 7d; 75 percent of contacts have a known customer. Reported: as marked on the "
        "contact. Surveyed: as customers answer."
    )


def test_a_repeat_rate_of_25_percent_is_not_read_as_22_because_the_data_end():
    """Of 25 first contacts a day one in four comes back six days later; the log ends before the last ones do."""
    first = [visit(f"k{day}-{number}", day, 6) for day in range(1, 31) for number in range(24)]
    back = [visit(f"k{day}-{number}", day + 6, 6) for day in range(1, 25) for number in range(6)]
    frame = contacts([visit(None, 1, 5), *first, *back], reason="order")
    data = dataset(frame, costs(("salaries", 1.0), month="2025-06"))
    naive = len(back) / len(first)
    assert naive == pytest.approx(0.20)
    row = cpc.resolution(data, where={"month": "2025-06"}).iloc[0]
    assert row["first_contact_resolution"] == pytest.approx(0.75)


def test_what_agents_report_and_customers_say_stand_beside_it():
    visits = [visit("a", 1, resolved=True), visit("b", 1, resolved=False), visit("c", 2), visit("d", 2, resolved=True)]
    answers = pd.DataFrame(
        {"survey_id": ["1", "2", "3", "4"], "contact_id": ["c1", "c2", "c3", "c4"], "scale_min": 0, "scale_max": 1,
         "kind": ["resolution", "resolution", "resolution", "csat"], "score": [1.0, 0.0, None, 1.0]}
    )  # fmt: skip
    row = cpc.resolution(centre(visits, surveys=answers), where={"month": "2025-04"}).iloc[0]
    assert row["reported_resolution"] == pytest.approx(2 / 3)
    assert row["surveyed_resolution"] == pytest.approx(1 / 2)


@pytest.mark.parametrize(("marked", "expected"), [(9, 1000 / 9), (4, None)])
def test_all_cost_is_not_divided_by_the_few_that_are_marked(marked, expected):
    """Of ten contacts that cost 1,000 nine, or four, are marked as resolved and the others say nothing."""
    frame = contacts([{"resolved": True if number < marked else None} for number in range(10)])
    frame["resolved"] = frame["resolved"].astype("boolean")
    found = cpc.measure(dataset(frame, costs(("salaries", 1000.0))), "cost_per_resolution")["cost_per_resolution"][0]
    assert found == pytest.approx(expected) if expected else pd.isna(found)


def test_the_cost_of_issues_is_the_ledger():
    """Five minutes of handling at 100 each, and telecom at 20 for each of seven contacts."""
    frame = contacts([
        visit("a", 1), visit("a", 4), visit("b", 29), visit(None, 5), visit("e", 30),
        visit("a", 2, outcome="abandoned"), visit("d", 6, direction="out", handle_seconds=0.0),
    ], reason="order")  # fmt: skip
    ledger = costs(("salaries", 500.0), ("telecom", 140.0))
    lonely = costs(("technology", 33.0), channel="chat").assign(line_id="lonely")
    row = cpc.issue_costs(dataset(frame, pd.concat([ledger, lonely]))).iloc[0]
    assert (row["closed_issues"], row["on_closed_issues"], row["cost_per_closed_issue"]) == pytest.approx((1, 240, 240))
    assert (row["open_issues"], row["on_open_issues"]) == pytest.approx((2, 240))
    assert (row["repeats"], row["cost_of_repeats"]) == pytest.approx((1, 120))
    assert row[["on_unknown_customers", "on_other_work", "unallocated"]].tolist() == pytest.approx([120, 40, 33])
    assert row[ISSUE_PARTS].sum() == pytest.approx(row["total_cost"]) and row["total_cost"] == pytest.approx(673)


@given(
    st.lists(st.tuples(st.sampled_from(["a", "b", "c", None]), st.integers(1, 30), st.integers(4, 6),
                       st.sampled_from(["answered", "abandoned", "self_served"]), st.sampled_from(["in", "out"])),
             min_size=1, max_size=25),
    st.lists(AMOUNTS, min_size=1, max_size=4),
)  # fmt: skip
def test_any_ledger_ties_out_over_issues(visits, amounts):
    rows = [visit(customer, day, month, outcome=outcome, direction=direction)
            for customer, day, month, outcome, direction in visits]  # fmt: skip
    ledger = costs(*(("salaries", float(amount)) for amount in amounts))
    data = dataset(
        contacts(rows, reason="order").assign(customer_id=[row["customer_id"] or "z" for row in rows]), ledger
    )
    frame = cpc.issue_costs(data, by=["month"])
    whole = float(sum((Decimal(str(amount)) for amount in amounts), Decimal(0)))
    scale = max(1.0, sum(abs(float(amount)) for amount in amounts))
    assert frame[ISSUE_PARTS].to_numpy().sum() == pytest.approx(whole, abs=1e-9 * scale)
    assert frame["total_cost"].sum() == pytest.approx(whole, abs=1e-9 * scale)


def test_a_chain_has_its_window_from_the_first_and_children_belong_to_their_parent():
    """Days 1, 6 and 12 with a week's window: 1 and 6 are one issue, 12 heads the next. A child follows its parent."""
    frame = contacts([
        visit("a", 1), visit("a", 6), visit("a", 12),
        visit("b", 2), visit(None, 20, parent_contact_id="c3"), visit("z", 30, 5),
    ], reason="order")  # fmt: skip
    row = cpc.issue_costs(dataset(frame, costs(("salaries", 600.0)))).iloc[0]
    assert (row["closed_issues"], row["repeats"], row["open_issues"]) == (3, 1, 1)
    assert row["on_closed_issues"] == pytest.approx(600.0) and row["on_unknown_customers"] == 0


def test_containment_is_net_of_who_comes_to_an_agent_within_the_window():
    """Five sessions of known customers: one returns in time, one too late, one for another reason, one has no end."""

    def session(customer, day, **columns):
        return visit(customer, day, channel="web", outcome="self_served", **columns)

    visits = [
        session("a", 1), visit("a", 3), visit("a", 4),
        session("b", 1), visit("b", 20),
        session("c", 1), visit("c", 3, reason="invoice"),
        session("d", 2), session(None, 2), visit("e", 30), session("e", 29),
    ]  # fmt: skip
    frame = contacts(visits).fillna({"reason": "order"})
    data = dataset(frame, costs(("salaries", 600.0)))
    row = cpc.containment(data).iloc[0]
    assert (row["sessions"], row["judged"], row["returns"]) == (6, 4, 2)
    assert row["identified_share"] == pytest.approx(5 / 6)
    assert row["net_containment"] == pytest.approx(3 / 4)
    # Two of five contacts of a minute each come first after a session; the second of a comes after a contact.
    assert row["cost_of_failed_containment"] == pytest.approx(240.0)
    longer = data.replace(counting=replace(data.counting, repeat_window="20d"))
    assert cpc.containment(longer).iloc[0]["net_containment"] == pytest.approx(2 / 4)


def test_a_session_without_a_reason_is_followed_by_any_contact():
    visits = [visit("a", 1, channel="web", outcome="self_served", reason=None), visit("a", 3, reason="invoice"),
              visit("z", 30, reason="order")]  # fmt: skip
    row = cpc.containment(dataset(contacts(visits), costs(("salaries", 600.0)))).iloc[0]
    assert (row["net_containment"], row["returns"]) == (0.0, 1)


#: Chances of a repeat by reason, from data/samples/README.md; some repeats are abandoned, some follow by chance.
CHANCES = {
    "delivery late": 0.22, "delivery missing": 0.25, "return": 0.08, "refund": 0.20, "invoice": 0.10,
    "product question": 0.04, "order change": 0.05, "gift card": 0.10, "parcel locker": 0.15,
}  # fmt: skip


def test_the_sample_gives_back_its_chances_of_a_repeat(sample: cpc.Dataset):
    frame = cpc.resolution(sample, by="reason").set_index("reason")
    found = 1 - frame.loc[list(CHANCES), "first_contact_resolution"].astype("float64")
    planted = pd.Series(CHANCES)
    assert found.corr(planted, method="spearman") > 0.97
    assert ((found - planted).abs() < 0.03).all()


def test_what_cannot_be_told():
    nobody = dataset(contacts([{}]), costs(("salaries", 1.0)))
    for function, name in ((cpc.resolution, "resolution"), (cpc.issue_costs, "issue_costs"),
                           (cpc.containment, "containment")):  # fmt: skip
        with pytest.raises(InvalidInputError) as caught:
            function(nobody)
        assert str(caught.value) == (
            f"`{name}` needs `contacts.customer_id`, a pseudonym that tells whose contacts repeat; the contacts have "
            "none."
        )
    without = cpc.containment(centre([visit("a", 1)])).iloc[0]
    assert without["sessions"] == 0 and pd.isna(without["net_containment"])
    with pytest.raises(UnknownNameError):
        cpc.issue_costs(centre([visit("a", 1)]), by="reson")
