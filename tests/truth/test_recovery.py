"""What is planted in newly generated centres is found again without bias beyond two standard errors."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import cpc_analysis as cpc
from cpc_analysis.sources.sample_centre.truths import PRODUCTS, Truths
from tests.truth.planted import LAST, centre_of, in_last_month, tables_of

SEEDS = range(7000, 7016)
KEPT = 0.4  # of the last month's contacts about electronics

TRUTHS = Truths()


def _learning(start: float, end: float) -> float:
    """How much longer contacts take on average between two tenures in months [percent]."""
    months = TRUTHS.learning_months
    return 100 * TRUTHS.learning_size * months * (np.exp(-start / months) - np.exp(-end / months)) / (end - start)


def _mix() -> float:
    """What fewer contacts about electronics do to the average handle time [share of it]."""
    kept = {name: share * (KEPT if name == "electronics" else 1.0) for name, (share, _) in PRODUCTS.items()}
    after = sum(share * PRODUCTS[name][1] for name, share in kept.items()) / sum(kept.values())
    return after / sum(share * factor for share, factor in PRODUCTS.values()) - 1


EXPECTED = {
    "raise": TRUTHS.wage_raise,
    **{name: 100 * (PRODUCTS[name][1] / PRODUCTS["fashion"][1] - 1) for name in ("home", "furniture", "electronics")},
    "0 to 1 months": _learning(0, 1), "1 to 3 months": _learning(1, 3), "3 to 6 months": _learning(3, 6),
    "mix": _mix(),
}  # fmt: skip


def _estimates(seed: int) -> dict[str, float]:
    tables = tables_of(seed, wage_raise=TRUTHS.wage_raise)
    data = centre_of(tables)
    wages = cpc.wage_effect(data, since="2024-02", until="2024-03")
    hours = wages["paid_hours"] / wages["paid_hours"].sum()
    before = hours @ (wages["average_wage"] - wages["change"])
    rows = cpc.fit_drivers(data, ["product", "tenure"]).to_frame().set_index("level")["effect_percent"]
    contacts = tables["contacts"]
    goes = in_last_month(contacts, "started_at") & (contacts["product"] == "electronics").to_numpy()
    goes &= np.random.default_rng(seed).random(len(contacts)) >= KEPT
    fewer = contacts[~goes]
    surveys = tables["surveys"]
    thinned = centre_of(
        tables | {"contacts": fewer, "surveys": surveys[surveys["contact_id"].isin(fewer["contact_id"])]}
    )
    bridge = cpc.explain_change(thinned, "average_handle_time", before="previous", after=LAST, by=["product"])
    mix = bridge.totals.set_index("effect").loc["mix", "amount"] / bridge.before
    return {"raise": float(hours @ wages["general_raise"] / before), **rows.to_dict(), "mix": float(mix)}


@pytest.mark.slow
def test_what_is_planted_is_found_again():
    found = pd.DataFrame([_estimates(seed) for seed in SEEDS])[list(EXPECTED)]
    bias = found.mean() - pd.Series(EXPECTED)
    error = found.std() / np.sqrt(len(found))
    report = pd.DataFrame({"planted": pd.Series(EXPECTED), "found": found.mean(), "standard error": error})
    print("\n" + report.round(4).to_string())
    # Wages are paid in whole hundredths: the raise is exact to a ten-thousandth.
    rounding = pd.Series(0.0, index=report.index).mask(report.index == "raise", 1e-4)
    assert (bias.abs() <= 2 * error + rounding).all(), report.assign(bias=bias).to_string()
