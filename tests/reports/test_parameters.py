import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpc_analysis.errors import InvalidInputError, UnknownNameError
from cpc_analysis.reports.parameters import Parameter, check_parameters, read_parameters


def declared(source: str) -> tuple[Parameter, ...]:
    cell = nbformat.v4.new_code_cell(source, metadata={"tags": ["parameters"]})
    return read_parameters(nbformat.v4.new_notebook(cells=[cell]), "tiny")


SOURCE = """\
# a comment of its own
period: str = ""  # æøå, the period
months: int = 13  # points
share: float = -0.5
rounded: bool = True
channels: list[str] = ["voice"]  # empty: all"""


def test_reads_name_type_default_and_help() -> None:
    assert declared(SOURCE) == (
        Parameter("period", "str", "", "æøå, the period"),
        Parameter("months", "int", 13, "points"),
        Parameter("share", "float", -0.5, ""),
        Parameter("rounded", "bool", True, ""),
        Parameter("channels", "list[str]", ["voice"], "empty: all"),
    )


def test_a_notebook_without_the_cell_has_none() -> None:
    assert read_parameters(nbformat.v4.new_notebook(), "tiny") == ()


@pytest.mark.parametrize("line", ["period = 1", "period: str = str(1)", "period: date = ''", "period: str", "x ="])
def test_other_lines_are_refused(line: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        declared(line)
    assert str(refused.value) == (
        "Notebook 'tiny': every line of its cell of parameters must read `name: type = value  # help` with a "
        f"literal value and a type of str, int, float, bool, list[str], got `{line}`."
    )


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("period", "2025-06", "2025-06"),
        ("period", 2025, "2025"),
        ("months", "24", 24),
        ("months", 24.0, 24),
        ("share", "0.25", 0.25),
        ("share", 1, 1.0),
        ("rounded", "no", False),
        ("rounded", True, True),
        ("channels", "voice, chat", ["voice", "chat"]),
        ("channels", ("voice",), ["voice"]),
        ("channels", "", []),
    ],
)
def test_values_become_the_declared_type(name: str, value: object, expected: object) -> None:
    converted = check_parameters(declared(SOURCE), {name: value}, "tiny")[name]
    assert converted == expected
    assert type(converted) is type(expected)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("months", "twelve", "Parameter `months` must be a whole number, got 'twelve'."),
        ("months", 1.5, "Parameter `months` must be a whole number, got 1.5."),
        ("months", True, "Parameter `months` must be a whole number, got True."),
        ("share", "half", "Parameter `share` must be a number, got 'half'."),
        ("rounded", "maybe", "Parameter `rounded` must be true or false, got 'maybe'."),
        ("channels", 7, "Parameter `channels` must be a list of texts, got 7."),
        ("period", ["2025"], "Parameter `period` must be a text, got ['2025']."),
        ("period", None, "Parameter `period` must be a text, got None."),
    ],
)
def test_a_value_of_another_type_is_refused(name: str, value: object, sentence: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        check_parameters(declared(SOURCE), {name: value}, "tiny")
    assert str(refused.value) == sentence


def test_an_unknown_parameter_is_refused_with_a_suggestion() -> None:
    with pytest.raises(UnknownNameError) as refused:
        check_parameters(declared(SOURCE), {"perid": "2025"}, "tiny")
    assert str(refused.value) == "There is no `tiny` parameter 'perid'. Did you mean 'period'?"


def test_a_parameter_of_a_notebook_without_any_is_refused() -> None:
    with pytest.raises(InvalidInputError, match=r"^Notebook 'tiny' has no parameters, got `period`\.$"):
        check_parameters((), {"period": "2025"}, "tiny")


@given(st.lists(st.text(st.characters(exclude_characters=",", exclude_categories=["C", "Z"]), min_size=1)))
def test_a_list_reads_back_from_its_text(texts: list[str]) -> None:
    assert Parameter("channels", "list[str]", []).convert(",".join(texts)) == texts


@given(st.integers())
def test_a_number_reads_back_from_its_text(number: int) -> None:
    assert Parameter("months", "int", 1).convert(str(number)) == number
