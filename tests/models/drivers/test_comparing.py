"""Agents side by side: standardised for their work, shrunk toward the whole, judged by a funnel."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import cpc_analysis as cpc
from cpc_analysis.errors import CpcError
from cpc_analysis.models.drivers.comparing import FUNNEL_VERDICTS, _months, _spread
from tests.centres import build, contacts
from tests.models.drivers.simulated import simulated, simulated_tables
from tests.models.drivers.test_fitting import novices_and_experts


def test_expected_is_what_the_same_work_takes_the_others():
    tables = novices_and_experts()
    frame = cpc.compare_agents(build(tables), within=["reason"]).set_index("agent_id")
    # The other five novices and the six experts.
    easy = (5 * 18 * 100 + 6 * 2 * 80) / (5 * 18 + 6 * 2)
    hard = (5 * 2 * 300 + 6 * 18 * 240) / (5 * 2 + 6 * 18)
    assert set(frame["verdict"]) == {"too few contacts"} and frame["ratio"].isna().all()
    months = [
        tables["contacts"].assign(
            contact_id=tables["contacts"]["contact_id"] + f"-{place}", started_at=f"2025-{month}-10"
        )
        for place, month in enumerate(("03", "03", "04", "04", "05", "05"))
    ]
    more = build(tables | {"contacts": pd.concat(months)})
    frame = cpc.compare_agents(more, within=["reason"]).set_index("agent_id")
    assert frame.loc["n0", "expected"] == pytest.approx((18 * easy + 2 * hard) / 20)
    assert frame.loc["x0", "observed"] == pytest.approx(224.0)
    alone = cpc.compare_agents(build(tables | {"contacts": pd.concat(months[:2])}), within=["reason"])
    assert set(alone["verdict"]) == {"too little history"} and alone["ratio"].notna().all()
    assert alone[["shrunk", "low", "highest"]].isna().all(axis=None)


def test_chance_is_shrunk_away_and_real_differences_stay():
    alike = cpc.compare_agents(simulated(seed=11, agents=40, spread=0.0, months=6), within=["product", "month", "team"])
    apart = cpc.compare_agents(simulated(seed=11, agents=40, spread=0.3, months=6), within=["product", "month", "team"])
    assert alike["shrunk"].std() < 0.5 * alike["ratio"].std()
    assert apart["shrunk"].std() > 0.9 * apart["ratio"].std()
    between = (apart["shrunk"] - apart["ratio"]).abs()
    mean = apart["ratio"].mean()
    toward = (apart["shrunk"] - mean).abs() <= (apart["ratio"] - mean).abs() + 1e-3
    assert toward.all() and between.gt(0).all()
    assert list(apart["agent_id"]) == sorted(apart["agent_id"])


def test_a_funnel_cries_out_for_the_one_who_is_unlike_and_not_for_ordinary_differences():
    tables = simulated_tables(seed=12, agents=40, spread=0.05, months=6)
    slow = tables["contacts"]["agent_id"] == "agent 07"
    tables["contacts"]["handle_seconds"] *= np.where(slow, 1.6, 1.0)
    found = cpc.compare_agents(build(tables), within=["product", "month", "team"]).set_index("agent_id")
    assert list(found.index[found["verdict"] == "above the usual"]) == ["agent 07"]
    assert not (found["verdict"] == "below the usual").any()


def sites(*reasons: tuple[str, tuple[str, ...]]) -> cpc.Dataset:
    """Ten agents in each site over three months, on the reasons of the site; site b takes half as long again."""
    rows = [
        {"agent_id": f"{site}{number}", "reason": reason, "started_at": f"2025-{month:02d}-{day:02d} 10:00",
         "handle_seconds": (150.0 if site == "b" else 100.0) + (7 * day + number) % 5}
        for site, names in reasons for reason in names for number in range(10) for month in (3, 4, 5)
        for day in range(1, 6)
    ]  # fmt: skip
    names = sorted({row["agent_id"] for row in rows})
    return build(
        {"contacts": contacts(rows), "agents": pd.DataFrame({"agent_id": names, "site": [n[0] for n in names]})}
    )


def test_groups_that_do_nothing_alike_are_not_compared():
    with pytest.raises(CpcError) as caught:
        cpc.compare_agents(sites(("a", ("sales",)), ("b", ("help",))), by="site", within=["reason"])
    assert str(caught.value) == (
        "`site` never differs within a stratum of reason, so its effect cannot be told from theirs. Leave out of "
        "`within` what decides it."
    )
    three = sites(("a", ("sales", "own")), ("b", ("sales",)), ("c", ("help",)))
    frame = cpc.compare_agents(three, by="site", within=["reason"]).set_index("site")
    assert frame.loc["c", "verdict"] == "nothing to compare with" and frame.loc["c", "contacts"] == 0
    assert frame.loc["c", ["observed", "ratio", "shrunk", "low", "highest"]].isna().all()
    assert list(frame["contacts"]) == [150, 150, 0]


def test_nobody_is_compared_with_oneself():
    """Of two, one takes half as long again: the ratio is 1.5, where a mean with oneself in it said 1.2."""
    frame = cpc.compare_agents(sites(("a", ("sales",)), ("b", ("sales",))), by="site", within=["reason"])
    frame = frame.set_index("site")
    # Beside the 100 and 150 seconds each contact has two on average.
    assert frame.loc["b", "ratio"] == pytest.approx(152 / 102) == 1 / frame.loc["a", "ratio"]
    assert set(frame["verdict"]) <= set(FUNNEL_VERDICTS)


def test_chance_of_the_others_widens_the_funnel():
    """One group beside one other, both of the same spread: twice the variance of a group beside very many."""
    random = np.random.default_rng(9)
    ratios, errors = [], []
    for _ in range(200):
        cells = pd.DataFrame({
            "team": np.repeat(["a", "b"], 12), "month": np.tile(np.arange(12), 2), "contacts": 40.0,
            "amount": random.gamma(40.0, 100.0, 24),
        })  # fmt: skip
        months = _months(cells, "team", cells["month"].to_numpy())
        frame = months.groupby(level="team").sum()
        ratio = frame["amount"] / frame["expected"]
        ratios.append(ratio["a"])
        errors.append((_spread(months, ratio, "team") * frame["noise"] / frame["expected"] ** 2)["a"])
    # 200 draws tell a variance to a tenth; four of these.
    assert np.mean(errors) == pytest.approx(np.var(ratios), rel=0.4)
    assert np.mean(errors) == pytest.approx(2 / (12 * 40), rel=0.1)


def test_unknown_columns_are_named():
    with pytest.raises(CpcError) as caught:
        cpc.compare_agents(simulated(seed=1), by="teem")
    assert str(caught.value).startswith("There is no column of agents 'teem'. Did you mean 'team'?")
