"""The parameters of a notebook: read from its tagged cell, checked and converted before anything runs."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cpc_analysis.errors import InvalidInputError, UnknownNameError

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = ["Parameter", "check_parameters", "has_tag", "read_parameters"]

_TYPES = {
    "str": "a text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "list[str]": "a list of texts",
}
_TRUE, _FALSE = ("true", "yes", "1"), ("false", "no", "0")

Value = str | int | float | bool | list[str]


@dataclass(frozen=True)
class Parameter:
    """One line of a notebook's cell of parameters: ``name: type = default  # help``."""

    name: str
    type: str
    default: Value
    help: str = ""

    def convert(self, value: object) -> Value:
        """A value in the declared type; text is read, as it comes from a command line.

        Raises
        ------
        InvalidInputError
            If the value is not of that type and cannot be read as it.

        Examples
        --------
        >>> Parameter("channels", "list[str]", []).convert("voice, chat")
        ['voice', 'chat']
        """
        try:
            return _CONVERSIONS[self.type](value)
        except (TypeError, ValueError):
            raise InvalidInputError(f"Parameter `{self.name}` must be {_TYPES[self.type]}, got {value!r}.") from None


def has_tag(cell: NotebookNode, tag: str) -> bool:
    """Whether a cell carries a tag."""
    return tag in cell.metadata.get("tags", [])


def read_parameters(notebook: NotebookNode, name: str) -> tuple[Parameter, ...]:
    """The parameters that a notebook declares in its cell tagged ``parameters``; none without such a cell.

    Parameters
    ----------
    notebook : NotebookNode
        The notebook.
    name : str
        Its name, for messages.

    Raises
    ------
    InvalidInputError
        If a line of the cell is not ``name: type = literal``.
    """
    cells = [cell for cell in notebook.cells if cell.cell_type == "code" and has_tag(cell, "parameters")]
    return _read_cell(cells[0].source, name) if cells else ()


def _read_cell(source: str, name: str) -> tuple[Parameter, ...]:
    try:
        statements = ast.parse(source).body
    except SyntaxError as error:
        raise _not_a_parameter(name, source.splitlines()[(error.lineno or 1) - 1]) from None
    return tuple(_parameter(statement, source.splitlines(), name) for statement in statements)


def _parameter(statement: ast.stmt, lines: list[str], name: str) -> Parameter:
    line = lines[statement.lineno - 1]
    if not (isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name) and statement.value):
        raise _not_a_parameter(name, line)
    kind = ast.unparse(statement.annotation)
    if kind not in _TYPES:
        raise _not_a_parameter(name, line)
    try:
        default = ast.literal_eval(statement.value)
    except ValueError:
        raise _not_a_parameter(name, line) from None
    after = lines[(statement.end_lineno or 1) - 1].encode()[statement.end_col_offset :].decode()
    return Parameter(statement.target.id, kind, default, after.strip().lstrip("# "))


def _not_a_parameter(name: str, line: str) -> InvalidInputError:
    return InvalidInputError(
        f"Notebook '{name}': every line of its cell of parameters must read `name: type = value  # help` "
        f"with a literal value and a type of {', '.join(_TYPES)}, got `{line.strip()}`."
    )


def check_parameters(declared: tuple[Parameter, ...], given: Mapping[str, object], name: str) -> dict[str, Value]:
    """The given values in their declared types, by name.

    Parameters
    ----------
    declared : tuple of Parameter
        What the notebook declares.
    given : mapping of str to object
        The values asked for.
    name : str
        The notebook's name, for messages.

    Raises
    ------
    UnknownNameError
        If the notebook declares no such parameter.
    InvalidInputError
        If a value is not of the declared type.

    Examples
    --------
    >>> check_parameters((Parameter("months", "int", 13),), {"months": "24"}, "cost-per-contact")
    {'months': 24}
    """
    known = {parameter.name: parameter for parameter in declared}
    for parameter in given:
        if parameter not in known and not known:
            raise InvalidInputError(f"Notebook '{name}' has no parameters, got `{parameter}`.")
        if parameter not in known:
            raise UnknownNameError(f"`{name}` parameter", parameter, known)
    return {parameter: known[parameter].convert(value) for parameter, value in given.items()}


def _as_text(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise TypeError
    return str(value)


def _as_whole_number(value: object) -> int:
    if isinstance(value, bool) or (isinstance(value, float) and not value.is_integer()):
        raise TypeError
    return int(value)  # type: ignore[call-overload, no-any-return]


def _as_number(value: object) -> float:
    if isinstance(value, bool):
        raise TypeError
    return float(value)  # type: ignore[arg-type]


def _as_flag(value: object) -> bool:
    folded = str(value).strip().casefold()
    if folded not in (*_TRUE, *_FALSE):
        raise ValueError
    return folded in _TRUE


def _as_texts(value: object) -> list[str]:
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list | tuple):
        raise TypeError
    return [text for text in (_as_text(part).strip() for part in parts) if text]


_CONVERSIONS: dict[str, Callable[[object], Value]] = {
    "str": _as_text,
    "int": _as_whole_number,
    "float": _as_number,
    "bool": _as_flag,
    "list[str]": _as_texts,
}
