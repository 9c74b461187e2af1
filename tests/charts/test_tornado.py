"""The tornado: the step that does most stands first."""

from __future__ import annotations

import pandas as pd
import pytest

from cpc_analysis.charts import tornado
from cpc_analysis.errors import CpcError
from tests.charts.results import stepped


def test_a_tornado_says_which_step_does_most():
    spec = tornado(stepped(["wage", "occupancy"])).to_dict()
    assert " ".join(spec["title"]["text"]) == "The step that does most is hourly wage, 1 DKK less: -0.40 DKK cash"


def test_other_frames_are_refused():
    with pytest.raises(CpcError) as caught:
        tornado(pd.DataFrame({"step": ["wage"]}))
    assert str(caught.value) == "A tornado needs a frame of sensitivity, got the columns step."
    with pytest.raises(CpcError) as caught:
        tornado(stepped(["wage", "wage"]))
    assert str(caught.value) == "A tornado is drawn for one group: filter the frame to one row for each step."
