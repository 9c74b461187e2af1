"""What all charts have in common: they speak the language of their result and wear the look of its house."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from cpc_analysis.charts.renderer import enable_renderer
from cpc_analysis.charts.theme import dressed
from cpc_analysis.language import in_its_language
from cpc_analysis.presentation import Presentation

__all__ = ["drawn"]

_Function = TypeVar("_Function", bound=Callable[..., Any])


def drawn(function: _Function) -> _Function:
    """Mark a function that draws a result: in the result's language unless told another, in its fonts and colours."""

    @in_its_language
    @wraps(function)
    def drawing(result: Any, *arguments: Any, **named: Any) -> Any:
        enable_renderer()
        found = getattr(result, "attrs", {}).get("presentation") or getattr(result, "presentation", None)
        with dressed(found or Presentation()):
            return function(result, *arguments, **named)

    return drawing  # type: ignore[return-value]
