"""Small groups are shown together, and no size of theirs can be worked out."""

from __future__ import annotations

from itertools import product

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings

import cpc_analysis as cpc
from cpc_analysis.cells.small_groups import small_groups
from cpc_analysis.dataset import Settings
from cpc_analysis.errors import InvalidInputError
from cpc_analysis.models.causes import contact_causes, value_of_removal
from cpc_analysis.schema import SMALL_GROUPS
from tests.centres import contacts, costs, dataset

SMALLEST = 5


@given(st.lists(st.integers(0, 40), min_size=1, max_size=8), st.integers(2, 8))
def test_the_total_less_what_is_shown_tells_no_size(sizes: list[int], smallest: int) -> None:
    together = small_groups(sizes, smallest)
    shown = [size for size, hidden in zip(sizes, together, strict=True) if not hidden]
    hidden = [size for size, is_hidden in zip(sizes, together, strict=True) if is_hidden]
    assert not any(0 < size < smallest for size in shown)
    assert 0 not in hidden
    if hidden and shown and any(size > 0 for size in shown):
        # At least two ways to part what is left, so that no group has the same size in all of them.
        left = sum(sizes) - sum(shown)
        assert len(hidden) >= 2 and left >= smallest and left > len(hidden)


@given(st.lists(st.integers(1, 6), min_size=2, max_size=4))
def test_every_hidden_size_could_be_another(sizes: list[int]) -> None:
    every = np.asarray([*sizes, 10])
    hidden = every[small_groups(every, 3)]
    if not len(hidden):
        return
    ways = [way for way in product(range(1, hidden.sum() + 1), repeat=len(hidden)) if sum(way) == hidden.sum()]
    for place in range(len(hidden)):
        assert len({way[place] for way in ways}) > 1


def centre(reasons: dict[str, int]) -> cpc.Dataset:
    rows = [{"reason": reason, "team": "T"} for reason, number in reasons.items() for _ in range(number)]
    return dataset(contacts(rows), costs(("salaries", 1000.0)), settings=Settings(smallest_group=SMALLEST))


def test_no_group_is_hidden_where_the_project_does_not_say_so() -> None:
    data = centre({"a": 20, "b": 1}).replace(settings=Settings())
    assert cpc.measure(data, "contacts", by=["reason"])["contacts"].tolist() == [20, 1]


def test_every_result_shows_small_groups_together_and_keeps_its_total() -> None:
    data = centre({"late": 30, "lost": 12, "bill": 3})
    counted = cpc.measure(data, ["contacts", "total_cost", "cost_per_contact"], by=["reason"], incomplete=True)
    assert counted.set_index("reason")["contacts"].to_dict() == {SMALL_GROUPS: 15.0, "late": 30.0}
    assert counted["total_cost"].sum() == pytest.approx(1000)
    assert counted["cost_per_contact"].tolist() == pytest.approx([1000 / 45] * 2)
    stated = cpc.cost_statement(data, by=["reason"])
    assert [str(value) for value in stated["ledger"]] == ["333.34", "666.66"]
    assert set(stated["reason"]) == {SMALL_GROUPS, "late"}
    causes = contact_causes(data, period="2025-04")
    assert dict(zip(causes["reason"], causes["contacts"], strict=True)) == {"late": 30.0, SMALL_GROUPS: 15.0}
    worth = value_of_removal(data, period="2025-04").set_index("reason")
    assert worth["contacts"].to_dict() == {"late": 30.0, SMALL_GROUPS: 15.0}
    assert worth[["cash", "avoided", "released_capacity", "stays"]].sum().sum() == pytest.approx(1000)


def test_each_month_hides_its_own() -> None:
    rows = [{"reason": "a", "started_at": "2025-03-03 10:00"}] * 2 + [{"reason": "a"}] * 9
    rows += [{"reason": "b", "started_at": "2025-03-03 10:00"}] * 9 + [{"reason": "b"}] * 9
    numbered = [row | {"contact_id": str(number)} for number, row in enumerate(rows)]
    data = dataset(contacts(numbered), settings=Settings(smallest_group=SMALLEST))
    counted = cpc.measure(data, "contacts", by=["month", "reason"])
    found = {(f"{row.month:%m}", row.reason): row.contacts for row in counted.itertuples()}
    assert found == {("03", SMALL_GROUPS): 11, ("04", "a"): 9, ("04", "b"): 9}


def test_a_small_group_inside_of_another_column_is_hidden_too() -> None:
    rows = [{"reason": "a", "team": "T"}] * 9 + [{"reason": "b", "team": "T"}] * 2 + [{"reason": "a", "team": "U"}] * 9
    numbered = [row | {"contact_id": str(number)} for number, row in enumerate(rows)]
    data = dataset(contacts(numbered), settings=Settings(smallest_group=SMALLEST))
    counted = cpc.measure(data, "contacts", by=["team", "reason"])
    assert [tuple(row) for row in counted[["team", "reason", "contacts"]].to_numpy()] == [
        ("T", SMALL_GROUPS, 11.0), ("U", "a", 9.0),
    ]  # fmt: skip


def test_a_condition_cannot_ask_for_a_small_group() -> None:
    data = centre({"a": 20, "b": 1})
    with pytest.raises(InvalidInputError) as raised:
        cpc.measure(data, "contacts", where={"reason": "b"})
    assert str(raised.value) == (
        "`where` leaves fewer than 5 contacts, the smallest group that the project shows. Ask for more."
    )


def test_a_bridge_tells_of_no_small_group() -> None:
    rows = [{"reason": reason, "started_at": f"2025-0{month}-03 10:00"}
            for month, sizes in ((3, {"a": 9, "b": 6}), (4, {"a": 9, "b": 2})) for reason, size in sizes.items()
            for _ in range(size)]  # fmt: skip
    frame = contacts([row | {"contact_id": str(number)} for number, row in enumerate(rows)])
    data = dataset(frame, settings=Settings(smallest_group=SMALLEST))
    with pytest.raises(InvalidInputError) as raised:
        cpc.explain_change(data, "contacts", before="2025-03", after="2025-04", by=["reason"])
    assert str(raised.value) == (
        "`by` must name groups of at least 5 contacts, the smallest that the project shows, got smaller ones by "
        "reason. Explain by another column."
    )
    assert cpc.explain_change(data, "contacts", before="2025-03", after="2025-04").total == -4


@settings(max_examples=10, deadline=None)
@given(st.lists(st.integers(1, 12), min_size=1, max_size=5))
def test_contacts_and_cost_add_up_whatever_is_hidden(sizes: list[int]) -> None:
    data = centre({f"r{number}": size for number, size in enumerate(sizes)})
    counted = cpc.measure(data, ["contacts", "total_cost"], by=["reason"], incomplete=True)
    assert counted["contacts"].sum() == sum(sizes)
    assert counted["total_cost"].sum() == pytest.approx(1000)
    assert (counted["contacts"] >= min(SMALLEST, sum(sizes))).all()
    assert cpc.cost_statement(data, by=["reason"])["ledger"].sum() == 1000


@pytest.mark.parametrize("wrong", [-1, True])
def test_a_smallest_group_that_is_none(wrong: object) -> None:
    with pytest.raises(InvalidInputError) as raised:
        Settings(smallest_group=wrong)  # type: ignore[arg-type]
    assert str(raised.value) == f"`smallest_group` must be a whole number from 0 on, got '{wrong}'."
