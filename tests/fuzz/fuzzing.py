"""Try inputs at random: only answers and sentences of ours may come back, soon, and no row may get lost.

    python -m tests.fuzz.fuzzing --seed 1 --share 1.0

tries over 20,000 and prints how many of each kind, and every one that went wrong with the seed that makes it again.
"""

from __future__ import annotations

import argparse
import tempfile
import time
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path
from random import Random

import pandas as pd

import cpc_analysis as cpc
from cpc_analysis.engine import Engine
from cpc_analysis.sources.files import read_files
from cpc_analysis.sources.mapped import apply_mapping
from cpc_analysis.sources.mapping_files import mapping_from
from tests.fuzz.inputs import a_condition, a_csv, a_frame, a_mapping, a_project

__all__ = ["HOW_MANY", "wrong"]

#: So many seconds of the processor may an input take: far more than any does, on a busy machine as well.
_LONGEST = 10.0
#: How many of each kind a whole run tries.
HOW_MANY = {"conditions": 14_000, "mappings": 2_500, "projects": 2_500, "frames": 700, "files": 700}

_CENTRE: list[cpc.Dataset] = []


def _centre() -> cpc.Dataset:
    """A centre of two months that conditions are asked of."""
    if not _CENTRE:
        rows = pd.DataFrame({
            "contact_id": [f"c{number}" for number in range(60)], "channel": ["voice", "chat", "email"] * 20,
            "started_at": pd.date_range("2025-03-31", periods=60, freq="17h").astype("str"), "direction": "in",
            "outcome": "answered", "handle_seconds": 60, "agent_id": [f"a{number % 4}" for number in range(60)],
            "resolved": [True, False, None] * 20, "transfers": [0, 1] * 30, "Region": ["n", "s"] * 30,
        })  # fmt: skip
        _CENTRE.append(cpc.Dataset.from_frames(contacts=rows))
    return _CENTRE[0]


def _conditions(random: Random, folder: Path) -> None:
    data = _centre()
    where, by = a_condition(random, list(data.tables["contacts"].columns))  # type: ignore[attr-defined]
    cpc.measure(data, "contacts", by=by, where=where)


def _mappings(random: Random, folder: Path) -> None:
    given, content = a_mapping(random)
    mapping = mapping_from(given, "odd.toml", "contacts")
    (folder / "c.csv").write_bytes(content)
    engine = Engine.inside()
    source = read_files(engine, [folder / "c.csv"], mapping.form, "contacts")
    result = apply_mapping(engine, mapping, source, "Europe/Copenhagen", folder)
    accepted = int(engine.connection.execute(result.table.count()))
    _same(sum(source.read.values()), accepted + len(result.set_aside) + sum(result.excluded.values()))


def _projects(random: Random, folder: Path) -> None:
    (folder / "c.csv").write_text("contact_id,started_at,channel,direction,outcome\n1,2025-04-01,voice,in,answered\n")
    (folder / "cpc.toml").write_text(a_project(random), encoding="utf-8")
    cpc.open_project(folder)


def _frames(random: Random, folder: Path) -> None:
    further = random.choice(["", "costs", "agents", "shifts", "surveys", "hours", "budget", "legs", "bases"])
    tables = {further: a_frame(random, further)} if further else {}
    contacts = a_frame(random)
    data = cpc.Dataset.from_frames(contacts=contacts, **tables)
    _checked(data)
    _same(len(contacts), data.check().read["contacts"])


def _files(random: Random, folder: Path) -> None:
    (folder / "c.csv").write_bytes(a_csv(random))
    (folder / "cpc.toml").write_text(
        '[project]\ncurrency = "DKK"\ntimezone = "America/New_York"\n[tables.contacts]\nfiles = "c.csv"\n'
    )
    _checked(cpc.open_project(folder))


def _checked(data: cpc.Dataset) -> None:
    report = data.check()
    str(report)
    for table, read in report.read.items():
        _same(read, report.accepted[table] + report.set_aside[table] + report.excluded[table])
    cpc.measure(data, "contacts", by=["month", "channel"])


def _same(read: int, found: int) -> None:
    if read != found:
        raise AssertionError(f"{read} rows were read, and {found} accepted, set aside or excluded")


_TRIES: dict[str, Callable[[Random, Path], None]] = {
    "conditions": _conditions, "mappings": _mappings, "projects": _projects, "frames": _frames, "files": _files,
}  # fmt: skip


def wrong(kind: str, seed: int) -> str:
    """What went wrong with one input, empty where nothing did.

    Parameters
    ----------
    kind : str
        One of `HOW_MANY`.
    seed : int
        Makes the input.
    """
    random = Random(f"{kind} {seed}")
    began = time.process_time()
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            _TRIES[kind](random, Path(folder))
        except cpc.CpcError as error:
            said = str(error)
            if not said.strip() or "not foreseen" in said:
                return f"it says: {said!r}"
        except Exception:
            return traceback.format_exc(limit=-4)
    took = time.process_time() - began
    return f"it took {took:.1f} s of the processor" if took > _LONGEST else ""


def main() -> None:
    """Try as many as are asked for, and say what went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--share", type=float, default=1.0, help="of the whole run")
    parser.add_argument("--kind", choices=list(HOW_MANY), default=None)
    asked = parser.parse_args()
    failed = 0
    for kind in [asked.kind] if asked.kind else HOW_MANY:
        count = max(int(HOW_MANY[kind] * asked.share), 1)
        seeds = range(asked.seed * 1_000_000, asked.seed * 1_000_000 + count)
        found = {seed: said for seed in seeds if (said := wrong(kind, seed))}
        failed += len(found)
        print(f"{kind}: {count:,} tried, {len(found)} wrong", flush=True)
        for seed, said in list(found.items())[:20]:
            print(f"--- {kind} {seed}\n{said}", flush=True)
    raise SystemExit(1 if failed else 0)


if __name__ == "__main__":
    main()
