"""How often a bridge cries out where nothing happened, and how large a change it finds."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from benchmarks.verdicts import BRIDGES, HISTORIES, NOISES, SHIFTED, cries, family_maximum
from tests.truth.planted import centre_of, cries_out, in_last_month, tables_of

NULL_SEEDS = range(5000, 5060)
POWER_SEEDS = range(6000, 6012)
#: What is planted in the last month: spending more, as a share of the month's ledger, and handle time longer.
SPENDING = (0.005, 0.01, 0.02, 0.04, 0.08)
HANDLE_TIME = (0.10, 0.20, 0.30, 0.40, 0.50)


@pytest.fixture(scope="module")
def alarms():
    """The centres without a planted change whose bridge cries out, by what the last month is compared with."""
    found = {"previous": [], "last_year": []}
    for seed in NULL_SEEDS:
        data = centre_of(tables_of(seed))
        for before, seeds in found.items():
            seeds += [seed] if cries_out(data, before) else []
    return found


@pytest.mark.slow
@pytest.mark.parametrize("before", ["previous", "last_year"])
def test_at_most_five_percent_of_bridges_cry_out_where_nothing_happened(alarms, before):
    most = binom.ppf(0.995, len(NULL_SEEDS), 0.05)
    print(f"\nagainst {before}: {len(alarms[before])} of {len(NULL_SEEDS)} bridges cry out (at most {most:.0f})")
    assert len(alarms[before]) <= most


@pytest.mark.slow
@pytest.mark.parametrize("periods", HISTORIES)
@pytest.mark.parametrize("noise", NOISES)
def test_at_most_eight_percent_of_bridges_cry_out_whatever_the_noise(noise, periods):
    """The chance aimed at is 5 percent; with so many lines that differ in their tails it is somewhat more."""
    alarms = cries(family_maximum, noise, periods).any(axis=1).sum()
    assert alarms <= 0.08 * BRIDGES


@pytest.mark.slow
@pytest.mark.parametrize("periods", HISTORIES)
@pytest.mark.parametrize(("noise", "floor"), [("normal", 0.55), ("Student t3", 0.35), ("lognormal 0.8", 0.18)])
def test_shifts_of_six_standard_deviations_are_found(noise, floor, periods):
    assert cries(family_maximum, noise, periods, shift=6.0)[:, SHIFTED].mean() >= floor


def _with_spending(tables, share):
    costs = tables["costs"]
    last = in_last_month(costs, "posted_on")
    licences = last & (costs["cost_type"] == "licences").to_numpy()
    more = share * costs.loc[last, "amount"].astype(float).sum()
    amount = costs["amount"].astype(float).to_numpy().copy()
    amount[np.flatnonzero(licences)[0]] += round(more, 2)
    return tables | {"costs": costs.assign(amount=amount)}


def _with_handle_time(tables, share):
    contacts = tables["contacts"]
    last = in_last_month(contacts, "started_at")
    longer = contacts["handle_seconds"] * np.where(last, 1 + share, 1.0)
    return tables | {"contacts": contacts.assign(handle_seconds=longer)}


@pytest.mark.slow
@pytest.mark.parametrize(("plant", "sizes", "effect"), [
    (_with_spending, SPENDING, "licences_spending"), (_with_handle_time, HANDLE_TIME, "handle_time"),
], ids=["spending", "handle time"])  # fmt: skip
def test_power_is_reported(plant, sizes, effect):
    """How large a change is found in four of five centres, by what is planted."""
    found = np.zeros(len(sizes))
    for seed in POWER_SEEDS:
        tables = tables_of(seed)
        found += [effect in cries_out(centre_of(plant(tables, size))) for size in sizes]
    shares = found / len(POWER_SEEDS)
    enough = [size for size, share in zip(sizes, shares, strict=True) if share >= 0.8]
    print(
        f"\n{effect}: "
        + ", ".join(f"{size:.1%} found in {share:.0%}" for size, share in zip(sizes, shares, strict=True))
    )
    print(f"{effect}: found in four of five from {f'{enough[0]:.1%}' if enough else 'more than the largest'}")
    assert shares[-1] >= 0.8
    assert shares[-1] >= shares[0]
