"""Shipped mappings on small true samples of the systems' own formats."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import pytest

from cpc_analysis.engine import Engine
from cpc_analysis.sources.files import read_files
from cpc_analysis.sources.mapped import MappedTable, apply_mapping
from cpc_analysis.sources.mapping_files import find_mapping, mapping_from
from cpc_analysis.sources.project import overlaid

CHECKOUT = Path(__file__).parents[2]
SAMPLES = (
    Path(os.environ["CPC_REAL_DATA"]).parent if os.environ.get("CPC_REAL_DATA") else CHECKOUT.parent / "shared"
) / "vendor_samples"

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not SAMPLES.is_dir(), reason=f"no samples in {SAMPLES}"),
]


@pytest.fixture(autouse=True)
def _salt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CPC_SALT", "salt of the tests")


def mapped(name: str, file: str, folder: Path = SAMPLES, **over: object) -> tuple[MappedTable, pd.DataFrame]:
    """A sample under a shipped mapping, with settings as a project would state them."""
    engine = Engine.inside()
    stated = overlaid(find_mapping(name, folder), over)
    mapping = mapping_from(stated, name, stated["table"])
    source = read_files(engine, [SAMPLES / file], mapping.form, stated["table"])
    result = apply_mapping(engine, mapping, source, "UTC", folder)
    return result, engine.fetch(result.table.order_by("_row"))


def chart_of_accounts(folder: Path, key: str, codes: list[str]) -> dict[str, object]:
    """A join to a file that says of every account that it is a cost."""
    path = folder / "accounts.csv"
    path.write_text(f"{key},cost_type\n" + "".join(f"{code},other\n" for code in codes), encoding="utf-8")
    return {"files": str(path)}


def test_genesys_cloud() -> None:
    _, frame = mapped("genesys_cloud", "genesys_cloud/conversation1.json", format="json")
    row = frame.iloc[0]
    assert row[["channel", "direction", "outcome"]].tolist() == ["chat", "in", "answered"]
    assert row["agent_id"] == "50fcd33c-f432-4726-abc9-979f3ca01555"
    assert row["queue"] == "a623d83c-96d7-4baa-af1f-d46ad6700d8b"
    assert row[["handle_seconds", "talk_seconds", "hold_seconds", "wait_seconds"]].tolist() == [
        918.737, 374.561, 544.176, 11.179,
    ]  # fmt: skip
    assert row["started_at"] == pd.Timestamp("2021-04-01 12:27:53.386", tz="UTC")
    assert pd.isna(row["wrap_seconds"])


def test_nice_cxone() -> None:
    result, frame = mapped("nice_cxone", "nice_cxone/contacts_completed.json")
    assert result.set_aside.rows.empty
    assert frame["contact_id"].tolist() == ["2789879875", "2789879876"]
    columns = [
        "channel",
        "direction",
        "outcome",
        "handle_seconds",
        "talk_seconds",
        "wrap_seconds",
        "wait_seconds",
    ]
    assert frame.loc[0, columns].tolist() == ["voice", "in", "answered", 277 + 187, 277, 187, 13]
    assert frame["customer_id"].str.fullmatch("[0-9a-f]{16}").all()


def test_freshdesk() -> None:
    _, frame = mapped("freshdesk", "freshdesk/ticket_1.json")
    row = frame.iloc[0]
    assert row[["contact_id", "channel", "direction", "outcome"]].tolist() == [
        "fd:1",
        "web",
        "in",
        "answered",
    ]
    assert row["started_at"] == pd.Timestamp("2016-05-18 04:36:04", tz="UTC")
    assert (
        row["first_response_seconds"]
        == (pd.Timestamp("2020-06-17 20:23:43") - pd.Timestamp("2016-05-18 04:36:04")).total_seconds()
    )
    assert not row["resolved"]
    _, legs = mapped("freshdesk_time_entries", "freshdesk/time_entries.json")
    assert legs["handle_seconds"].tolist() == [900.0, 600.0, 900.0]
    assert legs["contact_id"].tolist() == ["fd:1", "fd:2", "fd:3"]


def test_zendesk_tickets() -> None:
    result, frame = mapped("zendesk_tickets_fivetran", "zendesk/ticket_data.csv")
    given = pd.read_csv(SAMPLES / "zendesk" / "ticket_data.csv", dtype=str)
    kept = given[given["status"] != "deleted"]
    assert frame["contact_id"].tolist() == ("zd:" + kept["id"]).tolist()
    assert sum(result.excluded.values()) == len(given) - len(kept) > 0
    assert set(frame["channel"]) <= {"email", "web", "chat", "voice", "other", "messaging", "social", "sms"}


def test_twilio() -> None:
    result, frame = mapped("twilio_fivetran", "twilio/twilio_call_data.csv")
    given = pd.read_csv(SAMPLES / "twilio" / "twilio_call_data.csv", dtype=str)
    assert len(frame) + len(result.set_aside.rows) + sum(result.excluded.values()) == len(given)
    bad = result.set_aside.rows[result.set_aside.rows["column"] == "started_at"]["value"]
    assert "2022-02-30 17:23:13.000000 UTC" in bad.tolist()  # a day that no calendar has
    assert frame.loc[frame["outcome"] != "answered", "handle_seconds"].isna().all()


def test_xero(tmp_path: Path) -> None:
    lines = pd.read_csv(SAMPLES / "ledger_xero" / "xero_journal_line_data.csv", dtype=str)
    joins = {
        "journals": {"files": str(SAMPLES / "ledger_xero" / "xero_journal_data.csv")},
        "accounts": chart_of_accounts(tmp_path, "account_id", lines["account_id"].unique().tolist()),
    }
    result, frame = mapped("xero_fivetran", "ledger_xero/xero_journal_line_data.csv", joins=joins)
    assert len(frame) == len(lines)
    assert result.set_aside.rows.empty
    amounts = frame["amount"].map(pd.to_numeric)
    assert amounts.sum() == pytest.approx(0, abs=1e-6)  # every journal nets to zero
    assert frame["posted_on"].notna().all()


def test_sap(tmp_path: Path) -> None:
    lines = pd.read_csv(SAMPLES / "ledger_sap" / "sap_bseg_data.csv", dtype=str)
    joins = {
        "headers": {"files": str(SAMPLES / "ledger_sap" / "sap_bkpf_data.csv")},
        "accounts": chart_of_accounts(tmp_path, "hkont", lines["hkont"].unique().tolist()),
    }
    _, frame = mapped("sap_fi", "ledger_sap/sap_bseg_data.csv", joins=joins)
    sign = lines["shkzg"].map({"h": -1, "s": 1})
    assert frame["amount"].astype(float).tolist() == (lines["dmbtr"].astype(float) * sign).tolist()
    assert frame["line_id"].iloc[0] == "3000-0100000795-2006-001"


def test_quickbooks(tmp_path: Path) -> None:
    lines = pd.read_csv(SAMPLES / "ledger_quickbooks" / "journal_entry_line_data.csv", dtype=str)
    joins = {
        "entries": {"files": str(SAMPLES / "ledger_quickbooks" / "journal_entry_data.csv")},
        "accounts": chart_of_accounts(tmp_path, "account_id", lines["account_id"].dropna().unique().tolist()),
    }
    result, frame = mapped("quickbooks_fivetran", "ledger_quickbooks/journal_entry_line_data.csv", joins=joins)
    assert len(frame) + sum(result.excluded.values()) == len(lines)
    posting = lines.set_index(lines["journal_entry_id"] + "-" + lines["index"])["posting_type"]
    signs = frame["amount"].astype(float).lt(0).set_axis(frame["line_id"])
    assert signs.equals(posting.reindex(signs.index).eq("Credit").rename("amount"))
