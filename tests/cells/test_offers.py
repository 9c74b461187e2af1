"""Offers: what asked for an agent is offered once, and is answered, abandoned, missed or left to voicemail."""

from __future__ import annotations

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings

import cpc_analysis as cpc
from tests.cells.test_counting import made, row
from tests.centres import contacts, costs, dataset

QUANTITIES = ["offered_contacts", "abandonment_rate", "service_level", "average_wait"]


def log(*rows: dict[str, object], **counting: object) -> cpc.Dataset:
    """Contacts of one morning, a minute apart."""
    at = pd.date_range("2025-04-01 10:00", periods=len(rows), freq="min").astype(str)
    named = [{"contact_id": f"c{place}", "started_at": start, "wait_seconds": None, "parent_contact_id": None} | one
             for place, (one, start) in enumerate(zip(rows, at, strict=True))]  # fmt: skip
    return dataset(contacts(named), costs(("salaries", 10.0)), counting=cpc.Counting(**counting))


def offers(data: cpc.Dataset) -> list[object]:
    """Offers, the share that was abandoned, the share in time, and the average wait."""
    return [pytest.approx(value, nan_ok=True) for value in cpc.measure(data, QUANTITIES)[QUANTITIES].iloc[0]]


def waited(seconds: float | None, outcome: str = "answered", **more: object) -> dict[str, object]:
    return {"wait_seconds": seconds, "outcome": outcome, **more}


def test_the_service_level_is_of_all_that_was_offered():
    """Ten answered in 5 s, ten missed, ten sent to voicemail: a third."""
    rows = [waited(5.0)] * 10 + [waited(60.0, "missed")] * 10 + [waited(60.0, "voicemail")] * 10
    assert offers(log(*rows)) == [30, 0, 1 / 3, (50 + 600 + 600) / 30]


def test_a_ring_that_another_agent_answered_is_no_second_offer():
    """Ann's phone rings for 15 s, then Bob answers after 10 s more: one offer, 25 s, which is too late."""
    ring = waited(15.0, "missed", contact_id="call", agent_id="ann")
    data = log(ring, waited(10.0, parent_contact_id="call", agent_id="bob"))
    assert offers(data) == [1, 0, 0, 25]
    apart = data.replace(counting=cpc.Counting(unit="contact"))
    assert offers(apart) == [2, 0, 1 / 2, 25 / 2]  # each row of the log stands for itself


def test_the_wait_of_steps_that_overlap_is_waited_once():
    """The log holds the ring inside of the call's own wait: 18 s in all, in time."""
    call = waited(18.0, contact_id="call", started_at="2025-04-01 10:00:00")
    ring = waited(15.0, "missed", parent_contact_id="call", started_at="2025-04-01 10:00:00")
    assert offers(log(call, ring)) == [1, 0, 1, 18]


@pytest.mark.parametrize(("end", "abandoned"), [("answered", 0), ("abandoned", 1 / 2)])
def test_a_queue_that_a_call_flowed_out_of_is_no_second_offer(end, abandoned):
    """60 s in one queue and 5 s in the next are a wait of 65 s, offered where the call came in; another waits 5 s."""
    first = waited(60.0, "missed", contact_id="a", queue="one")
    data = log(first, waited(5.0, end, parent_contact_id="a", queue="two"), waited(5.0, queue="two"))
    assert offers(data) == [2, abandoned, 1 / 2, 35]
    queues = cpc.measure(data, "offered_contacts", by=["queue"]).set_index("queue")["offered_contacts"]
    assert queues.to_dict() == {"one": 1, "two": 1}


def test_who_is_called_back_has_not_abandoned():
    """Two gave up, one was called back hours later: offered twice, abandoned once, none of them in time."""
    rows = [waited(90.0, "abandoned", contact_id="x"), waited(30.0, "abandoned"), waited(10.0), waited(10.0),
            {"channel": "callback", "direction": "out", "parent_contact_id": "x"}]  # fmt: skip
    data = log(*rows)
    assert offers(data) == [4, 1 / 4, 2 / 4, 140 / 4]
    # The offer and the conversation lie in the channel in which they began.
    found = cpc.measure(data, ["offered_contacts", "abandonment_rate", "contacts"], by=["channel"]).set_index("channel")
    assert found.loc["voice"].iloc[:3].tolist() == [4, 1 / 4, 3]
    assert "callback" not in found.index or found.loc["callback"].iloc[[0, 2]].tolist() == [0, 0]
    assert offers(data.replace(counting=cpc.Counting(service_level_of="answered")))[2] == 1


def test_a_transfer_is_one_offer_and_waits_up_to_the_first_answer():
    data = log(waited(10.0, contact_id="a"), waited(200.0, parent_contact_id="a"))
    assert offers(data) == [1, 0, 1, 10]
    assert cpc.measure(data, "answered_contacts")["answered_contacts"].iloc[0] == 1


def test_an_e_mail_that_only_a_call_answered_is_judged_from_the_e_mail_on():
    """Nobody wrote back; two days later a call about it waits 5 s. Written to within a day is in time: it was not."""
    mail = waited(None, "missed", channel="email", contact_id="m", started_at="2025-04-01 10:00")
    data = log(mail, waited(5.0, parent_contact_id="m", started_at="2025-04-03 10:00"),
               {"channel": "email", "first_response_seconds": 3600.0, "started_at": "2025-04-02 10:00"})  # fmt: skip
    assert offers(data) == [2, 0, 1 / 2, 5]


def test_a_call_out_of_hours_was_not_offered():
    assert offers(log(waited(5.0), waited(5.0, "failed"))) == [1, 0, 1, 5]


def test_short_abandons_are_not_offered():
    """Of abandons after 3 s and 30 s the shorter is none with a limit of 5 s; nor does its wait count."""
    rows = [waited(3.0, "abandoned"), waited(30.0, "abandoned"), waited(9.0)]
    assert offers(log(*rows)) == [3, 2 / 3, 1 / 3, 14]
    assert offers(log(*rows, short_abandon_seconds=5.0)) == [2, 1 / 2, 1 / 2, 39 / 2]


@pytest.mark.parametrize(
    ("of", "level", "said"),
    [
        ("offered", 4 / 8, "of all offered contacts: who gave up, was missed, left a message or was called back was"),
        ("answered", 4 / 5, "of answered contacts only"),
        ("excluding_short_abandons", 4 / 7, "of all offered contacts but those abandoned within the threshold"),
        ("short_abandons_met", 5 / 8, "who gave up within the threshold counts as answered in time"),
    ],
)
def test_four_service_levels(of, level, said):
    """Four answered in 10 s and one in 40 s; abandoned after 15 s and 50 s; one missed. Threshold: 20 s."""
    rows = [waited(10.0)] * 4 + [waited(40.0), waited(15.0, "abandoned"), waited(50.0, "abandoned")]
    data = log(*rows, waited(None, "missed"), service_level_of=of)
    assert offers(data)[2] == level
    assert said in cpc.measure(data, "service_level").attrs["definition"]
    assert (
        f"{ {'offered': 'of all offered contacts:', 'answered': 'answered contacts only'}.get(of, 'threshold') }"
        in (cpc.measure(data, "service_level").attrs["definition"])
    )


def test_what_says_nothing_of_time_is_not_in_time():
    """Nineteen answered in 5 s and one of which no wait is recorded: 19 of 20."""
    assert offers(log(*[waited(5.0)] * 19, waited(None)))[2] == 19 / 20


def test_without_waits_there_is_no_service_level():
    """Under nine tenths of the answers say when: nothing can be said. Nor of a channel that records no time at all."""
    assert np.isnan(cpc.measure(log(*[waited(5.0)] * 8, waited(None)), "service_level")["service_level"].iloc[0])
    chats = [{"channel": "chat"}] * 30
    data = log(*[waited(5.0)] * 3, waited(60.0), *chats, waited(None, "abandoned", channel="chat"))
    levels = cpc.measure(data, "service_level", by=["channel"]).set_index("channel")["service_level"]
    assert levels["voice"] == 3 / 4 and np.isnan(levels["chat"])
    whole = cpc.measure(data, "service_level")
    assert whole["service_level"].iloc[0] == 3 / 4
    assert whole.attrs["answer_thresholds"] == {"voice": 20.0}
    met = log(waited(5.0), *chats, waited(30.0, "abandoned", channel="chat"), service_level_of="short_abandons_met")
    assert cpc.measure(met, "service_level")["service_level"].iloc[0] == 1


def test_a_mean_is_no_service_level():
    """A row of ten contacts holds a wait of 50 s in all; of how many it was within 20 s nobody knows."""
    data = log(waited(50.0, contact_count=10), waited(5.0, contact_count=1))
    assert np.isnan(cpc.measure(data, "service_level")["service_level"].iloc[0])


def test_the_thresholds_of_the_channels_in_the_result_are_named():
    data = log(waited(5.0), waited(5.0, channel="chat"), {"channel": "email", "first_response_seconds": 60.0})
    said = cpc.measure(data, "service_level").attrs["definition"]
    assert "voice 20 s, chat 1 min, email 24 h." in said
    chat = cpc.measure(data, "service_level", where={"channel": "chat"})
    assert "counted from the first contact: chat 1 min." in chat.attrs["definition"]
    assert "answer_thresholds" not in cpc.measure(data, "contacts").attrs


def test_the_rules_of_offers_are_printed_with_the_figure():
    data = log(waited(5.0, contact_id="a"), waited(5.0, parent_contact_id="a"))
    rule = "A conversation is offered once, where it began, and answered if any of its contacts is"
    for quantity in QUANTITIES:
        assert rule in cpc.measure(data, quantity).attrs["definition"]
    apart = data.replace(counting=cpc.Counting(unit="contact", short_abandon_seconds=5.0))
    said = cpc.measure(apart, "abandonment_rate").attrs["definition"]
    assert rule not in said and said.endswith(
        "Offered are inbound contacts that were answered, abandoned, missed or left to voicemail. What failed, such as "
        "a call out of hours, was not. Abandoned within 5 seconds is not offered."
    )


def test_contacts_per_paid_hour_are_counted_contacts_over_paid_hours():
    """Two with an agent, one whose agent is not recorded, and a session that counts too: three in four hours."""
    rows = [{"agent_id": "ann"}, {"agent_id": "ann"}, {"agent_id": None, "handle_seconds": None},
            {"agent_id": None, "outcome": "self_served", "channel": "web"}]  # fmt: skip
    paid = pd.DataFrame(
        {"agent_id": ["ann"], "starts_at": pd.to_datetime(["2025-04-01 08:00"]).tz_localize("Europe/Copenhagen"),
         "ends_at": pd.to_datetime(["2025-04-01 12:00"]).tz_localize("Europe/Copenhagen"), "activity": "available",
         "is_paid": True, "is_productive": True}
    )  # fmt: skip
    data = dataset(contacts(rows), costs(("salaries", 10.0)), shifts=paid,
                   counting=cpc.Counting(outcomes=("answered", "self_served")))  # fmt: skip
    assert cpc.measure(data, "contacts_per_paid_hour")["contacts_per_paid_hour"].iloc[0] == 3 / 4
    parts = cpc.measure(data, "contacts_per_paid_hour", by=["agent_id"]).attrs["parts"].frame.set_index("agent_id")
    assert parts["handled_contacts"].to_dict() == {"(unknown)": 1, "ann": 2}


@settings(deadline=None, max_examples=12, suppress_health_check=list(HealthCheck))
@given(st.lists(row, min_size=1, max_size=8), st.data())
def test_offers_are_what_became_of_them_once_per_conversation(drawn, data):
    """Offered = answered inbound + abandoned + missed + voicemail + called back, each conversation once."""
    outcomes = st.sampled_from(["answered", "abandoned", "missed", "voicemail", "failed", "self_served"])
    drawn = [{**one, "outcome": data.draw(outcomes)} for one in drawn]
    frame, roots = made(drawn)
    frame["wait_seconds"] = 0.0
    ends = dict.fromkeys(("answered", "voicemail", "called back", "abandoned", "missed"), 0)
    for root, family in frame.groupby(roots):
        asked = family[family["direction"] == "in"]["outcome"]
        came_to = next((name for name in ("answered", "voicemail", "abandoned", "missed") if name in set(asked)), None)
        if came_to == "abandoned" and (family.drop(index=root)["channel"] == "callback").any():
            came_to = "called back"
        if came_to:
            ends[came_to] += 1
    centre = dataset(frame, costs(("salaries", 1.0)), counting=cpc.Counting(directions=("in",)))
    parts = cpc.measure(centre, [*QUANTITIES, "answered_contacts"]).attrs["parts"].frame.iloc[0]
    assert parts["offered"] == sum(ends.values())
    assert (parts["answered"], parts["abandoned"]) == (ends["answered"], ends["abandoned"])
    assert parts["waited"] == parts["offered"]


def test_the_sample_in_june_2025(sample):
    """Of 8,431 calls 801 were given up, 15 of them were called back; e-mail and social are never given up."""
    found = cpc.measure(sample, QUANTITIES, by=["channel"], where={"month": "2025-06"}).set_index("channel")
    assert found["offered_contacts"].to_dict() == {
        "callback": 0, "chat": 1758, "email": 1833, "social": 430, "voice": 8431, "web": 0,
    }  # fmt: skip
    assert found.loc["voice", "abandonment_rate"] == pytest.approx((801 - 15) / 8431)
    assert found["abandonment_rate"].round(4).to_dict() == pytest.approx(
        {"callback": np.nan, "chat": 0.0705, "email": 0, "social": 0, "voice": 0.0932, "web": np.nan}, nan_ok=True
    )
