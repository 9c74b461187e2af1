"""A centre whose every figure follows from two numbers a month: contacts by channel, and cost by channel."""

import pandas as pd
import pytest

from cpc_analysis.dataset import Dataset, Settings
from cpc_analysis.models.selection import Selection
from cpc_analysis.periods import parse_period

MONTHS = [str(month) for month in pd.period_range("2023-04", "2025-06", freq="M")]
CONTACTS = {"voice": 60, "chat": 40}


def cost_per_contact(month: str, channel: str) -> float:
    """10 a call and 5 a chat in 2023, a tenth more each year after."""
    return {"voice": 10.0, "chat": 5.0}[channel] * (1 + (int(month[:4]) - 2023) / 10)


def contacts() -> pd.DataFrame:
    rows = [
        {
            "contact_id": f"{month}-{channel}",
            "started_at": f"{month}-01 09:00",
            "channel": channel,
            "direction": "in",
            "outcome": "answered",
            "site": "Aarhus",
            "handle_seconds": 100.0 * count,
            "contact_count": count,
            "covers": "month",
        }
        for month in MONTHS
        for channel, count in CONTACTS.items()
    ]
    return pd.DataFrame(rows)


def costs() -> pd.DataFrame:
    rows = [
        {
            "line_id": f"{month}-{channel}",
            "posted_on": f"{month}-28",
            "account": "4000",
            "cost_type": "salaries",
            "channel": channel,
            "amount": count * cost_per_contact(month, channel),
        }
        for month in MONTHS
        for channel, count in CONTACTS.items()
    ]
    return pd.DataFrame(rows)


def budget() -> pd.DataFrame:
    """Eight a contact in every month and channel, on two cost types; the contacts stand on both lines."""
    rows = [
        {
            "period": month,
            "cost_type": cost_type,
            "channel": channel,
            "amount": share * count,
            "contact_count": count,
            "average_handle_time": 90.0,
        }
        for month in MONTHS
        for channel, count in CONTACTS.items()
        for cost_type, share in (("salaries", 6.0), ("technology", 2.0))
    ]
    return pd.DataFrame(rows)


def centre(**tables: pd.DataFrame) -> Dataset:
    given = {"contacts": contacts(), "costs": costs(), "budget": budget(), **tables}
    return Dataset.from_frames(
        **given, currency="DKK", timezone="Europe/Copenhagen", settings=Settings(name="Test centre")
    )


@pytest.fixture(scope="session")
def data() -> Dataset:
    return centre()


@pytest.fixture
def june(data: Dataset) -> Selection:
    return Selection(data, parse_period("2025-06"), "month", {})
