"""What shows a person is found in any text and masked; pseudonyms, their salt, and secrets in addresses."""

from __future__ import annotations

import stat
from pathlib import Path

import hypothesis.strategies as st
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given

import cpc_analysis as cpc
from cpc_analysis.dataset import Settings
from cpc_analysis.disclosure import safe_to_show, without_secrets
from cpc_analysis.errors import CpcError, InvalidInputError, MissingFileError, UnknownNameError
from cpc_analysis.identifiers import is_identifier, mask_identifiers
from cpc_analysis.sources.project import open_project
from cpc_analysis.tables import masking
from cpc_analysis.tables.people import names_code, names_person
from cpc_analysis.tables.pseudonyms import project_salt, pseudonym
from tests.centres import ZONE, contacts, costs, dataset

PEOPLE = [
    "ida@example.com", "Ida Hansen <ida@example.com>", '"Hansen, Ida" <ida@example.com>',
    "ida@example.com (Ida Hansen)", "ida%40example.com", "ida%2540example.com", "ida&#64;example.com",
    "ida @ example . com", "ida (at) example.com", "ida＠example.com", "ida@exämple.dk", "i\u200bda@example.com",
    "mailto:ida.b-o@mail.example.co.uk,", "+45 12 34 56 78", "+4512345678", "0045 12345678", "004512345678",
    "+45 (0) 12 34 56 78", "%2B45%2012345678", "(555) 555-5555", "555-555-5555", "12 34 56 78",
    "12\u00a034\u00a056\u00a078", "12.34.56.78", "12345678", "22345678.", "1 2 3 4 5 6 7 8", "2234 5678",
    "15555555555", "tel:+1 (555) 010-9999", "tlf12345678", "Tlf.: 12345678", "010190-1234", "010190 1234",
    "010190–1234", "0101901234", "01-01-90-1234", "290296-1234", "900101-1239", "4111111111111111",
    "4111 1111 1111 1111", "4111-1111-1111-1111", "378282246310005", "3782 822463 10005", "DK5000400440116243",
    "DK50 0040 0440 1162 43", "GB29 NWBK 6016 1331 9268 19", "dk5000400440116243",
]  # fmt: skip
NOBODY = [
    "2025-13-45", "31-02-2025", "2025-02-30 09:61:00", "20251345", "990101", "12:61:00", "vocie", "1.234.567,89",
    "-1234567.89", "31.12.24", "calls.csv:17", "Ørsted; 100 %", "", "0000483000", "0048300012", "order 10023456",
    "Ordrenr. 10023456", "sag: 20412345", "5701234567899", "2025-W14", "550e8400-e29b-41d4-a716-446655440000",
    "1.2.3.4", "V2.10.4 build 20250401", "8000 Aarhus", "DK-8000", "2025-04-01T10:00:00.123456+02:00",
    "20250401101522", "ORD-12345678", "SO-2025-000123", "A12345678", "1 234 567,89", "12 345 678 DKK", "12.345.678",
    "DKK 12.345.678,00", "12345678,90", "310290-1234", "50 %25 off", "#12345678",
]  # fmt: skip


@pytest.mark.parametrize("text", PEOPLE)
def test_what_shows_a_person_is_masked_wherever_it_stands(text: str) -> None:
    for around in ("{}", "x {} y", "Spurgt om pris ({}), lovet svar."):
        masked = mask_identifiers(around.format(text))
        assert "[e-mail]" in masked or "[number]" in masked, masked
        assert not any(part in masked for part in ("ida", "Ida", "@", "%40", "example", "1234", "5678", "1111", "0440"))


@pytest.mark.parametrize("text", NOBODY)
def test_what_is_of_no_person_stays(text: str) -> None:
    assert mask_identifiers(text) == text
    assert mask_identifiers(text, doubt=False) == text


@pytest.mark.parametrize(
    "code",
    ["12345678", "0101901234", "10023456789", "4111111111111111", "2025-0001-0002", "100-200-3000", "12-34-56-78"],
)
def test_codes_are_searched_for_what_is_sure_only(code: str) -> None:
    assert mask_identifiers(code, doubt=False) == code


def test_checks_tell_cards_ibans_and_days_from_other_numbers() -> None:
    texts = ("4111 1111 1111 1112", "DK5000400440116244", "310290-1234", "9999999999999999")
    assert [mask_identifiers(text, doubt=False) for text in texts] == list(texts)
    assert is_identifier("Ida Hansen <ida@example.com>") and not is_identifier("for ida@example.com")


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_around_an_address_hides_it_no_less(before: str, after: str) -> None:
    masked = mask_identifiers(f"{before} ida.hansen@example.com {after}")
    assert "ida.hansen" not in masked


@given(st.text(max_size=80))
def test_masking_takes_any_text_and_masks_no_mask(text: str) -> None:
    once = mask_identifiers(text)
    assert mask_identifiers(once).count("[") >= once.count("[e-mail]")


@pytest.mark.parametrize("part", ["A", "a.", "1 ", "Ab ", "a@b.", "%40", "'"])
def test_a_long_text_is_searched_in_the_time_of_its_length(part: str) -> None:
    """Of a pattern that goes back and forth this would take minutes."""
    assert mask_identifiers(part * 30_000 + " <ida@example.com>").endswith("[e-mail]")


def test_names_of_columns_say_what_they_hold() -> None:
    people = ["customer_name", "CustomerName", "Email", "kunde_email", "phone", "cpr", "fornavn", "address", "navn"]
    things = ["product_name", "phone_model", "email_type", "team_name", "site_name", "customer_type", "first_contact"]
    assert all(map(names_person, people)) and not any(map(names_person, things))
    assert names_person("ida@example.com") and names_code("ean") and not names_code("note")


def test_the_salt_file_is_made_once_and_read_by_its_owner_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CPC_SALT", raising=False)
    salt = project_salt(tmp_path)
    path = tmp_path / ".cpc-salt"
    assert len(salt) == 64
    assert path.read_text(encoding="utf-8").strip() == salt == project_salt(tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o644)
    assert project_salt(tmp_path) == salt
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    monkeypatch.setenv("CPC_SALT", "mine")
    assert project_salt(tmp_path) == "mine"


def test_without_a_place_for_the_salt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CPC_SALT", raising=False)
    with pytest.raises(InvalidInputError, match=r"`.cpc-salt` cannot be written in .*, and CPC_SALT is not set."):
        project_salt(tmp_path / "nowhere")


@pytest.mark.parametrize("frame", [lambda frame: frame, pl.from_pandas, pa.Table.from_pandas])
def test_frames_are_masked_as_files_are(frame, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("CPC_SALT", "salt")
    rows = [
        {"contact_id": "ida@example.com", "reason": "refund for +45 12 34 56 78", "customer_id": "12345678"},
        {"contact_id": "12345678", "reason": "12345678", "customer_id": "550e8400-e29b-41d4-a716-446655440000"},
    ]
    given = contacts(
        rows, agent_id="bo@example.com", customer_name="Ida Hansen", order_number="10023456", note="27182818"
    )
    legs = pd.DataFrame({"leg_id": ["l"], "contact_id": ["ida@example.com"], "agent_id": ["bo@example.com"],
                         "started_at": ["2025-04-01 10:00"]})  # fmt: skip
    data = dataset(frame(given), legs=frame(legs))
    found = data.on_engine("contacts").to_pandas().sort_values("started_at").reset_index(drop=True)
    ida, bo = pseudonym("ida@example.com", "salt"), pseudonym("bo@example.com", "salt")
    assert found["contact_id"].tolist() == [ida, "12345678"]
    assert found["reason"].tolist() == ["refund for [number]", pseudonym("12345678", "salt")]
    assert found["customer_id"].tolist() == [pseudonym("12345678", "salt"), "550e8400-e29b-41d4-a716-446655440000"]
    assert set(found["agent_id"]) == {bo} and set(found["·order_number"]) == {"10023456"}
    assert set(found["·note"]) == {pseudonym("27182818", "salt")}
    assert "customer_name" not in found and not data.has("contacts", "customer_name")
    assert data.on_engine("legs").to_pandas()[["contact_id", "agent_id"]].to_numpy().tolist() == [[ida, bo]]
    assert (
        "Left out of `contacts`, because their names say that they hold people: customer_name. "
        "One that holds none can come under another name."
    ) in data.check().notes
    assert given["contact_id"].tolist() == ["ida@example.com", "12345678"]


def test_the_ledger_keeps_its_accounts_and_hides_who_was_paid() -> None:
    lines = costs(("salaries", 10.0), account="0000483000", account_name="Refund to ida@example.com")
    data = dataset(contacts([{}]), lines.assign(account="0000483000"))
    assert data.frame("costs")[["account", "account_name"]].to_numpy().tolist() == [
        ["0000483000", "Refund to [e-mail]"]
    ]


def test_a_column_of_many_texts_is_searched_on_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CPC_SALT", "salt")
    monkeypatch.setattr(masking, "_FEW_ROWS", 2)
    monkeypatch.setattr(masking, "_MOST_TEXTS", 3)
    rows = [{"contact_id": f"c{number}", "note": f"n{number}", "customer_id": f"k{number}@example.com"}
            for number in range(9)]  # fmt: skip
    rows[0]["contact_id"] = rows[0]["note"] = "ida@example.com"
    found = dataset(contacts(rows)).on_engine("contacts").to_pandas().set_index("contact_id")
    assert set(found.index) == {pseudonym("ida@example.com", "salt"), *(f"c{number}" for number in range(1, 9))}
    assert found["customer_id"].to_dict()["c5"] == pseudonym("k5@example.com", "salt")
    assert found["·note"].to_dict()["c5"] == "n5" and "ida@example.com" not in set(found["·note"])


def test_masks_never_stand_in_a_query_that_can_be_printed() -> None:
    data = dataset(contacts([{"reason": "ida@example.com"}]))
    assert "ida@" not in cpc.show_query(data, "contacts", by=["reason"])


def project(folder: Path, head: str, contacts_table: str, **settings: str) -> Path:
    content = (
        "contact_id,started_at,channel,direction,outcome,agent_id,customer_name,segment,handle_seconds\n"
        "1,2025-04-01 10:00,voice,in,answered,Ida Hansen,Karo Testsen,gold,60\n"
        "2,2025-04-02 10:00,voice,in,answered,A017,Karo Testsen,gold,60\n"
    )
    (folder / "calls.csv").write_text(content, encoding="utf-8")
    stated = "".join(f"{name} = {value}\n" for name, value in settings.items())
    text = f'[project]\ncurrency = "DKK"\ntimezone = "{ZONE}"\n{stated}{head}\n[tables.contacts]\nfiles = "calls.csv"\n'
    (folder / "cpc.toml").write_text(text + contacts_table, encoding="utf-8")
    return folder


def test_a_file_without_columns_keeps_its_dimensions_but_those_of_people(tmp_path: Path) -> None:
    data = open_project(project(tmp_path, "", ""))
    assert data.has("contacts", "segment") and not data.has("contacts", "customer_name")
    assert any("customer_name" in note for note in data.check().notes)


def test_a_table_with_columns_takes_along_what_it_names(tmp_path: Path) -> None:
    named = open_project(project(tmp_path, "", 'columns.queue = { const = "q" }\n'))
    assert not named.has("contacts", "segment") and not named.has("contacts", "customer_name")
    assert named.has("contacts", "agent_id")
    more = open_project(project(tmp_path, "", 'columns.queue = { const = "q" }\ndimensions.kind = "segment"\n'))
    assert more.has("contacts", "kind")


def test_names_of_agents_are_pseudonyms_in_what_is_shared_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CPC_SALT", "salt")
    shown = f"agent {pseudonym('Ida Hansen', 'salt')[:8]}"
    own = cpc.measure(open_project(project(tmp_path, "", "")), "contacts", by=["agent_id"])
    assert set(own["agent_id"]) == {"Ida Hansen", "A017"}
    [page] = cpc.export([own], tmp_path / "agents.html")
    assert "Ida Hansen" not in page.read_text(encoding="utf-8") and shown in page.read_text(encoding="utf-8")
    assert set(own["agent_id"]) == {"Ida Hansen", "A017"}
    monkeypatch.setenv("CPC_SHARED", "1")
    shared = cpc.measure(open_project(tmp_path), "contacts", by=["agent_id"])
    assert set(shared["agent_id"]) == {shown, "A017"}
    given = open_project(project(tmp_path, "", "", agent_names='"as_given"'))
    assert set(cpc.measure(given, "contacts", by=["agent_id"])["agent_id"]) == {"Ida Hansen", "A017"}


def test_agents_keep_their_names_beside_their_codes_and_nothing_to_reach_them_by(tmp_path: Path) -> None:
    agents = pd.DataFrame({"agent_id": ["A1"], "name": ["Ida"], "email": ["ida@example.com"], "phone": ["12345678"]})
    data = dataset(contacts([{"agent_id": "A1"}]), agents=agents)
    own = cpc.measure(data, "contacts", by=["name"])
    assert own["name"].tolist() == ["Ida"]
    assert data.columns("agents") == ("agent_id", "·name")
    [book] = cpc.export([own], tmp_path / "agents.html")
    assert ">Ida<" not in book.read_text(encoding="utf-8")


def test_a_column_whose_own_name_shows_a_person_is_left_out(tmp_path: Path) -> None:
    data = dataset(contacts([{}], **{"ida@example.com": "x", "segment": "y"}))
    assert data.has("contacts", "segment") and not data.has("contacts", "ida@example.com")
    report = str(data.check())
    assert "[e-mail]" in report and "ida@" not in report
    (tmp_path / "calls.csv").write_text("contact_id,ida@example.com\n1,2\n", encoding="utf-8")
    (tmp_path / "cpc.toml").write_text(
        f'[project]\ncurrency = "DKK"\ntimezone = "{ZONE}"\n[tables.contacts]\nfiles = "calls.csv"\n'
        'columns.queue = "quue"\n', encoding="utf-8",
    )  # fmt: skip
    with pytest.raises(UnknownNameError) as raised:
        open_project(tmp_path)
    assert "ida@" not in str(raised.value) and "[e-mail]" in str(raised.value)


def test_a_way_of_showing_agents_that_is_none() -> None:
    with pytest.raises(InvalidInputError) as raised:
        Settings(agent_names="pseudonym")
    assert str(raised.value) == (
        "`agent_names` must be one of pseudonyms, as_given, got 'pseudonym'. Did you mean 'pseudonyms'?"
    )


def test_errors_show_neither_people_nor_passwords(tmp_path: Path) -> None:
    said = [
        str(InvalidInputError("`contacts.channel` must be one of voice, got 'ida@example.com' in 3 rows (first: 17).")),
        str(UnknownNameError("quantity", "12345678", ["csat"])),
        repr(CpcError("postgresql://me:se@cret@host/db?token=abc")),
    ]
    assert said == [
        "`contacts.channel` must be one of voice, got '[e-mail]' in 3 rows (first: 17).",
        "There is no quantity '[number]'. Known are csat.",
        "CpcError('postgresql://…@host/db?token=…')",
    ]
    text = f'[project]\ncurrency = "DKK"\ntimezone = "{ZONE}"\n[tables.contacts]\nfiles = "https://me:secret@host/x.csv?sig=abc"'
    (tmp_path / "cpc.toml").write_text(text, encoding="utf-8")
    with pytest.raises(MissingFileError) as raised:
        open_project(tmp_path)
    assert "secret" not in str(raised.value) and "abc" not in repr(raised.value) and "host" in str(raised.value)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://user:secret@host/x.csv", "https://…@host/x.csv"),
        ("https://ghp_token@github.com/x", "https://…@github.com/x"),
        ("https:/user:secret@host/x.csv", "https:/…@host/x.csv"),
        ("s3://b/k?X-Amz-Signature=abc&x=1", "s3://b/k?X-Amz-Signature=…&x=1"),
        ("host=h password='a b' user=u", "host=h password=… user=u"),
        ("at 10:00 in calls.csv:17", "at 10:00 in calls.csv:17"),
    ],
)
def test_secrets_are_never_shown(text: str, shown: str) -> None:
    assert without_secrets(text) == shown
    assert safe_to_show(text) == shown
