"""What a published criterion can tell: a result, a lower bound of it, or nothing yet, always with the reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec

from trialdesk.domain.text import Text

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Told:
    """A result and why. `at_least`: what is not known can only make it worse. `value` None: cannot tell."""

    value: str | None
    why: Text
    at_least: bool = False

    @property
    def exact(self) -> str | None:
        """The result where nothing that is missing can change it, else None."""
        return None if self.at_least else self.value

    @property
    def shown(self) -> str:
        """The result in words of a table: `III`, `at least II`, or nothing."""
        if self.value is None:
            return ""
        return f"at least {self.value}" if self.at_least else self.value


def said(value: str | None, en: str, zh: str, at_least: bool = False) -> Told:
    """A result with its reason in both languages."""
    return Told(value, Text(en=en, zh=zh), at_least)


def exact(function: Callable[P, Told]) -> Callable[P, str | None]:
    """The same criterion for a rule of a study: the result where it is certain, None where it cannot be told."""

    @wraps(function)
    def plain(*given: P.args, **named: P.kwargs) -> str | None:
        return function(*given, **named).exact

    return plain


def at_least_code(function: Callable[P, Told]) -> Callable[P, str | None]:
    """The same criterion while something is missing: the result, or `>=` and its lower bound; None when there is none."""

    @wraps(function)
    def plain(*given: P.args, **named: P.kwargs) -> str | None:
        told = function(*given, **named)
        return f">={told.value}" if told.at_least and told.value else told.value

    return plain
