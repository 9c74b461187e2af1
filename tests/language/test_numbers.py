"""One rule of rounding: the half goes away from zero, in every place where a number becomes a text."""

from __future__ import annotations

import json
from decimal import ROUND_HALF_UP, Decimal

import hypothesis.strategies as st
import pandas as pd
import pytest
from hypothesis import example, given

from cpc_analysis.charts.wording import number_format, rounded
from cpc_analysis.exports.cells import cells_of, value_in_words
from cpc_analysis.exports.number_formats import formatted
from cpc_analysis.language import in_language, money, number, percent
from cpc_analysis.models.readable import signed, whole_numbers
from cpc_analysis.models.tables import statement_table
from cpc_analysis.models.wording import number_in_words
from tests.charts.every import EVERY

#: Amounts of a ledger; every fourth ends in a half.
AMOUNTS = st.one_of(
    st.decimals(min_value=-99_999_999, max_value=99_999_999, places=2, allow_nan=False),
    st.integers(-9_999_999, 9_999_999).map(lambda whole: Decimal(whole) + Decimal("0.5")),
)


def by_hand(amount: Decimal, unit: str) -> str:
    """An amount as a clerk writes it."""
    text = f"{amount.quantize(Decimal(unit), ROUND_HALF_UP):,}"
    return text.replace("-", "") if not text.strip("-0.,") else text


def statement_of(amount: Decimal) -> pd.DataFrame:
    """A cost statement of one line, all of it used."""
    none = Decimal("0.00")
    row = {"cost_type": "technology", "posted": amount, "moved": none, "ledger": amount, "used": amount,
           "waiting": none, "unallocated": none}  # fmt: skip
    frame = pd.DataFrame([row], dtype="object")
    frame.attrs = {"by": [], "currency": "DKK"}
    return frame


@given(amount=AMOUNTS)
@example(amount=Decimal("117288.50"))
@example(amount=Decimal("-0.50"))
def test_an_amount_is_the_same_text_in_every_place(amount: Decimal) -> None:
    wanted = by_hand(amount, "1")
    drawn = rounded(float(amount))
    assert drawn is not None
    statement = statement_of(amount)
    assert {
        "exact": number(amount),
        "float": number(float(amount)),
        "table": whole_numbers([float(amount)])[0],
        "statement": statement_table(statement).loc["Technology", "Ledger"],
        "cell of a slide": cells_of(statement).rows[0][1],
        "cell of a frame": value_in_words("amount", float(amount), "total_cost"),
        "label of a chart": number_in_words("total_cost", float(amount)),
        "native chart": formatted(drawn, number_format("total_cost")),
    } == dict.fromkeys(("exact", "float", "table", "statement", "cell of a slide", "cell of a frame",
                        "label of a chart", "native chart"), wanted)  # fmt: skip


@given(amount=st.decimals(min_value=-99_999, max_value=99_999, places=3, allow_nan=False))
@example(amount=Decimal("1.005"))
@example(amount=Decimal("54.125"))
def test_a_ratio_is_the_same_text_in_every_place(amount: Decimal) -> None:
    wanted = by_hand(amount, "0.01")
    drawn = rounded(float(amount))
    assert drawn is not None
    found = {
        number(amount, 2),
        number_in_words("cost_per_contact", float(amount)),
        whole_numbers([float(amount)], 2)[0],
        value_in_words("cost_per_contact", float(amount)),
        formatted(drawn, number_format("cost_per_contact")),
        signed(float(amount)).lstrip("+"),
    }
    assert found == {wanted}


@given(thousandths=st.integers(0, 1000))
def test_a_share_is_the_same_text_in_every_place(thousandths: int) -> None:
    share = Decimal(thousandths) / 1000
    wanted = by_hand(100 * share, "1")
    drawn = rounded(float(share), 100.0)
    assert drawn is not None
    assert percent(float(share), 0) == percent(share, 0) == f"{wanted}%"
    assert formatted(float(share), "0%") == f"{wanted}%"
    assert formatted(drawn, "#,##0") == wanted


def test_the_half_goes_away_from_zero_in_danish_too() -> None:
    assert in_language(money(117_288.5, "DKK", 0), "da") == "117.289\xa0kr."
    assert in_language(money(-0.5, "DKK", 0, signed=True), "da") == "-1\xa0kr."


def test_the_order_of_a_sum_does_not_decide_about_a_half() -> None:
    parts = [0.1] * 5
    assert number(sum(parts)) == number(sum([0.3, 0.1, 0.1])) == "1"
    # 0.285 lies below its decimals as a binary fraction, and 636,026.5 may come out of a sum a little below itself.
    assert (number(0.285, 2), number(636_026.499999999884)) == ("0.29", "636,027")


@pytest.mark.parametrize("name", EVERY)
def test_no_chart_leaves_the_rounding_of_a_number_to_another_program(name: str) -> None:
    """Numbers under the pointer and beside marks are texts; only the ticks of axes, which are round, have a format."""

    def shown(part: object) -> list[object]:
        if isinstance(part, list):
            return [found for one in part for found in shown(one)]
        if not isinstance(part, dict):
            return []
        own = [part[key] for key in ("tooltip", "text") if key in part]
        return [*own, *(found for key, one in part.items() if key not in ("usermeta", "axis") for found in shown(one))]

    channels = [
        one for found in shown(EVERY[name].drawn().to_dict()) for one in (found if isinstance(found, list) else [found])
    ]
    formats = {json.dumps(one) for one in channels if isinstance(one, dict) and one.get("type") == "quantitative"}
    assert not formats
