"""Explaining: drivers beside the one scan that compresses their contacts, and a bridge beside sums over permutations.

Prints ratios; absolute times mean nothing on a shared machine. Each run is a process of its own.

    python benchmarks/explaining.py            10 million contacts
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import subprocess
import sys
import tempfile
import time
from pathlib import Path

MILLION = 1_000_000
MONTHS = 24
AGENTS = 200
FACTORS = 8
SEGMENTS = 1_000

GENERATE = """
copy (
    select 'c' || lpad(i::varchar, 9, '0') as contact_id,
        to_timestamp(1672527600 + (hash(i) % 63072000))::timestamptz as started_at,
        ['voice', 'voice', 'voice', 'chat'][1 + (hash(i * 3) % 4)::int] as channel,
        'in' as direction, 'answered' as outcome,
        'agent' || lpad((hash(i * 11) % {agents})::varchar, 3, '0') as agent_id,
        ['order', 'delivery', 'return', 'invoice'][1 + (hash(i * 17) % 4)::int] as reason,
        ['fashion', 'home', 'electronics'][1 + (hash(i * 19) % 3)::int] as product,
        round((20 + 400 * (hash(i * 13) % 1000) / 1000.0) * (1 + 0.2 * (hash(i * 19) % 3)::int)) as handle_seconds
    from range({stop}) as numbers(i)
) to '{path}' (format parquet, compression zstd)
"""


def run_drivers(path: str) -> dict:
    """The scan that compresses the contacts alone, then the fit on what it kept."""
    import ibis
    import pandas as pd
    import scipy.stats  # noqa: F401
    from pyfixest import feols, fepois  # noqa: F401

    import cpc_analysis as cpc
    from cpc_analysis.models.drivers.fitting import like_work, strata_of
    from cpc_analysis.models.drivers.outcomes import outcome_named

    months = pd.date_range("2023-01-01", periods=MONTHS, freq="MS")
    costs = pd.DataFrame(
        {"line_id": [str(month) for month in months], "posted_on": months, "account": "4000",
         "cost_type": "salaries", "amount": 1_000_000.0}
    )  # fmt: skip
    hired = pd.date_range("2021-01-01", periods=AGENTS, freq="5D")
    agents = pd.DataFrame({"agent_id": [f"agent{number:03d}" for number in range(AGENTS)], "hired_on": hired.date})
    data = cpc.Dataset.from_frames(
        contacts=ibis.duckdb.connect().read_parquet(path, table_name="contacts"), costs=costs, agents=agents,
        currency="DKK", timezone="Europe/Copenhagen",
    )  # fmt: skip
    for table in data.tables:
        data.prepared(table)
    drivers = ("product", "tenure")
    start = time.perf_counter()
    cells, _ = like_work(data, outcome_named(data, "average_handle_time"), drivers, strata_of(data, drivers, None), {})
    scanned = time.perf_counter()
    frame = cpc.fit_drivers(data, drivers).to_frame().set_index("level")
    fitted = time.perf_counter()
    return {
        "scan": scanned - start, "fit": fitted - scanned, "cells": len(cells),
        "electronics": float(frame.loc["electronics", "effect_percent"] - frame.loc["fashion", "effect_percent"]),
    }  # fmt: skip


def run_bridge(path: str) -> dict:
    """Effects of factors on a sum of products over segments: vectorised, and as averages over all orders."""
    import numpy as np

    from cpc_analysis.metrics.decomposition import shapley

    random = np.random.default_rng(20)
    before, after = (random.gamma(2.0, 1.0, (FACTORS, SEGMENTS)) for _ in range(2))

    def product(factors: np.ndarray) -> np.ndarray:
        return np.prod(factors, axis=0)

    def by_orders(few: int) -> np.ndarray:
        effects = np.zeros((few, SEGMENTS))
        for order in itertools.permutations(range(few)):
            now = before[:few].copy()
            level = product(now)
            for factor in order:
                now[factor] = after[factor]
                effects[factor] += (moved := product(now)) - level
                level = moved
        return effects / math.factorial(few)

    start = time.perf_counter()
    effects = shapley(product, before, after)
    exact = time.perf_counter()
    few = FACTORS - 2
    brute = by_orders(few)
    ordered = time.perf_counter()
    assert np.allclose(shapley(product, before[:few], after[:few]), brute)
    assert np.allclose(effects.sum(axis=0), product(after) - product(before))
    # Eight factors have 56 times the orders of six, and each takes a third more steps.
    return {"exact": exact - start, "orders": (ordered - exact) * 56 * FACTORS / few}


RUNNERS = {"drivers": run_drivers, "bridge": run_bridge}


def in_process(name: str, path: Path) -> dict:
    command = [sys.executable, __file__, "--run", name, "--path", str(path)]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(answer.stdout.splitlines()[-1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", choices=RUNNERS)
    parser.add_argument("--path")
    parser.add_argument("--millions", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    if options.run:
        print(json.dumps(RUNNERS[options.run](options.path)))
        return
    with tempfile.TemporaryDirectory() as folder:
        import duckdb

        path = Path(folder) / "contacts.parquet"
        duckdb.sql(GENERATE.format(agents=AGENTS, stop=options.millions * MILLION, path=path))
        rounds = [in_process("drivers", path) for _ in range(options.rounds)]
        best = {key: min(each[key] for each in rounds) for key in rounds[0]}
        print(f"drivers on {options.millions} million contacts, {best['cells']:,} cells: scan {best['scan']:.2f} s, "
              f"fit {best['fit']:.2f} s; together {(best['scan'] + best['fit']) / best['scan']:.2f} x the scan "
              "(goal 1.5)")  # fmt: skip
        rounds = [in_process("bridge", path) for _ in range(options.rounds)]
        best = {key: min(each[key] for each in rounds) for key in rounds[0]}
        print(f"bridge of {FACTORS} factors over {SEGMENTS:,} segments: {best['exact']:.3f} s (goal 1); the average "
              f"over all orders takes {best['orders'] / best['exact']:,.0f} x that")  # fmt: skip


if __name__ == "__main__":
    main()
