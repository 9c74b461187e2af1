"""What drivers go together with: exact on cells, standardised for the work, and refused where nothing can be told."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest

import cpc_analysis as cpc
from cpc_analysis import models
from cpc_analysis.errors import CpcError
from cpc_analysis.models.drivers.regression import fit_times
from tests.centres import build, contacts, costs, dataset, shift
from tests.models.drivers.simulated import simulated, simulated_tables


@pytest.fixture(scope="module")
def data() -> cpc.Dataset:
    return simulated(seed=3)


def of(model: cpc.DriverModel, driver: str, level: str) -> pd.Series:
    frame = model.to_frame()
    return frame[(frame["driver"] == driver) & (frame["level"] == level)].iloc[0]


def single_contacts() -> pd.DataFrame:
    tables = simulated_tables(seed=3)
    frame = tables["contacts"].merge(tables["agents"], on="agent_id")
    return pd.DataFrame({
        "handle": frame["handle_seconds"].to_numpy(), "resolved": frame["resolved"].astype(float).to_numpy(),
        "hard": (frame["product"] == "hard").to_numpy(float), "south": (frame["team"] == "south").to_numpy(float),
        "month": frame["started_at"].str[:7].to_numpy(),
        "agent": pd.factorize(frame["agent_id"])[0],
    })  # fmt: skip


def single_fit(frame: pd.DataFrame, formula: str, poisson: bool) -> object:
    import pyfixest

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = pyfixest.fepois if poisson else pyfixest.feols
        settings = {"iwls_tol": 1e-12} if poisson else {}
        return fitted(formula, frame, vcov="iid", **settings)


def test_times_are_those_of_a_fit_on_the_single_contacts(data: cpc.Dataset):
    model = cpc.fit_drivers(data, ["product", "team"])
    single = single_fit(single_contacts(), "handle ~ hard + south | month", poisson=True).coef()
    # Both levels have nearly as many contacts, so which one is the reference is chance.
    for driver, level, name in (("product", "hard", "hard"), ("team", "south", "south")):
        row = of(model, driver, level)
        effect = np.log1p(row["effect_percent"] / 100)
        if row["level"] == row["reference"]:
            effect = -np.log1p(of(model, driver, "plain" if name == "hard" else "north")["effect_percent"] / 100)
        assert effect == pytest.approx(single[name], rel=1e-8)


def test_shares_and_their_intervals_are_those_of_leaving_out_agents_one_by_one(data: cpc.Dataset):
    row = of(cpc.fit_drivers(data, "product", outcome="resolved"), "product", "hard")
    frame = single_contacts()
    sign = 1.0
    if row["level"] == row["reference"]:
        row, sign = of(cpc.fit_drivers(data, "product", outcome="resolved"), "product", "plain"), -1.0
    whole = single_fit(frame, "resolved ~ hard | month", poisson=False).coef()["hard"]
    without = [
        single_fit(frame[frame["agent"] != agent], "resolved ~ hard | month", poisson=False).coef()["hard"]
        for agent in frame["agent"].unique()
    ]
    count = len(without)
    error = np.sqrt((count - 1) / count * sum((each - whole) ** 2 for each in without))
    from scipy.stats import t

    assert row["effect_percent"] == pytest.approx(sign * 100 * whole, rel=1e-8)
    assert (row["high"] - row["low"]) / 2 == pytest.approx(100 * error * t.ppf(0.975, count - 1), rel=1e-8)
    assert np.isnan(row["effect_seconds"]) and np.isnan(row["effect_money"])


def test_intervals_of_times_are_close_to_leaving_out_agents_one_by_one(data: cpc.Dataset):
    """Agents weigh a sixteenth each and shift an effect by hundredths, and one step errs by the square of a shift."""
    from scipy.stats import t

    frame, formula = single_contacts(), "handle ~ hard + south | month"
    whole = single_fit(frame, formula, poisson=True).coef()
    without = [single_fit(frame[frame["agent"] != agent], formula, poisson=True).coef() for agent in range(16)]
    errors = np.sqrt(15 / 16 * sum((each - whole) ** 2 for each in without))
    rows = cpc.fit_drivers(data, ["product", "team"]).to_frame()
    for driver, name in (("product", "hard"), ("team", "south")):
        row = rows[(rows["driver"] == driver) & (rows["level"] != rows["reference"])].iloc[0]
        half = (np.log1p(row["high"] / 100) - np.log1p(row["low"] / 100)) / 2
        assert half == pytest.approx(errors[name] * t.ppf(0.975, 15), rel=0.01)


def waits(unknown_team: bool = False) -> dict[str, pd.DataFrame]:
    """Twelve agents in two teams over twelve weeks, and as many callers who hung up after ten minutes."""
    random = np.random.default_rng(6)
    rows = [
        {"agent_id": f"a{number:02d}", "started_at": f"{day:%Y-%m-%d} 10:00", "handle_seconds": 60.0,
         "wait_seconds": round(40 * (1.5 if number % 2 else 1.0) * random.uniform(0.5, 1.5), 3)}
        for number in range(12) for day in pd.date_range("2025-01-06", periods=84)
    ]  # fmt: skip
    lost = [{**row, "agent_id": None, "outcome": "abandoned", "handle_seconds": None, "wait_seconds": 600.0}
            for row in rows[::4]]  # fmt: skip
    teams = ["south" if number % 2 else "north" for number in range(12)]
    agents = pd.DataFrame({"agent_id": [f"a{number:02d}" for number in range(12)], "team": teams})
    if unknown_team:
        agents.loc[0, "team"] = None
    return {"contacts": contacts([*rows, *lost]), "agents": agents}


def test_waits_by_what_agents_have_leave_out_the_contacts_that_nobody_answered():
    model = cpc.fit_drivers(build(waits()), "team", outcome="wait", within=[])
    assert set(model.to_frame()["level"]) == {"north", "south"}
    assert (model.contacts, model.left_out) == (1008, 252)
    assert "intervals over 12 weeks or 12 agents, whichever is wider, " in model.definition
    # Waits vary uniformly by half: three tenths of their mean; four errors between 504 and 504.
    ratio = 1 + of(model, "team", "south")["effect_percent"] / 100
    if of(model, "team", "south")["level"] == of(model, "team", "south")["reference"]:
        ratio = 1 / (1 + of(model, "team", "north")["effect_percent"] / 100)
    assert np.log(ratio) == pytest.approx(np.log(1.5), abs=4 * 0.3 * np.sqrt(2 / 504))
    by_week = cpc.fit_drivers(build(waits()), "outcome", outcome="wait", within=[])
    assert by_week.contacts == 1260 and "whichever" not in by_week.definition


def test_the_wider_of_two_clusterings_holds():
    random = np.random.default_rng(4)
    agent, week = (grid.ravel() for grid in np.meshgrid(np.arange(12), np.arange(15)))
    matrix, strata = (random.random((180, 2)) < 0.5).astype(float), np.zeros(180, dtype="int64")
    amount = random.gamma(2.0, 30.0, 180) * (1 + 0.5 * (agent % 3))
    fits = [fit_times(amount, np.ones(180), matrix, strata, each) for each in ([agent], [week], [agent, week])]
    one, other, both = (fit.half_widths(np.full(2, 0.95)) for fit in fits)
    assert both == pytest.approx(np.maximum(one, other))


def test_what_is_unknown_is_no_finding():
    tables = waits(unknown_team=True)
    tables["contacts"].loc[tables["contacts"]["agent_id"] == "a00", "handle_seconds"] = 900.0
    tables["agents"] = pd.concat([tables["agents"], pd.DataFrame({"agent_id": ["b0", "b1"], "team": [None, None]})])
    more = tables["contacts"][tables["contacts"]["agent_id"] == "a00"]
    tables["contacts"] = pd.concat([tables["contacts"], *(
        more.assign(agent_id=name, contact_id=more["contact_id"] + name) for name in ("b0", "b1")
    )])  # fmt: skip
    model = cpc.fit_drivers(build(tables), "team", within=[])
    assert of(model, "team", "(unknown)")["is_clear"] and of(model, "team", "(unknown)")["effect_percent"] > 1000
    assert model.finding("team") == "No clear difference in handle time by team" and "unknown" not in model.summary()


def test_strata_without_any_time_are_left_out_and_levels_without_any_are_refused():
    people = {f"a{number}": ("ab"[number % 2], [("sales", 100.0, 9), ("blank", 0.0, 3)]) for number in range(12)}
    model = cpc.fit_drivers(build(work(people)), "level", within=["reason"])
    assert (model.contacts, model.left_out) == (108, 36)
    assert "36 contacts in strata without any time are left out." in model.definition
    start = "A level of `level` needs some handle time to be compared; the "
    end = ". Leave them out with `where`, or give times that are missing as missing and not as zero."
    only = {f"c{number}": ("c", [("blank", 0.0, 3)]) for number in range(3)}
    refused(f"{start}9 contacts of 'c' have none{end}", build(work(people | only)), "level", within=["reason"])
    idle = {f"c{number}": ("c", [("sales", 0.0, 3)]) for number in range(3)}
    refused(f"{start}9 contacts of 'c' have none{end}", build(work(people | idle)), "level", within=["reason"])
    apart = {f"c{number}": ("c", [("sales", 0.0, 3), ("own", 50.0, 3)]) for number in range(3)}
    refused(f"{start}9 contacts of 'c' have none on work that others did too{end}", build(work(people | apart)),
            "level", within=["reason"])  # fmt: skip


def work(people: dict[str, tuple[str, list[tuple[str, float, int]]]]) -> dict[str, pd.DataFrame]:
    """Agents with a level, and contacts as (reason, handle time, number)."""
    rows = [
        {"agent_id": agent, "reason": reason, "handle_seconds": seconds, "started_at": f"2025-04-{day:02d} 10:00"}
        for agent, (_, loads) in people.items()
        for reason, seconds, number in loads
        for day in range(1, number + 1)
    ]
    agents = pd.DataFrame({"agent_id": list(people), "level": [level for level, _ in people.values()]})
    return {"contacts": contacts(rows), "costs": costs(("salaries", 9000)), "agents": agents}


def novices_and_experts() -> dict[str, pd.DataFrame]:
    """Easy work takes novices 100 seconds and hard work 300; experts take a fifth less, and get the hard work."""
    novices = {f"n{number}": ("novice", [("easy", 100.0, 18), ("hard", 300.0, 2)]) for number in range(6)}
    experts = {f"x{number}": ("expert", [("easy", 80.0, 2), ("hard", 240.0, 18)]) for number in range(6)}
    return work({**novices, **experts})


def test_experts_on_hard_work_are_a_fifth_faster_and_not_slower():
    tables = novices_and_experts()
    data, frame = build(tables), tables["contacts"]
    raw = frame.groupby(frame["agent_id"].str[0])["handle_seconds"].mean()
    assert raw["x"] == pytest.approx(224.0) and raw["n"] == pytest.approx(120.0)
    model = cpc.fit_drivers(data, "level", within=["reason"])
    row = of(model, "level", "novice")
    assert row["reference"] == "expert"
    assert 1 / (1 + row["effect_percent"] / 100) == pytest.approx(0.8)
    assert row["effect_seconds"] == pytest.approx(0.25 * 224)


def test_money_is_the_time_beyond_the_reference_at_its_cost():
    """All labour, 9,000, is on 12 agents' 20,640 seconds; the novices' 14,400 would be 11,520 at the experts' pace."""
    row = of(cpc.fit_drivers(build(novices_and_experts()), "level", within=["reason"]), "level", "novice")
    seconds = 6 * (18 * 100 + 2 * 300), 6 * (2 * 80 + 18 * 240)
    assert row["effect_money"] == pytest.approx(9000 * 0.2 * seconds[0] / sum(seconds))
    assert row[["cash", "released_capacity"]].tolist() == [0.0, row["effect_money"]]
    words = cpc.fit_drivers(build(novices_and_experts()), "level", within=["reason"]).summary()
    assert "Money is released capacity, paid time set free, not cash. This says what goes together" in words


def test_time_bought_by_the_piece_is_cash():
    """A third of the labour is an agency's: a third of what the novices' time is worth leaves the ledger."""
    tables = novices_and_experts()
    wages = tables["costs"].assign(amount=2 / 3 * tables["costs"]["amount"])
    agency = wages.assign(line_id=wages["line_id"] + " agency", account="5130", amount=wages["amount"] / 2)
    data = build({**tables, "costs": pd.concat([wages, agency])})
    data = data.replace(costing=cpc.Costing(piece_accounts=["5130"]))
    model = cpc.fit_drivers(data, "level", within=["reason"])
    row = of(model, "level", "novice")
    whole = 9000 * 0.2 * 14_400 / 41_280
    assert row[["effect_money", "cash", "released_capacity"]].tolist() == pytest.approx(
        [whole, whole / 3, whole * 2 / 3]
    )
    assert "of labour bought by the piece it is cash" in model.summary()
    assert list(models.drivers_table(model))[-3:] == ["cash [DKK]", "released capacity [DKK]", "clear of chance"]
    answer = models.answer_drivers(model, "level", "April 2025")
    assert answer.endswith(" was worth 419 DKK of released capacity and 209 DKK of cash.")


def test_levels_that_no_stratum_compares_have_references_of_their_own():
    people = {f"a{n}": (level, [("sales", 100.0 * (1.5 if level == "a" else 1.0), 9)])
              for n, level in enumerate(["a", "b"] * 6)}  # fmt: skip
    others = {f"b{n}": (level, [("help", 100.0 * (2.0 if level == "c" else 1.0), 9)])
              for n, level in enumerate(["c", "d"] * 6)}  # fmt: skip
    frame = cpc.fit_drivers(build(work({**people, **others})), "level", within=["reason"]).to_frame().set_index("level")
    assert set(frame["reference"]) == {frame.loc["a", "reference"], frame.loc["c", "reference"]}
    ratio = {level: 1 + frame.loc[level, "effect_percent"] / 100 for level in "abcd"}
    assert ratio["a"] / ratio["b"] == pytest.approx(1.5) and ratio["c"] / ratio["d"] == pytest.approx(2.0)


def test_a_new_agent_is_slower_and_the_curve_says_when():
    model = cpc.fit_drivers(simulated(seed=8, agents=60, contacts=80, spread=0.02), "tenure")
    curve = model.curve
    assert list(curve["from_month"]) == sorted(curve["from_month"]) and curve["from_month"].iloc[0] == 0
    first, longest = curve.iloc[0], curve.iloc[-1]
    assert first["low"] < 20.0 < first["high"]
    assert longest["effect_percent"] == 0 and longest["level"] == longest["reference"]
    with pytest.raises(CpcError, match="has a learning curve; fit it with tenure"):
        _ = cpc.fit_drivers(simulated(seed=8), "product").curve


def test_load_that_the_strata_decide_is_refused():
    days = [day for day in pd.date_range("2025-01-01", "2025-03-31") if day.weekday() < 5]
    shifts = pd.DataFrame([shift(f"agent {number:02d}", f"{day:%Y-%m-%d} 08:00", 4 + day.day % 3)
                           for day in days for number in range(16)])  # fmt: skip
    refused(
        "`load` never differs within a stratum of month, so its effect cannot be told from theirs. Take a finer "
        "`unit`, such as 'agent-week', or leave out of `within` what decides it.",
        build(simulated_tables(seed=5) | {"shifts": shifts}), "load", within=["month"],
    )  # fmt: skip


def test_the_sample_gives_its_product_factors_and_learning_curve(sample: cpc.Dataset):
    frame = cpc.fit_drivers(sample, ["product", "tenure"]).to_frame()
    errors = (frame["high"] - frame["low"]) / 2 / 1.98
    found = frame.assign(error=errors).set_index("level")
    fashion = 0.85
    for product, factor in {"home": 1.0, "furniture": 1.15, "electronics": 1.35}.items():
        assert (
            abs(found.loc[product, "effect_percent"] - 100 * (factor / fashion - 1)) < 2.5 * found.loc[product, "error"]
        )
    # The mean of 1 + 0.45 exp(-t / 4) over a range, against more than two years.
    for level, (start, end) in {"0 to 1 months": (0, 1), "1 to 3 months": (1, 3), "3 to 6 months": (3, 6)}.items():
        mean = 0.45 * 4 * (np.exp(-start / 4) - np.exp(-end / 4)) / (end - start)
        assert abs(found.loc[level, "effect_percent"] - 100 * mean) < 2.5 * found.loc[level, "error"]


def refused(words: str, data: cpc.Dataset, drivers: object, **settings: object) -> None:
    with pytest.raises(CpcError) as caught:
        cpc.fit_drivers(data, drivers, **settings)
    assert str(caught.value) == words


# fmt: off
REFUSED = [
    ([], {}, "`drivers` must name at least one, such as `tenure`, `product` or `team`; got none."),
    (["team", "team"], {}, "`drivers` names 'team' twice; name each driver once."),
    (["channel"], {}, "`channel` is the same for all 1,920 contacts ('voice'), so there is nothing to compare. Choose "
     "a driver that differs, or a wider `where`."),
    (["handle_seconds"], {}, "`handle_seconds` is the outcome, or a part of it, and cannot explain it. Leave it out "
     "of `drivers`."),
    (["resolved"], {"outcome": "resolved"}, "`resolved` is the outcome, or a part of it, and cannot explain it. Leave "
     "it out of `drivers`."),
    (["agent_id"], {}, "`agent_id` is no driver: single agents are compared with `compare_agents`, which allows for "
     "chance."),
    (["team"], {"within": ["team"]}, "`team` is a driver and in `within`: within one team it cannot differ. Leave it "
     "out of one."),
    (["team"], {"within": ["agent_id"]}, "`team` never differs within a stratum of agent_id, so its effect cannot be "
     "told from theirs. Leave out of `within` what decides it."),
    (["tenure"], {"within": ["agent_id", "month"]}, "Tenure cannot be told apart from agents and periods together: one "
     "agent's tenure grows by a month each month. Leave `agent_id` or the period out of `within`."),
    (["tenure", "month"], {"within": ["agent_id"]}, "Tenure cannot be told apart from agents and periods together: one "
     "agent's tenure grows by a month each month. Leave `agent_id` out of `within`, or the period out of `drivers`."),
    (["month"], {"within": ["agent_id", "tenure"]}, "Tenure cannot be told apart from agents and periods together: one "
     "agent's tenure grows by a month each month. Leave `agent_id` or `tenure` out of `within`."),
    (["started_at"], {}, "`started_at` holds a point in time and cannot be grouped by; group by a period (day, week, "
     "month, quarter, year) or a dimension."),
    (["handle_seconds"], {"outcome": "resolved"}, "`handle_seconds` holds seconds and cannot be grouped by; group by a "
     "period (day, week, month, quarter, year) or a dimension."),
    (["team"], {"within": ["concurrency"]}, "The driver `concurrency` needs `contacts.concurrency`; the contacts have "
     "none."),
    (["contact_id"], {}, "`contact_id` has 1,920 values, and a driver can have 100. Choose a coarser column."),
    (["load"], {}, "The driver `load` needs the table `shifts`; the dataset has none."),
    (["concurrency"], {}, "The driver `concurrency` needs `contacts.concurrency`; the contacts have none."),
    (["team"], {"outcome": "wait"}, "The outcome `wait` needs `contacts.wait_seconds`; the contacts have none."),
    (["team"], {"outcome": "csat"}, "The outcome `csat` needs the table `surveys`; the dataset has none."),
    (["team"], {"level": 95}, "`level` must lie between 0 and 1, such as 0.95, got 95."),
    (["product"], {"where": {"team": "north"}}, "Intervals are clustered by agent and need at least 10 of them, got 8. "
     "Choose a wider `where`."),
]
# fmt: on


@pytest.mark.parametrize(("drivers", "settings", "words"), REFUSED, ids=lambda value: str(value)[:30])
def test_refused(data: cpc.Dataset, drivers: list[str], settings: dict[str, object], words: str):
    refused(words, data, drivers, **settings)


@pytest.mark.parametrize(("drivers", "settings", "start"), [
    (["teem"], {}, "There is no driver 'teem'. Did you mean 'team'?"),
    (["team"], {"outcome": "resolve"}, "There is no outcome 'resolve'. Did you mean 'resolved'?"),
    (["team"], {"unit": "agent-year"}, "`unit` must be one of"),
    (["team"], {"within": ["reson"]}, "There is no column to group by 'reson'."),
])  # fmt: skip
def test_unknown_names(data: cpc.Dataset, drivers: list[str], settings: dict[str, object], start: str):
    with pytest.raises(CpcError) as caught:
        cpc.fit_drivers(data, drivers, **settings)
    assert str(caught.value).startswith(start)


def test_a_copy_of_another_driver_is_refused():
    tables = novices_and_experts()
    copied = build(tables | {"agents": tables["agents"].assign(grade=tables["agents"]["level"].str.upper())})
    refused(
        "`grade` and `level` cannot be told apart within reason: one follows from the other. Leave one of them out.",
        copied, ["level", "grade"], within=["reason"],
    )  # fmt: skip


def test_without_the_day_of_hiring_or_agents():
    data = build(novices_and_experts())
    refused("The driver `tenure` needs `agents.hired_on`; the agents have none.", data, "tenure")
    nobody = dataset(contacts([{"product": "a"}, {"product": "b"}]), costs(("salaries", 9.0)))
    refused("Intervals are clustered by agent and need `contacts.agent_id`; the contacts have none.", nobody, "product")
