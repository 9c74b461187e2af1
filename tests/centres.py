"""Small centres for tests: frames with sensible defaults, and random centres for property tests."""

from __future__ import annotations

from decimal import Decimal

import hypothesis.strategies as st
import pandas as pd

import cpc_analysis as cpc
from cpc_analysis.schema import CHANNELS, COST_TYPES, DIRECTIONS, OUTCOMES

ZONE = "Europe/Copenhagen"


def contacts(rows: list[dict], **defaults: object) -> pd.DataFrame:
    """Contacts of April 2025, answered inbound calls of a minute unless a row says otherwise."""
    usual = {"channel": "voice", "direction": "in", "outcome": "answered", "handle_seconds": 60.0} | defaults
    made = []
    for number, row in enumerate(rows):
        contact = {"contact_id": f"c{number}", "started_at": f"2025-04-{1 + number % 30:02d} 10:00"} | usual | row
        if contact["outcome"] != "answered" and "handle_seconds" not in row:
            contact["handle_seconds"] = None
        made.append(contact)
    frame = pd.DataFrame(made)
    frame["handle_seconds"] = frame["handle_seconds"].astype("float64")
    return frame


def costs(*lines: tuple[str, float], month: str = "2025-04", **columns: object) -> pd.DataFrame:
    """Lines of (cost type, amount), posted on the last day of a month."""
    posted = pd.Period(month).end_time.date()
    return pd.DataFrame(
        [
            {"line_id": f"{month}-{number}", "posted_on": posted, "account": f"4{number:03d}", "cost_type": cost_type,
             "amount": amount} | columns
            for number, (cost_type, amount) in enumerate(lines)
        ]
    )  # fmt: skip


def shift(agent: str, start: str, hours: float, activity: str = "available") -> dict:
    """A paid shift in local time; productive when it is available time."""
    begin = pd.Timestamp(start, tz=ZONE)
    return {
        "agent_id": agent,
        "starts_at": begin,
        "ends_at": begin + pd.Timedelta(hours=hours),
        "activity": activity,
        "is_paid": True,
        "is_productive": activity == "available",
    }


def dataset(contact_frame: pd.DataFrame, cost_frame: pd.DataFrame | None = None, **further: object) -> cpc.Dataset:
    """A dataset in DKK and Copenhagen, unless it says otherwise."""
    return cpc.Dataset.from_frames(
        contacts=contact_frame, costs=cost_frame, **({"currency": "DKK", "timezone": ZONE} | further)
    )


AGENTS = ["ann", "bob", "cid", None]
AMOUNTS = st.decimals(min_value=-90_000, max_value=90_000, places=2, allow_nan=False).filter(bool)


@st.composite
def centres(draw: st.DrawFn) -> dict[str, pd.DataFrame]:
    """The tables of any centre of three months: every channel, direction and outcome, scopes, shifts, other work."""
    row = st.fixed_dictionaries(
        {
            "started_at": st.datetimes(pd.Timestamp("2025-01-01"), pd.Timestamp("2025-03-31 23:59")).map(pd.Timestamp),
            "channel": st.sampled_from(CHANNELS[:4]),
            "direction": st.sampled_from(DIRECTIONS),
            "outcome": st.sampled_from(OUTCOMES),
            "agent_id": st.sampled_from(AGENTS),
            "site": st.sampled_from(["A", "B", None]),
            "handle": st.one_of(st.none(), st.integers(0, 4000)),
            "concurrency": st.sampled_from([None, 1.0, 2.0, 3.0]),
        }
    )
    frame = pd.DataFrame(draw(st.lists(row, min_size=1, max_size=25)))
    frame.insert(0, "contact_id", [f"c{number}" for number in range(len(frame))])
    without = frame["outcome"] == "abandoned"
    frame["handle_seconds"] = frame.pop("handle").astype("float64").where(~without)
    frame["concurrency"] = frame["concurrency"].astype("float64")
    line = st.fixed_dictionaries(
        {
            "period": st.sampled_from(["2025-01", "2025-02", "2025-03"]),
            "cost_type": st.sampled_from(COST_TYPES),
            "amount": AMOUNTS,
            "channel": st.sampled_from([None, None, "voice", "chat", "social"]),
            "site": st.sampled_from([None, None, "A"]),
        }
    )
    ledger = pd.DataFrame(draw(st.lists(line, min_size=1, max_size=10)))
    ledger["line_id"] = [f"l{number}" for number in range(len(ledger))]
    ledger["posted_on"] = ledger["period"] + "-28"
    ledger["account"] = "4000"
    tables: dict[str, pd.DataFrame] = {}
    if draw(st.booleans()):
        tables["agents"] = pd.DataFrame(
            {
                "agent_id": ["ann", "ann", "bob"],
                "valid_from": ["2025-01-01", "2025-02-10", None],
                "valid_to": ["2025-02-09", None, None],
                "staffing_group": ["g", "h", "g"],
                "site": ["A", "B", "A"],
                "hourly_wage": [150.0, 180.0, draw(st.sampled_from([None, 170.0]))],
            }
        )
    if draw(st.booleans()):
        days = draw(st.lists(st.tuples(st.sampled_from(AGENTS[:3]), st.integers(1, 89)), max_size=12, unique=True))
        if days:
            tables["shifts"] = pd.DataFrame(
                [shift(agent, str(pd.Timestamp("2025-01-01") + pd.Timedelta(days=day)), 4) for agent, day in days]
            )
    if draw(st.booleans()):
        tables["hours"] = pd.DataFrame(
            {"period": ["2025-01"], "staffing_group": ["g"], "activity": ["back_office"], "hours": [3.5]}
        )
    return {"contacts": frame, "costs": ledger, **tables}


def build(tables: dict[str, pd.DataFrame]) -> cpc.Dataset:
    """The dataset of generated tables."""
    return cpc.Dataset.from_frames(**tables, currency="DKK", timezone=ZONE)


def ledger_of(tables: dict[str, pd.DataFrame]) -> Decimal:
    """The whole ledger as it was given."""
    return sum((Decimal(str(amount)) for amount in tables["costs"]["amount"]), Decimal(0))
