"""Scores of surveys from the literature."""

from __future__ import annotations

import pandas as pd
import pytest

import cpc_analysis as cpc
from tests.centres import contacts, costs, dataset


def promoters(scores: list[int]) -> float:
    frame = pd.DataFrame({
        "survey_id": [f"s{number}" for number in range(len(scores))], "contact_id": "c0", "kind": "nps",
        "score": [float(score) for score in scores], "scale_min": 0, "scale_max": 10,
    })  # fmt: skip
    data = dataset(contacts([{}]), costs(("technology", 1.0)), surveys=frame)
    return float(cpc.measure(data, "nps")["nps"].iloc[0])


def test_net_promoter_score_of_sightmill():
    """SightMill, Could you give me a quick and clear summary of how to calculate NPS: ten answers of a day give -10."""
    assert promoters([3, 4, 5, 6, 8, 8, 8, 9, 10, 10]) == pytest.approx(-10.0)


def test_passives_are_in_the_base():
    """The Prime Calculator, Net Promoter Score: 60 promoters, 25 passives and 15 detractors of 100 give 45."""
    assert promoters([10] * 30 + [9] * 30 + [8] * 13 + [7] * 12 + [6] * 8 + [0] * 7) == pytest.approx(45.0)
