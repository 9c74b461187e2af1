"""The cost statement as a picture: it ties out, and its axis is in plain numbers."""

from __future__ import annotations

import pytest

from cpc_analysis.charts import statement
from cpc_analysis.errors import CpcError
from tests.charts.pictures import drawing, texts
from tests.charts.results import stated, whole


def test_the_statement_ties_out_in_its_subtitle():
    spec = statement(stated(["voice", None])).to_dict()
    assert " ".join(spec["title"]["subtitle"]) == (
        "Posted in the ledger 120.00 DKK, moved between months 0.00 DKK: ledger 120.00 DKK = used 80.00 DKK + waiting "
        "20.00 DKK + unallocated 20.00 DKK; difference 0.00 DKK."
    )
    assert spec["title"]["text"] == ["Voice takes 50% of the cost; 17% pays for waiting"]


def test_the_axis_of_amounts_begins_at_nought():
    frame = stated(["voice", "chat"])
    for name in ("posted", "ledger", "used", "waiting", "unallocated"):
        frame[name] = [1000 * amount for amount in frame[name]]
    assert {"0", "10,000"} <= set(texts(drawing(statement(frame))))
    assert {"0", "10.000"} <= set(texts(drawing(statement(frame, language="da"))))


def test_a_frame_that_is_no_statement_is_refused():
    with pytest.raises(CpcError, match=r"^A statement needs the frame of cost_statement; `cost_type` is missing"):
        statement(whole())
