"""Every text that the package says has a translation, and every translation is of a text that it says."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

import cpc_analysis
from cpc_analysis.language import LANGUAGES, catalogue

PACKAGE = Path(cpc_analysis.__file__).parent


def said(source: str) -> Iterator[str]:
    """The texts that a module marks to be said: the first arguments of `say` and `term`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("say", "term") and node.args:
            yield from chosen(node.args[0])


def chosen(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from chosen(node.body)
        yield from chosen(node.orelse)
    assert not isinstance(node, ast.JoinedStr), f"a text to be said is no f-string: {ast.unparse(node)}"


def texts() -> dict[str, Path]:
    return {text: path for path in sorted(PACKAGE.rglob("*.py")) for text in said(path.read_text(encoding="utf-8"))}


def names(template: str) -> list[str]:
    fields = [(name, form) for _, name, form, _ in Formatter().parse(template) if name is not None]
    assert all(not form for _, form in fields), f"numbers are written by `number`, not by a format: {template}"
    return sorted(name for name, _ in fields)


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_text_is_translated_and_no_translation_is_left_over(language):
    known = catalogue(language)
    missing = {text: path.name for text, path in texts().items() if not known.get(text)}
    assert not missing, f"{len(missing)} texts without a translation"
    assert sorted(set(known) - set(texts())) == []


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_translations_hold_the_same_values(language):
    wrong = [text for text, other in catalogue(language).items() if set(names(text)) != set(names(other))]
    assert wrong == []


def test_the_search_finds_what_is_said():
    source = 'say("a" if one else "b", x=1); term("c"); print("d"); say(word)'
    assert list(said(source)) == ["a", "b", "c"]
    with pytest.raises(AssertionError, match="no f-string"):
        list(said('say(f"{x}")'))


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_no_text_is_translated_twice(language):
    lines = (PACKAGE / "language" / f"{language}.po").read_text(encoding="utf-8").splitlines()
    known = [line for line in lines if line.startswith("msgid ") and line != 'msgid ""']
    assert sorted(known) == sorted(set(known))
