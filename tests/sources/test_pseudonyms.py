"""Salts, and masks for e-mail addresses and phone numbers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cpc_analysis.errors import InvalidInputError
from cpc_analysis.identifiers import mask_identifiers
from cpc_analysis.tables.pseudonyms import project_salt


@pytest.mark.parametrize(
    "text",
    [
        "ida@example.com", "+45 12 34 56 78", "+4512345678", "0045 12345678", "(555) 555-5555", "555-555-5555",
        "12 34 56 78", "12345678", "15555555555", "mailto:ida.b-o@mail.example.co.uk,", "tel:+1 (555) 010-9999",
    ],
)  # fmt: skip
def test_what_shows_a_person_is_masked(text: str) -> None:
    masked = mask_identifiers(f"x {text} y")
    assert "[e-mail]" in masked or "[number]" in masked
    assert not re.search(r"\d{3,}|@", masked)


@pytest.mark.parametrize(
    "text",
    ["2025-13-45", "31-02-2025", "2025-02-30 09:61:00", "20251345", "990101", "12:61:00", "vocie", "1.234.567,89",
     "-1234567.89", "31.12.24", "calls.csv:17", "Ørsted; 100 %", ""],
)  # fmt: skip
def test_dates_amounts_and_words_stay(text: str) -> None:
    assert mask_identifiers(text) == text


def test_the_salt_file_is_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CPC_SALT", raising=False)
    salt = project_salt(tmp_path)
    assert len(salt) == 64
    assert (tmp_path / ".cpc-salt").read_text(encoding="utf-8").strip() == salt == project_salt(tmp_path)
    monkeypatch.setenv("CPC_SALT", "mine")
    assert project_salt(tmp_path) == "mine"


def test_without_a_place_for_the_salt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CPC_SALT", raising=False)
    with pytest.raises(InvalidInputError, match=r"`.cpc-salt` cannot be written in .*, and CPC_SALT is not set."):
        project_salt(tmp_path / "nowhere")
