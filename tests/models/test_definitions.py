"""Every fair definition of the same data, and definitions that a project has given names."""

from __future__ import annotations

import pandas as pd
import pytest

import cpc_analysis as cpc
from cpc_analysis.errors import UnknownNameError
from cpc_analysis.models.definitions import compare_definitions, definition_named
from tests.centres import contacts, costs, dataset

ROWS = [
    {"channel": "voice", "customer_id": "k1", "reason": "late"},
    {"channel": "voice", "customer_id": "k1", "reason": "late"},  # the day after: a repeat
    {"channel": "voice", "customer_id": "k2", "direction": "out"},
    {"channel": "voice", "customer_id": "k3", "outcome": "abandoned"},
    {"channel": "web", "customer_id": "k4", "outcome": "self_served"},
    {"channel": "web", "customer_id": "k5", "outcome": "self_served"},
]


@pytest.fixture
def data() -> cpc.Dataset:
    """Three answered calls of a minute, one outbound, one a repeat; one given up; two sessions that cost 40."""
    ledger = pd.concat([costs(("salaries", 300)), costs(("technology", 40), channel="web").assign(line_id="portal")])
    return dataset(contacts(ROWS), ledger)


def test_each_definition_has_its_numbers(data):
    frame = compare_definitions(data).set_index("definition")
    expected = {  # contacts, cost
        "own": (3, 340),
        "answered": (3, 340),
        "offered": (3, 340),  # two answered inbound, one given up
        "assisted": (3, 300),
        "with self-service": (5, 340),
        "inbound only": (2, 240),  # 100 of wages lie on the outbound call
        "issues": (2, 340),
        "labour only": (3, 300),
        "without waiting": (3, float("nan")),  # without shifts nobody knows what waiting cost
    }
    assert frame["contacts"].to_dict() == {name: count for name, (count, _) in expected.items()}
    assert frame["cost"].to_dict() == pytest.approx({name: cost for name, (_, cost) in expected.items()}, nan_ok=True)
    assert frame["cost_per_contact"].to_dict() == pytest.approx(
        {name: cost / count for name, (count, cost) in expected.items()}, nan_ok=True
    )


def test_the_gap_is_split_into_cost_and_contacts(data):
    frame = compare_definitions(data).set_index("definition")
    assert frame["gap"].to_dict() == pytest.approx((frame["cost_per_contact"] - 340 / 3).to_dict(), nan_ok=True)
    assert (frame["gap_cost"] + frame["gap_contacts"]).to_dict() == pytest.approx(frame["gap"].to_dict(), nan_ok=True)
    assert frame.loc["assisted", "gap_contacts"] == pytest.approx(0) and frame.loc["assisted", "gap_cost"] < 0
    assert frame.loc["issues", "gap_cost"] == pytest.approx(0) and frame.loc["issues", "gap_contacts"] > 0


def test_every_definition_says_itself(data):
    frame = compare_definitions(data)
    assert frame["meaning"].str.endswith(".").all() and frame["meaning"].is_unique
    assert frame["meaning"].iloc[0] == (
        "All costs over counted contacts. Counted are answered contacts of every direction, one per conversation."
    )


def test_by_month_and_channel_on_the_sample(sample):
    frame = compare_definitions(sample, by=["month", "channel"], where={"month": "2025-Q2"})
    own = frame[frame["definition"] == "own"].reset_index(drop=True)
    measured = cpc.measure(
        sample, ["cost_per_contact", "contacts"], by=["month", "channel"], where={"month": "2025-Q2"}
    )
    pd.testing.assert_series_equal(own["cost_per_contact"], measured["cost_per_contact"])
    waiting = cpc.measure(sample, ["waiting_cost", "total_cost"], where={"month": "2025-06"})
    whole = compare_definitions(sample, where={"month": "2025-06"}).set_index("definition")
    assert whole.loc["without waiting", "cost"] == pytest.approx(
        float(waiting["total_cost"].iloc[0] - waiting["waiting_cost"].iloc[0])
    )


def test_a_month_that_is_not_complete_has_no_ratio():
    data = dataset(contacts(ROWS), costs(("salaries", 300)), settings=cpc.Settings(complete_through="2025-04-20"))
    frame = compare_definitions(data, by=["month"])
    assert frame["cost_per_contact"].isna().all() and not frame["complete"].any() and (frame["cost"] == 300).any()


def test_without_customers_there_are_no_issues():
    rows = [{key: value for key, value in row.items() if key != "customer_id"} for row in ROWS]
    assert "issues" not in set(compare_definitions(dataset(contacts(rows), costs(("salaries", 1))))["definition"])


def project(tmp_path, section: str) -> cpc.Dataset:
    contacts(ROWS).to_csv(tmp_path / "contacts.csv", index=False)
    costs(("salaries", 300)).to_csv(tmp_path / "costs.csv", index=False)
    (tmp_path / "cpc.toml").write_text(
        '[project]\ncurrency = "DKK"\ntimezone = "Europe/Copenhagen"\n' + section
        + '\n[tables.contacts]\nfiles = "contacts.csv"\n[tables.costs]\nfiles = "costs.csv"\n',
        encoding="utf-8",
    )  # fmt: skip
    return cpc.open_project(tmp_path)


def test_a_project_names_its_own(tmp_path):
    data = project(
        tmp_path, '[definitions.board]\nmeaning = "What the board sees."\ncost = "labour"\ndirections = ["in"]\n'
    )
    board = definition_named(data, "board")
    assert (board.cost, board.counting.directions, str(board)) == ("labour", ("in",), "board: What the board sees.")
    row = compare_definitions(data).set_index("definition").loc["board"]
    assert (row["contacts"], row["cost"]) == pytest.approx((2, 300))


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ('[definitions.board]\ncosts = "labour"\n',
         "cpc.toml, [definitions.board]: there is no setting 'costs'. Did you mean 'cost'?"),
        ('[definitions.board]\ncost = "labor"\n',
         "cpc.toml, [definitions.board]: `cost` must be one of all, assisted, inbound, labour, without_waiting, "
         "got 'labor'. Did you mean 'labour'?"),
        ("[definitions]\nboard = 3\n",
         "cpc.toml: `definitions.board` must be a section [definitions.board], got '3'."),
    ],
)  # fmt: skip
def test_bad_definitions(tmp_path, section, said):
    with pytest.raises(cpc.CpcError) as caught:
        project(tmp_path, section)
    assert str(caught.value) == said


def test_a_definition_with_a_name_that_is_taken(tmp_path):
    with pytest.raises(cpc.CpcError) as caught:
        compare_definitions(project(tmp_path, '[definitions.offered]\nmeaning = "Ours."\n'))
    assert str(caught.value) == (
        "[definitions.offered] of the project file has the name of a fair definition that is always shown; give it "
        "another one."
    )


def test_an_unknown_definition(data):
    with pytest.raises(UnknownNameError, match="There is no definition 'bord'"):
        definition_named(data, "bord")
