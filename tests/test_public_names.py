"""What Jupyter shows of the public names: completion, signatures, and a docstring that explains every parameter."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

import cpc_analysis as cpc

SECTION = re.compile(r"^(Parameters|Returns)\n-+\n(?P<body>(?:.*\n?)*?)(?=^\w+\n-+\n|\Z)", re.MULTILINE)
#: A first line that begins with one of these says what a function does; every other one says what it gives.
DOES = re.compile(
    r"(Add|Build|Calculate|Check|Compute|Create|Do|Draw|Enable|Fit|Get|Give|Load|Make|Mark|Open|Raise|Read|Return|Run|Say|"
    r"Set|Show|Take|Write)s?\b"
)


def modules() -> list:
    return [value for name in cpc.__all__ if inspect.ismodule(value := getattr(cpc, name))]


def functions() -> Iterator[tuple[str, Callable]]:
    """Every public function of the package and of its public modules, and every public method of its classes."""
    for name in cpc.__all__:
        yield from named(name, getattr(cpc, name))
    for module in modules():
        short = module.__name__.removeprefix("cpc_analysis.")
        for name in module.__all__:
            yield from named(f"{short}.{name}", getattr(module, name))


def named(name: str, value: object) -> Iterator[tuple[str, Callable]]:
    if inspect.isclass(value):
        for attribute, member in vars(value).items():
            function = member.__func__ if isinstance(member, classmethod) else member
            if not attribute.startswith("_") and inspect.isfunction(function):
                yield f"{name}.{attribute}", function
    elif inspect.isfunction(value):
        yield name, value


def classes() -> dict[str, type]:
    found = {name: getattr(cpc, name) for name in cpc.__all__}
    return {name: value for name, value in found.items() if inspect.isclass(value) and is_dataclass(value)}


def explained(docstring: str) -> set[str]:
    """The parameters that a docstring explains."""
    bodies = [found["body"] for found in SECTION.finditer(docstring) if found[1] == "Parameters"]
    heads = [line.split(" : ")[0] for body in bodies for line in body.splitlines() if line and not line.startswith(" ")]
    return {name.strip().lstrip("*") for head in heads for name in head.split(",")}


def faults_of(function: Callable) -> list[str]:
    """What Shift+Tab would leave open."""
    signature, docstring = inspect.signature(function), inspect.getdoc(function) or ""
    names = [name for name in signature.parameters if name not in ("self", "cls")]
    faults = [
        f"{name} has no type" for name in names if signature.parameters[name].annotation is inspect.Parameter.empty
    ]
    if signature.return_annotation is inspect.Signature.empty:
        faults.append("nothing says what is returned")
    if not docstring:
        return [*faults, "no docstring"]
    known = explained(docstring)
    faults += [f"{name} is not explained" for name in names if name not in known]
    faults += [f"{name} is explained but not there" for name in sorted(known - set(names))]
    given = signature.return_annotation not in (None, "None")
    if given and DOES.match(docstring) and "\nReturns\n---" not in docstring:
        faults.append(f"what it returns is not said: {docstring.splitlines()[0]}")
    return faults


FUNCTIONS = dict(functions())


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_a_public_function_has_a_signature_and_explains_its_parameters(name):
    assert faults_of(FUNCTIONS[name]) == []


@pytest.mark.parametrize("name", sorted(classes()))
def test_a_public_record_explains_its_fields(name):
    record = classes()[name]
    open_fields = [field.name for field in fields(record) if field.init and not field.name.startswith("_")]
    known = explained(inspect.getdoc(record) or "")
    assert [field for field in open_fields if field not in known] == []


def test_completion_lists_the_public_names():
    assert set(cpc.__all__) <= set(dir(cpc))
    assert all(getattr(cpc, name) is not None for name in cpc.__all__)
    assert "measure" in dir(cpc) and "trend" in dir(cpc.charts)


def test_the_package_says_that_it_has_types():
    assert (Path(cpc.__file__).parent / "py.typed").is_file()


def test_the_search_can_fail():
    def wrong(one, two: int):
        """Do it.

        Parameters
        ----------
        one : int
            It.
        three : int
            Not it.
        """

    assert faults_of(wrong) == [
        "one has no type", "nothing says what is returned", "two is not explained", "three is explained but not there",
        "what it returns is not said: Do it.",
    ]  # fmt: skip
    assert explained("It.\n\nParameters\n----------\na, b : int\n    Both.\n\nReturns\n-------\nc : int") == {"a", "b"}
    assert len(FUNCTIONS) > 60
