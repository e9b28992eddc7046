"""The rules language: what it can say, what it refuses, and that it never guesses."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from simpleeval import simple_eval

from trialdesk.domain.rules import functions
from trialdesk.domain.rules.expression import NotAnExpression, compile_expression
from trialdesk.domain.rules.values import UNKNOWN, Span


class Names:
    """A scope that holds plain values."""

    today = date(2026, 3, 20)

    def __init__(self, **values: Any) -> None:
        self.values = values

    def item(self, name: str) -> Any:
        return self.values.get(name, UNKNOWN)

    def parameter(self, name: str) -> Any:
        return self.values.get(name, UNKNOWN)

    def round_no(self) -> Any:
        return Decimal(1)

    def row(self) -> Any:
        return Decimal(2)

    def call(self, function: str, name: str, arguments: tuple[Any, ...]) -> Any:
        return self.values.get(f"{function}({name})", UNKNOWN)

    def ask(self, function: str, arguments: tuple[Any, ...]) -> Any:
        return functions.apply(function, arguments, None)


def say(text: str, **values: Any) -> Any:
    return compile_expression(text).run(Names(**values))


def test_an_empty_answer_gives_cannot_tell_and_neither_passes_nor_fails() -> None:
    assert say("A > 3") is UNKNOWN
    assert say("not (A > 3)") is UNKNOWN


def test_and_or_decide_as_soon_as_one_side_settles_it() -> None:
    assert say("A > 3 and B > 3", A=Decimal(1)) is False
    assert say("A > 3 or B > 3", A=Decimal(5)) is True
    assert say("A > 3 and B > 3", A=Decimal(5)) is UNKNOWN
    assert say("A > 3 or B > 3", A=Decimal(1)) is UNKNOWN


def test_a_partial_date_is_a_range_and_decides_only_where_the_whole_range_agrees() -> None:
    march = Span(date(2026, 3, 1), date(2026, 3, 31))
    assert say("A < B", A=march, B=date(2026, 4, 1)) is True
    assert say("A < B", A=march, B=date(2026, 3, 1)) is False
    assert say("A < B", A=march, B=date(2026, 3, 15)) is UNKNOWN
    assert say("days_between(A, B) > 0", A=march, B=date(2026, 4, 1)) is True


def test_numbers_are_exact() -> None:
    assert say("0.1 + 0.2 == 0.3") is True
    assert say("round(2.345, 2)") == Decimal("2.35")


def test_a_chain_of_comparisons_reads_like_the_protocol() -> None:
    assert say("9 <= days_between(A, B) <= 11", A=date(2026, 3, 1), B=date(2026, 3, 11)) is True
    assert say("9 <= days_between(A, B) <= 11", A=date(2026, 3, 1), B=date(2026, 3, 13)) is False


def test_membership_of_an_unknown_value_is_unknown() -> None:
    assert say("A in ('CR', 'CRi')", A="CR") is True
    assert say("A not in ('CR', 'CRi')", A="PR") is True
    assert say("A in ('CR', 'CRi')") is UNKNOWN


def test_hours_count_across_midnight() -> None:
    hours = say("hours_between(A, T, B, U)", A=date(2026, 3, 1), T="20:30", B=date(2026, 3, 2), U="08:00")
    assert hours == Decimal("11.5")


def test_ages_are_completed_years() -> None:
    assert say("years_between(A, B)", A=date(1990, 3, 21), B=date(2026, 3, 20)) == 35
    assert say("years_between(A, B)", A=date(1990, 3, 20), B=date(2026, 3, 20)) == 36


def test_it_knows_what_it_reads() -> None:
    made = compile_expression("latest(WT) * plx_dose > CAP and CHDAT < today")
    assert made.items == {"CAP", "CHDAT"}
    assert made.gathered == {"WT"}
    assert made.names == {"plx_dose"}


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os')", "A.real", "A[0]", "lambda: 1", "[x for x in (1, 2)]", "2 ** 99", "f'{A}'", "A if", "",
        "open('x')", "nosuch(A)", "latest(3)", "1 +" * 300 + "1", "A == 10000000000000", "latest(WT, k=1)", "A in B",
    ],
)  # fmt: skip
def test_what_is_not_of_the_language_is_refused(text: str) -> None:
    with pytest.raises(NotAnExpression):
        compile_expression(text)


def test_a_misspelt_function_is_answered_with_the_nearest_one() -> None:
    with pytest.raises(NotAnExpression, match="days_between"):
        compile_expression("day_between(A, B)")


numbers = st.integers(-50, 50)


@st.composite
def sums(draw: st.DrawFn, depth: int = 3) -> str:
    if depth == 0 or draw(st.booleans()):
        return draw(st.sampled_from(["A", "B", "C"])) if draw(st.booleans()) else str(draw(st.integers(0, 20)))
    operator = draw(st.sampled_from([" + ", " - ", " * "]))
    return f"({draw(sums(depth - 1))}{operator}{draw(sums(depth - 1))})"


@st.composite
def statements(draw: st.DrawFn) -> str:
    parts = [
        f"({draw(sums())} {draw(st.sampled_from(['<', '<=', '==', '!=', '>', '>=']))} {draw(sums())})"
        for _ in range(draw(st.integers(1, 3)))
    ]
    joined = draw(st.sampled_from([" and ", " or "])).join(parts)
    return f"not ({joined})" if draw(st.booleans()) else joined


@given(statements(), numbers, numbers, numbers)
def test_with_every_value_known_it_agrees_with_an_independent_evaluator(text: str, a: int, b: int, c: int) -> None:
    known = {"A": Decimal(a), "B": Decimal(b), "C": Decimal(c)}
    assert say(text, **known) is bool(simple_eval(text, names={"A": a, "B": b, "C": c}))


@given(statements(), numbers, numbers, numbers)
def test_learning_a_value_never_overturns_what_was_already_told(text: str, a: int, b: int, c: int) -> None:
    before = say(text, A=Decimal(a))
    after = say(text, A=Decimal(a), B=Decimal(b), C=Decimal(c))
    assert before is UNKNOWN or before is after
