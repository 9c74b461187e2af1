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
from cpc_analysis.models.availability import is_available
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
        "First contacts of a customer for a reason (contacts without one count as a reason of their own) that no other "
        "followed within 7 days, over those whose window has ended, leaving out the log's first 7 days; 75 percent of "
        "contacts have a known customer. Reported: as marked on the contact. Surveyed: as customers answer."
    )


def test_a_repeat_rate_of_25_percent_is_not_read_as_22_because_the_data_end():
    """Of four first contacts a day one comes back three days later; the log ends with day 25 and misses three of 25."""
    first = [visit(f"k{day}-{number}", day, 6) for day in range(1, 26) for number in range(4)]
    back = [visit(f"k{day}-0", day + 3, 6) for day in range(1, 26) if day + 3 <= 25]
    frame = contacts([visit(None, 1, 5), *first, *back], reason="order")
    data = dataset(frame, costs(("salaries", 1.0), month="2025-06"))
    of_each = frame.groupby("customer_id")["contact_id"].count()
    naive = (of_each > 1).mean()
    assert naive == pytest.approx(0.22)
    row = cpc.resolution(data, where={"month": "2025-06"}).iloc[0]
    assert 1 - row["first_contact_resolution"] == pytest.approx(0.25)


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


def test_the_child_of_an_unknown_customers_contact_lies_with_it():
    """Three contacts of 100 each: the parent's customer is not known, so its children lie on unknown customers too."""
    frame = contacts([
        visit(None, 1), visit("a", 2, parent_contact_id="c0"), visit("b", 3, parent_contact_id="c1", direction="out"),
    ], reason="order")  # fmt: skip
    row = cpc.issue_costs(dataset(frame, costs(("salaries", 300.0)))).iloc[0]
    assert row["on_unknown_customers"] == pytest.approx(300.0) and row["on_other_work"] == 0
    assert (row["closed_issues"], row["open_issues"]) == (0, 0)


def chains(**columns: object) -> cpc.Dataset:
    """Contacts with parents and no customers, 100 each: two follow-ups of c1, one of them after a week, and a lone one.

    An outbound contact belongs to c1. The log runs from January to June.
    """
    rows = [
        visit(None, 1, 1), visit(None, 1), visit(None, 4, parent_contact_id="c1"),
        visit(None, 20, parent_contact_id="c2"), visit(None, 10, parent_contact_id="c1", direction="out"),
        visit(None, 5), visit(None, 30, 6),
    ]  # fmt: skip
    frame = contacts(rows, **columns).drop(columns="customer_id")
    return dataset(frame, costs(("salaries", 500.0)))


def test_chains_of_parents_tell_repeats_where_customers_are_not_recorded():
    """In April 1, 5 and 20 are first contacts and 4 repeats the first: 2 of 3 resolved, and one of four a repeat."""
    data = chains()
    row = cpc.resolution(data, where={"month": "2025-04"}).iloc[0]
    assert row["first_contact_resolution"] == pytest.approx(2 / 3)
    assert row["repeat_rate"] == pytest.approx(1 / 4) and row["identified_share"] == 1.0
    text = cpc.resolution(data).attrs["definition"]
    assert text.startswith(
        "First contacts of a chain of parents (a contact that nobody follows up is a chain of one) that no other "
        "followed within 7 days, over those whose window has ended, leaving out the log's first 7 days; customers are "
        "not recorded."
    )


def test_a_longer_window_joins_more_of_a_chain():
    data = chains()
    counting = replace(data.counting, unit="issue")
    for window, expected in (("7d", 3), ("20d", 2), ("1d", 4)):
        by_issue = data.replace(counting=replace(counting, repeat_window=window))
        assert cpc.measure(by_issue, "contacts", where={"month": "2025-04"})["contacts"][0] == expected


def test_the_cost_of_issues_is_the_ledger_by_chains_too():
    """Five contacts of 100: one repeats, and the outbound one belongs to the first, so three issues cost 500."""
    row = cpc.issue_costs(chains(), where={"month": "2025-04"}).iloc[0]
    assert (row["closed_issues"], row["cost_per_closed_issue"]) == pytest.approx((3, 500 / 3))
    assert (row["repeats"], row["cost_of_repeats"]) == pytest.approx((1, 100))
    assert row["on_closed_issues"] == pytest.approx(row["total_cost"]) and row["on_unknown_customers"] == 0


LINKED = st.tuples(
    st.integers(1, 30), st.sampled_from(["answered", "answered", "abandoned"]),
    st.sampled_from(["in", "in", "out"]), st.one_of(st.none(), st.integers(0, 11)),
)  # fmt: skip


@given(st.lists(LINKED, min_size=1, max_size=12))
def test_issues_by_chains_are_those_of_a_walk_by_hand(drawn):
    """Each chain in the order of time, head by head; a chain that only called out is one conversation."""
    parents = [parent if parent is not None and parent < number else None
               for number, (*_, parent) in enumerate(drawn)]  # fmt: skip
    rows, members = [], {}
    for number, (day, outcome, direction, _) in enumerate(drawn):
        parent, root = parents[number], number
        while parents[root] is not None:
            root = parents[root]
        name = None if parent is None else f"c{parent}"
        rows.append(visit(None, day, outcome=outcome, direction=direction, parent_contact_id=name))
        members.setdefault(root, []).append((day, outcome == "answered", direction == "in"))
    issues = repeats = 0
    for chain in members.values():
        days = sorted(day for day, answered, inbound in chain if answered and inbound)
        head = None
        for day in days:
            if head is None or day - head > 7:
                head, issues = day, issues + 1
            else:
                repeats += 1
        issues += not days and any(answered for _, answered, _ in chain)
    frame = contacts([*rows, visit(None, 30, parent_contact_id="c0", outcome="abandoned")])
    data = dataset(frame.drop(columns="customer_id"), costs(("technology", 100.0)))
    found = cpc.measure(data.replace(counting=cpc.Counting(unit="issue")), "contacts")["contacts"][0]
    row = cpc.issue_costs(data).iloc[0]
    assert (found, row["repeats"]) == (issues, repeats)
    assert row[ISSUE_PARTS].sum() == pytest.approx(100.0) and row["on_unknown_customers"] == 0


def test_a_chain_that_begins_without_an_answer_is_one_issue_of_its_first_answered_contact():
    """An abandoned call, its callback and two answered follow-ups in a week: one issue, not one more for the call."""
    rows = [
        {"outcome": "abandoned"}, {"direction": "out", "parent_contact_id": "c0"},
        {"parent_contact_id": "c1"}, {"parent_contact_id": "c2"},
    ]  # fmt: skip
    data = dataset(contacts(rows), costs(("salaries", 300.0)), counting=cpc.Counting(unit="issue"))
    assert cpc.measure(data, "contacts")["contacts"][0] == 1
    row = cpc.issue_costs(data).iloc[0]
    assert (row["open_issues"], row["repeats"], row["on_open_issues"]) == pytest.approx((1, 1, 300))
    alone = dataset(contacts(rows[:2]), costs(("salaries", 300.0)), counting=cpc.Counting(unit="issue"))
    assert cpc.measure(alone, "contacts")["contacts"][0] == 1


def test_chains_make_all_that_stands_on_repeats_available():
    data = chains()
    assert is_available(data, "first_contact_resolution")
    found = cpc.compare_definitions(data).set_index("definition")
    assert found.loc["issues", "contacts"] == 5
    assert found.loc["issues", "meaning"] == (
        "All costs over issues: a first contact of a chain of parents (a contact that nobody follows up is a chain of "
        "one) and its repeats within 7 days."
    )
    steps = cpc.sensitivity(data, where={"month": "2025-04"}).set_index("step")
    assert steps.loc["first_contact_resolution", "level"] == pytest.approx(2 / 3)


def test_customers_tell_repeats_where_both_are_recorded():
    """Both follow-ups belong to the conversation of c1, whose customer comes once."""
    given = chains().tables["contacts"].assign(customer_id=["y", "k", "k", "k", "k", "l", "z"])
    data = dataset(given, costs(("salaries", 500.0)))
    row = cpc.resolution(data, where={"month": "2025-04"}).iloc[0]
    assert (row["repeat_rate"], row["first_contact_resolution"]) == (0.0, 1.0)
    assert cpc.issue_costs(data, where={"month": "2025-04"}).iloc[0]["closed_issues"] == 2


def test_parents_that_are_all_missing_tell_nothing():
    frame = contacts([visit("a", 1), visit("b", 30)], parent_contact_id=None)
    assert cpc.issue_costs(dataset(frame, costs(("salaries", 1.0)))).iloc[0]["closed_issues"] == 1
    nobody = dataset(frame.drop(columns="customer_id"), costs(("salaries", 1.0)))
    with pytest.raises(InvalidInputError, match="the contacts have neither"):
        cpc.resolution(nobody)


def test_costs_lie_where_each_contact_lies_and_issues_count_where_they_begin():
    """A call of April is repeated by a chat of May: April has the issue, each month its 100."""
    frame = contacts([visit("a", 29), visit("a", 2, 5, channel="chat"), visit(None, 30, 6)], reason="order")
    ledger = pd.concat([costs(("salaries", 100.0)), costs(("salaries", 100.0), month="2025-05")])
    data = dataset(frame, ledger)
    rows = cpc.issue_costs(data, by="month", where={"month": ["2025-04", "2025-05"]})
    assert rows["closed_issues"].tolist() == [1, 0] and rows["on_closed_issues"].tolist() == [100.0, 100.0]
    assert "Costs lie where each contact lies, issues count where they begin." in rows.attrs["definition"]


def test_contacts_without_a_reason_count_as_a_reason_of_their_own():
    """Two of one customer without a reason are one issue, the one with a reason another."""
    rows = [visit("a", 1), visit("a", 2), visit("a", 3, reason="order"), visit("z", 30, reason="order")]
    data = dataset(contacts(rows), costs(("salaries", 1.0)))
    row = cpc.issue_costs(data).iloc[0]
    assert (row["closed_issues"], row["repeats"]) == (2, 1)
    assert "(contacts without one count as a reason of their own)" in cpc.issue_costs(data).attrs["definition"]


@pytest.mark.parametrize(
    ("marked", "quantity", "cost"), [(9, "cost_per_resolution", 1000 / 9), (8, "cost_per_closed_issue", 1000 / 5)]
)
def test_a_resolution_costs_what_the_marks_say_else_what_an_issue_does(marked, quantity, cost):
    """Ten contacts that cost 1,000, of five customers with two each a day apart; nine, or eight, are marked."""
    rows = [visit(f"k{number % 5}", 1 + number // 5, resolved=True if number < marked else None)
            for number in range(10)]  # fmt: skip
    frame = contacts([*rows, visit(None, 30, outcome="abandoned")], reason="order")
    frame["resolved"] = frame["resolved"].astype("boolean")
    data = dataset(frame, costs(("salaries", 1000.0)))
    found = cpc.cost_of_resolution(data)
    assert found.attrs["quantity"] == quantity
    assert found[["cost_of_resolution", "cost_per_contact"]].iloc[0].tolist() == pytest.approx([cost, 100.0])
    by = cpc.cost_of_resolution(data, by="channel", where={"month": "2025-04"})
    assert by.columns.tolist() == ["channel", "cost_of_resolution", "cost_per_contact", "complete"]
    assert by["cost_of_resolution"][0] == pytest.approx(cost)
    assert by.attrs["definition"].startswith(("Contacts say whether", "Too few contacts say whether"))


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
    for function, name in ((cpc.resolution, "`resolution`"), (cpc.issue_costs, "`issue_costs`"),
                           (cpc.cost_of_resolution, "`cost_of_resolution` without marks in `contacts.resolved`"),
                           ):  # fmt: skip
        with pytest.raises(InvalidInputError) as caught:
            function(nobody)
        assert str(caught.value) == (
            f"{name} needs `contacts.customer_id`, a pseudonym that tells whose contacts repeat, or "
            "`contacts.parent_contact_id`, the earlier contact that one follows up; the contacts have neither."
        )
    with pytest.raises(UnknownNameError):
        cpc.issue_costs(centre([visit("a", 1)]), by="reson")
