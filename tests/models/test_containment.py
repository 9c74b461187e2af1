"""Containment: share, sessions and come-backs of one base, and the cost of what follows a session in its row."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import cpc_analysis as cpc
from cpc_analysis.errors import InvalidInputError
from tests.centres import contacts, costs, dataset

WEEK = pd.Timedelta(days=7)


def visit(customer: str | None, day: int, month: int = 4, **columns: object) -> dict:
    return {"customer_id": customer, "started_at": f"2025-{month:02d}-{day:02d} 10:00", **columns}


def session(customer: str | None, day: int, month: int = 4, **columns: object) -> dict:
    return visit(customer, day, month, **{"channel": "web", "outcome": "self_served", **columns})


def test_containment_is_net_of_who_comes_to_an_agent_within_the_window():
    """Five sessions of known customers: one returns in time, one too late, one for another reason, two are open."""
    visits = [
        session("a", 1), visit("a", 3), visit("a", 4),
        session("b", 1), visit("b", 20),
        session("c", 1), visit("c", 3, reason="invoice"),
        session("d", 2), session(None, 2), visit("e", 30), session("e", 29),
    ]  # fmt: skip
    frame = contacts(visits).fillna({"reason": "order"})
    data = dataset(frame, costs(("salaries", 600.0)))
    row = cpc.containment(data).iloc[0]
    assert (row["sessions"], row["judged"], row["returns"]) == (6, 4, 1)
    assert row["identified_share"] == pytest.approx(5 / 6)
    assert row["net_containment"] == pytest.approx(3 / 4)
    # Five contacts of a minute cost 120 each; the second of a comes after a contact, and the session of e is open.
    assert row["cost_of_failed_containment"] == pytest.approx(120.0)
    assert (row["open_sessions"], row["open_returns"]) == (1, 1)
    assert row["cost_of_open_returns"] == pytest.approx(120.0)
    definition = cpc.containment(data).attrs["definition"]
    assert definition.startswith(
        "Net containment: self-service sessions after which the customer did not ask for an agent within 7 days, over "
        "sessions whose window has ended; a session with a reason is followed only by a contact with the same reason; "
        "the contact that came after, and its cost, lie in the row of the session before it; 83 percent of sessions "
        "have a known customer."
    )
    longer = data.replace(counting=replace(data.counting, repeat_window="20d"))
    assert cpc.containment(longer).iloc[0]["net_containment"] == pytest.approx(2 / 4)


def test_a_session_without_a_reason_is_followed_by_any_contact():
    visits = [session("a", 1, reason=None), visit("a", 3, reason="invoice"), visit("z", 30, reason="order")]
    row = cpc.containment(dataset(contacts(visits), costs(("salaries", 600.0)))).iloc[0]
    assert (row["net_containment"], row["returns"]) == (0.0, 1)


def test_what_follows_a_session_lies_in_the_row_of_the_session():
    """A session at the end of April, a call in May: April's row has both, and May's call is no return of May's."""
    visits = [session("a", 29), visit("a", 2, 5), session("b", 5, 5), visit(None, 30, 6)]
    ledger = [costs(("salaries", amount), month=month) for month, amount in (("2025-05", 70.0), ("2025-06", 30.0))]
    data = dataset(contacts(visits), pd.concat([costs(("technology", 5.0)), *ledger]))
    by_month = cpc.containment(data, by=["month"])
    assert by_month["month"].tolist() == [pd.Timestamp("2025-04-01"), pd.Timestamp("2025-05-01")]
    assert by_month["returns"].tolist() == [1, 0]
    assert by_month["cost_of_failed_containment"].tolist() == pytest.approx([70.0, 0.0])
    asked = cpc.containment(data, by=["channel", "quarter"], where={"month": "2025-04"})
    assert asked[["channel", "returns"]].values.tolist() == [["web", 1]]
    assert asked["cost_of_failed_containment"].tolist() == pytest.approx([70.0])
    assert cpc.containment(data, where={"channel": "voice"})["sessions"].tolist() == [0]


def test_a_cost_beyond_the_ledger_is_not_known_and_not_nothing():
    visits = [session("a", 29), visit("a", 2, 5), session("b", 2), visit(None, 30, 6)]
    data = dataset(contacts(visits), costs(("technology", 5.0)))
    row = cpc.containment(data, by="month").iloc[0]
    assert (row["judged"], row["returns"]) == (2, 1)
    assert np.isnan(row["cost_of_failed_containment"])
    assert row["cost_of_open_returns"] == 0.0


def test_sessions_in_a_row_count_each_and_the_contact_after_them_costs_once():
    visits = [session("a", 1), session("a", 2, channel="voice"), visit("a", 3), visit(None, 30)]
    frame = cpc.containment(dataset(contacts(visits), costs(("salaries", 80.0))), by=["channel"]).set_index("channel")
    assert frame["returns"].to_dict() == {"voice": 1, "web": 1}
    assert frame["cost_of_failed_containment"].to_dict() == pytest.approx({"voice": 40.0, "web": 0.0})


def follows(visits: pd.DataFrame) -> pd.DataFrame:
    """Sessions with their state, and the session that each contact came first after, worked out one by one."""
    known = visits[visits["customer_id"].notna()].sort_values(["started_at", "contact_id"])
    last = visits["started_at"].max()
    came: set[str] = set()
    after: list[str] = []
    for one in known.itertuples():
        same = known[known["customer_id"] == one.customer_id]
        if one.outcome == "self_served":
            asked = same[(same["outcome"] != "self_served") & (same["started_at"] > one.started_at)]
            if one.reason is not None:
                asked = asked[asked["reason"] == one.reason]
            if len(asked) and asked["started_at"].iloc[0] - one.started_at <= WEEK:
                came.add(one.contact_id)
            continue
        earlier = same[same["started_at"] < one.started_at]
        agents = earlier[earlier["outcome"] != "self_served"]
        sessions = earlier[earlier["outcome"] == "self_served"]
        found = []
        same_reason = sessions["reason"].notna() & (sessions["reason"] == one.reason)
        alike = agents[agents["reason"] == one.reason]
        for mine, since in ((sessions[same_reason], alike), (sessions[sessions["reason"].isna()], agents)):
            latest = mine["started_at"].max()
            between = (since["started_at"] > latest).any()
            if len(mine) and not between and one.started_at - latest <= WEEK:
                found.append(mine.iloc[-1])
        if found:
            after.append(max(found, key=lambda row: row["started_at"])["contact_id"])
    sessions = visits[visits["outcome"] == "self_served"]
    return sessions.assign(
        known=sessions["customer_id"].notna(),
        closed=sessions["started_at"] <= last - WEEK,
        back=sessions["contact_id"].isin(came),
        contacts=[after.count(name) for name in sessions["contact_id"]],
    )


def drawn(seed: int) -> pd.DataFrame:
    """A month of sessions and contacts of thirty customers, at hours of their own, with and without a reason."""
    rng = np.random.default_rng(seed)
    hours = rng.choice(24 * 29, size=140, replace=False)
    rows = [
        {
            "customer_id": rng.choice([*(f"k{number}" for number in range(30)), None]),
            "outcome": rng.choice(["self_served", "answered"]),
            "reason": rng.choice(["order", "invoice", None]),
            "channel": rng.choice(["web", "voice"]),
            "started_at": pd.Timestamp("2025-04-01") + pd.Timedelta(hours=int(hour)),
        }
        for hour in hours
    ]
    frame = contacts([*rows, {"started_at": pd.Timestamp("2025-04-30 12:00"), "customer_id": None, "reason": None}])
    names = ["customer_id", "reason"]
    return frame.assign(**{name: frame[name].astype("object").where(frame[name].notna(), None) for name in names})


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_share_sessions_and_returns_are_of_one_base_in_every_row(seed):
    frame = drawn(seed)
    found = cpc.containment(dataset(frame, costs(("salaries", 1000.0))), by=["channel"]).set_index("channel")
    cost = 1000.0 / (frame["outcome"] == "answered").sum()
    for channel, rows in follows(frame).groupby("channel"):
        row, judged = found.loc[channel], rows[rows["known"] & rows["closed"]]
        still_open = rows[rows["known"] & ~rows["closed"]]
        assert (row["sessions"], row["judged"], row["open_sessions"]) == (len(rows), len(judged), len(still_open))
        assert (row["returns"], row["open_returns"]) == (judged["back"].sum(), still_open["back"].sum())
        assert 0 < row["returns"] == round((1 - row["net_containment"]) * row["judged"])
        assert row["cost_of_failed_containment"] == pytest.approx(cost * judged["contacts"].sum())
        assert row["cost_of_open_returns"] == pytest.approx(cost * still_open["contacts"].sum())


def test_june_of_the_sample_is_the_log_s_own(sample: cpc.Dataset):
    """Sessions of known customers of June up to a week before the end, and how many of them a contact follows."""
    frame = cpc.containment(sample, by=["month", "channel"], where={"quarter": "2025-Q2"})
    assert (((1 - frame["net_containment"]) * frame["judged"]).round() == frame["returns"]).all()
    row = frame.loc[frame["month"] == pd.Timestamp("2025-06-01"), ["judged", "returns"]].sum()
    log = sample.on_engine("contacts").filter(lambda table: table.customer_id.notnull()).to_pandas()
    log["local"] = log["started_at"].dt.tz_localize("UTC").dt.tz_convert(sample.timezone)
    asked = log[(log["direction"] == "in") & log["outcome"].isin(["answered", "abandoned", "missed", "voicemail"])]
    june = log[(log["outcome"] == "self_served") & (log["local"] >= pd.Timestamp("2025-06-01", tz=sample.timezone))]
    last = sample.prepared("contacts").last
    judged = june[june["started_at"] <= last - WEEK]
    names = ["customer_id", "reason"]
    pairs = judged.merge(asked[[*names, "started_at"]], on=names, suffixes=("", "_after"))
    lag = pairs["started_at_after"] - pairs["started_at"]
    back = pairs.loc[(lag > pd.Timedelta(0)) & (lag <= WEEK), "contact_id"].nunique()
    assert judged["reason"].notna().all()
    assert (row["judged"], row["returns"]) == (len(judged), back) == (2194, 9)


def test_what_cannot_be_told():
    with pytest.raises(InvalidInputError) as caught:
        cpc.containment(dataset(contacts([{}]), costs(("salaries", 1.0))))
    assert str(caught.value) == (
        "`containment` needs `contacts.customer_id`, a pseudonym that tells whose contacts repeat; the contacts have "
        "none."
    )
    agents = pd.DataFrame({"agent_id": ["ann"], "team": ["north"]})
    data = dataset(contacts([visit("a", 1, agent_id="ann")]), costs(("salaries", 1.0)), agents=agents)
    with pytest.raises(InvalidInputError) as caught:
        cpc.containment(data, by=["team"])
    assert str(caught.value) == (
        "`containment` can be grouped only by columns of contacts and by periods (day, week, month, quarter, year), "
        "got 'team': a self-service session has no agent."
    )
    without = cpc.containment(data).iloc[0]
    assert without["sessions"] == 0 and pd.isna(without["net_containment"])
    assert cpc.containment(data, by=["channel"]).empty
