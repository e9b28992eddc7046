"""REDCap branching logic as condition rules, where it compares coded answers; anything else is left to a person."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import islice, product
from typing import NamedTuple

from trialdesk.exchange.study_import.draft import DraftCondition

_COMPARISON = r"\[([a-z0-9_]+)(?:\(([^()\]]+)\))?\]\s*(=|<>|!=)\s*(?:'([^']*)'|\"([^\"]*)\"|(-?\d+))"
_WHOLE = re.compile(rf"\s*{_COMPARISON}(?:\s+(?:and|or)\s+{_COMPARISON})*\s*", re.IGNORECASE)
_ONE = re.compile(_COMPARISON, re.IGNORECASE)
_TRIES = 5000


class Coded(NamedTuple):
    """A question that can be compared: its name here and its codes."""

    name: str
    codes: tuple[str, ...]


def condition_of(logic: str, coded: Mapping[tuple[str, str], Coded], items: tuple[str, ...]) -> DraftCondition | None:
    """The condition under which the items are asked, with a proof on each side; None where it cannot be read.

    `coded` names questions by field and, for a checkbox, its code (else empty).
    """
    joints = {one.lower() for one in re.findall(r"\s(and|or)\s", logic, re.IGNORECASE)}
    if _WHOLE.fullmatch(logic) is None or len(joints) > 1:
        return None
    tests: list[tuple[Coded, bool, str]] = []
    for field, box, sign, *values in _ONE.findall(logic):
        known = coded.get((field.lower(), box.strip()))
        value = next((one for one in values if one), "")
        if known is None or value not in known.codes or known.name in items:
            return None
        tests.append((known, sign == "=", value))
    joint = joints.pop() if joints else "and"
    show = f" {joint} ".join(f"{one.name} {'==' if equal else '!='} '{value}'" for one, equal, value in tests)
    shown, hidden = _proof(tests, joint, wanted=True), _proof(tests, joint, wanted=False)
    if "'" in "".join(value for _, _, value in tests) or shown is None or hidden is None:
        return None
    return DraftCondition(list(items), show, shown, hidden)


def _proof(tests: list[tuple[Coded, bool, str]], joint: str, wanted: bool) -> dict[str, str] | None:
    """Answers under which the condition is as wanted, found by trying the codes."""
    questions = list(dict.fromkeys(one for one, _, _ in tests))
    judge = all if joint == "and" else any
    for codes in islice(product(*(one.codes for one in questions)), _TRIES):
        given = {one.name: code for one, code in zip(questions, codes, strict=True)}
        if judge((given[one.name] == value) is equal for one, equal, value in tests) is wanted:
            return given
    return None
