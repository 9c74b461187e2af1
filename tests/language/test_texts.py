"""Texts in two languages: said, said again, and carried along."""

from __future__ import annotations

import pickle
from copy import deepcopy
from datetime import date
from decimal import Decimal

import pandas as pd
import pytest

import cpc_analysis as cpc
from cpc_analysis.language import (
    chart_locale,
    in_its_language,
    in_language,
    language_spoken,
    money,
    number,
    percent,
    period_said,
    say,
    speaking,
    spoken,
    weekdays,
)
from cpc_analysis.presentation import Presentation

WEEK = say("week {week} of {year}", week=15, year=2025)


@in_its_language
def spoken_of(result: object, language: str | None = None) -> str:
    return language_spoken()


def test_a_text_is_said_again_with_what_is_in_it():
    text = say("week {week} of {year}", week=period_said(date(2025, 5, 1), "month"), year="x")
    assert text == "week May 2025 of x"
    assert in_language(text, "da") == "uge maj 2025 i x" and text == "week May 2025 of x"
    with speaking("da"):
        danish = say("week {week} of {year}", week=text, year="y")
    assert danish == "uge uge maj 2025 i x i y"
    assert in_language(danish, "en") == "week week May 2025 of x of y"
    assert in_language("as it is", "da") == "as it is"


def test_a_text_made_of_several_is_said_again_as_a_whole():
    @spoken
    def both(first: str, last: str) -> str:
        return f"{first} {last}"

    text = both(WEEK, percent(0.5))
    assert (text, in_language(text, "da")) == ("week 15 of 2025 50.0%", "uge 15 i 2025 50,0\xa0%")


def test_a_text_travels_with_a_frame():
    frame = pd.DataFrame({"x": [1]})
    frame.attrs["definition"] = WEEK
    assert in_language(frame[["x"]].copy().attrs["definition"], "da") == "uge 15 i 2025"
    assert in_language(deepcopy(frame.attrs["definition"]), "da") == "uge 15 i 2025"
    plain = pickle.loads(pickle.dumps(frame.attrs["definition"]))
    assert plain == "week 15 of 2025" and type(plain) is str


def test_a_result_speaks_its_language_unless_another_is_asked_for():
    frame = pd.DataFrame({"x": [1]})
    assert spoken_of(frame) == "en"
    frame.attrs["presentation"] = Presentation(language="da")
    assert spoken_of(frame) == "da"
    assert spoken_of(frame, language="en") == "en"
    with speaking("en"):
        assert spoken_of(frame) == "en"
    assert language_spoken() == "en"


def test_numbers_in_danish():
    with speaking("da"):
        assert number(-1234567.891, 1) == "-1.234.567,9"
        assert number(Decimal("1234.50"), None) == "1.234,50"
        assert percent(0.12345, 2, signed=True) == "+12,35\xa0%"
        assert money(1234.56, "DKK") == "1.234,56\xa0kr." and money(1, "EUR", 0) == "1\xa0EUR"
        assert money(float("nan"), "DKK") == "-"
        assert period_said(date(2025, 12, 24), "day") == "24. december 2025"
        assert weekdays()[0].startswith("man")
    assert money(0.001, "DKK", signed=True) == "0.00 DKK"


def test_axes_know_the_language():
    locale = chart_locale("da")
    assert locale["number"]["decimal"] == "," and locale["time"]["months"][4] == "maj"
    assert locale["time"]["days"][0] == "søndag"


def test_unknown_languages_are_refused():
    with pytest.raises(cpc.CpcError) as caught, speaking("de"):
        pass
    assert str(caught.value) == "`language` must be one of en, da, got 'de'."
    with pytest.raises(cpc.CpcError, match="`language` must be one of en, da, got 'xx'"):
        Presentation(language="xx")


def test_a_presentation_of_a_project_file(tmp_path):
    (tmp_path / "logo.png").write_bytes(b"")
    stated = {"language": "da", "logo": "logo.png", "colours": {"accent": "#003366"}}
    found = Presentation.from_mapping(stated, tmp_path)
    assert found == Presentation("da", "", {"accent": "#003366"}, str(tmp_path / "logo.png"))
    for wrong, message in (
        ({"colour": "#003366"}, "There is no setting 'colour'. Did you mean 'colours'?"),
        ({"font": 3}, "`font` must be a text, got '3'."),
        ({"colours": {"voice": "blue"}}, "A colour must be written with six hexadecimal digits, such as '#003366', "
         "got 'blue' for 'voice'."),
        ({"template": "board.pptx"}, f"`template` must be a file, got none at {tmp_path}/board.pptx. "
         "Check the path."),
    ):  # fmt: skip
        with pytest.raises(cpc.CpcError) as caught:
            Presentation.from_mapping(wrong, tmp_path)
        assert str(caught.value) == message
