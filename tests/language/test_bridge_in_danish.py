"""The same bridge in two languages."""

from __future__ import annotations

import pandas as pd

import cpc_analysis as cpc
from cpc_analysis.language import speaking
from tests.centres import contacts, costs, dataset


def test_a_bridge_in_danish():
    data = dataset(
        contacts([{"started_at": f"2025-{month} 10:00"} for month in ("03-03", "04-03", "04-04")]),
        pd.concat([costs(("facilities", 100.0), month=month) for month in ("2025-03", "2025-04")]),
    )
    bridge = cpc.explain_change(data, before="2025-03", after="2025-04")
    assert bridge.summary().startswith("Cost per contact fell from 100.00 DKK (March 2025) to 50.00 DKK (April 2025)")
    with speaking("da"):
        assert bridge.summary().replace("\xa0", " ") == (
            "Omkostning pr. henvendelse faldt fra 100,00 kr. (marts 2025) til 50,00 kr. (april 2025): -50,00 kr. "
            "(-50,0 %). Mest nedad trak samme omkostning på flere henvendelser (-50,00 kr.). Der er for lidt historik "
            "til at sige, hvad der er usædvanligt."
        )
        assert bridge.steps()["words"].tolist() == ["samme omkostning på flere henvendelser"]
        assert bridge.answer().replace("\xa0", " ") == (
            "Omkostning pr. henvendelse faldt fra 100,00 kr. (marts 2025) til 50,00 kr. (april 2025): -50,00 kr. "
            "(-50,0 %); det meste er samme omkostning på flere henvendelser (-50,00 kr.)."
        )
