"""Where several contacts are one: the count, the cost and the handle time of a conversation lie in one channel."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import hypothesis.strategies as st
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings

import cpc_analysis as cpc
from cpc_analysis.models.definitions import compare_definitions
from tests.centres import contacts, costs, dataset

CHANNELS = ["voice", "chat", "email", "callback", "web"]


def by_channel(data: cpc.Dataset, *quantities: str) -> pd.DataFrame:
    return cpc.measure(data, list(quantities), by=["channel"]).set_index("channel")[list(quantities)]


def callbacks(**tables: object) -> cpc.Dataset:
    """Nine answered calls, one abandoned; ten answered callbacks, one of them for the caller who gave up."""
    rows = [{"contact_id": f"a{number}"} for number in range(9)]
    rows += [{"contact_id": "x", "outcome": "abandoned", "started_at": "2025-04-20 10:00"}]
    rows += [{"contact_id": f"b{number}", "channel": "callback", "direction": "out"} for number in range(9)]
    rows += [{"contact_id": "y", "channel": "callback", "direction": "out", "parent_contact_id": "x",
              "started_at": "2025-04-20 12:00"}]  # fmt: skip
    return dataset(contacts(rows), costs(("salaries", 1900.0)), **tables)


def test_ten_equal_callbacks_cost_what_ten_calls_do():
    """19 answered contacts of a minute and 1,900: 100 each, and as many in a channel as cost lies there."""
    found = by_channel(callbacks(), "contacts", "total_cost", "cost_per_contact")
    assert found.loc["voice"].tolist() == pytest.approx([10, 1000, 100])
    assert found.loc["callback"].tolist() == pytest.approx([9, 900, 100])


def test_each_row_keeps_its_own_channel_where_rows_count():
    for unit in ("contact", "leg"):
        data = callbacks(counting=cpc.Counting(unit=unit))
        assert by_channel(data, "contacts")["contacts"].to_dict() == {"voice": 9, "callback": 10}


def test_an_e_mail_that_ends_in_a_call_lies_on_the_e_mail():
    """An e-mail of 60 s and a call of 180 s are one contact of 240 s; a call of its own takes 60 s. 300 in all."""
    rows = [{"contact_id": "mail", "channel": "email"},
            {"handle_seconds": 180.0, "parent_contact_id": "mail", "started_at": "2025-04-02 10:00"}, {}]  # fmt: skip
    names = ("contacts", "total_cost", "average_handle_time")
    found = by_channel(dataset(contacts(rows), costs(("salaries", 300.0))), *names)
    assert found.loc["email"].tolist() == pytest.approx([1, 240, 240])
    assert found.loc["voice"].tolist() == pytest.approx([1, 60, 60])


def test_costs_go_by_the_channel_of_the_contact_itself():
    """What is for callbacks only, by its lines or by a share, is borne by callbacks, and shown where these count."""
    rows = [{"contact_id": "mail", "channel": "email"},
            {"channel": "callback", "direction": "out", "parent_contact_id": "mail", "started_at": "2025-04-02 10:00"},
            {"channel": "callback", "direction": "out"}]  # fmt: skip
    dialler = costs(("technology", 90.0), channel="callback")
    wages = costs(("salaries", 300.0), ("facilities", 60.0)).assign(line_id=["wages", "rent"])
    data = dataset(contacts(rows), pd.concat([dialler, wages]), costing=cpc.Costing(facilities={"callback": 1.0}))
    found = by_channel(data, "contacts", "total_cost")
    assert found.loc["email"].tolist() == pytest.approx([1, 200 + 45 + 30])
    assert found.loc["callback"].tolist() == pytest.approx([1, 100 + 45 + 30])
    assert not any("match no contact" in note for note in data.check().notes)
    statement = cpc.cost_statement(data, by=["channel"])
    assert statement.groupby("channel")["ledger"].sum().to_dict() == {
        "email": Decimal("275.00"), "callback": Decimal("175.00"),
    }  # fmt: skip


def test_a_self_service_session_keeps_its_own_count_and_cost():
    """The call that followed a session counts in voice; what the portal cost stays with the session."""
    rows = [{"contact_id": "s", "channel": "web", "outcome": "self_served"},
            {"parent_contact_id": "s", "started_at": "2025-04-02 10:00"}]  # fmt: skip
    portal = costs(("technology", 40.0), channel="web")
    data = dataset(contacts(rows), pd.concat([portal, costs(("salaries", 100.0)).assign(line_id="wages")]))
    found = by_channel(data, "contacts", "assisted_contacts", "self_service_sessions", "total_cost")
    assert found.loc["voice"].tolist() == pytest.approx([1, 1, 0, 100])
    assert found.loc["web"].tolist() == pytest.approx([0, 0, 1, 40])
    both = data.replace(counting=cpc.Counting(outcomes=("answered", "self_served")))
    # Where sessions count too, the one lies on the call, which an agent had a part in.
    assert by_channel(both, "contacts", "assisted_contacts").loc["voice"].tolist() == [1, 1]


def transfer(**tables: object) -> cpc.Dataset:
    """Call a of 200 s goes on as b of 400 s; call x takes 100 s."""
    rows = [{"contact_id": "a", "handle_seconds": 200.0}, {"handle_seconds": 400.0, "parent_contact_id": "a"},
            {"handle_seconds": 100.0}]  # fmt: skip
    return dataset(contacts(rows), costs(("salaries", 700.0)), **tables)


@pytest.mark.parametrize(("unit", "count", "seconds"), [("conversation", 2, 350), ("contact", 3, 700 / 3)])
def test_handle_time_is_of_what_counts_as_one(unit, count, seconds):
    found = cpc.measure(transfer(counting=cpc.Counting(unit=unit)), ["contacts", "average_handle_time"]).iloc[0]
    assert found[:2].tolist() == pytest.approx([count, seconds])


@pytest.mark.parametrize(
    ("unit", "transferred", "resolved", "reopened", "response"),
    [("conversation", 1 / 2, 1 / 2, 1 / 2, 110), ("contact", 1 / 3, 1 / 3, 1 / 3, 250 / 3)],
)
def test_shares_of_conversations_are_of_conversations(unit, transferred, resolved, reopened, response):
    """One ticket of two steps, the first passed on unresolved, and another ticket: half of two, not a third of three.

    The last step tells whether the first ticket is resolved; its first response is that of its first step.
    """
    rows = [
        {"contact_id": "a", "transfers": 1, "resolved": False, "reopens": 0, "first_response_seconds": 20},
        {"parent_contact_id": "a", "transfers": 0, "resolved": True, "reopens": 1, "first_response_seconds": 30,
         "started_at": "2025-04-02 11:00"},
        {"transfers": 0, "resolved": False, "reopens": 0, "first_response_seconds": 200},
    ]  # fmt: skip
    names = ["transfer_rate", "reported_resolution", "reopen_rate", "average_first_response"]
    data = dataset(contacts(rows), costs(("salaries", 10.0)), counting=cpc.Counting(unit=unit))
    found = cpc.measure(data, names)[names].iloc[0]
    assert found.tolist() == pytest.approx([transferred, resolved, reopened, response])


def test_a_conversation_that_was_reopened_is_no_longer_resolved():
    rows = [{"contact_id": "a", "resolved": True},
            {"parent_contact_id": "a", "resolved": False, "started_at": "2025-04-03 10:00"}]  # fmt: skip
    data = dataset(contacts(rows), costs(("salaries", 10.0)))
    assert cpc.measure(data, ["reported_resolution"])["reported_resolution"].item() == 0


def test_handle_time_of_legs_is_per_leg():
    legs = pd.DataFrame(
        {"leg_id": ["1", "2"], "contact_id": "c2", "agent_id": "ann", "started_at": "2025-04-03 10:00",
         "handle_seconds": [40, 60]}
    )  # fmt: skip
    data = transfer(legs=legs, counting=cpc.Counting(unit="leg"))
    assert cpc.measure(data, ["contacts", "average_handle_time"]).iloc[0, :2].tolist() == pytest.approx([4, 700 / 4])


def test_the_check_counts_rows_without_a_handle_time():
    assert not any("no handle time" in note for note in transfer().check().notes)


def test_a_conversation_counts_in_the_period_of_its_first_counted_contact():
    """Its work stays in its own month, where its cost is booked."""
    rows = [{"contact_id": "x", "outcome": "abandoned", "started_at": "2025-03-31 10:00"},
            {"parent_contact_id": "x", "contact_id": "y", "started_at": "2025-04-01 10:00"},
            {"parent_contact_id": "y", "started_at": "2025-05-02 10:00"}]  # fmt: skip
    lines = [costs(("salaries", 10.0), month=month) for month in ("2025-03", "2025-04", "2025-05")]
    found = cpc.measure(dataset(contacts(rows), pd.concat(lines)), ["contacts", "offered_contacts"], by=["month"])
    assert found["contacts"].tolist() == [0, 1, 0]
    assert found["offered_contacts"].tolist() == [1, 0, 0]


def test_an_issue_and_its_repeats_lie_in_the_channel_of_the_first():
    """An e-mail, the call about the same and the call's transfer are one issue; another customer's call is one too."""
    rows = [{"channel": "email", "customer_id": "k"}, {"customer_id": "k", "contact_id": "call"},
            {"customer_id": "k", "parent_contact_id": "call"}, {"customer_id": "j"}]  # fmt: skip
    data = dataset(contacts(rows, reason="bill"), costs(("salaries", 400.0)), counting=cpc.Counting(unit="issue"))
    found = by_channel(data, "contacts", "total_cost", "offered_contacts")
    assert found.loc["email"].tolist() == pytest.approx([1, 300, 1])
    assert found.loc["voice"].tolist() == pytest.approx([1, 100, 2])  # a repeat is an offer of its own


def test_each_definition_has_its_costs_where_it_counts():
    frame = compare_definitions(callbacks(counting=cpc.Counting(unit="contact")), by=["channel"])
    found = frame.set_index(["definition", "channel"])[["contacts", "cost"]]
    telecom = dataset(
        contacts([{"contact_id": "x", "outcome": "abandoned"}, {"channel": "chat", "parent_contact_id": "x"}]),
        costs(("telecom", 20.0)), counting=cpc.Counting(unit="contact"),
    )  # fmt: skip
    split = compare_definitions(telecom, by=["channel"]).set_index(["definition", "channel"])["cost"]
    assert found.loc[("answered", "callback")].tolist() == pytest.approx([9, 900])
    assert [split.loc[("own", name)] for name in ("voice", "chat")] == pytest.approx([10, 10])
    assert [split.loc[("answered", name)] for name in ("voice", "chat")] == pytest.approx([20, 0])


row = st.fixed_dictionaries(
    {
        "channel": st.sampled_from(CHANNELS),
        "direction": st.sampled_from(["in", "in", "out"]),
        "outcome": st.sampled_from(["answered", "answered", "abandoned", "missed", "self_served"]),
        "day": st.integers(1, 28),
        "handle_seconds": st.sampled_from([None, 30.0, 60.0, 600.0]),
        "parent": st.one_of(st.none(), st.integers(0, 5)),
    }
)


def made(drawn: list[dict[str, object]]) -> tuple[pd.DataFrame, list[int]]:
    """The contacts drawn, and the number of the root of each; a parent is an earlier contact of the list."""
    rows, roots = [], []
    for number, one in enumerate(drawn):
        parent = one["parent"] if one["parent"] is not None and one["parent"] < number else None
        roots.append(number if parent is None else roots[parent])
        is_timed = one["outcome"] == "answered"
        rows.append(
            {"contact_id": f"c{number}", "started_at": f"2025-04-{one['day']:02d} 10:00",
             "handle_seconds": one["handle_seconds"] if is_timed else None,
             "parent_contact_id": None if parent is None else f"c{parent}",
             **{name: one[name] for name in ("channel", "direction", "outcome")}}
        )  # fmt: skip
    frame = contacts([*rows, {"contact_id": "last", "started_at": "2025-04-30 10:00", "parent_contact_id": None}])
    return frame, [*roots, len(rows)]


@settings(deadline=None, max_examples=12, suppress_health_check=list(HealthCheck))
@given(st.lists(row, min_size=1, max_size=8), st.sampled_from([("in", "out"), ("in",)]))
def test_cost_and_count_of_a_conversation_lie_in_one_channel(drawn, directions):
    frame, roots = made(drawn)
    ledger = pd.concat([costs(("technology", 700.0)), costs(("telecom", 90.0)).assign(line_id="telecom")])
    data = dataset(frame, ledger, counting=cpc.Counting(directions=directions))
    each = data.replace(counting=replace(data.counting, unit="contact"))
    alone = cpc.measure(each, "total_cost", by=["contact_id"]).set_index("contact_id")["total_cost"]
    counts = frame["direction"].isin(directions) & (frame["outcome"] == "answered")
    expected: dict[str, list[float]] = {}
    for _, family in frame.groupby(roots):
        asked = family[family["outcome"] != "self_served"].sort_values(["started_at", "contact_id"])
        home = asked["channel"].iloc[0] if counts[family.index].any() else None
        for member in family.itertuples():
            stays = home is None or member.outcome == "self_served"
            expected.setdefault(member.channel if stays else home, [0.0, 0.0])[1] += alone[member.contact_id]
        if home is not None:
            expected[home][0] += 1
    found = by_channel(data, "contacts", "total_cost")
    found = found[(found != 0).any(axis=1)]
    expected = {channel: values for channel, values in expected.items() if values[0] or abs(values[1]) > 1e-9}
    assert found["contacts"].to_dict() == {channel: values[0] for channel, values in expected.items()}
    assert found["total_cost"].to_dict() == pytest.approx({name: values[1] for name, values in expected.items()})
    assert sum(cpc.cost_statement(data, by=["channel"])["ledger"], Decimal(0)) == Decimal("790.00")
    sums = cpc.measure(data, ["contacts", "average_handle_time"]).attrs["parts"].frame.iloc[0]
    assert sums["handle_seconds"] == frame.loc[counts, "handle_seconds"].sum()
    assert sums["measured"] == frame[counts & frame["handle_seconds"].notna()].groupby(pd.Series(roots)).ngroups
