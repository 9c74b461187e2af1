"""Definitions beside the project's own."""

from __future__ import annotations

import pytest

from cpc_analysis.charts import definitions
from cpc_analysis.errors import CpcError
from tests.charts.results import defined, measured


def test_definitions_say_how_far_apart_they_are():
    spec = definitions(defined(["own", "offered"])).to_dict()
    assert " ".join(spec["title"]["text"]) == "The same data: 40.00 DKK a contact (own) to 41.00 DKK (offered)"


def test_frames_of_other_functions_are_refused():
    with pytest.raises(CpcError) as caught:
        definitions(measured(["voice"], [1.0]))
    assert str(caught.value) == (
        "Definitions need a frame of compare_definitions, got the columns channel, cost_per_contact, few_contacts, "
        "complete."
    )
    with pytest.raises(CpcError) as caught:
        definitions(defined(["own", "own"]))
    assert str(caught.value) == (
        "Definitions are drawn for one group: filter the frame to one row for each definition."
    )
