"""Numbers of the protocol; those the registration does not give are marked as this study's settings."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from trialdesk.domain.study.labelled import Labelled
from trialdesk.domain.text import Text


def _number(value: Any) -> Any:
    try:
        return Decimal(value) if isinstance(value, str) else value
    except InvalidOperation:
        return value


class Parameter(Labelled):
    """One number, code or switch of the protocol, named in lower case in rules.

    `source` is `registration` for what NCT06141304 states, `assumption` for a default that the study must confirm.
    """

    name: str
    value: Annotated[Decimal | str, BeforeValidator(_number)]
    unit: str | None = None
    source: Literal["registration", "assumption"]
    basis: Text
