"""Centres of one queue with known effects of team, product and tenure on handle time, and agents of different pace."""

from __future__ import annotations

import numpy as np
import pandas as pd

import cpc_analysis as cpc
from tests.centres import build

PRODUCTS = {"plain": 1.0, "hard": 1.3}
TEAMS = {"north": 1.0, "south": 1.1}
#: New people take a fifth longer in their first month.
NOVICE = 1.2


def simulated(seed: int, **settings: object) -> cpc.Dataset:
    """The dataset of `simulated_tables`."""
    return build(simulated_tables(seed, **settings))


def simulated_tables(
    seed: int, agents: int = 16, contacts: int = 40, months: int = 3, spread: float = 0.1
) -> dict[str, pd.DataFrame]:
    """The tables of a centre; `contacts` per agent and month, half of the agents in each team, a quarter hired late."""
    random = np.random.default_rng(seed)
    names = np.array([f"agent {number:02d}" for number in range(agents)])
    team = np.array(["north", "south"])[np.arange(agents) % 2]
    starts = pd.date_range("2025-01-01", periods=months, freq="MS")
    hired = np.where(np.arange(agents) % 4 < 3, "2020-01-01", "2024-12-20")
    pace = np.exp(random.normal(0, spread, agents) - spread**2 / 2)
    agent = np.repeat(np.arange(agents), contacts * months)
    month = np.tile(np.repeat(np.arange(months), contacts), agents)
    day = random.integers(1, 28, len(agent))
    started = starts[month] + pd.to_timedelta(day - 1, "D") + pd.to_timedelta(9 + 8 * random.random(len(agent)), "h")
    product = random.choice(list(PRODUCTS), len(agent))
    tenure = (started - pd.DatetimeIndex(pd.to_datetime(hired))[agent]).days / 30.4375
    mean = (
        300 * pace[agent] * pd.Series(product).map(PRODUCTS).to_numpy() * pd.Series(team[agent]).map(TEAMS).to_numpy()
        * np.where(tenure < 1, NOVICE, 1.0)
    )  # fmt: skip
    frame = pd.DataFrame(
        {
            "contact_id": [f"c{number}" for number in range(len(agent))],
            "started_at": started.strftime("%Y-%m-%d %H:%M:%S"),
            "channel": "voice", "direction": "in", "outcome": "answered",
            "product": product, "agent_id": names[agent],
            "handle_seconds": random.gamma(2.0, mean / 2.0).round(3),
            "resolved": random.random(len(agent)) < np.where(product == "hard", 0.6, 0.8),
        }
    )  # fmt: skip
    people = pd.DataFrame({"agent_id": names, "team": team, "hired_on": hired})
    ledger = pd.DataFrame(
        {"line_id": [str(start) for start in starts], "posted_on": (starts + pd.offsets.MonthEnd()).date,
         "account": "4000", "cost_type": "salaries", "amount": 10_000.0}
    )  # fmt: skip
    return {"contacts": frame, "costs": ledger, "agents": people}
